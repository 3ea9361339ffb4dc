"""Cross-section CSV with the columns that the cache of G4DarkBreM streams out.

``A [au],Z [protons],Energy [MeV],Xsec [pb]`` at epsilon = 1, one file per mediator mass (in G4DarkBreM the mass is one
for the whole process). The energy is the kinetic energy of the lepton in whole MeV, because the cache has bins of
1 MeV; rows rise in energy, and an empty line ends the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pheno.constants import ELEMENTARY_CHARGE

if TYPE_CHECKING:
    from pheno.tables.spec import TableSpec
    from pheno.tables.table import Table

FOLDER = "g4darkbrem/"
COLUMNS = "A [au],Z [protons],Energy [MeV],Xsec [pb]"


def file_names(spec: TableSpec, mediator: str) -> list[str]:
    """Files that :func:`export` writes."""
    masses = spec.g4darkbrem.masses if spec.g4darkbrem is not None else ()
    return [f"{FOLDER}{mediator}_mA_{1e3 * mass:g}MeV.csv" for mass in masses]


def export(spec: TableSpec, table: Table) -> dict[str, bytes]:
    """Text of the files, by name; the cross sections are interpolated in ``table``, the table of all x."""
    grid = spec.g4darkbrem
    if grid is None:
        return {}
    low, high = table.energy_range
    lepton = table.kinematics.lepton_mass
    kinetic = np.rint(1e3 * np.arange(grid.energy_range[0], grid.energy_range[1] + 0.5 * grid.step, grid.step))
    kinetic = kinetic[(1e-3 * kinetic + lepton >= low) & (1e-3 * kinetic + lepton <= high)]
    files = {}
    for name, mass in zip(file_names(spec, table.reaction.mediator), grid.masses, strict=True):
        sigma = table(mass, 1e-3 * kinetic + lepton) * ELEMENTARY_CHARGE**2
        rows = [f"{spec.A},{spec.Z},{T:.0f},{s:.16g}" for T, s in zip(kinetic, sigma, strict=True)]
        files[name] = ("\n".join([COLUMNS, *rows, ""]) + "\n").encode("ascii")
    return files
