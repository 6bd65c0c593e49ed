"""Where Keras 3 on TensorFlow leaves its documentation (line numbers of 3.15.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.conditions import (
    SCALAR_WEIGHT,
    SCORES_NOT_FLOAT32,
    TARGETS_BEYOND_INT32,
    Condition,
    any_array,
    any_update,
    has_infinity,
    has_minus_zero,
    has_nan,
    has_subnormal,
)
from conformance.frameworks.keras_family.errors import NOT_FLOAT32
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Departure, Finding, Raising
from conformance.oracle.numbers import Array, cast, holds, is_float, is_text
from conformance.oracle.rules import label_domain, special_values, threshold_precision, weights

FINDINGS = findings_in(__package__ or "")
THRESHOLD_ROUNDED = FINDINGS["keras-threshold-is-rounded-to-float32"]
TOP_K_FLOAT32 = FINDINGS["keras-top-k-takes-float32-only"]
SCALAR_WEIGHS_UPDATE = FINDINGS["keras-scalar-weight-averages-batch-means"]
TARGETS_CAST = FINDINGS["keras-accuracy-casts-targets-to-the-dtype-of-predictions"]
CLASSES_CONFUSED = FINDINGS["keras-classes-are-confused-in-the-dtype-of-scores"]
CLASSES_WRAP_AT_32_BITS = FINDINGS["keras-class-numbers-wrap-around-in-32-bits"]
INFINITY_VOIDS = FINDINGS["keras-top-k-misses-rows-with-an-infinite-score"]
NAN_LOSES = FINDINGS["keras-nan-never-wins-an-argmax-on-tensorflow"]
ZERO_BELOW_ZERO = FINDINGS["keras-minus-zero-is-below-zero-in-an-argmax"]
SUBNORMALS_FLUSHED = FINDINGS["keras-subnormal-numbers-are-zero"]


def _threshold_matters(call: Call, parameters: Mapping[str, Any]) -> bool:
    # A threshold that float32 and the dtype of the scores hold exactly is rounded in neither.
    threshold = parameters["threshold"]
    return SCORES_NOT_FLOAT32(call, parameters) and (
        not isinstance(threshold, float)
        or any(
            update.y_pred.dtype.kind in "iu"
            or not holds("float32", threshold)
            or (is_float(update.y_pred) and not holds(update.y_pred.dtype.name, threshold))
            for update in call.updates
        )
    )


def _numbers(update: Update) -> bool:
    return not is_text(update.y_true) and not is_text(update.y_pred)


def _targets_change(update: Update) -> bool:
    return _numbers(update) and _changes(update.y_true, update.y_pred.dtype.name)


def _columns_change(update: Update) -> bool:
    columns = update.y_pred.shape[-1] if update.y_pred.ndim else 0
    return _numbers(update) and _changes(np.arange(columns), update.y_pred.dtype.name)


def _changes(numbers: Array, name: str) -> bool:
    """Whether a cast to a dtype makes another number of one of these."""
    wide = cast(numbers, "float64")
    back = cast(cast(numbers, name), "float64")
    return bool(np.any((wide != back) & ~(np.isnan(wide) & np.isnan(back))))


def _special(finding: Finding, holds_for: Condition) -> Departure:
    return Departure(finding, special_values.NAN_LOSES.source(finding.place), holds_for)


SCALAR_WEIGHT_OF_UPDATE = Departure(
    SCALAR_WEIGHS_UPDATE,
    Amendment.of(weights.AXIS, scalar_weighs_mean=True),
    SCALAR_WEIGHT,
)
#: Of every metric.
EVERYWHERE = (
    SCALAR_WEIGHT_OF_UPDATE,
    _special(SUBNORMALS_FLUSHED, any_array(has_subnormal, "y_true", "y_pred")),
)
ROUNDED_THRESHOLD = Departure(
    THRESHOLD_ROUNDED,
    threshold_precision.THRESHOLD_IN_FLOAT32.source(THRESHOLD_ROUNDED.place),
    _threshold_matters,
)
CAST_TARGETS = Departure(
    TARGETS_CAST,
    Amendment.of(label_domain.AXIS, dtype="predictions", decided=False),
    any_update(_targets_change),
)
CONFUSED_CLASSES = Departure(
    CLASSES_CONFUSED,
    Amendment.of(label_domain.AXIS, dtype="predictions"),
    any_update(lambda update: _targets_change(update) or _columns_change(update)),
)
CONFUSED_ONE_HOT_CLASSES = Departure(
    CLASSES_CONFUSED,
    Amendment.of(label_domain.AXIS, dtype="predictions", decided=True),
    any_update(_columns_change),
)
WRAPPED_CLASSES = Departure(
    CLASSES_WRAP_AT_32_BITS,
    Amendment.of(label_domain.AXIS, dtype="int32"),
    TARGETS_BEYOND_INT32,
)
_NAN = _special(NAN_LOSES, any_array(has_nan, "y_true", "y_pred"))
IN_ARGMAX = (_NAN, _special(ZERO_BELOW_ZERO, any_array(has_minus_zero, "y_true", "y_pred")))
IN_TOP_K = (
    Departure(TOP_K_FLOAT32, Raising(NOT_FLOAT32), SCORES_NOT_FLOAT32),
    _special(INFINITY_VOIDS, any_array(has_infinity, "y_pred")),
    _NAN,
)
#: The argmax of one-hot targets, where scores have none.
IN_ONE_HOT = (_special(ZERO_BELOW_ZERO, any_array(has_minus_zero, "y_true")),)
