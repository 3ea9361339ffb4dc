"""Four-momenta of l(p) N(P_i) -> l(p') N(P_f) X(k) in extended precision.

Laboratory frame, metric (+,-,-,-), beam lepton along +z, nucleus at rest, everything in powers of GeV.
A phase-space point is (E_X, t, s, phi) with t = -(P_i - P_f)^2, s = (p' + k)^2 - m^2 and phi the azimuth of k about
Q = p + q (q = P_i - P_f), measured from the half-plane that contains p: phi = 0 is where U = m^2 - (p - k)^2 is
smallest.  Nothing here is optimised against cancellation: the working precision (`DPS` decimal digits) is chosen so
that the naive expressions keep more than 50 correct digits over the whole domain, which is what makes them an
independent truth for code in double precision.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mpmath import mp, mpf

DPS = 100
"""Decimal digits of all calculations; t_min/E^2 reaches 1e-30 and enters under a square root."""

SHELL_TOLERANCE = mpf(10) ** -45

# CODATA 2022 / PDG 2024, GeV.
ELECTRON_MASS = 0.51099895069e-3
MUON_MASS = 0.1056583755
ATOMIC_MASS_UNIT = 0.93149410372

FourVector = tuple[mpf, mpf, mpf, mpf]


class UnphysicalPointError(ValueError):
    """The requested (E_X, t, s) lies outside the phase space."""


class Momenta(NamedTuple):
    """Laboratory four-momenta (energy, x, y, z) of one phase-space point."""

    p: FourVector
    pp: FourVector
    k: FourVector
    Pi: FourVector
    Pf: FourVector
    m: mpf
    M: mpf
    mX: mpf


class Invariants(NamedTuple):
    """Invariants of one point, in powers of GeV; u = -U, P = P_i + P_f."""

    s: mpf
    U: mpf
    t: mpf
    t1: mpf
    PD: mpf
    PP: mpf
    G1: mpf
    G2: mpf
    Gk: mpf


@dataclass(frozen=True)
class Point:
    """One phase-space point, given by well-conditioned float64 numbers that are taken as exact.

    `given` = "omega": `value` = E - E_X - m, the kinetic energy shared by recoil lepton and nucleus;
    `given` = "ekin_X": `value` = E_X - m_X.  `z` = s - s_0 with s_0(E_X, t) = m_X^2 + 2 (E' E_X - p' k), the
    smallest s at fixed E_X and t.
    """

    lepton: str
    Z: int
    A: int
    E: float
    m: float
    M: float
    mX: float
    given: str
    value: float
    t: float
    z: float
    phi: float

    def energy_X(self) -> mpf:
        """E_X without rounding."""
        with mp.workdps(DPS):
            if self.given == "omega":
                return mpf(self.E) - mpf(self.m) - mpf(self.value)
            if self.given == "ekin_X":
                return mpf(self.mX) + mpf(self.value)
        message = f"given must be 'omega' or 'ekin_X', got {self.given!r}"
        raise ValueError(message)

    def s(self) -> mpf:
        """s = s_0 + z without rounding."""
        with mp.workdps(DPS):
            return smallest_s(self.E, self.m, self.M, self.mX, self.energy_X(), self.t) + mpf(self.z)

    def momenta(self) -> Momenta:
        """Explicit four-momenta; raises `UnphysicalPointError` outside the phase space."""
        return lab_momenta(self.E, self.m, self.M, self.mX, self.energy_X(), self.t, self.s(), self.phi)


def dot(a: FourVector, b: FourVector) -> mpf:
    """Minkowski product a.b."""
    return a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]


def add(a: FourVector, b: FourVector, sign: int = 1) -> FourVector:
    """a + sign * b."""
    return (a[0] + sign * b[0], a[1] + sign * b[1], a[2] + sign * b[2], a[3] + sign * b[3])


def _momentum(energy: mpf, mass: mpf, name: str) -> mpf:
    square = energy * energy - mass * mass
    if square < 0 or energy < 0:
        message = f"{name} has energy {mp.nstr(energy, 8)} below its mass {mp.nstr(mass, 8)}"
        raise UnphysicalPointError(message)
    return mp.sqrt(square)


def _cross2(a: FourVector, b: FourVector) -> mpf:
    return (a[2] * b[3] - a[3] * b[2]) ** 2 + (a[3] * b[1] - a[1] * b[3]) ** 2 + (a[1] * b[2] - a[2] * b[1]) ** 2


def smallest_s(E: float, m: float, M: float, mX: float, EX: mpf, t: float) -> mpf:
    """s_0(E_X, t) = m_X^2 + 2 (E' E_X - p' k) with E' = E - t/(2M) - E_X: p' and k parallel [GeV^2]."""
    with mp.workdps(DPS):
        E, m, M, mX, EX, t = map(mpf, (E, m, M, mX, EX, t))
        Ep = E - t / (2 * M) - EX
        return mX**2 + 2 * (Ep * EX - _momentum(Ep, m, "p'") * _momentum(EX, mX, "k"))


def largest_s(E: float, m: float, M: float, mX: float, EX: mpf, t: float) -> mpf:
    """Largest s at fixed E_X and t: |Q| = max(||p| - |q||, ||k| - |p'||) [GeV^2]."""
    with mp.workdps(DPS):
        E, m, M, mX, EX, t = map(mpf, (E, m, M, mX, EX, t))
        T = t / (2 * M)
        p, q = _momentum(E, m, "p"), mp.sqrt(t + T * T)
        Q = max(abs(p - q), abs(_momentum(EX, mX, "k") - _momentum(E - T - EX, m, "p'")))
        return (E - T) ** 2 - Q * Q - m * m


def t_range(E: float, m: float, M: float, mX: float, EX: mpf) -> tuple[mpf, mpf] | None:
    """[t_min, t_max] at fixed E_X, or None where E_X is not reachable.

    With T = t/(2M), |q|(T) and |p'|(T) are concave, hence so is g(T) = |q| + |k| + |p'| - |p| >= 0, which is largest
    where recoil lepton and nucleus have equal velocity, T = M (E - E_X - m)/(m + M).
    """
    with mp.workdps(DPS):
        E, m, M, mX, EX = map(mpf, (E, m, M, mX, EX))
        if EX < mX or E - EX < m:
            return None
        end = E - EX - m
        p, k = _momentum(E, m, "p"), _momentum(EX, mX, "k")

        def q(T: mpf) -> mpf:
            return mp.sqrt(2 * M * T + T * T)

        def pp(T: mpf) -> mpf:
            return mp.sqrt(max(mpf(0), (E - EX - T) ** 2 - m * m))

        def lower(T: mpf) -> mpf:
            return q(T) + k + pp(T) - p

        def upper(T: mpf) -> mpf:
            return min(lower(T), p + k + pp(T) - q(T))

        best = M * end / (m + M)
        if lower(best) <= 0 or upper(best) <= 0:
            return None
        T_min = _bisect(lower, mpf(10) ** -60 * best, best)
        T_max = end if upper(end) >= 0 else _bisect(upper, end, best)
        return 2 * M * T_min, 2 * M * T_max


def _bisect(f, negative: mpf, positive: mpf) -> mpf:  # type: ignore[no-untyped-def]
    """Root between f(negative) < 0 and f(positive) > 0; geometric mean because the root can be tiny."""
    for _ in range(400):
        middle = mp.sqrt(negative * positive)
        if f(middle) < 0:
            negative = middle
        else:
            positive = middle
        if abs(positive - negative) < abs(positive) * mpf(10) ** -40:
            break
    return positive


def lab_momenta(E: float, m: float, M: float, mX: float, EX: mpf, t: float, s: mpf, phi: float) -> Momenta:
    """Laboratory four-momenta of the point (E_X, t, s, phi); all arguments are taken as exact [GeV powers, rad].

    Momentum conservation and mass shells are asserted to `SHELL_TOLERANCE`.  Raises `UnphysicalPointError`.
    """
    with mp.workdps(DPS):
        E, m, M, mX, EX, t, s, phi = map(mpf, (E, m, M, mX, EX, t, s, phi))
        T = t / (2 * M)
        p_abs = _momentum(E, m, "p")
        k_abs = _momentum(EX, mX, "k")
        pp_abs = _momentum(E - T - EX, m, "p'")
        Q_abs = _momentum(E - T, mp.sqrt(s + m * m), "Q")
        q2 = t + T * T
        cos_a = (p_abs**2 + Q_abs**2 - q2) / (2 * p_abs * Q_abs)
        cos_b = (k_abs**2 + Q_abs**2 - pp_abs**2) / (2 * k_abs * Q_abs)
        if abs(cos_a) > 1 or abs(cos_b) > 1:
            message = f"cos(p,Q) = {mp.nstr(cos_a, 20)}, cos(k,Q) = {mp.nstr(cos_b, 20)}"
            raise UnphysicalPointError(message)
        sin_a, sin_b = mp.sqrt(1 - cos_a**2), mp.sqrt(1 - cos_b**2)
        # n along Q in the x-z plane; e1 perpendicular to n towards p; e2 = y completes the transverse plane.
        n = (sin_a, mpf(0), cos_a)
        e1 = (-cos_a, mpf(0), sin_a)
        c, d = sin_b * mp.cos(phi), sin_b * mp.sin(phi)
        k3 = tuple(k_abs * (cos_b * n[i] + c * e1[i] + (d if i == 1 else 0)) for i in range(3))
        Q3 = tuple(Q_abs * n[i] for i in range(3))
        p = (E, mpf(0), mpf(0), p_abs)
        k = (EX, *k3)
        pp = (E - T - EX, *(Q3[i] - k3[i] for i in range(3)))
        Pi = (M, mpf(0), mpf(0), mpf(0))
        Pf = (M + T, -Q3[0], -Q3[1], p_abs - Q3[2])
        out = Momenta(p, pp, k, Pi, Pf, m, M, mX)
        _check(out, t, s)
        return out


def _check(mom: Momenta, t: mpf, s: mpf) -> None:
    """Momentum conservation relative to the beam energy; mass shells, t and s each relative to itself."""
    scale = mom.p[0] + mom.M
    before, after = add(mom.p, mom.Pi), add(add(mom.pp, mom.k), mom.Pf)
    q, Q = add(mom.Pi, mom.Pf, -1), add(mom.pp, mom.k)
    errors = [abs(x - y) / scale for x, y in zip(before, after, strict=True)]
    shells = ((mom.p, mom.m**2), (mom.pp, mom.m**2), (mom.k, mom.mX**2), (mom.Pf, mom.M**2), (q, -t), (Q, s + mom.m**2))
    errors += [abs(dot(v, v) / square - 1) for v, square in shells]
    assert max(errors) < SHELL_TOLERANCE, errors


def invariants(mom: Momenta) -> Invariants:
    """s, U, t, t1, PD = P.(u p + s p'), PP = P^2, G_1 = 4M^2|q x p|^2, G_2 (p'), G_k (k) by naive products."""
    with mp.workdps(DPS):
        q, P = add(mom.Pi, mom.Pf, -1), add(mom.Pi, mom.Pf)
        pk, Q, qp = add(mom.p, mom.k, -1), add(mom.pp, mom.k), add(mom.p, mom.pp, -1)
        s = dot(Q, Q) - mom.m**2
        U = mom.m**2 - dot(pk, pk)
        PD = -U * dot(P, mom.p) + s * dot(P, mom.pp)
        gram = [4 * mom.M**2 * _cross2(q, v) for v in (mom.p, mom.pp, mom.k)]
        return Invariants(s, U, -dot(q, q), -dot(qp, qp), PD, dot(P, P), *gram)


def mass_number(Z: int) -> int:
    """A on the line of beta stability, Z = A/(1.98 + 0.0155 A^(2/3)); only to spread M = A u over real nuclei."""
    if Z == 1:
        return 1
    return min(range(2 * Z, 3 * Z + 1), key=lambda A: abs(A / (1.98 + 0.0155 * A ** (2 / 3)) - Z))


def _log_uniform(rng: random.Random, low: mpf, high: mpf) -> float:
    low, high = mpf(low), mpf(high)
    return float(low * mp.exp(mpf(rng.random()) * mp.log(high / low)))


def _draw_energy(rng: random.Random, i: int, E: float, m: float, mX: float) -> tuple[str, float]:
    """(given, value): one point in four each at x -> 1, at x -> m_X/E, flat in E_X, log-flat in the energy of X."""
    room = E - m - mX
    kind = i % 4
    if kind == 0:
        out = _log_uniform(rng, min(1e-2 * m, 1e-3 * room), room)
    elif kind == 1:
        out = room - _log_uniform(rng, min(1e-3 * mX, 1e-3 * room), min(10 * mX, room))
    elif kind == 2:
        out = room * rng.uniform(0.0, 1.0)
    else:
        out = room - _log_uniform(rng, min(mX, 1e-3 * room), room)
    ekin = room - out
    if kind == 0 and ekin > 0.5 * E:
        return "omega", out
    if ekin < 0.5 * E:
        return "ekin_X", ekin
    return "omega", out


def _draw(rng: random.Random, i: int, t_cap: float) -> Point | None:
    lepton, m = (("e", ELECTRON_MASS), ("mu", MUON_MASS))[(i // 4) % 2]
    E = _log_uniform(rng, 0.5, 1000.0)
    Z = rng.choice((1, 4, 6, 13, 26, 74, 82, 82, 92, rng.randint(1, 92)))
    A = {74: 184, 82: 207, 92: 238}.get(Z, mass_number(Z))
    M = A * ATOMIC_MASS_UNIT
    threshold = (M * M + m * m + 2 * E * M) ** 0.5 - M - m
    mX = _log_uniform(rng, 1e-6, 0.98 * threshold)
    given, value = _draw_energy(rng, i, E, m, mX)
    if value <= 0:
        return None
    shell = Point(lepton, Z, A, E, m, M, mX, given, value, 0.0, 0.0, 0.0)
    limits = t_range(E, m, M, mX, shell.energy_X())
    if limits is None:
        return None
    t_min, t_max = limits
    t_high = min(t_max, max(mpf(t_cap), 10 * t_min))
    if t_high < 1.002 * t_min:
        return None
    t = float(t_min * (1 + mpf(_log_uniform(rng, mpf("1e-3"), t_high / t_min - 1))))
    EX = shell.energy_X()
    s_0 = smallest_s(E, m, M, mX, EX, t)
    z_max = largest_s(E, m, M, mX, EX, t) - s_0
    if z_max <= 0:
        return None
    z = _log_uniform(rng, min(mpf("1e-6") * s_0, mpf("1e-3") * z_max), mpf("0.9999") * z_max)
    phi = 0.0 if i % 20 == 7 else rng.uniform(0.0, 6.283185307179586)
    if i % 20 == 13:
        phi = _log_uniform(rng, mpf("1e-8"), mpf(1))
    return Point(lepton, Z, A, E, m, M, mX, given, value, t, z, phi)


def random_points(n: int, seed: int, t_cap: float = 4.0) -> Iterator[Point]:
    """n reproducible physical points over the whole domain.

    e and mu, E log-uniform in 0.5 GeV..1 TeV, nuclei Z = 1..92, m_X log-uniform from 1 keV to 0.98 of threshold,
    E_X over its range with both ends enriched, t/t_min - 1 log-uniform from 1e-3 up to
    t = min(t_max, max(t_cap, 10 t_min)), s - s_0 log-uniform, phi uniform
    (every tenth point at 0 or log-uniform near 0).
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible points, not secrets
    made = 0
    while made < n:
        with mp.workdps(DPS):
            point = _draw(rng, made, t_cap)
        if point is None:
            continue
        try:
            point.momenta()
        except UnphysicalPointError:
            continue
        made += 1
        yield point
