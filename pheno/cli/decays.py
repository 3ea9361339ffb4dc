"""``pheno decays``: widths, branching fractions, lifetimes and decay lengths of a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import pheno
from pheno import models
from pheno.cli import arguments, output
from pheno.errors import DomainError
from pheno.files import write_files

if TYPE_CHECKING:
    import argparse

    from pheno.cli.arguments import Commands

__all__ = ["add_commands"]

_EXAMPLE = """\
  pheno decays dark_photon --mass 0.001:3:40 --epsilon 1e-3
  pheno decays alp_photon --mass 0.1 --coupling 1e-4 --energy 100
  pheno decays dark_photon --mass 0.3 --dark-matter pseudo_dirac --ratio 3 --splitting 0.4 --epsilon 1e-3 --json
  pheno decays b_minus_l --mass 0.01:2:400 --foresee B-L
  pheno decays --list
"""


def add_commands(commands: Commands) -> None:
    """Add ``decays``."""
    parser = arguments.add_command(
        commands, "decays", "widths, branching fractions and decay lengths of a model", _EXAMPLE
    )
    parser.add_argument("model", nargs="?", metavar="MODEL", help="name of a model (see --list), or FILE.toml")
    parser.add_argument("--list", action="store_true", help="list the models")
    form = "one or more numbers, or FIRST:LAST:COUNT log-spaced"
    parser.add_argument(
        "--mass", nargs="+", type=arguments.numbers, metavar="GEV", help=f"mass of the mediator [GeV]: {form}"
    )
    strength = parser.add_mutually_exclusive_group()
    strength.add_argument("--coupling", type=float, metavar="G", help="coupling in the unit of the model (default 1)")
    strength.add_argument("--epsilon", type=float, help="coupling in units of the elementary charge")
    parser.add_argument("--energy", type=float, metavar="GEV", help="energy of the mediator: adds its decay length")
    parser.add_argument("--widths", action="store_true", help="partial widths [GeV] in place of branching fractions")
    dark = parser.add_argument_group("dark matter")
    dark.add_argument("--dark-matter", metavar="KIND", help="complex_scalar, majorana, dirac, pseudo_dirac or vector")
    dark.add_argument("--ratio", type=float, metavar="R", help="m(mediator)/m(dark matter) (default 3)")
    dark.add_argument("--splitting", type=float, metavar="D", help="(m2 - m1)/m1 of a pseudo-Dirac pair (default 0)")
    dark.add_argument("--alpha-D", type=float, dest="alpha_D", metavar="A", help="g_D^2/(4 pi) (default 0.1)")
    parser.add_argument("--foresee", metavar="FOLDER", help="write ctau.txt and br/*.txt for FORESEE there instead")
    arguments.add_output(parser)
    parser.set_defaults(run=_decays)


def _decays(parsed: argparse.Namespace) -> None:
    if parsed.list:
        for name in models.names():
            print(f"{name:<24} {models.resolve(name).title}")
        return
    if parsed.model is None or parsed.mass is None:
        msg = "MODEL and --mass are needed (or --list)"
        raise DomainError(msg)
    output.check_destination(parsed)
    chosen = pheno.model(
        parsed.model,
        dark_matter=parsed.dark_matter,
        ratio=parsed.ratio,
        splitting=parsed.splitting,
        alpha_D=parsed.alpha_D,
    )
    mass = arguments.axis(parsed.mass)
    if parsed.foresee is not None:
        _foresee(parsed, chosen, mass)
        return
    strength = {name: value for name in ("coupling", "epsilon") if (value := getattr(parsed, name)) is not None}
    found = pheno.widths(chosen, mass, **strength)
    columns = {"mass": "GeV", "width": "GeV", "lifetime": "s"}
    values = [mass, found.total, pheno.lifetime_s(chosen, mass, **strength)]
    if parsed.energy is not None:
        columns["decay_length"] = "m"
        values.append(pheno.decay_length_m(chosen, mass, parsed.energy, **strength))
    for channel, value in (found.partial if parsed.widths else found.branching).items():
        columns[channel] = "GeV" if parsed.widths else "1"
        values.append(value)
    rows = np.stack([np.asarray(value) for value in values], axis=-1).tolist()
    dark = {"dark_matter": chosen.dark_matter.kind} if chosen.dark_matter is not None else {}
    energy = {} if parsed.energy is None else {"energy": parsed.energy}
    about = {"pheno": pheno.__version__, "model": chosen.name, **(strength or {"coupling": 1.0}), **energy, **dark}
    output.emit(output.Result(about=about, columns=columns, rows=rows), parsed)


def _foresee(parsed: argparse.Namespace, chosen: pheno.Model, mass: np.ndarray) -> None:
    in_units_of_model = parsed.epsilon if chosen.convention == "epsilon" else parsed.coupling
    other = parsed.coupling if chosen.convention == "epsilon" else parsed.epsilon
    if other is not None:
        msg = f"--foresee takes the coupling in the convention of the model, {chosen.convention!r}"
        raise DomainError(msg)
    reference = 1.0 if in_units_of_model is None else in_units_of_model
    files = pheno.foresee_files(chosen, mass, coupling=reference)
    folder = Path(parsed.foresee)
    if folder.exists() and not folder.is_dir():
        msg = f"--foresee: {folder} is a file, not a folder"
        raise DomainError(msg)
    present = [name for name in files if (folder / name).exists()]
    if present:
        output.require_new(folder / present[0], force=parsed.force, option="--foresee")
    write_files({folder / name: text for name, text in files.items()})
    for name in files:
        print(folder / name)
