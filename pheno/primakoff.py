r"""Axion-like particles from photons in the field of a nucleus, :math:`\gamma N \to aN`, at exact tree level.

.. math::

    \frac{d\sigma}{dt} = \frac{\alpha g^2}{8}\,G_2(t)\,\frac{q_\perp^2}{t^2}, \qquad
    q_\perp^2 = t - \frac{(t+m^2)^2}{4E^2} - \frac{t\,(t+m^2)}{2M_NE} = \kappa\,(t-t_\min)(t_\max-t), \quad
    \kappa = \frac{1}{4E^2}+\frac{1}{2M_NE}

for :math:`\mathcal L = -\frac g4 aF\tilde F`, and the same for a scalar with :math:`-\frac g4 sFF`: both squared
amplitudes are :math:`2e^2G_2g^2(M_NEq_\perp)^2/t^2` on a nucleus of spin 0, with the momentum :math:`q_\perp` of a
across the photon.

References
----------
Derived here; the same process: R. R. Dusaev et al. [arXiv:2004.04469]_. Form factors [Bjorken:2009mm]_, (A18).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import form_factors, matter, showers
from pheno.constants import ALPHA, GEV2_TO_PB
from pheno.errors import DomainError, broadcast, nonnegative, positive, squarable
from pheno.experiments import Experiment
from pheno.form_factors import FormFactor
from pheno.matter import Material
from pheno.models import Model
from pheno.track_length import (
    FromShower,
    at_detector,
    beam_and_target,
    detector_angle,
    least_fraction,
    shower_depths,
)

__all__ = ["cross_section", "produced"]

FloatArray = NDArray[np.float64]

#: Panels in ln t and nodes of each.
_PANELS: Final = 14
_NODES: Final = 12
#: Momentum transfer from which is integrated [GeV^2]: atoms are neutral to what is this long.
_LEAST_T: Final = 1e-30
#: Points at which all nodes are held at once.
_POINTS: Final = 1024
#: Energies of the photons of a shower.
_ENERGIES: Final = 16


def cross_section(
    mass: ArrayLike,
    energy: ArrayLike,
    *,
    target: str | Material | tuple[int, float] = "Pb",
    coupling: ArrayLike = 1.0,
    form_factor: str | FormFactor = "tsai",
) -> float | FloatArray:
    r"""Total cross section :math:`\gamma N \to aN` per atom [pb].

    Parameters
    ----------
    mass
        Mass of the axion-like particle [GeV].
    energy
        Energy of the photon [GeV]; broadcast with ``mass`` and ``coupling``.
    target
        Element, isotope, compound, (Z, A) or :class:`~pheno.matter.Material`.
    coupling
        :math:`g_{a\gamma\gamma}` [GeV^-1].
    form_factor
        Of the nucleus: :func:`pheno.form_factors.names`.

    Returns
    -------
    float or ndarray
        Cross section [pb], in the broadcast shape; 0 below threshold. Relative accuracy 1e-7 for the form factors of
        atoms.

    Raises
    ------
    DomainError
        If an argument is not in its range, or a name is unknown.

    References
    ----------
    The equation of :mod:`pheno.primakoff`; the same process in [arXiv:2004.04469]_.

    Examples
    --------
    >>> f"{cross_section(0.01, 60.0, target='Pb', coupling=1e-3):.4g} pb"
    '3.409e+04 pb'
    """
    masses, energies, g = broadcast(
        mass=positive("mass", mass),
        energy=positive("energy", energy),
        coupling=squarable("coupling", nonnegative("coupling", coupling)),
    )
    material = matter.resolve(target)
    sigma = np.zeros(masses.size)
    for Z, A, fraction in material.atomic_fractions:
        for part in _parts(masses.size):
            t, weights, _ = _per_photon(masses.ravel()[part], energies.ravel()[part], Z, A, form_factor)
            sigma[part] += fraction * (weights * t).sum(axis=-1)
    sigma *= np.square(g.ravel())
    return sigma.reshape(masses.shape) if masses.shape else float(sigma[0])


def _parts(size: int) -> Iterator[slice]:
    return (slice(first, first + _POINTS) for first in range(0, size, _POINTS))


def _per_photon(
    mass: FloatArray, energy: FloatArray, Z: float, A: float, form_factor: str | FormFactor
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Nodes in t, :math:`d\sigma/dt` times weights [pb] over t, and :math:`q_\perp` [GeV]; points by nodes."""
    nucleus = matter.nuclear_mass(A)
    curvature = 1.0 / (4.0 * energy**2) + 1.0 / (2.0 * nucleus * energy)
    slope = 1.0 - mass**2 / (2.0 * energy**2) - mass**2 / (2.0 * nucleus * energy)
    discriminant = slope**2 - curvature * mass**4 / energy**2
    open_ = (slope > 0.0) & (discriminant > 0.0)
    highest = np.where(open_, 0.5 * (slope + np.sqrt(np.maximum(discriminant, 0.0))) / curvature, 1.0)
    lowest = np.where(open_, mass**4 / (4.0 * energy**2) / curvature / highest, 1.0)
    edges = np.linspace(0.0, 1.0, _PANELS + 1)
    x, w = np.polynomial.legendre.leggauss(_NODES)
    at = (edges[:-1, None] + 0.5 / _PANELS * (x + 1.0)).ravel()
    first = np.maximum(lowest, _LEAST_T)[:, None]
    span = np.log(highest[:, None] / first)
    t = first * np.exp(span * at)
    square = curvature[:, None] * (t - lowest[:, None]) * (highest[:, None] - t)
    density = ALPHA / 8.0 * form_factors.evaluate(form_factor, t, Z=Z, A=A) * square / t**2 * GEV2_TO_PB
    weights = np.where(open_[:, None], span * np.tile(0.5 / _PANELS * w, _PANELS) * density, 0.0)
    return t, weights, np.sqrt(np.maximum(square, 0.0))


