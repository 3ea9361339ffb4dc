r"""Textbook approximations of freeze-out, for comparison with the Boltzmann equation.

``"semi_analytic"``
    Freeze-out where :math:`Y = (1+\delta) Y_{eq}`, :math:`\delta = 1.5`, as [Gondolo:1990dk]_, sec. 4,

    .. math:: -\frac{d\ln Y_{eq}}{d\ln x} = \lambda Y_{eq}\, \frac{\delta(\delta+2)}{\delta+1}, \qquad
              \frac1{Y_\infty} = \frac1{(1+\delta)Y_{eq}(x_f)} + \int_{\ln x_f}^\infty \lambda\, d\ln x .

``"krasnikov"``
    Closed form of the talk "Dark matter at accelerators", for :math:`\langle\sigma v\rangle = \sigma_0 x^{-n}`,

    .. math:: \Omega h^2 = 0.1\,\frac{(n+1) x_f^{n+1}}{h/\sqrt g}\,
              \frac{0.876\times10^{-9}\,\mathrm{GeV}^{-2}}{\sigma_0}, \quad
              x_f = c - (n+\tfrac12)\ln c, \quad c = \ln\Bigl(0.038 (n+1) \frac{g_\chi}{\sqrt g} M_{Pl} m \sigma_0\Bigr)

    with n from the slope and :math:`\sigma_0` from the value of :math:`\langle\sigma v\rangle` at x = 1000, g and h at
    the freeze-out temperature. The tail of the thermal distribution that reaches the pole is left out by construction.
    Of dark matter that is not its own antiparticle, :math:`\sigma_0` has the factor 1/2 already.

The same talk turns its s-wave form round, :func:`s_wave_target`, and quotes :func:`rule_of_thumb` at three
times the mass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno.constants import PLANCK_MASS
from pheno.errors import ConvergenceError, DomainError, broadcast, choice, positive
from pheno.relic.degrees_of_freedom import degrees_of_freedom

__all__ = ["NAMES", "Relic", "omega_h2", "rule_of_thumb", "s_wave_target"]

FloatArray = NDArray[np.float64]

NAMES: Final = ("semi_analytic", "krasnikov")
_DOF: Final = {"complex_scalar": 2.0, "majorana": 2.0, "dirac": 4.0, "pseudo_dirac": 4.0, "vector": 3.0}
_DELTA: Final = 1.5


@dataclass(frozen=True, slots=True)
class Relic:
    """What an approximation needs of one point.

    Parameters
    ----------
    lighter, heavier
        Masses [GeV].
    kind
        Kind of dark matter.
    average
        Thermal average [GeV^-2] as a function of temperatures [GeV].
    plasma
        Name of the degrees of freedom.
    near
        x where freeze-out is about.
    """

    lighter: float
    heavier: float
    kind: str
    average: Callable[[FloatArray], FloatArray]
    plasma: str
    near: float


def omega_h2(method: str, relic: Relic, per_yield: float) -> float:
    """Return the relic density of one point by an approximation.

    Parameters
    ----------
    method
        ``"semi_analytic"`` or ``"krasnikov"``.
    relic
        The point.
    per_yield
        Omega h^2 per unit of the yield.

    Returns
    -------
    float
        Omega h^2.

    Raises
    ------
    ConvergenceError
        If there is no freeze-out where it was looked for, or nothing annihilates where a closed form looks.
    """
    if method == "krasnikov":
        return _krasnikov(relic)
    return per_yield * _semi_analytic(relic)


def rule_of_thumb(kind: str, mass: FloatArray | float) -> FloatArray | float:
    r"""Product :math:`\epsilon^2\alpha_D` that gives the observed density at m_A = 3 m_chi, as in the talk.

    .. math:: \epsilon^2\alpha_D \approx k\, (m_\chi/\mathrm{MeV})^2

    Parameters
    ----------
    kind
        ``"complex_scalar"`` (k = 1e-11), ``"majorana"`` (0.5e-11), ``"dirac"`` or ``"pseudo_dirac"`` (0.4e-12).
    mass
        :math:`m_\chi` [GeV].

    Returns
    -------
    float or ndarray
        In the shape of ``mass``.

    Raises
    ------
    DomainError
        If the kind is none of these, or a mass is not positive.

    Examples
    --------
    >>> f"{rule_of_thumb('complex_scalar', 0.01):.1e}"
    '1.0e-09'
    """
    factors = {"complex_scalar": 1e-11, "majorana": 0.5e-11, "dirac": 0.4e-12, "pseudo_dirac": 0.4e-12}
    found = factors[choice("kind", kind, factors)] * (positive("mass", mass) / 1e-3) ** 2
    return found if found.ndim else float(found)


def s_wave_target(
    dark_matter_mass: ArrayLike,
    mediator_mass: ArrayLike,
    *,
    c_s: ArrayLike | None = None,
    g_average: ArrayLike | None = None,
    plasma: str = "saikawa_shirai",
) -> FloatArray | float:
    r"""Product :math:`\epsilon^2\alpha_D` that gives the observed density of Dirac dark matter, s wave, as in the talk.

    .. math::

        \epsilon^2\alpha_D = 2\times10^{-8}\,\mathrm{GeV}^{-2}\, \frac{(m_{A'}^2-4m_\chi^2)^2}{m_\chi^2}\,
            \frac{2c_s}{g_{*,av}^{1/2}} , \qquad c_s = \frac{m_\chi}{10\,T_d} ,

    which is :math:`\langle\sigma v\rangle = 7.3\times10^{-10}\,\mathrm{GeV}^{-2}\,(m_\chi/T_d)/g_{*,av}^{1/2}`
    with half of :math:`\sigma v = 16\pi\alpha\,\epsilon^2\alpha_D m_\chi^2/(m_{A'}^2-4m_\chi^2)^2` of a pair
    :math:`\chi\bar\chi` at rest to electrons without mass.

    Parameters
    ----------
    dark_matter_mass, mediator_mass
        :math:`m_\chi` and :math:`m_{A'}` [GeV], broadcast together.
    c_s
        Freeze-out, broadcast with the masses; the talk has 1 to 2 at :math:`m_{A'} = 3m_\chi`. Unless given,
        :math:`x_f/10` with the talk's :math:`x_f = c - \frac12\ln c`.
    g_average
        :math:`g_{*,av}`; unless given, :math:`h^2/g` at freeze-out.
    plasma
        Degrees of freedom, as in :func:`~pheno.relic.relic_density`.

    Returns
    -------
    float or ndarray
        In the broadcast shape; 0 at :math:`m_{A'} = 2m_\chi`, where the form has a pole without a width.

    Raises
    ------
    DomainError
        If a number is not positive.

    Notes
    -----
    The tail of the distribution towards the pole and all final states but electrons are left out: docs/physics/relic.md
    has the size of the error. The talk does not define :math:`c_s`; the two formulas beside each other leave no choice.

    Examples
    --------
    >>> f"{s_wave_target(0.01, 0.03):.2e}"
    '4.80e-11'
    """
    m, M = broadcast(
        dark_matter_mass=positive("dark_matter_mass", dark_matter_mass),
        mediator_mass=positive("mediator_mass", mediator_mass),
    )
    x = np.full(m.shape, 18.0)
    for _ in range(30):
        found = degrees_of_freedom(m / x, plasma)
        root = found.entropy / np.sqrt(found.energy)
        c = np.log(0.038 * _DOF["dirac"] / np.sqrt(found.energy) * PLANCK_MASS * m * 7.3e-10 * x / root)
        if (c <= 1.0).any():
            msg = f"dark_matter_mass must be large enough to freeze out, got {m[c <= 1.0].flat[0]:g}"
            raise DomainError(msg)
        x = c - 0.5 * np.log(c)
    late = 0.1 * x if c_s is None else positive("c_s", c_s)
    plasma_root = root if g_average is None else np.sqrt(positive("g_average", g_average))
    product = np.asarray(2e-8 * np.square(M * M - 4.0 * m * m) / (m * m) * 2.0 * late / plasma_root)
    return product if product.ndim else float(product)


def _scaled_k2(z: FloatArray) -> FloatArray:
    """e^z K_2(z), from its integral representation: int e^{-z (cosh t - 1)} cosh 2t dt by the trapezoidal rule."""
    t = np.linspace(0.0, 1.0, 400) * np.minimum(12.0, np.arccosh(1.0 + 45.0 / z))[:, None]
    f = np.exp(-z[:, None] * (np.cosh(t) - 1.0)) * np.cosh(2.0 * t)
    return np.asarray((f.sum(axis=1) - 0.5 * (f[:, 0] + f[:, -1])) * t[:, 1])


def _log_equilibrium(relic: Relic, x: FloatArray) -> FloatArray:
    T = relic.lighter / x
    total = np.zeros_like(x)
    masses = (relic.lighter, relic.heavier) if relic.kind == "pseudo_dirac" else (relic.lighter,)
    for m in masses:
        total += _DOF[relic.kind] / len(masses) * m**2 * _scaled_k2(m / T) * np.exp(-(m - relic.lighter) / T)
    h = degrees_of_freedom(T, relic.plasma).entropy
    return np.asarray(np.log(T / (2 * pi**2) * total / (2 * pi**2 / 45 * h * T**3)) - x)


def _strength(relic: Relic, x: FloatArray) -> FloatArray:
    """Lambda of the Boltzmann equation in ln x."""
    T = relic.lighter / x
    found = degrees_of_freedom(T, relic.plasma)
    root = found.entropy / np.sqrt(found.energy) * (1.0 + found.slope / 3.0)
    return np.asarray(sqrt(pi / 45) * PLANCK_MASS * T * root * relic.average(T))


def _semi_analytic(relic: Relic) -> float:
    x = np.geomspace(relic.near * 0.5, relic.near * 1.5, 301)
    ln_Y = _log_equilibrium(relic, x)
    fall = -np.gradient(ln_Y, np.log(x))
    excess = np.log(fall) - np.log(_strength(relic, x)) - ln_Y - log(_DELTA * (_DELTA + 2) / (_DELTA + 1))
    if excess[0] > 0 or excess[-1] < 0:
        msg = f"no freeze-out between x = {x[0]:.3g} and {x[-1]:.3g}"
        raise ConvergenceError(msg)
    x_f = float(np.exp(np.interp(0.0, excess, np.log(x))))
    at_freeze = (1 + _DELTA) * float(np.exp(_log_equilibrium(relic, np.array([x_f]))[0]))
    t = np.linspace(log(x_f), log(1e8), 1201)
    strength = _strength(relic, np.exp(t))
    integral = float(np.sum(0.5 * (strength[1:] + strength[:-1]) * np.diff(t)) + strength[-1])
    return 1.0 / (1.0 / at_freeze + integral)


def _krasnikov(relic: Relic) -> float:
    x = np.array([1000.0, 2000.0])
    average = relic.average(relic.lighter / x)
    if not (average > 0.0).all():
        msg = "the closed form needs annihilation at x = 1000, where nothing is open"
        raise ConvergenceError(msg)
    n = max(round(-log(average[1] / average[0]) / log(2.0)), 0)
    sigma = float(average[0] * x[0] ** n)
    x_f = relic.near
    for _ in range(30):
        found = degrees_of_freedom(relic.lighter / x_f, relic.plasma)
        c = log(0.038 * (n + 1) * _DOF[relic.kind] / sqrt(float(found.energy)) * PLANCK_MASS * relic.lighter * sigma)
        x_f = c - (n + 0.5) * log(c) if c > 1.0 else 0.0
        if x_f <= 0.0:
            msg = f"the closed form finds no freeze-out: annihilation is too slow, with sigma_0 = {sigma:.3g} GeV^-2"
            raise ConvergenceError(msg)
    return float(0.1 * (n + 1) * x_f ** (n + 1) / (found.entropy / np.sqrt(found.energy)) * 0.876e-9 / sigma)
