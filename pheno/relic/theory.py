"""A model, as the core wants it: final states with widths at any energy, masses and couplings as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pheno import _core, cards
from pheno.constants import CHARGED_PION_MASS, NEUTRAL_PION_MASS
from pheno.errors import DomainError
from pheno.hadrons import LARGEST_MASS, r_ratio
from pheno.loops import LEPTON_MASSES, mixing_squared, photon_loops_squared
from pheno.models import DarkMatter, Model

__all__ = ["Theory", "theory_of"]

FloatArray = NDArray[np.float64]

_NEUTRINOS: Final = ("nu_e", "nu_mu", "nu_tau")
_QUARKS: Final = ("u", "d", "s", "c", "b")
#: Deviation from the R ratio that dropping samples may make: far below the error of the measurement.
_R_TOLERANCE: Final = 5e-4
#: Samples of smooth ratios: linear interpolation between them errs by less than 1e-5.
_SAMPLES: Final = np.geomspace(1e-6, 1e4, 4001)


@dataclass(frozen=True, slots=True)
class Theory:
    """What the core is given.

    Parameters
    ----------
    core
        The core's object.
    channels
        Names of the final states, in its order; ``"X X"`` is last and not among them.
    model
        The model.
    dark_matter
        That of the model.
    """

    core: _core.Theory
    channels: tuple[str, ...]
    model: Model
    dark_matter: DarkMatter

    def dark_coupling(self, coupling: FloatArray) -> FloatArray:
        """Return the coupling to dark matter at each coupling to the Standard Model."""
        if self.model.mediator.name == "tensor":
            return self.model.c_chi * coupling
        return np.full_like(coupling, self.model.dark_coupling)


def theory_of(model: Model, *, width: str, hadrons: bool, secluded: bool) -> Theory:
    """Translate a model.

    Parameters
    ----------
    model
        With dark matter.
    width
        ``"running"`` or ``"constant"``.
    hadrons
        Whether hadrons are final states.
    secluded
        Whether two mediators are a final state where they are open.

    Returns
    -------
    Theory
        For the core.

    Raises
    ------
    DomainError
        If the model has no dark matter.
    """
    if model.dark_matter is None:
        msg = f"model must have dark matter, got {model.name!r} without; see pheno.model(..., dark_matter=...)"
        raise DomainError(msg)
    core, names = _core_theory(model, width, hadrons, secluded)
    return Theory(core, names, model, model.dark_matter)


@lru_cache(maxsize=64)
def _core_theory(model: Model, width: str, hadrons: bool, secluded: bool) -> tuple[_core.Theory, tuple[str, ...]]:
    channels = _channels(model, hadrons=hadrons)
    assert model.dark_matter is not None  # noqa: S101  (theory_of has looked)
    core = _core.Theory(
        mediator=model.mediator.name,
        dark_matter=model.dark_matter.kind,
        channels=list(channels.values()),
        running_width=width == "running",
        secluded=secluded,
    )
    return core, tuple(channels)


def _channel(
    state: str,
    mass: float,
    factor: float,
    *,
    threshold: float | None = None,
    axial: bool = False,
    ratio: tuple[FloatArray, FloatArray] | None = None,
    measured: bool = False,
) -> tuple[Any, ...]:
    at, value = ([], []) if ratio is None else (ratio[0].tolist(), ratio[1].tolist())
    return (state, mass, factor, 2 * mass if threshold is None else threshold, axial, measured, at, value)


def _channels(model: Model, *, hadrons: bool) -> dict[str, tuple[Any, ...]]:
    """Final states by name, as :func:`pheno.widths` has them."""
    charges, kind = model.charges, model.mediator.name
    found = {}
    mixing = mixing_squared(model, _SAMPLES) if model.mixing else None
    for lepton, mass in LEPTON_MASSES.items():
        if charges[lepton]:
            found[f"{lepton}+{lepton}-"] = _channel("dirac", mass, charges[lepton] ** 2, axial=kind == "axial_vector")
        elif mixing is not None:
            found[f"{lepton}+{lepton}-"] = _channel("dirac", mass, 1.0, ratio=(_SAMPLES, mixing))
    neutrinos = sum(charges[name] ** 2 for name in _NEUTRINOS)
    if neutrinos:  # one handedness of a massless fermion
        found["nu nu"] = _channel("dirac", 0.0, 0.5 * neutrinos)
    if charges["gamma"]:
        found["gamma gamma"] = _channel("photons", 0.0, charges["gamma"] ** 2)
    elif model.mediator.spin == 0 and any(charges[lepton] for lepton in LEPTON_MASSES):
        found["gamma gamma"] = _channel("photons", 0.0, 1.0, ratio=(_SAMPLES, photon_loops_squared(model, _SAMPLES, 1)))
    if hadrons:
        found |= _hadrons(model, mixing)
    return found


def _hadrons(model: Model, mixing: FloatArray | None) -> dict[str, tuple[Any, ...]]:
    charges = model.charges
    if charges["pi"]:
        # the two pions open 9 MeV apart; one channel each, under one name in the shares
        return {
            "pi+ pi-": _channel("complex_scalar", CHARGED_PION_MASS, charges["pi"] ** 2),
            "pi0 pi0": _channel("complex_scalar", NEUTRAL_PION_MASS, 0.5 * charges["pi"] ** 2),
        }
    if mixing is None and not any(charges[quark] for quark in _QUARKS):
        return {}
    samples = np.array(cards.columns("r_ratio/smooth.csv")[1][0])
    energy = _sparse(samples[samples <= LARGEST_MASS])
    ratio = r_ratio(energy, None if mixing is not None else charges)
    if mixing is not None:
        ratio = ratio * np.interp(energy, _SAMPLES, mixing)
    return {"hadrons": _channel("dirac", 0.0, 1.0, threshold=float(energy[0]), ratio=(energy, ratio), measured=True)}


def _sparse(energy: FloatArray) -> FloatArray:
    """The samples of R that linear interpolation needs for a relative deviation below the tolerance."""
    ratio = r_ratio(energy)
    kept, i = [0], 0
    while i < energy.size - 1:
        j = i + 1
        while j + 1 < energy.size:
            inside = slice(i + 1, j + 1)
            t = (energy[inside] - energy[i]) / (energy[j + 1] - energy[i])
            line = ratio[i] + t * (ratio[j + 1] - ratio[i])
            if np.any(np.abs(line - ratio[inside]) > _R_TOLERANCE * ratio[inside]):
                break
            j += 1
        kept.append(j)
        i = j
    return energy[kept]
