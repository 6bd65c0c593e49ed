"""Converts the data of a case to NumPy arrays without changing a number.

Data are a scalar or nested lists, any of which may be written short: `{repeat: [0.3], times: 1000}`; or an array in a
file of its own, `{file: y_pred.npy}`. Checking them builds no array.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.calls.text import count, did_you_mean
from conformance.cases import diagnostics
from conformance.cases.diagnostics import Problem, show

#: The most elements an array may have.
MOST_ELEMENTS = 2**25

#: Name -> explanation. The results document repeats them for readers of its inputs.
NOTATIONS: Mapping[str, str] = {
    "repeat": "{repeat: LIST, times: N}: the rows of LIST, repeated N times.",
    "one_hot": "{one_hot: LIST, classes: C}: a row of C numbers for each integer label of LIST, 1 at that "
    "class and 0 elsewhere.",
    "file": "{file: NAME}: the array that numpy.save wrote into NAME, in the folder of the case file or below it.",
}
#: The further key of a notation, an integer.
_FURTHER = {"repeat": "times", "one_hot": "classes"}

_LOOKALIKES = {
    **dict.fromkeys(("nan", "NaN", "NAN"), ".nan"),
    **dict.fromkeys(("inf", "Inf", "Infinity", "infinity"), ".inf"),
    **dict.fromkeys(("-inf", "-Inf", "-Infinity", "-infinity"), "-.inf"),
    **dict.fromkeys(("yes", "Yes", "on", "On"), "true"),
    **dict.fromkeys(("no", "No", "off", "Off"), "false"),
}
_KINDS = {bool: "true or false", int: "numbers", float: "numbers", str: "text"}

Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Data:
    """Checked data of a case; the array is built only when it is needed.

    Attributes:
        written: the data as written.
        shape: shape of the array.
        dtype: dtype of the array.
        path: the file that holds the array, if one does.
        code: Python expression that loads that file, in the folder of the case file.
    """

    written: Any
    shape: Shape
    dtype: np.dtype[Any]
    path: Path | None = None
    code: str | None = None

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    def reshaped(self, shape: Shape) -> Data:
        """Return the same data in another shape of the same size.

        Raises:
            Problem: the size is another one, or NumPy has no such shape.
        """
        if (size := math.prod(shape)) != self.size:
            raise Problem(f"shape {list(shape)} has {size} elements, the data have {self.size}")
        _check_shape(shape)
        return replace(self, shape=shape, code=self.code and f"{self.code}.reshape({shape})")

    def array(self) -> NDArray[Any]:
        """Return the array, read-only; equal rows may share their memory.

        Raises:
            OSError: its file is gone.
            ValueError: its file has changed since it was checked.
        """
        if self.path is None:
            array = _expanded(self.written, self.dtype)
        else:
            array = np.load(self.path, allow_pickle=False).astype(self.dtype, copy=False)
        array = array.reshape(self.shape)
        array.flags.writeable = False
        return array


def data_of(written: Any, dtype: str | None = None, folder: Path | None = None) -> Data:
    """Check data.

    A float dtype rounds to nearest, which is what naming one is for (0.7 in float32), but never to
    infinity. An integer or bool dtype must hold each value exactly.

    Args:
        written: a bool, int, float or str, or lists of them nested to any depth, any of which may be a
            mapping in one of the `NOTATIONS`; or `{file: NAME}`.
        dtype: name of a NumPy or ml_dtypes dtype; None for what `numpy.asarray` infers.
        folder: folder of the case file, for `{file: NAME}`; None for a case that no file holds.

    Raises:
        Problem: ragged lists, a mixture of text, numbers and truth values, something else than these, a value that the
            dtype would change, or too many elements; a file that holds none of these, or is not in the folder.
    """
    if isinstance(written, dict) and "file" in written:
        if dtype is not None:
            raise Problem(f"a file has a dtype of its own: remove {dtype}, or save the array in it")
        return _stored(written, folder)
    data = Data(written, shape_of(written), _dtype_of(list(_leaves(written)), dtype))
    _check_shape(data.shape)
    if data.dtype.kind == "U" and data.size * data.dtype.itemsize > 4 * MOST_ELEMENTS:
        raise Problem(f"{data.size} texts as long as the longest have more than {MOST_ELEMENTS} characters")
    return data


def shape_of(data: Any) -> Shape:
    """Return the shape of data; `()` for anything that is neither a list nor a mapping.

    Raises:
        Problem: ragged lists, with the path to the first row whose shape differs; what is no notation.
    """
    if isinstance(data, dict):
        return _notation_shape(data)
    if not isinstance(data, list):
        return ()
    first: Shape = ()
    for index, row in enumerate(data):
        try:
            shape = shape_of(row)
        except Problem as problem:
            raise problem.below(index) from None
        if index == 0:
            first = shape
        elif shape != first:
            raise Problem(f"ragged: {_described(shape)} where the first row has {_described(first)}", index)
    return (len(data), *first)


def _described(shape: Shape) -> str:
    if not shape:
        return "a single value"
    return count(shape[0], "value") if len(shape) == 1 else f"shape {list(shape)}"


def _notation_shape(data: Mapping[str, Any]) -> Shape:
    name = next((name for name in NOTATIONS if name in data), None)
    if name is None:
        known = f"known are {', '.join(NOTATIONS)}"
        if not data:
            raise Problem(f"an empty mapping is not data: {known}")
        wrong = next(iter(data))
        near = did_you_mean(wrong, list(NOTATIONS))
        raise Problem(f"{show(wrong)} is not a notation for data{near}: {known}", wrong, at_key=True)
    if name == "file":
        raise Problem("file stands for all of an array, not for a part of one", name, at_key=True)
    further = _FURTHER[name]
    _check_keys(data, name, further)
    if further not in data:
        raise Problem(f"{name} needs {further}: {NOTATIONS[name]}", further)
    try:
        shape = shape_of(data[name])
    except Problem as problem:
        raise problem.below(name) from None
    number = data[further]
    if not shape:
        raise Problem(f"{name}: expected a list, got {show(data[name])}: write [...] around it", name)
    if type(number) is not int or not 1 <= number <= MOST_ELEMENTS:
        message = f"{further}: expected an integer from 1 to {MOST_ELEMENTS} (2^25), got {show(number)}"
        raise Problem(message, further)
    if name == "repeat":
        shape = (shape[0] * number, *shape[1:])
    else:
        _check_labels(data["one_hot"], shape, number)
        shape = (*shape, number)
    _check_shape(shape)
    return shape


def _check_keys(data: Mapping[str, Any], name: str, *further: str) -> None:
    for key in data:
        if key not in (name, *further):
            near = did_you_mean(key, further)
            raise Problem(f"unknown key {show(key)} with {name}{near}", key, at_key=True)


def _check_labels(labels: Any, shape: Shape, classes: int) -> None:
    if len(shape) != 1:
        raise Problem("one_hot: expected a flat list of integer labels", "one_hot")
    for path, label in _leaves(labels):
        if type(label) is not int or not 0 <= label < classes:
            raise Problem(f"one_hot: {show(label)} is not one of {classes} classes", "one_hot", *path)


def _check_shape(shape: Shape) -> None:
    if math.prod(shape) > MOST_ELEMENTS:
        raise Problem(f"shape {list(shape)} has more than {MOST_ELEMENTS} elements (2^25)")
    try:
        # A view that takes no memory.
        np.broadcast_to(np.zeros((), dtype=bool), shape)
    except (ValueError, OverflowError) as error:
        raise Problem(f"NumPy has no shape {list(shape)}: {error}") from None


def _leaves(data: Any, path: diagnostics.Path = ()) -> Iterator[tuple[diagnostics.Path, Any]]:
    """Yield path and value of each scalar of sound data; those that a notation repeats once."""
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from _leaves(item, (*path, index))
    elif not isinstance(data, dict):
        yield path, data
    elif "repeat" in data:
        yield from _leaves(data["repeat"], (*path, "repeat"))
    else:
        yield from (((*path, "one_hot"), number) for number in (0, 1))


def _dtype_of(leaves: Sequence[tuple[diagnostics.Path, Any]], name: str | None) -> np.dtype[Any]:
    """Return the dtype of an array, the named one or what NumPy infers, if it can hold all values."""
    values = [value for _, value in leaves]
    for path, value in leaves:
        if message := _not_data(value) or _mixed(value, values[0]):
            raise Problem(message, *path)
    text = bool(values) and isinstance(values[0], str)
    if text and name is not None:
        raise Problem(f"text has no dtype {name}: remove the dtype, or write numbers")
    dtype = np.asarray(values).dtype if name is None else _named(name)
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
    if abs(value) <= 65504 or math.isinf(value) or not np.isinf(_expanded(value, dtype)):
        return None
    return f"{show(value)} overflows {dtype}: write .inf or -.inf"


def _is_whole(value: float) -> bool:
    return math.isfinite(value) and value == int(value) and not (value == 0 and math.copysign(1, value) < 0)


def _named(name: str) -> np.dtype[Any]:
    if name == "bfloat16":
        import ml_dtypes  # only here: few cases need it

        name = ml_dtypes.bfloat16
    return np.dtype(name)


def _expanded(data: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return the array of checked data."""
    if isinstance(data, dict) and "one_hot" in data:
        labels = _expanded(data["one_hot"], np.dtype(np.int64))
        rows = np.zeros((len(labels), data["classes"]), dtype)
        rows[np.arange(len(labels)), labels] = 1
        return rows
    if isinstance(data, dict):
        block = _expanded(data["repeat"], dtype)
        shape = (len(block) * data["times"], *block.shape[1:])
        if len(block) == 1:  # a view: a million equal rows take the memory of one
            return np.broadcast_to(block, shape)
        return np.tile(block, (data["times"], *(1 for _ in block.shape[1:])))
    if _has_notation(data):
        return np.stack([_expanded(item, dtype) for item in data])
    if dtype.kind in "biuU":
        return np.asarray(data, dtype)
    with np.errstate(all="ignore"):
        return np.asarray(data, np.float64).astype(dtype)


