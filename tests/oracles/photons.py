"""Tracks of the photons of a shower on the grid of positrons.py: nothing of pheno is used.

Electrons and positrons together have the track length n_e = n1 + 2 n_+ per unit of y = ln(E0/E). They radiate G(z) per
X0, and each photon keeps its energy and direction for 9/7 X0 on average:

    T_gamma = 9/7 G * n_e
    lengths times depth:          9/7 G * (those of n_e) + 9/7 T_gamma
    lengths times angle squared:  9/7 G * (those of n_e)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.integrate import quad

from .positrons import LIFE, SCATTERING, _convolve, _cumulative, _level, _moments, _smear, refined


@dataclass(frozen=True)
class Photons:
    """At the edges y: density in y of the track length [X0], i.e. E T_gamma(E), of length times depth [X0], and of
    length times angle squared in units of (E_s/E0)^2.
    """

    y: np.ndarray
    density: np.ndarray
    depth: np.ndarray
    square: np.ndarray


def _convolved(values, kernel, h):
    """Both known at the edges, values(0) = 0: trapezoidal rule."""
    return h * (_convolve(values, kernel) - 0.5 * kernel[0] * values)


def _solve(y_max, cells):
    electrons = _level(y_max, cells)
    y = electrons.y
    beam, v = _moments(y), np.exp(-y)
    G = 4.0 / 3.0 * (1.0 - v) + v * v

    def radiated(primary, pairs):
        return LIFE * (_smear(primary, G) + 2 * _convolved(pairs, G, y[1]))

    density = radiated(beam.length, electrons.density)
    depth = radiated(beam.depth, electrons.depth) + LIFE * density
    return Photons(y, density, depth, radiated(beam.square, electrons.square))


@cache
def tracks(y_max, cells=1024, levels=6, ratio=8):
    """Photons up to y_max; at y = 0 the density is 0, from which it rises as 1/ln(1/y)."""
    return refined(_solve, y_max, cells, levels, ratio)


def photon_tracks(fraction, energy, **grid):
    """Track length [X0] of photons above ``fraction`` E0 per electron, mean depth [X0] and mean square angle."""
    found = tracks(float(-np.log(fraction)), **grid)
    length, depth, square = (_cumulative(found.y, x) for x in (found.density, found.depth, found.square))
    return length, depth / length, SCATTERING / energy**2 * square / length


def rossi(b=0.0):
    """R of T_gamma -> R E0/E^2 for E << E0: residue at s = 1 of the moments z = int dE E^s T(E), E0 = 1.

    A z_e = 1 + B z_g and sigma z_g = C z_e, where A is the loss of an electron, B twice the moment of pairs, C that of
    radiation, sigma the rate of pairs; energy is kept, A sigma = B C at s = 1. ``b`` makes 4/3 + 2 b of each 4/3.
    """
    screened = 4 / 3 + 2 * b

    def moment(f):
        return quad(f, 0, 1, epsabs=1e-12)[0]

    def radiation(v):
        return v * v + (1 - v) * screened

    def pairs(u):
        return 1 - screened * u * (1 - u)

    sigma, B, C = moment(pairs), moment(lambda u: 2 * u * pairs(u)), moment(radiation)
    loss = moment(lambda v: -(1 - v) * np.log1p(-v) / v * radiation(v))  # dA/ds
    gain = moment(lambda u: 2 * u * np.log(u) * pairs(u)) * C + B * moment(lambda v: np.log(v) * radiation(v))
    return C / (sigma * loss - gain)
