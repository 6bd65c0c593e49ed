"""Samples of one kind are evaluated once: every definition gives what it gives for all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.registry import adapters
from conformance.ask.compressed import compressed
from conformance.ask.paired import paired
from conformance.ask.question import question
from conformance.oracle import find, predict

SAMPLES = 2_000
RANDOM = np.random.default_rng(0)
LABELS = RANDOM.integers(0, 2, SAMPLES)
SCORES = RANDOM.random(SAMPLES)
CLASSES = RANDOM.integers(0, 5, SAMPLES)
OF_CLASSES = RANDOM.random((SAMPLES, 5))
SEVERAL = RANDOM.integers(0, 2, (SAMPLES, 3))
OF_SEVERAL = RANDOM.random((SAMPLES, 3))
SPECIAL = RANDOM.choice([np.nan, np.inf, -np.inf, -0.0, 0.5, 1e-310, 0.3, 0.7, 2.0], SAMPLES)

GIVEN: dict[str, dict[str, Any]] = {
    "scores": {"y_true": LABELS, "y_pred": SCORES, "task": "binary"},
    "weights": {"y_true": LABELS, "y_pred": SCORES, "task": "binary", "sample_weight": SCORES[::-1]},
    "a threshold between floats": {
        "y_true": LABELS,
        "y_pred": SCORES.round(2).astype("float32"),
        "task": "binary",
        "parameters": {"threshold": 0.3},
    },
    "a column of logits": {"y_true": LABELS[:, None], "y_pred": 9 * SCORES[:, None] - 4, "task": "binary"},
    "special values": {"y_true": LABELS, "y_pred": SPECIAL, "task": "binary"},
    "labels": {"y_true": CLASSES, "y_pred": OF_CLASSES.argmax(axis=1), "task": "multiclass"},
    "scores of classes": {"y_true": CLASSES, "y_pred": OF_CLASSES, "task": "multiclass"},
    "ties": {"y_true": CLASSES, "y_pred": OF_CLASSES.round(1), "task": "multiclass"},
    "an ignored class": {
        "y_true": CLASSES,
        "y_pred": OF_CLASSES,
        "task": "multiclass",
        "parameters": {"ignore_index": 1, "average": "weighted"},
    },
    "one-hot targets": {"y_true": np.eye(5, dtype=int)[CLASSES], "y_pred": OF_CLASSES, "task": "multiclass"},
    "several labels": {"y_true": SEVERAL, "y_pred": OF_SEVERAL, "task": "multilabel"},
    "several labels, rounded": {
        "y_true": SEVERAL,
        "y_pred": OF_SEVERAL.round(1),
        "task": "multilabel",
        "parameters": {"average": "weighted"},
    },
    "text": {"y_true": LABELS.astype(str), "y_pred": LABELS[::-1].astype(str), "task": "multiclass"},
}


@pytest.mark.parametrize("name", GIVEN)
def test_every_definition_gives_the_same_for_the_kinds_as_for_all_samples(name: str) -> None:
    call = question(**GIVEN[name]).call()
    kinds = compressed(call)
    entries = {
        entry.definition
        for adapter in adapters()
        for entry in adapter.implementations
        if entry.definition and entry.quantity not in ("per-row", "string-resolution")
        if reason_not_applicable(entry, call) is None
    }
    compared = 0
    for definition in map(find, sorted(entries)):
        known = predict(definition, call, trace=False).predicted
        found = predict(definition, kinds, trace=False).predicted
        if found.kind == "not-evaluated":  # it compares samples with each other
            assert "compile" in definition.name
        elif known.kind == "value" and not isinstance(known.value, list):
            assert float(found.value) == pytest.approx(float(known.value), rel=1e-7, nan_ok=True), definition
            compared += 1
        else:
            assert found.same_as(known), definition
    assert compared > 5


def test_a_sample_stands_for_those_like_it() -> None:
    call = question(y_true=LABELS, y_pred=SCORES.round(3), task="binary").call()
    (update,) = compressed(call).updates
    assert len(update.y_true) < 50
    assert update.times.sum() == SAMPLES  # type: ignore[attr-defined]
    np.testing.assert_array_equal(update.y_true, LABELS[update.first])  # type: ignore[attr-defined]


@pytest.mark.parametrize("columns", [(), (1,), (3,)])
def test_labels_are_counted_in_pairs(columns: tuple[int, ...]) -> None:
    true, pred = (RANDOM.integers(-1, 2, (SAMPLES, *columns)) for _ in range(2))
    call = question(true, pred, task="multiclass", sample_weight=SCORES).call()
    (update,) = paired(call).updates
    assert update.times.sum() == SAMPLES  # type: ignore[attr-defined]
    rows = np.concatenate([array.reshape(SAMPLES, -1) for array in (true, pred)], axis=1)
    found, groups, times = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    pairs = np.concatenate(
        [array.reshape(len(found), -1) for array in (update.y_true, update.y_pred)], axis=1
    )
    order = np.lexsort(pairs.T[::-1])
    np.testing.assert_array_equal(pairs[order], found)
    np.testing.assert_array_equal(update.times[order], times)  # type: ignore[attr-defined]
    assert update.sample_weight is not None
    means = np.bincount(groups.ravel(), SCORES) / times
    np.testing.assert_allclose(update.sample_weight[order], means)
