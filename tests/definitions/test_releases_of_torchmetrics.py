"""Rules of torchmetrics that changed with a release, each on the smallest input that shows it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from asking import predicted_in
from packaging.version import Version

from conformance.oracle import usage_departures

#: No integer among the scores and no column: num_classes does not follow from the data.
WITHOUT_CLASSES = {"y_true": [], "y_pred": [], "dtype": {"y_true": "int64", "y_pred": "int64"}}


@pytest.mark.parametrize("validate_args", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        "torchmetrics.classification.MulticlassAccuracy[average=micro]",
        "torchmetrics.functional.classification.multiclass_accuracy",
        "torchmetrics.classification.MulticlassAccuracy[forward]",
    ],
)
def test_num_classes_is_required_before_torchmetrics_1_6_2(name: str, validate_args: bool) -> None:
    inputs = {**WITHOUT_CLASSES, "average": "micro", "validate_args": validate_args}
    before = predicted_in(name, "1.6.1", **inputs)
    assert (before.type, before.reason and before.reason.code) == ("TypeError", "missing-argument")
    since = predicted_in(name, "1.6.2", **inputs)
    assert since.reason is None or since.reason.code != "missing-argument"


#: Two samples of two positions; every target is among its top two scores.
POSITIONS = {
    "y_true": [[0, 1], [1, 0]],
    "y_pred": [[[0.9, 0.1], [0.1, 0.8], [0.0, 0.1]], [[0.1, 0.7], [0.9, 0.2], [0.0, 0.1]]],
}


@pytest.mark.parametrize(
    ("release", "positions", "one_sample", "one_hot", "fractions"),
    [
        ("1.6.0", 1, 1, "unspecified", 1),
        ("1.6.1", "top-k-of-positions", "top-k-of-one-sample", "top-k-of-labels", "float-targets"),
        ("1.7.0", "top-k-of-positions", 1, "top-k-of-labels", "float-targets"),
        ("1.7.1", Fraction(1, 2), 1, "unspecified", "float-targets"),
        ("1.7.3", 1, 1, "top-k-of-labels", "float-targets"),
    ],
)
def test_top_k_in_the_releases_of_torchmetrics(
    release: str, positions: Any, one_sample: Any, one_hot: Any, fractions: Any
) -> None:
    scores = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]]

    def outcome(**inputs: Any) -> Any:
        found = predicted_in(
            "torchmetrics.classification.MulticlassAccuracy[average=micro]", release, top_k=2, **inputs
        )
        return found.kind if found.says_nothing else found.reason.code if found.reason else found.value

    assert outcome(**POSITIONS) == positions
    assert outcome(y_true=[0], y_pred=scores[:1]) == one_sample
    assert outcome(y_true=[[1, 0, 0], [0, 1, 0]], y_pred=scores) == one_hot
    assert outcome(y_true=[0.0, 1.0], y_pred=scores) == fractions


@pytest.mark.parametrize(
    ("inputs", "release", "expected"),
    [
        ({"y_true": [1]}, "1.6.0", 1),
        ({"y_true": [1]}, "1.6.1", "one-target-per-sample"),
        ({"y_true": [1]}, "1.7.0", 1),
        ({"y_true": [1], "ignore_index": -1}, "1.6.0", "counts-differ"),
        ({"y_true": [1], "ignore_index": -1}, "1.7.0", "counts-differ"),
        ({"y_true": [0, 1], "dtype": {"y_true": "uint64"}}, "1.6.0", 1),
        ({"y_true": [0, 1], "dtype": {"y_true": "uint64"}}, "1.6.1", "unsigned"),
        ({"y_true": [0, 1], "dtype": {"y_true": "uint64"}, "ignore_index": 5}, "1.6.0", "unsigned"),
        ({"y_true": [3, 1], "ignore_index": -1}, "1.6.0", "unspecified"),
        ({"y_true": [3, 1], "ignore_index": 0}, "1.6.0", "label-outside-classes"),
        ({"y_true": [[0], [1]], "validate_args": False}, "1.9.0", 1),
        ({**POSITIONS, "y_true": [[1, 0]]}, "1.6.3", "top-k-of-positions"),
        ({**POSITIONS, "y_true": [[1, 0]]}, "1.7.0", "unspecified"),
    ],
)
def test_top_k_on_targets_that_do_not_fit(inputs: dict[str, Any], release: str, expected: Any) -> None:
    scores = {"y_pred": [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]], "top_k": 2}
    name = "torchmetrics.classification.MulticlassAccuracy[average=micro]"
    found = predicted_in(name, release, **{**scores, **inputs})
    assert expected in (found.kind, found.reason and found.reason.code, found.value)


@pytest.mark.parametrize(("release", "shared"), [("1.6.1", True), ("1.6.2", False)])
def test_equal_true_positives_share_a_state_before_torchmetrics_1_6_2(release: str, shared: bool) -> None:
    name = "torchmetrics.MetricCollection[BinaryAccuracy,two thresholds]"
    found = predicted_in(name, release, "binary", y_true=[1, 0], y_pred=[0.9, 0.4], threshold=0.3)
    assert found.says_nothing is shared


@pytest.mark.parametrize(("release", "value"), [("1.7.1", 0), ("1.7.2", 1)])
def test_multilabel_exact_match_ignores_since_torchmetrics_1_7_2(release: str, value: int) -> None:
    name = "torchmetrics.classification.MultilabelExactMatch"
    inputs = {"y_true": [[1, -1]], "y_pred": [[0.9, 0.9]], "ignore_index": -1}
    assert predicted_in(name, release, "multilabel", **inputs).value == value


def test_one_sample_of_scores_serves_all_targets_before_torchmetrics_1_6_1() -> None:
    name = "torchmetrics.functional.classification.multiclass_accuracy"
    inputs = {"y_true": [0, 0, 2], "y_pred": [[0.9, 0.1, 0.0]], "top_k": 2, "average": "micro"}
    assert predicted_in(name, "1.6.0", **inputs).value == Fraction(2, 3)
    assert predicted_in(name, "1.6.1", **inputs).kind == "raises"


def test_a_collection_shares_what_was_computed_before_torchmetrics_1_4_1() -> None:
    name = "torchmetrics.MetricCollection[BinaryAccuracy]"
    before, since = (usage_departures(name, "again", Version(text)) for text in ("1.4.0", "1.4.1"))
    assert [entry.finding.id for entry in before] == [
        "torchmetrics-collection-computes-twice-what-another-computed"
    ]
    assert since == ()


@pytest.mark.parametrize(
    "name",
    [
        "torchmetrics.functional.classification.multiclass_exact_match",
        "torchmetrics.classification.MulticlassAccuracy[average=micro]",
    ],
)
def test_num_classes_that_is_none_is_not_missing(name: str) -> None:
    found = predicted_in(name, "1.6.1", y_true=[[0, 1]], y_pred=[[0, 0]], num_classes=None)
    assert (found.type, found.reason and found.reason.code) == ("ValueError", "invalid-num-classes")


@pytest.mark.parametrize(
    ("release", "iou", "of_one_axis", "dice"),
    [
        ("1.6.1", Fraction(1, 2), "no-positions", 1),
        ("1.6.2", Fraction(1, 2), "no-positions", Fraction(1, 2)),
        ("1.7.1", 1, 1, Fraction(1, 2)),
        ("1.8.0", 1, 1, 1),
    ],
)
def test_a_class_that_no_sample_has_in_the_releases_of_segmentation(
    release: str, iou: Any, of_one_axis: Any, dice: Any
) -> None:
    def outcome(name: str, labels: Any, **inputs: Any) -> Any:
        name, inputs = f"torchmetrics.segmentation.{name}", {"y_true": labels, "y_pred": labels, **inputs}
        found = predicted_in(name, release, num_classes=2, **inputs)
        return found.reason.code if found.reason else found.value

    assert outcome("MeanIoU", [[[0, 0]]]) == iou
    assert outcome("MeanIoU", [0, 0]) == of_one_axis
    assert outcome("DiceScore", [[[0, 0]]], average="macro") == dice
