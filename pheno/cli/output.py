"""Results -> text: an aligned table for people, JSON and CSV for machines, files that are complete or absent."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from pheno.errors import DomainError
from pheno.files import require_folder, write_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

__all__ = ["Result", "check_destination", "check_path", "emit", "require_new"]

_SUFFIXES = (".json", ".csv")

#: Digits in the table for people; JSON and CSV have all of them.
_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A table of numbers with what is common to all rows.

    Parameters
    ----------
    about
        What was asked, by name.
    columns
        Name of each column -> its unit, ``"1"`` if it has none.
    rows
        One sequence of numbers per row, in the order of the columns.
    """

    about: Mapping[str, object]
    columns: Mapping[str, str]
    rows: Sequence[Sequence[float | int]]

    def table(self) -> str:
        """Return an aligned table, with what was asked above it."""
        header = [f"{name} [{unit}]" if unit != "1" else name for name, unit in self.columns.items()]
        cells = [[f"{x:d}" if isinstance(x, int) else f"{x:.{_DIGITS}g}" for x in row] for row in self.rows]
        widths = [max(len(row[i]) for row in [header, *cells]) for i in range(len(header))]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [header, *cells]
        ]
        about = "\n".join(f"# {key}: {value}" for key, value in self.about.items())
        return "\n".join([about, *lines]) + "\n"

    def json(self) -> str:
        """Return JSON: what was asked, the units, and one object per row."""
        # JSON knows no infinity: the lifetime of what cannot decay is null
        rows = [
            {name: x if isfinite(x) else None for name, x in zip(self.columns, row, strict=True)} for row in self.rows
        ]
        document = {**self.about, "units": dict(self.columns), "rows": rows}
        return json.dumps(document, indent=2, allow_nan=False) + "\n"

    def csv(self) -> str:
        """Return CSV: what was asked in lines that begin with ``#``, the names, the rows."""
        about = [f"# {key}: {value}" for key, value in self.about.items()]
        about.append("# units: " + ", ".join(f"{name} [{unit}]" for name, unit in self.columns.items()))
        lines = [",".join(repr(x) for x in row) for row in self.rows]
        return "\n".join([*about, ",".join(self.columns), *lines]) + "\n"


def check_destination(parsed: argparse.Namespace) -> None:
    """Refuse a file that could not be written, before anything is calculated.

    Raises
    ------
    DomainError
        If the suffix is unknown, the file exists and ``--force`` is not given, or its folder is
        missing.
    OutputError
        If its folder is not writable.
    """
    if parsed.output is None:
        return
    check_path(Path(parsed.output), _SUFFIXES, force=parsed.force)


def check_path(path: Path, suffixes: Sequence[str], *, force: bool) -> None:
    """Refuse a file of ``--output`` of another kind, or as :func:`require_new`; the error says why."""
    if path.suffix not in suffixes:
        msg = f"--output must end in {' or '.join(suffixes)}, got {str(path)!r}"
        raise DomainError(msg)
    require_new(path, force=force)


def require_new(path: Path, *, force: bool, option: str = "--output") -> None:
    """Raise unless a file can be written without harm, in the words of the command line.

    Raises
    ------
    DomainError
        If it exists and ``force`` is not set, is a folder, or its folder is missing.
    OutputError
        If its folder is not writable.
    """
    if path.is_dir():
        msg = f"{option}: {path} is a folder, not a file"
        raise DomainError(msg)
    if path.exists() and not force:
        msg = f"{option}: {path} exists; --force overwrites it"
        raise DomainError(msg)
    if not path.parent.is_dir():
        msg = f"{option}: the folder {path.parent} does not exist"
        raise DomainError(msg)
    require_folder(path.parent)


def emit(result: Result, parsed: argparse.Namespace) -> None:
    """Print the result, or write it to the file that was asked for."""
    if parsed.output is not None:
        path = Path(parsed.output)
        text = result.json() if path.suffix == ".json" else result.csv()
        write_files({path: text.encode()})
    else:
        sys.stdout.write(result.json() if parsed.json else result.table())
