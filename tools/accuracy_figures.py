"""The figures of docs/accuracy; tools/accuracy.py draws them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")

from accuracy_tables import AMPLITUDES, DMG4_K, TRUTH, amplitude_errors, sweep
from experiments import EXPERIMENTS, Experiment
from matplotlib import pyplot as plt
from matplotlib.ticker import FixedLocator, FormatStrFormatter, NullFormatter

from pheno import cross_section, k_factor, threshold_energy
from pheno.mediators import names as mediator_names
from pheno.methods import methods

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "docs" / "accuracy" / "figures"

MASSES = np.geomspace(1e-3, 5.0, 60)
MARKS = {"scalar": "o", "pseudoscalar": "s", "vector": "^", "axial_vector": "D", "tensor": "v"}
#: Line of each method: colour of the cycle, dashes.
LINES = {
    "ww": ("C0", "-"),
    "ww_mass_cutoff": ("C0", "--"),
    "iww": ("C1", "-"),
    "dmg4_iww": ("C4", "-"),
    "dmg4_ww": ("C4", "--"),
    "g4darkbrem_full": ("C2", "-"),
    "g4darkbrem_improved": ("C3", "-"),
    "g4darkbrem_hyper_improved": ("C3", "--"),
}


def save(figure: Any, name: str) -> None:
    """Write a PNG without the date and version that would change its bytes."""
    figure.savefig(FIGURES / f"{name}.png", metadata={"Software": None})
    plt.close(figure)


def open_masses(experiment: Experiment) -> np.ndarray:
    """Masses up to nine tenths of the beam energy or so: at threshold every ratio is 0/0."""
    threshold = np.asarray(threshold_energy(MASSES, beam=experiment.beam, target=experiment.target))
    return MASSES[threshold < 0.9 * experiment.energy]


def ratio(mediator: str, mass: np.ndarray, experiment: Experiment, method: str) -> np.ndarray:
    """Method over exact tree level, in the signal window where the method has one; NaN where it is closed."""
    arguments = experiment.arguments(window=methods()[method].window)
    exact = np.asarray(cross_section(mediator, mass, experiment.energy, rtol=1e-3, **arguments))
    other = np.asarray(cross_section(mediator, mass, experiment.energy, rtol=1e-3, method=method, **arguments))
    return np.where((other > 0.0) & (exact > 0.0), other / np.where(exact > 0.0, exact, 1.0), np.nan)


def mass_axis(axes: Any) -> None:
    """Logarithmic masses in GeV."""
    axes.set_xscale("log")
    axes.set_xlabel("mediator mass [GeV]")


def ratio_axis(axes: Any, low: float, high: float) -> None:
    """Logarithmic ratios with plain numbers."""
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    ticks = [v for v in (0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10) if low <= v <= high]
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_major_formatter(FormatStrFormatter("%g"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.axhline(1.0, color="0.4", linewidth=0.8)


def six_panels(height: float = 8.6) -> tuple[Any, list[Any], Any]:
    """One panel per experiment and one for the legend."""
    figure, grid = plt.subplots(3, 2, figsize=(9.0, height), sharex=True)
    panels = list(grid.flat)
    panels[5].axis("off")
    for panel, experiment in zip(panels, EXPERIMENTS, strict=False):
        panel.set_title(experiment.label)
        panel.set_xscale("log")
        panel.xaxis.set_tick_params(labelbottom=True)
    figure.supxlabel("mediator mass [GeV]", fontsize=10)
    return figure, panels, panels[5]


def methods_over_exact() -> None:
    """Every method over the exact result, vector, one panel per experiment."""
    figure, panels, legend = six_panels()
    for panel, experiment in zip(panels, EXPERIMENTS, strict=False):
        mass = open_masses(experiment)
        for method, (colour, dashes) in LINES.items():
            entry = methods()[method]
            if experiment.beam not in entry.beams or (method == "dmg4_ww" and experiment.beam == "e-"):
                continue
            label = method if entry.window else f"{method} (all x)"
            panel.plot(mass, ratio("vector", mass, experiment, method), dashes, color=colour, label=label)
        ratio_axis(panel, 0.3, 10.0)
    figure.supylabel("approximation / exact", fontsize=10)
    entries = {label: line for panel in panels for line, label in zip(*panel.get_legend_handles_labels(), strict=True)}
    legend.legend(entries.values(), entries.keys(), loc="center", title="vector, methods of pheno", fontsize=10)
    save(figure, "methods_over_exact")


def mediators_over_exact() -> None:
    """ww over the exact result, every mediator, one panel per experiment."""
    figure, panels, legend = six_panels()
    for panel, experiment in zip(panels, EXPERIMENTS, strict=False):
        mass = open_masses(experiment)[::3]
        for i, mediator in enumerate(mediator_names()):
            panel.plot(
                mass, ratio(mediator, mass, experiment, "ww"), "-", color=f"C{i}", label=mediator,
                marker=MARKS[mediator], markersize=4 if i % 2 else 6, markerfacecolor=f"C{i}" if i % 2 else "none",
            )  # fmt: skip
        muon = experiment.beam == "mu-"
        panel.set_ylim((0.85, 1.15) if muon else (0.5, 2.5))
        panel.axhline(1.0, color="0.4", linewidth=0.8)
    figure.supylabel("ww / exact", fontsize=10)
    legend.legend(*panels[0].get_legend_handles_labels(), loc="center", fontsize=10)
    save(figure, "mediators_over_exact")


def overview() -> None:
    """The figure of the README: ww over the exact result, vector, five experiments."""
    figure, axes = plt.subplots(figsize=(7.0, 3.8))
    styles = ("-", "--", "-", "--", ":")
    for i, (experiment, dashes) in enumerate(zip(EXPERIMENTS, styles, strict=True)):
        mass = open_masses(experiment)
        axes.plot(mass, ratio("vector", mass, experiment, "ww"), dashes, color=f"C{i}", label=experiment.label)
    mass_axis(axes)
    axes.axhline(1.0, color="0.4", linewidth=0.8)
    axes.set_ylim(0.8, 3.2)
    axes.set_ylabel("Weizsäcker-Williams / exact")
    axes.legend(loc="upper left")
    save(figure, "ww_over_exact")


def cross_sections() -> None:
    """Cross section at unit coupling against mass, all mediators, two beams on lead."""
    figure, grid = plt.subplots(1, 2, figsize=(9.0, 4.2), sharey=True)
    for axes, (beam, energy, title) in zip(
        grid, (("e-", 100.0, "e⁻ 100 GeV on Pb"), ("mu-", 160.0, "μ⁻ 160 GeV on Pb")), strict=True
    ):
        mass = np.geomspace(1e-5, 10.0, 60)
        for i, mediator in enumerate(mediator_names()):
            sigma = np.asarray(cross_section(mediator, mass, energy, beam=beam, rtol=1e-3))
            dashes = "--" if mediator in ("pseudoscalar", "axial_vector") else "-"
            axes.plot(mass, np.where(sigma > 0.0, sigma, np.nan), dashes, color=f"C{i}", label=mediator)
        mass_axis(axes)
        axes.set_yscale("log")
        axes.set_title(title)
    grid[0].set_ylabel("cross section at unit coupling [pb]")
    grid[1].legend(loc="upper right")
    save(figure, "cross_sections")


def true_errors() -> None:
    """True error against requested tolerance over a random sample of the domain."""
    data = [row for row in sweep() if row["rtol"] > TRUTH and np.isfinite(row["error"])]
    tolerances = sorted({row["rtol"] for row in data})
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.4), width_ratios=(3, 2))
    for i, mediator in enumerate(mediator_names()):
        for rtol in tolerances:
            at = rtol * 10 ** (0.16 * (i - 2))
            errors = [row["error"] for row in data if row["mediator"] == mediator and row["rtol"] == rtol]
            middle, most, largest = np.quantile(errors, (0.5, 0.99, 1.0))
            label = mediator if rtol == tolerances[0] else None
            left.plot([at, at], [middle, most], color=f"C{i}", linewidth=2.2)
            left.plot(at, largest, MARKS[mediator], color=f"C{i}", markersize=4, markerfacecolor="none", label=label)
    for rtol in tolerances:
        left.plot(rtol * np.array([0.38, 2.6]), [rtol] * 2, color="0.2", linewidth=1.6)
    left.set(xscale="log", yscale="log", ylim=(1e-12, 0.1))
    left.set_xlabel("requested rtol")
    left.set_ylabel("true relative error")
    left.legend(loc="lower right")
    left.set_title("median to 99 %, and the largest; bars: true = requested")
    for i, rtol in enumerate((1e-3, 1e-4, 1e-6, 1e-8)):
        share = np.sort([row["error"] / rtol for row in data if row["rtol"] == rtol])[::-1]
        right.plot(share, np.arange(1, len(share) + 1) / len(share), color=f"C{i}", label=f"rtol = {rtol:g}")
    right.axvline(1.0, color="0.2", linewidth=1.6)
    right.set(xscale="log", yscale="log", xlim=(1e-5, 10.0))
    right.set_xlabel("true error / rtol")
    right.set_ylabel("fraction of cross sections with more")
    right.legend(loc="lower left")
    save(figure, "true_errors")


def k_factors() -> None:
    """DMG4's K-factor against ours: lead, vector, 20 to 160 GeV."""
    with DMG4_K.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    theirs_at = np.array([float(row["mass"]) for row in rows])
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.2))
    for i, energy in enumerate(("20", "60", "100", "160")):
        theirs = np.array([float(row[energy]) for row in rows])
        mass = np.geomspace(1e-3, 3.0, 80)
        left.plot(mass, k_factor("vector", mass, float(energy)), color=f"C{i}", label=f"{energy} GeV")
        left.plot(theirs_at, theirs, "o", color=f"C{i}", markersize=4)
        elastic = theirs / np.asarray(k_factor("vector", theirs_at, float(energy)))
        both = theirs / np.asarray(k_factor("vector", theirs_at, float(energy), form_factor="tsai_inelastic_773"))
        right.plot(theirs_at, elastic, "o-", color=f"C{i}", markersize=4)
        right.plot(theirs_at, both, "s--", color=f"C{i}", markersize=4, markerfacecolor="none", linewidth=1)
    left.set_ylabel("K")
    left.set_title("lines: pheno, points: DMG4")
    left.legend(loc="upper left")
    right.set_ylabel("K of DMG4 / K of pheno")
    right.set_title("filled: ours elastic, open: with the inelastic term")
    right.axhline(1.0, color="0.4", linewidth=0.8)
    right.set_ylim(0.75, 1.25)
    for axes in (left, right):
        mass_axis(axes)
    save(figure, "k_factors")


def amplitudes() -> None:
    """Relative error of the amplitudes in double precision, point by point."""
    figure, panels = plt.subplots(1, 5, figsize=(9.0, 2.6), sharey=True)
    bins = np.arange(-17.0, 0.1, 0.5)
    for panel, (i, mediator) in zip(panels, enumerate(AMPLITUDES), strict=True):
        there, here = (np.log10(np.maximum(amplitude_errors(mediator, pair), 1.2e-17)) for pair in (False, True))
        panel.hist(there, bins, color=f"C{i}", alpha=0.5, log=True)
        panel.hist(here, bins, color=f"C{i}", histtype="step", linewidth=1.6, log=True)
        panel.set_title(mediator)
        panel.set_xticks([-16, -10, -4], ["$10^{-16}$", "$10^{-10}$", "$10^{-4}$"])
    panels[2].set_xlabel("relative error of the squared amplitude")
    panels[0].set_ylabel("points")
    save(figure, "amplitudes")


FIGURES_OF = {
    function.__name__: function
    for function in (
        overview,
        methods_over_exact,
        mediators_over_exact,
        cross_sections,
        true_errors,
        k_factors,
        amplitudes,
    )
}
