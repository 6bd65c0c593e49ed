"""What Keras refuses on the way to a compiled metric: feeding, the loss, and shapes traced into a graph.

`evaluate()` traces one step on static shapes (a dimension may be unknown) and runs it batch by batch. Tracing
refuses with ValueError and TypeError, running with InvalidArgumentError; whatever tracing refuses comes before
any batch is seen. Shapes alone decide, but for the labels of the sparse loss.

Source: keras/src/backend/tensorflow/trainer.py:90 (test_step), keras/src/losses/, keras/src/metrics/ and
keras/src/trainers/data_adapters/ of 3.15.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from conformance.frameworks.keras_family.errors import NO_LAST_DIMENSION, NO_LOSS, UNKNOWN_DIMENSION
from conformance.oracle.numbers import Array, cast
from conformance.oracle.reasons import (
    LABEL_OUTSIDE_CLASSES,
    LAST_DIMENSION_NOT_1,
    MATCHES_NOT_RESHAPED,
    NO_CLASSES,
    NOT_BROADCAST,
    ONE_TARGET_PER_SAMPLE,
    SHAPES_DIFFER,
    WEIGHTS_NOT_BROADCAST,
    Raises,
)

Shape = tuple[int | None, ...]

#: How targets and predictions are read.
Kind = Literal["binary", "sparse", "categorical"]

INVALID = "InvalidArgumentError"


@dataclass(frozen=True)
class Spec:
    """A tensor of the graph.

    Attributes:
        static: its shape while the graph is traced; None where a dimension is unknown.
        actual: its shape in the batch that runs, or None while tracing.
        misfit: what the backend raises where static shapes cannot be broadcast.
    """

    static: Shape
    actual: tuple[int, ...] | None = None
    misfit: str = "ValueError"

    @property
    def rank(self) -> int:
        """Number of dimensions, always known."""
        return len(self.static)

    def squeezed(self) -> Spec:
        """Drop the last dimension, which has to be known to be 1."""
        if self.static[-1] != 1:
            raise Raises(LAST_DIMENSION_NOT_1, "ValueError")
        return self.reduced()

    def reduced(self) -> Spec:
        """Drop the last dimension."""
        return replace(
            self, static=self.static[:-1], actual=None if self.actual is None else self.actual[:-1]
        )

    def expanded(self) -> Spec:
        """Add a last dimension of 1."""
        return replace(
            self, static=(*self.static, 1), actual=None if self.actual is None else (*self.actual, 1)
        )


@dataclass(frozen=True, eq=False)
class Batch:
    """What one step is given, as specs; `labels` are the targets' values while running, else None."""

    y_true: Spec
    y_pred: Spec
    sample_weight: Spec | None
    labels: Array | None = None


def refuse(traced: Batch, batches: Sequence[Batch], loss: str, metric: Callable[[Batch], None]) -> None:
    """Refuse what tracing one step, then running it for each batch, refuses.

    Args:
        traced: static shapes.
        batches: static and actual shapes of each batch.
        loss: a Keras loss by name.
        metric: the metric's own refusals, for one batch.

    Raises:
        Raises: with Keras' or TensorFlow's exception type.
    """
    for batch in (traced, *batches):
        values = _loss(loss)(batch)
        if batch.sample_weight is not None and values is not None:
            values, weight = same_rank(values, batch.sample_weight)
            broadcast(values, weight)
        metric(batch)


def broadcast(one: Spec, other: Spec) -> Spec:
    """Broadcast two specs, statically and, while running, actually."""
    rank = max(one.rank, other.rank)
    padded = [(1,) * (rank - spec.rank) + spec.static for spec in (one, other)]
    static = tuple(_broadcast_dimension(a, b, one.misfit) for a, b in zip(*padded, strict=True))
    if one.actual is None or other.actual is None:
        return replace(one, static=static, actual=None)
    try:
        return replace(one, static=static, actual=np.broadcast_shapes(one.actual, other.actual))
    except ValueError:
        raise Raises(NOT_BROADCAST, INVALID) from None


def _broadcast_dimension(a: int | None, b: int | None, misfit: str) -> int | None:
    if a is not None and b is not None:
        if a != b and 1 not in (a, b):
            raise Raises(NOT_BROADCAST, misfit)
        return b if a == 1 else a
    known = a if a is not None else b
    return known if known is not None and known > 1 else None


