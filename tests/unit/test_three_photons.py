"""A vector below the threshold of pairs: three photons, against Euler and Heisenberg and against the loop itself."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from derive import three_photons as derivation

import pheno
from pheno.constants import ALPHA, ELECTRON_MASS, ELEMENTARY_CHARGE, MUON_MASS
from pheno.loops import three_photon_width

#: Powers of m^2/m_e^2 in the width over its leading order [McDermott, Patel & Ramani, 1705.00619].
PUBLISHED = (1.0, 335 / 714, 128941 / 839664, 44787 / 1026256, 1249649333 / 108064756800, 36494147 / 12382420050)


def euler_heisenberg_width(m):
    """Width at unit coupling, in units of m_e: L = 2 alpha^2/45 [(E^2 - B^2)^2 + 7 (E.B)^2], one photon replaced.

    (E^2 - B^2)^2 of four different fields is 8 times the sum over the three ways to pair them; so is (E.B)^2.
    """
    x, w = np.polynomial.legendre.leggauss(8)  # the integrand is a polynomial: exact
    x, w = 0.5 * (x + 1), 0.5 * w
    total = 0.0
    for (a, wa), (b, wb) in product(zip(x, w, strict=True), repeat=2):
        photons = derivation.photon_momenta(m, a, 1 - a + a * b)
        normal = np.array([0.0, 1.0, 0.0])
        states = []
        for energy, *space in photons:
            bases = (normal, np.cross(space, normal) / energy)
            states.append([(energy * e, np.cross(space, e)) for e in bases])
        states.append([(m * e, np.zeros(3)) for e in np.eye(3)])
        for fields in product(*states):
            total += wa * wb * a * _four_fields(fields) ** 2
    strength = (2 * ALPHA**2 / 45 * 8) ** 2 / ELEMENTARY_CHARGE**2
    return strength * total / 6 / 3 * (m / 2) ** 2 / ((2 * np.pi) ** 3 * 8 * m)


def _four_fields(fields):
    def pair(i, j):
        (E1, B1), (E2, B2) = fields[i], fields[j]
        return E1 @ E2 - B1 @ B2, 0.5 * (E1 @ B2 + E2 @ B1)

    found = 0.0
    for i, j, k, n in ((0, 1, 2, 3), (0, 2, 1, 3), (0, 3, 1, 2)):
        (s1, p1), (s2, p2) = pair(i, j), pair(k, n)
        found += s1 * s2 + 7 * p1 * p2
    return found


def test_leading_order_is_that_of_euler_and_heisenberg():
    m = 1e-4
    found = three_photon_width(np.array([m * ELECTRON_MASS]), ELECTRON_MASS)[0] / ELECTRON_MASS
    # the next order is 1e-8 of it, the fit errs by 1e-6
    assert found == pytest.approx(euler_heisenberg_width(m), rel=2e-6)
    closed = 17 * ALPHA**3 * m**9 / (2**7 * 3**6 * 5**3 * np.pi**3) / (4 * np.pi)
    assert euler_heisenberg_width(m) == pytest.approx(closed, rel=1e-12)


@pytest.mark.parametrize("m", [0.1, 0.3, 0.5, 0.7])
def test_published_expansion(m):
    leading = derivation.LEADING * ALPHA**3 / (4 * np.pi) * m**9 * ELECTRON_MASS
    found = three_photon_width(np.array([m * ELECTRON_MASS]), ELECTRON_MASS)[0] / leading
    expanded = sum(c * m ** (2 * i) for i, c in enumerate(PUBLISHED))
    # the first power that is left out, and the error of the fit
    assert found == pytest.approx(expanded, rel=2e-3 * m**12 + 3e-6)


def test_the_loop_is_gauge_invariant_and_symmetric():
    loop = derivation.Loop(14)
    k = np.vstack([-derivation.photon_momenta(1.3, 0.7, 0.6), [1.3, 0, 0, 0]])
    e = np.random.default_rng(1).normal(size=(4, 4))
    denominator = loop.denominator(k)
    amplitude = loop.amplitude(k, e, denominator)
    for leg in range(4):
        longitudinal = e.copy()
        longitudinal[leg] = k[leg]
        # the quadrature reaches 1e-6, invariance needs all of it
        assert abs(loop.amplitude(k, longitudinal, denominator)) < 1e-5 * abs(amplitude)
    order = [2, 0, 1, 3]
    assert loop.amplitude(k[order], e[order], loop.denominator(k[order])) == pytest.approx(amplitude, rel=1e-5)


@pytest.mark.parametrize(("m", "points"), [(1.2, 12), (1.8, 14)])
def test_fit_is_the_loop(m, points):
    leading = derivation.LEADING * ALPHA**3 / (4 * np.pi) * m**9 * ELECTRON_MASS
    found = three_photon_width(np.array([m * ELECTRON_MASS]), ELECTRON_MASS)[0] / leading
    # 14 points in each direction of the loop: 2e-5
    assert found == pytest.approx(derivation.factor(m, points=points, energies=5), rel=1e-4)


def test_who_runs_in_the_loop():
    m = 2e-4
    electron = three_photon_width(np.array([m]), ELECTRON_MASS)[0]
    assert pheno.widths("b_minus_l", m).partial["gamma gamma gamma"] == pytest.approx(electron, rel=1e-14)
    mixed = np.abs(pheno.kinetic_mixing("lmu_minus_ltau", m)) ** 2 * ELEMENTARY_CHARGE**2
    found = pheno.widths("lmu_minus_ltau", m).partial["gamma gamma gamma"]
    assert found == pytest.approx(mixed * electron, rel=1e-13)
    # the muon's own loop: the amplitude is smaller by (m_e/m_mu)^4 over the mixing
    assert three_photon_width(np.array([m]), MUON_MASS)[0] < 1e-10 * found
    muonic = pheno.Model(name="muonic", mediator=pheno.Mediator("vector"), charges=pheno.models.Charges(mu=1))
    assert pheno.widths(muonic, 0.2).total == three_photon_width(np.array([0.2]), MUON_MASS)[0]


def test_three_photons_give_way_to_pairs():
    below, above = 2 * ELECTRON_MASS * (1 - 1e-15), 2 * ELECTRON_MASS * (1 + 1e-6)
    found = pheno.widths("dark_photon", [below, 2 * ELECTRON_MASS, above], epsilon=1e-3)
    photons, pairs = found.partial["gamma gamma gamma"], found.partial["e+e-"]
    assert photons[0] > 0.0
    assert photons[1:].tolist() == [0.0, 0.0]
    assert photons[0] < 2e-6 * pairs[2]  # 2e-9 over the velocity of the pair
    assert np.isfinite(pheno.lifetime_s("dark_photon", [1e-6, below], epsilon=1e-3)).all()
    assert found.visible[0] == found.total[0]
