"""Lifetimes and branching fractions as the text files that FORESEE reads in the folder of a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from pheno import models
from pheno.constants import HBAR_C_M
from pheno.decays import widths
from pheno.errors import DomainError, positive, scalar

if TYPE_CHECKING:
    from pheno.models import Model

__all__ = ["foresee_files"]


def foresee_files(
    model: str | Path | Model, masses: ArrayLike, *, coupling: float = 1.0, threads: int | None = None
) -> dict[str, bytes]:
    r"""Make the files ``ctau.txt`` and ``br/*.txt`` of a model for FORESEE.

    Parameters
    ----------
    model
        Name or path of a card, or a :class:`~pheno.models.Model`.
    masses
        Masses [GeV], rising, at least two; at each of them something must be open.
    coupling
        The coupling the lifetimes are for, in the convention of the model (``epsilon``, ``g``, ...): the argument
        ``coupling_ref`` of FORESEE's ``set_ctau_1d``, which scales with its square.
    threads
        As in :func:`pheno.widths`.

    Returns
    -------
    dict of str to bytes
        Text by file name: lines ``mass value`` [GeV; m for ``ctau.txt``] after one line of explanation. FORESEE
        interpolates linearly in both: take masses densely about thresholds and resonances.

    Raises
    ------
    DomainError
        If the masses do not rise or nothing is open at one of them, the coupling is not positive, or the model has
        dark matter with a coupling of its own, so that lifetimes do not scale.

    Notes
    -----
    Format: ``Model.set_ctau_1d`` and ``set_br_1d`` of FORESEE (Kling & Trojanowski, 2105.07077).

    Examples
    --------
    >>> files = foresee_files("dark_photon", [0.01, 0.02])
    >>> sorted(files)
    ['br/e_e.txt', 'br/gamma_gamma_gamma.txt', 'br/hadrons.txt', 'br/mu_mu.txt', 'br/tau_tau.txt', 'ctau.txt']
    >>> print(files["ctau.txt"].decode().splitlines()[1])
    0.01 8.112603e-12
    """
    theory = models.resolve(model)
    if theory.dark_matter is not None and theory.mediator.name != "tensor":
        msg = (
            f"model must have no dark matter with a coupling of its own, got {theory.name!r} with "
            f"{theory.dark_matter.kind!r}: FORESEE scales lifetimes with the square of the coupling"
        )
        raise DomainError(msg)
    mass = positive("masses", masses)
    if mass.ndim != 1 or mass.size < 2 or not (np.diff(mass) > 0.0).all():
        msg = f"masses must be at least two and rise, got {np.array2string(mass, threshold=4)}"
        raise DomainError(msg)
    reference = scalar("coupling", coupling)
    if reference <= 0.0:
        msg = f"coupling must be finite and > 0, got {reference:g}"
        raise DomainError(msg)
    strength = {"epsilon" if theory.convention == "epsilon" else "coupling": reference}
    found = widths(theory, mass, threads=threads, **strength)
    total = np.asarray(found.total)
    closed = total == 0.0
    if closed.any():
        count = f"({np.count_nonzero(closed)} of {mass.size} values)"
        msg = f"masses must have an open channel, got {mass[closed][0]:g} {count}"
        raise DomainError(msg)
    files = {"ctau.txt": _text(f"c tau [m] at {theory.convention} = {reference:g}", mass, HBAR_C_M / total)}
    for channel, fraction in found.branching.items():
        files[f"br/{_file_name(channel)}.txt"] = _text(f"branching fraction to {channel}", mass, np.asarray(fraction))
    return files


def _file_name(channel: str) -> str:
    """FORESEE's spelling: ``e_e`` for ``e+e-``."""
    return channel.replace("+", " ").replace("-", "").replace(" ", "_")


def _text(what: str, mass: np.ndarray, value: np.ndarray) -> bytes:
    lines = [f"# mass [GeV], {what}", *(f"{m:.8g} {v:.8g}" for m, v in zip(mass, value, strict=True))]
    return ("\n".join(lines) + "\n").encode("ascii")
