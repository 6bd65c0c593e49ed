"""Laws about what the labels are called: other names for the classes, positive and negative exchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call, Update
from conformance.adapters.derive import is_float
from conformance.laws.model import Axes, Variant, along
from conformance.laws.samples import with_updates

Array = NDArray[Any]

#: Farther from a threshold than this, no rounding of 1 - p to any dtype leads across it.
_NEAR = 0.01


def score_columns(update: Update) -> int | None:
    """Return the number of columns of a table of scores; None where y_pred is no such table."""
    if update.y_pred.ndim != 2 or not is_float(update.y_pred) or update.y_pred.shape[1] < 2:
        return None
    return int(update.y_pred.shape[1])


def renamed(call: Call) -> Iterator[Variant]:
    """Yield the case with other names for its classes."""
    if "labels" in call.parameters or not call.updates:
        return
    if call.task == "multilabel":
        yield from _columns_reversed(call)
    elif call.task == "multiclass":
        columns = {score_columns(update) for update in call.updates}
        if len(columns) == 1 and (count := columns.pop()) is not None:
            yield from _classes_of_scores(call, count)
        elif all(_are_labels(update) for update in call.updates):
            yield from _classes_of_labels(call)


def _columns_reversed(call: Call) -> Iterator[Variant]:
    shapes = {array.shape[1:] for update in call.updates for array in (update.y_true, update.y_pred)}
    if len(shapes) == 1 and len(shape := shapes.pop()) == 1 and shape[0] > 1:
        turned = [replace(u, y_true=u.y_true[:, ::-1], y_pred=u.y_pred[:, ::-1]) for u in call.updates]
        names = _reversed(shape[0])
        yield Variant("the labels in reverse order", call, with_updates(call, turned), _by_class(names))


def _classes_of_scores(call: Call, columns: int) -> Iterator[Variant]:
    ignored = call.parameters.get("ignore_index")
    updates = []
    for update in call.updates:
        truth = update.y_true
        if truth.shape == update.y_pred.shape:
            truth = truth[:, ::-1]
        else:
            inside = (
                (truth >= 0) & (truth < columns) if truth.dtype.kind in "iu" else np.zeros(truth.shape, bool)
            )
            if not (inside | (truth == ignored)).all():
                return
            truth = np.where(inside, columns - 1 - truth, truth).astype(truth.dtype)
        updates.append(replace(update, y_true=truth, y_pred=update.y_pred[:, ::-1]))
    names = _reversed(columns)
    renamed = with_updates(_with_ignored(call, names), updates)
    yield Variant("the classes in reverse order", call, renamed, _by_class(names))


def _reversed(count: int) -> dict[Any, Any]:
    return dict(zip(range(count), reversed(range(count)), strict=True))


def _are_labels(update: Update) -> bool:
    """Whether targets and predictions have one label per sample."""
    shape = update.y_true.shape
    kinds = {array.dtype.kind for array in (update.y_true, update.y_pred)}
    return shape == update.y_pred.shape and shape[1:] in ((), (1,)) and (kinds <= set("iu") or kinds == {"U"})


def _classes_of_labels(call: Call) -> Iterator[Variant]:
    present = np.unique(np.concatenate([np.ravel(a) for u in call.updates for a in (u.y_true, u.y_pred)]))
    if len(present) < 2 or present.dtype.kind not in "iuU":
        return
    names = dict(zip(present.tolist(), present[::-1].tolist(), strict=True))
    updates = []
    for update in call.updates:
        y_true, y_pred = _named(update.y_true, present), _named(update.y_pred, present)
        if y_true is None or y_pred is None:
            return
        updates.append(replace(update, y_true=y_true, y_pred=y_pred))
    renamed = with_updates(_with_ignored(call, names), updates)
    yield Variant("the labels that occur in reverse order", call, renamed, _by_class(names))


def _named(array: Array, present: Array) -> Array | None:
    """Return the labels by their new names, or None where the dtype of the array does not hold these."""
    renamed: Array = present[::-1][np.searchsorted(present, array)]
    if array.dtype.kind == "U":
        return renamed
    kept = renamed.astype(array.dtype)
    return kept if (kept == renamed).all() else None


def _with_ignored(call: Call, names: dict[Any, Any]) -> Call:
    ignored = call.parameters.get("ignore_index")
    if ignored not in names:
        return call
    return replace(call, parameters={**call.parameters, "ignore_index": names[ignored]})


def _by_class(names: Mapping[Any, Any]) -> Callable[[Any, Axes], Any]:
    """Expect the entries of a vector over classes in another order; a class without a new name keeps its place."""

    def reordered(entries: list[Any]) -> list[Any]:
        places = [names.get(place, place) for place in range(len(entries))]
        return [entries[place] if place in range(len(entries)) else None for place in places]

    return lambda value, axes: along("class", axes, value, reordered)


def flipped(call: Call) -> Iterator[Variant]:
    """Yield the case with positive and negative exchanged."""
    if call.task != "binary" or "labels" in call.parameters or not call.updates:
        return
    parameters = dict(call.parameters)
    if "threshold" in parameters:
        turned = [1 - threshold for threshold in thresholds(call)]
        if [1 - threshold for threshold in turned] != thresholds(call):
            return
        parameters["threshold"] = turned if isinstance(parameters["threshold"], list) else turned[0]
    if parameters.get("ignore_index") in (0, 1):
        parameters["ignore_index"] = 1 - parameters["ignore_index"]
    updates = []
    for update in call.updates:
        y_true, y_pred = (
            _complement(update.y_true),
            _complement(update.y_pred, thresholds(call)),
        )
        if y_true is None or y_pred is None or not np.isin(update.y_true, (0, 1)).all():
            return
        updates.append(replace(update, y_true=y_true, y_pred=y_pred))
    too = ", and the threshold t into 1 - t" if "threshold" in parameters else ""
    exchanged = replace(with_updates(call, updates), parameters=parameters)
    yield Variant(f"0 and 1 exchanged, each score p turned into 1 - p{too}", call, exchanged)


def thresholds(call: Call) -> list[float]:
    """Return the thresholds that a call names, 0.5 where it names none."""
    named = call.parameters.get("threshold", 0.5)
    return named if isinstance(named, list) else [named]


def _complement(array: Array, thresholds: Sequence[float] = (0.5,)) -> Array | None:
    """Return 1 - x for each number; None where one lies outside [0, 1], or where rounding might decide.

    1 - x falls where x rises. Near the threshold it has to lead back to x, so that no two numbers become one.
    """
    if array.dtype.kind == "b":
        return ~array
    if array.dtype.kind not in "iu" and not is_float(array):
        return None
    if not ((array >= 0) & (array <= 1)).all():
        return None
    turned = (1 - array).astype(array.dtype)
    distances = (abs(array.astype(float) - threshold) for threshold in thresholds)
    near = np.any([distance < _NEAR for distance in distances], axis=0)
    return turned if bool(((1 - turned).astype(array.dtype) == array)[near].all()) else None
