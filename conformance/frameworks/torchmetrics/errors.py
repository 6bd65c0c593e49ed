"""refusal: what torchmetrics checks, in its order (functional/classification/stat_scores.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.adapters.base import Update
from conformance.oracle.numbers import Array, is_float, is_text
from conformance.oracle.reasons import (
    LABEL_OUTSIDE_CLASSES,
    MISSING_AXIS,
    NO_CLASSES,
    ONE_TARGET_PER_SAMPLE,
    RANKS_DIFFER,
    SCALAR,
    SHAPES_DIFFER,
    STRINGS,
    TOP_K_ABOVE_CLASSES,
    TOP_K_BELOW_1,
    TOP_K_OF_LABELS,
    UNSIGNED,
    Raises,
    Reason,
)
from conformance.oracle.stages import Parameters

AXIS = "refusal"

NO_TASK_SIZE = Reason("no-task-size", "num_classes or num_labels has to be an int for this task")
MULTIDIM_AVERAGE = Reason("invalid-multidim-average", "multidim_average has to be global or samplewise")
THRESHOLD = Reason("invalid-threshold", "threshold has to be a float in [0, 1]")
AVERAGE = Reason("invalid-average", "average has to be micro, macro, weighted or none")
NUM_CLASSES = Reason(
    "invalid-num-classes",
    "num_classes has to be an integer above 1, and can be None only if average is micro",
)
NUM_LABELS = Reason("invalid-num-labels", "num_labels has to be an integer above 1")
MISSING_ARGUMENT = Reason("missing-argument", "num_classes or num_labels is missing")
TARGETS_OTHER_THAN_0_AND_1 = Reason(
    "targets-other-than-0-and-1", "targets hold values other than 0, 1 and ignore_index"
)
LABELS_OTHER_THAN_0_AND_1 = Reason(
    "labels-other-than-0-and-1", "predicted labels hold values other than 0 and 1"
)
FLOAT_TARGETS = Reason("float-targets", "floating-point targets are no index")
COUNTS_DIFFER = Reason("counts-differ", "the numbers of predictions and targets differ")
SAMPLEWISE = Reason("too-few-dimensions", "samplewise needs one more dimension")
INTEGER_PREDICTIONS = Reason(
    "integer-predictions", "predictions with one more dimension than the targets have to be floats"
)
FLOAT_LABELS = Reason("float-labels", "predictions with the shape of the targets have to be integers")
SECOND_AXIS = Reason("second-axis-length", "the second axis has to be as long as num_classes or num_labels")
TOO_MANY_LABELS = Reason("too-many-labels", "there are more distinct labels than num_classes")

_WIDE_UNSIGNED = ("uint16", "uint32", "uint64")


def _common_arguments(parameters: Parameters) -> None:
    if parameters["multidim_average"] not in ("global", "samplewise"):
        raise Raises(MULTIDIM_AVERAGE, "ValueError")


def _threshold(parameters: Parameters) -> None:
    threshold = parameters["threshold"]
    if not isinstance(threshold, float) or not 0 <= threshold <= 1:
        raise Raises(THRESHOLD, "ValueError")


def _average(parameters: Parameters) -> None:
    if parameters["average"] not in ("micro", "macro", "weighted", "none", None):
        raise Raises(AVERAGE, "ValueError")


def _number(value: Any) -> bool:
    return isinstance(value, int) and value >= 2


def _binary_arguments(parameters: Parameters) -> None:
    if parameters["validate_args"]:
        _threshold(parameters)
        _common_arguments(parameters)


def _multiclass_arguments(parameters: Parameters) -> None:
    if not parameters["validate_args"]:
        return
    classes, average, top_k = parameters.get("num_classes"), parameters["average"], parameters["top_k"]
    if classes is None and average != "micro":
        raise Raises(NUM_CLASSES, "ValueError")
    if classes is not None and not _number(classes):
        raise Raises(NUM_CLASSES, "ValueError")
    if top_k < 1:
        raise Raises(TOP_K_BELOW_1, "ValueError")
    if top_k > (classes if classes is not None else 1):
        raise Raises(TOP_K_ABOVE_CLASSES, "ValueError")
    _average(parameters)
    _common_arguments(parameters)


def given(parameters: Parameters, name: str) -> None:
    """Check that an argument is given."""
    if parameters.get(name) is None:
        raise Raises(MISSING_ARGUMENT, "TypeError")


def _exact_arguments(parameters: Parameters) -> None:
    given(parameters, "num_classes")
    _multiclass_arguments(parameters.changed(average=None, top_k=1))


def _multilabel_arguments(parameters: Parameters) -> None:
    given(parameters, "num_labels")
    if not parameters["validate_args"]:
        return
    if not _number(parameters.get("num_labels")):
        raise Raises(NUM_LABELS, "ValueError")
    _threshold(parameters)
    _average(parameters)
    _common_arguments(parameters)


def _multilabel_exact_arguments(parameters: Parameters) -> None:
    _multilabel_arguments(parameters.changed(average=None))


def tensors(update: Update) -> None:
    """Check that both arrays can become tensors."""
    if is_text(update.y_true) or is_text(update.y_pred):
        raise Raises(STRINGS)


def _same_shape(update: Update) -> None:
    if update.y_true.shape != update.y_pred.shape:
        raise Raises(SHAPES_DIFFER, "RuntimeError")


def _zeros_and_ones(update: Update, parameters: Parameters) -> None:
    allowed = [0, 1] if parameters["ignore_index"] is None else [0, 1, parameters["ignore_index"]]
    if not _only(update.y_true, allowed):
        raise Raises(TARGETS_OTHER_THAN_0_AND_1, "RuntimeError")
    if not is_float(update.y_pred) and not _only(update.y_pred, [0, 1]):
        raise Raises(LABELS_OTHER_THAN_0_AND_1, "RuntimeError")


def _only(array: Array, values: list[int]) -> bool:
    wide = array.astype("float64") if is_float(array) else array
    return bool(np.isin(wide, values).all())


def _writable_by_ignore_index(update: Update, parameters: Parameters) -> None:
    if parameters["ignore_index"] is not None and update.y_true.dtype.name in _WIDE_UNSIGNED:
        raise Raises(UNSIGNED)


def _comparable_with_bool(update: Update) -> None:
    wide_true = update.y_true.dtype.name in _WIDE_UNSIGNED
    wide_pred = update.y_pred.dtype.name in _WIDE_UNSIGNED
    if wide_true != wide_pred or (wide_true and update.y_true.dtype != update.y_pred.dtype):
        raise Raises(UNSIGNED)


def _binary(update: Update, parameters: Parameters) -> None:
    tensors(update)
    if parameters["validate_args"]:
        _same_shape(update)
        _zeros_and_ones(update, parameters)
        if parameters["multidim_average"] != "global" and update.y_pred.ndim < 2:
            raise Raises(SAMPLEWISE, "ValueError")
    _first_axis(update)
    _writable_by_ignore_index(update, parameters)
    _comparable_with_bool(update)


def _first_axis(update: Update) -> None:
    if not update.y_pred.ndim or not update.y_true.ndim:
        raise Raises(SCALAR)


def _multiclass(update: Update, parameters: Parameters) -> None:
    _scores_or_labels(update, parameters)
    if parameters["multidim_average"] == "global" and parameters["top_k"] == 1:
        _equally_many(update, parameters)


def _exact(update: Update, parameters: Parameters) -> None:
    _scores_or_labels(update, parameters.changed(top_k=1, average="micro"))


def only_classes(update: Update, parameters: Parameters) -> None:
    """Check that every label is a class, as documented."""
    if parameters["validate_args"] and not is_text(update.y_true) and not is_text(update.y_pred):
        _multiclass_shapes(update, parameters)
        if labels_as_scores(update):
            raise Raises(FLOAT_LABELS)
        if classes_missed(update, parameters):
            raise Raises(LABEL_OUTSIDE_CLASSES, "RuntimeError")


def labels_as_scores(update: Update) -> bool:
    """Whether the predictions are floats, as scores are, but of the shape of the targets, as labels are."""
    return is_float(update.y_pred) and update.y_pred.ndim == update.y_true.ndim


def classes_missed(update: Update, parameters: Mapping[str, Any]) -> bool:
    """Whether a target that is not ignored, or a predicted label, is no class."""
    classes, ignored = parameters.get("num_classes"), parameters["ignore_index"]
    if classes is None or is_text(update.y_true) or is_text(update.y_pred):
        return False
    targets = _among(update.y_true, classes)
    if ignored is not None:
        targets |= update.y_true == ignored
    return not targets.all() or not (is_float(update.y_pred) or _among(update.y_pred, classes).all())


def _among(labels: Array, classes: int) -> Array:
    """Return which labels are classes; without a list of these, of which there may be millions."""
    wide = labels.astype("float64") if is_float(labels) else labels
    return np.asarray((wide >= 0) & (wide < classes) & (wide == np.floor(wide)))


def _scores_or_labels(update: Update, parameters: Parameters) -> None:
    tensors(update)
    if parameters["validate_args"]:
        _multiclass_shapes(update, parameters)
        _distinct_values(update, parameters)
    _flattens(update, parameters)


def _multiclass_shapes(update: Update, parameters: Parameters) -> None:
    y_true, y_pred = update.y_true, update.y_pred
    samplewise = parameters["multidim_average"] != "global"
    if y_pred.ndim == y_true.ndim + 1:
        if not is_float(y_pred):
            raise Raises(INTEGER_PREDICTIONS, "ValueError")
        if y_pred.ndim < 2:
            raise Raises(MISSING_AXIS)
        if parameters.get("num_classes") is not None and y_pred.shape[1] != parameters["num_classes"]:
            raise Raises(SECOND_AXIS, "ValueError")
        if y_pred.shape[2:] != y_true.shape[1:]:
            raise Raises(ONE_TARGET_PER_SAMPLE, "ValueError")
        if samplewise and y_pred.ndim < 3:
            raise Raises(SAMPLEWISE, "ValueError")
    elif y_pred.ndim == y_true.ndim:
        if y_pred.shape != y_true.shape:
            raise Raises(SHAPES_DIFFER, "ValueError")
        if samplewise and y_pred.ndim < 2:
            raise Raises(SAMPLEWISE, "ValueError")
    else:
        raise Raises(RANKS_DIFFER, "ValueError")


def _distinct_values(update: Update, parameters: Parameters) -> None:
    """Only how many distinct labels there are is checked, and nothing if the predictions are floats."""
    classes = parameters.get("num_classes")
    if classes is None or is_float(update.y_pred):
        return
    most = classes + (parameters["ignore_index"] is not None)
    for array in (update.y_true, update.y_pred):
        if len(np.unique(array)) > most:
            raise Raises(TOO_MANY_LABELS, "RuntimeError")


def _flattens(update: Update, parameters: Parameters) -> None:
    y_true, y_pred, top_k = update.y_true, update.y_pred, parameters["top_k"]
    has_classes = y_pred.ndim == y_true.ndim + 1
    if has_classes and top_k == 1 and y_pred.ndim > 1 and not y_pred.shape[1]:
        raise Raises(NO_CLASSES)
    _first_axis(update)
    if top_k > 1 and (y_pred.ndim < 2 or y_pred.shape[1] < top_k):
        raise Raises(TOP_K_ABOVE_CLASSES)
    if top_k > 1 and not has_classes:
        raise Raises(TOP_K_OF_LABELS)
    if top_k > 1 and is_float(y_true):
        raise Raises(FLOAT_TARGETS)
    by_class = parameters["average"] != "micro" or top_k != 1 or parameters["multidim_average"] != "global"
    if not by_class:
        _comparable_labels(update, has_classes)


def _equally_many(update: Update, parameters: Parameters) -> None:
    """Only unvalidated shapes get this far without as many decisions as targets, both flattened."""
    y_true, y_pred = update.y_true, update.y_pred
    has_classes = y_pred.ndim == y_true.ndim + 1
    decided = y_pred.size // y_pred.shape[1] if has_classes else y_pred.size
    if y_true.size != decided and (parameters["ignore_index"] is not None or 1 not in (y_true.size, decided)):
        raise Raises(COUNTS_DIFFER)


def _comparable_labels(update: Update, has_classes: bool) -> None:
    names = [update.y_true.dtype.name] + ([] if has_classes else [update.y_pred.dtype.name])
    wide = [name for name in names if name in _WIDE_UNSIGNED]
    if wide and (has_classes or names[0] != names[1]):
        raise Raises(UNSIGNED)


def _multilabel(update: Update, parameters: Parameters) -> None:
    tensors(update)
    y_true, y_pred = update.y_true, update.y_pred
    if parameters["validate_args"]:
        _same_shape(update)
        if y_pred.ndim < 2:
            raise Raises(MISSING_AXIS)
        if y_pred.shape[1] != parameters["num_labels"]:
            raise Raises(SECOND_AXIS, "ValueError")
        _zeros_and_ones(update, parameters)
        if parameters["multidim_average"] != "global" and y_pred.ndim < 3:
            raise Raises(SAMPLEWISE, "ValueError")
    if y_true.ndim < 2 or y_pred.ndim < 2:
        raise Raises(MISSING_AXIS)
    _writable_by_ignore_index(update, parameters)
    _comparable_with_bool(update)


def _no_size(parameters: Parameters) -> None:
    raise Raises(NO_TASK_SIZE, "ValueError")


def _no_size_asserted(parameters: Parameters) -> None:
    raise Raises(NO_TASK_SIZE, "AssertionError")


def _nothing(update: Update, parameters: Parameters) -> None:
    return None


@dataclass(frozen=True)
class Metric:
    """What one metric checks: the arguments, and each update; and the same in a sentence."""

    arguments: Callable[[Parameters], None]
    update: Callable[[Update, Parameters], None]
    says: str


_ZEROS_AND_ONES = "targets and integer predictions have to be 0, 1 or ignore_index."
_CLASSES = "predictions are integers (N, ...) like the targets or floats (N, C, ...)"
_SIZE = "num_classes for multiclass, or num_labels for multilabel tasks, is missing, which raises"

#: Name of a metric -> what it checks.
METRICS: Mapping[str, Metric] = {
    "binary": Metric(
        _binary_arguments,
        _binary,
        f"threshold has to be a float in [0, 1]; shapes have to be equal; {_ZEROS_AND_ONES}",
    ),
    "multiclass": Metric(
        _multiclass_arguments,
        _multiclass,
        f"num_classes has to be above 1 and at least top_k; {_CLASSES}, with one more dimension for samplewise; top_k "
        "needs scores and integer targets.",
    ),
    "multiclass-exact": Metric(_exact_arguments, _exact, f"num_classes has to be above 1; {_CLASSES}."),
    "multilabel": Metric(
        _multilabel_arguments,
        _multilabel,
        f"threshold has to be a float in [0, 1]; shapes have to be equal, (N, num_labels, ...); {_ZEROS_AND_ONES}",
    ),
    "multilabel-exact": Metric(
        _multilabel_exact_arguments, _multilabel, "As for multilabel accuracy, without an average."
    ),
    "no-size": Metric(_no_size, _nothing, f"{_SIZE} ValueError."),
    "no-size-asserted": Metric(_no_size_asserted, _nothing, f"{_SIZE} AssertionError."),
}
