"""The five experiments that tables and figures are made for: beam, energy, target and signal window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Experiment:
    """Where an experiment looks; energy in GeV."""

    name: str
    beam: str
    energy: float
    target: str
    x_min: float

    @property
    def label(self) -> str:
        """As the title of a panel."""
        beam = {"e-": "e⁻", "mu-": "μ⁻"}[self.beam]
        return f"{self.name}: {beam} {self.energy:g} GeV on {self.target}, x > {self.x_min:g}"

    def arguments(self, window: bool = True) -> dict[str, Any]:
        """Keywords of pheno.cross_section, with the signal window or over all x."""
        return {"beam": self.beam, "target": self.target, "x_min": self.x_min if window else 0.0}


EXPERIMENTS = (
    Experiment("NA64e", "e-", 100.0, "Pb", 0.5),
    Experiment("LDMX", "e-", 16.0, "Al", 0.7),
    Experiment("NA64mu", "mu-", 160.0, "Pb", 0.5),
    Experiment("M3", "mu-", 15.0, "W", 0.4),
    Experiment("E137", "e-", 20.0, "Al", 0.1),
)
