"""The oracle of annihilating positrons: squares against spinors, narrow widths, grid against Monte Carlo."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.integrate import quad

from . import annihilation as spinors
from . import decays, positrons, showers
from .positrons import CM2, ELECTRON, LEAD, Annihilation, dark_photon, produced

PAIRS = [
    ("vector", "complex_scalar"),
    ("vector", "dirac"),
    ("axial_vector", "complex_scalar"),
    ("axial_vector", "dirac"),
    ("scalar", "complex_scalar"),
    ("scalar", "dirac"),
    ("pseudoscalar", "dirac"),
    ("tensor", "complex_scalar"),
]
THRESHOLDS = (0.75, 0.5, 0.25, 0.1)


@cache
def simulated():
    return showers.shower(THRESHOLDS, 12000, seed=5)


@cache
def gridded():
    return np.array([positrons.positron_tracks(u, 20.0, cells=256) for u in THRESHOLDS]).T


@pytest.mark.parametrize("electron", [ELECTRON, 0.09])
@pytest.mark.parametrize(("mediator", "final"), PAIRS)
def test_squares_are_those_of_spinors(monkeypatch, mediator, final, electron):
    """Once with a heavy electron, so that each of its masses is seen."""
    monkeypatch.setattr(positrons, "ELECTRON", electron)
    W, m_chi, mass, width, cos = 0.31, 0.1, 0.25, 0.04, 0.37
    particle = "scalar" if final == "complex_scalar" else "fermion"
    p1, p2, _ = spinors.pair(W, electron, electron, 1.0)
    k1, k2, _ = spinors.pair(W, m_chi, m_chi, cos)
    exchange = spinors.Exchange(mediator, mass, width)
    expected = sum(
        abs(exchange.amplitude(a, np.conj(b), p1 + p2)) ** 2
        for a in spinors.currents((mediator, "fermion"), p1, electron, p2, electron)
        for b in spinors.currents((mediator, particle), k1, m_chi, k2, m_chi)
    )
    found = positrons.squared_amplitude(mediator, final, W**2, cos, m_chi)
    found /= (W**2 - mass**2) ** 2 + (mass * width) ** 2
    if mediator == "axial_vector":
        found += positrons.longitudinal(final, m_chi, mass, width)
    assert found == pytest.approx(expected / 4, rel=1e-9)


@pytest.mark.parametrize(("mediator", "final"), PAIRS)
def test_integral_over_the_pole_is_that_of_the_narrow_width(mediator, final):
    """4 pi^2 (2J+1) Gamma_ee/(m beta^2) times the branching fraction, both widths from spinors of their own."""
    mass, m_chi, width = 0.3, 0.1, 1e-6
    to_pair = [decays.two_body_width(mediator, f, mass, m, m) for f, m in (("dirac", ELECTRON), (final, m_chi))]
    width_ee, width_chi = (float(x) for x in to_pair)
    one = Annihilation(mediator, final, mass, m_chi, width)
    found = one.integral(0.7 * mass**2, 1.5 * mass**2)
    expected = positrons.narrow_width(mediator, mass, width_ee) * width_chi / width
    assert found == pytest.approx(expected, rel=3e-5)
    # 10^3 times as wide: the limit is left, by the tails cut off and by powers of s
    wide = replace(one, width=1e-3).integral(0.7 * mass**2, 1.5 * mass**2)
    assert wide * 1e3 != pytest.approx(expected, rel=1e-3)
    assert wide * 1e3 == pytest.approx(expected, rel=5e-2)


def test_integral_is_that_of_adaptive_quadrature():
    for mass in (0.25, 0.31, 0.33):
        one = dark_photon(mass, 0.5)
        low, high = 0.05, 0.1
        points = sorted(p for p in mass**2 + mass * one.width * np.array([-9, -3, -1, 0, 1, 3, 9]) if low < p < high)
        for weight in (None, lambda s: np.sqrt(0.1 - s)):
            expected, _ = quad(
                lambda s, w=weight, c=one: float(c.cross_section(s) * (w(s) if w else 1.0)),
                low, high, points=points or None, limit=400, epsabs=0.0, epsrel=1e-10,
            )  # fmt: skip
            assert one.integral(low, high, weight) == pytest.approx(expected, rel=1e-8)


def test_closed_below_threshold():
    one = dark_photon(0.3, 0.5)
    assert one.cross_section(np.array([0.0, 0.01, 0.0399999])).tolist() == [0.0, 0.0, 0.0]
    assert one.cross_section(0.0400001) > 0.0
    assert produced(one, LEAD, 30.0, 0.5, cells=64) == 0.0


def test_contact_term_of_the_axial_vector_is_small_at_the_pole():
    one = Annihilation("axial_vector", "dirac", 0.3, 0.1, 1e-3)
    s = one.mass**2
    ratio = one.cross_section(s) / replace(one, contact=False).cross_section(s) - 1.0
    assert 0.0 < ratio < 1e-8


def test_positrons_of_the_monte_carlo_are_half_of_the_pairs():
    tally = simulated()
    half = 0.5 * (tally.shower - tally.primary)
    assert np.all(np.abs(tally.positron - half) < 4.0 * tally.positron_error)
    assert np.all(tally.positron_error[1:] < 0.05 * half[1:])


def test_positron_beam_adds_its_primary():
    """The same showers, in which the first particle counts as well."""
    electron, positron = (showers.shower((0.5, 0.25), 2000, positron_beam=beam) for beam in (False, True))
    assert positron.shower.tolist() == electron.shower.tolist()
    assert positron.positron == pytest.approx(electron.positron + electron.primary, rel=1e-12)


def test_grid_is_what_the_monte_carlo_finds():
    """Lengths within four standard deviations; those of depths are 2 to 0.7 %, of angles 5 to 1 %, from batches."""
    length, depth, square = gridded()
    tally = simulated()
    assert np.all(np.abs(length - tally.positron) < 4.0 * tally.positron_error)
    assert depth[1:] == pytest.approx(tally.positron_depth[1:], rel=0.05)
    assert square[1:] == pytest.approx(tally.positron_square_angle[1:], rel=0.12)


def test_primary_of_the_grid_is_that_of_the_monte_carlo():
    found = [positrons.tracks(float(-np.log(u)), cells=256).primary[-1] for u in THRESHOLDS]
    assert found == pytest.approx(simulated().primary, rel=0.02)


def test_grid_has_converged():
    fine = [positrons.positron_tracks(u, 20.0) for u in (0.5, 0.1)]
    assert gridded()[:, [1, 3]].T == pytest.approx(np.array(fine), rel=5e-4)


def test_shape_of_the_tracks_close_to_the_beam():
    """n_+ = 9/7 y L1^2 to leading order: one bremsstrahlung, one pair, and what the two electrons then lose."""
    found = positrons.tracks(float(np.log(2.0)), cells=256)
    i = np.searchsorted(found.y, 1e-4)
    ratio = found.density[i] / (9.0 / 7.0 * found.y[i] * found.primary[i] ** 2)
    assert 0.8 < ratio < 1.0


def test_yield_of_a_narrow_mediator():
    """All of the resonance at one energy, 61 GeV of 100."""
    one = replace(dark_photon(0.25, 0.1), width=1e-9)
    width_ee = float(decays.two_body_width("vector", "dirac", one.mass, ELECTRON, ELECTRON))
    width_chi = float(decays.two_body_width("vector", "complex_scalar", one.mass, one.m_chi, one.m_chi))
    E = (one.mass**2 - 2 * ELECTRON**2) / (2 * ELECTRON)
    tracks = positrons.tracks(float(np.log(2.0)), cells=256)
    per_energy = np.interp(np.log(100.0 / E), tracks.y, tracks.density) / E
    pole = positrons.narrow_width("vector", one.mass, width_ee) * width_chi / one.width
    expected = LEAD.electrons * CM2 * one.coupling**2 * per_energy * pole / (2 * ELECTRON)
    assert produced(one, LEAD, 100.0, 0.5, cells=256) == pytest.approx(expected, rel=1e-4)


def test_yield_against_tracks_of_the_monte_carlo():
    """A mediator so wide that thirteen bins are enough, to 0.4 %; the deviation of the Monte Carlo is 2.4 %."""
    one = replace(dark_photon(0.25, 0.1), width=0.1)
    edges = np.linspace(0.5, 0.99, 13)
    above = np.append(showers.shower(edges, 40000, seed=7).positron, 0.0)
    s = 2 * ELECTRON**2 + 2 * ELECTRON * 100.0 * np.append(0.5 * (edges[1:] + edges[:-1]), 0.995)
    expected = LEAD.electrons * CM2 * np.sum(-np.diff(above) * one.cross_section(s))
    assert produced(one, LEAD, 100.0, 0.5, cells=256) == pytest.approx(expected, rel=0.06)
