r"""Effective degrees of freedom of the plasma: energy :math:`\rho = \frac{\pi^2}{30} g T^4`, entropy
:math:`s = \frac{2\pi^2}{45} h T^3`.

By the name of the source. ``"saikawa_shirai"`` is a closed fit [Saikawa:2018rcs]_; its two pieces, which differ by less
than 1e-3 there, are blended between 118 and 122 MeV (a smooth step in ln T), where the published fit jumps by 4e-4 at
120 MeV. ``"laine_meyer"`` [Laine:2015kra]_ and ``"drees_hajkarim_schmitz"`` [Drees:2015exa]_ are tables,
interpolated by cubics in ln T with slopes from three points, constant beyond their ends.
"""  # noqa: D205  (two definitions in one sentence)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import _core, cards, citations
from pheno.cards import Card
from pheno.constants import PLANCK_MASS
from pheno.errors import choice, positive

__all__ = ["DegreesOfFreedom", "degrees_of_freedom", "names", "plasma"]

FloatArray = NDArray[np.float64]
#: (ln g, ln h) of ln T.
_Functions: TypeAlias = Callable[[FloatArray], tuple[FloatArray, FloatArray]]

_SOURCES: Final = {
    "saikawa_shirai": "Saikawa:2018rcs",
    "laine_meyer": "Laine:2015kra",
    "drees_hajkarim_schmitz": "Drees:2015exa",
}
#: Where the two pieces of the closed fit are blended [GeV].
_BLEND: Final = (0.118, 0.122)
#: Grid in ln T of the core: from 1 eV to 100 TeV; the cubic on it errs by less than 1e-7.
_GRID: Final = (np.log(1e-9), 0.02, 1613)
#: Temperature of the cosmic microwave background today, 2.7255 K [GeV].
TEMPERATURE_TODAY: Final = 2.7255 * 8.617333262e-14


@dataclass(frozen=True, slots=True)
class DegreesOfFreedom:
    """Degrees of freedom at some temperatures.

    Parameters
    ----------
    energy, entropy
        g and h, in the shape of the temperatures.
    slope
        d ln h/d ln T.
    """

    energy: FloatArray
    entropy: FloatArray
    slope: FloatArray


def names() -> list[str]:
    """Return the names of the sources, the default first.

    Returns
    -------
    list of str
        Names for ``degrees_of_freedom``.
    """
    return list(_SOURCES)


def degrees_of_freedom(temperature: ArrayLike, source: str = "saikawa_shirai") -> DegreesOfFreedom:
    """Effective degrees of freedom of the Standard Model, as the Boltzmann equation uses them.

    Parameters
    ----------
    temperature
        [GeV], any shape.
    source
        One of :func:`names`.

    Returns
    -------
    DegreesOfFreedom
        In the shape of ``temperature``.

    Raises
    ------
    DomainError
        If a temperature is not positive, or the source is unknown.

    Examples
    --------
    >>> now = degrees_of_freedom(1e-9)
    >>> round(float(now.energy), 3), round(float(now.entropy), 3)
    (3.383, 3.931)
    """
    T = positive("temperature", temperature)
    first, step, ln_g, ln_h, slope_g, slope_h = _grid(choice("degrees_of_freedom", source, _SOURCES))
    position = (np.log(T) - first) / step
    return DegreesOfFreedom(
        np.exp(_on_grid(position, step, ln_g, slope_g)[0]),
        np.exp(_on_grid(position, step, ln_h, slope_h)[0]),
        _on_grid(position, step, ln_h, slope_h)[1],
    )


def plasma(source: str) -> _core.Plasma:
    """Return what the core needs of one source.

    Parameters
    ----------
    source
        One of :func:`names`.

    Returns
    -------
    Plasma
        Of the core.
    """
    choice("degrees_of_freedom", source, _SOURCES)
    citations.used(_SOURCES[source])
    return _plasma(source)


@cache
def _plasma(source: str) -> _core.Plasma:
    first, step, ln_g, ln_h, slope_g, slope_h = _grid(source)
    return _core.Plasma(
        first=first,
        step=step,
        ln_g=ln_g,
        ln_h=ln_h,
        slope_g=slope_g,
        slope_h=slope_h,
        planck_mass=PLANCK_MASS,
        temperature_today=TEMPERATURE_TODAY,
    )


