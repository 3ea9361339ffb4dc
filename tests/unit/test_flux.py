"""The flux of equivalent photons against mpmath, to 1e-10."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp
from oracles.weizsaecker_williams import flux as exact

from pheno import _core, form_factors
from pheno.constants import ELECTRON_MASS

RTOL = 1e-10


def chi(
    name: str, Z: float, A: float, t_min: float, t_max: float, rtol: float = 1e-11
) -> tuple[float, float, int, int]:
    values = _core.photon_flux(
        np.array([t_min]),
        np.array([t_max]),
        form_factor=name,
        Z=Z,
        A=A,
        electron_mass=ELECTRON_MASS,
        rtol=rtol,
        threads=1,
    )
    value, error, evaluations, status = (v[0] for v in values)
    return float(value), float(error), int(evaluations), int(status)


def points(name: str) -> list[tuple[int, int, float, float]]:
    """Fluxes of 1 keV at 1 TeV to the kinematic end; Gaussian forms only where the flux is above 1e-280."""
    rng = np.random.default_rng(form_factors.names().index(name))
    top = -1.0 if name in ("helm", "exponential") else 0.5
    out = []
    for _ in range(6):
        Z = int(rng.integers(1, 93))
        t_min = 10 ** rng.uniform(-24, top)
        out.append((Z, max(1, round(2.4 * Z)), t_min, t_min * 10 ** rng.uniform(0.01, 12)))
    return out


@pytest.mark.parametrize("name", form_factors.names())
def test_flux_against_mpmath(name: str) -> None:
    for Z, A, t_min, t_max in points(name):
        value, error, _, status = chi(name, Z, A, t_min, t_max)
        with mp.workdps(30):
            truth = float(exact(name, Z, A, t_min, t_max))
        assert status == 0
        assert value == pytest.approx(truth, rel=RTOL, abs=0)
        assert abs(value - truth) <= max(error, 1e-13 * truth)


@pytest.mark.parametrize(("t_min", "t_max"), [(1.0, 1.0 + 1e-9), (30.0, 31.0), (1e-10, 1.01e-10), (100.0, 1e4)])
def test_closed_form_where_it_would_cancel(t_min: float, t_max: float) -> None:
    with mp.workdps(50):
        truth = float(exact("tsai", 82, 207, t_min, t_max))
    # t_max - t_min itself is only known to rounding, and enters squared.
    assert chi("tsai", 82, 207, t_min, t_max)[0] == pytest.approx(truth, rel=1e-13 + 4e-16 * t_min / (t_max - t_min))


@pytest.mark.parametrize("name", form_factors.names())
def test_no_photons_is_exactly_zero(name: str) -> None:
    for t_min, t_max in ((1.0, 1.0), (2.0, 1.0), (0.0, 1.0)):
        assert chi(name, 82, 207, t_min, t_max)[:2] == (0.0, 0.0)


@pytest.mark.parametrize("name", ["tsai_inelastic_773", "helm", "exponential"])
def test_requested_accuracy_is_kept_and_costs_less_when_low(name: str) -> None:
    best = chi(name, 82, 207, 1e-9, 100.0, 1e-12)[0]
    cost = []
    for rtol in (1e-2, 1e-4, 1e-8):
        value, _, evaluations, status = chi(name, 82, 207, 1e-9, 100.0, rtol)
        assert status == 0
        assert abs(value - best) <= rtol * best
        cost.append(evaluations)
    assert cost == sorted(cost)


def test_broadcasting() -> None:
    table = form_factors.photon_flux("tsai", np.geomspace(1e-12, 1e-6, 4)[:, None], [1.0, 1e4], Z=82, A=207)
    assert table.shape == (4, 2)
    assert np.all(np.diff(table, axis=0) < 0)
    assert np.all(np.diff(table, axis=1) > 0)
