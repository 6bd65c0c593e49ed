"""Why two numbers of one log differ: what went into them is exchanged first, then the rules of their definitions."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from conformance.adapters.base import Call, Implementation
from conformance.oracle import Predictions
from conformance.oracle.axes import AXES
from conformance.oracle.exchange import Exchange
from conformance.training.numbers import Number, case_of
from conformance.training.recording import Recording, WentIn

#: Sets of codes, each of which is a cause.
Causes = tuple[tuple[str, ...], ...]

#: Predicts what an implementation returns for a call.
Predict = Callable[[Implementation, Call], Predictions | None]

#: What can be exchanged between two numbers -> fields of `WentIn`.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "samples": ("data", "batches"),
    "weights": ("weights",),
    "mode": ("mode",),
    "weighted": ("weighted",),
    "masked": ("masked",),
    "parameters": ("parameters",),
}

#: The same for a model that does the same in both modes.
_WITHOUT_MODES = {name: fields for name, fields in _PARTS.items() if name != "mode"} | {
    "weights": ("weights", "mode")
}

#: What is exchanged -> the code of the cause, where it is always the same.
_CODES = {"weights": "moving-weights", "mode": "training-mode", "masked": "mask", "parameters": "threshold"}

#: What is compared of numbers of two metrics, besides two of one kind.
_OF_OTHER_METRICS = ({"epoch", "own"}, {"evaluate", "own"})

#: Kinds of the numbers of some batches of an epoch.
_OF_BATCHES = ("running", "batch")


@dataclass(frozen=True)
class Difference:
    """Two numbers of a log that differ.

    Attributes:
        names: their names.
        causes: sets of codes, each of which is a cause; empty if none was found, which fails a run.
    """

    names: tuple[str, str]
    causes: Causes


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Return code of a cause -> its title and what it says."""
    text = Path(__file__).with_name("causes.yaml").read_text(encoding="utf-8")
    return MappingProxyType(yaml.safe_load(text))


def differences(recording: Recording, found: Sequence[Number], predict: Predict) -> tuple[Difference, ...]:
    """Return the pairs of numbers of one epoch and output that differ, each with its causes."""
    return tuple(
        Difference((one.logged.name, other.logged.name), causes(recording, one, other, predict))
        for one, other in _pairs(found)
        if not _same(one, other)
    )


def _pairs(found: Sequence[Number]) -> Iterator[tuple[Number, Number]]:
    """Yield the numbers that are compared: those of batches with that of all samples that are trained on."""
    for one, other in itertools.combinations(found, 2):
        mine, theirs = one.logged, other.logged
        if (mine.went_in.epoch, mine.went_in.output) != (theirs.went_in.epoch, theirs.went_in.output):
            continue
        kinds = {mine.kind, theirs.kind}
        if mine.metric != theirs.metric and len(kinds) > 1 and kinds not in _OF_OTHER_METRICS:
            continue
        if kinds & {*_OF_BATCHES} and (mine.metric != theirs.metric or not kinds & _whole(found)):
            continue
        if one.predicted is not None and other.predicted is not None:
            yield one, other


def _whole(found: Sequence[Number]) -> set[str]:
    """Return the kind of the number that batches lead to: that of the epoch, if there is one."""
    return {"epoch"} if any(number.logged.kind == "epoch" for number in found) else {"evaluate"}


def _same(one: Number, other: Number) -> bool:
    return (
        one.predicted is not None and other.predicted is not None and one.predicted.same_as(other.predicted)
    )


def causes(recording: Recording, one: Number, other: Number, predict: Predict) -> Causes:
    """Return the smallest sets of what has to be the same for two numbers to be the same.

    One number, with the samples, weights or mode of the other, and with some of its rules, gives the other; in either
    direction, as not everything was recorded.
    """
    found: dict[tuple[str, ...], None] = {}
    smallest = len(_PARTS) + len(AXES), 0
    fields = _PARTS if recording.run.has_modes else _WITHOUT_MODES
    for parts in _subsets(_differing(one.logged.went_in, other.logged.went_in, fields)):
        if len(parts) > smallest[0]:
            break
        taken = [name for part in parts for name in fields[part]]
        codes = tuple(_code(part, recording, one, other) for part in parts)
        for mine, theirs in ((one, other), (other, one)):
            for axes in _axes(recording, mine, theirs, taken, predict):
                # Of two causes of one size, what went in is plainer than a rule.
                size = len(codes) + len(axes), len(axes)
                if size < smallest:
                    found, smallest = {}, size
                if size == smallest:
                    found.setdefault((*codes, *(_named(axis, one, other) for axis in axes)))
    return tuple(found)


def _differing(one: WentIn, other: WentIn, fields: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(
        part for part, names in fields.items() if any(getattr(one, n) != getattr(other, n) for n in names)
    )


def _subsets(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(len(parts) + 1):
        yield from itertools.combinations(parts, size)


def _axes(
    recording: Recording, mine: Number, theirs: Number, taken: Iterable[str], predict: Predict
) -> Iterator[tuple[str, ...]]:
    """Yield sets of axes whose rules have to be exchanged as well; an empty one if no rule has to."""
    others: dict[str, Any] = {name: getattr(theirs.logged.went_in, name) for name in taken}
    inputs = recording.inputs(replace(mine.logged.went_in, **others))
    if inputs is None or theirs.predicted is None:
        return
    call = case_of(recording.run, "exchanged", inputs).call()
    one = predict(mine.cell.implementation, call)
    if one is None:
        return
    if one.predicted.same_as(theirs.predicted):
        yield ()
        return
    other = predict(theirs.cell.implementation, call)
    if other is not None and other.predicted.same_as(theirs.predicted):
        yield from Exchange(call, {}).causes(one.side, other.side)


def _code(part: str, recording: Recording, one: Number, other: Number) -> str:
    """Return the code of what is exchanged."""
    if part == "samples":
        return _samples(one, other)
    if part == "weighted":
        return "class-weight" if recording.run.get("class_weight") else "sample-weight"
    return _CODES[part]


def _named(axis: str, one: Number, other: Number) -> str:
    """Return the code of an axis: means of batches of one size are no other value than that of all samples."""
    sizes = {len(batch) for number in (one, other) for batch in number.logged.went_in.batches}
    return "smaller-batch" if axis == "accumulation" and len(sizes) > 1 else axis


def _samples(one: Number, other: Number) -> str:
    mine, theirs = one.logged.went_in, other.logged.went_in
    if mine.data != theirs.data:
        return "validation-samples"
    kinds = {one.logged.kind, other.logged.kind}
    if kinds & {*_OF_BATCHES}:
        return "batches-so-far" if "running" in kinds else "other-batches"
    counts = Counter(mine.samples), Counter(theirs.samples)
    if any(number > 1 for count in counts for number in count.values()):
        return "repeated-samples"
    return "batches" if counts[0] == counts[1] else "dropped-remainder"