def _cubic(
    i: NDArray[np.int64], t: FloatArray, step: FloatArray | float, y: FloatArray, slope: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Value and slope, at the share t of the step from node i on, of the cubic with these slopes at its nodes."""
    rise = y[i + 1] - y[i]
    a, b = step * slope[i] - rise, rise - step * slope[i + 1]
    value = y[i] + t * rise + t * (1.0 - t) * (a * (1.0 - t) + b * t)
    return value, (rise + (1.0 - 2.0 * t) * (a * (1.0 - t) + b * t) + t * (1.0 - t) * (b - a)) / step


def _on_grid(position: FloatArray, step: float, y: FloatArray, slope: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same at a position in units of equal steps; constant beyond the ends."""
    inside = np.clip(position, 0.0, y.size - 1.0)
    i = np.minimum(inside.astype(np.int64), y.size - 2)
    value, found = _cubic(i, inside - i, step, y, slope)
    return value, np.where((position > 0.0) & (position < y.size - 1.0), found, 0.0)


@cache
def _grid(source: str) -> tuple[float, float, FloatArray, FloatArray, FloatArray, FloatArray]:
    first, step, count = float(_GRID[0]), float(_GRID[1]), int(_GRID[2])
    ln_T: FloatArray = np.asarray(first + step * np.arange(count), dtype=np.float64)
    ln_g, ln_h = (_saikawa_shirai if source == "saikawa_shirai" else _table(source))(ln_T)
    slopes = [np.gradient(y, step, edge_order=2) for y in (ln_g, ln_h)]
    if source == "saikawa_shirai":  # analytic functions: slopes to the fourth order
        slopes = [_fourth_order(y, step, slope) for y, slope in zip((ln_g, ln_h), slopes, strict=True)]
    for array in (ln_g, ln_h, *slopes):
        array.setflags(write=False)
    return first, step, ln_g, ln_h, slopes[0], slopes[1]


def _fourth_order(y: FloatArray, step: float, slope: FloatArray) -> FloatArray:
    slope[2:-2] = (y[:-4] - 8.0 * y[1:-3] + 8.0 * y[3:-1] - y[4:]) / (12.0 * step)
    return slope


def _table(source: str) -> _Functions:
    _, (T, g, h) = cards.columns(f"degrees_of_freedom/{source}.csv")
    nodes = np.log(T)
    ln_g, ln_h = np.log(g), np.log(h)
    slopes = [np.gradient(y, nodes) for y in (ln_g, ln_h)]

    def interpolate(ln_T: FloatArray) -> tuple[FloatArray, FloatArray]:
        i = np.clip(np.searchsorted(nodes, ln_T) - 1, 0, nodes.size - 2)
        step = nodes[i + 1] - nodes[i]
        t = np.clip((ln_T - nodes[i]) / step, 0.0, 1.0)
        return _cubic(i, t, step, ln_g, slopes[0])[0], _cubic(i, t, step, ln_h, slopes[1])[0]

    return interpolate


def _saikawa_shirai(ln_T: FloatArray) -> tuple[FloatArray, FloatArray]:
    hot, cold = _fit()
    low, high = np.log(_BLEND)
    z = np.clip((ln_T - low) / (high - low), 0.0, 1.0)
    share = z * z * z * (10.0 + z * (6.0 * z - 15.0))
    warm_g, warm_h = hot(np.maximum(ln_T, low))
    cool_g, cool_h = cold(np.minimum(ln_T, high))
    return (1.0 - share) * cool_g + share * warm_g, (1.0 - share) * cool_h + share * warm_h


@cache
def _fit() -> tuple[_Functions, _Functions]:
    """Both pieces."""
    with cards.open_card(cards.package_card("degrees_of_freedom/saikawa_shirai.toml")) as card:
        card.integer("schema")
        card.texts("source")
        table = card.table("hot")
        a, b, c, d = (table.numbers(key)[::-1] for key in "abcd")
        cold = card.table("cold")
        masses, fermions = np.array(cold.quantities("masses", "energy")), cold.integer("fermions")
        pieces = [_Piece.read(cold.table(key), masses, fermions) for key in ("energy", "entropy")]

    def at_high(t: FloatArray) -> tuple[FloatArray, FloatArray]:
        g = np.polyval(a, t) / np.polyval(b, t)
        return np.log(g), np.log(g / (1.0 + np.polyval(c, t) / np.polyval(d, t)))

    def at_low(t: FloatArray) -> tuple[FloatArray, FloatArray]:
        T = np.exp(t)
        neutrinos = 1.0 + 1.75 * pieces[1].fermion(masses[0] / T)
        return np.log(pieces[0](T, neutrinos ** (4.0 / 3.0))), np.log(pieces[1](T, neutrinos))

    return at_high, at_low


@dataclass(frozen=True, slots=True)
class _Piece:
    """Energy or entropy of the fit at low temperature."""

    constant: float
    share: float
    weights: tuple[float, ...]
    shapes: tuple[tuple[float, ...], tuple[float, ...]]
    masses: FloatArray
    fermions: int

    @classmethod
    def read(cls, card: Card, masses: FloatArray, fermions: int) -> _Piece:
        shapes = card.numbers("fermion"), card.numbers("boson")
        return cls(card.number("constant"), card.number("neutrinos"), card.numbers("weights"), shapes, masses, fermions)

    def fermion(self, x: FloatArray) -> FloatArray:
        return self._shape(x, self.shapes[0])

    @staticmethod
    def _shape(x: FloatArray, shape: tuple[float, ...]) -> FloatArray:
        # x = m/T grows without limit at low temperatures, where the exponential is all that counts
        x = np.minimum(x, 700.0)
        out: FloatArray = np.exp(-shape[0] * x) * np.polyval([*shape[:0:-1], 1.0], x)
        return out

    def __call__(self, T: FloatArray, neutrinos: FloatArray) -> FloatArray:
        total = self.constant + self.share * neutrinos
        for i, (weight, mass) in enumerate(zip(self.weights, self.masses, strict=True)):
            total = total + weight * self._shape(mass / T, self.shapes[0 if i < self.fermions else 1])
        return total
