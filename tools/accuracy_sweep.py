"""True error, estimate and cost of thousands of random cross sections: the data behind docs/accuracy.

    python tools/accuracy_sweep.py [--points 3000] [--seed 1] [--output build/accuracy_sweep.csv]

Columns: the inputs (mass and energy in GeV), rtol, value [GeV^-2], error = |value/truth - 1| with the truth from
rtol = 1e-9 (from the smallest rtol that converged, where that one does not), estimate = error estimate / value,
evaluations. A calculation that raised ConvergenceError has "nan" in its last four columns. Every violation, error >
rtol or no convergence, is written to stderr, and their number at the end.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import astuple, fields
from pathlib import Path

from accuracy_sample import Setup, setups

from pheno.errors import ConvergenceError

TOLERANCES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
TRUTH = 1e-9
HEADER = (*(field.name for field in fields(Setup)), "rtol", "value", "error", "estimate", "evaluations")
NAN = float("nan")


def rows(setup: Setup, tolerances: tuple[float, ...]) -> Iterator[tuple[float, float, float, float, float]]:
    """(rtol, value, error, estimate, evaluations) of one set-up, the smallest rtol first."""
    truth = None
    for rtol in sorted({*tolerances, TRUTH}):
        try:
            result = setup.compute(rtol)
        except ConvergenceError as failure:
            print(failure, file=sys.stderr)
            yield rtol, NAN, NAN, NAN, NAN
            continue
        truth = truth or result
        scale = truth.value or 1.0
        yield rtol, result.value, abs(result.value - truth.value) / scale, result.error / scale, result.evaluations


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tolerances", type=float, nargs="+", default=TOLERANCES)
    parser.add_argument("--mediators", nargs="+", help="only these")
    parser.add_argument("--output", type=Path, default=Path("build/accuracy_sweep.csv"))
    args = parser.parse_args()
    args.output.parent.mkdir(parents=True, exist_ok=True)
    violations = 0
    with args.output.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        for setup in setups(args.points, args.seed):
            if args.mediators and setup.mediator not in args.mediators:
                continue
            for row in rows(setup, tuple(args.tolerances)):
                writer.writerow([*astuple(setup), *row])
                rtol, _, error, _, _ = row
                if not error <= rtol:
                    violations += 1
                    print(*astuple(setup), *row, file=sys.stderr)
            stream.flush()
    print(f"{violations} violations in {args.points} set-ups; {args.output}")


if __name__ == "__main__":
    main()
