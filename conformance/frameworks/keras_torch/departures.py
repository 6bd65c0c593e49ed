"""When Keras 3 on torch leaves its documentation: conditions of the departures in definitions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.conditions import Condition, any_update, any_update_given
from conformance.oracle.numbers import is_float, is_text, is_whole


@any_update_given
def threshold_is_rounded(update: Update, parameters: Mapping[str, Any]) -> bool:
    """Whether float32 does not hold a threshold exactly, or scores are integers."""
    threshold = parameters["threshold"]
    if not isinstance(threshold, float) or update.y_pred.dtype.name == "float32":
        return False
    return float(np.float32(threshold)) != threshold or not is_float(update.y_pred)


@any_update_given
def threshold_wraps(update: Update, parameters: Mapping[str, Any]) -> bool:
    """Whether the dtype of the scores does not hold an integer threshold."""
    threshold, scores = parameters["threshold"], update.y_pred.dtype
    if scores.kind not in "iu" or not isinstance(threshold, int):
        return False
    limits = np.iinfo(scores)
    return not limits.min <= threshold <= limits.max


@any_update_given
def k_above_classes(update: Update, parameters: Mapping[str, Any]) -> bool:
    """Whether there are fewer classes than k."""
    return update.y_pred.ndim > 0 and bool(parameters["top_k"] > update.y_pred.shape[-1])


def _broadcast(dropped: int) -> Condition:
    """Return whether targets, once `dropped` last axes are gone, and samples of scores differ in number."""

    def differ(update: Update) -> bool:
        y_true, y_pred = update.y_true, update.y_pred
        targets = int(np.prod(y_true.shape[: y_true.ndim - dropped]))
        samples = int(np.prod(y_pred.shape[:-1]))
        return targets != samples and 1 in (targets, samples)

    return any_update(differ)


whole_scores = any_update(lambda update: is_whole(update.y_pred))
ONE_HOT_BROADCAST = _broadcast(1)
LABELS_BROADCAST = _broadcast(0)
MORE_COLUMNS = any_update(lambda update: update.y_true.shape[-1:] > update.y_pred.shape[-1:])
BFLOAT16_TARGETS = any_update(
    lambda update: update.y_true.dtype.name == "bfloat16" != update.y_pred.dtype.name
)


@any_update
def outside_classes(update: Update) -> bool:
    """Whether a target is no class."""
    if is_text(update.y_true) or not update.y_pred.ndim or not update.y_true.size:
        return False
    targets = update.y_true.astype("float64")
    return bool(((targets <= -1) | (targets >= update.y_pred.shape[-1]) | ~np.isfinite(targets)).any())


def bfloat16_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether there are weights of bfloat16, and the metric has another dtype."""
    given = [update.sample_weight for update in call.updates if update.sample_weight is not None]
    return call.metric_dtype != "bfloat16" and any(weight.dtype.name == "bfloat16" for weight in given)


def float64_metric(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the metric is asked to have the dtype float64."""
    return call.metric_dtype == "float64"
