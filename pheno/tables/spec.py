"""What to tabulate: the TOML specs of ``tables/specs``, read and checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pheno import beams, cards, matter, mediators
from pheno.errors import CardError, DomainError, nearest
from pheno.tables.grid import ORDERS, Kinematics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pheno.cards import Card

#: Kinds of file a build can write.
FORMATS = ("pht", "parquet", "dmg4", "g4darkbrem")

#: A table ends where its heaviest mass still has a tenth of the energy range to itself.
HEADROOM = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Dmg4Grid:
    """Nodes of the arrays written for DMG4: masses and energies [GeV]."""

    masses: tuple[float, ...]
    energies: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class G4DarkBremGrid:
    """Nodes of the CSV written for G4DarkBreM: one file per mass, kinetic energies in whole MeV."""

    masses: tuple[float, ...]
    energy_range: tuple[float, float]
    step: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """A lookup table to build; masses and energies in GeV.

    Parameters
    ----------
    name
        Names the folder the tables are written to.
    beam, Z, A, target
        Lepton, nucleus, and how the nucleus is called.
    mediators
        One table for each.
    x_min
        One table for each lower end of the window in x = E_X / E.
    method, form_factor, rtol
        As in :func:`pheno.cross_section`.
    mass_range, energy_range
        What the table covers, threshold included.
    nodes
        Numbers of nodes (mass, energy) to start with: light masses, and masses tabulated from threshold.
    interpolation_order
        Number of neighbouring nodes a value is interpolated from, along each axis.
    interpolation_error
        Largest relative interpolation error accepted.
    check_points
        Number of points off the nodes at which it is measured.
    """

    name: str
    description: str
    source: tuple[str, ...]
    beam: str
    target: str
    Z: int
    A: int
    mediators: tuple[str, ...]
    x_min: tuple[float, ...]
    method: str
    form_factor: str
    rtol: float
    mass_range: tuple[float, float]
    energy_range: tuple[float, float]
    nodes: tuple[tuple[int, int], tuple[int, int]]
    interpolation_order: int
    interpolation_error: float
    check_points: int
    formats: tuple[str, ...]
    dmg4: Dmg4Grid | None = None
    g4darkbrem: G4DarkBremGrid | None = None

    @property
    def kinematics(self) -> Kinematics:
        """Masses that fix the threshold."""
        return Kinematics(lepton_mass=beams.resolve(self.beam).mass, nuclear_mass=matter.nuclear_mass(self.A))

    @property
    def digest(self) -> str:
        """SHA-256 of everything that decides a number in a table, whichever mediators and files are asked for."""
        content = asdict(self)
        for key in ("mediators", "formats", "dmg4", "g4darkbrem"):
            del content[key]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def spec_names() -> list[str]:
    """Names of the specs shipped with pheno.

    Examples
    --------
    >>> "na64e" in spec_names()
    True
    """
    return sorted(path.stem for path in cards.specs_directory().glob("*.toml"))


def load_spec(source: str | Path | TableSpec) -> TableSpec:
    """Read a spec: a shipped one by name, any other by its path.

    Parameters
    ----------
    source
        ``"na64e"``, the path of a TOML file, or a :class:`TableSpec`, which is returned as it is.

    Raises
    ------
    CardError
        If there is no such spec or file, or a key in it is missing, unknown or wrong; the message names both.
    """
    if isinstance(source, TableSpec):
        return source
    with cards.open_card(_locate(source)) as card:
        spec = _read(card)
    _check_ranges(spec, card)
    return spec


def _locate(source: str | Path) -> Path:
    path = Path(source)
    if path.suffix == ".toml" or path.parent != Path():
        return path
    if str(source) not in spec_names():
        msg = (
            f"no table spec {str(source)!r}{nearest(str(source), spec_names())}: give one of "
            f"{', '.join(spec_names())}, or the path of a .toml file"
        )
        raise CardError(msg)
    return cards.specs_directory() / f"{source}.toml"


def _read(card: Card) -> TableSpec:
    if card.integer("schema") != 1:
        raise _wrong(card, "schema", "only schema 1 is known")
    process, grid = card.table("process"), card.table("grid")
    target, Z, A = _nucleus(card.table("target"))
    rtol = _between(grid, "rtol", 1e-8, 1e-2, default=2e-5)
    error = _between(grid, "interpolation_error", 1e-8, 0.1, default=1e-3)
    if rtol > error / 10.0:
        raise _wrong(grid, "rtol", f"must be at most a tenth of interpolation_error, {error:g}")
    formats = _names(card.table("output"), "formats", FORMATS)
    return TableSpec(
        name=_folder(card),
        description=card.text("description"),
        source=card.texts("source") if "source" in card else (),
        beam=_name(card.table("beam"), "particle", beams.names()),
        target=target,
        Z=Z,
        A=A,
        mediators=_names(process, "mediators", mediators.names()),
        x_min=_windows(process),
        method=process.text("method", "etl"),
        form_factor=process.text("form_factor", "tsai"),
        rtol=rtol,
        mass_range=_range(grid, "mass"),
        energy_range=_range(grid, "energy"),
        nodes=(_pair(grid, "light_nodes", (16, 12)), _pair(grid, "threshold_nodes", (10, 32))),
        interpolation_order=grid.integer("interpolation_order", 6),
        interpolation_error=error,
        check_points=grid.integer("check_points", 1024),
        formats=formats,
        dmg4=_dmg4(card) if "dmg4" in formats else None,
        g4darkbrem=_g4darkbrem(card) if "g4darkbrem" in formats else None,
    )


def _wrong(card: Card, key: str, what: str) -> CardError:
    return CardError(f"{card.where(key)}: {what}")


def _folder(card: Card) -> str:
    name = card.text("name")
    if not name.replace("_", "").replace("-", "").isalnum() or not name.isascii():
        raise _wrong(card, "name", f"it names a folder: only letters, digits, - and _ are allowed, got {name!r}")
    return name


def _name(card: Card, key: str, allowed: Iterable[str]) -> str:
    value, names = card.text(key), list(allowed)
    if value not in names:
        raise _wrong(card, key, f"must be one of {', '.join(names)}, got {value!r}{nearest(value, names)}")
    return value


def _names(card: Card, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
    values, names = card.texts(key), list(allowed)
    for value in values:
        if value not in names:
            raise _wrong(card, key, f"must be among {', '.join(names)}, got {value!r}{nearest(value, names)}")
    if not values or len(set(values)) != len(values):
        raise _wrong(card, key, "must name at least one, each once")
    return values


def _nucleus(card: Card) -> tuple[str, int, int]:
    """One nucleus: thresholds and form factors are of nuclei, and simulators sum the elements of a compound."""
    if "nucleus" in card:
        name = card.text("nucleus")
        target: str | tuple[int, float] = name
    else:
        target = card.integer("Z"), card.integer("A")
        name = "Z{}A{}".format(*target)
    try:
        material = matter.resolve(target)
    except DomainError as error:
        raise _wrong(card, "nucleus", str(error)) from None
    if len(material.composition) != 1:
        raise _wrong(card, "nucleus", f"{name} is a compound: make one table for each of its nuclei")
    Z, A, _ = material.composition[0]
    return name, Z, int(A)


def _between(card: Card, key: str, low: float, high: float, default: float) -> float:
    value = card.number(key, default)
    if not low <= value <= high:
        raise _wrong(card, key, f"must be between {low:g} and {high:g}, got {value:g}")
    return value


def _range(card: Card, key: str) -> tuple[float, float]:
    values = card.quantities(key, "energy")
    if len(values) != 2 or not 0.0 < values[0] < values[1]:
        raise _wrong(card, key, "expected two energies, the lower one first")
    return values[0], values[1]


def _pair(card: Card, key: str, default: tuple[int, int]) -> tuple[int, int]:
    if key not in card:
        return default
    values = card.numbers(key)
    if len(values) != 2 or any(v != int(v) or not 2 <= v <= 1000 for v in values):
        raise _wrong(card, key, "expected two whole numbers from 2 to 1000: in mass and in energy")
    return int(values[0]), int(values[1])


def _windows(card: Card) -> tuple[float, ...]:
    values = card.numbers("x_min") if "x_min" in card else (0.0,)
    if not values or len(set(values)) != len(values) or any(not 0.0 <= v < 1.0 for v in values):
        raise _wrong(card, "x_min", "expected different numbers from 0 to below 1")
    return values


def _positive(card: Card, key: str) -> tuple[float, ...]:
    values = card.quantities(key, "energy")
    if len(values) < 2 or any(b <= a for a, b in zip((0.0, *values), values, strict=False)):
        raise _wrong(card, key, "expected at least two rising values above 0")
    return values


def _dmg4(card: Card) -> Dmg4Grid:
    grid = card.table("dmg4")
    return Dmg4Grid(masses=_positive(grid, "masses"), energies=_positive(grid, "energies"))


def _g4darkbrem(card: Card) -> G4DarkBremGrid:
    grid = card.table("g4darkbrem")
    spec = G4DarkBremGrid(
        masses=_positive(grid, "masses"), energy_range=_range(grid, "energy"), step=grid.quantity("step", "energy")
    )
    if spec.step < 1e-3:  # GeV
        raise _wrong(grid, "step", "must be at least 1 MeV, the width of a bin in the cache of G4DarkBreM")
    return spec


def _check_ranges(spec: TableSpec, card: Card) -> None:
    """Check what needs several keys at once."""
    grid = card.table("grid")
    kinematics, high, (floor, ceiling) = spec.kinematics, spec.mass_range[1], spec.energy_range
    if floor <= 2.0 * kinematics.lepton_mass:
        raise _wrong(grid, "energy", f"must start above {2.0 * kinematics.lepton_mass:g} GeV, twice the lepton's mass")
    if kinematics.threshold(high) > HEADROOM * ceiling:
        allowed = kinematics.heaviest(HEADROOM * ceiling)
        raise _wrong(grid, "mass", f"must end below {allowed:.4g} GeV, which can just be made, got {high:g} GeV")
    if spec.interpolation_order not in ORDERS:
        raise _wrong(grid, "interpolation_order", f"must be one of {ORDERS}, got {spec.interpolation_order}")
    for key, nodes in zip(("light_nodes", "threshold_nodes"), spec.nodes, strict=True):
        if min(nodes) < spec.interpolation_order:
            raise _wrong(grid, key, f"interpolation needs at least {spec.interpolation_order} nodes, got {min(nodes)}")
    if 0.0 not in spec.x_min and {"dmg4", "g4darkbrem"} & set(spec.formats):
        raise _wrong(card.table("process"), "x_min", "must contain 0: the files for simulators hold totals")
    if spec.check_points < 1000:
        raise _wrong(grid, "check_points", f"must be at least 1000, got {spec.check_points}")
    _check_export(spec, card)


def _check_export(spec: TableSpec, card: Card) -> None:
    """Check that the nodes of the files for simulators lie inside the table."""
    wanted: list[tuple[str, str, tuple[float, ...], tuple[float, float]]] = []
    if spec.dmg4 is not None:
        wanted.append(("dmg4", "masses", spec.dmg4.masses, spec.mass_range))
        wanted.append(("dmg4", "energies", spec.dmg4.energies, spec.energy_range))
    if spec.g4darkbrem is not None:
        wanted.append(("g4darkbrem", "masses", spec.g4darkbrem.masses, spec.mass_range))
        wanted.append(("g4darkbrem", "energy", spec.g4darkbrem.energy_range, spec.energy_range))
    for name, key, values, (low, high) in wanted:
        if values[0] < low or values[-1] > high:
            what = f"must lie within the table, {low:g} to {high:g} GeV, got {values[0]:g} to {values[-1]:g}"
            raise _wrong(card.table(name), key, what)
