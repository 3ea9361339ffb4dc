"""Write tests/references/amplitudes.csv: exact spin-summed amplitudes at random points of the whole phase space.

    python -m tests.oracles.reference_amplitudes [--points 420] [--seed 20250] [--output FILE]

Inputs are float64 numbers printed so that they read back exactly, and are to be taken as exact:
E, m, M, m_X, (given, value), t, z, phi [powers of GeV, rad].
    given = omega : value = E - E_X - m        given = ekin_X : value = E_X - m_X
    z = s - s_0,  s_0(E_X, t) = m_X^2 + 2 (E' E_X - p' k),  E' = E - t/(2M) - E_X
Results have 25 significant digits: E_X, s, U, t1 = -(p-p')^2, PD = P.(u p + s p'),
G_1, G_2, G_k = 4M^2|q x (p, p', k)|^2, L of the four spin-0/1 mediators,
and L of the tensor for couplings (c_l, c_gamma, c_N) in the column name.
tensor_111 is the physical one; the others use the polarisation sum of a massive spin 2 (unitary gauge) at face value
and therefore grow like 1/m_X^4 towards small mass.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from mpmath import mp

from .kinematics import DPS, Point, invariants, random_points
from .spinors import MEDIATORS, TensorAmplitude, lepton_tensor

DIGITS = 25
SEED = 20250
COUPLINGS = ((1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1))
INPUTS = ("E", "m", "M", "m_X", "given", "value", "t", "z", "phi")
INVARIANTS = ("E_X", "s_exact", "U_exact", "t1_exact", "PD_exact", "G1_exact", "G2_exact", "Gk_exact")
OUTPUT = Path(__file__).resolve().parent.parent / "references" / "amplitudes.csv"


def tensor_column(couplings: tuple[int, int, int]) -> str:
    """tensor_<c_l><c_gamma><c_N>."""
    return "tensor_" + "".join(map(str, couplings))


HEADER = ("lepton", "Z", "A", *INPUTS, *INVARIANTS, *MEDIATORS, *map(tensor_column, COUPLINGS))


def row(point: Point) -> list[str]:
    """One line of the table."""
    with mp.workdps(DPS):
        mom = point.momenta()
        v = invariants(mom)
        tensor = TensorAmplitude(mom)
        exact = [mom.k[0], v.s, v.U, v.t1, v.PD, v.G1, v.G2, v.Gk]
        exact += [lepton_tensor(mediator, mom) for mediator in MEDIATORS]
        exact += [tensor.squared(*c) for c in COUPLINGS]
        inputs = (point.E, point.m, point.M, point.mX, point.given, point.value, point.t, point.z, point.phi)
        printed = [x if isinstance(x, str) else repr(x) for x in inputs]
        numbers = [mp.nstr(x, DIGITS, min_fixed=0, max_fixed=0) for x in exact]
        return [point.lepton, str(point.Z), str(point.A), *printed, *numbers]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=420)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    args = parser.parse_args()
    with args.output.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        for point in random_points(args.points, args.seed):
            writer.writerow(row(point))


if __name__ == "__main__":
    main()
