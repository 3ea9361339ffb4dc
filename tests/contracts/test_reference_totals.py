"""Totals against an independent quadrature: other variables, other order, other amplitudes, windows as arcs in phi."""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

import pytest
from contracts.processes import MEDIATORS

from pheno import cross_section

REFERENCES = Path(__file__).parents[1] / "references"
#: Ours. The references add their own column rel_error.
RTOL = {"tensor": 1e-5}
DEFAULT_RTOL = 1e-6


def rows(mediator: str) -> list[dict[str, str]]:
    prefix = "tensor_" if mediator == "tensor" else ""
    with (REFERENCES / f"{prefix}total_cross_sections.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("mediator", MEDIATORS)
def test_totals(mediator: str) -> None:
    rtol = RTOL.get(mediator, DEFAULT_RTOL)
    same_call = ("lepton", "Z", "A", "x_min")
    table = sorted(rows(mediator), key=lambda row: tuple(row[name] for name in same_call))
    assert table
    for (lepton, Z, A, x_min), group in groupby(table, key=lambda row: tuple(row[name] for name in same_call)):
        points = list(group)
        ours = cross_section(
            mediator,
            [float(row["m_X"]) for row in points],
            [float(row["E"]) for row in points],
            beam=f"{lepton}-",
            target=(int(Z), int(A)),
            x_min=float(x_min),
            rtol=rtol,
            unit="GeV^-2",
        )
        for value, row in zip(ours, points, strict=True):
            assert value == pytest.approx(float(row[mediator]), rel=rtol + float(row["rel_error"]), abs=0.0), row
