"""The oracle of Primakoff production: momenta from a boost, textbook limits, adaptive quadrature, moments of tracks."""

from functools import cache
from itertools import permutations

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.integrate import quad

from . import photons, positrons, primakoff, showers
from .positrons import LEAD
from .primakoff import ALPHA, ALUMINIUM, PICOBARN, Primakoff, produced, squared_vertex

THRESHOLDS = (0.75, 0.5, 0.25, 0.1)
#: Heavy and light nuclei; far from and close to the threshold, where there are two t of an angle.
CASES = [
    Primakoff(60.0, 0.055, 82, 207),
    Primakoff(100.0, 1e-3, 82, 207),
    Primakoff(5.0, 1.0, 13, 27),
    Primakoff(0.4, 0.3, 1, 1),
]


@cache
def simulated():
    return showers.shower(THRESHOLDS, 12000, seed=5)


def boosted(one, cos):
    """t and |M|^2 t^2/(e^2 Z^2 F^2), and the angle, from momenta in the centre of mass boosted to the laboratory."""
    with mp.workdps(60):
        E, m, M = mpf(one.E), mpf(one.mass), mpf(one.M)
        W = mp.sqrt(M * (M + 2 * E))
        gamma, boost = (E + M) / W, E / W
        energy = (W**2 + m**2 - M**2) / (2 * W)
        p = mp.sqrt(energy**2 - m**2)
        along = p * mpf(cos)
        a = (gamma * energy + boost * along, p * mp.sqrt(1 - mpf(cos) ** 2), mpf(0), gamma * along + boost * energy)
        k, P = (E, mpf(0), mpf(0), E), (M, mpf(0), mpf(0), mpf(0))
        after = tuple(x + y - z for x, y, z in zip(k, P, a, strict=True))
        q = tuple(x - y for x, y in zip(k, a, strict=True))
        J = tuple(x + y for x, y in zip(P, after, strict=True))
        t = -(q[0] ** 2 - q[1] ** 2 - q[2] ** 2 - q[3] ** 2)
        assert abs(after[0] ** 2 - after[1] ** 2 - after[3] ** 2 - M**2) < mpf(10) ** -50 * E**2
        signs = {order: round(np.linalg.det(np.eye(4)[list(order)])) for order in permutations(range(4))}
        total = mpf(0)
        for axis in (1, 2):
            one_sum = sum(s * k[b] * J[c] * q[d] for (x, b, c, d), s in signs.items() if x == axis)
            total += one_sum**2
        return t, total / 2, mp.atan2(a[1], a[3])


@pytest.mark.parametrize("one", CASES)
def test_momenta_and_amplitude_are_those_of_a_boost(one):
    for cos in (0.999999, 0.3, -0.9):
        t, square, angle = boosted(one, cos)
        u = float(t - one.limits[0])
        _, q, J = one.momenta(np.array([u]))
        k = np.array([one.E, 0.0, 0.0, one.E])
        assert 0.5 * squared_vertex(k, J, q)[0] == pytest.approx(float(square), rel=1e-11)
        assert one.angle(np.array([u]))[0] == pytest.approx(float(angle), rel=1e-11)
        expected = float(square) * 4 * np.pi * ALPHA * one.G2(np.array([float(t)]))[0] / float(t) ** 2
        expected /= 64 * np.pi * (one.M * one.E) ** 2
        assert one.differential(np.array([u]))[0] == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("one", CASES)
def test_limits_are_where_the_transverse_momentum_vanishes(one):
    for cos, limit in ((1.0, one.limits[0]), (-1.0, one.limits[1])):
        assert abs(boosted(one, cos)[0] / limit - 1) < mpf(10) ** -25
    # product of the roots of p_T^2 = 0
    assert float(one.limits[0] * one.limits[1]) == pytest.approx(one.mass**4 / (1 + 2 * one.E / one.M), rel=1e-12)


def test_photons_that_are_gauge_give_nothing_and_minus_g_is_the_sum():
    one = CASES[0]
    _, q, J = one.momenta(np.array([1e-3]))
    k = np.array([one.E, 0.0, 0.0, one.E])
    full = squared_vertex(k, J, q)[0]
    assert squared_vertex(k, J, q, [k])[0] == 0.0
    units = [squared_vertex(k, J, q, [unit])[0] for unit in np.eye(4)]
    assert -units[0] + sum(units[1:]) == pytest.approx(full, rel=1e-12)


