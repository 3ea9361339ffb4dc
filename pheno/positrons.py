r"""Mediators from positrons of a shower that annihilate on electrons of the target, :math:`e^+e^-\to X^{(*)}\to f`.

.. math::

    \sigma(s) = \frac{4\pi(2J+1)}{\beta^2}\,
        \frac{\Gamma_{ee}(\sqrt s)\,\Gamma_f(\sqrt s)}{(s-m^2)^2+m^2\Gamma^2}, \qquad
    s = 2m_e(E+m_e), \quad \beta^2 = 1-\frac{4m_e^2}{s}

with the widths of a mediator of mass :math:`\sqrt s`, which is the exact tree level where the current is conserved. The
number of mediators is an integral over the track length of positrons of the energy E,

.. math::

    \int dE\,T_+(E)\,\sigma = \frac{1}{2m_e m}\int d\varphi\,T_+(E)\,\frac{4\pi(2J+1)}{\beta^2}\,\Gamma_{ee}(\sqrt s)\,
        \frac{\Gamma_f(\sqrt s)}{\Gamma}, \qquad s = m^2 + m\Gamma\tan\varphi,

in which a narrow resonance is no peak: it is :math:`\pi` wide and at :math:`E = m^2/2m_e - m_e`. Not included: the
motion of the electrons in their atoms, and the width due to it; :math:`e^+e^-\to\gamma X` below the resonance.

References
----------
Breit-Wigner formula: [ParticleDataGroup:2024cfk]_, Cross-section formulae for specific processes; its use for positrons
of a beam dump: L. Marsicano et al. [Marsicano:2018krp]_.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pheno import citations, showers
from pheno.constants import ELECTRON_MASS, GEV2_TO_PB
from pheno.decays import virtual_widths
from pheno.experiments import Experiment
from pheno.models import Model
from pheno.track_length import (
    FromShower,
    at_detector,
    beam_and_target,
    detector_angle,
    least_fraction,
    shower_depths,
)

__all__ = ["annihilation"]

FloatArray = NDArray[np.float64]

#: Panels on either side of the resonance, by distance from it in units of that of the end, and nodes of each.
_PANELS: Final = (0.0, 0.03, 0.25, 1.0)
_NODES: Final = 6
#: Logarithms of beam energy over energy of the panels of a beam of positrons, whose track length goes as 1/(y ln^2 y):
#: closer to the beam energy than the last it is its mean.
_NEXT_TO_BEAM: Final = 10.0 ** -np.arange(1.0, 9.0)
#: Width over mass below which it is taken as 0.
_NARROW: Final = 1e-10
#: So it is where the width grows by half up to this, times the mass: next to the threshold of dark matter it grows
#: within the resonance, and a fixed one makes too many by far.
_NEXT: Final = 1.001


def annihilation(experiment: Experiment, model: Model, mass: FloatArray, threads: int | None) -> FromShower | None:
    """Mediators made by annihilation with more energy than the signature asks for.

    Parameters
    ----------
    experiment
        With a target.
    model
        Its width to dark matter is that of the resonance; widths that go with the square of the coupling to electrons
        are narrow.
    mass
        Masses [GeV], one axis.
    threads
        Number of threads.

    Returns
    -------
    FromShower
        None where there is no shower, or no coupling to electrons.

    Notes
    -----
    Good to 2e-3, and to 13 % within 1e-3 of the threshold of dark matter.
    """
    beam, target = beam_and_target(experiment)
    if target.slowing != "shower":
        return None
    to_electrons, dark = virtual_widths(model, mass, mass, threads)
    if to_electrons is None:
        return None
    citations.used("Marsicano:2018krp")
    fixed = 0.0 * dark if model.mediator.name == "tensor" else model.dark_coupling**2 * dark
    above = virtual_widths(model, mass, _NEXT * mass, threads)[1]
    fixed = np.where((fixed < _NARROW * mass) | (above > 1.5 * dark), 0.0, fixed)
    charge = "same" if beam.name == "e+" else "opposite"
    energy, weights = _nodes(experiment, model, mass, fixed, _NEXT_TO_BEAM if charge == "same" else np.empty(0))
    numerator = _numerator(model, mass, energy, np.where(fixed > 0.0, dark, 0.0), threads)
    y = np.log(experiment.energy / energy)
    length = _track_length(experiment.energy, energy, charge) * target.material.radiation_length_cm
    sigma = target.material.mean_charge * weights / (2.0 * ELECTRON_MASS * mass[:, None]) * numerator * GEV2_TO_PB
    square_angle = showers.mean_square_angle(y, experiment.energy, charge)
    return FromShower(
        energies=energy + ELECTRON_MASS,
        lengths_pb_cm=length * sigma,
        depths_cm=shower_depths(target, y, charge),
        aimed=at_detector(0.0, square_angle, detector_angle(experiment)),  # it keeps the direction of the positron
    )


def _track_length(highest: float, energy: FloatArray, charge: str) -> FloatArray:
    """Track length of positrons per energy [X0/GeV]."""
    y, last = np.log(highest / energy), _NEXT_TO_BEAM[-1]
    length: FloatArray = showers.track_density(y, charge) / energy
    if charge == "opposite":
        return length
    mean = showers.cumulative_shower_length(last) / (-highest * np.expm1(-last))  # all of it is that of the beam there
    return np.where(y < last, mean, length)


def _numerator(model: Model, mass: FloatArray, energy: FloatArray, dark: FloatArray, threads: int | None) -> FloatArray:
    r""":math:`4\pi(2J+1)\Gamma_{ee}(\sqrt s)\Gamma_f(\sqrt s)/\beta^2\Gamma` [GeV], masses by nodes.

    f is dark matter, with the width ``dark`` at unit coupling on the shell; anything where that is 0.
    """
    s = (2.0 * ELECTRON_MASS * (energy + ELECTRON_MASS)).ravel()
    on_shell, dark = (np.broadcast_to(array[:, None], energy.shape).ravel() for array in (mass, dark))
    to_electrons, to_dark = virtual_widths(model, on_shell, np.sqrt(s), threads)
    assert to_electrons is not None  # noqa: S101 (the caller has looked)
    ratio = np.divide(to_dark, dark, out=np.ones_like(s), where=dark > 0.0)
    found = 4.0 * np.pi * (2 * model.mediator.spin + 1) * to_electrons * ratio / (1.0 - 4.0 * ELECTRON_MASS**2 / s)
    return np.asarray(found.reshape(energy.shape))


def _nodes(
    experiment: Experiment, model: Model, mass: FloatArray, width: FloatArray, next_to_beam: FloatArray
) -> tuple[FloatArray, FloatArray]:
    r"""Energies of the positron and weights of :math:`d\varphi`, masses by nodes.

    A resonance without a width makes nothing where it is beyond the ends: weights of 0.
    """
    highest = experiment.energy
    # a positron at rest is the least
    least = max(least_fraction(experiment) * highest - ELECTRON_MASS, (1.0 + 1e-9) * ELECTRON_MASS)
    lowest = np.minimum(np.maximum(least, np.where(width > 0.0, _dark_threshold(model, mass), 0.0)), highest)
    peak = mass**2 / (2.0 * ELECTRON_MASS) - ELECTRON_MASS
    half_width = (mass * np.maximum(width, _NARROW * mass) / (2.0 * ELECTRON_MASS))[:, None]
    middle = np.clip(peak, lowest, highest)[:, None]
    share = np.array(_PANELS)
    edges = np.hstack([middle - (middle - lowest[:, None]) * share[::-1], middle + (highest - middle) * share[1:]])
    more = np.clip(highest * np.exp(-next_to_beam), lowest[:, None], highest)
    edges = np.sort(np.hstack([edges, more]), axis=-1)
    ends = np.arctan((edges - peak[:, None]) / half_width)
    x, w = np.polynomial.legendre.leggauss(_NODES)
    half = 0.5 * np.diff(ends, axis=-1)[..., None]
    angle = (ends[:, :-1, None] + half * (x + 1.0)).reshape(mass.size, -1)
    energy = np.clip(peak[:, None] + half_width * np.tan(angle), lowest[:, None], highest)
    closed = (width == 0.0) & ((peak <= lowest) | (peak >= highest))
    weights = np.where(closed[:, None], 0.0, (half * w).reshape(mass.size, -1))
    return np.minimum(energy, highest * (1.0 - 1e-12)), weights


def _dark_threshold(model: Model, mass: FloatArray) -> FloatArray:
    """Energy of the positron from which dark matter can be made [GeV]."""
    if model.dark_matter is None:
        return np.zeros_like(mass)
    lighter, heavier = model.dark_matter.masses(mass)
    pair = lighter + heavier if model.mediator.name == "vector" else 2.0 * lighter
    threshold: FloatArray = pair**2 / (2.0 * ELECTRON_MASS) - ELECTRON_MASS
    return threshold
