"""refusal: what scikit-learn checks before it computes a curve over thresholds (metrics/_ranking.py)."""

from __future__ import annotations

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.sklearn.errors import (
    AXIS,
    anything,
    check_lengths,
    check_targets,
    check_weights,
    known_to_numpy,
    type_of_target,
)
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array, cast, is_float, is_text
from conformance.oracle.reasons import (
    NO_SAMPLES,
    NOT_FINITE,
    STRINGS,
    WEIGHTS_SUM_TO_0,
    Raises,
    Reason,
)
from conformance.oracle.stages import Checks, Parameters

TARGETS_NOT_0_AND_1 = Reason("targets-not-0-and-1", "targets have to be 0 and 1, or -1 and 1")
SEVERAL_COLUMNS = Reason("several-columns", "there has to be one column")
THRESHOLD_NOT_REACHED = Reason(
    "threshold-not-reached", "no score reaches the threshold, and the curve ends above it"
)


def _one_column(array: Array) -> None:
    if array.ndim > 2 or (array.ndim == 2 and array.shape[1] != 1):
        raise Raises(SEVERAL_COLUMNS, "ValueError")


def _curve_inputs(y_true: Array, scores: Array, weight: Array | None) -> None:
    """Raise for what cannot be sorted into a curve (_sort_inputs_and_compute_classification_thresholds)."""
    check_lengths(y_true, scores, weight)
    for array in (y_true, scores):
        _one_column(array)
    for array in (y_true, scores):
        known_to_numpy(array)
        if is_float(array) and not np.isfinite(array).all():
            raise Raises(NOT_FINITE, "ValueError")
    if weight is not None:
        _one_column(weight)
        check_weights(_flat_numbers(weight), len(y_true))
    if is_text(scores):
        raise Raises(STRINGS)
    if not len(y_true):
        raise Raises(NO_SAMPLES)


def _reached(update: Update, parameters: Parameters) -> None:
    kept = _counted(update)
    scores = update.y_pred.reshape(-1)[kept]
    scores = scores if is_float(scores) else cast(scores, "float64")
    if not (scores >= cast(np.asarray(float(parameters.number("threshold"))), scores.dtype.name)).any():
        raise Raises(THRESHOLD_NOT_REACHED, "TypeError")


def _flat_numbers(weight: Array) -> Array:
    # Unlike accuracy_score, a curve makes float64 of the weights before it checks them.
    flat = weight.reshape(-1)
    return flat if is_text(flat) else cast(flat, "float64")


def _counted(update: Update) -> Array:
    """Samples of weight zero are left out before any other check."""
    weight = update.sample_weight
    return np.ones(len(update.y_true), dtype=bool) if weight is None else weight.reshape(-1) != 0


def _metric_at_thresholds(update: Update, parameters: Parameters, call: Call) -> None:
    _curve_inputs(update.y_true, update.y_pred, update.sample_weight)
    kept = _counted(update)
    y_true = update.y_true.reshape(-1)[kept]
    weight = None if update.sample_weight is None else _flat_numbers(update.sample_weight)[kept]
    check_targets(y_true, np.resize(np.array([0, 1]), y_true.shape), weight)
    if weight is not None and weight.sum() == 0:
        raise Raises(WEIGHTS_SUM_TO_0)
    _reached(update, parameters)


def _counts_at_thresholds(update: Update, parameters: Parameters, call: Call) -> None:
    y_true = update.y_true
    if type_of_target(y_true) != "binary" or is_text(y_true):
        raise Raises(TARGETS_NOT_0_AND_1, "ValueError")
    if set(np.unique(y_true).tolist()) not in ({0, 1}, {-1, 1}, {0}, {-1}, {1}):
        raise Raises(TARGETS_NOT_0_AND_1, "ValueError")
    _curve_inputs(y_true, update.y_pred, update.sample_weight)
    _reached(update, parameters)


METRIC_AT_THRESHOLDS = Behaviour(
    AXIS,
    "sklearn-metric-at-thresholds",
    "Targets and scores must be finite and have one column; targets must be numeric labels. At least "
    "one score of non-zero weight must reach the threshold.",
    Checks(anything, _metric_at_thresholds),
)
COUNTS_AT_THRESHOLDS = Behaviour(
    AXIS,
    "sklearn-counts-at-thresholds",
    "Targets must be 0 and 1, or -1 and 1. Scores must be finite and have one column. At least one "
    "score of non-zero weight must reach the threshold.",
    Checks(anything, _counts_at_thresholds),
)
