"""How Keras 2 takes data: arrays and a batch_size, or a Sequence of batches (tf_keras/src/engine/data_adapter.py)."""

from __future__ import annotations

from dataclasses import replace

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import feeding as keras_feeding
from conformance.frameworks.keras.graph import INVALID, Batch, Shape, Spec
from conformance.frameworks.keras_family.errors import BATCHES_DIFFER
from conformance.frameworks.keras_family.names import Feeding
from conformance.frameworks.tf_keras.departures import BASE
from conformance.oracle.numbers import Array, is_text
from conformance.oracle.reasons import LENGTHS_DIFFER, NO_SAMPLES, SCALAR, STRINGS, WEIGHTS_MISSING, Raises
from conformance.oracle.rules import threshold_precision

PLACE = "tf_keras/src/engine/data_adapter.py"
_FUNCTIONAL = "tf_keras/src/engine/functional.py"


def running(update: Update, traced: Batch) -> Batch:
    """Return the specs of a batch that runs in the graph traced before.

    Raises:
        Raises: it has other ranks than the first batch, or weights where that one has none.
    """
    if (update.sample_weight is None) != (traced.sample_weight is None):
        raise Raises(WEIGHTS_MISSING, INVALID)

    def spec(static: Shape, array: Array) -> Spec:
        if array.ndim != len(static):
            raise Raises(BATCHES_DIFFER, INVALID)
        return Spec(static, array.shape)

    weight = None
    if traced.sample_weight is not None and update.sample_weight is not None:
        weight = spec(traced.sample_weight.static, update.sample_weight)
    y_true, y_pred = spec(traced.y_true.static, update.y_true), spec(traced.y_pred.static, update.y_pred)
    return Batch(y_true, y_pred, weight, labels=update.y_true)


def refuse_text(call: Call) -> None:
    """Refuse strings, which are found when the graph runs.

    Raises:
        Raises: there are any.
    """
    first = call.updates[0]
    if any(
        array is not None and is_text(array) for array in (first.y_pred, first.y_true, first.sample_weight)
    ):
        raise Raises(STRINGS, "UnimplementedError")


def _arrays_fit(call: Call) -> None:
    for update in call.updates:
        given = (update.y_pred, update.y_true, update.sample_weight)
        arrays = [array for array in given if array is not None]
        if any(not array.ndim for array in arrays):
            raise Raises(SCALAR, "IndexError")
        if len({array.shape[0] for array in arrays}) > 1:
            raise Raises(LENGTHS_DIFFER, "ValueError")
    if not any(len(update.y_pred) for update in call.updates):
        raise Raises(NO_SAMPLES, "ValueError")


def _anything_fits(call: Call) -> None:
    return None


def _traced_sequence(call: Call) -> Batch:
    """Static shapes of a Sequence: the ranks of its first batch, whose real shapes stand beside."""
    first = call.updates[0]

    def spec(array: Array) -> Spec:
        return Spec((None,) * array.ndim, array.shape)

    weight = None if first.sample_weight is None else spec(first.sample_weight)
    return Batch(spec(first.y_true), spec(first.y_pred), weight)


ARRAYS = replace(
    keras_feeding.ARRAYS,
    fits=_arrays_fit,
    precision=threshold_precision.ALL_IN_METRIC_DTYPE.source(
        f"{PLACE}:1163 (floats to floatx), {_FUNCTIONAL}:771, {BASE}:707-708"
    ),
    empty_without_rows=False,
)
SEQUENCE = Feeding(
    "sequence",
    "a Sequence of the batches",
    _anything_fits,
    _traced_sequence,
    threshold_precision.ALL_IN_DTYPES_OF_FIRST_BATCH.source(
        f"{PLACE}:894 (dtypes and ranks of the first batch), {_FUNCTIONAL}:771, {BASE}:707-708"
    ),
    empty_without_rows=False,
    suffix=",dataset",
)
