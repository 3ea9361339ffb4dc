"""Scalar products and spin sums common to l(p) gamma*(q) -> l(p') X(k), whatever the photon is.

Vectors are named by one letter: ``p`` and ``o`` are the incoming and outgoing lepton, ``k`` the
mediator, ``q`` the photon, ``r = p'+k`` and ``l = p-k`` the virtual leptons, ``w = p-p'`` and ``P`` the
sum of the nuclear momenta. The ring has the variables ``s, U, t, PP, a = P.p, b = P.p', m2, X2, m``;
``m2 = m^2`` and ``X2 = m_X^2``.
"""

from __future__ import annotations

from typing import Any

from derive.algebra import Element, Traces, add, bar, matrix, product, scale
from sympy.polys.domains import QQ
from sympy.polys.rings import ring

RING, s, U, t, PP, a, b, m2, X2, m = ring("s, U, t, PP, a, b, m2, X2, m", QQ)
HALF = QQ(1, 2)

# Every vector as a combination of p, p', k and P.
COMPONENTS = {
    "p": (1, 0, 0, 0),
    "o": (0, 1, 0, 0),
    "k": (0, 0, 1, 0),
    "P": (0, 0, 0, 1),
    "q": (-1, 1, 1, 0),
    "r": (0, 1, 1, 0),
    "l": (1, 0, -1, 0),
    "w": (1, -1, 0, 0),
}


def scalar_products(virtuality: Any) -> dict[tuple[str, str], Any]:
    """Return all scalar products for a photon of ``q^2 = -virtuality``; ``P.q = 0``."""
    t1 = s + virtuality - X2 - U
    basis = [
        [m2, m2 + t1 * HALF, (U + X2) * HALF, a],
        [m2 + t1 * HALF, m2, (s - X2) * HALF, b],
        [(U + X2) * HALF, (s - X2) * HALF, X2, a - b],
        [a, b, a - b, PP],
    ]
    return {
        (x, y): sum((cx[i] * cy[j] * basis[i][j] for i in range(4) for j in range(4)), RING(0))
        for x, cx in COMPONENTS.items()
        for y, cy in COMPONENTS.items()
    }


class Kinematics:
    """Scalar products, traces and spin sums for one photon virtuality (``t``, or 0 for a real photon)."""

    def __init__(self, virtuality: Any) -> None:
        self.products = scalar_products(RING(virtuality))
        self.trace = Traces(lambda x, y: self.products[x, y])

    def dot(self, x: str, y: str) -> Any:
        """Return the scalar product of two named vectors."""
        return self.products[x, y]

    def spin_sum(self, left: Element, right: Element) -> Any:
        """Return sum over spins of (ubar' left u)(ubar' right u)^*."""
        chain = product(propagator("o"), left, propagator("p"), bar(right))
        return even_in_mass(RING(self.trace(chain)))


def propagator(vector: str) -> Element:
    """Return ``vslash + m``."""
    return add(matrix(vector), scale(m, matrix()))


def even_in_mass(value: Any) -> Any:
    """Replace ``m^(2n)`` by ``m2^n``; odd powers cannot occur in a spin sum."""
    total = RING(0)
    for monomial, coefficient in value.terms():
        power, odd = divmod(monomial[-1], 2)
        if odd:
            msg = "a spin sum is even in the lepton mass"
            raise ArithmeticError(msg)
        total += RING({(*monomial[:-1], 0): coefficient}) * m2**power
    return total


def emission(gamma: Element, photon: Element) -> Element:
    """Return ``s U`` times the amplitude of emission after plus before the photon vertex.

    ``Gamma (p'slash + kslash + m) photon / s + photon (pslash - kslash + m) Gamma / (-U)``
    """
    after = product(gamma, propagator("r"), photon)
    before = product(photon, propagator("l"), gamma)
    return add(scale(U, after), scale(-s, before))
