"""Relic density: contracts, bad input, thermal targets, constraints."""

from __future__ import annotations

import numpy as np
import pytest

import pheno
from pheno import model, relic_density, thermal_target
from pheno.errors import ConvergenceError, DomainError, NotThermalError
from pheno.relic import (
    cmb_excluded,
    cmb_limit,
    degrees_of_freedom,
    landau_pole_alpha_D,
    rule_of_thumb,
    running_alpha_D,
    s_wave_target,
)

SCALAR = model("dark_photon", dark_matter="complex_scalar", ratio=3, alpha_D=0.5)
DIRAC = model("dark_photon", dark_matter="dirac", ratio=3, alpha_D=0.1)


def test_one_thread_and_two_give_the_same_bits():
    masses = np.geomspace(0.01, 1.0, 7)
    one = relic_density(SCALAR, masses, epsilon=1e-4, threads=1)
    assert one.tobytes() == relic_density(SCALAR, masses, epsilon=1e-4, threads=2).tobytes()
    assert one[3] == relic_density(SCALAR, masses[3], epsilon=1e-4)


def test_pseudo_dirac_without_splitting_is_dirac():
    split = model("dark_photon", dark_matter="pseudo_dirac", ratio=3, alpha_D=0.1)
    # the same widths in another order of operations
    assert relic_density(split, 0.1, epsilon=1e-4) == pytest.approx(relic_density(DIRAC, 0.1, epsilon=1e-4), rel=1e-9)


def test_splitting_suppresses_coannihilation():
    values = [
        relic_density(
            model("dark_photon", dark_matter="pseudo_dirac", ratio=3, alpha_D=0.1, splitting=s), 0.1, epsilon=1e-3
        )
        for s in (0.0, 0.2, 0.4)
    ]
    # between the factors e^{-Delta x_f} with and without the gain of the smaller distance to the pole
    assert 1.2 < values[1] / values[0] < np.exp(0.2 * 25)
    assert values[2] > values[1]


def test_shares_sum_to_one_and_hadrons_dominate_at_the_rho():
    found = relic_density(DIRAC, 3 * 0.38, epsilon=1e-4, full_output=True)
    assert sum(found.shares.values()) == pytest.approx(1.0, rel=1e-9)
    assert found.shares["hadrons"] > 0.8


def test_history_ends_at_the_yield_and_begins_in_equilibrium():
    found = relic_density(SCALAR, 0.3, epsilon=1e-4, history=True)
    assert found.history.yields[0] == pytest.approx(found.history.equilibrium[0], rel=0.02)
    assert found.history.yields[-1] == pytest.approx(found.yields, rel=1e-3)


@pytest.mark.parametrize(("kind", "most"), [("complex_scalar", 0.02), ("majorana", 0.02)])
def test_y_hardly_depends_on_alpha_D(kind, most):
    masses = 3 * np.geomspace(2e-3, 0.2, 6)
    y = [thermal_target(model("dark_photon", dark_matter=kind, ratio=3, alpha_D=a), masses).y[:, 0] for a in (0.1, 0.5)]
    assert np.abs(y[1] / y[0] - 1).max() < most


def test_y_of_pseudo_dirac_moves_by_the_width_at_threshold():
    theories = [model("dark_photon", dark_matter="pseudo_dirac", ratio=3, alpha_D=a) for a in (0.1, 0.5)]
    constant = [thermal_target(t, 0.03).y[0] for t in theories]
    running = [thermal_target(t, 0.03, width="running").y[0] for t in theories]
    assert constant[1] / constant[0] - 1 == pytest.approx(0.08, abs=0.01)
    assert running[1] / running[0] - 1 == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("kind", ["complex_scalar", "majorana", "dirac", "pseudo_dirac"])