def same_rank(one: Spec, other: Spec) -> tuple[Spec, Spec]:
    """Squeeze or expand a last dimension known to be 1 where ranks differ by one (losses/loss.py:119)."""
    if one.rank == other.rank + 1 and one.static[-1] == 1:
        return (one, other.expanded()) if other.rank == 1 else (one.squeezed(), other)
    if other.rank == one.rank + 1 and other.static[-1] == 1:
        return (one.expanded(), other) if one.rank == 1 else (one, other.squeezed())
    return one, other


# Losses: what they refuse, and the spec of the loss per sample.


def _equal_shapes(batch: Batch) -> Spec:
    y_true, y_pred = same_rank(batch.y_true, batch.y_pred)
    if y_true.rank != y_pred.rank or known_to_differ(y_true.static, y_pred.static):
        raise Raises(SHAPES_DIFFER, "ValueError")
    return broadcast(y_true, y_pred).reduced()


def _sparse(batch: Batch) -> Spec:
    y_true, y_pred = same_rank(batch.y_true, batch.y_pred)
    if y_true.rank == y_pred.rank and y_true.static[-1] == 1:
        y_true = y_true.squeezed()
    if y_true.rank != y_pred.rank - 1 or known_to_differ(y_true.static, y_pred.static[:-1]):
        raise Raises(ONE_TARGET_PER_SAMPLE, "ValueError")
    if y_true.actual is not None and y_pred.actual is not None and batch.labels is not None:
        if y_true.actual != y_pred.actual[:-1]:
            raise Raises(ONE_TARGET_PER_SAMPLE, INVALID)
        labels_within(batch.labels, y_pred.actual[-1])
    return y_true


def labels_within(labels: Array, classes: int) -> None:
    """Refuse labels that are no number of a class, as the kernel of the sparse loss does."""
    numbers = np.trunc(cast(labels, "float32").astype("float64"))
    if not classes or not ((numbers >= 0) & (numbers < classes)).all():
        raise Raises(LABEL_OUTSIDE_CLASSES, INVALID)


def known_to_differ(one: Shape, other: Shape) -> bool:
    """Whether two shapes of one rank differ in a dimension that both know."""
    return any(a is not None and b is not None and a != b for a, b in zip(one, other, strict=True))


def _elementwise(batch: Batch) -> Spec:
    """Elements are compared, whatever broadcasts, and the last axis is reduced."""
    return broadcast(*same_rank(batch.y_true, batch.y_pred)).reduced()


def _whole(batch: Batch) -> Spec:
    """As above, but all axes are reduced."""
    values = broadcast(*same_rank(batch.y_true, batch.y_pred))
    return replace(values, static=(), actual=None if values.actual is None else ())


def _by_shape(batch: Batch) -> Spec:
    losses: Mapping[Kind, Callable[[Batch], Spec]] = {
        "binary": _equal_shapes,
        "sparse": _sparse,
        "categorical": _equal_shapes,
    }
    return losses[kind_of(batch)](batch)


def _any_loss(batch: Batch) -> None:
    return None


def kind_of(batch: Batch) -> Kind:
    """Say how targets and predictions are read by their static shapes (trainers/compile_utils.py:33)."""
    y_true, y_pred = batch.y_true.static, batch.y_pred.static
    if not y_true:
        raise Raises(NO_LAST_DIMENSION, "IndexError")
    columns = y_pred[-1]
    if columns == 1:
        return "binary"
    if len(y_true) < len(y_pred):
        return "sparse"
    if y_true[-1] != 1:
        return "categorical"
    if columns is None:
        raise Raises(UNKNOWN_DIMENSION, "TypeError")
    return "sparse" if columns > 1 else "categorical"


def documented_kind(batch: Batch) -> Kind:
    """Say the same of the shape of the model's output, to which the rows do not belong."""
    if batch.y_pred.rank == 1:
        return "binary"
    several = batch.y_pred.static[-1] is None and batch.y_true.static[-1] == 1
    return "sparse" if several else kind_of(batch)


#: A loss by name -> what it refuses, and the spec of its values; None where that is not known.
Loss = Callable[[Batch], Spec | None]


def _named(loss: Loss, *names: str) -> dict[str, Loss]:
    return dict.fromkeys(names, loss)


