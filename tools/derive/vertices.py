"""Lorentz structure of each mediator's coupling to a charged lepton: one entry per mediator.

The vertex is ``i g Gamma`` with the interaction Lagrangian of the table; a phase common to a vertex
drops out of the squared amplitude, so ``gamma_5`` stands for ``i gamma_5``.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.algebra import FIVE, Index, Word

POLARISATION = Index("alpha")


@dataclass(frozen=True)
class Vertex:
    """One mediator.

    Parameters
    ----------
    gamma
        The matrix between the spinors; ``POLARISATION`` is the index of a spin-1 mediator.
    longitudinal
        For a spin-1 mediator, the matrix with the mediator's momentum in place of the polarisation.
    lagrangian
        The interaction, for the generated documentation.
    source
        Where the same amplitude or its Weizsaecker-Williams limit is published.
    """

    name: str
    gamma: Word
    lagrangian: str
    source: str
    longitudinal: Word | None = None

    @property
    def spin(self) -> int:
        """Return the spin of the mediator."""
        return 0 if self.longitudinal is None else 1


VERTICES = {
    vertex.name: vertex
    for vertex in (
        Vertex("scalar", (), "g phi lbar l", "Y.-S. Liu, D. McKeen, G. A. Miller, arXiv:1609.06781"),
        Vertex(
            "pseudoscalar",
            (FIVE,),
            "i g a lbar gamma5 l",
            "Y.-S. Liu, G. A. Miller, arXiv:1705.01633",
        ),
        Vertex(
            "vector",
            (POLARISATION,),
            "g V_mu lbar gamma^mu l",
            "J. D. Bjorken et al., arXiv:0906.0580; Y.-S. Liu, G. A. Miller, arXiv:1705.01633",
            longitudinal=("k",),
        ),
        Vertex(
            "axial_vector",
            (POLARISATION, FIVE),
            "g A_mu lbar gamma^mu gamma5 l",
            "Y.-S. Liu, G. A. Miller, arXiv:1705.01633",
            longitudinal=("k", FIVE),
        ),
    )
}
