"""Electromagnetic showers by Monte Carlo: bremsstrahlung and pair production with complete screening, nothing else.

Independent of the package: particles are followed one generation after the other, their tracks added up. Photons below
``soft`` of the energy of the electron are taken out continuously, which they are in the mean.
"""

from dataclasses import dataclass

import numpy as np

PAIR_RATE = 7.0 / 9.0
#: Multiple scattering: mean square angle in space per radiation length, times E^2 [GeV^2].
SCATTERING = 0.0212**2


@dataclass
class Tally:
    """Track lengths [X0] of electrons and positrons above each threshold, per shower, and standard deviations."""

    thresholds: np.ndarray
    primary: np.ndarray
    shower: np.ndarray
    error: np.ndarray
    depth: np.ndarray
    gain: np.ndarray
    square_angle: np.ndarray
    energy_left: float


def brems_fraction(rng, count, soft):
    """k/E from (4/3)(1-v)/v + v above ``soft``, by rejection from 1/v."""
    found = np.empty(count)
    todo = np.arange(count)
    while todo.size:
        v = soft ** rng.random(todo.size)
        keep = rng.random(todo.size) * 4.0 / 3.0 < 4.0 / 3.0 * (1.0 - v) + v * v
        found[todo[keep]] = v[keep]
        todo = todo[~keep]
    return found


def pair_fraction(rng, count):
    """E/k from 1 - (4/3) u (1-u)."""
    found = np.empty(count)
    todo = np.arange(count)
    while todo.size:
        u = rng.random(todo.size)
        keep = rng.random(todo.size) < 1.0 - 4.0 / 3.0 * u * (1.0 - u)
        found[todo[keep]] = u[keep]
        todo = todo[~keep]
    return found


def convert(rng, photons):
    """Electrons and positrons that photons become, all electrons first."""
    u = pair_fraction(rng, len(photons))
    pairs = np.vstack([photons, photons])
    pairs[:, 0] *= np.concatenate([u, 1.0 - u])
    pairs[:, 1] += np.tile(rng.exponential(1.0 / PAIR_RATE, len(photons)), 2)
    return pairs


def shower(thresholds, showers=20000, *, energy=20.0, rate=0.0, soft=1e-3, seed=1):
    """Tracks of showers of electrons of ``energy`` [GeV] in a target without end; thresholds in units of that energy.

    ``gain`` is the mean of exp(rate depth), ``depth`` that of the depth, ``square_angle`` that of the angle squared.
    """
    rng = np.random.default_rng(seed)
    thresholds = np.asarray(thresholds, dtype=float)
    least = thresholds.min()
    hard = 4.0 / 3.0 * (np.log(1.0 / soft) - (1.0 - soft)) + 0.5 * (1.0 - soft**2)
    loss = 4.0 / 3.0 * (soft - 0.5 * soft**2) + soft**3 / 3.0
    tracks = np.zeros((thresholds.size, showers))
    first, depth, gain, square = np.zeros((4, thresholds.size))
    # columns: energy, depth, two projected angles; which shower; whether it is the first electron
    live = np.zeros((showers, 4))
    live[:, 0] = 1.0
    owner, primary = np.arange(showers), np.ones(showers, dtype=bool)
    photons, of_photons = np.zeros((0, 4)), np.zeros(0, dtype=int)
    left = 0.0
    while live.size or photons.size:
        if live.size:
            path = rng.exponential(1.0 / hard, len(live))
            after = live[:, 0] * np.exp(-loss * path)
            somewhere = rng.random(len(live))
            sigma = np.sqrt(0.5 * SCATTERING * path) / (energy * live[:, 0])
            kick = rng.normal(size=(len(live), 2)) * (sigma * np.sqrt(somewhere))[:, None]
            there = live[:, 2:] + kick
            for i, threshold in enumerate(thresholds):
                # the energy falls by exp(-loss path): the share of the path above the threshold
                share = np.clip(np.log(live[:, 0] / threshold) / (loss * path), 0.0, 1.0)
                np.add.at(tracks[i], owner, share * path)
                first[i] += (share * path)[primary].sum()
                depth[i] += (share * path * (live[:, 1] + 0.5 * path)).sum()
                gain[i] += (share * path * np.exp(rate * (live[:, 1] + 0.5 * path))).sum()
                square[i] += (share * path * (there**2).sum(axis=1)).sum()
            rest = rng.normal(size=(len(live), 2)) * (sigma * np.sqrt(1.0 - somewhere))[:, None]
            left += (live[:, 0] - after).sum()
            v = brems_fraction(rng, len(live), soft)
            angles, deep = there + rest, live[:, 1] + path
            made = np.column_stack([v * after, deep, angles])
            live = np.column_stack([(1.0 - v) * after, deep, angles])
            photons, of_photons = np.vstack([photons, made]), np.concatenate([of_photons, owner])
        keep = photons[:, 0] > least
        left += photons[~keep, 0].sum()
        photons, of_photons = photons[keep], of_photons[keep]
        if photons.size:
            live = np.vstack([live, convert(rng, photons)])
            owner = np.concatenate([owner, of_photons, of_photons])
            primary = np.concatenate([primary, np.zeros(2 * len(photons), dtype=bool)])
            photons, of_photons = np.zeros((0, 4)), np.zeros(0, dtype=int)
        keep = live[:, 0] > least
        left += live[~keep, 0].sum()
        live, owner, primary = live[keep], owner[keep], primary[keep]
    total = tracks.sum(axis=1)
    return Tally(
        thresholds=thresholds,
        primary=first / showers,
        shower=tracks.mean(axis=1),
        error=tracks.std(axis=1) / np.sqrt(showers),
        depth=depth / total,
        gain=gain / total,
        square_angle=square / total,
        energy_left=left / showers,
    )