def test_rules_of_thumb_hold_to_a_factor_of_one_and_a_half(kind):
    mass = np.geomspace(1e-3, 0.1, 8)  # hadrons open above
    found = thermal_target(model("dark_photon", dark_matter=kind, ratio=3, alpha_D=0.1), 3 * mass)
    ratio = found.epsilon[:, 0] ** 2 * 0.1 / rule_of_thumb(kind, mass)
    assert ((ratio > 1 / 1.5) & (ratio < 1.5)).all()


def test_target_gives_the_density_it_was_asked_for():
    for ratio in (1.5, 2.001, 2.2, 3.0):
        theory = model("dark_photon", dark_matter="dirac", ratio=ratio, alpha_D=0.1)
        found = thermal_target(theory, 0.1, omega_h2=0.05)
        assert found.count == 1
        assert relic_density(theory, 0.1, coupling=found.coupling[0]) == pytest.approx(0.05, rel=2e-3)


def test_both_sides_of_a_resonance_are_solutions():
    found = thermal_target(DIRAC, 0.1, parameter="ratio", bounds=(1.5, 5.0), epsilon=1e-6)
    assert found.count == 2
    assert found.solutions[0] < 2 < found.solutions[1]
    for ratio in found.solutions[:2]:
        theory = model("dark_photon", dark_matter="dirac", ratio=float(ratio), alpha_D=0.1)
        assert relic_density(theory, 0.1, epsilon=1e-6) == pytest.approx(0.12, rel=3e-3)


def test_absent_solutions_are_explained():
    found = thermal_target(SCALAR, 0.1, bounds=(1e-9, 1e-7))
    assert found.count == 0
    assert not found.solutions.any()
    assert found.statement[0].startswith("too much dark matter")


def test_dark_matter_that_never_was_in_equilibrium_is_an_error():
    weak = model("dark_photon", dark_matter="complex_scalar", ratio=3, alpha_D=1e-9)
    with pytest.raises(NotThermalError, match="never in equilibrium"):
        relic_density(weak, 0.1, epsilon=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mass": -1.0}, "mass must be finite and > 0"),
        ({"epsilon": 0.0}, "coupling must be finite and > 0"),
        ({"epsilon": np.nan}, "epsilon must be finite"),
        ({"coupling": 1.0}, "coupling and epsilon must not both"),
        ({"width": "wide"}, "width must be one of 'constant', 'running'"),
        ({"degrees_of_freedom": "saikawa"}, "did you mean 'saikawa_shirai'"),
        ({"method": "magic"}, "method must be one of"),
        ({"rtol": 1.0}, "rtol must be between"),
        ({"entropy_today": 0.0}, "entropy_today must be finite and > 0"),
        ({"mass": [0.1, 0.2], "history": True}, "history needs one point"),
        ({"model": "dark_photon"}, "must have dark matter"),
    ],
)
def test_nonsense_is_named(arguments, message):
    call = {"model": SCALAR, "mass": 0.1, "epsilon": 1e-4} | arguments
    with pytest.raises(DomainError, match=message):
        relic_density(**call)


@pytest.mark.parametrize("source", ["laine_meyer", "drees_hajkarim_schmitz"])
@pytest.mark.parametrize(("low", "high", "most"), [(1e-3, 0.1, 0.02), (0.1, 1e3, 0.17)])
def test_degrees_of_freedom_of_three_sources_agree(source, low, high, most):
    """Free hadrons below; above, lattice results and perturbation theory joined in three ways: up to 16%."""
    T = np.geomspace(low, high, 60)
    default, other = degrees_of_freedom(T), degrees_of_freedom(T, source)
    assert np.abs(other.entropy / default.entropy - 1).max() < most
    assert np.abs(other.energy / default.energy - 1).max() < most


