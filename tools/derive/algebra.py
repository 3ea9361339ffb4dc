"""Traces of Dirac matrices in four dimensions, over a ring of polynomials in dot products.

A *word* is a tuple of letters that stands for the product of the corresponding matrices:

* the name of a four-vector ``a`` stands for ``a_mu gamma^mu``;
* ``FIVE`` stands for ``gamma_5``;
* an ``Index`` stands for ``gamma^mu``. An index that occurs twice is summed over.

An *element* is a linear combination of words, ``{word: coefficient}``, whose coefficients live
in a ring of polynomials (sympy.polys.rings), which is much faster than sympy expressions.

Rules used (M. Peskin and D. Schroeder, An Introduction to Quantum Field Theory, appendix A.3):

* ``{gamma^mu, gamma^nu} = 2 g^{mu nu}``, ``{gamma^mu, gamma_5} = 0``, ``gamma_5^2 = 1``;
* ``tr 1 = 4``, the trace of an odd number of matrices is zero;
* ``tr(a1 ... an) = sum_i (-1)^i (a1.ai) tr(a2 ... without ai ... an)``.

The spin sum of a squared parity-definite amplitude holds an even number of ``gamma_5``, so no
Levi-Civita symbol appears; one that did would be an error in the derivation and raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

FIVE = "gamma_5"


@dataclass(frozen=True, order=True)
class Index:
    """A Lorentz index; equal names are summed over."""

    name: str


Letter = str | Index
Word = tuple[Letter, ...]
Element = dict[Word, Any]


def add(*elements: Mapping[Word, Any]) -> Element:
    """Return the sum of elements."""
    total: Element = {}
    for element in elements:
        for word, coefficient in element.items():
            total[word] = total.get(word, 0) + coefficient
    return total


def scale(factor: Any, element: Mapping[Word, Any]) -> Element:
    """Return ``factor * element``."""
    return {word: factor * coefficient for word, coefficient in element.items()}


def product(*elements: Mapping[Word, Any]) -> Element:
    """Return the ordered product of elements."""
    total: Element = {(): 1}
    for element in elements:
        longer: Element = {}
        for left, c_left in total.items():
            for right, c_right in element.items():
                word = left + right
                longer[word] = longer.get(word, 0) + c_left * c_right
        total = longer
    return total


def matrix(*letters: Letter) -> Element:
    """Return the product of ``letters`` with coefficient one."""
    return {tuple(letters): 1}


def bar(element: Mapping[Word, Any]) -> Element:
    """Return ``gamma^0 element^dagger gamma^0`` for real coefficients.

    The order is reversed and every ``gamma_5`` changes sign, because
    ``gamma^0 gamma_5^dagger gamma^0 = -gamma_5``.
    """
    return {word[::-1]: coefficient * (-1) ** word.count(FIVE) for word, coefficient in element.items()}


@dataclass
class Traces:
    """Traces over the polynomial ring in which ``dot`` takes its values.

    Parameters
    ----------
    dot
        The scalar product of two named vectors, symmetric.
    """

    dot: Callable[[str, str], Any]
    _known: dict[Word, Any] = field(default_factory=dict)

    def __call__(self, element: Mapping[Word, Any]) -> Any:
        """Return the trace of an element."""
        return sum(coefficient * self.word(word) for word, coefficient in element.items() if coefficient != 0)

    def word(self, word: Word) -> Any:
        """Return the trace of one word."""
        if word not in self._known:
            self._known[word] = self._evaluate(word)
        return self._known[word]

    def _evaluate(self, word: Word) -> Any:
        if FIVE in word:
            return self._without_five(word)
        if len(word) % 2:
            return 0
        if not word:
            return 4
        for i, letter in enumerate(word):
            if isinstance(letter, Index):
                return self._contracted(word[i:] + word[:i])
        first, *rest = word
        return sum(
            (-1) ** i * self.dot(first, other) * self.word((*rest[:i], *rest[i + 1 :])) for i, other in enumerate(rest)
        )

    def _without_five(self, word: Word) -> Any:
        """Carry the first gamma_5 to the second one, where their product is one."""
        i = word.index(FIVE)
        if FIVE not in word[i + 1 :]:
            msg = f"a single gamma_5 is left in {word}: the trace would be a Levi-Civita symbol"
            raise ValueError(msg)
        j = word.index(FIVE, i + 1)
        return (-1) ** (j - i - 1) * self.word(word[:i] + word[i + 1 : j] + word[j + 1 :])

    def _contracted(self, word: Word) -> Any:
        """Carry gamma^mu, which is the first letter, to gamma_mu; gamma^mu gamma_mu = 4."""
        j = word.index(word[0], 1)
        inner, outer = word[1:j], word[j + 1 :]
        total = (-1) ** len(inner) * 4 * self.word(inner + outer)
        for i, letter in enumerate(inner):
            total += (-1) ** i * 2 * self.word(inner[:i] + inner[i + 1 :] + (letter,) + outer)
        return total
