"""When departures of the Keras variants hold: conditions on the arrays of a call, never on an outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.numbers import Array, cast, is_float, is_text

Condition = Callable[[Call, Mapping[str, Any]], bool]


def any_update(condition: Callable[[Update], bool]) -> Condition:
    """Return the condition that holds if one update meets `condition`."""
    return lambda call, parameters: any(map(condition, call.updates))


def any_array(condition: Callable[[Array], bool], *names: str) -> Condition:
    """Return the condition that holds if one array of floats with these names meets `condition`."""
    return any_update(
        lambda update: any(
            is_float(array) and condition(cast(array, "float64"))
            for array in (getattr(update, name) for name in names)
        )
    )


def _scalar_weight(update: Update) -> bool:
    return update.sample_weight is not None and not update.sample_weight.ndim


def _beyond_int32(update: Update) -> bool:
    return not is_text(update.y_true) and bool((np.abs(cast(update.y_true, "float64")) >= 2**31).any())


def has_nan(array: Array) -> bool:
    """Whether there is NaN."""
    return bool(np.isnan(array).any())


def has_infinity(array: Array) -> bool:
    """Whether there is an infinity."""
    return bool(np.isinf(array).any())


def has_minus_zero(array: Array) -> bool:
    """Whether there is -0.0."""
    return bool(((array == 0) & np.signbit(array)).any())


def has_subnormal(array: Array) -> bool:
    """Whether there is a number that is subnormal in float32: a model casts its input to that."""
    return bool(((np.abs(array) < np.finfo("float32").tiny) & (array != 0)).any())


SCALAR_WEIGHT = any_update(_scalar_weight)
WEIGHTED = any_update(lambda update: update.sample_weight is not None)
SCORES_NOT_FLOAT32 = any_update(lambda update: update.y_pred.dtype.name != "float32")
TARGETS_BEYOND_INT32 = any_update(_beyond_int32)


def metric_not_float32(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a metric of another dtype than float32 is updated."""
    return bool(call.updates) and call.metric_dtype not in (None, "float32")
