r"""Theories over the five mediators: which fields couple, in which units, and the dark matter behind them.

A model is data: one card in ``pheno/cards/models``, or a card of the user's own by path. The mass and the coupling
of the mediator are not part of it: they are arguments, arrays as a rule, of the functions that take a model.

The field ``f`` couples to the mediator with ``charge(f)`` times the coupling :math:`g`, in the interactions of
:class:`~pheno.mediators.Mediator` and

===========  ================================================================================================
field        interaction, with :math:`q_f` the charge
===========  ================================================================================================
e, mu, tau   as of the mediator, times :math:`q_f`
nu_e, ...    :math:`q_f g V_\mu \bar\nu_L\gamma^\mu\nu_L`; tensor: energy-momentum tensor of :math:`\nu_L`
u, d, ...    :math:`q_f g V_\mu \bar q\gamma^\mu q` (vector only; u, d, s, c, b)
gamma        :math:`-\tfrac14 g q_f\phi F F` (scalar), :math:`-\tfrac14 g q_f a F\tilde F` (pseudoscalar), with g in
             GeV^-1; tensor: energy-momentum tensor of the photon
pi           tensor only: energy-momentum tensor of the pions
===========  ================================================================================================

Dark matter couples with :math:`g_D = \sqrt{4\pi\alpha_D}`, to the tensor with :math:`c_\chi g`:

==============  ===============================  ===============================  =================================
kind            vector                           axial vector                     scalar, pseudoscalar
==============  ===============================  ===============================  =================================
dirac           g_D V chibar gamma chi           g_D A chibar gamma gamma5 chi    g_D phi chibar (i gamma5) chi
majorana        g_D/2 V chibar gamma gamma5 chi  g_D/2 A chibar gamma gamma5 chi  g_D/2 phi chibar (i gamma5) chi
pseudo_dirac    i g_D V chi1bar gamma chi2       as majorana, chi1 and chi2       as majorana, chi1 and chi2
complex_scalar  i g_D V chi* (d - d<-) chi       i g_D A chi* (d - d<-) chi       2 g_D m_chi phi chi* chi (scalar)
vector          none                             none                             none
==============  ===============================  ===============================  =================================

Everything couples to the tensor by its energy-momentum tensor, vector dark matter to nothing else. The scalar gives a
complex scalar the same static potential as a fermion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from math import pi, sqrt
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import citations, mediators
from pheno.cards import Card, model_cards, open_card
from pheno.constants import ELEMENTARY_CHARGE
from pheno.errors import CardError, DomainError, choice, scalar, squarable
from pheno.mediators import Mediator

__all__ = ["Charges", "DarkMatter", "Model", "coupling_strength", "model", "names", "resolve"]

FloatArray = NDArray[np.float64]

#: Kind -> mediators it can couple to.
_KINDS: Final = {
    "complex_scalar": {"scalar", "vector", "axial_vector", "tensor"},
    "majorana": {"scalar", "pseudoscalar", "vector", "axial_vector", "tensor"},
    "dirac": {"scalar", "pseudoscalar", "vector", "axial_vector", "tensor"},
    "pseudo_dirac": {"scalar", "pseudoscalar", "vector", "axial_vector", "tensor"},
    "vector": {"tensor"},
}
_LEPTONS: Final = ("e", "mu", "tau")
_NEUTRINOS: Final = ("nu_e", "nu_mu", "nu_tau")
_QUARKS: Final = ("u", "d", "s", "c", "b")
#: Mediator -> fields that may be charged; photons of spin 0 only in units of GeV^-1.
_FIELDS: Final = {
    "scalar": _LEPTONS,
    "pseudoscalar": _LEPTONS,
    "vector": (*_LEPTONS, *_NEUTRINOS, *_QUARKS),
    "axial_vector": _LEPTONS,
    "tensor": (*_LEPTONS, *_NEUTRINOS, "gamma", "pi"),
}
#: Convention of the coupling -> mediators it is for, and its unit.
_CONVENTIONS: Final = {
    "epsilon": (("scalar", "pseudoscalar", "vector", "axial_vector"), "1"),
    "g": (("scalar", "pseudoscalar", "vector", "axial_vector"), "1"),
    "c/Lambda": (("tensor",), "GeV^-1"),
    "g_agammagamma": (("scalar", "pseudoscalar"), "GeV^-1"),
}
_DEFAULT_RATIO: Final = 3.0
_DEFAULT_ALPHA_D: Final = 0.1


@dataclass(frozen=True, slots=True, eq=True)
class Charges(Mapping[str, float]):
    """Charges of the fields of the Standard Model, in units of the coupling; a mapping from name to number.

    Parameters
    ----------
    e, mu, tau, nu_e, nu_mu, nu_tau, u, d, s, c, b, gamma, pi
        Charge of each field; 0 unless given.

    Raises
    ------
    DomainError
        If a charge is not a finite number.

    Examples
    --------
    >>> charges = Charges(mu=1, tau=-1)
    >>> charges["mu"], charges["e"], charges.charged()
    (1.0, 0.0, ('mu', 'tau'))
    """

    e: float = 0.0
    mu: float = 0.0
    tau: float = 0.0
    nu_e: float = 0.0
    nu_mu: float = 0.0
    nu_tau: float = 0.0
    u: float = 0.0
    d: float = 0.0
    s: float = 0.0
    c: float = 0.0
    b: float = 0.0
    gamma: float = 0.0
    pi: float = 0.0

    def __post_init__(self) -> None:
        for name in self:
            object.__setattr__(self, name, scalar(f"charge of {name}", getattr(self, name)))

    def __getitem__(self, name: str) -> float:
        if name not in self.__dataclass_fields__:
            raise KeyError(name)
        return float(getattr(self, name))

    def __iter__(self) -> Iterator[str]:
        return (field.name for field in fields(self))

    def __len__(self) -> int:
        return len(fields(self))

    def charged(self) -> tuple[str, ...]:
        """Return the names of the fields whose charge is not 0."""
        return tuple(name for name in self if self[name] != 0.0)


@dataclass(frozen=True, slots=True)
class DarkMatter:
    r"""Dark matter that a mediator couples to.

    Parameters
    ----------
    kind
        ``"complex_scalar"``, ``"majorana"``, ``"dirac"``, ``"pseudo_dirac"`` or ``"vector"`` (real, for spin 2 only).
    mass
        Mass of :math:`\chi` [GeV], of the lighter state for a pseudo-Dirac pair. Give this or ``ratio``.
    ratio
        Mass of the mediator over that of :math:`\chi`: a family of models; 3 unless ``mass`` is given.
    splitting
        :math:`\Delta = (m_2-m_1)/m_1` of a pseudo-Dirac pair; 0 for the others.

    Raises
    ------
    DomainError
        If the kind is unknown, mass and ratio are both given or not positive, or a splitting is negative or given to
        dark matter that has none.

    Examples
    --------
    >>> lighter, heavier = DarkMatter("pseudo_dirac", ratio=3.0, splitting=0.4).masses([0.3, 3.0])
    >>> heavier.round(6).tolist()
    [0.14, 1.4]
    """

    kind: str
    mass: float | None = None
    ratio: float | None = None
    splitting: float = 0.0

    def __post_init__(self) -> None:
        choice("dark_matter", self.kind, _KINDS)
        if self.mass is not None and self.ratio is not None:
            msg = f"mass and ratio of dark matter must not both be given, got {self.mass!r} and {self.ratio!r}"
            raise DomainError(msg)
        if self.mass is None:
            ratio = _DEFAULT_RATIO if self.ratio is None else self.ratio
            object.__setattr__(self, "ratio", _positive("ratio", ratio))
        else:
            object.__setattr__(self, "mass", _positive("mass of dark matter", self.mass))
        splitting = scalar("splitting", self.splitting)
        if splitting < 0.0 or (splitting > 0.0 and self.kind != "pseudo_dirac"):
            allowed = ">= 0" if self.kind == "pseudo_dirac" else f"0 for {self.kind} (only pseudo_dirac has one)"
            msg = f"splitting must be {allowed}, got {splitting:g}"
            raise DomainError(msg)
        object.__setattr__(self, "splitting", splitting)

    def masses(self, mediator_mass: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the masses of the lighter and the heavier state [GeV], equal unless split.

        Parameters
        ----------
        mediator_mass
            Mass of the mediator [GeV], an array.

        Returns
        -------
        tuple of ndarray
            Both in the shape of ``mediator_mass``.
        """
        mediator_mass = np.asarray(mediator_mass, dtype=np.float64)
        lighter = mediator_mass / self.ratio if self.ratio else np.full_like(mediator_mass, self.mass)
        return lighter, lighter * (1.0 + self.splitting)


