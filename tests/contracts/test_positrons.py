"""Mediators by annihilation of positrons of a shower, against transport on a grid and squared amplitudes by hand."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from oracles import positrons as oracle
from oracles import showers as simulation
from scipy.integrate import quad

import pheno
from pheno import decays, experiments, models, positrons, showers
from pheno.beams import Beam
from pheno.constants import ALPHA, ELECTRON_MASS, ELEMENTARY_CHARGE, GEV2_TO_PB

FRACTIONS = np.array([0.9, 0.75, 0.5, 0.25, 0.1])
Y = np.array([1e-4, 1e-3, 0.01, 0.1, 0.3, 0.7, 1.4, 2.3])
NA64E = experiments.resolve("na64e")


@cache
def simulated(positron_beam):
    return simulation.shower(tuple(FRACTIONS), 12000, energy=20.0, seed=3, positron_beam=positron_beam)


def lead_of(card):
    """The target of a card as the oracle knows it."""
    m = card.target.material
    return oracle.Material(m.density_g_cm3, m.mean_atomic_weight, m.mean_charge, m.radiation_length_cm)


def mean_over_tracks(value, fraction, charge="opposite"):
    """Length above a fraction of the beam energy, and the mean over it of a function of y."""
    steps = np.linspace(1e-6, 1.0, 3001) ** 3 * -np.log(fraction)
    density = showers.track_density(steps, charge)
    length = np.trapezoid(density, steps)
    return length, np.trapezoid(density * value(steps), steps) / length


@pytest.mark.parametrize("fraction", FRACTIONS)
def test_tracks_of_positrons_are_those_of_transport_on_a_grid(fraction):
    length, depth, square = oracle.positron_tracks(fraction, 20.0, cells=4096)
    found = mean_over_tracks(lambda y: showers.depths(y, "opposite")[0], fraction)
    assert found == pytest.approx((length, depth), rel=1e-5)
    # E_s is 21.2 MeV there and m_e sqrt(4 pi/alpha) here: 4e-5
    scattering = (21.2e-3 / (ELECTRON_MASS * np.sqrt(4.0 * np.pi / ALPHA))) ** 2
    found = mean_over_tracks(lambda y: showers.mean_square_angle(y, 20.0, "opposite"), fraction)[1]
    assert found * scattering == pytest.approx(square, rel=1e-5)


def test_tracks_of_a_beam_of_positrons_are_those_of_simulated_showers():
    """Within four standard deviations; depth and angle are those of 12000 showers to 3 % and 10 %."""
    for i, fraction in enumerate(FRACTIONS):
        tally = simulated(positron_beam=True)
        steps = np.exp(np.linspace(np.log(1e-30), np.log(-np.log(fraction)), 3000))
        density = showers.track_density(steps, "same") * steps
        # what is closer to the beam energy: 3/4/ln(1/y) of the primary, which has neither depth nor angle there
        length = np.trapezoid(density, np.log(steps)) + float(showers.cumulative_shower_length(steps[0]))
        depth = np.trapezoid(density * showers.depths(steps, "same")[0], np.log(steps)) / length
        square = np.trapezoid(density * showers.mean_square_angle(steps, 20.0, "same"), np.log(steps)) / length
        assert length == pytest.approx(tally.positron[i], abs=4.0 * tally.positron_error[i])
        assert depth == pytest.approx(tally.positron_depth[i], rel=0.03)
        assert square == pytest.approx(tally.positron_square_angle[i], rel=0.1)


def test_angles_of_both_charges_are_those_of_all():
    """Scattered with one charge or the other, seen with one or the other: four products that sum to M(s) M(s-2)."""
    parts = {
        of: showers.track_density(Y, of) * showers.mean_square_angle(Y, 1.0, of) for of in ("all", "same", "opposite")
    }
    assert parts["same"] + parts["opposite"] == pytest.approx(parts["all"], rel=1e-8)
    assert np.all(parts["opposite"] < parts["same"])


MASSES = np.array([0.12, 0.2, 0.22, 0.24, 0.26, 0.28, 0.3, 0.316])


@pytest.mark.parametrize("alpha_D", [0.1, 0.5])
@pytest.mark.parametrize(
    ("name", "final"),
    [
        ("dark_photon", "complex_scalar"),
        ("dark_photon", "dirac"),
        ("scalar_universal", "dirac"),
        ("pseudoscalar_universal", "dirac"),
        ("axial_vector", "dirac"),
    ],
)
def test_mediators_with_a_width(name, final, alpha_D):
    """Resonance within and beyond the window, 3e-4: rounded constants there, 36 nodes here."""
    model = pheno.model(name, dark_matter=final, ratio=3.0, alpha_D=alpha_D)
    found = pheno.expected_events(NA64E, model, MASSES, epsilon=1e-4).annihilation / NA64E.exposure
    dark = pheno.widths(model, MASSES, coupling=1e-9).partial["chi chi"]
    coupling = 1e-4 * ELEMENTARY_CHARGE * model.dark_coupling
    expected = [
        oracle.produced(
            oracle.Annihilation(model.mediator.name, final, m, m / 3.0, width, coupling, contact=False),
            lead_of(NA64E),
            100.0,
            0.5,
        )
        for m, width in zip(MASSES, dark, strict=True)
    ]
    assert found == pytest.approx(expected, rel=3e-4)


@pytest.mark.parametrize(
    "name", ["dark_photon", "scalar_universal", "pseudoscalar_universal", "axial_vector", "tensor_universal"]
)
def test_narrow_mediators(name):
    """By hand: 4 pi^2 (2J+1) Gamma_ee/(m beta^2) times the track length at E = m^2/2m_e - m_e."""
    card, mass = experiments.resolve("e137"), np.array([0.05, 0.1, 0.14])
    found = pheno.expected_events(card, name, mass, coupling=1e-7).annihilation / card.exposure
    material = card.target.material
    electrons = material.density_g_cm3 / material.mean_atomic_weight * 6.02214076e23 * material.mean_charge
    mediator, width = models.resolve(name).mediator.name, pheno.widths(name, mass, coupling=1e-7).partial["e+e-"]
    sigma = np.array([oracle.narrow_width(mediator, m, w) for m, w in zip(mass, width, strict=True)])
    energy = mass**2 / (2.0 * ELECTRON_MASS) - ELECTRON_MASS
    track = showers.track_density(np.log(20.0 / energy), "opposite") / energy * material.radiation_length_cm
    expected = electrons * track * sigma / (2.0 * ELECTRON_MASS) * GEV2_TO_PB * 1e-36
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("alpha_D", [1e-5, 1e-3, 0.1, 1.0])
def test_nodes_integrate_the_resonance(alpha_D):
    """The same integrand by adaptive quadrature. 0.4 GeV: dark matter opens within the window."""
    model = pheno.model("dark_photon", dark_matter="majorana", alpha_D=alpha_D)
    mass = np.array([0.1, 0.225, 0.2262, 0.23, 0.25, 0.3, 0.33, 0.4])
    dark = model.dark_coupling**2 * decays.virtual_widths(model, mass, mass, 1)[1]

    def integral(m, width):
        def at(energy):
            s = 2.0 * ELECTRON_MASS * (energy + ELECTRON_MASS)
            to_electrons, to_dark = decays.virtual_widths(model, np.array([m]), np.sqrt([s]), 1)
            sigma = 12.0 * np.pi * to_electrons[0] * model.dark_coupling**2 * to_dark[0]
            sigma /= (1.0 - 4.0 * ELECTRON_MASS**2 / s) * ((s - m**2) ** 2 + (m * width) ** 2)
            return sigma * showers.track_density(np.log([100.0 / energy]), "opposite")[0] / energy

        peak, half = m**2 / (2.0 * ELECTRON_MASS), m * width / (2.0 * ELECTRON_MASS)
        low, high = 50.0 - ELECTRON_MASS, 100.0 * (1.0 - 1e-9)
        near = peak + half * np.array([-300.0, -30.0, -3.0, 0.0, 3.0, 30.0, 300.0])
        edges = np.unique(np.clip([low, *near, (2.0 * m / 3.0) ** 2 / (2.0 * ELECTRON_MASS), high], low, high))
        parts = [quad(at, a, b, epsrel=1e-7, epsabs=0.0, limit=200)[0] for a, b in pairwise(edges)]
        material = NA64E.target.material
        return sum(parts) * material.radiation_length_cm * material.mean_charge * GEV2_TO_PB

    found = positrons.annihilation(NA64E, model, mass, 1).lengths_pb_cm.sum(axis=1)
    assert found == pytest.approx([integral(m, width) for m, width in zip(mass, dark, strict=True)], rel=5e-4)


def test_closed_is_exactly_zero():
    """Nothing beyond the ends of the shower without a width, below the threshold of dark matter with one."""
    mass = [1e-6, 0.001, 0.045, 0.0453, 0.142, 0.144, 1.0]
    found = pheno.expected_events("e137", "dark_photon", mass, epsilon=1e-6).annihilation
    assert np.flatnonzero(found).tolist() == [3, 4]
    heavy = pheno.model("dark_photon", dark_matter="complex_scalar", ratio=2.1)
    found = pheno.expected_events(NA64E, heavy, [0.3, 0.34], epsilon=1e-4).annihilation
    assert found[0] > 0.0
    assert found[1] == 0.0


@pytest.mark.parametrize(
    ("name", "model"),
    [("e137_classic", "dark_photon"), ("ldmx", "b_minus_l"), ("na64mu", "lmu_minus_ltau")],
)
def test_no_shower_no_positrons(name, model):
    found = pheno.expected_events(name, model, [0.05, 0.25], coupling=1e-4)
    assert found.annihilation.tolist() == [0.0, 0.0]
    assert np.all(found.produced > 0.0)


def test_a_beam_of_positrons_annihilates_itself():
    """Its primary too: the tracks of simulated showers between two energies around the resonance, to 6 %."""
    low, high, mass = 0.57, 0.66, 0.25
    tally = simulation.shower((high, low), 20000, energy=100.0, seed=11, positron_beam=True)
    at_resonance = (tally.positron[1] - tally.positron[0]) / np.log(high / low)  # E T(E) [X0]
    model = pheno.model("dark_photon", dark_matter="complex_scalar", alpha_D=1e-4)
    card = replace(NA64E, beam=Beam("e+"))
    found = pheno.expected_events(card, model, mass, epsilon=1e-4)
    material = card.target.material
    electrons = material.density_g_cm3 / material.mean_atomic_weight * 6.02214076e23 * material.mean_charge
    width = pheno.widths("dark_photon", mass, epsilon=1e-4).partial["e+e-"]
    energy = mass**2 / (2.0 * ELECTRON_MASS) - ELECTRON_MASS
    area = oracle.narrow_width("vector", mass, width) / (2.0 * ELECTRON_MASS) * GEV2_TO_PB * 1e-36
    expected = electrons * at_resonance * material.radiation_length_cm / energy * area * card.exposure
    assert low < energy / 100.0 < high
    assert found.annihilation == pytest.approx(expected, rel=0.06)
    electron = pheno.expected_events(NA64E, model, mass, epsilon=1e-4)
    assert found.produced - found.annihilation == pytest.approx(electron.produced - electron.annihilation, rel=1e-9)


@pytest.mark.parametrize("alpha_D", [1e-3, 0.1, 0.5])
def test_a_beam_of_positrons_next_to_its_energy(alpha_D):
    """Where the track length goes as 1/(y ln^2 y): resonances below, at and beyond the beam energy, 0.3197 GeV."""
    mass = np.array([0.12, 0.22, 0.26, 0.3, 0.31, 0.316, 0.319, 0.31968, 0.3198, 0.322, 0.36, 0.45])
    model = pheno.model("dark_photon", dark_matter="complex_scalar", ratio=3.0, alpha_D=alpha_D)
    card = replace(NA64E, beam=Beam("e+"))
    found = pheno.expected_events(card, model, mass, epsilon=1e-4).annihilation / card.exposure
    dark = pheno.widths(model, mass, coupling=1e-9).partial["chi chi"]
    coupling = 1e-4 * ELEMENTARY_CHARGE * model.dark_coupling
    expected = [
        oracle.produced_by_positrons(
            oracle.Annihilation("vector", "complex_scalar", m, m / 3.0, width, coupling), lead_of(card), 100.0, 0.5
        )
        for m, width in zip(mass, dark, strict=True)
    ]
    assert found == pytest.approx(expected, rel=1e-3)


def test_mixing_couples_to_electrons():
    """L_mu - L_tau has a coupling to electrons by loops: the resonance has it as the radiation has."""
    loops, tree = (
        pheno.expected_events(NA64E, model, 0.25, coupling=1e-3)
        for model in (models.resolve("lmu_minus_ltau"), pheno.model("dark_photon", dark_matter="complex_scalar"))
    )
    mixing = float(np.abs(pheno.loops.kinetic_mixing(models.resolve("lmu_minus_ltau"), [0.25]))[0]) * ELEMENTARY_CHARGE
    assert 0.0 < loops.annihilation < loops.produced
    assert loops.annihilation / tree.annihilation == pytest.approx(mixing**2, rel=0.05)


def test_photons_alone_couple_to_no_electron():
    assert positrons.annihilation(NA64E, models.resolve("tensor_photonic"), np.array([0.25]), 1) is None


def test_angle_of_positrons():
    """Share that flies at E137's detector: a mediator flies as the positron did, whose angle is a Gaussian."""
    card = experiments.resolve("e137")
    made = pheno.yields.response(card, "dark_photon", [0.1]).production
    columns = positrons.annihilation(card, models.resolve("dark_photon"), np.array([0.1]), 1).energies.shape[1]
    aimed, energy, number = (array[0, -columns:] for array in (made.aimed, made.energies, made.numbers))
    square = showers.mean_square_angle(np.log(20.0 / (energy - ELECTRON_MASS)), 20.0, "opposite")
    assert aimed == pytest.approx(1.0 - np.exp(-((1.5 / 383.0) ** 2) / square), rel=1e-9)
    at_resonance = showers.mean_square_angle(np.log([20.0 / 9.784]), 20.0, "opposite")[0]
    assert np.average(aimed, weights=number) == pytest.approx(
        1.0 - np.exp(-((1.5 / 383.0) ** 2) / at_resonance), rel=1e-5
    )


