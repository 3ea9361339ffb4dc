"""The oracle against itself: identities that fix every relative sign and coefficient, and the closed forms."""

from __future__ import annotations

import csv

import pytest
from mpmath import mp, mpf

from .kinematics import (
    DPS,
    Momenta,
    Point,
    UnphysicalPointError,
    invariants,
    lab_momenta,
    largest_s,
    random_points,
    t_range,
)
from .reference_amplitudes import HEADER, OUTPUT, row
from .spinors import (
    MEDIATORS,
    TensorAmplitude,
    closed_form,
    lepton_tensor,
    polarisations_spin1,
    ward_electromagnetic,
    ward_tensor,
    ward_tensor_electromagnetic,
    ward_vector,
)

POINTS = list(random_points(6, seed=71))


@pytest.fixture(params=POINTS, ids=lambda p: f"{p.lepton}-{p.E:.3g}GeV-mX{p.mX:.2g}", scope="module")
def momenta(request: pytest.FixtureRequest) -> Momenta:
    return request.param.momenta()


def test_amplitudes_are_positive(momenta: Momenta) -> None:
    assert all(lepton_tensor(mediator, momenta) > 0 for mediator in MEDIATORS)
    assert TensorAmplitude(momenta).squared() > 0


@pytest.mark.parametrize("mediator", MEDIATORS)
def test_closed_forms(momenta: Momenta, mediator: str) -> None:
    with mp.workdps(DPS):
        v = invariants(momenta)
        closed = closed_form(mediator, v.s, v.U, v.t, v.PD, v.PP, v.G1, v.G2, v.Gk, momenta.m, momenta.mX)
        assert abs(lepton_tensor(mediator, momenta) / closed - 1) < mpf(10) ** -30


def test_t1_is_not_independent(momenta: Momenta) -> None:
    with mp.workdps(DPS):
        v = invariants(momenta)
        assert abs(v.t1 / (v.s + v.t - momenta.mX**2 - v.U) - 1) < mpf(10) ** -35


@pytest.mark.parametrize("mediator", MEDIATORS)
def test_electromagnetic_ward_identity(momenta: Momenta, mediator: str) -> None:
    assert ward_electromagnetic(mediator, momenta) < mpf(10) ** -35


def test_vector_ward_identity(momenta: Momenta) -> None:
    assert ward_vector(momenta) < mpf(10) ** -35


def test_tensor_ward_identities(momenta: Momenta) -> None:
    assert ward_tensor(momenta) < mpf(10) ** -35
    assert max(ward_tensor_electromagnetic(momenta)) < mpf(10) ** -35


def test_dropping_a_tensor_subset_breaks_conservation(momenta: Momenta) -> None:
    """Otherwise the identity would hold for a trivial reason."""
    assert max(ward_tensor(momenta, 1, 1, 0), ward_tensor(momenta, 1, 0, 1), ward_tensor(momenta, 0, 1, 1)) > 0.1


def test_conserved_polarisation_sum(momenta: Momenta) -> None:
    tensor = TensorAmplitude(momenta)
    assert abs(tensor.squared() / tensor.squared_conserved() - 1) < mpf(10) ** -30


def test_longitudinal_axial_vector_is_the_pseudoscalar_at_small_mass() -> None:
    """eps_L = k/m_X + O(m_X/E), and k.A of the axial vector is 2 m times the pseudoscalar: g_P = 2 m g_A/m_X."""
    base = POINTS[0]
    point = Point(base.lepton, 82, 207, 20.0, base.m, 192.8, 1e-9, "omega", 8.0, 1e-6, 1e-6, 1.0)
    mom = point.momenta()
    with mp.workdps(DPS):
        pseudoscalar = (2 * mom.m / mom.mX) ** 2 * lepton_tensor("pseudoscalar", mom)
        assert abs(lepton_tensor("axial_vector", mom) / pseudoscalar - 1) < mpf(10) ** -8


def test_polarisations_are_complete(momenta: Momenta) -> None:
    """sum e^mu e^nu = -g^{mu nu} + k^mu k^nu/m_X^2."""
    with mp.workdps(DPS):
        k, mX = momenta.k, momenta.mX
        for a in range(4):
            for b in range(4):
                metric = (1 if a == 0 else -1) if a == b else 0
                expected = -metric + k[a] * k[b] / mX**2
                total = sum(e[a] * e[b] for e in polarisations_spin1(k, mX))
                assert abs(total - expected) <= mpf(10) ** -60 * (1 + abs(expected))


def test_limits_of_phase_space() -> None:
    """Inside t_range and below largest_s the point exists, outside it does not."""
    for point in POINTS:
        EX = point.energy_X()
        limits = t_range(point.E, point.m, point.M, point.mX, EX)
        assert limits is not None
        assert limits[0] < point.t < limits[1]
        args = (point.E, point.m, point.M, point.mX, EX)
        with mp.workdps(DPS):
            s_max = largest_s(*args, point.t)
            with pytest.raises(UnphysicalPointError):
                lab_momenta(*args, point.t, s_max + abs(s_max) * mpf(10) ** -12, 0.3)
            below = limits[0] * (1 - mpf(10) ** -12)
            with pytest.raises(UnphysicalPointError):
                lab_momenta(*args, below, largest_s(*args, below), 0.3)


def test_phi_zero_is_where_U_is_smallest() -> None:
    """U(phi) = U_min + 2 |p||k| sin(alpha) sin(beta) (1 - cos phi) is symmetric and increases on [0, pi]."""
    point = POINTS[0]
    with mp.workdps(DPS):
        values = []
        for phi in (0.0, 0.5, 2.0, 3.0, -2.0):
            EX, s = point.energy_X(), point.s()
            values.append(invariants(lab_momenta(point.E, point.m, point.M, point.mX, EX, point.t, s, phi)).U)
        assert values[0] < values[1] < values[2] < values[3]
        assert abs(values[2] / values[4] - 1) < mpf(10) ** -60


@pytest.mark.parametrize("line", [0, 137, 419])
def test_table_is_reproduced(line: int) -> None:
    with OUTPUT.open(newline="") as stream:
        record = list(csv.DictReader(stream))[line]
    inputs = [float(record[name]) for name in ("t", "z", "phi")]
    point = Point(
        record["lepton"], int(record["Z"]), int(record["A"]), float(record["E"]), float(record["m"]),
        float(record["M"]), float(record["m_X"]), record["given"], float(record["value"]), *inputs,
    )  # fmt: skip
    assert row(point) == [record[name] for name in HEADER]
