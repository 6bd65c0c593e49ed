"""From nested lists to NumPy arrays, without changing a number on the way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.cases.diagnostics import Path, Problem, show

_LOOKALIKES = {
    **dict.fromkeys(("nan", "NaN", "NAN"), ".nan"),
    **dict.fromkeys(("inf", "Inf", "Infinity", "infinity"), ".inf"),
    **dict.fromkeys(("-inf", "-Inf", "-Infinity", "-infinity"), "-.inf"),
    **dict.fromkeys(("yes", "Yes", "on", "On"), "true"),
    **dict.fromkeys(("no", "No", "off", "Off"), "false"),
}
_KINDS = {bool: "true or false", int: "numbers", float: "numbers", str: "text"}
_DTYPE_KINDS = {bool: "b", int: "iu", float: "f", str: "U"}


class DataError(ValueError):
    """Data that cannot become an array unchanged; `problem.path` leads from the data to the place."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.problem = Problem(path, message)


def to_array(data: Any, dtype: str | None = None) -> NDArray[Any]:
    """Return the array that nested lists, or a scalar, say.

    A float dtype rounds to nearest, which is what naming one is for (0.7 in float32), but never to
    infinity. An integer or bool dtype must hold each value exactly.

    Args:
        data: a bool, int, float or str, or lists of them nested to any depth.
        dtype: name of a NumPy or ml_dtypes dtype; None for what `numpy.asarray` infers.

    Returns:
        A read-only array of the shape of the lists.

    Raises:
        DataError: ragged lists, a mixture of text, numbers and truth values, something else than these, or
            a value that the dtype would change.
    """
    shape = shape_of(data)
    leaves = _leaves(data, len(shape))
    kind = _kind(leaves, shape)
    if dtype is None:
        array = _inferred(data, kind, leaves, shape)
    elif kind is str:
        raise DataError(f"text has no dtype {dtype}: remove the dtype, or write numbers")
    else:
        array = _converted(leaves, dtype, shape)
    array.flags.writeable = False
    return array


def shape_of(data: Any) -> tuple[int, ...]:
    """Return the shape of nested lists; `()` for anything that is not a list.

    Raises:
        DataError: ragged lists; its path leads to the first row whose length or depth differs.
    """
    if not isinstance(data, list):
        return ()
    first: tuple[int, ...] | None = None
    for index, row in enumerate(data):
        try:
            shape = shape_of(row)
        except DataError as error:
            raise DataError(error.problem.message, index, *error.problem.path) from None
        if first is None:
            first = shape
        elif shape != first:
            raise DataError(f"ragged: {_describe(shape)} where the first row has {_describe(first)}", index)
    return (len(data), *(first or ()))


def _describe(shape: tuple[int, ...]) -> str:
    if not shape:
        return "a single value"
    if len(shape) == 1:
        return f"{shape[0]} value" + ("s" if shape[0] != 1 else "")
    return f"shape {list(shape)}"


def _leaves(data: Any, dimensions: int) -> list[Any]:
    leaves = data if dimensions else [data]
    for _ in range(dimensions - 1):
        leaves = [item for row in leaves for item in row]
    return list(leaves)


def _kind(leaves: Sequence[Any], shape: tuple[int, ...]) -> type:
    """Return bool, str, int, or float where any leaf is one (float for no leaves at all, as NumPy does)."""
    types = {type(leaf) for leaf in leaves}
    if not types <= _KINDS.keys():
        place = _first(leaf for leaf in leaves if type(leaf) not in _KINDS)
        raise _error_at(leaves, shape, place, _not_data(place))
    if len({_KINDS[kind] for kind in types}) > 1:
        first = _KINDS[type(leaves[0])]
        odd = _first(leaf for leaf in leaves if _KINDS[type(leaf)] != first)
        raise _error_at(leaves, shape, odd, _mixed(odd, leaves[0]))
    if types == {int}:
        return int
    return float if types <= {int, float} else types.pop()


def _not_data(value: Any) -> str:
    if value is None:
        return "nothing is written here: write a value, or .nan for a missing one"
    return f"expected a number, text or true or false, got {show(value)}"


def _mixed(odd: Any, first: Any) -> str:
    message = f"{show(odd)} among {_KINDS[type(first)]}: one array holds one kind of values"
    text = odd if isinstance(odd, str) else first
    hint = f" (did you mean {_LOOKALIKES[text]}?)" if text in _LOOKALIKES else ""
    return message + hint


def _inferred(data: Any, kind: type, leaves: Sequence[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    for leaf in leaves:
        if type(leaf) is int and not -(2**63) <= leaf < 2**64:
            raise _error_at(leaves, shape, leaf, f"{leaf} overflows 64-bit integers")
        if kind is float and type(leaf) is int and int(float(leaf)) != leaf:
            message = f"{leaf} among floats would become {float(leaf)!r}: float64 cannot hold it"
            raise _error_at(leaves, shape, leaf, message)
        if kind is str and leaf.endswith("\0"):
            raise _error_at(leaves, shape, leaf, f"NumPy drops the NUL at the end of {show(leaf)}")
    array = np.asarray(data)
    if array.dtype.kind not in _DTYPE_KINDS[kind]:
        large = _first(leaf for leaf in leaves if leaf >= 2**63)
        message = f"{large} overflows int64, and with the other values NumPy makes {array.dtype} of it: "
        raise _error_at(leaves, shape, large, message + "name a dtype")
    return array


def _converted(leaves: Sequence[Any], dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
    target = _dtype(dtype)
    if target.kind in "biu":
        low, high = (0, 1) if target.kind == "b" else (np.iinfo(target).min, np.iinfo(target).max)
        for leaf in leaves:
            if not _is_whole(leaf) or not low <= leaf <= high:
                raise _error_at(leaves, shape, leaf, f"{show(leaf)} does not fit {dtype}")
        return np.asarray([int(leaf) for leaf in leaves], dtype=target).reshape(shape)
    for leaf in leaves:
        if type(leaf) is int and not -(2**63) <= leaf < 2**64:
            raise _error_at(leaves, shape, leaf, f"{leaf} overflows 64-bit integers")
    with np.errstate(all="ignore"):
        array = np.asarray(leaves, dtype=np.float64).astype(target)
    for leaf, value in zip(leaves, array.tolist(), strict=True):
        if math.isinf(value) and not math.isinf(leaf):
            raise _error_at(leaves, shape, leaf, f"{show(leaf)} overflows {dtype}: write .inf or -.inf")
    return array.reshape(shape)


def _is_whole(value: float) -> bool:
    return math.isfinite(value) and value == int(value) and not (value == 0 and math.copysign(1, value) < 0)


def _dtype(name: str) -> np.dtype[Any]:
    if name == "bfloat16":
        import ml_dtypes  # only here: few cases need it

        name = ml_dtypes.bfloat16
    return np.dtype(name)


def _first(values: Iterable[Any]) -> Any:
    return next(iter(values))


def _error_at(leaves: Sequence[Any], shape: tuple[int, ...], value: Any, message: str) -> DataError:
    flat = next(index for index, leaf in enumerate(leaves) if leaf is value)
    path: Path = ()
    for size in reversed(shape):
        flat, index = divmod(flat, size)
        path = (index, *path)
    return DataError(message, *path)