def test_width_from_the_same_vertex():
    """1/2 for two photons alike, 1/(2 m), 1/(8 pi)."""
    m, g = 0.3, 0.7
    k, q = (np.array([0.5 * m, 0.0, 0.0, sign * 0.5 * m]) for sign in (1.0, -1.0))
    squares = sum(squared_vertex(k, epsilon[None], q[None])[0] for epsilon in primakoff.POLARISATIONS)
    assert g**2 * squares / (32 * np.pi * m) == pytest.approx(primakoff.width(g, m), rel=1e-13)


def test_textbook_is_the_limit_of_high_energies():
    """What is left is t/(4 E^2)-like, and t/(2 M E)-like from the recoil."""
    one = Primakoff(100.0, 0.055, 82, 207)
    t = np.array([3.0, 100.0, 1e4]) * float(one.limits[0])
    exact = one.differential(t - float(one.limits[0]))
    assert exact == pytest.approx(primakoff.textbook(one, t), rel=3e-6)
    light = Primakoff(0.4, 0.3, 1, 1)
    t = np.array([2.0]) * float(light.limits[0])
    assert light.differential(t - float(light.limits[0])) != pytest.approx(primakoff.textbook(light, t), rel=0.05)


@pytest.mark.parametrize("form", ["tsai", "tsai_inelastic_773"])
@pytest.mark.parametrize("one", CASES)
def test_total_is_that_of_adaptive_quadrature(one, form):
    one = Primakoff(one.E, one.mass, one.Z, one.A, form)
    low, high = (float(np.log(float(x))) for x in one.limits)
    start = float(one.limits[0])

    def integrand(y):
        t = np.exp(y)
        return t * one.differential(np.array([max(t - start, 0.0)]))[0]

    for E_min in (0.0, 0.999 * one.E):
        top = min(high, float(np.log(2 * one.M * (one.E - E_min))))
        expected, _ = quad(integrand, low, top, limit=300, epsabs=0.0, epsrel=1e-9)
        assert one.cross_section(E_min) == pytest.approx(expected, rel=1e-8)


def test_inelastic_part_is_positive_and_small_in_lead():
    elastic, both = (Primakoff(60.0, 0.055, 82, 207, f).cross_section() for f in ("tsai", "tsai_inelastic_773"))
    assert elastic < both < 1.05 * elastic


def test_closed():
    threshold = 0.3 + 0.3**2 / (2 * CASES[3].M)
    assert Primakoff(threshold * (1 - 1e-9), 0.3, 1, 1).cross_section() == 0.0
    assert Primakoff(threshold * (1 + 1e-6), 0.3, 1, 1).cross_section() > 0.0
    assert CASES[0].cross_section(CASES[0].E) == 0.0
    assert produced(35.0, 82, 207, LEAD, 30.0, 0.5, cells=64) == 0.0


@pytest.mark.parametrize("one", CASES)
def test_share_below_an_angle_is_counted(one):
    """Against midpoints in ln t."""
    y = np.linspace(*(float(mp.log(x)) for x in one.limits), 200001)
    u = np.exp(0.5 * (y[1:] + y[:-1])) - float(one.limits[0])
    weight = one.differential(u) * np.diff(np.exp(y))
    angle = one.angle(u)
    for theta in np.quantile(angle, [0.1, 0.5, 0.9]):
        assert one.below_angle(theta) == pytest.approx(weight[angle < theta].sum() / weight.sum(), abs=2e-4)
    assert one.below_angle(np.pi) == 1.0


@pytest.mark.parametrize("one", CASES)
def test_angular_distribution_is_the_derivative_of_what_is_below(one):
    start = float(one.limits[0])
    for u in (0.5 * start, 1e-3 * float(one.limits[1])):
        theta = one.angle(np.array([u]))[0]
        step = 1e-4 * theta
        ends = zip(one.at_angle(theta - step), one.at_angle(theta + step), strict=True)
        between = sum(one.integral(*sorted(pair)) for pair in ends)
        assert one.angular(theta) == pytest.approx(between / (2 * step), rel=1e-6)


def test_two_transfers_of_an_angle_of_a_light_nucleus():
    """A mediator slower in the centre of mass than that itself goes forward only."""
    slow = Primakoff(0.36, 0.3, 1, 1)
    largest = slow.angle(np.linspace(1e-9, 1 - 1e-9, 4001) * float(slow.limits[1] - slow.limits[0])).max()
    assert largest < 0.5 * np.pi
    assert [len(slow.at_angle(f * largest)) for f in (0.5, 0.99, 1.01)] == [2, 2, 0]
    total, _ = quad(slow.angular, 0.0, largest, limit=400, epsrel=1e-5)
    assert total == pytest.approx(slow.cross_section(), rel=2e-3)