def _positive(name: str, value: float) -> float:
    number = scalar(name, value)
    if number <= 0.0:
        msg = f"{name} must be finite and > 0, got {number:g}"
        raise DomainError(msg)
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    r"""A mediator with what it couples to, less its mass and its coupling.

    Parameters
    ----------
    name
        Short name, as of its card.
    mediator
        Kind of the mediator; of the tensor, its shares agree with the charges of leptons and photon.
    charges
        What couples, in units of the coupling.
    convention
        How the coupling is quoted: ``"epsilon"`` (:math:`g = \epsilon e`), ``"g"``, ``"c/Lambda"`` [GeV^-1], or
        ``"g_agammagamma"`` [GeV^-1], for spin 0 that couples to photons only.
    mixing
        Whether the loops of the charged leptons that have a charge mix the mediator with the photon: fields without
        a charge then couple to it with their electric charge [He:1991qd].
    dark_matter
        What the mediator decays to invisibly, if anything.
    alpha_D
        :math:`g_D^2/4\pi` of the coupling to dark matter, for spin 0 and 1.
    c_chi
        For the tensor: coupling to dark matter in units of its coupling :math:`c/\Lambda`.
    nominal_mass
        Mass that the model was made for [GeV], if there is one (X17). No function uses it by itself.
    title, notes, cites
        What it is, what is to be known, and the publications (keys of :func:`pheno.cite`).

    Raises
    ------
    DomainError
        If the parts do not fit together: a field that cannot couple, an unknown convention, dark matter that cannot
        couple to the mediator, a coupling that is not positive.

    Examples
    --------
    >>> muonic = model("lmu_minus_ltau", dark_matter="dirac", ratio=3.0, alpha_D=0.5)
    >>> muonic.charges["tau"], muonic.dark_matter.kind
    (-1.0, 'dirac')
    """

    name: str
    mediator: Mediator
    charges: Charges
    convention: str = "g"
    mixing: bool = False
    dark_matter: DarkMatter | None = None
    alpha_D: float = _DEFAULT_ALPHA_D
    c_chi: float = 1.0
    nominal_mass: float | None = None
    title: str = ""
    notes: str = ""
    cites: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        kind = self.mediator.name
        choice("convention", self.convention, _CONVENTIONS)
        allowed, _ = _CONVENTIONS[self.convention]
        if kind not in allowed:
            msg = f"convention {self.convention!r} is for {' and '.join(allowed)}, got the mediator {kind!r}"
            raise DomainError(msg)
        self._check_charges()
        if self.mixing and kind != "vector":
            msg = f"mixing with the photon is for the vector, got the mediator {kind!r}"
            raise DomainError(msg)
        if self.dark_matter is not None and kind not in _KINDS[self.dark_matter.kind]:
            can = ", ".join(name for name, with_ in _KINDS.items() if kind in with_)
            msg = f"dark_matter must be one of {can} for a {kind} mediator, got {self.dark_matter.kind!r}"
            raise DomainError(msg)
        object.__setattr__(self, "alpha_D", _positive("alpha_D", self.alpha_D))
        object.__setattr__(self, "c_chi", scalar("c_chi", self.c_chi))
        if self.nominal_mass is not None:
            object.__setattr__(self, "nominal_mass", _positive("nominal_mass", self.nominal_mass))

    def _check_charges(self) -> None:
        photonic = self.convention == "g_agammagamma"
        allowed = ("gamma",) if photonic else _FIELDS[self.mediator.name]
        for field in self.charges.charged():
            if field not in allowed:
                what = f"{self.mediator.name} with convention {self.convention!r}"
                msg = f"charge of {field} must be 0 for a {what}: it couples to {', '.join(allowed)}"
                raise DomainError(msg)
        if self.mediator.name == "tensor":
            shares = {"c_gamma": ("gamma",), "c_l": _LEPTONS}
            for share, coupled in shares.items():
                for field in coupled:
                    # A share of 0 with a charged field, or the reverse, would be two theories in one object.
                    if self.charges[field] not in (getattr(self.mediator, share), 0.0):
                        msg = f"charge of {field} must be 0 or the mediator's {share}, got {self.charges[field]:g}"
                        raise DomainError(msg)

    @property
    def coupling_unit(self) -> str:
        """Unit of the coupling: ``"1"`` or ``"GeV^-1"``."""
        return _CONVENTIONS[self.convention][1]

    @property
    def dark_coupling(self) -> float:
        r"""Coupling to dark matter of spin 0 and 1, :math:`g_D = \sqrt{4\pi\alpha_D}`."""
        return sqrt(4.0 * pi * self.alpha_D)


