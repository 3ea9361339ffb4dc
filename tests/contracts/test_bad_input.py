"""Every bad input of cross_section: DomainError, naming the argument, the first offending value and what is allowed."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from pheno import beams, cross_section, form_factors, matter, mediators, methods, units
from pheno.errors import DomainError, PhenoError
from pheno.mediators import Mediator

GOOD: dict[str, Any] = {"mediator": "vector", "mass": 0.1, "energy": 100.0}


def message(**changes: Any) -> str:
    with pytest.raises(DomainError) as caught:
        cross_section(**{**GOOD, **changes})
    assert isinstance(caught.value, PhenoError)
    assert isinstance(caught.value, ValueError)
    return str(caught.value)


@pytest.mark.parametrize("argument", ["mass", "energy"])
@pytest.mark.parametrize(
    ("bad", "shown"),
    [
        (-0.5, "-0.5"),
        (0.0, "0"),
        (-0.0, "-0"),
        (np.nan, "nan"),
        (np.inf, "inf"),
        (-np.inf, "-inf"),
        ("heavy", "'heavy'"),
        ("0.1", "'0.1'"),
        (b"0.1", "b'0.1'"),
        (None, "None"),
        (True, "True"),
        (1j, "1j"),
        ({}, "{}"),
        (10**400, "beyond the range of a double"),
    ],
)
def test_one_value(argument: str, bad: object, shown: str) -> None:
    text = message(**{argument: bad})
    assert re.match(rf"{argument} must be ", text)
    assert text.endswith(f"got {shown}") or shown in text.partition(", got ")[2]


@pytest.mark.parametrize("argument", ["mass", "energy"])
@pytest.mark.parametrize(
    ("bad", "shown"),
    [
        ([1.0, -2.0, -3.0], "-2 (2 of 3 values)"),
        ([[1.0, 2.0], [np.nan, 0.0]], "nan (2 of 4 values)"),
        ([1.0, np.inf], "inf (1 of 2 values)"),
        ([1.0, -1e-300], "-1.0000000000000000e-300 (1 of 2 values)"),
    ],
)
def test_first_offending_value_of_an_array(argument: str, bad: object, shown: str) -> None:
    text = message(**{argument: bad})
    assert text.startswith(f"{argument} must be finite and > 0, got ")
    value, _, count = text.partition(", got ")[2].partition(" ")
    expected, _, expected_count = shown.partition(" ")
    assert float(value) == float(expected) or (value == expected == "nan")
    assert count == expected_count


@pytest.mark.parametrize("argument", ["mass", "energy"])
@pytest.mark.parametrize("bad", [[1.0, [2.0, 3.0]], ["a", 1.0], [1.0, None], [[0.1], 0.2]])
def test_arrays_that_are_not_numbers(argument: str, bad: object) -> None:
    assert message(**{argument: bad}).startswith(f"{argument} must be a number or an array of numbers, got ")


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.uint8, object])
def test_other_numbers_are_numbers(dtype: type) -> None:
    assert cross_section("vector", 1.0, np.array([100], dtype=dtype)) == cross_section("vector", 1, [100.0])


@pytest.mark.parametrize(
    ("argument", "bad", "nearest", "allowed"),
    [
        ("mediator", "vectr", "vector", mediators.names),
        ("mediator", "Tensor", "tensor", mediators.names),
        ("mediator", "axial", "axial_vector", mediators.names),
        ("beam", "mu", "mu-", beams.names),
        ("beam", "E-", "e-", beams.names),
        ("method", "ETL", "etl", methods.names),
        ("method", "ww_mass_cutof", "ww_mass_cutoff", methods.names),
        ("form_factor", "tsay", "tsai", form_factors.names),
        ("form_factor", "tsai_inelastic", "tsai_inelastic_773", form_factors.names),
        ("unit", "PB", "pb", lambda: list(units.CROSS_SECTION_UNITS)),
        ("unit", "cm^2", "cm2", lambda: list(units.CROSS_SECTION_UNITS)),
    ],
)
def test_unknown_name(argument: str, bad: str, nearest: str, allowed: Any) -> None:
    text = message(**{argument: bad})
    assert text.startswith(f"{argument} must be ")
    assert f"got {bad!r}" in text
    assert f"did you mean {nearest!r}?" in text
    for name in allowed():
        assert repr(name) in text


@pytest.mark.parametrize(("bad", "nearest"), [("pb", "Pb"), ("pbwo4", "PbWO4"), ("Fee", "Fe")])
def test_unknown_target(bad: str, nearest: str) -> None:
    assert nearest in matter.names()
    text = message(target=bad)
    assert text.startswith("target must be ")
    assert f"got {bad!r}" in text
    assert f"did you mean {nearest!r}?" in text


@pytest.mark.parametrize("argument", ["mediator", "beam", "target", "method", "form_factor", "unit"])
@pytest.mark.parametrize("bad", ["", "zzzzzz", 7, None, 1.5])
def test_hopeless_name(argument: str, bad: object) -> None:
    text = message(**{argument: bad})
    assert re.match(rf"{argument} must be ", text)
    assert f"{bad!r}" in text
    assert "did you mean" not in text


@pytest.mark.parametrize(
    ("bad", "shown"),
    [((0, 1), "0"), ((-1, 1), "-1"), ((119, 300), "119"), ((82, 10), "10"), ((82, np.nan), "nan"), ((82,), "(82,)")],
)
def test_no_such_nucleus(bad: tuple[Any, ...], shown: str) -> None:
    text = message(target=bad)
    assert re.match(r"target\b", text)
    assert shown in text


def test_both_coupling_and_epsilon() -> None:
    text = message(coupling=0.5, epsilon=1e-4)
    assert text.startswith("coupling and epsilon must not both be given, got ")
    assert "0.5" in text
    assert "0.0001" in text


@pytest.mark.parametrize("argument", ["coupling", "epsilon", "x_min", "x_max", "rtol"])
@pytest.mark.parametrize(
    ("bad", "shown"), [(np.nan, "nan"), (np.inf, "inf"), ("big", "'big'"), (1j, "1j"), (True, "True")]
)
def test_scalars_that_are_not_finite_numbers(argument: str, bad: object, shown: str) -> None:
    text = message(**{argument: bad})
    assert re.match(rf"{argument} must be ", text)
    assert shown in text.partition(", got ")[2]


@pytest.mark.parametrize("argument", ["coupling", "epsilon", "x_min", "x_max", "rtol"])
def test_scalars_that_are_arrays(argument: str) -> None:
    assert message(**{argument: [0.01, 0.02]}).startswith(f"{argument} must be one number, got an array of shape (2,)")


@pytest.mark.parametrize("argument", ["x_min", "x_max", "rtol"])
def test_scalars_that_may_not_be_none(argument: str) -> None:
    assert message(**{argument: None}).startswith(f"{argument} must be ")


@pytest.mark.parametrize(("argument", "bad"), [("x_min", -1e-9), ("x_min", 1.5), ("x_max", 1 + 1e-9), ("x_max", -0.5)])
def test_window_outside_0_and_1(argument: str, bad: float) -> None:
    text = message(**{argument: bad})
    assert text.startswith(f"{argument} must be between 0 and 1, got ")
    assert float(text.rpartition(" ")[2]) == bad


@pytest.mark.parametrize(("x_min", "x_max"), [(0.5, 0.5), (0.6, 0.4), (1.0, 1.0), (0.0, 0.0), (1.0, 0.0)])
def test_empty_window(x_min: float, x_max: float) -> None:
    text = message(x_min=x_min, x_max=x_max)
    assert text.startswith("x_min must be below x_max, got ")
    assert f"x_min = {x_min:g}" in text
    assert f"x_max = {x_max:g}" in text


@pytest.mark.parametrize("bad", [0.0, -1e-4, 9e-10, 0.11, 1.0])
def test_rtol_out_of_range(bad: float) -> None:
    text = message(rtol=bad)
    assert text.startswith("rtol must be between 1e-09 and 0.1, got ")
    assert float(text.rpartition(" ")[2]) == bad


@pytest.mark.parametrize("bad", [0, -1, 1.5, "two", True, np.nan, [2]])
def test_threads(bad: object) -> None:
    text = message(threads=bad)
    assert text.startswith("threads must be a whole number >= 1, got ")
    assert repr(bad) in text


def test_shapes_that_do_not_broadcast() -> None:
    text = message(mass=np.full((2, 3), 0.1), energy=[10.0, 20.0])
    assert text.startswith("mass and energy must have shapes that broadcast")
    assert "(2, 3)" in text
    assert "(2,)" in text


@pytest.mark.parametrize(
    "couplings", [{"c_gamma": 0.0}, {"c_N": 0.0}, {"c_l": 0.0, "c_N": 0.0}, {"c_gamma": 0.5}, {"c_l": -1.0}]
)
def test_tensor_that_would_be_an_artefact(couplings: dict[str, float]) -> None:
    text = message(mediator=Mediator("tensor", **couplings), mass=[5.0, 1e-3, 5e-4], energy=100.0, rtol=0.1)
    assert text.startswith("mass must be larger for a tensor with c_l, c_gamma, c_N = ")
    assert "0.001 GeV" in text
    assert "1/m_X^4" in text
    for share in couplings.values():
        assert f"{share:g}" in text


def test_tensor_above_the_pole_of_the_nucleus() -> None:
    text = message(mediator="tensor", mass=[0.1, 2.0], energy=1000.0, target="H")
    assert text.startswith("mass must be below 2 M = ")
    assert "got 2" in text


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "vector", "c_l": 2.0},
        {"name": "tensor", "c_l": np.nan},
        {"name": "tensor", "c_gamma": "one"},
        {"name": "tensor", "c_l": 0.0, "c_gamma": 0.0, "c_N": 0.0},
        {"name": "tensr"},
    ],
)
def test_mediators_that_cannot_exist(bad: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match=r"^(c_l|c_gamma|c_N|mediator)\b"):
        Mediator(**bad)


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"method": "dmg4_iww", "mediator": "tensor"}, "mediator"),
        ({"method": "dmg4_iww", "beam": "mu-"}, "beam"),
        ({"method": "dmg4_iww", "form_factor": "helm"}, "form_factor"),
        ({"method": "dmg4_iww", "x_min": 0.5}, "x_min"),
        ({"method": "g4darkbrem_full", "mediator": "scalar"}, "mediator"),
    ],
)
def test_what_a_method_does_not_have(changes: dict[str, Any], argument: str) -> None:
    text = message(**changes)
    assert text.startswith(argument)
    assert repr(changes["method"]) in text


def test_an_error_comes_before_any_work() -> None:
    # A grid of 1e6 points takes hours; the error must not wait for it.
    masses = np.full(1_000_000, 0.1)
    assert message(mass=masses, unit="barn").startswith("unit must be ")
    masses[-1] = -1.0
    assert message(mass=masses).startswith("mass must be finite and > 0, got -1 (1 of 1000000 values)")


def test_arguments_are_not_changed() -> None:
    masses, energies = np.array([0.1, 0.2]), np.array([100.0])
    cross_section("vector", masses, energies)
    assert masses.tolist() == [0.1, 0.2]
    assert energies.tolist() == [100.0]


def test_a_simulator_knows_one_tensor_coupling_only():
    with pytest.raises(DomainError, match="c_l, c_gamma, c_N must be equal for method 'dmg4_ww'"):
        cross_section(Mediator("tensor", c_gamma=0.0), 1.0, 100.0, method="dmg4_ww")
