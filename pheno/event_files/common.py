"""What the formats share: particle numbers, the incoming particles, and what a sample is, in words."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Literal

import numpy as np

from pheno.constants import GEV2_TO_PB
from pheno.errors import DomainError, integer
from pheno.units import cross_section_unit
from pheno.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pheno.event_sample import EventSample
    from pheno.matter import Material

    Progress = Callable[[int, int, str], None]

#: Events that are formatted in one go: memory stays small however many there are.
CHUNK = 10_000

#: Number of the mediator in the libraries of MadGraph 4 and the default of G4DarkBreM.
MEDIATOR_ID = 622

#: Largest number that a C++ ``int`` holds; the readers have one.
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Ids:
    """Numbers of the particles in a file; None is what the format usually has.

    Parameters
    ----------
    lepton
        By default the PDG number of the beam.
    nucleus
        A number, or ``"pdg"`` for 10LZZZAAAI.
    mediator
        By default 622.

    Raises
    ------
    DomainError
        If one is no whole number, 0, or does not fit in 32 bits.
    """

    lepton: int | None = None
    nucleus: int | Literal["pdg"] | None = None
    mediator: int | None = None

    def __post_init__(self) -> None:
        for name in ("lepton", "nucleus", "mediator"):
            value = getattr(self, name)
            if value is not None and not (name == "nucleus" and value == "pdg"):
                _check_id(f"{name}_id", value)

    @property
    def given(self) -> list[str]:
        """Names of the arguments that are not None."""
        return [f"{name}_id" for name in ("lepton", "nucleus", "mediator") if getattr(self, name) is not None]


def _check_id(name: str, value: object) -> None:
    if not 1 <= abs(integer(value) or 0) <= _LARGEST_ID:
        also = " or 'pdg'" if name == "nucleus_id" else ""
        msg = f"{name} must be a whole number of 32 bits, not 0{also}, got {value!r}"
        raise DomainError(msg)


def pdg_nucleus(Z: int, A: float) -> int:
    """Return the PDG number 10LZZZAAAI of a nucleus in its ground state.

    >>> pdg_nucleus(74, 184)
    1000741840
    """
    return 1_000_000_000 + 10_000 * Z + 10 * round(A)


def beam_momentum(sample: EventSample) -> float:
    """Momentum of the incoming lepton along z [GeV]."""
    return sqrt((sample.energy - sample.beam.mass) * (sample.energy + sample.beam.mass))


def picobarn(sample: EventSample) -> tuple[float, float]:
    """Cross section and its error [pb]."""
    scale = GEV2_TO_PB / cross_section_unit(sample.unit)
    return sample.cross_section * scale, sample.error * scale


def require_one_nucleus(target: Material, format_: str) -> tuple[int, float]:
    """Return Z and A of the only nucleus of the target, or say that the format has no place for more."""
    composition = target.composition
    if len(composition) > 1:
        msg = (
            f"target must be one element for format {format_!r}, whose header has one nucleus, got {target.name!r} "
            f"of {len(composition)}: write 'csv', 'hepmc' or 'parquet', or one file per element"
        )
        raise DomainError(msg)
    return composition[0][:2]


def check(sample: EventSample) -> None:
    """Raise DomainError unless there are events and every momentum is finite."""
    if len(sample) == 0:
        msg = "sample must hold at least one event, got none"
        raise DomainError(msg)
    for name in ("p_lepton", "p_mediator", "p_nucleus"):
        bad = ~np.isfinite(getattr(sample, name)).all(axis=1)
        if bad.any():
            msg = f"sample.{name} must be finite, got {np.count_nonzero(bad)} events that are not"
            raise DomainError(msg)


def slices(sample: EventSample, progress: Progress | None = None) -> Iterator[slice]:
    """Chunks of the sample, in order; ``progress`` hears of each that was written."""
    for start in range(0, len(sample), CHUNK):
        yield slice(start, start + CHUNK)
        if progress is not None:
            progress(min(start + CHUNK, len(sample)), len(sample), "events")


def describe(sample: EventSample) -> dict[str, str]:
    """What was sampled, key by key, with units, for the headers that have a place for it."""
    sigma, error = picobarn(sample)
    mediator, target = sample.mediator, sample.target
    words = {
        "generator": f"pheno {__version__}",
        "process": f"{sample.beam.name} {target.name} -> {sample.beam.name} {target.name} X",
        "mediator": f"{mediator.name} {mediator.spin} {'+' if mediator.parity > 0 else '-'}",
        "mass": f"{sample.mass!r} GeV",
        "beam": f"{sample.beam.name} {sample.beam.pdg} {sample.beam.mass!r} GeV",
        "energy": f"{sample.energy!r} GeV",
        "target": " ".join(f"({Z}, {A:g}) {fraction:.6g}" for Z, A, fraction in target.atomic_fractions),
        "coupling": f"{sample.coupling!r}" + (f" {mediator.coupling_unit}" if mediator.coupling_unit != "1" else ""),
        "x_window": f"{sample.x_min!r} {sample.x_max!r}",
        "cross_section": f"{sigma!r} pb",
        "cross_section_error": f"{error!r} pb",
        "events": str(len(sample)),
        "seed": str(sample.seed),
        "overweight": f"{sample.overweight!r}",
        "efficiency": f"{sample.efficiency!r}",
    }
    if not mediator.universal:
        words["shares"] = f"c_l {mediator.c_l!r} c_gamma {mediator.c_gamma!r} c_N {mediator.c_N!r}"
    return words
