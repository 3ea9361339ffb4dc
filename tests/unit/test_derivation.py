"""The derivation of the amplitudes: traces, identities, and values against explicit spinors.

The reference values (tests/references/amplitudes.csv and tests/oracles/compton.py) come from explicit spinors
and polarisation vectors and share nothing with the traces.
"""

from __future__ import annotations

import csv
import itertools
import random
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
import sympy
from derive import bremsstrahlung, compton, pair, process
from derive.algebra import FIVE, Index, Traces, matrix
from derive.emit import stable_expression
from derive.vertices import VERTICES
from oracles import compton as spinor_compton
from oracles.phase_space_points import DIGITS, random_events

REFERENCES = Path(__file__).parents[1] / "references" / "amplitudes.csv"
ARGUMENTS = ("s", "U", "t", "PP", "PD", "G1", "G2", "Gk", "qk2", "m", "m_X")

# 25 digits are printed, and at the worst reference point 1e4 of the terms cancel.
SPINOR_RTOL = mp.mpf("1e-20")
# 1e-16 of rounding times the cancellation of the terms, which reaches 1e4 at the reference points.
DOUBLE_RTOL = 1e-11
# Random points go to within 1e-8 of every edge of phase space. Where p, k and q are all but parallel the terms of
# L cancel, and L is small against its neighbourhood by the same factor: 3e-12 at these 300 points, 4e-9 is the
# worst of 6000 others.
EDGE_RTOL = 1e-10
# The share of points that may miss 1e-12; the median error is one rounding.
EDGE_SHARE = 0.02


# ------------------------------------------------------------------------------------- the trace engine

METRIC = np.diag([1, -1, -1, -1])


def dirac_matrices():
    """Return gamma^mu and gamma_5 in the Dirac representation, exact in complex integers."""
    one, zero = np.eye(2), np.zeros((2, 2))
    pauli = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.array([[1, 0], [0, -1]])]
    gammas = [np.block([[one, zero], [zero, -one]])]
    gammas += [np.block([[zero, sigma], [-sigma, zero]]) for sigma in pauli]
    return gammas, np.block([[zero, one], [one, zero]])


GAMMA, GAMMA_5 = dirac_matrices()
VECTORS = {"a": (3, 1, -2, 5), "b": (-1, 4, 2, 2), "c": (7, -3, 1, 1), "d": (2, 2, -5, 3)}


def dot(x, y):
    return int(np.array(VECTORS[x]) @ METRIC @ np.array(VECTORS[y]))


def explicit_trace(word):
    """Return the trace of 4x4 matrices, indices summed one value at a time."""
    indices = sorted({letter for letter in word if isinstance(letter, Index)})
    total = 0
    for values in itertools.product(range(4), repeat=len(indices)):
        chosen = dict(zip(indices, values, strict=True))
        result, seen = np.eye(4, dtype=complex), set()
        for letter in word:
            if letter == FIVE:
                factor = GAMMA_5
            elif isinstance(letter, Index):
                sign = METRIC[chosen[letter], chosen[letter]] if letter in seen else 1
                factor = sign * GAMMA[chosen[letter]]
                seen.add(letter)
            else:
                factor = sum(METRIC[i, i] * VECTORS[letter][i] * GAMMA[i] for i in range(4))
            result = result @ factor
        total += np.trace(result)
    return total


MU, NU = Index("mu"), Index("nu")


@pytest.mark.parametrize(
    "word",
    [
        (),
        ("a",),
        ("a", "b"),
        ("a", "b", "c", "d"),
        ("a", "b", "c", "d", "a", "c"),
        (FIVE, "a", FIVE, "b"),
        ("a", FIVE, "b", "c", FIVE, "d"),
        (MU, "a", MU, "b"),
        ("d", MU, "a", "b", "c", MU),
        (MU, "a", NU, "b", MU, "c", NU, "d"),
        (MU, FIVE, "a", "b", "c", "d", MU, FIVE),
    ],
    ids=lambda word: " ".join(getattr(letter, "name", letter) for letter in word) or "1",
)
def test_trace_is_that_of_explicit_matrices(word):
    assert Traces(dot)(matrix(*word)) == explicit_trace(word)  # small integers: exact


def test_a_trace_with_one_gamma5_is_refused():
    with pytest.raises(ValueError, match="Levi-Civita"):
        Traces(dot)(matrix(FIVE, "a", "b", "c", "d"))


