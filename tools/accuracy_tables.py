"""The tables of docs/accuracy and the samples behind its figures; tools/accuracy.py writes them."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from experiments import EXPERIMENTS, Experiment
from pair_points import energy_share, pair_coordinates
from published import ALPHA_OF_EXACT, ours
from published import rows as published_rows

from pheno import _core, k_factor, matter
from pheno.beams import Beam
from pheno.constants import ALPHA, ELECTRON_MASS

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "docs" / "accuracy" / "tables"
REFERENCES = ROOT / "tests" / "references"
#: A part of KKffactor in DMG4's src/DarkMatter/KFactors.code at c187cda9; columns: beam energy [GeV].
DMG4_K = ROOT / "docs" / "accuracy" / "data" / "dmg4_k_factors.csv"
SWEEP = ROOT / "build" / "accuracy_sweep.csv"
TRUTH = 1e-9
#: The table of corners names what does not converge at this rtol or a larger one.
SMALLEST_NAMED = 1e-6

#: Mediator -> column of tests/references/amplitudes.csv.
AMPLITUDES = {
    "scalar": "scalar",
    "pseudoscalar": "pseudoscalar",
    "vector": "vector",
    "axial_vector": "axial_vector",
    "tensor": "tensor_111",
}
INPUTS = ("m", "M", "m_X", "E", "from_recoil", "value", "t", "z", "phi")
#: E_X/E below which a mediator is slow: a corner of directions in the frame of the pair.
SLOW = 1e-3
#: (c_l, c_gamma, c_N) that leave the source of the tensor unconserved.
UNEQUAL = ((1.0, 0.0, 0.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0), (0.0, 1.0, 0.0), (0.0, 1.0, 1.0))
LARGEST_ARTEFACT = 0.1
SOURCES = {
    "exact": "independent calculation",
    "tensor": "independent calculation",
    "tensor_ww": "independent calculation",
    "na64_etl": "NA64 talk",
    "na64_ww": "NA64 talk",
    "dmg4_etl": "DMG4 table",
}


def write(name: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """A MyST table for a page to include."""
    head = list(head)
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    (TABLES / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def references(name: str) -> list[dict[str, str]]:
    """Rows of a file in tests/references."""
    with (REFERENCES / name).open(newline="") as stream:
        return list(csv.DictReader(stream))


def percent(value: float, digits: int = 2) -> str:
    """A relative deviation."""
    return f"{100 * value:+.{digits}f} %"


def published() -> None:
    """Every published number and ours."""
    rows = []
    for row in published_rows():
        value = ours(row)
        window = "all x" if float(row["x_min"]) == 0.0 else f"x > {row['x_min']}"
        process = f"{row['beam']} {row['energy']} GeV, Z = {row['Z']}, {window}"
        there = float(row["value"])
        if row["source"] == "exact":
            value *= (ALPHA_OF_EXACT / ALPHA) ** 2
        digits = 5 if row["source"] == "exact" else 2
        unit = "pb" if row["unit"] == "pb" else "GeV⁻²"
        rows.append(
            (
                SOURCES[row["source"]],
                row["method"],
                row["mediator"],
                process,
                f"{float(row['mass']):g}",
                f"{row['value']} {unit}",
                f"{value:.7g}" if row["source"] == "exact" else f"{value:.4g}",
                percent(value / there - 1, digits),
            )
        )
    head = ("source", "method", "mediator", "process", "m_X [GeV]", "published", "pheno", "pheno − published")
    write("published", head, rows)


def inelastic() -> None:
    """DMG4's exact table against ours, elastic and with the inelastic term."""
    rows = []
    for row in published_rows():
        if row["source"] != "dmg4_etl":
            continue
        there = float(row["value"])
        cells = [percent(ours(row, name) / there - 1) for name in ("tsai", "tsai_inelastic_773", "tsai_quasi_elastic")]
        rows.append((row["energy"], f"{float(row['mass']):g}", row["value"], *cells))
    write(
        "inelastic",
        ("E [GeV]", "m_X [GeV]", "DMG4 [pb]", "`tsai`", "`tsai_inelastic_773`", "`tsai_quasi_elastic`"),
        rows,
    )


