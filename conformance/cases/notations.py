"""Data written short: `{repeat: [0.3], times: 1000}` for a list. Checking them builds no array."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.calls.text import count, did_you_mean
from conformance.cases import diagnostics
from conformance.cases.diagnostics import Problem, show
from conformance.cases.dtypes import as_array

#: The most elements an array may have.
MOST_ELEMENTS = 2**25

#: Every NumPy has arrays of so many dimensions.
_SURE_DIMENSIONS = 32

#: Name -> explanation. The results document repeats them for readers of its inputs.
NOTATIONS: Mapping[str, str] = {
    "repeat": "{repeat: LIST, times: N}: the rows of LIST, repeated N times.",
    "one_hot": "{one_hot: LIST, classes: C}: a row of C numbers for each integer label of LIST, 1 at that "
    "class and 0 elsewhere.",
    "file": "{file: NAME}: the array that numpy.save wrote into NAME, in the folder of the case file or below it.",
}
#: The further key of a notation, an integer.
_FURTHER = {"repeat": "times", "one_hot": "classes"}

Shape = tuple[int, ...]


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
    check_keys(data, name, further)
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
    check_shape(shape)
    return shape


def check_keys(data: Mapping[str, Any], name: str, *further: str) -> None:
    """Raise `Problem` for a key that does not belong to a notation."""
    for key in data:
        if key not in (name, *further):
            near = did_you_mean(key, further)
            raise Problem(f"unknown key {show(key)} with {name}{near}", key, at_key=True)


def _check_labels(labels: Any, shape: Shape, classes: int) -> None:
    if len(shape) != 1:
        raise Problem("one_hot: expected a flat list of integer labels", "one_hot")
    for path, label in leaves(labels):
        if type(label) is not int or not 0 <= label < classes:
            raise Problem(f"one_hot: {show(label)} is not one of {classes} classes", "one_hot", *path)


def check_shape(shape: Shape) -> None:
    """Raise `Problem` for a shape that is too large, or that NumPy does not have."""
    size = math.prod(shape)
    if size > MOST_ELEMENTS:
        raise Problem(f"shape {list(shape)} has more than {MOST_ELEMENTS} elements (2^25)")
    if size > 0 and len(shape) <= _SURE_DIMENSIONS:
        return
    try:
        # A view that takes no memory.
        np.broadcast_to(np.zeros((), dtype=bool), shape)
    except (ValueError, OverflowError) as error:
        raise Problem(f"NumPy has no shape {list(shape)}: {error}") from None


def leaves(data: Any, path: diagnostics.Path = ()) -> Iterator[tuple[diagnostics.Path, Any]]:
    """Yield path and value of each scalar of sound data; those that a notation repeats once."""
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from leaves(item, (*path, index))
    elif not isinstance(data, dict):
        yield path, data
    elif "repeat" in data:
        yield from leaves(data["repeat"], (*path, "repeat"))
    else:
        yield from (((*path, "one_hot"), number) for number in (0, 1))


def expanded(data: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return the array of checked data."""
    if isinstance(data, dict) and "one_hot" in data:
        labels = expanded(data["one_hot"], np.dtype(np.int64))
        rows = np.zeros((len(labels), data["classes"]), dtype)
        rows[np.arange(len(labels)), labels] = 1
        return rows
    if isinstance(data, dict):
        block = expanded(data["repeat"], dtype)
        shape = (len(block) * data["times"], *block.shape[1:])
        if len(block) == 1:  # a view: a million equal rows take the memory of one
            return np.broadcast_to(block, shape)
        return np.tile(block, (data["times"], *(1 for _ in block.shape[1:])))
    if _has_notation(data):
        return np.stack([expanded(item, dtype) for item in data])
    return as_array(data, dtype)


def _has_notation(data: Any) -> bool:
    return isinstance(data, dict) or (isinstance(data, list) and any(map(_has_notation, data)))
