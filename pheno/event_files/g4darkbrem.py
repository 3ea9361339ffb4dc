"""CSV as the library parser of G4DarkBreM reads it: one header line, then ten numbers per event, in GeV.

The columns are Z, the energy of the beam, and the four-momenta (E, p_x, p_y, p_z) of the recoil lepton and of recoil
lepton and mediator together ("centerMomentum"). The file ends with its last event, because reading stops at an empty
line. The cross section has no place in it; that of a library is in its manifest.

Numbers are written so that they read back as the doubles they were: the parser gets the mediator as a difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pheno.event_files.common import slices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pheno.event_files.common import Progress
    from pheno.event_sample import EventSample

_COMPONENTS = ("energy", "px", "py", "pz")
COLUMNS = (
    "target_Z",
    "incident_energy",
    *(f"recoil_{name}" for name in _COMPONENTS),
    *(f"centerMomentum_{name}" for name in _COMPONENTS),
)


def write(sample: EventSample, progress: Progress | None = None) -> Iterator[bytes]:
    """Text of the file, in pieces."""
    yield (",".join(COLUMNS) + "\n").encode("ascii")
    pair = sample.p_lepton + sample.p_mediator
    row = f"%d,{sample.energy!r}" + ",%r" * 8 + "\n"
    for part in slices(sample, progress):
        momenta = np.hstack([sample.p_lepton[part], pair[part]]).tolist()
        lines = [row % (Z, *values) for Z, values in zip(sample.Z[part].tolist(), momenta, strict=True)]
        yield "".join(lines).encode("ascii")
