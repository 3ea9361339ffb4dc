"""A cheap stand-in for the cross section with its threshold, screening and nuclear size, for tests of the tables."""

from __future__ import annotations

import numpy as np

from pheno.constants import ALPHA, GEV2_TO_PB
from pheno.tables import TableSpec

WEIGHT = {"scalar": 1.0, "pseudoscalar": 1.1, "vector": 2.0, "axial_vector": 2.1, "tensor": 0.3}


def evaluate_for(spec: TableSpec):
    """Return a smooth positive function of mass and energy above threshold, exactly 0 below it."""
    k, Z, A = spec.kinematics, spec.Z, spec.A
    screening, size = (111.0 * Z ** (-1 / 3) / 0.511e-3) ** 2, 0.164 * A ** (-2 / 3)

    def evaluate(mediator, mass, energy, *, method, x_min):
        T = energy - k.threshold(mass)
        above = T > 0.0
        T = np.where(above, T, 1.0)
        t_min = mass**4 / (4.0 * energy**2)
        flux = np.log1p(1.0 / (1.0 / screening + t_min)) / (1.0 + t_min / size)
        phase_space = (T / mass) ** 2 * (1.0 + T / k.lepton_mass) ** 1.5 / (1.0 + T / mass) ** 3.5
        rate = ALPHA**2 * Z**2 / (mass**2 + k.lepton_mass**2) * flux * phase_space
        k_factor = 1.5 + mass if method == "dmg4_iww" else 1.0
        return np.where(above, GEV2_TO_PB * WEIGHT[mediator] * (1.0 - 0.3 * x_min) * k_factor * rate, 0.0)

    return evaluate
