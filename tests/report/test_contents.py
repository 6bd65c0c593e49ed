"""What is special about the samples of a case."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.report import words
from conformance.report.contents import contents

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
