r"""A sampling table in memory: the inverse cumulative distribution of x, or of an angle at given x.

A vertex takes two random numbers and two look-ups: x from the first, then the angle of the mediator
(:math:`\theta`) or of the recoil lepton (:math:`\psi`) at this x from the second. What is stored, and along what,
is chosen so that both ends of every distribution are straight lines: along

.. math:: \rho = \ln\frac{r}{1-r},

the values are :math:`\ln(q/(1-q))` for x, where q runs from 0 to 1 between the kinematic ends of x on the scale of
:math:`\ln(x/(1-x))`. For the angle :math:`\theta` or :math:`\psi` they are

.. math::
   w = \ln\frac{(1+c)\,S}{1-c\,S},\qquad S = \frac{\tan^2(\theta/2)}{\tau},\qquad
   \tau_\theta = \frac{U_0}{U_0 + 4 p k},\qquad \tau_\psi = \frac{t_{1,0} + m_X^2}{t_{1,0} + m_X^2 + 4 p p'}.

Here :math:`U_0` and :math:`t_{1,0}` are the values of :math:`m_\ell^2 - (p-k)^2` and :math:`-(p-p')^2` in the forward
direction, so that :math:`\tau` is where a propagator has fallen by half (that of the lepton after is taken as in the
field of a photon at rest, :math:`E' = E - E_X`). If the kinematics of two bodies ends at :math:`S = 1/c_0`, then
:math:`c = c_0^2/(1+c_0)`, which starts smoothly where the mediator can no longer go backwards; for :math:`\psi`,
:math:`c_0` is a lower limit that is above 0 only next to threshold.
The propagators alone, :math:`d\sigma \sim dS/(1+S)^2`, are the straight line :math:`w = \rho`, and so is what follows a
power at an end: the table holds the rest. Whatever the interpolation does, x and :math:`\theta` stay in phase space.

Along x the nodes of angles are uniform in

.. math:: u = \frac12 + \frac{g(q) - g(1-q)}{2 g(1)},\qquad g(q) = \sqrt{q\,(q + 2/\Lambda)},

with :math:`\Lambda` the length of the whole range on the scale of :math:`\ln(x/(1-x))`: that scale, but within a unit
of its ends the velocity of the particle that gets slow, on which everything depends there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pheno.errors import DomainError
from pheno.tables.grid import combine, stencil
from pheno.tables.table import require_within

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from pheno.tables.grid import FloatArray, Kinematics, Panel
    from pheno.tables.table import Reaction

#: What is sampled -> name in a file, unit.
QUANTITIES = {"x": ("icdf_x", "1"), "theta": ("icdf_theta", "rad"), "psi": ("icdf_psi", "rad")}

#: Nodes in rho cover r from SHARE to 1 - SHARE; outside, the last two are continued in a straight line.
SHARE = 1e-4

#: Nearest T/m_l to threshold. Distributions change their nature where a particle is slower, in the centre of mass, than
#: the centre of mass itself, which happens so close to threshold that nothing to speak of is produced there.
NEAREST = 4.0

#: Random numbers of 0 and 1 stand for these: exp(-40) is below the spacing of doubles next to 1.
FARTHEST = 40.0

#: How far x = E_X/E may lie outside phase space, because somebody computed it from energies in other units.
ROUNDING = 1e-12

#: Place of the first node along x. The angle at the very end of phase space is a limit that nothing needs.
MARGIN = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingAccuracy:
    """Error of a sampling table, measured against distributions computed off its nodes."""

    error: float
    """Largest \\|F(icdf(r)) - r\\| found, F the exact cumulative distribution."""
    limit: float
    """What was asked for."""
    points: int
    """Number of points compared."""
    worst: tuple[float, ...]
    """Mass [GeV], energy [GeV], x if the table depends on it, and r of the worst point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingTable:
    r"""Quantile of x, or of an angle at given x, as a function of the mediator's mass, the beam energy and r.

    The C++ reader ``pheno/sampler.hpp`` follows the same rule. Tables come from :func:`pheno.build_table` and
    :func:`pheno.read_table`.
    """

    quantity: str
    """``"x"``, ``"theta"`` or ``"psi"``."""
    reaction: Reaction
    kinematics: Kinematics
    mass_range: tuple[float, float]
    energy_range: tuple[float, float]
    order: int
    panels: tuple[Panel, ...]
    values: tuple[FloatArray, ...]
    """Of each panel, along mass, energy, x unless it is the quantity, and rho."""
    accuracy: SamplingAccuracy | None = None
    notes: Mapping[str, str] = field(default_factory=dict)

    def threshold(self, mass: ArrayLike) -> FloatArray:
        """Beam energy [GeV] below which a mediator of ``mass`` [GeV] cannot be made."""
        return self.kinematics.threshold(np.asarray(mass, dtype=np.float64))

    def __call__(self, mass: ArrayLike, energy: ArrayLike, *x_and_r: ArrayLike) -> FloatArray:
        """Quantile: x, or the angle [rad].

        Parameters
        ----------
        mass, energy
            Mediator mass and beam energy [GeV].
        *x_and_r
            The random number r in [0, 1]; before it, for an angle, x. Any shapes that broadcast.

        Returns
        -------
        ndarray
            In the broadcast shape; rising with r.

        Raises
        ------
        DomainError
            If a mass or an energy lies outside the table, an energy is not above threshold, x is outside phase
            space, or r outside [0, 1].
        """
        wanted = 1 if self.quantity == "x" else 2
        if len(x_and_r) != wanted:
            msg = f"a table of {self.quantity} takes mass, energy{', x' * (wanted - 1)} and r"
            raise DomainError(msg)
        arguments = [np.asarray(a, dtype=np.float64) for a in (mass, energy, *x_and_r)]
        m, E, *x, r = (a.ravel() for a in np.broadcast_arrays(*arguments))
        self._check(m, E, r)
        low, high = self.kinematics.x_range(m, E, self.reaction.x_min)
        place = place_of_q(position_of_x(x[0], low, high), distance(low, high)) if x else np.zeros(m.shape)
        w = self.interpolate(m, E, place, rho_of(r))
        x = [np.clip(x[0], low, high)] if x else x
        result = angle_at(w, *angle_scale(self.quantity, self.kinematics, m, E, x[0])) if x else x_at(w, low, high)
        return result.reshape(np.broadcast_shapes(*(a.shape for a in arguments)))

    def _check(self, m: FloatArray, E: FloatArray, r: FloatArray) -> None:
        everywhere = np.ones(m.shape, dtype=bool)
        require_within("mass", m, self.mass_range, everywhere)
        require_within("energy", E, self.energy_range, everywhere)
        closed = ~(E > self.kinematics.threshold(m))
        if closed.any():
            msg = (
                f"energy must be above the threshold of {self.kinematics.threshold(m[closed])[0]:.9g} GeV, "
                f"got {E[closed][0]:.9g} GeV ({int(closed.sum())} of {E.size}): there is nothing to sample"
            )
            raise DomainError(msg)
        bad = ~((r >= 0.0) & (r <= 1.0))
        if bad.any():
            msg = f"r must be between 0 and 1, got {r[bad][0]:g} ({int(bad.sum())} of {r.size})"
            raise DomainError(msg)

    def interpolate(self, m: FloatArray, E: FloatArray, place: FloatArray, rho: FloatArray) -> FloatArray:
        """Tabulated value between the nodes: the quantile in its own variable."""
        result = np.empty(m.shape)
        todo: NDArray[np.bool_] = np.ones(m.shape, dtype=bool)
        for panel, values in zip(self.panels, self.values, strict=True):
            here = todo & (m <= panel.mass_high)
            todo &= ~here
            if here.any():
                a, v = panel.positions(self.kinematics, m[here], E[here])
                places = [a, v] if self.quantity == "x" else [a, v, place[here]]
                result[here] = interpolate_row(values, places, rho[here], self.order)
        return result


