r"""Electromagnetic form factors of atoms, by the name of their source.

Every cross section of this package sees the target through

.. math:: G_2(t) = Z^2 F^2(t) + Z\,f_\mathrm{inel}(t), \qquad t = -q^2 > 0 ,

and the names below say which published :math:`G_2` that is. Common symbols: screening
:math:`S(a,t) = a^2t/(1+a^2t)`, :math:`a = 111\,Z^{-1/3}/m_e`, :math:`d = 0.164\,A^{-2/3}` GeV^2,
:math:`\tau = t/(4 m_p^2)`, :math:`\mu_p = 2.79`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pheno import citations
from pheno.constants import ELECTRON_MASS
from pheno.errors import broadcast, choice, nonnegative, scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["DEFAULT", "FormFactor", "evaluate", "form_factors", "names", "photon_flux", "resolve"]

DEFAULT: Final = "tsai"


@dataclass(frozen=True, slots=True)
class FormFactor:
    """One published form factor.

    Parameters
    ----------
    name
        What the arguments called ``form_factor`` take.
    kind
        ``"elastic"`` (the nucleus stays whole), ``"elastic+inelastic"`` or ``"none"``.
    formula
        :math:`G_2(t)` in plain text.
    source
        Where it was published, with the equation.
    cites
        Keys of the bibliography.
    """

    name: str
    kind: str
    formula: str
    source: str
    cites: tuple[str, ...]


_INELASTIC: Final = "Z S(a',t)^2 [(1 + tau (mu_p^2 - 1)) / (1 + t/0.71 GeV^2)^4]^2"

#: In the order of pheno::FormFactorKind.
_FORMS: Final = (
    FormFactor(
        "tsai",
        "elastic",
        "Z^2 S(a,t)^2 (1 + t/d)^-2",
        "Kim & Tsai, Phys. Rev. D 8 (1973) 3109; Bjorken et al., 0906.0580, Eq. (A18)",
        ("Kim:1973he", "Bjorken:2009mm"),
    ),
    FormFactor(
        "tsai_inelastic_773",
        "elastic+inelastic",
        f"Z^2 S(a,t)^2 (1 + t/d)^-2 + {_INELASTIC}, a' = 773 Z^(-2/3)/m_e",
        "Bjorken et al., 0906.0580, Eqs. (A18) and (A19) as printed; what G4DarkBreM uses",
        ("Bjorken:2009mm",),
    ),
    FormFactor(
        "tsai_inelastic_724",
        "elastic+inelastic",
        f"Z^2 S(a,t)^2 (1 + t/d)^-2 + {_INELASTIC}, a = 184.15 e^(-1/2) Z^(-1/3)/m_e, a' = 1194 e^(-1/2) Z^(-2/3)/m_e",
        "the same forms with the radii of Tsai, Rev. Mod. Phys. 46 (1974) 815",
        ("Tsai:1973py", "Bjorken:2009mm"),
    ),
    FormFactor(
        "tsai_quasi_elastic",
        "elastic+inelastic",
        "Z^2 S(a,t)^2 (1 + t/d)^-2 + Z S(a',t)^2 (1 + tau mu_p^2)/(1 + tau) (1 + t/0.71 GeV^2)^-4, "
        "a' = 773 Z^(-2/3)/m_e",
        "quasi-elastic term of Tsai, Rev. Mod. Phys. 46 (1974) 815: free protons, dipole G_E = G_M/mu_p",
        ("Tsai:1973py",),
    ),
    FormFactor(
        "helm",
        "elastic",
        "Z^2 S(a,t)^2 [3 j1(z)/z]^2 exp(-s^2 t), z = sqrt(t) R, s = 0.9 fm, "
        "R^2 = c^2 + 7/3 pi^2 (0.52 fm)^2 - 5 s^2, c = (1.23 A^(1/3) - 0.60) fm",
        "Helm, Phys. Rev. 104 (1956) 1466; radii of Lewin & Smith, Astropart. Phys. 6 (1996) 87",
        ("Helm:1956zz", "Lewin:1995rx"),
    ),
    FormFactor(
        "exponential",
        "elastic",
        "Z^2 S(a,t)^2 exp(-t R^2/3), R = (0.91 (M/GeV)^(1/3) + 0.3) fm",
        "Ahlen et al., Phys. Lett. B 195 (1987) 603; Freese, Frieman & Gould, Phys. Rev. D 37 (1988) 3388",
        ("Ahlen:1987mn", "Freese:1987wu"),
    ),
    FormFactor(
        "point_like",
        "elastic",
        "Z^2 S(a,t)^2",
        "Schiff, Phys. Rev. 83 (1951) 252: atomic screening of a point charge",
        ("Schiff:1951zza",),
    ),
    FormFactor("none", "none", "Z^2", "bare point charge", ()),
)
_BY_NAME: Final = MappingProxyType({form.name: form for form in _FORMS})


def form_factors() -> Mapping[str, FormFactor]:
    """Return every form factor by name.

    Returns
    -------
    mapping of str to FormFactor
        Read-only.

    Examples
    --------
    >>> form_factors()["helm"].kind
    'elastic'
    """
    return _BY_NAME


def names() -> list[str]:
    """Return the names of the form factors, the default first.

    Returns
    -------
    list of str
        What the arguments called ``form_factor`` take.
    """
    return list(_BY_NAME)


def resolve(form_factor: str | FormFactor) -> FormFactor:
    """Return the form factor that a name stands for.

    Parameters
    ----------
    form_factor
        A name, or a :class:`FormFactor`, which is returned as it is.

    Returns
    -------
    FormFactor
        The entry of the registry.

    Raises
    ------
    DomainError
        If the name is unknown; the message has the nearest one.

    Examples
    --------
    >>> resolve("tsai").source[:10]
    'Kim & Tsai'
    """
    if isinstance(form_factor, FormFactor):
        return form_factor
    return _BY_NAME[choice("form_factor", form_factor, _BY_NAME)]


def _atom(Z: float, A: float) -> tuple[float, float]:
    return scalar("Z", Z, 1.0, 118.0), scalar("A", A, 1.0, 400.0)


def evaluate(form_factor: str | FormFactor, t: ArrayLike, *, Z: float, A: float) -> NDArray[np.float64]:
    r"""Evaluate :math:`G_2(t)` of one atom.

    Parameters
    ----------
    form_factor
        Name or entry of the registry.
    t
        :math:`-q^2 \ge 0` [GeV^2], any shape.
    Z, A
        Nuclear charge (1 to 118) and mass number (1 to 400).

    Returns
    -------
    ndarray
        :math:`G_2(t)` [1], of the shape of ``t``; accurate to rounding for 1e-20 < t < 1e4 GeV^2 (Helm beside
        its zeros: to rounding of the envelope).

    Raises
    ------
    DomainError
        If an argument is not a finite number in its range or the name is unknown.

    Examples
    --------
    >>> round(float(evaluate("tsai", 1e-3, Z=82, A=207)), 1)
    4567.1
    """
    from pheno import _core

    form = resolve(form_factor)
    citations.used(*form.cites)
    at = nonnegative("t", t)
    Z, A = _atom(Z, A)
    flat = _core.form_factor(at.ravel(), form_factor=form.name, Z=Z, A=A, electron_mass=ELECTRON_MASS)
    result: NDArray[np.float64] = flat.reshape(at.shape)
    return result


def photon_flux(
    form_factor: str | FormFactor, t_min: ArrayLike, t_max: ArrayLike, *, Z: float, A: float, rtol: float = 1e-10
) -> NDArray[np.float64]:
    r"""Flux of equivalent photons :math:`\chi = \int_{t_\min}^{t_\max} dt\,\frac{t-t_\min}{t^2}\,G_2(t)`.

    Parameters
    ----------
    form_factor
        Name or entry of the registry.
    t_min, t_max
        Limits [GeV^2], broadcast together.
    Z, A
        Nuclear charge (1 to 118) and mass number (1 to 400).
    rtol
        Requested relative accuracy of the forms without a closed expression.

    Returns
    -------
    ndarray
        :math:`\chi` [1]; exactly 0 unless 0 < t_min < t_max.

    Raises
    ------
    DomainError
        If an argument is not a finite number in its range or the name is unknown.

    Notes
    -----
    Source: Bjorken et al., 0906.0580, Eq. (A17).

    Examples
    --------
    >>> round(float(photon_flux("tsai", 1e-8, 1e4, Z=82, A=207)), 0)
    74088.0
    """
    from pheno import _core

    form = resolve(form_factor)
    citations.used("Bjorken:2009mm", *form.cites)
    low, high = broadcast(t_min=nonnegative("t_min", t_min), t_max=nonnegative("t_max", t_max))
    Z, A = _atom(Z, A)
    value = _core.photon_flux(
        low.ravel(),
        high.ravel(),
        form_factor=form.name,
        Z=Z,
        A=A,
        electron_mass=ELECTRON_MASS,
        rtol=scalar("rtol", rtol, 1e-13, 0.1),
        threads=1,
    )[0]
    result: NDArray[np.float64] = value.reshape(low.shape)
    return result
