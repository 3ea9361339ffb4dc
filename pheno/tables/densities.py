r"""Distributions of x, and of an angle at given x, integrated from exact densities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from pheno.errors import TableError
from pheno.tables.quantiles import Distributions, Panels, distributions
from pheno.tables.sampling import angle_at, angle_ends, angle_scale, distance, softened, x_of_q

if TYPE_CHECKING:
    from pheno.tables.chunks import Chunks
    from pheno.tables.grid import FloatArray
    from pheno.tables.spec import SamplingSpec

#: Ranges of w, below and above 0, over which distributions of angles are integrated. Outside, their tails are
#: exponentials, e^w and e^-w. The angles of spin 2 spread further: its cross section grows with the momenta exchanged,
#: so that large ones end where the nucleus does, and a lepton that radiates a soft one is scattered down to what atoms
#: screen.
REACH = {"theta": (12.0, 12.0), "psi": (12.0, 12.0), "theta of spin 2": (16.0, 20.0), "psi of spin 2": (28.0, 20.0)}

#: Largest share of a distribution that may lie outside and be taken for an exponential. With the masses and energies of
#: the five experiments it is 2e-3 (psi at the softest x off aluminium), where half of it would be right.
OUTSIDE = 5e-3

#: How much closer points of w are in the middle, where the structure is, than in the exponential tails: cosh of this.
CROWDING = 1.8


class Density(Protocol):
    """dsigma/dx [pb], or d2sigma/dx dangle [pb/rad] if an angle is given, at unit coupling."""

    def __call__(
        self,
        mediator: str,
        mass: FloatArray,
        energy: FloatArray,
        x: FloatArray,
        *,
        theta: FloatArray | None,
        psi: FloatArray | None,
        method: str,
    ) -> FloatArray:
        """Evaluate."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where the distributions of one mediator and window come from."""

    spec: SamplingSpec
    mediator: str
    x_min: float
    density: Density
    chunks: Chunks

    def distributions(self, quantity: str, rule: Panels, label: str, places: tuple[FloatArray, ...]) -> Distributions:
        """Distributions of ``quantity`` at masses, energies and, if it is an angle, q."""
        if quantity == "x":
            return self._of_x(rule, label, places[0][..., None], places[1][..., None])
        return self._of_angle(quantity, rule, label, [a[..., None] for a in places])

    def _of_x(self, rule: Panels, label: str, mass: FloatArray, energy: FloatArray) -> Distributions:
        low, high = self.spec.kinematics.x_range(mass, energy, self.x_min)
        length = distance(low, high)
        # q = sin^2(pi u/2): at an end phase space opens with the root of a distance, which u makes analytic
        u, dense = rule.nodes(), rule.dense()
        x = x_of_q(np.sin(0.5 * np.pi * u) ** 2, low, high)
        f = self._evaluate(label, mass, energy, x, None, None)
        per_u = x * (1.0 - x) * length * 0.5 * np.pi * np.sin(np.pi * u)  # dx/du
        w, slope = 2.0 * np.log(np.tan(0.5 * np.pi * dense)), 2.0 * np.pi / np.sin(np.pi * dense)
        nothing = np.zeros(f.shape[:-1])
        return distributions(rule, f * per_u, w, slope, (nothing, nothing))

    def _of_angle(self, quantity: str, rule: Panels, label: str, places: list[FloatArray]) -> Distributions:
        mass, energy, q = places
        k = self.spec.kinematics
        x = x_of_q(q, *k.x_range(mass, energy, self.x_min))
        tau, c_0 = angle_scale(quantity, k, mass, energy, x)
        c = softened(c_0)
        reach = REACH[f"{quantity} of spin 2" if self.mediator == "tensor" else quantity]
        w, per_u, beyond = points_of_angle(rule.nodes(), c_0, reach)
        angle = angle_at(w, tau, c_0)
        # d ln S/dw = (1 + c)/(1 + c + c e^w), d angle/d ln S = sin(angle)/2
        per_w = 0.5 * np.sin(angle) * (1.0 + c) / (1.0 + c + c * np.exp(w))
        theta, psi = (angle, None) if quantity == "theta" else (None, angle)
        f = self._evaluate(label, mass, energy, x, theta, psi) * np.where(angle_ends(w, c, c_0), 0.0, per_w)
        tails = (f[..., 0], f[..., -1] * beyond[..., 0])
        self._require_inside(label, mass, energy, sum(tails) / (rule.whole(f * per_u) + sum(tails)))
        at, slope, _ = points_of_angle(rule.dense(), c_0, reach)
        return distributions(rule, f * per_u, at, slope, tails)

    def _require_inside(self, label: str, mass: FloatArray, energy: FloatArray, outside: FloatArray) -> None:
        far = np.broadcast_to(outside, np.broadcast_shapes(outside.shape, mass.shape[:-1]))
        if not (far > OUTSIDE).any():
            return
        at = np.unravel_index(np.argmax(far), far.shape)
        m, E = (np.broadcast_to(a[..., 0], far.shape)[at] for a in (mass, energy))
        msg = (
            f"{self.spec.name}: {label}: at mass {m:g} GeV and energy {E:.9g} GeV angles spread over more powers of "
            f"ten than a table has: {far[at]:.1g} of them lie outside, at most {OUTSIDE:g} may: begin at larger masses "
            "or leave out this angle"
        )
        raise TableError(msg)

    def _evaluate(
        self,
        label: str,
        mass: FloatArray,
        energy: FloatArray,
        x: FloatArray,
        theta: FloatArray | None,
        psi: FloatArray | None,
    ) -> FloatArray:
        method, mediator = self.spec.method, self.mediator

        def compute(m: FloatArray, E: FloatArray, x: FloatArray, angle: FloatArray | None = None) -> FloatArray:
            return self.density(
                mediator,
                m,
                E,
                x,
                theta=None if theta is None else angle,
                psi=None if psi is None else angle,
                method=method,
            )

        angle = theta if psi is None else psi
        kind = "x" if angle is None else "theta" if psi is None else "psi"
        arguments = (mass, energy, x) if angle is None else (mass, energy, x, angle)
        f = self.chunks.run(f"{mediator} {method} {kind}", label, compute, *arguments)
        if not (np.isfinite(f) & (f >= 0.0)).all():
            msg = f"{self.spec.name}: {label}: a density is {f[~(f >= 0.0)].flat[0]:g}"
            raise TableError(msg)
        empty = ~(f > 0.0).any(axis=-1)
        if empty.any():
            m, E = (np.broadcast_to(a[..., 0], empty.shape)[empty][0] for a in (mass, energy))
            msg = (
                f"{self.spec.name}: {label}: nothing is produced at mass {m:g} GeV and energy {E:.9g} GeV, above "
                f"threshold: the window x > {self.x_min:g} is closed there, so the table cannot start at this energy"
            )
            raise TableError(msg)
        return f


def points_of_angle(
    u: FloatArray, c_0: FloatArray, reach: tuple[float, float]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Points w and dw/du, u from 0 to 1, that cover the angles, and the decay length in w of what lies above them.

    That is 1, an exponential, or 0 where the cone ends within reach. There the density ends with the root of a
    distance, which is made analytic in u.
    """
    below, above = reach
    with np.errstate(divide="ignore"):
        end = np.where(c_0 > 0.0, np.log((1.0 + softened(c_0)) * (1.0 + c_0) / c_0), np.inf)
    ends = end < above
    length, rest = np.minimum(end, above) + below, 1.0 - u
    half = 0.5 * (above + below)
    open_w = half - below + half * np.sinh(CROWDING * (2.0 * u - 1.0)) / np.sinh(CROWDING)
    open_slope = 2.0 * half * CROWDING * np.cosh(CROWDING * (2.0 * u - 1.0)) / np.sinh(CROWDING)
    w = np.where(ends, length * (1.0 - rest * rest) - below, open_w)
    return w, np.where(ends, 2.0 * length * rest, open_slope), np.where(ends, 0.0, 1.0)
