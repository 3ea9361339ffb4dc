"""What an event library of G4DarkBreM is to hold: energies, names, seeds, and the parameters in its manifest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil, log, log1p
from typing import TYPE_CHECKING, Any

import numpy as np

from pheno import matter
from pheno.cross_sections import threshold_energy
from pheno.errors import DomainError
from pheno.event_files.common import Ids, require_one_nucleus
from pheno.event_files.write import check_format
from pheno.version import __version__

if TYPE_CHECKING:
    from pheno.beams import Beam
    from pheno.matter import Material
    from pheno.mediators import Mediator

#: What G4DarkBreM reads.
LIBRARY_FORMATS = ("csv.gz", "csv", "lhe.gz", "lhe")

#: Largest relative step of the energies: beyond, the scaling of events by G4DarkBreM distorts them.
LARGEST_STEP = 0.1

#: Files in one folder, each with tens of thousands of events: more is a mistyped step.
LARGEST_LADDER = 10_000

#: Energies are rounded to this many digits, so that they read well in names.
_DIGITS = 6

_LEPTON = {"e-": "electron", "e+": "positron", "mu-": "muon", "mu+": "antimuon"}


def ladder(high: float, low: float, step: float) -> tuple[float, ...]:
    """Energies from ``high`` down to ``low``, equidistant in the logarithm, each at least (1 - step) of the previous.

    >>> ladder(8.0, 6.0, 0.1)
    (8.0, 7.26848, 6.60385, 6.0)
    """
    steps = max(ceil(log(low / high) / log1p(-step) - 1e-9), 1) if low < high else 0
    if steps > LARGEST_LADDER:
        msg = f"step must leave at most {LARGEST_LADDER} energies from {high:g} to {low:g} GeV, got {step:g}"
        raise DomainError(msg)
    while True:
        middle = [float(f"{E:.{_DIGITS}g}") for E in np.geomspace(high, low, steps + 1)[1:-1]]
        energies = (high, *middle, low) if steps else (high,)
        # Rounding may push a step that was just allowed beyond the limit; 4e-16 is that of 1 - step and of the product.
        if all(b >= (1.0 - step) * a * (1.0 - 4e-16) for a, b in pairwise(energies)):
            return energies
        steps += 1


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Parameters of a library, checked when made.

    Raises
    ------
    DomainError
        If the energies or the step are not in their range, the format cannot hold the target, or every energy is
        below threshold.
    """

    mediator: Mediator
    mass: float
    beam: Beam
    target: Material
    energy_max: float
    energy_min: float
    step: float
    events: int
    coupling: float
    form_factor: str
    rtol: float
    seed: int
    format: str
    mediator_id: int | None

    def __post_init__(self) -> None:
        if not 0.0 < self.step <= LARGEST_STEP:
            msg = f"step must be above 0 and at most {LARGEST_STEP:g}, got {self.step:g}"
            raise DomainError(msg)
        if self.energy_min > self.energy_max:
            msg = (
                f"energy_min must not be above energy_max, got energy_min = {self.energy_min:g} and "
                f"energy_max = {self.energy_max:g}"
            )
            raise DomainError(msg)
        check_format(self.format, self.ids)
        if self.format.startswith("lhe"):
            require_one_nucleus(self.target, self.format)
        if not self.energies:
            msg = (
                f"energy_max must be above the threshold of {self.threshold:.9g} GeV for a mass of {self.mass:g} GeV, "
                f"got {self.energy_max:g}"
            )
            raise DomainError(msg)

    @property
    def ids(self) -> Ids:
        """Numbers of the particles: G4DarkBreM finds leptons, not antileptons."""
        return Ids(lepton=abs(self.beam.pdg) if self.format.startswith("lhe") else None, mediator=self.mediator_id)

    @cached_property
    def threshold(self) -> float:
        """Beam energy at which the reaction opens [GeV]."""
        return float(threshold_energy(self.mass, beam=self.beam, target=self.target))

    @cached_property
    def energies(self) -> tuple[float, ...]:
        """Energies of the library [GeV], from the highest down."""
        return tuple(E for E in ladder(self.energy_max, self.energy_min, self.step) if E > self.threshold)

    @property
    def name(self) -> str:
        """Name in the manner of dark-brem-lib-gen, which has "UndecayedAP" for its only mediator, a vector."""
        mediator = "AP" if self.mediator.name == "vector" else self.mediator.name.title().replace("_", "")
        return (
            f"{_LEPTON[self.beam.name]}_{_target_name(self.target)}_MaxE_{self.energy_max!r}_MinE_{self.energy_min!r}"
            f"_RelEStep_{self.step!r}_Undecayed{mediator}_mA_{self.mass!r}_run_{self.seed}"
        )

    def file_name(self, energy: float) -> str:
        """Name of the file with the events of one energy."""
        return f"{self.name}_IncidentEnergy_{energy!r}_unweighted_events.{self.format}"

    def seed_of(self, energy: float) -> int:
        """Seed for one energy: another for each, so that no two energies share their random numbers."""
        digest = hashlib.sha256(f"{self.seed} {energy!r}".encode()).digest()
        return int.from_bytes(digest[:8], "little")

    def manifest(self) -> dict[str, Any]:
        """Manifest of the library before its first file."""
        closed = [E for E in ladder(self.energy_max, self.energy_min, self.step) if E <= self.threshold]
        why = f"at or below the threshold of {self.threshold:.9g} GeV: the reaction is closed"
        kind = self.mediator
        return {
            "format_version": 1,
            "parameters": {
                "generator": f"pheno {__version__}",
                "mediator": {"name": kind.name, "c_l": kind.c_l, "c_gamma": kind.c_gamma, "c_N": kind.c_N},
                "mass": self.mass,
                "beam": self.beam.name,
                "target": {"name": self.target.name, "composition": [list(part) for part in self.target.composition]},
                "energy_max": self.energy_max,
                "energy_min": self.energy_min,
                "step": self.step,
                "events": self.events,
                "coupling": self.coupling,
                "form_factor": self.form_factor,
                "rtol": self.rtol,
                "seed": self.seed,
                "format": self.format,
                "mediator_id": self.mediator_id,
            },
            "units": {"energy": "GeV", "cross_section": "pb", "error": "pb"},
            "left_out": {"energies": closed, "reason": why} if closed else {},
            "files": [],
        }


def _target_name(target: Material) -> str:
    """English name of an element, as in dark-brem-lib-gen; of anything else, its name with what suits a file name."""
    element = matter.elements().get(target.name)
    if element is not None:
        return element.name.lower()
    words = "".join(c if c.isalnum() and c.isascii() else " " for c in target.name).split()
    return "-".join(words) or "material"
