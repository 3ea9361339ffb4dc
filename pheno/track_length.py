r"""Length that a beam particle travels in a target, as a function of its energy.

A yield is :math:`\int dE\, T(E)\, \sigma(E)` times the density of atoms. :class:`TrackLength` holds energies and
lengths such that this integral is the sum of length times cross section: Gauss-Legendre nodes in the length itself, of
which the energy is a smooth function, while T(E) is nearly a delta function at the beam energy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chndtr, gammainc, gammaln

from pheno import citations, showers
from pheno.beams import Beam
from pheno.constants import ELECTRON_MASS
from pheno.errors import DomainError
from pheno.experiments import Experiment, Target
from pheno.matter import Material

__all__ = [
    "FromShower",
    "TrackLength",
    "at_detector",
    "beam_and_target",
    "cumulative_track_length",
    "detector_angle",
    "energy_loss",
    "least_fraction",
    "shower_depths",
    "track_length",
]

FloatArray = NDArray[np.float64]

#: b of Tsai's formula: 4/3 radiation lengths.
_B = 4.0 / 3.0
#: Panels of the integral over depth; 16 nodes each.
_PANELS = (0.0, 0.05, 0.25, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0)
_NODES_PER_PANEL = 16
#: Least energy of the mediator over that of the beam from which six energies of the electron are enough.
_HIGH_FRACTION = 0.4
#: 4 pi N_A r_e^2 m_e [GeV cm^2/mol]: [ParticleDataGroup:2024cfk], Passage of Particles Through Matter, table 34.1.
_BETHE = 0.307075e-3
#: Plasma energy of 1 electron per 1 g/mol at 1 g/cm^3 [GeV]: the same, (34.6).
_PLASMA = 28.816e-9
#: Radiative losses of a muon in units of (m_e/m)^2/X0: bremsstrahlung 1, pair production 1.3.
_RADIATIVE = 2.3


@dataclass(frozen=True, slots=True)
class TrackLength:
    """Track length of a beam particle.

    Parameters
    ----------
    energies
        Energies [GeV], falling.
    lengths_cm
        Length at each [cm].
    depths_cm
        Two depths in the target [cm] for each energy, of equal weight, which have the mean and the standard deviation
        of the depth at that energy.
    square_angles
        Mean square angle to the beam [rad^2] at each, by multiple scattering of electrons; 0 where it is neglected.
    """

    energies: FloatArray
    lengths_cm: FloatArray
    depths_cm: FloatArray
    square_angles: FloatArray

    @property
    def total_cm(self) -> float:
        """Track length above the least energy that was asked for [cm]."""
        return float(self.lengths_cm.sum())


@dataclass(frozen=True, slots=True)
class FromShower:
    """Mediators that secondary particles of a shower make, at unit coupling; every field is masses by nodes.

    Parameters
    ----------
    energies
        Energies of the mediator [GeV].
    lengths_pb_cm
        Track length times cross section per atom [pb cm].
    depths_cm
        Two depths in the target [cm], of equal weight, on a third axis.
    aimed
        Share that flies at the detector.
    """

    energies: FloatArray
    lengths_pb_cm: FloatArray
    depths_cm: FloatArray
    aimed: FloatArray


def beam_and_target(experiment: Experiment) -> tuple[Beam, Target]:
    """Lepton beam and target of an experiment that radiates.

    Parameters
    ----------
    experiment
        Any.

    Returns
    -------
    tuple
        Both.

    Raises
    ------
    DomainError
        If it has none.
    """
    if experiment.beam is None or experiment.target is None:
        msg = (
            f"experiment must have a lepton beam and a target, got {experiment.name!r}: see "
            "pheno.limits.branching_limit"
        )
        raise DomainError(msg)
    return experiment.beam, experiment.target


def least_fraction(experiment: Experiment) -> float:
    """Least energy of a mediator that is looked at, over that of the beam: a shower without an end is cut at 1e-3."""
    return max(experiment.signature.x_min, 1e-3)


def at_detector(angle: ArrayLike, square_angle: ArrayLike, largest: float) -> FloatArray:
    r"""Chance that what flies at an angle to a particle of the shower flies at the detector.

    The angle of that particle is a Gaussian of two dimensions: together they have the distribution of Rice, whose
    cumulative one is that of a noncentral :math:`\chi^2` with two degrees of freedom.

    Parameters
    ----------
    angle
        To the particle [rad], any shape.
    square_angle
        Mean square angle of the particle [rad^2]; 0 if it flies straight on.
    largest
        Angle of the detector [rad].

    Returns
    -------
    ndarray
        In the broadcast shape.
    """
    angle, square_angle = np.broadcast_arrays(np.asarray(angle, dtype=np.float64), square_angle)
    if np.isinf(largest):
        return np.ones(angle.shape)
    scale = np.divide(2.0, square_angle, out=np.zeros(angle.shape), where=square_angle > 0.0)
    chance = chndtr(scale * largest**2, 2.0, scale * angle**2)
    return np.where(square_angle > 0.0, chance, angle <= largest)


def _two_depths(target: Target, mean: FloatArray, spread: FloatArray) -> FloatArray:
    """Two depths [cm] of equal weight on a last axis, with this mean and standard deviation in radiation lengths."""
    two = np.clip(np.stack([mean - spread, mean + spread], axis=-1), 0.0, target.radiation_lengths)
    depths: FloatArray = two * target.extent_cm / target.radiation_lengths
    return depths


def shower_depths(target: Target, y: FloatArray, of: str) -> FloatArray:
    """Two depths [cm] of equal weight on a last axis, with mean and standard deviation of those of the tracks.

    Parameters
    ----------
    target
        With a shower.
    y
        Logarithm of beam energy over energy.
    of
        Which particles: :func:`pheno.showers.track_density`.

    Returns
    -------
    ndarray
        One axis more than ``y``.
    """
    return _two_depths(target, *showers.depths(y, of))


def detector_angle(experiment: Experiment) -> float:
    """Largest angle at which what is made in the target hits the detector; infinite without one."""
    signature = experiment.signature
    if signature.detector_radius_m is None:
        return inf
    return signature.detector_radius_m / ((signature.shield_m or 0.0) + (signature.decay_m or 0.0))


def cumulative_track_length(y: FloatArray, radiation_lengths: float) -> FloatArray:
    r"""Track length of a radiating electron above the energy :math:`E_0e^{-y}`, in radiation lengths.

    .. math::

        \int_{E_0e^{-y}}^{E_0} dE \int_0^T dt\, I(E_0, E, t) = \frac1b\int_0^{bT} ds\, P(s, y), \qquad
        I = \frac{1}{E_0}\frac{[\ln(E_0/E)]^{bt-1}}{\Gamma(bt)}, \quad b = \tfrac43

    with the regularised incomplete Gamma function P.

    Parameters
    ----------
    y
        Logarithm of beam energy over energy, any shape, not negative.
    radiation_lengths
        Thickness T of the target.

    Returns
    -------
    ndarray
        In the shape of ``y``; relative error below 1e-8 for y > 1e-12.

    References
    ----------
    Y.-S. Tsai [Tsai:1986tx]_, (13); used in [Bjorken:2009mm]_, (A16).
    """
    y = np.asarray(y, dtype=np.float64)
    last = _B * radiation_lengths
    x, w = np.polynomial.legendre.leggauss(_NODES_PER_PANEL)
    # Far below the beam energy all is at s of a few y; next to it at s of 1/|ln y|: panels that shrink with it.
    shrink = 1.0 / np.maximum(1.0, -np.log(np.clip(y, 1e-300, None)))[..., None, None]
    edges = np.minimum(np.array(_PANELS) * shrink[..., 0], last)
    half = 0.5 * np.diff(edges, axis=-1)[..., None]
    s = edges[..., :-1, None] + half * (x + 1.0)
    value: FloatArray = (half * w * gammainc(s, y[..., None, None])).sum(axis=(-2, -1)) / _B
    return value


def _straggling_depths(y: FloatArray, radiation_lengths: float) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of the depth [X0] of a radiating electron at the energies E0 exp(-y)."""
    x, w = np.polynomial.legendre.leggauss(_NODES_PER_PANEL)
    shrink = 1.0 / np.maximum(1.0, -np.log(y))[..., None]
    edges = np.minimum(np.array(_PANELS) * shrink, _B * radiation_lengths)
    half = 0.5 * np.diff(edges, axis=-1)[..., None]
    s = edges[..., :-1, None] + half * (x + 1.0)
    weight = half * w * np.exp((s - 1.0) * np.log(y)[..., None, None] - gammaln(s))
    zeroth, first, second = ((weight * s**n).sum(axis=(-2, -1)) for n in range(3))
    mean = first / zeroth
    return mean / _B, np.sqrt(np.maximum(second / zeroth - mean**2, 0.0)) / _B


