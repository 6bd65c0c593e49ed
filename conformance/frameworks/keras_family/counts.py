"""Precision and recall of any Keras: how they are called, what they check, and when they leave their documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.conditions import any_update
from conformance.frameworks.keras_family.errors import NO_STRINGS, Check, R, check, checks
from conformance.oracle.model import Definition
from conformance.oracle.numbers import Array, cast, is_text
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules.shape import squeezed_or_expanded
from conformance.oracle.stages import Parameters

MASK_NOT_FLOAT32 = R["mask-not-float32"]
NO_THRESHOLD = R["no-threshold"]


def split(metrics: Iterable[Definition]) -> tuple[tuple[Definition, ...], tuple[Definition, ...]]:
    """Return accuracies, which are also asked in other ways, and counts and what is made of them, by their names."""
    known = tuple(metrics)
    of_counts = ("Precision", "Recall", "Score", "Positives", "Negatives")
    return (
        tuple(metric for metric in known if not metric.path.endswith((*of_counts, "IoU"))),
        tuple(metric for metric in known if metric.path.endswith(of_counts)),
    )


def thresholds(parameters: Parameters, call: Call) -> None:
    """Raise for a threshold outside [0, 1] (metrics_utils.py, assert_thresholds_range)."""
    threshold = parameters["threshold"]
    each = threshold if isinstance(threshold, list) else [threshold] if threshold is not None else []
    outside = [one for one in each if one is None or one < 0 or one > 1]
    raise_if(outside, R["threshold-outside"].of(f"threshold is {outside}"), "ValueError")


def _k_of_scores(update: Update, parameters: Parameters, call: Call) -> None:
    k = parameters.get("top_k")
    if k is not None:
        scores = _arrays(update)[1]
        raise_if(not scores.ndim or not 0 <= k <= scores.shape[-1], R["top-k-above-classes"])


def _k_of_some(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for the top k of no scores: torch.nn.functional.one_hot takes 0 classes for a number to be inferred."""
    raise_if(parameters.get("top_k") is not None and not _arrays(update)[1].shape[-1], R["no-classes"])


def _class_of_scores(update: Update, parameters: Parameters, call: Call) -> None:
    class_id = parameters.get("class_id")
    if class_id is not None:
        for array in _arrays(update):
            inside = array.ndim and -array.shape[-1] <= class_id < array.shape[-1]
            raise_if(not inside, R["class-outside"].of(f"class_id is {class_id}"))


def _several_columns(update: Update, parameters: Parameters, call: Call) -> None:
    flat = parameters.get("class_id") is not None and _arrays(update)[1].ndim == 1
    raise_if(flat, R["class-of-one-column"], "ValueError")


def _arrays(update: Update) -> tuple[Array, Array]:
    return squeezed_or_expanded(update.y_true, update.y_pred)


_NO_SCALAR = check(R["scalar"], lambda update: not update.y_pred.ndim)
_EACH: tuple[Check, ...] = (NO_STRINGS, _NO_SCALAR, _k_of_scores)

COUNTS = checks("keras-counts", *_EACH, _several_columns, _class_of_scores, before=thresholds)
COUNTS_OF_TENSORS = checks(
    "keras-torch-counts", *_EACH, _k_of_some, _several_columns, _class_of_scores, before=thresholds
)
COUNTS_OF_EQUAL = checks("tf-keras-counts", *_EACH, _class_of_scores, before=thresholds)


def _differ(update: Update) -> bool:
    """Whether targets and predictions, once they have the same rank, differ in shape."""
    y_true, y_pred = _arrays(update)
    return y_true.shape != y_pred.shape


_shapes_differ = any_update(_differ)


def shapes_differ(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether targets and predictions of all classes differ in shape."""
    return parameters.get("class_id") is None and _shapes_differ(call, parameters)


def shapes_differ_for_a_class(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a class is taken from targets and predictions that differ in shape."""
    return parameters.get("class_id") is not None and _shapes_differ(call, parameters)


def evenly_spaced(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether three thresholds or more are, nearly, evenly spaced from 0 to 1 (is_evenly_distributed_thresholds)."""
    thresholds = parameters["threshold"]
    if not isinstance(thresholds, list) or len(thresholds) < 3:
        return False
    even = np.arange(len(thresholds), dtype=np.float32) / (len(thresholds) - 1)
    return bool(np.allclose(thresholds, even, atol=1e-7))


@any_update
def _not_bucketed(update: Update) -> bool:
    if is_text(update.y_pred) or is_text(update.y_true):
        return False
    weight = update.sample_weight
    nan = bool(np.isnan(cast(update.y_pred, "float64")).any())
    return nan or (weight is not None and not np.isfinite(weight).all()) or _differ(update)


def updated_without_threshold(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the list of thresholds is empty, and there is something to compare."""
    return parameters["threshold"] == [] and bool(call.updates)


def buckets_undefined(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether thresholds are evenly spaced, and data are not finite, or differ in shape."""
    return evenly_spaced(call, parameters) and _not_bucketed(call, parameters)


def of_another_dtype(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the metric has another dtype than float32."""
    return call.metric_dtype not in (None, "float32")


def top_k_not_in_float32(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the k highest scores are kept by a metric of another dtype than float32."""
    return parameters.get("top_k") is not None and of_another_dtype(call, parameters) and bool(call.updates)
