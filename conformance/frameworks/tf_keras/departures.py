"""Where Keras 2 leaves its documentation (line numbers of tf_keras 2.21.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.conditions import (
    SCORES_NOT_FLOAT32,
    TARGETS_BEYOND_INT32,
    WEIGHTED,
    Condition,
    any_update,
    metric_not_float32,
)
from conformance.frameworks.keras_family.errors import BOOL_TOP_K, NOT_FLOAT32
from conformance.frameworks.tf_keras import shape as shape_tf_keras
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Behaviour, Departure, Finding, Raising
from conformance.oracle.numbers import (
    Array,
    cast,
    holds,
    is_float,
    is_text,
    is_whole,
    largest_count,
    without_subnormals,
)
from conformance.oracle.rules import label_domain, threshold_precision, unit

FINDINGS = findings_in(__package__ or "")
DATA_ROUNDED = FINDINGS["tf-keras-data-are-rounded-to-the-dtype-of-the-metric"]
THRESHOLD_ROUNDED = FINDINGS["tf-keras-threshold-is-rounded-to-float32"]
THRESHOLD_TRUNCATED = FINDINGS["tf-keras-threshold-is-cut-off-for-integers"]
WEIGHTS_COUNTED_ONCE = FINDINGS["tf-keras-accuracy-above-one-with-broadcast-weights"]
ONE_CLASS = FINDINGS["tf-keras-scores-of-one-class-are-squeezed-away"]
TOP_K_FLOAT32 = FINDINGS["tf-keras-top-k-takes-float32-only"]
NO_BOOLEANS = FINDINGS["tf-keras-binary-accuracy-refuses-booleans"]
CLASSES_WRAP = FINDINGS["tf-keras-classes-wrap-around-in-the-dtype-of-targets"]
CLASSES_WRAP_AT_32_BITS = FINDINGS["tf-keras-class-numbers-wrap-around-in-32-bits"]


def _changed(array: Array, name: str) -> bool:
    """Whether a cast to this dtype changes a number, or makes one subnormal, which counts as zero."""
    if is_text(array):
        return False
    given, rounded = (cast(without_subnormals(a), "float64") for a in (array, cast(array, name)))
    return not np.array_equal(given, rounded, equal_nan=True) or (
        is_whole(array) and not np.array_equal(array, cast(rounded, array.dtype.name))
    )


def _data_change(call: Call, parameters: Mapping[str, Any]) -> bool:
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


def _only_threshold_changes(call: Call, parameters: Mapping[str, Any]) -> bool:
    return not _data_change(call, parameters) and (
        _threshold_changes(call, parameters)
        or _wider_than_scores(call, parameters)
        or not holds(call.metric_dtype or "float32", parameters["threshold"])
    )


def _wider_than_scores(call: Call, parameters: Mapping[str, Any]) -> bool:
    scores = [update.y_pred for update in call.updates if is_float(update.y_pred)]
    return any(not holds(array.dtype.name, parameters["threshold"]) for array in scores)


def _threshold_is_truncated(call: Call, parameters: Mapping[str, Any]) -> bool:
    return bool(parameters["threshold"] < 0) and _kinds(call) <= set("iu")


def _scores_and_threshold_change(call: Call, parameters: Mapping[str, Any]) -> bool:
    return _threshold_changes(call, parameters) and not _kinds(call) & set("iub")


def _kinds(call: Call) -> set[str]:
    return {update.y_pred.dtype.kind for update in call.updates}


def _one_class(update: Update) -> bool:
    return update.y_pred.ndim == update.y_true.ndim + 1 and update.y_pred.shape[-1] == 1


def _classes_overflow(update: Update) -> bool:
    classes = np.arange((update.y_pred.shape or (0,))[-1])
    return not is_text(update.y_true) and not np.array_equal(
        classes, cast(cast(classes, update.y_true.dtype.name), "int64")
    )


def _one(finding: Finding, rule: Behaviour, holds_for: Condition) -> Departure:
    return Departure(finding, rule.source(finding.place), holds_for)


def _not_float32(holds_for: Condition) -> Departure:
    return Departure(TOP_K_FLOAT32, Raising(NOT_FLOAT32), holds_for)


_IN_METRIC_DTYPE = threshold_precision.ALL_IN_METRIC_DTYPE
_THROUGH_FLOAT32 = threshold_precision.THRESHOLD_THROUGH_FLOAT32

OF_CLASSES = (
    _one(DATA_ROUNDED, _IN_METRIC_DTYPE, _data_change),
    _one(WEIGHTS_COUNTED_ONCE, unit.PART_COUNTED_ONCE, WEIGHTED),
)
BINARY_METRIC = (_one(THRESHOLD_ROUNDED, _IN_METRIC_DTYPE, _only_threshold_changes),)
ONE_COLUMN = (_one(ONE_CLASS, shape_tf_keras.CLASSES_AFTER_SQUEEZE, any_update(_one_class)),)
ONE_COLUMN_TOP_K = (_one(ONE_CLASS, shape_tf_keras.FLAT_SAMPLES_AFTER_SQUEEZE, any_update(_one_class)),)
TOP_K_METRIC = (_not_float32(metric_not_float32),)
BINARY_FUNCTION = (
    _one(THRESHOLD_ROUNDED, _THROUGH_FLOAT32, _scores_and_threshold_change),
    _one(THRESHOLD_TRUNCATED, _THROUGH_FLOAT32, _threshold_is_truncated),
    Departure(
        NO_BOOLEANS,
        Raising(BOOL_TOP_K),
        any_update(lambda update: update.y_pred.dtype.kind == "b"),
    ),
)
SPARSE_FUNCTION = (
    Departure(
        CLASSES_WRAP,
        Amendment.of(label_domain.AXIS, decided=True),
        any_update(_classes_overflow),
    ),
)
TOP_K_FUNCTION = (_not_float32(SCORES_NOT_FLOAT32),)
SPARSE_TOP_K_FUNCTION = (
    Departure(
        CLASSES_WRAP_AT_32_BITS,
        Amendment.of(label_domain.AXIS, dtype="int32"),
        TARGETS_BEYOND_INT32,
    ),
    _not_float32(SCORES_NOT_FLOAT32),
)
