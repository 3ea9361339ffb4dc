"""Random physical points of l(p) + N(P_i) -> l(p') + X(k) + N(P_f), built in 50-digit arithmetic.

Nothing here is taken from the package: four-momenta are constructed in the laboratory from energies
and angles, and every invariant is a plain product of four-momenta. At a beam energy of 1 TeV and a
mediator of 1 keV about 40 digits cancel, so 100 are carried.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import mpmath as mp

DIGITS = 100
MASSES = {"e": "0.51099895069e-3", "mu": "0.1056583755"}
NUCLEON = "0.93149410372"


def minkowski(a, b):
    """Return the scalar product with signature (+, -, -, -)."""
    return a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]


def combine(*terms):
    """Return the linear combination of ``(coefficient, vector)`` pairs."""
    return [sum(c * v[i] for c, v in terms) for i in range(4)]


def cross_squared(a, b):
    """Return the squared cross product of the space parts."""
    x = a[2] * b[3] - a[3] * b[2]
    y = a[3] * b[1] - a[1] * b[3]
    z = a[1] * b[2] - a[2] * b[1]
    return x * x + y * y + z * z


@dataclass
class Event:
    """Masses and four-momenta (mpmath) of one point; ``q = P_i - P_f``."""

    m: mp.mpf
    m_X: mp.mpf
    M: mp.mpf
    p: list
    p_prime: list
    k: list
    q: list

    def invariants(self) -> dict:
        """Return the fields of ``pheno::Point`` that the amplitudes read."""
        P = combine((1, [2 * self.M, 0, 0, 0]), (-1, self.q))
        s = 2 * minkowski(self.p_prime, self.k) + self.m_X**2
        U = 2 * minkowski(self.p, self.k) - self.m_X**2
        return {
            "s": s,
            "U": U,
            "t": -minkowski(self.q, self.q),
            "t1": 2 * minkowski(self.p, self.p_prime) - 2 * self.m**2,
            "PD": minkowski(P, combine((-U, self.p), (s, self.p_prime))),
            "PP": minkowski(P, P),
            "G1": 4 * self.M**2 * cross_squared(self.q, self.p),
            "G2": 4 * self.M**2 * cross_squared(self.q, self.p_prime),
            "Gk": 4 * self.M**2 * cross_squared(self.q, self.k),
            "qk2": 2 * minkowski(self.q, self.k),
        }


def log_uniform(rng: random.Random, low, high):
    """Return a number between ``low`` and ``high``, uniform in its logarithm."""
    return mp.mpf(low) * mp.exp(mp.mpf(rng.random()) * mp.log(mp.mpf(high) / mp.mpf(low)))


def near_either_end(rng: random.Random):
    """Return a fraction in (0, 1): uniform, or within 1e-8 to 1 of one end."""
    kind = rng.random()
    if kind < 0.3:
        return mp.mpf(rng.random())
    fraction = log_uniform(rng, "1e-8", 1) / 2
    return fraction if kind < 0.65 else 1 - fraction


def place(m, m_X, M, E, E_X, t, Q, phi) -> Event | None:
    """Return the point with mediator energy ``E_X`` and |p + q| = ``Q``, or None if it does not exist."""
    T = t / (2 * M)
    q_abs = mp.sqrt(t + T * T)
    E_prime = E - T - E_X
    if E_prime <= m or E_X <= m_X:
        return None
    p, k, p_prime = (mp.sqrt(a * a - b * b) for a, b in ((E, m), (E_X, m_X), (E_prime, m)))
    if not max(abs(p - q_abs), abs(k - p_prime)) < Q < min(p + q_abs, k + p_prime):
        return None
    # The vector Q defines the polar axis; p lies in the half-plane of azimuth zero.
    cos_alpha = (p * p + Q * Q - q_abs * q_abs) / (2 * p * Q)
    cos_beta = (k * k + Q * Q - p_prime * p_prime) / (2 * k * Q)
    sin_alpha, sin_beta = mp.sqrt(1 - cos_alpha**2), mp.sqrt(1 - cos_beta**2)
    beam = [E, p * sin_alpha, mp.mpf(0), p * cos_alpha]
    mediator = [E_X, k * sin_beta * mp.cos(phi), k * sin_beta * mp.sin(phi), k * cos_beta]
    total = [E - T, mp.mpf(0), mp.mpf(0), Q]
    return Event(m, m_X, M, beam, combine((1, total), (-1, mediator)), mediator, combine((1, total), (-1, beam)))


def smallest_t(m, m_X, M, E, E_X):
    """Return the smallest t at which ``E_X`` is possible (all momenta parallel), or None."""
    p, k = mp.sqrt(E * E - m * m), mp.sqrt(E_X * E_X - m_X * m_X)
    T = mp.mpf(0)
    for _ in range(30):
        E_prime = E - T - E_X
        if E_prime <= m:
            return None
        q_abs = p - k - mp.sqrt(E_prime * E_prime - m * m)
        T = mp.sqrt(q_abs * q_abs + M * M) - M
    return 2 * M * T


def random_event(rng: random.Random) -> Event:
    """Return one point of the declared domain: 1 keV to 3 GeV, 0.5 GeV to 1 TeV, e and mu, A = 1 to 238."""
    while True:
        m = mp.mpf(MASSES[rng.choice(("e", "mu"))])
        M = rng.choice((1, 12, 27, 184, 207, 238)) * mp.mpf(NUCLEON)
        m_X, E = log_uniform(rng, "1e-6", 3), log_uniform(rng, "0.5", 1000)
        if E - m <= m_X:
            continue
        E_X = m_X + (E - m - m_X) * near_either_end(rng)
        t_min = smallest_t(m, m_X, M, E, E_X)
        if t_min is None:
            continue
        t = t_min * (1 + log_uniform(rng, "1e-4", max(mp.mpf("1e-3"), 2 / t_min)))
        T = t / (2 * M)
        if E - T - E_X <= m:
            continue
        p, k, p_prime = (mp.sqrt(a * a - b * b) for a, b in ((E, m), (E_X, m_X), (E - T - E_X, m)))
        q_abs = mp.sqrt(t + T * T)
        low, high = max(abs(p - q_abs), abs(k - p_prime)), min(p + q_abs, k + p_prime)
        event = place(m, m_X, M, E, E_X, t, low + (high - low) * near_either_end(rng), mp.pi * near_either_end(rng))
        if event is not None:
            return event


def random_events(count: int, seed: int) -> list[Event]:
    """Return ``count`` reproducible points."""
    rng = random.Random(seed)  # noqa: S311
    with mp.workdps(DIGITS):
        return [random_event(rng) for _ in range(count)]
