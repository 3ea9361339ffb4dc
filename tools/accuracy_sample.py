"""Random cross sections over the whole domain, and how far each is from the truth.

What honesty.csv, the test of the error estimate and the sweep behind docs/accuracy have in common.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from pheno import cross_section
from pheno._core import MEDIATORS, energy_limits
from pheno.beams import Beam
from pheno.cross_sections import CrossSection
from pheno.form_factors import names as form_factor_names
from pheno.matter import elements, nuclear_mass

LIGHTEST = 1e-6  # GeV
ENERGIES = (0.5, 1e3)  # GeV
BEAMS = ("e-", "mu-")
#: Form factors that fall like exp(-t R^2): cross sections that need |q| = m_X^2/(2E) above this [GeV] underflow.
EXPONENTIAL = ("helm", "exponential")
LARGEST_TRANSFER = 1.0


@dataclass(frozen=True)
class Setup:
    """One call of cross_section, less rtol."""

    mediator: str
    beam: str
    Z: int
    A: int
    mass: float
    energy: float
    x_min: float
    x_max: float
    form_factor: str

    def compute(self, rtol: float) -> CrossSection:
        """Cross section at unit coupling in GeV^-2 on one thread."""
        result = cross_section(
            self.mediator,
            self.mass,
            self.energy,
            beam=self.beam,
            target=(self.Z, self.A),
            form_factor=self.form_factor,
            x_min=self.x_min,
            x_max=self.x_max,
            rtol=rtol,
            unit="GeV^-2",
            threads=1,
            full_output=True,
        )
        assert isinstance(result, CrossSection)
        return result


def heaviest(lepton_mass: float, nucleus: float, energy: float) -> float:
    """Mediator mass at which the reaction closes [GeV]."""
    rest = lepton_mass + nucleus
    kinetic = energy - lepton_mass
    return 2 * nucleus * kinetic / (sqrt(rest * rest + 2 * nucleus * kinetic) + rest)


def setups(count: int, seed: int) -> Iterator[Setup]:
    """Draw `count` set-ups, the same ones for the same seed; the mediators take turns."""
    random_ = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    mass_numbers = {element.Z: element.A for element in elements().values()}
    for i in range(count):
        mediator = MEDIATORS[i % len(MEDIATORS)]
        beam = random_.choice(BEAMS)
        # half of the targets light: their recoil is what heavy ones do not test
        Z = random_.randint(1, 92) if random_.random() < 0.5 else round(exp(random_.uniform(0.0, log(92.0))))
        A = mass_numbers[Z]
        energy = exp(random_.uniform(*map(log, ENERGIES)))
        mass = _mass(random_, mediator, beam, nuclear_mass(A), energy)
        window = _window(random_, mass, energy, Beam(beam).mass, nuclear_mass(A))
        form_factor = "tsai" if random_.random() < 0.75 else random_.choice(form_factor_names())
        if form_factor in EXPONENTIAL and mass * mass > 2 * energy * LARGEST_TRANSFER:
            form_factor = "tsai"
        yield Setup(mediator, beam, Z, A, mass, energy, *window, form_factor)


def _mass(random_: random.Random, mediator: str, beam: str, nucleus: float, energy: float) -> float:
    """Logarithmic from 1 keV to threshold, one in eight within a tenth to a millionth of threshold."""
    top = heaviest(Beam(beam).mass, nucleus, energy)
    if mediator == "tensor":  # above 2 M the nucleus annihilates into the mediator
        top = min(top, 2 * nucleus)
    if random_.random() < 0.125:
        return top * (1 - exp(random_.uniform(log(1e-6), log(0.1))))
    return exp(random_.uniform(log(LIGHTEST), log(top)))


def _window(
    random_: random.Random, mass: float, energy: float, lepton_mass: float, nucleus: float
) -> tuple[float, float]:
    """Full range, a cut from below, a window anywhere, or one against an end of the range."""
    low, high = energy_limits(np.array([mass]), np.array([energy]), lepton_mass=lepton_mass, nuclear_mass=nucleus)
    bottom, width = float(low[0]) / energy, float(high[0] - low[0]) / energy
    kind = random_.random()
    if kind < 0.4:
        return 0.0, 1.0
    if kind < 0.7:
        return bottom + width * random_.random(), 1.0
    if kind < 0.85:
        first, second = sorted(random_.random() for _ in range(2))
        return bottom + width * first, bottom + width * second
    edge = exp(random_.uniform(log(1e-6), 0.0))
    if kind < 0.925:
        return 0.0, min(1.0, bottom + width * edge)
    return bottom + width * (1 - edge), 1.0
