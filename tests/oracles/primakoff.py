"""Primakoff production gamma N -> a N by the photons of a shower, L = -(g/4) a F Ftilde: nothing of pheno is used.

The amplitude is g e Z F(t)/t eps(epsilon, k, P + P', q) with q = k - p: the Levi-Civita tensor is contracted with
four-vectors of numbers, for both polarisations of the photon. The nucleus is at rest, has spin 0 and the mass A u, and
recoils. Cross sections are per g^2, with g in GeV^-1.

    d sigma/dt = mean |M|^2/(16 pi (2 M E)^2),    t_min < t = -q^2 < t_max,    E_a = E - t/(2M)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, permutations

import numpy as np
from mpmath import mp, mpf

from .kinematics import ATOMIC_MASS_UNIT, ELECTRON_MASS
from .photons import tracks
from .positrons import AVOGADRO, CM2, Material
from .totals import ALPHA, Reaction, panels
from .weizsaecker_williams import form_factor

PICOBARN = 1e36 * CM2  # (hbar c)^2 [GeV^2 pb]
ALUMINIUM = Material(density=2.699, A=26.982, Z=13, X0=8.897)
DPS = 60  # t_min/E^2 may be 1e-30


def _levi_civita():
    tensor = np.zeros((4, 4, 4, 4))
    for order in permutations(range(4)):
        tensor[order] = round(np.linalg.det(np.eye(4)[list(order)]))
    return tensor


LEVI_CIVITA = _levi_civita()


#: Both of a photon along z.
POLARISATIONS = np.array([[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]])


def squared_vertex(k, J, q, polarisations=POLARISATIONS):
    """Sum over the polarisations of photon ``k`` (4) of eps(epsilon, k, J, q)^2; J and q of shape (n, 4)."""
    total = np.zeros(len(J))
    for epsilon in polarisations:
        of_photon = np.einsum("abcd,a,b->cd", LEVI_CIVITA, epsilon, k)
        total += np.einsum("cd,nc,nd->n", of_photon, J, q) ** 2
    return total


@dataclass(frozen=True)
class Primakoff:
    """A photon of energy E [GeV] on a nucleus (Z, A) at rest; ``form`` as in weizsaecker_williams.form_factor.

    Points are given by u = t - t_min, which keeps its digits where the transverse momentum vanishes.
    """

    E: float
    mass: float
    Z: int
    A: int
    form: str = "tsai"

    @property
    def M(self):
        return self.A * ATOMIC_MASS_UNIT

    @cached_property
    def limits(self):
        """t_min and t_max [GeV^2] in mpmath, from energies and momenta in the centre of mass; None if closed."""
        with mp.workdps(DPS):
            E, m, M = mpf(self.E), mpf(self.mass), mpf(self.M)
            W = mp.sqrt(M**2 + 2 * M * E)
            if W <= M + m:
                return None
            k, energy = E * M / W, (W**2 + m**2 - M**2) / (2 * W)
            p = mp.sqrt(energy**2 - m**2)
            return 2 * k * (energy - p) - m**2, 2 * k * (energy + p) - m**2

    def G2(self, t):
        """Z^2 F^2(t)."""
        if self.form == "tsai":
            return Reaction(self.E, 0.0, self.M, self.Z, self.A, self.mass, ELECTRON_MASS).form_factor(t)
        G2 = form_factor(self.form, self.Z, self.A)
        return np.array([float(G2(x)) for x in t])

    def momenta(self, u):
        """t, q = k - p and J = P + P' = 2 P + q of shape (n, 4), in the plane x-z with the photon along z."""
        t_min, t_max = self.limits
        t, rest = float(t_min) + u, float(t_max - t_min) - u
        transverse = np.sqrt(np.maximum((1 + 2 * self.E / self.M) * u * rest, 0.0)) / (2 * self.E)
        T = t / (2 * self.M)  # kinetic energy of the nucleus
        along = T + (t + self.mass**2) / (2 * self.E)  # m_a^2 = (k - q)^2
        q = np.stack([T, -transverse, np.zeros_like(T), along], axis=-1)
        return t, q, q + np.array([2 * self.M, 0.0, 0.0, 0.0])

    def differential(self, u):
        """d sigma/dt [GeV^-4 per g^2] at t = t_min + u inside the limits."""
        t, q, J = self.momenta(u)
        k = np.array([self.E, 0.0, 0.0, self.E])
        mean = 0.5 * squared_vertex(k, J, q) * 4 * np.pi * ALPHA * self.G2(t) / t**2
        return mean / (16 * np.pi * (2 * self.M * self.E) ** 2)

    def integral(self, low, high, width=1.0, order=16):
        """int dt d sigma/dt between two u, panels in ln t."""
        if high <= low:
            return 0.0
        t_min = float(self.limits[0])
        y, w = panels(np.log1p(low / t_min), np.log1p(high / t_min), width, order)
        return float(np.sum(w * t_min * np.exp(y) * self.differential(t_min * np.expm1(y))))

    def cross_section(self, E_min=0.0):
        """sigma(E_a > E_min) [GeV^-2 per g^2], 0 if closed: t < 2 M (E - E_min)."""
        if self.limits is None:
            return 0.0
        t_min, t_max = self.limits
        return self.integral(0.0, float(min(t_max, 2 * mpf(self.M) * (mpf(self.E) - mpf(E_min))) - t_min))

    # --- angle of a in the laboratory, tan theta = p_T/p_z

    def angle(self, u):
        """Theta at t = t_min + u."""
        _, q, _ = self.momenta(u)
        return np.arctan2(-q[:, 1], self.E - q[:, 3])

    def angle_slope(self, u):
        """d theta/dt, not at the limits themselves."""
        _, q, _ = self.momenta(u)
        across, along = -q[:, 1], self.E - q[:, 3]
        length = float(self.limits[1] - self.limits[0])
        d_across = (1 + 2 * self.E / self.M) * (length - 2 * u) / (8 * self.E**2 * across)
        d_along = -1 / (2 * self.M) - 1 / (2 * self.E)
        return (along * d_across - across * d_along) / (across**2 + along**2)

    def at_angle(self, theta):
        """All u of an angle: none, one, or two where a nucleus is too light to send a backwards."""
        with mp.workdps(DPS):
            E, M, m2 = mpf(self.E), mpf(self.M), mpf(self.mass) ** 2
            t_min, t_max = self.limits
            # p_T^2 cos^2 = p_z^2 sin^2 with p_z = a - b u and p_T^2 = c u (t_max - t_min - u)
            b, c = 1 / (2 * M) + 1 / (2 * E), (1 + 2 * E / M) / (4 * E**2)
            a = E - m2 / (2 * E) - b * t_min
            s2, c2 = mp.sin(theta) ** 2, mp.cos(theta) ** 2
            A, half, C = s2 * b**2 + c2 * c, s2 * a * b + c2 * c * (t_max - t_min) / 2, s2 * a**2
            if half**2 < A * C:
                return []
            root = mp.sqrt(half**2 - A * C)
            found = [C / (half + root), (half + root) / A]
            return [float(u) for u in found if (a - b * u) * mp.cos(theta) >= 0 and 0 < u < t_max - t_min]

    def angular(self, theta):
        """d sigma/d theta [GeV^-2 per g^2]."""
        at = np.array(self.at_angle(theta)) if self.limits else np.zeros(0)
        return float(np.sum(self.differential(at) / np.abs(self.angle_slope(at)))) if at.size else 0.0

    def below_angle(self, theta):
        """Share of a with an angle below theta."""
        if self.limits is None:
            return 0.0
        edges = [0.0, *sorted(self.at_angle(theta)), float(self.limits[1] - self.limits[0])]
        inside = [self.angle(np.array([0.5 * (a + b)]))[0] < theta for a, b in pairwise(edges)]
        parts = [self.integral(a, b) for a, b in pairwise(edges)]
        return sum(part for part, seen in zip(parts, inside, strict=True) if seen) / sum(parts)