def produced(experiment: Experiment, model: Model, mass: FloatArray) -> FromShower:
    """Axion-like particles that photons of the shower make with more energy than the signature asks for.

    Parameters
    ----------
    experiment
        With a shower in its target.
    model
        With a coupling to photons.
    mass
        Masses [GeV], one axis.

    Returns
    -------
    FromShower
        At unit coupling to photons.

    Raises
    ------
    DomainError
        If there is no shower.
    """
    _, target = beam_and_target(experiment)
    if target.slowing != "shower":
        msg = (
            f"experiment must have a target with slowing = 'shower' for {model.name!r}, which couples to photons only, "
            f"got {experiment.name!r}"
        )
        raise DomainError(msg)
    x, w = np.polynomial.legendre.leggauss(_ENERGIES)
    v = 0.5 * (x + 1.0)  # towards the beam energy the density of photons goes with 1/ln(1/y)
    y_max = -np.log(least_fraction(experiment))
    y, weights = y_max * v**2, y_max * v * w
    energy = experiment.energy * np.exp(-y)
    track = weights * showers.track_density(y, "photons") * target.material.radiation_length_cm
    square_angle = showers.mean_square_angle(y, experiment.energy, "photons")
    masses, energies = (array.ravel() for array in np.meshgrid(mass, energy, indexing="ij"))
    sigma, aimed = np.zeros((2, mass.size * y.size))
    spread, largest = np.tile(square_angle, mass.size), detector_angle(experiment)
    for Z, A, fraction in target.material.atomic_fractions:
        for part in _parts(sigma.size):
            t, density, across = _per_photon(masses[part], energies[part], Z, A, "tsai")
            sigma[part] += fraction * (density * t).sum(axis=-1)
            share = at_detector(across / energies[part][:, None], spread[part][:, None], largest)
            aimed[part] += fraction * (density * t * share).sum(axis=-1)
    shape = (mass.size, y.size)
    share = np.divide(aimed, sigma, out=np.zeros_like(sigma), where=sigma > 0.0)
    return FromShower(
        energies=np.broadcast_to(energy, shape),
        lengths_pb_cm=sigma.reshape(shape) * track,
        depths_cm=np.broadcast_to(shower_depths(target, y, "photons"), (*shape, 2)),
        aimed=share.reshape(shape),
    )
