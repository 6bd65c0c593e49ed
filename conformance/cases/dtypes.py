"""Which dtype holds the values of a case without a change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters import derive
from conformance.adapters.derive import has_bfloat16
from conformance.cases import diagnostics
from conformance.cases.diagnostics import Problem, show

_LOOKALIKES = {
    **dict.fromkeys(("nan", "NaN", "NAN"), ".nan"),
    **dict.fromkeys(("inf", "Inf", "Infinity", "infinity"), ".inf"),
    **dict.fromkeys(("-inf", "-Inf", "-Infinity", "-infinity"), "-.inf"),
    **dict.fromkeys(("yes", "Yes", "on", "On"), "true"),
    **dict.fromkeys(("no", "No", "off", "Off"), "false"),
}
_KINDS = {bool: "true or false", int: "numbers", float: "numbers", str: "text"}


def dtype_of(leaves: Sequence[tuple[diagnostics.Path, Any]], name: str | None) -> np.dtype[Any]:
    """Return the dtype of an array, the named one or what NumPy infers.

    Args:
        leaves: path and value of each scalar.
        name: name of a dtype; None for the one that NumPy infers.

    Raises:
        Problem: values of several kinds, or one that the dtype does not hold.
    """
    values = [value for _, value in leaves]
    for path, value in leaves:
        if message := _not_data(value) or _mixed(value, values[0]):
            raise Problem(message, *path)
    text = bool(values) and isinstance(values[0], str)
    if text and name is not None:
        raise Problem(f"text has no dtype {name}: remove the dtype, or write numbers")
    # bfloat16 has the range of float32, with which a case can be checked where ml_dtypes is not installed.
    named = "float32" if name == "bfloat16" and not has_bfloat16() else name
    dtype = np.asarray(values).dtype if named is None else derive.dtype(named)
    integers = bool(values) and all(type(value) is int for value in values)
    for path, value in leaves:
        if type(value) is int and not -(2**63) <= value < 2**64:
            message = f"{value} overflows 64-bit integers"
        elif name is not None:
            message = _not_held(value, dtype)
        elif text:
            message = f"NumPy drops the NUL at the end of {show(value)}" if value.endswith("\0") else None
        elif integers and dtype.kind not in "iu" and value >= 2**63:
            message = (
                f"{value} overflows int64, and with the other values NumPy makes {dtype} of it: name a dtype"
            )
        elif not integers and type(value) is int and int(float(value)) != value:
            message = f"{value} among floats would become {float(value)!r}: float64 cannot hold it"
        else:
            message = None
        if message:
            raise Problem(message, *path)
    return dtype


def _not_data(value: Any) -> str | None:
    if value is None:
        return "nothing is written here: write a value, or .nan for a missing one"
    return None if type(value) in _KINDS else f"expected a number, text or true or false, got {show(value)}"


def _mixed(value: Any, first: Any) -> str | None:
    if _KINDS[type(value)] == _KINDS[type(first)]:
        return None
    text = value if isinstance(value, str) else first
    hint = f" (did you mean {_LOOKALIKES[text]}?)" if text in _LOOKALIKES else ""
    return f"{show(value)} among {_KINDS[type(first)]}: one array holds one kind of values{hint}"


def _not_held(value: float, dtype: np.dtype[Any]) -> str | None:
    """Say what a named dtype would change about a value beyond rounding it."""
    if dtype.kind in "biu":
        low, high = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
        return None if _is_whole(value) and low <= value <= high else f"{show(value)} does not fit {dtype}"
    # Whatever float16 holds, the others hold, too.
    if abs(value) <= 65504 or math.isinf(value) or not np.isinf(as_array(value, dtype)):
        return None
    return f"{show(value)} overflows {dtype}: write .inf or -.inf"


def as_array(values: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return a value, or nested lists of values that the dtype holds, as an array; floats are rounded from float64."""
    if dtype.kind in "biuU":
        return np.asarray(values, dtype)
    with np.errstate(all="ignore"):
        return np.asarray(values, np.float64).astype(dtype)


def _is_whole(value: float) -> bool:
    return math.isfinite(value) and value == int(value) and not (value == 0 and math.copysign(1, value) < 0)
