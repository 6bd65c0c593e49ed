"""Accuracy against threshold: what the definitions say for the same scores at other thresholds."""

from __future__ import annotations

from typing import Any

from made_cases import made_case, predicted_cells

from conformance.cases import Case
from conformance.results.curves import curves
from conformance.session.judging import CaseResult
from conformance.verdicts.groups import grouped

KERAS = "keras.metrics.BinaryAccuracy"
FIXED = "sklearn.metrics.accuracy_score[FixedThresholdClassifier]"


def drawn(case: Case) -> dict[str, Any] | None:
    cells = predicted_cells(case)
    return curves(CaseResult(case, tuple(cells), grouped(cells), divergences=(), pairs={}))


def curve_of(found: dict[str, Any], implementation: str) -> dict[str, Any]:
    return next(curve for curve in found["curves"] if implementation in curve["implementations"])


def test_curves_step_at_the_scores_and_part_where_one_counts_the_threshold_as_positive() -> None:
    found = drawn(made_case(y_true=[1, 0, 1], y_pred=[0.25, 0.5, 0.75], threshold=0.25))
    assert found is not None
    assert found["at"] == [0.0, 0.25, 0.5, 0.75, 1.0]
    greater, at_least = curve_of(found, KERAS), curve_of(found, FIXED)
    assert greater["between"] == at_least["between"] == [0.666667, 0.333333, 0.666667, 0.333333]
    assert greater["at"] == [0.666667, 0.333333, 0.666667, 0.333333, 0.333333]
    assert at_least["at"] == [0.666667, 0.666667, 0.333333, 0.666667, 0.333333]


def test_scores_beyond_one_step_where_their_sigmoid_lies_for_whoever_takes_them_for_logits() -> None:
    found = drawn(made_case(y_true=[0, 0, 1, 1], y_pred=[0.3, 0.4, 0.2, 3.0]))
    assert found is not None
    torch = curve_of(found, "torchmetrics.classification.BinaryAccuracy")
    assert torch["between"] != curve_of(found, KERAS)["between"]
    assert len(found["at"]) == 2 + 3 + 4


def test_there_are_none_without_scores_without_a_divergence_or_for_more_scores_than_can_be_read() -> None:
    labels = made_case(y_true=[1, 0], y_pred=[1, 0])
    alike = made_case(y_true=[[1], [0]], y_pred=[[1.0], [0.0]])
    many = made_case(y_true=[1] * 9, y_pred=[n / 10 for n in range(9)])
    assert [drawn(case) for case in (labels, alike, many)] == [None, None, None]
