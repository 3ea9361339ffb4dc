r"""Relic density of dark matter that was in equilibrium: :func:`relic_density`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import _core, citations, models
from pheno.errors import ConvergenceError, DomainError, NotThermalError, broadcast, choice, positive, scalar
from pheno.hadrons import LARGEST_MASS
from pheno.models import Model
from pheno.processes import in_shape, thread_count
from pheno.relic import approximations
from pheno.relic.constraints import cmb_excluded
from pheno.relic.degrees_of_freedom import plasma
from pheno.relic.theory import Theory, theory_of

__all__ = ["History", "RelicDensity", "Settings", "relic_density", "thermal_average"]

FloatArray = NDArray[np.float64]

#: Entropy density today [cm^-3] and critical density over h^2 [GeV cm^-3]: PDG 2024, table 2.1.
ENTROPY_TODAY: Final = 2891.2
CRITICAL_DENSITY: Final = 1.053672e-5
#: Below this x_f dark matter was relativistic when it decoupled: Maxwell-Boltzmann statistics are in doubt.
RELATIVISTIC: Final = 3.0
#: Below this mass [GeV] annihilation heats electrons and photons after neutrinos decoupled, and N_eff changes.
NEFF_MASS: Final = 0.010
#: Mass of dark matter over that of a tensor above which two tensors matter: below, the thermal tail that reaches them
#: has e^{-x_f/2} = 1e-4 of it.
TENSORS_OPEN: Final = 0.8
#: Temperature over the mass of dark matter below which sqrt(s) - 2 m has less than five digits.
LOWEST_TEMPERATURE: Final = 1e-11
_RTOL_RANGE: Final = (1e-7, 1e-1)
_METHODS: Final = ("boltzmann", *approximations.NAMES)


@dataclass(frozen=True, slots=True)
class Settings:
    """The definitions that move the answer, checked.

    Parameters
    ----------
    width, degrees_of_freedom, entropy_today, hadrons, secluded, rtol, threads
        As in :func:`relic_density`.
    """

    width: str
    degrees_of_freedom: str
    entropy_today: float
    hadrons: bool
    secluded: bool
    rtol: float
    threads: int

    @classmethod
    def checked(
        cls,
        width: str,
        degrees_of_freedom: str,
        entropy_today: float,
        hadrons: bool,
        secluded: bool,
        rtol: float,
        threads: int | None,
    ) -> Settings:
        """Return the settings, or raise DomainError."""
        choice("width", width, ("constant", "running"))
        plasma(degrees_of_freedom)
        tolerance = scalar("rtol", rtol, *_RTOL_RANGE)
        entropy = float(positive("entropy_today", scalar("entropy_today", entropy_today)))
        return cls(width, degrees_of_freedom, entropy, bool(hadrons), bool(secluded), tolerance, thread_count(threads))

    def theory(self, model: Model) -> Theory:
        """Return the model for the core."""
        return theory_of(model, width=self.width, hadrons=self.hadrons, secluded=self.secluded)

    def omega_per_yield(self, mass: FloatArray) -> FloatArray:
        """Return Omega h^2 per unit of the yield."""
        return mass * self.entropy_today / CRITICAL_DENSITY


@dataclass(frozen=True, slots=True)
class History:
    r"""Yield against x = m_chi/T of one point.

    Parameters
    ----------
    x, yields, equilibrium
        x, :math:`Y = n/s` and :math:`Y_{eq}`, from equilibrium until nothing changes any more.
    """

    x: FloatArray
    yields: FloatArray
    equilibrium: FloatArray


@dataclass(frozen=True, slots=True)
class RelicDensity:
    r"""A relic density and what it is made of; every field has the broadcast shape of the arguments.

    Parameters
    ----------
    omega_h2
        :math:`\Omega h^2`, particles and antiparticles of all species.
    error
        Its numerical error, absolute.
    x_freeze
        :math:`m_\chi/T` where :math:`Y = 2 Y_{eq}`.
    yields
        :math:`Y = n/s` at :math:`x\to\infty`.
    cross_section
        :math:`\langle\sigma v\rangle` at ``x_freeze`` [GeV^-2], averaged over all pairs, that of particle and particle
        included.
    late_cross_section
        The same at T = 1 eV: an upper bound of what happens at recombination.
    width
        Width of the mediator [GeV].
    shares
        Share of each final state in ``cross_section``; ``"X X"`` is two mediators. Read-only.
    relativistic
        Whether dark matter was relativistic at decoupling (``x_freeze`` < 3): the result is then only indicative.
    changes_neff
        Whether the mass is below 10 MeV, where annihilation after the decoupling of neutrinos changes N_eff and the
        expansion itself.
    dark_matter_mass
        Mass of (the lighter) dark matter [GeV].
    history
        Of one point, if it was asked for.
    """

    omega_h2: float | FloatArray
    error: float | FloatArray
    x_freeze: float | FloatArray
    yields: float | FloatArray
    cross_section: float | FloatArray
    late_cross_section: float | FloatArray
    width: float | FloatArray
    shares: Mapping[str, float | FloatArray]
    relativistic: bool | NDArray[np.bool_]
    changes_neff: bool | NDArray[np.bool_]
    dark_matter_mass: float | FloatArray
    history: History | None = None

    def cmb_excluded(self, *, efficiency: float = 0.2) -> bool | NDArray[np.bool_]:
        """Whether the cosmic microwave background excludes it, see :func:`pheno.relic.cmb_excluded`.

        Parameters
        ----------
        efficiency
            Share of the energy that ionises.

        Returns
        -------
        bool or ndarray of bool
            In the shape of the arguments. All dark matter is taken to be of this kind, whatever ``omega_h2``.

        Raises
        ------
        DomainError
            If the efficiency is not in (0, 1].
        """
        return cmb_excluded(self.dark_matter_mass, self.late_cross_section, efficiency=efficiency)


def relic_density(
    model: str | Path | Model,
    mass: ArrayLike,
    *,
    coupling: ArrayLike | None = None,
    epsilon: ArrayLike | None = None,
    method: str = "boltzmann",
    width: str = "constant",
    degrees_of_freedom: str = "saikawa_shirai",
    entropy_today: float = ENTROPY_TODAY,
    hadrons: bool = True,
    secluded: bool = True,
    rtol: float = 1e-3,
    threads: int | None = None,
    full_output: bool = False,
    history: bool = False,
) -> float | FloatArray | RelicDensity:
    r"""Relic density :math:`\Omega h^2` of thermal dark matter, from the Boltzmann equation.

    .. math::

        \frac{dY}{dx} = -\sqrt{\frac{\pi}{45}}\, \frac{M_{Pl}\, m_\chi\, g_*^{1/2}}{x^2}
            \langle\sigma v\rangle\, (Y^2 - Y_{eq}^2), \qquad
        g_*^{1/2} = \frac{h}{\sqrt g}\Bigl(1 + \frac13\frac{d\ln h}{d\ln T}\Bigr), \qquad
        \Omega h^2 = \frac{m_\chi s_0 Y_\infty}{\rho_c/h^2},

    with the exact thermal average of the exact tree-level cross section [1], integrated to :math:`x \to \infty`.

    Parameters
    ----------
    model
        Name or path of a card, or a :class:`~pheno.models.Model`, with dark matter (``pheno.model("dark_photon",
        dark_matter="dirac")``).
    mass
        Mass of the mediator [GeV]; that of dark matter follows from the model's ratio.
    coupling
        :math:`g`, :math:`c/\Lambda` [GeV^-1] or :math:`g_{a\gamma\gamma}` [GeV^-1]; broadcast with ``mass``; 1 unless
        given.
    epsilon
        The same in units of the elementary charge. Not both.
    method
        ``"boltzmann"``, or an approximation for comparison: ``"semi_analytic"`` (freeze-out at :math:`Y = 2.5\,Y_{eq}`,
        then annihilation alone [1]) or ``"krasnikov"`` (closed form in :math:`\sigma_0 x^{-n}`, see
        :mod:`pheno.relic.approximations`).
    width
        Width in the propagator: ``"constant"``, :math:`m\Gamma(m)`, as other programs have it, or ``"running"``,
        :math:`\sqrt s\,\Gamma(\sqrt s)`, which unitarity asks for.
    degrees_of_freedom
        ``"saikawa_shirai"`` [2], ``"laine_meyer"`` [3] or ``"drees_hajkarim_schmitz"`` [4].
    entropy_today
        Entropy density today [cm^-3].
    hadrons
        Whether hadrons count among the final states and in the width.
    secluded
        Whether annihilation into two mediators counts where it is open.
    rtol
        Requested relative accuracy, 1e-7 to 0.1. The error estimate is below it or an exception is raised.
    threads
        Number of threads; all available cores unless given. The result has the same bits for any number.
    full_output
        Return a :class:`RelicDensity`.
    history
        Return a :class:`RelicDensity` with Y(x); for one point.

    Returns
    -------
    float or ndarray or RelicDensity
        :math:`\Omega h^2` of particles and antiparticles together, in the broadcast shape.

    Raises
    ------
    DomainError
        If an argument is not in its range, the model has no dark matter, a vector annihilates to hadrons above 44 GeV,
        or dark matter heavier than 0.8 of a tensor
        annihilates to two of them, which is not included; with ``secluded=False`` the rest is calculated.
    NotThermalError
        If dark matter was never in equilibrium, or has nothing to annihilate to: there is no freeze-out.
    ConvergenceError
        If the accuracy was not reached.

    Notes
    -----
    Assumed: kinetic equilibrium until the abundance is settled, Maxwell-Boltzmann statistics, chemical equilibrium
    between the two states of a pseudo-Dirac pair (the heavier ends as the lighter), no asymmetry.
    docs/physics/relic.md has the size of every choice.

    References
    ----------
    [1] [Gondolo:1990dk]_, eqs. (3.8), (2.23); coannihilation: [Edsjo:1997bg]_. [2] [Saikawa:2018rcs]_.
    [3] [Laine:2015kra]_. [4] [Drees:2015exa]_.

    Examples
    --------
    >>> from pheno import model
    >>> scalar = model("dark_photon", dark_matter="complex_scalar", ratio=3, alpha_D=0.5)
    >>> round(relic_density(scalar, 0.03, epsilon=5e-5), 3)
    0.106
    """
    choice("method", method, _METHODS)
    settings = Settings.checked(width, degrees_of_freedom, entropy_today, hadrons, secluded, rtol, threads)
    theory = settings.theory(models.resolve(model))
    masses, strength = broadcast(
        mass=positive("mass", mass),
        coupling=positive("coupling", np.abs(models.coupling_strength(theory.model, coupling, epsilon))),
    )
    if history and masses.ndim:
        msg = f"history needs one point, got arrays of shape {masses.shape}"
        raise DomainError(msg)
    citations.used("Gondolo:1990dk", "ParticleDataGroup:2024cfk")
    points = Points.of(theory, masses, strength)
    points.require_complete(settings)
    found = solve(points, settings)
    if method != "boltzmann":
        return _approximate(method, points, settings, found, masses.shape)
    omega = settings.omega_per_yield(points.lighter) * found["yield"]
    if not (full_output or history):
        only: float | FloatArray = in_shape(omega, masses.shape)
        return only
    return _full(points, settings, found, omega, masses.shape, with_history=history)


@dataclass(frozen=True, slots=True)
class Points:
    """Flat arrays of one scan."""

    theory: Theory
    mass: FloatArray
    lighter: FloatArray
    heavier: FloatArray
    coupling: FloatArray
    dark_coupling: FloatArray

    @classmethod
    def of(cls, theory: Theory, mass: FloatArray, coupling: FloatArray) -> Points:
        """Return the points of a model at masses and couplings."""
        flat = np.ascontiguousarray(mass).ravel()
        strength = np.ascontiguousarray(coupling).ravel()
        lighter, heavier = theory.dark_matter.masses(flat)
        return cls(theory, flat, lighter, heavier, strength, theory.dark_coupling(strength))

    def require_complete(self, settings: Settings) -> None:
        """Raise DomainError where a final state that the settings want does not exist here: two tensors, hadrons."""
        if "hadrons" in self.theory.channels:
            energy = np.maximum(self.mass, 2.0 * self.lighter)
            beyond = energy > LARGEST_MASS
            if beyond.any():
                msg = (
                    f"mass of the mediator and twice that of dark matter must be at most {LARGEST_MASS:g} GeV for "
                    f"hadrons, above which the Z contributes to the measured R, got {energy[beyond][0]:g} "
                    f"({np.count_nonzero(beyond)} of {energy.size} points); hadrons=False leaves them out"
                )
                raise DomainError(msg)
        if self.theory.model.mediator.name != "tensor" or not settings.secluded:
            return
        nearly = self.heavier > TENSORS_OPEN * (1 + 1e-12) * self.mass
        if nearly.any():
            first = int(np.flatnonzero(nearly)[0])
            msg = (
                f"dark matter must be lighter than {TENSORS_OPEN:g} of a tensor mediator, got {self.heavier[first]:g} "
                f"for a mediator of {self.mass[first]:g} GeV ({np.count_nonzero(nearly)} of {self.mass.size} points): "
                "it annihilates to two tensors, which the model does not fix; secluded=False leaves them out"
            )
            raise DomainError(msg)

    def arrays(self) -> tuple[FloatArray, ...]:
        """Return the arguments of the core."""
        return self.mass, self.lighter, self.heavier, self.coupling, self.dark_coupling

    def one(self, i: int) -> tuple[float, ...]:
        """Return the arguments of the core at one point."""
        return tuple(float(array[i]) for array in self.arrays())


def solve(points: Points, settings: Settings) -> dict[str, FloatArray]:
    """Return the columns of the core; whatever failed is an exception."""
    found: dict[str, FloatArray] = _core.relic_density(
        *points.arrays(),
        theory=points.theory.core,
        plasma=plasma(settings.degrees_of_freedom),
        rtol=settings.rtol,
        threads=settings.threads,
    )
    _require_solutions(points, settings, found)
    return found


def _require_solutions(points: Points, settings: Settings, found: dict[str, FloatArray]) -> None:
    status = found["status"].astype(np.int64)
    if not status.any():
        return
    first = int(np.flatnonzero(status)[0])
    where = f"at mass = {points.mass[first]:g}, coupling = {points.coupling[first]:g}"
    count = f"({np.count_nonzero(status)} of {status.size} points)"
    kind = _core.RELIC_STATUS[status[first]]
    if kind == "closed":
        msg = f"dark matter of {points.lighter[first]:g} GeV has nothing to annihilate to {where} {count}"
        raise NotThermalError(msg)
    if kind == "not_thermal":
        msg = (
            f"dark matter was never in equilibrium {where}: the annihilation rate n_eq <sigma v> is at most "
            f"{found['fastest'][first]:.3g} H, and 50 H is asked for; raise the coupling {count}"
        )
        raise NotThermalError(msg)
    error = found["error"][first]
    why = f"relative error {error:.3g}" if error > 0.0 else "the integration did not end"
    msg = f"the relic density did not reach rtol = {settings.rtol:g} {where}: {why} {count}"
    raise ConvergenceError(msg)


def _full(
    points: Points,
    settings: Settings,
    found: dict[str, FloatArray],
    omega: FloatArray,
    shape: tuple[int, ...],
    *,
    with_history: bool,
) -> RelicDensity:
    def shaped(flat: NDArray[Any]) -> Any:
        return in_shape(flat, shape)

    names = (*points.theory.channels, "X X")
    shares = {name: shaped(found["shares"][:, i].copy()) for i, name in enumerate(names)}
    return RelicDensity(
        shaped(omega),
        shaped(omega * found["error"]),
        shaped(found["x_freeze"]),
        shaped(found["yield"]),
        shaped(found["cross_section"]),
        shaped(found["late_cross_section"]),
        shaped(found["width"]),
        MappingProxyType(shares),
        shaped(found["x_freeze"] < RELATIVISTIC),
        shaped(points.lighter < NEFF_MASS),
        shaped(points.lighter),
        _history(points, settings) if with_history else None,
    )


def _history(points: Points, settings: Settings) -> History:
    x, yields, equilibrium, _ = _core.relic_history(
        *points.one(0),
        theory=points.theory.core,
        plasma=plasma(settings.degrees_of_freedom),
        rtol=settings.rtol,
    )
    return History(x, yields, equilibrium)


def _approximate(
    method: str, points: Points, settings: Settings, found: dict[str, FloatArray], shape: tuple[int, ...]
) -> float | FloatArray:
    """Omega h^2 of an approximation, point by point."""
    omega = np.empty(points.mass.size)
    for i in range(omega.size):

        def average(temperature: FloatArray, i: int = i) -> FloatArray:
            return _average(points, i, temperature, settings.rtol)

        m1, m2 = float(points.lighter[i]), float(points.heavier[i])
        relic = approximations.Relic(
            m1, m2, points.theory.dark_matter.kind, average, settings.degrees_of_freedom, float(found["x_freeze"][i])
        )
        per_yield = float(settings.omega_per_yield(np.array(m1)))
        omega[i] = approximations.omega_h2(method, relic, per_yield)
    result: float | FloatArray = in_shape(omega, shape)
    return result


def _average(points: Points, i: int, temperature: FloatArray, rtol: float) -> FloatArray:
    out: FloatArray = _core.thermal_average(
        np.ascontiguousarray(temperature).ravel(), *points.one(i), theory=points.theory.core, rtol=0.1 * rtol
    )
    return out


def thermal_average(
    model: str | Path | Model,
    mass: float,
    temperature: ArrayLike,
    *,
    coupling: float | None = None,
    epsilon: float | None = None,
    width: str = "constant",
    hadrons: bool = True,
    secluded: bool = True,
    rtol: float = 1e-4,
) -> float | FloatArray:
    r"""Thermal average of the annihilation cross section, :math:`\langle\sigma v\rangle` [GeV^-2].

    .. math::

        \langle\sigma v\rangle = \frac{\sum_{ij} g_i g_j \int ds\, \sigma_{ij}\, p_{ij}^2 \sqrt s K_1(\sqrt s/T)\,
            T/8\pi^4}{n_{eq}^2}, \qquad n_{eq} = \frac{T}{2\pi^2} \sum_i g_i m_i^2 K_2(m_i/T)

    over ordered pairs of species, antiparticles being species of their own: for Dirac dark matter half of the average
    of :math:`\chi\bar\chi` alone.

    Parameters
    ----------
    model, mass, coupling, epsilon, width, hadrons, secluded
        As in :func:`relic_density`, one point.
    temperature
        [GeV], any shape; at least 1e-11 of the mass of dark matter.
    rtol
        Relative accuracy, 1e-7 to 0.1.

    Returns
    -------
    float or ndarray
        In the shape of ``temperature``; 0 if nothing is open.

    Raises
    ------
    DomainError
        As :func:`relic_density`.

    References
    ----------
    [Gondolo:1990dk]_, eq. (3.8); [Edsjo:1997bg]_.

    Examples
    --------
    >>> from pheno import model
    >>> dirac = model("dark_photon", dark_matter="dirac", ratio=3, alpha_D=0.5)
    >>> average = thermal_average(dirac, 0.3, [0.005, 1e-6], epsilon=1e-4)
    >>> bool(average[0] > average[1])  # the tail of the distribution reaches the pole
    True
    """
    settings = Settings.checked(width, "saikawa_shirai", ENTROPY_TODAY, hadrons, secluded, rtol, None)
    theory = settings.theory(models.resolve(model))
    M = np.array([scalar("mass", mass)])
    strength = np.abs(np.atleast_1d(models.coupling_strength(theory.model, coupling, epsilon)))
    points = Points.of(theory, positive("mass", M), positive("coupling", strength))
    points.require_complete(settings)
    T = positive("temperature", temperature)
    cold = T < LOWEST_TEMPERATURE * points.lighter[0]
    if cold.any():
        msg = (
            f"temperature must be at least {LOWEST_TEMPERATURE:g} of the mass of dark matter, {points.lighter[0]:g} "
            f"GeV: below, energies have no digits above threshold; got {T[cold].flat[0]:g}"
        )
        raise DomainError(msg)
    average: float | FloatArray = in_shape(_average(points, 0, T, settings.rtol), T.shape)
    return average
