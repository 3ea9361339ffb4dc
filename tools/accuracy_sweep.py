"""True error, estimate and cost of thousands of random cross sections: the data behind docs/accuracy.

    python tools/accuracy_sweep.py [--points 5000] [--seed 1] [--processes 1] [--output build/accuracy_sweep.csv]

Columns: the inputs (mass and energy in GeV), rtol, value [GeV^-2], error = |value/truth - 1| with the truth from
rtol = 1e-9 (from the smallest rtol that converged, where that one does not), estimate = error estimate / value,
evaluations. A calculation that raised ConvergenceError has "nan" in its last four columns. Every error > rtol is
written to stderr. 5000 points take half an hour on one core, nearly all of it for the tensor.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import astuple, fields
from functools import partial
from math import isnan
from multiprocessing import Pool
from pathlib import Path

from accuracy_sample import Setup, setups

from pheno.errors import ConvergenceError

POINTS = 5000
TOLERANCES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
TRUTH = 1e-9
HEADER = (*(field.name for field in fields(Setup)), "rtol", "value", "error", "estimate", "evaluations")
NAN = float("nan")


Row = tuple[float, float, float, float, float]


def rows(setup: Setup, tolerances: tuple[float, ...]) -> list[Row]:
    """(rtol, value, error, estimate, evaluations) of one set-up, the smallest rtol first."""
    truth = None
    found = []
    for rtol in sorted({*tolerances, TRUTH}):
        try:
            result = setup.compute(rtol)
        except ConvergenceError:
            found.append((rtol, NAN, NAN, NAN, NAN))
            continue
        truth = truth or result
        scale = truth.value or 1.0
        error = abs(result.value - truth.value) / scale
        found.append((rtol, result.value, error, result.error / scale, result.evaluations))
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tolerances", type=float, nargs="+", default=TOLERANCES)
    parser.add_argument("--mediators", nargs="+", help="only these")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--output", type=Path, default=Path("build/accuracy_sweep.csv"))
    args = parser.parse_args()
    args.output.parent.mkdir(parents=True, exist_ok=True)
    sample = [s for s in setups(args.points, args.seed) if not args.mediators or s.mediator in args.mediators]
    wrong = missing = 0
    with args.output.open("w", newline="") as stream, Pool(args.processes) as pool:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        results = pool.imap(partial(rows, tolerances=tuple(args.tolerances)), sample, chunksize=5)
        for setup, found in zip(sample, results, strict=True):
            for row in found:
                writer.writerow([*astuple(setup), *row])
                rtol, _, error, _, _ = row
                missing += isnan(error)
                if error > rtol:
                    wrong += 1
                    print(*astuple(setup), *row, file=sys.stderr)
            stream.flush()
    print(f"{len(sample)} set-ups: {wrong} errors above rtol, {missing} not converged; {args.output}")


if __name__ == "__main__":
    main()
