"""Spin-2 amplitude of l(p) N(P_i) -> l(p') N(P_f) G(k) in a form without large cancellations.

``python -m derive.tensor`` (from ``tools/``) writes cpp/generated/tensor.hpp. ``frame()`` and ``steps()``
are the only statement of the formula: they are printed as C++ and, by the tests, evaluated in exact
rational arithmetic and compared with the Feynman diagrams of tensor_diagrams.py.

How the form comes about. Frame: nucleus at rest, axis 3 along k, p' in the plane of axes 1 and 3.

1. Spinors are light-front spinors with respect to k, so every ubar' gamma^mu u is a polynomial in p^+,
   p'^+, p_T, p'_T and m [Lepage and Brodsky, Phys. Rev. D 22 (1980) 2157, appendix A]. Parity relates the
   two initial helicities: two spin combinations remain, without and with helicity flip.
2. The current of universal couplings is conserved, so e_3 = (|k|, E_X khat)/m_X may be replaced by
   e_3 - k/m_X = (m_X/k^+) (-1, khat), and no 1/m_X is left. a.e_3 is then -(m_X/k^+) a^+. What breaks
   conservation, (c_photon - c_lepton) M_photon + (c_nucleus - c_lepton) M_nucleus, keeps the physical
   e_3: the difference is the divergence d^nu = k_mu M^{mu nu}, given by the Lorentz forces below.
3. The lepton diagrams depend on P through F = q ^ P only, and F = 2 q ^ P_i is a purely electric field
   2M q (3-vector) in this frame: qslash Pslash = 2M alpha.q. With
       w = 2 P.(s p' - U p)/(-s U)
   (lepton tensor of a scalar line; stable form below)
       M_l = (1/2) [ {j, C} + {N_f, p' + k/2} + {N_i, p - k/2} ],
       N_f^mu = ubar' gamma^mu qslash Pslash u/s,     N_i^mu = -ubar' qslash Pslash gamma^mu u/U,
       C = w (p - k/2)  - 2 P_i + (1 + 2 P.p/s) q     or, the same,
       C = w (p' + k/2) - 2 P_i + (1 + 2 P.p'/U) q:
   the one with the larger of s and U has no cancellation.
4. The photon diagram is the energy-momentum tensor of F and F' = q' ^ j,
       M_photon^{mu nu} = (1/t1) [ F^{mu a} F'^nu_a + (mu <-> nu) - (1/2) g F.F' ].
   The components of F' are small where j is parallel to q' (t1 small); their closed forms contain only
   Delta = p^+ p'_T - p'^+ p_T = p^+ q_T + q'^+ p_T and m q'^+, with
   t1 = (|Delta|^2 + m^2 (q'^+)^2)/(p^+ p'^+).
5. The nucleus diagrams do not change under j -> j - (j^0/q'^0) q' = E'/q'^0, a purely spatial vector
   (E'^i = F'^{0i}), in the vertices without 1/q'^2 poles; the remainder is regular at t1 = 0:
       M_nucleus = (t/t1) [ (q.E'/D_i) (2 {P_i, P_i - k} + g m_X^2) - {E', P} ]/q'^0
                 + t (j^0/q'^0) [ ({P_f, P_f + k} - g P_f.k)/D_f - ({P_i, P_i - k} + g P_i.k)/D_i ].
6. Divergences (Lorentz forces), all of them zero in the sum:
       k.M_lepton = F.j,   k.M_photon = -F.j - (t/t1) F'.P,   k.M_nucleus = (t/t1) F'.P.

Overall factors taken out of the steps: 2M, and 2 (no flip) or 2m (flip) of the spinor products.

Names: a^+ is a_plus, l is p', r is q', x the remainder of 5, Q_R = q_1 + i q_2, h = -p'_1; "per" is a
reciprocal, "u" a coupling over the propagators, T the amplitudes and S those with what 2. adds.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

HEADER = Path(__file__).parents[2] / "cpp" / "generated" / "tensor.hpp"
AMPLITUDES = ("RR", "LL", "R3", "L3", "00")


Part = tuple[tuple[int, str], ...]  # signed terms; () is zero


def part_text(part: Part) -> str:
    """Return the sum as it is printed."""
    text = "".join(f" {'-' if sign < 0 else '+'} {term}" for sign, term in part)
    return text[3:] if part[0][0] > 0 else f"-{text[3:]}"


def part_product(a: Part, b: Part) -> Part:
    """Return the product as one term: sums are put in brackets, not multiplied out."""
    if not a or not b:
        return ()
    sign, factors = 1, []
    for part in (a, b):
        if len(part) == 1:
            sign *= part[0][0]
            factors.append(part[0][1])
        else:
            factors.append(f"({part_text(part)})")
    return ((sign, " * ".join(factors)),)


def negative(part: Part) -> Part:
    """Return minus the sum."""
    return tuple((-sign, term) for sign, term in part)


class Complex:
    """A complex expression: real and imaginary part as printable sums."""

    def __init__(self, re: Part = (), im: Part = ()) -> None:
        self.re, self.im = re, im

    def __add__(self, other: Complex) -> Complex:
        return Complex(self.re + other.re, self.im + other.im)

    def __neg__(self) -> Complex:
        return Complex(negative(self.re), negative(self.im))

    def __sub__(self, other: Complex) -> Complex:
        return self + -other

    def __mul__(self, other: Complex) -> Complex:
        return Complex(
            part_product(self.re, other.re) + negative(part_product(self.im, other.im)),
            part_product(self.re, other.im) + part_product(self.im, other.re),
        )

    def conjugate(self) -> Complex:
        """Return the complex conjugate."""
        return Complex(self.re, negative(self.im))


ZERO = Complex()


def real(term: str) -> Complex:
    """Return a real quantity: a name, a number or a product of such."""
    return Complex(((1, term),))


HALF = real("half")


def pair(name: str) -> Complex:
    """Return the complex quantity with the parts name_r and name_i."""
    return Complex(((1, f"{name}_r"),), ((1, f"{name}_i"),))


def inner(a: tuple[Complex, Complex], b: tuple[Complex, Complex]) -> Complex:
    """Return a_T.b_T = (a_R b_L + a_L b_R)/2."""
    return (a[0] * b[1] + a[1] * b[0]) * HALF


@cache
def compiled(text: str) -> CodeType:
    """Return an expression as Python code."""
    return compile(text, "<step>", "eval")


def select(test: bool, a: Any, b: Any) -> Any:
    """Return what C++ writes as test ? a : b."""
    return a if test else b


class Program:
    """A list of assignments, each to a name that is used nowhere before."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.comments: dict[int, str] = {}

    def comment(self, text: str) -> None:
        """Put a comment before the next assignment."""
        self.comments[len(self.lines)] = text

    def let(self, name: str, value: Complex | str) -> Complex:
        """Assign to ``name`` (to name_r and name_i if complex) and return what was assigned to."""
        if isinstance(value, str):
            self.lines.append((name, value))
            return real(name)
        if not value.re and not value.im:
            return value
        if not value.im:
            self.lines.append((name, part_text(value.re)))
            return real(name)
        self.lines += [(f"{name}_r", part_text(value.re)), (f"{name}_i", part_text(value.im))]
        return pair(name)

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate in the arithmetic of ``values["Real"]``; returns every name assigned."""
        scope = dict(values)
        for name, text in self.lines:
            scope[name] = eval(compiled(text), {"select": select}, scope)  # noqa: S307
        return scope


def frame() -> Program:
    """Light-front components along k from the laboratory angles of `Point`."""
    p = Program()
    p.comment("light-front components along k: a^+ = a^0 + a^3; p' lies in the plane of axes 1 and 3")
    p.let("sin_phi", "sqrt(v.one_minus_cos_phi * (1 + v.cos_phi))")
    p.let("p_sin", "v.p * v.sin_a")
    p.let("p_cos", "p_sin * v.cos_phi")
    p.let("h", "v.Q * v.sin_b")
    p.let("qx", "-(p_cos * v.cos_b + v.q_par * v.sin_b)")
    p.let("qy", "p_sin * sin_phi")
    p.let("q3", "v.q_par * v.cos_b - p_cos * v.sin_b")
    p.let("px", "-(qx + h)")
    p.let("p3", "p_cos * v.sin_b + v.p * v.cos_a * v.cos_b")
    p.let("l3", "v.pp * (v.cos_b * v.cos_bp - v.sin_b * v.sin_bp)")
    p.let("m2", "m * m")
    p.comment("a^+ = (m^2 + a_T^2)/a^- where a^3 < 0")
    p.let("p_sum", "v.E + abs(p3)")
    p.let("p_rest", "(m2 + px * px + qy * qy) / p_sum")
    p.let("p_plus", "select(p3 > 0, p_sum, p_rest)")
    p.let("l_sum", "v.Ep + abs(l3)")
    p.let("l_rest", "(m2 + h * h) / l_sum")
    p.let("l_plus", "select(l3 > 0, l_sum, l_rest)")
    return p


def scalars(program: Program) -> None:
    """Real quantities common to the two spin combinations."""
    p = program
    p.let("half", "Real(1) / 2")
    p.let("two_thirds", "Real(2) / 3")
    p.let("k_plus", "v.EX + v.k")
    p.let("per_k", "1 / k_plus")
    p.let("k_minus", "m_X * m_X * per_k")
    p.let("q_plus", "q3 - v.T")
    p.let("r_plus", "k_plus - q_plus")
    p.let("q0", "v.EX + v.T")
    p.let("per_q0", "1 / q0")
    p.let("per_s", "1 / v.s")
    p.let("per_U", "1 / v.U")
    p.let("per_t1", "1 / v.t1")
    p.comment("w = 2 P.(s p' - U p)/(-s U), in units of 2M")
    p.let("slope", "(p_plus + l_plus) * k_minus * q_plus + k_plus * (qx * (px - h) - qy * qy)")
    p.let("PD", "(2 * v.M * v.k * slope + (v.s + v.U) * (v.M * v.t1 - (v.M - half * k_plus) * v.t)) * per_k")
    p.let("w", "-PD * per_s * per_U / v.M")
    p.let("before", "p_plus - half * k_plus")
    p.let("after", "l_plus + half * k_plus")
    p.let("g", "select(v.s > v.U, (2 * v.E - v.T) * per_s, (2 * v.Ep + v.T) * per_U)")
    p.let("base_x", "select(v.s > v.U, px, -h)")
    p.let("base_y", "select(v.s > v.U, -qy, Real(0))")
    p.let("base_p", "select(v.s > v.U, before, after)")
    p.let("half_l", "half * c.lepton")
    p.let("C_r", "half_l * (w * base_x + g * qx)")
    p.let("C_i", "half_l * (w * base_y + g * qy)")
    p.let("C_p", "half_l * (w * base_p + (g * q_plus - 1))")
    p.comment("D_i = (P_i-k)^2 - M^2, D_f = (P_f+k)^2 - M^2")
    p.let("D_i", "m_X * m_X - 2 * v.M * v.EX")
    p.let("D_f", "2 * v.M * q0 - v.t1")
    p.let("r2", "k_minus * per_k")
    p.let("kick", "r2 * (2 * v.M - k_plus) * (2 * v.M - k_plus) / D_i")
    p.let("turn", "2 * (v.M - q_plus) + k_plus")
    p.let("P_p", "2 * v.M - q_plus")
    p.let("qT2", "qx * qx + qy * qy")
    p.let("u_photon", "c.photon * per_t1")
    p.let("u_nucleus", "c.nucleus * v.T * per_q0 * per_t1")
    p.let("u_contact", "c.nucleus * v.T * per_q0 / D_f")
    p.let("u_net", "u_nucleus - u_photon")
    p.let("u_3", "u_photon * q3")
    p.let("u_P", "u_nucleus * P_p")
    p.let("r2_2", "2 * r2")
    p.let("l_after", "r2_2 * l_plus * after")
    p.let("p_before", "r2_2 * p_plus * before")
    p.let("after_l", "after + l_plus")
    p.let("before_p", "before + p_plus")
    p.let("pT2", "px * px + qy * qy")
    p.let("hh", "h * h")
    p.let("l_plus_h", "l_plus * h")
    p.let("late_l", "half_l * per_s")
    p.let("early_l", "-half_l * per_U")
    p.let("bulk", "half * (r2 * turn * turn - kick * D_f) - qT2")


Q_R = Complex(((1, "qx"),), ((1, "qy"),))
P_R = Complex(((1, "px"),), ((-1, "qy"),))
C_R = pair("C")
Q_L, P_L, C_L = Q_R.conjugate(), P_R.conjugate(), C_R.conjugate()
Q_T = (Q_R, Q_L)


def lepton_without_flip(p: Program) -> dict[str, Complex]:
    """Lepton diagrams; components of j/2, s N_f/2 and -U N_i/2 from the spinors (p^+, p_R | m, 0), (p'^+, -h | m, 0).

    j: (+) p'^+ p^+, (R) p'^+ p_R, (L) -h p^+;   N_f: p'^+ a, p'^+ (p^+ q_R - q_3 p_R) + m^2 q_R, -h a;
    N_i: -p^+ b, -p_R b, -p^+ (p'^+ q_L + h q_3) - m^2 q_L;   a = q_3 p^+ + q_L p_R,  b = q_3 p'^+ - h q_R.
    """
    h, p_plus, l_plus, q3, m2, late, early = (
        real(name) for name in ("h", "p_plus", "l_plus", "q3", "m2", "late_l", "early_l")
    )
    a = p.let("a", late * p.let("a0", q3 * p_plus + Q_L * P_R))
    b = p.let("b", early * p.let("b0", q3 * l_plus - h * Q_R))
    Nf_R = p.let("Nf_R", late * (l_plus * (p_plus * Q_R - q3 * P_R) + m2 * Q_R))
    Ni_L = p.let("Ni_L", -early * (p_plus * (l_plus * Q_L + real("h * q3")) + m2 * Q_L))
    X = p.let("X", P_R * b)
    j_R, C_p = p.let("j_R", l_plus * P_R), real("C_p")
    p.let("lp_plus", "l_plus * p_plus")
    return {
        "RR": j_R * C_R - h * Nf_R - P_R * X,
        "LL": real("hh") * a - real("h * p_plus") * C_L + P_L * Ni_L,
        "R3": C_p * j_R + real("lp_plus") * C_R + real("after") * Nf_R - real("l_plus_h") * a - real("before_p") * X,
        "L3": p_plus * (l_plus * C_L - h * C_p - P_L * b) - real("h * after_l") * a + real("before") * Ni_L,
        "00": real("r2_2 * lp_plus") * C_p
        + real("l_after") * a
        - real("p_before") * b
        + HALF * (real("pT2") * b - P_R * Ni_L + h * (Nf_R - h * a) - j_R * C_L + real("h * p_plus") * C_R),
    }


def lepton_with_flip(p: Program) -> dict[str, Complex]:
    """Lepton diagrams; components of j, s N_f and -U N_i over 2m, from p' with the spinor (0, m | h, p'^+).

    j: (+) 0, (R) 0, (L) q'^+;   N_f: -p'^+ q_R, h q_R, a + p'^+ q_3;
    N_i: -p^+ q_R, -p_R q_R, q_3 (p^+ + p'^+) - h q_L.
    """
    h, p_plus, l_plus, q3, r_plus = (real(name) for name in ("h", "p_plus", "l_plus", "q3", "r_plus"))
    a, b = p.let("flip_a", real("late_l") * Q_R), p.let("flip_b", real("early_l") * Q_R)
    Nf_L = p.let("flip_Nf_L", pair("a") + real("late_l * l_plus * q3"))
    Ni_L = p.let("flip_Ni_L", real("early_l") * (q3 * (p_plus + l_plus) - h * Q_L))
    X = p.let("flip_X", P_R * b)
    return {
        "RR": -(real("hh") * a) - P_R * X,
        "LL": r_plus * C_L - h * Nf_L + P_L * Ni_L,
        "R3": real("h * after_l") * a - real("before_p") * X,
        "L3": r_plus * real("C_p")
        + real("after") * Nf_L
        + real("l_plus_h") * a
        + real("before") * Ni_L
        - p_plus * (P_L * b),
        "00": HALF * (h * (h * a + Nf_L) + real("pT2") * b - P_R * Ni_L - r_plus * C_R)
        - real("l_after") * a
        - real("p_before") * b,
    }


def field(p: Program, flip: bool) -> dict[str, Complex]:
    """Components of F' = q' ^ j; A and B are (F'^{+-} +- F'^{RL})/2."""
    if not flip:
        p.comment("Delta = p^+ p'_T - p'^+ p_T")
        delta = p.let("d", real("p_plus") * Q_R + real("r_plus") * P_R)
        conj = delta.conjugate()
        p.let("m2x", "m2 * r_plus")
        A = p.let("A", real("m2x") + P_R * conj)
        B = p.let("B", real("m2x") - real("h") * delta)
        F = {"pR": p.let("F_pR", real("l_plus") * delta), "pL": p.let("F_pL", real("p_plus") * conj)}
        p.let("per_p_plus", "1 / p_plus")
        p.let("per_l_plus", "1 / l_plus")
        F["mR"] = p.let("F_mR", real("per_p_plus") * (real("m2") * delta - P_R * (A + real("m2x"))))
        F["mL"] = p.let("F_mL", real("per_l_plus") * (real("m2") * conj + real("h") * (B + real("m2x"))))
        return {**F, "A": A, "B": B}
    A = -(real("r_plus") * Q_R)
    minus = p.let("flip_F_mR", -(Q_R * Q_R))
    return {
        "pR": ZERO,
        "pL": p.let("flip_F_pL", "r_plus * r_plus"),
        "mR": minus,
        "mL": -real("v.t1"),
        "A": A,
        "B": ZERO,
    }


def excess(
    p: Program,
    flip: bool,
    T: dict[str, Complex],
    j: list[Complex],
    j0: Complex,
    j_minus: Complex,
    F: dict[str, Complex],
) -> None:
    """Add the divergence d of the non-conserved part (units of 2M: components R, L, + and k.d) to R3, L3, 00."""
    tag = "flip_" if flip else ""
    N, D = F["A"] + F["B"], F["A"] - F["B"]
    jT = p.let(f"{tag}jT", inner(Q_T, (j[1], j[2])))
    spread = real("per_4M")
    force_R = -(HALF * (F["pR"] + F["mR"])) + spread * (real("q_minus") * F["pR"] + real("q_plus") * F["mR"] + D * Q_R)
    force_L = -(HALF * (F["pL"] + F["mL"])) + spread * (real("q_minus") * F["pL"] + real("q_plus") * F["mL"] - D * Q_L)
    force_p = HALF * N - real("2 * per_4M") * (real("half * q_plus") * N - inner(Q_T, (F["pR"], F["pL"])))
    force_m = real("2 * per_4M") * (real("half * q_minus") * N + inner(Q_T, (F["mR"], F["mL"]))) - HALF * N
    on_l, on_N = real("odd_photon"), real("odd_nucleus")
    along, across = p.let(f"{tag}force_p", force_p), p.let(f"{tag}force_m", force_m)
    d_R = on_N * force_R - on_l * Q_R * j0
    d_L = on_N * force_L - on_l * Q_L * j0
    d_p = on_N * along - on_l * (jT + real("q3") * j[0])
    work = real("v.EX") * jT + real("half * q3") * (real("k_minus") * j[0] - real("k_plus") * j_minus)
    kd = on_N * HALF * (real("k_plus") * across + real("k_minus") * along) - on_l * work
    scale = real("k_plus * per_mX2")
    p.let(f"{tag}SR3", T["R3"] - scale * d_R)
    p.let(f"{tag}SL3", T["L3"] - scale * d_L)
    p.let(f"{tag}S00", T["00"] - real("2 * per_k") * d_p + real("per_mX2") * kd)


def helicity_amplitudes(p: Program, flip: bool) -> Callable[[Program], None]:
    """Amplitudes RR, LL, R3, L3, 00, without the factor m_X/k^+ in R3 and L3; returns what adds d."""
    tag = "flip_" if flip else ""
    p.comment("helicity flip, in units of 2m" if flip else "no helicity flip, in units of 2")
    T = lepton_with_flip(p) if flip else lepton_without_flip(p)
    F = field(p, flip)
    E_R, E_L = p.let(f"{tag}E_R", HALF * (F["pR"] + F["mR"])), p.let(f"{tag}E_L", HALF * (F["pL"] + F["mL"]))
    E_3 = p.let(f"{tag}E_3", -(HALF * (F["A"] + F["B"])))
    j_minus = -Q_R if flip else p.let("j_minus", real("m2") - real("h") * P_R)
    j0 = p.let(f"{tag}j0", HALF * (j_minus if flip else real("lp_plus") + j_minus))
    contact = p.let(f"{tag}x", real("u_contact") * j0)
    photon, nucleus, net = real("u_photon"), real("u_nucleus"), real("u_net")
    common = p.let(f"{tag}y", nucleus * E_3 - real("turn") * contact)
    for name, Q, E, plus, corner in (("R", Q_R, E_R, "pR", "A"), ("L", Q_L, E_L, "pL", "B")):
        T[name * 2] += Q * (net * E + contact * Q)
        T[f"{name}3"] += Q * (common + photon * F[corner]) - real("u_3") * F[plus] - real("u_P") * E
    qE = p.let(f"{tag}qE", inner(Q_T, (E_R, E_L)))
    T["00"] += (
        real("r2_2") * (photon * inner(Q_T, (F["pR"], F["pL"])) - real("u_P") * E_3)
        - real("u_3") * E_3
        + nucleus * (real("kick") * (qE + real("q3") * E_3) - qE)
        + contact * real("bulk")
    )
    T = {name: p.let(f"{tag}T{name}", T[name]) for name in AMPLITUDES}
    j = [ZERO, ZERO, real("r_plus")] if flip else [real("lp_plus"), pair("j_R"), -real("h * p_plus")]
    return lambda broken: excess(broken, flip, T, j, j0, j_minus, F)


def steps() -> tuple[Program, Program]:
    """Assignments from light-front components to amplitudes, and those of the non-conserved part."""
    conserved = Program()
    scalars(conserved)
    flips = (False, True)
    excesses = [helicity_amplitudes(conserved, flip) for flip in flips]
    broken = Program()
    broken.let("q_minus", "-(q3 + v.T)")
    broken.let("per_4M", "half * half / v.M")
    broken.let("odd_photon", "c.photon - c.lepton")
    broken.let("odd_nucleus", "(c.nucleus - c.photon) * v.t * per_t1")
    broken.let("per_mX2", "1 / (m_X * m_X)")
    for add_to in excesses:
        add_to(broken)
    return conserved, broken


def squares(p: Program, name: str) -> str:
    """Return |name|^2."""
    names = [n for n, _ in p.lines if n in (name, f"{name}_r", f"{name}_i")]
    return " + ".join(f"{n} * {n}" for n in names)


def total(amplitudes: Program, broken: Program, *, conserved: bool) -> Program:
    """Return the sum of squares; ``conserved`` leaves the non-conserved part out."""
    p = Program()
    letter, source = ("T", amplitudes) if conserved else ("S", broken)
    for tag in ("", "flip_"):
        RR, LL = (squares(amplitudes, f"{tag}T{a}") for a in ("RR", "LL"))
        R3, L3, long = (squares(source, f"{tag}{letter}{a}") for a in ("R3", "L3", "00"))
        p.let(f"{tag}sum", f"{RR} + {LL} + r2 * ({R3} + {L3}) + two_thirds * ({long})")
    p.let("L", "32 * v.M * v.M * per_p_plus * per_l_plus * (sum + m2 * flip_sum)")
    return p


PREFACE = """// Printed by tools/derive/tensor.py; do not edit.
/// Spin-2 amplitude of l(p) N(P_i) -> l(p') N(P_f) G(k), a scalar nucleus emitting too.
#pragma once

#include <cmath>

#include "pheno/kinematics.hpp"

namespace pheno {

/// c_lepton: lepton lines and the l l gamma G contact vertex; c_photon: gamma gamma G; c_nucleus: nuclear
/// lines and contact vertex.  Each of the three is gauge invariant by itself under electromagnetism.
template <class Real>
struct TensorCouplings {
    Real lepton, photon, nucleus;
};

namespace detail {

/// `conserved`: the three couplings are equal, so that k_mu M^{mu nu} = 0.
template <bool conserved, class Real>
[[nodiscard]] inline Real tensor_squared(const Point<Real>& v, Real m, Real m_X,
                                         const TensorCouplings<Real>& c) noexcept {
    using std::abs;
    using std::sqrt;
"""

CLOSING = """
}  // namespace detail

/// Lepton tensor of l N -> l N G for a massive spin-2 mediator, -(c/Lambda) G^{mu nu} T_{mu nu}.
///
///   L = sum over all spins of |eps*_{mu nu} (c_lepton M_lepton + c_photon M_photon + c_nucleus M_nucleus)^{mu nu}|^2
///
/// with e^2 Z F(t)/(Lambda q^2) taken out.  Light-front helicity amplitudes along k in the rest frame of the
/// nucleus; identical to the Feynman diagrams of tools/derive/tensor_diagrams.py (derivation in
/// tools/derive/tensor.py).  No 1/m_X occurs for equal couplings; unequal ones break k_mu M^{mu nu} = 0 and L
/// grows like 1/m_X^4, as it does in the effective theory.  For m_X > 2M an antinucleus can go on shell
/// (D_i = 0): not meaningful there.
///
/// @param v    point of phase space; reads the laboratory quantities and s, U, t, t1
/// @param m    lepton mass [GeV]
/// @param m_X  mediator mass [GeV]
/// @param c    couplings in units of 1/Lambda
/// @return     L [GeV^4]
template <class Real>
[[nodiscard]] inline Real tensor_squared(const Point<Real>& v, Real m, Real m_X,
                                         const TensorCouplings<Real>& c) noexcept {
    if (c.lepton == c.photon && c.photon == c.nucleus) return detail::tensor_squared<true>(v, m, m_X, c);
    return detail::tensor_squared<false>(v, m, m_X, c);
}

}  // namespace pheno
"""


def print_lines(program: Program, indent: str) -> str:
    """Return the assignments as C++."""
    text = ""
    for n, (name, value) in enumerate(program.lines):
        if n in program.comments:
            text += f"{indent}// {program.comments[n]}\n"
        chosen = re.fullmatch(r"select\(([^,]+), ([^,]+), ([^,]+)\)", value)
        if chosen:
            value = f"{chosen[1]} ? {chosen[2]} : {chosen[3]}"
        text += textwrap.fill(
            f"const Real {name} = {value};",
            120,
            initial_indent=indent,
            subsequent_indent=indent + "    ",
            break_on_hyphens=False,
        )
        text += "\n"
    return text


def print_header() -> str:
    """Return the text of cpp/generated/tensor.hpp."""
    amplitudes, broken = steps()
    conserved = total(amplitudes, broken, conserved=True)
    unequal = total(amplitudes, broken, conserved=False)
    return (
        PREFACE
        + print_lines(frame(), "    ")
        + print_lines(amplitudes, "    ")
        + "    if constexpr (conserved) {\n"
        + print_lines(conserved, "        ")
        + "        return L;\n    } else {\n"
        + print_lines(broken, "        ")
        + print_lines(unequal, "        ")
        + "        return L;\n    }\n}\n"
        + CLOSING
    )


if __name__ == "__main__":
    HEADER.write_text(print_header(), encoding="utf-8")
