"""Squared amplitudes of l(p) gamma(q) -> l(p') X(k) with a real photon, for the Weizsaecker-Williams method.

Summed over all spins, initial and final, at unit coupling and with e^2 taken out:

    sum |M|^2 = e^2 g^2 L               spin 0 and 1
    sum |M|^2 = e^2 Lambda^-2 L         tensor, with c_l and c_gamma in units of 1/Lambda

The average over the initial spins is a quarter of it.

The photon is summed with ``-g``, which its gauge invariance allows (proved here). Everything is written in

    W  = -(s p' - U p)^2 = s U t1 - m^2 (s-U)^2 >= 0, which is (U k_T/(1-x))^2 in the collinear limit,
    t1 = -(p-p')^2 = s - U - m_X^2 > 0,

because differences such as ``s U t1 - m^2 (s-U)^2`` are what the raw traces lose their digits to.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy
from derive.algebra import Element, Index, Letter, Word, bar, matrix, product, scale
from derive.process import HALF, RING, X2, Kinematics, U, emission, even_in_mass, m2, propagator, s
from derive.vertices import VERTICES

PHOTON, MU, NU = Index("photon"), Index("mu"), Index("nu")
T1 = s - U - X2

# A term of an amplitude with open indices: coefficient, matrices, and pairs (a, b) that stand for a_b
# (vector and index), g_ab (two indices) or a.b (two vectors).
Pair = tuple[Letter, Letter]
Term = tuple[Any, Element, tuple[Pair, ...]]


@cache
def kinematics() -> Kinematics:
    """Return the scalar products for a real photon."""
    return Kinematics(0)


def raw(name: str) -> tuple[Any, Any]:
    """Return ``(sU)^2 sum |M/e g|^2`` of a mediator of spin 0 or 1 as ``(A, B)``, meaning ``A + B/m_X^2``."""
    vertex, kin, photon = VERTICES[name], kinematics(), matrix(PHOTON)
    amplitude = emission(matrix(*vertex.gamma), photon)
    if vertex.longitudinal is None:
        return -kin.spin_sum(amplitude, amplitude), RING(0)
    longitudinal = emission(matrix(*vertex.longitudinal), photon)
    return kin.spin_sum(amplitude, amplitude), -kin.spin_sum(longitudinal, longitudinal)


# ------------------------------------------------------------------------------------------- the tensor


def lepton_terms(mu: Index, nu: Index, photon: Index) -> list[Term]:
    """Emission from the lepton and the l l gamma G vertex, times ``s U t1``.

    (1/2){V_i, p-k/2} + (1/2){V_f, p'+k/2} - (1/2){j, A}; the g^{mu nu} terms of the three add up to zero.
    """
    before = lambda a: scale(-s * T1, product(matrix(photon), propagator("l"), matrix(a)))  # noqa: E731
    after = lambda a: scale(U * T1, product(matrix(a), propagator("r"), matrix(photon)))  # noqa: E731
    terms: list[Term] = []
    for a, b in ((mu, nu), (nu, mu)):
        terms += [
            (RING(HALF), before(a), (("p", b),)),
            (RING(-HALF * HALF), before(a), (("k", b),)),
            (RING(HALF), after(a), (("o", b),)),
            (RING(HALF * HALF), after(a), (("k", b),)),
            (-s * U * T1 * HALF, matrix(a), ((photon, b),)),
        ]
    return terms


def photon_terms(mu: Index, nu: Index, photon: Index) -> list[Term]:
    """gamma gamma* -> G with the second photon from the lepton line, times ``s U t1``.

    (1/t1) [{q,q'} j.A - {q,j} q'.A - {A,q'} q.j + {A,j} q.q' - g (q.q' j.A - q.j q'.A)], q' = p - p'.
    """
    factor, q_w = s * U, kinematics().dot("q", "w")
    terms: list[Term] = [
        (-factor * q_w, matrix(photon), ((mu, nu),)),
        (factor, matrix("q"), (("w", photon), (mu, nu))),
    ]
    for a, b in ((mu, nu), (nu, mu)):
        terms += [
            (factor, matrix(photon), (("q", a), ("w", b))),
            (-factor, matrix(a), (("q", b), ("w", photon))),
            (-factor, matrix("q"), ((photon, a), ("w", b))),
            (factor * q_w, matrix(a), ((photon, b),)),
        ]
    return terms


def contracted(pairs: tuple[Pair, ...], word: Word) -> tuple[Any, Word]:
    """Carry out the sums over the indices in ``pairs``; return the scalar factor and the word left."""
    left, letters, factor = list(pairs), list(word), RING(1)
    while left:
        x, y = left.pop()
        if not isinstance(x, Index):
            x, y = y, x
        if not isinstance(x, Index):
            factor *= kinematics().dot(x, y)
        elif x == y:
            factor *= 4
        elif x in letters:
            letters[letters.index(x)] = y
        else:
            i = next(i for i, pair in enumerate(left) if x in pair)
            other = left[i][1] if left[i][0] == x else left[i][0]
            left[i] = (y, other)
    return factor, tuple(letters)


def with_pairs(terms: list[Term], *pairs: Pair) -> list[Term]:
    """Multiply every term by ``pairs``."""
    return [(c, element, (*own, *pairs)) for c, element, own in terms]


def interference(left: list[Term], right: list[Term]) -> Any:
    """Return the sum over lepton spins of left times right^*, equal indices contracted."""
    total = RING(0)
    for c_left, e_left, p_left in left:
        for c_right, e_right, p_right in right:
            chain: Element = {}
            for word, c in product(propagator("o"), e_left, propagator("p"), bar(e_right)).items():
                factor, rest = contracted(p_left + p_right, word)
                chain[rest] = chain.get(rest, 0) + factor * c
            total += c_left * c_right * even_in_mass(RING(kinematics().trace(chain)))
    return total


def projected(left: Any, right: Any) -> Any:
    """Return ``m_X^4`` times the sum over tensor polarisations of left times right^*.

    With ``P = g - k k/m_X^2`` the sum is ``P P - P P/3``; no use is made of a conserved source, so ``left``
    and ``right`` (functions of mu, nu, photon) may be parts of an amplitude.
    """
    other_mu, other_nu = Index("mu'"), Index("nu'")
    a, b = left(MU, NU, PHOTON), right(other_mu, other_nu, PHOTON)

    def sum_over(*pairs: Pair) -> Any:
        return -interference(with_pairs(a, *pairs), b)

    direct = sum_over((MU, other_mu), (NU, other_nu))
    once = sum_over(("k", MU), ("k", other_mu), (NU, other_nu))
    four = sum_over(("k", MU), ("k", NU), ("k", other_mu), ("k", other_nu))
    traces = sum_over((MU, NU), (other_mu, other_nu))
    mixed = sum_over((MU, NU), ("k", other_mu), ("k", other_nu))
    mixed += sum_over((other_mu, other_nu), ("k", MU), ("k", NU))
    return X2**2 * direct - 2 * X2 * once + four - (X2**2 * traces - X2 * mixed + four) / 3


@cache
def tensor_raw() -> tuple[Any, Any, Any]:
    """Return ``m_X^4 (s U t1)^2 sum |M|^2`` as the coefficients of c_l^2, c_l c_gamma and c_gamma^2."""
    cross = 2 * projected(lepton_terms, photon_terms)
    return projected(lepton_terms, lepton_terms), cross, projected(photon_terms, photon_terms)


def photon_ward_identity(terms: Any) -> Any:
    """Return the squared amplitude with the photon's momentum for its polarisation; must vanish."""
    here = with_pairs(terms(MU, NU, PHOTON), ("q", PHOTON))
    there = with_pairs(terms(MU, NU, Index("photon'")), ("q", Index("photon'")))
    return interference(here, there)


# ------------------------------------------------------------------------------------------ stable forms

SYMBOLS = sympy.symbols("s U t1 W qk2 m2 X2")


def _in_terms_of_invariants(expression: sympy.Expr) -> Any:
    """Return a polynomial in s, U, t1, W, qk2, m2, X2 as an element of the ring."""
    s_, U_, t1_, W_, qk2_, mass2, _ = SYMBOLS
    plain = expression.subs(W_, s_ * U_ * t1_ - mass2 * qk2_**2)
    plain = plain.subs({t1_: T1.as_expr(), qk2_: s_ - U_})
    return RING.from_expr(sympy.expand(plain))


def _prove(name: str, stable: sympy.Expr, traces: Any) -> None:
    if _in_terms_of_invariants(stable) != traces:
        msg = f"{name}: the stable form differs from the traces"
        raise ArithmeticError(msg)


@cache
def stable_form(name: str) -> sympy.Expr:
    """Return ``L (sU)^2`` of a mediator of spin 0 or 1 in s, U, W, qk2, m2, X2, proved equal to the traces.

    The traces are ``c W + sU (a (s-U)^2 + b sU)``: ``c`` is what is left at ``U = 0``, where ``W = -m^2 s^2``.
    """
    plain, over_mass = raw(name)
    s_, U_, _, W_, qk2_, mass2, mass2_X = SYMBOLS
    traces = plain * X2 + over_mass
    c = sympy.cancel(sympy.Poly(traces.as_expr(), s_, U_).coeff_monomial(s_**2) / (-mass2))
    rest = traces - RING.from_expr(sympy.expand(c)) * (s * U * T1 - m2 * (s - U) ** 2)
    quotient = sympy.Poly(sympy.cancel(rest.as_expr() / (s_ * U_)), s_, U_)
    even, mixed = quotient.coeff_monomial(s_**2), quotient.coeff_monomial(s_ * U_)
    form = c * W_ + s_ * U_ * (even * qk2_**2 + (mixed + 2 * even) * s_ * U_)
    _prove(name, sympy.expand(form), traces)
    return sympy.expand(form / mass2_X)


@cache
def tensor_stable_form() -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
    """Return (L_11, L_10, L_01): the tensor at (c_l, c_gamma) = (1, 1), (1, 0) and (0, 1).

    In ``z = m_X^2/(s-U)``, ``r = t1/(s-U) = 1 - z``, ``y = W/(sU t1)`` and ``h = m^2 (s-U)^2/(sU t1) = 1 - y``,
    all between 0 and 1, every bracket is a sum of positive terms or loses at most a factor of a few.
    A general pair of couplings follows from

        L = c_l c_gamma L_11 + (c_l - c_gamma) (c_l L_10 - c_gamma L_01),

    where only the second term holds the 1/m_X^4 of a source that is not conserved.
    """
    s_, U_, t1_, W_, qk2_, mass2, mass2_X = SYMBOLS
    z, r, y, h = sympy.symbols("z r y h")
    third = sympy.Rational(1, 3)
    soft, hard = s_ * U_ / qk2_, qk2_**3 / (s_ * U_)
    w = h * r**2
    turn = 1 - 2 * y * z * r
    both = (
        8 * third * soft / r * (12 * z * r * h + y * (3 - 6 * w + 8 * w**2))
        + 2 * third * qk2_ / r * (h * (1 + 5 * z + 8 * z * r) + y * (6 - 9 * z * r + 4 * z * r**3 * h))
        + hard * z * turn
    )
    flip = (1 - 2 * z) ** 2
    spread = y * (1 + 5 * z - 16 * z**2 * r**3 * y * h) + 2 * z * flip * h * (3 - 2 * r**2 * y)
    lepton = (
        4 * third * soft * spread
        + 2 * third * qk2_ * (r**3 + 9 * z**3 + y * z * r * (2 + 5 * z + 4 * z**2 * r * h))
        + hard * z**3 * turn
    ) / z**2
    photon = (4 * third * soft * (6 * z * r * h + y * (1 + 4 * z + z**2)) + 2 * third * qk2_ * (r**2 + 6 * z**2)) / (
        r * z**2
    )
    ratios = {z: mass2_X / qk2_, r: t1_ / qk2_, y: W_ / (s_ * U_ * t1_), h: mass2 * qk2_**2 / (s_ * U_ * t1_)}
    forms = tuple(form.subs(ratios, simultaneous=True) for form in (both, lepton, photon))
    _prove_tensor(forms)
    return both, lepton, photon


def _prove_tensor(forms: tuple[sympy.Expr, ...]) -> None:
    s_, U_, t1_, W_, qk2_, mass2, mass2_X = SYMBOLS
    lepton, cross, photon = tensor_raw()
    common = mass2_X**2 * (s_ * U_ * t1_) ** 2
    for form, traces in zip(forms, (lepton + cross + photon, lepton, photon), strict=True):
        plain = form.subs(W_, s_ * U_ * t1_ - mass2 * qk2_**2).subs({t1_: s_ - U_ - mass2_X, qk2_: s_ - U_})
        difference = sympy.together(plain * common.subs(t1_, s_ - U_ - mass2_X) - traces.as_expr())
        if sympy.expand(sympy.numer(difference)) != 0:
            msg = "tensor: the stable form differs from the traces"
            raise ArithmeticError(msg)
