"""Where Keras 2 leaves its documentation (tf_keras 2.21.0): the findings, and when they show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.frameworks.tf_keras import errors as refusal_tf_keras
from conformance.frameworks.tf_keras import shape as shape_tf_keras
from conformance.oracle.model import Behaviour, Departure, Finding
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
from conformance.oracle.rules import label_domain, threshold_precision, unit_parts

METRICS = "tf_keras/src/metrics/accuracy_metrics.py"
BASE = "tf_keras/src/metrics/base_metric.py"
MATCHES = "tf_keras/src/utils/metrics_utils.py"
LOSSES = "tf_keras/src/utils/losses_utils.py"
DOCS = "https://www.tensorflow.org/api_docs/python/tf/keras/metrics"

DATA_ROUNDED = Finding(
    id="tf-keras-data-are-rounded-to-the-dtype-of-the-metric",
    kind="defect",
    title="Metrics round targets and predictions to their own dtype, float32 by default, before they compare them",
    condition="y_true or y_pred holds a number that the metric's dtype does not hold, such as a float64 score or a "
    "class number beyond 2^24; or there are more classes than the dtype can count.",
    says="update_state casts both to the metric's dtype first. Accuracy takes 16777217 and 16777216 for the same "
    "label, a float64 score just above the threshold is not above it, and two different scores tie.",
    claims=f'"dtype: (Optional) data type of the metric result." and "Calculates how often predictions equal labels." '
    f"({DOCS}/Accuracy)",
    place=f"{BASE}:707-708",
)
THRESHOLD_ROUNDED = Finding(
    id="tf-keras-threshold-is-rounded-to-float32",
    kind="defect",
    title="BinaryAccuracy rounds its threshold to float32, even for float64 scores and dtype='float64'",
    condition="float32, the dtype of the scores or that of the metric does not hold the threshold exactly.",
    says="update_state casts scores to the metric's dtype, where they are compared. tf.cast makes a float32 tensor of "
    "a Python float before it casts it to the dtype of the scores, so that a float64 score equal to the threshold 0.7 "
    "is above it (float32(0.7) < 0.7).",
    claims='"threshold: (Optional) Float representing the threshold for deciding whether prediction values are 1 or '
    f'0." ({DOCS}/BinaryAccuracy)',
    place=f"{MATCHES}:932",
    see=("https://www.tensorflow.org/api_docs/python/tf/cast",),
)
THRESHOLD_CUT_OFF = Finding(
    id="tf-keras-threshold-is-cut-off-for-integers",
    kind="defect",
    title="binary_accuracy cuts its threshold off to an integer where predictions are integers",
    condition="y_pred of the function binary_accuracy holds integers and the threshold is negative.",
    says="The threshold is cast to the dtype of y_pred: -0.5 becomes 0, and the prediction 0 is no longer above it; "
    "for unsigned dtypes a negative threshold wraps around.",
    claims='"threshold: (Optional) Float representing the threshold for deciding whether prediction values are 1 or '
    f'0." ({DOCS}/binary_accuracy)',
    place=f"{MATCHES}:932",
)
WEIGHTS_COUNTED_ONCE = Finding(
    id="tf-keras-accuracy-above-one-with-broadcast-weights",
    kind="defect",
    title="Accuracy is greater than 1 where sample_weight is broadcast along the rows",
    condition="sample_weight has another shape than the matches and is broadcast against them by the multiplication "
    "alone: shape (1,) for matches of rank 3, or (1, K) for matches (N, 1).",
    says="The weights multiply every row and are summed as they are, once: total / count is up to N times the "
    "accuracy.",
    claims='"If the shape of `sample_weight` is `[batch_size, d0, .. dN-1]` (or can be broadcasted to this shape), '
    f'then each metric element of `y_pred` is scaled" ({DOCS}/MeanMetricWrapper)',
    place=f"{BASE}:511-540",
)
ONE_CLASS = Finding(
    id="tf-keras-scores-of-one-class-are-squeezed-away",
    kind="defect",
    title="Sparse metrics drop the class axis of scores that have one class only",
    condition="y_pred has one axis more than y_true, as documented, and its last dimension is 1.",
    says="squeeze_or_expand_dimensions drops the last axis before the metric looks for classes; SparseCategorical"
    "Accuracy then refuses every batch of more than one row, SparseTopKCategoricalAccuracy every batch, or both take "
    "the axis before it for the classes.",
    claims='"y_true: Ground truth label values. shape = `[batch_size, d0, .. dN-1]` ... y_pred: The predicted '
    f'probability values. shape = `[batch_size, d0, .. dN]`." ({METRICS}:236)',
    place=f"{BASE}:715, {LOSSES}:198",
)
TOP_K_FLOAT32 = Finding(
    id="tf-keras-top-k-takes-float32-only",
    kind="limitation",
    title="Top-k metrics refuse every dtype of their own but float32, top-k functions every dtype of y_pred",
    condition="A top-k metric is made with another dtype than float32, or y_pred given to a top-k function has another "
    "dtype (NumPy's default is float64).",
    says="tf.math.in_top_k has no kernel for other dtypes: InvalidArgumentError.",
    claims='"dtype: (Optional) data type of the metric result." and "y_pred: tensor of predicted targets." - no dtype '
    f"is asked for ({DOCS}/TopKCategoricalAccuracy)",
    place=f"{MATCHES}:1006",
    see=("https://www.tensorflow.org/api_docs/python/tf/math/in_top_k",),
)
NO_BOOLEANS = Finding(
    id="tf-keras-binary-accuracy-refuses-booleans",
    kind="limitation",
    title="binary_accuracy refuses boolean predictions, which BinaryAccuracy takes",
    condition="y_pred of the function binary_accuracy holds booleans.",
    says="tf.greater has no kernel for booleans, and only the class casts them to a float: InvalidArgumentError.",
    claims=f'"y_pred: The predicted values." - no dtype is asked for ({DOCS}/binary_accuracy)',
    place=f"{MATCHES}:932-933",
)
CLASSES_WRAP = Finding(
    id="tf-keras-classes-wrap-around-in-the-dtype-of-targets",
    kind="defect",
    title="sparse_categorical_accuracy casts the decided class to the dtype of the targets, where it may wrap around",
    condition="y_true of the function holds booleans, or a dtype that does not hold the number of every class.",
    says="Decided class 256 is class 0 beside uint8 targets, and with boolean targets every class but 0 is True.",
    claims=f'"Calculates how often predictions match integer labels." ({DOCS}/sparse_categorical_accuracy)',
    place=f"{MATCHES}:969-970",
)
CLASSES_WRAP_AT_32_BITS = Finding(
    id="tf-keras-class-numbers-wrap-around-in-32-bits",
    kind="defect",
    title="sparse_top_k_categorical_accuracy cuts class numbers off to 32 bits, where 2^32 becomes class 0",
    condition="y_true of the function holds a number beyond 32-bit integers.",
    says="Targets are cast to int32: 4294967296 counts as class 0 and is found among the top k, while any other "
    "number out of range is not.",
    claims='"Computes how often integer targets are in the top `K` predictions." '
    f"({DOCS}/sparse_top_k_categorical_accuracy)",
    place=f"{MATCHES}:1007",
)


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


def _threshold_is_cut_off(call: Call, parameters: Mapping[str, Any]) -> bool:
    return bool(parameters["threshold"] < 0) and _kinds(call) <= set("iu")


def _scores_and_threshold_change(call: Call, parameters: Mapping[str, Any]) -> bool:
    return _threshold_changes(call, parameters) and not _kinds(call) & set("iub")


def _kinds(call: Call) -> set[str]:
    return {update.y_pred.dtype.kind for update in call.updates}


def weighted(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether any update has weights."""
    return any(update.sample_weight is not None for update in call.updates)


