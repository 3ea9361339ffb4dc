r"""Mediators that a beam makes in the target of an experiment, at unit coupling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BarycentricInterpolator, RegularGridInterpolator

from pheno import primakoff
from pheno.constants import AVOGADRO, ELEMENTARY_CHARGE
from pheno.cross_sections import cross_section
from pheno.errors import DomainError
from pheno.experiments import Experiment
from pheno.loops import kinetic_mixing
from pheno.models import Model
from pheno.positrons import annihilation
from pheno.spectra import spectrum
from pheno.tables import Table, read_table
from pheno.track_length import (
    FromShower,
    at_detector,
    beam_and_target,
    detector_angle,
    least_fraction,
    track_length,
)

__all__ = ["Production", "spectra", "tabulated", "totals"]

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

_PB_TO_CM2: Final = 1e-36
_CM_PER_M: Final = 100.0
#: Energies of the mediator at which a yield with decays is summed.
_ENERGY_NODES: Final = 12
#: Masses up to which each is calculated; beyond, nodes of a polynomial, and where it is tested.
_DIRECT_MASSES: Final = 40
_MASS_NODES: Final = (21, 41)
_MASS_TESTS: Final = 4
#: Angles at which the aim at a detector is integrated.
_ANGLE_NODES: Final = 14
#: How far angles are integrated beyond the detector, in root mean squares of the angle of the electron.
_ANGLE_TAIL: Final = 3.5
#: Masses and fractions of the energy of the electron of the grid that this is done on.
_AIM_MASSES: Final = 9
_AIM_FRACTIONS: Final = 9
_AIM_RTOL: Final = 5e-2


@dataclass(frozen=True, slots=True)
class Production:
    """Mediators made, at unit coupling, with more energy than the signature asks for.

    Parameters
    ----------
    energies
        Energies of the mediator [GeV], masses by nodes; one column of NaN-free zeros if only totals were asked for.
    numbers
        Number of mediators at each.
    source
        Where the cross sections come from, in words.
    depths_m
        Two depths in the target [m] for each node, of equal weight: a third axis.
    aimed
        Share that flies at the detector, at each node.
    annihilation
        Of the number of each mass, how many are made by positrons that annihilate.
    """

    energies: FloatArray
    numbers: FloatArray
    source: str
    depths_m: FloatArray
    aimed: FloatArray
    annihilation: FloatArray

    @property
    def total(self) -> FloatArray:
        """Number of mediators of each mass."""
        total: FloatArray = self.numbers.sum(axis=-1)
        return total


def _lepton(experiment: Experiment) -> str:
    return "e" if beam_and_target(experiment)[0].name.startswith("e") else "mu"


def _charge_squared(experiment: Experiment, model: Model, mass: FloatArray) -> FloatArray:
    """Square of the coupling to the beam, in units of the model's coupling."""
    lepton = _lepton(experiment)
    if model.mediator.name == "tensor":  # its shares are part of the cross section
        return np.ones_like(mass)
    charge = model.charges[lepton]
    if charge == 0.0 and model.mixing:
        mixing = np.abs(np.asarray(kinetic_mixing(model, mass)))
        return np.asarray(np.square(mixing * ELEMENTARY_CHARGE))
    if charge == 0.0:
        msg = f"model {model.name!r} does not couple to the beam of {experiment.name!r} ({lepton})"
        raise DomainError(msg)
    squared: FloatArray = np.full_like(mass, charge**2)
    return squared


def _atoms_per_cm(experiment: Experiment) -> float:
    """Beam particles times atoms per volume, times cm^2/pb."""
    material = beam_and_target(experiment)[1].material
    density = (material.density_g_cm3 or 0.0) * AVOGADRO / material.mean_atomic_weight
    return experiment.exposure * density * _PB_TO_CM2


def _options(experiment: Experiment, rtol: float, threads: int | None) -> dict[str, Any]:
    beam, target = beam_and_target(experiment)
    return {"beam": beam, "target": target.material, "rtol": rtol, "threads": threads}


