r"""Decays of a mediator: widths, branching fractions, lifetimes, decay lengths and probabilities.

Formulas, sources and accuracy are in docs/physics/decays.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import _core, citations, models
from pheno.constants import CHARGED_PION_MASS, HBAR_C_M, HBAR_S, NEUTRAL_PION_MASS
from pheno.errors import ConvergenceError, DomainError, broadcast, nonnegative, positive, scalar
from pheno.hadrons import hadronic_width
from pheno.loops import LEPTON_MASSES, mixing_squared, photon_loops_squared, three_photon_width
from pheno.processes import in_shape, thread_count

if TYPE_CHECKING:
    from pheno.models import Model

__all__ = [
    "Widths",
    "decay_length_m",
    "decay_probability",
    "excited_widths",
    "lifetime_s",
    "virtual_widths",
    "widths",
]

FloatArray = NDArray[np.float64]

_NEUTRINOS: Final = ("nu_e", "nu_mu", "nu_tau")
#: Channels that leave nothing in a detector; those of dark matter begin with chi.
_INVISIBLE: Final = ("nu nu", "chi")


@dataclass(frozen=True, slots=True)
class Widths:
    """Partial widths and their sum; every field has the broadcast shape of mass and coupling.

    Parameters
    ----------
    total
        Sum of the partial widths [GeV].
    partial
        Width [GeV] by channel: ``"e+e-"``, ``"mu+mu-"``, ``"tau+tau-"``, ``"nu nu"`` (all flavours),
        ``"gamma gamma"``, ``"gamma gamma gamma"``, ``"hadrons"``, and ``"chi chi"``, or ``"chi1 chi2"`` and so on, as
        far as the model has them.
        Read-only.

    Examples
    --------
    >>> found = widths("dark_photon", [0.05, 0.5], epsilon=1e-3)
    >>> sorted(found.partial)
    ['e+e-', 'gamma gamma gamma', 'hadrons', 'mu+mu-', 'tau+tau-']
    >>> found.branching["mu+mu-"].round(3).tolist()
    [0.0, 0.4]
    """

    total: float | FloatArray
    partial: Mapping[str, float | FloatArray]

    @property
    def branching(self) -> Mapping[str, float | FloatArray]:
        """Branching fraction by channel; they sum to 1, or are all 0 where nothing is open."""
        total = np.asarray(self.total)

        def fraction(width: float | FloatArray) -> Any:
            share = np.divide(width, total, out=np.zeros_like(total), where=total > 0.0)
            return share if share.ndim else float(share)

        return MappingProxyType({channel: fraction(width) for channel, width in self.partial.items()})

    @property
    def invisible(self) -> float | FloatArray:
        """Width into neutrinos and dark matter [GeV]."""
        found = [width for channel, width in self.partial.items() if channel.startswith(_INVISIBLE)]
        return sum(found, start=0.0 * np.asarray(self.total)) if found else 0.0 * self.total

    @property
    def visible(self) -> float | FloatArray:
        """Width into everything else [GeV]."""
        found = [width for channel, width in self.partial.items() if not channel.startswith(_INVISIBLE)]
        return sum(found, start=0.0 * np.asarray(self.total)) if found else 0.0 * self.total


def widths(
    model: str | Path | Model,
    mass: ArrayLike,
    *,
    coupling: ArrayLike | None = None,
    epsilon: ArrayLike | None = None,
    threads: int | None = None,
) -> Widths:
    r"""Partial widths and branching fractions of the mediator of a model at tree level, photons of spin 0 by loops.

    Parameters
    ----------
    model
        Name or path of a card, or a :class:`~pheno.models.Model`.
    mass
        Mass of the mediator [GeV], any shape.
    coupling
        :math:`g`, :math:`c/\Lambda` [GeV^-1] or :math:`g_{a\gamma\gamma}` [GeV^-1]; broadcast with ``mass``; 1 unless
        given.
    epsilon
        The same in units of the elementary charge. Not both.
    threads
        Number of threads; all available cores unless given. The result does not depend on it.

    Returns
    -------
    Widths
        In the broadcast shape; a channel that is closed is exactly 0.

    Raises
    ------
    DomainError
        If an argument is not in its range, a name is unknown, or the mass is above 44 GeV where hadrons open by a
        vector current.

    Notes
    -----
    Accuracy: closed forms, relative error below 1e-13; hadrons as measured, see :mod:`pheno.hadrons`. Photons
    of a vector to 1e-4, at one loop; neutrinos by mixing with the Z, which exceed them below 6 keV, are not included.

    References
    ----------
    docs/physics/decays.md, with the source of every width; spin 2: [Lee:2013bua]_.

    Examples
    --------
    >>> found = widths("lmu_minus_ltau", 0.1, coupling=5e-4)
    >>> f"{found.total:.4e} GeV, to neutrinos {found.branching['nu nu']:.7f}"
    '6.6316e-10 GeV, to neutrinos 0.9999795'
    """
    theory = models.resolve(model)
    masses, strength = broadcast(
        mass=positive("mass", mass), coupling=models.coupling_strength(theory, coupling, epsilon)
    )
    core = _Core(theory, np.ascontiguousarray(masses).ravel(), thread_count(threads))
    squared = np.square(strength).ravel()
    partial = {channel: squared * unit for channel, unit in core.standard_model().items()}
    # The coupling to dark matter is that of the model; of the tensor it is a multiple of the coupling.
    dark = (
        squared * theory.c_chi**2
        if theory.mediator.name == "tensor"
        else np.full_like(squared, theory.dark_coupling**2)
    )
    partial |= {channel: dark * unit for channel, unit in core.dark_matter().items()}
    total = np.sum(list(partial.values()), axis=0) if partial else np.zeros(masses.size)
    shaped = {channel: in_shape(width, masses.shape) for channel, width in partial.items()}
    return Widths(in_shape(total, masses.shape), MappingProxyType(shaped))


class _Core:
    """Widths at unit coupling of one theory at flat masses; off the shell those of the virtual mediator."""

    def __init__(self, theory: Model, mass: FloatArray, threads: int, on_shell: FloatArray | None = None) -> None:
        self.theory = theory
        self.kind = theory.mediator.name
        self.mass = mass
        self.on_shell = mass if on_shell is None else on_shell  # the masses of dark matter may go with it
        self.threads = threads

    def pair(self, state: str, m1: float | FloatArray, m2: float | FloatArray | None = None) -> FloatArray:
        first = np.atleast_1d(np.asarray(m1, dtype=np.float64))
        second = first if m2 is None else np.atleast_1d(np.asarray(m2, dtype=np.float64))
        return _core.two_body_width(
            self.mass, first, second, mediator=self.kind, final_state=state, threads=self.threads
        )

    def standard_model(self) -> dict[str, FloatArray]:
        """Width per coupling squared, by channel; only channels the theory has."""
        charges = self.theory.charges
        mixing = mixing_squared(self.theory, self.mass) if self.theory.mixing else None
        found: dict[str, FloatArray] = {}
        for lepton in LEPTON_MASSES:
            width = self.leptons(lepton, mixing)
            if width is not None:
                found[f"{lepton}+{lepton}-"] = width
        neutrinos = sum(charges[name] ** 2 for name in _NEUTRINOS)
        if neutrinos:  # one handedness of a massless fermion
            found["nu nu"] = 0.5 * neutrinos * self.pair("dirac", 0.0)
        photons = self._photons()
        if photons is not None:
            found["gamma gamma"] = photons
        three = self._three_photons(mixing)
        if three is not None:
            found["gamma gamma gamma"] = three
        if mixing is not None:
            found["hadrons"] = mixing * hadronic_width(self.mass)
        elif any(charges[quark] for quark in ("u", "d", "s", "c", "b")):
            found["hadrons"] = hadronic_width(self.mass, charges)
        if charges["pi"]:
            both = self.pair("complex_scalar", CHARGED_PION_MASS) + 0.5 * self.pair("complex_scalar", NEUTRAL_PION_MASS)
            found["hadrons"] = charges["pi"] ** 2 * both
        return found

    def leptons(self, lepton: str, mixing: FloatArray | None) -> FloatArray | None:
        """Width to a pair of charged leptons, None if they do not couple."""
        charge = self.theory.charges[lepton]
        squared = charge**2 if charge else mixing
        return None if squared is None else squared * self.pair("dirac", LEPTON_MASSES[lepton])

    def _photons(self) -> FloatArray | None:
        charges = self.theory.charges
        if charges["gamma"]:
            return charges["gamma"] ** 2 * self.pair("photons", 0.0)
        if self.theory.mediator.spin != 0 or not any(charges[lepton] for lepton in LEPTON_MASSES):
            return None
        return photon_loops_squared(self.theory, self.mass, self.threads) * self.pair("photons", 0.0)

    def _three_photons(self, mixing: FloatArray | None) -> FloatArray | None:
        """By the loop of the lightest lepton that couples; the next one is weaker by the ratio of masses to the 4th."""
        if self.kind != "vector":
            return None
        for lepton, lepton_mass in LEPTON_MASSES.items():
            squared = self.theory.charges[lepton] ** 2 or mixing
            if squared is not None:
                return squared * three_photon_width(self.mass, lepton_mass)
        return None

    def dark_matter(self) -> dict[str, FloatArray]:
        """Width per dark coupling squared, by channel."""
        matter = self.theory.dark_matter
        if matter is None:
            return {}
        lighter, heavier = matter.masses(self.on_shell)
        majorana = "dirac_opposite" if self.kind == "vector" else "dirac"
        if matter.kind == "dirac":
            return {"chi chi": self.pair("dirac", lighter)}
        if matter.kind == "majorana":  # identical particles
            return {"chi chi": 0.5 * self.pair(majorana, lighter)}
        if matter.kind == "complex_scalar":
            return {"chi chi": self.pair("complex_scalar", lighter)}
        if matter.kind == "vector":
            return {"chi chi": self.pair("real_vector", lighter)}
        if self.kind == "vector":
            return {"chi1 chi2": self.pair("dirac", lighter, heavier)}
        return {
            "chi1 chi1": 0.5 * self.pair("dirac", lighter),
            "chi2 chi2": 0.5 * self.pair("dirac", heavier),
        }


def virtual_widths(
    theory: Model, mass: FloatArray, invariant_mass: FloatArray, threads: int | None
) -> tuple[FloatArray | None, FloatArray]:
    """Widths at unit couplings of a mediator off its shell, to electrons and to dark matter.

    Parameters
    ----------
    theory
        The model.
    mass
        Mass of the mediator [GeV], flat: that of dark matter may go with it.
    invariant_mass
        That of the virtual mediator [GeV], in the same shape.
    threads
        Number of threads.

    Returns
    -------
    tuple of ndarray
        To an electron and a positron, None without a coupling; and to dark matter, 0 without any.
    """
    core = _Core(theory, invariant_mass, thread_count(threads), on_shell=mass)
    mixing = mixing_squared(theory, invariant_mass) if theory.mixing else None
    dark = sum(core.dark_matter().values(), start=np.zeros_like(mass))
    return core.leptons("e", mixing), dark


def excited_widths(
    model: str | Path | Model,
    mass: ArrayLike,
    *,
    coupling: ArrayLike | None = None,
    epsilon: ArrayLike | None = None,
    rtol: float = 1e-8,
    threads: int | None = None,
) -> Widths:
    r"""Widths of the heavier state of pseudo-Dirac dark matter, :math:`\chi_2 \to \chi_1 l^+l^-`, at tree level.

    .. math::

        \Gamma = \int \frac{dq^2}{\pi}\,
            \frac{\sqrt{q^2}\,\Gamma(V^*\to l^+l^-)\, \Gamma(\chi_2\to\chi_1 V^*)}{(q^2-m^2)^2}

    with all masses kept and the mediator off its shell.

    Parameters
    ----------
    model
        A model with a vector mediator and pseudo-Dirac dark matter.
    mass, coupling, epsilon, threads
        As in :func:`widths`.
    rtol
        Requested relative accuracy, 1e-12 to 0.1. It is met or an exception is raised.

    Returns
    -------
    Widths
        Channels ``"chi1 e+e-"``, ``"chi1 mu+mu-"``, ``"chi1 tau+tau-"`` as far as the model has them; exactly 0 below
        threshold.

    Raises
    ------
    DomainError
        If the model is of another kind, an argument is not in its range, or the splitting exceeds the mass of the
        mediator, which is then made on its shell.
    ConvergenceError
        If the accuracy was not reached somewhere.

    Notes
    -----
    Hadrons, open above a splitting of 0.28 GeV, and neutrinos are not included. For a heavy mediator and
    :math:`m_e \ll m_2-m_1 \ll m_1` the width is :math:`4\alpha\alpha_D\epsilon^2(m_2-m_1)^5/15\pi m^4` [1].

    References
    ----------
    [1] [Izaguirre:2017bqb]_.

    Examples
    --------
    >>> split = models.model("dark_photon", dark_matter="pseudo_dirac", ratio=3.0, splitting=0.4, alpha_D=0.1)
    >>> found = excited_widths(split, 0.3, epsilon=1e-3)
    >>> f"{found.total:.3e} GeV"
    '5.029e-16 GeV'
    """
    theory = models.resolve(model)
    matter = theory.dark_matter
    if theory.mediator.name != "vector" or matter is None or matter.kind != "pseudo_dirac":
        msg = f"model must have a vector mediator and pseudo_dirac dark matter, got {theory.name!r}"
        raise DomainError(msg)
    tolerance = scalar("rtol", rtol, 1e-12, 0.1)
    masses, strength = broadcast(
        mass=positive("mass", mass), coupling=models.coupling_strength(theory, coupling, epsilon)
    )
    flat = np.ascontiguousarray(masses).ravel()
    lighter, _ = matter.masses(flat)
    splitting = lighter * matter.splitting
    on_shell = splitting >= flat
    if on_shell.any():
        msg = (
            f"mass must be above the splitting m_2 - m_1 = {splitting[on_shell][0]:g} GeV: below, chi_2 decays to "
            f"chi_1 and the mediator on its shell, got {flat[on_shell][0]:g} "
            f"({np.count_nonzero(on_shell)} of {flat.size} values)"
        )
        raise DomainError(msg)
    citations.used("Izaguirre:2017bqb")
    squared = np.square(strength).ravel() * theory.dark_coupling**2
    partial: dict[str, FloatArray] = {}
    for lepton, lepton_mass in LEPTON_MASSES.items():
        charge = theory.charges[lepton] ** 2
        if not charge:
            continue
        value, error, _, status = _core.three_body_width(
            lighter, splitting, flat, lepton_mass=lepton_mass, rtol=tolerance, threads=thread_count(threads)
        )
        if status.any():
            first = int(np.flatnonzero(status)[0])
            msg = (
                f"the width to chi1 {lepton}+{lepton}- did not reach rtol = {tolerance:g} at mass = {flat[first]:g}: "
                f"error {error[first]:.3g} of {value[first]:.3g}"
            )
            raise ConvergenceError(msg)
        partial[f"chi1 {lepton}+{lepton}-"] = squared * charge * value
    total = np.sum(list(partial.values()), axis=0) if partial else np.zeros(flat.size)
    shaped = {channel: in_shape(width, masses.shape) for channel, width in partial.items()}
    return Widths(in_shape(total, masses.shape), MappingProxyType(shaped))


def lifetime_s(
    model: str | Path | Model,
    mass: ArrayLike,
    *,
    coupling: ArrayLike | None = None,
    epsilon: ArrayLike | None = None,
    threads: int | None = None,
) -> float | FloatArray:
    r"""Lifetime of the mediator at rest, :math:`\tau = \hbar/\Gamma` [s].

    Parameters
    ----------
    model, mass, coupling, epsilon, threads
        As in :func:`widths`.

    Returns
    -------
    float or ndarray
        In the broadcast shape; infinite where no channel is open.

    Raises
    ------
    DomainError
        As :func:`widths`.

    Examples
    --------
    >>> f"{lifetime_s('dark_photon', 0.0167, epsilon=1e-3):.2e} s"
    '1.62e-14 s'
    """
    total = np.asarray(widths(model, mass, coupling=coupling, epsilon=epsilon, threads=threads).total)
    lifetime = np.divide(HBAR_S, total, out=np.full_like(total, np.inf), where=total > 0.0)
    return lifetime if lifetime.ndim else float(lifetime)


def decay_length_m(
    model: str | Path | Model,
    mass: ArrayLike,
    energy: ArrayLike,
    *,
    coupling: ArrayLike | None = None,
    epsilon: ArrayLike | None = None,
    threads: int | None = None,
) -> float | FloatArray:
    r"""Mean decay length in the laboratory, :math:`L = \frac{p}{m}\frac{\hbar c}{\Gamma}` [m].

    Parameters
    ----------
    model, mass, coupling, epsilon, threads
        As in :func:`widths`.
    energy
        Energy of the mediator [GeV], broadcast with the others; at least its mass.

    Returns
    -------
    float or ndarray
        In the broadcast shape; infinite where no channel is open.

    Raises
    ------
    DomainError
        As :func:`widths`, and if an energy is below the mass.

    Examples
    --------
    The rule of thumb for an axion-like particle, 4 m:

    >>> round(decay_length_m("alp_photon", 0.1, 100.0, coupling=1e-4), 3)
    3.967
    """
    masses, energies = broadcast(mass=positive("mass", mass), energy=positive("energy", energy))
    slow = energies < masses
    if slow.any():
        msg = (
            f"energy must be at least the mass, got {energies[slow][0]:g} for a mass of {masses[slow][0]:g} "
            f"({np.count_nonzero(slow)} of {energies.size} values)"
        )
        raise DomainError(msg)
    found = widths(model, mass, coupling=coupling, epsilon=epsilon, threads=threads).total
    boost, total = broadcast(
        energy=np.sqrt((energies - masses) * (energies + masses)) / masses, coupling=np.asarray(found)
    )
    length = np.divide(HBAR_C_M * boost, total, out=np.full(total.shape, np.inf), where=total > 0.0)
    return length if length.ndim else float(length)


def decay_probability(
    start_m: ArrayLike, length_m: ArrayLike, decay_length_m: ArrayLike, *, weights: ArrayLike | None = None
) -> float | FloatArray:
    r"""Probability to decay between two distances from the place of production.

    .. math:: P = e^{-D/L}\,(1 - e^{-d/L})

    Parameters
    ----------
    start_m
        Distance D to the beginning of the decay volume [m].
    length_m
        Its length d [m].
    decay_length_m
        Mean decay length L [m], 0 to infinity, as of :func:`pheno.decay_length_m`.
    weights
        If given: the probability is averaged over the last axis with these weights, which need not be normalised;
        for a spectrum, the number of mediators at each energy, with the decay lengths at the same energies.

    Returns
    -------
    float or ndarray
        In the broadcast shape, less the last axis if averaged.

    Raises
    ------
    DomainError
        If a distance is negative or not finite, a decay length is negative or NaN, or weights are negative, all 0,
        or have no axis.

    Notes
    -----
    Relative error below 1e-12 wherever P is not subnormal, for long and for short L: the exponent has at most 700 and
    the difference is not taken. L = 0 gives 1 from the place of production on and 0 elsewhere, L = infinity gives 0.

    Examples
    --------
    >>> decay_probability(0.0, 1.0, 1e20)
    1e-20
    >>> round(decay_probability([10.0], 5.0, [1.0, 10.0, 100.0], weights=[1, 2, 1]), 4)
    0.0834
    """
    start, length = nonnegative("start_m", start_m), nonnegative("length_m", length_m)
    mean = np.asarray(decay_length_m)
    finite_part = np.where(np.isposinf(mean), 0.0, mean) if mean.dtype.kind == "f" else mean
    nonnegative("decay_length_m", finite_part)  # infinity is allowed: nothing decays
    start, length, mean = broadcast(start_m=start, length_m=length, decay_length_m=mean.astype(np.float64))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        before, within = start / mean, length / mean
        before = np.where(start == 0.0, 0.0, before)  # not 0/0
        within = np.where(length == 0.0, 0.0, within)
        probability = np.exp(-before) * -np.expm1(-within)
    if weights is None:
        return probability if probability.ndim else float(probability)
    return _averaged(probability, weights)


def _averaged(probability: FloatArray, weights: ArrayLike) -> float | FloatArray:
    share = nonnegative("weights", weights)
    if not share.ndim:
        msg = "weights must have an axis to average over, got one number"
        raise DomainError(msg)
    probability, share = broadcast(decay_length_m=probability, weights=share)
    norm = share.sum(axis=-1)
    if not (norm > 0.0).all():
        msg = "weights must not all be 0"
        raise DomainError(msg)
    mean = (probability * share).sum(axis=-1) / norm
    return mean if mean.ndim else float(mean)
