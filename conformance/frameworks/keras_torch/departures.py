"""Where Keras 3 on torch leaves its documentation (line numbers of 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import departures as keras
from conformance.frameworks.keras.departures import THRESHOLD_ROUNDED
from conformance.frameworks.keras_family.conditions import Condition, any_array, any_update, has_nan
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Departure, Finding, Raising
from conformance.oracle.numbers import is_float, is_text
from conformance.oracle.reasons import TOP_K_ABOVE_CLASSES
from conformance.oracle.rules import (
    accumulation,
    label_domain,
    shape,
    special_values,
    threshold_precision,
    unit,
)

FINDINGS = findings_in(__package__ or "")
K_ABOVE_CLASSES = FINDINGS["keras-torch-refuses-k-above-classes"]
CLASS_WRAPS = FINDINGS["keras-torch-top-k-wraps-class-numbers"]
SAMPLES_BROADCAST = FINDINGS["keras-torch-top-k-broadcasts-rows"]
NAN_OUT_OF_TOP_K = FINDINGS["keras-torch-nan-wins-the-argmax-but-is-not-in-the-top-k"]
BFLOAT16_TARGETS = FINDINGS["keras-torch-leaves-bfloat16-targets-uncast"]
BFLOAT16_WEIGHTS = FINDINGS["keras-torch-sums-bfloat16-weights-in-bfloat16"]
#: What is done to arrays of bfloat16.
BFLOAT16 = (BFLOAT16_TARGETS, BFLOAT16_WEIGHTS)
FLOAT64_METRIC = FINDINGS["keras-torch-float64-metric-gives-float32"]
THRESHOLD_WRAPS = FINDINGS["keras-torch-threshold-wraps"]


def _with_parameters(condition: Callable[[Update, Mapping[str, Any]], bool]) -> Condition:
    return lambda call, parameters: any(condition(update, parameters) for update in call.updates)


def _threshold_is_rounded(update: Update, parameters: Mapping[str, Any]) -> bool:
    threshold = parameters["threshold"]
    if not isinstance(threshold, float) or update.y_pred.dtype.name == "float32":
        return False
    return float(np.float32(threshold)) != threshold or not is_float(update.y_pred)


def _threshold_wraps(update: Update, parameters: Mapping[str, Any]) -> bool:
    threshold, scores = parameters["threshold"], update.y_pred.dtype
    if scores.kind not in "iu" or not isinstance(threshold, int):
        return False
    limits = np.iinfo(scores)
    return not limits.min <= threshold <= limits.max


def _k_above_classes(update: Update, parameters: Mapping[str, Any]) -> bool:
    return update.y_pred.ndim > 0 and bool(parameters["top_k"] > update.y_pred.shape[-1])


def _broadcast(dropped: int) -> Condition:
    """Return whether targets, once `dropped` last axes are gone, and samples of scores differ in number."""

    def differ(update: Update) -> bool:
        y_true, y_pred = update.y_true, update.y_pred
        targets = int(np.prod(y_true.shape[: y_true.ndim - dropped]))
        samples = int(np.prod(y_pred.shape[:-1]))
        return targets != samples and 1 in (targets, samples)

    return any_update(differ)


def _more_columns(update: Update) -> bool:
    return update.y_true.shape[-1:] > update.y_pred.shape[-1:]


def _outside_classes(update: Update) -> bool:
    if is_text(update.y_true) or not update.y_pred.ndim or not update.y_true.size:
        return False
    targets = update.y_true.astype("float64")
    return bool(((targets <= -1) | (targets >= update.y_pred.shape[-1]) | ~np.isfinite(targets)).any())


def _bfloat16_targets(update: Update) -> bool:
    return update.y_true.dtype.name == "bfloat16" != update.y_pred.dtype.name


def _bfloat16_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    given = [update.sample_weight for update in call.updates if update.sample_weight is not None]
    return call.metric_dtype != "bfloat16" and any(weight.dtype.name == "bfloat16" for weight in given)


def _float64_metric(call: Call, parameters: Mapping[str, Any]) -> bool:
    return call.metric_dtype == "float64"


#: Of metric classes only: a function has no dtype and no weights.
STATE = (
    keras.SCALAR_WEIGHT_OF_UPDATE,
    Departure(
        FLOAT64_METRIC,
        Amendment.of(accumulation.AXIS, result="metric-at-most-float32"),
        _float64_metric,
    ),
    Departure(
        BFLOAT16_WEIGHTS,
        Amendment.of(accumulation.AXIS, weights_in_bfloat16=True),
        _bfloat16_weights,
    ),
    Departure(
        BFLOAT16_WEIGHTS,
        Amendment.of(unit.AXIS, weights_in_bfloat16=True),
        _bfloat16_weights,
    ),
)
THRESHOLD = tuple(
    Departure(
        finding,
        threshold_precision.THRESHOLD_FOLLOWS_TENSORS.source(finding.place),
        _with_parameters(condition),
    )
    for finding, condition in (
        (THRESHOLD_ROUNDED, _threshold_is_rounded),
        (THRESHOLD_WRAPS, _threshold_wraps),
    )
)


def _reading(finding: Finding, holds_for: Condition, **parameters: Any) -> Departure:
    return Departure(finding, Amendment.of(label_domain.AXIS, **parameters), holds_for)


_BFLOAT16_TARGETS = _reading(BFLOAT16_TARGETS, any_update(_bfloat16_targets), bfloat16_kept=True)


def _in_top_k(label_axes: int) -> tuple[Departure, ...]:
    """Return what both top-k metrics have; targets have `label_axes` axes for classes."""
    return (
        Departure(
            NAN_OUT_OF_TOP_K,
            special_values.NAN_TAKES_A_PLACE.source(NAN_OUT_OF_TOP_K.place),
            any_array(has_nan, "y_pred"),
        ),
        Departure(
            SAMPLES_BROADCAST,
            shape.FLAT_SAMPLES_BROADCAST.source(SAMPLES_BROADCAST.place),
            _broadcast(label_axes),
        ),
        Departure(
            K_ABOVE_CLASSES,
            Raising(TOP_K_ABOVE_CLASSES),
            _with_parameters(_k_above_classes),
        ),
    )


EQUALITY = (
    replace(
        keras.CAST_TARGETS,
        change=Amendment.of(label_domain.AXIS, dtype="predictions", decided=False, bfloat16_kept=True),
    ),
)
SPARSE = (keras.CONFUSED_CLASSES, _BFLOAT16_TARGETS)
CATEGORICAL = (keras.CONFUSED_ONE_HOT_CLASSES,)
TOP_K = (_BFLOAT16_TARGETS, _reading(CLASS_WRAPS, any_update(_more_columns), modulo=True), *_in_top_k(1))
SPARSE_TOP_K = (
    keras.WRAPPED_CLASSES,
    _reading(CLASS_WRAPS, any_update(_outside_classes), modulo=True),
    *_in_top_k(0),
)
