"""Rules of scikit-learn that changed with a release, each on the smallest input that shows it."""

from __future__ import annotations

from typing import Any

import pytest
from asking import predicted_in
from made_cases import ADAPTERS, made_case

from conformance.adapters.releases import Installed
from conformance.cases.calls import build
from conformance.oracle import find, predict
from conformance.session.session import Session
from conformance.verdicts.causes import divergences
from conformance.verdicts.groups import grouped

STRINGS = {"y_true": ["1", "0"], "y_pred": [1, 0]}


def test_accuracy_score_compares_strings_with_numbers_before_1_9() -> None:
    assert predicted_in("sklearn.metrics.accuracy_score", "1.8.0", **STRINGS).value == 0
    assert predicted_in("sklearn.metrics.hamming_loss[1 - loss]", "1.8.0", **STRINGS).value == 0
    since = predicted_in("sklearn.metrics.accuracy_score", "1.9.0", **STRINGS)
    assert (since.kind, since.type) == ("raises", "ValueError")


def test_bfloat16_meets_a_threshold_in_its_own_dtype_since_ml_dtypes_0_7() -> None:
    call = build(
        "binary",
        {"y_true": [[1], [0]], "y_pred": [[0.7], [0.2]], "threshold": 0.7, "dtype": {"y_pred": "bfloat16"}},
    )
    definition = find("sklearn.metrics.accuracy_score[FixedThresholdClassifier]")
    predicted = {
        ml_dtypes: predict(
            definition,
            call,
            release=Installed.of("scikit-learn", {"scikit-learn": "1.9.1", "ml_dtypes": ml_dtypes}),
        ).predicted.value
        for ml_dtypes in ("0.6.0", "0.7.0")
    }
    assert predicted == {"0.6.0": 0.5, "0.7.0": 1}


ACCURACY = "sklearn.metrics.accuracy_score"
BALANCED = "sklearn.metrics.balanced_accuracy_score"
REPORT = "sklearn.metrics.classification_report[accuracy]"
HAMMING = "sklearn.metrics.hamming_loss[1 - loss]"
TOP_K = "sklearn.metrics.top_k_accuracy_score"
BINARIZER = f"{ACCURACY}[Binarizer]"
ARGMAX = f"{ACCURACY}[argmax]"
NAN, INF = float("nan"), float("inf")
SAME = {"y_true": [0, 0], "y_pred": [0, 0]}
LARGE = {"y_true": [[1]], "y_pred": [[2**53 + 1]], "threshold": 2**53}
EIGHTH = {"sample_weight": [0.125, 0.125], "dtype": {"sample_weight": "bfloat16"}}
LABELS = {"y_true": [0, 1, 1], "y_pred": [0, 1, 0]}
SEVERAL = {"y_true": [[0, 1], [1, 1]], "y_pred": [[0, 1], [1, 0]]}
EMPTY = {"y_true": [], "y_pred": [], "dtype": {"y_true": "int64", "y_pred": "int64"}}
SCORES = {"y_true": [0, 1, 2], "y_pred": [[0.5, 0.2, 0.3], [0.1, 0.2, 0.7], [0.5, 0.2, 0.3]]}
BFLOAT16 = {"y_true": [1, 0, 2], "y_pred": [0.5, 1, 2], "dtype": {"y_pred": "bfloat16"}}


