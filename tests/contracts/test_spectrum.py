"""Laws that the distributions of every mediator and beam obey: they integrate to each other and to the totals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from contracts.processes import MEDIATORS

from pheno import Spectrum, _core, cross_section, spectrum
from pheno.constants import ELEMENTARY_CHARGE
from pheno.errors import ConvergenceError, DomainError
from pheno.mediators import Mediator

#: (beam, energy, mass, target)
SETUPS = [
    ("e-", 100.0, 0.1, "Pb"),
    ("e-", 100.0, 1e-3, "Pb"),
    ("mu-", 160.0, 0.1, "Pb"),
    ("mu-", 15.0, 1.0, "W"),
    ("mu-", 20.0, 0.5, "H"),
]
every_mediator = pytest.mark.parametrize("mediator", MEDIATORS)
every_setup = pytest.mark.parametrize(("beam", "energy", "mass", "target"), SETUPS)
every_method = pytest.mark.parametrize("method", ["etl", "ww", "ww_mass_cutoff", "iww"])
each_angle = pytest.mark.parametrize("angle", ["theta", "psi"])


def d_sigma(*coordinates: Any, **arguments: Any) -> Any:
    return spectrum(*coordinates, **{"unit": "GeV^-2", "threads": 1, "rtol": 1e-7, **arguments})


def rule(edges: np.ndarray, order: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of Gauss-Legendre rules between the edges."""
    node, weight = np.polynomial.legendre.leggauss(order)
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + node)).ravel(), (half * weight).ravel()


