"""Converts nested lists to NumPy arrays without changing a number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.cases.diagnostics import show
from conformance.cases.files import Stored, stored
from conformance.cases.notation import MOST_ELEMENTS, WHOLE, DataError, Part, expand, parse

_LOOKALIKES = {
    **dict.fromkeys(("nan", "NaN", "NAN"), ".nan"),
    **dict.fromkeys(("inf", "Inf", "Infinity", "infinity"), ".inf"),
    **dict.fromkeys(("-inf", "-Inf", "-Infinity", "-infinity"), "-.inf"),
    **dict.fromkeys(("yes", "Yes", "on", "On"), "true"),
    **dict.fromkeys(("no", "No", "off", "Off"), "false"),
}
_KINDS = {bool: "true or false", int: "numbers", float: "numbers", str: "text"}
_DTYPE_KINDS = {bool: "b", int: "iu", float: "f", str: "U"}


@dataclass(frozen=True, eq=False)
class Data:
    """Data of a case; the array is built only when it is needed.

    Attributes:
        shape: its shape.
        part: the data as written.
        values: the leaves of `part` in the dtype of the array, shape (L,).
    """

    shape: tuple[int, ...]
    part: Part
    values: NDArray[Any]

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Dtype of the array."""
        return self.values.dtype

    def reshaped(self, shape: tuple[int, ...]) -> Data:
        """Return the same data in another shape of the same size."""
        return replace(self, shape=shape)

    def array(self) -> NDArray[Any]:
        """Return the array, read-only; equal rows may share their memory."""
        array = expand(self.part, self.values).reshape(self.shape)
        array.flags.writeable = False
        return array


def data_of(written: Any, dtype: str | None = None, folder: Path | None = None) -> Data | Stored:
    """Parse nested lists, notations, a scalar or a file.

    A float dtype rounds to nearest, which is what naming one is for (0.7 in float32), but never to
    infinity. An integer or bool dtype must hold each value exactly.

    Args:
        written: a bool, int, float or str, or lists of them nested to any depth, any of which may be a
            mapping in one of the `NOTATIONS`; or `{file: NAME}`.
        dtype: name of a NumPy or ml_dtypes dtype; None for what `numpy.asarray` infers.
        folder: folder of the case file, for `{file: NAME}`.

    Raises:
        DataError: ragged lists, a mixture of text, numbers and truth values, something else than these, a
            value that the dtype would change, or too many elements; what `stored` raises.
    """
    if isinstance(written, dict) and WHOLE in written:
        if dtype is not None:
            raise DataError(f"a file has a dtype of its own: remove {dtype}, or save the array in it")
        return stored(written, folder)
    part = parse(written)
    leaves = part.leaves()
    kind = _kind(part, leaves)
    if dtype is None:
        values = _inferred(part, kind, leaves)
    elif kind is str:
        raise DataError(f"text has no dtype {dtype}: remove the dtype, or write numbers")
    else:
        values = _converted(part, leaves, dtype)
    data = Data(part.shape, part, values)
    if kind is str and data.size * values.itemsize > 4 * MOST_ELEMENTS:
        raise DataError(f"{data.size} texts as long as the longest have more than {MOST_ELEMENTS} characters")
    return data


def _kind(part: Part, leaves: Sequence[Any]) -> type:
    """Return bool, str, int, or float where any leaf is one (float for no leaves at all, as NumPy does)."""
    types = {type(leaf) for leaf in leaves}
    if not types <= _KINDS.keys():
        place = _first(leaf for leaf in leaves if type(leaf) not in _KINDS)
        raise _error_at(part, leaves, place, _not_data(place))
    if len({_KINDS[kind] for kind in types}) > 1:
        first = _KINDS[type(leaves[0])]
        odd = _first(leaf for leaf in leaves if _KINDS[type(leaf)] != first)
        raise _error_at(part, leaves, odd, _mixed(odd, leaves[0]))
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


def _inferred(part: Part, kind: type, leaves: Sequence[Any]) -> NDArray[Any]:
    for leaf in leaves:
        if type(leaf) is int and not -(2**63) <= leaf < 2**64:
            raise _error_at(part, leaves, leaf, f"{leaf} overflows 64-bit integers")
        if kind is float and type(leaf) is int and int(float(leaf)) != leaf:
            message = f"{leaf} among floats would become {float(leaf)!r}: float64 cannot hold it"
            raise _error_at(part, leaves, leaf, message)
        if kind is str and leaf.endswith("\0"):
            raise _error_at(part, leaves, leaf, f"NumPy drops the NUL at the end of {show(leaf)}")
    array = np.asarray(leaves)
    if array.dtype.kind not in _DTYPE_KINDS[kind]:
        large = _first(leaf for leaf in leaves if leaf >= 2**63)
        message = f"{large} overflows int64, and with the other values NumPy makes {array.dtype} of it: "
        raise _error_at(part, leaves, large, message + "name a dtype")
    return array


def _converted(part: Part, leaves: Sequence[Any], dtype: str) -> NDArray[Any]:
    target = _dtype(dtype)
    if target.kind in "biu":
        low, high = (0, 1) if target.kind == "b" else (np.iinfo(target).min, np.iinfo(target).max)
        for leaf in leaves:
            if not _is_whole(leaf) or not low <= leaf <= high:
                raise _error_at(part, leaves, leaf, f"{show(leaf)} does not fit {dtype}")
        return np.asarray([int(leaf) for leaf in leaves], dtype=target)
    for leaf in leaves:
        if type(leaf) is int and not -(2**63) <= leaf < 2**64:
            raise _error_at(part, leaves, leaf, f"{leaf} overflows 64-bit integers")
    with np.errstate(all="ignore"):
        array = np.asarray(leaves, dtype=np.float64).astype(target)
    for leaf, value in zip(leaves, array.tolist(), strict=True):
        if math.isinf(value) and not math.isinf(leaf):
            raise _error_at(part, leaves, leaf, f"{show(leaf)} overflows {dtype}: write .inf or -.inf")
    return array


def _is_whole(value: float) -> bool:
    return math.isfinite(value) and value == int(value) and not (value == 0 and math.copysign(1, value) < 0)


def _dtype(name: str) -> np.dtype[Any]:
    if name == "bfloat16":
        import ml_dtypes  # only here: few cases need it

        name = ml_dtypes.bfloat16
    return np.dtype(name)


def _first(values: Iterable[Any]) -> Any:
    return next(iter(values))


def _error_at(part: Part, leaves: Sequence[Any], value: Any, message: str) -> DataError:
    index = next(index for index, leaf in enumerate(leaves) if leaf is value)
    return DataError(message, *next(islice(part.places(), index, None)))