def _one_class(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        update.y_pred.ndim == update.y_true.ndim + 1 and update.y_pred.shape[-1] == 1
        for update in call.updates
    )


def _metric_not_float32(call: Call, parameters: Mapping[str, Any]) -> bool:
    return call.metric_dtype not in (None, "float32")


def _scores_not_float32(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(update.y_pred.dtype.name != "float32" for update in call.updates)


def _boolean_scores(call: Call, parameters: Mapping[str, Any]) -> bool:
    return "b" in _kinds(call)


def _classes_do_not_fit(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        not is_text(update.y_true) and _too_many(update.y_true, update.y_pred) for update in call.updates
    )


def _too_many(y_true: Array, y_pred: Array) -> bool:
    classes = np.arange((y_pred.shape or (0,))[-1])
    return not np.array_equal(classes, cast(cast(classes, y_true.dtype.name), "int64"))


def _beyond_int32(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        not is_text(update.y_true) and bool((np.abs(cast(update.y_true, "float64")) >= 2**31).any())
        for update in call.updates
    )


def _one(finding: Finding, rule: Behaviour, holds_for: Any) -> Departure:
    return Departure(finding, rule.source(finding.place), holds_for)


_IN_METRIC_DTYPE = threshold_precision.ALL_IN_METRIC_DTYPE
_THROUGH_FLOAT32 = threshold_precision.THRESHOLD_THROUGH_FLOAT32

OF_CLASSES = (
    _one(DATA_ROUNDED, _IN_METRIC_DTYPE, _data_change),
    _one(WEIGHTS_COUNTED_ONCE, unit_parts.PART_COUNTED_ONCE, weighted),
)
BINARY_METRIC = (_one(THRESHOLD_ROUNDED, _IN_METRIC_DTYPE, _only_threshold_changes),)
ONE_COLUMN = (_one(ONE_CLASS, shape_tf_keras.CLASSES_AFTER_SQUEEZE, _one_class),)
ONE_COLUMN_TOP_K = (_one(ONE_CLASS, shape_tf_keras.FLAT_ROWS_AFTER_SQUEEZE, _one_class),)
TOP_K_METRIC = (_one(TOP_K_FLOAT32, refusal_tf_keras.FLOAT32_METRIC, _metric_not_float32),)
BINARY_FUNCTION = (
    _one(THRESHOLD_ROUNDED, _THROUGH_FLOAT32, _scores_and_threshold_change),
    _one(THRESHOLD_CUT_OFF, _THROUGH_FLOAT32, _threshold_is_cut_off),
    _one(NO_BOOLEANS, refusal_tf_keras.BINARY_FUNCTION_NO_BOOL, _boolean_scores),
)
SPARSE_FUNCTION = (_one(CLASSES_WRAP, label_domain.IN_DTYPE_OF_TARGETS, _classes_do_not_fit),)
TOP_K_FUNCTION = (_one(TOP_K_FLOAT32, refusal_tf_keras.TOP_K_FUNCTION_FLOAT32, _scores_not_float32),)
SPARSE_TOP_K_FUNCTION = (
    _one(CLASSES_WRAP_AT_32_BITS, label_domain.INT32, _beyond_int32),
    _one(TOP_K_FLOAT32, refusal_tf_keras.SPARSE_TOP_K_FUNCTION_FLOAT32, _scores_not_float32),
)
