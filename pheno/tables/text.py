"""The ``.pht`` text table: written here, read here and by ``pheno/table.hpp``.

A header of ``key value ...`` lines, a line ``data``, and one line of numbers per mass node. The line ``sha256``
holds the digest of the whole file without that line, so an edit anywhere shows.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pheno import beams, mediators
from pheno.errors import TableError
from pheno.tables.grid import ORDERS, THRESHOLD_POWER, Kinematics, Panel
from pheno.tables.table import Accuracy, Reaction, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pheno.tables.grid import FloatArray

MAGIC = "#pheno-table 1"
SUFFIX = ".pht"

#: Lines that have one value only and may not be changed without a new version of the format.
FIXED = {
    "kind": "sigma_tot",
    "coupling_power": "2",
    "value": "sigma pb",
    "value_map": f"log(sigma/T^{THRESHOLD_POWER})",
    "out_of_range": "error",
    "below_threshold": "0",
}

#: Lines that are read by meaning; any other key is a note, kept as it is.
STRUCTURED = (
    "process", "beam", "target", "mediator", "method", "form_factor", "x_window", "rtol", "coupling", "mass", "energy",
    "interpolation", "panels", "accuracy", "sha256",
)  # fmt: skip


def format_table(table: Table) -> str:
    """Text of ``table``: the same table gives the same text."""
    header = [MAGIC, *(f"{key} {value}" for key, value in _header(table))]
    data = ["data", *(" ".join(f"{x:.12g}" for x in row) for values in table.values for row in values)]
    digest = hashlib.sha256(_join(header + data)).hexdigest()
    return _join([*header, f"sha256 {digest}", *data]).decode()


def read_table(path: str | Path) -> Table:
    """Read a ``.pht`` table.

    Parameters
    ----------
    path
        A file written by :func:`pheno.build_table`.

    Returns
    -------
    Table
        Call it with masses and energies [GeV] to get cross sections [pb].

    Raises
    ------
    TableError
        If the file cannot be read or is not exactly what was written: the message names file and line.

    Examples
    --------
    >>> read_table("nowhere.pht")
    Traceback (most recent call last):
    ...
    pheno.errors.TableError: nowhere.pht: cannot read the table: No such file or directory
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("ascii")
    except OSError as error:
        msg = f"{path}: cannot read the table: {error.strerror or error}"
        raise TableError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: not a pheno table: byte {error.start} is not ASCII"
        raise TableError(msg) from error
    return _Parser(path, text).table()