def width(g, mass):
    """Gamma(a -> gamma gamma) [GeV]."""
    return g**2 * mass**3 / (64 * np.pi)


def textbook(one, t):
    """8 pi alpha Gamma/m^3 Z^2 F^2 (t - t_min)/t^2 with t_min = m^4/(4 E^2): a heavy nucleus and small angles."""
    return 8 * np.pi * ALPHA * width(1.0, 1.0) * one.G2(t) * (t - one.mass**4 / (4 * one.E**2)) / t**2


# --- yield


def _graded(y_max, order=8):
    """Nodes in y, panels closing in on both ends by factors of 2: tracks begin as 1/ln(1/y), the cut in E_a ends."""
    steps = 0.5 * 0.5 ** np.arange(22)
    edges = y_max * np.concatenate([[0.0], steps[::-1], 1 - steps[1:], [1.0]])
    parts = [panels(a, b, np.inf, order) for a, b in pairwise(edges)]
    return (np.concatenate(x) for x in zip(*parts, strict=True))


def produced(mass, Z, A, material, energy, x_min, g=1.0, form="tsai", **grid):
    """a with E_a > x_min E0 per electron of E0 = ``energy`` [GeV] on a thick target, by photons of its shower alone."""
    E_min = max(x_min * energy, mass)
    if E_min >= energy:
        return 0.0
    found = tracks(float(np.log(energy / E_min)), **grid)
    y, w = _graded(found.y[-1])
    sigma = [Primakoff(E, mass, Z, A, form).cross_section(E_min) for E in energy * np.exp(-y)]
    atoms = material.density * AVOGADRO / material.A * material.X0  # per cm^2 and X0
    return g**2 * atoms * CM2 * float(np.sum(w * np.interp(y, found.y, found.density) * sigma))
