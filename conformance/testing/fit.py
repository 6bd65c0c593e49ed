"""When the outcome of somebody's own metric is what a definition predicts."""

from __future__ import annotations

from dataclasses import replace

from conformance.calls.outcome import Outcome
from conformance.oracle.prediction import Prediction


def fits(predicted: Prediction, outcome: Outcome) -> bool:
    """Whether an outcome is predicted, whatever its dtype, and an exception whatever its type.

    A metric in another library has other dtypes and exceptions; its value lies within the tolerance of the definition.
    """
    if predicted.kind == "one-of":
        return any(fits(option, outcome) for option in predicted.options)
    loose = replace(predicted, type=None, resolved=None)
    return loose.holds_for(replace(outcome, dtype=predicted.dtype))
