"""Thermal averages and relic densities against quadrature with 30 digits, scipy's Radau and published benchmarks."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from oracles import relic as oracle
from scipy.integrate import solve_ivp

import pheno
from pheno import _core
from pheno.constants import ELECTRON_MASS, MUON_MASS, PLANCK_MASS
from pheno.models import Charges, DarkMatter, Model
from pheno.relic import degrees_of_freedom
from pheno.relic.degrees_of_freedom import plasma

LEPTONS = {"e": ELECTRON_MASS, "mu": MUON_MASS}


def leptonic(kind, ratio, alpha_D):
    """A vector that couples to e and mu only, so that its width is a closed form of two lines."""
    return Model(
        name="test",
        mediator=pheno.Mediator("vector"),
        charges=Charges(e=1, mu=1),
        dark_matter=DarkMatter(kind, ratio=ratio),
        alpha_D=alpha_D,
    )


def exact_average(kind, M, m, g, g_dark, T, width):
    """<sigma v> with 30 digits, width closed forms of [Kahn et al. 1609.09072]-type, written out here."""
    M, m, g, g_dark, T = (mpf(float(x)) for x in (M, m, g, g_dark, T))

    def beta2(W, mass):
        return max(1 - 4 * mass**2 / W**2, mpf(0))

    def visible(W):
        total = mpf(0)
        for mass in LEPTONS.values():
            if W > 2 * mass:
                total += g**2 * W / (12 * mpmath.pi) * mpmath.sqrt(beta2(W, mass)) * (1 + 2 * mass**2 / W**2)
        return total

    def dark(W):
        if W <= 2 * m:
            return mpf(0)
        shape = {"complex_scalar": beta2(W, m) / 4, "majorana": beta2(W, m) / 2, "dirac": 1 + 2 * m**2 / W**2}[kind]
        return g_dark**2 * W / (12 * mpmath.pi) * mpmath.sqrt(beta2(W, m)) * shape

    on_pole = M * (visible(M) + dark(M))

    def integrand(W):
        N = W * (visible(W) + dark(W)) if width == "running" else on_pole
        D2 = (W**2 - M**2) ** 2 + N**2
        return 2 * W**4 * mpmath.besselk(1, W / T) * 3 * dark(W) * visible(W) / D2

    start, Gamma = 2 * m, on_pole / M
    points = {start + T * mpf(10) ** k for k in range(-4, 2)} | {start + 4 * T, start + 20 * T, start + 40 * T}
    points |= {M} | {M + s * Gamma * mpf(8) ** k for k in range(16) for s in (-1, 1) if Gamma * mpf(8) ** k < M}
    points |= {2 * mass for mass in LEPTONS.values()}
    edges = [start, *sorted(p for p in points if start < p < start + 80 * T), start + 80 * T]
    rate = T / mpmath.pi**3 * mpmath.quad(integrand, edges, method="gauss-legendre", maxdegree=4)
    dof = 4 if kind == "dirac" else 2
    n = dof * m**2 * T * mpmath.besselk(2, m / T) / (2 * mpmath.pi**2)
    return float(rate / n**2)


def random_points():
    """Kind, ratio, m_chi, coupling, alpha_D, x, width: ratios near 2 included, widths from 1e-12 to 1 of the mass."""
    rng = np.random.default_rng(20260101)
    for i in range(12):
        kind = ("complex_scalar", "majorana", "dirac")[i % 3]
        near = 2 + 10.0 ** rng.uniform(-4, -0.5) * (1 if i % 2 else -1)
        ratio = near if i < 9 else rng.uniform(1.2, 6.0)
        g = 10.0 ** rng.uniform(-6, -0.3)
        alpha_D = 10.0 ** rng.uniform(-11, 0.3) if i % 4 == 0 else 10.0 ** rng.uniform(-2, 0)
        m = 10.0 ** rng.uniform(-2.9, 0)
        yield kind, ratio, m, g, alpha_D, 10.0 ** rng.uniform(0.5, 3.0), ("constant", "running")[i // 2 % 2]


@pytest.mark.slow
@pytest.mark.parametrize("point", list(random_points()), ids=lambda p: f"{p[0]}-{p[1]:.4f}-x{p[5]:.0f}")
def test_thermal_average_is_that_of_30_digits(point):
    kind, ratio, m, g, alpha_D, x, width = point
    model, M = leptonic(kind, ratio, alpha_D), ratio * m
    m = float(model.dark_matter.masses(np.array(M))[0])
    with mpmath.workdps(30):
        expected = exact_average(kind, M, m, g, np.sqrt(4 * np.pi * alpha_D), m / x, width)
    found = pheno.thermal_average(model, M, m / x, coupling=g, secluded=False, width=width, rtol=1e-4)
    # what is asked for; the nodes that are chosen for it measure 1e-6 and better
    assert found == pytest.approx(expected, rel=1e-4)


def by_scipy(model, M, g, rtol=1e-10):
    """Omega h^2 by scipy's Radau for ln Y in ln x, from x = 8 to 1e7, and the last part by its power law."""
    m, _ = (float(v) for v in model.dark_matter.masses(np.array(M)))
    dof = 4.0 if model.dark_matter.kind == "dirac" else 2.0
    options = {"coupling": g, "rtol": 1e-7}
    table_t = np.linspace(np.log(8.0), np.log(1e7), 3001)
    average = pheno.thermal_average(model, M, m / np.exp(table_t), **options)
    from scipy.interpolate import CubicSpline

    spline = CubicSpline(table_t, np.log(average))

    def log_equilibrium(t):
        from scipy.special import kve

        x = np.exp(t)
        h = degrees_of_freedom(m / x).entropy
        return np.log(45 / (4 * np.pi**4) * dof * x**2 * kve(2, x) / h) - x

    def log_strength(t):
        T = m / np.exp(t)
        d = degrees_of_freedom(T)
        root = d.entropy / np.sqrt(d.energy) * (1 + d.slope / 3)
        return np.log(np.sqrt(np.pi / 45) * PLANCK_MASS * T * root) + spline(t)

    def rhs(t, W):
        s, e = log_strength(t), log_equilibrium(t)
        return np.exp(s + 2 * e - W) - np.exp(s + W)

    def jacobian(t, W):
        s, e = log_strength(t), log_equilibrium(t)
        return np.array([[float((-np.exp(s + 2 * e - W) - np.exp(s + W))[0])]])

    start, end = table_t[0], table_t[-1]
    run = solve_ivp(rhs, (start, end), [log_equilibrium(start)], method="Radau", jac=jacobian, rtol=rtol, atol=rtol)
    Y = float(np.exp(run.y[0, -1]))
    power = -(log_strength(end) - log_strength(end - 0.5)) / 0.5
    Y /= 1 + Y * float(np.exp(log_strength(end)) / power)
    return m * Y * 2891.2 / 1.053672e-5