def over_x(mediator: str, mass: float, energy: float, lepton: float, *, panels: int = 40, **arguments: Any) -> float:
    """Integral over x, logarithmic at both ends: from outside the library."""
    eta, low = rule(np.linspace(0.0, np.arccosh(energy / mass / 2), panels // 2 + 1))
    zeta, high = rule(np.linspace(0.0, np.arccosh(energy / lepton / 2), panels + 1))
    rest = lepton / energy * np.cosh(zeta)
    below, above = mass / energy * np.cosh(eta), 1 - rest
    first = d_sigma(mediator, mass, energy, below, **arguments)
    second = d_sigma(mediator, mass, energy, above, **arguments)
    return float(first @ (low * mass / energy * np.sinh(eta)) + second @ (high * lepton / energy * np.sinh(zeta)))


def over_angle(mediator: str, mass: float, energy: float, x: float, angle: str, **arguments: Any) -> float:
    """Integral over the angle in its logarithm.

    Of electrons less than 1e-8 is beyond 1 rad, and there they converge at 1e-4 only beside a mediator of 1 MeV.
    """
    largest = np.pi if arguments.get("beam") == "mu-" else 1.0
    log_angle, weight = rule(np.linspace(np.log(1e-11), np.log(largest), 240), 8)
    at = np.exp(log_angle)
    return float(d_sigma(mediator, mass, energy, x, **{angle: at}, **arguments) @ (weight * at))


LEPTON = {"e-": 0.51099895069e-3, "mu-": 0.1056583755}


@every_mediator
@every_setup
def test_x_integrates_to_the_total(mediator: str, beam: str, energy: float, mass: float, target: str) -> None:
    arguments = {"beam": beam, "target": target}
    total = cross_section(mediator, mass, energy, unit="GeV^-2", rtol=1e-6, **arguments)
    # Roots at the kinematic ends, which the map of the test knows for a heavy nucleus only, cost the last digits.
    accuracy = 1e-3 if target == "H" else 1e-5
    # A tensor that is slower than 1e-3 in the laboratory has lost digits: d sigma/dx there is next to nothing.
    asked = 1e-4 if mediator == "tensor" else 1e-5
    value = over_x(mediator, mass, energy, LEPTON[beam], **arguments, rtol=asked)
    assert value == pytest.approx(total, rel=max(accuracy, asked))


@every_method
@pytest.mark.parametrize("x_max", [0.7, 1.0])
def test_a_window_of_x(method: str, x_max: float) -> None:
    x, weight = rule(np.linspace(0.3, 0.7, 4))
    value = d_sigma("vector", 0.1, 100.0, x, method=method, x_min=0.3, x_max=x_max) @ weight
    window = {"x_min": 0.3, "x_max": 0.7, "method": method, "rtol": 1e-6}
    assert value == pytest.approx(cross_section("vector", 0.1, 100.0, unit="GeV^-2", **window), rel=2e-6)


@every_mediator
@each_angle
@pytest.mark.parametrize("x", [0.05, 0.5, 0.9])
@every_setup
def test_angles_integrate_to_x(
    mediator: str, beam: str, energy: float, mass: float, target: str, angle: str, x: float
) -> None:
    if x * energy < mass:
        pytest.skip("closed")
    arguments = {"beam": beam, "target": target}
    single = d_sigma(mediator, mass, energy, x, **arguments)
    # Angles end at a root where the nucleus is light.
    accuracy = 1e-4 if target == "H" else 2e-6
    value = over_angle(mediator, mass, energy, x, angle, **arguments, rtol=1e-5)
    assert value == pytest.approx(single, rel=max(accuracy, 1e-5))


@every_mediator
@each_angle
@pytest.mark.parametrize("method", ["ww", "iww"])
def test_angles_integrate_to_x_by_ww(mediator: str, angle: str, method: str) -> None:
    # The approximation knows no largest angle; with spin 0 and 1 what is beyond pi is nothing, the tensor falls slowly.
    accuracy = 0.1 if mediator == "tensor" else 1e-5
    single = d_sigma(mediator, 0.1, 100.0, 0.6, method=method)
    assert over_angle(mediator, 0.1, 100.0, 0.6, angle, method=method) == pytest.approx(single, rel=accuracy)


@pytest.mark.parametrize("mediator", ["vector", "pseudoscalar", "tensor"])
@each_angle
@every_method
@pytest.mark.parametrize("at", [1e-4, 3e-3])
def test_one_angle_is_the_integral_over_x(mediator: str, angle: str, method: str, at: float) -> None:
    arguments = {"beam": "mu-", "method": method, angle: at, "rtol": 1e-6}
    inside = over_x(mediator, 0.1, 160.0, LEPTON["mu-"], **arguments)
    assert d_sigma(mediator, 0.1, 160.0, **arguments) == pytest.approx(inside, rel=2e-5)


@each_angle
def test_one_angle_over_two_windows(angle: str) -> None:
    low, high, both = (
        d_sigma("vector", 0.1, 100.0, **{angle: 2e-3}, x_min=a, x_max=b, rtol=1e-6)
        for a, b in ((0.2, 0.6), (0.6, 0.95), (0.2, 0.95))
    )
    assert low + high == pytest.approx(both, rel=2e-6)


@every_mediator
@pytest.mark.parametrize("what", ["x", "theta", "psi"])
@pytest.mark.parametrize("beam", ["e-", "mu-"])
def test_rtol_is_honoured(mediator: str, what: str, beam: str) -> None:
    random = np.random.default_rng(20)
    mass = 10 ** random.uniform(-3, 0, 40)
    energy = 10 ** random.uniform(0.7, 2.3, 40)
    x = random.uniform(0.02, 0.98, 40)
    angle = {} if what == "x" else {what: 10 ** random.uniform(-5, -0.5, 40)}
    exact = d_sigma(mediator, mass, energy, x, **angle, beam=beam, rtol=1e-7)
    seen = exact > 0.0
    assert np.count_nonzero(seen) > 20
    for rtol in (1e-2, 1e-3, 1e-4, 1e-6):
        result = d_sigma(mediator, mass, energy, x, **angle, beam=beam, rtol=rtol, full_output=True)
        assert np.all(result.error <= rtol * result.value)
        assert np.max(np.abs(result.value[seen] / exact[seen] - 1)) < rtol + 1e-7


@every_method
def test_exactly_zero_outside(method: str) -> None:
    mu = 0.1 / 100.0
    closed = [0.0, mu / 2, mu, 1.0, 1 - 1e-7]
    assert d_sigma("vector", 0.1, 100.0, closed, method=method).tolist() == [0.0] * 5
    for angle in ("theta", "psi"):
        assert d_sigma("vector", 0.1, 100.0, closed, method=method, **{angle: 0.01}).tolist() == [0.0] * 5
        assert d_sigma("vector", 0.1, 100.0, 0.5, method=method, **{angle: 0.0}) == 0.0
        assert d_sigma("vector", 200.0, 100.0, method=method, **{angle: 0.01}) == 0.0
    assert d_sigma("vector", 0.1, 100.0, [0.2, 0.8], x_min=0.3, x_max=0.7, method=method).tolist() == [0.0, 0.0]
    assert np.all(d_sigma("vector", 0.1, 100.0, [0.3, 0.7], x_min=0.3, x_max=0.7, method=method) > 0.0)


def test_a_slow_mediator_has_a_largest_angle() -> None:
    # Next to threshold X is slower than the centre of mass.
    angles = np.linspace(0.01, 1.5, 60)
    values = d_sigma("vector", 1.0, 1.7, theta=angles, target="H", rtol=1e-3)
    open_ = values > 0.0
    assert open_[0]
    assert not open_[-1]
    assert np.count_nonzero(np.diff(open_)) == 1


@every_mediator
def test_continuous_to_both_ends(mediator: str) -> None:
    mu, end = 0.1 / 160.0, 1 - LEPTON["mu-"] / 160.0
    closest = 6 if mediator == "tensor" else 9
    for steps in (mu * (1 + 10.0 ** -np.arange(2, closest)), end - (1 - end) * 10.0 ** -np.arange(2.0, 4.0)):
        values = d_sigma(mediator, 0.1, 160.0, steps, beam="mu-", rtol=1e-4)
        assert np.all(values > 0.0)
        assert np.all(np.diff(values) < 0.0)


def test_scales_with_the_coupling() -> None:
    unit = d_sigma("scalar", 0.1, 20.0, 0.5, theta=0.01)
    assert d_sigma("scalar", 0.1, 20.0, 0.5, theta=0.01, coupling=3e-4) == pytest.approx(9e-8 * unit, rel=1e-14)
    by_charge = d_sigma("scalar", 0.1, 20.0, 0.5, theta=0.01, epsilon=2.0)
    assert by_charge == pytest.approx(4 * ELEMENTARY_CHARGE**2 * unit, rel=1e-14)


@every_method
@pytest.mark.parametrize("coordinates", [{"x": 0.5}, {"x": 0.5, "psi": 0.01}, {"theta": 0.01}])
def test_a_compound_is_the_mean_of_its_atoms(method: str, coordinates: dict[str, float]) -> None:
    parts = {
        name: d_sigma("vector", 0.1, 20.0, **coordinates, target=name, method=method, rtol=1e-4)
        for name in ("Pb", "W", "O", "PbWO4")
    }
    mean = (parts["Pb"] + parts["W"] + 4 * parts["O"]) / 6
    assert parts["PbWO4"] == pytest.approx(mean, rel=1e-14)


@every_method
@pytest.mark.parametrize("angle", [{}, {"theta": 3e-3}, {"psi": 3e-3}])
def test_same_bits_for_any_number_of_threads(method: str, angle: dict[str, float]) -> None:
    x = np.linspace(0.01, 0.99, 23)
    one, three = (
        d_sigma("axial_vector", 0.1, 100.0, x, **angle, method=method, threads=n, full_output=True) for n in (1, 3)
    )
    assert one.value.tobytes() == three.value.tobytes()
    assert one.error.tobytes() == three.error.tobytes()
    assert one.evaluations.tobytes() == three.evaluations.tobytes()


def test_shapes_and_full_output() -> None:
    result = spectrum("vector", [[0.1], [0.2]], 20.0, [0.3, 0.5, 0.7], theta=0.01, full_output=True)
    assert isinstance(result, Spectrum)
    assert result.unit == "pb/rad"
    assert result.value.shape == result.error.shape == result.evaluations.shape == (2, 3)
    assert result.value[1, 2] == spectrum("vector", 0.2, 20.0, 0.7, theta=0.01)
    assert type(spectrum("vector", 0.1, 20.0, 0.5)) is float
    assert spectrum("vector", 0.1, 20.0, 0.5, full_output=True).unit == "pb"
    assert spectrum("vector", [], 20.0, 0.5).shape == (0,)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"x": None}, r"^x, theta or psi must be given"),
        ({"theta": 0.1, "psi": 0.1}, r"^theta and psi must not both be given, got theta = 0.1 and psi = 0.1"),
        ({"x": 1.5}, r"^x must be between 0 and 1, got 1.5"),
        ({"x": [0.5, np.nan]}, r"^x must be between 0 and 1, got nan \(1 of 2 values\)"),
        ({"x": "half"}, r"^x must be a number"),
        ({"theta": -0.1}, r"^theta must be finite and >= 0, got -0.1"),
        ({"theta": 4.0}, r"^theta must be between 0 and 3.14159, got 4"),
        ({"psi": np.inf}, r"^psi must be finite and >= 0, got inf"),
        ({"mass": 0.0}, r"^mass must be finite and > 0, got 0"),
        ({"energy": -1.0}, r"^energy must be finite and > 0, got -1"),
        ({"method": "dmg4_iww"}, r"^method must be one of 'etl', 'ww', 'ww_mass_cutoff', 'iww', got 'dmg4_iww'"),
        ({"method": "wv"}, r"^method must be .*did you mean"),
        ({"mediator": "vectr"}, r"^mediator must be .*did you mean 'vector'"),
        ({"beam": "p"}, r"^beam must be "),
        ({"target": "Xx"}, r"^target must be "),
        ({"form_factor": "none at all"}, r"^form_factor must be "),
        ({"unit": "barn"}, r"^unit must be "),
        ({"rtol": 1e-9}, r"^rtol must be between 1e-08 and 0.1"),
        ({"x_min": 0.7, "x_max": 0.3}, r"^x_min must be below x_max"),
        ({"threads": 0}, r"^threads must be a whole number >= 1"),
        ({"coupling": 1.0, "epsilon": 1.0}, r"^coupling and epsilon must not both be given"),
        ({"x": [0.1, 0.2], "mass": [0.1, 0.2, 0.3]}, r"^mass and energy and x must have shapes that broadcast"),
        ({"mediator": Mediator("tensor", c_gamma=0.0), "mass": 1e-3}, r"^mass must be larger for a tensor"),
    ],
)
def test_bad_input(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DomainError, match=said):
        spectrum(**{"mediator": "vector", "mass": 0.1, "energy": 100.0, "x": 0.5, **changes})


