"""refusal: what scikit-learn checks, in its order (metrics/_classification.py, metrics/_ranking.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array, cast, is_float, is_text
from conformance.oracle.reasons import (
    LENGTHS_DIFFER,
    NO_CLASSES,
    NO_SAMPLES,
    NOT_FINITE,
    SCALAR,
    SCORES_NOT_2D,
    STRINGS,
    STRINGS_AND_NUMBERS,
    TARGETS_NOT_1D,
    TOP_K_BELOW_1,
    Raises,
    Reason,
)
from conformance.oracle.stages import Checks, Parameters

AXIS = "refusal"

BFLOAT16 = Reason("bfloat16", "NumPy knows bfloat16 only as an extension")
WEIGHTS_NOT_FINITE = Reason("weights-not-finite", "sample_weight holds NaN or infinity")
WEIGHTS_NOT_PER_SAMPLE = Reason(
    "weights-not-per-sample", "sample_weight has to have one weight per sample, in one dimension"
)
WEIGHTS_ALL_0 = Reason("weights-all-0", "sample_weight has to hold a weight other than zero")
MIXED_TARGETS = Reason("mixed-targets", "targets and predictions are of different types")
TARGETS_NOT_SUPPORTED = Reason("targets-not-supported", "targets of this type are not supported")
LABEL_COUNTS_DIFFER = Reason(
    "label-counts-differ", "targets and predictions have different numbers of labels"
)
SPARSE_FLOAT16 = Reason("sparse-float16", "scipy.sparse does not hold float16")
THRESHOLD_NOT_FINITE = Reason("threshold-not-finite", "the threshold has to be finite")
NOT_BINARY = Reason("not-binary", "targets have to be binary")
TOO_MANY_DIMENSIONS = Reason("too-many-dimensions", "there are three dimensions or more")
SCALAR_WEIGHT = Reason("scalar-weight", "a scalar weight has no length")
BINARY_WITH_SEVERAL_SCORES = Reason(
    "binary-with-several-scores", "targets are binary and there are several columns of scores"
)
LABELS_NOT_SORTED = Reason("labels-not-sorted", "labels have to be unique and sorted")
CLASS_COUNTS_DIFFER = Reason(
    "class-counts-differ", "the number of classes is not the number of columns of scores"
)
LABELS_INCOMPLETE = Reason("labels-incomplete", "targets hold labels that `labels` does not name")
TWO_NONZERO_VALUES = Reason(
    "two-nonzero-values", "a sparse matrix of two values other than 0 is no indicator"
)
REPORT_WITHOUT_ACCURACY = Reason("report-without-accuracy", "this report has no accuracy")
LABELS_NOT_COLUMNS = Reason("labels-not-columns", "labels have to be indices of columns")

_SINGLE = frozenset({"binary", "multiclass"})


def anything(parameters: Parameters, call: Call) -> None:
    """Accept any parameters."""


def type_of_target(array: Array) -> str:
    """Say what scikit-learn takes an array for (utils/multiclass.py, type_of_target).

    Raises:
        Raises: floats that are no integers, and not all of them finite.
    """
    if array.ndim == 2 and array.shape[1] > 1 and not is_text(array) and _at_most_two_integers(array):
        return "multilabel-indicator"
    if array.ndim not in (1, 2):
        return "unknown"
    if not min(array.shape):
        return "binary" if array.ndim == 1 else "unknown"
    known_to_numpy(array)
    suffix = "-multioutput" if array.ndim == 2 and array.shape[1] > 1 else ""
    if is_float(array) and not _integral(array):
        if not np.isfinite(array).all():
            raise Raises(NOT_FINITE, "ValueError")
        return "continuous" + suffix
    return "multiclass" + suffix if len(np.unique(array)) > 2 or suffix else "binary"


def known_to_numpy(array: Array) -> None:
    """Raise for bfloat16."""
    # numpy.isdtype, which decides whether there are floats, takes no dtype of an extension.
    if array.dtype.name == "bfloat16":
        raise Raises(BFLOAT16)


def _at_most_two_integers(array: Array) -> bool:
    values = np.unique(array)
    if len(values) > 2:
        return False
    known_to_numpy(array)
    return array.dtype.kind in "biu" or _integral(values)


def _integral(array: Array) -> bool:
    with np.errstate(all="ignore"):
        return is_float(array) and bool((array == array.astype("int64").astype(array.dtype)).all())


def check_lengths(*arrays: Array | None) -> None:
    """Raise for a scalar, or for different numbers of samples (utils/validation.py, check_consistent_length)."""
    present = [array for array in arrays if array is not None]
    if any(not array.ndim for array in present):
        raise Raises(SCALAR, "TypeError")
    if len({array.shape[0] for array in present}) > 1:
        raise Raises(LENGTHS_DIFFER, "ValueError")


def check_weights(weight: Array | None, samples: int) -> None:
    """Raise unless there is one finite weight per sample, not all zero (utils/validation.py, _check_sample_weight)."""
    if weight is None:
        return
    known_to_numpy(weight)
    if not np.isfinite(weight).all():
        raise Raises(WEIGHTS_NOT_FINITE, "ValueError")
    if weight.ndim != 1 or weight.shape[0] != samples:
        raise Raises(WEIGHTS_NOT_PER_SAMPLE, "ValueError")
    if (weight == 0).all():
        raise Raises(WEIGHTS_ALL_0, "ValueError")


def check_targets(y_true: Array, y_pred: Array, weight: Array | None, mixed: bool = False) -> str:
    """Raise what `_check_targets` raises; return the type of both targets.

    Raises:
        Raises: different lengths, mixed or unsupported types, unusable weights.
    """
    check_lengths(y_true, y_pred, weight)
    types = {type_of_target(y_true), type_of_target(y_pred)}
    if not y_true.shape[0]:
        raise Raises(NO_SAMPLES, "ValueError")
    check_weights(weight, y_true.shape[0])
    if types == _SINGLE:
        types = {"multiclass"}
    if len(types) > 1:
        raise Raises(MIXED_TARGETS, "ValueError")
    (kind,) = types
    if kind not in _SINGLE and kind != "multilabel-indicator":
        raise Raises(TARGETS_NOT_SUPPORTED, "ValueError")
    if is_text(y_true) != is_text(y_pred) and not mixed:
        raise Raises(STRINGS_AND_NUMBERS, "ValueError")
    if kind == "multilabel-indicator" and y_true.shape[1] != y_pred.shape[1]:
        raise Raises(LABEL_COUNTS_DIFFER, "ValueError")
    if kind == "multilabel-indicator" and "float16" in (y_true.dtype.name, y_pred.dtype.name):
        raise Raises(SPARSE_FLOAT16)
    return kind


def _as_given(update: Update, parameters: Parameters) -> Array:
    return update.y_pred


def _of_labels(
    name: str, says: str, decide: Callable[[Update, Parameters], Array]
) -> tuple[Behaviour[Checks], Behaviour[Checks]]:
    """Return what accuracy_score checks of the labels that were decided, since 1.9 and before."""

    def checks(mixed: bool) -> Checks:
        def each(update: Update, parameters: Parameters, call: Call) -> None:
            check_targets(update.y_true, decide(update, parameters), update.sample_weight, mixed)

        return Checks(anything, each)

    before = f"{says} Strings are compared with numbers, and never equal them."
    return Behaviour(AXIS, name, says, checks(False)), Behaviour(AXIS, f"{name}-mixed", before, checks(True))


def _binarized(update: Update, parameters: Parameters) -> Array:
    scores, threshold = update.y_pred, parameters.number("threshold")
    if is_text(scores) or scores.dtype.name == "bfloat16":
        raise Raises(STRINGS, "ValueError")
    if scores.ndim != 2:
        raise Raises(SCORES_NOT_2D, "ValueError")
    if is_float(scores) and not np.isfinite(scores).all():
        raise Raises(NOT_FINITE, "ValueError")
    if not scores.shape[0] or not scores.shape[1]:
        raise Raises(NO_SAMPLES, "ValueError")
    if not np.isfinite(float(threshold)):
        raise Raises(THRESHOLD_NOT_FINITE, "InvalidParameterError")
    return np.zeros(scores.shape, dtype=scores.dtype) if scores.dtype.kind != "b" else scores


def _thresholded(update: Update, parameters: Parameters) -> Array:
    y_true, scores = update.y_true, update.y_pred
    check_lengths(scores, y_true)
    if type_of_target(y_true) != "binary":
        raise Raises(NOT_BINARY, "ValueError")
    if is_text(scores):
        raise Raises(STRINGS)
    return np.asarray(two_classes(y_true)[np.arange(scores.size) % 2])


def two_classes(y_true: Array) -> Array:
    """Return the two labels a classifier learns from y_true, or 0 and 1 if there are not two."""
    classes = np.unique(y_true)
    return classes if len(classes) == 2 else np.array([0, 1])


def _argmax(update: Update, parameters: Parameters) -> Array:
    scores = update.y_pred
    if not scores.shape[1]:
        raise Raises(NO_CLASSES)
    if is_text(scores):
        raise Raises(STRINGS)
    return np.asarray(np.argmax(cast(scores, "float64") if is_float(scores) else scores, axis=1))


def _balanced(update: Update, parameters: Parameters, call: Call) -> None:
    y_true, y_pred = update.y_true, update.y_pred
    for array in (y_true, y_pred):
        if array.ndim >= 3:
            raise Raises(TOO_MANY_DIMENSIONS, "ValueError")
        if array.ndim == 2 and not array.shape[1]:
            raise Raises(NO_SAMPLES, "ValueError")
    if update.sample_weight is None and not y_true.ndim:
        raise Raises(SCALAR)
    if update.sample_weight is not None and not update.sample_weight.ndim:
        raise Raises(SCALAR_WEIGHT)
    if check_targets(y_true, y_pred, update.sample_weight) not in _SINGLE:
        raise Raises(TARGETS_NOT_SUPPORTED, "ValueError")


def _top_k_parameters(parameters: Parameters, call: Call) -> None:
    if not isinstance(parameters["top_k"], int) or parameters["top_k"] < 1:
        raise Raises(TOP_K_BELOW_1, "InvalidParameterError")


def _finite_array(array: Array, numeric: bool) -> None:
    if numeric and (is_text(array) or array.dtype.name == "bfloat16"):
        raise Raises(STRINGS, "ValueError")
    if array.ndim >= 3:
        raise Raises(TOO_MANY_DIMENSIONS, "ValueError")
    known_to_numpy(array)
    if is_float(array) and not np.isfinite(array).all():
        raise Raises(NOT_FINITE, "ValueError")
    if not array.ndim:
        raise Raises(SCALAR, "TypeError")
    if not array.shape[0] or (array.ndim == 2 and not array.shape[1]):
        raise Raises(NO_SAMPLES, "ValueError")


def _top_k(update: Update, parameters: Parameters, call: Call) -> None:
    y_true, y_score, weight, labels = update.y_true, update.y_pred, update.sample_weight, parameters["labels"]
    _finite_array(y_true, numeric=False)
    if y_true.ndim == 2 and y_true.shape[1] != 1:
        raise Raises(TARGETS_NOT_1D, "ValueError")
    flat = y_true.reshape(-1)
    kind = type_of_target(flat)
    if kind == "binary" and labels is not None and len(labels) > 2:
        kind = "multiclass"
    if kind not in _SINGLE:
        raise Raises(TARGETS_NOT_SUPPORTED, "ValueError")
    _finite_array(y_score, numeric=True)
    if kind == "binary" and y_score.ndim == 2 and y_score.shape[1] != 1:
        raise Raises(BINARY_WITH_SEVERAL_SCORES, "ValueError")
    if kind == "multiclass" and y_score.ndim != 2:
        raise Raises(SCORES_NOT_2D, "ValueError")
    check_lengths(flat, y_score, weight)
    _classes_of_scores(flat, y_score if kind == "multiclass" else y_score.reshape(-1), labels)
    if weight is not None and weight.ndim != 1 and parameters.get("normalize", True):
        raise Raises(WEIGHTS_NOT_PER_SAMPLE)


def _top_k_of_targets(update: Update, parameters: Parameters, call: Call) -> None:
    _top_k(update, parameters.changed(labels=None), call)


def _classes_of_scores(y_true: Array, y_score: Array, labels: Any) -> None:
    columns = y_score.shape[1] if y_score.ndim == 2 else 2
    if labels is None:
        if len(np.unique(y_true)) != columns:
            raise Raises(CLASS_COUNTS_DIFFER, "ValueError")
        return
    named = np.asarray(labels)
    classes = np.unique(named)
    if len(classes) != len(named) or not np.array_equal(classes, named):
        raise Raises(LABELS_NOT_SORTED, "ValueError")
    if len(classes) != columns:
        raise Raises(CLASS_COUNTS_DIFFER, "ValueError")
    if len(np.setdiff1d(y_true, classes)):
        raise Raises(LABELS_INCOMPLETE, "ValueError")


def _report(update: Update, parameters: Parameters, call: Call) -> None:
    kind = check_targets(update.y_true, update.y_pred, update.sample_weight)
    labels = None if parameters["labels"] is None else np.asarray(parameters["labels"])
    if kind == "multilabel-indicator":
        for array in (update.y_true, update.y_pred):
            if len(np.setdiff1d(array, [0])) > 1:
                raise Raises(TWO_NONZERO_VALUES, "ValueError")
        if labels is not None and labels.size:
            _columns_named(labels, update.y_true.shape[1])
        raise Raises(REPORT_WITHOUT_ACCURACY, "TypeError")
    classes = {*np.unique(update.y_true).tolist(), *np.unique(update.y_pred).tolist()}
    if labels is not None and not classes <= set(labels.tolist()):
        raise Raises(REPORT_WITHOUT_ACCURACY, "TypeError")


def _columns_named(labels: Array, columns: int) -> None:
    if is_text(labels):
        raise Raises(STRINGS)
    if labels.max() >= columns or labels.min() < 0:
        raise Raises(LABELS_NOT_COLUMNS, "ValueError")


LABELS, LABELS_BEFORE_1_9 = _of_labels(
    "sklearn-labels",
    "Both have to be labels of one type - binary or multiclass in one column, or multilabel indicators - with "
    "equally many samples, at least one; floats that are no integers are continuous, and raise; weights have to be "
    "finite, one per sample, not all zero.",
    _as_given,
)
BINARIZED, BINARIZED_BEFORE_1_9 = _of_labels(
    "sklearn-binarized",
    "Scores must be finite numbers in two dimensions; the output of Binarizer must be labels of the "
    "same type as the targets.",
    _binarized,
)
THRESHOLDED, THRESHOLDED_BEFORE_1_9 = _of_labels(
    "sklearn-thresholded",
    "Targets must be binary labels, scores must be numbers, and there must be as many predicted "
    "labels as targets.",
    _thresholded,
)
ARGMAX, ARGMAX_BEFORE_1_9 = _of_labels(
    "sklearn-argmax",
    "There must be at least one class; predicted classes and targets must be labels of the same type.",
    _argmax,
)
BALANCED = Behaviour(
    AXIS,
    "sklearn-single-label",
    "As for accuracy_score, and multilabel indicators raise too.",
    Checks(anything, _balanced),
)
TOP_K = Behaviour(
    AXIS,
    "sklearn-top-k",
    "k must be positive. Targets must be labels in one column, with as many classes among them (or in"
    " `labels`) as scores have columns. Scores must be finite.",
    Checks(_top_k_parameters, _top_k),
)
TOP_K_OF_TARGETS = Behaviour(
    AXIS,
    "sklearn-top-k-of-targets",
    "Targets must be labels in one column, with as many classes among them as scores have columns. "
    "Scores must be finite.",
    Checks(anything, _top_k_of_targets),
)
REPORT = Behaviour(
    AXIS,
    "sklearn-report",
    "As for accuracy_score. A report has an accuracy only if targets have one column and `labels`, if"
    " given, has all classes.",
    Checks(anything, _report),
)
