"""Draw the figures of docs/gallery: each function is one figure. ``python docs/scripts/gallery.py [NAME ...]``."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

import pheno
from pheno import models, plots

DOCS = Path(__file__).parents[1]
PUBLISHED = DOCS.parent / "tests" / "references" / "published_reach.csv"


def invisible(name: str = "dark_photon", kind: str = "complex_scalar") -> models.Model:
    return pheno.model(name, dark_matter=kind, ratio=3.0, alpha_D=0.1)


def with_resonance(masses: np.ndarray, low: float, high: float) -> np.ndarray:
    """More masses where positrons annihilate into the mediator: the edges are sharp."""
    return np.unique(np.concatenate([masses, np.geomspace(low, high, 40)]))


def published(experiment: str, label: str) -> list[plots.Layer]:
    lines = [line for line in PUBLISHED.read_text().splitlines() if not line.startswith("#")]
    rows = [row for row in csv.DictReader(lines) if row["experiment"] == experiment]
    mass = np.array([float(row["mass_GeV"]) for row in rows])
    edges = [np.array([float(row[edge]) for row in rows]) for edge in ("lower", "upper")]
    return [plots.line(label, mass, edge) for edge in edges if np.isfinite(edge).all()]


def thermal_targets(masses: np.ndarray) -> list[plots.Layer]:
    """Black lines: the couplings that make the observed density."""
    layers = []
    for kind in ("complex_scalar", "majorana", "pseudo_dirac"):
        model = invisible(kind=kind)
        y = np.asarray(pheno.thermal_target(model, masses).y)[:, 0]
        found = y > 0.0
        chi = np.asarray(model.dark_matter.masses(masses)[0])
        layers.append(plots.line(f"thermal: {kind.replace('_', ' ')}", chi[found], y[found], "target"))
    return layers


def y_against_dark_matter() -> plots.Plot:
    masses = with_resonance(np.geomspace(0.003, 3.0, 80), 0.19, 0.34)
    model = invisible()
    setups = [
        "na64e", "na64mu", pheno.experiment("na64e", exposure="projected"),
        pheno.experiment("na64mu", exposure="projected"), "ldmx", "m3",
    ]  # fmt: skip
    found = [pheno.reach(setup, model, masses) for setup in setups]
    layers = thermal_targets(np.geomspace(0.003, 3.0, 120))
    return plots.reach_plot(found, "y", layers=layers, y_range=(1e-17, 1e-6), title="Dark photon, invisible decays")


def epsilon_against_mass() -> plots.Plot:
    masses = with_resonance(np.geomspace(0.001, 1.0, 80), 0.19, 0.34)
    model = invisible()
    setups = ["na64e", pheno.experiment("na64e", exposure="projected"), "na64mu", "ldmx", "ldmx_8gev", "ldmx_4gev"]
    found = [pheno.reach(setup, model, masses) for setup in setups]
    points = published("na64e", "NA64e, published at 3, 9, 93 MeV")
    return plots.reach_plot(found, layers=points, y_range=(1e-8, 1e-2), title="Dark photon, invisible decays")


def spin_2() -> plots.Plot:
    masses = with_resonance(np.geomspace(0.001, 1.5, 50), 0.19, 0.34)
    dark = invisible("tensor_universal", "dirac")
    setups = [
        "na64e", "na64mu", pheno.experiment("na64e", exposure="projected"),
        pheno.experiment("na64mu", exposure="projected"), "ldmx", "m3",
    ]  # fmt: skip
    found = [pheno.reach(setup, dark, masses) for setup in setups]
    visible = np.concatenate([np.geomspace(0.001, 0.3, 50), np.linspace(0.3, 0.42, 30)[1:]])
    found.append(pheno.reach("e137", "tensor_universal", with_resonance(visible, 0.04, 0.16)))
    return plots.reach_plot(found, y_range=(1e-8, 1e-2), title="Spin 2: invisible (E137: visible) decays")


def lmu_minus_ltau() -> plots.Plot:
    masses = np.geomspace(0.001, 1.0, 80)
    setups = [
        "na64mu",
        pheno.experiment("na64mu", exposure="projected"),
        pheno.experiment("m3", exposure="phase 1"),
        "m3",
    ]
    found = [pheno.reach(setup, "lmu_minus_ltau", masses) for setup in setups]
    band = plots.moment_band("lmu_minus_ltau", masses, label=r"$\Delta a_\mu = (251\pm59)\,10^{-11}$")
    return plots.reach_plot(found, layers=[band], y_range=(1e-6, 1e-1), title=r"$L_\mu - L_\tau$, decays to neutrinos")


def visible() -> plots.Plot:
    wide = np.concatenate([np.geomspace(0.0012, 0.2, 60), np.linspace(0.2, 0.29, 50)[1:]])
    short = np.concatenate([np.geomspace(0.0012, 0.02, 40), np.linspace(0.02, 0.03, 40)[1:]])
    tip = np.concatenate([wide, np.linspace(0.29, 0.34, 40)[1:]])
    wide = with_resonance(wide, 0.04, 0.16)
    found = [pheno.reach("e137", "dark_photon", wide), pheno.reach("e137_classic", "dark_photon", tip)]
    found += [pheno.reach(name, "dark_photon", short) for name in ("na64e_visible_2017", "na64e_visible_2018")]
    layers = [*published("e137", "E137, published"), *published("na64e_visible", "NA64e, published")]
    layers.append(plots.line("X17", [0.0167, 0.0167], [2e-4, 1.4e-3], "target"))
    return plots.reach_plot(found, layers=layers, title="Dark photon, visible decays", x_range=(0.0012, 0.5))


def axion_like() -> plots.Plot:
    setups = [
        ("na64e", 0.04, 0.06),
        (pheno.experiment("na64e", exposure="projected"), 0.06, 0.1),
        ("e137", 0.6, 0.8),
    ]
    found = []
    for setup, tip, end in setups:
        masses = np.concatenate([np.geomspace(0.001, tip, 60), np.linspace(tip, end, 120)[1:]])
        found.append(pheno.reach(setup, "alp_photon", masses))
    return plots.reach_plot(
        found, title="Axion-like particle that couples to photons", x_range=(1e-3, 1.0), y_range=(1e-8, 1e-1)
    )


def _curves(quantity: Callable[..., object], y_label: str, title: str, **options: object) -> plots.Plot:
    masses = np.geomspace(0.001, 1.0, 60)
    layers = []
    for kind in ("scalar", "pseudoscalar", "vector", "axial_vector"):
        values = np.asarray(quantity(kind, masses, 100.0, beam="e-", target="Pb", **options))
        layers.append(plots.line(kind.replace("_", " "), masses, values))
    return plots.Plot(
        layers=tuple(layers),
        x_label="$m$ [GeV]",
        y_label=y_label,
        title=title,
        assumptions=("100 GeV electrons on lead", "exact tree level, form factor of Tsai"),
        provenance=f"pheno {pheno.__version__}",
    )


def cross_section() -> plots.Plot:
    return _curves(
        pheno.cross_section, r"$\sigma$ [pb] at $\epsilon = 10^{-4}$", "Production cross section", epsilon=1e-4
    )


def k_factor() -> plots.Plot:
    return _curves(pheno.k_factor, r"$K = \sigma_{IWW}/\sigma_{ETL}$", "K-factors of DMG4's closed form")


FIGURES = (
    y_against_dark_matter, epsilon_against_mass, spin_2, lmu_minus_ltau, visible, axion_like, cross_section, k_factor,
)  # fmt: skip


def main(names: list[str]) -> None:
    folder = DOCS / "gallery"
    folder.mkdir(exist_ok=True)
    for figure in FIGURES:
        if not names or figure.__name__ in names:
            plot = figure()
            for suffix in (".png", ".csv"):
                (folder / f"{figure.__name__}{suffix}").write_bytes(plot.encoded(suffix))


if __name__ == "__main__":
    main(sys.argv[1:])
