"""What would tell two ways to get a number apart: one more sample, weights, or batches, tried on both."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.ask.explanation import Explanation
from conformance.ask.variants import Search
from conformance.oracle.numbers import Array, is_float, is_text
from conformance.oracle.repeated import Repeated

if TYPE_CHECKING:
    from conformance.ask.explained import Match

#: For so many pairs an input is sought on which they differ.
_PAIRS = 3
#: So many ways to get the number by a change are looked at.
_CHANGES = 3
#: Of more kinds of samples nothing is tried.
_MOST_KINDS = 3_000


@dataclass(frozen=True)
class Apart:
    """What tells two apart.

    Attributes:
        one: an implementation, with what is changed.
        other: another one.
        probe: what to try, in words.
        values: what both give then.
    """

    one: str
    other: str
    probe: str
    values: tuple[float, float]

    @property
    def says(self) -> str:
        """The same in a sentence."""
        return f"{self.probe}: {self.one} gives {self.values[0]:.6g}, {self.other} gives {self.values[1]:.6g}"


#: In words, and what it gives on another call: a number, or None.
_Way = tuple[str, Callable[[Call], Any]]


def told_apart(
    search: Search, matches: Sequence[Match], explanations: Sequence[Explanation]
) -> tuple[Apart, ...]:
    """Return what tells the likeliest way to get a number apart from others, if anything that is tried does."""
    if len(search.kinds.updates[0].y_true) > _MOST_KINDS:
        return ()
    ways = [*_ways(search, matches, explanations)]
    others, found = ways[1:], list[Apart]()
    for probe, call in _probes(search.kinds) if others else ():
        mine = _number(ways[0][1](call))
        if mine is None:
            continue
        values = [(other, _number(other[1](call))) for other in others]
        apart = [(name, theirs) for (name, _), theirs in values if theirs is not None and theirs != mine]
        if apart:
            found.append(Apart(ways[0][0], apart[0][0], probe, (mine, apart[0][1])))
            others = [other for other, theirs in values if theirs is None or theirs == mine]
        if len(found) == _PAIRS or not others:
            break
    return tuple(found)


def _number(value: Any) -> float | None:
    return None if value is None or isinstance(value, list) else float(value)


def _ways(search: Search, matches: Sequence[Match], explanations: Sequence[Explanation]) -> Iterator[_Way]:
    """Yield the first match, what else gives the number, and matches that follow other rules than the first."""
    known = {entry.id: (entry, release) for entry, release in search.asked}

    def of_match(match: Match) -> _Way:
        entry, release = known[match.implementation]
        return match.implementation, lambda call: search.value_on(call, entry, release)

    def of_change(one: Explanation) -> _Way:
        return f"{one.implementation}, but {one.says},", lambda call: search.explained_on(call, one)

    # Those that follow the same rules give the same whatever is tried.
    distinct: dict[Hashable, Match] = {}
    for match in matches:
        distinct.setdefault(search.rules(*known[match.implementation]), match)
    others = [*distinct.values()]
    yield from map(of_match, others[:1])
    yield from map(of_change, explanations[:_CHANGES])
    yield from map(of_match, others[1:])


def _probes(kinds: Call) -> Iterator[tuple[str, Call]]:
    """Yield what may tell two apart, in words, and the call with it."""
    (update,) = kinds.updates
    if not is_text(update.y_true) and not is_text(update.y_pred):
        for words, true, pred in _samples(kinds, update):
            yield f"One more sample with {words}", replace(kinds, updates=(_with(update, true, pred),))
    if isinstance(update, Repeated):
        return  # samples of one kind have no place of their own
    samples = len(update.y_true)
    if update.sample_weight is None:
        weights = np.resize([1.0, 3.0], samples)
        yield (
            "Weights of 1, 3, 1, 3 and so on",
            replace(kinds, updates=(replace(update, sample_weight=weights),)),
        )
    if samples > 2:
        parts = _part(update, slice(samples // 3)), _part(update, slice(samples // 3, None))
        sizes = samples // 3, samples - samples // 3
        yield f"Batches of {sizes[0]} and {sizes[1]}", replace(kinds, updates=parts, batches=sizes)


def _samples(kinds: Call, update: Update) -> Iterator[tuple[str, Any, Any]]:
    """Yield samples: in words, the target and the prediction."""
    true, pred = update.y_true, update.y_pred
    columns = pred.shape[1] if pred.ndim == 2 else 1
    threshold = kinds.parameters.get("threshold", 0.5)
    if columns == 1 and is_float(pred):
        # Rounding decides at 0.5, whatever the threshold is.
        for score in dict.fromkeys((threshold, 0.5, 2.0, 0.75, 0.25, 1.0)):
            for target in (1, 0):
                outside = ", which lies outside [0, 1]," if score == 2.0 else ""
                exactly = "exactly " if score in (threshold, 0.5) else ""
                yield f"a score of {exactly}{score}{outside} and the target {target}", target, score
    elif columns == 1 and true.size == len(true):
        labels = [int(label) for label in np.unique(true)[:3].tolist()]
        for target in labels:
            for label in (*labels, labels[-1] + 1):
                yield f"the target {target} and the prediction {label}", target, label
    elif columns > 1 and is_float(pred):
        yield from _rows(kinds.task, true, columns, threshold)


def _rows(task: str, true: Array, columns: int, threshold: float) -> Iterator[tuple[str, Any, Any]]:
    low = np.full(columns, 0.1)
    if task == "multilabel":
        for words, scores, labels in (
            ("two scores above the threshold and one label", (0.9, 0.9), (1, 0)),
            ("one score above the threshold and two labels", (0.9, 0.1), (1, 1)),
            (f"a score of exactly {threshold} and its label", (threshold, 0.1), (1, 0)),
        ):
            row, target = low.copy(), np.zeros(columns)
            row[:2], target[:2] = scores, labels
            yield words, target, row
        return
    one_hot = true.ndim == 2 and true.shape[1] > 1
    for words, scores, label in (
        ("its highest score, 0.9, at class 0 and the target 0", (0.9, 0.1), 0),
        ("its highest score, 0.9, at class 0 and the target 1", (0.9, 0.1), 1),
        ("the same highest score at the classes 0 and 1 and the target 1", (0.4, 0.4), 1),
        ("no score above 0.5, the highest at class 1, and the target 1", (0.2, 0.4), 1),
        ("a score of 2.0, which lies outside [0, 1], at class 0 and the target 0", (2.0, 0.1), 0),
    ):
        row = low.copy()
        row[:2] = scores
        yield words, np.eye(columns)[label] if one_hot else label, row


def _with(update: Update, true: Any, pred: Any) -> Update:
    """Return an update with one more sample, of weight 1."""

    def longer(array: Array, value: Any) -> Array:
        last = np.asarray(value, dtype=array.dtype)
        return np.concatenate([array, np.broadcast_to(last, (1, *array.shape[1:]))])

    weight = None if update.sample_weight is None else longer(update.sample_weight, 1)
    arrays: dict[str, Any] = {
        "y_true": longer(update.y_true, true),
        "y_pred": longer(update.y_pred, pred),
        "sample_weight": weight,
    }
    if isinstance(update, Repeated):
        arrays |= {"times": longer(update.times, 1), "first": longer(update.first, 0)}
    return replace(update, **arrays)


def _part(update: Update, some: slice) -> Update:
    names = ("y_true", "y_pred", "sample_weight", "times", "first")
    arrays = {name: getattr(update, name, None) for name in names}
    return replace(update, **{name: array[some] for name, array in arrays.items() if array is not None})