@cache
def _radiating(
    slowing: str, radiation_lengths: float, y_max: float, count: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Logarithms y = ln(E0/E), track lengths, and the mean and the standard deviation of the depth [X0]."""
    shower = slowing == "shower"

    def cumulative(y: FloatArray) -> FloatArray:  # of the length, or of length times energy: what grows evenly with y
        return showers.cumulative_track_energy(y) if shower else cumulative_track_length(y, radiation_lengths)

    total = float(cumulative(np.array(y_max)))
    x, w = np.polynomial.legendre.leggauss(count)
    wanted = 0.5 * total * (x + 1.0)
    if shower:  # much of it is next to the least energy, where what can be made vanishes: nodes that crowd there
        end = 0.5 * (1.0 - x)
        wanted, w = total * (1.0 - end**2), 2.0 * w * end
    low, high = np.full(count, -690.0), np.full(count, log(y_max))
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = cumulative(np.exp(middle)) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    y = np.exp(0.5 * (low + high))
    mean, spread = showers.depths(y) if shower else _straggling_depths(y, radiation_lengths)
    return y, 0.5 * total * w * (np.exp(y) if shower else 1.0), mean, spread


def energy_loss(material: Material, beam: Beam, energy: float, mean_excitation_energy: float) -> float:
    r"""Mean energy loss of a muon, :math:`-dE/dX = a(E) + bE` [GeV cm^2/g].

    Ionisation by the Bethe formula with the density effect in its limit of high energies; radiation as
    :math:`b = 2.3\,(m_e/m_\mu)^2/X_0`, which is good to 30 %.

    Parameters
    ----------
    material
        What it passes through.
    beam
        The muon.
    energy
        Its energy [GeV].
    mean_excitation_energy
        I of the material [GeV].

    Returns
    -------
    float
        Loss per mass per area.

    References
    ----------
    [ParticleDataGroup:2024cfk]_, Passage of Particles Through Matter, (34.5), (34.7), (34.40).

    Examples
    --------
    >>> from pheno import beams, matter
    >>> round(1e3 * energy_loss(matter.resolve("Pb"), beams.resolve("mu-"), 160.0, 823e-9), 2)  # MeV cm^2/g
    3.2
    """
    charge = material.mean_charge / material.mean_atomic_weight
    gamma = energy / beam.mass
    beta2 = 1.0 - 1.0 / gamma**2
    ratio = ELECTRON_MASS / beam.mass
    largest = 2.0 * ELECTRON_MASS * beta2 * gamma**2 / (1.0 + 2.0 * gamma * ratio + ratio**2)
    plasma = _PLASMA * sqrt((material.density_g_cm3 or 0.0) * charge)
    density_effect = log(plasma / mean_excitation_energy) + 0.5 * log(beta2 * gamma**2) - 0.5
    logarithm = 0.5 * log(2.0 * ELECTRON_MASS * beta2 * gamma**2 * largest / mean_excitation_energy**2)
    ionisation = _BETHE * charge / beta2 * (logarithm - beta2 - max(density_effect, 0.0))
    return ionisation + _RADIATIVE * ratio**2 / material.radiation_length_g_cm2 * energy


def _slowing_down(target: Target, beam: Beam, energy: float, count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Energies, lengths and depths [cm] of a muon that loses energy; midpoints of Gauss-Legendre steps."""
    x, w = np.polynomial.legendre.leggauss(count)
    depths = 0.5 * target.length_cm * (x + 1.0)
    energies, position = np.empty(count), 0.0
    density = target.material.density_g_cm3 or 0.0
    for i, depth in enumerate(depths):
        step = (depth - position) * density
        first = energy_loss(target.material, beam, energy, target.mean_excitation_energy or 0.0)
        middle = max(energy - 0.5 * step * first, beam.mass * 1.0001)
        loss = energy_loss(target.material, beam, middle, target.mean_excitation_energy or 0.0)
        energy, position = max(energy - step * loss, beam.mass * 1.0001), depth
        energies[i] = energy
    return energies, 0.5 * target.length_cm * w, depths


def track_length(experiment: Experiment, count: int | None = None) -> TrackLength:
    """Track length of one beam particle in the target of an experiment, above ``x_min`` times the beam energy.

    Parameters
    ----------
    experiment
        With a target.
    count
        Number of energies, where the energy is not fixed; 8 unless given, and 6 for a shower where the missing energy
        is more than 0.4 of that of the beam: cross sections are integrated to 4e-4, to 1e-3 with straggling.

    Returns
    -------
    TrackLength
        Nodes of the integral over energy.
    """
    (beam, target), energy = beam_and_target(experiment), experiment.energy
    if target.slowing == "none":
        uniform = 0.5 * target.extent_cm * (1.0 + np.array([[-1.0, 1.0]]) / sqrt(3.0))
        return TrackLength(np.array([energy]), np.array([target.length_cm]), uniform, np.zeros(1))
    if target.slowing == "energy_loss":
        energies, lengths, at = _slowing_down(target, beam, energy, 4)
        return TrackLength(energies, lengths, np.stack([at, at], axis=-1), np.zeros(energies.size))
    citations.used("Rossi:1941zza" if target.slowing == "shower" else "Tsai:1986tx")
    least = least_fraction(experiment)
    few = target.slowing == "shower" and least >= _HIGH_FRACTION and not experiment.signature.is_visible
    nodes = count or (6 if few else 8)
    y, lengths, mean, spread = _radiating(target.slowing, target.radiation_lengths, -log(least), nodes)
    return TrackLength(
        energy * np.exp(-y),
        lengths * target.material.radiation_length_cm,
        _two_depths(target, mean, spread),
        showers.mean_square_angle(y, energy),
    )
