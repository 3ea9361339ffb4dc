"""Widths against explicit spinors, decay probabilities against 60 digits, and messages about nonsense."""

import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracles import decays as oracle

import pheno
from pheno import _core, decays, models
from pheno.constants import ALPHA, ELECTRON_MASS, ELEMENTARY_CHARGE, HBAR_C_M, MUON_MASS, TAU_MASS
from pheno.errors import ConvergenceError, DomainError

#: What couples at all; every other combination is 0 by construction.
PAIRS = [
    *((mediator, "dirac") for mediator in oracle.SPIN),
    *((mediator, "dirac_opposite") for mediator in oracle.SPIN if mediator != "tensor"),
    *((mediator, "complex_scalar") for mediator in oracle.SPIN if mediator != "pseudoscalar"),
    ("tensor", "real_vector"),
    *((mediator, "photons") for mediator in ("scalar", "pseudoscalar", "tensor")),
]


def width(mediator, state, m, m1, m2):
    return _core.two_body_width(
        np.array([m]), np.array([m1]), np.array([m2]), mediator=mediator, final_state=state, threads=1
    )[0]


@pytest.mark.parametrize(("mediator", "state"), PAIRS)
@pytest.mark.parametrize(
    ("mass", "m1", "m2"), [(1.3, 0.21, 0.37), (0.01, 0.0049, 0.0049), (2.0, 1e-3, 1.2), (0.3, 5e-4, 5e-4)]
)
def test_two_body_widths_are_those_of_spinors(mediator, state, mass, m1, m2):
    if state not in {"dirac", "dirac_opposite"} or mediator == "tensor":
        m2 = m1
    exact = oracle.two_body_width(mediator, state, mass, m1, m2)
    assert oracle.two_body_width(mediator, state, mass, m1, m2, cos=-0.9) == pytest.approx(exact, rel=1e-30)
    # 1e-13: a dozen operations in double precision, no difference but that of the masses to the threshold
    assert width(mediator, state, mass, m1, m2) == pytest.approx(float(exact), rel=1e-13)


@pytest.mark.parametrize(("mediator", "state"), [pair for pair in PAIRS if pair[1] != "photons"])
@pytest.mark.parametrize("above", [1e-3, 1e-8, 1e-13])
def test_no_digit_is_lost_at_the_threshold(mediator, state, above):
    mass = 2 * MUON_MASS * (1 + above)
    exact = oracle.two_body_width(mediator, state, mass, MUON_MASS, MUON_MASS)
    assert width(mediator, state, mass, MUON_MASS, MUON_MASS) == pytest.approx(float(exact), rel=1e-13)
    assert width(mediator, state, 2 * MUON_MASS, MUON_MASS, MUON_MASS) == 0.0


@pytest.mark.parametrize(
    ("m1", "splitting", "mediator_mass", "lepton_mass"),
    [
        (1.0, 0.4, 3.0, ELECTRON_MASS),
        (0.1, 0.04, 0.3, ELECTRON_MASS),
        (0.1, 0.0011, 0.3, ELECTRON_MASS),
        (1.0, 0.4, 0.42, 0.1),
        (0.01, 2.0, 3.0, MUON_MASS),
    ],
)
def test_three_body_width_is_that_of_spinors_on_the_dalitz_plot(m1, splitting, mediator_mass, lepton_mass):
    exact = float(oracle.three_body_width(m1, splitting, mediator_mass, lepton_mass, nodes=24))
    value, error, _, status = _core.three_body_width(
        np.array([m1]), np.array([splitting]), np.array([mediator_mass]), lepton_mass=lepton_mass, rtol=1e-10, threads=1
    )
    assert status[0] == 0
    assert error[0] <= 1e-10 * value[0]
    assert value[0] == pytest.approx(exact, rel=1e-10)


def test_three_body_width_of_a_heavy_mediator():
    """4 alpha alpha_D eps^2 Delta^5/(15 pi M^4) for m_e << Delta << m_1 [1703.06881] to order Delta/m_1."""
    split = pheno.model("dark_photon", dark_matter="pseudo_dirac", dark_matter_mass=100.0, splitting=1e-3, alpha_D=0.1)
    found = pheno.excited_widths(split, 1e4, epsilon=1e-3)
    leading = 4 * ALPHA * 0.1 * 1e-6 * 0.1**5 / (15 * np.pi * 1e16)
    assert found.partial["chi1 e+e-"] == pytest.approx(leading, rel=3e-3)
    assert found.partial["chi1 mu+mu-"] == 0.0
    assert found.total == found.partial["chi1 e+e-"]


