"""``pheno table``: build a lookup table, and show it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from pheno import tables
from pheno.cli import arguments
from pheno.cli.progress import resumable
from pheno.errors import DomainError
from pheno.tables import Accuracy, SamplingAccuracy, SamplingTable, Table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from pheno.cli.arguments import Commands

__all__ = ["add_commands"]

_EXAMPLE = """\
  pheno table na64e
  pheno table ldmx --output tables/ldmx --threads 4
  pheno table ldmx-sampling --mediators vector
  pheno table my_experiment.toml
"""

#: Masses in the table that is shown: as many as fit into 80 columns beside the longest name.
_SHOWN = 5


def add_commands(commands: Commands) -> None:
    """Add ``table``."""
    help_text = "build the lookup tables of an experiment for simulators: totals, or quantiles to sample from"
    parser = arguments.add_command(commands, "table", help_text, _EXAMPLE)
    parser.add_argument(
        "spec", nargs="?", metavar="NAME|FILE.toml", help=f"one of {', '.join(tables.spec_names())}, or a file"
    )
    parser.add_argument("--list", action="store_true", help="list the specs that ship with pheno")
    parser.add_argument("--output", metavar="DIR", help="folder to write to (default: the name of the spec)")
    parser.add_argument(
        "--threads", type=int, metavar="N", help="number of threads (default: all); the files do not depend on it"
    )
    parser.add_argument("--mediators", nargs="+", metavar="NAME", help="only these (default: all of the spec)")
    parser.add_argument("--force", action="store_true", help="overwrite existing files")
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> None:
    if parsed.list:
        print("\n".join(tables.spec_names()))
        return
    if parsed.spec is None:
        msg = f"table: name one of {', '.join(tables.spec_names())}, or a file (see pheno table --help)"
        raise DomainError(msg)
    if parsed.threads is not None and parsed.threads < 1:
        msg = f"--threads must be at least 1, got {parsed.threads}"
        raise DomainError(msg)
    with resumable(parsed.spec) as progress:
        build = tables.build_table(
            parsed.spec,
            output=parsed.output,
            mediators=parsed.mediators,
            threads=parsed.threads,
            force=parsed.force,
            progress=progress,
        )
    for line in _summary(build.tables):
        print(line)
    print(f"\n{len(build.files)} files in {build.directory}/")
    for kind, reason in build.skipped.items():
        print(f"pheno: {kind} not written: {reason}", file=sys.stderr)


def _summary(made: Mapping[str, Table | SamplingTable]) -> list[str]:
    """The tables at a glance: values at the highest energy, and how well they are interpolated."""
    first = next(iter(made.values()))
    lines = _totals(made) if isinstance(first, Table) else _medians(made)
    unit = "relative" if isinstance(first, Table) else "in r"
    lines += ["", f"largest interpolation error, {unit}, measured off the nodes:"]
    for name, table in made.items():
        if table.accuracy is not None:
            lines.append(f"  {name}: {table.accuracy.error:.1e} ({_where(table.accuracy)})")
    return lines


def _where(accuracy: Accuracy | SamplingAccuracy) -> str:
    if isinstance(accuracy, Accuracy):
        return f"at {accuracy.mass:.3g} GeV, {accuracy.energy:.3g} GeV; {accuracy.points} points"
    mass, energy, *rest = (f"{value:.3g}" for value in accuracy.worst)
    names = ("r",) if len(rest) == 1 else ("x", "r")
    named = ", ".join(f"{name} = {value}" for name, value in zip(names, rest, strict=True))
    return f"at {mass} GeV, {energy} GeV, {named}; {accuracy.points} points"


def _medians(made: Mapping[str, Table | SamplingTable]) -> list[str]:
    """Medians of x at the highest energy, and of the angles at the median of x."""
    tables = {name: table for name, table in made.items() if isinstance(table, SamplingTable)}
    first = next(iter(tables.values()))
    reaction, energy = first.reaction, first.energy_range[1]
    masses = np.geomspace(*first.mass_range, _SHOWN)
    rows = [["mass [GeV]", *(f"{m:.3g}" for m in masses)]]
    x = np.zeros(_SHOWN)
    for name, table in tables.items():
        if table.quantity == "x":  # the first of each mediator and window
            x = table(masses, energy, 0.5)
        values = x if table.quantity == "x" else table(masses, energy, x, 0.5)
        rows.append([name, *(f"{value:.4g}" for value in values)])
    lines = [f"medians of x, and of angles [rad] there, {reaction.beam} of {energy:g} GeV on {reaction.target}:", ""]
    return lines + _aligned(rows)


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _totals(made: Mapping[str, Table | SamplingTable]) -> list[str]:
    """Cross sections at the highest energy."""
    tables = {name: table for name, table in made.items() if isinstance(table, Table)}
    first = next(iter(tables.values()))
    reaction, energy = first.reaction, first.energy_range[1]
    low, high = first.mass_range
    masses = np.geomspace(low, high, _SHOWN)
    rows = [["mass [GeV]", *(f"{m:.3g}" for m in masses)]]
    for name, table in tables.items():
        rows.append([name, *(f"{sigma:.4g}" for sigma in table(masses, energy))])
    lines = [f"sigma [pb] at coupling 1, {reaction.beam} of {energy:g} GeV on {reaction.target}:", ""]
    return lines + _aligned(rows)
