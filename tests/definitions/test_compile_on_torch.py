"""Strings of compile() on the torch backend: where eager batches and a DataLoader differ from a traced graph.

Each line is what the definition predicts and what the framework does, where that is installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from asking import predicted

from conformance.adapters.base import Implementation
from conformance.adapters.registry import installed
from conformance.cases.calls import build
from conformance.frameworks.keras import adapter as keras
from conformance.frameworks.keras_torch import adapter as keras_torch
from conformance.workers.pool import Pool

_ENTRIES = {entry.id: entry for entry in keras_torch.ADAPTER.implementations}
_NEARLY_ONE = {"y_true": [[1.000000001], [0]], "y_pred": [[0.9], [0.2]]}
_TWO = {"y_true": [[2], [0]], "y_pred": [[0.9], [0.2]]}
_SAMPLES_AND_COLUMNS = {"y_true": [1, 0], "y_pred": [[0.9, 0.1, 0.3], [0.2, 0.1, 0.3]], "loss": "hinge"}
_UNSIGNED = {"y_true": [[1], [0]], "y_pred": [[0.9], [0.8]], "dtype": {"y_true": "uint16"}}
_BFLOAT16 = {"y_true": [[1], [0]], "y_pred": [[0.9], [0.8]], "dtype": {"y_true": "bfloat16"}}
_NARROWER = {
    "updates": [{"y_true": [[1]], "y_pred": [[0.9]]}, {"y_true": [0], "y_pred": [0.8]}],
    "loss": "mean_squared_error",
}
_WIDTH_OF_ONE = {
    "updates": [{"y_true": [[1, 0]], "y_pred": [[0.9, 0.1]]}, {"y_true": [[0]], "y_pred": [[0.8]]}],
    "loss": "mean_squared_error",
}
_WIDTH_OF_THREE = {
    "updates": [{"y_true": [[1, 0]], "y_pred": [[0.9, 0.1]]}, {"y_true": [[0] * 3], "y_pred": [[0.8] * 3]}],
    "loss": "mean_squared_error",
}
_ONE_WEIGHTED = {
    "updates": [
        {"y_true": [[1]], "y_pred": [[0.9]], "sample_weight": [3]},
        {"y_true": [[0]], "y_pred": [[0.8]]},
    ],
}
_NO_SAMPLES = {"shape": {"y_true": [0, 1], "y_pred": [0, 1]}, "y_true": [], "y_pred": []}
_MISFIT_WEIGHTS = {
    "y_true": [0, 0],
    "y_pred": [[0.5], [0.5]],
    "sample_weight": [[1, 1, 1], [1, 1, 1]],
    "loss": "sparse_categorical_crossentropy",
}


@dataclass(frozen=True)
class Answer:
    """A value, or the code of the reason why an exception is raised."""

    string: str
    inputs: dict[str, Any]
    torch: Fraction | str
    tensorflow: Fraction | str


_ANSWERS = {
    "arrays are rounded to float32, targets too": Answer(
        "binary_accuracy", _NEARLY_ONE | {"loss": "hinge"}, Fraction(1), Fraction(1)
    ),
    "a loader leaves targets as they are": Answer(
        "binary_accuracy,dataset", _NEARLY_ONE | {"loss": "hinge"}, Fraction(1, 2), Fraction(1, 2)
    ),
    "the loss checks values": Answer("binary_accuracy", _TWO, "targets-not-probabilities", Fraction(1, 2)),
    "only a crossentropy does": Answer(
        "binary_accuracy", _TWO | {"loss": "hinge"}, Fraction(1, 2), Fraction(1, 2)
    ),
    "shapes that do not fit the loss": Answer(
        "binary_accuracy",
        _SAMPLES_AND_COLUMNS | {"loss": "binary_crossentropy"},
        "shapes-differ",
        "shapes-differ",
    ),
    "shapes that cannot be broadcast": Answer(
        "sparse_categorical_accuracy", _SAMPLES_AND_COLUMNS, "not-broadcast", "not-broadcast"
    ),
    "arrays of unsigned integers become signed": Answer(
        "accuracy", _UNSIGNED, Fraction(1, 2), Fraction(1, 2)
    ),
    "a loader leaves them as they are": Answer("accuracy,dataset", _UNSIGNED, "unsigned", Fraction(1, 2)),
    "arrays of bfloat16 become float32": Answer("accuracy", _BFLOAT16, Fraction(1, 2), Fraction(1, 2)),
    "a loader makes no tensors of them": Answer(
        "accuracy,dataset", _BFLOAT16, "bfloat16-array", Fraction(1, 2)
    ),
    "a batch without its last dimension of one is given it": Answer(
        "binary_accuracy,dataset", _NARROWER, Fraction(1, 2), "batches-differ"
    ),
    "a width of one fits every model": Answer(
        "binary_accuracy,dataset", _WIDTH_OF_ONE, Fraction(1, 2), Fraction(1, 2)
    ),
    "another width fits none": Answer(
        "binary_accuracy,dataset", _WIDTH_OF_THREE, "batches-differ", Fraction(1, 2)
    ),
    "batches may have weights or not": Answer(
        "weighted_metrics=accuracy,dataset", _ONE_WEIGHTED, Fraction(3, 4), "weights-missing"
    ),
    "without samples there is no first batch": Answer(
        "accuracy", _NO_SAMPLES, "no-first-batch", "nothing-evaluated"
    ),
    "weights that do not fit the loss": Answer("accuracy", _MISFIT_WEIGHTS, "not-broadcast", "not-broadcast"),
}
_EACH = pytest.mark.parametrize("answer", _ANSWERS.values(), ids=_ANSWERS)


def shown(string: str, inputs: dict[str, Any]) -> Fraction | str | None:
    found = predicted(string, "multiclass" if inputs is _MISFIT_WEIGHTS else "binary", **inputs)
    return found.value if found.reason is None else found.reason.code


@_EACH
def test_these_are_predicted(answer: Answer) -> None:
    name = f"keras.Model.compile[{answer.string}]"
    assert (shown(f"{name}@torch", answer.inputs), shown(name, answer.inputs)) == (
        answer.torch,
        answer.tensorflow,
    )


@pytest.mark.skipif(
    None in installed(keras_torch.ADAPTER).values(), reason="Keras and torch are not installed"
)
@_EACH
def test_these_are_what_keras_does(pool: Pool, answer: Answer) -> None:
    call = build("multiclass" if answer.inputs is _MISFIT_WEIGHTS else "binary", answer.inputs)
    outcome = pool.submit(_ENTRIES[f"keras.Model.compile[{answer.string}]@torch"], call).result()
    if isinstance(answer.torch, str):
        assert outcome.kind == "raises"
    else:
        assert outcome.value == pytest.approx(float(answer.torch))


def asked(entry: Implementation) -> tuple[Any, ...]:
    return entry.quantity, entry.tasks, entry.ranks, entry.updates, entry.asked, entry.weights, entry.fixed


def test_every_string_is_asked_on_torch_about_what_it_is_asked_on_tensorflow() -> None:
    compiled = [e for e in keras.ADAPTER.implementations if "compile[" in e.id and not e.sharded]
    assert len(compiled) > 40
    for entry in compiled:
        assert asked(_ENTRIES[f"{entry.id}@torch"]) == asked(entry)


def test_a_data_set_is_a_loader_of_the_batches_there() -> None:
    for name, entry in _ENTRIES.items():
        fed = "DataLoader(Batches(), batch_size=None)" in entry.recipe.update
        assert fed == (",dataset]" in name)
