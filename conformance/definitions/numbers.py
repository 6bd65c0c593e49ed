"""Exact arithmetic on what floating point gives."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def dtype(name: str) -> np.dtype[Any]:
    """Return the dtype of that name; `bfloat16` comes from ml_dtypes."""
    return np.dtype(ml_dtypes.bfloat16) if name == "bfloat16" else np.dtype(name)


def cast(array: Array, name: str) -> Array:
    """Cast as C does, silently: floats to integers truncate, wide floats round to nearest even."""
    if array.dtype.name == name:
        return array
    with np.errstate(all="ignore"):
        return array.astype(dtype(name))


def is_float(array: Array) -> bool:
    """Whether the dtype is a floating one (bfloat16 included)."""
    return array.dtype.kind == "f" or array.dtype.name == "bfloat16"


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


def total(values: Array, weights: Array | None) -> Fraction | float:
    """Return the exact sum of values times weights (NaN and infinities follow IEEE)."""
    if weights is None:
        if values.dtype != object:
            return Fraction(int(values.sum()))
        return sum(values.ravel().tolist(), Fraction(0))
    result: Fraction | float = Fraction(0)
    for value, weight in zip(values.ravel().tolist(), weights.ravel().tolist(), strict=True):
        result = add(result, multiply(exact(value), exact(weight)))
    return result


def multiply(a: Fraction | float, b: Fraction | float) -> Fraction | float:
    """Multiply exactly; with a NaN or an infinity as IEEE does."""
    if isinstance(a, float) or isinstance(b, float):
        return float(a) * float(b)
    return a * b


def add(a: Fraction | float, b: Fraction | float) -> Fraction | float:
    """Add exactly; with a NaN or an infinity as IEEE does."""
    if isinstance(a, float) or isinstance(b, float):
        return float(a) + float(b)
    return a + b


def divide(a: Fraction | float, b: Fraction | float) -> Fraction | float:
    """Divide exactly, `b` not zero; with a NaN or an infinity as IEEE does."""
    if isinstance(a, float) or isinstance(b, float):
        return float(a) / float(b)
    return a / b