def names() -> list[str]:
    """Return the names of the models that ship with pheno.

    Returns
    -------
    list of str
        In alphabetical order.

    Examples
    --------
    >>> "dark_photon" in names()
    True
    """
    return sorted(model_cards())


def model(
    name: str | Path,
    *,
    dark_matter: str | DarkMatter | None = None,
    dark_matter_mass: float | None = None,
    ratio: float | None = None,
    splitting: float | None = None,
    alpha_D: float | None = None,
    c_chi: float | None = None,
) -> Model:
    """Make a model from a card, with dark matter of one's choice.

    Parameters
    ----------
    name
        Name of a card of pheno (see :func:`pheno.models.names`), or the path of a card of one's own, ending in
        ``.toml``.
    dark_matter
        Kind of dark matter, or a :class:`DarkMatter`; that of the card unless given.
    dark_matter_mass, ratio, splitting
        As ``mass``, ``ratio`` and ``splitting`` of :class:`DarkMatter`; they need a kind.
    alpha_D, c_chi
        Coupling to dark matter; 0.1 and 1 unless the card or the call says otherwise.

    Returns
    -------
    Model
        The model.

    Raises
    ------
    DomainError
        If the name is unknown, or the parts do not fit together.
    CardError
        If the card cannot be read.

    Examples
    --------
    >>> model("dark_photon", dark_matter="complex_scalar", ratio=3, alpha_D=0.5).dark_matter.ratio
    3.0
    """
    found = _read(name) if _is_path(name) else _shipped(choice("model", name, names()))
    matter = found.dark_matter if dark_matter is None else dark_matter
    of_matter = {"mass": dark_matter_mass, "ratio": ratio, "splitting": splitting}
    given = {key: value for key, value in of_matter.items() if value is not None}
    if given and not isinstance(matter, str):
        what = "is part of the DarkMatter that is given" if matter is not None else "needs dark_matter"
        msg = f"{'dark_matter_mass' if 'mass' in given else next(iter(given))} {what}"
        raise DomainError(msg)
    if isinstance(matter, str):
        matter = DarkMatter(matter, **given)
    couplings = {"alpha_D": alpha_D, "c_chi": c_chi}
    changed = {key: value for key, value in couplings.items() if value is not None}
    return replace(found, dark_matter=matter, **changed)  # type: ignore[arg-type]  # both are floats