@cache
def amplitude_errors(mediator: str, pair: bool = False) -> Any:
    """Relative errors of the compiled amplitude at the points of tests/references/amplitudes.csv.

    In the coordinates of the laboratory, or as the totals have it, in those of the rest frame of the pair.
    """
    table = references("amplitudes.csv")
    universal = {"mediator": mediator, "c_l": 1.0, "c_gamma": 1.0, "c_N": 1.0}
    if pair:
        values = _core.pair_points(np.array([pair_coordinates(row) for row in table]), **universal)
    else:
        points = [
            [float(row["given"] == "omega") if name == "from_recoil" else float(row[name]) for name in INPUTS]
            for row in table
        ]
        values = _core.amplitude_points(np.array(points), **universal)[:, -1]
    truth = np.array([float(row[AMPLITUDES[mediator]]) for row in table])
    return np.abs(values / truth - 1)


def amplitudes() -> None:
    """Median and largest error of every amplitude."""
    fast = np.array([energy_share(row) for row in references("amplitudes.csv")]) > SLOW
    rows = []
    for mediator in AMPLITUDES:
        there, here = amplitude_errors(mediator), amplitude_errors(mediator, pair=True)
        measured = np.median(there), there.max(), np.median(here), here[fast].max(), here.max()
        rows.append((mediator, len(there), *(f"{error:.1e}" for error in measured)))
    head = ("mediator", "points", "laboratory: median", "largest", "pair: median", "largest, x > 0.001", "largest")
    write("amplitudes", head, rows)


@cache
def sweep() -> list[dict[str, Any]]:
    """True errors over the domain: what tools/accuracy_sweep.py wrote, or writes now."""
    if not SWEEP.exists():
        command = [sys.executable, "tools/accuracy_sweep.py", "--processes", "2", "--output", str(SWEEP)]
        subprocess.run(command, check=True, cwd=ROOT)
    numbers = ("rtol", "value", "error", "estimate", "evaluations", "mass", "energy", "x_min", "x_max")
    with SWEEP.open(newline="") as stream:
        return [
            {name: float(value) if name in numbers else value for name, value in row.items()}
            for row in csv.DictReader(stream)
        ]


def _whole(row: dict[str, Any]) -> bool:
    return (row["x_min"], row["x_max"]) == (0.0, 1.0)


def _errors_at(rtol: float, rows: list[dict[str, Any]]) -> tuple[object, ...]:
    done = [row for row in rows if np.isfinite(row["error"])]
    share = np.array([row["error"] for row in done]) / rtol
    measured = (
        int(np.sum(share > 1)), f"{np.median(share):.1g}", f"{np.quantile(share, 0.99):.2g}", f"{np.max(share):.2g}"
    )  # fmt: skip
    if rtol == TRUTH:  # compared with itself
        measured = ("", "", "", "")
    cost = [[row["evaluations"] for row in done if _whole(row) == whole] for whole in (True, False)]
    return f"{rtol:.0e}", len(rows), len(rows) - len(done), *measured, *(f"{np.median(some):.0f}" for some in cost)


def errors() -> None:
    """True error and cost against the requested tolerance, spin 0 and 1 and the tensor."""
    head = (
        "rtol", "cross sections", "not converged", "error > rtol", "median error/rtol", "99 % below",
        "largest error/rtol", "median evaluations, all x", "in a window",
    )  # fmt: skip
    for name, tensor in (("errors", False), ("errors_tensor", True)):
        rows = [row for row in sweep() if (row["mediator"] == "tensor") == tensor]
        tolerances = sorted({row["rtol"] for row in rows}, reverse=True)
        write(name, head, (_errors_at(rtol, [row for row in rows if row["rtol"] == rtol]) for rtol in tolerances))


def _scientific(value: float) -> str:
    return f"{value:.1e}" if np.isfinite(value) else "-"


