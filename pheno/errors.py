"""The exceptions of pheno, and the checks that raise them.

Four outcomes are never confused. Nonsense input raises :class:`DomainError`, which names the
argument, the first offending value, how many there are, and what is allowed. A kinematically
closed reaction is exactly ``0.0``. An integral that did not converge raises
:class:`ConvergenceError`. NaN is never returned.

:func:`finite`, :func:`positive`, :func:`nonnegative` and :func:`within` check numbers. They take what the
caller calls its argument, which opens the message, and a number or an array of any shape; they return it as
float64 in its own shape, and raise :class:`DomainError` if an entry is no real number or not allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from numbers import Real
from operator import index
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "CardError",
    "ConvergenceError",
    "DomainError",
    "NotThermalError",
    "OutputError",
    "PhenoError",
    "TableError",
    "broadcast",
    "choice",
    "finite",
    "fits_memory",
    "nearest",
    "nonnegative",
    "positive",
    "scalar",
    "shown",
    "squarable",
    "whole",
    "within",
]

FloatArray: TypeAlias = NDArray[np.float64]

_LARGEST_SQUARABLE: Final = 1e100


class PhenoError(Exception):
    """Base class of every exception pheno raises on purpose."""


class DomainError(PhenoError, ValueError):
    """An argument lies outside the range in which the formula means anything."""


class ConvergenceError(PhenoError, ArithmeticError):
    """An integral did not reach the requested tolerance."""


class NotThermalError(PhenoError, ValueError):
    """Dark matter was never in equilibrium, or has nothing to annihilate to: it does not freeze out."""


class CardError(PhenoError, ValueError):
    """A data card is malformed."""


class TableError(PhenoError, ValueError):
    """A lookup table is malformed, damaged or does not cover what is asked of it."""


class OutputError(PhenoError, OSError):
    """A file cannot be written, or stands where it would be written."""


def _as_numbers(name: str, value: ArrayLike) -> FloatArray:
    """Return ``value`` as a float array, itself if it is one; refuse text, booleans, complex numbers, ragged lists."""
    try:
        array = np.asarray(value)
    except ValueError:
        msg = f"{name} must be a number or an array of numbers, got a ragged sequence {value!r}"
        raise DomainError(msg) from None
    if array.dtype.kind in "iuf":
        return array.astype(np.float64, copy=False)
    # Integers beyond 64 bits, fractions and decimals arrive as objects, and so does None, which numpy would turn
    # into NaN.
    if array.dtype.kind == "O":
        for entry in array.flat:
            if isinstance(entry, bool) or not isinstance(entry, Real):
                break
        else:
            try:
                return array.astype(np.float64)
            except OverflowError:
                msg = f"{name} must be finite, got an integer beyond the range of a double"
                raise DomainError(msg) from None
    else:
        entry = array.flat[0].item() if array.size else value
    msg = f"{name} must be a number or an array of numbers, got {entry!r} of type {type(entry).__name__}"
    raise DomainError(msg)


def shown(value: float) -> str:
    """Return the shortest text that reads back as this double: 0.1 as it was typed, -1 without a point.

    >>> shown(-0.1), shown(2.0)
    ('-0.1', '2')
    """
    return repr(float(value)).removesuffix(".0")


def _require(name: str, array: FloatArray, ok: NDArray[np.bool_], allowed: str) -> FloatArray:
    if not ok.all():
        count = f" ({np.count_nonzero(~ok)} of {array.size} values)" if array.size > 1 else ""
        msg = f"{name} must be {allowed}, got {shown(array[~ok].flat[0])}{count}"
        raise DomainError(msg)
    return array


def finite(name: str, value: ArrayLike) -> FloatArray:
    """Return ``value`` as a float array if every entry is finite.

    >>> float(finite("coupling", 2))
    2.0
    """
    array = _as_numbers(name, value)
    return _require(name, array, np.isfinite(array), "finite")


def positive(name: str, value: ArrayLike) -> FloatArray:
    """Return ``value`` as a float array if every entry is finite and above zero.

    >>> positive("mass", [0.1, -1.0, 0.0])
    Traceback (most recent call last):
    ...
    pheno.errors.DomainError: mass must be finite and > 0, got -1 (2 of 3 values)
    """
    array = _as_numbers(name, value)
    return _require(name, array, np.isfinite(array) & (array > 0.0), "finite and > 0")


def nonnegative(name: str, value: ArrayLike) -> FloatArray:
    """Return ``value`` as a float array if every entry is finite and not below zero.

    >>> float(nonnegative("width", 0))
    0.0
    """
    array = _as_numbers(name, value)
    return _require(name, array, np.isfinite(array) & (array >= 0.0), "finite and >= 0")


def within(name: str, value: ArrayLike, low: float, high: float) -> FloatArray:
    """Return ``value`` as a float array if every entry lies in the closed interval [low, high].

    >>> within("x_min", 1.5, 0, 1)
    Traceback (most recent call last):
    ...
    pheno.errors.DomainError: x_min must be between 0 and 1, got 1.5
    """
    array = _as_numbers(name, value)
    return _require(name, array, (array >= low) & (array <= high), f"between {low:g} and {high:g}")


def squarable(name: str, value: ArrayLike) -> FloatArray:
    """Return ``value`` as a float array if every entry is finite and its square far from the end of the doubles.

    >>> squarable("coupling", 1e200)
    Traceback (most recent call last):
    ...
    pheno.errors.DomainError: coupling must be between -1e+100 and 1e+100, got 1e+200
    """
    return within(name, finite(name, value), -_LARGEST_SQUARABLE, _LARGEST_SQUARABLE)


def scalar(name: str, value: ArrayLike, *limits: float) -> float:
    """Return ``value`` as one finite float.

    Parameters
    ----------
    name
        What the caller calls this argument: it opens the message.
    value
        One number.
    *limits
        Least and largest number allowed; any finite one unless given.

    Returns
    -------
    float
        The number.

    Raises
    ------
    DomainError
        If ``value`` is not one real, finite number, or is outside the limits.

    Examples
    --------
    >>> scalar("rtol", 1e-4, 1e-9, 0.1)
    0.0001
    """
    array = within(name, value, *limits) if limits else finite(name, value)
    if array.ndim:
        msg = f"{name} must be one number, got an array of shape {array.shape}"
        raise DomainError(msg)
    return float(array)


def whole(name: str, value: object, low: int, high: int) -> int:
    """Return ``value`` as an int if it is a whole number in a range.

    Parameters
    ----------
    name
        What the caller calls this argument: it opens the message.
    value
        What was given.
    low, high
        Smallest and largest allowed value.

    Returns
    -------
    int
        The number.

    Raises
    ------
    DomainError
        If ``value`` is a bool, no integer (floats are none, whole or not), or out of range.

    Examples
    --------
    >>> whole("n", 2.5, 1, 10)
    Traceback (most recent call last):
    ...
    pheno.errors.DomainError: n must be a whole number from 1 to 10, got 2.5
    """
    number = integer(value)
    if number is None or not low <= number <= high:
        msg = f"{name} must be a whole number from {low} to {high}, got {value!r}"
        raise DomainError(msg)
    return number


def integer(value: object) -> int | None:
    """Return the integer that a value is, None if it is none: floats are none, whole or not, and a bool is none."""
    if isinstance(value, bool | np.bool_) or not hasattr(value, "__index__"):
        return None
    return index(value)


def nearest(value: str, allowed: Iterable[str]) -> str:
    """Return the text ``"; did you mean 'name'?"`` for the nearest valid name, or nothing.

    Parameters
    ----------
    value
        What was given.
    allowed
        The valid names.

    Returns
    -------
    str
        A clause to end a message with, possibly empty. Case is ignored in the comparison.

    Examples
    --------
    >>> nearest("vectr", ["scalar", "vector"])
    "; did you mean 'vector'?"
    """
    by_folded = {name.casefold(): name for name in allowed}
    close = get_close_matches(value.casefold(), list(by_folded), n=1, cutoff=0.5)
    return f"; did you mean {by_folded[close[0]]!r}?" if close else ""


def choice(name: str, value: object, allowed: Iterable[str]) -> str:
    """Return ``value`` if it is one of the allowed names.

    Parameters
    ----------
    name
        What the caller calls this argument: it opens the message.
    value
        The name that was given.
    allowed
        The valid names, listed in the message in this order.

    Returns
    -------
    str
        The name.

    Raises
    ------
    DomainError
        If ``value`` is not a string, or not one of the names; the message has the nearest one.

    Examples
    --------
    >>> choice("unit", "Pb", ["pb", "fb"])
    Traceback (most recent call last):
    ...
    pheno.errors.DomainError: unit must be one of 'pb', 'fb', got 'Pb'; did you mean 'pb'?
    """
    names = list(allowed)
    if isinstance(value, str) and value in names:
        return value
    hint = nearest(value, names) if isinstance(value, str) else ""
    listed = ", ".join(repr(n) for n in names)
    msg = f"{name} must be one of {listed}, got {value!r}{hint}"
    raise DomainError(msg)


def broadcast(**arrays: FloatArray) -> tuple[FloatArray, ...]:
    """Broadcast named arrays together.

    Parameters
    ----------
    **arrays
        The arrays, by the names the caller gave their arguments.

    Returns
    -------
    tuple of ndarray
        Read-only views in the common shape, in the order given.

    Raises
    ------
    DomainError
        If the shapes do not broadcast, or broadcast to more than an array can hold; the message has all of them by
        name.

    Examples
    --------
    >>> mass, energy = broadcast(mass=np.ones((3, 1)), energy=np.ones(2))
    >>> mass.shape
    (3, 2)
    """
    try:
        return tuple(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        allowed = "have shapes that broadcast"
    raise _of_shapes(arrays, allowed)


@contextmanager
def fits_memory(**arrays: FloatArray) -> Iterator[None]:
    """Turn a lack of memory in the block into an error that names the arrays.

    Raises
    ------
    DomainError
        Instead of MemoryError.

    Examples
    --------
    >>> with fits_memory(mass=np.ones(3)):
    ...     raise MemoryError
    Traceback (most recent call last):
    ...
    pheno.errors.DomainError: mass must broadcast to what fits into memory: mass has shape (3,)
    """
    try:
        yield
    except MemoryError:
        allowed = "broadcast to what fits into memory"
    else:
        return
    raise _of_shapes(arrays, allowed)


def _of_shapes(arrays: Mapping[str, FloatArray], allowed: str) -> DomainError:
    shapes = ", ".join(f"{name} has shape {array.shape}" for name, array in arrays.items())
    return DomainError(f"{' and '.join(arrays)} must {allowed}: {shapes}")
