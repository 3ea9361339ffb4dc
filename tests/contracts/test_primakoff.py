"""Axion-like particles from photons of a shower, against tensors contracted by hand and transport on a grid."""

from functools import cache

import numpy as np
import pytest
from oracles import photons as grid
from oracles import positrons
from oracles import primakoff as oracle
from oracles import showers as simulation

import pheno
from pheno import experiments, primakoff, showers
from pheno.constants import ALPHA, ELECTRON_MASS, GEV2_TO_PB
from pheno.errors import DomainError

FRACTIONS = (0.9, 0.75, 0.5, 0.25, 0.1)
POINTS = [
    (82, 207, 60.0, 1e-3),
    (82, 207, 60.0, 0.055),
    (82, 207, 60.0, 1.0),
    (82, 207, 10.0, 1.0),
    (13, 27, 20.0, 0.2),
    (13, 27, 5.0, 1.0),
    (1, 1, 0.4, 0.05),  # recoil of a proton
    (1, 1, 2.0, 1.0),  # next to threshold, 1.5 GeV
]


@cache
def by_hand(point, form="tsai"):
    Z, A, energy, mass = point
    return oracle.Primakoff(energy, mass, Z, A, form=form)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("form", ["tsai", "tsai_inelastic_773"])
def test_total_is_that_of_contracted_tensors(point, form):
    Z, A, energy, mass = point
    found = primakoff.cross_section(mass, energy, target=(Z, A), form_factor=form)
    assert found == pytest.approx(by_hand(point, form).cross_section() * GEV2_TO_PB, rel=1e-7)


def test_compounds_are_averages_of_their_atoms():
    water = primakoff.cross_section(0.01, 20.0, target="H2O")
    hydrogen, oxygen = (primakoff.cross_section(0.01, 20.0, target=t) for t in ("H", "O"))
    assert water == pytest.approx((2.0 * hydrogen + oxygen) / 3.0, rel=1e-9)


def test_shapes_coupling_and_threshold():
    found = primakoff.cross_section([[0.01], [0.1], [3.0]], [1.0, 10.0], target="H", coupling=2.0)
    assert found.shape == (3, 2)
    assert found == pytest.approx(4.0 * primakoff.cross_section([[0.01], [0.1], [3.0]], [1.0, 10.0], target="H"))
    proton = 0.93149410372 * 1.008
    threshold = 3.0 + 9.0 / (2.0 * proton)
    below, above = primakoff.cross_section(3.0, [threshold * 0.99, threshold * 1.01], target="H")
    assert below == 0.0 < above


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((-0.1, 1.0), {}, "mass must be finite and > 0, got -0.1"),
        ((0.1, [1.0, np.nan]), {}, "energy must be finite and > 0, got nan"),
        ((0.1, 1.0), {"coupling": -1.0}, "coupling must be finite and >= 0, got -1"),
        ((0.1, 1.0), {"target": "Xx"}, "target"),
        ((0.1, 1.0), {"form_factor": "none such"}, "form_factor must be one of"),
    ],
)
def test_nonsense_is_refused(arguments, options, message):
    with pytest.raises(DomainError, match=message):
        primakoff.cross_section(*arguments, **options)


@pytest.mark.parametrize("fraction", FRACTIONS)
def test_photons_of_a_shower_are_those_of_transport_on_a_grid(fraction):
    """To 1e-4, which the grid is good to; simulated showers are the test of the grid."""
    length, depth, square = grid.photon_tracks(fraction, 20.0)
    steps = np.linspace(1e-7, 1.0, 4001) ** 3 * -np.log(fraction)
    density = showers.track_density(steps, "photons")
    found = np.trapezoid(density, steps)
    assert found == pytest.approx(length, rel=1e-4)
    assert np.trapezoid(density * showers.depths(steps, "photons")[0], steps) / found == pytest.approx(depth, rel=1e-4)
    angle = np.trapezoid(density * showers.mean_square_angle(steps, 20.0, "photons"), steps) / found
    # E_s is 21.2 MeV there and m_e sqrt(4 pi/alpha) here
    assert angle * (21.2e-3 / (ELECTRON_MASS * np.sqrt(4.0 * np.pi / ALPHA))) ** 2 == pytest.approx(square, rel=1e-4)


