r"""Expected events of an experiment, stage by stage: produced, decayed in the right place, accepted, selected.

.. math::

    N = N_\mathrm{beam} \frac{\rho N_A}{A} \int dE\, T(E) \int dE_X \frac{d\sigma}{dE_X}(E)\;
        P_\mathrm{decay}(E_X)\, a(E_X)\, \epsilon

with the track length T of :mod:`pheno.track_length`; in visible modes P is the mean over the depth of production. The
cross section goes with the square of the coupling, and the coupling enters the decays in closed form: :class:`Response`
is calculated once for each mass, and gives the events at any coupling.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import decays, experiments, models, production
from pheno.constants import HBAR_C_M
from pheno.errors import DomainError, broadcast, positive, scalar
from pheno.experiments import Experiment
from pheno.models import Model
from pheno.processes import in_shape
from pheno.track_length import beam_and_target

__all__ = ["Response", "Yield", "expected_events", "response"]

FloatArray = NDArray[np.float64]

#: Slices of the decay volume, graded towards its beginning.
_SLICES: Final = 6
#: Points at which events are counted at once: a scan of a million does not hold every energy of each.
_POINTS: Final = 4096
_RTOL_RANGE: Final = (1e-6, 1e-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """Expected events after each stage; every field has the broadcast shape of mass and coupling.

    Parameters
    ----------
    produced
        Mediators made with enough energy.
    decayed
        Of these, with a decay (or none) that the signature asks for, at the right place.
    accepted
        Of these, in the detector.
    selected
        Of these, after the efficiency: the expected signal.
    annihilation
        Of those produced, by positrons of the shower that annihilate on electrons; the others are radiated, or made by
        photons of the shower where the model couples to photons only.
    cross_sections
        Where the cross sections come from, in words.
    """

    produced: float | FloatArray
    decayed: float | FloatArray
    accepted: float | FloatArray
    selected: float | FloatArray
    annihilation: float | FloatArray
    cross_sections: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Events of one experiment and model at given masses, ready for any coupling.

    Parameters
    ----------
    experiment, model
        What it is for.
    mass
        Masses [GeV], one axis.
    production
        Mediators at unit coupling.
    scaling, fixed
        Total width [GeV] at unit coupling: the part that goes with its square, and dark matter's part that does not.
    wanted
        Of ``scaling``: width into what the signature looks for, at unit coupling.
    wanted_fixed
        Of ``fixed``: the same.
    excited
        Width [GeV] of the heavier dark matter at unit coupling; None if the mediator is what may be seen decaying.
    path
        Decay length times width of what decays, at each energy of the mediator [m GeV].
    aim
        Share that flies at the detector, by slice of the decay volume.
    """

    experiment: Experiment
    model: Model
    mass: FloatArray
    production: production.Production
    scaling: FloatArray
    fixed: FloatArray
    wanted: FloatArray
    wanted_fixed: FloatArray
    excited: FloatArray | None
    path: FloatArray
    aim: FloatArray

    def events(self, coupling: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Events produced, decayed, accepted and selected at one coupling for each mass (same shape)."""
        signature = self.experiment.signature
        squared = np.square(coupling)
        produced = squared * self.production.total
        if signature.is_visible:
            decayed, accepted = self._visible(squared)
        else:
            decayed = accepted = self._invisible(squared)
        return produced, decayed, accepted, accepted * signature.efficiency_at(self.mass)

    def _share(self, squared: FloatArray) -> FloatArray:
        """Branching fraction of what is wanted."""
        total = squared * self.scaling + self.fixed
        wanted = squared * self.wanted + self.wanted_fixed
        share: FloatArray = np.divide(wanted, total, out=np.zeros_like(total), where=total > 0.0)
        return share

    def _visible(self, squared: FloatArray) -> tuple[FloatArray, FloatArray]:
        signature = self.experiment.signature
        edges = _slices(signature.shield_m or 0.0, signature.decay_m or 0.0)
        probability = np.asarray(
            decays.decay_probability(edges[:-1], np.diff(edges), self._lengths(squared)[..., None])
        )
        made = (squared * self._share(squared))[:, None] * self.production.numbers * self._depth(squared)
        decayed = (made * probability.sum(axis=-1)).sum(axis=-1)
        accepted = (made * (probability * self.aim).sum(axis=-1)).sum(axis=-1)
        return decayed, accepted

    def _depth(self, squared: FloatArray) -> FloatArray:
        """What a mediator gains that is made at a depth in the target: exp(depth/L), the mean over both depths."""
        lengths = self._lengths(squared)
        depths = np.moveaxis(self.production.depths_m, -1, 0)
        nearer = np.divide(depths, lengths, out=np.zeros((2, *lengths.shape)), where=lengths > 0.0)
        # beyond 300 nothing is left behind the target anyway
        gain: FloatArray = np.exp(np.minimum(nearer, 300.0)).mean(axis=0)
        return gain

    def _invisible(self, squared: FloatArray) -> FloatArray:
        share = self._share(squared)
        numbers = self.production.numbers
        if not self.path.any():
            gone: FloatArray = squared * share * numbers.sum(axis=-1)
            return gone
        lengths, escape = self._lengths(squared), self.experiment.signature.escape_m
        # without an end of the detector, whatever decays is seen
        if escape is None:
            survival = np.isinf(lengths).astype(np.float64)
        else:  # nothing is left of what is made at rest
            path = np.divide(escape, lengths, out=np.full_like(lengths, np.inf), where=lengths > 0.0)
            survival = np.exp(-path)
        left: FloatArray = (numbers * survival).sum(axis=-1)
        if self.excited is not None:  # both chi leave, the heavier one without a decay inside
            left = share * left
            return np.asarray(squared * left)
        return np.asarray(squared * (share * numbers.sum(axis=-1) + (1.0 - share) * left))

    def _lengths(self, squared: FloatArray) -> FloatArray:
        """Decay lengths [m], masses by energies; infinite without a decay."""
        width = squared * self.scaling + self.fixed if self.excited is None else squared * self.excited
        rate = width[:, None] + np.zeros_like(self.path)
        lengths: FloatArray = np.divide(self.path, rate, out=np.full_like(rate, np.inf), where=rate > 0.0)
        return lengths


def _is_excited(model: Model) -> bool:
    matter = model.dark_matter
    return matter is not None and matter.kind == "pseudo_dirac" and matter.splitting > 0.0


def _slices(start: float, length: float) -> FloatArray:
    edges: FloatArray = start + length * np.linspace(0.0, 1.0, _SLICES + 1) ** 1.5
    return edges


def _seen(experiment: Experiment, mass: FloatArray, energies: FloatArray) -> FloatArray:
    r"""Share of decays at the middle of each slice whose products are seen, masses by energies by slices.

    A product with the share z of the energy flies at the angle :math:`\frac mE\sqrt{(1-z)/z}` to the mediator; massless
    products of an isotropic decay have a uniform z.
    """
    signature = experiment.signature
    edges = _slices(signature.shield_m or 0.0, signature.decay_m or 0.0)
    distance = edges[-1] - 0.5 * (edges[1:] + edges[:-1])
    least = np.zeros((*energies.shape, distance.size))
    safe = np.where(energies > 0.0, energies, np.inf)[..., None]
    if signature.detector_radius_m is not None:
        ratio = signature.detector_radius_m * safe / (mass[:, None, None] * distance)
        least = 1.0 / (1.0 + ratio**2)
    least = np.maximum(least, signature.threshold / safe)
    if signature.products == "both":
        return np.maximum(1.0 - 2.0 * least, 0.0)
    return np.clip(2.0 * (1.0 - least), 0.0, 1.0)


def _path(energies: FloatArray, mass: FloatArray) -> FloatArray:
    """Decay length times width [m GeV], masses by energies."""
    momentum = np.sqrt(np.maximum(energies**2 - mass[:, None] ** 2, 0.0))
    path: FloatArray = HBAR_C_M * momentum / mass[:, None]
    return path


def _excited(model: Model, mass: FloatArray, energies: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Width of the heavier dark matter at unit coupling, and its path; it carries its mean share of the energy."""
    assert model.dark_matter is not None  # noqa: S101 (the caller knows)
    lighter, heavier = (np.asarray(m, dtype=np.float64) for m in model.dark_matter.masses(mass))
    width = np.asarray(decays.excited_widths(model, mass, coupling=1.0).total)
    share = 0.5 * (1.0 + (heavier**2 - lighter**2) / mass**2)
    return width, _path(energies * share[:, None], heavier)


def response(
    experiment: str | Path | Experiment,
    model: str | Path | Model,
    mass: ArrayLike,
    *,
    rtol: float = 1e-3,
    tables: str | Path | None = None,
    threads: int | None = None,
) -> Response:
    """Calculate what does not depend on the coupling; arguments as in :func:`expected_events`."""
    setup, theory = experiments.resolve(experiment), models.resolve(model)
    beam_and_target(setup)
    accuracy = scalar("rtol", rtol, *_RTOL_RANGE)
    if tables is not None and not Path(tables).exists():
        msg = f"tables must be a lookup table or a folder of them, got {str(tables)!r}, which does not exist"
        raise DomainError(msg)
    masses = np.atleast_1d(positive("mass", mass))
    visible, excited = setup.signature.is_visible, _is_excited(theory)
    found = decays.widths(theory, masses, coupling=1.0)
    partial = {channel: np.asarray(width) for channel, width in found.partial.items()}
    dark = sum((width for name, width in partial.items() if name.startswith("chi")), start=np.zeros_like(masses))
    total, invisible = np.asarray(found.total), np.asarray(found.invisible)
    wanted = np.asarray(found.visible) if visible else invisible - dark
    if visible and setup.signature.channels:
        wanted = sum((partial.get(name, 0.0) for name in setup.signature.channels), start=np.zeros_like(masses))
    scales = theory.mediator.name == "tensor"  # whose coupling to dark matter goes with that to the rest
    wanted_dark = 0.0 * dark if visible else dark
    made = _produce(setup, theory, masses, accuracy, tables, threads, energies=visible or excited or not dark.all())
    scaling = total if scales else total - dark
    width, path = None, _path(made.energies, masses)
    if excited and not visible:
        width, path = _excited(theory, masses, made.energies)
    aim = np.ones((*made.energies.shape, 1))
    if visible:
        aim = _seen(setup, masses, made.energies)
        aim *= made.aimed[..., None]
    return Response(
        experiment=setup,
        model=theory,
        mass=masses,
        production=made,
        scaling=scaling,
        fixed=0.0 * dark if scales else dark,
        wanted=wanted + wanted_dark if scales else wanted,
        wanted_fixed=0.0 * dark if scales else wanted_dark,
        excited=width,
        path=path,
        aim=aim,
    )


def _produce(
    setup: Experiment,
    theory: Model,
    mass: FloatArray,
    rtol: float,
    tables: str | Path | None,
    threads: int | None,
    *,
    energies: bool,
) -> production.Production:
    """Mediators at unit coupling, with their energies if decays need them."""
    if energies or theory.convention == "g_agammagamma":
        return production.spectra(setup, theory, mass, rtol=rtol, threads=threads)
    table = production.tabulated(setup, theory, mass, rtol=rtol, tables=tables)
    return production.totals(setup, theory, mass, rtol=rtol, threads=threads, table=table)


def expected_events(
    experiment: str | Path | Experiment,
    model: str | Path | Model,
    mass: ArrayLike,
    *,
    coupling: ArrayLike | None = None,
    epsilon: ArrayLike | None = None,
    rtol: float = 1e-3,
    tables: str | Path | None = None,
    threads: int | None = None,
) -> Yield:
    r"""Expected signal events of an experiment, stage by stage.

    Parameters
    ----------
    experiment
        Name or path of a card, or an :class:`~pheno.experiments.Experiment` (:func:`pheno.experiment` chooses the
        exposure).
    model
        Name or path of a card, or a :class:`~pheno.models.Model`; dark matter is part of it.
    mass
        Mass of the mediator [GeV], any shape.
    coupling
        :math:`g`, :math:`c/\Lambda` [GeV^-1] or :math:`g_{a\gamma\gamma}` [GeV^-1]; 1 unless given. Broadcast with
        ``mass``.
    epsilon
        The same in units of the elementary charge. Not both.
    rtol
        Accuracy of the cross sections, 1e-6 to 0.1.
    tables
        A lookup table (``.pht``) or a folder of them: used where beam, target, window, mass and stated accuracy fit.
        A beam that slows down in its target needs windows that tables do not have.
    threads
        Number of threads; all available cores unless given.

    Returns
    -------
    Yield
        Events produced, decayed, accepted and selected, in the broadcast shape.

    Raises
    ------
    DomainError
        If an argument is not in its range, a name is unknown, the model does not couple to the beam, or it couples to
        photons only and the target has no shower.
    CardError, TableError
        If a card or a table cannot be read.
    ConvergenceError
        If a cross section did not reach ``rtol``.

    Notes
    -----
    Missing energy and momentum: the mediator decays to neutrinos or dark matter, or behind the detector (``escape_m``);
    where an open decay to dark matter dominates, decays to anything else count as seen. Pseudo-Dirac dark matter with a
    splitting: the heavier state must leave the detector before it decays, with its mean share of the energy. Visible:
    the decay lies in the decay volume; products are massless, isotropic, and pass nothing on their way.

    Integrals over the energies of beam and mediator are good to 1e-3, with a shower down to a tenth of the beam energy
    and a threshold to 7e-3. Positrons of a shower annihilate on electrons of the target too (:mod:`pheno.positrons`).
    What couples to photons only is made by photons of the shower (:mod:`pheno.primakoff`); not included: other
    mediators that they make, spin 2 above all.

    References
    ----------
    [Bjorken:2009mm]_, Appendix A and section 3; track length [Tsai:1986tx]_, [Rossi:1941zza]_.

    Examples
    --------
    >>> invisible = models.model("dark_photon", dark_matter="complex_scalar", alpha_D=0.1)
    >>> found = expected_events("na64e", invisible, 0.01, epsilon=1e-4)
    >>> round(found.produced), round(found.selected)
    (106, 53)
    """
    setup, theory = experiments.resolve(experiment), models.resolve(model)
    masses, strength = broadcast(
        mass=positive("mass", mass), coupling=models.coupling_strength(theory, coupling, epsilon)
    )
    unique, where = np.unique(masses, return_inverse=True)
    if not unique.size:
        empty = np.zeros(masses.shape)
        return Yield(
            produced=empty, decayed=empty, accepted=empty, selected=empty, annihilation=empty, cross_sections="none"
        )
    found = response(setup, theory, unique, rtol=rtol, tables=tables, threads=threads)
    size, rows = np.abs(strength).ravel(), where.ravel()
    stages = np.empty((4, size.size))
    for first in range(0, size.size, _POINTS):
        part = slice(first, first + _POINTS)
        stages[:, part] = _at(found, rows[part]).events(size[part])
    produced, decayed, accepted, selected = (in_shape(stage, masses.shape) for stage in stages)
    return Yield(
        produced=produced,
        decayed=decayed,
        accepted=accepted,
        selected=selected,
        annihilation=in_shape(np.square(size) * found.production.annihilation[rows], masses.shape),
        cross_sections=found.production.source,
    )


def _at(found: Response, where: NDArray[np.intp]) -> Response:
    """The same with one entry for each point."""
    made = found.production
    arrays: dict[str, Any] = {
        name: getattr(made, name)[where] for name in ("energies", "numbers", "depths_m", "aimed", "annihilation")
    }
    made = replace(made, **arrays)
    arrays = {
        name: getattr(found, name)[where]
        for name in ("mass", "scaling", "fixed", "wanted", "wanted_fixed", "path", "aim")
    }
    if found.excited is not None:
        arrays["excited"] = found.excited[where]
    return replace(found, production=made, **arrays)