def test_constraints_reproduce_the_talk():
    found = [
        landau_pole_alpha_D(k, s) for s in (1e3, pheno.constants.PLANCK_MASS) for k in ("complex_scalar", "majorana")
    ]
    assert np.round(found, 2).tolist() == [0.82, 0.20, 0.19, 0.05]
    assert np.isinf(running_alpha_D("majorana", 0.3, 1e3))
    # thermal s wave of 100 MeV is excluded, the p wave is not
    dirac = relic_density(DIRAC, 0.3, epsilon=2e-4, full_output=True)
    scalar = relic_density(SCALAR, 0.3, epsilon=2e-4, full_output=True)
    assert cmb_excluded(0.1, dirac.late_cross_section)
    assert not cmb_excluded(0.1, scalar.late_cross_section)
    assert cmb_limit(0.2) == pytest.approx(2 * cmb_limit(0.1))


@pytest.mark.parametrize("kind", ["vector", "dirac", "complex_scalar"])
def test_two_tensors_are_missed_aloud(kind):
    """chi chi -> G G needs vertices of second order: where it is open there is an error, and a way to leave it out."""
    heavy = model("tensor_universal", dark_matter=kind, ratio=0.5)
    strength = {"coupling": 1e-3}
    with pytest.raises(DomainError, match=r"lighter than 0.8 of a tensor mediator, got 0.2 .*secluded=False"):
        relic_density(heavy, 0.1, **strength)
    with pytest.raises(DomainError, match="annihilates to two tensors"):
        thermal_target(heavy, [0.05, 0.1])
    with pytest.raises(DomainError, match="annihilates to two tensors"):
        pheno.thermal_average(heavy, 0.1, 0.01, **strength)
    assert relic_density(heavy, 0.1, secluded=False, **strength) > 0.0
    # just below, the tail that would reach two tensors has e^{-10}
    found = thermal_target(model("tensor_universal", dark_matter=kind, ratio=1.25), 0.1)
    assert found.count == 1
    assert np.exp(-2 * found.x_freeze[0] * 0.25) < 1e-3


def test_ratio_to_a_tensor_stays_where_two_of_them_are_closed():
    theory = model("tensor_universal", dark_matter="vector")
    found = thermal_target(theory, 0.1, parameter="ratio", coupling=1e-2)
    assert found.count == 2
    assert (found.solutions[:2] > 1.25).all()
    with pytest.raises(DomainError, match="bounds of the ratio to a tensor must be at least 1.25, got 0.5"):
        thermal_target(theory, 0.1, parameter="ratio", coupling=1e-2, bounds=(0.5, 5.0))
    wide = thermal_target(theory, 0.1, parameter="ratio", coupling=1e-2, bounds=(0.5, 5.0), secluded=False)
    assert wide.count >= 1


def test_s_wave_form_of_the_talk_gives_its_rule_of_thumb():
    """T_d/m = 0.1 to 0.05, that is c_s = 1 to 2, and g = 10.75: 0.3 to 0.6e-12 about the talk's 0.4e-12."""
    low, high = s_wave_target(1e-3, 3e-3, c_s=[1.0, 2.0], g_average=10.75)
    assert (low, high) == pytest.approx((0.305e-12, 0.610e-12), rel=0.001)
    assert low < rule_of_thumb("dirac", 1e-3) < high


def test_s_wave_form_is_its_own_cross_section():
    """8.76e-11 GeV^-2/(sqrt(g) <sigma v> T_d/m) = 0.12, the talk's formula, with half of sigma v at rest."""
    m, M, x, g = 0.01, 0.04, 18.0, 10.75
    product = s_wave_target(m, M, c_s=0.1 * x, g_average=g)
    sigma = 0.5 * 16 * np.pi * pheno.constants.ALPHA * product * m**2 / (M**2 - 4 * m**2) ** 2
    # the talk rounds 7.3e-10/16 pi alpha = 1.990e-9 to 2e-9
    assert 8.76e-11 / (np.sqrt(g) * sigma / x) == pytest.approx(0.12, rel=0.01)
    model_ = model("dark_photon", dark_matter="dirac", ratio=4, alpha_D=0.1)
    at_rest = pheno.thermal_average(model_, M, 1e-9, epsilon=np.sqrt(product / 0.1), hadrons=False)
    # electrons have m_e^2/m^2 = 0.3% to the fourth power; the width is left out: (Gamma/m)^2
    assert at_rest == pytest.approx(sigma, rel=0.01)


