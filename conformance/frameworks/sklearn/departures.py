"""Where scikit-learn leaves its own documentation (line numbers of 1.9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.adapters.base import Call
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Departure
from conformance.oracle.rules import accumulation, average, decision_rule, statistic

FINDINGS = findings_in(__package__ or "")


COUNT_OVERFLOWS = FINDINGS["sklearn-count-overflows-in-the-dtype-of-the-weights"]
TIE_IS_NEGATIVE = FINDINGS["sklearn-top-k-takes-the-lower-of-two-tied-labels"]
PERFECT_IS_NAN = FINDINGS["sklearn-adjusted-balanced-accuracy-of-one-class-is-nan"]
HALF_IS_POSITIVE = FINDINGS["sklearn-fixed-threshold-takes-one-half-for-positive"]


def _counts_with_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    return parameters.get("normalize") is False and any(u.sample_weight is not None for u in call.updates)


def _one_guess_of_two(call: Call, parameters: Mapping[str, Any]) -> bool:
    return bool(parameters["top_k"] == 1)


def _adjusted(call: Call, parameters: Mapping[str, Any]) -> bool:
    return bool(parameters["adjusted"])


def _auto(call: Call, parameters: Mapping[str, Any]) -> bool:
    return bool(parameters["threshold"] == "auto")


COUNTED_IN_DTYPE_OF_WEIGHTS = tuple(
    Departure(COUNT_OVERFLOWS, change, _counts_with_weights)
    for change in (
        Amendment.of(statistic.AXIS, counted_in_weights=True),
        Amendment.of(accumulation.AXIS, divided="weights"),
    )
)
TOP_ONE_OF_TWO = Departure(
    TIE_IS_NEGATIVE, decision_rule.TOP_K_OR_ABOVE.source(TIE_IS_NEGATIVE.place), _one_guess_of_two
)
ADJUSTED = Departure(PERFECT_IS_NAN, Amendment.of(average.AXIS, perfect_stays=False), _adjusted)
AUTO_THRESHOLD = Departure(
    HALF_IS_POSITIVE, decision_rule.NAMED_AT_OR_ABOVE.source(HALF_IS_POSITIVE.place), _auto
)
