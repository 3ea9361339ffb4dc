"""The figures of docs/physics/decays.md and magnetic_moments.md. `python tools/decay_figures.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")

from matplotlib import pyplot as plt

import pheno
from pheno.constants import ELECTRON_MASS, MUON_MASS, TAU_MASS

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "docs" / "physics" / "figures"
CHANNELS = {
    "e+e-": r"$e^+e^-$",
    "mu+mu-": r"$\mu^+\mu^-$",
    "tau+tau-": r"$\tau^+\tau^-$",
    "hadrons": "hadrons",
    "nu nu": r"$\nu\bar\nu$",
    "gamma gamma": r"$\gamma\gamma$",
}


def save(figure: Any, name: str) -> None:
    """Write a PNG without the date and version that would change its bytes."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    figure.savefig(FIGURES / f"{name}.png", metadata={"Software": None})
    plt.close(figure)


def masses(low: float, high: float) -> np.ndarray:
    """Dense in the logarithm, denser about omega and phi."""
    fine = [np.linspace(0.76, 0.80, 200), np.linspace(1.0, 1.04, 400)]
    openings = 1.0 + np.geomspace(1e-9, 1e-2, 60)
    fine += [2.0 * m * openings for m in (ELECTRON_MASS, MUON_MASS, TAU_MASS)]
    grid = np.unique(np.concatenate([np.geomspace(low, high, 1500), *fine]))
    return grid[(grid >= low) & (grid <= high)]


def mass_axis(axes: Any) -> None:
    axes.set_xscale("log")
    axes.set_xlabel("mediator mass [GeV]")


def dark_photon() -> None:
    """Branching fractions of the dark photon from 0.5 MeV to 3 GeV."""
    grid = masses(5e-4, 3.0)
    found = pheno.widths("dark_photon", grid)
    figure, axes = plt.subplots(figsize=(7.5, 4.2))
    ends = {"e+e-": (0.012, 0.94), "mu+mu-": (0.155, 0.3), "hadrons": (1.9, 0.62), "gamma gamma gamma": (7e-4, 0.94)}
    for i, (channel, (x, y)) in enumerate(ends.items()):
        fraction = np.where(found.total > 0.0, found.branching[channel], np.nan)
        axes.plot(grid, fraction, color=f"C{i}")
        axes.text(x, y, CHANNELS.get(channel, r"$3\gamma$"), color=f"C{i}", ha="center")
    mass_axis(axes)
    axes.set_xlim(5e-4, 3.0)
    axes.set_ylim(0.0, 1.03)
    axes.set_ylabel("branching fraction")
    axes.set_title("Dark photon: visible decays, hadrons as measured")
    save(figure, "dark_photon")


def theories() -> None:
    """Branching fractions of the other models that have more than one channel."""
    titles = {
        "b_minus_l": "Vector, $B-L$",
        "lmu_minus_ltau": r"Vector, $L_\mu-L_\tau$",
        "scalar_universal": "Scalar, charged leptons",
        "pseudoscalar_universal": "Pseudoscalar, charged leptons",
        "axial_vector": "Axial vector, charged leptons",
        "tensor_universal": "Spin 2, universal",
    }
    figure, grid = plt.subplots(3, 2, figsize=(9.0, 8.6), sharex=True, sharey=True)
    at = masses(1e-3, 5.0)
    for axes, (name, title) in zip(grid.flat, titles.items(), strict=True):
        found = pheno.widths(name, at[at < 1.0] if name == "tensor_universal" else at)
        shown = at[: len(found.total)]
        for channel, fraction in found.branching.items():
            if channel not in CHANNELS:
                continue  # three photons: below the range
            colour = f"C{list(CHANNELS).index(channel)}"
            axes.plot(shown, np.where(fraction > 0.0, fraction, np.nan), color=colour, label=CHANNELS[channel])
        axes.set_title(title)
        axes.set_yscale("log")
        axes.set_ylim(1e-7, 3.0)
        axes.set_xscale("log")
        axes.set_xlim(1e-3, 5.0)
    for axes in grid[-1]:
        axes.set_xlabel("mediator mass [GeV]")
    for axes in grid[:, 0]:
        axes.set_ylabel("branching fraction")
    handles = [plt.Line2D([], [], color=f"C{i}", label=label) for i, label in enumerate(CHANNELS.values())]
    figure.legend(handles=handles, loc="outside lower center", ncols=6)
    save(figure, "theories")


