"""The checks at the border: what passes unchanged, what is refused, and what the message says."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import pheno
from pheno import errors
from pheno.errors import DomainError

CHECKS = [errors.finite, errors.positive, errors.nonnegative, lambda name, x: errors.within(name, x, 0, 1)]


@given(arrays(np.float64, array_shapes(max_dims=3), elements=st.floats(1e-300, 1e300)))
def test_positive_numbers_pass_unchanged_in_their_shape(values):
    for check in (errors.finite, errors.positive, errors.nonnegative):
        np.testing.assert_array_equal(check("mass", values), values, strict=True)


@given(
    good=st.lists(st.floats(1e-10, 1e10), max_size=5),
    bad=st.lists(st.sampled_from([0.0, -1.5, float("nan"), float("inf"), -float("inf")]), min_size=1, max_size=5),
)
def test_message_names_argument_first_bad_value_and_count(good, bad):
    with pytest.raises(DomainError) as caught:
        errors.positive("mass", good + bad)
    count = f" ({len(bad)} of {len(good + bad)} values)" if good or len(bad) > 1 else ""
    expected = f"mass must be finite and > 0, got {bad[0]:g}{count}"
    assert str(caught.value) == expected


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    "value", ["0.1", b"1", None, 1j, True, [True, False], [1.0, None], {}, object(), [[1], [2, 3]]]
)
def test_what_is_no_number_is_refused(check, value):
    with pytest.raises(DomainError, match=r"^mass must be a number or an array of numbers, got "):
        check("mass", value)


@pytest.mark.parametrize("value", [Fraction(1, 2), Decimal("0.5"), np.float32(0.5), 10**30, [Fraction(1, 2), 1]])
def test_every_kind_of_real_number_passes(value):
    if isinstance(value, Decimal):  # decimal is not in the numeric tower: refused, not misread
        with pytest.raises(DomainError):
            errors.positive("mass", value)
    else:
        np.testing.assert_array_equal(errors.positive("mass", value), np.asarray(value, dtype=float))


def test_integer_beyond_double_is_refused():
    with pytest.raises(DomainError, match="beyond the range of a double"):
        errors.finite("mass", 10**400)


def test_empty_array_passes():
    assert errors.positive("mass", []).shape == (0,)


def test_ends_of_an_interval_are_inside():
    np.testing.assert_array_equal(errors.within("x", [0.0, 1.0], 0, 1), [0.0, 1.0])
    with pytest.raises(DomainError, match=r"x must be between 0 and 1, got 1.0000000000000002"):
        errors.within("x", np.nextafter(1.0, 2.0), 0, 1)


def test_one_number_is_not_an_array():
    with pytest.raises(DomainError, match=r"rtol must be one number, got an array of shape \(2,\)"):
        errors.scalar("rtol", [1e-4, 1e-5])


@pytest.mark.parametrize(
    ("given_name", "meant"),
    [("vectr", "vector"), ("Vector", "vector"), ("axial", "axial_vector"), ("pseudo_scalar", "pseudoscalar")],
)
def test_nearest_name_is_suggested(given_name, meant):
    names = ["scalar", "pseudoscalar", "vector", "axial_vector", "tensor"]
    with pytest.raises(DomainError, match=rf"did you mean '{meant}'\?$"):
        errors.choice("mediator", given_name, names)


@pytest.mark.parametrize("value", ["qqqqqq", 3, None, ["vector"]])
def test_no_suggestion_where_nothing_is_near(value):
    with pytest.raises(DomainError, match="mediator must be one of 'scalar', 'vector', got") as caught:
        errors.choice("mediator", value, ["scalar", "vector"])
    assert "did you mean" not in str(caught.value)


def test_shapes_that_do_not_broadcast_are_named():
    with pytest.raises(DomainError, match=r"mass has shape \(3,\), energy has shape \(2,\)"):
        errors.broadcast(mass=np.ones(3), energy=np.ones(2))


@pytest.mark.parametrize(("value", "text"), [(-0.1, "-0.1"), (2.0, "2"), (1e-300, "1e-300"), (0.1 + 0.2, None)])
def test_numbers_are_shown_as_they_were_typed(value, text):
    assert float(errors.shown(value)) == value
    assert text is None or errors.shown(value) == text


@pytest.mark.parametrize("bad", [1e101, -1e101, 1e200, float("inf"), float("nan")])
def test_couplings_whose_square_is_no_number_are_refused(bad):
    for call in (
        lambda: pheno.cross_section("vector", 0.1, 1.0, coupling=bad),
        lambda: pheno.widths("dark_photon", 0.1, coupling=[1.0, bad]),
        lambda: pheno.widths("dark_photon", 0.1, epsilon=bad),
        lambda: pheno.expected_events("e137", "dark_photon", 0.1, epsilon=bad),
    ):
        with pytest.raises(DomainError, match=r"^(coupling|epsilon) must be (finite|between -1e\+100 and 1e\+100)"):
            call()
    assert np.isfinite(pheno.widths("dark_photon", 0.5, coupling=1e100).total)


def test_more_than_fits_into_memory_is_refused_by_name():
    # 800 PB: no machine has them, so nothing is allocated here
    with pytest.raises(DomainError, match=r"^mass and energy must broadcast to what fits into memory: mass has shape"):
        pheno.cross_section("vector", np.broadcast_to(0.1, (10**9, 1)), np.broadcast_to(1.0, (1, 10**8)))
    with pytest.raises(DomainError, match=r"^n must be a number of events that fits into memory, got 100000000000000$"):
        pheno.sample("vector", 0.1, 8.0, 10**14)
