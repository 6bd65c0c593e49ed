"""What the metrics of abacus claim to compute, and how its releases before 2.0 deviate."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.catalogue import Catalogue
from conformance.oracle.model import Behaviour, Definition, Departure, Finding
from conformance.oracle.numbers import Array
from conformance.oracle.reasons import Raises, Reason
from conformance.oracle.releases import Supported
from conformance.oracle.rules import (
    accumulation,
    average,
    decision_rule,
    exclusion,
    label_domain,
    score_transform,
    shape,
    special_values,
    statistic,
    threshold_precision,
    ties,
    undefined_value,
    unit,
    weights,
)
from conformance.oracle.rules.default_parameter import defaults
from conformance.oracle.stages import Checks, Comparison, Decide, Decision, Number, Parameters, Scores
from conformance.oracle.sums import Undefined

NOT_FLAT = Reason("abacus-not-flat", "a sample is one number")
NO_ROD = Reason("abacus-no-rod", "there are rods for the labels 0 to 9 only")

NOTHING_IS_PERFECT = Finding(
    id="abacus-no-samples-are-a-perfect-score",
    kind="defect",
    title="The accuracy of no samples is 1",
    condition="There are no samples.",
    says="The value for no samples is 1.0.",
    claims='"Returns 0 for no samples." (abacus.py)',
    place="abacus.py: _OF_NOTHING",
)


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


def _one(above: Number) -> Fraction:
    return Fraction(1)


def _without_samples(call: Call, parameters: Mapping[str, Any]) -> bool:
    return not any(len(update.y_true) for update in call.updates)


_SHARED = (
    threshold_precision.NUMPY.source("abacus.py: >, =="),
    score_transform.NONE.source("abacus.py"),
    label_domain.AS_GIVEN.source("abacus.py"),
    ties.FIRST_OR_ALL.source("abacus.py: there are no class scores"),
    special_values.AS_NUMBERS.source("abacus.py"),
    shape.COLUMNS.source("abacus.py"),
    exclusion.NOTHING.source("abacus.py"),
    weights.UNUSED.source("abacus.py"),
    unit.ELEMENT.source("abacus.py"),
    statistic.ACCURACY.documented('"Share of samples" (abacus.py)'),
    average.POOLED.documented('"Share of samples" (abacus.py)'),
    accumulation.FLOAT64.source("abacus.py: sum(hits) / len(hits)"),
    undefined_value.ZERO.documented('"Returns 0 for no samples." (abacus.py)'),
)

_DEPARTURES = (
    Departure(
        NOTHING_IS_PERFECT,
        Behaviour[Undefined]("undefined-value", "abacus-one", "The value of no samples is 1.", _one).source(
            NOTHING_IS_PERFECT.place
        ),
        _without_samples,
        releases="<2.0",
    ),
)

CATALOGUE = Catalogue(
    (
        Definition(
            "abacus.share_of_hits",
            "Share of samples on the side of the cutoff that the target names.",
            (
                *_SHARED,
                defaults(threshold=0.5).documented('"cutoff: float = 0.5" (abacus.py)'),
                Behaviour[Checks](
                    "refusal", "abacus-flat", "Samples are numbers.", Checks(_nothing, _flat)
                ).source("abacus.py"),
                Behaviour[Decide](
                    "decision-rule",
                    "abacus-above-in-hundredths",
                    "A score is rounded to hundredths, and positive above the threshold.",
                    _above_in_hundredths,
                ).documented('"whose score, rounded to hundredths, is above `cutoff`" (abacus.py)'),
            ),
            _DEPARTURES,
        ),
        Definition(
            "abacus.share_of_labels",
            "Share of samples with the label of the target.",
            (
                *_SHARED,
                defaults().source("abacus.py"),
                Behaviour[Checks](
                    "refusal", "abacus-rods", "Samples are labels from 0 to 9.", Checks(_nothing, _on_rods)
                ).documented('"Raises ValueError for other labels" (abacus.py)'),
                decision_rule.EQUALITY.documented('"with the label of the target" (abacus.py)'),
            ),
            _DEPARTURES,
        ),
    ),
    releases=Supported("abacus", oldest="1.0", newest="2.0"),
)