@pytest.mark.parametrize("ratio", [2.0 + 1e-3, 2.0 + 1e-5, 2.0 + 1e-7, 2.0 + 1e-9])
def test_next_to_the_threshold_of_dark_matter(ratio):
    """A width that vanishes as beta^3: the resonance has the width to electrons alone as its strength."""
    mass = np.array([0.25, 0.3])
    near, narrow = (
        positrons.annihilation(NA64E, model, mass, 1).lengths_pb_cm.sum(axis=1)
        for model in (pheno.model("dark_photon", dark_matter="complex_scalar", ratio=ratio), models.resolve("x17"))
    )
    charge = models.resolve("x17").charges["e"]
    assert near == pytest.approx(narrow / charge**2, rel=2e-3)


@pytest.mark.parametrize("ratio", [2.0 + 1e-4, 2.0 + 1e-6, 2.0 + 1e-9, 2.0 + 1e-14])
def test_threshold_of_a_pair_in_a_wave_of_spin_0(ratio):
    """The width goes as beta: a fixed one makes 700 times too many, one that runs makes as many as none to 13 %.

    By quadrature with the width in the denominator at s too.
    """
    model, m, high = pheno.model("dark_photon", dark_matter="dirac", ratio=ratio), 0.25, 100.0
    material = NA64E.target.material

    def at(v):  # s - s_threshold = v^4: smooth at the threshold
        s = (2.0 * m / ratio) ** 2 + v**4
        energy = s / (2.0 * ELECTRON_MASS) - ELECTRON_MASS
        to_electrons, to_dark = decays.virtual_widths(model, np.array([m]), np.sqrt([s]), 1)
        dark = model.dark_coupling**2 * to_dark[0]
        sigma = 12.0 * np.pi * to_electrons[0] * dark / ((s - m**2) ** 2 + (m * dark) ** 2)
        return sigma * showers.track_density(np.log([high / energy]), "opposite")[0] / energy * 4.0 * v**3

    last = (2.0 * ELECTRON_MASS * high * (1.0 - 1e-9) - (2.0 * m / ratio) ** 2) ** 0.25
    edges = last * np.append(0.0, np.geomspace(1e-5, 1.0, 16))
    true = sum(quad(at, a, b, epsrel=1e-6, limit=200)[0] for a, b in pairwise(edges)) / (2.0 * ELECTRON_MASS)
    true *= material.radiation_length_cm * material.mean_charge * GEV2_TO_PB
    found = positrons.annihilation(NA64E, model, np.array([m]), 1).lengths_pb_cm.sum()
    assert found == pytest.approx(true, rel=0.13)


