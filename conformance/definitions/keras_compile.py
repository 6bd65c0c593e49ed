"""What the strings given to keras.Model.compile stand for (keras/src/trainers/compile_utils.py of 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.definitions import keras, keras_graph
from conformance.definitions.keras_graph import Batch, Shape, Spec
from conformance.definitions.model import Behaviour, Definition, Refused, Rule, rules
from conformance.definitions.numbers import Array, is_text
from conformance.definitions.rules import accumulation, threshold_precision, weights
from conformance.definitions.stages import Checks, Parameters

_COMPILE = "keras/src/trainers/compile_utils.py"
_FEEDING = "keras/src/trainers/data_adapters"

_GRAPH: Mapping[str, Callable[[Batch], None]] = {
    keras.BINARY.name: keras_graph.binary,
    keras.CATEGORICAL.name: keras_graph.categorical,
    keras.SPARSE.name: keras_graph.sparse,
}

#: Chooses what a name stands for, from the traced shapes.
Choice = Callable[[Batch], Definition]


@dataclass(frozen=True, eq=False)
class Feeding:
    """One way to hand data to evaluate().

    Attributes:
        name: a word for it.
        says: what is fed.
        fits: refuses what does not even get to the graph.
        traced: the static shapes.
        precision: what happens to dtypes on the way.
        empty_without_rows: whether evaluate() of no rows returns no metrics at all.
    """

    name: str
    says: str
    fits: Callable[[Call], None]
    traced: Callable[[Call], Batch]
    precision: Rule
    empty_without_rows: bool


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


def _by_shape(traced: Batch) -> Definition:
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


def _always_binary(traced: Batch) -> Definition:
    """Choose what `binary_accuracy` names, whatever the shapes."""
    return keras.BINARY


ARRAYS = Feeding(
    "arrays",
    "arrays and a batch_size",
    _arrays_fit,
    _traced_arrays,
    threshold_precision.FED_AS_FLOAT32.source(
        f"{_FEEDING}/array_slicing.py:418 (floats to floatx), keras/src/models/functional.py:261"
    ),
    empty_without_rows=True,
)
DATASET = Feeding(
    "dataset",
    "a PyDataset of the batches",
    _no_text,
    _traced_dataset,
    threshold_precision.SCORES_FED_AS_FLOAT32.source(
        f"{_FEEDING}/data_adapter_utils.py:177 (dtypes of the first batch), keras/src/models/functional.py:261"
    ),
    empty_without_rows=False,
)


def _refusals(feeding: Feeding, choose: Choice) -> Behaviour:
    """Return what is refused; everything is found before the first update is evaluated."""

    def before(parameters: Parameters, call: Call) -> None:
        feeding.fits(call)
        static, loss = feeding.traced(call), derive.loss(call)
        try:
            metric = _GRAPH[choose(static).name]
        except Refused:
            # The loss is traced before the metric is chosen.
            keras_graph.refuse(static, (), loss, lambda batch: None)
            raise
        # Tracing comes first, without any batch.
        keras_graph.refuse(static, (), loss, metric)
        if feeding.empty_without_rows and not any(len(update.y_pred) for update in call.updates):
            raise Refused("KeyError", "evaluate() of no rows returns no metrics at all")
        keras_graph.refuse(static, [_running(update, static) for update in call.updates], loss, metric)

    def each(update: Update, parameters: Parameters, call: Call) -> None:
        return None

    return Behaviour(
        "refusal",
        f"keras-compile-{feeding.name}",
        "Feeding, the loss and the metric refuse shapes that do not fit; the sparse loss refuses labels outside its "
        "classes.",
        Checks(before, each),
    )


def _compiled(key: str, word: str, says: str, choose: Choice, feeding: Feeding) -> Definition:
    def resolves_to(call: Call) -> Definition:
        try:
            feeding.fits(call)
            return choose(feeding.traced(call))
        except Refused:
            # The refusals of this way of feeding say why, whatever it would have stood for.
            return keras.BINARY

    return Definition(
        f"keras.Model.compile[{key}]",
        f"What {word!r} stands for by the shapes of the first batch, fed by {feeding.says}; sample_weight is not "
        "used.",
        rules(
            Behaviour("name-resolution", f"compile-{word}", says, None).source(f"{_COMPILE}:40-74"),
            feeding.precision,
            weights.IGNORED.documented(
                '"metrics: List of metrics to be evaluated ... weighted_metrics: List of metrics to be evaluated '
                'and weighted by sample_weight" (https://keras.io/api/models/model_training_apis/)'
            ),
            accumulation.PYTHON_FLOAT.source(
                "keras/src/metrics/reduction_metrics.py:125-149, keras/src/utils/python_utils.py pythonify_logs"
            ),
            _refusals(feeding, choose).source(
                f"{_FEEDING}, keras/src/losses/losses.py, keras/src/backend/tensorflow/nn.py"
            ),
        ),
        resolves_to=resolves_to,
    )


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the compile entries."""
    by_shape = (
        "accuracy",
        "One output column: BinaryAccuracy; integer targets against several: SparseCategoricalAccuracy; else "
        "CategoricalAccuracy. The loss plays no part.",
        _by_shape,
    )
    binary = ("binary_accuracy", "The string names BinaryAccuracy, whatever the shapes.", _always_binary)
    yield _compiled("accuracy", *by_shape, ARRAYS)
    yield _compiled("acc", *by_shape, ARRAYS)
    yield _compiled("binary_accuracy", *binary, ARRAYS)
    yield _compiled("accuracy,dataset", *by_shape, DATASET)
