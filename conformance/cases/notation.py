"""Large data by rule: a list may be written as `{repeat: [0.3], times: 1000}` and its like.

Nothing is built while a case file is checked: a `Part` knows its shape and the few values that are written in
the file, and lays them out only when the array is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from conformance.cases.diagnostics import Path, Problem, did_you_mean, show

#: So many elements one array may have.
MOST_ELEMENTS = 2**25

#: Name -> what it stands for, in words; the results document repeats them for readers of its inputs.
NOTATIONS: Mapping[str, str] = {
    "repeat": "{repeat: LIST, times: N}: the rows of LIST, N times one after the other.",
    "range": "{range: [START, STOP, STEP]}: START + i * STEP for i = 0, 1, ..., STOP left out. Computed on the "
    "decimals as written and rounded once, so that [0, 1, 0.1] has exactly 0.3.",
    "one_hot": "{one_hot: LIST, classes: C}: for each class number of LIST a row of C numbers, 1 at that class "
    "and 0 elsewhere.",
    "join": "{join: [LIST, LIST, ...]}: the rows of all lists, one list after the other.",
}

#: Further keys that a notation needs.
_FURTHER = {"repeat": ("times",), "one_hot": ("classes",)}

#: Integers up to here, and powers of ten up to this one, are exact in float64: one quotient is one rounding.
_EXACT = 2**53
_MOST_DIGITS = 22

Array = NDArray[Any]
Shape = tuple[int, ...]

#: Hands out the next so many values that the leaves became.
Take = Callable[[int], Array]


class DataError(ValueError):
    """Data that cannot become an array unchanged; `problem.path` leads from the data to the place."""

    def __init__(self, message: str, *path: str | int, at_key: bool = False) -> None:
        super().__init__(message)
        self.problem = Problem(path, message, at_key)

    def below(self, *path: str | int) -> DataError:
        """Return the same error, seen from data that hold these at `path`."""
        return DataError(self.problem.message, *path, *self.problem.path, at_key=self.problem.at_key)


class Part(Protocol):
    """Data of a case, or a piece of them."""

    @property
    def shape(self) -> Shape:
        """Shape of the array that they are."""

    def leaves(self) -> Sequence[Any]:
        """Return the scalars that decide kind and dtype: those that are written, and the ends of ranges."""

    def places(self) -> Iterable[Path]:
        """Yield where each leaf stands."""

    def lay_out(self, take: Take) -> Array:
        """Return the array; `take` hands out the leaves, converted, in their order."""


def parse(data: Any) -> Part:
    """Return what data of a case file say.

    Args:
        data: a scalar, or nested lists, any of which may be a mapping in one of the `NOTATIONS`.

    Raises:
        DataError: ragged lists, a mapping that is no notation, more than `MOST_ELEMENTS`.
    """
    if isinstance(data, dict):
        part = _notation(data)
    elif isinstance(data, list) and _has_notation(data):
        part = _rows([_at(index, item) for index, item in enumerate(data)])
    else:
        return _Plain(data, shape_of(data))
    if math.prod(part.shape) > MOST_ELEMENTS:
        raise DataError(f"shape {list(part.shape)} has more than {MOST_ELEMENTS} elements (2^25)")
    return part


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
    names = [name for name in NOTATIONS if name in data]
    if not names:
        known = f"known are {', '.join(NOTATIONS)}"
        wrong = next(iter(data), None)
        if wrong is None:
            raise DataError(f"an empty mapping is no data: {known}")
        near = did_you_mean(wrong, list(NOTATIONS))
        raise DataError(f"{show(wrong)} is no notation for data{near}: {known}", wrong, at_key=True)
    if len(names) > 1:
        raise DataError(f"{names[0]} and {names[1]} exclude each other: keep one", names[1], at_key=True)
    name = names[0]
    further = _FURTHER.get(name, ())
    for key in data:
        if key not in (name, *further):
            raise DataError(
                f"unknown key {show(key)} beside {name}{did_you_mean(key, further)}", key, at_key=True
            )
    for key in further:
        if key not in data:
            raise DataError(f"{name} needs {key}: {NOTATIONS[name]}", key)
    return _MAKERS[name](data)


def _list(data: Mapping[str, Any], name: str) -> Part:
    """Return the part under a key, which has to have rows."""
    part = _at(name, data[name])
    if not part.shape:
        raise DataError(f"{name}: expected a list, got {show(data[name])}: write [...] around it", name)
    return part


def _count(data: Mapping[str, Any], name: str, least: int) -> int:
    value = data[name]
    if type(value) is not int or value < least:
        raise DataError(f"{name}: expected a whole number, {least} or more, got {show(value)}", name)
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

    def lay_out(self, take: Take) -> Array:
        return take(math.prod(self.shape)).reshape(self.shape)


@dataclass(frozen=True)
class _Rows:
    """A list with notations in it: one row each."""

    parts: tuple[Part, ...]
    shape: Shape

    def leaves(self) -> list[Any]:
        return [leaf for part in self.parts for leaf in part.leaves()]

    def places(self) -> Iterator[Path]:
        for index, part in enumerate(self.parts):
            yield from ((index, *place) for place in part.places())

    def lay_out(self, take: Take) -> Array:
        return np.stack([part.lay_out(take) for part in self.parts])


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

    def lay_out(self, take: Take) -> Array:
        block = self.part.lay_out(take)
        if len(block) == 1:  # a view: a million equal rows take the memory of one
            return np.broadcast_to(block, self.shape)
        return np.tile(block, (self.times, *(1 for _ in block.shape[1:])))


def _repeat(data: Mapping[str, Any]) -> Part:
    return _Repeat(_list(data, "repeat"), _count(data, "times", 1))


@dataclass(frozen=True)
class _Join:
    parts: tuple[Part, ...]

    @property
    def shape(self) -> Shape:
        return (sum(part.shape[0] for part in self.parts), *self.parts[0].shape[1:])

    def leaves(self) -> list[Any]:
        return [leaf for part in self.parts for leaf in part.leaves()]

    def places(self) -> Iterator[Path]:
        for index, part in enumerate(self.parts):
            yield from (("join", index, *place) for place in part.places())

    def lay_out(self, take: Take) -> Array:
        return np.concatenate([part.lay_out(take) for part in self.parts])


def _join(data: Mapping[str, Any]) -> Part:
    written = data["join"]
    if not isinstance(written, list) or not written:
        raise DataError(f"join: expected a list of lists, got {show(written)}", "join")
    parts: list[Part] = []
    for index, item in enumerate(written):
        try:
            part = _at(index, item)
        except DataError as error:
            raise error.below("join") from None
        if not part.shape:
            raise DataError(f"join: expected lists, got {show(item)}: write [...] around it", "join", index)
        if parts and part.shape[1:] != parts[0].shape[1:]:
            raise _ragged(part.shape[1:], parts[0].shape[1:], "join", index)
        parts.append(part)
    return _Join(tuple(parts))


@dataclass(frozen=True)
class _Range:
    """Whole numbers `first`, `first + step` ... of `count` values, divided by ten to the power `digits`."""

    first: int
    step: int
    count: int
    digits: int
    whole: bool

    @property
    def shape(self) -> Shape:
        return (self.count,)

    def leaves(self) -> list[int | float]:
        """Return the first two and the last: no other is larger, smaller or less of a whole number."""
        indices = dict.fromkeys((0, min(1, self.count - 1), self.count - 1))
        numbers = [Fraction(self.first + index * self.step, 10**self.digits) for index in indices]
        return [int(number) if self.whole else float(number) for number in numbers]

    def places(self) -> Iterator[Path]:
        return (("range",) for _ in self.leaves())

    def lay_out(self, take: Take) -> Array:
        values: Array = self.first + self.step * np.arange(self.count, dtype=np.int64)
        if not self.whole:
            values = values / float(10**self.digits)
        return values.astype(take(len(self.leaves())).dtype)


def _range(data: Mapping[str, Any]) -> Part:
    written = data["range"]
    if not isinstance(written, list) or len(written) != 3:
        raise DataError(f"range: expected [start, stop, step], got {show(written)}", "range")
    for index, number in enumerate(written):
        if type(number) not in (int, float) or not math.isfinite(number):
            raise DataError(f"range: expected a number, got {show(number)}", "range", index)
    decimals = [Decimal(repr(number)).normalize() for number in written]
    digits = max(0, *(-int(decimal.as_tuple().exponent) for decimal in decimals))
    if digits > _MOST_DIGITS:
        raise DataError(f"range: {digits} decimal places cannot be kept exact", "range")
    start, stop, step = (int(Fraction(decimal) * 10**digits) for decimal in decimals)
    if step == 0:
        raise DataError("range: the step must not be 0", "range", 2)
    count = -((start - stop) // step)
    if count < 1:
        raise DataError(f"range: {written} has no value: the stop is left out", "range", 1)
    if max(abs(start), abs(start + step * (count - 1))) > _EXACT:
        raise DataError("range: so large numbers cannot be kept exact in float64", "range")
    return _Range(start, step, count, digits, all(type(number) is int for number in written))


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

    def lay_out(self, take: Take) -> Array:
        no, yes = take(2)
        rows = np.full(self.shape, no)
        labels = lay_out(self.labels, np.asarray(self.labels.leaves(), dtype=np.int64))
        rows[np.arange(len(labels)), labels] = yes
        return rows


def _one_hot(data: Mapping[str, Any]) -> Part:
    labels, classes = _list(data, "one_hot"), _count(data, "classes", 1)
    if len(labels.shape) != 1:
        raise DataError("one_hot: expected one list of class numbers, not nested ones", "one_hot")
    for place, label in zip(labels.places(), labels.leaves(), strict=True):
        if type(label) is not int or not 0 <= label < classes:
            raise DataError(f"one_hot: {show(label)} is none of {classes} classes", "one_hot", *place)
    return _OneHot(labels, classes)


_MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Part]] = {
    "repeat": _repeat,
    "range": _range,
    "one_hot": _one_hot,
    "join": _join,
}


def lay_out(part: Part, values: Array) -> Array:
    """Return the array of a part whose leaves have become `values`, shape (L,)."""
    position = 0

    def take(count: int) -> Array:
        nonlocal position
        position += count
        return values[position - count : position]

    return part.lay_out(take)
