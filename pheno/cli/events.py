"""``pheno events``: unweighted events, on the screen, in a file or as an event library for G4DarkBreM."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pheno
from pheno import event_files
from pheno.cli import arguments, output
from pheno.cli.progress import progress_bar, resumable
from pheno.errors import DomainError
from pheno.event_files.common import Ids
from pheno.event_files.write import require_writable

if TYPE_CHECKING:
    from pheno.cli.arguments import Commands
    from pheno.event_files import EventLibrary
    from pheno.event_sample import EventSample

__all__ = ["add_commands"]

_EXAMPLE = """\
  pheno events vector --mass 0.1 --energy 8 --beam e- --target W
  pheno events vector --mass 0.1 --energy 8 --beam e- --target W --number 20000 --output events.lhe
  pheno events scalar --mass 0.01 --energy 160 --beam mu- --number 100000 --seed 7 --output events.hepmc.gz
  pheno events vector --mass 0.1 --library g4darkbrem --energy 8 --min-energy 0.4 --target W --output lib
"""

#: Events in the table that is shown.
_SHOWN = 10

_DEFAULT_NUMBER = 20_000

#: Options that are arguments of the same name, of a sample and of a library.
_COMMON = ("beam", "target", "coupling", "epsilon", "form_factor", "rtol", "seed", "threads")
_WINDOW = ("x_min", "x_max", "unit")
_IDS = ("lepton_id", "nucleus_id", "mediator_id")


def _nucleus_id(word: str) -> int | str:
    try:
        return word if word == "pdg" else int(word)
    except ValueError:
        msg = f"expected a whole number or pdg, got {word!r}"
        raise argparse.ArgumentTypeError(msg) from None


def add_commands(commands: Commands) -> None:
    """Add ``events``."""
    help_text = "unweighted events of l N -> l N X, in files that simulators read"
    parser = arguments.add_command(commands, "events", help_text, _EXAMPLE)
    arguments.add_reaction(parser, grid=False)
    arguments.add_strength(parser)
    parser.add_argument(
        "--number", type=int, default=_DEFAULT_NUMBER, metavar="N", help="number of events (default %(default)d)"
    )
    parser.add_argument("--seed", type=int, default=0, help="same seed, same events (default 0)")
    parser.add_argument("--x-min", type=float, metavar="X", help="lower edge of x = E_X/E (default 0)")
    parser.add_argument("--x-max", type=float, metavar="X", help="upper edge of x (default 1)")
    parser.add_argument("--unit", help="of the cross section (default pb)")
    parser.add_argument("--output", metavar="FILE", help="file to write; with --library the folder")
    parser.add_argument("--format", help=f"one of {', '.join(event_files.FORMATS)} (default: the ending of FILE)")
    parser.add_argument("--force", action="store_true", help="overwrite FILE, or another library")
    parser.add_argument("--json", action="store_true", help="print what was made as JSON")
    ids = parser.add_argument_group("numbers of the particles in LHE and HepMC")
    ids.add_argument("--lepton-id", type=int, metavar="ID", help="default: PDG")
    ids.add_argument("--nucleus-id", type=_nucleus_id, metavar="ID", help="or pdg; default -623 in LHE, PDG in HepMC")
    ids.add_argument("--mediator-id", type=int, metavar="ID", help="default 622")
    library = parser.add_argument_group("event library: one file for each of many energies")
    library.add_argument("--library", metavar="NAME", help="g4darkbrem: from --energy down to --min-energy")
    library.add_argument("--min-energy", type=float, metavar="GEV", help="lowest energy [GeV]")
    library.add_argument("--step", type=float, help="largest relative step of the energies (default and limit 0.1)")
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> None:
    if parsed.number < 1:
        msg = f"--number must be at least 1, got {parsed.number}"
        raise DomainError(msg)
    if parsed.library is None:
        _refuse(parsed, ("min_energy", "step"), "needs --library")
        _sample(parsed)
    else:
        _library(parsed)


def _given(parsed: argparse.Namespace, options: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(parsed, name) for name in options if getattr(parsed, name) is not None}


def _refuse(parsed: argparse.Namespace, options: tuple[str, ...], why: str) -> None:
    for name in _given(parsed, options):
        msg = f"--{name.replace('_', '-')} {why}"
        raise DomainError(msg)


def _sample(parsed: argparse.Namespace) -> None:
    if parsed.output is None:
        _refuse(parsed, ("format", *_IDS), "needs --output")
    else:
        # Sampling may take a while: a file that cannot be written is refused before.
        output.require_new(Path(parsed.output), force=parsed.force)
        ids = Ids(parsed.lepton_id, parsed.nucleus_id, parsed.mediator_id)
        require_writable(parsed.output, format=parsed.format, force=parsed.force, ids=ids)
    events = pheno.sample(
        arguments.mediator(parsed), parsed.mass, parsed.energy, parsed.number, **_given(parsed, (*_COMMON, *_WINDOW))
    )
    about = _about(parsed, events)
    if parsed.output is None:
        shown = {"x": ("1", events.x), "theta": ("rad", events.theta), "psi": ("rad", events.psi)}
        shown["t"] = ("GeV^2", events.t)
        rows = list(zip(*(values[:_SHOWN].tolist() for _, values in shown.values()), strict=True))
        result = output.Result(about=about, columns={name: unit for name, (unit, _) in shown.items()}, rows=rows)
        sys.stdout.write(result.json() if parsed.json else result.table())
        return
    with progress_bar(Path(parsed.output).name) as progress:
        path = event_files.write_events(
            events, parsed.output, format=parsed.format, force=parsed.force, progress=progress, **_given(parsed, _IDS)
        )
    _report(about | {"output": str(path)}, as_json=parsed.json)


def _about(parsed: argparse.Namespace, events: EventSample) -> dict[str, object]:
    """What was sampled and how well."""
    kind = events.mediator
    shares = {} if kind.universal else {"c_l": kind.c_l, "c_gamma": kind.c_gamma, "c_N": kind.c_N}
    return {
        "pheno": pheno.__version__,
        "mediator": kind.name,
        **shares,
        "mass": events.mass,
        "beam": events.beam.name,
        "energy": events.energy,
        "target": events.target.name,
        "coupling": events.coupling,
        "x_min": events.x_min,
        "x_max": events.x_max,
        "form_factor": parsed.form_factor,
        "events": len(events),
        "seed": events.seed,
        "unit": events.unit,
        "cross_section": events.cross_section,
        "error": events.error,
        "overweight": events.overweight,
        "efficiency": events.efficiency,
    }


def _report(about: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(about, indent=2, allow_nan=False))
        return
    for key, value in about.items():
        print(f"# {key}: {value}")


def _library(parsed: argparse.Namespace) -> None:
    if parsed.library != "g4darkbrem":
        msg = f"--library must be g4darkbrem, got {parsed.library!r}"
        raise DomainError(msg)
    for name in ("output", "min_energy"):
        if getattr(parsed, name) is None:
            msg = f"--library needs --{name.replace('_', '-')}"
            raise DomainError(msg)
    _refuse(parsed, (*_WINDOW, "lepton_id", "nucleus_id"), "is not for libraries")
    options = _given(parsed, (*_COMMON, "step", "format", "mediator_id"))
    with resumable(Path(parsed.output).name) as progress:
        library = event_files.build_event_library(
            parsed.output,
            arguments.mediator(parsed),
            parsed.mass,
            energy_max=parsed.energy,
            energy_min=parsed.min_energy,
            events=parsed.number,
            force=parsed.force,
            progress=progress,
            **options,
        )
    _report_library(library, as_json=parsed.json)


def _report_library(library: EventLibrary, *, as_json: bool) -> None:
    manifest = library.manifest
    if as_json:
        about = {"directory": str(library.directory), "sampled": library.sampled, **manifest}
        print(json.dumps(about, indent=2, allow_nan=False))
        return
    columns = {"energy": "GeV", "cross_section": "pb", "error": "pb", "events": "1", "overweight": "1"}
    rows = [[entry[name] for name in columns] for entry in manifest["files"]]
    parameters = manifest["parameters"]
    about = {name: parameters[name] for name in ("mass", "beam", "seed", "format")}
    sys.stdout.write(output.Result(about=about, columns=columns, rows=rows).table())
    print(f"\n{len(library.files)} files in {library.directory}/, {library.sampled} of them new")
    if manifest["left_out"]:
        left_out = manifest["left_out"]
        print(f"pheno: {len(left_out['energies'])} energies left out, {left_out['reason']}", file=sys.stderr)
