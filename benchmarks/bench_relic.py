"""How fast: relic densities and thermal targets, CPU time on one thread, beside scipy's Radau on the same equation.

    python benchmarks/bench_relic.py

Goals: one density at 1e-3 in 1 ms (5 ms on a resonance), a target of 200 masses in 1 s on two cores.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

import pheno

TESTS = Path(__file__).parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "contracts")]


def cpu(call, repeat: int) -> float:
    start = time.process_time()
    for _ in range(repeat):
        call()
    return (time.process_time() - start) / repeat


def main() -> None:
    one = {"rtol": 1e-3, "threads": 1}
    for kind in ("complex_scalar", "dirac"):
        for ratio in (3.0, 2.2, 2.01, 1.5):
            for m in (0.005, 0.05, 0.5):
                theory = pheno.model("dark_photon", dark_matter=kind, ratio=ratio, alpha_D=0.1)
                masses = np.full(20, ratio * m)
                t = cpu(
                    lambda theory=theory, masses=masses: pheno.relic_density(theory, masses, epsilon=1e-4, **one), 3
                )
                print(f"density  {kind:15s} R = {ratio:4g}  m_chi = {m:5g} GeV  {1e3 * t / 20:6.2f} ms")
    for kind in ("complex_scalar", "majorana", "pseudo_dirac"):
        theory = pheno.model("dark_photon", dark_matter=kind, ratio=3, alpha_D=0.1)
        t = cpu(lambda theory=theory: pheno.thermal_target(theory, 3 * np.geomspace(1e-3, 1, 200), threads=1), 1)
        print(f"target   {kind:15s} 200 masses, 1 MeV - 1 GeV: {t:.2f} s of one core")
    from test_relic_oracles import by_scipy

    theory = pheno.model("dark_photon", dark_matter="dirac", ratio=3, alpha_D=0.1)
    g = 1e-4 * pheno.constants.ELEMENTARY_CHARGE
    slow = cpu(lambda: by_scipy(theory, 0.3, g, rtol=1e-4), 1)
    fast = cpu(lambda: pheno.relic_density(theory, 0.3, coupling=g, **one), 20)
    print(f"scipy's Radau at 1e-4, averages tabulated by the core: {1e3 * slow:.0f} ms, {slow / fast:.0f} times ours")


if __name__ == "__main__":
    main()
