"""Write tests/references/total_cross_sections.csv: sigma(E_X >= x_min E) at unit coupling, spin 0 and 1.

    python -m tests.oracles.reference_totals [--output FILE]

Elastic Tsai form factor, M = A u, 1/alpha = 137.035999177; every row is computed with panels of two widths, and the
column `rel_error` is twice the largest relative difference between them, and at least 1e-10.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .kinematics import ATOMIC_MASS_UNIT, ELECTRON_MASS, MUON_MASS
from .spinors import MEDIATORS
from .totals import REFERENCES, Reaction, cross_section, spin01

HEADER = ("lepton", "E", "m", "Z", "A", "M", "m_X", "x_min", *MEDIATORS, "rel_error")
PB, W, AL, H, C = (82, 207), (74, 184), (13, 27), (1, 1), (6, 12)


def setups() -> Iterator[tuple[str, float, tuple[int, int], float, float]]:
    """(lepton, E, (Z, A), m_X, x_min)."""
    # The five set-ups tabulated elsewhere to seven digits.
    yield "mu", 160.0, PB, 0.1, 0.0
    yield "e", 100.0, PB, 0.1, 0.5
    yield "e", 16.0, AL, 0.1, 0.0
    yield "mu", 15.0, W, 1.0, 0.4
    yield "e", 100.0, PB, 1e-3, 0.0
    # Ends of the mass range, light nuclei (large recoil), low energy.
    for lepton, E, target in (("e", 100.0, PB), ("mu", 160.0, PB), ("e", 4.0, AL), ("mu", 15.0, W), ("e", 1.0, H)):
        for mX in (1e-6, 1e-4, 1e-2, 0.3, 0.5):
            yield lepton, E, target, mX, 0.0
    yield "e", 4.0, AL, 1.0, 0.0
    yield "e", 4.0, AL, 3.0, 0.0
    yield "e", 8.0, W, 1.0, 0.0
    yield "e", 8.0, H, 1.0, 0.0
    yield "e", 1000.0, PB, 10.0, 0.0
    yield "e", 1000.0, PB, 1e-6, 0.0
    yield "mu", 1000.0, C, 5.0, 0.0
    yield "mu", 0.5, C, 0.2, 0.0
    yield "mu", 160.0, PB, 3.0, 0.0
    yield "e", 1.0, H, 0.6, 0.0
    # Windows in x; differences of neighbouring rows test dsigma/dx.
    for lepton, E, target, mX in (
        ("e", 100.0, PB, 0.0167),
        ("mu", 160.0, PB, 0.1),
        ("e", 4.0, AL, 1.0),
        ("mu", 15.0, W, 0.2),
    ):
        for x_min in (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99):
            yield lepton, E, target, mX, x_min


def row(lepton: str, E: float, target: tuple[int, int], mX: float, x_min: float) -> list[str]:
    """One line of the table."""
    m = {"e": ELECTRON_MASS, "mu": MUON_MASS}[lepton]
    Z, A = target
    M = A * ATOMIC_MASS_UNIT
    reaction = Reaction(E, m, M, Z, A, mX, ELECTRON_MASS, x_min)
    amplitudes = [spin01(mediator) for mediator in MEDIATORS]
    widths = (0.6, 0.4) if x_min > 0.8 else (1.2, 0.8)
    coarse, fine = (cross_section(reaction, amplitudes, 8, width) for width in widths)
    error = max(1e-10, 2 * float(np.max(np.abs(coarse / fine - 1))))
    numbers = [f"{x:.11e}" for x in fine]
    return [lepton, repr(E), repr(m), str(Z), str(A), repr(M), repr(mX), repr(x_min), *numbers, f"{error:.1e}"]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=REFERENCES)
    args = parser.parse_args()
    with args.output.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        for setup in setups():
            writer.writerow(row(*setup))
            stream.flush()


if __name__ == "__main__":
    main()