def corners() -> None:
    """Every set-up of the sample with an error above rtol, or not converged at a tolerance of 1e-6 or above."""
    inputs = ("mediator", "beam", "Z", "A", "mass", "energy", "x_min", "x_max", "form_factor")
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in sweep():
        found.setdefault(tuple(row[name] for name in inputs), []).append(row)
    lines = []
    for (mediator, beam, Z, A, mass, energy, low, high, form_factor), rows in found.items():
        missing = max((row["rtol"] for row in rows if np.isnan(row["error"])), default=0.0)
        ratio = max((row["error"] / row["rtol"] for row in rows if row["error"] > row["rtol"]), default=0.0)
        if missing < SMALLEST_NAMED and not ratio:
            continue
        value = max((row["value"] for row in rows if np.isfinite(row["value"])), default=np.nan)
        lines.append(
            (
                mediator, f"{beam} {energy:.4g} GeV, ({Z}, {A}), `{form_factor}`", f"{mass:.4g}",
                "all" if (low, high) == (0.0, 1.0) else f"{low:.5g} to {high:.5g}", _scientific(value),
                f"{missing:.0e}" if missing else "", f"{ratio:.2g}" if ratio else "",
            )
        )  # fmt: skip
    head = (
        "mediator", "process", "m_X [GeV]", "x", "cross section [GeV⁻²]", "not converged at", "largest error/rtol",
    )  # fmt: skip
    write("corners", head, sorted(lines))


def artefact_share(experiment: Experiment, couplings: tuple[float, float, float], mass: Any) -> Any:
    """Share of the tensor's cross section that comes from the part of its source that is not conserved."""
    ((Z, A, _),) = matter.resolve(experiment.target).atomic_fractions

    def total(conserved_part_only: bool) -> Any:
        return _core.etl_total(
            mass, np.full(len(mass), experiment.energy), mediator="tensor", lepton_mass=Beam(experiment.beam).mass,
            nuclear_mass=matter.nuclear_mass(A), form_factor="tsai", Z=Z, A=A, electron_mass=ELECTRON_MASS,
            alpha=ALPHA, x_min=experiment.x_min, x_max=1.0, c_l=couplings[0], c_gamma=couplings[1],
            c_N=couplings[2], conserved_part_only=conserved_part_only, rtol=1e-2, threads=2,
        )[0]  # fmt: skip

    full, conserved = total(False), total(True)
    return 1 - np.minimum(conserved, full) / full


def lowest_mass(experiment: Experiment, couplings: tuple[float, float, float]) -> str:
    """Lightest mass from which on, up to 3 GeV, the artefact stays below a tenth."""
    mass = np.geomspace(1e-3, 3.0, 49)
    for _ in range(3):
        share = artefact_share(experiment, couplings, mass)
        above = np.flatnonzero(share >= LARGEST_ARTEFACT)
        if not above.size:
            return f"< {mass[0]:.2g}"
        last = int(above[-1])
        if last + 1 == len(mass):
            return f"> {mass[-1]:.2g}"
        mass = np.geomspace(mass[last], mass[last + 1], 6)
    return f"{mass[-1]:.2g}"


def artefact() -> None:
    """Where unequal couplings of the tensor can be used."""
    rows = [
        (f"({', '.join(f'{c:g}' for c in couplings)})", *(lowest_mass(e, couplings) for e in EXPERIMENTS))
        for couplings in UNEQUAL
    ]
    write("artefact", ("c_l, c_gamma, c_N", *(e.name for e in EXPERIMENTS)), rows)


def k_factors() -> None:
    """K of DMG4 over ours, elastic and with the inelastic term."""
    with DMG4_K.open(newline="") as stream:
        table = list(csv.DictReader(stream))
    rows = []
    for row in table:
        cells = []
        for energy in ("20", "100", "160"):
            for form_factor in ("tsai", "tsai_inelastic_773"):
                K = k_factor("vector", float(row["mass"]), float(energy), form_factor=form_factor)
                cells.append(f"{float(row[energy]) / K:.3f}")
        rows.append((row["mass"], *cells))
    head = [f"{energy} GeV, {kind}" for energy in (20, 100, 160) for kind in ("elastic", "with inelastic")]
    write("k_factors", ("m_X [GeV]", *head), rows)


TABLES_OF = {
    function.__name__: function for function in (published, inelastic, k_factors, amplitudes, errors, corners, artefact)
}
