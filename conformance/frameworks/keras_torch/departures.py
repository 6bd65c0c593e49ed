"""Where Keras 3 on the torch backend leaves its documentation (line numbers of 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import departures as keras_departures
from conformance.frameworks.keras.definitions import THRESHOLD_ROUNDED
from conformance.frameworks.keras_torch import errors as refusal_keras_torch
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Behaviour, Departure, Rule
from conformance.oracle.numbers import is_float
from conformance.oracle.rules import (
    accumulation,
    label_domain,
    shape,
    special_values,
    threshold_precision,
    unit,
    weights,
)

FINDINGS = findings_in(__package__ or "")


K_ABOVE_CLASSES = FINDINGS["keras-torch-refuses-k-above-classes"]
CLASS_WRAPS = FINDINGS["keras-torch-top-k-wraps-class-numbers"]
ROWS_BROADCAST = FINDINGS["keras-torch-top-k-broadcasts-rows"]
NAN_OUT_OF_TOP_K = FINDINGS["keras-torch-nan-wins-the-argmax-but-is-not-in-the-top-k"]
BFLOAT16_TARGETS = FINDINGS["keras-torch-leaves-bfloat16-targets-uncast"]
BFLOAT16_WEIGHTS = FINDINGS["keras-torch-sums-bfloat16-weights-in-bfloat16"]
#: What is done to arrays of bfloat16.
BFLOAT16 = (BFLOAT16_TARGETS, BFLOAT16_WEIGHTS)
FLOAT64_METRIC = FINDINGS["keras-torch-float64-metric-gives-float32"]
THRESHOLD_WRAPS = FINDINGS["keras-torch-threshold-wraps"]


def _any_update(
    condition: Callable[[Update, Mapping[str, Any]], bool],
) -> Callable[[Call, Mapping[str, Any]], bool]:
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


def _rows_broadcast(dropped: int) -> Callable[[Update, Mapping[str, Any]], bool]:
    """Rows of scores against targets, once `dropped` last axes of the targets are gone."""

    def differ(update: Update, parameters: Mapping[str, Any]) -> bool:
        y_true, y_pred = update.y_true, update.y_pred
        targets, rows = int(np.prod(y_true.shape[: y_true.ndim - dropped])), int(np.prod(y_pred.shape[:-1]))
        return targets != rows and 1 in (targets, rows)

    return differ


def _more_columns(update: Update, parameters: Mapping[str, Any]) -> bool:
    return update.y_true.shape[-1:] > update.y_pred.shape[-1:]


def _outside_classes(update: Update, parameters: Mapping[str, Any]) -> bool:
    if update.y_true.dtype.kind in "US" or not update.y_pred.ndim or not update.y_true.size:
        return False
    targets = update.y_true.astype("float64")
    return bool(((targets <= -1) | (targets >= update.y_pred.shape[-1]) | ~np.isfinite(targets)).any())


def _bfloat16_targets(update: Update, parameters: Mapping[str, Any]) -> bool:
    return update.y_true.dtype.name == "bfloat16" != update.y_pred.dtype.name


def _bfloat16_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    given = [update.sample_weight for update in call.updates if update.sample_weight is not None]
    return call.metric_dtype != "bfloat16" and any(weight.dtype.name == "bfloat16" for weight in given)


def _float64_metric(call: Call, parameters: Mapping[str, Any]) -> bool:
    return call.metric_dtype == "float64"


def _as_on_tensorflow(departure: Departure, behaviour: Behaviour) -> Departure:
    """Return a departure of the other backend: the lines of Keras are the same, the rule is that of this one."""
    return replace(departure, change=behaviour.source(departure.finding.place))


#: Of metric classes only: a function has no dtype and no weights.
STATE = (
    _as_on_tensorflow(keras_departures.SCALAR_WEIGHT, weights.PER_ROW_OR_ELEMENT_IN_TORCH),
    Departure(
        FLOAT64_METRIC,
        Amendment.of(accumulation.AXIS, FLOAT64_METRIC.place, result="metric-at-most-float32"),
        _float64_metric,
    ),
    Departure(
        BFLOAT16_WEIGHTS,
        Amendment.of(accumulation.AXIS, BFLOAT16_WEIGHTS.place, weights_in_bfloat16=True),
        _bfloat16_weights,
    ),
    Departure(BFLOAT16_WEIGHTS, unit.ROW_MEAN_IN_BFLOAT16.source(BFLOAT16_WEIGHTS.place), _bfloat16_weights),
)
THRESHOLD = tuple(
    Departure(
        finding, threshold_precision.THRESHOLD_FOLLOWS_TENSORS.source(finding.place), _any_update(condition)
    )
    for finding, condition in (
        (THRESHOLD_ROUNDED, _threshold_is_rounded),
        (THRESHOLD_WRAPS, _threshold_wraps),
    )
)


def _targets(rule: Rule) -> Departure:
    return Departure(BFLOAT16_TARGETS, rule, _any_update(_bfloat16_targets))


def _nan(update: Update, parameters: Mapping[str, Any]) -> bool:
    return is_float(update.y_pred) and bool(np.isnan(update.y_pred.astype("float64")).any())


_NAN = Departure(
    NAN_OUT_OF_TOP_K,
    special_values.NAN_TAKES_A_PLACE.source(NAN_OUT_OF_TOP_K.place),
    _any_update(_nan),
)
EQUALITY = (_as_on_tensorflow(keras_departures.ACCURACY[0], label_domain.OWN_BFLOAT16),)
SPARSE = (
    _as_on_tensorflow(keras_departures.SPARSE[0], label_domain.CLASSES_IN_OWN_BFLOAT16),
    _targets(label_domain.CLASSES_IN_OWN_BFLOAT16.source(BFLOAT16_TARGETS.place)),
)
CATEGORICAL = (keras_departures.CATEGORICAL[0],)
_ARGMAX = label_domain.ARGMAX_MODULO_CLASSES.source(f"{CLASS_WRAPS.place}; {BFLOAT16_TARGETS.place}")
_BROADCAST = shape.FLAT_ROWS_BROADCAST.source(ROWS_BROADCAST.place)
TOP_K = (
    _NAN,
    _targets(_ARGMAX),
    Departure(CLASS_WRAPS, _ARGMAX, _any_update(_more_columns)),
    Departure(ROWS_BROADCAST, _BROADCAST, _any_update(_rows_broadcast(1))),
    Departure(
        K_ABOVE_CLASSES,
        refusal_keras_torch.TOP_K_WITHIN_CLASSES.source(K_ABOVE_CLASSES.place),
        _any_update(_k_above_classes),
    ),
)
SPARSE_TOP_K = (
    _NAN,
    _as_on_tensorflow(keras_departures.SPARSE_TOP_K[0], label_domain.INT32_MODULO_CLASSES),
    Departure(
        CLASS_WRAPS,
        label_domain.INT32_MODULO_CLASSES.source(CLASS_WRAPS.place),
        _any_update(_outside_classes),
    ),
    Departure(ROWS_BROADCAST, _BROADCAST, _any_update(_rows_broadcast(0))),
    Departure(
        K_ABOVE_CLASSES,
        refusal_keras_torch.SPARSE_TOP_K_WITHIN_CLASSES.source(K_ABOVE_CLASSES.place),
        _any_update(_k_above_classes),
    ),
)