@pytest.mark.parametrize(
    ("kind", "ratio", "M", "epsilon"),
    [
        ("complex_scalar", 3.0, 0.03, 5e-5),
        ("dirac", 3.0, 0.3, 3e-5),
        ("dirac", 2.2, 0.05, 1e-6),
        ("majorana", 2.01, 0.8, 1e-5),
        ("complex_scalar", 1.5, 0.02, 1e-3),
    ],
)
def test_relic_density_is_that_of_radau(kind, ratio, M, epsilon):
    model = pheno.model("dark_photon", dark_matter=kind, ratio=ratio, alpha_D=0.3)
    g = epsilon * pheno.constants.ELEMENTARY_CHARGE
    expected = by_scipy(model, M, g)
    # 2e-6: the tail beyond x = 1e7 and the spline of the reference
    assert pheno.relic_density(model, M, coupling=g, rtol=1e-6) == pytest.approx(expected, rel=4e-6)
    for rtol in (1e-2, 1e-3, 1e-4):
        found = pheno.relic_density(model, M, coupling=g, rtol=rtol, full_output=True)
        assert found.error <= rtol * found.omega_h2
        assert abs(found.omega_h2 - expected) <= found.error + 4e-6 * expected


@pytest.mark.parametrize(
    ("kind", "ratio", "m", "splitting", "epsilon", "alpha_D"),
    [
        ("complex_scalar", 3.0, 1e-3, 0.0, 2e-5, 0.5),
        ("majorana", 3.0, 0.1, 0.0, 3e-4, 0.5),
        ("dirac", 3.0, 1.0, 0.0, 3e-3, 0.5),
        ("pseudo_dirac", 3.0, 0.1, 0.1, 3e-4, 0.1),
        ("dirac", 2.0001, 0.1, 0.0, 1e-6, 1e-6),
        ("complex_scalar", 2.01, 0.1, 0.0, 1e-5, 0.1),
        ("majorana", 2.2, 0.03, 0.0, 1e-5, 0.5),
        ("complex_scalar", 1.98, 0.05, 0.0, 1e-5, 0.1),
    ],
)
def test_relic_density_is_that_of_a_calculation_of_its_own(kind, ratio, m, splitting, epsilon, alpha_D):
    model = pheno.model(
        "dark_photon",
        dark_matter=kind,
        ratio=ratio,
        alpha_D=alpha_D,
        splitting=splitting or None,
    )
    M = ratio * m
    lighter = float(model.dark_matter.masses(np.array(M))[0])  # the same bits: the distance to the pole counts
    options = {"epsilon": epsilon, "hadrons": False, "secluded": False, "degrees_of_freedom": "laine_meyer"}
    found = pheno.relic_density(model, M, rtol=1e-6, **options)
    expected = oracle.omega_h2(oracle.DarkPhoton(kind, M, lighter, splitting, epsilon, alpha_D))
    # 7e-7 is the largest: two interpolations of one table, and the spline of the average
    assert found == pytest.approx(expected, rel=3e-6)


