r"""What loops of charged leptons do to a mediator: mixing with the photon, two photons from spin 0, three from spin 1.

Formulas, derivations and accuracy are in docs/physics/decays.md.
"""

from __future__ import annotations

from math import pi
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import _core, citations, models
from pheno.constants import ALPHA, ELECTRON_MASS, ELEMENTARY_CHARGE, MUON_MASS, TAU_MASS
from pheno.errors import DomainError, positive
from pheno.models import Charges

if TYPE_CHECKING:
    from pheno.models import Model

__all__ = ["LEPTON_MASSES", "kinetic_mixing", "mixing_squared", "photon_loops_squared", "three_photon_width"]

FloatArray = NDArray[np.float64]

#: From the lightest up.
LEPTON_MASSES: Final = {"e": ELECTRON_MASS, "mu": MUON_MASS, "tau": TAU_MASS}
#: Electric charges, with which a mediator that mixes with the photon couples.
_ELECTRIC: Final = Charges(e=-1, mu=-1, tau=-1, u=2 / 3, d=-1 / 3, s=-1 / 3, c=2 / 3, b=-1 / 3)


def kinetic_mixing(model: str | Path | Model, mass: ArrayLike) -> complex | NDArray[np.complex128]:
    r"""Mixing with the photon that the loops of charged leptons induce, per unit of the coupling.

    .. math::

        \frac{\epsilon(q^2)}{g} = \frac{e}{2\pi^2} \sum_l Q_l q_l \int_0^1 x(1-x) \ln[m_l^2 - x(1-x) q^2 - i0]\, dx

    at :math:`q^2 = m^2`. A field with electric charge Q and no charge of its own couples to the mediator with
    :math:`\epsilon e Q`.

    Parameters
    ----------
    model
        Name or path of a card, or a model, whose ``mixing`` is true.
    mass
        Mass of the mediator [GeV], any shape.

    Returns
    -------
    complex or ndarray
        In the shape of ``mass``; above twice the muon mass it has an imaginary part.

    Raises
    ------
    DomainError
        If the model has no induced mixing, or a mass is not positive.

    Notes
    -----
    For L_mu - L_tau the limit of small masses is e ln(m_tau/m_mu)/(6 pi^2) = 1/69.3. Relative accuracy 1e-14.

    References
    ----------
    docs/physics/decays.md has the derivation, and the prefactor 3/(16 pi^2) of a talk, which is 9/8 of this one.

    Examples
    --------
    >>> float(round(1e6 * 4.8e-4 * kinetic_mixing("lmu_minus_ltau", 1e-3).real, 3))
    6.928
    """
    theory = models.resolve(model)
    if not theory.mixing:
        msg = f"model must have mixing = true to be mixed with the photon by loops, got {theory.name!r}"
        raise DomainError(msg)
    masses = positive("mass", mass)
    found = _epsilon(theory, masses.ravel())
    return found.reshape(masses.shape) if masses.ndim else complex(found[0])


def _epsilon(theory: Model, mass: FloatArray) -> NDArray[np.complex128]:
    total = np.zeros(mass.shape, dtype=np.complex128)
    for lepton, lepton_mass in LEPTON_MASSES.items():
        weight = _ELECTRIC[lepton] * theory.charges[lepton]
        if weight:
            real, imaginary = _core.vacuum_polarisation((mass / lepton_mass) ** 2)
            total += weight * (2.0 * np.log(lepton_mass) + real + 1j * imaginary)
    return ELEMENTARY_CHARGE / (12.0 * pi**2) * total


def photon_loops_squared(theory: Model, mass: FloatArray, threads: int) -> FloatArray:
    """Return the square of the coupling of spin 0 to photons by loops of leptons, at unit coupling and flat masses."""
    loops = [lepton for lepton in LEPTON_MASSES if theory.charges[lepton]]
    real, imaginary = _core.photon_coupling(
        mass,
        mediator=theory.mediator.name,
        fermion_masses=np.array([LEPTON_MASSES[lepton] for lepton in loops]),
        charges=np.array([theory.charges[lepton] for lepton in loops]),
        alpha=ALPHA,
        threads=threads,
    )
    squared: FloatArray = real**2 + imaginary**2
    return squared


def mixing_squared(theory: Model, mass: FloatArray) -> FloatArray:
    """Return the square of the coupling of a unit charge that is due to mixing, at unit coupling and flat masses."""
    return np.abs(_epsilon(theory, mass)) ** 2 * ELEMENTARY_CHARGE**2


#: 1/sqrt of the width to three photons over its leading order is this polynomial in sqrt(1 - m^2/4 m_l^2), from the
#: constant up; printed by tools/derive/three_photons.py.
_THREE_PHOTONS: Final = (
    0.0753115458,
    0.28286934,
    0.377888455,
    0.216877433,
    0.0474483988,
    -3.1279359e-05,
    -0.000364205902,
)


def three_photon_width(mass: FloatArray, lepton_mass: float) -> FloatArray:
    r"""Width of a vector to three photons by the loop of one lepton, at unit coupling to it [GeV].

    .. math:: \Gamma = \frac{17\,\alpha^3 g^2}{2^7\,3^6\,5^3\,4\pi^4}\,\frac{m^9}{m_l^8}\,
              \mathcal F\Bigl(\frac{m^2}{4m_l^2}\Bigr), \qquad \mathcal F(0) = 1, \quad \mathcal F(1) = 176

    Parameters
    ----------
    mass
        Mass of the vector [GeV], an array.
    lepton_mass
        Mass of the lepton [GeV].

    Returns
    -------
    ndarray
        In the shape of ``mass``; exactly 0 from :math:`2m_l` on, where the decay to a pair of these leptons is faster
        by their velocity times 6e8.

    Notes
    -----
    The factor is exact at one loop, from a fit whose error is below 1e-5, and 1e-4 next to threshold. There the
    binding of the pair (orthopositronium, within some :math:`\alpha^2 m_l` of it) is a correction of its own.

    References
    ----------
    Leading order: [Pospelov:2008jk]_. All orders in the mass: [McDermott:2017qcg]_.

    Examples
    --------
    >>> from pheno.constants import ELECTRON_MASS
    >>> rate = three_photon_width(np.array([0.5, 1.0, 1.5, 2.0]) * ELECTRON_MASS, ELECTRON_MASS)
    >>> [f"{width:.2e}" for width in rate]
    ['1.64e-21', '1.25e-18', '1.14e-16', '0.00e+00']
    """
    citations.used("Pospelov:2008jk", "McDermott:2017qcg")
    width = np.zeros_like(mass)
    below = np.flatnonzero(mass < 2.0 * lepton_mass)
    m = mass[below]
    closeness = (1.0 - 0.5 * m / lepton_mass) * (1.0 + 0.5 * m / lepton_mass)
    root = np.polynomial.polynomial.polyval(np.sqrt(closeness), _THREE_PHOTONS)
    leading = 17.0 * ALPHA**3 / (2**7 * 3**6 * 5**3 * 4.0 * pi**4) * m * (m / lepton_mass) ** 8
    width[below] = leading / root**2
    return width