@pytest.mark.parametrize(("ratio", "alpha_D", "least", "most"), [(3.0, 0.5, 0.98, 1.06), (2.2, 0.01, 15.0, 35.0)])
def test_error_of_the_s_wave_form(ratio, alpha_D, least, most):
    mass = np.geomspace(2e-3, 0.1, 5)
    found = thermal_target(model("dark_photon", dark_matter="dirac", ratio=ratio, alpha_D=alpha_D), ratio * mass)
    over = s_wave_target(mass, ratio * mass) / (found.epsilon[:, 0] ** 2 * alpha_D)
    assert ((over > least) & (over < most)).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dark_matter_mass": 0.0}, "dark_matter_mass must be finite and > 0"),
        ({"mediator_mass": -1.0}, "mediator_mass must be finite and > 0"),
        ({"c_s": 0.0}, "c_s must be finite and > 0"),
        ({"g_average": np.nan}, "g_average must be finite"),
        ({"dark_matter_mass": 1e-12}, "dark_matter_mass must be large enough to freeze out"),
    ],
)
def test_nonsense_to_the_s_wave_form_is_named(arguments, message):
    with pytest.raises(DomainError, match=message):
        s_wave_target(**({"dark_matter_mass": 0.01, "mediator_mass": 0.03} | arguments))


def test_flags_of_a_target():
    """s wave is excluded by CMB, light dark matter changes N_eff; where there is no solution nothing is flagged."""
    mass = 3 * np.array([2e-3, 0.1])
    dirac, scalar = (thermal_target(theory, mass) for theory in (DIRAC, SCALAR))
    assert dirac.cmb_excluded()[:, 0].all()
    assert not scalar.cmb_excluded().any()
    assert scalar.changes_neff.tolist() == [[True, False, False, False], [False] * 4]
    assert not dirac.relativistic.any()
    assert not dirac.cmb_excluded()[:, 1:].any()
    absent = thermal_target(SCALAR, 0.1, bounds=(1e-9, 1e-7))
    assert not (absent.changes_neff | absent.relativistic | absent.cmb_excluded()).any()
    either = thermal_target(DIRAC, 0.1, parameter="ratio", bounds=(1.5, 5.0), epsilon=1e-6)
    assert either.cmb_excluded().tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: thermal_target(SCALAR, 0.1, bounds=(1e-3,)), r"bounds must be two numbers, got \(0.001,\)"),
        (lambda: thermal_target(SCALAR, 0.1, bounds=5), "bounds must be two numbers, got 5"),
        (lambda: relic_density(SCALAR, [0.1, 60.0]), r"at most 44 GeV for hadrons.* got 60 \(1 of 2 points\)"),
        (
            lambda: relic_density(model("dark_photon", dark_matter="dirac", ratio=0.5), 12.0),
            "twice that of dark matter must be at most 44 GeV for hadrons.*got 48",
        ),
        (
            lambda: pheno.thermal_average(SCALAR, 0.1, [1.0, 1e-30], epsilon=1e-3),
            "temperature must be at least 1e-11 of the mass of dark matter.* got 1e-30",
        ),
    ],
)
def test_what_the_calculation_cannot_do_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()


def test_closed_form_without_annihilation_at_low_temperature_is_an_error():
    forbidden = model("dark_photon", dark_matter="complex_scalar", ratio=1.2)
    assert relic_density(forbidden, 0.1, epsilon=1e-9) > 0.0
    with pytest.raises(ConvergenceError, match="the closed form finds no freeze-out"):
        relic_density(forbidden, 0.1, epsilon=1e-9, method="krasnikov")


def test_hadrons_can_be_left_out_where_they_are_not_known():
    assert relic_density(SCALAR, 60.0, epsilon=0.1, hadrons=False) > 0.0