def _over_masses(
    calculate: Callable[[FloatArray, IndexArray], FloatArray], mass: FloatArray, columns: int, rtol: float
) -> tuple[FloatArray, str]:
    """Calculate at each mass, or for many masses at the nodes of a polynomial in ln m that is checked between them.

    Each column by itself: next to the end of a spectrum one may close where the others are smooth.
    """
    every, direct = np.arange(columns), f"computed, rtol {rtol:g}"
    if mass.size <= _DIRECT_MASSES or mass.max() < 2.0 * mass.min():
        return calculate(mass, every), direct
    low, high = np.log(mass.min()), np.log(mass.max())
    tested = mass[np.linspace(1, mass.size - 2, _MASS_TESTS).astype(int)]
    truth = calculate(tested, every)
    found, rough = np.zeros((mass.size, columns)), every
    values, worst, used = np.empty((0, columns)), 0.0, 0
    for count in _MASS_NODES:  # the nodes of one are every second of the next
        nodes = 0.5 * (low + high) - 0.5 * (high - low) * np.cos(np.pi * np.arange(count) / (count - 1))
        more = np.empty((count, rough.size))
        new = slice(1, None, 2) if values.size else slice(None)
        if values.size:
            more[::2] = values
        more[new] = calculate(np.exp(nodes[new]), rough)
        positive = (more > 0.0).all(axis=0) & (truth[:, rough] > 0.0).all(axis=0)
        polynomial = BarycentricInterpolator(nodes, np.log(np.where(positive, more, 1.0)))
        error = np.exp(polynomial(np.log(tested))) / np.where(positive, truth[:, rough], 1.0) - 1.0
        error = np.abs(error).max(axis=0)
        smooth = positive & (error <= rtol)
        if smooth.any():
            found[:, rough[smooth]] = np.exp(polynomial(np.log(mass)))[:, smooth]
            worst, used = max(worst, float(error[smooth].max())), count
        rough, values = rough[~smooth], more[:, ~smooth]
        if not rough.size:
            break
    if rough.size:
        found[:, rough] = calculate(mass, rough)
    if not used:
        return found, direct
    return found, f"computed at {used} masses, rtol {rtol:g}; between them to {worst:.0e}"


def totals(
    experiment: Experiment, model: Model, mass: FloatArray, *, rtol: float, threads: int | None, table: Table | None
) -> Production:
    """Mediators with more than ``x_min`` of the beam energy, their energies summed over."""
    track = track_length(experiment)
    least = experiment.signature.x_min * experiment.energy
    if table is not None:
        sigma = table(mass[:, None], track.energies)
        source = f"table of {table.reaction.mediator}, interpolation error {table.interpolation_error:.1e}"
    else:
        options = _options(experiment, rtol, threads)

        def calculate(at: FloatArray, columns: IndexArray) -> FloatArray:
            found = np.zeros((at.size, columns.size))
            for column, energy in enumerate(track.energies[columns]):
                window = {"x_min": least / energy}
                found[:, column] = np.asarray(cross_section(model.mediator, at, energy, **window, **options))
            return found

        sigma, source = _over_masses(calculate, mass, track.energies.size, rtol)
    numbers = sigma @ track.lengths_cm * _atoms_per_cm(experiment) * _charge_squared(experiment, model, mass)
    positrons = annihilation(experiment, model, mass, threads)
    more = np.zeros_like(mass)
    if positrons is not None:
        more = positrons.lengths_pb_cm.sum(axis=1) * _atoms_per_cm(experiment)
    nowhere = np.zeros((mass.size, 1))
    return Production(nowhere, (numbers + more)[:, None], source, np.zeros((mass.size, 1, 2)), nowhere + 1.0, more)