def test_three_body_width_meets_its_tolerance_or_says_so(monkeypatch):
    split = pheno.model("dark_photon", dark_matter="pseudo_dirac", ratio=3.0, splitting=0.4)
    masses = np.geomspace(5e-3, 10.0, 50)
    loose = pheno.excited_widths(split, masses, epsilon=1e-3, rtol=1e-4).total
    assert loose == pytest.approx(pheno.excited_widths(split, masses, epsilon=1e-3, rtol=1e-12).total, rel=1e-4)
    failing = tuple(np.array([x]) for x in (1.0, 0.5, 15, 1))
    monkeypatch.setattr(decays._core, "three_body_width", lambda *a, **k: failing)
    with pytest.raises(ConvergenceError, match=r"chi1 e\+e- did not reach rtol = 1e-08 at mass = 0.3"):
        pheno.excited_widths(split, 0.3)


@pytest.mark.parametrize("name", models.names())
def test_every_model_decays(name):
    masses = np.geomspace(1e-4, 40.0, 400)
    found = pheno.widths(name, masses)
    assert found.total == pytest.approx(sum(found.partial.values()), rel=1e-15)
    fractions = sum(found.branching.values())
    assert fractions[found.total > 0] == pytest.approx(1.0, rel=1e-14)
    assert (fractions[found.total == 0] == 0.0).all()
    assert found.visible + found.invisible == pytest.approx(found.total, rel=1e-14)
    for channel, partial in found.partial.items():
        assert np.isfinite(partial).all(), channel
        assert (partial >= 0.0).all(), channel
    for lepton, mass in (("e", ELECTRON_MASS), ("mu", MUON_MASS), ("tau", TAU_MASS)):
        if f"{lepton}+{lepton}-" in found.partial:
            assert ((found.partial[f"{lepton}+{lepton}-"] > 0) == (masses > 2 * mass)).all()


DARK = [
    ("dark_photon", kind) for kind in ("dirac", "majorana", "complex_scalar", "pseudo_dirac")
] + [
    ("axial_vector", kind) for kind in ("dirac", "majorana", "complex_scalar", "pseudo_dirac")
] + [
    ("scalar_universal", kind) for kind in ("dirac", "majorana", "complex_scalar", "pseudo_dirac")
] + [
    ("pseudoscalar_universal", kind) for kind in ("dirac", "majorana", "pseudo_dirac")
] + [
    ("tensor_universal", kind) for kind in ("dirac", "majorana", "complex_scalar", "pseudo_dirac", "vector")
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), DARK)
def test_dark_matter_widths(name, kind):
    """Against the widths of the oracle, with the counting of particles written out."""
    model = pheno.model(name, dark_matter=kind, ratio=3.0, alpha_D=0.2)
    found = pheno.widths(model, 0.9, coupling=0.5)
    dark = sum(width for channel, width in found.partial.items() if channel.startswith("chi"))
    mediator = model.mediator.name
    if kind in {"complex_scalar", "vector"}:
        state = "real_vector" if kind == "vector" else kind
        expected = oracle.two_body_width(mediator, state, 0.9, 0.3, 0.3)
    else:
        majorana = "dirac_opposite" if mediator == "vector" and kind == "majorana" else "dirac"
        expected = oracle.two_body_width(mediator, majorana, 0.9, 0.3, 0.3)
        expected *= mpf("0.5") if kind == "majorana" else 1
    strength = 0.25 if mediator == "tensor" else 4 * np.pi * 0.2
    assert dark == pytest.approx(strength * float(expected), rel=1e-13)
    # the coupling to dark matter of spin 0 and 1 is that of the model, not the mediator's
    ratio = pheno.widths(model, 0.9, coupling=1.0).invisible / pheno.widths(model, 0.9, coupling=0.5).invisible
    assert ratio == pytest.approx(4.0 if mediator == "tensor" else 1.0, rel=1e-14)
    closed = pheno.widths(pheno.model(name, dark_matter=kind, ratio=1.9), 0.9).partial
    assert all(width == 0.0 for channel, width in closed.items() if channel.startswith("chi"))


