"""Laws that the cross section of every mediator, beam and target obeys."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from contracts.processes import BEAMS, MEDIATORS, RTOL, TARGETS, atom, core_total, sigma
from hypothesis import given, settings
from hypothesis import strategies as st

from pheno import _core, cross_section, matter, threshold_energy
from pheno.constants import ALPHA, ELECTRON_MASS, ELEMENTARY_CHARGE, MUON_MASS
from pheno.cross_sections import CrossSection
from pheno.errors import ConvergenceError
from pheno.matter import Material

#: A few multiplications by factors that are themselves rounded.
ROUNDING = 8 * np.finfo(float).eps

every_mediator = pytest.mark.parametrize("mediator", MEDIATORS)
every_beam = pytest.mark.parametrize("beam", BEAMS)
every_target = pytest.mark.parametrize("target", TARGETS, ids=str)


# Couplings, charge and dimension


@every_mediator
@given(coupling=st.floats(1e-12, 1e6), sign=st.sampled_from([1.0, -1.0]))
@settings(max_examples=20)
def test_scales_with_the_square_of_the_coupling(mediator: str, coupling: float, sign: float) -> None:
    unit = sigma(mediator, 0.5, 20.0, rtol=1e-2)
    assert sigma(mediator, 0.5, 20.0, rtol=1e-2, coupling=sign * coupling) == pytest.approx(
        coupling**2 * unit, rel=ROUNDING, abs=0.0
    )


@every_mediator
@given(epsilon=st.floats(1e-12, 1.0))
@settings(max_examples=10)
def test_epsilon_is_the_coupling_in_units_of_e(mediator: str, epsilon: float) -> None:
    assert ELEMENTARY_CHARGE == pytest.approx(np.sqrt(4 * np.pi * ALPHA), rel=ROUNDING)
    by_coupling = sigma(mediator, 0.5, 20.0, rtol=1e-2, coupling=epsilon * ELEMENTARY_CHARGE)
    assert sigma(mediator, 0.5, 20.0, rtol=1e-2, epsilon=epsilon) == by_coupling


@every_mediator
def test_nothing_is_produced_without_a_coupling(mediator: str) -> None:
    assert sigma(mediator, 0.5, 20.0, coupling=0.0) == 0.0
    assert sigma(mediator, 0.5, 20.0, epsilon=0.0) == 0.0


@every_mediator
@every_beam
@pytest.mark.parametrize("method", ["etl", "ww"])
def test_scales_with_the_square_of_the_charge_at_fixed_shape(mediator: str, beam: str, method: str) -> None:
    # Without form factor and at the same nuclear mass only Z^2 is left of the target.
    values = [
        sigma(mediator, 0.1, 10.0, beam=beam, target=(Z, 62), form_factor="none", method=method) / Z**2
        for Z in (20, 31, 62)
    ]
    assert values[1:] == pytest.approx(values[:1] * 2, rel=1e-12)


@every_mediator
@every_beam
@given(scale=st.floats(0.03, 30.0))
@settings(max_examples=10)
def test_homogeneous_in_the_mass_dimension(mediator: str, beam: str, scale: float) -> None:
    # sigma = mass^-2 f(ratios); of the tensor, per coupling [mass^-2], mass^0 f(ratios).
    arguments = atom(beam, 29, 64, form_factor="none")
    one = core_total(mediator, 0.3, 5.0, **arguments)
    arguments["lepton_mass"] *= scale
    arguments["nuclear_mass"] *= scale
    other = core_total(mediator, 0.3 * scale, 5.0 * scale, **arguments)
    power = 0 if mediator == "tensor" else 2
    assert other * scale**power == pytest.approx(one, rel=2 * RTOL)


# Threshold


@every_mediator
@every_beam
@every_target
def test_exactly_zero_at_and_below_threshold(mediator: str, beam: str, target: object) -> None:
    masses = np.array([1e-3, 0.1, 1.5])
    closed = threshold_energy(masses, beam=beam, target=target)
    for energies in (closed, np.nextafter(closed, 0.0), 0.999 * closed, 0.1 * closed):
        result = sigma(mediator, masses, energies, beam=beam, target=target, full_output=True)
        assert result.value.tolist() == [0.0] * 3
        assert result.error.tolist() == [0.0] * 3


@every_mediator
@every_beam
@every_target
def test_continuous_and_positive_above_threshold(mediator: str, beam: str, target: object) -> None:
    # Three slow particles: phase space opens with the square of the energy above threshold, and no amplitude is
    # singular there. Once the lepton is relativistic the power is higher.
    closed = threshold_energy(0.4, beam=beam, target=target)
    above = closed + (closed - 0.4) * np.array([1e-6, 1e-5, 1e-4, 1e-3, 1e-2])
    values = sigma(mediator, 0.4, above, beam=beam, target=target, rtol=1e-3)
    assert np.all(values > 0.0)
    growth = np.log10(values[1:] / values[:-1])
    assert np.all(growth > 1.9)
    assert np.all(growth < 7.0)


@pytest.mark.parametrize("method", ["etl", "ww", "iww", "dmg4_iww"])
def test_a_mediator_heavier_than_the_beam_is_not_produced(method: str) -> None:
    assert cross_section("vector", [20.0, 1e3, 1e30], 10.0, method=method).tolist() == [0.0] * 3


@every_mediator
@given(
    beam=st.sampled_from(["e-", "e+", "mu-", "mu+"]),
    target=st.sampled_from(["H", "He", "C", "Al", "Fe", "W", "Pb", "U"]),
    energy=st.floats(np.log(0.5), np.log(1e3)).map(np.exp),
    share=st.floats(0.0, 0.999),
)
@settings(max_examples=25)
def test_positive_and_finite_wherever_open(mediator: str, beam: str, target: str, energy: float, share: float) -> None:
    lightest, heaviest = 1e-6, energy
    # the nucleus annihilates into a tensor heavier than 2 M: not a reaction that the tree level describes
    if mediator == "tensor":
        heaviest = min(heaviest, 1.8 * matter.resolve(target).composition[0][1] * 0.93)
    mass = lightest * (heaviest / lightest) ** share
    value = sigma(mediator, mass, energy, beam=beam, target=target, rtol=0.1)
    if energy > threshold_energy(mass, beam=beam, target=target):
        assert 0.0 < value < np.inf
    else:
        assert value == 0.0


# Symmetries


@every_mediator
@every_target
@pytest.mark.parametrize(("particle", "antiparticle"), [("e-", "e+"), ("mu-", "mu+")])
@pytest.mark.parametrize("method", ["etl", "ww", "iww"])
def test_antiparticles_give_the_same_bits(
    mediator: str, target: object, particle: str, antiparticle: str, method: str
) -> None:
    one, other = (
        sigma(mediator, 0.2, 10.0, beam=beam, target=target, method=method, rtol=1e-2)
        for beam in (particle, antiparticle)
    )
    assert one == other


# Windows in x


@every_mediator
@every_beam
@pytest.mark.parametrize("energy", [4.0, 100.0])
def test_a_wider_window_never_has_less(mediator: str, beam: str, energy: float) -> None:
    edges = [0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97]
    from_below = np.array([sigma(mediator, 0.05, energy, beam=beam, x_max=x) for x in [*edges[1:], 1.0]])
    from_above = np.array([sigma(mediator, 0.05, energy, beam=beam, x_min=x) for x in edges])
    assert from_below[-1] == from_above[0]
    # Each value may be off by rtol of itself.
    assert np.all(np.diff(from_below) > -2 * RTOL * from_below[1:])
    assert np.all(np.diff(from_above) < 2 * RTOL * from_above[:-1])
    # The steps are real, not only within the tolerance: every spectrum has a few per cent between 0.3 and 0.9.
    assert from_above[edges.index(0.9)] < 0.98 * from_above[edges.index(0.3)]


@every_mediator
@every_beam
@given(cuts=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=3, unique=True).map(sorted))
@settings(max_examples=8)
def test_windows_add_up(mediator: str, beam: str, cuts: list[float]) -> None:
    edges = [0.0, *[x for x in cuts if 0.0 < x < 1.0], 1.0]
    parts = [sigma(mediator, 0.05, 30.0, beam=beam, x_min=low, x_max=high) for low, high in pairwise(edges)]
    assert sum(parts) == pytest.approx(sigma(mediator, 0.05, 30.0, beam=beam), rel=2 * RTOL)


@every_mediator
def test_a_window_that_kinematics_closes_is_exactly_zero(mediator: str) -> None:
    assert sigma(mediator, 1.0, 10.0, x_max=0.0999) == 0.0
    assert sigma(mediator, 0.1, 10.0, beam="mu-", x_min=0.99) == 0.0


# Arrays, threads, units


@pytest.mark.parametrize(
    ("mass_shape", "energy_shape", "shape"),
    [((3,), (), (3,)), ((), (2,), (2,)), ((3, 1), (2,), (3, 2)), ((1, 1, 1), (), (1, 1, 1)), ((0,), (), (0,))],
)
@pytest.mark.parametrize("method", ["etl", "iww"])
def test_mass_and_energy_are_broadcast(
    mass_shape: tuple[int, ...], energy_shape: tuple[int, ...], shape: tuple[int, ...], method: str
) -> None:
    mass = np.linspace(0.1, 0.3, int(np.prod(mass_shape))).reshape(mass_shape)
    energy = np.linspace(10.0, 20.0, int(np.prod(energy_shape))).reshape(energy_shape)
    result = sigma("vector", mass, energy, method=method, full_output=True)
    if shape:
        for field in (result.value, result.error, result.evaluations):
            assert isinstance(field, np.ndarray)
            assert field.shape == shape
    for index in np.ndindex(shape):
        alone = sigma(
            "vector",
            float(np.broadcast_to(mass, shape)[index]),
            float(np.broadcast_to(energy, shape)[index]),
            method=method,
        )
        assert result.value[index] == alone


@pytest.mark.parametrize("mass", [1, 1.0, np.float64(1.0), np.array(1.0), np.float32(1.0)])
def test_numbers_in_a_number_out(mass: object) -> None:
    value = sigma("scalar", mass, 20)
    assert type(value) is float
    assert value == sigma("scalar", 1.0, 20.0)


def test_lists_and_strided_views_are_arrays() -> None:
    grid = np.geomspace(0.01, 1.0, 12).reshape(3, 4)
    view = grid.T[::-1, ::2]
    values = sigma("scalar", view, 20.0)
    assert values.shape == view.shape
    assert values.tolist() == sigma("scalar", view.tolist(), 20).tolist()
    assert values.tolist() == [[sigma("scalar", m, 20.0) for m in row] for row in view]


@every_mediator
@pytest.mark.parametrize("method", ["etl", "ww", "iww"])
def test_same_bits_for_any_number_of_threads_and_any_order(mediator: str, method: str) -> None:
    shuffle = np.random.default_rng(7).permutation(11)
    masses = np.geomspace(0.02, 30.0, 11)
    energies = np.linspace(5.0, 60.0, 11)
    one, two, five = (
        sigma(mediator, masses, energies, method=method, rtol=1e-2, threads=threads, full_output=True)
        for threads in (1, 2, 5)
    )
    for other in (two, five):
        assert other.value.tobytes() == one.value.tobytes()
        assert other.error.tobytes() == one.error.tobytes()
        assert other.evaluations.tobytes() == one.evaluations.tobytes()
    mixed = sigma(mediator, masses[shuffle], energies[shuffle], method=method, rtol=1e-2, threads=2)
    assert mixed.tobytes() == one.value[shuffle].tobytes()


def test_units() -> None:
    natural = sigma("vector", 0.1, 100.0)
    in_unit = {unit: sigma("vector", 0.1, 100.0, unit=unit) for unit in ("pb", "fb", "cm2")}
    # (hbar c)^2 of CODATA 2022 / PDG 2024
    assert in_unit["pb"] == pytest.approx(natural * 3.893793721e8, rel=ROUNDING)
    assert in_unit["fb"] == pytest.approx(1e3 * in_unit["pb"], rel=ROUNDING)
    assert in_unit["cm2"] == pytest.approx(1e-36 * in_unit["pb"], rel=ROUNDING)
    assert cross_section("vector", 0.1, 100.0, threads=1) == in_unit["pb"]


# Compounds


@every_mediator
@pytest.mark.parametrize("method", ["etl", "iww"])
def test_a_compound_is_the_mean_of_its_atoms(mediator: str, method: str) -> None:
    parts = {name: sigma(mediator, 0.1, 20.0, target=name, method=method) for name in ("Pb", "W", "O")}
    mean = (parts["Pb"] + parts["W"] + 4 * parts["O"]) / 6
    assert sigma(mediator, 0.1, 20.0, target="PbWO4", method=method) == pytest.approx(mean, rel=ROUNDING)
    twice = Material("twice", ((82, 207, 2), (74, 184, 2), (8, 16, 8)))
    assert sigma(mediator, 0.1, 20.0, target=twice, method=method) == pytest.approx(mean, rel=ROUNDING)


def test_a_compound_opens_with_its_heaviest_nucleus() -> None:
    water = Material("water", ((1, 1, 2), (8, 16, 1)))
    on_oxygen = threshold_energy(3.0, target="O")
    assert threshold_energy(3.0, target=water) == on_oxygen
    assert sigma("vector", 3.0, 1.01 * on_oxygen, target=water) == pytest.approx(
        sigma("vector", 3.0, 1.01 * on_oxygen, target="O") / 3, rel=ROUNDING
    )


@pytest.mark.parametrize(("name", "nucleus"), [("Pb", (82, 207)), ("Al", (13, 27)), ("W", (74, 184))])
def test_a_symbol_is_a_nucleus(name: str, nucleus: tuple[int, int]) -> None:
    assert sigma("scalar", 0.1, 20.0, target=name) == sigma("scalar", 0.1, 20.0, target=nucleus)


# Limits


@pytest.mark.parametrize(("beam", "mass_of_lepton"), [("e-", ELECTRON_MASS), ("mu-", MUON_MASS)])
@pytest.mark.parametrize("mass", [1e-6, 1e-5])
@pytest.mark.parametrize("x_min", [0.0, 0.5])
def test_light_axial_vector_is_its_longitudinal_mode(
    beam: str, mass_of_lepton: float, mass: float, x_min: float
) -> None:
    # Goldstone equivalence: g_P = 2 m_l g_A/m_A, up to the transverse modes, which are of the size of the vector's.
    arguments = {"beam": beam, "x_min": x_min}
    axial, vector = (sigma(name, mass, 50.0, **arguments) for name in ("axial_vector", "vector"))
    goldstone = (2 * mass_of_lepton / mass) ** 2 * sigma("pseudoscalar", mass, 50.0, **arguments)
    assert abs(axial - goldstone) < 4 * vector + 2 * RTOL * axial
    assert goldstone > 100 * vector


@pytest.mark.parametrize(("even", "odd"), [("scalar", "pseudoscalar"), ("vector", "axial_vector")])
@pytest.mark.parametrize("mass", [0.1, 0.5, 2.0])
def test_parity_does_not_matter_to_light_leptons(even: str, odd: str, mass: float) -> None:
    # A chiral rotation exchanges them; the lepton mass breaks it at order (m/m_X)^2, times a logarithm.
    ratio = sigma(odd, mass, 100.0, rtol=1e-6) / sigma(even, mass, 100.0, rtol=1e-6)
    assert ratio == pytest.approx(1.0, abs=20 * (ELECTRON_MASS / mass) ** 2 + 2e-6)


def bethe_heitler(x_min: float, x_max: float, energy: float, lepton_mass: float, Z: int) -> float:
    """Bremsstrahlung in an unscreened Coulomb field, E >> m, for g = 1 in place of e [Bethe & Heitler 1934, (16)]."""
    x, weight = np.polynomial.legendre.leggauss(40)
    x = (x_min + x_max) / 2 + (x_max - x_min) / 2 * x
    y = 1 - x
    logarithm = np.log(2 * energy * y / (lepton_mass * x)) - 0.5
    spectrum = Z**2 * ALPHA**2 / (np.pi * lepton_mass**2) / x * (1 + y**2 - 2 * y / 3) * logarithm
    return float((x_max - x_min) / 2 * weight @ spectrum)


@pytest.mark.parametrize(("beam", "mass_of_lepton"), [("e-", ELECTRON_MASS), ("mu-", MUON_MASS)])
def test_massless_vector_is_bethe_heitler(beam: str, mass_of_lepton: float) -> None:
    energy = 2000 * mass_of_lepton
    ours = sigma("vector", 1e-6, energy, beam=beam, target="U", form_factor="none", x_min=0.2, x_max=0.8)
    # Left out there: (m_X/(m x))^2 < 1e-4, (m/E)^2 and, for muons, the recoil m/M = 5e-4 of the nucleus.
    assert ours == pytest.approx(bethe_heitler(0.2, 0.8, energy, mass_of_lepton, 92), rel=1e-3)


@pytest.mark.parametrize("mass", [0.01, 0.03, 0.1])
@pytest.mark.parametrize("x_min", [0.0, 0.5])
def test_weizsaecker_williams_holds_for_muons_at_160_gev(mass: float, x_min: float) -> None:
    arguments = {"beam": "mu-", "x_min": x_min}
    ratio = sigma("vector", mass, 160.0, method="ww", **arguments) / sigma("vector", mass, 160.0, **arguments)
    assert ratio == pytest.approx(1.0, abs=0.01)


# What it costs, and what is never silent


@every_mediator
@pytest.mark.parametrize("method", ["etl", "ww", "iww"])
def test_full_output(mediator: str, method: str) -> None:
    arguments = {"method": method, "unit": "fb", "coupling": 3e-4}
    result = sigma(mediator, 0.2, 20.0, full_output=True, **arguments)
    assert isinstance(result, CrossSection)
    assert type(result.value) is float
    assert type(result.error) is float
    assert type(result.evaluations) is int
    assert result.unit == "fb"
    assert result.value == sigma(mediator, 0.2, 20.0, **arguments)
    assert 0.0 <= result.error <= RTOL * result.value
    assert result.evaluations > 0
    cheap = sigma(mediator, 0.2, 20.0, full_output=True, rtol=1e-1, **{**arguments, "method": "etl"})
    dear = sigma(mediator, 0.2, 20.0, full_output=True, rtol=1e-5, **{**arguments, "method": "etl"})
    assert cheap.evaluations < dear.evaluations


@pytest.mark.parametrize(("status", "value"), [(1, 2.0), (2, np.nan), (2, np.inf)])
def test_no_convergence_is_never_silent(status: int, value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_at_the_second(mass: np.ndarray, energy: np.ndarray, **_: object) -> tuple[np.ndarray, ...]:
        values = np.array([1.0, value, 1.0])
        states = np.array([0, status, status], dtype=np.uint8)
        return values, 0.5 * values, np.ones(3, dtype=np.int64), states

    monkeypatch.setattr(_core, "etl_total", fails_at_the_second)
    with pytest.raises(ConvergenceError, match=r"^rtol = 0.001 .*mass = 0.25 GeV, energy = 20 GeV .*2 of 3 points"):
        sigma("vector", [0.1, 0.25, 0.3], 20.0, rtol=1e-3)
