"""Les Houches event files, version 3.0, laid out as the library parser of G4DarkBreM wants them.

The parser reads Z from a header line ``<number> <Z> # Znuc`` that must come before any event; in each event it takes
the first line with id 11 or 13 and status -1 as the incoming lepton, two lines further the outgoing lepton (status 1),
two lines further the mediator (status 1 and the id it was told). So the order of the particles is fixed: incoming
lepton, incoming nucleus, outgoing lepton, outgoing nucleus, mediator. Analysis scripts of such libraries take the cross
section [pb] from the last word of the only line with ``Integrated`` in it.

Numbers are written so that they read back as the doubles they were: with fewer digits a light lepton of high energy
loses its mass (12 digits leave an uncertainty of 4 % on m_e^2 at 100 GeV).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

from pheno.constants import ALPHA
from pheno.event_files.common import (
    MEDIATOR_ID,
    beam_momentum,
    describe,
    pdg_nucleus,
    picobarn,
    require_one_nucleus,
    slices,
)
from pheno.matter import nuclear_mass
from pheno.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pheno.event_files.common import Ids, Progress
    from pheno.event_sample import EventSample

#: Number of the nucleus in the libraries of dark-brem-lib-gen, whatever the element.
NUCLEUS_ID = -623


def write(sample: EventSample, ids: Ids, progress: Progress | None = None) -> Iterator[bytes]:
    """Text of the file, in pieces.

    Raises
    ------
    DomainError
        If the target has more than one kind of nucleus: the header names one.
    """
    Z, A = require_one_nucleus(sample.target, "lhe")
    lepton = ids.lepton or sample.beam.pdg
    nucleus = pdg_nucleus(Z, A) if ids.nucleus == "pdg" else ids.nucleus or NUCLEUS_ID
    M = nuclear_mass(A)
    return _pieces(sample, _head(sample, Z, M, lepton, nucleus), _event(sample, M, lepton, nucleus, ids), progress)


def _pieces(sample: EventSample, head: str, event: str, progress: Progress | None) -> Iterator[bytes]:
    yield head.encode("utf-8")
    # The file has px py pz E, the sample E px py pz.
    momenta = [p[:, [1, 2, 3, 0]] for p in (sample.p_lepton, sample.p_nucleus, sample.p_mediator)]
    for part in slices(sample, progress):
        rows = np.hstack([p[part] for p in momenta]).tolist()
        yield "".join([event % tuple(row) for row in rows]).encode("ascii")
    yield b"</LesHouchesEvents>\n"


def _head(sample: EventSample, Z: int, M: float, lepton: int, nucleus: int) -> str:
    sigma, error = picobarn(sample)
    words = "\n".join(f"  # {key}: {value}" for key, value in describe(sample).items())
    return "\n".join(
        [
            '<LesHouchesEvents version="3.0">',
            "<header>",
            escape(words),
            f"  # Integrated weight (pb) : {sigma!r}",
            f"  6 {Z} # Znuc",
            "</header>",
            "<init>",
            f"{lepton} {nucleus} {sample.energy!r} {M!r} 0 0 0 0 3 1",  # strategy 3: unweighted, all weights 1
            f"{sigma!r} {error!r} 1.0 1",
            f'<generator name="pheno" version="{__version__}">exact tree level</generator>',
            "</init>\n",
        ]
    )


def _event(sample: EventSample, M: float, lepton: int, nucleus: int, ids: Ids) -> str:
    """Template with a place for each of the twelve numbers that differ from event to event."""
    m, mediator = sample.beam.mass, ids.mediator or MEDIATOR_ID
    # -1: no scale, no alpha_s; 9: spin not known
    return "\n".join(
        [
            "<event>",
            f"5 1 1.0 -1.0 {ALPHA!r} -1.0",
            f"{lepton} -1 0 0 0 0 0.0 0.0 {beam_momentum(sample)!r} {sample.energy!r} {m!r} 0.0 9.0",
            f"{nucleus} -1 0 0 0 0 0.0 0.0 0.0 {M!r} {M!r} 0.0 9.0",
            f"{lepton} 1 1 2 0 0 %r %r %r %r {m!r} 0.0 9.0",
            f"{nucleus} 1 1 2 0 0 %r %r %r %r {M!r} 0.0 9.0",
            f"{mediator} 1 1 2 0 0 %r %r %r %r {sample.mass!r} 0.0 9.0",
            "</event>\n",
        ]
    )
