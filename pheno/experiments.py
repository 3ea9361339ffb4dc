r"""Experiments: beam, exposure, target, what counts as a signal, and what was counted.

An experiment is data: one card in ``pheno/cards/experiments``, or a card of the user's own by path. Every number of a
card has its source in the table ``sources``, under its own key; ``unverified`` lists the numbers that nobody has yet
compared with the text of that source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import beams, citations, matter
from pheno.beams import Beam
from pheno.cards import Card, errors_of, experiment_cards, open_card
from pheno.errors import CardError, DomainError, choice, nearest, nonnegative, positive, scalar, within
from pheno.matter import Material

__all__ = ["Counts", "Experiment", "Meson", "Signature", "Target", "experiment", "names", "resolve"]

FloatArray = NDArray[np.float64]

_KINDS: Final = ("missing_energy", "missing_momentum", "visible", "semi_visible", "invisible_meson")
_SLOWING: Final = ("none", "straggling", "shower", "energy_loss")
#: Thickness [radiation lengths] from which a target holds the part of a shower that matters.
_SHOWER_THICKNESS: Final = 20.0
_PRODUCTS: Final = ("either", "both")
#: Names of visible decays, as of :class:`pheno.decays.Widths`.
_CHANNELS: Final = ("e+e-", "mu+mu-", "tau+tau-", "hadrons", "gamma gamma", "gamma gamma gamma")
#: Tables of a card whose numbers need a source.
_WITH_NUMBERS: Final = ("beam.", "exposures.", "target.", "signature.", "mesons.", "counts.")
_CM_PER_M: Final = 100.0


def _positive(name: str, value: float) -> float:
    return scalar(name, positive(name, value))


def _nonnegative(name: str, value: float) -> float:
    return scalar(name, nonnegative(name, value))


@dataclass(frozen=True, slots=True)
class Target:
    r"""What the beam passes through.

    Parameters
    ----------
    material
        Element or compound.
    length_cm
        Length along the beam [cm].
    slowing
        What happens to the beam inside: ``"none"`` (thin), ``"straggling"`` (an electron radiates, Tsai's formula),
        ``"shower"`` (the same with all electrons and positrons that follow; at least 20 radiation lengths),
        ``"energy_loss"`` (a muon loses energy continuously).
    mean_excitation_energy
        Of the material [GeV]; ``"energy_loss"`` needs it.
    stretch
        Extent along the beam, with all that lies between the layers of the target, over the length.

    Raises
    ------
    DomainError
        If the length is not positive, the extent is shorter than it, the material has no density, something that
        ``slowing`` needs is missing, or a target with a shower is too thin.
    """

    material: Material
    length_cm: float
    slowing: str = "none"
    mean_excitation_energy: float | None = None
    stretch: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "length_cm", _positive("length", self.length_cm))
        choice("slowing", self.slowing, _SLOWING)
        if self.material.density_g_cm3 is None:
            msg = f"material must have a density, got {self.material.name!r} without one"
            raise DomainError(msg)
        if (self.mean_excitation_energy is None) == (self.slowing == "energy_loss"):
            msg = (
                f"mean_excitation_energy must be given for slowing 'energy_loss', and only there, got {self.slowing!r}"
            )
            raise DomainError(msg)
        if self.mean_excitation_energy is not None:
            _positive("mean_excitation_energy", self.mean_excitation_energy)
        if not scalar("stretch", self.stretch) >= 1.0:
            msg = f"extent must not be shorter than the length of {self.length_cm:g} cm, got {self.extent_cm:g} cm"
            raise DomainError(msg)
        if self.slowing == "shower" and self.radiation_lengths < _SHOWER_THICKNESS * (1.0 - 1e-9):
            needed = f"{_SHOWER_THICKNESS:g} radiation lengths or more"
            msg = f"slowing 'shower' needs a target of {needed}, got {self.radiation_lengths:.3g}"
            raise DomainError(msg)

    @property
    def area_density_g_cm2(self) -> float:
        """Mass per area along the beam [g/cm^2]."""
        return self.length_cm * (self.material.density_g_cm3 or 0.0)

    @property
    def radiation_lengths(self) -> float:
        """Length in units of the radiation length."""
        return self.length_cm / self.material.radiation_length_cm

    @property
    def extent_cm(self) -> float:
        """What it takes up along the beam [cm]."""
        return self.length_cm * self.stretch


@dataclass(frozen=True, slots=True)
class Signature:
    r"""What counts as a signal.

    Parameters
    ----------
    kind
        ``"missing_energy"``, ``"missing_momentum"``, ``"visible"``, ``"semi_visible"`` or ``"invisible_meson"``.
    x_min
        Least energy of the mediator in units of the beam energy.
    efficiency
        Share of the signal that is selected: one number, or one for each mass of ``efficiency_masses``, linear in the
        logarithm of the mass between them, constant outside.
    efficiency_masses
        Masses [GeV] that ``efficiency`` is given at; none for one number.
    efficiency_uncertainty
        Relative standard deviation of the signal.
    shield_m, decay_m
        Visible: distance from the front of the target to the decay volume, and the length of that volume [m].
    detector_radius_m
        Visible: half the width of the detector at the end of the decay volume [m]; None if everything hits it.
    threshold
        Visible: least energy of a decay product that counts [GeV].
    products
        Visible: ``"either"`` or ``"both"`` of the two decay products must hit the detector.
    channels
        Visible: decays that are seen, names as of :class:`pheno.decays.Widths`; all visible ones if empty.
    escape_m
        Invisible: distance behind which a decay is not seen [m]; None if a mediator that decays is always seen.

    Raises
    ------
    DomainError
        If a number is outside its range or a part that the kind needs is missing.
    """

    kind: str
    x_min: float = 0.0
    efficiency: tuple[float, ...] = (1.0,)
    efficiency_masses: tuple[float, ...] = ()
    efficiency_uncertainty: float = 0.0
    shield_m: float | None = None
    decay_m: float | None = None
    detector_radius_m: float | None = None
    threshold: float = 0.0
    products: str = "both"
    channels: tuple[str, ...] = ()
    escape_m: float | None = None

    def __post_init__(self) -> None:
        choice("kind", self.kind, _KINDS)
        choice("products", self.products, _PRODUCTS)
        for channel in self.channels:
            choice("channels", channel, _CHANNELS)
        if not 0.0 <= scalar("x_min", self.x_min) < 1.0:
            msg = f"x_min must be at least 0 and below 1, got {self.x_min:g}"
            raise DomainError(msg)
        within("efficiency", self.efficiency, 0.0, 1.0)
        _nonnegative("efficiency_uncertainty", self.efficiency_uncertainty)
        _nonnegative("threshold", self.threshold)
        masses = positive("efficiency_masses", self.efficiency_masses)
        if len(self.efficiency) != max(masses.size, 1) or (np.diff(masses) <= 0.0).any():
            msg = f"efficiency must have one number, or one for each of the increasing masses, got {self.efficiency!r}"
            raise DomainError(msg)
        for name, needed in (("shield", "visible"), ("decay", "visible"), ("detector_radius", ""), ("escape", "")):
            value = getattr(self, f"{name}_m")
            if value is not None:
                _positive(name, value)
            elif self.kind == needed:
                msg = f"{name} must be given for a {self.kind} signature"
                raise DomainError(msg)

    @property
    def is_visible(self) -> bool:
        """Whether the mediator must decay into what is seen."""
        return self.kind == "visible"

    def efficiency_at(self, mass: ArrayLike) -> FloatArray:
        """Return the efficiency at a mass [GeV], any shape."""
        mass = positive("mass", mass)
        if not self.efficiency_masses:
            return np.full(mass.shape, self.efficiency[0])
        return np.interp(np.log(mass), np.log(self.efficiency_masses), self.efficiency)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted.

    Parameters
    ----------
    observed
        Number of events in the signal region; None for a projection.
    background, background_uncertainty
        Events expected without a signal, and their standard deviation.
    projected_background
        Events expected without a signal of a larger exposure that is planned; the background of today scaled if None.

    Raises
    ------
    DomainError
        If a number is negative, or the background has an uncertainty but no size.
    """

    observed: int | None = None
    background: float = 0.0
    background_uncertainty: float = 0.0
    projected_background: float | None = None

    def __post_init__(self) -> None:
        if self.projected_background is not None:
            _nonnegative("projected_background", self.projected_background)
        for name in ("background", "background_uncertainty"):
            _nonnegative(name, getattr(self, name))
        if self.observed is not None and self.observed < 0:
            msg = f"observed must be >= 0, got {self.observed}"
            raise DomainError(msg)
        if self.background_uncertainty > 0.0 and self.background == 0.0:
            msg = "background_uncertainty must be 0 where background is 0"
            raise DomainError(msg)


@dataclass(frozen=True, slots=True)
class Meson:
    """A meson made by a hadron beam, whose invisible decay is searched for.

    Parameters
    ----------
    name
        Its name.
    per_beam_particle
        Mesons that would be selected if all decayed invisibly, per beam particle.
    uncertainty
        Relative standard deviation of that number.
    """

    name: str
    per_beam_particle: float
    uncertainty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """An experiment; see :func:`experiment`.

    Parameters
    ----------
    name
        Short name, as of its card.
    beam
        Lepton that radiates; None for a hadron beam.
    energy
        Beam energy [GeV].
    target
        What it hits; None for a hadron beam.
    signature
        What counts as a signal.
    counts
        What was counted.
    exposure
        Number of beam particles.
    exposures
        Exposures by name, of which ``exposure`` is one, and the name of that one under ``chosen``.
    chosen
        Name of the exposure.
    mesons
        For a hadron beam: what is made.
    title, notes, caution, sources, unverified
        What it is, what is to be known, what a figure must say beside the curve, the source of each number by its key
        in the card, and the keys of those that were not compared with their source.

    Raises
    ------
    DomainError
        If a number is not in its range, or the beam is not slowed down like that.
    """

    name: str
    beam: Beam | None
    energy: float
    target: Target | None
    signature: Signature
    counts: Counts
    exposure: float
    exposures: tuple[tuple[str, float], ...] = ()
    chosen: str = ""
    mesons: tuple[Meson, ...] = ()
    title: str = ""
    notes: str = ""
    caution: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    unverified: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "energy", _positive("energy", self.energy))
        object.__setattr__(self, "exposure", _nonnegative("exposure", self.exposure))
        if self.beam is not None and self.target is not None:
            allowed = ("none", "energy_loss") if self.beam.name.startswith("mu") else ("none", "straggling", "shower")
            choice(f"slowing of a beam of {self.beam.name}", self.target.slowing, allowed)

    @property
    def cites(self) -> tuple[str, ...]:
        """Keys of the publications that the numbers come from."""
        known = citations.bibliography()
        keys = (_key(text) for _, text in self.sources)
        return tuple(dict.fromkeys(key for key in keys if key in known))


