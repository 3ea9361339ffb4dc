r"""Where a table has its nodes, and how a value between them is found.

Near threshold a three-body cross section is :math:`T^2` times an analytic function of the energy
:math:`T = E - E_\mathrm{thr}(m)` above threshold whose nearest singularity is where the recoil lepton turns
relativistic, :math:`T \sim m_\ell`; far above it is smooth in :math:`\ln T`. So a table holds
:math:`f = \ln(\sigma/T^2)` on nodes uniform in :math:`\ln m` and in

.. math:: y = \ln(1 + T/m_\ell),

which is finite, smooth and interpolated without any special rule down to threshold itself (:math:`y = 0`).

A :class:`Panel` is one rectangle of nodes in :math:`(\ln m, v)`, with :math:`v` running from 0 to 1 between the
lower and the upper edge of the panel in :math:`y` at that mass. Two panels cover a table: light masses, which can
be made at every tabulated energy, start at the lowest energy; heavy masses start at threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

#: Power of T taken out of the cross section: non-relativistic phase space of three massive particles.
THRESHOLD_POWER = 2

#: A mass belongs to the light panel while its threshold is below this fraction of the lowest energy.
#: At this value the edge of a window x > x_min, E = m / x_min, lies outside the light panel for x_min >= 0.4.
LIGHT_FRACTION = 0.4

#: Numbers of neighbouring nodes a value can be interpolated from.
ORDERS = (4, 6, 8)

#: Nodes at threshold hold a limit: it is taken from y = STEP and y = 2 STEP. The error is STEP^2 f''.
THRESHOLD_STEP = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinematics:
    """Masses [GeV] of the reaction l N -> l N X that fix its threshold.

    Examples
    --------
    >>> lead = Kinematics(lepton_mass=0.51099895069e-3, nuclear_mass=192.8191618)
    >>> round(float(lead.threshold(1.0)), 6)
    1.003107
    """

    lepton_mass: float
    nuclear_mass: float

    def threshold(self, mass: FloatArray | float) -> FloatArray:
        r"""Beam energy [GeV] at which a mediator of ``mass`` [GeV] can just be made.

        :math:`(M + m_\ell + m_X)^2 = m_\ell^2 + M^2 + 2 M E`, solved without cancellation.
        """
        m = np.asarray(mass, dtype=np.float64)
        return self.lepton_mass + m + m * (2.0 * self.lepton_mass + m) / (2.0 * self.nuclear_mass)

    def heaviest(self, energy: float) -> float:
        """Mass [GeV] whose threshold is ``energy`` [GeV]: the inverse of :meth:`threshold`."""
        M, excess = self.nuclear_mass, energy - self.lepton_mass
        half = M + self.lepton_mass
        return float(2.0 * M * excess / (half + np.sqrt(half * half + 2.0 * M * excess)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One rectangle of nodes.

    Parameters
    ----------
    mass_low, mass_high, mass_nodes
        Range [GeV] and number of the nodes, which are uniform in ln m.
    floor
        Energy [GeV] of the lower edge, or 0 for an edge along the threshold.
    ceiling
        Energy [GeV] of the upper edge.
    energy_nodes
        Number of nodes between the two, uniform in y.
    """

    mass_low: float
    mass_high: float
    mass_nodes: int
    floor: float
    ceiling: float
    energy_nodes: int

    @property
    def shape(self) -> tuple[int, int]:
        """Number of nodes in mass and in energy."""
        return self.mass_nodes, self.energy_nodes

    def edges(self, kinematics: Kinematics, mass: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Lower and upper edge in y at each mass."""
        threshold, scale = kinematics.threshold(mass), kinematics.lepton_mass
        above = np.maximum(self.floor - threshold, 0.0) if self.floor > 0.0 else np.zeros_like(threshold)
        return np.log1p(above / scale), np.log1p((self.ceiling - threshold) / scale)

    def points(self, kinematics: Kinematics, a: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Mass and energy [GeV] at the positions ``a`` and ``v`` of the unit square."""
        mass = self.mass_low * np.exp(a * np.log(self.mass_high / self.mass_low))
        mass = np.minimum(mass, self.mass_high)  # rounding must not leave the panel
        low, high = self.edges(kinematics, mass)
        y = low + v * (high - low)
        energy = kinematics.threshold(mass) + kinematics.lepton_mass * np.expm1(y)
        return mass, np.clip(energy, self.floor, self.ceiling)

    def positions(self, kinematics: Kinematics, mass: FloatArray, energy: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Inverse of :meth:`points`: where in the unit square a mass and an energy above threshold lie."""
        a = np.log(mass / self.mass_low) / np.log(self.mass_high / self.mass_low)
        low, high = self.edges(kinematics, mass)
        y = np.log1p((energy - kinematics.threshold(mass)) / kinematics.lepton_mass)
        return a, (y - low) / (high - low)

    def nodes(self, kinematics: Kinematics) -> tuple[FloatArray, FloatArray]:
        """Mass and energy [GeV] of every node, shape ``(mass_nodes, energy_nodes)``."""
        a, v = np.meshgrid(
            np.arange(self.mass_nodes) / (self.mass_nodes - 1),
            np.arange(self.energy_nodes) / (self.energy_nodes - 1),
            indexing="ij",
        )
        return self.points(kinematics, a, v)


def plan(
    kinematics: Kinematics,
    mass_range: tuple[float, float],
    energy_range: tuple[float, float],
    nodes: tuple[tuple[int, int], tuple[int, int]],
) -> tuple[Panel, ...]:
    """Cover a range of masses and energies [GeV] with panels.

    ``nodes`` gives the numbers of nodes (mass, energy) of the panel of light masses and of the panel that starts
    at threshold. Only the panels that are needed are returned, light masses first.
    """
    (low, high), (floor, ceiling) = mass_range, energy_range
    reach = LIGHT_FRACTION * floor
    split = kinematics.heaviest(reach) if reach > kinematics.lepton_mass else low
    bounds = [
        (low, min(split, high), floor, nodes[0]),
        (max(split, low), high, 0.0, nodes[1]),
    ]
    panels = [
        Panel(mass_low=a, mass_high=b, mass_nodes=n, floor=edge, ceiling=ceiling, energy_nodes=k)
        for a, b, edge, (n, k) in bounds
        if a < b
    ]
    return tuple(panels)


def stencil(position: FloatArray, nodes: int, order: int) -> tuple[NDArray[np.int64], FloatArray]:
    """First node and Lagrange weights of the ``order`` nodes around each position in [0, 1].

    Nodes are uniform; near the ends the stencil is the first or the last ``order`` nodes.
    """
    u = position * (nodes - 1)
    first = np.clip(np.floor(u).astype(np.int64) - (order // 2 - 1), 0, nodes - order)
    t = u - first
    weights = np.ones((*position.shape, order))
    for j in range(order):
        for other in range(order):
            if other != j:
                weights[..., j] *= (t - other) / (j - other)
    return first, weights


def interpolate(values: FloatArray, a: FloatArray, v: FloatArray, order: tuple[int, int]) -> FloatArray:
    """Lagrange interpolation of ``values`` on the unit square, through ``order`` nodes per axis."""
    first, weight = stencil(a, values.shape[0], order[0])
    first_v, weight_v = stencil(v, values.shape[1], order[1])
    total = np.zeros(a.shape)
    for i in range(order[0]):
        row = np.zeros(a.shape)
        for j in range(order[1]):
            row += weight_v[..., j] * values[first + i, first_v + j]
        total += weight[..., i] * row
    return total


def spread(count: int) -> tuple[FloatArray, FloatArray]:
    """First ``count`` points of a low-discrepancy sequence in the unit square.

    The additive recurrence of the plastic number, which solves :math:`g^3 = g + 1`: the generalisation of the
    golden-ratio sequence to two dimensions.
    """
    plastic = 1.32471795724474602596
    index = np.arange(1, count + 1, dtype=np.float64)
    return (0.5 + index / plastic) % 1.0, (0.5 + index / plastic**2) % 1.0
