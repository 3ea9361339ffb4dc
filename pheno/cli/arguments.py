"""Words of the command line -> values, and the options that several commands share."""

from __future__ import annotations

import argparse
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from pheno import beams, matter, mediators, units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse names no public type)

__all__ = [
    "add_command",
    "add_coordinates",
    "add_grid",
    "add_mass",
    "add_method_and_window",
    "add_output",
    "add_point",
    "add_reaction",
    "add_strength",
    "add_unit",
    "axis",
    "mediator",
    "numbers",
    "target",
]


#: Rows that anybody reads, or a program takes as text: more is a typing error.
_LARGEST_COUNT = 1_000_000


def add_command(commands: Commands, name: str, help_text: str, example: str) -> argparse.ArgumentParser:
    """Add a command with one line of help and examples at its end."""
    return commands.add_parser(
        name,
        help=help_text,
        description=f"{help_text[0].upper()}{help_text[1:]}.",
        epilog=f"examples:\n{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def numbers(word: str) -> list[float]:
    """``0.1`` is a number, ``0.01:1:20`` twenty of them, equidistant in the logarithm, both ends included."""
    parts = word.split(":")
    try:
        values = [float(part) for part in parts[:2]]
        count = int(parts[2]) if len(parts) == 3 else 0
    except ValueError:
        values = []
    if len(parts) not in {1, 3} or not values or not all(map(isfinite, values)):
        msg = f"expected a number or FIRST:LAST:COUNT (log-spaced), got {word!r}"
        raise argparse.ArgumentTypeError(msg)
    if len(parts) == 1:
        return values
    if not (values[0] > 0.0 and values[1] > 0.0 and 2 <= count <= _LARGEST_COUNT):
        msg = f"FIRST and LAST must be > 0 and COUNT from 2 to {_LARGEST_COUNT}, got {word!r}"
        raise argparse.ArgumentTypeError(msg)
    spaced = np.geomspace(values[0], values[1], count)
    return [float(x) for x in spaced]


def axis(words: list[list[float]]) -> NDArray[np.float64]:
    """Join the numbers of all words of one option."""
    return np.array([x for word in words for x in word], dtype=np.float64)


def target(word: str) -> str | tuple[int, float]:
    """``Pb`` is a symbol or a compound, ``82,207`` a nucleus (Z, A)."""
    parts = word.strip("()").split(",")
    if len(parts) == 2:
        try:
            return int(parts[0]), float(parts[1])
        except ValueError:
            msg = f"expected a symbol, a compound or Z,A, got {word!r}"
            raise argparse.ArgumentTypeError(msg) from None
    return word


def mediator(parsed: argparse.Namespace) -> mediators.Mediator:
    """Return the mediator that the options describe."""
    return mediators.Mediator(parsed.mediator, c_l=parsed.c_l, c_gamma=parsed.c_gamma, c_N=parsed.c_N)


_FORM = "one or more numbers, or FIRST:LAST:COUNT log-spaced"


def add_mass(parser: argparse.ArgumentParser) -> None:
    """Add the masses of the mediator."""
    parser.add_argument(
        "--mass", nargs="+", type=numbers, required=True, metavar="GEV", help=f"mass of the mediator [GeV]: {_FORM}"
    )


def add_grid(parser: argparse.ArgumentParser) -> None:
    """Add the axes: masses and energies, of which every combination is calculated."""
    add_mass(parser)
    parser.add_argument(
        "--energy", nargs="+", type=numbers, required=True, metavar="GEV", help=f"energy of the beam [GeV]: {_FORM}"
    )


def add_point(parser: argparse.ArgumentParser) -> None:
    """Add one mass and one energy."""
    for option, what in (("--mass", "mass of the mediator"), ("--energy", "energy of the beam")):
        parser.add_argument(option, type=float, required=True, metavar="GEV", help=f"{what} [GeV]")


def add_reaction(parser: argparse.ArgumentParser, *, grid: bool = True) -> None:
    """Add what is radiated, by what, where; at one mass and energy only, unless ``grid``."""
    parser.add_argument("mediator", metavar="MEDIATOR", help=f"one of {', '.join(mediators.names())}")
    (add_grid if grid else add_point)(parser)
    parser.add_argument("--beam", default="e-", help=f"one of {', '.join(beams.names())} (default %(default)s)")
    compounds = [name for name in matter.names() if name not in matter.elements()]
    parser.add_argument(
        "--target",
        default="Pb",
        type=target,
        help=f"symbol of an element, Z,A, one of {', '.join(compounds)}, or a formula with a digit in it such as "
        "BaF2; per atom (default %(default)s)",
    )
    parser.add_argument(
        "--form-factor", default="tsai", metavar="NAME", help="see `pheno methods` (default %(default)s)"
    )
    parser.add_argument(
        "--rtol", type=float, default=1e-4, help="relative error that is guaranteed (default %(default)g)"
    )
    parser.add_argument(
        "--threads", type=int, metavar="N", help="number of threads (default: all); the result does not depend on it"
    )
    shares = parser.add_argument_group("shares of the tensor's coupling, relative to --coupling")
    for option in ("--c-l", "--c-gamma", "--c-N"):
        shares.add_argument(option, type=float, default=1.0, metavar="C", help="default 1 (universal)")


def add_coordinates(parser: argparse.ArgumentParser) -> None:
    """Add what a distribution is differential in: x, one of two angles, or x and one of them."""
    form = "one or more numbers, or FIRST:LAST:COUNT log-spaced"
    parser.add_argument("--x", nargs="+", type=numbers, help=f"E_X/E: {form}; integrated over unless given")
    angles = parser.add_mutually_exclusive_group()
    for option, what in (("--theta", "angle of the mediator"), ("--psi", "angle of the recoiling lepton")):
        angles.add_argument(option, nargs="+", type=numbers, metavar="RAD", help=f"{what} with the beam [rad]: {form}")


def add_strength(parser: argparse.ArgumentParser) -> None:
    """Add the coupling, in one of two units."""
    strength = parser.add_mutually_exclusive_group()
    strength.add_argument(
        "--coupling", type=float, metavar="G", help="g, or c/Lambda [GeV^-1] for the tensor (default 1)"
    )
    strength.add_argument("--epsilon", type=float, help="coupling in units of the elementary charge")


def add_method_and_window(parser: argparse.ArgumentParser) -> None:
    """Add how it is calculated, and for which x."""
    parser.add_argument("--method", default="etl", metavar="NAME", help="see `pheno methods` (default %(default)s)")
    parser.add_argument("--x-min", type=float, default=0.0, metavar="X", help="lower edge of x = E_X/E (default 0)")
    parser.add_argument("--x-max", type=float, default=1.0, metavar="X", help="upper edge of x (default 1)")


def add_unit(parser: argparse.ArgumentParser) -> None:
    """Add the unit of the result."""
    parser.add_argument(
        "--unit", default="pb", help=f"one of {', '.join(units.CROSS_SECTION_UNITS)} (default %(default)s)"
    )


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add where the result goes."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead: .json or .csv")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")
