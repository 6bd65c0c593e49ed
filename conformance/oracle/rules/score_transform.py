"""score-transform: how scores are transformed before the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.model import parametric
from conformance.oracle.numbers import Array, cast, is_float
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Parameters, Scores

AXIS = "score-transform"


def _none(y_pred: Array, y_true: Array, parameters: Parameters, call: Call) -> Scores:
    return Scores(y_pred)


@dataclass(frozen=True)
class Sigmoid:
    """All floating scores pass through a sigmoid if one of them is considered a logit: it lies outside [0, 1].

    Attributes:
        by_update: whether only the scores of one update are considered, and not those of all.
        nan: whether NaN is considered a logit.
        ignored: whether a score whose target is ignored can be considered a logit.
    """

    by_update: bool = False
    nan: bool = False
    ignored: bool = False

    @property
    def name(self) -> str:
        flags = {"of-update": self.by_update, "or-nan": self.nan, "ignored-too": self.ignored}
        return "-".join(("sigmoid-if-outside", *(flag for flag, holds in flags.items() if holds)))

    @property
    def says(self) -> str:
        scores = "score of the update" if self.by_update else "score"
        outside = "is NaN or lies outside [0, 1]" if self.nan else "lies outside [0, 1]"
        ignored = "also if its target is ignored" if self.ignored else "and its target is not ignored"
        all_ = "all of the update" if self.by_update else "all of them"
        return f"If any floating {scores} {outside}, {ignored}, {all_} pass through a sigmoid."

    def __call__(self, y_pred: Array, y_true: Array, parameters: Parameters, call: Call) -> Scores:
        if not is_float(y_pred):
            return Scores(y_pred)
        here = [(y_pred, y_true)] if self.by_update else [(u.y_pred, u.y_true) for u in call.updates]
        return (
            _sigmoid(y_pred) if any(self._logits(*arrays, parameters) for arrays in here) else Scores(y_pred)
        )

    def _logits(self, y_pred: Array, y_true: Array, parameters: Parameters) -> bool:
        return kept_outside(y_pred, y_true, {} if self.ignored else parameters) or (
            self.nan and _has_nan(y_pred)
        )


def _has_nan(array: Array) -> bool:
    return is_float(array) and bool(np.isnan(cast(array, "float64")).any())


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


NONE = shared(AXIS, "none", _none)
SIGMOID_IF_OUTSIDE = parametric(AXIS, Sigmoid())
