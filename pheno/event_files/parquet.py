"""Parquet, for Python users: one row per event, what was sampled as metadata."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from pheno.errors import DomainError
from pheno.event_files.common import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pheno.event_files.common import Progress
    from pheno.event_sample import EventSample


def require() -> None:
    """Raise unless pyarrow is there.

    Raises
    ------
    DomainError
        If it is not; the message says which extra has it.
    """
    if find_spec("pyarrow") is None:
        msg = "format 'parquet' needs pyarrow, which is not installed (pip install 'pheno-darksector[tables]')"
        raise DomainError(msg)


def write(sample: EventSample, progress: Progress | None = None) -> Iterator[bytes]:
    """Parquet file: columns ``Z``, ``A`` and ``lepton_E``, ``lepton_px``, ... , ``nucleus_pz`` [GeV].

    Raises
    ------
    DomainError
        If pyarrow is not installed.
    """
    require()
    import pyarrow as pa  # optional
    import pyarrow.parquet as pq

    columns: dict[str, np.ndarray] = {"Z": sample.Z.astype(np.int32), "A": sample.A}
    for particle in ("lepton", "mediator", "nucleus"):
        momenta = getattr(sample, f"p_{particle}")
        columns |= {f"{particle}_{name}": momenta[:, i] for i, name in enumerate(("E", "px", "py", "pz"))}
    fields = [
        pa.field(name, pa.from_numpy_dtype(a.dtype), metadata={"units": "1" if name in {"Z", "A"} else "GeV"})
        for name, a in columns.items()
    ]
    schema = pa.schema(fields, metadata={"pheno-events": "1"} | describe(sample))
    sink = BytesIO()
    pq.write_table(pa.table([np.ascontiguousarray(a) for a in columns.values()], schema=schema), sink)
    if progress is not None:
        progress(len(sample), len(sample), "events")
    return iter([sink.getvalue()])