# ------------------------------------------------------------------------------------------- identities


@pytest.mark.parametrize("name", VERTICES)
def test_photon_ward_identity(name):
    """P -> q turns every amplitude into zero."""
    gamma = VERTICES[name].gamma
    amplitude = process.emission(matrix(*gamma), matrix("q"))
    assert bremsstrahlung.kinematics().spin_sum(amplitude, amplitude) == 0


def test_vector_ward_identity():
    """k.M = 0: the vector's current is conserved."""
    assert bremsstrahlung.raw(VERTICES["vector"])[1] == 0
    assert compton.raw("vector")[1] == 0


def test_longitudinal_axial_vector_is_the_pseudoscalar():
    """|k.M_axial|^2 = (2 m)^2 |M_pseudoscalar|^2, the small-mass limit g_P = 2 m g_A/m_A, holds identically."""
    assert bremsstrahlung.longitudinal_is_pseudoscalar() == 0
    axial, pseudoscalar = compton.raw("axial_vector")[1], compton.raw("pseudoscalar")[0]
    assert axial == 4 * process.m2 * pseudoscalar


@pytest.mark.parametrize("terms", [compton.lepton_terms, compton.photon_terms])
def test_tensor_photon_ward_identity(terms):
    assert compton.photon_ward_identity(terms) == 0


def test_tensor_of_universal_coupling_has_a_conserved_source():
    """The sum over polarisations, k k/m_X^2 terms included, has no pole in m_X."""
    universal = sum(compton.tensor_raw(), process.RING(0))
    assert universal % process.X2**2 == 0


@pytest.mark.parametrize("name", VERTICES)
def test_stable_form_is_the_trace(name):
    form = bremsstrahlung.stable_form(name)
    assert bremsstrahlung.identity(form, *bremsstrahlung.raw(VERTICES[name])) == 0
    wrong = bremsstrahlung.StableForm(form.c_D, form.c_plus, form.c_minus, form.c_k, form.c_1 + 1)
    assert bremsstrahlung.identity(wrong, *bremsstrahlung.raw(VERTICES[name])) != 0


def test_identities_of_the_pair_frame():
    assert pair.identities() == [0, 0, 0]


@pytest.mark.parametrize("name", VERTICES)
def test_pair_form_is_the_stable_form(name):
    assert pair.remainder(bremsstrahlung.stable_form(name)) == 0


@pytest.mark.parametrize("name", VERTICES)
def test_degree_in_mass(name):
    """L of spin 0 and 1 scales like the square of a mass."""
    scale = sympy.Symbol("scale", positive=True)
    dimension = {"s": 2, "U": 2, "t": 2, "PP": 2, "PD": 4, "G1": 6, "G2": 6, "Gk": 6, "qk2": 2, "m": 1, "m_X": 1}
    expression = stable_expression(bremsstrahlung.stable_form(name))
    scaled = expression.subs({sympy.Symbol(a): scale**n * sympy.Symbol(a) for a, n in dimension.items()})
    assert sympy.simplify(scaled / expression) == scale**2


def test_small_angle_forms_of_the_literature():
    """Liu & Miller 1705.01633, |A|^2 of scalar and vector."""
    x, U, m2, X2 = sympy.symbols("x U m2 X2")
    kT2 = x * U - X2 * (1 - x) - m2 * x**2
    point = {"s": U / (1 - x), "qk2": x * U / (1 - x), "W": (U / (1 - x)) ** 2 * kT2}
    norm = (U * point["s"]) ** 2
    published = {
        "scalar": x**2 / (1 - x) - 2 * (X2 - 4 * m2) * kT2 / U**2,
        "vector": 2 * (2 - 2 * x + x**2) / (1 - x) - 4 * (X2 + 2 * m2) * kT2 / U**2,
    }
    for name, amplitude in published.items():
        ours = compton.stable_form(name).subs({sympy.Symbol(k): v for k, v in point.items()}) / norm / 4
        assert sympy.simplify(ours - amplitude) == 0


# ----------------------------------------------------------------------------------- values, by spinors


def evaluator(name, modules):
    expression = stable_expression(bremsstrahlung.stable_form(name))
    return sympy.lambdify(sympy.symbols(ARGUMENTS), expression, modules)


