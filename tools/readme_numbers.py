"""Every number that README.md shows: the output of its examples, and its table of speeds.

    python tools/readme_numbers.py [--check]

Runs the examples that start with >>> and writes what they return under them, and copies the table of speeds from
docs/accuracy/benchmarks.csv, which benchmarks/bench_cross_section.py wrote. With --check nothing is written, and the
exit code is 1 if anything would change. tests/unit/test_readme.py holds README.md to it.
"""

from __future__ import annotations

import argparse
import csv
import doctest
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BENCHMARKS = ROOT / "docs" / "accuracy" / "benchmarks.csv"

CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
SPEED = re.compile(r"(<!-- speed[^>]*-->\n)(.*?)(<!-- /speed -->)", re.DOTALL)


def code_blocks(text: str) -> list[str]:
    """Python code of a Markdown page, block by block."""
    return CODE.findall(text)


def rerun(block: str) -> str:
    """A block of >>> lines with the output that they have now."""
    names: dict[str, Any] = {}
    lines = []
    for example in doctest.DocTestParser().get_examples(block):
        source = example.source.rstrip("\n").split("\n")
        lines += [f"{'>>>' if i == 0 else '...'} {line}".rstrip() for i, line in enumerate(source)]
        try:
            value = eval(example.source, names)  # noqa: S307 (our own README)
        except SyntaxError:  # a statement: it shows nothing
            exec(example.source, names)  # noqa: S102
            continue
        if value is not None:
            lines.append(repr(value))
    return "\n".join(lines) + "\n"


def speeds() -> str:
    """The table of speeds of README.md."""
    with BENCHMARKS.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    vegas = {row["case"]: float(row["time_ratio"]) for row in rows if _is(row, "vegas")}
    lines = ["| | time | evaluations | vegas to 1e-3 takes |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {row['case']} | {_time(row)} | {row['evaluations']} | {vegas[row['case']]:.0f} times as long |"
        for row in rows
        if _is(row, "total")
    ]
    lines += [
        f"| {row['case']}, two threads | {_time(row)} | {row['evaluations']} | |"
        for row in rows
        if row["benchmark"] == "table"
    ]
    place = next(row["case"] for row in rows if row["benchmark"] == "machine")
    text = (
        f"Vector, `rtol=1e-4` (1e-3 where compared with vegas), one thread; {place}. "
        "All: [benchmarks](docs/accuracy/benchmarks.md)."
    )
    return "\n".join([*lines, "", *_wrapped(text), ""])


def _is(row: dict[str, str], benchmark: str) -> bool:
    return row["benchmark"] == benchmark and row["mediator"] == "vector"


def _time(row: dict[str, str]) -> str:
    milliseconds = float(row["minimum_ms"])
    return f"{milliseconds:.2g} ms" if milliseconds < 99.5 else f"{milliseconds / 1000:.2g} s"


def _wrapped(text: str, width: int = 120) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if len(line) + len(word) >= width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def refreshed(text: str) -> str:
    """README.md with the numbers of now."""

    def example(found: re.Match[str]) -> str:
        block = found[1]
        return f"```python\n{rerun(block) if block.startswith('>>>') else block}```"

    text = CODE.sub(example, text)
    return SPEED.sub(lambda found: found[1] + speeds() + found[3], text)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a number is old")
    old = README.read_text(encoding="utf-8")
    new = refreshed(old)
    if parser.parse_args().check:
        sys.exit(old != new)
    README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
