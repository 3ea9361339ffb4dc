"""Print the tables of docs/physics/methods.md: what each approximation does to the exact result.

python docs/scripts/methods_tables.py
"""

from __future__ import annotations

import numpy as np

from pheno import cross_section, form_factors, methods
from pheno.mediators import names as mediator_names

#: Experiment -> (beam, energy [GeV], target, x_min).
EXPERIMENTS = {
    "NA64e": ("e-", 100.0, "Pb", 0.5),
    "LDMX": ("e-", 16.0, "Al", 0.7),
    "NA64mu": ("mu-", 160.0, "Pb", 0.5),
    "M3": ("mu-", 15.0, "W", 0.4),
    "E137": ("e-", 20.0, "Al", 0.1),
}
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
    for experiment, (beam, energy, target, _) in EXPERIMENTS.items():
        exact = cross_section("vector", masses, energy, beam=beam, target=target)
        for method in methods.methods().values():
            if method.name == "etl" or "vector" not in method.mediators or beam not in method.beams:
                continue
            if method.name == "dmg4_ww" and beam[0] == "e":
                continue
            values = cross_section("vector", masses, energy, beam=beam, target=target, method=method)
            row(experiment, f"`{method.name}`", *(ratio(v, e) for v, e in zip(values, exact, strict=True)))


def windows() -> None:
    """ww and iww over the exact result in the window of each experiment."""
    head("experiment", "method", "m_X [GeV]", *mediator_names())
    for experiment, (beam, energy, target, x_min) in EXPERIMENTS.items():
        common = {"beam": beam, "target": target, "x_min": x_min}
        for method in ("ww", "ww_mass_cutoff", "iww"):
            for mass in (0.01, 0.1, 1.0):
                cells = []
                for mediator in mediator_names():
                    exact = cross_section(mediator, mass, energy, **common)
                    cells.append(ratio(cross_section(mediator, mass, energy, method=method, **common), exact))
                row(experiment, f"`{method}`", f"{mass:g}", *cells)


def nuclei() -> None:
    """Every form factor over the default one, exact tree level, vector, window of each experiment."""
    others = [name for name in form_factors.names() if name != form_factors.DEFAULT]
    head("experiment", "m_X [GeV]", *(f"`{name}`" for name in others))
    for experiment, (beam, energy, target, x_min) in EXPERIMENTS.items():
        for mass in (0.001, 0.1, 1.0):
            common = {"beam": beam, "target": target, "x_min": x_min}
            default = cross_section("vector", mass, energy, **common)
            values = [cross_section("vector", mass, energy, form_factor=name, **common) for name in others]
            row(experiment, f"{mass:g}", *(ratio(float(np.asarray(v)), default) for v in values))


if __name__ == "__main__":
    for table in (totals, windows, nuclei):
        print(f"\n{(table.__doc__ or '').strip()}\n")
        table()
