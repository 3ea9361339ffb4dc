"""The numbers that others computed, tests/references/published.csv, and what the library makes of the same set-ups."""

from __future__ import annotations

import csv
from pathlib import Path

from pheno import cross_section

PUBLISHED = Path(__file__).parents[1] / "tests" / "references" / "published.csv"
#: The independent exact calculation of spin 0 and 1 has this alpha.
ALPHA_OF_EXACT = 1 / 137.036
#: Our own share of a difference.
RTOL = 1e-6


def rows() -> list[dict[str, str]]:
    """Every published number with its set-up."""
    with PUBLISHED.open(newline="") as stream:
        return list(csv.DictReader(stream))


def ours(row: dict[str, str], form_factor: str = "tsai") -> float:
    """The cross section of the set-up of a row, in its unit, to RTOL."""
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
