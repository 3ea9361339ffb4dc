"""What the contracts run over, and shorthands for the calls they make."""

from __future__ import annotations

from typing import Any

import numpy as np

from pheno import _core, cross_section, matter
from pheno.beams import Beam
from pheno.constants import ALPHA, ELECTRON_MASS

MEDIATORS = ("scalar", "pseudoscalar", "vector", "axial_vector", "tensor")
BEAMS = ("e-", "mu-")
TARGETS = ("H", "Al", "Pb", (92, 238))

#: Requested accuracy of the contracts that compare integrals: the tensor costs more.
RTOL = 1e-4


def sigma(mediator: str, mass: Any, energy: Any, **arguments: Any) -> Any:
    """Cross section at unit coupling in GeV^-2."""
    return cross_section(mediator, mass, energy, **{"unit": "GeV^-2", "threads": 1, "rtol": RTOL, **arguments})


def atom(beam: str, Z: int, A: int, form_factor: str = "tsai") -> dict[str, Any]:
    """Arguments of the compiled module that describe beam, nucleus and couplings."""
    return {
        "lepton_mass": Beam(beam).mass,
        "nuclear_mass": matter.nuclear_mass(A),
        "form_factor": form_factor,
        "Z": Z,
        "A": A,
        "electron_mass": ELECTRON_MASS,
        "alpha": ALPHA,
        "c_l": 1.0,
        "c_gamma": 1.0,
        "c_N": 1.0,
    }


def core_total(mediator: str, mass: float, energy: float, *, rtol: float = RTOL, **arguments: Any) -> float:
    """The same from the compiled module, with every mass free."""
    values, _, _, status = _core.etl_total(
        np.array([mass]),
        np.array([energy]),
        mediator=mediator,
        **{"x_min": 0.0, "x_max": 1.0, **arguments},
        conserved_part_only=False,
        rtol=rtol,
        threads=1,
    )
    assert status[0] == 0
    return float(values[0])
