"""What Keras 2 refuses on the way to a compiled metric: the loss, the weights, and shapes traced into a graph.

`evaluate()` traces one step on static shapes (a dimension may be unknown) and runs it batch by batch, as Keras 3
does; but ranks are brought together in another way, and a loss checks less.

Source: tf_keras/src/engine/training.py:1889 (test_step), tf_keras/src/engine/compile_utils.py,
tf_keras/src/losses.py, tf_keras/src/backend.py and tf_keras/src/utils/losses_utils.py of 2.21.0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

from conformance.frameworks.keras.graph import (
    INVALID,
    Batch,
    Shape,
    Spec,
    broadcast,
    known_to_differ,
    labels_within,
)
from conformance.frameworks.keras_family.errors import INTEGERS_NOT_NORMALIZED, NO_LAST_DIMENSION, NO_LOSS
from conformance.oracle.reasons import (
    LAST_DIMENSION_NOT_1,
    MATCHES_NOT_RESHAPED,
    NO_CLASSES,
    ONE_TARGET_PER_SAMPLE,
    SCALAR,
    SHAPES_DIFFER,
    WEIGHTS_NOT_BROADCAST,
    Raises,
)

#: A loss: what it refuses, and the spec of its values; a metric function likewise.
Values = Callable[[Batch], Spec]


def unfed(batch: Batch) -> Batch:
    """Return the static shapes alone, as they are while the graph is traced."""

    def spec(one: Spec) -> Spec:
        return Spec(one.static)

    weight = None if batch.sample_weight is None else spec(batch.sample_weight)
    return Batch(spec(batch.y_true), spec(batch.y_pred), weight)


def matched(batch: Batch) -> Batch:
    """Add a dimension to flat targets and weights beside predictions of rank 2 (compile_utils.py:843)."""

    def match(spec: Spec) -> Spec:
        return spec.expanded() if spec.rank == 1 and batch.y_pred.rank == 2 else spec

    weight = None if batch.sample_weight is None else match(batch.sample_weight)
    return Batch(match(batch.y_true), batch.y_pred, weight, batch.labels)


def same_rank(batch: Batch) -> Batch:
    """Drop a last dimension of 1 where ranks differ by one; of predictions only if it is known (losses_utils.py:93)."""
    y_true, y_pred = batch.y_true, batch.y_pred
    if y_pred.rank == y_true.rank + 1 and y_pred.static[-1] == 1:
        y_pred = _squeezed(y_pred)
    elif y_true.rank == y_pred.rank + 1 and y_true.static[-1] in (1, None):
        y_true = _squeezed(y_true)
    return Batch(y_true, y_pred, batch.sample_weight, batch.labels)


def _squeezed(spec: Spec) -> Spec:
    """Drop the last dimension as tf.squeeze does: it has to be 1, and may be unknown until the graph runs."""
    if spec.static[-1] not in (1, None):
        raise Raises(LAST_DIMENSION_NOT_1, "ValueError")
    if spec.actual is not None and spec.actual[-1] != 1:
        raise Raises(LAST_DIMENSION_NOT_1, INVALID)
    return spec.reduced()


def _flat(spec: Spec) -> Spec:
    """Flatten to one dimension."""
    known = [size for size in spec.static if size is not None]
    static = prod(known) if len(known) == spec.rank else None
    return Spec((static,), None if spec.actual is None else (prod(spec.actual),))


def loss_of(name: str, whole_targets: bool) -> Values:
    """Return the loss of that name.

    Args:
        name: a name given to compile().
        whole_targets: whether targets are integers or booleans.

    Raises:
        Raises: there is no such loss; found while the loss is traced.
    """
    if name not in LOSSES:
        raise Raises(NO_LOSS, "ValueError")
    if LOSSES[name] is _normalizing and whole_targets:
        raise Raises(INTEGERS_NOT_NORMALIZED, "TypeError")
    return LOSSES[name]


def refuse_loss(batch: Batch, loss: Values) -> None:
    """Refuse what the loss and its weights refuse."""
    given = matched(batch)
    values = loss(same_rank(given))
    if given.sample_weight is not None:
        weight = given.sample_weight
        if weight.rank == values.rank + 1:
            weight = _squeezed(weight)
        elif weight.rank and weight.rank == values.rank - 1:
            weight = weight.expanded()
        broadcast(values, weight)
    if not batch.y_true.rank:
        raise Raises(SCALAR, "ValueError")


def _elementwise(batch: Batch) -> Spec:
    """Elements are combined, whatever broadcasts, and the last axis is reduced."""
    values = broadcast(batch.y_true, batch.y_pred)
    if not values.rank:
        raise Raises(NO_LAST_DIMENSION, "ValueError")
    return values.reduced()


def _compatible(batch: Batch) -> Spec:
    """Shapes must not be known to differ."""
    y_true, y_pred = batch.y_true, batch.y_pred
    if y_true.rank != y_pred.rank or known_to_differ(y_true.static, y_pred.static):
        raise Raises(SHAPES_DIFFER, "ValueError")
    return _elementwise(batch)


def _normalizing(batch: Batch) -> Spec:
    """Targets are normalized first, which integers cannot be."""
    return _elementwise(batch)


def _sparse(batch: Batch) -> Spec:
    """Targets of any other rank than the rows of the predictions are flattened (backend.py:5757)."""
    y_true, logits = batch.y_true, batch.y_pred
    reshaped = y_true.rank != logits.rank - 1
    if reshaped:
        y_true = _flat(y_true)
        rows = (
            _flat(logits.reduced())
            if logits.rank > 1
            else Spec((1,), None if logits.actual is None else (1,))
        )
        logits = Spec(
            (*rows.static, logits.static[-1]),
            None if logits.actual is None or rows.actual is None else (*rows.actual, logits.actual[-1]),
        )
    rows = logits.reduced()
    if known_to_differ(y_true.static, rows.static) and (
        logits.rank == 2 or _known(y_true.static, rows.static)
    ):
        raise Raises(ONE_TARGET_PER_SAMPLE, "ValueError")
    if y_true.actual is not None and logits.actual is not None and batch.labels is not None:
        if y_true.actual != logits.actual[:-1]:
            raise Raises(ONE_TARGET_PER_SAMPLE, INVALID)
        labels_within(batch.labels, logits.actual[-1])
    return batch.y_pred.reduced() if reshaped and batch.y_pred.rank > 2 else y_true


def _known(*shapes: Shape) -> bool:
    return all(size is not None for shape in shapes for size in shape)


def _named(loss: Values, *names: str) -> dict[str, Values]:
    return dict.fromkeys(names, loss)


#: Functions, classes and their abbreviations (losses.py:2845).
LOSSES: Mapping[str, Values] = {
    **_named(_elementwise, "binary_crossentropy", "BinaryCrossentropy", "bce", "BCE"),
    **_named(_elementwise, "binary_focal_crossentropy", "BinaryFocalCrossentropy"),
    **_named(_compatible, "categorical_crossentropy", "CategoricalCrossentropy"),
    **_named(_compatible, "categorical_focal_crossentropy", "CategoricalFocalCrossentropy"),
    **_named(_sparse, "sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
    **_named(_elementwise, "mean_squared_error", "MeanSquaredError", "mse", "MSE"),
    **_named(_elementwise, "mean_absolute_error", "MeanAbsoluteError", "mae", "MAE"),
    **_named(_elementwise, "mean_absolute_percentage_error", "MeanAbsolutePercentageError", "mape", "MAPE"),
    **_named(_elementwise, "mean_squared_logarithmic_error", "MeanSquaredLogarithmicError", "msle", "MSLE"),
    **_named(_elementwise, "hinge", "Hinge", "squared_hinge", "SquaredHinge"),
    **_named(_elementwise, "categorical_hinge", "CategoricalHinge"),
    **_named(_elementwise, "kl_divergence", "KLDivergence", "kullback_leibler_divergence", "kld", "KLD"),
    **_named(_elementwise, "poisson", "Poisson", "log_cosh", "logcosh", "LogCosh"),
    **_named(_elementwise, "huber", "huber_loss", "Huber"),
    **_named(_normalizing, "cosine_similarity", "CosineSimilarity"),
}


# Metric functions: what they refuse, and the spec of their values.


def binary(batch: Batch) -> Spec:
    """Refuse what binary_accuracy refuses."""
    return _elementwise(batch)


def categorical(batch: Batch) -> Spec:
    """Refuse what categorical_accuracy refuses."""
    _has_classes(batch.y_true)
    return _matches(batch.y_true.reduced(), batch.y_pred)


def sparse(batch: Batch) -> Spec:
    """Refuse what sparse_categorical_accuracy refuses."""
    values = _matches(batch.y_true, batch.y_pred)
    return values.reduced() if values.rank > 1 and values.static[-1] == 1 else values


#: A metric by name -> what it refuses, and the spec of its values.
METRICS: Mapping[str, Values] = {
    "tf_keras.metrics.binary_accuracy": binary,
    "tf_keras.metrics.categorical_accuracy": categorical,
    "tf_keras.metrics.sparse_categorical_accuracy": sparse,
    "tf_keras.metrics.binary_crossentropy": _elementwise,
    "tf_keras.metrics.categorical_crossentropy": _compatible,
    "tf_keras.metrics.sparse_categorical_crossentropy": _sparse,
}


def _matches(truth: Spec, y_pred: Spec) -> Spec:
    _has_classes(y_pred)
    if truth.rank != y_pred.rank:
        return broadcast(truth, y_pred.reduced())
    matches = broadcast(_squeezed(truth), y_pred.reduced())
    if _known(matches.static, truth.static) and prod(_sizes(matches)) != prod(_sizes(truth)):
        raise Raises(MATCHES_NOT_RESHAPED, "ValueError")
    if None not in (matches.actual, truth.actual) and prod(matches.actual or ()) != prod(truth.actual or ()):
        raise Raises(MATCHES_NOT_RESHAPED, INVALID)
    return truth


def _sizes(spec: Spec) -> list[int]:
    return [size for size in spec.static if size is not None]


def _has_classes(spec: Spec) -> None:
    if not spec.rank:
        raise Raises(NO_CLASSES, "ValueError")
    if spec.actual is not None and not spec.actual[-1]:
        raise Raises(NO_CLASSES, INVALID)


def weigh(values: Spec, weight: Spec) -> None:
    """Refuse what a weighted mean of a metric's values refuses (base_metric.py:496-523)."""
    if not weight.rank:
        return
    if weight.rank == values.rank + 1:
        weight = _squeezed(weight)
    elif weight.rank == values.rank - 1:
        weight = weight.expanded()
    known = _known(values.static, weight.static)
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
        raise Raises(WEIGHTS_NOT_BROADCAST, INVALID)


def _fit(weight: Shape, values: Shape) -> bool:
    return all(w in (1, v) for w, v in zip(weight, values, strict=True))
