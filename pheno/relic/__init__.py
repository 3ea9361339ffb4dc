"""Relic density of thermal dark matter, thermal targets, and the constraints on them. docs/physics/relic.md."""

from pheno.relic.approximations import rule_of_thumb, s_wave_target
from pheno.relic.constraints import (
    cmb_excluded,
    cmb_limit,
    is_perturbative,
    landau_pole_alpha_D,
    running_alpha_D,
)
from pheno.relic.degrees_of_freedom import DegreesOfFreedom, degrees_of_freedom
from pheno.relic.density import History, RelicDensity, relic_density, thermal_average
from pheno.relic.targets import ThermalTarget, thermal_target

__all__ = [
    "DegreesOfFreedom",
    "History",
    "RelicDensity",
    "ThermalTarget",
    "cmb_excluded",
    "cmb_limit",
    "degrees_of_freedom",
    "is_perturbative",
    "landau_pole_alpha_D",
    "relic_density",
    "rule_of_thumb",
    "running_alpha_D",
    "s_wave_target",
    "thermal_average",
    "thermal_target",
]
