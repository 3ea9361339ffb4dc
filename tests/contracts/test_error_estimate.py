"""The error estimate is honest: over the whole domain the true error is below the requested rtol, without a margin.

tests/references/honesty.csv holds a random sample at rtol = 1e-9: all mediators in turn, electrons and muons, 0.5 GeV
to 1 TeV, 1 keV to threshold, Z from 1 to 92, windows in x, form factors. tools/accuracy_sweep.py does it for thousands.
"""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, fields
from pathlib import Path

import pytest
from accuracy_sample import Setup, setups

from pheno._core import MEDIATORS
from pheno.cross_sections import CrossSection

REFERENCES = Path(__file__).parents[1] / "references"
#: As in tools/references/honesty.py, where the sample is made.
POINTS, SEED = 320, 20252
TRUTH = 1e-9
TOLERANCES = (1e-3, 1e-4, 1e-6)
#: Eleven rows at corners of the domain end at 1e-8 to 1e-6; their own accuracy is then part of the comparison.
AT_TRUTH = 309
#: How many of each mediator are computed again (milliseconds each, about a second for the tensor).
RECOMPUTED = {mediator: 5 if mediator == "tensor" else 40 for mediator in MEDIATORS}


def _table() -> list[tuple[Setup, float, float]]:
    """(set-up, cross section [GeV^-2], its relative accuracy)."""
    with (REFERENCES / "honesty.csv").open(newline="") as stream:
        return [
            (
                Setup(**{f.name: {"str": str, "int": int, "float": float}[f.type](row[f.name]) for f in fields(Setup)}),
                float(row["value"]),
                float(row["truth"]),
            )
            for row in csv.DictReader(stream)
        ]


TABLE = _table()


def results(sample: list[Setup], rtol: float) -> list[CrossSection]:
    """All of them; the core releases the interpreter, so two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda setup: setup.compute(rtol), sample))


@pytest.mark.slow
@pytest.mark.parametrize("rtol", TOLERANCES)
@pytest.mark.parametrize("mediator", MEDIATORS)
def test_the_true_error_is_below_the_requested_one(mediator: str, rtol: float) -> None:
    rows = [row for row in TABLE if row[0].mediator == mediator]
    violations = []
    for (setup, truth, accuracy), result in zip(rows, results([row[0] for row in rows], rtol), strict=True):
        assert result.error <= rtol * result.value
        if not abs(result.value - truth) <= (rtol + (accuracy if accuracy > TRUTH else 0.0)) * truth:
            violations.append(f"{setup}: {result.value / truth - 1:.1e}, estimate {result.error / result.value:.1e}")
    assert violations == []


@pytest.mark.slow
@pytest.mark.parametrize("mediator", MEDIATORS)
def test_the_references_are_what_the_library_computes(mediator: str) -> None:
    rows = [(setup, truth) for setup, truth, accuracy in TABLE if setup.mediator == mediator and accuracy == TRUTH]
    chosen = rows[:: len(rows) // RECOMPUTED[mediator]][: RECOMPUTED[mediator]]
    for (_, truth), result in zip(chosen, results([setup for setup, _ in chosen], TRUTH), strict=True):
        assert result.error <= TRUTH * result.value
        assert result.value == pytest.approx(truth, rel=TRUTH, abs=0.0)


def test_the_references_converged() -> None:
    assert sum(accuracy == TRUTH for _, _, accuracy in TABLE) >= AT_TRUTH
    assert all(accuracy <= min(TOLERANCES) for _, _, accuracy in TABLE)
    assert all(value > 0.0 for _, value, _ in TABLE)


def test_the_references_are_the_random_sample_they_say_they_are() -> None:
    drawn = list(setups(POINTS, SEED))
    assert len(TABLE) == POINTS >= 300
    for (setup, _, _), again in zip(TABLE, drawn, strict=True):
        # Ends of windows follow the kinematic limits, which may round differently elsewhere.
        assert [x for x in astuple(setup) if isinstance(x, str)] == [x for x in astuple(again) if isinstance(x, str)]
        numbers = [x for x in astuple(setup) if not isinstance(x, str)]
        assert numbers == pytest.approx([x for x in astuple(again) if not isinstance(x, str)], rel=1e-12)


def test_the_sample_covers_the_domain() -> None:
    sample = [setup for setup, _, _ in TABLE]
    assert {setup.beam for setup in sample} == {"e-", "mu-"}
    assert all(sum(setup.mediator == mediator for setup in sample) >= 60 for mediator in MEDIATORS)
    assert min(setup.mass for setup in sample) < 2e-6
    assert max(setup.mass for setup in sample) > 100.0
    assert min(setup.energy for setup in sample) < 0.6
    assert max(setup.energy for setup in sample) > 900.0
    assert {1, 92} <= {setup.Z for setup in sample}
    assert len({setup.form_factor for setup in sample}) == 8
    full = sum((setup.x_min, setup.x_max) == (0.0, 1.0) for setup in sample)
    assert 0.3 * POINTS < full < 0.5 * POINTS
