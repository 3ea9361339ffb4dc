"""An integrator that is not ours on an integrand without our maps: vegas over the unit hypercube."""

from __future__ import annotations

import numpy as np
import pytest
from contracts.processes import MEDIATORS, atom, core_total

from pheno import _core

vegas = pytest.importorskip("vegas")
gvar = pytest.importorskip("gvar")

#: vegas must resolve this much, or it would agree with anything.
RESOLUTION = 3e-3
#: 4 sigma: once in 16000 tests of a correct integral; the seed is fixed. Ours adds at most its rtol.
SIGMAS = 4.0
RTOL = 1e-4

#: (beam, Z, A, energy, mass, x_min): the tables' muons and electrons, a mediator much lighter than the
#: muon, and a proton that recoils.
SETUPS = (
    ("mu-", 82, 207, 160.0, 0.1, 0.0),
    ("e-", 82, 207, 100.0, 0.1, 0.5),
    ("e-", 13, 27, 16.0, 0.1, 0.3),
    ("mu-", 74, 184, 15.0, 1e-3, 0.2),
    ("mu-", 1, 1, 4.0, 0.3, 0.1),
)


@pytest.mark.parametrize("mediator", MEDIATORS)
@pytest.mark.parametrize("setup", SETUPS, ids=str)
def test_agrees_within_its_own_error(mediator: str, setup: tuple[str, int, int, float, float, float]) -> None:
    beam, Z, A, energy, mass, x_min = setup
    arguments = {**atom(beam, Z, A), "x_min": x_min, "x_max": 1.0}

    @vegas.batchintegrand
    def integrand(u: np.ndarray) -> np.ndarray:
        points = np.ascontiguousarray(u)
        return _core.etl_integrand(points, mediator=mediator, mass=mass, energy=energy, threads=1, **arguments)

    gvar.ranseed(20251)
    integrator = vegas.Integrator([[0.0, 1.0]] * 4)
    # The third collinear peak of the tensor is along no axis of the cube, and the sharper the lighter the lepton.
    count = {"e-": 100_000, "mu-": 30_000}[beam] if mediator == "tensor" else 10_000
    integrator(integrand, nitn=8, neval=count)
    result = integrator(integrand, nitn=6, neval=2 * count)
    ours = core_total(mediator, mass, energy, rtol=RTOL, **arguments)
    assert result.sdev < RESOLUTION * result.mean
    assert abs(result.mean - ours) < SIGMAS * result.sdev + RTOL * ours


def test_the_integrand_ends_where_kinematics_does() -> None:
    u = np.random.default_rng(1).random((1000, 4))
    arguments = {**atom("e-", 82, 207), "x_min": 0.0, "x_max": 1.0, "threads": 1}
    for mediator in MEDIATORS:
        closed = _core.etl_integrand(u, mediator=mediator, mass=10.0, energy=9.0, **arguments)
        assert closed.tolist() == [0.0] * len(u)
        inside = _core.etl_integrand(u, mediator=mediator, mass=0.1, energy=9.0, **arguments)
        assert np.all(np.isfinite(inside))
        assert np.all(inside > 0.0)
        corners = np.array(np.meshgrid(*[[0.0, 1.0]] * 4)).reshape(4, -1).T
        values = _core.etl_integrand(
            np.ascontiguousarray(corners), mediator=mediator, mass=0.1, energy=9.0, **arguments
        )
        assert np.all(np.isfinite(values))
        assert np.all(values >= 0.0)


def test_the_integrand_is_the_same_for_any_number_of_threads() -> None:
    u = np.random.default_rng(2).random((1001, 4))
    arguments = {**atom("mu-", 82, 207), "x_min": 0.0, "x_max": 1.0}
    one, five = (
        _core.etl_integrand(u, mediator="vector", mass=0.1, energy=160.0, threads=threads, **arguments)
        for threads in (1, 5)
    )
    assert one.tobytes() == five.tobytes()
