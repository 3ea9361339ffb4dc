"""Units, at the border only: inside pheno everything is a power of GeV.

Code carries no units, text always does: a card says ``energy = "100 GeV"``, and a cross section
leaves the library in the unit the caller names.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno.constants import GEV2_TO_PB, HBAR_C_M
from pheno.errors import CardError, choice, nearest

__all__ = ["CROSS_SECTION_UNITS", "convert_cross_section", "cross_section_unit", "quantity"]

#: How many of each unit make a cross section of 1 GeV^-2.
CROSS_SECTION_UNITS: Final = {
    "pb": GEV2_TO_PB,
    "fb": 1e3 * GEV2_TO_PB,
    "cm2": 1e-36 * GEV2_TO_PB,
    "GeV^-2": 1.0,
}

#: Dimension -> unit -> its size in the unit pheno computes in: powers of GeV, and for the names that carry
#: a suffix (``density_g_cm3``, ``length_cm``) the unit of the suffix.
_UNITS: Final = {
    "energy": {"GeV": 1.0, "keV": 1e-6, "MeV": 1e-3, "TeV": 1e3, "eV": 1e-9},
    "inverse_energy": {"GeV^-1": 1.0, "TeV^-1": 1e-3},
    "cross_section": {unit: 1.0 / size for unit, size in CROSS_SECTION_UNITS.items()},
    "density_g_cm3": {"g/cm3": 1.0, "kg/m3": 1e-3},
    "length_cm": {"cm": 1.0, "mm": 0.1, "m": 100.0, "fm": 1e-13, "GeV^-1": 1e2 * HBAR_C_M},
    "area_density_g_cm2": {"g/cm2": 1.0},
}


def cross_section_unit(unit: str) -> float:
    """Return how many ``unit`` make 1 GeV^-2: multiply a result of the core by it.

    Parameters
    ----------
    unit
        ``"pb"``, ``"fb"``, ``"cm2"`` or ``"GeV^-2"``.

    Returns
    -------
    float
        The factor [unit GeV^2].

    Raises
    ------
    DomainError
        If the unit is unknown; the message has the nearest one.

    Examples
    --------
    >>> cross_section_unit("pb")
    389379372.1
    """
    return CROSS_SECTION_UNITS[choice("unit", unit, CROSS_SECTION_UNITS)]


def convert_cross_section(value: ArrayLike, unit: str, to: str) -> NDArray[np.float64]:
    """Convert a cross section from one unit to another.

    Parameters
    ----------
    value
        Cross section [unit], any shape.
    unit, to
        ``"pb"``, ``"fb"``, ``"cm2"`` or ``"GeV^-2"``.

    Returns
    -------
    ndarray
        Cross section [to], in the shape of ``value``.

    Raises
    ------
    DomainError
        If a unit is unknown.

    Examples
    --------
    >>> float(convert_cross_section(1.0, "cm2", to="pb"))
    1e+36
    """
    return np.asarray(value, dtype=np.float64) * (cross_section_unit(to) / cross_section_unit(unit))


def quantity(text: object, dimension: str, *, where: str) -> float:
    """Read ``"100 GeV"``: a number, one space and a unit.

    Parameters
    ----------
    text
        What the card says. Anything but text with a unit is refused.
    dimension
        ``"energy"`` [GeV], ``"inverse_energy"`` [GeV^-1], ``"cross_section"`` [GeV^-2],
        ``"density_g_cm3"``, ``"length_cm"`` or ``"area_density_g_cm2"``.
    where
        File and key, to open the message with.

    Returns
    -------
    float
        The number in the unit of its dimension.

    Raises
    ------
    CardError
        If the text is not a finite number with a unit of this dimension.

    Examples
    --------
    >>> quantity("50 MeV", "energy", where="na64e.toml: beam.energy")
    0.05
    """
    units = _UNITS[dimension]
    number, _, unit = text.partition(" ") if isinstance(text, str) else ("", "", "")
    try:
        value = float(number)
    except ValueError:
        value = float("nan")
    if unit in units and np.isfinite(value):
        return value * units[unit]
    hint = nearest(unit, units) if unit else ""
    msg = f"{where}: expected '<number> <unit>' with unit one of {', '.join(units)}, got {text!r}{hint}"
    raise CardError(msg)
