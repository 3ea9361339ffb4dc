r"""Methods of computing a production cross section, by name.

``"etl"`` is the exact tree level. Everything else is an approximation that the literature or a simulator uses,
kept here so that a user sees what it gets wrong: docs/physics/methods.md has the formulae and the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pheno.errors import DomainError, choice

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT", "Method", "methods", "names", "require", "resolve"]

DEFAULT: Final = "etl"


@dataclass(frozen=True, slots=True)
class Method:
    """One way of computing a cross section.

    Parameters
    ----------
    name
        What the arguments called ``method`` take.
    kind
        ``"exact"``, ``"weizsaecker_williams"`` or ``"simulator"`` (somebody else's constants and cuts).
    definition
        One paragraph that says exactly what is computed.
    source
        Publication with the equation, or repository, path and version.
    mediators, beams
        What it exists for.
    any_form_factor
        Whether the form factor can be chosen; if not, the definition names it.
    window
        Whether it can be restricted to a window in x.
    cites
        Keys of the bibliography.
    """

    name: str
    kind: str
    definition: str
    source: str
    mediators: tuple[str, ...]
    beams: tuple[str, ...]
    any_form_factor: bool
    window: bool
    cites: tuple[str, ...]


_ALL: Final = ("scalar", "pseudoscalar", "vector", "axial_vector", "tensor")
_SPIN_0_1: Final = _ALL[:4]
_ELECTRONS: Final = ("e-", "e+")
_MUONS: Final = ("mu-", "mu+")
_LEPTONS: Final = _ELECTRONS + _MUONS

_WW_SOURCE: Final = (
    "Kim & Tsai, Phys. Rev. D 8 (1973) 3109; Bjorken et al., 0906.0580, App. A; Liu, McKeen & Miller, 1609.06781; "
    "Liu & Miller, 1705.01633"
)
_WW_CITES: Final = ("Kim:1973he", "Bjorken:2009mm", "Liu:2016mqv", "Liu:2017htz")
_WW: Final = (
    "d sigma/dx dU = (alpha chi/pi) beta_k/(2(1-x)) d sigma(l gamma -> l X)/d(p.k) with U = x E^2 theta^2 + "
    "m_X^2 (1-x)/x + m_l^2 x and m_X/E < x < 1 - m_l/E; no cut on the angle, U ends where t_min = [U/(2E(1-x))]^2 "
    "reaches {end}. The flux is chi({low}, {high}). The 2->2 amplitude is that of a real photon, with the lepton mass "
    "kept everywhere. Emission from the nucleus and its recoil are absent."
)
_DMG4: Final = "PKMuon/DMG4: src/DarkMatter/"
_G4DB: Final = "LDMX-Software/G4DarkBreM: src/G4DarkBreM/G4DarkBreMModel.cxx at 0ad47b9c"
_G4DB_COMMON: Final = (
    "alpha = 1/137, 3.894e8 pb GeV^2, elastic + inelastic flux (tsai_inelastic_773 with m_e = 0.000511 GeV), "
    "m_X/E < x < 1 - max(m_l, m_X)/E, exactly 0 for a kinetic energy below 2 m_X. The upper end of x cuts off most of "
    "the spectrum of an electron."
)

_METHODS: Final = (
    Method(
        "etl",
        "exact",
        "The 2->3 process at tree level with one photon exchanged, a spin-0 nucleus of mass A u, exact kinematics and "
        "all of phase space. The tensor includes emission from lepton, photon and nucleus, so that its source is "
        "conserved.",
        "this package: amplitudes in cpp/generated, their derivation in tools/derive",
        _ALL,
        _LEPTONS,
        True,
        True,
        ("Liu:2016mqv", "Liu:2017htz"),
    ),
    Method(
        "ww",
        "weizsaecker_williams",
        _WW.format(end="E^2", low="t_min(x, theta)", high="E^2"),
        _WW_SOURCE + "; t_max = E^2 as in Kirpichnikov et al., 2107.13297",
        _ALL,
        _LEPTONS,
        True,
        True,
        (*_WW_CITES, "Kirpichnikov:2021jev"),
    ),
    Method(
        "ww_mass_cutoff",
        "weizsaecker_williams",
        _WW.format(end="m_X^2 + m_l^2", low="t_min(x, theta)", high="m_X^2 + m_l^2"),
        _WW_SOURCE,
        _ALL,
        _LEPTONS,
        True,
        True,
        _WW_CITES,
    ),
    Method(
        "iww",
        "weizsaecker_williams",
        _WW.format(end="E^2", low="m_X^4/(4E^2)", high="m_X^2 + m_l^2")
        + " This flux is a constant in front of the integral (improved Weizsaecker-Williams).",
        _WW_SOURCE + "; Bjorken et al. have t_max = m_X^2, the same thing for m_X >> m_l",
        _ALL,
        _LEPTONS,
        True,
        True,
        _WW_CITES,
    ),
    Method(
        "dmg4_iww",
        "simulator",
        "sigma = n alpha^3 epsilon^2 chi beta ln(1/delta^2)/m_X^2 with n = 4/3 (vector, axial vector) or 2/3 (scalar, "
        "pseudoscalar), chi(m_X^4/(4E^2), m_X^2) of the elastic tsai form, beta = (1 - m_X^2/E^2)^(1/2), delta = "
        "max(m_e/m_X, m_X/E), alpha = 1/137 and 3.894e8 pb GeV^2. DMG4 divides it by a K-factor tabulated for lead at "
        "20-160 GeV, and does not use it at or below 1 MeV. Exactly 0 below E = m_X (1 + m_e/A + 2 m_X/A) and for "
        "m_X < m_e, where the logarithm is negative.",
        f"{_DMG4}{{DarkPhotons,DarkScalars,DarkPseudoScalars,DarkAxials}}.cc at 013cc350; Bondi et al., 2101.12192",
        _SPIN_0_1,
        _ELECTRONS,
        False,
        False,
        ("Bondi:2021nfp",),
    ),
    Method(
        "dmg4_ww",
        "simulator",
        "As ww with the elastic tsai form, but theta < 0.3 with sin(theta) kept, 1 - x > m_mu/E + m_X^4/(8 E^3 A), "
        "exactly 0 below E = 2 m_X, alpha = 1/137 and 3.894e8 pb GeV^2 (muons). The tensor (electrons): theta < 0.1, "
        "the flux to t = infinity wherever t_min < 100 GeV^2, the amplitude of a massless lepton, and epsilon stands "
        "for c/Lambda in GeV^-1. The value of DMG4's integral; DMG4 itself samples it with 5e6 Monte Carlo calls.",
        f"{_DMG4}DarkZ.cc at adb6b9b0, DarkMuPhilic{{Scalars,PseudoScalars}}.cc, DarkMassSpin2.cc at bfed313f; "
        "Kirpichnikov et al., 2107.13297; Voronchikhin & Kirpichnikov, 2210.00751",
        ("scalar", "pseudoscalar", "vector", "tensor"),
        _LEPTONS,
        False,
        True,
        ("Bondi:2021nfp", "Kirpichnikov:2021jev", "Voronchikhin:2022rwc"),
    ),
    Method(
        "g4darkbrem_full",
        "simulator",
        f"As ww with theta < 0.3 and sin(theta) kept. {_G4DB_COMMON}",
        f"{_G4DB}; Eichlersmith et al., 2211.03873",
        ("vector",),
        _LEPTONS,
        False,
        True,
        ("Eichlersmith:2022bit",),
    ),
    Method(
        "g4darkbrem_improved",
        "simulator",
        "4 alpha^3 epsilon^2 beta int dx chi(t_min(x, 0), E^2) (1 - x + x^2/3)/(m_X^2 (1-x)/x + m_l^2), with beta that "
        f"of x = 1; Bjorken et al. have m_l^2 x in the denominator. {_G4DB_COMMON}",
        f"{_G4DB}; Eichlersmith et al., 2211.03873",
        ("vector",),
        _LEPTONS,
        False,
        True,
        ("Eichlersmith:2022bit", "Bjorken:2009mm"),
    ),
    Method(
        "g4darkbrem_hyper_improved",
        "simulator",
        f"As g4darkbrem_improved with the constant flux chi(m_X^4/(4E^2), m_X^2 + m_l^2). {_G4DB_COMMON}",
        f"{_G4DB}; Eichlersmith et al., 2211.03873",
        ("vector",),
        _LEPTONS,
        False,
        True,
        ("Eichlersmith:2022bit", "Bjorken:2009mm"),
    ),
)
_BY_NAME: Final = MappingProxyType({method.name: method for method in _METHODS})


def methods() -> Mapping[str, Method]:
    """Return every method by name.

    Returns
    -------
    mapping of str to Method
        Read-only.

    Examples
    --------
    >>> methods()["g4darkbrem_full"].mediators
    ('vector',)
    """
    return _BY_NAME


def names() -> list[str]:
    """Return the names of the methods, the exact one first.

    Returns
    -------
    list of str
        What the arguments called ``method`` take.
    """
    return list(_BY_NAME)


def resolve(method: str | Method) -> Method:
    """Return the method that a name stands for.

    Parameters
    ----------
    method
        A name, or a :class:`Method`, which is returned as it is.

    Returns
    -------
    Method
        The entry of the registry.

    Raises
    ------
    DomainError
        If the name is unknown; the message has the nearest one.

    Examples
    --------
    >>> resolve("etl").kind
    'exact'
    """
    if isinstance(method, Method):
        return method
    return _BY_NAME[choice("method", method, _BY_NAME)]


def require(method: Method, *, mediator: str, beam: str, form_factor: str, window: bool) -> None:
    """Raise unless a method exists for what is asked of it.

    Parameters
    ----------
    method
        Entry of the registry.
    mediator, beam, form_factor
        Names; the form factor must be the default one where the method brings its own.
    window
        Whether a window in x narrower than [0, 1] is asked for.

    Raises
    ------
    DomainError
        If the method has no such mediator or beam, no choice of form factor, or no window.

    Examples
    --------
    >>> require(resolve("dmg4_iww"), mediator="tensor", beam="e-", form_factor="tsai", window=False)
    Traceback (most recent call last):
    ...
    pheno.errors.DomainError: mediator must be one of 'scalar', 'pseudoscalar', 'vector', 'axial_vector' for
    method 'dmg4_iww', got 'tensor'
    """
    for name, given, allowed in (("mediator", mediator, method.mediators), ("beam", beam, _beams(method, mediator))):
        if given not in allowed:
            listed = ", ".join(repr(entry) for entry in allowed)
            msg = f"{name} must be one of {listed} for method {method.name!r}, got {given!r}"
            raise DomainError(msg)
    if not method.any_form_factor and form_factor != "tsai":
        msg = f"form_factor cannot be chosen for method {method.name!r}, which brings its own, got {form_factor!r}"
        raise DomainError(msg)
    if window and not method.window:
        msg = f"x_min and x_max must be 0 and 1 for method {method.name!r}, a closed form of the total"
        raise DomainError(msg)


def _beams(method: Method, mediator: str) -> tuple[str, ...]:
    """Beams of a method; DMG4's two integrals have one lepton each."""
    if method.name != "dmg4_ww":
        return method.beams
    return _ELECTRONS if mediator == "tensor" else _MUONS