def resolve(model: str | Path | Model) -> Model:
    """Return the model that a name, a path or a model stands for.

    Parameters
    ----------
    model
        Name or path of a card, or a :class:`Model`, which is returned as it is.

    Returns
    -------
    Model
        The model.

    Raises
    ------
    DomainError, CardError
        As :func:`model`.

    Examples
    --------
    >>> resolve("b_minus_l").mediator.name
    'vector'
    """
    if isinstance(model, Model):
        citations.used(*(key for key in model.cites if key in citations.bibliography()))
        return model
    found = _read(model) if _is_path(model) else _shipped(choice("model", model, names()))
    return resolve(found)


def coupling_strength(model: Model, coupling: ArrayLike | None = None, epsilon: ArrayLike | None = None) -> FloatArray:
    r"""Coupling of a model in its unit from what the caller gave: ``coupling``, or ``epsilon`` e; 1 if neither.

    Parameters
    ----------
    model
        Whose coupling.
    coupling
        :math:`g`, :math:`c/\Lambda` [GeV^-1] or :math:`g_{a\gamma\gamma}` [GeV^-1], any shape.
    epsilon
        The same in units of the elementary charge; not for a coupling with a dimension.

    Returns
    -------
    ndarray
        The coupling, in the shape of what was given.

    Raises
    ------
    DomainError
        If both are given, one is not finite, or ``epsilon`` is given where the coupling has a dimension.

    Examples
    --------
    >>> float(coupling_strength(resolve("dark_photon"), epsilon=1e-3).round(10))
    0.0003028221
    """
    if coupling is not None and epsilon is not None:
        msg = f"coupling and epsilon must not both be given, got coupling = {coupling!r} and epsilon = {epsilon!r}"
        raise DomainError(msg)
    if epsilon is not None:
        if model.coupling_unit != "1":
            msg = f"epsilon must not be given for the model {model.name!r}, whose coupling is in {model.coupling_unit}"
            raise DomainError(msg)
        return squarable("epsilon", epsilon) * ELEMENTARY_CHARGE
    return squarable("coupling", 1.0 if coupling is None else coupling)


