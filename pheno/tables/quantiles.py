r"""From densities to quantiles, for many distributions at once.

A density :math:`f(u)` is known at Gauss points of equal panels of an interval. Sums over panels and, inside a panel,
the integral of the polynomial through its points give the integrals from both ends, each to its own relative
accuracy, and so

.. math:: \rho = \ln\frac{F}{1-F},

the variable of the tables: linear in the logarithm of the distance from an end wherever the density is a power there.
The same polynomials give them, and the density, at more points than those of the rule; between these cubic polynomials
through :math:`\rho` and its derivative are used, in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pheno.tables.grid import FloatArray

#: Shares of a distribution below this are nothing: far outside every table.
NOTHING = 1e-14


#: Points at which a distribution is known for each at which the density was evaluated.
DENSER = 2


@dataclass(frozen=True, slots=True)
class Panels:
    """Gauss-Legendre points of ``panels`` equal parts of the interval from 0 to 1, ``points`` in each."""

    panels: int
    points: int

    @property
    def size(self) -> int:
        """Number of points."""
        return self.panels * self.points

    def nodes(self) -> FloatArray:
        """All points, rising."""
        return self._spread(self._unit())

    def dense(self) -> FloatArray:
        """Points at which :meth:`integrals` are given, rising."""
        return self._spread(self._unit_dense())

    def integrals(self, density: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Density, integral from 0 and integral up to 1 at the dense points, along the last axis."""
        f, whole = self._by_panel(density)
        values, integrals = _polynomial(self._unit(), self._unit_dense())
        before = np.cumsum(whole, axis=-1) - whole
        after = np.cumsum(whole[..., ::-1], axis=-1)[..., ::-1] - whole
        part = f @ integrals.T
        below = before[..., None] + part
        above = after[..., None] + (whole[..., None] - part)
        shape = (*density.shape[:-1], DENSER * self.size)
        return (f @ values.T).reshape(shape) * self.panels, below.reshape(shape), above.reshape(shape)

    def whole(self, density: FloatArray) -> FloatArray:
        """Integral from 0 to 1, along the last axis."""
        integral: FloatArray = self._by_panel(density)[1].sum(axis=-1)
        return integral

    def _by_panel(self, density: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Density times the length of a panel, panels by points, and the integral over each panel."""
        f = density.reshape(*density.shape[:-1], self.panels, self.points) / self.panels
        return f, f @ (0.5 * np.polynomial.legendre.leggauss(self.points)[1])

    def _unit(self) -> FloatArray:
        unit: FloatArray = 0.5 * (1.0 + np.polynomial.legendre.leggauss(self.points)[0])
        return unit

    def _unit_dense(self) -> FloatArray:
        n = DENSER * self.points
        unit: FloatArray = (np.arange(n) + 0.5) / n
        return unit

    def _spread(self, unit: FloatArray) -> FloatArray:
        nodes: FloatArray = ((np.arange(self.panels)[:, None] + unit) / self.panels).ravel()
        return nodes


def _polynomial(node: FloatArray, at: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Matrices that take values at ``node`` in [0, 1] to the values and the integrals from 0 at ``at``."""
    k = np.arange(node.size)
    coefficients = np.linalg.inv((2.0 * node[:, None] - 1.0) ** k)
    y = 2.0 * at[:, None] - 1.0
    return y**k @ coefficients, 0.5 * (y ** (k + 1) - (-1.0) ** (k + 1)) / (k + 1) @ coefficients


@dataclass(frozen=True, slots=True)
class Distributions:
    """Distributions along the last axis: points ``w``, there ``rho`` and its derivative ``slope``."""

    w: FloatArray
    rho: FloatArray
    slope: FloatArray

    def quantiles(self, rho: FloatArray) -> FloatArray:
        """Solve for w at each of ``rho`` (one row for all, or one for each distribution).

        Beyond the points the line is at most that of an exponential tail, dw/drho = 1.
        """
        with np.errstate(divide="ignore"):
            return _rows(self.rho, self.w, 1.0 / self.slope, rho, steepest=1.0)

    def at(self, w: FloatArray) -> FloatArray:
        """Evaluate rho at ``w``, one row for each distribution."""
        return _rows(self.w, self.rho, self.slope, w, steepest=np.inf)


def distributions(
    rule: Panels, density: FloatArray, w: FloatArray, slope: FloatArray, tails: tuple[FloatArray, FloatArray]
) -> Distributions:
    """Integrate densities d/du, given at the points of ``rule``.

    Parameters
    ----------
    density
        dF/du up to normalisation, not negative, along the last axis.
    w, slope
        The variable in which the distribution is wanted, and dw/du, at the dense points of ``rule``.
    tails
        What lies outside the interval at either end, in the units of the integral.
    """
    f, below, above = rule.integrals(density)
    below = below + tails[0][..., None]
    above = above + tails[1][..., None]
    total = below + above
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = (f > 0.0) & (below > NOTHING * total) & (above > NOTHING * total)
        rho = np.where(inside, np.log(below) - np.log(above), np.nan)
        steep = np.where(inside, f * total / (below * above * slope), np.nan)
    reached = np.fmax.accumulate(rho, axis=-1)[..., :-1]  # where a density rises out of nothing, rounding may turn back
    rho[..., 1:] = np.where(rho[..., 1:] <= reached, np.nan, rho[..., 1:])
    return Distributions(np.broadcast_to(w, f.shape), rho, steep)


def _rows(x: FloatArray, y: FloatArray, slope: FloatArray, at: FloatArray, *, steepest: float) -> FloatArray:
    """Hermite interpolation row by row, linear outside; points that are NaN are left out."""
    shape = x.shape[:-1]
    wanted = np.broadcast_to(at, (*shape, at.shape[-1])).reshape(-1, at.shape[-1])
    result = np.empty(wanted.shape)
    flat = (a.reshape(-1, a.shape[-1]) for a in np.broadcast_arrays(x, y, slope))
    for row, (xs, ys, ds) in enumerate(zip(*flat, strict=True)):
        keep = np.isfinite(xs) & np.isfinite(ys) & np.isfinite(ds)
        result[row] = _hermite(xs[keep], ys[keep], ds[keep], wanted[row], steepest)
    return result.reshape(*shape, at.shape[-1])


def _hermite(x: FloatArray, y: FloatArray, slope: FloatArray, at: FloatArray, steepest: float) -> FloatArray:
    if x.size < 2:
        return np.full(at.shape, np.nan)
    # Three times the slope of the chord is the most a cubic may have that is not to turn [Fritsch, Carlson].
    chord = 3.0 * np.diff(y) / np.diff(x)
    slope = np.minimum(slope, np.minimum(np.append(chord, np.inf), np.append(np.inf, chord)))
    i: NDArray[np.intp] = np.clip(np.searchsorted(x, at) - 1, 0, x.size - 2)
    h = x[i + 1] - x[i]
    t = np.clip((at - x[i]) / h, 0.0, 1.0)
    rest = 1.0 - t
    inside = rest * rest * ((1.0 + 2.0 * t) * y[i] + t * h * slope[i]) + t * t * (
        (1.0 + 2.0 * rest) * y[i + 1] - rest * h * slope[i + 1]
    )
    beyond = np.where(at < x[0], (at - x[0]) * min(slope[0], steepest), 0.0)
    beyond += np.where(at > x[-1], (at - x[-1]) * min(slope[-1], steepest), 0.0)
    value: FloatArray = inside + beyond
    return value
