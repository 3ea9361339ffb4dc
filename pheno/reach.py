r"""Couplings that an experiment excludes, or will: contours by root-finding on yields that are calculated once."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import limits, models
from pheno.constants import ELEMENTARY_CHARGE
from pheno.errors import DomainError, choice, positive, scalar
from pheno.experiments import Experiment
from pheno.models import Model
from pheno.yields import Response, response

__all__ = ["PLANES", "Reach", "reach"]

FloatArray = NDArray[np.float64]

#: Plane -> label of its axes.
PLANES: Final = {
    "coupling": ("m [GeV]", "coupling"),
    "epsilon": ("m [GeV]", "epsilon"),
    "y": ("m_chi [GeV]", "y"),
}
#: Couplings of the scan per factor of ten, and what every root is narrowed to.
_PER_DECADE: Final = 12
_BISECTIONS: Final = 45
_LARGEST: Final = {"1": sqrt(4.0 * pi), "GeV^-1": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Couplings at which an experiment sees more events than its limit.

    Parameters
    ----------
    mass
        Masses of the mediator [GeV].
    intervals
        For each mass the intervals of the coupling, from low to high: none where there is no sensitivity, two or more
        where there are islands. An upper edge of infinity was not met below ``largest``.
    limit
        Number of selected events at the edges.
    largest
        Largest coupling that was looked at.
    experiment, model
        What it is for.
    confidence
        Confidence level.
    kind
        ``"exclusion"``, ``"projection"``, or ``"indicative"``: from what was counted, but the card of the experiment
        has a caution, so that nothing is excluded by it.
    cross_sections
        Where the cross sections come from, in words.

    Examples
    --------
    >>> muonic = reach("na64mu", "lmu_minus_ltau", [0.01, 0.1])
    >>> muonic.lower.round(6).tolist()
    [0.000146, 0.000192]
    """

    mass: FloatArray
    intervals: tuple[tuple[tuple[float, float], ...], ...]
    limit: float
    largest: float
    experiment: Experiment
    model: Model
    confidence: float
    kind: str
    cross_sections: str

    @property
    def sensitive(self) -> NDArray[np.bool_]:
        """Whether there is any coupling at all, by mass."""
        return np.array([bool(found) for found in self.intervals])

    @property
    def lower(self) -> FloatArray:
        """Least coupling by mass; infinite where there is none."""
        return np.array([found[0][0] if found else np.inf for found in self.intervals])

    @property
    def upper(self) -> FloatArray:
        """Largest coupling by mass; infinite where no edge was met, 0 where there is no sensitivity."""
        return np.array([found[-1][1] if found else 0.0 for found in self.intervals])

    def axes(self, plane: str | None = None) -> tuple[FloatArray, Any]:
        r"""Masses of a plane, and the function that takes couplings to it.

        Parameters
        ----------
        plane
            ``"coupling"`` (g, c/Lambda or g_a), ``"epsilon"``, or ``"y"`` against the mass of dark matter:
            :math:`y = \epsilon^2\alpha_D(m_\chi/m)^4` for a coupling quoted as epsilon, and
            :math:`(g g_D)^2(m_\chi/m)^4` for one quoted as g. That of the model's convention unless given.

        Returns
        -------
        tuple
            Masses [GeV], and a function of (index, coupling).

        Raises
        ------
        DomainError
            If the plane is unknown or the model has none of it.
        """
        conventional = "epsilon" if self.model.convention == "epsilon" else "coupling"
        chosen = choice("plane", conventional if plane is None else plane, PLANES)
        if chosen == "coupling":
            return self.mass, lambda _index, coupling: np.asarray(coupling)
        if self.model.coupling_unit != "1":
            msg = f"plane must be 'coupling' for {self.model.name!r}, whose coupling is in {self.model.coupling_unit}"
            raise DomainError(msg)
        if chosen == "epsilon":
            return self.mass, lambda _index, coupling: np.asarray(coupling) / ELEMENTARY_CHARGE
        matter = self.model.dark_matter
        if matter is None:
            msg = f"plane 'y' needs dark matter, which the model {self.model.name!r} has none of"
            raise DomainError(msg)
        chi = np.asarray(matter.masses(self.mass)[0], dtype=np.float64)
        dark, unit = self.model.alpha_D, ELEMENTARY_CHARGE
        if self.model.convention != "epsilon":
            dark, unit = self.model.dark_coupling**2, 1.0
        factor = dark / unit**2 * (chi / self.mass) ** 4
        return chi, lambda index, coupling: factor[index] * np.square(coupling)

    def contour(self, plane: str | None = None) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Lower and upper edges in a plane, of the masses where there is sensitivity.

        Parameters
        ----------
        plane
            As of :meth:`axes`.

        Returns
        -------
        tuple of ndarray
            Masses [GeV], lower and upper edges; an upper edge that was not met is infinite.

        Raises
        ------
        DomainError
            As :meth:`axes`.
        """
        masses, convert = self.axes(plane)
        at = np.flatnonzero(self.sensitive)
        return masses[at], convert(at, self.lower[at]), convert(at, self.upper[at])

    def rows(self, plane: str | None = None) -> list[tuple[float, float, float]]:
        """Every interval as (mass, lower, upper) in a plane: islands have two rows."""
        masses, convert = self.axes(plane)
        return [
            (float(masses[index]), float(convert(index, low)), float(convert(index, high)))
            for index, found in enumerate(self.intervals)
            for low, high in found
        ]


def reach(
    experiment: str | Path | Experiment,
    model: str | Path | Model,
    masses: ArrayLike,
    *,
    confidence: float = 0.9,
    method: str = "cls",
    largest: float | None = None,
    rtol: float = 1e-3,
    tables: str | Path | None = None,
    threads: int | None = None,
) -> Reach:
    r"""Couplings that an experiment excludes at each mass, or would if it sees nothing.

    Parameters
    ----------
    experiment
        Name or path of a card, or an :class:`~pheno.experiments.Experiment`: with a count an exclusion, without one a
        projection at the median expected limit.
    model
        Name or path of a card, or a :class:`~pheno.models.Model`; dark matter is part of it.
    masses
        Masses of the mediator [GeV], one axis.
    confidence, method
        As of :func:`pheno.limits.upper_limit`.
    largest
        Largest coupling to look at; :math:`\sqrt{4\pi}`, or 1 GeV^-1, unless given.
    rtol, tables, threads
        As of :func:`pheno.expected_events`.

    Returns
    -------
    Reach
        Intervals of the coupling at each mass.

    Raises
    ------
    DomainError, CardError, TableError, ConvergenceError
        As :func:`pheno.expected_events`.

    Notes
    -----
    No coupling below :math:`\sqrt{s/N_1}` can give the s events of the limit, where :math:`N_1` are the mediators made
    at unit coupling. From there a scan with twelve couplings per factor of ten finds the intervals, the summit of one
    that falls between them is searched for, and edges are bisected to 1e-12: no accuracy is lost beyond that of the
    yields.

    Examples
    --------
    >>> invisible = models.model("dark_photon", dark_matter="complex_scalar", alpha_D=0.1)
    >>> found = reach("na64e", invisible, [0.003, 0.009])
    >>> [f"{epsilon:.1e}" for epsilon in found.contour()[1]]
    ['8.9e-06', '1.9e-05']
    """
    mass = positive("masses", masses)
    if mass.ndim != 1 or not mass.size:
        msg = f"masses must be a list of at least one mass, got shape {mass.shape}"
        raise DomainError(msg)
    theory = models.resolve(model)
    top = _LARGEST[theory.coupling_unit] if largest is None else scalar("largest", positive("largest", largest))
    found = response(experiment, theory, mass, rtol=rtol, tables=tables, threads=threads)
    events = limits.event_limit(found.experiment, confidence=confidence, method=method)
    return Reach(
        mass=mass,
        intervals=_intervals(found, events.value, top),
        limit=events.value,
        largest=top,
        experiment=found.experiment,
        model=theory,
        confidence=confidence,
        kind=_kind(found.experiment, events.observed is None),
        cross_sections=found.production.source,
    )


def _kind(experiment: Experiment, projected: bool) -> str:
    if projected:
        return "projection"
    return "indicative" if experiment.caution else "exclusion"


def _excess(found: Response, log_coupling: FloatArray, limit: float) -> FloatArray:
    """Selected events over the limit, less 1."""
    excess: FloatArray = found.events(np.exp(log_coupling))[3] / limit - 1.0
    return excess


def _intervals(found: Response, limit: float, largest: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    produced = found.production.total
    with np.errstate(divide="ignore"):
        least = np.log(np.sqrt(limit / produced))  # nothing below can do it; infinite where nothing is made
    top = np.log(largest)
    open_ = np.isfinite(least) & (least < top)
    start = np.where(open_, least - 1e-9, top - 1.0)
    count = int(np.ceil((top - start.min()) / np.log(10.0) * _PER_DECADE)) + 2
    grid = start[:, None] + (top - start)[:, None] * np.linspace(0.0, 1.0, count)
    values = np.stack([_excess(found, column, limit) for column in grid.T], axis=-1)
    values[~open_] = -1.0
    grid, values = _with_summits(found, grid, values, limit, open_)
    edges = _edges(found, grid, values, limit)
    return tuple(_pairs(edges[i], values[i]) for i in range(produced.size))


def _with_summits(
    found: Response, grid: FloatArray, values: FloatArray, limit: float, open_: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """Add the summit between the points next to the largest value: a narrow island may lie between two points."""
    if not open_.any():
        return grid, values
    rows = np.arange(grid.shape[0])
    peak = np.clip(values.argmax(axis=1), 1, grid.shape[1] - 2)
    low, high = grid[rows, peak - 1], grid[rows, peak + 1]
    golden = 0.5 * (sqrt(5.0) - 1.0)
    for _ in range(40):
        left, right = high - golden * (high - low), low + golden * (high - low)
        better = _excess(found, left, limit) > _excess(found, right, limit)
        low, high = np.where(better, low, left), np.where(better, right, high)
    summit = 0.5 * (low + high)
    height = np.where(open_, _excess(found, summit, limit), -1.0)
    grid, values = np.hstack([grid, summit[:, None]]), np.hstack([values, height[:, None]])
    order = np.argsort(grid, axis=1, kind="stable")
    return np.take_along_axis(grid, order, axis=1), np.take_along_axis(values, order, axis=1)


def _edges(found: Response, grid: FloatArray, values: FloatArray, limit: float) -> list[list[float]]:
    """Couplings at which the sign changes, by mass; all of the same rank are bisected together."""
    above = values > 0.0
    changes = [np.flatnonzero(row[1:] != row[:-1]) for row in above]
    edges: list[list[float]] = [[] for _ in changes]
    for rank in range(max(len(change) for change in changes)):
        rows = np.array([i for i, change in enumerate(changes) if len(change) > rank])
        at = np.array([changes[i][rank] for i in rows])
        low, high = grid[:, 0].copy(), grid[:, 0].copy()
        low[rows], high[rows] = grid[rows, at], grid[rows, at + 1]
        rising = np.zeros(len(changes), dtype=bool)
        rising[rows] = above[rows, at + 1]
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            inside = _excess(found, middle, limit) > 0.0
            low, high = np.where(inside == rising, low, middle), np.where(inside == rising, middle, high)
        for i in rows:
            edges[i].append(float(np.exp(0.5 * (low[i] + high[i]))))
    return edges


def _pairs(edges: list[float], values: FloatArray) -> tuple[tuple[float, float], ...]:
    """Intervals from their edges; the last may be open."""
    edges = list(edges)
    if values[0] > 0.0:
        edges.insert(0, 0.0)
    if len(edges) % 2:
        edges.append(float("inf"))
    return tuple(zip(edges[::2], edges[1::2], strict=True))
