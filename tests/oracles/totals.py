"""Total cross sections of l N -> l N X by nested quadrature in variables of our own.

Not the order of the library (t; rapidity of the pair; directions about Q, or two nodes for all of them): here s is the
outermost variable, and the lepton-X system is decayed in its own rest frame with the polar axis along p,

    dPhi3 = ds/(2 pi) * dt/(16 pi M |p|) * dU dphi/(16 pi^2 * 2 sqrt(Lambda)),    Lambda = (s+t)^2/4 + m^2 t,
    sigma = 1/(4 M |p|) int dPhi3 (1/2) (4 pi alpha)^2 G2(t)/t^2 L,

with phi the azimuth between the (p, P) and (p, k) planes in the rest frame of p' + k.  There
PD = PD_0(U) + PD_1(U) cos phi and spin-0/1 L is a quadratic polynomial in cos phi, so that
the phi integral (also over the arc allowed by E_X >= x_min E) is done in closed form;
U, t and s by Gauss-Legendre panels in logarithms.

Reference tables are written by reference_totals.py (spin 0 and 1) and tensor_totals.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .spinors import closed_form

Array = np.ndarray[Any, np.dtype[np.float64]]

ALPHA = 1 / 137.035999177
REFERENCES = Path(__file__).resolve().parent.parent / "references" / "total_cross_sections.csv"


@dataclass(frozen=True)
class Reaction:
    """Beam, target and mediator mass (powers of GeV); x_min = 0 means all of phase space."""

    E: float
    m: float
    M: float
    Z: int
    A: int
    mX: float
    electron_mass: float
    x_min: float = 0.0

    def form_factor(self, t: Array) -> Array:
        """Z^2 F^2(t), elastic Tsai."""
        a2 = (111 * self.Z ** (-1 / 3) / self.electron_mass) ** 2
        return self.Z**2 * (a2 * t / (1 + a2 * t)) ** 2 / (1 + t / (0.164 * self.A ** (-2 / 3))) ** 2


class Cell(NamedTuple):
    """Everything that depends on (s, t) only; arrays over t."""

    s: float
    t: Array
    Lambda: Array
    Pp: Array
    PP: Array
    G1: Array
    U_low: Array
    U_high: Array
    R0: Array
    R1: Array
    kappa: Array


def panels(low: float, high: float, width: float, order: int) -> tuple[Array, Array]:
    """Composite Gauss-Legendre nodes and weights on [low, high] with panels no wider than `width`."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    n = max(1, int(np.ceil((high - low) / width)))
    half = (high - low) / (2 * n)
    centre = low + half * (2 * np.arange(n) + 1)
    return (centre[:, None] + half * nodes).ravel(), np.tile(half * weights, n)


def split_panels(
    breaks: list[float], low: float, high: float, width: float, order: int, graded: bool = False
) -> tuple[Array, Array]:
    """`panels` between low, every break inside, and high; `graded`: in the logarithm of the distance to a break.

    Grading is for the tensor: the peak of width m^2 x in t1 is cut off within |ds/s| ~ m^2/m_X^2 of a break.
    """
    inside = sorted(b for b in breaks if low < b < high)
    edges = [low, *inside, high]
    parts = []
    for a, b in pairwise(edges):
        reach = [min(width, (b - a) / 2) if graded and edge in inside else 0.0 for edge in (a, b)]
        parts.append(panels(a + reach[0], b - reach[1], width, order))
        for edge, sign, distance in ((a, 1.0, reach[0]), (b, -1.0, reach[1])):
            if distance > 0:
                v, w = panels(np.log(distance) - 18.0, np.log(distance), 1.6 * width, order)
                parts.append((edge + sign * np.exp(v), w * np.exp(v)))
    return np.concatenate([x for x, _ in parts]), np.concatenate([w for _, w in parts])


