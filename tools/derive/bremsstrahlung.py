"""L = sum over spins |ubar(p') Gamma.P u(p)|^2 of l N -> l N X, and the form of it that keeps its digits.

The raw trace is a quadratic form in ``P.p`` and ``P.p'`` whose terms exceed the sum by up to
``(E/m_X)^4``. The stable form is

    L = [ c_D PD^2 + t PP (c_plus (s+U)^2 + c_minus (s-U)^2) ] / (sU)^2
        + [ c_k G_k + c_1 (G_1 + G_2) ] / (sU)

with ``PD = P.(s p' - U p)`` and the Gram determinants of ``(P, q, v)``,

    G_v = t (P.v)^2 - PP (t v^2 + (q.v)^2) = 4 M^2 |q x v|^2     (laboratory vectors),

each of which the kinematics forms without cancellation. The three coefficients ``c_D, c_k, c_1`` are fixed
by the three monomials of the quadratic form, the other two by what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy
from derive.algebra import matrix
from derive.process import PP, RING, X2, Kinematics, U, a, b, emission, m2, s, t
from derive.vertices import VERTICES, Vertex


@dataclass(frozen=True)
class StableForm:
    """Coefficients of the stable form: functions of the symbols ``m2`` and ``X2``."""

    c_D: sympy.Expr
    c_plus: sympy.Expr
    c_minus: sympy.Expr
    c_k: sympy.Expr
    c_1: sympy.Expr


@cache
def kinematics() -> Kinematics:
    """Return the scalar products for a virtual photon."""
    return Kinematics(t)


def raw(vertex: Vertex) -> tuple[Any, Any]:
    """Return ``(sU)^2 L`` from the traces as ``(A, B)``, meaning ``A + B / m_X^2``.

    The polarisation sum of spin 1 is ``-g + k k / m_X^2``; ``B`` is its second term.
    """
    kin = kinematics()
    photon = matrix("P")
    amplitude = emission(matrix(*vertex.gamma), photon)
    if vertex.longitudinal is None:
        return kin.spin_sum(amplitude, amplitude), RING(0)
    longitudinal = emission(matrix(*vertex.longitudinal), photon)
    return -kin.spin_sum(amplitude, amplitude), kin.spin_sum(longitudinal, longitudinal)


def building_blocks() -> dict[str, Any]:
    """Return PD, G_k, G_1 and G_2 as polynomials."""
    kin = kinematics()

    def gram(v: str) -> Any:
        return t * kin.dot("P", v) ** 2 - PP * (t * kin.dot(v, v) + kin.dot("q", v) ** 2)

    return {"PD": s * b - U * a, "Gk": gram("k"), "G1": gram("p"), "G2": gram("o")}


def _quadratic_form(value: Any) -> list[sympy.Expr]:
    """Return the coefficients of (P.p)^2, P.p P.p', (P.p')^2 and 1."""
    form = sympy.Poly(value.as_expr(), *sympy.symbols("a b"))
    x, y = form.gens
    return [form.coeff_monomial(monomial) for monomial in (x**2, x * y, y**2, 1)]


@cache
def stable_form(name: str) -> StableForm:
    """Solve for the stable form of one mediator and prove that it equals the traces."""
    plain, over_mass = raw(VERTICES[name])
    target = _quadratic_form(plain * X2 + over_mass)  # times m_X^2
    blocks = building_blocks()
    square = _quadratic_form(blocks["PD"] ** 2)
    gram_k = _quadratic_form(s * U * blocks["Gk"])
    gram_1 = _quadratic_form(s * U * (blocks["G1"] + blocks["G2"]))
    c_D, c_k, c_1 = sympy.symbols("c_D c_k c_1")
    found = sympy.linsolve(
        [c_D * square[i] + c_k * gram_k[i] + c_1 * gram_1[i] - target[i] for i in range(3)], c_D, c_k, c_1
    )
    c_D, c_k, c_1 = (sympy.cancel(c) for c in next(iter(found)))
    rest = sympy.cancel((target[3] - c_k * gram_k[3] - c_1 * gram_1[3]) / sympy.sympify("t*PP"))
    s_, U_, mass2 = sympy.symbols("s U X2")
    # rest = c_plus (s+U)^2 + c_minus (s-U)^2; the difference of the two squares is 4 s U.
    even = sympy.Poly(rest, s_, U_).coeff_monomial(s_**2)
    mixed = sympy.Poly(rest, s_, U_).coeff_monomial(s_ * U_)
    c_plus, c_minus = even / 2 + mixed / 4, even / 2 - mixed / 4
    form = StableForm(*(sympy.expand(c / mass2) for c in (c_D, c_plus, c_minus, c_k, c_1)))
    if identity(form, plain, over_mass) != 0:
        msg = f"{name}: the stable form differs from the traces"
        raise ArithmeticError(msg)
    return form


def identity(form: StableForm, plain: Any, over_mass: Any) -> Any:
    """Return ``m_X^2 (sU)^2`` times (stable form - traces), a polynomial that must vanish identically."""
    blocks = building_blocks()
    coefficient = {
        field: RING.from_expr(sympy.expand(getattr(form, field) * sympy.Symbol("X2")))
        for field in form.__dataclass_fields__
    }
    stable = coefficient["c_D"] * blocks["PD"] ** 2
    stable += t * PP * (coefficient["c_plus"] * (s + U) ** 2 + coefficient["c_minus"] * (s - U) ** 2)
    stable += s * U * (coefficient["c_k"] * blocks["Gk"] + coefficient["c_1"] * (blocks["G1"] + blocks["G2"]))
    return stable - X2 * plain - over_mass


def longitudinal_is_pseudoscalar() -> Any:
    """Return |k.M_axial|^2 - 4 m^2 |M_pseudoscalar|^2, a polynomial that must vanish identically."""
    pseudoscalar, _ = raw(VERTICES["pseudoscalar"])
    _, longitudinal = raw(VERTICES["axial_vector"])
    return longitudinal - 4 * m2 * pseudoscalar
