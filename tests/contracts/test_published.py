"""Numbers that others computed, each met as closely as its source allows."""

from __future__ import annotations

from decimal import Decimal

import published as table
import pytest
from published import ALPHA_OF_EXACT, ours

from pheno.constants import ALPHA

#: The independent calculation of spin 0 and 1 states an error below 1e-5.
EXACT = 1e-5
#: The first calculation of the tensor with a conserved source states an error below 1e-3.
TENSOR = 1e-3
#: Ours over DMG4's table minus 1: (lower end, upper end). Its K-factors contain the inelastic form factor, of which the
#: next test gives evidence: more than 0 and up to 3% of the cross section, up to 8% at 1 GeV, where t_min is large.
DMG4 = {0.0167: (-0.03, 0.0), 0.1: (-0.03, 0.0), 1.0: (-0.08, 0.0)}
#: Ours over the talk's exact column minus 1. Its WW column is met to every digit, so constants, form factor and lepton
#: mass are the same, and at 10 MeV the exact column is met to its three digits. Above, two other exact calculations
#: and ours agree with each other ("exact" below), not with the talk; they are larger, the more so the heavier X is.
NA64_ETL = {0.01: (-0.005, 0.005), 0.1: (0.0, 0.01), 0.5: (0.02, 0.04), 1.0: (0.04, 0.06)}


def rows(source: str) -> list[dict[str, str]]:
    return [row for row in table.rows() if row["source"] == source]


def name(row: dict[str, str]) -> str:
    return f"{row['mediator']}-{row['beam']}-{row['energy']}-Z{row['Z']}-{row['mass']}"


def published(source: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows(source), ids=name)


def deviation(row: dict[str, str], form_factor: str = "tsai") -> float:
    return ours(row, form_factor) / float(row["value"]) - 1


def half_of_last_digit(text: str) -> float:
    return 0.5 * float(Decimal(1).scaleb(Decimal(text).as_tuple().exponent))


@published("exact")
def test_exact_tree_level_of_spin_0_and_1(row: dict[str, str]) -> None:
    assert ours(row) * (ALPHA_OF_EXACT / ALPHA) ** 2 == pytest.approx(float(row["value"]), rel=EXACT)


@published("tensor")
def test_exact_tree_level_of_the_tensor(row: dict[str, str]) -> None:
    assert ours(row) == pytest.approx(float(row["value"]), rel=TENSOR)


@published("tensor_ww")
def test_weizsaecker_williams_of_the_tensor_to_every_digit(row: dict[str, str]) -> None:
    assert ours(row) == pytest.approx(float(row["value"]), abs=half_of_last_digit(row["value"]))


@published("na64_ww")
def test_weizsaecker_williams_of_na64_to_every_digit(row: dict[str, str]) -> None:
    assert ours(row) == pytest.approx(float(row["value"]), abs=half_of_last_digit(row["value"]))


@published("na64_etl")
def test_exact_tree_level_of_na64(row: dict[str, str]) -> None:
    low, high = NA64_ETL[float(row["mass"])]
    assert low <= deviation(row) <= high


@published("dmg4_etl")
def test_exact_tree_level_of_dmg4(row: dict[str, str]) -> None:
    low, high = DMG4[float(row["mass"])]
    assert low <= deviation(row) <= high


@published("dmg4_etl")
def test_the_inelastic_term_explains_most_of_what_dmg4_has_more(row: dict[str, str]) -> None:
    elastic, inelastic = deviation(row), deviation(row, "tsai_inelastic_773")
    assert elastic < inelastic
    # What is left changes sign, and is a third of the difference on average.
    assert abs(inelastic) < 0.6 * abs(elastic)


def test_nothing_published_is_left_out() -> None:
    sources = ("exact", "tensor", "tensor_ww", "na64_etl", "na64_ww", "dmg4_etl")
    assert [len(rows(source)) for source in sources] == [20, 4, 4, 4, 4, 6]
