"""A lookup table in memory: what it holds, where it came from, and its value at any mass and energy."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from pheno.errors import DomainError
from pheno.tables.grid import THRESHOLD_POWER, interpolate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from pheno.tables.grid import FloatArray, Kinematics, Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Interpolation error of a table, measured against cross sections computed off its nodes."""

    error: float
    """Largest relative deviation found."""
    limit: float
    """What was asked for."""
    points: int
    """Number of points compared."""
    mass: float
    """Mass [GeV] of the worst point."""
    energy: float
    """Energy [GeV] of the worst point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What is tabulated: l N -> l N X for one mediator X, at unit coupling, within one window in x."""

    mediator: str
    beam: str
    target: str
    Z: int
    A: int
    method: str
    form_factor: str
    x_min: float
    rtol: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    r"""Total cross section as a function of the mediator's mass and the beam energy.

    Between nodes, :math:`\ln(\sigma/T^2)` with :math:`T = E - E_\mathrm{thr}(m)` is interpolated by Lagrange
    polynomials in :math:`\ln m` and in :math:`\ln(1+T/m_\ell)`; the C++ reader ``pheno/table.hpp`` follows the same
    rule. Tables come from :func:`pheno.build_table` and :func:`pheno.read_table`.
    """

    reaction: Reaction
    kinematics: Kinematics
    mass_range: tuple[float, float]
    energy_range: tuple[float, float]
    order: int
    panels: tuple[Panel, ...]
    values: tuple[FloatArray, ...]
    accuracy: Accuracy | None = None
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def interpolation_error(self) -> float:
        """Largest relative error found off the nodes; infinite if none was looked for."""
        return self.accuracy.error if self.accuracy is not None else inf

    def threshold(self, mass: ArrayLike) -> FloatArray:
        """Beam energy [GeV] below which a mediator of ``mass`` [GeV] cannot be made."""
        return self.kinematics.threshold(np.asarray(mass, dtype=np.float64))

    def __call__(self, mass: ArrayLike, energy: ArrayLike) -> FloatArray:
        """Cross section [pb] at unit coupling.

        Parameters
        ----------
        mass, energy
            Mediator mass and beam energy [GeV]. Any shapes that broadcast.

        Returns
        -------
        ndarray
            In the broadcast shape; exactly 0 at and below threshold.

        Raises
        ------
        DomainError
            If a mass or an energy above threshold lies outside the range of the table.
        """
        m, E = np.broadcast_arrays(np.asarray(mass, dtype=np.float64), np.asarray(energy, dtype=np.float64))
        require_within("mass", m, self.mass_range, np.ones(m.shape, dtype=bool))
        above = E > self.kinematics.threshold(m)
        require_within("energy", E, self.energy_range, above | ~(E > 0.0))
        result = np.zeros(m.shape)
        todo = above.copy()
        for panel, values in zip(self.panels, self.values, strict=True):
            here = todo & (m <= panel.mass_high)
            todo &= ~here
            if here.any():
                result[here] = self._evaluate(panel, values, m[here], E[here])
        return result

    def _evaluate(self, panel: Panel, values: FloatArray, m: FloatArray, E: FloatArray) -> FloatArray:
        a, v = panel.positions(self.kinematics, m, E)
        T = E - self.kinematics.threshold(m)
        value: FloatArray = np.exp(interpolate(values, a, v, (self.order, self.order))) * T**THRESHOLD_POWER
        return value


def require_within(name: str, value: FloatArray, limits: tuple[float, float], where: NDArray[np.bool_]) -> None:
    """Refuse what lies outside the range of a table."""
    bad = where & ~((value >= limits[0]) & (value <= limits[1]))
    if bad.any():
        msg = (
            f"{name} must be between {limits[0]:g} and {limits[1]:g} GeV in this table, "
            f"got {value[bad].flat[0]:g} ({int(bad.sum())} of {value.size})"
        )
        raise DomainError(msg)