def _join(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("ascii")


def _header(table: Table) -> Iterator[tuple[str, str]]:
    r, k = table.reaction, table.kinematics
    yield "kind", FIXED["kind"]
    yield "process", f"{r.beam} {r.target} -> {r.beam} {r.target} X"
    yield "beam", f"{r.beam} {beams.resolve(r.beam).pdg} {k.lepton_mass!r}"
    yield "target", f"{r.target} {r.Z} {r.A} {k.nuclear_mass!r}"
    mediator = mediators.resolve(r.mediator)
    yield "mediator", f"{r.mediator} {mediator.spin} {'+' if mediator.parity > 0 else '-'}"
    yield "method", r.method
    yield "form_factor", r.form_factor
    yield "x_window", f"{r.x_min!r} 1.0"
    yield "rtol", f"{r.rtol!r}"
    yield "coupling", "c/Lambda GeV^-1" if r.mediator == "tensor" else "g 1"
    for key in ("coupling_power", "value", "value_map"):
        yield key, FIXED[key]
    yield "mass", "GeV {!r} {!r}".format(*table.mass_range)
    yield "energy", "GeV {!r} {!r}".format(*table.energy_range)
    yield "interpolation", f"lagrange {table.order}"
    yield "panels", str(len(table.panels))
    for p in table.panels:
        floor = repr(p.floor) if p.floor > 0.0 else "threshold"
        yield "panel", f"{p.mass_nodes} {p.mass_low!r} {p.mass_high!r} {p.energy_nodes} {floor} {p.ceiling!r}"
    for key in ("out_of_range", "below_threshold"):
        yield key, FIXED[key]
    if table.accuracy is not None:
        a = table.accuracy
        yield "accuracy", f"{a.error:.3e} limit {a.limit!r} points {a.points} worst {a.mass!r} {a.energy!r}"
    yield from table.notes.items()


class _Parser:
    """Reads one file; every complaint names the file and the line."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.split("\n")
        self.header: dict[str, tuple[int, list[str]]] = {}
        self.panel_lines: list[tuple[int, list[str]]] = []
        self.first_data = 0

    def table(self) -> Table:
        self._read_header()
        self._check_digest()
        kinematics = Kinematics(lepton_mass=self._number("beam", 2), nuclear_mass=self._number("target", 3))
        panels = self._panels()
        order = self._integer("interpolation", 1)
        self._check_interpolation(order, panels)
        return Table(
            reaction=self._reaction(),
            kinematics=kinematics,
            mass_range=self._range("mass"),
            energy_range=self._range("energy"),
            order=order,
            panels=panels,
            values=self._values(panels),
            accuracy=self._accuracy(),
            notes=self._notes(),
        )

    def _fail(self, line: int, what: str) -> TableError:
        return TableError(f"{self.path}:{line + 1}: {what}")

    def _read_header(self) -> None:
        if self.lines[0] != MAGIC:
            what = "a pheno table of another version" if self.lines[0].startswith("#pheno-table") else "no pheno table"
            raise self._fail(0, f"{what}: the first line must be {MAGIC!r}")
        for number, line in enumerate(self.lines[1:], start=1):
            if line == "data":
                self.first_data = number + 1
                break
            key, *words = line.split(" ")
            if key == "panel":
                self.panel_lines.append((number, words))
            elif key in self.header:
                raise self._fail(number, f"second line {key!r}")
            else:
                self.header[key] = (number, words)
        else:
            raise self._fail(len(self.lines) - 1, "truncated: no line 'data'")
        for key, value in FIXED.items():
            number, words = self._line(key)
            if " ".join(words) != value:
                raise self._fail(number, f"unknown {key} {' '.join(words)!r}, only {value!r} is known")

    def _line(self, key: str) -> tuple[int, list[str]]:
        try:
            return self.header[key]
        except KeyError:
            raise self._fail(self.first_data - 1, f"no line {key!r} in the header") from None

    def _word(self, key: str, index: int) -> str:
        number, words = self._line(key)
        if index >= len(words):
            raise self._fail(number, f"too few entries after {key!r}")
        return words[index]

    def _number(self, key: str, index: int) -> float:
        return self._float(self._line(key)[0], self._word(key, index))

    def _float(self, line: int, word: str) -> float:
        try:
            value = float(word)
        except ValueError:
            raise self._fail(line, f"not a number: {word!r}") from None
        if not np.isfinite(value):
            raise self._fail(line, f"not a finite number: {word!r}")
        return value

    def _integer(self, key: str, index: int) -> int:
        return self._int(self._line(key)[0], self._word(key, index))

    def _int(self, line: int, word: str) -> int:
        if not word.isdecimal():
            raise self._fail(line, f"not a whole number: {word!r}")
        return int(word)

    def _range(self, key: str) -> tuple[float, float]:
        if self._word(key, 0) != "GeV":
            raise self._fail(self._line(key)[0], f"{key} must be in GeV")
        low, high = self._number(key, 1), self._number(key, 2)
        if not 0.0 < low < high:
            raise self._fail(self._line(key)[0], f"range of {key} is empty")
        return low, high

    def _check_digest(self) -> None:
        number, words = self._line("sha256")
        rest = self.lines[:number] + self.lines[number + 1 :]
        found = hashlib.sha256("\n".join(rest).encode()).hexdigest()
        if words != [found]:
            raise self._fail(number, f"the file was changed or cut after it was written: its sha256 is {found}")

    def _panels(self) -> tuple[Panel, ...]:
        number, _ = self._line("panels")
        if self._integer("panels", 0) != len(self.panel_lines):
            raise self._fail(number, f"{len(self.panel_lines)} panel lines follow")
        return tuple(self._panel(line, words) for line, words in self.panel_lines)

    def _panel(self, line: int, words: list[str]) -> Panel:
        if len(words) != 6:
            raise self._fail(line, f"a panel has 6 entries, this one {len(words)}")
        return Panel(
            mass_nodes=self._int(line, words[0]),
            mass_low=self._float(line, words[1]),
            mass_high=self._float(line, words[2]),
            energy_nodes=self._int(line, words[3]),
            floor=0.0 if words[4] == "threshold" else self._float(line, words[4]),
            ceiling=self._float(line, words[5]),
        )

    def _check_interpolation(self, order: int, panels: tuple[Panel, ...]) -> None:
        number, words = self._line("interpolation")
        if words[0] != "lagrange" or order not in ORDERS:
            raise self._fail(number, f"unknown interpolation {' '.join(words)!r}")
        masses = [p.mass_low for p in panels] + [panels[-1].mass_high if panels else 0.0]
        joined = all(p.mass_high == q for p, q in zip(panels, masses[1:], strict=True))
        if not panels or not joined or (masses[0], masses[-1]) != self._range("mass"):
            raise self._fail(self._line("panels")[0], "the panels do not cover the range of masses")
        for (line, _), p in zip(self.panel_lines, panels, strict=True):
            if not p.mass_low < p.mass_high or min(p.shape) < order:
                raise self._fail(line, "an empty panel, or fewer nodes than the interpolation needs")
            if p.floor > self._range("energy")[0] or p.ceiling != self._range("energy")[1]:
                raise self._fail(line, "the panel does not cover the range of energies")

    def _values(self, panels: tuple[Panel, ...]) -> tuple[FloatArray, ...]:
        rows = self.lines[self.first_data : -1]
        expected = sum(p.mass_nodes for p in panels)
        if len(rows) != expected or self.lines[-1]:
            raise self._fail(len(self.lines) - 1, f"{len(rows)} rows of data, the panels need {expected}")
        values, line = [], self.first_data
        for p in panels:
            block = np.empty(p.shape)
            for row in block:
                words = self.lines[line].split(" ")
                if len(words) != p.energy_nodes:
                    raise self._fail(line, f"{len(words)} numbers, the panel needs {p.energy_nodes}")
                row[:] = [self._float(line, word) for word in words]
                line += 1
            values.append(block)
        return tuple(values)

    def _reaction(self) -> Reaction:
        mediator = self._word("mediator", 0)
        if mediator not in mediators.names():
            raise self._fail(self._line("mediator")[0], f"unknown mediator {mediator!r}")
        return Reaction(
            mediator=mediator,
            beam=self._word("beam", 0),
            target=self._word("target", 0),
            Z=self._integer("target", 1),
            A=self._integer("target", 2),
            method=self._word("method", 0),
            form_factor=self._word("form_factor", 0),
            x_min=self._number("x_window", 0),
            rtol=self._number("rtol", 0),
        )

    def _accuracy(self) -> Accuracy | None:
        if "accuracy" not in self.header:
            return None
        return Accuracy(
            error=self._number("accuracy", 0),
            limit=self._number("accuracy", 2),
            points=self._integer("accuracy", 4),
            mass=self._number("accuracy", 6),
            energy=self._number("accuracy", 7),
        )

    def _notes(self) -> Mapping[str, str]:
        known = {*FIXED, *STRUCTURED}
        return {key: " ".join(words) for key, (_, words) in self.header.items() if key not in known}