def test_widest_range_of_x_is_integrated():
    """A resonance 1e-6 above threshold annihilates until T = 1e-6 m: stopping at x = 1000 would miss a factor."""
    model = pheno.model("dark_photon", dark_matter="dirac", ratio=2.000001, alpha_D=1e-6)
    found = pheno.relic_density(model, 0.1, epsilon=1e-9, full_output=True, history=True)
    early = np.interp(np.log(1000.0), np.log(found.history.x), found.history.yields)
    assert early > 3 * found.yields


# Constant cross sections ------------------------------------------------------------------------------------------


def power_law(mass, sigma, power=0.0, dof=2.0, source="saikawa_shirai", rtol=1e-6):
    Y, error, x = _core.power_law_relic(
        np.atleast_1d(float(mass)), np.atleast_1d(float(sigma)), power=power, dof=dof, plasma=plasma(source), rtol=rtol
    )
    return float(Y[0]), float(error[0]), float(x[0])


@pytest.mark.parametrize(("mass", "cm3_s"), [(0.3, 5.2e-26), (100.0, 2.2e-26)])
def test_canonical_cross_sections(mass, cm3_s):
    """Steigman, Dasgupta & Beacom 1204.3622, abstract: <sigma v> for Omega h^2 = 0.11, self-conjugate, g = 2.

    Two digits are quoted, with the degrees of freedom of 2012: 6%.
    """
    sigma = cm3_s / (3.893793721e-28 * 2.99792458e10)
    Y, _, _ = power_law(mass, sigma)
    assert mass * Y * 2891.2 / 1.053672e-5 == pytest.approx(0.11, rel=0.06)


