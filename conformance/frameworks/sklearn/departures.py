"""When scikit-learn leaves its documentation: conditions of the departures in definitions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.numbers import Array, is_float, is_whole


def counts_with_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the weights of correct samples are added up, not divided."""
    return parameters.get("normalize") is False and any(u.sample_weight is not None for u in call.updates)


def counts_with_weights_in_columns(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the weights of correct samples are added up by a product of matrices."""
    return parameters.get("normalize") is False and _in_columns(call)


def labels_with_weights_in_columns(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the weights of incorrect labels are added up by a product of matrices."""
    return all(u.y_true.ndim == 2 and u.y_true.shape[1] > 1 for u in call.updates) and _in_columns(call)


def _in_columns(call: Call) -> bool:
    return any(u.sample_weight is not None and u.sample_weight.ndim > 1 for u in call.updates)


def zero_division_is_nan(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether zero_division is NaN."""
    given = parameters["zero_division"]
    return isinstance(given, float) and given != given


def several_outputs(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether targets have two columns or more."""
    return any(update.y_true.ndim > 1 and update.y_true.shape[1] > 1 for update in call.updates)


def has_bfloat16(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether labels, scores or weights are bfloat16."""
    return any(
        array is not None and array.dtype.name == "bfloat16"
        for update in call.updates
        for array in (update.y_true, update.y_pred, update.sample_weight)
    )


def has_narrow_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether there are weights of another dtype than float64."""
    return any(u.sample_weight is not None and u.sample_weight.dtype != "float64" for u in call.updates)


def labels_beyond_float64(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether either targets or predictions are floats, and an integer of the others is none in float64."""
    return any(
        is_float(update.y_true) != is_float(update.y_pred)
        and (_beyond_float64(update.y_true) or _beyond_float64(update.y_pred))
        for update in call.updates
    )


def _beyond_float64(labels: Array) -> bool:
    # Python compares an integer and a float exactly.
    return is_whole(labels) and any(float(label) != label for label in np.unique(labels).tolist())