def _key(source: str) -> str:
    """Key of the publication that opens a source: ``"Bjorken:2009mm: section 3"``."""
    known = citations.bibliography()
    return next((key for key in known if source == key or source.startswith((key + ",", key + ":"))), source)


def names() -> list[str]:
    """Return the names of the experiments that ship with pheno.

    Returns
    -------
    list of str
        In alphabetical order.

    Examples
    --------
    >>> "na64e" in names()
    True
    """
    return sorted(experiment_cards())


def experiment(name: str | Path | Experiment, *, exposure: str | float | None = None) -> Experiment:
    """Make an experiment from a card, with the exposure of one's choice.

    Parameters
    ----------
    name
        Name of a card of pheno (see :func:`pheno.experiments.names`), the path of a card of one's own, ending in
        ``.toml``, or an :class:`Experiment`.
    exposure
        Name of one of the exposures of the card (``"projected"``), or a number of beam particles; the default of the
        card unless given. A number, and an exposure other than the default, drop what was counted: a projection.

    Returns
    -------
    Experiment
        The experiment.

    Raises
    ------
    DomainError
        If a name is unknown or the number is negative.
    CardError
        If the card cannot be read; the message has file and key.

    Examples
    --------
    >>> na64 = experiment("na64e")
    >>> na64.exposure, na64.target.material.name, na64.signature.x_min
    (937000000000.0, 'Pb', 0.5)
    >>> experiment("na64e", exposure="projected").exposure
    5000000000000.0
    """
    found = resolve(name)
    if exposure is None:
        return found
    counts = replace(found.counts, observed=None)
    if not isinstance(exposure, str):
        return replace(found, exposure=_nonnegative("exposure", exposure), chosen="", counts=counts)
    by_name = dict(found.exposures)
    chosen = choice("exposure", exposure, by_name)
    if chosen == found.chosen:
        return found
    planned = found.counts.projected_background
    if planned is not None and by_name[chosen] > found.exposure:
        return replace(found, exposure=by_name[chosen], chosen=chosen, counts=Counts(None, planned))
    # The background grows with the exposure: nothing better is known of a run that has not been analysed by itself.
    share = by_name[chosen] / found.exposure if found.exposure > 0.0 else 0.0
    counts = Counts(None, counts.background * share, counts.background_uncertainty * share)
    return replace(found, exposure=by_name[chosen], chosen=chosen, counts=counts)


