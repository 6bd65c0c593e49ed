"""The calls that `lookup` says are equal on ordinary inputs, made with the frameworks that are installed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_cases import ENTRIES

import conformance
from conformance.adapters.base import Implementation
from conformance.adapters.registry import adapters, installed
from conformance.ask.equal_calls import ORDINARY
from conformance.calls.outcome import Outcome
from conformance.workers.pool import Pool

PRESENT = {
    entry.id
    for adapter in adapters()
    if None not in installed(adapter).values()
    for entry in adapter.implementations
}


@pytest.mark.parametrize(
    "name",
    [
        "keras.metrics.BinaryAccuracy",
        "keras.metrics.TopKCategoricalAccuracy",
        pytest.param("keras.Model.compile[accuracy]", marks=pytest.mark.thorough),
        "torchmetrics.classification.MulticlassAccuracy",
        "torchmetrics.Accuracy",
        "sklearn.metrics.accuracy_score",
        "sklearn.metrics.top_k_accuracy_score",
        "keras.metrics.Recall",
        "torchmetrics.classification.MulticlassPrecision",
        "torchmetrics.classification.MultilabelRecall",
        "sklearn.metrics.precision_score",
    ],
)
def test_equal_calls_return_the_same(pool: Pool, name: str) -> None:
    answer = conformance.lookup(name)
    if name not in PRESENT:
        pytest.skip("the framework is not installed")
    compared = 0
    for equal in answer.equals:
        for case in ORDINARY:
            if case.task != equal.task or equal.implementation not in PRESENT:
                continue
            call = case.call()

            def outcome(entry: Implementation, **parameters: object) -> Outcome:
                return pool.submit(entry, replace(call, parameters=parameters)).result()  # noqa: B023

            if case.id in (*equal.inputs, *equal.unlike):
                mine = outcome(ENTRIES[name], **equal.given)
                other = outcome(ENTRIES[equal.implementation], **equal.parameters)
                same = np.allclose(mine.value, other.value, rtol=1e-6)
                assert same is (case.id in equal.inputs), (equal.call, case.id, mine, other)
                compared += 1
    assert compared
