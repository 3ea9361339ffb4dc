"""What the text tables of all kinds share: header, digest, panels, rows of numbers.

A header of ``key value ...`` lines, a line ``data``, and lines of numbers. The line ``sha256`` holds the digest of the
whole file without that line, so an edit anywhere shows.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pheno import beams, mediators
from pheno.errors import TableError
from pheno.tables.grid import Kinematics, Panel
from pheno.tables.table import Reaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pheno.tables.grid import FloatArray

MAGIC = "#pheno-table 1"
SUFFIX = ".pht"

#: Lines that are read by meaning in every kind of table.
STRUCTURED = (
    "process", "beam", "target", "mediator", "method", "form_factor", "x_window", "rtol", "mass", "energy",
    "interpolation", "panels", "accuracy", "sha256",
)  # fmt: skip


def format_file(header: Iterable[tuple[str, str]], rows: Iterable[str]) -> str:
    """Text of a table: the same table gives the same text."""
    lines = [MAGIC, *(f"{key} {value}" for key, value in header)]
    data = ["data", *rows]
    digest = hashlib.sha256(_join(lines + data)).hexdigest()
    return _join([*lines, f"sha256 {digest}", *data]).decode()


def _join(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("ascii")


def reaction_lines(r: Reaction, k: Kinematics) -> Iterator[tuple[str, str]]:
    """Header lines about what happens and how it was computed."""
    yield "process", f"{r.beam} {r.target} -> {r.beam} {r.target} X"
    yield "beam", f"{r.beam} {beams.resolve(r.beam).pdg} {k.lepton_mass!r}"
    yield "target", f"{r.target} {r.Z} {r.A} {k.nuclear_mass!r}"
    mediator = mediators.resolve(r.mediator)
    yield "mediator", f"{r.mediator} {mediator.spin} {'+' if mediator.parity > 0 else '-'}"
    yield "method", r.method
    yield "form_factor", r.form_factor
    yield "x_window", f"{r.x_min!r} 1.0"
    yield "rtol", f"{r.rtol!r}"


def grid_lines(
    mass_range: tuple[float, float], energy_range: tuple[float, float], order: int, panels: tuple[Panel, ...]
) -> Iterator[tuple[str, str]]:
    """Header lines about ranges and nodes."""
    yield "mass", "GeV {!r} {!r}".format(*mass_range)
    yield "energy", "GeV {!r} {!r}".format(*energy_range)
    yield "interpolation", f"lagrange {order}"
    yield "panels", str(len(panels))
    for p in panels:
        floor = repr(p.floor) if p.floor > 0.0 else "threshold"
        yield "panel", f"{p.mass_nodes} {p.mass_low!r} {p.mass_high!r} {p.energy_nodes} {floor} {p.ceiling!r}"


class TextFile:
    """Reads one file; every complaint names the file and the line."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            self.lines = self.path.read_bytes().decode("ascii").split("\n")
        except OSError as error:
            msg = f"{path}: cannot read the table: {error.strerror or error}"
            raise TableError(msg) from error
        except UnicodeDecodeError as error:
            msg = f"{path}: not a pheno table: byte {error.start} is not ASCII"
            raise TableError(msg) from error
        self.header: dict[str, tuple[int, list[str]]] = {}
        self.panel_lines: list[tuple[int, list[str]]] = []
        self.first_data = 0
        self._read_header()
        self._check_digest()

    def fail(self, line: int, what: str) -> TableError:
        """Error to raise about a line, counted from 0."""
        return TableError(f"{self.path}:{line + 1}: {what}")

    def _read_header(self) -> None:
        if self.lines[0] != MAGIC:
            what = "a pheno table of another version" if self.lines[0].startswith("#pheno-table") else "no pheno table"
            raise self.fail(0, f"{what}: the first line must be {MAGIC!r}")
        for number, line in enumerate(self.lines[1:], start=1):
            if line == "data":
                self.first_data = number + 1
                break
            key, *words = line.split(" ")
            if key == "panel":
                self.panel_lines.append((number, words))
            elif key in self.header:
                raise self.fail(number, f"second line {key!r}")
            else:
                self.header[key] = (number, words)
        else:
            raise self.fail(len(self.lines) - 1, "truncated: no line 'data'")

    def require(self, fixed: Mapping[str, str]) -> None:
        """Refuse a file with other lines than these: they may not change without a new version of the format."""
        for key, value in fixed.items():
            number, words = self.line(key)
            if " ".join(words) != value:
                raise self.fail(number, f"unknown {key} {' '.join(words)!r}, only {value!r} is known")

    def line(self, key: str) -> tuple[int, list[str]]:
        """Number and words of a header line."""
        try:
            return self.header[key]
        except KeyError:
            raise self.fail(self.first_data - 1, f"no line {key!r} in the header") from None

    def word(self, key: str, index: int) -> str:
        """Word of a header line."""
        number, words = self.line(key)
        if index >= len(words):
            raise self.fail(number, f"too few entries after {key!r}")
        return words[index]

    def number(self, key: str, index: int) -> float:
        """Word of a header line that is a finite number."""
        return self._float(self.line(key)[0], self.word(key, index))

    def _float(self, line: int, word: str) -> float:
        try:
            value = float(word)
        except ValueError:
            raise self.fail(line, f"not a number: {word!r}") from None
        if not np.isfinite(value):
            raise self.fail(line, f"not a finite number: {word!r}")
        return value

    def integer(self, key: str, index: int) -> int:
        """Word of a header line that is a whole number."""
        return self._int(self.line(key)[0], self.word(key, index))

    def _int(self, line: int, word: str) -> int:
        if not word.isdecimal():
            raise self.fail(line, f"not a whole number: {word!r}")
        return int(word)

    def range(self, key: str) -> tuple[float, float]:
        """Range in GeV."""
        if self.word(key, 0) != "GeV":
            raise self.fail(self.line(key)[0], f"{key} must be in GeV")
        low, high = self.number(key, 1), self.number(key, 2)
        if not 0.0 < low < high:
            raise self.fail(self.line(key)[0], f"range of {key} is empty")
        return low, high

    def _check_digest(self) -> None:
        number, words = self.line("sha256")
        rest = self.lines[:number] + self.lines[number + 1 :]
        found = hashlib.sha256("\n".join(rest).encode()).hexdigest()
        if words != [found]:
            raise self.fail(number, f"the file was changed or cut after it was written: its sha256 is {found}")

    def panels(self, *, rooted: bool = False, nearest: float = 0.0) -> tuple[Panel, ...]:
        """Panels, in the order of their data."""
        number, _ = self.line("panels")
        if self.integer("panels", 0) != len(self.panel_lines):
            raise self.fail(number, f"{len(self.panel_lines)} panel lines follow")
        return tuple(self._panel(line, words, rooted=rooted, nearest=nearest) for line, words in self.panel_lines)

    def _panel(self, line: int, words: list[str], *, rooted: bool, nearest: float) -> Panel:
        if len(words) != 6:
            raise self.fail(line, f"a panel has 6 entries, this one {len(words)}")
        return Panel(
            mass_nodes=self._int(line, words[0]),
            mass_low=self._float(line, words[1]),
            mass_high=self._float(line, words[2]),
            energy_nodes=self._int(line, words[3]),
            floor=0.0 if words[4] == "threshold" else self._float(line, words[4]),
            ceiling=self._float(line, words[5]),
            rooted=rooted,
            nearest=nearest,
        )

    def check_interpolation(self, order: int, known: tuple[int, ...], panels: tuple[Panel, ...]) -> None:
        """Refuse panels that leave gaps or have too few nodes."""
        number, words = self.line("interpolation")
        if words[0] != "lagrange" or order not in known:
            raise self.fail(number, f"unknown interpolation {' '.join(words)!r}")
        masses = [p.mass_low for p in panels] + [panels[-1].mass_high if panels else 0.0]
        joined = all(p.mass_high == q for p, q in zip(panels, masses[1:], strict=True))
        if not panels or not joined or (masses[0], masses[-1]) != self.range("mass"):
            raise self.fail(self.line("panels")[0], "the panels do not cover the range of masses")
        for (line, _), p in zip(self.panel_lines, panels, strict=True):
            if not p.mass_low < p.mass_high or min(p.shape) < order:
                raise self.fail(line, "an empty panel, or fewer nodes than the interpolation needs")
            if p.floor > self.range("energy")[0] or p.ceiling != self.range("energy")[1]:
                raise self.fail(line, "the panel does not cover the range of energies")

    def rows(self, count: int, width: Iterable[int]) -> list[FloatArray]:
        """Rows of numbers of the lengths ``width``; ``count`` of them are all there are."""
        found = len(self.lines) - 1 - self.first_data
        if found != count or self.lines[-1]:
            raise self.fail(len(self.lines) - 1, f"{found} rows of data, the panels need {count}")
        rows = []
        for line, length in enumerate(width, start=self.first_data):
            words = self.lines[line].split(" ")
            if len(words) != length:
                raise self.fail(line, f"{len(words)} numbers, the panel needs {length}")
            rows.append(self._floats(line, words))
        return rows

    def _floats(self, line: int, words: list[str]) -> FloatArray:
        try:
            row = np.array([float(word) for word in words])
        except ValueError:
            row = np.array([np.nan])
        if not np.isfinite(row).all():  # which one, and why
            row = np.array([self._float(line, word) for word in words])
        return row

    def reaction(self) -> Reaction:
        """What is tabulated."""
        mediator = self.word("mediator", 0)
        if mediator not in mediators.names():
            raise self.fail(self.line("mediator")[0], f"unknown mediator {mediator!r}")
        return Reaction(
            mediator=mediator,
            beam=self.word("beam", 0),
            target=self.word("target", 0),
            Z=self.integer("target", 1),
            A=self.integer("target", 2),
            method=self.word("method", 0),
            form_factor=self.word("form_factor", 0),
            x_min=self.number("x_window", 0),
            rtol=self.number("rtol", 0),
        )

    def notes(self, known: Iterable[str]) -> Mapping[str, str]:
        """Lines that are not read by meaning."""
        meant = {*known, *STRUCTURED}
        return {key: " ".join(words) for key, (_, words) in self.header.items() if key not in meant}

    def kinematics(self) -> Kinematics:
        """Masses that fix the threshold."""
        return Kinematics(lepton_mass=self.number("beam", 2), nuclear_mass=self.number("target", 3))
