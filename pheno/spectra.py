r"""Distributions of :math:`l N \to l N X` in the energy of the mediator and in the angles of mediator and lepton."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pheno import _core, citations, matter, methods, processes, units
from pheno.errors import DomainError, broadcast, choice, nonnegative, positive, within
from pheno.processes import Estimates, FloatArray, Request

if TYPE_CHECKING:
    from pheno.beams import Beam
    from pheno.form_factors import FormFactor
    from pheno.matter import Material
    from pheno.mediators import Mediator
    from pheno.methods import Method

__all__ = ["Spectrum", "on_nucleus", "spectrum"]

_METHODS: Final = ("etl", "ww", "ww_mass_cutoff", "iww")
_RTOL_RANGE: Final = (1e-8, 1e-1)


@dataclass(frozen=True, slots=True)
class Spectrum:
    """A distribution with what it cost; every field has the shape of all coordinates broadcast together.

    Parameters
    ----------
    value
        Differential cross section per atom, in ``unit``.
    error
        Estimate of its absolute error, in ``unit``. Honoured: below ``rtol`` times the value.
    evaluations
        Number of evaluations of the integrand.
    unit
        Unit of ``value`` and ``error``: the one asked for, per radian (``"pb/rad"``) where an angle is given.
    """

    value: float | FloatArray
    error: float | FloatArray
    evaluations: int | NDArray[np.int64]
    unit: str


def spectrum(
    mediator: str | Mediator,
    mass: ArrayLike,
    energy: ArrayLike,
    x: ArrayLike | None = None,
    *,
    theta: ArrayLike | None = None,
    psi: ArrayLike | None = None,
    beam: str | Beam = "e-",
    target: str | tuple[int, float] | Material = "Pb",
    coupling: float | None = None,
    epsilon: float | None = None,
    method: str | Method = "etl",
    form_factor: str | FormFactor = "tsai",
    x_min: float = 0.0,
    x_max: float = 1.0,
    rtol: float = 1e-4,
    unit: str = "pb",
    full_output: bool = False,
    threads: int | None = None,
) -> float | FloatArray | Spectrum:
    r"""Differential cross section per atom of :math:`l(p) N(P_i) \to l(p') N(P_f) X(k)`.

    With :math:`x = E_X/E`, the angle :math:`\theta` of the mediator and the angle :math:`\psi` of the recoiling lepton
    with the beam, all in the laboratory,

    .. math::

        \frac{d\sigma}{dx}, \qquad \frac{d^2\sigma}{dx\,d\theta}, \qquad \frac{d^2\sigma}{dx\,d\psi}, \qquad
        \frac{d\sigma}{d\theta} = \int_{x_\min}^{x_\max}\! dx\, \frac{d^2\sigma}{dx\,d\theta}, \qquad
        \frac{d\sigma}{d\psi} = \int_{x_\min}^{x_\max}\! dx\, \frac{d^2\sigma}{dx\,d\psi} ,

    whichever coordinates are given.

    Parameters
    ----------
    mediator
        ``"scalar"``, ``"pseudoscalar"``, ``"vector"``, ``"axial_vector"``, ``"tensor"`` or a
        :class:`~pheno.mediators.Mediator`.
    mass, energy
        Mediator mass and beam energy [GeV].
    x
        :math:`E_X/E`, 0 to 1; the distribution is integrated over the window unless given.
    theta, psi
        Angle of the mediator, angle of the lepton [rad], 0 to pi; at most one of the two. The distribution is
        integrated over all directions unless one is given. All coordinates are broadcast together.
    beam, target, coupling, epsilon, form_factor, threads
        As in :func:`pheno.cross_section`. A compound gives the mean over its atoms.
    method
        ``"etl"`` (exact tree level), ``"ww"``, ``"ww_mass_cutoff"`` or ``"iww"``.
    x_min, x_max
        Window in x.
    rtol
        Requested relative accuracy, 1e-8 to 0.1. The error estimate is below it or an exception is raised.
    unit
        ``"pb"``, ``"fb"``, ``"cm2"`` or ``"GeV^-2"``; per radian where an angle is given.
    full_output
        Return a :class:`Spectrum` with the error estimate and the cost.

    Returns
    -------
    float or ndarray or Spectrum
        In the shape of all coordinates broadcast together; exactly 0.0 outside the window, where kinematically
        closed, and for an angle of 0, where the solid angle vanishes. (``numpy.pi`` is 1.2e-16 short of pi.)

    Raises
    ------
    DomainError
        If an argument is not in its range, a name is unknown, neither x nor an angle is given or both angles are, or
        for the reasons of :func:`pheno.cross_section`.
    ConvergenceError
        If the requested accuracy was not reached somewhere.

    Notes
    -----
    Accuracy: the amplitudes hold to 1e-9 in every point of phase space (docs/accuracy), the integrals to ``rtol``.

    ``"ww"`` and its variants use small angles, :math:`\theta \ll 1`, and no cut on them. Their photon moves along the
    beam, so that the transverse momenta of lepton and mediator balance, :math:`(1-x)\,\psi = x\,\theta`.

    References
    ----------
    docs/physics/spectra.md. Liu & Miller 1705.01633, Secs. II and III; Bjorken et al. 0906.0580, App. A.

    Examples
    --------
    A dark photon of 100 MeV with epsilon = 1e-4 from 100 GeV electrons on lead: most of it carries almost all of the
    energy [pb], and goes forward [pb/rad].

    >>> spectrum("vector", 0.1, 100.0, [0.1, 0.5, 0.9], epsilon=1e-4).round(1).tolist()
    [2.4, 21.4, 132.1]
    >>> [f"{value:.3g}" for value in spectrum("vector", 0.1, 100.0, 0.9, theta=[1e-4, 1e-3, 1e-2], epsilon=1e-4)]
    ['2.44e+05', '2.42e+04', '1.08']
    """
    request = processes.make_request(
        mediator,
        beam=beam,
        method=_allowed(method),
        form_factor=form_factor,
        x_min=x_min,
        x_max=x_max,
        rtol=rtol,
        threads=threads,
        rtol_range=_RTOL_RANGE,
    )
    scale = processes.strength(coupling, epsilon) ** 2 * units.cross_section_unit(unit)
    material = matter.resolve(target)
    coordinates = {"mass": positive("mass", mass), "energy": positive("energy", energy), **_coordinates(x, theta, psi)}
    points = dict(zip(coordinates, broadcast(**coordinates), strict=True))
    shape = points["mass"].shape
    processes.require_no_pole(request, material, points["mass"])
    citations.used(*request.method.cites, *request.form_factor.cites)

    def one_atom(request: Request, Z: int, A: float, *columns: FloatArray) -> Estimates:
        return on_nucleus(request, Z, A, dict(zip(points, columns, strict=True)))

    value, error, evaluations = processes.sum_over_atoms(request, material, points, one_atom, with_cost=full_output)
    value *= scale
    if not full_output:
        return processes.in_shape(value, shape)
    error *= scale
    value, error, evaluations = (processes.in_shape(flat, shape) for flat in (value, error, evaluations))
    return Spectrum(value, error, evaluations, unit if theta is None and psi is None else f"{unit}/rad")


def _allowed(method: str | Method) -> Method:
    """Return the method, if it has distributions."""
    name = method.name if isinstance(method, methods.Method) else method
    return methods.resolve(choice("method", name, _METHODS))


def _coordinates(x: ArrayLike | None, theta: ArrayLike | None, psi: ArrayLike | None) -> dict[str, FloatArray]:
    """Check the coordinates that are given."""
    if theta is not None and psi is not None:
        msg = f"theta and psi must not both be given, got theta = {theta!r} and psi = {psi!r}"
        raise DomainError(msg)
    given = {} if x is None else {"x": within("x", x, 0.0, 1.0)}
    for name, angle in (("theta", theta), ("psi", psi)):
        if angle is not None:
            given[name] = within(name, nonnegative(name, angle), 0.0, np.pi)
    if not given:
        msg = "x, theta or psi must be given, got None for all of them"
        raise DomainError(msg)
    return given


def on_nucleus(request: Request, Z: int, A: float, points: dict[str, FloatArray]) -> Estimates:
    """Distribution on one nucleus at unit coupling [GeV^-2, per rad], as reached: nothing is raised.

    ``points`` has flat columns "mass" and "energy", and "x", "theta", "psi" as far as they are variables.
    """
    mass, energy = points["mass"], points["energy"]
    given = [name for name in ("x", "theta", "psi") if name in points]
    unused = np.zeros_like(mass)
    x = points.get("x", unused)
    angle = points.get("theta", points.get("psi", unused))
    variables = "_".join(given)

    def exact(rtol: float, *, physical: bool) -> Estimates:
        arguments = processes.exact_arguments(request, Z, A, rtol, physical=physical)
        return _core.etl_spectrum(mass, energy, x, angle, variables=variables, **arguments)

    if not request.mediator.universal:
        processes.require_no_artefact(request.mediator, exact, mass, energy)
    if request.method.kind == "exact":
        return exact(request.rtol, physical=True)
    arguments = processes.ww_arguments(request, Z, A)
    return _core.weizsaecker_williams_spectrum(mass, energy, x, angle, variables=variables, **arguments)
