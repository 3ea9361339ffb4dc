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

    ``shower`` and what follows are of electrons and positrons; fields with ``positron`` of positrons alone, those with
    ``photon`` of photons, each from where it is made to where it becomes a pair.
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
    photon: np.ndarray
    photon_error: np.ndarray
    photon_depth: np.ndarray
    photon_square_angle: np.ndarray


def radiation(soft):
    """Photons per X0 above ``soft`` of the energy of the electron, and the loss of it to those below."""
    hard = 4.0 / 3.0 * (np.log(1.0 / soft) - (1.0 - soft)) + 0.5 * (1.0 - soft**2)
    return hard, 4.0 / 3.0 * (soft - 0.5 * soft**2) + soft**3 / 3.0


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


def radiate(rng, soft, energy, depth, angles):
    """Electrons after a bremsstrahlung, and its photons."""
    v = brems_fraction(rng, len(energy), soft)
    return (np.column_stack([share * energy, depth, angles]) for share in (1.0 - v, v))


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


class Sums:
    """Over tracks of one kind of particle: lengths of each shower, and lengths times depth and times angle squared."""

    def __init__(self, thresholds, showers):
        self.tracks = np.zeros((thresholds, showers))
        self.depth, self.square = np.zeros((2, thresholds))

    def add(self, i, length, owner, depth, square):
        """Tracks above threshold ``i``; ``depth`` is where they begin."""
        np.add.at(self.tracks[i], owner, length)
        self.depth[i] += (length * (depth + 0.5 * length)).sum()
        self.square[i] += (length * square).sum()

    def add_photons(self, thresholds, photons, pairs, owner):
        """The whole path of each photon above a threshold, until its pair; it keeps energy and direction."""
        path, square = pairs[: len(photons), 1] - photons[:, 1], (photons[:, 2:] ** 2).sum(axis=1)
        for i, threshold in enumerate(thresholds):
            seen = photons[:, 0] > threshold
            self.add(i, path[seen], owner[seen], photons[seen, 1], square[seen])

    def means(self, kind):
        total = self.tracks.sum(axis=1)
        per_length = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0.0)
        return {
            kind: self.tracks.mean(axis=1),
            f"{kind}_error": self.tracks.std(axis=1) / np.sqrt(self.tracks.shape[1]),
            f"{kind}_depth": self.depth * per_length,
            f"{kind}_square_angle": self.square * per_length,
        }


def shower(thresholds, showers=20000, *, energy=20.0, rate=0.0, soft=1e-3, seed=1, positron_beam=False):
    """Tracks of showers of electrons of ``energy`` [GeV] in a target without end; thresholds in units of that energy.

    ``gain`` is the mean of exp(rate depth), ``depth`` that of the depth, ``square_angle`` that of the angle squared.
    ``positron_beam`` starts them with a positron: that changes what counts as a positron, and nothing else.
    """
    rng = np.random.default_rng(seed)
    thresholds = np.asarray(thresholds, dtype=float)
    least = thresholds.min()
    hard, loss = radiation(soft)
    tracks = np.zeros((thresholds.size, showers))
    first, depth, gain, square = np.zeros((4, thresholds.size))
    # columns: energy, depth, two projected angles; which shower; whether it is the first electron
    live = np.zeros((showers, 4))
    live[:, 0] = 1.0
    owner, primary = np.arange(showers), np.ones(showers, dtype=bool)
    positive = np.full(showers, positron_beam)
    positrons, rays = (Sums(thresholds.size, showers) for _ in range(2))
    photons, of_photons = np.zeros((0, 4)), np.zeros(0, dtype=int)
    left = 0.0
    while live.size or photons.size:
        if live.size:
            path = rng.exponential(1.0 / hard, len(live))
            after = live[:, 0] * np.exp(-loss * path)
            there, angles = scatter(rng, live, path, energy)
            middle, angle = live[:, 1] + 0.5 * path, (there**2).sum(axis=1)
            for i, threshold in enumerate(thresholds):
                # the energy falls by exp(-loss path): the share of the path above the threshold
                length = np.clip(np.log(live[:, 0] / threshold) / (loss * path), 0.0, 1.0) * path
                np.add.at(tracks[i], owner, length)
                first[i] += length[primary].sum()
                depth[i] += (length * middle).sum()
                gain[i] += (length * np.exp(rate * middle)).sum()
                square[i] += (length * angle).sum()
                positrons.add(i, length[positive], owner[positive], live[positive, 1], angle[positive])
            left += (live[:, 0] - after).sum()
            live, photons = radiate(rng, soft, after, live[:, 1] + path, angles)
            of_photons = owner
        keep = photons[:, 0] > least
        left += photons[~keep, 0].sum()
        photons, of_photons = photons[keep], of_photons[keep]
        if photons.size:
            pairs = convert(rng, photons)
            rays.add_photons(thresholds, photons, pairs, of_photons)
            live = np.vstack([live, pairs])
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
        **positrons.means("positron"),
        **rays.means("photon"),
    )