def resolve(name: str | Path | Experiment) -> Experiment:
    """Return the experiment that a name, a path or an experiment stands for.

    Parameters
    ----------
    name
        Name or path of a card, or an :class:`Experiment`, which is returned as it is.

    Returns
    -------
    Experiment
        The experiment.

    Raises
    ------
    DomainError, CardError
        As :func:`experiment`.

    Examples
    --------
    >>> resolve("m3").beam.name
    'mu-'
    """
    if isinstance(name, Experiment):
        found = name
    elif isinstance(name, Path) or (isinstance(name, str) and name.endswith(".toml")):
        found = _read(str(name))
    else:
        found = _shipped(choice("experiment", name, names()))
    citations.used(*found.cites)
    return found


@cache
def _shipped(name: str) -> Experiment:
    return _read(str(experiment_cards()[name]))


def _read(path: str) -> Experiment:
    """Experiment of one card; whatever does not fit together is an error of the card."""
    with open_card(path) as card:
        if card.integer("schema") != 1:
            msg = f"{card.where('schema')}: must be 1"
            raise CardError(msg)
        sources, unverified = _sources(card)
        beam = card.table("beam")
        with errors_of(beam):
            particle = beam.text("particle")
            lepton = beams.resolve(particle) if "mesons" not in card else None
            energy = beam.quantity("energy", "energy")
            _positive("energy", energy)
        exposures, chosen = _exposures(card.table("exposures"))
        table = card.table("signature")
        mesons: tuple[Meson, ...] = ()
        with errors_of(table):
            if "mesons" in card:
                signature = Signature(table.text("kind"))
                mesons = _mesons(table, card.table("mesons"))
            else:
                signature = _signature(table)
        part = card if lepton is None else card.table("target")
        with errors_of(part):
            found = Experiment(
                name=Path(path).stem,
                beam=lepton,
                energy=energy,
                target=None if lepton is None else _target(part),
                signature=signature,
                counts=_counts(card.table("counts")),
                exposure=dict(exposures)[chosen],
                exposures=exposures,
                chosen=chosen,
                mesons=mesons,
                title=card.text("title"),
                notes=card.text("notes"),
                caution=card.text("caution") if "caution" in card else "",
                sources=tuple(sources.items()),
                unverified=unverified,
            )
        # What is missing, misspelt or no number is said to be that, and not that it lacks a source.
        card.finish()
        _check_sources(card, sources, unverified)
        return found


