"""Where a step of evaluate() raises in Keras 3, by the shapes of the loss and of the metric (lines of 3.15.1)."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.frameworks.keras_family.errors import NO_LOSS, UNKNOWN_DIMENSION
from conformance.frameworks.keras_family.graph import (
    ELEMENTWISE,
    Batch,
    Kind,
    Spec,
    Values,
    broadcast,
    check_classes,
    check_labels,
    elementwise,
    kind_of,
    known_to_differ,
    named,
    reshaped,
)
from conformance.oracle.reasons import (
    LAST_DIMENSION_NOT_1,
    NO_CLASSES,
    ONE_TARGET_PER_SAMPLE,
    SHAPES_DIFFER,
    WEIGHTS_NOT_BROADCAST,
    Raises,
)


def same_rank(one: Spec, other: Spec) -> tuple[Spec, Spec]:
    """Squeeze or expand a last dimension known to be 1 where ranks differ by one (losses/loss.py:119)."""
    if one.rank == other.rank + 1 and one.static[-1] == 1:
        return (one, other.expanded()) if other.rank == 1 else (one.reduced(), other)
    if other.rank == one.rank + 1 and other.static[-1] == 1:
        return (one.expanded(), other) if one.rank == 1 else (one, other.reduced())
    return one, other


# Losses, given targets and predictions of the same rank where that is possible.


def _equal_shapes(batch: Batch) -> Spec:
    """Shapes are checked (backend/tensorflow/nn.py:1346 and 1460)."""
    y_true, y_pred = batch.y_true, batch.y_pred
    if y_true.rank != y_pred.rank or known_to_differ(y_true.static, y_pred.static):
        raise Raises(SHAPES_DIFFER, "ValueError")
    return elementwise(batch)


def _sparse(batch: Batch) -> Spec:
    """Shapes are checked (backend/tensorflow/nn.py:1409), labels by the kernel."""
    y_true, y_pred = batch.y_true, batch.y_pred
    if y_true.rank == y_pred.rank and y_true.static[-1] == 1:
        y_true = y_true.reduced()
    if y_true.rank != y_pred.rank - 1 or known_to_differ(y_true.static, y_pred.static[:-1]):
        raise Raises(ONE_TARGET_PER_SAMPLE, "ValueError")
    if y_true.actual is not None and y_pred.actual is not None and batch.labels is not None:
        if y_true.actual != y_pred.actual[:-1]:
            raise Raises(ONE_TARGET_PER_SAMPLE)
        if not y_pred.actual[-1]:
            raise Raises(NO_CLASSES)
        check_labels(batch.labels, y_pred.actual[-1])
    return y_true


def _whole(batch: Batch) -> Spec:
    """Elements are combined, whatever broadcasts, and all axes are reduced."""
    values = broadcast(batch.y_true, batch.y_pred)
    return Spec((), None if values.actual is None else ())


#: Functions, classes and their abbreviations (losses/__init__.py:108).
LOSSES: Mapping[str, Values] = {
    **ELEMENTWISE,
    **named(_equal_shapes, "binary_crossentropy", "BinaryCrossentropy", "bce", "BCE"),
    **named(_equal_shapes, "binary_focal_crossentropy", "BinaryFocalCrossentropy"),
    **named(_equal_shapes, "categorical_crossentropy", "CategoricalCrossentropy"),
    **named(_sparse, "sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
    **named(elementwise, "categorical_focal_crossentropy", "CategoricalFocalCrossentropy"),
    **named(elementwise, "cosine_similarity", "CosineSimilarity"),
    **named(_whole, "dice", "Dice", "tversky", "Tversky"),
}
#: Losses whose shapes are not checked here.
_ANY = frozenset({"circle", "Circle", "ctc", "CTC"})
_BY_KIND: Mapping[Kind, Values] = {"binary": _equal_shapes, "sparse": _sparse, "categorical": _equal_shapes}


def check_loss(loss: str, batch: Batch) -> None:
    """Check a loss and its weights.

    Args:
        loss: a name given to compile().
        batch: what it is given.

    Raises:
        Raises: there is no loss of that name, or its shapes or its labels do not fit.
    """
    if loss in _ANY:
        return
    if loss.lower() in ("crossentropy", "ce"):
        compute = _BY_KIND[kind_of(batch)]
    elif loss in LOSSES:
        compute = LOSSES[loss]
    else:
        raise Raises(NO_LOSS, "ValueError")
    y_true, y_pred = same_rank(batch.y_true, batch.y_pred)
    values = compute(Batch(y_true, y_pred, labels=batch.labels))
    if batch.sample_weight is not None:
        broadcast(*same_rank(values, batch.sample_weight))


# Metrics.


def _binary(batch: Batch) -> Spec:
    return broadcast(*same_rank(batch.y_true, batch.y_pred))


def _categorical(batch: Batch) -> Spec:
    check_classes(batch.y_true)
    check_classes(batch.y_pred)
    truth, decided = batch.y_true.reduced(), batch.y_pred.reduced()
    if truth.rank < batch.y_pred.rank:
        return broadcast(truth, decided)
    return reshaped(broadcast(_squeezed(truth), decided), truth)


def _sparse_accuracy(batch: Batch) -> Spec:
    check_classes(batch.y_pred)
    truth, decided = batch.y_true, batch.y_pred.reduced()
    if truth.rank == batch.y_pred.rank and truth.static[-1] is None:
        # ops.shape(y_true)[-1] == 1 (metrics/accuracy_metrics.py:226) is asked of a tensor, not of a number.
        raise Raises(UNKNOWN_DIMENSION)
    if truth.rank == batch.y_pred.rank and truth.static[-1] == 1:
        values = reshaped(broadcast(truth.reduced(), decided), truth)
    else:
        values = broadcast(truth, decided)
    return values.reduced() if values.rank > 1 and values.static[-1] == 1 else values


def _squeezed(spec: Spec) -> Spec:
    """Drop the last dimension, which has to be known to be 1 (backend/tensorflow/numpy.py squeeze)."""
    if spec.static[-1] != 1:
        raise Raises(LAST_DIMENSION_NOT_1, "ValueError")
    return spec.reduced()


#: A metric by its import path.
METRICS: Mapping[str, Values] = {
    "keras.metrics.BinaryAccuracy": _binary,
    "keras.metrics.CategoricalAccuracy": _categorical,
    "keras.metrics.SparseCategoricalAccuracy": _sparse_accuracy,
}


def check_weights(values: Spec, weight: Spec) -> None:
    """Check the weights of a metric's values (metrics/reduction_metrics.py:10).

    Raises:
        Raises: they cannot be broadcast to the values.
    """
    values, weight = same_rank(values, weight)
    while values.rank > weight.rank:
        values = values.reduced()
    if weight.rank > values.rank:
        raise Raises(WEIGHTS_NOT_BROADCAST)
    for wanted, given in ((values.static, weight.static), (values.actual, weight.actual)):
        pairs = zip(wanted or (), given or (), strict=False)
        if any(None not in (w, g) and g not in (1, w) for w, g in pairs):
            raise Raises(WEIGHTS_NOT_BROADCAST)