def test_split_states():
    model = pheno.model("dark_photon", dark_matter="pseudo_dirac", ratio=3.0, splitting=0.5)
    expected = float(oracle.two_body_width("vector", "dirac", 0.9, 0.3, 0.45))
    assert pheno.widths(model, 0.9, epsilon=0.0).partial["chi1 chi2"] == pytest.approx(
        0.4 * np.pi * expected, rel=1e-13
    )
    diagonal = pheno.model("scalar_universal", dark_matter="pseudo_dirac", ratio=3.0, splitting=0.5)
    assert list(pheno.widths(diagonal, 0.9).partial)[-2:] == ["chi1 chi1", "chi2 chi2"]
    closed = pheno.model("dark_photon", dark_matter="pseudo_dirac", ratio=3.0, splitting=1.1)
    assert pheno.widths(closed, 0.9).partial["chi1 chi2"] == 0.0


def test_neutrinos_are_of_one_handedness():
    found = pheno.widths("b_minus_l", 0.01, coupling=1.0)
    assert found.partial["nu nu"] == pytest.approx(3 * 0.01 / (24 * np.pi), rel=1e-15)
    assert pheno.widths("lmu_minus_ltau", 0.01).partial["nu nu"] == pytest.approx(2 * 0.01 / (24 * np.pi), rel=1e-15)


@pytest.mark.parametrize("kind", ["scalar", "pseudoscalar"])
@pytest.mark.parametrize("mass", [1e-5, 0.02, 0.15, 0.2113167, 0.25, 3.0])
def test_photons_by_loops_against_the_integral(kind, mass):
    """The loop as its Feynman-parameter integral at 40 digits.

    Scalar: int (1 - 4xy)/(1 - 4 tau xy) over the triangle, 1/3 for a heavy fermion; pseudoscalar:
    int 1/(1 - 4 tau xy), 1/2.
    """
    with mp.workdps(40):
        tau = (mpf(mass) / (2 * mpf(MUON_MASS))) ** 2

        def over_y(x):  # int_0^{1-x} dy (1 - 4xy)^n/(1 - 4 tau x y - i0), in closed form
            c = 4 * tau * x
            end = 1 - c * (1 - x)
            log = mp.log(abs(end)) - (mp.mpc(0, mp.pi) if end < 0 else 0)
            plain = -log / c
            return (1 - 1 / tau) * plain + (1 - x) / tau if kind == "scalar" else plain

        points = [mpf("1e-30"), mpf("1e-12"), mpf("1e-4"), mpf("0.5"), 1 - mpf("1e-4"), 1]
        if tau > 1:
            root = mp.sqrt(1 - 1 / tau)
            points = sorted([*points, (1 - root) / 2, (1 + root) / 2])
        loop = mp.quad(over_y, points)
        coupling = mpf(ALPHA) / (mp.pi * mpf(MUON_MASS)) * 2 * loop
        exact = float(abs(coupling) ** 2 * mpf(mass) ** 3 / (64 * mp.pi))
    found = pheno.widths(f"{kind}_muonphilic", mass).partial["gamma gamma"]
    assert found == pytest.approx(exact, rel=1e-12)


def test_axion_like_particle_of_the_talk():
    """Gamma = g^2 m^3/(64 pi); 4 m at 100 GeV for 1e-4/GeV and 100 MeV, as the talk rounds it."""
    assert pheno.widths("alp_photon", 0.1, coupling=1e-4).total == pytest.approx(1e-8 * 1e-3 / (64 * np.pi), rel=1e-15)
    assert pheno.decay_length_m("alp_photon", 0.1, 100.0, coupling=1e-4) == pytest.approx(4.0, abs=0.05)
    assert pheno.decay_length_m("alp_photon", 0.05, 50.0, coupling=2e-4) == pytest.approx(2 * 3.9674, rel=1e-4)


def test_tensor_shares_of_massless_fields():
    found = pheno.widths("tensor_universal", 0.5, coupling=1e-3)
    photons, electrons, neutrinos = (found.partial[c] for c in ("gamma gamma", "e+e-", "nu nu"))
    assert photons / electrons == pytest.approx(2.0, rel=1e-5)  # m_e^2/m^2 = 1e-6
    assert neutrinos / photons == pytest.approx(0.75, rel=1e-14)


def test_mixing_of_lmu_minus_ltau():
    """Small masses: e ln(m_tau/m_mu)/(6 pi^2). The talk prints 3/(16 pi^2), 9/8 of it, and a number for 1/(6 pi^2)."""
    at_rest = pheno.kinetic_mixing("lmu_minus_ltau", 1e-6)
    leading = ELEMENTARY_CHARGE * np.log(TAU_MASS / MUON_MASS) / (6 * np.pi**2)
    assert at_rest.real == pytest.approx(leading, rel=1e-9)
    assert at_rest.imag == 0.0
    assert 4.8e-4 * leading == pytest.approx(6.8e-6, rel=0.03)
    assert 4.8e-4 * leading * 9 / 8 != pytest.approx(6.8e-6, rel=0.1)


