"""When torchmetrics leaves its documentation: conditions of the departures in definitions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.torchmetrics import errors
from conformance.oracle.numbers import Array, is_float
from conformance.oracle.rules.score_transform import kept_outside


def no_samples(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether an update is empty."""
    return any(array.ndim and not array.shape[0] for u in call.updates for array in (u.y_true, u.y_pred))


def nan_scores(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a score is NaN."""
    return any(is_float(u.y_pred) and bool(np.isnan(u.y_pred).any()) for u in call.updates)


def some_updates_outside(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether some updates, not all, have a score outside [0, 1]."""
    outside = [kept_outside(u.y_pred, u.y_true, parameters) for u in call.updates]
    return any(outside) and not all(outside)


def only_ignored_outside(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether only the scores of ignored targets of an update lie outside [0, 1]."""
    return any(
        kept_outside(update.y_pred, update.y_true, {})
        and not kept_outside(update.y_pred, update.y_true, parameters)
        for update in call.updates
    )


def bool_targets_ignored(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether ignore_index is 0 or 1, and targets are booleans."""
    return parameters.get("ignore_index") in (0, 1) and any(u.y_true.dtype.kind == "b" for u in call.updates)


def sample_ignored(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether all targets of a sample are ignored."""
    index = parameters.get("ignore_index")
    if index is None or ignore_index_wraps(call, parameters):
        return False
    return any(
        update.y_true.ndim
        and bool((update.y_true.reshape(len(update.y_true), -1) == index).all(axis=1).any())
        for update in call.updates
        if update.y_true.size
    )


def labels_of_sample_ignored(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether all labels of a sample are ignored, at some position."""
    index = parameters.get("ignore_index")
    if index is None or bool_targets_ignored(call, parameters):
        return False
    return any(
        update.y_true.ndim > 1 and bool((update.y_true == index).all(axis=1).any()) for update in call.updates
    )


def labels_ignored(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a label is ignored, and targets are no booleans."""
    index = parameters.get("ignore_index")
    if index is None or bool_targets_ignored(call, parameters):
        return False
    return any(bool((update.y_true == index).any()) for update in call.updates)


def top_k_below_one(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether top_k is 0 or negative."""
    return bool(parameters["top_k"] < 1)


def other_than_two_unchecked(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether nothing is checked, and a target or predicted label is neither 0 nor 1."""
    labels = (
        array
        for update in call.updates
        for array in (update.y_true, update.y_pred)
        if array is update.y_true or not is_float(array)
    )
    return not parameters["validate_args"] and any(bool(((each != 0) & (each != 1)).any()) for each in labels)


def ignore_index_is_a_label(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether ignore_index is the number of a label, and labels are averaged."""
    index = parameters.get("ignore_index")
    averaged = parameters["average"] in ("micro", "macro")
    return averaged and index is not None and 0 <= index < (parameters["num_labels"] or 0)


def zero_division_number(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether zero_division is a number other than 0 and 1."""
    given = parameters["zero_division"]
    return not isinstance(given, str) and given not in (0, 1)


def zero_division_word(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether zero_division is a word."""
    return isinstance(parameters["zero_division"], str)


def one_sample_samplewise(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether an update has a single sample, and the result is samplewise."""
    return parameters["multidim_average"] == "samplewise" and any(
        update.y_pred.shape[:1] == (1,) for update in call.updates
    )


def samples_of_different_size(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether samples have different numbers of positions, and the result is samplewise."""
    sizes = {int(np.prod(update.y_pred.shape[2:])) for update in call.updates}
    return parameters["multidim_average"] == "samplewise" and len(sizes) > 1


def label_beyond_classes(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a label is no class, and the predictions are labels too."""
    return any(not is_float(u.y_pred) and errors.classes_missed(u, parameters) for u in call.updates)


def target_beyond_classes(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a target is no class, and the predictions are scores."""
    return any(is_float(u.y_pred) and errors.classes_missed(u, parameters) for u in call.updates)


def target_taken_for_ignored(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the predictions are scores, and a target is the label that ignored ones are given."""
    return any(is_float(u.y_pred) and _given_to_ignored(parameters, u.y_true) for u in call.updates)


def label_taken_for_ignored(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the predictions are labels, and one of these or a target is the label that ignored ones are given."""
    return any(
        not is_float(u.y_pred) and _given_to_ignored(parameters, u.y_true, u.y_pred) for u in call.updates
    )


def _given_to_ignored(parameters: Mapping[str, Any], *labels: Array) -> bool:
    """Whether a label is num_classes, which one-hot labels have a column for where ignore_index is no class."""
    one_hot = parameters["multidim_average"] == "samplewise" or parameters["top_k"] > 1
    if not one_hot or not errors.ignored_outside(parameters):
        return False
    return any(bool((array == parameters["num_classes"]).any()) for array in labels)


def labels_as_scores(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the predictions are floats of the shape of the targets."""
    return any(errors.labels_as_scores(update) for update in call.updates)


def is_macro(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether classes are averaged alike, as they are for any word that is not validated."""
    return parameters["average"] not in ("micro", "weighted", "none", None)


def class_ignored(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether ignore_index is a class, and the average macro."""
    index, classes = parameters.get("ignore_index"), parameters.get("num_classes")
    return is_macro(call, parameters) and index is not None and 0 <= index < (classes or 0)


def ignores_in_macro(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether there is an ignore_index, and the average macro."""
    return is_macro(call, parameters) and parameters.get("ignore_index") is not None


def ignore_index_wraps(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the dtype of predicted labels does not hold ignore_index."""
    index = parameters.get("ignore_index")
    return index is not None and any(
        update.y_pred.ndim == update.y_true.ndim and _wraps(index, update.y_pred.dtype)
        for update in call.updates
    )


def _wraps(number: int, dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "bu" and int(np.asarray(number).astype(dtype)) != number


def label_axis_unchecked(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether nothing is checked, and arrays lack the axis of labels, or have another number than num_labels."""
    numbers = (_labels(update) for update in call.updates)
    return not parameters["validate_args"] and any(
        number is not None and number != parameters["num_labels"] for number in numbers
    )


def _labels(update: Update) -> int | None:
    """Return how many labels arrays have, 0 without an axis of labels, None where they cannot be compared."""
    if min(update.y_true.ndim, update.y_pred.ndim) < 2:
        return 0
    numbers = {update.y_true.shape[1], update.y_pred.shape[1]} - {1} or {1}
    return numbers.pop() if len(numbers) == 1 else None


def one_label_samplewise(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether there is a single label, and the result is samplewise."""
    return bool(parameters["multidim_average"] == "samplewise" and parameters["num_labels"] == 1)


def one_label_unaveraged(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether each label has its own value, and there is a single label."""
    return parameters["average"] in ("none", None) and parameters["num_labels"] == 1


def one_class_unaveraged(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether each class has its own value, and there is a single class."""
    return parameters["average"] in ("none", None) and parameters["num_classes"] in (1, None)


def no_class_unchecked(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether nothing is checked, and num_classes is 0, or negative where torch infers the number from labels."""
    classes = parameters["num_classes"]
    if parameters["validate_args"] or classes is None or classes > 0 or errors.without_classes(parameters):
        return False
    return bool(classes == 0 or parameters["top_k"] != 1 or parameters["multidim_average"] == "samplewise")