def test_moments_of_the_grid_are_those_of_the_equations():
    """int dE E^s T_gamma = 9/7 C/(A - 9/7 B C), as in rossi(), with E0 = 1."""
    found = photons.tracks(float(np.log(1e3)), cells=256)
    for s in (3, 8, 20):
        A, B, C = (
            quad(f, 0.0, 1.0, epsabs=1e-12)[0]
            for f in (
                lambda v, s=s: -np.expm1(s * np.log1p(-v)) / v * (4 / 3 * (1 - v) + v * v),
                lambda x, s=s: 2 * x**s * (1 - 4 / 3 * x * (1 - x)),
                lambda v, s=s: v ** (s - 1) * (4 / 3 * (1 - v) + v * v),
            )
        )
        value = found.density * np.exp(-s * found.y)
        moment = np.sum(np.diff(found.y) * 0.5 * (value[1:] + value[:-1]))
        assert moment == pytest.approx(positrons.LIFE * C / (A - positrons.LIFE * B * C), rel=2e-4)


def test_tracks_end_in_the_constant_of_rossi():
    """0.572 in approximation A, which has b = 0.0122 to 0.0135 = 1/(18 ln(183 Z^(-1/3))); without it 0.5707."""
    assert [photons.rossi(b) for b in (0.0122, 0.0135)] == pytest.approx([0.572, 0.572], abs=5e-4)
    assert photons.rossi() == pytest.approx(0.5707, abs=1e-4)
    found = photons.tracks(float(np.log(1e3)))
    near = np.interp(np.log([10.0, 100.0, 1000.0]), found.y, found.density) / [10.0, 100.0, 1000.0]
    assert near == pytest.approx(photons.rossi(), rel=5e-3)
    assert near[1:] == pytest.approx(photons.rossi(), rel=5e-4)


def test_grid_is_what_the_monte_carlo_finds():
    length, depth, square = np.array([photons.photon_tracks(u, 20.0, cells=256) for u in THRESHOLDS]).T
    tally = simulated()
    assert np.all(np.abs(length - tally.photon) < 4.0 * tally.photon_error)
    assert np.all(tally.photon_error < np.array([0.05, 0.025, 0.012, 0.006]) * length)
    assert depth == pytest.approx(tally.photon_depth, rel=0.05)
    assert square[1:] == pytest.approx(tally.photon_square_angle[1:], rel=0.1)


def test_grid_has_converged():
    for u in (0.9, 0.5, 0.1):
        coarse, fine = photons.photon_tracks(u, 20.0, cells=256), photons.photon_tracks(u, 20.0)
        assert coarse == pytest.approx(fine, rel=3e-4)


def test_yield_against_photons_of_the_monte_carlo():
    """Twelve bins in energy, with the cross section in the middle of each."""
    mass, x_min = 0.2, 0.25
    edges = np.geomspace(x_min, 0.999, 13)
    above = np.append(showers.shower(edges, 20000, seed=7).photon, 0.0)
    middle = np.append(np.sqrt(edges[1:] * edges[:-1]), 0.9995) * 20.0
    sigma = np.array([Primakoff(E, mass, 13, 27).cross_section(x_min * 20.0) for E in middle])
    atoms = ALUMINIUM.density / ALUMINIUM.A * positrons.AVOGADRO * ALUMINIUM.X0
    expected = 1e-8 * atoms * positrons.CM2 * np.sum(-np.diff(above) * sigma)
    assert produced(mass, 13, 27, ALUMINIUM, 20.0, x_min, 1e-4, cells=256) == pytest.approx(expected, rel=0.04)


def test_rule_of_the_yield_has_converged(monkeypatch):
    coarse = produced(0.2, 82, 207, LEAD, 100.0, 0.5, cells=256)
    graded = primakoff._graded
    monkeypatch.setattr(primakoff, "_graded", lambda y_max: graded(y_max, 24))
    assert produced(0.2, 82, 207, LEAD, 100.0, 0.5, cells=256) == pytest.approx(coarse, rel=1e-5)


def test_coherent_scale_of_the_cross_section():
    """alpha g^2/8 Z^2 times a logarithm between the screening or t_min and the nucleus: by hand, to a tenth."""
    one = Primakoff(60.0, 0.055, 82, 207)
    t_min, d = one.mass**4 / (4 * one.E**2), 0.164 * 207 ** (-2 / 3)
    a2 = (111 * 82 ** (-1 / 3) / primakoff.ELECTRON_MASS) ** -2
    by_hand = ALPHA / 8 * 82**2 * (np.log(d / max(t_min, a2)) - 2) * PICOBARN
    assert one.cross_section() * PICOBARN == pytest.approx(by_hand, rel=0.1)
