"""Where scikit-learn leaves its own documentation (line numbers of 1.9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.adapters.base import Call
from conformance.oracle.model import Amendment, Departure, Finding
from conformance.oracle.rules import accumulation, average, decision_rule, statistic

_RANKING = "sklearn/metrics/_ranking.py"
_SCORES = "sklearn/metrics/_classification.py"
_DOCS = "https://scikit-learn.org/stable/modules"
_GENERATED = f"{_DOCS}/generated/sklearn.metrics"

COUNT_OVERFLOWS = Finding(
    id="sklearn-count-overflows-in-the-dtype-of-the-weights",
    kind="defect",
    title="accuracy_score(normalize=False) counts in the dtype of sample_weight: a boolean mask counts at most 1",
    condition="normalize is False, sample_weight is given, and its dtype does not hold the weighted count.",
    says="The count is numpy.dot(hits, sample_weight), which is taken in the dtype of the weights: booleans give True "
    "or False, eight bits start again from zero after 255, float16 gives infinity. With normalize=True the same "
    "weights are averaged in float64.",
    claims='"else returns the number of correctly classified samples", "the best performance is ... the number of '
    f'samples with normalize == False" ({_GENERATED}.accuracy_score.html)',
    place=f"sklearn/utils/_array_api.py:809 (numpy.dot(a, weights)); {_RANKING}:2248 (numpy.dot(hits, ...))",
)
TIE_IS_NEGATIVE = Finding(
    id="sklearn-top-k-takes-the-lower-of-two-tied-labels",
    kind="defect",
    title="top_k_accuracy_score breaks the tie of two classes against its own note",
    condition="targets are binary, k is 1 and a score lies on the threshold: 0.5 among scores in [0, 1], else 0.",
    says="The score is compared with > and the first label is taken. With one column of scores a class, the last of "
    "equal scores is taken, as the note says.",
    claims='"In cases where two or more labels are assigned equal predicted scores, the labels with the highest '
    f'indices will be chosen first." ({_GENERATED}.top_k_accuracy_score.html)',
    place=f"{_RANKING}:2234-2236 (y_score > threshold)",
)
PERFECT_IS_NAN = Finding(
    id="sklearn-adjusted-balanced-accuracy-of-one-class-is-nan",
    kind="defect",
    title="balanced_accuracy_score(adjusted=True) is NaN for perfect predictions of a single class",
    condition="adjusted is True, y_true holds one class, and all predictions are right.",
    says="Chance and the best score are both 1, and their difference divides: 0/0.",
    claims='"When true, the result is adjusted for chance, so that random performance would score 0, while keeping '
    f'perfect performance at a score of 1." ({_GENERATED}.balanced_accuracy_score.html)',
    place=f"{_SCORES}:2942-2946",
    see=("https://github.com/scikit-learn/scikit-learn/issues/34889",),
)
HALF_IS_POSITIVE = Finding(
    id="sklearn-fixed-threshold-takes-one-half-for-positive",
    kind="defect",
    title="FixedThresholdClassifier predicts the positive class at a probability of exactly 0.5",
    condition="threshold is left at auto, and a probability is 0.5.",
    says="The threshold is compared with >=. The classifier inside, and the user guide, take a probability of exactly "
    "0.5 for negative, so that the default threshold changes the labels of the classifier it wraps.",
    claims='"class labels are obtained by associating the positive class with posterior probability estimates greater '
    f'than 0.5" ({_DOCS}/classification_threshold.html); "When auto, the threshold is set to 0.5 if predict_proba is '
    'used as response_method, otherwise it is set to 0 (i.e. the default threshold for decision_function)" '
    f"({_DOCS}/generated/sklearn.model_selection.FixedThresholdClassifier.html)",
    place="sklearn/metrics/_scorer.py:1063 (y_score >= threshold)",
)


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
        Amendment.of(statistic.AXIS, COUNT_OVERFLOWS.place, counted_in_weights=True),
        Amendment.of(accumulation.AXIS, COUNT_OVERFLOWS.place, divided="weights"),
    )
)
TOP_ONE_OF_TWO = Departure(
    TIE_IS_NEGATIVE, decision_rule.TOP_K_OR_ABOVE.source(TIE_IS_NEGATIVE.place), _one_guess_of_two
)
ADJUSTED = Departure(
    PERFECT_IS_NAN, Amendment.of(average.AXIS, PERFECT_IS_NAN.place, perfect_stays=False), _adjusted
)
AUTO_THRESHOLD = Departure(
    HALF_IS_POSITIVE, decision_rule.NAMED_AT_OR_ABOVE.source(HALF_IS_POSITIVE.place), _auto
)