def tabulated(
    experiment: Experiment, model: Model, mass: FloatArray, *, rtol: float, tables: str | Path | None
) -> Table | None:
    """Table that has the cross sections with the accuracy asked for; None if there is none.

    A window in x of a table belongs to every energy, a signature asks for a fixed energy of the mediator: the two are
    the same where the beam is not slowed down.
    """
    (beam, target), window = beam_and_target(experiment), experiment.signature.x_min
    if tables is None or target.slowing != "none":
        return None
    path = Path(tables)
    files = sorted(path.glob(f"{model.mediator.name}*.pht")) if path.is_dir() else [path]
    for file in files:
        table = read_table(file)
        if not isinstance(table, Table):
            continue
        reaction = table.reaction
        nuclei = target.material.composition
        if (
            reaction.mediator == model.mediator.name
            and model.mediator.universal
            and reaction.beam[0] == beam.name[0]
            and reaction.method == "etl"
            and reaction.form_factor == "tsai"
            and len(nuclei) == 1
            and (reaction.Z, reaction.A) == nuclei[0][:2]
            and reaction.x_min == window
            and table.interpolation_error <= rtol
            and table.mass_range[0] <= mass.min()
            and mass.max() <= table.mass_range[1]
            and table.energy_range[0] <= experiment.energy <= table.energy_range[1]
        ):
            return table
    return None


def _fraction_nodes(mass: FloatArray, lepton_mass: float, energy: float, least: float) -> tuple[FloatArray, FloatArray]:
    r"""Fractions x = E_X/E and their weights, masses by nodes.

    The spectrum peaks as 1/U, :math:`U = m_X^2(1-x)/x + m^2x`: uniform nodes in the logarithm of 1 - x + (m/m_X)^2.
    """
    low = np.minimum(np.maximum(least / energy, 1.0001 * mass / energy), 1.0)[:, None]
    high = np.maximum(1.0 - lepton_mass / energy, low)
    width = (lepton_mass**2 / (lepton_mass**2 + mass**2))[:, None] + lepton_mass / energy
    x, w = np.polynomial.legendre.leggauss(_ENERGY_NODES)
    first, last = np.log(1.0 - high + width), np.log(1.0 - low + width)
    shifted = np.exp(first + 0.5 * (last - first) * (x + 1.0))
    return 1.0 + width - shifted, 0.5 * (last - first) * w * shifted


def spectra(experiment: Experiment, model: Model, mass: FloatArray, *, rtol: float, threads: int | None) -> Production:
    """Mediators by energy: as many columns as energies of the beam in the target times nodes of each spectrum.

    And those that positrons make; of a model that couples to photons only, those that photons of the shower make.
    """
    if model.convention == "g_agammagamma":
        return _by_photons(experiment, model, mass)
    track = track_length(experiment)
    options = _options(experiment, rtol, threads)
    least = experiment.signature.x_min * experiment.energy
    beam_mass = options["beam"].mass

    def nodes(at: FloatArray) -> tuple[FloatArray, FloatArray]:
        found = [_fraction_nodes(at, beam_mass, float(energy), least) for energy in track.energies]
        return np.hstack([x for x, _ in found]), np.hstack([w for _, w in found])

    def calculate(at: FloatArray, columns: IndexArray) -> FloatArray:
        x, weights = (array[:, columns] for array in nodes(at))
        found = np.zeros_like(x)
        inside = (weights > 0.0) & (x > 0.0) & (x < 1.0)
        if inside.any():
            masses = np.broadcast_to(at[:, None], x.shape)[inside]
            energy = np.broadcast_to(beam[columns], x.shape)[inside]
            found[inside] = np.asarray(spectrum(model.mediator, masses, energy, x[inside], **options))
        return found

    beam = np.repeat(track.energies, _ENERGY_NODES)
    x, weights = nodes(mass)
    density, source = _over_masses(calculate, mass, beam.size, rtol)
    numbers = density * weights * np.repeat(track.lengths_cm, _ENERGY_NODES)
    numbers *= _atoms_per_cm(experiment) * _charge_squared(experiment, model, mass)[:, None]
    depths = np.broadcast_to(np.repeat(track.depths_cm, _ENERGY_NODES, axis=0), (mass.size, beam.size, 2)) / _CM_PER_M
    at_detector = _aimed(experiment, model, mass, x * beam, threads)
    made = Production(x * beam, numbers, source, depths, at_detector, np.zeros_like(mass))
    positrons = annihilation(experiment, model, mass, threads)
    return made if positrons is None else _with_positrons(made, positrons, _atoms_per_cm(experiment))


