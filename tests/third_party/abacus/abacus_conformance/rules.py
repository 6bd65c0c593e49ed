"""Rules that no other framework has."""

from __future__ import annotations

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array
from conformance.oracle.reasons import Raises, Reason
from conformance.oracle.stages import Checks, Comparison, Decide, Decision, Parameters, Scores

NOT_FLAT = Reason("abacus-not-flat", "a sample is one number")
NO_ROD = Reason("abacus-no-rod", "there are rods for the labels 0 to 9 only")


def _above_in_hundredths(
    scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison
) -> Decision:
    threshold = parameters.number("threshold")
    rounded = [round(float(score), 2) for score in np.ravel(scores.values)]
    positive = np.array([score > threshold for score in rounded], dtype="int64")
    return Decision(positive.reshape(scores.values.shape))


def _nothing(parameters: Parameters, call: Call) -> None:
    return None


def _flat(update: Update, parameters: Parameters, call: Call) -> None:
    if any(len(array) and array.ndim != 1 for array in (update.y_true, update.y_pred)):
        raise Raises(NOT_FLAT, "TypeError")


def _on_rods(update: Update, parameters: Parameters, call: Call) -> None:
    _flat(update, parameters, call)
    for labels in (update.y_true, update.y_pred):
        if ((labels < 0) | (labels > 9)).any():
            raise Raises(NO_ROD, "ValueError")


FLAT = Behaviour[Checks]("refusal", "abacus-flat", "Samples are numbers.", Checks(_nothing, _flat))
RODS = Behaviour[Checks](
    "refusal", "abacus-rods", "Samples are labels from 0 to 9.", Checks(_nothing, _on_rods)
)
ABOVE_IN_HUNDREDTHS = Behaviour[Decide](
    "decision-rule",
    "abacus-above-in-hundredths",
    "A score is rounded to hundredths, and positive above the threshold.",
    _above_in_hundredths,
)
