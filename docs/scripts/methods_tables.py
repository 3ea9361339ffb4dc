"""Print the tables of docs/physics/methods.md: what each approximation does to the exact result.

python docs/scripts/methods_tables.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from pheno import cross_section, form_factors, methods
from pheno.mediators import names as mediator_names

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from experiments import EXPERIMENTS

MASSES = (0.001, 0.01, 0.1, 0.5, 1.0)


def row(*cells: object) -> None:
    """One line of a table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells: str) -> None:
    """The first two lines of a table."""
    row(*cells)
    row(*("---" for _ in cells))


def ratio(value: float, exact: float) -> str:
    """Three digits, or a dash where the method is closed."""
    return f"{value / exact:.3g}" if value > 0.0 else "0"


def totals() -> None:
    """Every method over the exact result, vector, all x."""
    masses = [m for m in MASSES if m > 0.001]
    head("experiment", "method", *(f"{m:g} GeV" for m in masses))
    for experiment in EXPERIMENTS:
        everything = experiment.arguments(window=False)
        exact = cross_section("vector", masses, experiment.energy, **everything)
        for method in methods.methods().values():
            if method.name == "etl" or "vector" not in method.mediators or experiment.beam not in method.beams:
                continue
            if method.name == "dmg4_ww" and experiment.beam[0] == "e":
                continue
            values = cross_section("vector", masses, experiment.energy, method=method, **everything)
            row(experiment.name, f"`{method.name}`", *(ratio(v, e) for v, e in zip(values, exact, strict=True)))


def windows() -> None:
    """ww and iww over the exact result in the window of each experiment."""
    head("experiment", "method", "m_X [GeV]", *mediator_names())
    for experiment in EXPERIMENTS:
        energy, common = experiment.energy, experiment.arguments()
        for method in ("ww", "ww_mass_cutoff", "iww"):
            for mass in (0.01, 0.1, 1.0):
                cells = []
                for mediator in mediator_names():
                    exact = cross_section(mediator, mass, energy, **common)
                    cells.append(ratio(cross_section(mediator, mass, energy, method=method, **common), exact))
                row(experiment.name, f"`{method}`", f"{mass:g}", *cells)


def nuclei() -> None:
    """Every form factor over the default one, exact tree level, vector, window of each experiment."""
    others = [name for name in form_factors.names() if name != form_factors.DEFAULT]
    head("experiment", "m_X [GeV]", *(f"`{name}`" for name in others))
    for experiment in EXPERIMENTS:
        energy, common = experiment.energy, experiment.arguments()
        for mass in (0.001, 0.1, 1.0):
            default = cross_section("vector", mass, energy, **common)
            values = [cross_section("vector", mass, energy, form_factor=name, **common) for name in others]
            row(experiment.name, f"{mass:g}", *(ratio(float(np.asarray(v)), default) for v in values))


if __name__ == "__main__":
    for table in (totals, windows, nuclei):
        print(f"\n{(table.__doc__ or '').strip()}\n")
        table()
