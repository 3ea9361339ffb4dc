"""totals.py against explicit spinors, and against published totals."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp, mpf

from . import kinematics
from .kinematics import ATOMIC_MASS_UNIT, DPS, ELECTRON_MASS, MUON_MASS, Momenta
from .spinors import MEDIATORS, TensorAmplitude, lepton_tensor
from .tensor_totals import tensor_amplitude
from .totals import Cell, Reaction, _cell, _t_limits, cross_section, invariants_at, spin01

SETUPS = {
    "mu-160-Pb": (160.0, MUON_MASS, 82, 207, 0.1, 0.0),
    "e-100-Pb": (100.0, ELECTRON_MASS, 82, 207, 0.1, 0.5),
    "e-16-Al": (16.0, ELECTRON_MASS, 13, 27, 0.1, 0.0),
    "mu-15-W": (15.0, MUON_MASS, 74, 184, 1.0, 0.4),
    "e-100-Pb-1MeV": (100.0, ELECTRON_MASS, 82, 207, 1e-3, 0.0),
}
# scalar, pseudoscalar, vector, axial vector [GeV^-2] of an earlier, separate calculation, seven digits.
PUBLISHED = {
    "mu-160-Pb": (7.378008, 4.858592, 26.56074, 58.33429),
    "e-100-Pb": (118.6753, 118.6695, 278.2233, 278.2592),
    "e-16-Al": (1.678120, 1.678037, 4.309695, 4.310200),
    "mu-15-W": (2.714053e-3, 2.685404e-3, 7.416530e-3, 7.647120e-3),
    "e-100-Pb-1MeV": (1.653980e5, 1.420132e5, 5.981238e5, 8.399930e5),
}


def reaction(name: str) -> Reaction:
    E, m, Z, A, mX, x_min = SETUPS[name]
    return Reaction(E, m, A * ATOMIC_MASS_UNIT, Z, A, mX, ELECTRON_MASS, x_min)


def random_cell(r: Reaction, rng: np.random.Generator) -> tuple[Cell, np.ndarray, np.ndarray]:
    """(s, t) cell, U and cos phi, one point each."""
    s_low, S = r.mX**2 + 2 * r.m * r.mX, r.m**2 + r.M**2 + 2 * r.M * r.E
    s_high = (np.sqrt(S) - r.M) ** 2 - r.m**2
    s = s_low + min(s_low * np.exp(rng.uniform(-2, 3)), 0.5 * (s_high - s_low))
    t_low, t_high = _t_limits(r, s)
    c = _cell(r, s, np.array([rng.uniform(0.1, 0.8) * np.log(t_high / t_low)]), t_low, t_high)
    U = c.U_low * (c.U_high / c.U_low) ** rng.uniform(0, 1)
    return c, U[:, None], np.array([[rng.uniform(-1, 1)]])


def exact_momenta(r: Reaction, c: Cell, U: float, cos_phi: float) -> Momenta:
    """Laboratory momenta at (s, t, U, azimuth about p), the float64 numbers taken as exact."""
    with mp.workdps(DPS):
        E, m, M, mX, s, t, U = (mpf(float(x)) for x in (r.E, r.m, r.M, r.mX, c.s, c.t[0], U))
        X, W2, four_Lambda = mX**2, s + m * m, (s + t) ** 2 + 4 * m * m * t
        Pp, p2 = 2 * M * E - (s + t) / 2, E * E - m * m
        G1 = 4 * M * M * (p2 * (t + (t / (2 * M)) ** 2) - ((s + t) / 2 + E * t / (2 * M)) ** 2)
        centre = (s * (s + t - X + 2 * m * m) + X * t) / (2 * W2)
        product = (m * m * s**2 + t * X * (s + t - X + 4 * m * m)) / W2
        R = t * (s**2 + s * t + 4 * m * m * s - 2 * X * s - U * (4 * m * m + 3 * s + t)) / four_Lambda
        PD = Pp * R + s * 2 * mp.sqrt(W2 * G1) / four_Lambda * mp.sqrt(2 * centre * U - U * U - product) * mpf(cos_phi)
        EX = (((s - U) * Pp - PD) / s + (s - U) / 2) / (2 * M)

        def at(phi: mpf) -> Momenta:
            return kinematics.lab_momenta(r.E, r.m, r.M, r.mX, EX, t, s, phi)

        U_0, U_pi = kinematics.invariants(at(mpf(0))).U, kinematics.invariants(at(mp.pi)).U
        return at(mp.acos(1 - 2 * (U - U_0) / (U_pi - U_0)))


@pytest.mark.parametrize("name", SETUPS)
def test_amplitudes_in_the_rest_frame_are_those_of_the_spinors(name: str) -> None:
    r, rng = reaction(name), np.random.default_rng(5)
    for _ in range(2):
        c, U, cos_phi = random_cell(r, rng)
        mom = exact_momenta(r, c, float(U[0, 0]), float(cos_phi[0, 0]))
        v = invariants_at(c, r.m, r.mX, U, cos_phi)
        for mediator in MEDIATORS:
            ours = spin01(mediator)(v, c, U, r.m, r.mX)[0, 0]
            assert ours == pytest.approx(float(lepton_tensor(mediator, mom)), rel=1e-9)
        t1 = c.s + c.t[:, None] - r.mX**2 - U
        tensor = tensor_amplitude(r, c, U, t1, cos_phi)[0, 0]
        assert tensor == pytest.approx(float(TensorAmplitude(mom).squared()), rel=1e-8)


@pytest.mark.parametrize("name", SETUPS)
def test_published_totals(name: str) -> None:
    ours = cross_section(reaction(name), [spin01(mediator) for mediator in MEDIATORS], order=6)
    assert ours == pytest.approx(PUBLISHED[name], rel=5e-7)


def test_closed_below_threshold() -> None:
    r = Reaction(4.0, ELECTRON_MASS, 27 * ATOMIC_MASS_UNIT, 13, 27, 4.0, ELECTRON_MASS)
    assert cross_section(r, [spin01("vector")])[0] == 0.0


def test_emission_off_the_nucleus_is_small_in_the_rest_frame_gauge() -> None:
    """The 1/m_X^4 of dropping it belongs to the unitary gauge."""
    r = reaction("mu-160-Pb")
    c, U, cos_phi = random_cell(r, np.random.default_rng(8))
    t1 = c.s + c.t[:, None] - r.mX**2 - U
    with_N, without = (tensor_amplitude(r, c, U, t1, cos_phi, nucleus)[0, 0] for nucleus in (1.0, 0.0))
    assert without == pytest.approx(with_N, rel=1e-2)