def test_below_the_resonance_at_the_threshold_of_dark_matter():
    """0.2 GeV is outside the window: only its tail, which does not know of the threshold."""
    mass = np.array([0.2])
    far, near = (
        positrons.annihilation(
            NA64E, pheno.model("dark_photon", dark_matter="complex_scalar", ratio=ratio), mass, 1
        ).lengths_pb_cm.sum()
        for ratio in (2.01, 2.0 + 1e-7)
    )
    assert near <= far


def test_positrons_next_to_rest():
    """Beam of 0.3 GeV and any energy of the mediator: a thousandth of the beam energy is less than a positron has."""
    card = replace(NA64E, energy=0.3, signature=replace(NA64E.signature, x_min=0.0))
    mass = np.array([1e-3, 2.0 * ELECTRON_MASS, 1.03e-3, 2e-3, 0.01])
    for model in (models.resolve("dark_photon"), pheno.model("dark_photon", dark_matter="complex_scalar")):
        found = pheno.expected_events(card, model, mass, epsilon=1e-4)
        for stage in (found.annihilation, found.produced, found.selected):
            assert np.isfinite(stage).all()
            assert np.all(stage >= 0.0)


def test_many_energies_are_those_of_each():
    """Interpolation of tracks, depths and angles: a scan of 1e5 masses has millions of energies."""
    y = np.geomspace(1e-12, 6.9, 6001)
    few = slice(None, None, 300)
    for of in ("all", "same", "opposite", "photons"):
        assert showers.track_density(y, of)[few] == pytest.approx(showers.track_density(y[few], of), rel=1e-7)
        assert showers.depths(y, of)[0][few] == pytest.approx(showers.depths(y[few], of)[0], rel=1e-7)
        assert showers.depths(y, of)[1][few] == pytest.approx(showers.depths(y[few], of)[1], rel=1e-6)
        many, each = (showers.mean_square_angle(at, 20.0, of) for at in (y, y[few]))
        assert many[few] == pytest.approx(each, rel=1e-7)