def _recoil_at_cut(r: Reaction, s: float) -> list[float]:
    """T at which an end of the range of E_X crosses x_min E at fixed s: E - T = W cosh(eta_cut +- eta_k).

    The range of s, t, U contributing changes form there (a kink that the quadrature must not straddle).
    """
    E_cut = r.x_min * r.E
    if E_cut <= r.mX:
        return []
    W = np.sqrt(s + r.m**2)
    eta_k, eta_cut = np.arccosh(max(1.0, (s + r.mX**2) / (2 * W * r.mX))), np.arccosh(E_cut / r.mX)
    return [float(r.E - W * np.cosh(eta_cut + sign * eta_k)) for sign in (1, -1)]


def _s_breaks(r: Reaction, s_low: float, s_high: float) -> list[float]:
    """s where a kink enters the range of t at its lower end."""
    near = s_low + np.geomspace(1e-9 * s_low, 0.5 * (s_high - s_low), 400)
    grid = np.concatenate([near, s_high - np.geomspace(0.5 * (s_high - s_low), 1e-9 * (s_high - s_low), 200)[1:]])

    def height(s: float) -> list[float]:
        return [T - _t_limits(r, s)[0] / (2 * r.M) for T in _recoil_at_cut(r, s)]

    table, breaks = np.array([height(s) for s in grid]), []
    for column in range(table.shape[1]):
        for i in np.nonzero(np.diff(np.sign(table[:, column])))[0]:
            a, b = grid[i], grid[i + 1]
            for _ in range(60):
                middle = (a + b) / 2
                a, b = (middle, b) if height(middle)[column] * table[i, column] > 0 else (a, middle)
            breaks.append(float(a))
    return breaks


def _s_nodes(
    r: Reaction, s_low: float, s_high: float, width: float, order: int, graded: bool = False
) -> tuple[Array, Array]:
    """Nodes in ln(s - s_low) below, and in ln(s_high - s) above the middle: the integrand has a root at both ends."""
    breaks = _s_breaks(r, s_low, s_high) if r.x_min > 0 else []
    half = (s_high - s_low) / 2
    top, bottom = np.log(half), np.log(min(1e-9 * s_low, 1e-6 * half))
    low = [float(np.log(s - s_low)) for s in breaks if s < s_low + half]
    high = [float(np.log(s_high - s)) for s in breaks if s > s_low + half]
    v, w = split_panels(low, bottom, top, width, order, graded)
    x, y = split_panels(high, top - 14.0, top, width, order, graded)
    return np.concatenate([s_low + np.exp(v), s_high - np.exp(x)]), np.concatenate([w * np.exp(v), y * np.exp(x)])


def _cell(r: Reaction, s: float, y: Array, t_low: float, t_high: float) -> Cell:
    """t = t_low e^y; q_T^2 = a (t - t_low)(t_high - t)/p^2 with a = S/(4M^2) never cancels."""
    m2, X, p2 = r.m**2, r.mX**2, r.E**2 - r.m**2
    t = t_low * np.exp(y)
    S = m2 + r.M**2 + 2 * r.M * r.E
    qT2 = S / (4 * r.M**2) * t_low * np.expm1(y) * (t_high - t) / p2
    G1 = 4 * r.M**2 * p2 * qT2
    four_Lambda = (s + t) ** 2 + 4 * m2 * t
    W2 = s + m2
    centre = (s * (s + t - X + 2 * m2) + X * t) / (2 * W2)
    product = (m2 * s**2 + t * X * (s + t - X + 4 * m2)) / W2
    U_high = centre + np.sqrt(np.maximum(centre**2 - product, 0.0))
    R0 = t * (s**2 + s * t + 4 * m2 * s - 2 * X * s) / four_Lambda
    R1 = -t * (4 * m2 + 3 * s + t) / four_Lambda
    kappa = 2 * np.sqrt(W2 * np.maximum(G1, 0.0)) / four_Lambda
    Pp = 2 * r.M * r.E - (s + t) / 2
    return Cell(s, t, four_Lambda / 4, Pp, 4 * r.M**2 + t, G1, product / U_high, U_high, R0, R1, kappa)


