"""Plain inputs and odd ones."""

from __future__ import annotations

import math
from typing import Any

import pytest
from made_cases import made_case

from conformance.cases.ordinary import has_odd_shapes, oddities


@pytest.mark.parametrize(
    "inputs",
    [
        {"y_true": [0, 1], "y_pred": [0.2, 0.9]},
        {"y_true": [[0], [1]], "y_pred": [[1], [1]]},
        {"y_true": [0, 1], "y_pred": [-2.5, 3.0]},
        {"y_true": [[1, 0], [0, 1]], "y_pred": [[0.9, 0.2], [0.1, 0.5]]},
        {"y_true": [0, 2], "y_pred": [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]], "dtype": {"y_pred": "float32"}},
        {"y_true": {"one_hot": [0, 1], "classes": 2}, "y_pred": [[0.2, 0.8], [0.9, 0.1]]},
    ],
)
def test_labels_probabilities_and_logits_are_ordinary(inputs: dict[str, Any]) -> None:
    assert oddities(made_case(**inputs)) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"sample_weight": [0, 0]},
        {"threshold": 0.7},
        {"batches": [1, 1]},
        {"dtype": {"metric": "float16"}},
        {"dtype": {"y_pred": "float16"}},
        {"y_true": [1], "y_pred": [1]},
        {"y_true": [-1, 1]},
        {"y_true": [0.5, 1]},
        {"y_true": ["a", "b"]},
        {"y_true": [0, 1, 1]},
        {"y_true": [[0], [1]]},
        {"y_pred": [-2.5, 300.0]},
        {"y_true": [[0, 1], [2, 1]], "y_pred": [[0, 1], [2, 0]]},
        {"y_pred": [0.2, 0.50000000001]},
        {"y_pred": [[0.2], [0.9]]},
        {"y_true": [[[0]], [[1]]], "y_pred": [[[0]], [[1]]]},
        {"y_pred": [0.2, math.nan]},
        {"y_true": [], "y_pred": []},
        {"y_pred": [0.2, 1e-40]},
        {"updates": []},
    ],
)
def test_what_users_seldom_have_is_not(change: dict[str, Any]) -> None:
    assert oddities(made_case(**{"y_true": [0, 1], "y_pred": [0.2, 0.9], **change})) > 0


@pytest.mark.parametrize(
    ("y_true", "y_pred", "odd"),
    [
        ([0, 1], [-2.5, math.inf], False),
        ([[0], [1]], [[0.2], [0.9]], False),
        ([0, 1], [[0.2, 0.8], [0.9, 0.1]], False),
        ([0, 1], [[0.2], [0.9]], True),
        ([[0], [1]], [0.2, 0.9], True),
        ([0, 1, 1], [0.2, 0.9], True),
        ([[[0]], [[1]]], [[[0]], [[1]]], True),
        ([], [], True),
    ],
)
def test_shapes_are_odd_whatever_the_values(y_true: Any, y_pred: Any, odd: bool) -> None:
    assert has_odd_shapes(made_case(y_true=y_true, y_pred=y_pred)) is odd


def test_weights_of_samples_are_more_ordinary_than_those_that_are_none() -> None:
    def odd(weights: Any) -> int:
        return oddities(made_case(y_true=[0, 1], y_pred=[0.2, 0.9], sample_weight=weights))

    plain = odd([1, 2.5])
    assert plain < odd([0, 1])
    assert odd([[1], [2]]) == odd([-1, 1]) == odd([0, 1])
    assert odd([math.nan, 1]) > odd([0, 1])
