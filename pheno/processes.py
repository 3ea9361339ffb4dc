r"""What the cross sections of :math:`l N \to l N X` share.

A checked request, the arguments of the core, sums over the atoms of a target, and what is never silent.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from pheno import beams, form_factors, matter, mediators, methods
from pheno.constants import ALPHA, ELECTRON_MASS, ELEMENTARY_CHARGE
from pheno.errors import ConvergenceError, DomainError, fits_memory, scalar, shown, squarable

if TYPE_CHECKING:
    from pheno.beams import Beam
    from pheno.form_factors import FormFactor
    from pheno.matter import Material
    from pheno.mediators import Mediator
    from pheno.methods import Method

__all__ = [
    "ROUGH",
    "RTOL_RANGE",
    "Estimates",
    "FloatArray",
    "Request",
    "exact_arguments",
    "in_shape",
    "make_request",
    "require_converged",
    "require_no_artefact",
    "require_no_pole",
    "strength",
    "sum_over_atoms",
    "thread_count",
    "ww_arguments",
]

FloatArray = NDArray[np.float64]
#: (value, error, evaluations, status) of the core, flat.
Estimates = tuple[FloatArray, FloatArray, NDArray[np.int64], NDArray[np.uint8]]

RTOL_RANGE: Final = (1e-9, 1e-1)
#: Share of a non-universal tensor cross section that may come from the non-conserved part of its source.
_LARGEST_ARTEFACT: Final = 0.1
#: Accuracy that tells how much of a result is the artefact.
ROUGH: Final = 1e-2
#: Points per call of the core, which returns four numbers for each: a long scan holds them of one chunk only.
_CHUNK: Final = 2**16


@dataclass(frozen=True, slots=True)
class Request:
    """One checked call, less the points and the nucleus."""

    mediator: Mediator
    beam: Beam
    method: Method
    form_factor: FormFactor
    x_min: float
    x_max: float
    rtol: float
    threads: int


def make_request(
    mediator: str | Mediator,
    *,
    beam: str | Beam,
    method: str | Method,
    form_factor: str | FormFactor,
    x_min: float,
    x_max: float,
    rtol: float,
    threads: int | None,
    rtol_range: tuple[float, float] = RTOL_RANGE,
) -> Request:
    """Resolve names and check numbers; DomainError as in :func:`pheno.cross_section`."""
    kind = mediators.resolve(mediator)
    how = methods.resolve(method)
    form = form_factors.resolve(form_factor)
    lepton = beams.resolve(beam)
    low, high = _window(x_min, x_max)
    methods.require(how, mediator=kind.name, beam=lepton.name, form_factor=form.name, window=(low, high) != (0.0, 1.0))
    return Request(kind, lepton, how, form, low, high, scalar("rtol", rtol, *rtol_range), thread_count(threads))


def _window(x_min: float, x_max: float) -> tuple[float, float]:
    low = scalar("x_min", x_min, 0.0, 1.0)
    high = scalar("x_max", x_max, 0.0, 1.0)
    if low >= high:
        msg = f"x_min must be below x_max, got x_min = {low:g} and x_max = {high:g}"
        raise DomainError(msg)
    return low, high


def thread_count(threads: int | None) -> int:
    """Return how many threads to use: what was asked for, or all available cores."""
    if threads is None:
        available = getattr(os, "sched_getaffinity", None)
        return len(available(0)) if available else os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        msg = f"threads must be a whole number >= 1, got {threads!r}"
        raise DomainError(msg)
    return threads


def strength(coupling: float | None, epsilon: float | None) -> float:
    """Coupling that ``coupling`` or ``epsilon`` stands for; 1 unless given."""
    if coupling is not None and epsilon is not None:
        msg = f"coupling and epsilon must not both be given, got coupling = {coupling!r} and epsilon = {epsilon!r}"
        raise DomainError(msg)
    if epsilon is not None:
        return scalar("epsilon", squarable("epsilon", epsilon)) * ELEMENTARY_CHARGE
    return 1.0 if coupling is None else scalar("coupling", squarable("coupling", coupling))


def in_shape(flat: NDArray[Any], shape: tuple[int, ...]) -> Any:
    """Array of this shape, or its only entry as a Python number."""
    return flat.reshape(shape) if shape else flat[0].item()


def require_no_pole(request: Request, material: Material, mass: FloatArray) -> None:
    """Raise where a heavy tensor would be made by annihilation of the nucleus: M_N has a pole there."""
    # Weizsaecker-Williams with unequal couplings asks the exact result how large its artefact is.
    exact = request.method.kind == "exact" or not request.mediator.universal
    if request.mediator.name != "tensor" or not exact:
        return
    for Z, A, _ in material.atomic_fractions:
        bad = mass >= 2 * matter.nuclear_mass(A)
        if bad.any():
            msg = (
                f"mass must be below 2 M = {2 * matter.nuclear_mass(A):g} GeV for the tensor on (Z, A) = ({Z}, {A}), "
                f"got {mass[bad][0]:g}: above, the nucleus can annihilate into the mediator and M_N has a pole"
            )
            raise DomainError(msg)


def sum_over_atoms(
    request: Request,
    material: Material,
    points: dict[str, FloatArray],
    one_atom: Callable[..., Estimates],
    *,
    with_cost: bool,
) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    """Mean over the atoms at unit coupling [GeV^-2], flat; its error and the evaluations, empty unless asked for.

    Parameters
    ----------
    request, material
        What is asked for.
    points
        Coordinates by name, of equal shapes; the messages have them.
    one_atom
        ``(request, Z, A, *coordinates)`` -> estimates of the core on one nucleus.
    with_cost
        Whether error and evaluations are wanted.
    """
    size = next(iter(points.values())).size
    with fits_memory(**points):
        value = np.zeros(size)
        error = np.zeros(size if with_cost else 0)
        evaluations = np.zeros(error.size, dtype=np.int64)
    for start in range(0, size, _CHUNK):
        chunk = slice(start, start + _CHUNK)
        here = {name: column.flat[chunk] for name, column in points.items()}
        for Z, A, fraction in material.atomic_fractions:
            estimates = one_atom(request, Z, A, *here.values())
            require_converged(request, estimates, here, points_before=start)
            value[chunk] += fraction * estimates[0]
            if with_cost:
                error[chunk] += fraction * estimates[1]
                evaluations[chunk] += estimates[2]
    return value, error, evaluations


#: Units of the coordinates, for messages.
_UNITS: Final = {"mass": " GeV", "energy": " GeV", "theta": " rad", "psi": " rad"}


def require_converged(
    request: Request,
    estimates: Estimates,
    points: dict[str, FloatArray],
    *,
    loosest: float = 0.0,
    points_before: int = 0,
) -> None:
    """Raise ConvergenceError where ``rtol`` was missed, and the error is above the share ``loosest`` of the value."""
    value, error, _, status = estimates
    finite = np.where(np.isfinite(value), value, 0.0)
    failed = (status != 0) & ~((finite > 0.0) & (error <= loosest * finite))
    if not failed.any():
        return
    at = int(np.argmax(failed))
    reached = error[at] / value[at] if value[at] > 0.0 and np.isfinite(error[at]) else float("inf")
    where = ", ".join(f"{name} = {shown(column[at])}{_UNITS.get(name, '')}" for name, column in points.items())
    msg = (
        f"rtol = {request.rtol:g} was not reached at {where} "
        f"(estimate {reached:.1e}; {np.count_nonzero(failed)} of {points_before + failed.size} points)"
    )
    raise ConvergenceError(msg)


def exact_arguments(request: Request, Z: int, A: float, rtol: float, *, physical: bool) -> dict[str, Any]:
    """Arguments of the exact functions of the core; not ``physical``: without what does not conserve the source."""
    kind = request.mediator
    return {
        **_common_arguments(request, Z, A, rtol),
        "nuclear_mass": matter.nuclear_mass(A),
        "c_N": kind.c_N,
        "conserved_part_only": not physical,
    }


def ww_arguments(request: Request, Z: int, A: float) -> dict[str, Any]:
    """Arguments of the Weizsaecker-Williams functions of the core."""
    return {**_common_arguments(request, Z, A, request.rtol), "method": request.method.name}


def _common_arguments(request: Request, Z: int, A: float, rtol: float) -> dict[str, Any]:
    return {
        "mediator": request.mediator.name,
        "lepton_mass": request.beam.mass,
        "form_factor": request.form_factor.name,
        "Z": Z,
        "A": A,
        "electron_mass": ELECTRON_MASS,
        "alpha": ALPHA,
        "x_min": request.x_min,
        "x_max": request.x_max,
        "c_l": request.mediator.c_l,
        "c_gamma": request.mediator.c_gamma,
        "rtol": rtol,
        "threads": request.threads,
    }


def require_no_artefact(
    kind: Mediator, compute: Callable[..., Estimates], mass: FloatArray, energy: FloatArray
) -> None:
    """Raise where a tensor with unequal couplings is dominated by what does not conserve its source.

    ``compute(rtol, physical=...)`` gives the cross section, and without what does not conserve the source.
    """
    value, conserved = compute(ROUGH, physical=True)[0], compute(ROUGH, physical=False)[0]
    artefact = np.divide(value - conserved, value, out=np.zeros_like(value), where=value > 0.0)
    bad = artefact > _LARGEST_ARTEFACT
    if bad.any():
        at = int(np.argmax(bad))
        msg = (
            f"mass must be larger for a tensor with c_l, c_gamma, c_N = {kind.c_l:g}, {kind.c_gamma:g}, "
            f"{kind.c_N:g}, got {mass[at]:g} GeV at {energy[at]:g} GeV: {artefact[at]:.0%} of the cross section "
            f"is the 1/m_X^4 artefact of a source that is not conserved (at most {_LARGEST_ARTEFACT:.0%} allowed); "
            "equal couplings have none"
        )
        raise DomainError(msg)
