r"""Anomalous magnetic moments of electron and muon: what a mediator adds, and what the measurements leave room for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import pi
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import _core, citations, models
from pheno.cards import open_card, package_card
from pheno.constants import ELECTRON_MASS, ELEMENTARY_CHARGE, MUON_MASS
from pheno.errors import CardError, ConvergenceError, DomainError, broadcast, choice, positive, scalar
from pheno.loops import kinetic_mixing
from pheno.processes import thread_count

if TYPE_CHECKING:
    from pheno.models import Model

__all__ = ["Band", "bands", "coupling_band", "delta_a"]

FloatArray = NDArray[np.float64]

_LEPTONS: Final = {"e": ELECTRON_MASS, "mu": MUON_MASS}
_RTOL: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Band:
    """Difference between a measured and a calculated magnetic moment.

    Parameters
    ----------
    name
        As in the card.
    lepton
        ``"e"`` or ``"mu"``.
    value, error
        Experiment less Standard Model, and its standard deviation.
    notes, cites
        What it compares, and the publications.
    """

    name: str
    lepton: str
    value: float
    error: float
    notes: str
    cites: tuple[str, ...]


@cache
def bands() -> Mapping[str, Band]:
    """Return the bands that ship with pheno.

    Returns
    -------
    mapping of str to Band
        By name, read-only.

    Examples
    --------
    >>> band = bands()["mu_2021"]
    >>> f"({1e11 * band.value:.0f} +- {1e11 * band.error:.0f})e-11"
    '(251 +- 59)e-11'
    """
    found: dict[str, Band] = {}
    with open_card(package_card("magnetic_moments.toml")) as card:
        if card.integer("schema") != 1:
            msg = f"{card.where('schema')}: must be 1"
            raise CardError(msg)
        table = card.table("bands")
        for name in table.names():
            band = table.table(name)
            found[name] = Band(
                name,
                choice("lepton", band.text("lepton"), _LEPTONS),
                band.number("value"),
                band.number("error"),
                band.text("notes"),
                band.texts("source"),
            )
    return MappingProxyType(found)


def delta_a(
    model: str | Path | Model,
    mass: ArrayLike,
    *,
    lepton: str = "mu",
    coupling: ArrayLike | None = None,
    epsilon: ArrayLike | None = None,
    threads: int | None = None,
) -> float | FloatArray:
    r"""What the mediator adds to the anomalous magnetic moment of a lepton, at one loop.

    .. math::

        \Delta a = \frac{g^2}{8\pi^2}\int_0^1 \frac{N(x)\,dx}{(1-x)^2+r^2x}, \qquad r = \frac{m}{m_l},

    with :math:`N = (1-x)^2(1+x)` for the scalar, :math:`-(1-x)^3` for the pseudoscalar, :math:`2x(1-x)^2` for the
    vector and :math:`-2x(1-x)(3+x)-4(1-x)^3/r^2` for the axial vector.

    Parameters
    ----------
    model, mass, coupling, epsilon, threads
        As in :func:`pheno.widths`.
    lepton
        ``"e"`` or ``"mu"``.

    Returns
    -------
    float or ndarray
        In the broadcast shape; exactly 0 if the mediator does not couple to the lepton.

    Raises
    ------
    DomainError
        If an argument is not in its range, or for the tensor: see Notes.

    Notes
    -----
    Relative accuracy 1e-12. With induced mixing, a lepton without a charge couples with the mixing
    at zero momentum.

    Spin 2: :math:`\Delta a = f(r)\, (c\,m_l/4\pi\Lambda)^2` with f from 10/3 for light to 5 for heavy tensors. With one
    coupling to lepton and photon the divergences of the five diagrams cancel, but heavy tensors do not decouple: the
    number is as sensitive to what lies above the cut-off :math:`\Lambda` as to the tensor itself [2]. With unequal
    couplings the result grows with the cut-off, :math:`4c_l(c_\gamma-c_l)\ln\Lambda^2` and powers, and is refused.

    References
    ----------
    [1] [Leveille:1977rc]_. [2] [Graesser:1999yg]_.

    Examples
    --------
    >>> f"{delta_a('lmu_minus_ltau', 0.1, coupling=5e-4):.3e}"
    '7.009e-10'
    """
    theory = models.resolve(model)
    lepton = choice("lepton", lepton, _LEPTONS)
    masses, strength = broadcast(
        mass=positive("mass", mass), coupling=models.coupling_strength(theory, coupling, epsilon)
    )
    unit = _at_unit_coupling(theory, np.ascontiguousarray(masses).ravel(), lepton, thread_count(threads))
    found = (unit * np.square(strength).ravel()).reshape(masses.shape)
    return found if found.ndim else float(found)


def _charge(theory: Model, lepton: str) -> float:
    charge = theory.charges[lepton]
    if charge or not theory.mixing:
        return charge
    at_rest = kinetic_mixing(theory, 1e-6 * ELECTRON_MASS)
    return float(np.asarray(at_rest).real) * ELEMENTARY_CHARGE


def _at_unit_coupling(theory: Model, mass: FloatArray, lepton: str, threads: int) -> FloatArray:
    charge, lepton_mass = _charge(theory, lepton), _LEPTONS[lepton]
    if charge == 0.0:
        return np.zeros(mass.shape)
    tensor = theory.mediator.name == "tensor"
    if tensor:
        _require_universal(theory)
    citations.used("Graesser:1999yg" if tensor else "Leveille:1977rc")
    value, error, _, status = _core.magnetic_moment(
        mass / lepton_mass, mediator=theory.mediator.name, rtol=_RTOL, threads=threads
    )
    if status.any():
        first = int(np.flatnonzero(status)[0])
        msg = (
            f"the loop did not reach {_RTOL:g} at mass = {mass[first]:g}: "
            f"error {error[first]:.3g} of {value[first]:.3g}"
        )
        raise ConvergenceError(msg)
    scale = lepton_mass if tensor else 1.0
    return (charge * scale) ** 2 / (8.0 * pi**2) * value


def _require_universal(theory: Model) -> None:
    """Raise unless lepton and photon couple to the tensor with the same strength: otherwise the loop diverges."""
    if theory.mediator.c_l != theory.mediator.c_gamma:
        msg = (
            f"model must couple to lepton and photon with the same strength for a magnetic moment, got {theory.name!r} "
            f"with c_l = {theory.mediator.c_l:g} and c_gamma = {theory.mediator.c_gamma:g}: the loop diverges"
        )
        raise DomainError(msg)


def coupling_band(
    model: str | Path | Model,
    mass: ArrayLike,
    *,
    band: str | Band = "mu_2021",
    sigmas: float = 1.0,
    threads: int | None = None,
) -> tuple[Any, Any, Any]:
    """Couplings that explain a difference between measurement and theory: the band of the plots.

    Parameters
    ----------
    model, mass, threads
        As in :func:`delta_a`.
    band
        Name of a band, see :func:`bands`, or a :class:`Band`.
    sigmas
        Half-width of the band in standard deviations.

    Returns
    -------
    tuple of float or ndarray
        Lower edge, centre and upper edge of the absolute coupling, in the shape of ``mass`` and the unit of the
        model's coupling. An edge or centre whose difference has the other sign than the mediator's contribution is 0.

    Raises
    ------
    DomainError
        If the mediator moves the moment away from the whole band, or not at all, and as :func:`delta_a`.

    Examples
    --------
    >>> low, centre, high = coupling_band("lmu_minus_ltau", 0.02)
    >>> f"{low:.2e} {centre:.2e} {high:.2e}"
    '4.86e-04 5.56e-04 6.18e-04'
    """
    chosen = band if isinstance(band, Band) else bands()[choice("band", band, bands())]
    width = scalar("sigmas", sigmas, 0.0, 100.0) * chosen.error
    theory = models.resolve(model)
    unit = np.asarray(delta_a(theory, mass, lepton=chosen.lepton, threads=threads))
    sign = np.sign(unit)
    edges = [chosen.value - width, chosen.value, chosen.value + width]
    if (unit == 0.0).any() or (np.maximum(sign * edges[0], sign * edges[2]) <= 0.0).any():
        why = "does not move" if (unit == 0.0).any() else "lowers" if (sign < 0).any() else "raises"
        msg = (
            f"no coupling explains the band {chosen.name!r}, {chosen.value:.3g} +- {width:.3g}: "
            f"the mediator of {theory.name!r} {why} the moment"
        )
        raise DomainError(msg)
    citations.used(*chosen.cites)
    low, centre, high = (np.sqrt(np.maximum(sign * edge, 0.0) / np.abs(unit)) for edge in edges)
    low, high = np.minimum(low, high), np.maximum(low, high)
    return (low, centre, high) if low.ndim else (float(low), float(centre), float(high))
