"""Values with how exactly they are known, and when two of them are the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from conformance.calls.outcome import Outcome
from conformance.oracle.prediction import Prediction, tolerance

_FLOATS = ("float16", "bfloat16", "float32", "float64")


@dataclass(frozen=True)
class Measured:
    """A value, and how far it may lie from the exact one.

    Attributes:
        value: a number, or nested lists of numbers.
        precision: dtype in which it was rounded last.
        additions: rounded additions on the way, as in `definitions.prediction.tolerance`.
    """

    value: Any
    precision: str = "float64"
    additions: int = 0

    def same_as(self, other: Measured) -> bool:
        """Whether both may stand for one exact value; NaN is NaN."""
        return self._same(self.value, other.value, other)

    def _same(self, mine: Any, theirs: Any, other: Measured) -> bool:
        if isinstance(mine, list) or isinstance(theirs, list):
            return (
                isinstance(mine, list)
                and isinstance(theirs, list)
                and len(mine) == len(theirs)
                and all(self._same(a, b, other) for a, b in zip(mine, theirs, strict=True))
            )
        if mine == theirs:
            return True
        if not (math.isfinite(mine) and math.isfinite(theirs)):
            return bool(mine != mine and theirs != theirs)
        return abs(Fraction(mine) - Fraction(theirs)) <= self._slack(mine) + other._slack(theirs)

    def _slack(self, value: Any) -> float:
        return tolerance(float(value), self.precision, self.additions)


def of_prediction(prediction: Prediction) -> Measured | None:
    """Return the value a definition predicts; None for an exception. `one-of` has to be resolved before."""
    if prediction.kind == "raises":
        return None
    return Measured(prediction.value, prediction.precision, prediction.additions)


def of_outcome(outcome: Outcome, prediction: Prediction | None, size: int) -> Measured | None:
    """Return the observed value, with the precision that its definition predicts; None for an exception.

    Args:
        outcome: a `value` or `raises` outcome.
        prediction: what the definition predicts, or None where none is claimed.
        size: number of data values, the most additions of an implementation that claims no definition.
    """
    if outcome.kind == "raises":
        return None
    if prediction is not None and prediction.options:
        prediction = prediction.options[0]
    if prediction is not None and prediction.kind == "value":
        return Measured(outcome.value, prediction.precision, prediction.additions)
    precision = outcome.dtype if outcome.dtype in _FLOATS else "float64"
    return Measured(outcome.value, precision, size)
