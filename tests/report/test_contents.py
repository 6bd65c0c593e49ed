"""What is special about the samples of a case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import conformance
from conformance.report import words
from conformance.report.contents import contents

NAN, INF = {"float": "nan"}, {"float": "-inf"}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"y_true": [0, 1], "y_pred": [0.5, NAN]}, ["nan", "nan-prediction"]),
        (
            {"y_true": [[INF], [0]], "y_pred": {"repeat": [[NAN]], "times": 2}},
            ["nan", "nan-prediction", "infinity"],
        ),
        ({"y_true": [NAN], "y_pred": [1]}, ["nan", "nan-target"]),
        ({"y_true": [], "y_pred": []}, ["no-samples", "empty-arrays"]),
        ({"y_true": {"repeat": [], "times": 3}, "y_pred": []}, ["no-samples", "empty-arrays"]),
        ({"updates": []}, ["no-samples", "no-update"]),
        (
            {"updates": [{"y_true": [], "y_pred": []}, {"y_true": [1], "y_pred": [NAN]}]},
            ["nan", "nan-prediction"],
        ),
        ({"y_true": [[], []], "y_pred": [[], []]}, []),
        ({"y_true": [0, 1], "y_pred": [0.5, 0.5], "sample_weight": [1.0, NAN]}, []),
        ({}, []),
    ],
)
def test_contents_are_those_of_targets_and_predictions(inputs: dict[str, Any], expected: list[str]) -> None:
    assert contents(inputs) == expected
    assert set(expected) <= set(words.CONTENTS)


def test_reasons_that_what_is_in_the_samples_gives_are_reasons_of_frameworks() -> None:
    assert set(words.RAISED_FOR) <= set(words.CONTENTS)
    files = Path(conformance.__file__).parent.rglob("reasons.yaml")
    known = {code for file in files for code in yaml.safe_load(file.read_text(encoding="utf-8"))}
    assert {code for codes in words.RAISED_FOR.values() for code in codes} <= known
