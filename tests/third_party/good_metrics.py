"""Somebody else's package: honest metrics in plain NumPy, claiming definitions that exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Adapter, Implementation, Recipe


def binary_accuracy(y_true: NDArray[Any], y_pred: NDArray[Any], threshold: float = 0.5) -> Any:
    """What keras.metrics.BinaryAccuracy computes, the threshold rounded to float32 and a column squeezed as there."""
    if y_true.ndim != y_pred.ndim:
        y_true, y_pred = np.ravel(y_true), np.ravel(y_pred)
    return np.float32(np.mean(y_true == (y_pred > np.float32(threshold))))


def multiclass_accuracy(y_true: NDArray[Any], y_pred: NDArray[Any]) -> Any:
    """What torchmetrics' MulticlassAccuracy computes with average='micro', for labels."""
    if y_true.shape != y_pred.shape:
        raise ValueError("predictions and targets have to be of the same shape")
    return np.float32(np.mean(y_true == y_pred))


def entry(
    function: str,
    *,
    definition: str | None,
    task: str = "binary",
    parameters: Mapping[str, Any] | None = None,
    resolved: str = "",
    claims_departures: bool = False,
) -> Implementation:
    module = function.partition(".")[0]
    defaults = parameters or {}
    return Implementation(
        id=function,
        quantity="accuracy",
        tasks=frozenset({task}),
        recipe=Recipe(
            imports=(f"import {module}",),
            result=f"{function}({{y_true}}, {{y_pred}}, {{arguments}})",
            resolved=resolved,
        ),
        parameters={name: name for name in defaults},
        defaults=defaults,
        updates="one",
        definition=definition,
        claims_departures=claims_departures,
    )


ADAPTER = Adapter(
    framework="good_metrics",
    path=f"{__name__}:ADAPTER",
    distributions={"numpy": "numpy"},
    implementations=(
        entry(
            "good_metrics.binary_accuracy",
            definition="keras.metrics.BinaryAccuracy",
            parameters={"threshold": 0.5},
        ),
        entry(
            "good_metrics.multiclass_accuracy",
            definition="torchmetrics.classification.MulticlassAccuracy[average=micro]",
            task="multiclass",
        ),
    ),
)
