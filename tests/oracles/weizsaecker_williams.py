"""Form factors, fluxes and Weizsaecker-Williams cross sections from their published formulae, by other means.

Form factors and fluxes in mpmath; cross sections by a product of Gauss-Legendre rules in numpy, in the angle itself
(nothing adaptive, no invariants), with the amplitudes of Liu, McKeen & Miller, 1609.06781, and Liu & Miller,
1705.01633, as printed there in x and U.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from mpmath import mp, mpf
from numpy.typing import NDArray

Array = NDArray[np.float64]

ALPHA = 1.0 / 137.035999177
ELECTRON_MASS = 0.51099895069e-3
MUON_MASS = 0.1056583755


def _third(n: int, x: Any) -> Any:
    return mpf(x) ** (mpf(n) / 3)


def form_factor(name: str, Z: float, A: float) -> Callable[[Any], mpf]:
    """G2(t) with the working precision of mpmath."""
    m_e, m_p, mu, fermi = mpf("0.51099895069e-3"), mpf("0.938"), mpf("2.79"), 1 / mpf("0.1973269804")
    a, d = 111 * _third(-1, Z) / m_e, mpf("0.164") * _third(-2, A)
    a_in = 773 * _third(-2, Z) / m_e
    if name == "tsai_inelastic_724":
        a, a_in = (r * mp.exp(-mpf(1) / 2) / m_e for r in (mpf("184.15") * _third(-1, Z), 1194 * _third(-2, Z)))

    def screening(radius: mpf, t: mpf) -> mpf:
        return (radius**2 * t / (1 + radius**2 * t)) ** 2

    def proton(t: mpf) -> mpf:
        tau = t / (4 * m_p**2)
        dipole = (1 + t / mpf("0.71")) ** -4
        if name == "tsai_quasi_elastic":
            return dipole * (1 + tau * mu**2) / (1 + tau)
        return ((1 + tau * (mu**2 - 1)) * dipole) ** 2

    def tsai(t: mpf) -> mpf:
        elastic = Z**2 * screening(a, t) / (1 + t / d) ** 2
        return elastic if name == "tsai" else elastic + Z * screening(a_in, t) * proton(t)

    def helm(t: mpf) -> mpf:
        c = mpf("1.23") * _third(1, A) - mpf("0.6")
        R = fermi * mp.sqrt(c**2 + 7 * mp.pi**2 / 3 * mpf("0.52") ** 2 - 5 * mpf("0.9") ** 2)
        z = mp.sqrt(t) * R
        sphere = 3 * (mp.sin(z) - z * mp.cos(z)) / z**3
        return Z**2 * screening(a, t) * sphere**2 * mp.exp(-t * (mpf("0.9") * fermi) ** 2)

    def exponential(t: mpf) -> mpf:
        R = fermi * (mpf("0.91") * _third(1, mpf("0.9315") * A) + mpf("0.3"))
        return Z**2 * screening(a, t) * mp.exp(-t * R**2 / 3)

    forms = {
        "helm": helm,
        "exponential": exponential,
        "point_like": lambda t: Z**2 * screening(a, t),
        "none": lambda _: mpf(Z) ** 2,
    }
    return lambda t: forms.get(name, tsai)(mpf(t))


def flux(name: str, Z: float, A: float, t_min: float, t_max: float) -> mpf:
    """int dt (t - t_min)/t^2 G2(t), in unit panels of ln t."""
    G2, low, high = form_factor(name, Z, A), mpf(t_min), mpf(t_max)
    a, b = mp.log(low), mp.log(high)
    panels = mp.linspace(a, b, int(b - a) + 2)
    return mp.quad(lambda y: (mp.exp(y) - low) / mp.exp(y) * G2(mp.exp(y)), panels, method="gauss-legendre")


def amplitude(mediator: str, x: Array, U: Array, m: float, mX: float) -> Array:
    """A of 1705.01633: spin-averaged |M|^2 over e^2 g^2."""
    product = -U * x + mX**2 * (1 - x) + m**2 * x**2
    if mediator in ("scalar", "pseudoscalar"):
        shift = -4 * m**2 if mediator == "scalar" else 0.0
        return x**2 / (1 - x) + 2 * (mX**2 + shift) * product / U**2
    common = 2 * (2 - 2 * x + x**2) / (1 - x)
    if mediator == "vector":
        return common + 4 * (mX**2 + 2 * m**2) * product / U**2
    return 4 * m**2 * x**2 / (mX**2 * (1 - x)) + common + 4 * (mX**2 - 4 * m**2) * product / U**2


def _rule(low: float, high: float, width: float, order: int) -> tuple[Array, Array]:
    """Composite Gauss-Legendre rule."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    edges = np.linspace(low, high, int(np.ceil((high - low) / width)) + 1)
    half = 0.5 * np.diff(edges)[:, None]
    middle = 0.5 * (edges[1:] + edges[:-1])[:, None]
    return (middle + half * nodes).ravel(), (half * weights).ravel()


