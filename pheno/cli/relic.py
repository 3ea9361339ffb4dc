"""``pheno relic`` and ``pheno target``: relic densities, and the couplings that give the observed one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

import pheno
from pheno.cli import arguments, output
from pheno.relic.degrees_of_freedom import names as plasma_names

if TYPE_CHECKING:
    import argparse

    from pheno.cli.arguments import Commands
    from pheno.models import Model

__all__ = ["add_commands"]

_RELIC_EXAMPLE = """\
  pheno relic dark_photon --dark-matter complex_scalar --ratio 3 --alpha-D 0.5 --mass 0.03 --epsilon 5e-5
  pheno relic dark_photon --dark-matter dirac --mass 0.01:1:20 --epsilon 1e-5 --width running --json
"""
_TARGET_EXAMPLE = """\
  pheno target dark_photon --dark-matter majorana --ratio 3 --alpha-D 0.1 --mass 0.003:3:30
  pheno target b_minus_l --dark-matter dirac --mass 0.1 --output target.csv
"""
#: Last columns of both: 1 where the answer is excluded or in doubt.
_FLAGS = {"cmb_excluded": "1", "relativistic": "1", "changes_neff": "1"}


def add_commands(commands: Commands) -> None:
    """Add ``relic`` and ``target``."""
    parser = arguments.add_command(commands, "relic", "relic density of thermal dark matter", _RELIC_EXAMPLE)
    _add_model(parser)
    strength = parser.add_mutually_exclusive_group()
    strength.add_argument("--coupling", type=float, metavar="G", help="g, or c/Lambda [GeV^-1] (default 1)")
    strength.add_argument("--epsilon", type=float, help="coupling in units of the elementary charge")
    _add_definitions(parser)
    parser.set_defaults(run=_relic)

    parser = arguments.add_command(
        commands, "target", "couplings that give the observed density of dark matter", _TARGET_EXAMPLE
    )
    _add_model(parser)
    parser.add_argument("--omega", type=float, default=0.12, help="wanted Omega h^2 (default %(default)s)")
    _add_definitions(parser)
    parser.set_defaults(run=_target)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="name or file of a model")
    form = "one or more numbers, or FIRST:LAST:COUNT log-spaced"
    parser.add_argument(
        "--mass",
        nargs="+",
        type=arguments.numbers,
        required=True,
        metavar="GEV",
        help=f"mass of the mediator [GeV]: {form}",
    )
    parser.add_argument("--dark-matter", metavar="KIND", required=True, help="complex_scalar, majorana, dirac, ...")
    parser.add_argument("--ratio", type=float, help="mass of the mediator over that of dark matter (default 3)")
    parser.add_argument("--splitting", type=float, help="(m2 - m1)/m1 of pseudo_dirac (default 0)")
    parser.add_argument("--alpha-D", type=float, dest="alpha_D", help="dark coupling (default 0.1)")


def _add_definitions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--width", default="constant", help="constant or running (default %(default)s)")
    parser.add_argument(
        "--degrees-of-freedom", default=plasma_names()[0], help=f"one of {', '.join(plasma_names())} (default first)"
    )
    parser.add_argument("--no-hadrons", action="store_true", help="leave hadrons out")
    parser.add_argument("--no-secluded", action="store_true", help="leave annihilation to two mediators out")
    parser.add_argument("--rtol", type=float, default=1e-3, help="relative accuracy (default %(default)g)")
    parser.add_argument("--threads", type=int, metavar="N", help="number of threads (default: all)")
    arguments.add_output(parser)


def _model(parsed: argparse.Namespace) -> Model:
    return pheno.model(
        parsed.model,
        dark_matter=parsed.dark_matter,
        ratio=parsed.ratio,
        splitting=parsed.splitting,
        alpha_D=parsed.alpha_D,
    )


def _options(parsed: argparse.Namespace) -> dict[str, Any]:
    """What both commands hand on as it is."""
    return {
        "width": parsed.width,
        "degrees_of_freedom": parsed.degrees_of_freedom,
        "hadrons": not parsed.no_hadrons,
        "secluded": not parsed.no_secluded,
        "rtol": parsed.rtol,
        "threads": parsed.threads,
    }


def _about(parsed: argparse.Namespace) -> dict[str, object]:
    names = ("model", "dark_matter", "ratio", "splitting", "alpha_D", "width", "degrees_of_freedom", "rtol")
    asked = {name: getattr(parsed, name) for name in names if getattr(parsed, name) is not None}
    return {"pheno": pheno.__version__} | asked | {"hadrons": not parsed.no_hadrons, "secluded": not parsed.no_secluded}


def _relic(parsed: argparse.Namespace) -> None:
    output.check_destination(parsed)
    mass = arguments.axis(parsed.mass)
    computed = pheno.relic_density(
        _model(parsed),
        mass,
        coupling=parsed.coupling,
        epsilon=parsed.epsilon,
        **_options(parsed),
        full_output=True,
    )
    found = cast("pheno.RelicDensity", computed)  # what full_output returns
    columns = {"mass": "GeV", "omega_h2": "1", "error": "1", "x_freeze": "1", "cross_section": "GeV^-2"} | _FLAGS
    fields = (found.omega_h2, found.error, found.x_freeze, found.cross_section)
    flags = (found.cmb_excluded(), found.relativistic, found.changes_neff)
    cells = [np.asarray(field).tolist() for field in fields] + [np.asarray(flag).astype(int).tolist() for flag in flags]
    rows = list(zip(mass.tolist(), *cells, strict=True))
    about = _about(parsed) | {"coupling": parsed.coupling, "epsilon": parsed.epsilon}
    about = {key: value for key, value in about.items() if value is not None}
    output.emit(output.Result(about=about, columns=columns, rows=rows), parsed)


def _target(parsed: argparse.Namespace) -> None:
    output.check_destination(parsed)
    mass = arguments.axis(parsed.mass)
    found = pheno.thermal_target(
        _model(parsed),
        mass,
        omega_h2=parsed.omega,
        **_options(parsed),
    )
    columns = {"mass": "GeV", "dark_matter_mass": "GeV", "solution": "1", "coupling": "1", "epsilon": "1", "y": "1"}
    columns |= _FLAGS
    flags = (found.cmb_excluded(), found.relativistic, found.changes_neff)
    rows = []
    about = _about(parsed) | {"omega_h2": parsed.omega}
    for i, m in enumerate(mass.tolist()):
        for j in range(int(found.count[i])):
            values = (found.coupling[i, j], found.epsilon[i, j], found.y[i, j])
            warned = (int(flag[i, j]) for flag in flags)
            rows.append((m, float(found.dark_matter_mass[i]), j + 1, *map(float, values), *warned))
        if found.statement[i]:
            about[f"no solution at {m:g} GeV"] = found.statement[i]
    output.emit(output.Result(about=about, columns=columns, rows=rows), parsed)