def _sources(card: Card) -> tuple[dict[str, str], tuple[str, ...]]:
    """Source of each number, and which of them were not compared."""
    table = card.table("sources")
    sources = {key: table.text(key) for key in table.names()}
    return sources, card.table("unverified").texts("keys") if "unverified" in card else ()


def _check_sources(card: Card, sources: Mapping[str, str], unverified: Iterable[str]) -> None:
    """A number without source is an error, and so is a source without number."""
    needed = [key for key in card.numeric() if key.startswith(_WITH_NUMBERS)]
    without = "this number has no source: add it to the table sources"
    wrong = [f"{card.where(key)}: {without}" for key in needed if key not in sources]
    wrong += [f"{card.where('sources')}.{key}: the card has no such number" for key in sources if key not in needed]
    where = f"{card.where('unverified')}.keys"
    wrong += [f"{where}: the card has no number {key!r}" for key in unverified if key not in needed]
    if wrong:
        raise CardError(wrong[0])


def _exposures(card: Card) -> tuple[tuple[tuple[str, float], ...], str]:
    chosen = card.text("default")
    with errors_of(card):
        found = tuple((key, _nonnegative(key, card.number(key))) for key in card.names() if key != "default")
        choice("default", chosen, dict(found))
    return found, chosen


def _material(word: str) -> Material:
    """Material of a name: one with a density, which a formula has not."""
    if word not in matter.names():
        hint = nearest(word, matter.names())
        msg = f"material must be the symbol of an element or the name of a compound, got {word!r}{hint}"
        raise DomainError(msg)
    return matter.resolve(word)


