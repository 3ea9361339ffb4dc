"""Write tests/references/honesty.csv: random cross sections over the whole domain at rtol = 1e-9.

    python tools/references/honesty.py [--points 320] [--seed 20252] [--keep] [--processes 1] [--output FILE]

Takes a minute or two on one core, nearly all of it for the tensor. `value` is in GeV^-2 at unit coupling; `truth` is
the relative accuracy it has, 1e-9 wherever that converges. With --keep, rows of the file that have it stay.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import astuple, fields
from multiprocessing import Pool
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from accuracy_sample import Setup, setups

from pheno.errors import ConvergenceError

POINTS = 320
SEED = 20252
TRUTHS = (1e-9, 1e-8, 1e-7, 1e-6)
OUTPUT = Path(__file__).parents[2] / "tests" / "references" / "honesty.csv"
NAMES = tuple(field.name for field in fields(Setup))
HEADER = (*NAMES, "value", "truth")

Row = tuple[object, ...]


def row(setup: Setup) -> Row:
    """One line of the table."""
    for rtol in TRUTHS:
        try:
            return *astuple(setup), repr(setup.compute(rtol).value), f"{rtol:g}"
        except ConvergenceError as failure:
            print(setup.mediator, failure, file=sys.stderr, flush=True)
    return *astuple(setup), "nan", "nan"


def finished(path: Path) -> dict[tuple[str, ...], Row]:
    """Rows of an earlier run that have the best accuracy, by their inputs."""
    if not path.exists():
        return {}
    with path.open(newline="") as stream:
        found = list(csv.DictReader(stream))
    return {
        tuple(line[name] for name in NAMES): tuple(line[name] for name in HEADER)
        for line in found
        if float(line["truth"]) == TRUTHS[0]
    }


def table(sample: list[Setup], done: dict[tuple[str, ...], Row], processes: int) -> Iterator[Row]:
    """All rows, in the order of the sample."""
    keys = [tuple(map(str, astuple(setup))) for setup in sample]
    missing = [setup for setup, key in zip(sample, keys, strict=True) if key not in done]
    with Pool(processes) as pool:
        fresh = pool.imap(row, missing)
        for key in keys:
            yield done[key] if key in done else next(fresh)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    args = parser.parse_args()
    done = finished(args.output) if args.keep else {}
    sample = list(setups(args.points, args.seed))
    with args.output.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        for line in table(sample, done, args.processes):
            writer.writerow(line)
            stream.flush()


if __name__ == "__main__":
    main()