def invariants_at(c: Cell, m: float, mX: float, U: Array, cos_phi: Array) -> dict[str, Array]:
    """PD, PP, G_1, G_2, G_k, P.k at U (n_t, n_U) and cos phi."""
    s, t, Pp, PP = c.s, c.t[:, None], c.Pp[:, None], c.PP[:, None]
    width = np.sqrt(np.maximum((U - c.U_low[:, None]) * (c.U_high[:, None] - U), 0.0))
    PD = Pp * (c.R0[:, None] + c.R1[:, None] * U) + s * c.kappa[:, None] * width * cos_phi
    Pk = ((s - U) * Pp - PD) / s
    Ppp = (PD + U * Pp) / s
    Gk = t * (Pk**2 - PP * mX**2) - PP * (s - U) ** 2 / 4
    G2 = t * (Ppp**2 - PP * m**2) - PP * (U - t) ** 2 / 4
    return {"PD": PD, "PP": PP, "G1": c.G1[:, None], "G2": G2, "Gk": Gk, "Pk": Pk}


def _regions(r: Reaction, c: Cell) -> tuple[Array, Array]:
    """Boundaries in U (n_t, 4), and e = (E_X - E_cut) at cos phi = 0 as e[:, 0] + e[:, 1] U.

    E_X - E_cut = e_0 + e_1 U - e_2 cos phi, e_2 = kappa sqrt((U - U_low)(U_high - U))/(2M): between the two roots of
    |e_0 + e_1 U| = e_2 part of the circle is allowed, outside all or nothing.
    """
    scale = 1 / (2 * r.M)
    e0 = scale * (c.Pp + c.s / 2 - c.Pp * c.R0 / c.s) - r.x_min * r.E
    e1 = -scale * (c.Pp / c.s + 0.5 + c.Pp * c.R1 / c.s)
    kappa = scale * c.kappa
    with np.errstate(invalid="ignore"):
        centre = -e0 / e1
        a = e1**2 + kappa**2
        half_b = kappa**2 * (c.U_low + c.U_high - 2 * centre) / 2
        free = -(kappa**2) * (centre - c.U_low) * (c.U_high - centre)
        root = np.sqrt(half_b**2 - a * free)
        far = np.where(half_b >= 0, half_b + root, half_b - root) / a
        near = np.where(far != 0, free / (a * far), 0.0)
    lower, upper = centre + np.fmin(far, near), centre + np.fmax(far, near)
    missing = ~np.isfinite(root)
    lower, upper = np.where(missing, c.U_low, lower), np.where(missing, c.U_low, upper)
    clipped = [np.clip(b, c.U_low, c.U_high) for b in (lower, upper)]
    return np.stack([c.U_low, *clipped, c.U_high], axis=1), np.stack([e0, e1, kappa], axis=1)


