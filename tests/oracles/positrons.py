"""Annihilation of the positrons of a shower on electrons at rest, e+ e- -> X* -> f: nothing of pheno is used.

    N = n_e X0 int dy n_+(y) sigma(s),   y = ln(E0/E),   s = 2 m_e^2 + 2 m_e E,   E_X = E + m_e

Cross sections are squared amplitudes, traces done by hand, over the flux and integrated over the angle: no width comes
in but the constant one of the propagator. Track lengths are the transport equations of approximation A on a grid in y:
no Mellin transform.

All equations of transport are convolutions in y. With v = k/E and u = E/k the kernels per radiation length are

    G(z) = 4/3 (1 - v) + v^2          photons of an electron, v = e^-z
    H(z) = u - 4/3 u^2 + 4/3 u^3      positrons (or electrons) of a photon, u = e^-z; photons live for 9/7 X0
    K(z) = int_w^1 [4/3 (1-v)/v + v]  steps of ln E by more than z, w = 1 - e^-z

so that the track length of an electron that makes no pairs is n1 with n1 * K = 1 (each energy is passed once), and
n_+ = n1 * C * (n1 + 2 n_+) with C = 9/7 H * G. Lengths times depth or angle squared obey the same with other sources.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

ELECTRON = 0.51099895069e-3
CHARGE = np.sqrt(4 * np.pi / 137.035999177)
AVOGADRO = 6.02214076e23
CM2 = 0.3893793721e-27  # (hbar c)^2 [GeV^2 cm^2]
SCATTERING = 0.0212**2  # as in showers.py
LIFE = 9.0 / 7.0
SPIN = {"scalar": 0, "pseudoscalar": 0, "vector": 1, "axial_vector": 1, "tensor": 2}
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)

# --- cross sections


def squared_amplitude(mediator, final, s, cos, m_chi):
    """Sum over the spins of all, over 4, times |s - m^2 + i m Gamma|^2, couplings taken out; of the axial vector the
    part of spin 1. Couplings as in pheno.models; for the tensor in units of c_l c_chi/Lambda^2.
    """
    b, B = 1 - 4 * ELECTRON**2 / s, 1 - 4 * m_chi**2 / s  # squares of velocities
    c2 = cos**2
    known = {
        ("vector", "complex_scalar"): 0.5 * s**2 * B * (1 - b * c2),
        ("vector", "dirac"): s**2 * (1 + b * B * c2 + (1 - b) + (1 - B)),
        ("axial_vector", "complex_scalar"): 0.5 * s**2 * b * B * (1 - c2),
        ("axial_vector", "dirac"): s**2 * b * B * (1 + c2),
        ("scalar", "complex_scalar"): 2 * s * b * m_chi**2,
        ("scalar", "dirac"): s**2 * b * B,
        ("pseudoscalar", "dirac"): s**2,
    }
    if (mediator, final) == ("tensor", "complex_scalar"):
        # M = -2 vbar [a Rslash - R^2 m_e/3] u with R = (k1-k2)/2, r = (p1-p2)/2, a = r.R
        a2, trace = s**2 * b * B * c2 / 16, -ELECTRON * s * B / 12
        vector = 4 * a2 * (s**2 * B / 8 - 2 * a2)
        return vector + 16 * ELECTRON * a2 * trace + 2 * s * b * trace**2
    return known[mediator, final] + 0 * cos


def longitudinal(final, m_chi, mass, width):
    """Part of spin 0 of the axial vector, the whole |M|^2: k k/m^2 leaves no pole, 1/s - 1/m^2 cancels it.

    k.j = 2 m_e (vbar gamma5 u), so that it is 16 (m_e m_chi)^2/m^4, with m^2 - i m Gamma in the propagator.
    """
    if final != "dirac":
        return 0.0  # k.j = 0 of a pair of scalars
    return 16 * (ELECTRON * m_chi) ** 2 / (mass**4 + (mass * width) ** 2)


@dataclass(frozen=True)
class Annihilation:
    """e+ e- -> X* -> f with a constant width; ``coupling`` is the product of that to electrons and that to f.

    Dimensionless but for the tensor: c_l c_chi/Lambda^2 [GeV^-2]. ``contact`` adds the part of spin 0 of the axial
    vector, which is no production of X.
    """

    mediator: str
    final: str
    mass: float
    m_chi: float
    width: float
    coupling: float = 1.0
    contact: bool = True

    def cross_section(self, s):
        """sigma(s) [GeV^-2], exactly 0 below threshold: flux 2 s beta_e, phase space beta/(8 pi)."""
        s = np.asarray(s, dtype=float)
        threshold = 4 * max(self.m_chi, ELECTRON) ** 2
        at = np.maximum(s, threshold * (1 + 1e-12))
        b, B = 1 - 4 * ELECTRON**2 / at, 1 - 4 * self.m_chi**2 / at
        squares = squared_amplitude(self.mediator, self.final, at[..., None], NODES, self.m_chi) @ WEIGHTS / 2
        squares /= (at - self.mass**2) ** 2 + (self.mass * self.width) ** 2
        if self.mediator == "axial_vector" and self.contact:
            squares += longitudinal(self.final, self.m_chi, self.mass, self.width)
        sigma = self.coupling**2 * squares * np.sqrt(B) / (8 * np.pi) / (2 * at * np.sqrt(b))
        return np.where(s > threshold, sigma, 0.0)

    def integral(self, low, high, weight=None, panels=40):
        """int ds weight(s) sigma(s) between two s: Gauss in the phase of the pole, panels closing in on both ends."""
        pole, half = self.mass**2, self.mass * self.width
        low = max(low, 4 * self.m_chi**2)
        if high <= low:
            return 0.0
        ends = np.arctan2(np.array([low, high]) - pole, half)
        # powers of 2 of the distance from either end, so that roots and logarithms there do no harm
        steps = 0.5 ** np.arange(panels, 0, -1)
        middle = np.clip(0.0, *ends) if ends[0] < 0 < ends[1] else ends.mean()
        edges = [ends[0] + (middle - ends[0]) * np.append(0.0, steps), [middle]]
        edges.append(ends[1] - (ends[1] - middle) * np.append(steps[::-1], 0.0))
        edges = np.concatenate(edges)
        phase = (0.5 * (edges[1:] + edges[:-1]))[:, None] + 0.5 * np.diff(edges)[:, None] * NODES
        s = np.clip(pole + half * np.tan(phase), low, high)
        value = self.cross_section(s) * ((s - pole) ** 2 + half**2) / half
        if weight is not None:
            value *= weight(s)
        return float(np.sum(0.5 * np.diff(edges)[:, None] * WEIGHTS * value))


def narrow_width(mediator, mass, width_ee):
    """int ds sigma over all final states for Gamma -> 0 [GeV^0]."""
    return 4 * np.pi**2 * (2 * SPIN[mediator] + 1) * width_ee / (mass * (1 - 4 * ELECTRON**2 / mass**2))


# --- transport


def _convolve(a, b):
    """First terms of a convolution, as many as the shorter has."""
    n = min(len(a), len(b))
    size = next_fast_len(2 * n)
    return irfft(rfft(a[:n], size) * rfft(b[:n], size), size)[:n]


def _pair_kernel(z):
    """C = 9/7 H * G, a sum over exponentials of both."""
    total = np.zeros_like(z)
    for h, i in ((1.0, 1), (-4.0 / 3.0, 2), (4.0 / 3.0, 3)):
        for g, j in ((4.0 / 3.0, 0), (-4.0 / 3.0, 1), (1.0, 2)):
            total += h * g * (z * np.exp(-i * z) if i == j else np.exp(-i * z) * np.expm1((i - j) * z) / (i - j))
    return LIFE * total


def _steps(w, z):
    """K(z) + 4/3 ln z, which is smooth; w = 1 - e^-z."""
    return -4.0 / 3.0 * (np.log(w / z) + 1 - w) + 0.5 * (1 - w * w)


def _primary(cells, h):
    """Lengths n1 in cells of y of width h, uniform in each: their sum with the means of K is 1 at each edge."""
    edges = h * np.arange(cells + 1)
    z = edges[:-1, None] + 0.5 * h * (1 + NODES)
    smooth = _steps(-np.expm1(-z), z) @ WEIGHTS / 2
    antiderivative = np.append(0.0, edges[1:] * (np.log(edges[1:]) - 1))
    kernel = smooth - 4.0 / 3.0 * np.diff(antiderivative) / h
    found = np.zeros(cells)
    for i in range(cells):
        found[i] = (1 - found[:i] @ kernel[i:0:-1]) / kernel[0]
    return found


def _smear(measure, values):
    """Measure, uniform in cells, * a function known at the edges and linear between, 0 at 0: at the edges."""
    return np.append(0.0, _convolve(measure, 0.5 * (values[1:] + values[:-1])))


def _from_primary(cells, kernel):
    """Kernel known at the edges * a measure that is uniform in cells; kernel(0) = 0."""
    return np.append(0.0, _convolve(cells, 0.5 * (kernel[1:] + kernel[:-1])))


def _volterra(kernel, source, h):
    """f = source + 2 kernel * f by the trapezoidal rule; kernel and source are 0 at 0."""
    found = np.zeros_like(source)
    for i in range(1, len(source)):
        found[i] = source[i] + 2 * h * (found[1:i] @ kernel[i - 1 : 0 : -1])
    return found


@dataclass(frozen=True)
class Tracks:
    """At the edges y: density in y of the track length [X0] of positrons, of length times depth [X0], and of length
    times angle squared, in units of (E_s/E0)^2; of a beam of electrons. ``primary`` is the length above, of the first.
    """

    y: np.ndarray
    density: np.ndarray
    depth: np.ndarray
    square: np.ndarray
    primary: np.ndarray


@dataclass(frozen=True)
class Primary:
    """Of an electron that makes no pairs: length in each cell, length times depth, length times angle squared."""

    length: np.ndarray
    depth: np.ndarray
    square: np.ndarray


def _moments(y):
    h = y[1]
    n1 = _primary(len(y) - 1, h)
    inside = np.expm1(2 * h) / (2 * h) * np.exp(2 * y[:-1])  # mean of e^2y in a cell
    # two legs of the primary: a cell with a cell is a triangle over two cells
    n11, n1_square = (_convolve(n1, n1 * factor) for factor in (1.0, inside))
    return Primary(n1, *(0.5 * (x + np.append(0.0, x[:-1])) for x in (n11, n1_square)))


def _level(y_max, cells):
    h = y_max / cells
    y = h * np.arange(cells + 1)
    beam = _moments(y)
    n1 = beam.length
    pairs = _smear(n1, _pair_kernel(y))  # B = n1 * C
    first = _from_primary(n1, pairs)
    density = _volterra(pairs, first, h)
    legs = LIFE * (first + 2 * h * _convolve(pairs, density))  # of photons
    depth = _smear(n1, density) + legs + _from_primary(beam.depth, pairs)
    square = _smear(n1, density * np.exp(2 * y)) + _from_primary(beam.square, pairs)
    primary = np.append(0.0, np.cumsum(n1))
    return Tracks(y, density, _volterra(pairs, depth, h), _volterra(pairs, square, h), primary)


def _extrapolated(solve, y_max, cells):
    """Grid of ``cells`` and of twice as many; what is left of the error, of first order in ``_primary``, is h^2."""
    coarse, fine = solve(y_max, cells), solve(y_max, 2 * cells)
    names = [field.name for field in fields(coarse) if field.name != "y"]
    return replace(coarse, **{name: 2 * getattr(fine, name)[::2] - getattr(coarse, name) for name in names})


def refined(solve, y_max, cells, levels, ratio):
    """What ``solve(y_max, cells)`` finds, on grids each ``ratio`` times finer towards y = 0: n1 is as 1/(y ln^2 y)."""
    found = None
    for level in range(levels):
        one = _extrapolated(solve, y_max / ratio**level, cells)
        if found is None:
            found = one
            continue
        beyond = found.y > one.y[-1] * (1 + 1e-9)
        names = [field.name for field in fields(one)]
        parts = {name: np.concatenate([getattr(one, name), getattr(found, name)[beyond]]) for name in names}
        found = replace(one, **parts)
    return found


@cache
def tracks(y_max, cells=1024, levels=6, ratio=8):
    """Tracks up to y_max."""
    return refined(_level, y_max, cells, levels, ratio)


def _cumulative(y, density):
    return np.sum(np.diff(y) * 0.5 * (density[1:] + density[:-1]))


def positron_tracks(fraction, energy, **grid):
    """Track length [X0] of positrons above ``fraction`` E0 per electron, mean depth [X0] and mean square angle."""
    found = tracks(float(-np.log(fraction)), **grid)
    length, depth, square = (_cumulative(found.y, x) for x in (found.density, found.depth, found.square))
    return length, depth / length, SCATTERING / energy**2 * square / length


# --- yield


@dataclass(frozen=True)
class Material:
    density: float
    A: float
    Z: float
    X0: float

    @property
    def electrons(self):
        """Per cm^2 and radiation length."""
        return self.density * AVOGADRO * self.Z / self.A * self.X0


LEAD = Material(density=11.35, A=207.2, Z=82, X0=0.5612)


def produced(annihilation, material, energy, x_min, **grid):
    """Mediators with E_X > x_min E0 per beam electron of ``energy`` [GeV]."""
    least = x_min * energy - ELECTRON
    found = tracks(float(-np.log(least / energy)), **grid)

    def weight(s):
        E = (s - 2 * ELECTRON**2) / (2 * ELECTRON)
        y = np.log(energy / E)
        return np.interp(y, found.y, found.density) / (2 * ELECTRON * E)  # dy = dE/E = ds/(2 m_e E)

    ends = (2 * ELECTRON**2 + 2 * ELECTRON * E for E in (least, energy))
    return material.electrons * CM2 * annihilation.integral(*ends, weight)


def produced_by_positrons(annihilation, material, energy, x_min):
    """The same for a beam of positrons, which annihilates itself: the length in each cell, uniform in y, times the
    integral of sigma over it by Gauss in the phase of the pole.
    """
    found = tracks(float(-np.log((x_min * energy - ELECTRON) / energy)))
    y, steps = found.y, np.diff(found.y)
    density = np.diff(found.primary) / steps + 0.5 * (found.density[1:] + found.density[:-1])
    pole, half = annihilation.mass**2, annihilation.mass * annihilation.width
    phase = np.arctan2(2 * ELECTRON**2 + 2 * ELECTRON * energy * np.exp(-y) - pole, half)
    middle, width = 0.5 * (phase[1:] + phase[:-1]), 0.5 * (phase[:-1] - phase[1:])
    s = pole + half * np.tan(middle[:, None] + width[:, None] * NODES)
    per_phase = annihilation.cross_section(s) * ((s - pole) ** 2 + half**2) / half / (s - 2 * ELECTRON**2)
    return material.electrons * CM2 * float(density @ ((per_phase @ WEIGHTS) * width))


def dark_photon(mass, alpha_D, *, epsilon=1e-4, ratio=3.0):
    """To a complex scalar; its width is that of this decay alone, the visible one being 1e-8 of it."""
    m_chi, g_D = mass / ratio, np.sqrt(4 * np.pi * alpha_D)
    width = g_D**2 * mass / (48 * np.pi) * (1 - 4 / ratio**2) ** 1.5
    return Annihilation("vector", "complex_scalar", mass, m_chi, width, epsilon * CHARGE * g_D)
