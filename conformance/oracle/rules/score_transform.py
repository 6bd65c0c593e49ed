"""score-transform: what is done to scores before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array, cast, is_float
from conformance.oracle.stages import Parameters, Scores, Transform

AXIS = "score-transform"


def _none(y_pred: Array, y_true: Array, parameters: Parameters, call: Call) -> Scores:
    return Scores(y_pred)


def _sigmoid_if_outside(y_pred: Array, y_true: Array, parameters: Parameters, call: Call) -> Scores:
    logits = any(kept_outside(update.y_pred, update.y_true, parameters) for update in call.updates)
    return _sigmoid(y_pred) if logits and is_float(y_pred) else Scores(y_pred)


def _sigmoid_if_outside_in_update(y_pred: Array, y_true: Array, parameters: Parameters, call: Call) -> Scores:
    return _sigmoid(y_pred) if kept_outside(y_pred, y_true, parameters) else Scores(y_pred)


def _sigmoid_unless_inside(y_pred: Array, y_true: Array, parameters: Parameters, call: Call) -> Scores:
    wide = cast(y_pred, "float64")
    inside = np.all((wide >= 0) & (wide <= 1))
    return Scores(y_pred) if inside or not is_float(y_pred) else _sigmoid(y_pred)


def kept_outside(y_pred: Array, y_true: Array, parameters: Mapping[str, Any]) -> bool:
    """Whether a floating score lies outside [0, 1] whose target is not ignored."""
    if not is_float(y_pred):
        return False
    wide = cast(y_pred, "float64")
    outside = np.asarray((wide < 0) | (wide > 1))
    ignored = parameters.get("ignore_index")
    if ignored is not None and y_true.shape == y_pred.shape:
        outside = outside & (y_true != ignored)
    return bool(outside.any())


def _sigmoid(y_pred: Array) -> Scores:
    wide = cast(y_pred, "float64")
    with np.errstate(all="ignore"):
        squashed = np.where(wide >= 0, 1 / (1 + np.exp(-wide)), np.exp(wide) / (1 + np.exp(wide)))
    return Scores(cast(np.asarray(squashed), y_pred.dtype.name), approximate=True)


NONE = Behaviour[Transform](AXIS, "none", "Scores are taken as they are.", _none)
SIGMOID_IF_OUTSIDE = Behaviour[Transform](
    AXIS,
    "sigmoid-if-outside",
    "If any floating score lies outside [0, 1] and is not ignored, all of them pass through a sigmoid.",
    _sigmoid_if_outside,
)
SIGMOID_IF_OUTSIDE_IN_UPDATE = Behaviour[Transform](
    AXIS,
    "sigmoid-if-outside-in-update",
    "If any floating score of the update lies outside [0, 1] and is not ignored, all of the update pass through a "
    "sigmoid.",
    _sigmoid_if_outside_in_update,
)
SIGMOID_UNLESS_INSIDE = Behaviour[Transform](
    AXIS,
    "sigmoid-unless-inside",
    "Unless all floating scores of the update, ignored ones too, are within [0, 1] - NaN is not - all of the update "
    "pass through a sigmoid.",
    _sigmoid_unless_inside,
)
