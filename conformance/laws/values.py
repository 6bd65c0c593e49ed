"""Laws about the value itself: perfect predictions, the range."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call, Update
from conformance.adapters.derive import is_float
from conformance.laws.labels import score_columns, thresholds
from conformance.laws.model import Variant
from conformance.laws.samples import with_updates


def perfect(call: Call) -> Iterator[Variant]:
    """Yield the case with predictions that equal its targets; 1 is expected."""
    # Scores of 0 and 1 are perfect where the threshold parts them.
    inside = all(0 <= threshold < 1 for threshold in thresholds(call))
    if not inside or not any(update.y_true.size for update in call.updates):
        return
    updates = []
    for update in call.updates:
        y_pred = _as_the_targets_say(update, call.task)
        if y_pred is None:
            return
        updates.append(replace(update, y_pred=y_pred))
    answers = with_updates(call, updates)
    yield Variant("perfect predictions", answers, answers, lambda value, axes: _each(value, lambda number: 1))


def _as_the_targets_say(update: Update, task: str) -> NDArray[Any] | None:
    """Return predictions that say exactly what the targets say, in the shape and dtype of the case's own.

    None where there are none: targets that are no labels, or that the dtype does not hold.
    """
    truth, scores = update.y_true, update.y_pred
    if truth.dtype.kind == scores.dtype.kind == "U":
        return truth if truth.shape == scores.shape else None
    if truth.dtype.kind not in "biu" and not is_float(truth):
        return None
    values = truth.astype(float)
    columns = score_columns(update)
    if task == "multiclass" and columns is not None and truth.shape != scores.shape:
        classes = np.ravel(values)
        if len(classes) != len(scores) or not np.isin(classes, range(columns)).all():
            return None
        return np.asarray(np.eye(columns)[classes.astype(int)]).astype(scores.dtype)
    if task == "multiclass" and columns is None and is_float(scores):
        return None
    labels = np.isin(values, (0, 1)) if task != "multiclass" or columns else values == np.floor(values)
    if truth.size != scores.size or not labels.all() or scores.dtype.kind == "U":
        return None
    values = values.reshape(scores.shape)
    answers: NDArray[Any] = values.astype(scores.dtype)
    return answers if (answers.astype(float) == values).all() else None


def within(call: Call) -> Iterator[Variant]:
    """Yield the case itself; a value between 0 and 1 is expected."""

    def clipped(number: Any) -> Any:
        return 0 if number != number else min(max(number, 0), 1)

    yield Variant("", call, call, lambda value, axes: _each(value, clipped))


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    return [_each(item, change) for item in value] if isinstance(value, list) else change(value)
