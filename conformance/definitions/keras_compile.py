"""What the strings given to keras.Model.compile stand for (keras/src/trainers/compile_utils.py of 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.definitions import keras, keras_graph
from conformance.definitions.keras_graph import Batch, Shape, Spec
from conformance.definitions.model import Behaviour, Definition, Refused, rules
from conformance.definitions.numbers import Array, is_text
from conformance.definitions.rules import accumulation, threshold_precision, weights
from conformance.definitions.stages import Checks, Parameters

_COMPILE = "keras/src/trainers/compile_utils.py"
_FEEDING = "keras/src/trainers/data_adapters"

_GRAPH = {
    keras.BINARY.name: keras_graph.binary,
    keras.CATEGORICAL.name: keras_graph.categorical,
    keras.SPARSE.name: keras_graph.sparse,
}

Traced = Callable[[Call], Batch]


def _traced_arrays(call: Call) -> Batch:
    """Static shapes of arrays: the rows of a batch are known if all batches are full."""
    rows, size = sum(len(update.y_pred) for update in call.updates), derive.batch_size(call)
    first = call.updates[0]

    def spec(array: Array) -> Spec:
        return Spec((size if rows % size == 0 else None, *array.shape[1:]))

    weight = None if first.sample_weight is None else spec(first.sample_weight)
    return Batch(spec(first.y_true), spec(first.y_pred), weight)


def _traced_dataset(call: Call) -> Batch:
    """Static shapes of a PyDataset: rows are unknown, and what differs between the first two batches."""
    first, second = call.updates[0], call.updates[:2][-1]

    def spec(one: Array, other: Array) -> Spec:
        if not one.ndim or one.ndim != other.ndim:
            raise Refused("ValueError", "the first batches have no common rank")
        pairs = zip(one.shape[1:], other.shape[1:], strict=True)
        return Spec((None, *(a if a == b else None for a, b in pairs)))

    weight = None
    if first.sample_weight is not None and second.sample_weight is not None:
        weight = spec(first.sample_weight, second.sample_weight)
    return Batch(spec(first.y_true, second.y_true), spec(first.y_pred, second.y_pred), weight)


def _running(update: Update, traced: Batch) -> Batch:
    def spec(static: Shape, array: Array) -> Spec:
        if array.ndim != len(static) or any(
            a not in (None, b) for a, b in zip(static, array.shape, strict=True)
        ):
            raise Refused(keras_graph.INVALID, f"a batch of shape {array.shape} does not fit {static}")
        return Spec(static, array.shape)

    weight = None
    if traced.sample_weight is not None and update.sample_weight is not None:
        weight = spec(traced.sample_weight.static, update.sample_weight)
    y_true, y_pred = spec(traced.y_true.static, update.y_true), spec(traced.y_pred.static, update.y_pred)
    return Batch(y_true, y_pred, weight, labels=update.y_true)


def _arrays_of(update: Update) -> list[Array]:
    weight = [] if update.sample_weight is None else [update.sample_weight]
    return [update.y_pred, update.y_true, *weight]


def _arrays_fit(call: Call) -> None:
    for update in call.updates:
        arrays = _arrays_of(update)
        if any(not array.ndim for array in arrays):
            raise Refused("IndexError", "an array without dimensions has no rows")
        if len({array.shape[0] for array in arrays}) > 1:
            raise Refused("ValueError", "the arrays do not have equally many rows")
    _no_text(call)


def _no_text(call: Call) -> None:
    if any(is_text(array) for update in call.updates[:1] for array in _arrays_of(update)):
        raise Refused("ValueError", "NumPy strings are no dtype of Keras")


def _stands_for(call: Call, traced: Batch) -> Definition:
    """Choose by the shapes of targets and predictions (compile_utils.py:40)."""
    y_true, y_pred = traced.y_true.static, traced.y_pred.static
    if len(y_true) >= len(y_pred) and y_true[-1] == 1 and y_pred[-1] is None:
        raise Refused("TypeError", "the last dimension of the predictions is unknown and cannot be compared")
    if y_pred[-1] == 1:
        return keras.BINARY
    columns = y_pred[-1]
    if len(y_true) < len(y_pred) or (y_true[-1] == 1 and columns is not None and columns > 1):
        return keras.SPARSE
    return keras.CATEGORICAL


def _checks(name: str, says: str, traced: Traced, fits: Callable[[Call], None], choose: Any) -> Behaviour:
    """Return the refusals of one way of feeding; all are found before the first update is evaluated."""

    def before(parameters: Parameters, call: Call) -> None:
        fits(call)
        static = traced(call)
        metric = _GRAPH[choose(call, static).name]
        # Tracing comes first, without any batch; an array of no rows is then never evaluated.
        keras_graph.refuse(static, (), derive.loss(call), metric)
        if traced is _traced_arrays and not any(len(update.y_pred) for update in call.updates):
            raise Refused("KeyError", "evaluate() of no rows returns no metrics at all")
        batches = [_running(update, static) for update in call.updates]
        keras_graph.refuse(static, batches, derive.loss(call), metric)

    def each(update: Update, parameters: Parameters, call: Call) -> None:
        return None

    return Behaviour("refusal", name, says, Checks(before, each))


def _compiled(key: str, *, by_shape: bool, dataset: bool) -> Definition:
    traced: Traced = _traced_dataset if dataset else _traced_arrays
    fits = _no_text if dataset else _arrays_fit
    choose = _stands_for if by_shape else lambda call, static: keras.BINARY

    def resolves_to(call: Call) -> Definition:
        fits(call)
        static = traced(call)
        try:
            return choose(call, static)
        except Refused:
            # The loss is traced before the metric is chosen.
            keras_graph.refuse(static, (), derive.loss(call), lambda batch: None)
            raise

    word = "accuracy" if by_shape else "binary_accuracy"
    fed = "a PyDataset of the batches" if dataset else "arrays and a batch_size"
    says = (
        "One output column: BinaryAccuracy; integer targets against several: SparseCategoricalAccuracy; else "
        "CategoricalAccuracy. The loss plays no part."
        if by_shape
        else "The string names BinaryAccuracy, whatever the shapes."
    )
    precision = (
        threshold_precision.SCORES_FED_AS_FLOAT32.source(
            f"{_FEEDING}/data_adapter_utils.py:177 (dtypes of the first batch), keras/src/models/functional.py:261"
        )
        if dataset
        else threshold_precision.FED_AS_FLOAT32.source(
            f"{_FEEDING}/array_slicing.py:418 (floats to floatx), keras/src/models/functional.py:261"
        )
    )
    return Definition(
        f"keras.Model.compile[{key}]",
        f"What {word!r} stands for by the shapes of the first batch, fed by {fed}; sample_weight is not used.",
        rules(
            Behaviour("name-resolution", f"compile-{word}", says, None).source(f"{_COMPILE}:40-74"),
            precision,
            weights.IGNORED.documented(
                '"metrics: List of metrics to be evaluated ... weighted_metrics: List of metrics to be evaluated '
                'and weighted by sample_weight" (https://keras.io/api/models/model_training_apis/)'
            ),
            accumulation.PYTHON_FLOAT.source("keras/src/metrics/reduction_metrics.py:118, pythonify_logs"),
            _checks(
                f"keras-compile-{'dataset' if dataset else 'arrays'}",
                "Feeding, the loss and the metric refuse shapes that do not fit; the sparse loss refuses labels "
                "outside its classes.",
                traced,
                fits,
                choose,
            ).source(f"{_FEEDING}, keras/src/losses/losses.py, keras/src/backend/tensorflow/nn.py"),
        ),
        resolves_to=resolves_to,
    )


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the compile entries."""
    yield _compiled("accuracy", by_shape=True, dataset=False)
    yield _compiled("acc", by_shape=True, dataset=False)
    yield _compiled("binary_accuracy", by_shape=False, dataset=False)
    yield _compiled("accuracy,dataset", by_shape=True, dataset=True)
