r"""A vector decays to three photons by the loop of a lepton: the exact one-loop width below the threshold of pairs.

The amplitude of four photons, one of them massive, is taken from the world line of the lepton: Bern and Kosower's
rules, with the integrand of four photons as cycles and tails after partial integration [Schubert, Phys. Rept. 355
(2001) 73, sec. 8; Strassler, Nucl. Phys. B 385 (1992) 145]. In units of the lepton's mass,

    A = 2 e^3 g/(16 pi^2) int_0^1 d^3u Q_4(u)/(1 + sum_{i<j} G_ij k_i.k_j)^2,   G = |u_i - u_j| - (u_i - u_j)^2 ,

which is gauge invariant before the integration over phase space and smooth below threshold. ``python -m
derive.three_photons`` in ``tools/`` prints the coefficients of :mod:`pheno.loops`, in a few minutes.
"""

from __future__ import annotations

from itertools import combinations, product
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
LEGS = range(4)
#: Leading order [Euler & Heisenberg], Gamma = LEADING alpha^3 g^2/(4 pi) m^9/m_l^8.
LEADING = 17 / (2**7 * 3**6 * 5**3 * pi**3)


def gauss(n: int) -> tuple[Array, Array]:
    x, w = np.polynomial.legendre.leggauss(n)
    return 0.5 * (x + 1), 0.5 * w


class Loop:
    """Points on the loop: three photons in every order, the fourth at 0, denser where all three meet half way.

    There the denominator vanishes at threshold. An order and its reverse contribute the same.
    """

    def __init__(self, n: int) -> None:
        x, w = gauss(n)
        root, share, inside = (grid.ravel() for grid in np.meshgrid(x, x, x, indexing="ij"))
        weight = (w[:, None, None] * w[:, None] * w).ravel()
        spread, centre = root**4, share**3
        weight = weight * 4 * root**3 * spread * 3 * share**2 * (1 - spread) / 2
        points, weights = [], []
        for side, order in product((1, -1), ((0, 1, 2), (1, 0, 2), (0, 2, 1))):
            first = 0.5 + side * centre * (1 - spread) / 2 - spread / 2
            places = (first, first + spread * inside, first + spread)
            points.append([*(places[i] for i in order), np.zeros_like(first)])
            weights.append(2 * weight)
        u = np.concatenate(points, axis=1)
        self.weight = np.concatenate(weights)
        distance = u[:, None] - u[None]
        self.sign = np.sign(distance)
        self.slope = self.sign - 2 * distance
        self.green = np.abs(distance) - distance**2

    def denominator(self, k: Array) -> Array:
        """One plus sum of G_ij k_i.k_j, in units of the lepton's mass squared."""
        dots = k @ METRIC @ k.T
        return np.asarray(1 + sum(self.green[i, j] * dots[i, j] for i, j in combinations(LEGS, 2)))

    def amplitude(self, k: Array, polarisations: Array, denominator: Array) -> float:
        """Amplitude over 2 e^3 g/(16 pi^2); all momenta incoming."""
        return float(np.sum(self.weight * _Numerator(self, k, polarisations).total() / denominator**2))