def lengths() -> None:
    """Lines of equal decay length in the plane of mass and coupling: dark photon and axion-like particle."""
    figure, grid = plt.subplots(1, 2, figsize=(9.5, 4.4))
    cases = [
        ("dark_photon", "Dark photon, 50 GeV", r"$\epsilon$", "epsilon", 0.02),
        ("alp_photon", "Axion-like particle, 50 GeV", r"$g_{a\gamma\gamma}$ [GeV$^{-1}$]", "coupling", 0.02),
    ]
    for axes, (name, title, label, argument, place) in zip(grid, cases, strict=True):
        at = masses(1.1e-3, 3.0)
        at_one = np.asarray(pheno.decay_length_m(name, at, 50.0, **{argument: 1.0}))
        colours = plt.get_cmap("viridis")(np.linspace(0.0, 0.9, 8))
        for colour, exponent in zip(colours, range(-8, 8, 2), strict=True):
            coupling = np.sqrt(at_one / 10.0**exponent)
            axes.plot(at, coupling, color=colour)
            height = float(np.interp(place, at, coupling))
            if 3e-8 < height < 3e-2:
                text = f"$10^{{{exponent}}}$ m" if exponent else "1 m"
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
                axes.text(place, height, text, color=colour, fontsize=8, ha="center", va="center", bbox=box)
        axes.set_yscale("log")
        mass_axis(axes)
        axes.set_xlim(1e-3, 3.0)
        axes.set_ylim(1e-8, 1e-1)
        axes.set_ylabel(label)
        axes.set_title(title)
    save(figure, "decay_lengths")


def moments() -> None:
    """Couplings that move the magnetic moment of the muon by the differences of 2021 and of 2025."""
    figure, axes = plt.subplots(figsize=(7.5, 4.6))
    at = np.geomspace(1e-3, 10.0, 300)
    for i, (name, label) in enumerate([("scalar_universal", "scalar"), ("lmu_minus_ltau", r"vector ($L_\mu-L_\tau$)")]):
        low, centre, high = pheno.coupling_band(name, at, band="mu_2021", sigmas=2.0)
        axes.fill_between(at, low, high, color=f"C{i}", alpha=0.35, linewidth=0)
        axes.plot(at, centre, color=f"C{i}", label=f"{label}: (251 ± 59)e-11, band of 2σ")
        _, _, bound = pheno.coupling_band(name, at, band="mu_2025", sigmas=2.0)
        axes.plot(at, bound, color=f"C{i}", linestyle="--", label=f"{label}: upper end of (38 ± 63)e-11 at 2σ")
    mass_axis(axes)
    axes.set_yscale("log")
    axes.set_xlim(1e-3, 10.0)
    axes.set_ylabel("coupling to the muon")
    axes.legend(loc="upper left")
    save(figure, "magnetic_moments")


def mixing() -> None:
    """The mixing of L_mu - L_tau with the photon against the mass, over its limit for small masses."""
    figure, axes = plt.subplots(figsize=(7.5, 3.6))
    at = np.geomspace(0.01, 20.0, 2000)
    found = pheno.kinetic_mixing("lmu_minus_ltau", at)
    limit = pheno.kinetic_mixing("lmu_minus_ltau", 1e-6).real
    axes.plot(at, found.real / limit, label="real part")
    axes.plot(at, found.imag / limit, label="imaginary part")
    axes.plot(at, np.abs(found) / limit, color="0.3", linestyle="--", label="absolute value")
    mass_axis(axes)
    axes.set_xlim(0.01, 20.0)
    axes.set_ylabel(r"$\epsilon(m^2)/\epsilon(0)$")
    axes.legend()
    save(figure, "mixing")


if __name__ == "__main__":
    plt.style.use(Path(__file__).with_name("accuracy.mplstyle"))
    for draw in (dark_photon, theories, lengths, moments, mixing):
        draw()