@pytest.mark.parametrize("mass", [0.01, 0.15, 0.2113, 0.2114, 1.0, 3.0, 4.0, 30.0])
def test_momentum_dependence_of_the_mixing(mass):
    with mp.workdps(30):

        def integral(m):
            z = (mpf(mass) / mpf(m)) ** 2
            root = mp.sqrt(1 - 4 / z) if z > 4 else None
            points = [0, (1 - root) / 2, (1 + root) / 2, 1] if root is not None else [0, 0.5, 1]
            real = mp.quad(lambda x: x * (1 - x) * mp.log(abs(mpf(m) ** 2 * (1 - x * (1 - x) * z))), points)
            cut = mp.quad(lambda x: x * (1 - x), points[1:3]) if root is not None else 0
            return mp.mpc(real, -mp.pi * cut)

        exact = mpf(ELEMENTARY_CHARGE) / (2 * mp.pi**2) * (integral(TAU_MASS) - integral(MUON_MASS))
    found = pheno.kinetic_mixing("lmu_minus_ltau", mass)
    assert found == pytest.approx(complex(exact), rel=1e-13)


def test_mixing_gives_electrons_and_hadrons():
    masses = [0.05, 1.0]
    found = pheno.widths("lmu_minus_ltau", masses, coupling=1e-3)
    mixing = np.abs(pheno.kinetic_mixing("lmu_minus_ltau", masses))
    photon = pheno.widths("dark_photon", masses, epsilon=1e-3 * mixing)
    for channel in ("e+e-", "hadrons"):
        assert found.partial[channel] == pytest.approx(photon.partial[channel], rel=1e-14)


def test_lifetimes_and_lengths():
    total = pheno.widths("dark_photon", 0.1, epsilon=1e-4).total
    assert pheno.lifetime_s("dark_photon", 0.1, epsilon=1e-4) * 2.99792458e8 == pytest.approx(
        HBAR_C_M / total, rel=1e-9
    )
    length = pheno.decay_length_m("dark_photon", 0.1, [0.1, 0.1 * np.sqrt(2)], epsilon=1e-4)
    assert length[0] == 0.0
    assert length[1] == pytest.approx(HBAR_C_M / total, rel=1e-14)
    # no pair is open, C forbids three photons, and Landau and Yang two
    assert pheno.lifetime_s("axial_vector", 1e-3) == np.inf
    assert pheno.decay_length_m("axial_vector", 1e-3, 1.0) == np.inf
    assert pheno.decay_length_m("dark_photon", np.ones((3, 1)), np.full(2, 5.0), epsilon=1e-4).shape == (3, 2)


@given(
    st.floats(0, 1e4),
    st.floats(1e-12, 1e4),
    st.floats(1e-30, 1e30),
)
def test_probability_keeps_twelve_digits(start, length, mean):
    with mp.workdps(60):
        exact = mp.exp(-mpf(start) / mpf(mean)) * -mp.expm1(-mpf(length) / mpf(mean))
    found = pheno.decay_probability(start, length, mean)
    if exact < sys.float_info.min:
        assert found <= 2 * sys.float_info.min
    else:
        assert found == pytest.approx(float(exact), rel=1e-12, abs=0.0)


def test_probability_at_its_limits():
    assert pheno.decay_probability(0.0, 1.0, 0.0) == 1.0
    assert pheno.decay_probability(1e-300, 1.0, 0.0) == 0.0
    assert pheno.decay_probability(0.0, 0.0, 0.0) == 0.0
    assert pheno.decay_probability(0.0, 1.0, np.inf) == 0.0
    assert pheno.decay_probability(0.0, 1e-300, 1e-5) == pytest.approx(1e-295, rel=1e-15)
    assert pheno.decay_probability(3.0, 2.0, 5e-324) == 0.0
    parts = [pheno.decay_probability(a, b - a, 2.0) for a, b in ((0, 1), (1, 5), (5, 80))]
    assert sum(parts) == pytest.approx(1.0, rel=1e-15)
    assert pheno.decay_probability(np.zeros((2, 1)), 1.0, np.ones(3)).shape == (2, 3)