class _Numerator:
    """Q_4: products of cycles, and of cycles with tails; the spin of the lepton is in the cycles."""

    def __init__(self, loop: Loop, k: Array, e: Array) -> None:
        self.slope, self.sign = loop.slope, loop.sign
        self.kk, self.ek, self.ee = k @ METRIC @ k.T, e @ METRIC @ k.T, e @ METRIC @ e.T
        self.field = [(np.outer(a, b) - np.outer(b, a)) @ METRIC for a, b in zip(k, e, strict=True)]

    def total(self) -> Array:
        found: Any = sum(self.cycle(*c) for c in ((0, 1, 2, 3), (0, 1, 3, 2), (0, 2, 1, 3)))
        for i in LEGS:
            found = found + self.cycle(*(j for j in LEGS if j != i)) * self.tail(i)
        for i, j in combinations(LEGS, 2):
            rest = tuple(leg for leg in LEGS if leg not in {i, j})
            found = found + self.cycle(*rest) * self.tails(i, j)
            if i == 0:
                found = found + self.cycle(i, j) * self.cycle(*rest)
        return np.asarray(found)

    def cycle(self, *legs: int) -> Array:
        trace = np.trace(np.linalg.multi_dot([self.field[i] for i in legs])) / (2 if len(legs) == 2 else 1)
        steps = list(zip(legs, legs[1:] + legs[:1], strict=True))
        scalar, spinor = (np.prod([g[i, j] for i, j in steps], axis=0) for g in (self.slope, self.sign))
        return np.asarray(trace * (scalar - spinor))

    def tail(self, i: int) -> Any:
        return sum(self.slope[i, r] * self.ek[i, r] for r in LEGS if r != i)

    def tails(self, i: int, j: int) -> Any:
        rest = [leg for leg in LEGS if leg not in {i, j}]
        both = sum(
            self.slope[i, r] * self.ek[i, r] * self.slope[j, s] * self.ek[j, s]
            for r, s in product(LEGS, LEGS)
            if r != i and s != j and (r, s) != (j, i)
        )
        ends = sum(self.slope[i, r] * self.kk[i, r] - self.slope[j, r] * self.kk[j, r] for r in rest)
        return both + 0.5 * self.slope[i, j] * self.ee[i, j] * ends


def photon_momenta(m: float, x1: float, x2: float) -> Array:
    """Three photons with the energies x_i m/2 in the plane y = 0."""
    energies = 0.5 * m * np.array([x1, x2, 2 - x1 - x2])
    cos = 1 - 2 * (1 - 2 * energies[2] / m) / (x1 * x2)
    first = energies[0] * np.array([0, 0, 1.0])
    second = energies[1] * np.array([np.sqrt(max(0.0, 1 - cos * cos)), 0, cos])
    space = np.array([first, second, -first - second])
    return np.column_stack([energies, space])


def factor(m: float, *, points: int = 16, energies: int = 8) -> float:
    """Width over the leading order, for the mass m in units of the lepton's."""
    loop = Loop(points)
    x, w = gauss(energies)
    total = 0.0
    for (a, wa), (b, wb) in product(zip(x, w, strict=True), repeat=2):
        total += wa * wb * a * _squared(loop, m, photon_momenta(m, a, 1 - a + a * b))
    strength = (2 / (16 * pi**2)) ** 2 * (4 * pi) ** 4
    # 3! identical photons, 3 polarisations, dGamma = sum |A|^2 dE1 dE2/((2 pi)^3 8 m)
    width = strength * total / 6 / 3 * (m / 2) ** 2 / ((2 * pi) ** 3 * 8 * m)
    return width / (LEADING * m**9)


def _squared(loop: Loop, m: float, photons: Array) -> float:
    k = np.vstack([-photons, [m, 0, 0, 0]])
    denominator = loop.denominator(k)
    normal = np.array([0, 0, 1.0, 0])
    transverse = [(np.array([0, *np.cross(p[1:] / p[0], [0, 1.0, 0])]), normal) for p in photons]
    massive = (np.array([0, 1.0, 0, 0]), np.array([0, 0, 0, 1.0]), normal)
    found = 0.0
    for which in product((0, 1), (0, 1), (0, 1), range(3)):
        if (sum(which[:3]) + (which[3] == 2)) % 2:
            continue  # an odd number of polarisations normal to the plane: 0 by reflection
        e = np.array([*(transverse[i][which[i]] for i in range(3)), massive[which[3]]])
        found += loop.amplitude(k, e, denominator) ** 2
    return found


def coefficients(degree: int = 6, masses: int = 20) -> Array:
    """Factor = P(w)^-2, w = sqrt(1 - m^2/4 m_l^2): coefficients of P from the constant up, from a fit."""
    w = 0.5 * (1 + np.cos(pi * (np.arange(masses) + 0.5) / masses))
    values = np.array([factor(2 * np.sqrt(1 - v * v), points=24) for v in w])
    # weights: equal relative deviations
    fit = np.polynomial.Chebyshev.fit(w, values**-0.5, degree, domain=[0, 1], w=np.sqrt(values))
    return np.asarray(fit.convert(kind=np.polynomial.Polynomial).coef)


if __name__ == "__main__":
    for number in coefficients():
        print(f"    {number:.8g},")
