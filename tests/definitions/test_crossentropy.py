"""Crossentropies: the examples of the documentation, what clipping leaves, and how tight predictions are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from asking import forecast, predicted

from conformance.calls.outcome import Outcome
from conformance.frameworks.keras import crossentropy as keras_crossentropy
from conformance.frameworks.keras.graph import Kind
from conformance.oracle.model import Rule
from conformance.oracle.prediction import Prediction
from conformance.oracle.stages import Aligned, Scores

METRIC = "keras.Model.compile[crossentropy]"
WEIGHTED = "keras.Model.compile[weighted_metrics=crossentropy]"
LOSS = "keras.Model.compile[loss=crossentropy]"

_BINARY = {"y_true": [[0, 1], [0, 0]], "y_pred": [[0.6, 0.4], [0.4, 0.6]]}
_ONE_COLUMN = {"y_true": [[1], [0]], "y_pred": [[0.5], [0.25]]}
_ONE_HOT = {"y_true": [[0, 1, 0], [0, 0, 1]], "y_pred": [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]}
_SPARSE = {**_ONE_HOT, "y_true": [1, 2]}


def claimed(definition: str, task: str, **inputs: Any) -> Prediction:
    return forecast(definition, task, **inputs).claimed


@pytest.mark.parametrize("definition", [METRIC, LOSS])
@pytest.mark.parametrize(
    ("task", "inputs", "documented", "became"),
    [
        ("multiclass", _ONE_HOT, 1.1769392, "categorical_crossentropy"),
        ("multiclass", _SPARSE, 1.1769392, "sparse_categorical_crossentropy"),
        ("binary", {"y_true": [[1]], "y_pred": [[0.4]]}, 0.9162907, "binary_crossentropy"),
    ],
)
def test_the_examples_of_the_documentation_come_out(
    definition: str, task: str, inputs: dict[str, Any], documented: float, became: str
) -> None:
    found = claimed(definition, task, **inputs)
    assert float(found.value) == pytest.approx(documented, abs=2e-7)
    name = str(found.resolved)
    assert name == became if definition is LOSS else name.lower() == became.replace("_", "")


def test_several_columns_of_independent_targets_cost_a_row_of_classes() -> None:
    assert claimed(METRIC, "multilabel", **_BINARY).resolved == "CategoricalCrossentropy"


def test_a_score_of_0_or_1_is_clipped() -> None:
    wrong = predicted(LOSS, "binary", y_true=[[1]], y_pred=[[0.0]])
    assert float(wrong.value) == pytest.approx(-math.log(1e-7))
    right = predicted(LOSS, "binary", y_true=[[1]], y_pred=[[1.0]])
    assert float(right.value) == pytest.approx(2.0**-23, rel=1e-6)


def test_weights_divide_a_weighted_metric_and_not_a_loss() -> None:
    inputs = {**_ONE_COLUMN, "y_pred": [[0.5], [0.5]], "sample_weight": [3, 1]}
    assert float(claimed(WEIGHTED, "binary", **inputs).value) == pytest.approx(math.log(2))
    assert float(predicted(LOSS, "binary", **inputs).value) == pytest.approx(2 * math.log(2))
    assert float(claimed(METRIC, "binary", **inputs).value) == pytest.approx(math.log(2))


def test_batches_of_different_size_count_by_their_rows() -> None:
    whole = predicted(LOSS, "binary", y_true=[[1], [1], [0]], y_pred=[[0.5], [0.25], [0.9]])
    cut = predicted(LOSS, "binary", y_true=[[1], [1], [0]], y_pred=[[0.5], [0.25], [0.9]], batches=[2, 1])
    assert cut.same_as(whole)


@pytest.mark.parametrize(
    ("task", "inputs"), [("binary", _ONE_COLUMN), ("multiclass", _ONE_HOT), ("multiclass", _SPARSE)]
)
def test_a_prediction_takes_what_float32_rounds_and_nothing_else(task: str, inputs: dict[str, Any]) -> None:
    found = predicted(LOSS, task, **inputs)
    value, magnitude = float(found.value), found.magnitude or 0.0

    def holds(observed: float) -> bool:
        return found.holds_for(Outcome("value", value=observed, dtype="float64"))

    assert holds(value + 2e-7 * magnitude)
    assert not holds(value + 1e-5)
    assert not holds(value - 1e-5)


def test_a_tolerance_shrinks_with_the_value() -> None:
    found = predicted(LOSS, "binary", y_true=[[1]], y_pred=[[1.0]])
    assert not found.holds_for(Outcome("value", value=0.0, dtype="float64"))


def test_a_prediction_that_takes_logarithms_claims_no_exact_fraction() -> None:
    assert predicted(LOSS, "binary", **_ONE_COLUMN).to_json()["exact"] is None


def test_the_trace_says_what_each_row_costs() -> None:
    rows = predicted(LOSS, "multiclass", **_ONE_HOT).rows
    assert [row.truth for row in rows] == [[0, 1, 0], [0, 0, 1]]
    assert [row.hit for row in rows] == pytest.approx([-math.log(0.95), -math.log(0.1)], rel=1e-6)
    assert rows[0].to_json()["hit"] == pytest.approx(-math.log(0.95), rel=1e-6)


@pytest.mark.parametrize("decisions", [keras_crossentropy.TENSORFLOW, keras_crossentropy.TORCH])
def test_scores_that_do_not_add_up_are_divided_by_their_sum(decisions: Mapping[Kind, Rule]) -> None:
    assert cost(decisions["sparse"], [0], [[0.8, 0.4, 0.4]]) == pytest.approx([math.log(2)], rel=1e-6)


def test_tensorflow_clips_before_it_divides_and_torch_afterwards() -> None:
    tensorflow, torch = (
        cost(decisions["sparse"], [1], [[0.5, 0.0]])
        for decisions in (keras_crossentropy.TENSORFLOW, keras_crossentropy.TORCH)
    )
    assert tensorflow == pytest.approx([-math.log(2e-7)], rel=1e-6)
    assert torch == pytest.approx([-math.log(1e-7)], rel=1e-6)


def cost(rule: Rule, y_true: Any, y_pred: Any) -> list[float]:
    truth, scores = np.array(y_true), np.array(y_pred, dtype="float32")
    decision = rule.behaviour.apply(Scores(scores), truth, {}, {})
    values: list[float] = decision.worth(Aligned(truth, decision)).hit.tolist()
    return values
