"""Short notations for long lists: `{repeat: [0.3], times: 1000}` and `{one_hot: [0, 2], classes: 3}`.

Checking a case file builds no array: a `Part` knows its shape and the few values written in the file, and expands
them only when the array is needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from conformance.calls.text import did_you_mean
from conformance.cases.diagnostics import Path, Problem, show

#: The most elements an array may have.
MOST_ELEMENTS = 2**25

#: Name -> explanation. The results document repeats them for readers of its inputs.
NOTATIONS: Mapping[str, str] = {
    "repeat": "{repeat: LIST, times: N}: the rows of LIST, repeated N times.",
    "one_hot": "{one_hot: LIST, classes: C}: a row of C numbers for each integer label of LIST, 1 at that "
    "class and 0 elsewhere.",
}

#: The key of data that are in a file of their own; `files` reads them.
WHOLE = "file"

#: Further keys that a notation needs.
_FURTHER = {"repeat": ("times",), "one_hot": ("classes",)}

Array = NDArray[Any]
Shape = tuple[int, ...]

#: Returns the next N converted leaves.
Take = Callable[[int], Array]


class DataError(ValueError):
    """Data that cannot become an array without changing a value; `problem.path` says where, from the data on."""

    def __init__(self, message: str, *path: str | int, at_key: bool = False) -> None:
        super().__init__(message)
        self.problem = Problem(path, message, at_key)

    def below(self, *path: str | int) -> DataError:
        """Return the same error, with its path starting at data that hold these at `path`."""
        return DataError(self.problem.message, *path, *self.problem.path, at_key=self.problem.at_key)


class Part(Protocol):
    """The data of a case, or a part of them."""

    @property
    def shape(self) -> Shape:
        """Shape of the expanded array."""

    def leaves(self) -> Sequence[Any]:
        """Return the scalars that decide kind and dtype."""

    def places(self) -> Iterable[Path]:
        """Yield the path of each leaf."""

    def expand(self, take: Take) -> Array:
        """Return the array; `take` returns the converted leaves, in their order."""


def parse(data: Any) -> Part:
    """Parse the data of a case file.

    Args:
        data: a scalar, or nested lists, any of which may be a mapping in one of the `NOTATIONS`.

    Raises:
        DataError: ragged lists, an unknown notation, more than `MOST_ELEMENTS`.
    """
    if isinstance(data, dict):
        part = _notation(data)
    elif isinstance(data, list) and _has_notation(data):
        part = _rows([_at(index, item) for index, item in enumerate(data)])
    else:
        return _Plain(data, shape_of(data))
    if math.prod(part.shape) > MOST_ELEMENTS:
        raise DataError(f"shape {list(part.shape)} has more than {MOST_ELEMENTS} elements (2^25)")
    check_shape(part.shape)
    return part


def check_shape(shape: Sequence[int]) -> None:
    """Check that NumPy has arrays of a shape; builds none.

    Raises:
        DataError: a dimension, or the product of those that are not 0, overflows.
    """
    try:
        # A view that takes no memory.
        np.broadcast_to(np.zeros((), dtype=bool), shape)
    except (ValueError, OverflowError) as error:
        raise DataError(f"NumPy has no shape {list(shape)}: {error}") from None


def shape_of(data: Any) -> Shape:
    """Return the shape of nested lists without notations; `()` for anything that is not a list.

    Raises:
        DataError: ragged lists; its path leads to the first row whose length or depth differs.
    """
    if not isinstance(data, list):
        return ()
    first: Shape | None = None
    for index, row in enumerate(data):
        try:
            shape = shape_of(row)
        except DataError as error:
            raise error.below(index) from None
        if first is None:
            first = shape
        elif shape != first:
            raise _ragged(shape, first, index)
    return (len(data), *(first or ()))


def _has_notation(data: Any) -> bool:
    return isinstance(data, dict) or (isinstance(data, list) and any(map(_has_notation, data)))


def _at(key: str | int, data: Any) -> Part:
    try:
        return parse(data)
    except DataError as error:
        raise error.below(key) from None


def _ragged(shape: Shape, first: Shape, *path: str | int) -> DataError:
    return DataError(f"ragged: {_describe(shape)} where the first row has {_describe(first)}", *path)


def _describe(shape: Shape) -> str:
    if not shape:
        return "a single value"
    if len(shape) == 1:
        return f"{shape[0]} value" + ("s" if shape[0] != 1 else "")
    return f"shape {list(shape)}"


def _notation(data: Mapping[str, Any]) -> Part:
    if WHOLE in data:
        raise DataError(f"{WHOLE} stands for all of an array, not for a part of one", WHOLE, at_key=True)
    names = [name for name in NOTATIONS if name in data]
    if not names:
        known = f"known are {', '.join(NOTATIONS)}"
        wrong = next(iter(data), None)
        if wrong is None:
            raise DataError(f"an empty mapping is not data: {known}")
        near = did_you_mean(wrong, list(NOTATIONS))
        raise DataError(f"{show(wrong)} is not a notation for data{near}: {known}", wrong, at_key=True)
    if len(names) > 1:
        raise DataError(f"{names[0]} and {names[1]} exclude each other: keep one", names[1], at_key=True)
    name = names[0]
    further = _FURTHER.get(name, ())
    for key in data:
        if key not in (name, *further):
            raise DataError(
                f"unknown key {show(key)} with {name}{did_you_mean(key, further)}", key, at_key=True
            )
    for key in further:
        if key not in data:
            raise DataError(f"{name} needs {key}: {NOTATIONS[name]}", key)
    return _MAKERS[name](data)


def _list(data: Mapping[str, Any], name: str) -> Part:
    """Return the part under a key; it must have at least one dimension."""
    part = _at(name, data[name])
    if not part.shape:
        raise DataError(f"{name}: expected a list, got {show(data[name])}: write [...] around it", name)
    return part


def _count(data: Mapping[str, Any], name: str, least: int) -> int:
    value = data[name]
    if type(value) is not int or not least <= value <= MOST_ELEMENTS:
        raise DataError(
            f"{name}: expected an integer from {least} to {MOST_ELEMENTS} (2^25), got {show(value)}", name
        )
    return value


@dataclass(frozen=True)
class _Plain:
    """A scalar or nested lists of scalars, as written."""

    data: Any
    shape: Shape

    def leaves(self) -> list[Any]:
        leaves = self.data if self.shape else [self.data]
        for _ in self.shape[1:]:
            leaves = [item for row in leaves for item in row]
        return list(leaves)

    def places(self) -> Iterator[Path]:
        return np.ndindex(*self.shape)

    def expand(self, take: Take) -> Array:
        return take(math.prod(self.shape)).reshape(self.shape)


@dataclass(frozen=True)
class _Rows:
    """A list that contains notations; one part per row."""

    parts: tuple[Part, ...]
    shape: Shape

    def leaves(self) -> list[Any]:
        return [leaf for part in self.parts for leaf in part.leaves()]

    def places(self) -> Iterator[Path]:
        for index, part in enumerate(self.parts):
            yield from ((index, *place) for place in part.places())

    def expand(self, take: Take) -> Array:
        return np.stack([part.expand(take) for part in self.parts])


def _rows(parts: Sequence[Part]) -> Part:
    for index, part in enumerate(parts):
        if part.shape != parts[0].shape:
            raise _ragged(part.shape, parts[0].shape, index)
    return _Rows(tuple(parts), (len(parts), *parts[0].shape))


@dataclass(frozen=True)
class _Repeat:
    part: Part
    times: int

    @property
    def shape(self) -> Shape:
        rows, *rest = self.part.shape
        return (rows * self.times, *rest)

    def leaves(self) -> Sequence[Any]:
        return self.part.leaves()

    def places(self) -> Iterator[Path]:
        return (("repeat", *place) for place in self.part.places())

    def expand(self, take: Take) -> Array:
        block = self.part.expand(take)
        if len(block) == 1:  # a view: a million equal rows take the memory of one
            return np.broadcast_to(block, self.shape)
        return np.tile(block, (self.times, *(1 for _ in block.shape[1:])))


def _repeat(data: Mapping[str, Any]) -> Part:
    return _Repeat(_list(data, "repeat"), _count(data, "times", 1))


@dataclass(frozen=True)
class _OneHot:
    labels: Part
    classes: int

    @property
    def shape(self) -> Shape:
        return (*self.labels.shape, self.classes)

    def leaves(self) -> list[int]:
        return [0, 1]

    def places(self) -> Iterator[Path]:
        return (("one_hot",) for _ in self.leaves())

    def expand(self, take: Take) -> Array:
        no, yes = take(2)
        rows = np.full(self.shape, no)
        labels = expand(self.labels, np.asarray(self.labels.leaves(), dtype=np.int64))
        rows[np.arange(len(labels)), labels] = yes
        return rows


def _one_hot(data: Mapping[str, Any]) -> Part:
    labels, classes = _list(data, "one_hot"), _count(data, "classes", 1)
    if len(labels.shape) != 1:
        raise DataError("one_hot: expected a flat list of integer labels", "one_hot")
    for place, label in zip(labels.places(), labels.leaves(), strict=True):
        if type(label) is not int or not 0 <= label < classes:
            raise DataError(f"one_hot: {show(label)} is not one of {classes} classes", "one_hot", *place)
    return _OneHot(labels, classes)


_MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Part]] = {
    "repeat": _repeat,
    "one_hot": _one_hot,
}


def expand(part: Part, values: Array) -> Array:
    """Return the array of a part, given its converted leaves, shape (L,)."""
    position = 0

    def take(count: int) -> Array:
        nonlocal position
        position += count
        return values[position - count : position]

    return part.expand(take)
