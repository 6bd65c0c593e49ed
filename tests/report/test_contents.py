"""What is special about the samples of a case."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.report import words
from conformance.report.contents import contents, oddities

NAN, INF = {"float": "nan"}, {"float": "-inf"}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"y_true": [0, 1], "y_pred": [0.5, NAN]}, ["nan"]),
        ({"y_true": [[INF], [0]], "y_pred": {"repeat": [[NAN]], "times": 2}}, ["nan", "infinity"]),
        ({"y_true": [], "y_pred": []}, ["no-samples"]),
        ({"y_true": {"repeat": [], "times": 3}, "y_pred": []}, ["no-samples"]),
        ({"updates": []}, ["no-samples"]),
        ({"updates": [{"y_true": [], "y_pred": []}, {"y_true": [1], "y_pred": [NAN]}]}, ["nan"]),
        ({"y_true": [[], []], "y_pred": [[], []]}, []),
        ({"y_true": [0, 1], "y_pred": [0.5, 0.5], "sample_weight": [1.0, NAN]}, []),
        ({}, []),
    ],
)
def test_contents_are_those_of_targets_and_predictions(inputs: dict[str, Any], expected: list[str]) -> None:
    assert contents(inputs) == expected
    assert set(expected) <= set(words.CONTENTS)


@pytest.mark.parametrize(
    "inputs",
    [
        {"y_true": [0, 1], "y_pred": [0.2, 0.9]},
        {"y_true": [[0], [1]], "y_pred": [[1], [1]]},
        {"y_true": [0, 2], "y_pred": [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]], "dtype": {"y_pred": "float32"}},
        {"y_true": {"one_hot": [0, 1], "classes": 2}, "y_pred": [[0.2, 0.8], [0.9, 0.1]]},
    ],
)
def test_labels_and_probabilities_are_ordinary(inputs: dict[str, Any]) -> None:
    assert oddities(inputs) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"sample_weight": [0, 0]},
        {"threshold": 0.7},
        {"batches": [1, 1]},
        {"dtype": {"metric": "float16"}},
        {"dtype": {"y_pred": "float16"}},
        {"y_true": [1, 1]},
        {"y_true": [-1, 1]},
        {"y_true": [0.5, 1]},
        {"y_true": ["a", "b"]},
        {"y_true": [0, 1, 1]},
        {"y_true": [[0], [1]]},
        {"y_pred": [-2.5, 3.0]},
        {"y_pred": [0.2, 0.500000001]},
        {"y_pred": [[0.2], [0.9]]},
        {"y_true": [[[0]], [[1]]], "y_pred": [[[0]], [[1]]]},
        {"y_pred": [0.2, NAN]},
    ],
)
def test_what_users_seldom_have_is_not(change: dict[str, Any]) -> None:
    assert oddities({"y_true": [0, 1], "y_pred": [0.2, 0.9], **change}) > 0
