"""The trace: how each sample counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import BINARY, MULTICLASS, predicted

from conformance.cases.calls import build
from conformance.oracle import find, predict
from conformance.oracle.prediction import SampleTrace

_SEED = {"y_true": [[1], [1], [0], [0]], "y_pred": [[0.51], [1], [0], [0.4]]}


def samples(definition: str, task: str, **inputs: Any) -> tuple[SampleTrace, ...]:
    return predicted(definition, task, **inputs).samples


def test_a_row_says_what_was_decided_what_was_true_and_whether_that_was_right() -> None:
    assert [sample.to_json() for sample in samples("keras.metrics.BinaryAccuracy", "binary", **_SEED)] == [
        {"row": 0, "decided": [True], "truth": [1], "hit": [True]},
        {"row": 1, "decided": [True], "truth": [1], "hit": [True]},
        {"row": 2, "decided": [False], "truth": [0], "hit": [True]},
        {"row": 3, "decided": [False], "truth": [0], "hit": [True]},
    ]


def test_equality_shows_the_score_itself_as_what_was_decided() -> None:
    first, *_, last = samples("keras.metrics.Accuracy", "binary", **_SEED)
    assert (first.decided, first.truth, first.hit) == ([0.51], [1.0], [False])
    assert (last.decided, last.hit) == ([0.4], [False])


def test_an_argmax_shows_the_class_it_decides_for() -> None:
    shown = samples(MULTICLASS, "multiclass", y_true=[2, 0], y_pred=[[0.1, 0.2, 0.7], [0.2, 0.7, 0.1]])
    assert [(sample.decided, sample.truth, sample.hit) for sample in shown] == [
        ([2], [2], [True]),
        ([1], [0], [False]),
    ]


def test_of_a_top_k_the_true_class_is_shown_if_it_is_in_and_else_the_best() -> None:
    inputs = {"y_true": [1, 2], "y_pred": [[0.5, 0.3, 0.2]] * 2, "top_k": 2, "dtype": {"y_pred": "float32"}}
    shown = samples("keras.metrics.SparseTopKCategoricalAccuracy", "multiclass", **inputs)
    assert [(sample.decided, sample.hit) for sample in shown] == [(1, True), (0, False)]


def test_an_ignored_row_is_marked_as_left_out_by_exclusion() -> None:
    shown = samples(BINARY, "binary", y_true=[1, -1], y_pred=[0.9, 0.9], ignore_index=-1)
    assert [sample.kept for sample in shown] == [True, False]
    assert shown[1].to_json()["kept"] is False
    assert "kept" not in shown[0].to_json()


def test_weights_stand_beside_their_rows() -> None:
    shown = samples("keras.metrics.BinaryAccuracy", "binary", **_SEED, sample_weight=[1, 0, 2, 0.5])
    assert [sample.weight for sample in shown] == [[1.0], [0.0], [2.0], [0.5]]


def test_rows_are_counted_over_all_updates() -> None:
    shown = samples(BINARY, "binary", **_SEED, batches=[3, 1])
    assert [sample.number for sample in shown] == [0, 1, 2, 3]


def test_rows_before_a_refused_update_are_shown() -> None:
    updates = [{"y_true": [1], "y_pred": [0.9]}, {"y_true": [2], "y_pred": [0.9]}]
    prediction = predicted(BINARY, "binary", updates=updates)
    assert prediction.type == "RuntimeError"
    assert [sample.truth for sample in prediction.samples] == [[1]]


@pytest.mark.parametrize(("size", "shown"), [(999, 999), (1000, 1000), (1500, 50)])
def test_a_thousand_rows_are_shown_and_of_more_only_the_first(size: int, shown: int) -> None:
    assert len(samples(BINARY, "binary", y_true=[1] * size, y_pred=[0.9] * size)) == shown


def test_rows_are_strict_json_even_where_scores_are_not_finite() -> None:
    y_pred = [float("nan"), float("inf"), -0.0]
    shown = samples("keras.metrics.Accuracy", "binary", y_true=[1, 1, 0], y_pred=y_pred)
    document = json.loads(json.dumps([sample.to_json() for sample in shown], allow_nan=False))
    assert [sample["decided"] for sample in document] == [
        {"float": "nan"},
        {"float": "inf"},
        {"float": "-0.0"},
    ]


def test_without_a_trace_the_prediction_is_the_same() -> None:
    call = build("binary", _SEED)
    traced, bare = predict(find(BINARY), call), predict(find(BINARY), call, trace=False)
    assert traced.predicted.samples
    assert not bare.predicted.samples
    assert traced.predicted.same_as(bare.predicted)
