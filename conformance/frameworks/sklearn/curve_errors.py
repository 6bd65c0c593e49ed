"""refusal: what scikit-learn checks before it computes a curve over thresholds (metrics/_ranking.py)."""

from __future__ import annotations

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.sklearn.errors import in_release
from conformance.frameworks.sklearn.targets import (
    SINCE_1_8,
    SINCE_1_9,
    R,
    Since,
    check_finite,
    check_lengths,
    check_targets,
    check_weights,
    type_of_target,
)
from conformance.frameworks.sklearn.thresholds import BFLOAT16_IN_FLOAT64, INTEGERS_AS_THEY_ARE
from conformance.oracle.numbers import Array, cast, is_text
from conformance.oracle.reasons import raise_if
from conformance.oracle.stages import Parameters


def _one_column(array: Array) -> None:
    raise_if(array.ndim > 2 or (array.ndim == 2 and array.shape[1] != 1), R["several-columns"], "ValueError")


def _curve_inputs(y_true: Array, scores: Array, weight: Array | None, since: Since) -> None:
    """Raise for what cannot be sorted into a curve (_sort_inputs_and_compute_classification_thresholds)."""
    check_lengths(y_true, scores, weight)
    for array in (y_true, scores):
        _one_column(array)
    for array in (y_true, scores):
        check_finite(array, since)
    if weight is not None:
        _one_column(weight)
        check_weights(_flat_numbers(weight), len(y_true), since)
    raise_if(is_text(scores), R["strings"])
    raise_if(not len(y_true), R["no-samples"])


def _reached(update: Update, parameters: Parameters, since: Since) -> None:
    rule = BFLOAT16_IN_FLOAT64 if since.numpy < 2 else INTEGERS_AS_THEY_ARE
    counted = update.y_pred.reshape(-1)[_counted(update)]
    scores, threshold = rule.apply.compare(counted, parameters.number("threshold"))
    raise_if(not (scores >= threshold).any(), R["threshold-not-reached"], "TypeError")


def _flat_numbers(weight: Array) -> Array:
    # Unlike accuracy_score, a curve makes float64 of the weights before it checks them.
    flat = weight.reshape(-1)
    return flat if is_text(flat) else cast(flat, "float64")


def _counted(update: Update) -> Array:
    """Samples of weight zero are left out before any other check."""
    weight = update.sample_weight
    return np.ones(len(update.y_true), dtype=bool) if weight is None else weight.reshape(-1) != 0


def _metric_at_thresholds(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    _curve_inputs(update.y_true, update.y_pred, update.sample_weight, since)
    kept = _counted(update)
    y_true = update.y_true.reshape(-1)[kept]
    weight = None if update.sample_weight is None else _flat_numbers(update.sample_weight)[kept]
    check_targets(y_true, np.resize(np.array([0, 1]), y_true.shape), weight, since)
    raise_if(weight is not None and weight.sum() == 0, R["weights-sum-to-0"])
    _reached(update, parameters, since)


def _one_is_positive(y_true: Array) -> None:
    labels = set(np.unique(y_true).tolist()) if not is_text(y_true) else None
    raise_if(labels not in ({0, 1}, {-1, 1}, {0}, {-1}, {1}), R["targets-not-0-and-1"], "ValueError")


def _counts_at_thresholds(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    y_true = update.y_true
    raise_if(type_of_target(y_true, since) != "binary", R["targets-not-0-and-1"], "ValueError")
    _one_is_positive(y_true)
    _curve_inputs(y_true, update.y_pred, update.sample_weight, since)
    _reached(update, parameters, since)


def _counts_at_thresholds_before_1_9(
    since: Since, update: Update, parameters: Parameters, call: Call
) -> None:
    """Samples of weight zero are left out before the targets are looked at."""
    y_true = update.y_true
    raise_if(type_of_target(y_true, since) != "binary", R["targets-not-0-and-1"], "ValueError")
    _curve_inputs(y_true, update.y_pred, update.sample_weight, since)
    raise_if(not _counted(update).any(), R["no-samples"])
    _one_is_positive(y_true.reshape(-1)[_counted(update)])
    _reached(update, parameters, since)


METRIC_AT_THRESHOLDS = in_release(SINCE_1_9, "sklearn-metric-at-thresholds", _metric_at_thresholds)
COUNTS_AT_THRESHOLDS = in_release(SINCE_1_9, "sklearn-counts-at-thresholds", _counts_at_thresholds)
COUNTS_AT_THRESHOLDS_BEFORE_1_9 = in_release(
    SINCE_1_8, "sklearn-counts-at-thresholds-before-1.9", _counts_at_thresholds_before_1_9
)