def reference_points():
    """Yield ``(row, arguments)`` with the arguments in the order of ARGUMENTS, as mpf."""
    with REFERENCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            value = {key: mp.mpf(row[f"{key}_exact"]) for key in ("s", "U", "t1", "PD", "G1", "G2", "Gk")}
            value |= {key: mp.mpf(float(row[key])) for key in ("t", "m", "m_X")}
            value["PP"] = 4 * mp.mpf(float(row["M"])) ** 2 + value["t"]
            value["qk2"] = value["t1"] - value["t"] + value["m_X"] ** 2
            yield row, [value[key] for key in ARGUMENTS]


@pytest.mark.parametrize("name", VERTICES)
def test_formula_is_the_spinor_sum(name):
    formula = evaluator(name, "mpmath")
    with mp.workdps(50):
        worst = max(abs(formula(*point) / mp.mpf(row[name]) - 1) for row, point in reference_points())
    assert worst < SPINOR_RTOL


@pytest.mark.parametrize("name", VERTICES)
def test_double_precision_at_the_reference_points(name):
    formula = evaluator(name, "math")
    with mp.workdps(50):
        worst = max(abs(formula(*map(float, point)) / mp.mpf(row[name]) - 1) for row, point in reference_points())
    assert worst < DOUBLE_RTOL


@pytest.mark.parametrize("name", VERTICES)
def test_double_precision_at_the_edges_of_phase_space(name):
    double, exact = evaluator(name, "math"), evaluator(name, "mpmath")
    errors = []
    with mp.workdps(DIGITS):
        for event in random_events(300, seed=7):
            value = event.invariants() | {"m": event.m, "m_X": event.m_X}
            point = [value[key] for key in ARGUMENTS]
            errors.append(float(abs(double(*map(float, point)) / exact(*point) - 1)))
    assert max(errors) < EDGE_RTOL
    assert np.mean(np.array(errors) > 1e-12) < EDGE_SHARE


def compton_point(x, kT2, m, m_X):
    """Return the fields of pheno::ComptonPoint in the arithmetic of the arguments."""
    rest = 1 - x
    U = (kT2 + m_X**2 * rest + m**2 * x**2) / x
    s = U / rest
    return {"s": s, "U": U, "t1": (kT2 + m**2 * x**2) / rest, "W": s**2 * kT2, "qk2": x * s}


def compton_values(point, m, m_X):
    """Return L of every mediator, the tensor at (c_l, c_gamma) = (1, 1), (1, 0), (0, 1)."""
    v = point | {"m2": m**2, "X2": m_X**2}
    v |= {"z": v["X2"] / v["qk2"], "r": v["t1"] / v["qk2"]}
    v |= {"y": v["W"] / (v["s"] * v["U"] * v["t1"]), "h": v["m2"] * v["qk2"] ** 2 / (v["s"] * v["U"] * v["t1"])}
    names = sympy.symbols(tuple(v))
    forms = {name: compton.stable_form(name) / (sympy.Symbol("s") * sympy.Symbol("U")) ** 2 for name in VERTICES}
    keys = (("tensor", 1, 1), ("tensor", 1, 0), ("tensor", 0, 1))
    forms |= dict(zip(keys, compton.tensor_stable_form(), strict=True))
    return {key: sympy.lambdify(names, form, "mpmath")(*v.values()) for key, form in forms.items()}


@pytest.mark.parametrize("seed", range(6))
def test_real_photon_amplitudes_are_the_spinor_sums(seed):
    rng = random.Random(seed)  # noqa: S311
    with mp.workdps(60):
        m = mp.mpf(rng.choice((0.51099895069e-3, 0.1056583755)))
        m_X = mp.mpf(10) ** rng.uniform(-4, 0.5)
        x, kT2 = mp.mpf(rng.uniform(0.01, 0.99)), (m**2 + m_X**2) * mp.mpf(10) ** rng.uniform(-4, 4)
        point = compton_point(x, kT2, m, m_X)
        momenta = spinor_compton.centre_of_mass(point["s"], point["U"], m, m_X)
        for key, value in compton_values(point, m, m_X).items():
            mediator, *couplings = key if isinstance(key, tuple) else (key,)
            reference = spinor_compton.spin_sum(mediator, momenta, *couplings)
            assert abs(value / reference - 1) < mp.mpf("1e-30"), key