def _has_notation(data: Any) -> bool:
    return isinstance(data, dict) or (isinstance(data, list) and any(map(_has_notation, data)))


def _stored(written: Mapping[str, Any], folder: Path | None) -> Data:
    """Return the array that `{file: NAME}` stands for; maps the file instead of reading it."""
    name = written["file"]
    _check_keys(written, "file")
    if not isinstance(name, str) or not name:
        raise Problem(f"file: expected the name of a .npy file, got {show(name)}", "file")
    if folder is None:
        raise Problem("file: the name is relative to the case file, and this case is in none", "file")
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or "\\" in name:
        raise Problem(f"file: {show(name)} has to be in the folder of the case file, or below it", "file")
    path = folder / parts
    if not path.is_file():  # what is no regular file may never end
        raise Problem(f"file: {show(name)} cannot be read: no such file", "file")
    try:
        with np.errstate(over="ignore"):  # of a size that nothing has
            array = np.lib.format.open_memmap(path, mode="r")
    except OSError as error:
        raise Problem(f"file: {show(name)} cannot be read: {error.strerror or error}", "file") from None
    except (ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[0]
        raise Problem(f"file: {show(name)} is not a .npy file: {reason}", "file") from None
    if array.dtype.kind not in "biufU" or (array.dtype.kind != "U" and array.dtype.itemsize > 8):
        raise Problem(
            f"file: {show(name)} has dtype {array.dtype}: save numbers, truth values or text", "file"
        )
    if array.size > MOST_ELEMENTS:
        shape = list(array.shape)
        raise Problem(f"file: {show(name)} has shape {shape}: more than {MOST_ELEMENTS} elements", "file")
    return Data(written, array.shape, array.dtype.newbyteorder("="), path, f"np.load({name!r})")
