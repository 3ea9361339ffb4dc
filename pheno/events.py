r"""Unweighted events of :math:`l N \to l N X`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

from pheno import _core, citations, matter, processes, units
from pheno.cross_sections import cross_section, threshold_energy
from pheno.errors import ConvergenceError, DomainError, positive, scalar, whole
from pheno.event_sample import EventSample

if TYPE_CHECKING:
    from pheno.beams import Beam
    from pheno.cross_sections import CrossSection
    from pheno.form_factors import FormFactor
    from pheno.matter import Material
    from pheno.mediators import Mediator
    from pheno.processes import FloatArray, Request

__all__ = ["sample"]

#: Largest share of the cross section that may lie above the envelope of the weights.
LARGEST_OVERWEIGHT: Final = 1e-4
#: Standard deviations by which the integral of the weights may miss the cross section: 1 in 1.7 million.
_SIGMAS: Final = 5.0
#: Points of a control of the core (SamplingOptions).
_CONTROL: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Nuclei:
    """The nuclei on which the reaction is open, with their contributions to the cross section [GeV^-2]."""

    Z: NDArray[np.int64]
    A: FloatArray
    value: FloatArray
    error: FloatArray
    per_atom: FloatArray  #: cross section of the nucleus by itself


def sample(
    mediator: str | Mediator,
    mass: float,
    energy: float,
    n: int,
    *,
    beam: str | Beam = "e-",
    target: str | tuple[int, float] | Material = "Pb",
    coupling: float | None = None,
    epsilon: float | None = None,
    form_factor: str | FormFactor = "tsai",
    x_min: float = 0.0,
    x_max: float = 1.0,
    unit: str = "pb",
    rtol: float = 1e-4,
    seed: int = 0,
    threads: int | None = None,
) -> EventSample:
    r"""Unweighted events of the exact process :math:`l(p) N(P_i) \to l(p') N(P_f) X(k)`.

    The density of the events is that of ``cross_section(method="etl")``,

    .. math::

        d\sigma = \frac{1}{4M|\mathbf p|}\, d\Phi_3\, \tfrac12 \textstyle\sum |\mathcal M|^2 ,
        \qquad x_\min < E_X/E < x_\max ,

    by rejection: nothing of the distribution is interpolated or approximated.

    Parameters
    ----------
    mediator
        ``"scalar"``, ``"pseudoscalar"``, ``"vector"``, ``"axial_vector"``, ``"tensor"`` or a
        :class:`~pheno.mediators.Mediator`.
    mass, energy
        Mediator mass and beam energy [GeV], one number each.
    n
        Number of events.
    beam
        ``"e-"``, ``"e+"``, ``"mu-"`` or ``"mu+"``.
    target
        Element symbol, name of a compound, ``(Z, A)`` or a :class:`~pheno.matter.Material`. The nucleus of an event
        on a compound is drawn by its share of the cross section.
    coupling
        :math:`g`, or :math:`c/\Lambda` [GeV^-1] for the tensor; 1 unless given.
    epsilon
        The same in units of the elementary charge: coupling = ``epsilon`` e. Not both.
    form_factor
        Electromagnetic form factor by the name of its source. Forms with an inelastic part weight t with it; the
        nucleus stays whole in the momenta.
    x_min, x_max
        Window in :math:`x = E_X/E`.
    unit
        Of the cross section: ``"pb"``, ``"fb"``, ``"cm2"`` or ``"GeV^-2"``.
    rtol
        Requested relative accuracy of the cross section, 1e-9 to 0.1.
    seed
        Whole number from 0 to 2^64 - 1. The same seed gives the same events, for any number of threads, and the
        first events of a longer sample are those of a shorter one.
    threads
        Number of threads; all available cores unless given.

    Returns
    -------
    EventSample
        Four-momenta, shape (n, 4), with the cross section and its error in ``unit``.

    Raises
    ------
    DomainError
        If an argument is not in its range, a name is unknown, ``coupling`` and ``epsilon`` are both given, the
        mediator is too heavy for the beam, the window is closed, or a tensor is refused as by :func:`cross_section`.
    ConvergenceError
        If the cross section did not reach ``rtol``, or more than 1e-4 of it lies above the envelope of the rejection
        after all refinements, or the integral of the weights misses it by more than five standard deviations.

    Notes
    -----
    Accuracy: of every event, momenta add up to the beam's and energies are on shell to 1e-12 of the beam energy. Of
    the distribution, ``overweight`` is the share of the cross section that is missing, below 1e-4, typically 2e-5.
    Method: docs/physics/events.md.

    References
    ----------
    Amplitudes and measure: docs/physics/etl.md. Cells: S. Jadach, Comput. Phys. Commun. 152 (2003) 55. Random
    numbers: Philox4x32-10, Salmon et al., SC11 (2011).

    Examples
    --------
    >>> events = sample("vector", 0.1, 100.0, 1000, beam="e-", target="Pb", epsilon=1e-4, seed=1)
    >>> len(events), events.p_mediator.shape
    (1000, (1000, 4))
    >>> round(events.cross_section, 1)
    103.7
    """
    count = whole("n", n, 1, 2**62)
    key = whole("seed", seed, 0, 2**64 - 1)
    m_X = float(positive("mass", scalar("mass", mass)))
    E = float(positive("energy", scalar("energy", energy)))
    request = processes.make_request(
        mediator, beam=beam, method="etl", form_factor=form_factor, x_min=x_min, x_max=x_max, rtol=rtol, threads=threads
    )
    strength = processes.strength(coupling, epsilon)
    scale = strength**2 * units.cross_section_unit(unit)
    material = matter.resolve(target)
    nuclei = _open_nuclei(request, material, m_X, E)
    total = float(nuclei.value.sum())
    shares, arguments = nuclei.value / total, _core_arguments(request, nuclei)
    try:
        made = _core.sample_events(count, mass=m_X, energy=E, shares=shares, seed=key, **arguments)
    except MemoryError:
        msg = f"n must be a number of events that fits into memory, got {count}"
        raise DomainError(msg) from None
    lepton, boson, nucleus, atom, controls, tally = made
    overweight = _checked(request, nuclei, controls, tally)
    citations.used("Jadach:2002kn", "Salmon:2011")
    return EventSample(
        mediator=request.mediator,
        mass=m_X,
        energy=E,
        beam=request.beam,
        target=material,
        cross_section=total * scale,
        error=float(nuclei.error.sum()) * scale,
        unit=unit,
        coupling=strength,
        x_min=request.x_min,
        x_max=request.x_max,
        seed=key,
        overweight=overweight,
        efficiency=tally[0] / tally[1],
        p_lepton=lepton,
        p_mediator=boson,
        p_nucleus=nucleus,
        Z=nuclei.Z[atom],
        A=nuclei.A[atom],
    )


def _open_nuclei(request: Request, material: Material, mass: float, energy: float) -> _Nuclei:
    """The nuclei with a cross section; DomainError if there is none."""
    rows = []
    for Z, A, fraction in material.atomic_fractions:
        computed = cross_section(
            request.mediator,
            mass,
            energy,
            beam=request.beam,
            target=(Z, A),
            form_factor=request.form_factor,
            x_min=request.x_min,
            x_max=request.x_max,
            rtol=request.rtol,
            unit="GeV^-2",
            threads=request.threads,
            full_output=True,
        )
        sigma = cast("CrossSection", computed)  # what full_output returns
        value, error = float(sigma.value), float(sigma.error)
        if value > 0.0:
            rows.append((Z, A, fraction * value, fraction * error, value))
    if not rows:
        _raise_closed(request, material, mass, energy)
    columns = list(zip(*rows, strict=True))
    numbers = (np.array(column, dtype=np.float64) for column in columns[1:])
    return _Nuclei(np.array(columns[0], dtype=np.int64), *numbers)


def _raise_closed(request: Request, material: Material, mass: float, energy: float) -> NoReturn:
    threshold = threshold_energy(mass, beam=request.beam, target=material)
    if energy <= threshold:
        msg = (
            f"mass must be smaller: {mass:g} GeV needs a beam of {threshold:.6g} GeV on {material.name}, "
            f"got {energy:g} GeV"
        )
        raise DomainError(msg)
    msg = (
        f"x_min and x_max must leave something open, got {request.x_min:g} < x < {request.x_max:g} with cross section "
        f"0 at mass = {mass:g} GeV, energy = {energy:g} GeV (m_X/E = {mass / energy:g}), "
        f"form factor {request.form_factor.name!r}"
    )
    raise DomainError(msg)


def _core_arguments(request: Request, nuclei: _Nuclei) -> dict[str, Any]:
    one = processes.exact_arguments(request, 0, 0.0, request.rtol, physical=True)
    shared = {name: value for name, value in one.items() if name not in {"nuclear_mass", "conserved_part_only", "rtol"}}
    masses = np.array([matter.nuclear_mass(A) for A in nuclei.A.tolist()])
    return {**shared, "Z": nuclei.Z.astype(np.float64), "A": nuclei.A, "nuclear_masses": masses}


def _checked(request: Request, nuclei: _Nuclei, controls: tuple[FloatArray, ...], tally: tuple[Any, ...]) -> float:
    """Share of the cross section above the envelope, by the controls and the events; ConvergenceError if too large."""
    integral, deviation, missing, efficiency, status = controls
    shares = nuclei.value / nuclei.value.sum()
    control = float(shares @ missing)
    if np.any(status != 0):
        msg = f"the envelope of the weights did not settle: {control:.1e} of the cross section lies above it"
        raise ConvergenceError(msg)
    apart = np.abs(integral - nuclei.per_atom) - request.rtol * nuclei.per_atom
    if np.any(apart > _SIGMAS * deviation):
        worst = int(np.argmax(apart / deviation))
        msg = (
            f"the weights of the events add up to {integral[worst]:.6g} +- {deviation[worst]:.1e} GeV^-2 on "
            f"Z = {nuclei.Z[worst]}, the cross section is {nuclei.per_atom[worst]:.6g}"
        )
        raise ConvergenceError(msg)
    accepted, _, excess, exhausted = tally
    if exhausted:
        msg = "an event was not found within the trials allowed"
        raise ConvergenceError(msg)
    # events that a control is worth
    worth = _CONTROL * float(shares @ efficiency)
    overweight = (control * worth + excess) / (worth + accepted)
    if overweight > LARGEST_OVERWEIGHT:
        msg = f"{overweight:.1e} of the cross section lies above the envelope of the weights"
        raise ConvergenceError(msg)
    return overweight