def test_probability_averaged_over_a_spectrum():
    energies = np.linspace(10.0, 100.0, 7)
    lengths = pheno.decay_length_m("alp_photon", 0.1, energies, coupling=1e-4)
    weights = np.arange(7.0)
    mean = pheno.decay_probability(5.0, 10.0, lengths, weights=weights)
    assert mean == pytest.approx(np.average(pheno.decay_probability(5.0, 10.0, lengths), weights=weights), rel=1e-14)
    assert pheno.decay_probability([[1.0], [2.0]], 1.0, lengths, weights=weights).shape == (2,)
    # far tail: the one energy that reaches the volume carries the average, to all digits
    assert pheno.decay_probability(700.0, 1.0, [0.0, 1.0], weights=[1.0, 1.0]) == pytest.approx(
        0.5 * float(mp.exp(-700) * (1 - mp.exp(-1))), rel=1e-12
    )


SPLIT = pheno.model("dark_photon", dark_matter="pseudo_dirac", ratio=3.0, splitting=0.4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pheno.widths("dark_photon", [0.1, -1.0]), r"mass must be finite and > 0, got -1 \(1 of 2 values\)"),
        (lambda: pheno.widths("dark_photon", "x"), "mass must be a number"),
        (lambda: pheno.widths("dark_photon", 50.0), "mass must be at most 44 GeV for hadrons"),
        (lambda: pheno.widths("dark_photon", 0.1, coupling=np.nan), "coupling must be finite, got nan"),
        (lambda: pheno.widths("dark_photon", 0.1, coupling=1, epsilon=1), "must not both be given"),
        (lambda: pheno.widths("alp_photon", 0.1, epsilon=1), "epsilon must not be given"),
        (
            lambda: pheno.widths("dark_photon", [0.1, 0.2], coupling=[1, 2, 3]),
            "mass and coupling must have shapes",
        ),
        (lambda: pheno.widths("dark_photon", 0.1, threads=0), "threads must be a whole number >= 1, got 0"),
        (lambda: pheno.widths("photon", 0.1), "model must be one of"),
        (
            lambda: pheno.decay_length_m("dark_photon", 0.1, [1.0, 0.05]),
            "energy must be at least the mass, got 0.05",
        ),
        (lambda: pheno.decay_probability(-1.0, 1.0, 1.0), "start_m must be finite and >= 0, got -1"),
        (lambda: pheno.decay_probability(1.0, np.inf, 1.0), "length_m must be finite and >= 0, got inf"),
        (
            lambda: pheno.decay_probability(1.0, 1.0, [1.0, np.nan]),
            "decay_length_m must be finite and >= 0, got nan",
        ),
        (lambda: pheno.decay_probability(1.0, 1.0, -2), "decay_length_m must be finite and >= 0, got -2"),
        (lambda: pheno.decay_probability(1.0, 1.0, [1.0], weights=[0.0]), "weights must not all be 0"),
        (lambda: pheno.decay_probability(1.0, 1.0, [1.0], weights=2.0), "weights must have an axis"),
        (lambda: pheno.decay_probability(1.0, 1.0, [1.0], weights=[-1.0]), "weights must be finite and >= 0, got -1"),
        (lambda: pheno.kinetic_mixing("dark_photon", 0.1), "model must have mixing = true"),
        (lambda: pheno.excited_widths("dark_photon", 0.1), "model must have a vector mediator and pseudo_dirac dark"),
        (lambda: pheno.excited_widths(SPLIT, 0.1, rtol=1e-15), "rtol must be between 1e-12 and 0.1"),
        (
            lambda: pheno.excited_widths(
                pheno.model("dark_photon", dark_matter="pseudo_dirac", ratio=0.3, splitting=0.4), [0.1, 0.2]
            ),
            r"mass must be above the splitting m_2 - m_1 = 0.133333 GeV.* got 0.1 \(2 of 2",
        ),
    ],
)
def test_nonsense_is_named(call, message):
    with pytest.raises(DomainError, match=message):
        call()


def test_arguments_stay_as_they_are():
    mass = np.array([0.1, 0.5])
    mass.setflags(write=False)
    pheno.widths("lmu_minus_ltau", mass, coupling=1e-3)
    with pytest.raises(TypeError):
        pheno.widths("dark_photon", mass).partial["e+e-"] = 0.0


def test_threads_do_not_change_a_bit():
    masses = np.geomspace(1e-3, 3.0, 5000)
    one = pheno.widths("scalar_universal", masses, threads=1)
    results = []

    def work():
        results.append(pheno.widths("scalar_universal", masses, threads=4))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all((found.total == one.total).all() for found in results)