def _is_path(name: object) -> bool:
    return isinstance(name, Path) or (isinstance(name, str) and name.endswith(".toml"))


@cache
def _shipped(name: str) -> Model:
    return _read(model_cards()[name])


def _read(path: str | Path | object) -> Model:
    """Model of one card; whatever does not fit together is an error of the card."""
    path = Path(str(path))
    with open_card(path) as card:
        if card.integer("schema") != 1:
            msg = f"{card.where('schema')}: must be 1"
            raise CardError(msg)
        try:
            return _from_card(card, path.stem)
        except DomainError as error:
            msg = f"{card.where()}: {error}"
            raise CardError(msg) from None


def _from_card(card: Card, name: str) -> Model:
    kind = card.text("mediator")
    shares: dict[str, float] = {}
    if "shares" in card:
        table = card.table("shares")
        shares = {key: table.number(key) for key in ("c_l", "c_gamma", "c_N")}
    table = card.table("charges")
    charges = {field.name: table.fraction(field.name, 0.0) for field in fields(Charges)}
    optional: dict[str, float] = {}
    if "nominal_mass" in card:
        optional["nominal_mass"] = card.quantity("nominal_mass", "energy")
    return Model(
        name=name,
        mediator=Mediator(choice("mediator", kind, mediators.names()), **shares),
        charges=Charges(**charges),
        convention=card.text("convention"),
        mixing=card.flag("mixing", default=False),
        title=card.text("title"),
        notes=card.text("notes"),
        cites=card.texts("source"),
        **optional,  # type: ignore[arg-type]  # one float
    )