@pytest.mark.parametrize(
    ("name", "task", "inputs", "expected"),
    [
        (ACCURACY, "multiclass", EMPTY, {"1.7.2": NAN, "1.8": "ValueError"}),
        (REPORT, "multiclass", EMPTY, {"1.7.2": 0, "1.8": "ValueError"}),
        (BALANCED, "multiclass", EMPTY, {"1.7.2": NAN, "1.8": "ValueError"}),
        (BALANCED, "multiclass", {**EMPTY, "adjusted": True}, {"1.7.2": None, "1.8": "ValueError"}),
        (
            ACCURACY,
            "multiclass",
            {**LABELS, "sample_weight": [0, 0, 0]},
            {"1.7.2": None, "1.8": None, "1.9": "ValueError"},
        ),
        (BALANCED, "multiclass", {**LABELS, "sample_weight": [0, 0, 0]}, {"1.8": NAN, "1.9": "ValueError"}),
        (REPORT, "multiclass", {**LABELS, "sample_weight": [0, 0, 0]}, {"1.8": 0, "1.9": "ValueError"}),
        (
            ACCURACY,
            "multiclass",
            {**LABELS, "sample_weight": [1, NAN, 1]},
            {"1.7.2": NAN, "1.8": "ValueError"},
        ),
        (
            BALANCED,
            "multiclass",
            {**LABELS, "sample_weight": [1, NAN, 1]},
            {"1.7.2": 0.5, "1.8": "ValueError"},
        ),
        (
            REPORT,
            "multiclass",
            {**LABELS, "sample_weight": [[1], [1], [2]]},
            {"1.7.2": 0.5, "1.8": "ValueError"},
        ),
        (
            BALANCED,
            "multiclass",
            {**LABELS, "sample_weight": [1, INF, INF]},
            {"1.7.2": 0.5, "1.8": "ValueError"},
        ),
        (
            BALANCED,
            "multiclass",
            {**LABELS, "sample_weight": [1, 2, INF]},
            {"1.7.2": 0.5, "1.8": "ValueError"},
        ),
        (REPORT, "multiclass", {**LABELS, "sample_weight": [1, 2, INF]}, {"1.7.2": 0, "1.8": "ValueError"}),
        (REPORT, "multiclass", {**LABELS, "sample_weight": [1, INF, 2]}, {"1.7.2": NAN, "1.8": "ValueError"}),
        (
            BALANCED,
            "multiclass",
            {**SAME, "adjusted": True, "sample_weight": [1, -1]},
            {"1.5": None, "1.9": None},
        ),
        (
            BALANCED,
            "multiclass",
            {**EMPTY, "dtype": {"y_true": "int64"}},
            {"1.7.2": NAN, "1.8": "ValueError"},
        ),
        (TOP_K, "multiclass", {**SCORES, "sample_weight": [1, -1, 0]}, {"1.5": None, "1.9": None}),
        (
            HAMMING,
            "multilabel",
            {**SEVERAL, "sample_weight": [[1, 2], [3, 4]]},
            {"1.7.2": "unspecified", "1.8": "ValueError"},
        ),
        (HAMMING, "multilabel", {**SEVERAL, **EIGHTH}, {"1.6.1": 0.75, "1.7": 0.75}),
        (BINARIZER, "binary", LARGE, {"1.6.1": 1, "1.7": 0}),
        (BINARIZER, "binary", {**LARGE, "threshold": 2.0**53}, {"1.6.1": 0, "1.7": 0}),
        (
            ARGMAX,
            "multiclass",
            {"y_true": [1, 0], "y_pred": [["a", "b"], ["a", "b"]]},
            {"1.8": 0.5, "1.9": 0.5},
        ),
        (ACCURACY, "multiclass", BFLOAT16, {"1.6.1": 1 / 3, "1.7": None}),
    ],
)
def test_scikit_learn_checks_more_from_release_to_release(
    name: str, task: str, inputs: dict[str, Any], expected: dict[str, Any]
) -> None:
    """A number is a value, a name the type of an exception, None an exception of any type."""
    for release, outcome in expected.items():
        found = predicted_in(name, release, task, **inputs)
        if outcome == "unspecified":
            assert found.kind == "unspecified"
        elif outcome is None or isinstance(outcome, str):
            assert (found.kind, found.type) == ("raises", outcome), release
        else:
            assert found.value == pytest.approx(outcome, nan_ok=True), release


@pytest.mark.parametrize(
    ("inputs", "dtype"),
    [
        ({}, "float64"),
        ({"normalize": False}, "int64"),
        ({"normalize": False, "sample_weight": [1, 1, 1]}, "uint8"),
    ],
)
def test_a_number_of_samples_is_no_float_before_1_7(inputs: dict[str, Any], dtype: str) -> None:
    named = {"dtype": {"sample_weight": "uint8"}} if "sample_weight" in inputs else {}
    assert predicted_in(TOP_K, "1.6.1", **SCORES, **inputs, **named).dtype == dtype
    assert predicted_in(TOP_K, "1.7.0", **SCORES, **inputs, **named).dtype == "float64"


@pytest.mark.parametrize(
    ("weights", "dtypes"),
    [
        ("float16", {"1.6.1": "float64", "1.7.0": "float16"}),
        ("float32", {"1.6.1": "float64", "1.7.0": "float32", "1.9.1": "float32"}),
        ("bfloat16", {"1.6.1": "float32", "1.7.0": "float32"}),
        ("int8", {"1.6.1": "float64", "1.7.0": "float64"}),
    ],
)
def test_a_loss_of_labels_has_the_dtype_of_the_weights_since_1_7(
    weights: str, dtypes: dict[str, str]
) -> None:
    inputs = {**SEVERAL, "sample_weight": [1, 3], "dtype": {"sample_weight": weights}}
    assert {name: predicted_in(HAMMING, name, "multilabel", **inputs).dtype for name in dtypes} == dtypes


def test_targets_of_weight_zero_have_to_be_0_and_1_since_1_9() -> None:
    name = "sklearn.metrics.confusion_matrix_at_thresholds[(tn + tp) / all]"
    inputs = {"y_true": [1, 2], "y_pred": [0.7, 0.2], "sample_weight": [1, 0]}
    assert predicted_in(name, "1.8.0", "binary", **inputs).value == 1
    assert predicted_in(name, "1.9.0", "binary", **inputs).type == "ValueError"


def test_strings_beside_bfloat16_have_causes_before_1_9() -> None:
    scores = [[0.25, 0.75], [0.75, 0.25]]
    case = made_case("multiclass", y_true=["1", "0"], y_pred=scores, dtype={"y_pred": "bfloat16"})
    old = Session([case], ADAPTERS)
    old.versions = {**old.versions, "sklearn": {"scikit-learn": "1.8.0"}}
    found = divergences(grouped(old.predicted_cells(case)), old.exchange(case))
    assert found
    assert all(divergence.causes for divergence in found)


def test_balanced_accuracy_score_raises_for_strings_with_numbers_in_every_release() -> None:
    for release in ("1.5", "1.8.0", "1.9.1"):
        assert (
            predicted_in("sklearn.metrics.balanced_accuracy_score", release, **STRINGS).type == "ValueError"
        )
