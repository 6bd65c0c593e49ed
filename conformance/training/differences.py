"""Why two numbers of one log differ: what went into them is exchanged first, then the rules of their definitions."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from conformance.adapters.base import Call, Implementation
from conformance.oracle import Predictions
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
    "parameters": ("parameters",),
}

#: Kinds of numbers that are compared with the value of their epoch only.
_PARTIAL = ("running",)


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
    for one, other in itertools.combinations(found, 2):
        mine, theirs = one.logged, other.logged
        if (mine.went_in.epoch, mine.went_in.output) != (theirs.went_in.epoch, theirs.went_in.output):
            continue
        partial = {mine.kind, theirs.kind} & {*_PARTIAL}
        if partial and ({mine.kind, theirs.kind} - partial != {"epoch"} or mine.metric != theirs.metric):
            continue
        if one.predicted is not None and other.predicted is not None:
            yield one, other


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
    smallest = len(_PARTS) + len(_PARTS)
    for parts in _subsets(_differing(one.logged.went_in, other.logged.went_in)):
        if len(parts) > smallest:
            break
        for mine, theirs in ((one, other), (other, one)):
            for axes in _axes(recording, mine, theirs, parts, predict):
                codes = (*(_code(part, recording, one, other) for part in parts), *axes)
                if len(codes) < smallest:
                    found, smallest = {}, len(codes)
                if len(codes) == smallest:
                    found.setdefault(codes)
    return tuple(found)


def _differing(one: WentIn, other: WentIn) -> tuple[str, ...]:
    return tuple(
        part for part, names in _PARTS.items() if any(getattr(one, n) != getattr(other, n) for n in names)
    )


def _subsets(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(len(parts) + 1):
        yield from itertools.combinations(parts, size)


def _axes(
    recording: Recording, mine: Number, theirs: Number, parts: tuple[str, ...], predict: Predict
) -> Iterator[tuple[str, ...]]:
    """Yield sets of axes whose rules have to be exchanged as well; an empty one if no rule has to."""
    taken: dict[str, Any] = {
        name: getattr(theirs.logged.went_in, name) for part in parts for name in _PARTS[part]
    }
    inputs = recording.inputs(replace(mine.logged.went_in, **taken))
    if inputs is None or theirs.predicted is None:
        return
    call = case_of(recording.run, "exchanged", inputs).call()
    one, other = (predict(number.cell.implementation, call) for number in (mine, theirs))
    if one is None or other is None:
        return
    if one.predicted.same_as(theirs.predicted):
        yield ()
    elif other.predicted.same_as(theirs.predicted):
        yield from Exchange(call, {}).causes(one.side, other.side)


def _code(part: str, recording: Recording, one: Number, other: Number) -> str:
    """Return the code of what is exchanged."""
    if part == "samples":
        return _samples(one, other)
    if part == "weighted":
        return "class-weight" if recording.run.get("class_weight") else "sample-weight"
    return {"weights": "moving-weights", "mode": "training-mode", "parameters": "threshold"}[part]


def _samples(one: Number, other: Number) -> str:
    mine, theirs = one.logged.went_in, other.logged.went_in
    if mine.data != theirs.data:
        return "validation-samples"
    if "running" in (one.logged.kind, other.logged.kind):
        return "batches-so-far"
    counts = Counter(mine.samples), Counter(theirs.samples)
    if any(number > 1 for count in counts for number in count.values()):
        return "repeated-samples"
    return "batches" if counts[0] == counts[1] else "dropped-remainder"