def _arc(e: Array, c: Cell, U: Array) -> Array:
    """phi_0: E_X >= x_min E holds on phi_0 <= |phi| <= pi."""
    linear = e[:, 0:1] + e[:, 1:2] * U
    width = np.sqrt(np.maximum((U - c.U_low[:, None]) * (c.U_high[:, None] - U), 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = linear / (e[:, 2:3] * width)
    cosine = np.where(np.isnan(cosine), np.sign(linear), cosine)
    return np.arccos(np.clip(cosine, -1.0, 1.0))


Amplitude = Callable[[dict[str, Array], Cell, Array, float, float], Array]


def spin01(mediator: str) -> Amplitude:
    """L of a spin-0/1 mediator as a function of the invariants of a cell."""

    def amplitude(v: dict[str, Array], c: Cell, U: Array, m: float, mX: float) -> Array:
        return closed_form(mediator, c.s, U, c.t[:, None], v["PD"], v["PP"], v["G1"], v["G2"], v["Gk"], m, mX)

    return amplitude


def _phi_integral(r: Reaction, c: Cell, U: Array, phi_0: Array | None, amplitudes: list[Amplitude]) -> Array:
    """int dphi L over the allowed arc, from the quadratic through cos phi = -1, 0, 1; shape (n, n_t, n_U)."""
    values = []
    for cosine in (-1.0, 0.0, 1.0):
        v = invariants_at(c, r.m, r.mX, U, np.float64(cosine))
        values.append([f(v, c, U, r.m, r.mX) for f in amplitudes])
    minus, zero, plus = (np.array(x) for x in values)
    linear, quadratic = (plus - minus) / 2, (plus + minus) / 2 - zero
    if phi_0 is None:
        return 2 * np.pi * (zero + quadratic / 2)
    sine, cosine = np.sin(phi_0), np.cos(phi_0)
    rest = np.pi - phi_0
    return 2 * zero * rest - 2 * linear * sine + quadratic * (rest - sine * cosine)


def _U_nodes(edges: Array, order: int, width: float, smooth_ends: bool) -> tuple[Array, Array]:
    """Nodes in ln U between edges[:, 0] and edges[:, 1]; `smooth_ends` maps away square roots at both ends."""
    low, span = np.log(edges[:, 0]), np.log(edges[:, 1] / edges[:, 0])
    if smooth_ends:
        v, w = panels(0.0, 1.0, 1.0, 3 * order)
        v, w = (1 - np.cos(np.pi * v)) / 2, w * np.pi / 2 * np.sin(np.pi * v)
    else:
        v, w = panels(0.0, 1.0, width / max(width, float(span.max())), order)
    U = np.exp(low[:, None] + span[:, None] * v)
    return U, w * span[:, None] * U


def _U_integral(r: Reaction, c: Cell, amplitudes: list[Amplitude], order: int) -> Array:
    """int dU dphi L; shape (n, n_t)."""
    if r.x_min <= 0:
        U, w = _U_nodes(np.stack([c.U_low, c.U_high], axis=1), order, 3.0, False)
        return (_phi_integral(r, c, U, None, amplitudes) * w).sum(axis=-1)
    edges, e = _regions(r, c)
    total = np.zeros((len(amplitudes), len(c.t)))
    for i in range(3):
        U, w = _U_nodes(edges[:, i : i + 2], order, 3.0, i == 1)
        total += (_phi_integral(r, c, U, _arc(e, c, U), amplitudes) * w).sum(axis=-1)
    return total


def _t_limits(r: Reaction, s: float) -> tuple[float, float]:
    """Roots of q_T^2 = 0: a t^2 - b t + s^2/4 = 0."""
    p2 = r.E**2 - r.m**2
    a = (r.m**2 + r.M**2 + 2 * r.M * r.E) / (4 * r.M**2)
    b = p2 - s / 2 * (1 + r.E / r.M)
    high = (b + np.sqrt(max(b * b - a * s * s, 0.0))) / (2 * a)
    return s * s / (4 * a * high), high


def cross_section(r: Reaction, amplitudes: list[Amplitude], order: int = 8, width: float = 1.5) -> Array:
    """sigma at unit coupling [GeV^-2] for each amplitude; 0 below threshold."""
    s_low = r.mX**2 + 2 * r.m * r.mX
    S = r.m**2 + r.M**2 + 2 * r.M * r.E
    s_high = (np.sqrt(S) - r.M) ** 2 - r.m**2
    total = np.zeros(len(amplitudes))
    if s_high <= s_low:
        return total
    for s, weight in zip(*_s_nodes(r, s_low, s_high, width, order), strict=True):
        t_low, t_high = _t_limits(r, s)
        kinks = [np.log(2 * r.M * T / t_low) for T in _recoil_at_cut(r, s) if T > 0] if r.x_min > 0 else []
        y, w = split_panels(kinks, 0.0, np.log(t_high / t_low), width, order)
        c = _cell(r, s, y, t_low, t_high)
        inner = _U_integral(r, c, amplitudes, order) * r.form_factor(c.t) / c.t**2 / (2 * np.sqrt(c.Lambda))
        total += weight * (inner * w * c.t).sum(axis=1)
    p2 = r.E**2 - r.m**2
    return total * (4 * np.pi * ALPHA) ** 2 / 2 / (64 * np.pi * r.M**2 * p2) / (2 * np.pi) / (16 * np.pi**2)