def tsai_flux(Z: float, A: float, t_min: Array, t_max: float) -> Array:
    """Flux of the elastic Tsai form on an array of t_min, by 16 panels of 10 points in ln(t/t_min)."""
    a2, d = (111 * Z ** (-1 / 3) / ELECTRON_MASS) ** 2, 0.164 * A ** (-2 / 3)
    v, weight = _rule(0.0, 1.0, 1 / 16, 10)
    length = np.log(np.maximum(t_max / t_min, 1.0))
    total = np.zeros_like(t_min)
    for share, w in zip(v, weight, strict=True):
        t = t_min * np.exp(share * length)
        total += w * length * (1 - t_min / t) * (Z * a2 * t / (1 + a2 * t) / (1 + t / d)) ** 2
    return total


def cross_section(
    mediator: str, m: float, mX: float, E: float, Z: float, A: float, *, x_min: float = 0.0, method: str = "ww"
) -> float:
    """Sigma at unit coupling [GeV^-2] of the methods ww, ww_mass_cutoff and iww with the elastic Tsai form.

    d sigma/dx dcos(theta) = 2 epsilon^2 alpha^3 E^2 x beta_k (1-x) chi A/U^2 with epsilon^2 = 1/(4 pi alpha), and
    dcos(theta) = dtheta^2/2.
    """
    low, high = max(mX / E, x_min), 1 - m / E
    # x = 1/(1 + exp(-y)) opens both ends; y = low + (..)^2 removes the root at x = m_X/E
    y_low, y_high = np.log(low / (1 - low)), np.log(high / (1 - high))
    r, wr = _rule(0.0, np.sqrt(y_high - y_low), 0.35, 10)
    y = y_low + r**2
    x, rest = 1 / (1 + np.exp(-y)), 1 / (1 + np.exp(y))
    wx = wr * 2 * r * x * rest
    total = 0.0
    constant = tsai_flux(Z, A, np.array([mX**4 / (4 * E**2)]), mX**2 + m**2)
    cut = E**2 if method != "ww_mass_cutoff" else mX**2 + m**2
    for xi, ri, wi in zip(x, rest, wx, strict=True):
        U0 = mX**2 * ri / xi + m**2 * xi
        theta2_max = (2 * E * ri * np.sqrt(cut) - U0) / (xi * E**2)
        if theta2_max <= 0:
            continue
        scale = U0 / (xi * E**2)
        u, wu = _rule(0.0, np.log1p(theta2_max / scale), 1.2, 10)
        theta2 = scale * np.expm1(u)
        U = xi * E**2 * theta2 + U0
        chi = constant if method == "iww" else tsai_flux(Z, A, (U / (2 * E * ri)) ** 2, cut)
        A_ = amplitude(mediator, np.full_like(U, xi), U, m, mX)
        beta = np.sqrt(1 - (mX / (xi * E)) ** 2)
        slice_ = np.sum(wu * (theta2 + scale) / 2 * chi * A_ / U**2)
        total += wi * 2 * ALPHA**3 / (4 * np.pi * ALPHA) * E**2 * xi * beta * ri * slice_
    return float(total)