def test_no_convergence_is_never_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(mass: np.ndarray, *_: object, **__: object) -> tuple[np.ndarray, ...]:
        n = mass.size
        return np.ones(n), np.ones(n), np.ones(n, dtype=np.int64), np.array([0, 1], dtype=np.uint8)

    monkeypatch.setattr(_core, "etl_spectrum", fails)
    with pytest.raises(ConvergenceError, match=r"mass = 0.125 GeV, energy = 10 GeV, x = 0.75, psi = 0.5 rad .*1 of 2"):
        spectrum("vector", 0.125, 10.0, [0.25, 0.75], psi=0.5)


def test_the_lepton_comes_to_rest_at_the_end_of_t() -> None:
    """An angle at which nodes next to the end of the range of t are where the lepton rests, to rounding."""
    point = ("vector", 1.9320881030428163, 2.0088953526174183, 0.9681829953919755)
    below, at, above = (spectrum(*point, theta=theta, target="Al") for theta in (0.115, 0.1150918547542113, 0.1151))
    assert above < at < below


@pytest.mark.parametrize("beam", ["e-", "mu-"])
@pytest.mark.parametrize("mediator", ["vector", "tensor"])
@pytest.mark.parametrize("angle", ["theta", "psi"])
def test_grids_may_end_at_pi(angle: str, mediator: str, beam: str) -> None:
    # np.pi is not pi: next to it everything is antiparallel, and the sine of the angle is what vanishes
    at = np.array([3.0, 3.1, np.pi - 1e-4, np.pi - 1e-8, np.pi])
    value = np.asarray(spectrum(mediator, 0.1, 8.0, beam=beam, target="W", rtol=1e-3, **{angle: at}))
    assert (np.diff(value) < 0.0).all()
    assert value[3] / value[2] == pytest.approx(1e-4, rel=1e-2)