def _with_positrons(made: Production, positrons: FromShower, atoms_per_cm: float) -> Production:
    numbers = positrons.lengths_pb_cm * atoms_per_cm
    return Production(
        energies=np.hstack([made.energies, positrons.energies]),
        numbers=np.hstack([made.numbers, numbers]),
        source=made.source,
        depths_m=np.hstack([made.depths_m, positrons.depths_cm / _CM_PER_M]),
        aimed=np.hstack([made.aimed, positrons.aimed]),
        annihilation=numbers.sum(axis=1),
    )


def _by_photons(experiment: Experiment, model: Model, mass: FloatArray) -> Production:
    made = primakoff.produced(experiment, model, mass)
    numbers = made.lengths_pb_cm * _atoms_per_cm(experiment) * model.charges["gamma"] ** 2
    depths = made.depths_cm / _CM_PER_M
    return Production(made.energies, numbers, "computed, Primakoff", depths, made.aimed, np.zeros_like(mass))


def _points_at_detector(
    experiment: Experiment, model: Model, mass: FloatArray, energy: float, square_angle: float, threads: int | None
) -> tuple[FloatArray, FloatArray]:
    """Share that flies at the detector, masses by fractions of the energy of the electron; and these fractions."""
    largest = detector_angle(experiment)
    x, w = np.polynomial.legendre.leggauss(_ANGLE_NODES)
    v = 0.5 * (x + 1.0)  # the scale of the distribution is m/E and below: nodes that crowd at 0
    end = largest + _ANGLE_TAIL * np.sqrt(square_angle)
    theta, weights = end * v**3, 1.5 * end * w * v**2
    weights = weights * at_detector(theta, square_angle, largest)
    options = _options(experiment, _AIM_RTOL, threads)
    low = least_fraction(experiment) * experiment.energy / energy
    fractions = 1.0 - (1.0 - low) * np.linspace(1.0, 0.07, _AIM_FRACTIONS) ** 2
    at = (model.mediator, mass[:, None, None], energy, fractions[:, None])
    inside = np.asarray(spectrum(*at, theta=theta, **options)) @ weights
    single = np.asarray(spectrum(model.mediator, mass[:, None], energy, fractions, **options))
    share = np.divide(inside, single, out=np.zeros_like(single), where=single > 0.0)
    return np.minimum(share, 1.0), fractions


def _aimed(
    experiment: Experiment, model: Model, mass: FloatArray, energies: FloatArray, threads: int | None
) -> FloatArray:
    """Share of the mediators of each energy that fly at the detector: angle of the electron, and of the mediator to it.

    On a grid of masses and of fractions of the energy of the electron that is interpolated linearly; good to 0.03.
    ``energies`` as :func:`spectra` gives them.
    """
    if experiment.signature.detector_radius_m is None:
        return np.ones_like(energies)
    track = track_length(experiment)
    grid_m = np.geomspace(mass.min(), mass.max() * (1.0 + 1e-9), min(_AIM_MASSES, 1 + 2 * mass.size))
    found = np.empty_like(energies)
    for k, (energy, square) in enumerate(zip(track.energies, track.square_angles, strict=True)):
        share, fractions = _points_at_detector(experiment, model, grid_m, float(energy), float(square), threads)
        columns = slice(k * _ENERGY_NODES, (k + 1) * _ENERGY_NODES)
        x = np.clip(energies[:, columns] / energy, fractions[0], fractions[-1])
        points = np.stack(np.broadcast_arrays(np.log(mass)[:, None], x), axis=-1)
        found[:, columns] = RegularGridInterpolator((np.log(grid_m), fractions), share)(points)
    return found
