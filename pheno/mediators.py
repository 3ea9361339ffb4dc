"""The particles that are radiated: their spin, their parity and the structure of their coupling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pheno.errors import DomainError, choice, scalar

__all__ = ["Mediator", "names", "resolve"]

#: Name -> (spin, parity, interaction with a charged lepton, unit of the coupling).
_KINDS: Final = {
    "scalar": (0, +1, "g phi lbar l", "1"),
    "pseudoscalar": (0, -1, "i g a lbar gamma5 l", "1"),
    "vector": (1, -1, "g V_mu lbar gamma^mu l", "1"),
    "axial_vector": (1, +1, "g A_mu lbar gamma^mu gamma5 l", "1"),
    "tensor": (2, +1, "-(c/Lambda) G_{mu nu} T^{mu nu}", "GeV^-1"),
}


@dataclass(frozen=True, slots=True)
class Mediator:
    r"""A mediator of spin 0, 1 or 2 that couples to charged leptons.

    Parameters
    ----------
    name
        ``"scalar"`` (:math:`g\,\phi\,\bar l l`), ``"pseudoscalar"`` (:math:`i g\,a\,\bar l\gamma_5 l`),
        ``"vector"`` (:math:`g\,V_\mu\bar l\gamma^\mu l`), ``"axial_vector"``
        (:math:`g\,A_\mu\bar l\gamma^\mu\gamma_5 l`) or ``"tensor"``
        (:math:`-\frac{c}{\Lambda}G_{\mu\nu}T^{\mu\nu}`, a massive spin-2 particle).
    c_l, c_gamma, c_N
        For the tensor: the shares of the energy-momentum tensors of the lepton, the photon and the
        nucleus in :math:`T^{\mu\nu}` [1]. All equal to 1, the universal coupling, is what conservation
        of the source asks for. Other mediators take no other value than 1.

    Raises
    ------
    DomainError
        If the name is unknown, a share is not finite, all are zero, or a mediator other than the
        tensor is given shares.

    Examples
    --------
    >>> Mediator("tensor", c_gamma=0.0).spin
    2
    """

    name: str
    c_l: float = 1.0
    c_gamma: float = 1.0
    c_N: float = 1.0

    def __post_init__(self) -> None:
        choice("mediator", self.name, _KINDS)
        for share in ("c_l", "c_gamma", "c_N"):
            # A frozen dataclass offers no other way to store the checked float.
            object.__setattr__(self, share, scalar(share, getattr(self, share)))
        shares = (self.c_l, self.c_gamma, self.c_N)
        if self.name != "tensor" and shares != (1.0, 1.0, 1.0):
            msg = f"c_l, c_gamma, c_N must be 1 for a {self.name} (only the tensor has them), got {shares}"
            raise DomainError(msg)
        if not any(shares):
            msg = "c_l, c_gamma, c_N must not all be 0: nothing would be coupled"
            raise DomainError(msg)

    @property
    def spin(self) -> int:
        """Spin: 0, 1 or 2."""
        return _KINDS[self.name][0]

    @property
    def parity(self) -> int:
        """Intrinsic parity: +1 or -1."""
        return _KINDS[self.name][1]

    @property
    def interaction(self) -> str:
        """Interaction with a charged lepton, in one line of text."""
        return _KINDS[self.name][2]

    @property
    def coupling_unit(self) -> str:
        """Unit of the coupling: ``"1"``, or ``"GeV^-1"`` for the tensor."""
        return _KINDS[self.name][3]

    @property
    def universal(self) -> bool:
        """Whether lepton, photon and nucleus couple with the same strength."""
        return self.c_l == self.c_gamma == self.c_N


def names() -> list[str]:
    """Return the names of the mediators.

    Returns
    -------
    list of str
        In the order in which messages and tables list them.
    """
    return list(_KINDS)


def resolve(mediator: str | Mediator) -> Mediator:
    """Return the mediator that a name stands for.

    Parameters
    ----------
    mediator
        A name, or a :class:`Mediator`, which is returned as it is.

    Returns
    -------
    Mediator
        The mediator.

    Raises
    ------
    DomainError
        If the name is unknown; the message has the nearest one.

    Examples
    --------
    >>> resolve("vector").spin
    1
    """
    return mediator if isinstance(mediator, Mediator) else Mediator(mediator)
