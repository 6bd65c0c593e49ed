"""When Keras 3 on TensorFlow leaves its documentation: conditions of the departures in definitions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.conditions import SCORES_NOT_FLOAT32, always, any_update
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Departure
from conformance.oracle.numbers import Array, cast, holds, is_float, is_text, name_of

_FINDINGS = findings_in(__package__ or "")


def threshold_is_rounded(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether float32 or the dtype of the scores does not hold the threshold exactly."""
    threshold = parameters["threshold"]
    return SCORES_NOT_FLOAT32(call, parameters) and (
        not isinstance(threshold, float)
        or any(
            update.y_pred.dtype.kind in "iu"
            or not holds("float32", threshold)
            or (is_float(update.y_pred) and not holds(name_of(update.y_pred.dtype), threshold))
            for update in call.updates
        )
    )


def _targets_change(update: Update) -> bool:
    return _changes(update.y_true, update)


def _columns_change(update: Update) -> bool:
    return _changes(np.arange(update.y_pred.shape[-1] if update.y_pred.ndim else 0), update)


def _changes(numbers: Array, update: Update) -> bool:
    """Whether a cast to the dtype of the predictions may make another number of one of these.

    A model has float32 outputs, whatever the dtype of its inputs; whether a call has one is not asked here.
    """
    if is_text(update.y_true) or is_text(update.y_pred):
        return False
    wide = cast(numbers, "float64")
    casts = (cast(cast(numbers, name), "float64") for name in (name_of(update.y_pred.dtype), "float32"))
    return not all(np.array_equal(wide, back, equal_nan=True) for back in casts)


def _changes_on_the_way(update: Update) -> bool:
    """Whether targets are strings, or a cast by way of the dtype of the predictions changes an integer."""
    if is_text(update.y_true) or is_text(update.y_pred):
        return is_text(update.y_true)
    through = cast(cast(update.y_true, name_of(update.y_pred.dtype)), "int32")
    return not np.array_equal(cast(update.y_true, "int64"), through)


TARGETS_CHANGE = any_update(_targets_change)
COLUMNS_CHANGE = any_update(_columns_change)
targets_change_on_the_way = any_update(_changes_on_the_way)
CLASSES_CHANGE = any_update(lambda update: _targets_change(update) or _columns_change(update))


#: Of metrics over two replicas.
MIRRORED = (
    Departure(
        _FINDINGS["keras-mirrored-metrics-read-the-first-replica"],
        Amendment.of("accumulation", merged="first"),
        always,
        "<3.7",
    ),
    Departure(
        _FINDINGS["keras-mirrored-metrics-count-earlier-updates-again"],
        Amendment.of("accumulation", merged="each-step"),
        always,
        ">=3.7,<3.10",
    ),
)