def _target(card: Card) -> Target:
    with errors_of(card):
        material = _material(card.text("material"))
        if "length" in card:
            length = card.quantity("length", "length_cm")
        else:
            depth = _positive("radiation_lengths", card.number("radiation_lengths"))
            length = depth * material.radiation_length_cm
        excitation = None
        if "mean_excitation_energy" in card:
            excitation = card.quantity("mean_excitation_energy", "energy")
        stretch = card.quantity("extent", "length_cm") / length if "extent" in card else 1.0
        return Target(material, length, card.text("slowing"), excitation, stretch)


def _signature(card: Card) -> Signature:
    masses: tuple[float, ...] = ()
    if "efficiency_masses" in card:
        masses = card.quantities("efficiency_masses", "energy")
        efficiency = card.numbers("efficiency")
    else:
        efficiency = (card.number("efficiency"),)

    def metres(key: str) -> float | None:
        return card.quantity(key, "length_cm") / _CM_PER_M if key in card else None

    return Signature(
        kind=card.text("kind"),
        x_min=card.number("x_min"),
        efficiency=efficiency,
        efficiency_masses=masses,
        efficiency_uncertainty=card.number("efficiency_uncertainty", 0.0),
        shield_m=metres("shield"),
        decay_m=metres("decay"),
        detector_radius_m=metres("detector_radius"),
        threshold=card.quantity("threshold", "energy") if "threshold" in card else 0.0,
        products=card.text("products", "both"),
        channels=card.texts("channels") if "channels" in card else (),
        escape_m=metres("escape"),
    )


def _counts(card: Card) -> Counts:
    with errors_of(card):
        return Counts(
            observed=card.integer("observed") if "observed" in card else None,
            background=card.number("background", 0.0),
            background_uncertainty=card.number("background_uncertainty", 0.0),
            projected_background=card.number("projected_background") if "projected_background" in card else None,
        )


def _mesons(common: Card, table: Card) -> tuple[Meson, ...]:
    r"""Rates :math:`\epsilon_{tr}\epsilon_\pi\epsilon_\eta\sigma(\eta)/\sigma_{tot}`, errors in quadrature."""
    total = _positive("total_cross_section", common.quantity("total_cross_section", "cross_section"))
    shares = [(_share(common, f"{key}_efficiency"), common.number(f"{key}_uncertainty")) for key in ("track", "beam")]
    shares.append((1.0 / total, common.quantity("total_uncertainty", "cross_section") / total**2))
    found = []
    for name in table.names():
        entry = table.table(name)
        with errors_of(entry):
            factors = [
                *shares,
                (_share(entry, "efficiency"), entry.number("efficiency_uncertainty")),
                (
                    _positive("cross_section", entry.quantity("cross_section", "cross_section")),
                    entry.quantity("cross_section_uncertainty", "cross_section"),
                ),
            ]
        rate = float(np.prod([value for value, _ in factors]))
        found.append(Meson(name, rate, float(np.sqrt(sum((error / value) ** 2 for value, error in factors)))))
    return tuple(found)


def _share(card: Card, key: str) -> float:
    value = scalar(key, card.number(key), 0.0, 1.0)
    return _positive(key, value)