def interpolate_row(values: FloatArray, places: list[FloatArray], rho: FloatArray, order: int) -> FloatArray:
    """Lagrange interpolation at positions in [0, 1] along all axes but the last, which is rho."""
    stencils = [stencil(p, n, order) for p, n in zip(places, values.shape[:-1], strict=True)]
    return combine(values, [*stencils, rho_stencil(rho, values.shape[-1], order)])


def with_fewer_nodes(values: FloatArray, axis: int, order: int) -> FloatArray:
    """The same with half as many nodes along one axis: every second, or between two where their number is even."""
    count = values.shape[axis]
    fewer = max(order, (count + 1) // 2)
    first, weights = stencil(np.linspace(0.0, 1.0, fewer), count, order)
    matrix = np.zeros((fewer, count))
    np.put_along_axis(matrix, first[:, None] + np.arange(order), weights, axis=1)
    return np.moveaxis(np.tensordot(matrix, values, (1, axis)), 0, axis)


def rho_stencil(rho: FloatArray, nodes: int, order: int) -> tuple[NDArray[np.int64], FloatArray]:
    """First node and weights along rho: straight lines through the two outermost nodes beyond them."""
    reach = rho_nodes(nodes)[-1]
    place = (rho + reach) / (2.0 * reach)
    first, weights = stencil(place, nodes, order)
    for outside, start in ((place < 0.0, 0), (place > 1.0, nodes - 2)):
        t = (place[outside] * (nodes - 1) - start)[:, None]
        line = np.zeros((t.shape[0], order))
        at = start - first[outside][0] if outside.any() else 0
        line[:, at : at + 2] = np.hstack([1.0 - t, t])
        weights[outside] = line
    return first, weights


def rho_nodes(nodes: int) -> FloatArray:
    """Nodes along rho."""
    reach = np.log((1.0 - SHARE) / SHARE)
    return np.linspace(-reach, reach, nodes)


def rho_of(r: FloatArray) -> FloatArray:
    """Rho of a random number."""
    with np.errstate(divide="ignore"):
        rho: FloatArray = np.clip(np.log(r / (1.0 - r)), -FARTHEST, FARTHEST)
    return rho


def place_of_q(q: FloatArray, length: FloatArray) -> FloatArray:
    """Position of q between the first and the last node; a little outside [0, 1] at the ends of phase space."""
    twice, inside = 2.0 / length, np.clip(q, 0.0, 1.0)
    rest = 1.0 - inside
    difference = np.sqrt(inside * (inside + twice)) - np.sqrt(rest * (rest + twice))
    u: FloatArray = 0.5 + 0.5 * difference / np.sqrt(1.0 + twice)
    return (u - MARGIN) / (1.0 - 2.0 * MARGIN)


def q_at(place: FloatArray, length: FloatArray) -> FloatArray:
    """Inverse of :func:`place_of_q`, by bisection."""
    wanted, high = np.broadcast_arrays(place, np.ones(length.shape))
    low, high = np.zeros(wanted.shape), high.copy()
    for _ in range(60):
        middle = 0.5 * (low + high)
        below = place_of_q(middle, length) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    q: FloatArray = 0.5 * (low + high)
    return q


def distance(start: FloatArray, end: FloatArray) -> FloatArray:
    """From one x to another on the scale of ln(x/(1-x))."""
    length: FloatArray = np.log(end * (1.0 - start) / ((1.0 - end) * start))
    return length


def position_of_x(x: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Position q of x between its ends."""
    closed = ~((x >= low - ROUNDING) & (x <= high + ROUNDING))
    if closed.any():
        msg = (
            f"x must be between {low[closed][0]:.9g} and {high[closed][0]:.9g}, the ends of phase space, "
            f"got {x[closed][0]:.9g} ({int(closed.sum())} of {x.size})"
        )
        raise DomainError(msg)
    inside: FloatArray = np.clip(x, low, high)
    return distance(low, inside) / distance(low, high)


def x_at(w: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """X of ln(q/(1-q)) = w between its ends, and never outside them."""
    return np.clip(x_of_q(1.0 / (1.0 + np.exp(-w)), low, high), low, high)


def x_of_q(q: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """X at the share q between its ends, on the scale of ln(x/(1-x))."""
    up = low * np.exp(q * distance(low, high))
    x: FloatArray = up / (1.0 - low + up)
    return x


def angle_scale(
    quantity: str, k: Kinematics, mass: FloatArray, energy: FloatArray, x: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Tau and c_0 of an angle: square of the tangent of half of the typical one, the same over that of the largest."""
    m2, lepton2, p2 = mass * mass, k.lepton_mass * k.lepton_mass, (energy - k.lepton_mass) * (energy + k.lepton_mass)
    E_X = x * energy
    left = energy - E_X
    if quantity == "theta":
        k2 = np.maximum((E_X - mass) * (E_X + mass), 0.0)
        pk = np.sqrt(p2 * k2)
        U = (2.0 * lepton2 * k2 + m2 * (energy * left + (energy * energy - pk))) / (energy * E_X + pk)
        tau = U / (U + 4.0 * pk)
        return tau, tau * k.cone(mass, energy, x)
    pp = np.sqrt(p2 * np.maximum((left - k.lepton_mass) * (left + k.lepton_mass), 0.0))
    t = m2 + 2.0 * lepton2 * E_X * E_X / (energy * left - lepton2 + pp)
    tau = t / (t + 4.0 * pp)
    return tau, tau * k.lepton_cone(mass, energy)


def angle_at(w: FloatArray, tau: FloatArray, c_0: FloatArray) -> FloatArray:
    """Angle of w, and never outside the cone."""
    c = softened(c_0)
    angle: FloatArray = 2.0 * np.arctan(np.sqrt(tau / np.maximum(np.exp(-w) * (1.0 + c) + c, c_0)))
    return angle


def softened(c_0: FloatArray) -> FloatArray:
    """The c of c_0: like it where the cone is narrow, and with its square where it opens."""
    return c_0 * c_0 / (1.0 + c_0)


def angle_ends(w: FloatArray, c: FloatArray, c_0: FloatArray) -> NDArray[np.bool_]:
    """Whether w belongs to an angle outside the cone."""
    ends: NDArray[np.bool_] = np.exp(-w) * (1.0 + c) + c <= c_0
    return ends
