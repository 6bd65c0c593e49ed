"""When scikit-learn leaves its documentation: conditions of the departures in definitions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.adapters.base import Call


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
