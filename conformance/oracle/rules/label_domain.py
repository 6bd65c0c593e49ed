"""label-domain: how targets are read, and to which dtype decisions are cast."""

from __future__ import annotations

import numpy as np

from conformance.oracle.model import Behaviour, Incomposable
from conformance.oracle.numbers import Array, cast, is_text
from conformance.oracle.reasons import NO_CLASSES, Raises
from conformance.oracle.stages import Comparison, Labels, Parameters, ReadTargets

AXIS = "label-domain"


def _as_given(y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison) -> Labels:
    return Labels(y_true)


def _as_numbers(y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison) -> Labels:
    if is_text(y_pred):
        return Labels(y_true)
    return Labels(cast(y_true, "float64"), decided_dtype="float64")


def _in_dtype_of_predictions(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    name = y_pred.dtype.name
    if is_text(y_pred):
        return Labels(y_true)
    return Labels(cast(y_true, name), decided_dtype=name)


def _in_dtype_of_targets(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    return Labels(y_true, decided_dtype=y_true.dtype.name)


def _class_of_one_hot(y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison) -> Labels:
    if y_true.ndim and not y_true.shape[-1]:
        raise Raises(NO_CLASSES)
    return Labels(comparison.argmax(y_true, -1))


def _argmax_of_one_hot(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    classes = comparison.argmax(y_true, -1)
    return Labels(cast(classes, y_pred.dtype.name), decided_dtype=y_pred.dtype.name)


def _argmax_of_one_hot_after_cast(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    rows = cast(y_true, y_pred.dtype.name)
    return Labels(comparison.argmax(rows, -1))


def _int32(y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison) -> Labels:
    return Labels(cast(y_true, "int32"))


def _truncated(y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison) -> Labels:
    return Labels(cast(y_true, "int64"))


def _int32_modulo_classes(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    if not y_pred.shape[-1]:
        raise Incomposable("there is no class to count modulo")
    return Labels(cast(y_true, "int32") % y_pred.shape[-1])


def _in_own_bfloat16(y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison) -> Labels:
    """Targets of bfloat16 are not cast; the equality promotes."""
    if y_true.dtype.name == "bfloat16":
        return Labels(y_true)
    return _in_dtype_of_predictions(y_true, y_pred, parameters, comparison)


def _classes_in_own_bfloat16(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    """Targets of bfloat16 are not cast; the decided class is, to bfloat16."""
    if y_true.dtype.name == "bfloat16":
        return Labels(y_true, decided_dtype="bfloat16")
    return _in_dtype_of_predictions(y_true, y_pred, parameters, comparison)


def _argmax_modulo_classes(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    """One-hot targets of bfloat16 are not cast before the argmax."""
    rows = y_true if y_true.dtype.name == "bfloat16" else y_pred
    labels = _argmax_of_one_hot_after_cast(y_true, rows, parameters, comparison)
    return Labels(labels.truth % y_pred.shape[-1])


def counts_by_class(parameters: Parameters) -> bool:
    """Whether the parameters demand counts class by class (in int64) instead of comparing."""
    return bool(
        parameters.get("average", "micro") != "micro"
        or parameters.get("top_k", 1) != 1
        or parameters.get("multidim_average", "global") == "samplewise"
    )


def _int64_if_counted_by_class(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    return Labels(cast(y_true, "int64"), "int64") if counts_by_class(parameters) else Labels(y_true)


def _ignored_become_true(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    return Labels(y_true | (y_true == parameters["ignore_index"]))


def _position_among_labels(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    flat = y_true.reshape(-1)
    named = parameters.get("labels")
    labels = np.unique(flat if named is None else np.asarray(named))
    return Labels(np.searchsorted(labels, flat))


def _position_among_targets(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    return _position_among_labels(y_true, y_pred, Parameters(), comparison)


def _one_is_positive(y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison) -> Labels:
    return Labels(y_true == 1)


AS_GIVEN = Behaviour[ReadTargets](AXIS, "as-given", "Targets are compared as they are.", _as_given)
AS_NUMBERS = Behaviour[ReadTargets](
    AXIS,
    "as-numbers",
    "Targets and predictions are compared as numbers, regardless of their dtypes.",
    _as_numbers,
)
IN_DTYPE_OF_PREDICTIONS = Behaviour[ReadTargets](
    AXIS,
    "in-dtype-of-predictions",
    "Targets are cast to the dtype of the predictions first; an integer dtype truncates fractions.",
    _in_dtype_of_predictions,
)
IN_DTYPE_OF_TARGETS = Behaviour[ReadTargets](
    AXIS,
    "in-dtype-of-targets",
    "Predicted labels are cast to the dtype of the targets, where they may overflow, be rounded or "
    "become True.",
    _in_dtype_of_targets,
)
CLASS_OF_ONE_HOT = Behaviour[ReadTargets](
    AXIS,
    "class-of-one-hot",
    "The class of a one-hot target is the index of its largest entry, as a 64-bit integer.",
    _class_of_one_hot,
)
ARGMAX_OF_ONE_HOT = Behaviour[ReadTargets](
    AXIS,
    "argmax-of-one-hot",
    "The class of a one-hot target is the index of its largest entry.",
    _argmax_of_one_hot,
)
ARGMAX_OF_ONE_HOT_AFTER_CAST = Behaviour[ReadTargets](
    AXIS,
    "argmax-of-one-hot-after-cast",
    "One-hot targets are cast to the dtype of the predictions; the class is the index of the largest entry.",
    _argmax_of_one_hot_after_cast,
)
INT32 = Behaviour[ReadTargets](
    AXIS, "int32", "Targets are integer labels, truncated to 32-bit integers.", _int32
)
TRUNCATED = Behaviour[ReadTargets](
    AXIS, "truncated", "Targets are integer labels; fractions are truncated.", _truncated
)
INT32_MODULO_CLASSES = Behaviour[ReadTargets](
    AXIS,
    "int32-modulo-classes",
    "Targets are integer labels, truncated to 32-bit integers; a label beyond the classes is taken "
    "modulo their number.",
    _int32_modulo_classes,
)
OWN_BFLOAT16 = Behaviour[ReadTargets](
    AXIS,
    "own-bfloat16",
    "Targets are cast to the dtype of the predictions, except bfloat16 targets, which are compared as"
    " they are.",
    _in_own_bfloat16,
)
CLASSES_IN_OWN_BFLOAT16 = Behaviour[ReadTargets](
    AXIS,
    "classes-in-own-bfloat16",
    "Targets are cast to the dtype of the predictions, except bfloat16 targets: the predicted class "
    "is cast to bfloat16.",
    _classes_in_own_bfloat16,
)
ARGMAX_MODULO_CLASSES = Behaviour[ReadTargets](
    AXIS,
    "argmax-modulo-classes",
    "One-hot targets are cast to the dtype of the predictions, unless they are bfloat16. The class is"
    " the index of the largest entry, modulo the number of classes of the predictions.",
    _argmax_modulo_classes,
)
INT64_IF_COUNTED_BY_CLASS = Behaviour[ReadTargets](
    AXIS,
    "int64-if-counted-by-class",
    "Targets and predicted labels are truncated to integers where classes are counted; the micro "
    "average compares them as they are.",
    _int64_if_counted_by_class,
)
POSITION_AMONG_LABELS = Behaviour[ReadTargets](
    AXIS,
    "position-among-labels",
    "The column of a target is its index among the sorted labels.",
    _position_among_labels,
)
POSITION_AMONG_TARGETS = Behaviour[ReadTargets](
    AXIS,
    "position-among-targets",
    "The column of a target is its index among the sorted labels that occur.",
    _position_among_targets,
)
ONE_IS_POSITIVE = Behaviour[ReadTargets](
    AXIS,
    "one-is-positive",
    "The target 1 is positive, the other target (0 or -1) negative.",
    _one_is_positive,
)
IGNORED_BECOME_TRUE = Behaviour[ReadTargets](
    AXIS, "ignored-become-true", "Boolean targets equal to ignore_index become True.", _ignored_become_true
)
