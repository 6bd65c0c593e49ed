"""When scikit-learn leaves its documentation: conditions of the departures in definitions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.adapters.base import Call


def counts_with_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the weights of correct samples are added up, not divided."""
    return parameters.get("normalize") is False and any(u.sample_weight is not None for u in call.updates)
