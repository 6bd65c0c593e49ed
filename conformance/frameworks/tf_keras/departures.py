"""When Keras 2 leaves its documentation: conditions of the departures in definitions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.conditions import any_update
from conformance.oracle.numbers import (
    Array,
    cast,
    dtype,
    holds,
    is_float,
    is_text,
    is_whole,
    largest_count,
    name_of,
    without_subnormals,
)


def _changed(array: Array, name: str) -> bool:
    """Whether a cast to this dtype changes a number, or makes one subnormal, which counts as zero."""
    if is_text(array) or array.dtype == dtype(name):
        return False
    given, rounded = (cast(without_subnormals(a), "float64") for a in (array, cast(array, name)))
    return not np.array_equal(given, rounded, equal_nan=True) or (
        is_whole(array) and not np.array_equal(array, cast(rounded, name_of(array.dtype)))
    )


def data_change(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a cast to the dtype of the metric changes targets or scores, or confuses classes."""
    name = call.metric_dtype or "float32"
    return any(
        _changed(update.y_true, name)
        or _changed(update.y_pred, name)
        or (update.y_pred.shape or (0,))[-1] > largest_count(name)
        for update in call.updates
    )


def _threshold_changes(call: Call, parameters: Mapping[str, Any]) -> bool:
    threshold = parameters.get("threshold", 0.5)
    return bool(float(np.float32(threshold)) != threshold)


def only_threshold_changes(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a cast changes the threshold, but no data."""
    return not data_change(call, parameters) and (
        _threshold_changes(call, parameters)
        or _wider_than_scores(call, parameters)
        or not holds(call.metric_dtype or "float32", parameters["threshold"])
    )


def _wider_than_scores(call: Call, parameters: Mapping[str, Any]) -> bool:
    scores = [update.y_pred for update in call.updates if is_float(update.y_pred)]
    return any(not holds(name_of(array.dtype), parameters["threshold"]) for array in scores)


def threshold_is_truncated(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a negative threshold is compared with integers."""
    return bool(parameters["threshold"] < 0) and _kinds(call) <= set("iu")


def scores_and_threshold_change(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether float32 does not hold the threshold of scores that are floats."""
    return _threshold_changes(call, parameters) and not _kinds(call) & set("iub")


def _kinds(call: Call) -> set[str]:
    return {update.y_pred.dtype.kind for update in call.updates}


@any_update
def one_class(update: Update) -> bool:
    """Whether scores have one axis more than targets, of one class."""
    return update.y_pred.ndim == update.y_true.ndim + 1 and update.y_pred.shape[-1] == 1


@any_update
def classes_overflow(update: Update) -> bool:
    """Whether the dtype of the targets does not hold every class."""
    classes = np.arange((update.y_pred.shape or (0,))[-1])
    return not is_text(update.y_true) and not np.array_equal(
        classes, cast(cast(classes, name_of(update.y_true.dtype)), "int64")
    )
