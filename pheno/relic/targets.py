r"""Thermal targets: where the relic density is what is observed. :func:`thermal_target`."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import _core, citations, models
from pheno.constants import ELEMENTARY_CHARGE
from pheno.errors import ConvergenceError, DomainError, broadcast, choice, positive, scalar
from pheno.models import Model
from pheno.relic.constraints import cmb_excluded
from pheno.relic.degrees_of_freedom import plasma
from pheno.relic.density import ENTROPY_TODAY, NEFF_MASS, RELATIVISTIC, TENSORS_OPEN, Points, Settings
from pheno.relic.theory import Theory

__all__ = ["OMEGA_H2", "ThermalTarget", "thermal_target"]

FloatArray = NDArray[np.float64]

#: Observed density of cold dark matter [Planck 2018].
OMEGA_H2: Final = 0.120
_MOST: Final = 4
_BOUNDS: Final = {
    "coupling": (1e-12, sqrt(4.0 * pi)),
    "alpha_D": (1e-12, 4.0 * pi),
    "ratio": (0.05, 50.0),
}
_POINTS_PER_EFOLD: Final = 8


@dataclass(frozen=True, slots=True)
class ThermalTarget:
    """Values of one parameter that give the wanted density; each field has the shape of the masses, then four.

    Parameters
    ----------
    parameter
        What was varied.
    solutions
        Its values, in increasing order: shape of the masses and a last axis of length 4, exactly 0.0 where there are
        fewer.
    count
        Number of solutions, in the shape of the masses.
    statement
        For each mass, in flat order, empty text, or why there is no solution.
    mass, dark_matter_mass
        Masses of the mediator and of (the lighter) dark matter [GeV]; with the last axis if the ratio was varied.
    coupling, alpha_D
        Both couplings at the solutions, in the shape of ``solutions``.
    x_freeze, late_cross_section
        Of :class:`~pheno.relic.RelicDensity`, in the shape of ``solutions``.
    """

    parameter: str
    solutions: FloatArray
    count: NDArray[np.int64]
    statement: tuple[str, ...]
    mass: FloatArray
    dark_matter_mass: FloatArray
    coupling: FloatArray
    alpha_D: FloatArray
    x_freeze: FloatArray
    late_cross_section: FloatArray

    @property
    def epsilon(self) -> FloatArray:
        """Coupling over the elementary charge."""
        return self.coupling / ELEMENTARY_CHARGE

    @property
    def relativistic(self) -> NDArray[np.bool_]:
        """Whether dark matter was relativistic at decoupling, x_f < 3: the solution is then only indicative."""
        return (self.x_freeze < RELATIVISTIC) & (self.solutions > 0.0)

    @property
    def changes_neff(self) -> NDArray[np.bool_]:
        """Whether annihilation after the decoupling of neutrinos changes N_eff: dark matter below 10 MeV."""
        return (self._per_solution(self.dark_matter_mass) < NEFF_MASS) & (self.solutions > 0.0)

    def cmb_excluded(self, *, efficiency: float = 0.2) -> NDArray[np.bool_]:
        """Whether the cosmic microwave background excludes a solution, see :func:`pheno.relic.cmb_excluded`.

        Parameters
        ----------
        efficiency
            Share of the energy that ionises.

        Returns
        -------
        ndarray of bool
            In the shape of ``solutions``.

        Raises
        ------
        DomainError
            If the efficiency is not in (0, 1].
        """
        there = self.solutions > 0.0
        mass = np.where(there, self._per_solution(self.dark_matter_mass), 1.0)
        return np.asarray(cmb_excluded(mass, self.late_cross_section, efficiency=efficiency)) & there

    def _per_solution(self, column: FloatArray) -> FloatArray:
        return column if column.shape == self.solutions.shape else column[..., None]

    @property
    def y(self) -> FloatArray:
        r""":math:`y = \epsilon^2\alpha_D (m_\chi/m_A)^4` at the solutions, 0 where there is none."""
        ratio = self._per_solution(self.dark_matter_mass / self.mass)
        return np.asarray(self.epsilon**2 * self.alpha_D * ratio**4)


def thermal_target(
    model: str | Path | Model,
    mass: ArrayLike,
    *,
    omega_h2: float = OMEGA_H2,
    parameter: str = "coupling",
    bounds: tuple[float, float] | None = None,
    coupling: ArrayLike | None = None,
    epsilon: ArrayLike | None = None,
    width: str = "constant",
    degrees_of_freedom: str = "saikawa_shirai",
    entropy_today: float = ENTROPY_TODAY,
    hadrons: bool = True,
    secluded: bool = True,
    rtol: float = 1e-3,
    threads: int | None = None,
) -> ThermalTarget:
    r"""Parameter of a model that gives the observed relic density, at each mass of the mediator: all solutions.

    Parameters
    ----------
    model
        As in :func:`~pheno.relic.relic_density`, with dark matter.
    mass
        Mass of the mediator [GeV], any shape.
    omega_h2
        Density that is wanted.
    parameter
        What is varied: ``"coupling"`` to the Standard Model at fixed ``alpha_D`` and ratio (of the tensor both
        couplings together); ``"alpha_D"`` at fixed coupling; ``"ratio"`` of the masses of mediator and dark matter at
        fixed mass of the mediator and couplings, in which the resonance gives two solutions.
    bounds
        Range of the parameter: (1e-12, sqrt(4 pi)) for a coupling, (1e-12, 4 pi) for ``alpha_D``, (0.05, 50) for the
        ratio unless given; (1.25, 50) for the ratio to a tensor, as :func:`~pheno.relic.relic_density`.
    coupling, epsilon
        Coupling to the Standard Model if it is not varied.
    width, degrees_of_freedom, entropy_today, hadrons, secluded, rtol, threads
        As in :func:`~pheno.relic.relic_density`; ``rtol`` is the accuracy of the density at a solution.

    Returns
    -------
    ThermalTarget
        All solutions in the range, up to four a mass, and a statement where there is none.

    Raises
    ------
    DomainError
        If an argument is not in its range, or the coupling is given although it is varied.
    ConvergenceError
        If a density did not converge.

    Notes
    -----
    The range is scanned, three points a decade in a coupling and eight a factor e in the ratio; minima between the
    points are followed. Solutions closer to each other than that may be missed in the ratio.

    Examples
    --------
    >>> from pheno import model
    >>> target = thermal_target(model("dark_photon", dark_matter="complex_scalar", ratio=3, alpha_D=0.5), 0.03)
    >>> f"{target.y[0]:.2e}"
    '1.34e-11'
    """
    settings = Settings.checked(width, degrees_of_freedom, entropy_today, hadrons, secluded, rtol, threads)
    theory = settings.theory(models.resolve(model))
    choice("parameter", parameter, _BOUNDS)
    low, high = _range(parameter, bounds, theory, settings)
    wanted = float(positive("omega_h2", scalar("omega_h2", omega_h2)))
    masses = positive("mass", mass)
    if parameter == "coupling":
        if coupling is not None or epsilon is not None:
            msg = "coupling and epsilon must not be given where the coupling is what is varied"
            raise DomainError(msg)
        return _couplings(theory, masses, wanted, low, high, settings)
    if theory.model.mediator.name == "tensor" and parameter == "alpha_D":
        msg = "parameter must be 'coupling' or 'ratio' for the tensor, whose dark coupling is c_chi, got 'alpha_D'"
        raise DomainError(msg)
    masses, strength = broadcast(
        mass=masses,
        coupling=positive("coupling", np.abs(models.coupling_strength(theory.model, coupling, epsilon))),
    )
    return _Family(theory, parameter, masses, strength, wanted, settings).solve(low, high)


def _range(
    parameter: str, bounds: tuple[float, float] | None, theory: Theory, settings: Settings
) -> tuple[float, float]:
    least = 0.0
    if parameter == "ratio" and theory.model.mediator.name == "tensor" and settings.secluded:
        least = (1.0 + theory.dark_matter.splitting) / TENSORS_OPEN  # two tensors are not included
    if bounds is None:
        return max(_BOUNDS[parameter][0], least), _BOUNDS[parameter][1]
    if np.shape(bounds) != (2,):
        msg = f"bounds must be two numbers, got {bounds!r}"
        raise DomainError(msg)
    low, high = (float(positive("bounds", scalar("bounds", end))) for end in bounds)
    if low >= high:
        msg = f"bounds must be in increasing order, got ({low:g}, {high:g})"
        raise DomainError(msg)
    if low < least:
        msg = (
            f"bounds of the ratio to a tensor must be at least {least:g}, got {low:g}: dark matter that is heavier "
            "annihilates to two tensors, which the model does not fix; secluded=False leaves them out"
        )
        raise DomainError(msg)
    return low, high


def _couplings(
    theory: Theory, masses: FloatArray, wanted: float, low: float, high: float, settings: Settings
) -> ThermalTarget:
    citations.used("Gondolo:1990dk")
    points = Points.of(theory, masses, np.ones_like(masses))
    points.require_complete(settings)
    tensor = theory.model.mediator.name == "tensor"
    found = _core.thermal_target(
        points.mass,
        points.lighter,
        points.heavier,
        points.dark_coupling,
        wanted / settings.omega_per_yield(points.lighter),
        tie=abs(theory.model.c_chi) if tensor else 0.0,
        lowest=low,
        highest=high,
        theory=theory.core,
        plasma=plasma(settings.degrees_of_freedom),
        rtol=settings.rtol,
        threads=settings.threads,
    )
    if found["failed"].any():
        first = int(np.flatnonzero(found["failed"])[0])
        msg = f"a relic density of the target at mass = {points.mass[first]:g} did not reach rtol = {settings.rtol:g}"
        raise ConvergenceError(msg)
    count = found["count"].astype(np.int64)
    least = found["least_yield"] * settings.omega_per_yield(points.lighter)
    statement = tuple("" if count[i] else _why(found, least, i, wanted, low, high) for i in range(count.size))
    shape = (*masses.shape, _MOST)
    solutions = found["coupling"].reshape(shape)
    alpha = np.where(solutions > 0.0, 0.0 if tensor else theory.model.alpha_D, 0.0)
    return ThermalTarget(
        "coupling",
        solutions,
        count.reshape(masses.shape),
        statement,
        masses,
        points.lighter.reshape(masses.shape),
        solutions,
        alpha,
        found["x_freeze"].reshape(shape),
        found["late_cross_section"].reshape(shape),
    )


def _why(found: dict[str, FloatArray], least: FloatArray, i: int, wanted: float, low: float, high: float) -> str:
    kinds = [_core.RELIC_STATUS[int(found[end][i])] for end in ("status_low", "status_high")]
    if "closed" in kinds:
        return "dark matter has nothing to annihilate to"
    if kinds == ["not_thermal", "not_thermal"]:
        return f"dark matter never reaches equilibrium with couplings from {low:g} to {high:g}"
    if least[i] < wanted:
        return f"too little dark matter with every coupling from {low:g} to {high:g}: at most another source can add"
    return f"too much dark matter with every coupling from {low:g} to {high:g}: at least {least[i]:.3g}"


class _Family:
    """Roots along a parameter that changes masses or the dark coupling, many masses at once."""

    def __init__(
        self,
        theory: Theory,
        parameter: str,
        masses: FloatArray,
        strength: FloatArray,
        wanted: float,
        settings: Settings,
    ) -> None:
        self.theory, self.parameter, self.wanted, self.settings = theory, parameter, wanted, settings
        self.masses = masses
        self.mass, self.strength = masses.ravel(), strength.ravel()

    def columns(self, which: NDArray[np.int64], value: FloatArray, rtol: float) -> dict[str, FloatArray]:
        """Solve at one value of the parameter for each of some masses."""
        points = self._points(which, value)
        found: dict[str, FloatArray] = _core.relic_density(
            *points.arrays(),
            theory=points.theory.core,
            plasma=plasma(self.settings.degrees_of_freedom),
            rtol=rtol,
            threads=self.settings.threads,
        )
        if (found["status"] == _core.RELIC_STATUS.index("not_converged")).any():
            first = int(np.flatnonzero(found["status"] == 1)[0])
            where = f"mass = {points.mass[first]:g}, {self.parameter} = {value[first]:g}"
            msg = f"the relic density at {where} did not converge"
            raise ConvergenceError(msg)
        omega = found["yield"] * self.settings.omega_per_yield(points.lighter)
        # what never froze out is too much
        found["excess"] = np.where(omega > 0.0, np.log(np.where(omega > 0.0, omega, 1.0) / self.wanted), 50.0)
        return found

    def _points(self, which: NDArray[np.int64], value: FloatArray) -> Points:
        mass, strength = self.mass[which], self.strength[which]
        dark = self.theory.dark_coupling(strength)
        if self.parameter == "alpha_D":
            dark = np.sqrt(4.0 * pi * value)
        lighter, heavier = self.theory.dark_matter.masses(mass)
        if self.parameter == "ratio":
            lighter = mass / value
            heavier = lighter * (1.0 + self.theory.dark_matter.splitting)
        return Points(self.theory, mass, lighter, heavier, strength, dark)

    def solve(self, low: float, high: float) -> ThermalTarget:
        """Scan, bracket, bisect."""
        grid = self._grid(low, high)
        n = self.mass.size
        which = np.repeat(np.arange(n), grid.size)
        scan = self.columns(which, np.tile(grid, n), 0.02)["excess"].reshape(n, grid.size)
        brackets = [
            (i, grid[j], grid[j + 1], scan[i, j])
            for i in range(n)
            for j in range(grid.size - 1)
            if (scan[i, j] > 0.0) != (scan[i, j + 1] > 0.0)
        ]
        solutions = np.zeros((n, _MOST))
        count = np.zeros(n, dtype=np.int64)
        index = np.array([b[0] for b in brackets], dtype=np.int64)
        for i, root in zip(index, self._bisect(brackets, index), strict=True):
            if count[i] < _MOST:
                solutions[i, count[i]] = root
                count[i] += 1
        return self._target(solutions, count, scan, low, high)

    def _grid(self, low: float, high: float) -> FloatArray:
        steps = max(16, int(np.ceil(np.log(high / low) * _POINTS_PER_EFOLD)))
        grid = np.geomspace(low, high, steps + 1)
        if self.parameter == "ratio":
            # at the resonance the density changes by orders of magnitude within a thermal width of it
            pole = 2.0 + self.theory.dark_matter.splitting
            near = pole * (1.0 + np.concatenate([-np.geomspace(0.3, 1e-4, 14), np.geomspace(1e-4, 0.6, 18)]))
            grid = np.unique(np.concatenate([grid, near[(near > low) & (near < high)]]))
        return grid

    def _bisect(self, brackets: list[tuple[int, float, float, float]], index: NDArray[np.int64]) -> FloatArray:
        low = np.array([b[1] for b in brackets])
        high = np.array([b[2] for b in brackets])
        above = np.array([b[3] > 0.0 for b in brackets])
        middle: FloatArray = np.sqrt(low * high)
        for _ in range(60):
            if not index.size:
                break
            middle = np.sqrt(low * high)
            excess = self.columns(index, middle, 0.3 * self.settings.rtol)["excess"]
            if (np.abs(excess) < 0.3 * self.settings.rtol).all() or (high / low - 1.0 < 1e-14).all():
                break
            same = (excess > 0.0) == above
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        return middle

    def _target(
        self, solutions: FloatArray, count: NDArray[np.int64], scan: FloatArray, low: float, high: float
    ) -> ThermalTarget:
        shape = (*self.masses.shape, _MOST)
        x_freeze, late = np.zeros_like(solutions), np.zeros_like(solutions)
        rows, slots = np.nonzero(solutions)
        if rows.size:
            found = self.columns(rows, solutions[rows, slots], self.settings.rtol)
            x_freeze[rows, slots], late[rows, slots] = found["x_freeze"], found["late_cross_section"]
        there = solutions > 0.0
        alpha = np.where(there, solutions if self.parameter == "alpha_D" else self.theory.model.alpha_D, 0.0)
        lighter, _ = self.theory.dark_matter.masses(self.mass)
        mass, light = self.masses, lighter.reshape(self.masses.shape)
        if self.parameter == "ratio":
            mass = np.broadcast_to(self.mass[:, None], solutions.shape).reshape(shape)
            light = np.divide(self.mass[:, None], solutions, out=np.zeros_like(solutions), where=there).reshape(shape)
        return ThermalTarget(
            self.parameter,
            solutions.reshape(shape),
            count.reshape(self.masses.shape),
            tuple("" if count[i] else self._why(scan[i], low, high) for i in range(count.size)),
            mass,
            light,
            np.where(there, self.strength[:, None], 0.0).reshape(shape),
            alpha.reshape(shape),
            x_freeze.reshape(shape),
            late.reshape(shape),
        )

    def _why(self, excess: FloatArray, low: float, high: float) -> str:
        span = f"with every {self.parameter} from {low:g} to {high:g}"
        if (excess >= 50.0).all():
            return f"dark matter never freezes out from equilibrium {span}"
        if (excess < 0.0).all():
            return f"too little dark matter {span}"
        return f"too much dark matter {span}: at least {self.wanted * float(np.exp(excess.min())):.3g}"
