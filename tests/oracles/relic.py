"""Relic density of dark matter behind a dark photon, leptons only, on its own: nothing of pheno is used.

Cross sections in their textbook form, the thermal average of Gondolo & Gelmini in panels about threshold and pole,
degrees of freedom from the table of Laine & Meyer by a spline, and scipy's Radau for ln Y in ln x.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline
from scipy.special import kve

CHARGE = np.sqrt(4 * np.pi / 137.035999177)
LEPTONS = (0.51099895069e-3, 0.1056583755, 1.77693)
PLANCK_MASS, ENTROPY_TODAY, CRITICAL_DENSITY = 1.220890e19, 2891.2, 1.053672e-5
NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)
TABLE = Path(__file__).parents[2] / "pheno" / "cards" / "degrees_of_freedom" / "laine_meyer.csv"


class Plasma:
    """ln g and ln h against ln T, constant beyond the table."""

    def __init__(self) -> None:
        with TABLE.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
        T, g, h = (np.array([float(row[name]) for row in rows]) for name in ("T_GeV", "g", "h"))
        self.ends = np.log(T.min()), np.log(T.max())
        self.g, self.h = CubicSpline(np.log(T), np.log(g)), CubicSpline(np.log(T), np.log(h))

    def entropy(self, T: float) -> float:
        return float(np.exp(self.h(np.clip(np.log(T), *self.ends))))

    def root(self, T: float) -> float:
        """sqrt(g_*) of the Boltzmann equation."""
        at = np.log(T)
        inside = self.ends[0] < at < self.ends[1]
        at = np.clip(at, *self.ends)
        return float(np.exp(self.h(at) - 0.5 * self.g(at)) * (1 + (self.h(at, 1) / 3 if inside else 0.0)))


@dataclass(frozen=True)
class DarkPhoton:
    """One point; the width in the propagator is constant."""

    kind: str
    mass: float
    m1: float
    splitting: float
    epsilon: float
    alpha_D: float

    @property
    def m2(self) -> float:
        return self.m1 * (1 + self.splitting)

    @property
    def couplings(self) -> tuple[float, float]:
        return self.epsilon * CHARGE, np.sqrt(4 * np.pi * self.alpha_D)

    @property
    def width(self) -> float:
        (g, g_dark), M = self.couplings, self.mass
        found = 0.0
        for m in LEPTONS:
            if 2 * m < M:
                found += g**2 * M / (12 * np.pi) * np.sqrt(1 - 4 * m**2 / M**2) * (1 + 2 * m**2 / M**2)
        total, difference = (self.m1 + self.m2) / M, (self.m2 - self.m1) / M
        if total < 1:
            beta = np.sqrt((1 - total**2) * (1 - difference**2))
            shape = {"complex_scalar": beta**3 / 4, "majorana": beta**3 / 2}
            fermions = beta * (1 - difference**2) * (1 + total**2 / 2)
            found += g_dark**2 * M / (12 * np.pi) * shape.get(self.kind, fermions)
        return float(found)

    def species(self) -> list[tuple[float, float]]:
        """Masses and degrees of freedom, antiparticles included."""
        if self.kind == "pseudo_dirac":
            return [(self.m1, 2.0), (self.m2, 2.0)]
        return [(self.m1, 4.0 if self.kind == "dirac" else 2.0)]

    def equilibrium(self, T: float) -> float:
        """n_eq e^{m1/T}."""
        parts = [d * m**2 * kve(2, m / T) * np.exp(-(m - self.m1) / T) for m, d in self.species()]
        return float(T / (2 * np.pi**2) * sum(parts))

    def _edges(self, T: float) -> np.ndarray:
        """Distances from threshold at which panels end."""
        start, Gamma = self.m1 + self.m2, self.width
        edges = {0.0, *(T * 10 ** np.linspace(-8, np.log10(60), 60))}
        for m in LEPTONS:
            if 2 * m > start:
                edges |= {2 * m - start, *(2 * m - start + T * 10 ** np.linspace(-8, 1, 30))}
        pole = self.mass - start
        if pole > 0:
            steps = Gamma * 10 ** np.linspace(-3, 14, 70)
            edges |= {pole, *(pole + steps), *(pole - steps)}
        return np.array(sorted(u for u in edges if 0 <= u <= 60 * T))

    def average(self, T: float) -> float:
        """<sigma v> over all pairs of particles."""
        start, M = self.m1 + self.m2, self.mass
        edges = self._edges(T)
        low, high = edges[:-1, None], edges[1:, None]
        u = (0.5 * (low + high) + 0.5 * (high - low) * NODES).ravel()
        weight = (0.5 * (high - low) * WEIGHTS).ravel()
        W = start + u
        s = W**2
        momenta = u * (W + start) * (s - (self.m2 - self.m1) ** 2)  # the Kallen function
        visible = np.zeros_like(s)
        for m in LEPTONS:
            visible += np.sqrt(np.maximum(1 - 4 * m**2 / s, 0.0)) * (s + 2 * m**2)
        propagator = ((u - (M - start)) * (W + M)) ** 2 + (M * self.width) ** 2
        if self.kind in {"complex_scalar", "majorana"}:
            dark = np.sqrt(momenta) / s
        else:
            dark = (s - (self.m2 - self.m1) ** 2) * (2 * s + start**2) / (2 * s * np.sqrt(momenta))
        g, g_dark = self.couplings
        sigma = (g * g_dark) ** 2 * visible * dark / (12 * np.pi * propagator)
        integral = np.sum(weight * 2 * W * sigma * momenta / s * W * kve(1, W / T) * np.exp(-u / T))
        # ordered pairs that annihilate, times the spins of both
        pairs = {"complex_scalar": 2, "majorana": 4, "dirac": 8, "pseudo_dirac": 8}[self.kind]
        rate = pairs * T / (32 * np.pi**4) * integral * np.exp(-(start - 2 * self.m1) / T)
        return float(rate / self.equilibrium(T) ** 2)


def omega_h2(point: DarkPhoton) -> float:
    """Omega h^2, to 1e-6."""
    plasma, m = Plasma(), point.m1
    t = np.linspace(np.log(5.0), np.log(3e3 if point.splitting else 1e8), 1200)
    average = CubicSpline(t, np.log([point.average(m / x) for x in np.exp(t)]))

    def strength(at: float) -> float:
        T = m * np.exp(-at)
        return float(np.log(np.sqrt(np.pi / 45) * PLANCK_MASS * T * plasma.root(T)) + average(at))

    def equilibrium(at: float) -> float:
        T = m * np.exp(-at)
        return float(np.log(point.equilibrium(T) / (2 * np.pi**2 / 45 * plasma.entropy(T) * T**3)) - m / T)

    def slope(at: float, W: np.ndarray) -> np.ndarray:
        return np.exp(strength(at) + 2 * equilibrium(at) - W) - np.exp(strength(at) + W)

    def jacobian(at: float, W: np.ndarray) -> np.ndarray:
        return -np.diag(np.exp(strength(at) + 2 * equilibrium(at) - W) + np.exp(strength(at) + W))

    options = {"method": "Radau", "jac": jacobian, "rtol": 1e-8, "atol": 1e-8}
    run = solve_ivp(slope, (t[0], t[-1]), [equilibrium(t[0])], **options)
    Y = np.exp(run.y[0, -1])
    power = -(strength(t[-1]) - strength(t[-1] - 0.5)) / 0.5
    Y /= 1 + Y * np.exp(strength(t[-1])) / power
    return float(m * Y * ENTROPY_TODAY / CRITICAL_DENSITY)
