"""Exact arithmetic on what floating point gives."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.derive import dtype as dtype
from conformance.adapters.derive import is_float as is_float
from conformance.adapters.derive import name_of as name_of
from conformance.oracle.model import Incomposable

Array = NDArray[Any]


def cast(array: Array, name: str) -> Array:
    """Cast as C does, silently: floats to integers truncate, wide floats round to nearest even.

    Raises:
        Incomposable: strings that are no numbers.
    """
    # The name of a dtype is computed each time.
    if array.dtype == dtype(name) if array.dtype.kind != "U" else name_of(array.dtype) == name:
        return array
    with np.errstate(all="ignore"):
        try:
            return array.astype(dtype(name))
        except ValueError as error:
            raise Incomposable(str(error)) from None


def broadcast_shapes(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape that arrays of these shapes are broadcast to.

    Raises:
        Incomposable: they do not fit.
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError as error:
        raise Incomposable(str(error)) from None


def broadcast_to(array: Array, shape: tuple[int, ...]) -> Array:
    """Broadcast to a shape.

    Raises:
        Incomposable: the array does not fit it.
    """
    if array.shape == shape:
        return array
    try:
        return np.broadcast_to(array, shape)
    except ValueError as error:
        raise Incomposable(str(error)) from None


def without_subnormals(array: Array) -> Array:
    """Return the numbers with subnormal ones flushed to zero, keeping the sign, as threads that flush denormals do.

    float16 is computed in float32, where it has none.
    """
    if not is_float(array) or array.dtype == np.float16:
        return array
    wide = cast(array, "float64")
    subnormal = np.abs(wide) < float(tiny("float64" if array.dtype == np.float64 else "float32"))
    if not subnormal.any():
        return array
    return cast(np.where(subnormal, np.copysign(0.0, wide), wide), name_of(array.dtype))


@cache
def tiny(name: str) -> Fraction:
    """Return the smallest normal number of a floating dtype; that of bfloat16 is that of float32."""
    return Fraction(float(np.finfo("float32" if name == "bfloat16" else name).tiny))


def holds(name: str, number: float) -> bool:
    """Whether a floating dtype holds a number exactly."""
    return bool(float(cast(np.asarray(float(number)), name)) == number)


@cache
def largest_count(name: str) -> int:
    """Return the largest number up to which a floating dtype holds every integer."""
    bits = 7 if name == "bfloat16" else np.finfo(name).nmant
    return int(2 ** (bits + 1))


def is_text(array: Array) -> bool:
    """Whether the dtype is a string."""
    return array.dtype.kind in "US"


def is_whole(array: Array) -> bool:
    """Whether the dtype is bool or an integer."""
    return array.dtype.kind in "biu"


def exact(number: Any) -> Fraction | float:
    """Return the exact value of a number; NaN and infinities stay floats."""
    value = float(number) if not isinstance(number, (int, np.integer, Fraction)) else number
    if isinstance(value, float):
        return Fraction(value) if math.isfinite(value) else value
    return value if isinstance(value, Fraction) else Fraction(int(value))


def square_root(number: Fraction) -> Fraction:
    """Return the root of a number that is not negative, to 100 binary places more than a float64 has."""
    places = max(0, 160 - number.numerator.bit_length() + number.denominator.bit_length())
    return Fraction(math.isqrt((number.numerator << 2 * places) // number.denominator), 1 << places)


#: More different values than this are not made fractions one by one.
_MANY = 100
#: So many are added up at once, so that they stay in the cache of a processor.
_AT_ONCE = 1 << 15


def summed(values: Array) -> Fraction | float:
    """Add up exactly: integers at once, floats by how often each occurs, many by exponent, objects one by one."""
    if values.dtype.kind in "biu":
        return Fraction(int(values.sum(dtype=np.int64)))
    if values.dtype == object:
        return sum(map(exact, values.tolist()), Fraction(0))
    counted: Iterable[tuple[float, int]]
    if values.size <= _MANY:
        counted = Counter(values.ravel().tolist()).items()
    else:
        # Of many values the first show whether they are different.
        if len(np.unique(values.ravel()[: 10 * _MANY])) > _MANY and np.isfinite(values).all():
            return _by_exponent(cast(values, "float64").ravel())
        distinct, times = np.unique(values, return_counts=True)
        if len(distinct) > _MANY and np.isfinite(values).all():
            return _by_exponent(cast(values, "float64").ravel())
        counted = zip(distinct.tolist(), times.tolist(), strict=True)
    return sum((exact(value) * count for value, count in counted), Fraction(0))


def _by_exponent(values: Array) -> Fraction:
    sums: dict[int, int] = {}
    for start in range(0, len(values), _AT_ONCE):
        halves, exponents = np.frexp(values[start : start + _AT_ONCE])
        digits = np.ldexp(halves, 53).astype(np.int64)
        lowest = int(exponents.min())
        # In two parts, whose sums float64 holds exactly.
        high, low = (np.bincount(exponents - lowest, part) for part in (digits >> 27, digits & (2**27 - 1)))
        for place, parts in enumerate(zip(high.tolist(), low.tolist(), strict=True), lowest):
            sums[place] = sums.get(place, 0) + (int(parts[0]) << 27) + int(parts[1])
    least = min(sums)
    return sum(number << (place - least) for place, number in sums.items()) * Fraction(2) ** (least - 53)


def kept_in(name: str, number: Fraction | float) -> Fraction | float:
    """Round a sum as a variable of a floating dtype keeps it.

    Sums up to the largest count of the dtype stay exact: the roundings of their fractions are what the
    tolerance allows for.
    """
    if isinstance(number, float) or abs(number.numerator) <= largest_count(name) * number.denominator:
        return number
    return exact(cast(np.asarray(float(number)), name))
