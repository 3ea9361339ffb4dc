"""Targets: elements, isotopes and compounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import log
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pheno.cards import open_card, package_card
from pheno.constants import ALPHA, ATOMIC_MASS_UNIT
from pheno.errors import DomainError, choice, integer, nearest, positive, scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pheno.cards import Card

__all__ = ["Element", "Material", "elements", "names", "nuclear_mass", "radiation_length_g_cm2", "resolve"]

_CARD: Final = "materials.toml"
_Z_MAX: Final = 118
#: Element and count of a chemical formula.
_ATOM: Final = re.compile(r"([A-Z][a-z]?)(\d+)?")
_TARGETS: Final = "the symbol of an element, a compound, a formula such as 'BaF2', (Z, A) or a Material"

#: (4 alpha r_e^2 N_A)^-1 [g/cm^2] for A = 1 g/mol, and the logarithms of Thomas-Fermi and of the four lightest
#: elements: [ParticleDataGroup:2024cfk], Passage of Particles Through Matter, (34.25) and table 34.2.
_X0_UNIT: Final = 716.408
_LIGHT_LOGARITHMS: Final = {1: (5.31, 6.144), 2: (4.79, 5.621), 3: (4.74, 5.805), 4: (4.71, 5.924)}


@dataclass(frozen=True, slots=True)
class Element:
    """An element as it occurs in nature.

    Parameters
    ----------
    symbol, name
        Chemical symbol and English name.
    Z
        Atomic number.
    atomic_weight
        Standard atomic weight [g/mol].
    density_g_cm3
        Density at 20 C and 1 atm [g/cm^3]; None if never measured.
    """

    symbol: str
    name: str
    Z: int
    atomic_weight: float
    density_g_cm3: float | None

    @property
    def A(self) -> int:
        """Mass number of the nucleus that stands for the element: the atomic weight, rounded."""
        return round(self.atomic_weight)


def _nucleus(name: str, entry: Sequence[Any]) -> tuple[int, float]:
    """Check the Z and A that open ``entry``; A may be an atomic weight, as simulators use."""
    Z = integer(entry[0])
    if Z is None:
        msg = f"{name}: Z must be an integer, got {entry!r}"
        raise DomainError(msg)
    A = scalar(f"{name}: A", entry[1])
    if not 1 <= Z <= _Z_MAX:
        msg = f"{name}: Z must be between 1 and {_Z_MAX}, got {Z}"
        raise DomainError(msg)
    if not Z <= A <= 3 * Z + 2:
        msg = f"{name}: A must be between Z = {Z} and 3 Z + 2 = {3 * Z + 2}, got {A:g}"
        raise DomainError(msg)
    return Z, int(A) if A.is_integer() else A


def _composition(entries: object) -> tuple[tuple[int, float, float], ...]:
    """Check the ``((Z, A, count), ...)`` of a material."""
    if not isinstance(entries, tuple | list) or not entries:
        msg = f"composition must be ((Z, A, count), ...), got {entries!r}"
        raise DomainError(msg)
    nuclei = []
    for entry in entries:
        if not isinstance(entry, tuple | list) or len(entry) != 3:
            msg = f"composition must be ((Z, A, count), ...), got the entry {entry!r}"
            raise DomainError(msg)
        nuclei.append((*_nucleus("composition", entry), scalar("count", positive("count", entry[2]))))
    return tuple(nuclei)


@dataclass(frozen=True, slots=True)
class Material:
    """A material: which nuclei, in which proportion, how dense.

    Parameters
    ----------
    name
        Any text.
    composition
        ``((Z, A, count), ...)``: atomic number, mass number and number of atoms, in any common
        proportion.
    density_g_cm3
        Density [g/cm^3], if it is known. Cross sections do not need it.

    Raises
    ------
    DomainError
        If the composition is empty or holds no nuclei, or the density is not positive.

    Examples
    --------
    >>> water = Material("water", ((1, 1, 2), (8, 16, 1)), density_g_cm3=1.0)
    >>> round(water.radiation_length_cm, 1)
    36.1
    """

    name: str
    composition: tuple[tuple[int, float, float], ...]
    density_g_cm3: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            msg = f"name must be a text, got {self.name!r}"
            raise DomainError(msg)
        # A frozen dataclass offers no other way to store the checked values.
        object.__setattr__(self, "composition", _composition(self.composition))
        if self.density_g_cm3 is not None:
            density = scalar("density_g_cm3", positive("density_g_cm3", self.density_g_cm3))
            object.__setattr__(self, "density_g_cm3", density)

    @property
    def atomic_fractions(self) -> tuple[tuple[int, float, float], ...]:
        """``((Z, A, fraction of all atoms), ...)``: the weights of a cross section per atom."""
        total = sum(count for _, _, count in self.composition)
        return tuple((Z, A, count / total) for Z, A, count in self.composition)

    @property
    def mean_atomic_weight(self) -> float:
        """Mean mass of an atom [g/mol]."""
        return sum(fraction * _atomic_weight(Z, A) for Z, A, fraction in self.atomic_fractions)

    @property
    def mean_charge(self) -> float:
        """Electrons per atom."""
        return sum(fraction * Z for Z, _, fraction in self.atomic_fractions)

    @property
    def radiation_length_g_cm2(self) -> float:
        """Radiation length [g/cm^2]: 1/X0 = sum of the mass fractions over X0 of each nucleus."""
        inverse = 0.0
        for Z, A, fraction in self.atomic_fractions:
            weight = _atomic_weight(Z, A)
            inverse += fraction * weight / self.mean_atomic_weight / radiation_length_g_cm2(Z, weight)
        return 1.0 / inverse

    @property
    def radiation_length_cm(self) -> float:
        """Radiation length [cm]; raises :class:`~pheno.errors.DomainError` without a density."""
        if self.density_g_cm3 is None:
            msg = f"density_g_cm3 of {self.name} is not known: give a Material with a density"
            raise DomainError(msg)
        return self.radiation_length_g_cm2 / self.density_g_cm3


def nuclear_mass(A: float) -> float:
    """Return the mass of a nucleus in the convention of pheno, M = A u.

    Parameters
    ----------
    A
        Mass number, or atomic weight.

    Returns
    -------
    float
        Mass [GeV].

    Notes
    -----
    Binding and electrons are left out: they move M by less than 1 %, and cross sections by orders of
    magnitude less, since the nucleus is all but static.

    Examples
    --------
    >>> round(nuclear_mass(207), 3)
    192.819
    """
    return A * ATOMIC_MASS_UNIT


def radiation_length_g_cm2(Z: int, atomic_weight: float) -> float:
    r"""Radiation length of an element.

    .. math::

        \frac{1}{X_0} = \frac{Z^2\,[L_\mathrm{rad} - f(\alpha Z)] + Z L'_\mathrm{rad}}{716.408\,A}

    Parameters
    ----------
    Z
        Atomic number.
    atomic_weight
        Atomic weight [g/mol].

    Returns
    -------
    float
        Radiation length [g/cm^2].

    Notes
    -----
    The tables of the PDG are this formula, printed to two digits after the point.

    References
    ----------
    [ParticleDataGroup:2024cfk]_, "Passage of Particles Through Matter", (34.25), (34.26) and table
    34.2, after [Tsai:1973py]_.

    Examples
    --------
    >>> round(radiation_length_g_cm2(82, 207.2), 2)
    6.37
    """
    a2 = (ALPHA * Z) ** 2
    coulomb = a2 * (1.0 / (1.0 + a2) + 0.20206 - 0.0369 * a2 + 0.0083 * a2**2 - 0.002 * a2**3)
    thomas_fermi = (log(184.15 * Z ** (-1 / 3)), log(1194.0 * Z ** (-2 / 3)))
    elastic, inelastic = _LIGHT_LOGARITHMS.get(Z, thomas_fermi)
    return _X0_UNIT * atomic_weight / (Z * Z * (elastic - coulomb) + Z * inelastic)


def _atomic_weight(Z: int, A: float) -> float:
    """Standard atomic weight if A is the element's, the mass number for any other isotope [g/mol]."""
    for element in elements().values():
        if element.Z == Z and element.A == A:
            return element.atomic_weight
    return float(A)


@cache
def elements() -> Mapping[str, Element]:
    """Return the elements from hydrogen to uranium.

    Returns
    -------
    mapping of str to Element
        By symbol, in the order of Z. Read-only.

    Examples
    --------
    >>> elements()["W"].A
    184
    """
    found, _ = _library()
    return found


@cache
def _library() -> tuple[Mapping[str, Element], Mapping[str, Material]]:
    """Read the card with the elements, and the materials that names stand for."""
    with open_card(package_card(_CARD)) as card:
        card.integer("schema")
        card.texts("source")
        found: dict[str, Element] = {}
        table = card.table("elements")
        for symbol in table.names():
            entry = table.table(symbol)
            found[symbol] = Element(
                symbol=symbol,
                name=entry.text("name"),
                Z=entry.integer("Z"),
                atomic_weight=entry.number("atomic_weight"),
                density_g_cm3=entry.quantity("density", "density_g_cm3") if "density" in entry else None,
            )
        materials = {symbol: Material(symbol, ((e.Z, e.A, 1.0),), e.density_g_cm3) for symbol, e in found.items()}
        compounds = card.table("compounds")
        for name in compounds.names():
            materials[name] = _compound(name, compounds.table(name), found)
    return MappingProxyType(found), MappingProxyType(materials)


def _compound(name: str, card: Card, found: Mapping[str, Element]) -> Material:
    card.text("name")
    card.text("source")
    by_mass = "mass_fractions" in card
    parts = card.table("mass_fractions" if by_mass else "atoms")
    composition = []
    for symbol in parts.names():
        element = found[choice(parts.where(symbol), symbol, found)]
        count = parts.number(symbol) / (element.atomic_weight if by_mass else 1.0)
        composition.append((element.Z, element.A, count))
    return Material(name, tuple(composition), card.quantity("density", "density_g_cm3"))


def names() -> list[str]:
    """Return the names of the materials that ship with pheno.

    Returns
    -------
    list of str
        The symbols of the elements in the order of Z, then the compounds.
    """
    _, materials = _library()
    return list(materials)


def resolve(target: str | tuple[int, float] | Material) -> Material:
    """Return the material that a name or a nucleus stands for.

    Parameters
    ----------
    target
        Symbol of an element (the nucleus is then the atomic weight, rounded: ``"Pb"`` is (82, 207)),
        name of a compound, chemical formula with a digit in it (``"BaF2"``, ``"C1H1"``; without digits ``"PB"``
        would be read as phosphorus and boron), ``(Z, A)``, or a :class:`Material`, which is returned as it is.

    Returns
    -------
    Material
        The material; without density for ``(Z, A)`` and for a formula that is not among :func:`names`.

    Raises
    ------
    DomainError
        If the name is unknown (the message has the nearest one) or (Z, A) is no nucleus.

    Examples
    --------
    >>> resolve("Pb").composition
    ((82, 207, 1.0),)
    >>> resolve((74, 184)).name
    '(74, 184)'
    >>> resolve("BaF2").composition
    ((56, 137, 1.0), (9, 19, 2.0))
    """
    if isinstance(target, Material):
        return target
    if isinstance(target, str):
        found, materials = _library()
        material = materials.get(target) or _from_formula(target, found)
        if material is None:
            # 100 names would bury the message: say the kinds, and the nearest name.
            by_english_name = {element.name: symbol for symbol, element in found.items()}
            meant = by_english_name.get(target.casefold())
            hint = f"; did you mean {meant!r}?" if meant else nearest(target, materials)
            msg = f"target must be {_TARGETS}, got {target!r}{hint}"
            raise DomainError(msg)
        return material
    if isinstance(target, tuple | list) and len(target) == 2:
        Z, A = _nucleus("target", target)
        return Material(f"({Z}, {A})", ((Z, A, 1.0),))
    msg = f"target must be {_TARGETS}, got {target!r}"
    raise DomainError(msg)


def _from_formula(formula: str, found: Mapping[str, Element]) -> Material | None:
    """Material of a chemical formula; None if it is none, or has no digit that tells it from a misspelt symbol."""
    atoms = _ATOM.findall(formula)
    if "".join(symbol + count for symbol, count in atoms) != formula or not any(count for _, count in atoms):
        return None
    if any(symbol not in found or count.startswith("0") for symbol, count in atoms):
        return None
    return Material(formula, tuple((found[s].Z, found[s].A, float(count or 1)) for s, count in atoms))
