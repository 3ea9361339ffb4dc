"""One sample, one file: the format is chosen by the ending of its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pheno.errors import DomainError, choice
from pheno.event_files import g4darkbrem, hepmc, lhe, parquet
from pheno.event_files.common import Ids, check
from pheno.files import compress, require_new, write_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pheno.event_files.common import Progress
    from pheno.event_sample import EventSample

#: What a file may be. Endings of names are these with a dot.
FORMATS = ("lhe", "lhe.gz", "csv", "csv.gz", "hepmc", "hepmc.gz", "parquet")

_WITH_IDS = {"lhe": lhe.write, "hepmc": hepmc.write}
_WITHOUT_IDS = {"csv": g4darkbrem.write, "parquet": parquet.write}


def write_events(
    sample: EventSample,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 (what a reader of the call expects)
    force: bool = False,
    lepton_id: int | None = None,
    nucleus_id: int | Literal["pdg"] | None = None,
    mediator_id: int | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write a sample of events in a format that simulators read.

    Parameters
    ----------
    sample
        Events from :func:`pheno.sample`.
    path
        File to write. Its folder must exist.
    format
        ``"lhe"``, ``"csv"`` (an event library of G4DarkBreM), ``"hepmc"`` (HepMC3) or ``"parquet"``; the first three
        also with ``".gz"``. By default what the name of the file ends in.
    force
        Overwrite an existing file.
    lepton_id
        Number of the lepton in LHE and HepMC; by default its PDG number. G4DarkBreM knows 11 and 13 in LHE, not -11
        and -13.
    nucleus_id
        Number of the nucleus; by default -623 in LHE, as in the libraries made with MadGraph, and 10LZZZAAAI in HepMC.
        ``"pdg"`` is 10LZZZAAAI in either.
    mediator_id
        Number of the mediator; 622 by default, as in G4DarkBreM. (MadGraph 5 libraries have 1023.)
    progress
        Called as ``progress(done, total, label)`` after every ten thousand events.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DomainError
        If the format is unknown or cannot hold the sample (LHE: more than one kind of nucleus), there is no event, a
        momentum is not finite, a number does not fit in 32 bits or the format has no numbers, or an optional package
        is missing.
    OutputError
        If the file exists and ``force`` is not set, or cannot be written. An existing file is then as it was.

    Notes
    -----
    Units: GeV and pb. LHE, CSV and HepMC have all digits of the momenta. The same sample gives the same bytes,
    compressed or not.

    Examples
    --------
    >>> from pheno.event_files import write_events
    >>> sample = pheno.sample("vector", 0.1, 8.0, 20_000, target="W")  # doctest: +SKIP
    >>> write_events(sample, "events.lhe.gz")  # doctest: +SKIP
    """
    path, ids = Path(path), Ids(lepton_id, nucleus_id, mediator_id)
    check(sample)
    chosen = require_writable(path, format=format, force=force, ids=ids)
    write_files({path: content(sample, chosen, ids, progress)})
    return path


def require_writable(path: str | Path, *, format: str | None, force: bool, ids: Ids) -> str:  # noqa: A002
    """Raise whatever of :func:`write_events` does not depend on the sample; return the name of the format.

    Raises
    ------
    DomainError, OutputError
        As :func:`write_events`.
    """
    path = Path(path)
    chosen = choose_format(path, format)
    check_format(chosen, ids)
    require_new(path, force=force)
    return chosen


def choose_format(path: Path, format_: str | None) -> str:
    """Return the name of a format: the one that was asked for, or that of the ending of ``path``."""
    if format_ is not None:
        return choice("format", format_, FORMATS)
    for name in FORMATS:
        if path.name.endswith(f".{name}"):
            return name
    msg = f"path must end in one of {', '.join('.' + name for name in FORMATS)}, or format be given, got {str(path)!r}"
    raise DomainError(msg)


def check_format(format_: str, ids: Ids) -> None:
    """Raise DomainError if a format cannot be written here, or has no numbers of particles although some are given."""
    kind = format_.removesuffix(".gz")
    if kind in _WITHOUT_IDS and ids.given:
        msg = f"{ids.given[0]} must not be given for format {format_!r}, which has no numbers of particles"
        raise DomainError(msg)
    if kind == "hepmc":
        hepmc.require()
    if kind == "parquet":
        parquet.require()


def content(sample: EventSample, format_: str, ids: Ids, progress: Progress | None = None) -> Iterator[bytes]:
    """Bytes of the file, in pieces."""
    kind = format_.removesuffix(".gz")
    with_ids = kind in _WITH_IDS
    pieces = _WITH_IDS[kind](sample, ids, progress) if with_ids else _WITHOUT_IDS[kind](sample, progress)
    return compress(pieces) if format_.endswith(".gz") else pieces
