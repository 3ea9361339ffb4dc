"""The leptons that are shot at matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pheno.constants import ELECTRON_MASS, MUON_MASS
from pheno.errors import choice

__all__ = ["Beam", "names", "resolve"]

#: Name -> (PDG Monte Carlo number, mass [GeV]).
_LEPTONS: Final = {
    "e-": (11, ELECTRON_MASS),
    "e+": (-11, ELECTRON_MASS),
    "mu-": (13, MUON_MASS),
    "mu+": (-13, MUON_MASS),
}


@dataclass(frozen=True, slots=True)
class Beam:
    """A beam of one kind of lepton.

    Parameters
    ----------
    name
        ``"e-"``, ``"e+"``, ``"mu-"`` or ``"mu+"``.

    Raises
    ------
    DomainError
        If the name is unknown; the message has the nearest one.

    Notes
    -----
    Radiation in the field of a nucleus is the same for a lepton and its antiparticle at lowest
    order, so ``"e-"`` and ``"e+"`` give identical cross sections.

    Examples
    --------
    >>> Beam("mu-").mass
    0.1056583755
    """

    name: str

    def __post_init__(self) -> None:
        choice("beam", self.name, _LEPTONS)

    @property
    def pdg(self) -> int:
        """PDG Monte Carlo number."""
        return _LEPTONS[self.name][0]

    @property
    def mass(self) -> float:
        """Mass of the lepton [GeV]."""
        return _LEPTONS[self.name][1]


def names() -> list[str]:
    """Return the names of the beams.

    Returns
    -------
    list of str
        In the order in which messages list them.
    """
    return list(_LEPTONS)


def resolve(beam: str | Beam) -> Beam:
    """Return the beam that a name stands for.

    Parameters
    ----------
    beam
        A name, or a :class:`Beam`, which is returned as it is.

    Returns
    -------
    Beam
        The beam.

    Raises
    ------
    DomainError
        If the name is unknown; the message has the nearest one.

    Examples
    --------
    >>> resolve("e+").pdg
    -11
    """
    return beam if isinstance(beam, Beam) else Beam(beam)