def test_depth_of_photons_is_that_of_simulated_showers():
    """Mean depth to 2 %; deeper and wider than that of electrons."""
    y = np.array([0.3, 1.0, 2.0])
    mean, spread = showers.depths(y, "photons")
    electrons, width = showers.depths(y)
    # a photon is born where its electron is, and lives for 9/7 X0: deeper, and with more spread than its mother
    assert np.all(mean > electrons)
    assert np.all(spread**2 > width**2)
    tally = simulation.shower((0.1,), 12000, energy=20.0, seed=5)
    steps = np.linspace(1e-7, 1.0, 3001) ** 3 * np.log(10.0)
    density = showers.track_density(steps, "photons")
    depth = np.trapezoid(density * showers.depths(steps, "photons")[0], steps) / np.trapezoid(density, steps)
    assert depth == pytest.approx(tally.photon_depth[0], rel=0.02)


@pytest.mark.parametrize(("name", "nucleus", "x_min"), [("na64e", (82, 207), 0.5), ("e137", (13, 27), 0.1)])
def test_number_made_in_a_shower(name, nucleus, x_min):
    """Tracks on a grid times the cross section by hand; materials to 1e-4."""
    card = experiments.resolve(name)
    material = card.target.material
    matter = positrons.Material(
        material.density_g_cm3, material.mean_atomic_weight, material.mean_charge, material.radiation_length_cm
    )
    mass = np.array([0.001, 0.01, 0.055, 0.2])
    found = pheno.expected_events(card, "alp_photon", mass, coupling=1e-4).produced / card.exposure
    expected = [oracle.produced(m, *nucleus, matter, card.energy, x_min, 1e-4, "tsai") for m in mass]
    assert found == pytest.approx(expected, rel=1e-4)


def test_angles_at_the_detector():
    """Share that flies at E137's calorimeter: angle of production by hand, spread by a simulation of the photon's."""
    card = experiments.resolve("e137")
    made = pheno.yields.response(card, "alp_photon", [0.055]).production
    k = int(np.argmin(np.abs(made.energies[0] - 8.0)))
    energy = float(made.energies[0, k])
    share = oracle.Primakoff(energy, 0.055, 13, 27)
    square = float(showers.mean_square_angle(np.log([20.0 / energy]), 20.0, "photons")[0])
    rng = np.random.default_rng(2)
    edges = np.linspace(0.0, 0.03, 601)
    below = np.array([share.below_angle(theta) if theta else 0.0 for theta in edges])
    theta = np.interp(rng.uniform(0.0, below[-1], 400_000), below, edges)
    kick = rng.normal(0.0, np.sqrt(square / 2.0), (2, theta.size))
    hit = np.hypot(theta + kick[0], kick[1]) < 1.5 / 383.0
    assert made.aimed[0, k] == pytest.approx(hit.mean() * below[-1], abs=4e-3)
    assert 0.5 < hit.mean() < 0.99


def test_axion_like_particles_are_seen_from_the_photons_of_the_shower_only():
    """No shower, no answer; an invisible one that decays to dark matter is missing energy."""
    with pytest.raises(DomainError, match="target with slowing = 'shower' for 'alp_photon'"):
        pheno.reach("e137_classic", "alp_photon", [0.01])
    found = pheno.expected_events("na64e", "alp_photon", [0.01, 0.1], coupling=1e-3)
    assert found.annihilation.tolist() == [0.0, 0.0]
    assert found.cross_sections == "computed, Primakoff"
    assert found.decayed[0] / found.produced[0] > 0.95
    assert found.decayed[1] / found.produced[1] < 1e-2


def test_light_particles_see_neutral_atoms():
    """No mass is so small that its least momentum transfer, m^4/4E^2, underflows."""
    found = primakoff.cross_section([1e-6, 1e-9, 1e-20, 1e-40, 1e-80, 1e-300], 60.0)
    assert found == pytest.approx(found[0], rel=1e-8)


def test_coupling_whose_square_overflows_is_refused():
    with pytest.raises(DomainError, match=r"coupling must be between -1e\+100 and 1e\+100, got 1e\+200"):
        primakoff.cross_section(0.1, 1.0, coupling=1e200)


def test_points_in_blocks_are_those_of_one():
    mass = np.geomspace(1e-3, 1.0, 2500)
    found = primakoff.cross_section(mass, 20.0, target="Al")
    assert found[[0, 1023, 1024, 2499]] == pytest.approx(
        [primakoff.cross_section(m, 20.0, target="Al") for m in mass[[0, 1023, 1024, 2499]]], rel=1e-12
    )


def test_heavier_than_the_photon_is_quiet():
    """Photons that cannot make it have no decay length either: 0 events, without a division by 0."""
    found = pheno.expected_events("na64e", "alp_photon", [30.0, 80.0, 150.0], coupling=1e-3)
    assert np.all(np.asarray(found.selected) <= np.asarray(found.produced))
    assert found.produced[2] == 0.0
