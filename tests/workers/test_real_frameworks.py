"""The seed case and the reproducers, on the frameworks that are installed."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from made_cases import ADAPTERS

from conformance.adapters.base import Call, Update
from conformance.adapters.registry import installed
from conformance.calls.outcome import Outcome
from conformance.workers.pool import Pool

INSTALLED = tuple(adapter for adapter in ADAPTERS if None not in installed(adapter).values())
ENTRIES = {entry.id: entry for adapter in INSTALLED for entry in adapter.implementations}


def binary(dtype: Any = None, weights: Any = None, **more: Any) -> Call:
    y_pred = np.array([[0.51], [1], [0], [0.4]], dtype=dtype)
    update = Update(np.array([[1], [1], [0], [0]]), y_pred, weights)
    return Call("binary", (update,), **more)


def batched(*sizes: int, **more: Any) -> Call:
    whole = binary().updates[0]
    starts = [sum(sizes[:index]) for index in range(len(sizes))]
    updates = tuple(
        Update(whole.y_true[start : start + size], whole.y_pred[start : start + size])
        for start, size in zip(starts, sizes, strict=True)
    )
    return Call("binary", updates, batches=sizes, **more)


def multiclass(dtype: Any = "float32", **more: Any) -> Call:
    scores = np.array([[0.1, 0.2, 0.7], [0.3, 0.4, 0.3], [0.6, 0.3, 0.1]], dtype=dtype)
    return Call("multiclass", (Update(np.array([2, 0, 0]), scores),), **more)


def multilabel() -> Call:
    y_pred = np.array([[0.9, 0.2, 0.5], [0.1, 0.8, 0.7]])
    return Call("multilabel", (Update(np.array([[1, 0, 1], [1, 1, 1]]), y_pred),))


def ask(pool: Pool, name: str, call: Call) -> Outcome:
    if name not in ENTRIES:
        pytest.skip("the framework is not installed")
    return pool.submit(ENTRIES[name], call).result()


SEED = {
    "keras.metrics.Accuracy": 0.5,
    "keras.metrics.BinaryAccuracy": 1.0,
    "keras.metrics.binary_accuracy": [[1.0], [1.0], [1.0], [1.0]],
    "keras.Model.compile[accuracy]": 1.0,
    "keras.Model.compile[acc]": 1.0,
    "keras.Model.compile[binary_accuracy]": 1.0,
    "keras.Model.compile[accuracy,dataset]": 1.0,
    "torchmetrics.classification.BinaryAccuracy": 1.0,
    "torchmetrics.functional.classification.binary_accuracy": 1.0,
    "torchmetrics.Accuracy": 1.0,
    "sklearn.metrics.accuracy_score[Binarizer]": 1.0,
    "sklearn.metrics.accuracy_score[FixedThresholdClassifier]": 1.0,
}


@pytest.mark.parametrize("name", SEED)
def test_the_seed_case_gives_the_known_value(pool: Pool, name: str) -> None:
    outcome = ask(pool, name, binary())
    assert (outcome.kind, outcome.value) == ("value", SEED[name])
    assert outcome.changed_inputs == ()


def test_accuracy_score_refuses_scores(pool: Pool) -> None:
    outcome = ask(pool, "sklearn.metrics.accuracy_score", binary())
    assert (outcome.kind, outcome.type) == ("raises", "ValueError")
    assert outcome.message == "Classification metrics can't handle a mix of binary and continuous targets"


@pytest.mark.parametrize(
    "name",
    [
        "keras.metrics.BinaryAccuracy",
        "tf_keras.metrics.BinaryAccuracy",
        "torchmetrics.classification.BinaryAccuracy",
        "sklearn.metrics.accuracy_score[Binarizer]",
        "sklearn.metrics.accuracy_score[FixedThresholdClassifier]",
    ],
)
def test_a_threshold_reaches_the_implementation(pool: Pool, name: str) -> None:
    assert ask(pool, name, binary(parameters={"threshold": 0.7})).value == 0.75


@pytest.mark.parametrize("label", [0, 1, -1])
def test_a_single_row_is_decided_by_the_classifier_too(pool: Pool, label: int) -> None:
    call = Call("binary", (Update(np.array([label]), np.array([0.5])),))
    outcome = ask(pool, "sklearn.metrics.accuracy_score[FixedThresholdClassifier]", call)
    assert outcome.value == float(label == 1)


def test_the_classifier_learns_any_two_labels(pool: Pool) -> None:
    call = Call("binary", (Update(np.array([-1, 1, 1]), np.array([0.2, 0.9, 0.1])),))
    name = "sklearn.metrics.accuracy_score[FixedThresholdClassifier]"
    assert ask(pool, name, call).value == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("string", "call", "became"),
    [
        ("accuracy", binary(), "BinaryAccuracy"),
        ("acc", multiclass(), "SparseCategoricalAccuracy"),
        ("accuracy,dataset", multilabel(), "CategoricalAccuracy"),
        ("binary_accuracy", multilabel(), "BinaryAccuracy"),
        ("weighted_metrics=accuracy", binary(), "BinaryAccuracy"),
        ("weighted_metrics=sparse_categorical_accuracy,dataset", multiclass(), "SparseCategoricalAccuracy"),
    ],
)
def test_a_compiled_model_tells_what_a_string_became(
    pool: Pool, string: str, call: Call, became: str
) -> None:
    assert ask(pool, f"keras.Model.compile[{string}]", call).resolved == became


@pytest.mark.skipif("keras.Model.compile[loss=CE]" not in ENTRIES, reason="Keras is not installed")
def test_a_string_that_is_only_looked_up_has_no_value(pool: Pool) -> None:
    outcome = pool.submit(ENTRIES["keras.Model.compile[loss=CE]"], binary("float32")).result()
    assert (outcome.kind, outcome.value, outcome.resolved) == ("value", None, "binary_crossentropy")


def test_batches_reach_a_compiled_model_by_either_way(pool: Pool) -> None:
    for name in ("keras.Model.compile[accuracy]", "keras.Model.compile[accuracy,dataset]"):
        assert ask(pool, name, batched(3, 1)).value == 1.0


def test_a_metric_dtype_reaches_the_metric(pool: Pool) -> None:
    assert ask(pool, "keras.metrics.Accuracy", binary(metric_dtype="float64")).dtype == "float64"
    assert ask(pool, "tf_keras.metrics.Accuracy", binary(metric_dtype="float64")).dtype == "float64"


def test_no_update_at_all_asks_a_fresh_metric_for_its_result(pool: Pool) -> None:
    call = Call("binary", (), batches=())
    assert ask(pool, "keras.metrics.BinaryAccuracy", call).value == 0.0
    torch_outcome = ask(pool, "torchmetrics.classification.BinaryAccuracy", call)
    assert torch_outcome.value == 0.0
    assert any("before the ``update`` method" in warning for warning in torch_outcome.warnings)


def test_bfloat16_reaches_every_framework_that_takes_it(pool: Pool) -> None:
    call = binary(dtype=ml_dtypes.bfloat16)
    assert ask(pool, "keras.metrics.BinaryAccuracy", call).value == 1.0
    assert ask(pool, "tf_keras.metrics.BinaryAccuracy", call).value == 1.0
    assert ask(pool, "torchmetrics.classification.BinaryAccuracy", call).value == 1.0


def test_workers_use_the_settings_that_are_fixed(pool: Pool) -> None:
    for adapter in INSTALLED:
        ask(pool, adapter.implementations[0].id, binary())
    environments = pool.environments()
    for adapter in INSTALLED:
        record = environments[adapter.origin]
        assert record["packages"].keys() == {**adapter.distributions, **adapter.optional}.keys()
        assert "version_mismatch" not in record
        assert {type(version) for version in record["packages"].values()} == {str}
    for framework in ("keras", "tf_keras"):
        settings = environments[framework]["settings"]
        assert (settings["floatx"], settings["threads"]) == ("float32", 1)
    assert environments["keras"]["settings"]["backend"] == "tensorflow"


def test_nan_weights_come_through(pool: Pool) -> None:
    weighted = Call("binary", (Update(np.array([1.0]), np.array([1.0]), np.array([np.nan])),))
    assert math.isnan(ask(pool, "keras.metrics.BinaryAccuracy", weighted).value)


def test_a_label_of_a_billion_is_an_outcome_and_not_a_machine_without_memory() -> None:
    adapter = next((adapter for adapter in INSTALLED if adapter.framework == "torchmetrics"), None)
    if adapter is None:
        pytest.skip("the framework is not installed")
    name = "torchmetrics.functional.classification.multiclass_accuracy"
    label = Call("multiclass", (Update(np.array([10**9]), np.array([0])),))
    with Pool((adapter,)) as limited:
        outcome = ask(limited, name, label)
        assert outcome.kind == "raises"
        assert "allocate" in (outcome.message or "")
        assert ask(limited, name, multiclass()).kind == "value"


def test_frameworks_leave_no_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    adapter = next((adapter for adapter in INSTALLED if adapter.origin == "tf_keras"), None)
    if adapter is None:
        pytest.skip("the framework is not installed")
    with Pool((adapter,)) as fresh:
        assert ask(fresh, "tf_keras.Model.compile[accuracy]", binary()).kind == "value"
        # What traces functions into graphs writes their source.
        assert list(tmp_path.rglob("*autograph*"))
    assert not list(tmp_path.iterdir())
