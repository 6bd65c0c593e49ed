"""How Keras 3 on the TensorFlow backend takes data: arrays and a batch_size, or a PyDataset of batches."""

from __future__ import annotations

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.frameworks.keras.graph import INVALID, Batch, Shape, Spec
from conformance.frameworks.keras_family.errors import BATCHES_DIFFER
from conformance.frameworks.keras_family.names import Feeding
from conformance.oracle.numbers import Array, is_text
from conformance.oracle.reasons import LENGTHS_DIFFER, SCALAR, STRINGS, WEIGHTS_MISSING, Raises
from conformance.oracle.rules import threshold_precision

PLACE = "keras/src/trainers/data_adapters"


def running(update: Update, traced: Batch) -> Batch:
    """Return the specs of a batch that runs in the graph traced before.

    Raises:
        Raises: its shapes do not fit the static ones.
    """

    def spec(static: Shape, array: Array) -> Spec:
        if array.ndim != len(static) or any(
            a not in (None, b) for a, b in zip(static, array.shape, strict=True)
        ):
            raise Raises(BATCHES_DIFFER, INVALID)
        return Spec(static, array.shape)

    weight = None
    if traced.sample_weight is not None and update.sample_weight is not None:
        weight = spec(traced.sample_weight.static, update.sample_weight)
    y_true, y_pred = spec(traced.y_true.static, update.y_true), spec(traced.y_pred.static, update.y_pred)
    return Batch(y_true, y_pred, weight, labels=update.y_true)


def traced_arrays(call: Call) -> Batch:
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
            raise Raises(BATCHES_DIFFER, "ValueError")
        pairs = zip(one.shape[1:], other.shape[1:], strict=True)
        return Spec((None, *(a if a == b else None for a, b in pairs)))

    if (first.sample_weight is None) != (second.sample_weight is None):
        raise Raises(WEIGHTS_MISSING, "ValueError")
    weight = None
    if first.sample_weight is not None and second.sample_weight is not None:
        weight = spec(first.sample_weight, second.sample_weight)
    return Batch(spec(first.y_true, second.y_true), spec(first.y_pred, second.y_pred), weight)


def arrays_of(update: Update) -> list[Array]:
    """Return what one batch consists of, in the order in which a model is given it."""
    weight = [] if update.sample_weight is None else [update.sample_weight]
    return [update.y_pred, update.y_true, *weight]


def arrays_fit(call: Call) -> None:
    """Refuse arrays without rows, of different numbers of rows, and strings."""
    for update in call.updates:
        arrays = arrays_of(update)
        if any(not array.ndim for array in arrays):
            raise Raises(SCALAR, "IndexError")
        if len({array.shape[0] for array in arrays}) > 1:
            raise Raises(LENGTHS_DIFFER, "ValueError")
    _no_text(call)


def _no_text(call: Call) -> None:
    if any(is_text(array) for update in call.updates[:1] for array in arrays_of(update)):
        raise Raises(STRINGS, "ValueError")


ARRAYS = Feeding(
    "arrays",
    "arrays and a batch_size",
    arrays_fit,
    traced_arrays,
    threshold_precision.FED_AS_FLOAT32.source(
        f"{PLACE}/array_slicing.py:418 (floats to floatx), keras/src/models/functional.py:261"
    ),
    empty_without_rows=True,
)
DATASET = Feeding(
    "dataset",
    "a PyDataset of the batches",
    _no_text,
    _traced_dataset,
    threshold_precision.SCORES_FED_AS_FLOAT32.source(
        f"{PLACE}/data_adapter_utils.py:177 (dtypes of the first batch), keras/src/models/functional.py:261"
    ),
    empty_without_rows=False,
    suffix=",dataset",
)
