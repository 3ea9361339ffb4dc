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
    """Track lengths [X0] above each threshold, per shower, and standard deviations.

    ``shower`` and what follows are of electrons and positrons; fields with ``positron`` of positrons alone.
    """

    thresholds: np.ndarray
    primary: np.ndarray
    shower: np.ndarray
    error: np.ndarray
    depth: np.ndarray
    gain: np.ndarray
    square_angle: np.ndarray
    energy_left: float
    positron: np.ndarray
    positron_error: np.ndarray
    positron_depth: np.ndarray
    positron_square_angle: np.ndarray


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


def scatter(rng, live, path, energy):
    """Two projected angles at a random place of each path, and at its end."""
    somewhere = rng.random(len(live))
    sigma = np.sqrt(0.5 * SCATTERING * path) / (energy * live[:, 0])
    kick = rng.normal(size=(len(live), 2)) * (sigma * np.sqrt(somewhere))[:, None]
    rest = rng.normal(size=(len(live), 2)) * (sigma * np.sqrt(1.0 - somewhere))[:, None]
    there = live[:, 2:] + kick
    return there, there + rest


class Positrons:
    """Sums over tracks of positrons: lengths of each shower, and lengths times depth and times angle squared."""

    def __init__(self, thresholds, showers):
        self.tracks = np.zeros((thresholds, showers))
        self.depth, self.square = np.zeros((2, thresholds))

    def add(self, i, length, owner, depth, square):
        """Tracks above threshold ``i``; ``depth`` is where they begin."""
        np.add.at(self.tracks[i], owner, length)
        self.depth[i] += (length * (depth + 0.5 * length)).sum()
        self.square[i] += (length * square).sum()

    def means(self):
        total = self.tracks.sum(axis=1)
        per_length = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0.0)
        return {
            "positron": self.tracks.mean(axis=1),
            "positron_error": self.tracks.std(axis=1) / np.sqrt(self.tracks.shape[1]),
            "positron_depth": self.depth * per_length,
            "positron_square_angle": self.square * per_length,
        }


def shower(thresholds, showers=20000, *, energy=20.0, rate=0.0, soft=1e-3, seed=1, positron_beam=False):
    """Tracks of showers of electrons of ``energy`` [GeV] in a target without end; thresholds in units of that energy.

    ``gain`` is the mean of exp(rate depth), ``depth`` that of the depth, ``square_angle`` that of the angle squared.
    ``positron_beam`` starts them with a positron: that changes what counts as a positron, and nothing else.
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
    positive, positrons = np.full(showers, positron_beam), Positrons(thresholds.size, showers)
    photons, of_photons = np.zeros((0, 4)), np.zeros(0, dtype=int)
    left = 0.0
    while live.size or photons.size:
        if live.size:
            path = rng.exponential(1.0 / hard, len(live))
            after = live[:, 0] * np.exp(-loss * path)
            there, angles = scatter(rng, live, path, energy)
            for i, threshold in enumerate(thresholds):
                # the energy falls by exp(-loss path): the share of the path above the threshold
                share = np.clip(np.log(live[:, 0] / threshold) / (loss * path), 0.0, 1.0)
                np.add.at(tracks[i], owner, share * path)
                first[i] += (share * path)[primary].sum()
                depth[i] += (share * path * (live[:, 1] + 0.5 * path)).sum()
                gain[i] += (share * path * np.exp(rate * (live[:, 1] + 0.5 * path))).sum()
                square[i] += (share * path * (there**2).sum(axis=1)).sum()
                length, angle = (share * path)[positive], (there[positive] ** 2).sum(axis=1)
                positrons.add(i, length, owner[positive], live[positive, 1], angle)
            left += (live[:, 0] - after).sum()
            v = brems_fraction(rng, len(live), soft)
            deep = live[:, 1] + path
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
            positive = np.concatenate([positive, np.repeat([False, True], len(photons))])
            photons, of_photons = np.zeros((0, 4)), np.zeros(0, dtype=int)
        keep = live[:, 0] > least
        left += live[~keep, 0].sum()
        live, owner, primary, positive = live[keep], owner[keep], primary[keep], positive[keep]
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
        **positrons.means(),
    )
