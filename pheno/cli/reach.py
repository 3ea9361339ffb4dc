"""``pheno reach``, ``pheno plot`` and ``pheno experiments``: what an experiment excludes, and the figure of it."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pheno
from pheno import experiments, models, plots
from pheno.cli import arguments, output
from pheno.files import write_files
from pheno.reach import PLANES

if TYPE_CHECKING:
    import argparse

    from pheno.cli.arguments import Commands
    from pheno.experiments import Experiment
    from pheno.models import Model
    from pheno.reach import Reach

__all__ = ["add_commands"]

_REACH_EXAMPLE = """\
  pheno reach na64e dark_photon --dark-matter complex_scalar --mass 0.001:1:40
  pheno reach e137 dark_photon --mass 0.002:0.3:40 --output e137.csv
  pheno reach na64mu:projected lmu_minus_ltau --mass 0.01 0.1 --json
"""
_PLOT_EXAMPLE = """\
  pheno plot dark_photon na64e ldmx --dark-matter complex_scalar --plane y --mass 0.003:1:40 --output y.pdf
  pheno plot dark_photon e137 na64e_visible_2018 --mass 0.002:0.3:80 --output visible.png visible.html visible.csv
"""


def add_commands(commands: Commands) -> None:
    """Add ``reach``, ``plot`` and ``experiments``."""
    parser = arguments.add_command(commands, "reach", "couplings that an experiment excludes, or will", _REACH_EXAMPLE)
    parser.add_argument("experiment", metavar="EXPERIMENT", help=_EXPERIMENT)
    parser.add_argument("model", metavar="MODEL", help=f"one of {', '.join(models.names())}, or a card of your own")
    _add_options(parser)
    arguments.add_output(parser)
    parser.set_defaults(run=_reach)

    parser = arguments.add_command(commands, "plot", "figure of what experiments exclude, or will", _PLOT_EXAMPLE)
    parser.add_argument("model", metavar="MODEL", help=f"one of {', '.join(models.names())}, or a card of your own")
    parser.add_argument("experiments", nargs="+", metavar="EXPERIMENT", help=_EXPERIMENT)
    _add_options(parser)
    parser.add_argument("--title", help="title of the figure (default: that of the model)")
    parser.add_argument("--output", nargs="+", required=True, metavar="FILE", help=".png, .pdf, .svg, .html or .csv")
    parser.add_argument("--force", action="store_true", help="overwrite files")
    parser.set_defaults(run=_plot)

    parser = arguments.add_command(
        commands, "experiments", "list the experiments with their exposures", "  pheno experiments\n"
    )
    parser.set_defaults(run=_experiments)


_EXPERIMENT = "name or card of an experiment (`pheno experiments`), with :EXPOSURE for another one than its default"


def _add_options(parser: argparse.ArgumentParser) -> None:
    arguments.add_mass(parser)
    parser.add_argument("--plane", choices=list(PLANES), help="default: that of the model's coupling")
    parser.add_argument("--dark-matter", metavar="KIND", help="complex_scalar, majorana, dirac, pseudo_dirac, vector")
    parser.add_argument("--ratio", type=float, help="mass of the mediator over that of dark matter (default 3)")
    parser.add_argument("--splitting", type=float, help="of a pseudo-Dirac pair")
    parser.add_argument("--alpha-D", type=float, help="coupling to dark matter (default 0.1)")
    parser.add_argument("--confidence", type=float, default=0.9, help="confidence level (default %(default)g)")
    parser.add_argument("--tables", metavar="PATH", help="lookup table or folder of them, used where they fit")
    parser.add_argument("--threads", type=int, metavar="N", help="number of threads (default: all)")


def _model(parsed: argparse.Namespace) -> Model:
    return pheno.model(
        parsed.model,
        dark_matter=parsed.dark_matter,
        ratio=parsed.ratio,
        splitting=parsed.splitting,
        alpha_D=parsed.alpha_D,
    )


def _experiment(word: str) -> Experiment:
    name, _, exposure = word.partition(":")
    return experiments.experiment(name, exposure=exposure or None)


def _calculate(word: str, model: Model, parsed: argparse.Namespace) -> Reach:
    return pheno.reach(
        _experiment(word),
        model,
        arguments.axis(parsed.mass),
        confidence=parsed.confidence,
        tables=parsed.tables,
        threads=parsed.threads,
    )


def _reach(parsed: argparse.Namespace) -> None:
    output.check_destination(parsed)
    found = _calculate(parsed.experiment, _model(parsed), parsed)
    _warn_if_insensitive(parsed.experiment, found)
    rows = found.rows(parsed.plane)
    largest = [high if high < float("inf") else -1.0 for _, _, high in rows]
    unit = found.model.coupling_unit if parsed.plane in {None, "coupling"} else "1"
    about = {
        "pheno": pheno.__version__,
        "experiment": parsed.experiment,
        "model": parsed.model,
        "plane": parsed.plane or ("epsilon" if found.model.convention == "epsilon" else "coupling"),
        "kind": found.kind,
        **({"caution": found.experiment.caution} if found.experiment.caution else {}),
        "events": found.limit,
        "cross sections": found.cross_sections,
        "upper edge": "-1 where none was met",
        "masses without sensitivity": int((~found.sensitive).sum()),
    }
    columns = {"mass": "GeV", "lower": unit, "upper": unit}
    table = [(mass, low, high) for (mass, low, _), high in zip(rows, largest, strict=True)]
    output.emit(output.Result(about=about, columns=columns, rows=table), parsed)


def _warn_if_insensitive(word: str, found: Reach) -> None:
    """An empty result looks like a mistake, and often is one: an invisible search of a visible model."""
    if not found.sensitive.any():
        signature = found.experiment.signature.kind.replace("_", " ")
        print(
            f"pheno: {word}: no coupling up to {found.largest:.3g} gives the {found.limit:.3g} events of the limit at "
            f"any of these masses (signature: {signature}; model: {found.model.name}, {_dark(found.model)})",
            file=sys.stderr,
        )


def _dark(model: Model) -> str:
    return "no dark matter" if model.dark_matter is None else f"{model.dark_matter.kind} dark matter"


def _plot(parsed: argparse.Namespace) -> None:
    paths = [Path(word) for word in parsed.output]
    for path in paths:
        output.check_path(path, plots.SUFFIXES, force=parsed.force)
        plots.require(path.suffix)
    model = _model(parsed)
    found = [_calculate(word, model, parsed) for word in parsed.experiments]
    for word, one in zip(parsed.experiments, found, strict=True):
        _warn_if_insensitive(word, one)
    plot = plots.reach_plot(found, parsed.plane, title=parsed.title)
    write_files({path: plot.encoded(path.suffix) for path in paths})


def _experiments(_parsed: argparse.Namespace) -> None:
    for name in experiments.names():
        found = experiments.resolve(name)
        exposures = ", ".join(f"{key} = {number:.3g}" for key, number in found.exposures)
        caution = f". Caution: {found.caution}" if found.caution else ""
        text = f"{name}: {found.title}. Exposures: {exposures}; {found.chosen} unless chosen{caution}"
        print(textwrap.fill(text, 100, initial_indent="  ", subsequent_indent=" " * 6, break_on_hyphens=False))
