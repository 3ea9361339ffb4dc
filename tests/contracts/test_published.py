"""Numbers that others computed, each met as closely as its source allows."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from pheno import cross_section
from pheno.constants import ALPHA

REFERENCES = Path(__file__).parents[1] / "references"

#: Our own share of every difference below.
RTOL = 1e-6
#: The independent calculation of spin 0 and 1 states an error below 1e-5; it has 1/alpha = 137.036.
EXACT = 1e-5
ALPHA_OF_EXACT = 1 / 137.036
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
    with (REFERENCES / "published.csv").open(newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["source"] == source]


def name(row: dict[str, str]) -> str:
    return f"{row['mediator']}-{row['beam']}-{row['energy']}-Z{row['Z']}-{row['mass']}"


def published(source: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows(source), ids=name)


def ours(row: dict[str, str], form_factor: str = "tsai") -> float:
    return cross_section(
        row["mediator"],
        float(row["mass"]),
        float(row["energy"]),
        beam=row["beam"],
        target=(int(row["Z"]), int(row["A"])),
        epsilon=float(row["epsilon"]) if row["epsilon"] else None,
        method=row["method"],
        form_factor=form_factor,
        x_min=float(row["x_min"]),
        rtol=RTOL,
        unit=row["unit"],
    )


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
