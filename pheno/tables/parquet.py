"""Parquet twins of the text tables, for Python users: one row per node, the header as metadata."""

from __future__ import annotations

import importlib.util
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from pheno.tables.grid import THRESHOLD_POWER
from pheno.tables.text import format_table

if TYPE_CHECKING:
    from pheno.tables.table import Table

SUFFIX = ".parquet"


def missing() -> dict[str, str]:
    """Why Parquet cannot be written, if so."""
    if importlib.util.find_spec("pyarrow") is None:
        return {"parquet": "pyarrow is not installed (pip install 'pheno-darksector[tables]')"}
    return {}


def to_bytes(table: Table) -> bytes:
    """Parquet file with the nodes of ``table``.

    Columns: ``panel``, ``mass`` [GeV], ``energy`` [GeV], ``cross_section`` [pb] and ``log_reduced``, the tabulated
    ln(sigma/T^2), which is finite at threshold where the cross section is 0. The metadata holds the header of the
    text table, key by key, and the unit of each column.
    """
    import pyarrow as pa  # optional
    import pyarrow.parquet as pq

    columns: dict[str, list[np.ndarray]] = {
        name: [] for name in ("panel", "mass", "energy", "cross_section", "log_reduced")
    }
    for number, (panel, values) in enumerate(zip(table.panels, table.values, strict=True)):
        mass, energy = panel.nodes(table.kinematics)
        above = np.maximum(energy - table.kinematics.threshold(mass), 0.0)
        if panel.floor == 0.0:
            above[:, 0] = 0.0
        columns["panel"].append(np.full(mass.size, number, dtype=np.int32))
        columns["mass"].append(mass.ravel())
        columns["energy"].append(energy.ravel())
        columns["cross_section"].append((np.exp(values) * above**THRESHOLD_POWER).ravel())
        columns["log_reduced"].append(values.ravel())
    units = {"mass": "GeV", "energy": "GeV", "cross_section": "pb", "log_reduced": "ln(pb GeV^-2)", "panel": "1"}
    arrays = {name: np.concatenate(parts) for name, parts in columns.items()}
    fields = [
        pa.field(name, pa.from_numpy_dtype(a.dtype), metadata={"units": units[name]}) for name, a in arrays.items()
    ]
    schema = pa.schema(fields, metadata=_metadata(table))
    sink = BytesIO()
    pq.write_table(pa.table(list(arrays.values()), schema=schema), sink)
    return sink.getvalue()


def _metadata(table: Table) -> dict[str, str]:
    header = format_table(table).split("\ndata\n", maxsplit=1)[0].split("\n")
    metadata = {"pheno-table": header[0].rpartition(" ")[2]}
    for line in header[1:]:
        key, _, value = line.partition(" ")
        if key != "sha256":  # of the text file
            metadata[key] = f"{metadata[key]}; {value}" if key in metadata else value
    return metadata
