"""Exact cross sections, lookup tables and projections for dark-sector searches at lepton beams."""

from pheno import citations
from pheno.beams import Beam
from pheno.citations import cite
from pheno.cross_sections import CrossSection, cross_section, k_factor, threshold_energy
from pheno.decays import Widths, decay_length_m, decay_probability, excited_widths, lifetime_s, widths
from pheno.errors import CardError, ConvergenceError, DomainError, NotThermalError, OutputError, PhenoError, TableError
from pheno.event_files import EventLibrary, build_event_library, write_events
from pheno.event_sample import EventSample
from pheno.events import sample
from pheno.experiments import Experiment, experiment
from pheno.foresee import foresee_files
from pheno.limits import Limit, branching_limit, event_limit, pyhf_workspace, upper_limit
from pheno.loops import kinetic_mixing
from pheno.magnetic_moments import coupling_band, delta_a
from pheno.matter import Material
from pheno.mediators import Mediator
from pheno.models import DarkMatter, Model, model
from pheno.reach import Reach, reach
from pheno.relic import RelicDensity, ThermalTarget, relic_density, thermal_average, thermal_target
from pheno.spectra import Spectrum, spectrum
from pheno.tables import Table, build_table, read_table
from pheno.version import __version__
from pheno.yields import Yield, expected_events

__all__ = [
    "Beam",
    "CardError",
    "ConvergenceError",
    "CrossSection",
    "DarkMatter",
    "DomainError",
    "EventLibrary",
    "EventSample",
    "Experiment",
    "Limit",
    "Material",
    "Mediator",
    "Model",
    "NotThermalError",
    "OutputError",
    "PhenoError",
    "Reach",
    "RelicDensity",
    "Spectrum",
    "Table",
    "TableError",
    "ThermalTarget",
    "Widths",
    "Yield",
    "__version__",
    "branching_limit",
    "build_event_library",
    "build_table",
    "citations",
    "cite",
    "coupling_band",
    "cross_section",
    "decay_length_m",
    "decay_probability",
    "delta_a",
    "event_limit",
    "excited_widths",
    "expected_events",
    "experiment",
    "foresee_files",
    "k_factor",
    "kinetic_mixing",
    "lifetime_s",
    "model",
    "pyhf_workspace",
    "reach",
    "read_table",
    "relic_density",
    "sample",
    "spectrum",
    "thermal_average",
    "thermal_target",
    "threshold_energy",
    "upper_limit",
    "widths",
    "write_events",
]
