"""L of spin 0 and 1 in the rest frame of the pair (l' X): what cpp/include/pheno/pair_frame.hpp evaluates.

Axes: p along z, P = P_i + P_f in the x-z plane. P.q = 0 leaves P two components, P_T across p and A along the
longitudinal polarisation of the photon, and with lambda = (s + t)^2 + 4 m^2 t

    t P^2 = A^2 - t P_T^2,   P.(s p' - U p) = A B/(2 sqrt(lambda)) + s P_T k_x,
    G_v = (A v_x - A_v P_T)^2 + t P^2 v_y^2,   v = p, p', k.

Put into the stable form of bremsstrahlung.py this gives a polynomial in A and P_T k_x,

    (sU)^2 L = A^2 longitudinal + A P_T k_x mixed/sqrt(lambda) + P_T^2 (transverse + k_x^2 tilted),

whose first coefficient is a difference of large terms until the three identities of `identities` are used.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from derive.bremsstrahlung import StableForm

s, U, t, m2, X2 = sympy.symbols("s U t m2 X2", positive=True)
A, P_T, k_x, kT2 = sympy.symbols("A P_T k_x kT2", positive=True)
root = sympy.Symbol("root_lambda", positive=True)

lambda_ = (s + t) ** 2 + 4 * m2 * t
t1 = s + t - X2 - U
far = s + t + 4 * m2 - 2 * X2

#: sqrt(lambda) times what P.(s p' - U p), p' and k have along the longitudinal polarisation.
B = s * far - U * (3 * s + t + 4 * m2)
out = U * (s - t) + t * far
along = lambda_ - out

#: H of the longitudinal part.
H = (2 * s + t + 4 * m2) * kT2 + X2 * (t1 + 4 * m2)


def squared_transverse_momentum() -> sympy.Expr:
    """Return k_T^2 as a function of U: it vanishes at both ends of the range of U."""
    return (s * U * t1 - m2 * (s - U) ** 2 - X2 * t * (t1 + 4 * m2)) / lambda_


def identities() -> list[sympy.Expr]:
    """Return three expressions that vanish identically in s, U, t and the masses.

    They carry out the cancellation between ``PD^2`` and ``t PP (s+U)^2/4``, and say that the Gram determinants of
    (q, p') and (q, k) do not depend on the frame.
    """
    value = {kT2: squared_transverse_momentum()}
    return [
        sympy.cancel(((U + s) ** 2 - B**2 / lambda_ - 4 * H).subs(value)),
        sympy.cancel((out**2 / (4 * lambda_) - t * kT2 - (U - t) ** 2 / 4 - m2 * t).subs(value)),
        sympy.cancel((along**2 / (4 * lambda_) - t * kT2 - (s - U) ** 2 / 4 - X2 * t).subs(value)),
    ]


@dataclass(frozen=True)
class PairForm:
    """Coefficients of A^2, A P_T k_x/sqrt(lambda), P_T^2 and P_T^2 k_x^2 in (sU)^2 L."""

    longitudinal: sympy.Expr
    mixed: sympy.Expr
    transverse: sympy.Expr
    tilted: sympy.Expr


def pair_form(c: StableForm) -> PairForm:
    """Return the coefficients in the form in which they are evaluated."""
    grams, photon = c.c_k + c.c_1, ((s + t) ** 2 + (U - t) ** 2) / 4 + 2 * m2 * t
    return PairForm(
        longitudinal=s * U * (grams * kT2 - 4 * c.c_minus) - c.c_D * H,
        mixed=c.c_D * s * B + s * U * (c.c_1 * out - c.c_k * along),
        transverse=(s - U) ** 2 * (c.c_k * s * U / 4 - t * (c.c_plus + c.c_minus))
        + s * U * (t * (c.c_k * X2 - 4 * c.c_plus) + c.c_1 * photon),
        tilted=c.c_D * s**2 + grams * s * U * t,
    )


def remainder(c: StableForm) -> sympy.Expr:
    """Return (sU)^2 L of the stable form minus that of the pair form: it vanishes identically."""
    tPP = A**2 - t * P_T**2
    squared_y = kT2 - k_x**2

    def gram(v_x: sympy.Expr, v_y2: sympy.Expr, v_z: sympy.Expr) -> sympy.Expr:
        return (A * v_x - v_z / (2 * root) * P_T) ** 2 + tPP * v_y2

    blocks = c.c_D * (A * B / (2 * root) + s * P_T * k_x) ** 2
    blocks += tPP * (c.c_plus * (s + U) ** 2 + c.c_minus * (s - U) ** 2)
    blocks += s * U * c.c_k * gram(k_x, squared_y, along)
    blocks += s * U * c.c_1 * (gram(sympy.Integer(0), sympy.Integer(0), lambda_) + gram(-k_x, squared_y, out))
    form = pair_form(c)
    ours = A**2 * form.longitudinal + A * P_T * k_x * form.mixed / root
    ours += P_T**2 * (form.transverse + k_x**2 * form.tilted)
    difference = sympy.expand(blocks - ours).subs(root, sympy.sqrt(lambda_)).subs(kT2, squared_transverse_momentum())
    return sympy.simplify(difference)
