"""score-transform: what is done to scores before anything is decided."""

from __future__ import annotations

import numpy as np

from conformance.definitions.model import Behaviour
from conformance.definitions.numbers import Array, cast, is_float
from conformance.definitions.stages import Scores

AXIS = "score-transform"


def _none(y_pred: Array) -> Scores:
    return Scores(y_pred)


def _sigmoid_if_outside(y_pred: Array) -> Scores:
    wide = cast(y_pred, "float64")
    return _sigmoid(y_pred) if is_float(y_pred) and np.any((wide < 0) | (wide > 1)) else Scores(y_pred)


def _sigmoid_unless_inside(y_pred: Array) -> Scores:
    wide = cast(y_pred, "float64")
    inside = np.all((wide >= 0) & (wide <= 1))
    return Scores(y_pred) if inside or not is_float(y_pred) else _sigmoid(y_pred)


def _sigmoid(y_pred: Array) -> Scores:
    wide = cast(y_pred, "float64")
    with np.errstate(all="ignore"):
        squashed = np.where(wide >= 0, 1 / (1 + np.exp(-wide)), np.exp(wide) / (1 + np.exp(wide)))
    return Scores(cast(np.asarray(squashed), y_pred.dtype.name), approximate=True)


NONE = Behaviour(AXIS, "none", "Scores are taken as they are.", _none)
SIGMOID_IF_OUTSIDE = Behaviour(
    AXIS,
    "sigmoid-if-outside",
    "If any floating score of the update lies outside [0, 1], all of them pass through a sigmoid.",
    _sigmoid_if_outside,
)
SIGMOID_UNLESS_INSIDE = Behaviour(
    AXIS,
    "sigmoid-unless-inside",
    "Unless all floating scores of the update are within [0, 1] - NaN is not - all pass through a sigmoid.",
    _sigmoid_unless_inside,
)