#: Functions, classes and their abbreviations (losses/__init__.py:108).
LOSSES: Mapping[str, Loss] = {
    **_named(_equal_shapes, "binary_crossentropy", "BinaryCrossentropy", "bce", "BCE"),
    **_named(_equal_shapes, "binary_focal_crossentropy", "BinaryFocalCrossentropy"),
    **_named(_equal_shapes, "categorical_crossentropy", "CategoricalCrossentropy"),
    **_named(_sparse, "sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
    **_named(_by_shape, "crossentropy", "ce"),
    **_named(_elementwise, "categorical_focal_crossentropy", "CategoricalFocalCrossentropy"),
    **_named(_elementwise, "mean_squared_error", "MeanSquaredError", "mse", "MSE"),
    **_named(_elementwise, "mean_absolute_error", "MeanAbsoluteError", "mae", "MAE"),
    **_named(_elementwise, "mean_absolute_percentage_error", "MeanAbsolutePercentageError", "mape", "MAPE"),
    **_named(_elementwise, "mean_squared_logarithmic_error", "MeanSquaredLogarithmicError", "msle", "MSLE"),
    **_named(_elementwise, "hinge", "Hinge", "squared_hinge", "SquaredHinge"),
    **_named(_elementwise, "categorical_hinge", "CategoricalHinge"),
    **_named(_elementwise, "kl_divergence", "KLDivergence", "kld", "KLD", "poisson", "Poisson"),
    **_named(_elementwise, "log_cosh", "LogCosh", "huber", "Huber"),
    **_named(_elementwise, "cosine_similarity", "CosineSimilarity"),
    **_named(_whole, "dice", "Dice", "tversky", "Tversky"),
    **_named(_any_loss, "circle", "Circle", "ctc", "CTC"),
}


def _loss(name: str) -> Loss:
    known = name.lower() if name.lower() in ("crossentropy", "ce") else name
    if known not in LOSSES:
        raise Raises(NO_LOSS, "ValueError")
    return LOSSES[known]


# Metrics: what they refuse, and the spec of their values.


def binary(batch: Batch) -> Spec:
    """Refuse what BinaryAccuracy refuses."""
    return broadcast(*same_rank(batch.y_true, batch.y_pred))


def categorical(batch: Batch) -> Spec:
    """Refuse what CategoricalAccuracy refuses."""
    _has_classes(batch.y_true)
    _has_classes(batch.y_pred)
    truth, restored = batch.y_true.reduced(), None
    if truth.rank == batch.y_pred.rank:
        restored, truth = truth, truth.squeezed()
    return _restored(broadcast(truth, batch.y_pred.reduced()), restored)


def sparse(batch: Batch) -> Spec:
    """Refuse what SparseCategoricalAccuracy refuses."""
    _has_classes(batch.y_pred)
    truth, restored = batch.y_true, None
    if truth.rank == batch.y_pred.rank and truth.static[-1] is None:
        # ops.shape(y_true)[-1] == 1 (metrics/accuracy_metrics.py:226) is asked of a tensor, not of a number.
        raise Raises(UNKNOWN_DIMENSION, "OperatorNotAllowedInGraphError")
    if truth.rank == batch.y_pred.rank and truth.static[-1] == 1:
        restored, truth = truth, truth.squeezed()
    values = _restored(broadcast(truth, batch.y_pred.reduced()), restored)
    return values.squeezed() if values.rank > 1 and values.static[-1] == 1 else values


#: A metric by name -> what it refuses, and the spec of its values.
METRICS: Mapping[str, Callable[[Batch], Spec]] = {
    "keras.metrics.BinaryAccuracy": binary,
    "keras.metrics.CategoricalAccuracy": categorical,
    "keras.metrics.SparseCategoricalAccuracy": sparse,
}


def _restored(matches: Spec, shape: Spec | None) -> Spec:
    """Reshape matches to what the targets were before they were squeezed."""
    if shape is None:
        return matches
    known = matches.actual is not None and shape.actual is not None
    if known and np.prod(matches.actual or ()) != np.prod(shape.actual or ()):
        raise Raises(MATCHES_NOT_RESHAPED, INVALID)
    return shape


def weigh(values: Spec, weight: Spec) -> None:
    """Refuse what a weighted mean of a metric's values refuses (metrics/reduction_metrics.py:10)."""
    values, weight = same_rank(values, weight)
    while values.rank > weight.rank:
        values = values.reduced()
    if weight.rank > values.rank:
        raise Raises(WEIGHTS_NOT_BROADCAST, "ValueError")
    for place, wanted, given in (
        (None, values.static, weight.static),
        (INVALID, values.actual, weight.actual),
    ):
        if wanted is None or given is None:
            continue
        if any(None not in (w, g) and g not in (1, w) for w, g in zip(wanted, given, strict=True)):
            raise Raises(WEIGHTS_NOT_BROADCAST, place or "ValueError")


def _has_classes(spec: Spec) -> None:
    if spec.actual is not None and not spec.actual[-1]:
        raise Raises(NO_CLASSES, INVALID)
