"""Finds, reads and checks the data files of pheno. Nothing else in the package opens one.

A card is a TOML file. It is read key by key; whoever reads it thereby states its schema, and when
the reading ends every key that nobody asked for is an error. Every quantity with a dimension is
text with a unit.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from math import isfinite
from pathlib import Path

from pheno.errors import CardError, DomainError, nearest
from pheno.units import quantity

__all__ = [
    "Card",
    "columns",
    "errors_of",
    "experiment_cards",
    "model_cards",
    "open_card",
    "package_card",
    "parse_card",
    "references",
    "specs_directory",
]

_HERE = Path(__file__).parent


class Card:
    """One table of a card: asked for its keys, it converts, checks and remembers what was asked.

    Every method raises :class:`~pheno.errors.CardError` with file and key if the key is missing or
    its value is of the wrong kind.
    """

    def __init__(self, data: dict[str, object], file: str, path: str = "") -> None:
        self._data = data
        self._file = file
        self._path = path
        self._asked: set[str] = set()
        self._children: list[Card] = []

    def where(self, key: str = "") -> str:
        """Return ``file: table.key``, to open a message with."""
        dotted = ".".join(part for part in (self._path, key) if part)
        return f"{self._file}: {dotted}" if dotted else self._file

    def __contains__(self, key: str) -> bool:
        """Tell whether the card has this key."""
        return key in self._data

    def names(self) -> list[str]:
        """Return the keys of this table, in the order of the file."""
        return list(self._data)

    def numeric(self) -> list[str]:
        """Return the keys that hold a number, or text that begins with one, dotted below this table."""
        found = []
        for key, value in self._data.items():
            if isinstance(value, dict):
                found += [f"{key}.{inner}" for inner in Card(value, self._file).numeric()]
            elif key != "default" and _holds_number(value):
                found.append(key)
        return found

    def _get(self, key: str, default: object = None) -> object:
        self._asked.add(key)
        value = self._data.get(key, default)
        if value is None:  # TOML has no null: the key is missing
            msg = f"{self.where(key)}: this key is missing"
            raise CardError(msg)
        return value

    def _expected(self, key: str, kind: str) -> CardError:
        return CardError(f"{self.where(key)}: expected {kind}, got {self._data[key]!r}")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a string that is not empty."""
        value = self._get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self._expected(key, "a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings."""
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self._expected(key, "a list of texts")
        return tuple(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self._expected(key, "true or false")
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        """Return an integer."""
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._expected(key, "an integer")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """Return a finite, dimensionless number."""
        value = self._get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
            raise self._expected(key, "a finite number without unit")
        return float(value)

    def fraction(self, key: str, default: float | None = None) -> float:
        """Return a finite, dimensionless number, which may be written as a fraction: ``"-1/3"``."""
        value = self._get(key, default)
        if not isinstance(value, str):
            return self.number(key, default)
        try:
            return float(Fraction(value))
        except (ValueError, ZeroDivisionError):
            raise self._expected(key, "a number or a fraction such as '-1/3'") from None

    def numbers(self, key: str) -> tuple[float, ...]:
        """Return a list of finite, dimensionless numbers."""
        value = self._get(key)
        if not isinstance(value, list):
            raise self._expected(key, "a list of numbers")
        for entry in value:
            if not isinstance(entry, int | float) or isinstance(entry, bool) or not isfinite(entry):
                raise self._expected(key, "a list of finite numbers")
        return tuple(float(entry) for entry in value)

    def quantity(self, key: str, dimension: str) -> float:
        """Return a quantity with a unit; see :func:`pheno.units.quantity`."""
        return quantity(self._get(key), dimension, where=self.where(key))

    def quantities(self, key: str, dimension: str) -> tuple[float, ...]:
        """Return a list of quantities with units."""
        value = self._get(key)
        if not isinstance(value, list):
            raise self._expected(key, "a list of quantities")
        return tuple(quantity(entry, dimension, where=self.where(f"{key}[{i}]")) for i, entry in enumerate(value))

    def table(self, key: str) -> Card:
        """Return a table inside this one."""
        value = self._get(key)
        if not isinstance(value, dict):
            raise self._expected(key, "a table")
        return self._child(value, key)

    def tables(self, key: str) -> list[Card]:
        """Return an array of tables inside this one."""
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self._expected(key, "an array of tables")
        return [self._child(entry, f"{key}[{i}]") for i, entry in enumerate(value)]

    def _child(self, data: dict[str, object], key: str) -> Card:
        child = Card(data, self._file, ".".join(part for part in (self._path, key) if part))
        self._children.append(child)
        return child

    def finish(self) -> None:
        """Refuse the keys nobody asked for, here and in the tables that were read."""
        for key in self._data:
            if key not in self._asked:
                msg = f"{self.where(key)}: unknown key{nearest(key, self._asked)}"
                raise CardError(msg)
        for child in self._children:
            child.finish()


def _holds_number(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_holds_number, value))
    if isinstance(value, str):
        return value[:1].isdigit() or value[:2] in {f"{sign}{digit}" for sign in "+-." for digit in range(10)}
    return isinstance(value, int | float) and not isinstance(value, bool)


def _parse(text: str, file: str) -> Card:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{file}: not valid TOML: {error}"
        raise CardError(msg) from None
    return Card(data, file)


@contextmanager
def errors_of(card: Card) -> Iterator[None]:
    """Turn what does not fit together, a DomainError, into an error of this table of the card.

    Parameters
    ----------
    card
        The table; the message has the key that the error begins with, if the table has it.

    Raises
    ------
    CardError
        In place of DomainError.
    """
    try:
        yield
    except DomainError as error:
        key = str(error).partition(" ")[0]
        msg = f"{card.where(key if key in card else '')}: {error}"
        raise CardError(msg) from None


@contextmanager
def parse_card(text: str, *, name: str) -> Iterator[Card]:
    """Read a card from text; when the block ends, keys that were not read are an error.

    Parameters
    ----------
    text
        The TOML.
    name
        What to call it in messages.

    Yields
    ------
    Card
        The outermost table.

    Raises
    ------
    CardError
        If the text is no TOML, or a key is missing, unknown or of the wrong kind.

    Examples
    --------
    >>> with parse_card('energy = "100 GeV"', name="beam.toml") as card:
    ...     card.quantity("energy", "energy")
    100.0
    >>> with parse_card('energy = 100', name="beam.toml") as card:
    ...     card.quantity("energy", "energy")
    Traceback (most recent call last):
    ...
    pheno.errors.CardError: beam.toml: energy: expected '<number> <unit>' with unit one of GeV, keV, MeV, TeV, eV,
    got 100
    """
    card = _parse(text, name)
    yield card
    card.finish()


@contextmanager
def open_card(path: str | Path) -> Iterator[Card]:
    """Read a card from a file; when the block ends, keys that were not read are an error.

    Parameters
    ----------
    path
        A TOML file.

    Yields
    ------
    Card
        The outermost table.

    Raises
    ------
    CardError
        If the file cannot be read, is no TOML, or a key is missing, unknown or of the wrong kind.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise CardError(msg) from None
    except UnicodeDecodeError:
        msg = f"{path}: not a text in UTF-8"
        raise CardError(msg) from None
    with parse_card(text, name=path.name) as card:
        yield card


def package_card(name: str) -> Path:
    """Return the path of a card that ships with pheno.

    Parameters
    ----------
    name
        Its file name, such as ``"materials.toml"``.

    Returns
    -------
    Path
        The file, which need not exist.
    """
    return _HERE / name


def model_cards() -> dict[str, Path]:
    """Return the cards of the models that ship with pheno.

    Returns
    -------
    dict of str to Path
        File by name of the model.
    """
    return {path.stem: path for path in (_HERE / "models").glob("*.toml")}


def experiment_cards() -> dict[str, Path]:
    """Return the cards of the experiments that ship with pheno.

    Returns
    -------
    dict of str to Path
        File by name of the experiment.
    """
    return {path.stem: path for path in (_HERE / "experiments").glob("*.toml")}


def columns(name: str) -> tuple[tuple[str, ...], list[tuple[float, ...]]]:
    """Return a table of numbers that ships with pheno: CSV, after lines that begin with ``#``.

    Parameters
    ----------
    name
        Its file name below the cards, such as ``"r_ratio/smooth.csv"``.

    Returns
    -------
    tuple
        Names of the columns, and the columns.
    """
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    header, *rows = (line.split(",") for line in lines if not line.startswith("#"))
    return tuple(header), list(zip(*(map(float, row) for row in rows), strict=True))


def specs_directory() -> Path:
    """Return the folder with the specs of the lookup tables that ship with pheno.

    Returns
    -------
    Path
        ``pheno/tables/specs`` in an installed package, ``tables/specs`` in a checkout.

    Raises
    ------
    CardError
        If neither is there.
    """
    package = _HERE.parent
    for directory in (package / "tables" / "specs", package.parent / "tables" / "specs"):
        if directory.is_dir():
            return directory
    msg = f"tables/specs: not found beside {package}; the installation is damaged"
    raise CardError(msg)


def references() -> str:
    """Return the bibliography of pheno in BibTeX, keys as on INSPIRE where INSPIRE has the entry.

    Returns
    -------
    str
        The text of ``references.bib``.
    """
    return (_HERE / "references.bib").read_text(encoding="utf-8")