@pytest.mark.parametrize("power", [0.0, 1.0])
def test_classical_solution_for_constant_degrees_of_freedom(power):
    """Y ~ x_f^(n+1)/sigma with x_f ~ ln(sigma) - (n + 1/2) ln ln(sigma) [Kolb & Turner, eqs. (5.44), (5.45)].

    The degrees of freedom at T = 2 GeV change by a per cent over the range; the next terms are of order 1/x_f^2.
    """
    Y, _, x = power_law(50.0, 1e-8, power=power)
    Y2, _, x2 = power_law(50.0, 2e-8, power=power)
    assert Y / Y2 == pytest.approx(2 * (x / x2) ** (power + 1), rel=0.02)
    assert x2 - x == pytest.approx(np.log(2) * (1 - (0.5 + power) / x), rel=0.03)


@pytest.mark.parametrize("rtol", [1e-3, 1e-5, 1e-7])
def test_tolerance_of_the_integration_is_honoured(rtol):
    best, _, _ = power_law(1.0, 1e-9, rtol=1e-9)
    Y, error, _ = power_law(1.0, 1e-9, rtol=rtol)
    assert abs(Y / best - 1) <= error
    assert error <= rtol


@pytest.mark.parametrize(
    ("name", "kind", "ratio", "alpha_D", "M", "g"),
    [
        ("dark_photon", "complex_scalar", 1.9, 4e-4, 0.127, 1e-12),  # two mediators, forbidden
        ("dark_photon", "complex_scalar", 6.0, 6.6e-4, 1.026, 1e-12),
        ("tensor_universal", "vector", 3.0, 0.1, 0.01007, 1e-6),  # freezes out while relativistic
        ("dark_photon", "complex_scalar", 10.0, 1.0, 0.0562, 3e-9),  # both tails at once: e^-50 times 1e18
        ("dark_photon", "dirac", 10.0, 0.1, 0.0562, 3e-9),
    ],
)
def test_tails_of_the_distribution(name, kind, ratio, alpha_D, M, g):
    """Where the tail decides it is kept; where <sigma v> has no digits, after freeze-out, the yield does not see it."""
    model = pheno.model(name, dark_matter=kind, ratio=ratio, alpha_D=alpha_D)
    fine, coarse = (pheno.relic_density(model, M, coupling=g, rtol=rtol, full_output=True) for rtol in (1e-5, 1e-3))
    assert abs(coarse.omega_h2 - fine.omega_h2) <= coarse.error + fine.error


def every_crossing(model, M, omega_h2, couplings):
    """Brackets of the couplings where Omega h^2 crosses a value, from a scan; never in equilibrium is too much."""
    from pheno.errors import NotThermalError

    def excess(g):
        try:
            return float(pheno.relic_density(model, M, coupling=g, rtol=0.01)) / omega_h2 - 1
        except NotThermalError:
            return np.inf

    f = [excess(g) for g in couplings]
    pairs = zip(f, f[1:], couplings, couplings[1:], strict=False)
    return [(a, b) for low, high, a, b in pairs if (low > 0) != (high > 0) and np.isfinite([low, high]).all()]


@pytest.mark.parametrize(
    ("name", "kind", "ratio", "alpha_D", "M", "omega_h2"),
    [
        ("dark_photon", "dirac", 2.0005, 1e-7, 0.1, 1e-7),  # two: the width grows with the coupling to leptons
        ("axial_vector", "majorana", 1.999, 0.1, 0.3, 0.12),
        ("scalar_universal", "dirac", 2.2, 1e-4, 0.05, 0.12),
        ("b_minus_l", "complex_scalar", 3.0, 1e-3, 1.0, 1e-3),
        ("tensor_universal", "vector", 3.0, 0.1, 0.01, 0.004),
    ],
)
def test_targets_are_those_of_a_scan(name, kind, ratio, alpha_D, M, omega_h2):
    model = pheno.model(name, dark_matter=kind, ratio=ratio, alpha_D=alpha_D)
    found = pheno.thermal_target(model, M, omega_h2=omega_h2)
    expected = every_crossing(model, M, omega_h2, np.geomspace(1e-12, 3.544, 121))
    assert found.count == len(expected) > 0
    for solution, (low, high) in zip(found.solutions, expected, strict=False):
        assert 0.97 * low < solution < 1.03 * high
