"""refusal: what scikit-learn checks, in its order (metrics/_classification.py, metrics/_ranking.py)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array, cast, is_float, is_text
from conformance.oracle.reasons import Raises, raise_if, reasons_in
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Checks, Parameters

AXIS = "refusal"

R = reasons_in(__package__)

#: Checks an update, given the parameters and the call; raises `Raises`.
Check = Callable[[Update, Parameters, Call], None]

_SINGLE = frozenset({"binary", "multiclass"})


def _anything(parameters: Parameters, call: Call) -> None:
    """Accept any parameters."""


def checks(
    name: str, each: Check, before: Callable[[Parameters, Call], None] = _anything
) -> Behaviour[Checks]:
    """Return the behaviour of what checks each update, and before that the parameters."""
    return shared(AXIS, name, Checks(before, each), __package__)


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
        check_finite(array)
        return "continuous" + suffix
    return "multiclass" + suffix if len(np.unique(array)) > 2 or suffix else "binary"


def known_to_numpy(array: Array) -> None:
    """Raise for bfloat16."""
    # numpy.isdtype, which decides whether there are floats, takes no dtype of an extension.
    raise_if(array.dtype.name == "bfloat16", R["bfloat16"])


def _at_most_two_integers(array: Array) -> bool:
    values = np.unique(array)
    if len(values) > 2:
        return False
    known_to_numpy(array)
    return array.dtype.kind in "biu" or _integral(values)


def _integral(array: Array) -> bool:
    with np.errstate(all="ignore"):
        return is_float(array) and bool((array == array.astype("int64").astype(array.dtype)).all())


def check_finite(array: Array) -> None:
    """Raise for NaN or infinity (utils/validation.py, _assert_all_finite)."""
    raise_if(is_float(array) and not np.isfinite(array).all(), R["not-finite"], "ValueError")


def check_lengths(*arrays: Array | None) -> None:
    """Raise for a scalar, or for different numbers of samples (utils/validation.py, check_consistent_length)."""
    present = [array for array in arrays if array is not None]
    raise_if(any(not array.ndim for array in present), R["scalar"], "TypeError")
    raise_if(len({array.shape[0] for array in present}) > 1, R["lengths-differ"], "ValueError")


def check_weights(weight: Array | None, samples: int) -> None:
    """Raise unless there is one finite weight per sample, not all zero (utils/validation.py, _check_sample_weight)."""
    if weight is None:
        return
    known_to_numpy(weight)
    raise_if(not np.isfinite(weight).all(), R["weights-not-finite"], "ValueError")
    raise_if(weight.ndim != 1 or weight.shape[0] != samples, R["weights-not-per-sample"], "ValueError")
    raise_if((weight == 0).all(), R["weights-all-0"], "ValueError")


def check_targets(y_true: Array, y_pred: Array, weight: Array | None, mixed: bool = False) -> str:
    """Raise what `_check_targets` raises; return the type of both targets.

    Raises:
        Raises: different lengths, mixed or unsupported types, unusable weights.
    """
    check_lengths(y_true, y_pred, weight)
    of_each = type_of_target(y_true), type_of_target(y_pred)
    types = {*of_each}
    raise_if(not y_true.shape[0], R["no-samples"], "ValueError")
    check_weights(weight, y_true.shape[0])
    if types == _SINGLE:
        types = {"multiclass"}
    raise_if(len(types) > 1, R["mixed-targets"].of(" and ".join(of_each)), "ValueError")
    (kind,) = types
    raise_if(
        kind not in _SINGLE and kind != "multilabel-indicator",
        R["targets-not-supported"].of(kind),
        "ValueError",
    )
    raise_if(is_text(y_true) != is_text(y_pred) and not mixed, R["strings-and-numbers"], "ValueError")
    if kind == "multilabel-indicator":
        raise_if(y_true.shape[1] != y_pred.shape[1], R["label-counts-differ"], "ValueError")
        raise_if("float16" in (y_true.dtype.name, y_pred.dtype.name), R["sparse-float16"])
    return kind


def _as_given(update: Update, parameters: Parameters) -> Array:
    return update.y_pred


def _of_labels(
    name: str, decide: Callable[[Update, Parameters], Array]
) -> tuple[Behaviour[Checks], Behaviour[Checks]]:
    """Return what accuracy_score checks of the labels that were decided, since 1.9 and before."""

    def each(update: Update, parameters: Parameters, call: Call, mixed: bool = False) -> None:
        check_targets(update.y_true, decide(update, parameters), update.sample_weight, mixed)

    since = checks(name, each)
    says = f"{since.says} Strings are compared with numbers, and never equal them."
    return since, Behaviour(AXIS, f"{name}-mixed", says, Checks(_anything, partial(each, mixed=True)))


def _binarized(update: Update, parameters: Parameters) -> Array:
    scores, threshold = update.y_pred, parameters.number("threshold")
    raise_if(is_text(scores) or scores.dtype.name == "bfloat16", R["strings"], "ValueError")
    raise_if(scores.ndim != 2, R["scores-not-2d"], "ValueError")
    check_finite(scores)
    raise_if(not scores.shape[0] or not scores.shape[1], R["no-samples"], "ValueError")
    raise_if(not np.isfinite(float(threshold)), R["threshold-not-finite"], "InvalidParameterError")
    return np.zeros(scores.shape, dtype=scores.dtype) if scores.dtype.kind != "b" else scores


def _thresholded(update: Update, parameters: Parameters) -> Array:
    y_true, scores = update.y_true, update.y_pred
    check_lengths(scores, y_true)
    raise_if(type_of_target(y_true) != "binary", R["not-binary"], "ValueError")
    raise_if(is_text(scores), R["strings"])
    return np.asarray(two_classes(y_true)[np.arange(scores.size) % 2])


def two_classes(y_true: Array) -> Array:
    """Return the two labels a classifier learns from y_true, or 0 and 1 if there are not two."""
    classes = np.unique(y_true)
    return classes if len(classes) == 2 else np.array([0, 1])


def _argmax(update: Update, parameters: Parameters) -> Array:
    scores = update.y_pred
    raise_if(not scores.shape[1], R["no-classes"])
    raise_if(is_text(scores), R["strings"])
    return np.asarray(np.argmax(cast(scores, "float64") if is_float(scores) else scores, axis=1))


def _balanced(update: Update, parameters: Parameters, call: Call) -> None:
    y_true, y_pred = update.y_true, update.y_pred
    for array in (y_true, y_pred):
        raise_if(array.ndim >= 3, R["too-many-dimensions"], "ValueError")
        raise_if(array.ndim == 2 and not array.shape[1], R["no-samples"], "ValueError")
    raise_if(update.sample_weight is None and not y_true.ndim, R["scalar"])
    raise_if(update.sample_weight is not None and not update.sample_weight.ndim, R["scalar-weight"])
    kind = check_targets(y_true, y_pred, update.sample_weight)
    raise_if(kind not in _SINGLE, R["targets-not-supported"].of(kind), "ValueError")


def _top_k_parameters(parameters: Parameters, call: Call) -> None:
    top_k = parameters["top_k"]
    raise_if(not isinstance(top_k, int) or top_k < 1, R["top-k-below-1"], "InvalidParameterError")


def _finite_array(array: Array, numeric: bool) -> None:
    raise_if(numeric and (is_text(array) or array.dtype.name == "bfloat16"), R["strings"], "ValueError")
    raise_if(array.ndim >= 3, R["too-many-dimensions"], "ValueError")
    known_to_numpy(array)
    check_finite(array)
    raise_if(not array.ndim, R["scalar"], "TypeError")
    raise_if(not array.shape[0] or (array.ndim == 2 and not array.shape[1]), R["no-samples"], "ValueError")


def _top_k(update: Update, parameters: Parameters, call: Call) -> None:
    y_true, y_score, weight, labels = update.y_true, update.y_pred, update.sample_weight, parameters["labels"]
    _finite_array(y_true, numeric=False)
    raise_if(y_true.ndim == 2 and y_true.shape[1] != 1, R["targets-not-1d"], "ValueError")
    flat = y_true.reshape(-1)
    kind = type_of_target(flat)
    if kind == "binary" and labels is not None and len(labels) > 2:
        kind = "multiclass"
    raise_if(kind not in _SINGLE, R["targets-not-supported"].of(kind), "ValueError")
    _finite_array(y_score, numeric=True)
    if kind == "binary" and y_score.ndim == 2:
        raise_if(y_score.shape[1] != 1, R["binary-with-several-scores"], "ValueError")
    raise_if(kind == "multiclass" and y_score.ndim != 2, R["scores-not-2d"], "ValueError")
    check_lengths(flat, y_score, weight)
    _classes_of_scores(flat, y_score if kind == "multiclass" else y_score.reshape(-1), labels)
    if weight is not None and parameters.get("normalize", True):
        raise_if(weight.ndim != 1, R["weights-not-per-sample"])


def _top_k_of_targets(update: Update, parameters: Parameters, call: Call) -> None:
    _top_k(update, parameters.changed(labels=None), call)


def _classes_of_scores(y_true: Array, y_score: Array, labels: Any) -> None:
    columns = y_score.shape[1] if y_score.ndim == 2 else 2
    if labels is None:
        _as_many_classes(len(np.unique(y_true)), "among the targets", columns)
        return
    named = np.asarray(labels)
    classes = np.unique(named)
    raise_if(not np.array_equal(classes, named), R["labels-not-sorted"], "ValueError")
    _as_many_classes(len(classes), "in labels", columns)
    raise_if(len(np.setdiff1d(y_true, classes)), R["labels-incomplete"], "ValueError")


def _as_many_classes(classes: int, where: str, columns: int) -> None:
    detail = f"{classes} {where}, {columns} of scores"
    raise_if(classes > columns, R["more-classes-than-columns"].of(detail), "ValueError")
    raise_if(classes < columns, R["fewer-classes-than-columns"].of(detail), "ValueError")


def _report(update: Update, parameters: Parameters, call: Call) -> None:
    kind = check_targets(update.y_true, update.y_pred, update.sample_weight)
    labels = None if parameters["labels"] is None else np.asarray(parameters["labels"])
    if kind == "multilabel-indicator":
        for array in (update.y_true, update.y_pred):
            raise_if(len(np.setdiff1d(array, [0])) > 1, R["two-nonzero-values"], "ValueError")
        if labels is not None and labels.size:
            _columns_named(labels, update.y_true.shape[1])
        raise Raises(R["report-without-accuracy"], "TypeError")
    classes = {*np.unique(update.y_true).tolist(), *np.unique(update.y_pred).tolist()}
    unnamed = classes - set(classes if labels is None else labels.tolist())
    raise_if(unnamed, R["report-without-accuracy"], "TypeError")


def _columns_named(labels: Array, columns: int) -> None:
    raise_if(is_text(labels), R["strings"])
    raise_if(labels.max() >= columns or labels.min() < 0, R["labels-not-columns"], "ValueError")


LABELS, LABELS_BEFORE_1_9 = _of_labels("sklearn-labels", _as_given)
BINARIZED, BINARIZED_BEFORE_1_9 = _of_labels("sklearn-binarized", _binarized)
THRESHOLDED, THRESHOLDED_BEFORE_1_9 = _of_labels("sklearn-thresholded", _thresholded)
ARGMAX, ARGMAX_BEFORE_1_9 = _of_labels("sklearn-argmax", _argmax)
BALANCED = checks("sklearn-single-label", _balanced)
TOP_K = checks("sklearn-top-k", _top_k, _top_k_parameters)
TOP_K_OF_TARGETS = checks("sklearn-top-k-of-targets", _top_k_of_targets)
REPORT = checks("sklearn-report", _report)
