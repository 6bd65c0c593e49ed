"""Where a step of evaluate() raises in Keras 2, by the shapes of the loss and of the metric.

A step is traced and run as in Keras 3, but ranks are matched in another way, and a loss checks less.

Source: tf_keras/src/engine/training.py:1889 (test_step), tf_keras/src/engine/compile_utils.py,
tf_keras/src/losses.py, tf_keras/src/backend.py and tf_keras/src/utils/losses_utils.py of 2.21.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conformance.frameworks.keras_family.errors import INTEGERS_NOT_NORMALIZED, NO_LOSS
from conformance.frameworks.keras_family.graph import (
    ELEMENTWISE,
    Batch,
    Shape,
    Spec,
    Values,
    broadcast,
    check_classes,
    check_labels,
    elementwise,
    known_to_differ,
    named,
    reshaped,
    size,
)
from conformance.oracle.reasons import (
    LAST_DIMENSION_NOT_1,
    NO_CLASSES,
    ONE_TARGET_PER_SAMPLE,
    SCALAR,
    SHAPES_DIFFER,
    WEIGHTS_NOT_BROADCAST,
    Raises,
)


def matched(batch: Batch) -> Batch:
    """Add a dimension to flat targets and weights, given predictions of rank 2 (compile_utils.py:843)."""

    def match(spec: Spec) -> Spec:
        return spec.expanded() if spec.rank == 1 and batch.y_pred.rank == 2 else spec

    weight = None if batch.sample_weight is None else match(batch.sample_weight)
    return replace(batch, y_true=match(batch.y_true), sample_weight=weight)


def same_rank(batch: Batch) -> Batch:
    """Drop a last dimension of 1 where ranks differ by one; of predictions only if it is known (losses_utils.py:93)."""
    y_true, y_pred = batch.y_true, batch.y_pred
    if y_pred.rank == y_true.rank + 1 and y_pred.static[-1] == 1:
        return replace(batch, y_pred=_squeezed(y_pred))
    if y_true.rank == y_pred.rank + 1 and y_true.static[-1] in (1, None):
        return replace(batch, y_true=_squeezed(y_true))
    return batch


def _squeezed(spec: Spec) -> Spec:
    """Drop the last dimension as tf.squeeze does: it has to be 1, and may be unknown until the graph runs."""
    if spec.static[-1] not in (1, None) or (spec.actual is not None and spec.actual[-1] != 1):
        raise Raises(LAST_DIMENSION_NOT_1)
    return spec.reduced()


def _with_rank_of(weight: Spec, values: Spec) -> Spec:
    """Drop or add a last dimension of weights whose rank differs by one (losses_utils.py:212)."""
    if weight.rank == values.rank + 1:
        return _squeezed(weight)
    return weight.expanded() if weight.rank and weight.rank == values.rank - 1 else weight


# Losses, given targets and predictions of the same rank where that is possible.


def _compatible(batch: Batch) -> Spec:
    """Shapes must not be known to differ (backend.py:5574, assert_is_compatible_with)."""
    y_true, y_pred = batch.y_true, batch.y_pred
    if y_true.rank != y_pred.rank or known_to_differ(y_true.static, y_pred.static):
        raise Raises(SHAPES_DIFFER)
    return elementwise(batch)


def _normalizing(batch: Batch) -> Spec:
    """Targets are normalized first, which integers cannot be."""
    return elementwise(batch)


def _flat(spec: Spec) -> Spec:
    return Spec((size(spec.static),), None if spec.actual is None else (size(spec.actual) or 0,))


def _sparse(batch: Batch) -> Spec:
    """Targets are flattened unless they have one dimension less than the predictions (backend.py:5757)."""
    y_true, scores = batch.y_true, batch.y_pred
    samples = scores.reduced()
    flattened = y_true.rank != samples.rank
    if flattened:
        y_true = _flat(y_true)
        samples = _flat(samples)
    known = None not in (size(y_true.static), size(samples.static))
    if known_to_differ(y_true.static, samples.static) and (flattened or scores.rank == 2 or known):
        raise Raises(ONE_TARGET_PER_SAMPLE)
    if y_true.actual is not None and scores.actual is not None and batch.labels is not None:
        if y_true.actual != samples.actual:
            raise Raises(ONE_TARGET_PER_SAMPLE)
        if not scores.actual[-1]:
            raise Raises(NO_CLASSES)
        check_labels(batch.labels, scores.actual[-1])
    return scores.reduced() if flattened and scores.rank > 2 else y_true


#: Functions, classes and their abbreviations (losses.py:2845).
LOSSES: Mapping[str, Values] = {
    **ELEMENTWISE,
    **named(elementwise, "binary_crossentropy", "BinaryCrossentropy", "bce", "BCE"),
    **named(elementwise, "binary_focal_crossentropy", "BinaryFocalCrossentropy"),
    **named(elementwise, "kullback_leibler_divergence", "logcosh", "huber_loss"),
    **named(_compatible, "categorical_crossentropy", "CategoricalCrossentropy"),
    **named(_compatible, "categorical_focal_crossentropy", "CategoricalFocalCrossentropy"),
    **named(_sparse, "sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
    **named(_normalizing, "cosine_similarity", "CosineSimilarity"),
}


def check_loss(loss: str, batch: Batch, whole_targets: bool) -> None:
    """Check a loss and its weights.

    Args:
        loss: a name given to compile().
        batch: what it is given.
        whole_targets: whether targets are integers or booleans.

    Raises:
        Raises: there is no loss of that name, or its shapes, its labels or its weights do not fit.
    """
    if loss not in LOSSES:
        raise Raises(NO_LOSS, "ValueError")
    if LOSSES[loss] is _normalizing and whole_targets:
        raise Raises(INTEGERS_NOT_NORMALIZED)
    given = matched(batch)
    values = LOSSES[loss](same_rank(given))
    if given.sample_weight is not None:
        broadcast(values, _with_rank_of(given.sample_weight, values))
    if not batch.y_true.rank:
        raise Raises(SCALAR)


# Metric functions.


def _categorical(batch: Batch) -> Spec:
    check_classes(batch.y_true)
    return _matches(batch.y_true.reduced(), batch.y_pred)


def _sparse_accuracy(batch: Batch) -> Spec:
    values = _matches(batch.y_true, batch.y_pred)
    return values.reduced() if values.rank > 1 and values.static[-1] == 1 else values


def _matches(truth: Spec, y_pred: Spec) -> Spec:
    check_classes(y_pred)
    if truth.rank != y_pred.rank:
        return broadcast(truth, y_pred.reduced())
    return reshaped(broadcast(_squeezed(truth), y_pred.reduced()), truth)


#: A metric function by its import path.
METRICS: Mapping[str, Values] = {
    "tf_keras.metrics.binary_accuracy": elementwise,
    "tf_keras.metrics.categorical_accuracy": _categorical,
    "tf_keras.metrics.sparse_categorical_accuracy": _sparse_accuracy,
    "tf_keras.metrics.binary_crossentropy": elementwise,
    "tf_keras.metrics.categorical_crossentropy": _compatible,
    "tf_keras.metrics.sparse_categorical_crossentropy": _sparse,
}


def check_weights(values: Spec, weight: Spec) -> None:
    """Check the weights of a metric's values (base_metric.py:496-523).

    Raises:
        Raises: they cannot be broadcast to the values, nor the values to them where that is allowed.
    """
    if not weight.rank:
        return
    weight = _with_rank_of(weight, values)
    known = None not in (*values.static, *weight.static)
    if weight.rank != values.rank or (known and not _fit(weight.static, values.static)):
        # The values are reduced to the rank of the weights, and multiplication may broadcast either way.
        while values.rank > weight.rank:
            values = values.reduced()
        broadcast(values, weight)
        return
    broadcast(values, weight)
    if known or values.actual is None or weight.actual is None:
        return
    if not _fit(weight.actual, values.actual):
        raise Raises(WEIGHTS_NOT_BROADCAST)


def _fit(weight: Shape, values: Shape) -> bool:
    return all(w in (1, v) for w, v in zip(weight, values, strict=True))
