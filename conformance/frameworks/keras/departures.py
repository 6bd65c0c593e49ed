"""Where Keras 3 on the TensorFlow backend leaves its documentation (line numbers of 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Departure, Finding
from conformance.oracle.numbers import Array, cast, is_float, is_text
from conformance.oracle.rules import label_domain, special_values, weights

FINDINGS = findings_in(__package__ or "")


SCALAR_WEIGHS_UPDATE = FINDINGS["keras-scalar-weight-averages-batch-means"]
TARGETS_CAST = FINDINGS["keras-accuracy-casts-targets-to-the-dtype-of-predictions"]
CLASSES_CONFUSED = FINDINGS["keras-classes-are-confused-in-the-dtype-of-scores"]
CLASSES_WRAP_AT_32_BITS = FINDINGS["keras-class-numbers-wrap-around-in-32-bits"]
INFINITY_VOIDS = FINDINGS["keras-top-k-misses-rows-with-an-infinite-score"]
NAN_LOSES = FINDINGS["keras-nan-never-wins-an-argmax-on-tensorflow"]
ZERO_BELOW_ZERO = FINDINGS["keras-minus-zero-is-below-zero-in-an-argmax"]
SUBNORMALS_FLUSHED = FINDINGS["keras-subnormal-numbers-are-zero"]


def _arrays(call: Call) -> list[Array]:
    return [array for update in call.updates for array in (update.y_true, update.y_pred) if is_float(array)]


def _targets(call: Call) -> list[Array]:
    return [update.y_true for update in call.updates if is_float(update.y_true)]


def _scalar_weight(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(u.sample_weight is not None and not u.sample_weight.ndim for u in call.updates)


def _targets_change(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        _changes(update.y_true, update.y_pred.dtype.name) for update in call.updates if _numbers(update)
    )


def _classes_change(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        _changes(update.y_true, update.y_pred.dtype.name) or _columns_change(update)
        for update in call.updates
        if _numbers(update)
    )


def _one_hot_classes_change(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(_columns_change(update) for update in call.updates if _numbers(update))


def _beyond_int32(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        not is_text(update.y_true) and bool((np.abs(cast(update.y_true, "float64")) >= 2**31).any())
        for update in call.updates
    )


def _numbers(update: Update) -> bool:
    return not is_text(update.y_true) and not is_text(update.y_pred)


def _columns_change(update: Update) -> bool:
    columns = update.y_pred.shape[-1] if update.y_pred.ndim else 0
    return _changes(np.arange(columns), update.y_pred.dtype.name)


def _changes(numbers: Array, name: str) -> bool:
    """Whether a cast to a dtype makes another number of one of these."""
    wide = cast(numbers, "float64")
    back = cast(cast(numbers, name), "float64")
    return bool(np.any((wide != back) & ~(np.isnan(wide) & np.isnan(back))))


def _nan(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(map(_has_nan, _arrays(call)))


def _has_nan(array: Array) -> bool:
    return bool(np.isnan(cast(array, "float64")).any())


def _minus_zero(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(map(_has_minus_zero, _arrays(call)))


def _minus_zero_target(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(map(_has_minus_zero, _targets(call)))


def _has_minus_zero(array: Array) -> bool:
    wide = cast(array, "float64")
    return bool(((wide == 0) & np.signbit(wide)).any())


def _subnormal(call: Call, parameters: Mapping[str, Any]) -> bool:
    # A model takes its input as float32, so that what is subnormal there counts; in float64 the rule spares it.
    wide = [cast(array, "float64") for array in _arrays(call)]
    return any(bool(np.any((np.abs(array) < np.finfo("float32").tiny) & (array != 0))) for array in wide)


def _infinite(call: Call, parameters: Mapping[str, Any]) -> bool:
    scores = [update.y_pred for update in call.updates if is_float(update.y_pred)]
    return any(bool(np.isinf(cast(array, "float64")).any()) for array in scores)


def _special(finding: Finding, holds_for: Callable[[Call, Mapping[str, Any]], bool]) -> Departure:
    return Departure(finding, special_values.NAN_LOSES.source(finding.place), holds_for)


SCALAR_WEIGHT = Departure(
    SCALAR_WEIGHS_UPDATE, weights.PER_ROW_OR_ELEMENT.source(SCALAR_WEIGHS_UPDATE.place), _scalar_weight
)
SUBNORMAL = _special(SUBNORMALS_FLUSHED, _subnormal)
#: What is there for every argmax, for every top k, and for the argmax of one-hot targets beside it.
IN_ARGMAX = (_special(NAN_LOSES, _nan), _special(ZERO_BELOW_ZERO, _minus_zero))
IN_TOP_K = (_special(INFINITY_VOIDS, _infinite), _special(NAN_LOSES, _nan))
IN_ONE_HOT = (_special(ZERO_BELOW_ZERO, _minus_zero_target),)
ACCURACY = (
    Departure(TARGETS_CAST, label_domain.IN_DTYPE_OF_PREDICTIONS.source(TARGETS_CAST.place), _targets_change),
)
SPARSE = (
    Departure(
        CLASSES_CONFUSED, label_domain.IN_DTYPE_OF_PREDICTIONS.source(CLASSES_CONFUSED.place), _classes_change
    ),
    *IN_ARGMAX,
)
CATEGORICAL = (
    Departure(
        CLASSES_CONFUSED,
        label_domain.ARGMAX_OF_ONE_HOT.source(CLASSES_CONFUSED.place),
        _one_hot_classes_change,
    ),
    *IN_ARGMAX,
)
SPARSE_TOP_K = (
    Departure(
        CLASSES_WRAP_AT_32_BITS, label_domain.INT32.source(CLASSES_WRAP_AT_32_BITS.place), _beyond_int32
    ),
    *IN_TOP_K,
)
TOP_K = (*IN_TOP_K, *IN_ONE_HOT)
