"""When departures of the Keras variants hold: conditions on the arrays of a call, never on an outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.oracle.numbers import Array, cast, is_float, is_text

Condition = Callable[[Call, Mapping[str, Any]], bool]


def always(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Hold for every call; a departure that changes nothing is not named."""
    return True


def any_update(condition: Callable[[Update], bool]) -> Condition:
    """Return the condition that holds if one update meets `condition`."""
    return lambda call, parameters: any(map(condition, call.updates))


def any_update_given(condition: Callable[[Update, Mapping[str, Any]], bool]) -> Condition:
    """Return the condition that holds if one update meets `condition`, given the parameters."""
    return lambda call, parameters: any(condition(update, parameters) for update in call.updates)


def any_number(condition: Callable[[Array], Any], *names: str) -> Condition:
    """Return the condition that holds if one number in the arrays of floats with these names meets `condition`."""
    return any_update(
        lambda update: any(
            is_float(array) and condition(cast(array, "float64")).any()
            for array in (getattr(update, name) for name in names)
        )
    )


def _minus_zero(array: Array) -> Array:
    return np.asarray((array == 0) & np.signbit(array))


def _subnormal(array: Array) -> Array:
    """A model casts its input to float32."""
    return np.asarray((np.abs(array) < np.finfo("float32").tiny) & (array != 0))


WEIGHTED = any_update(lambda update: update.sample_weight is not None)
SCALAR_WEIGHT = any_update(lambda update: update.sample_weight is not None and not update.sample_weight.ndim)
SCORES_NOT_FLOAT32 = any_update(lambda update: update.y_pred.dtype.name != "float32")
BOOLEAN_SCORES = any_update(lambda update: update.y_pred.dtype.kind == "b")
TARGETS_BEYOND_INT32 = any_update(
    lambda update: not is_text(update.y_true) and bool((abs(cast(update.y_true, "float64")) >= 2**31).any())
)
NAN = any_number(np.isnan, "y_true", "y_pred")
NAN_SCORE = any_number(np.isnan, "y_pred")
INFINITE_SCORE = any_number(np.isinf, "y_pred")
MINUS_ZERO = any_number(_minus_zero, "y_true", "y_pred")
MINUS_ZERO_TARGET = any_number(_minus_zero, "y_true")
SUBNORMAL = any_number(_subnormal, "y_true", "y_pred")


def outputs_not_float32(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a model has outputs of 16 bits."""
    return derive.output_dtype(call) is not None


def metric_not_float32(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a metric of another dtype than float32 is updated."""
    return bool(call.updates) and call.metric_dtype not in (None, "float32")
