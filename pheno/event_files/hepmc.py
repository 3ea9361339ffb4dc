"""HepMC3 in its text format, through pyhepmc.

GeV and mm; one vertex at the origin; beam particles have status 4, outgoing ones 1; nuclei are 10LZZZAAAI unless
another number is asked for. Every event has weight 1 and carries the cross section with its error [pb].
"""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pheno.errors import DomainError
from pheno.event_files.common import MEDIATOR_ID, beam_momentum, describe, pdg_nucleus, picobarn, slices
from pheno.matter import nuclear_mass
from pheno.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pheno.event_files.common import Ids, Progress
    from pheno.event_sample import EventSample

#: Digits after the point in HepMC3's scientific notation that give the same double back.
_PRECISION = 16

#: Bytes of text that are kept before they are handed on.
PIECE = 1 << 22

_BEAM, _FINAL = 4, 1


def require() -> None:
    """Raise unless pyhepmc is there.

    Raises
    ------
    DomainError
        If it is not; the message says which extra has it.
    """
    if find_spec("pyhepmc") is None:
        msg = "format 'hepmc' needs pyhepmc, which is not installed (pip install 'pheno-darksector[hepmc]')"
        raise DomainError(msg)


def write(sample: EventSample, ids: Ids, progress: Progress | None = None) -> Iterator[bytes]:
    """Text of the file, in pieces.

    Raises
    ------
    DomainError
        If pyhepmc is not installed.
    """
    require()
    return _pieces(sample, ids, progress)


def _pieces(sample: EventSample, ids: Ids, progress: Progress | None) -> Iterator[bytes]:
    from pyhepmc import io  # optional

    run = _run(sample)
    text = BytesIO()
    with io.pyiostream(text) as stream, io.WriterAscii(stream, run) as writer:
        writer.precision = _PRECISION
        for number, event in enumerate(_events(sample, ids, run, progress)):
            event.event_number = number
            writer.write_event(event)
            if text.tell() > PIECE:
                yield _drain(text)
    yield _drain(text)


def _drain(text: BytesIO) -> bytes:
    content = text.getvalue()
    text.seek(0)
    text.truncate()
    return content


def _run(sample: EventSample) -> Any:
    import pyhepmc

    run = pyhepmc.GenRunInfo()
    run.weight_names = ["Default"]
    words = "; ".join(f"{key} {value}" for key, value in describe(sample).items() if key != "generator")
    run.tools = [("pheno", __version__, words)]
    return run


def _events(sample: EventSample, ids: Ids, run: Any, progress: Progress | None) -> Iterator[Any]:
    """One event after the other, in the same object: only what differs is set."""
    import pyhepmc

    event, incoming, outgoing = _skeleton(sample, ids)
    event.run_info = run
    sigma, error = picobarn(sample)
    event.cross_section = pyhepmc.GenCrossSection()
    event.cross_section.set_cross_section(sigma, error)
    event.weights = [1.0]
    for part in slices(sample, progress):
        momenta = [p[part][:, [1, 2, 3, 0]].tolist() for p in (sample.p_lepton, sample.p_nucleus, sample.p_mediator)]
        for Z, A, *p in zip(sample.Z[part].tolist(), sample.A[part].tolist(), *momenta, strict=True):
            M = nuclear_mass(A)
            number = pdg_nucleus(Z, A) if ids.nucleus in {None, "pdg"} else ids.nucleus
            incoming.momentum = (0.0, 0.0, 0.0, M)
            for nucleus in (incoming, outgoing[1]):
                nucleus.pid, nucleus.generated_mass = number, M
            for particle, momentum in zip(outgoing, p, strict=True):
                particle.momentum = momentum
            yield event


def _skeleton(sample: EventSample, ids: Ids) -> tuple[Any, Any, list[Any]]:
    """Return event, incoming nucleus, and the outgoing lepton, nucleus and mediator."""
    import pyhepmc

    event = pyhepmc.GenEvent(pyhepmc.Units.GEV, pyhepmc.Units.MM)
    vertex = pyhepmc.GenVertex((0.0, 0.0, 0.0, 0.0))
    lepton, mediator = ids.lepton or sample.beam.pdg, ids.mediator or MEDIATOR_ID
    beam = pyhepmc.GenParticle((0.0, 0.0, beam_momentum(sample), sample.energy), lepton, _BEAM)
    nothing = (0.0, 0.0, 0.0, 0.0)  # set for each event
    target = pyhepmc.GenParticle(nothing, 0, _BEAM)
    outgoing = [pyhepmc.GenParticle(nothing, number, _FINAL) for number in (lepton, 0, mediator)]
    for particle in (beam, outgoing[0]):
        particle.generated_mass = sample.beam.mass
    outgoing[2].generated_mass = sample.mass
    for particle in (beam, target):
        vertex.add_particle_in(particle)
    for particle in outgoing:
        vertex.add_particle_out(particle)
    event.add_vertex(vertex)
    return event, target, outgoing
