"""How fast: widths, loops, the three-body width, magnetic moments and decay probabilities, on one thread.

    python benchmarks/bench_decays.py

Goal: a million widths per second on one core. One answer is compared with its closed form; slow is no failure.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

import pheno
from pheno import _core
from pheno.constants import ELECTRON_MASS

N = 1_000_000


def rate(call: Callable[[], object], count: int) -> float:
    """Results per second, best of three."""
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return count / best


def main() -> None:
    masses = np.geomspace(2e-3, 3.0, N)
    split = pheno.model("dark_photon", dark_matter="pseudo_dirac", ratio=3.0, splitting=0.4)
    lengths = np.geomspace(1e-6, 1e6, N)
    some = masses[:: N // 5000]
    electron = np.array([ELECTRON_MASS])
    found = pheno.widths("dark_photon", 0.1, coupling=1.0).partial["e+e-"]
    r = (ELECTRON_MASS / 0.1) ** 2
    assert abs(found / (0.1 / (12 * np.pi) * (1 + 2 * r) * np.sqrt(1 - 4 * r)) - 1) < 1e-13
    rows = [
        ("two-body width (core)", lambda: _core.two_body_width(
            masses, electron, electron, mediator="vector", final_state="dirac", threads=1), N),
        ("pheno.widths, dark photon", lambda: pheno.widths("dark_photon", masses, threads=1), N),
        ("pheno.widths, B-L", lambda: pheno.widths("b_minus_l", masses, threads=1), N),
        ("pheno.widths, scalar: photons by loops", lambda: pheno.widths("scalar_universal", masses, threads=1), N),
        ("pheno.widths, L_mu - L_tau: mixing", lambda: pheno.widths("lmu_minus_ltau", masses, threads=1), N),
        ("pheno.decay_length_m, dark photon", lambda: pheno.decay_length_m("dark_photon", masses, 50.0, threads=1), N),
        ("pheno.decay_probability", lambda: pheno.decay_probability(10.0, 5.0, lengths), N),
        ("chi2 -> chi1 l l, 3 channels, rtol 1e-8", lambda: pheno.excited_widths(split, some, threads=1), some.size),
        ("pheno.delta_a, rtol 1e-12", lambda: pheno.delta_a("dark_photon", some, threads=1), some.size),
    ]  # fmt: skip
    print(f"{'':<50} {'per second':>12}")
    for name, call, count in rows:
        print(f"{name:<50} {rate(call, count):12.3g}")


if __name__ == "__main__":
    main()
