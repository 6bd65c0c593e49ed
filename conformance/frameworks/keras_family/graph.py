"""Where one step of evaluate() raises, by shapes: static ones while a graph is traced, then those of each batch.

On TensorFlow `evaluate()` traces one step on static shapes, in which a dimension may be unknown, and runs it batch by
batch. A loss and a metric are functions from a batch of specs to the spec of their values. What TensorFlow or torch
raise is predicted without a type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Literal

import numpy as np

from conformance.frameworks.keras_family.errors import NO_LAST_DIMENSION, UNKNOWN_DIMENSION
from conformance.oracle.numbers import Array, cast
from conformance.oracle.reasons import (
    LABEL_OUTSIDE_CLASSES,
    MATCHES_NOT_RESHAPED,
    NO_CLASSES,
    NOT_BROADCAST,
    SCALAR,
    Raises,
)

#: None where a dimension is unknown.
Shape = tuple[int | None, ...]

#: How targets and predictions are read.
Kind = Literal["binary", "sparse", "categorical"]


@dataclass(frozen=True)
class Spec:
    """The shape of a tensor.

    Attributes:
        static: as it is known while the graph is traced.
        actual: as it is in the batch that runs, or None while tracing.
    """

    static: Shape
    actual: tuple[int, ...] | None = None

    @property
    def rank(self) -> int:
        """Number of dimensions, always known."""
        return len(self.static)

    def reduced(self) -> Spec:
        """Drop the last dimension."""
        return Spec(self.static[:-1], None if self.actual is None else self.actual[:-1])

    def expanded(self) -> Spec:
        """Add a last dimension of 1."""
        return Spec((*self.static, 1), None if self.actual is None else (*self.actual, 1))


@dataclass(frozen=True, eq=False)
class Batch:
    """What one step is given, as specs; `labels` are the targets while running, else None."""

    y_true: Spec
    y_pred: Spec
    sample_weight: Spec | None = None
    labels: Array | None = None


#: What a loss or a metric computes for each sample.
Values = Callable[[Batch], Spec]


def broadcast(one: Spec, other: Spec) -> Spec:
    """Broadcast two specs, statically and, while running, actually."""
    rank = max(one.rank, other.rank)
    padded = [(1,) * (rank - spec.rank) + spec.static for spec in (one, other)]
    static = tuple(_broadcast_dimension(a, b) for a, b in zip(*padded, strict=True))
    if one.actual is None or other.actual is None:
        return Spec(static)
    try:
        return Spec(static, np.broadcast_shapes(one.actual, other.actual))
    except ValueError:
        raise Raises(NOT_BROADCAST) from None


def _broadcast_dimension(a: int | None, b: int | None) -> int | None:
    if a is not None and b is not None:
        if a != b and 1 not in (a, b):
            raise Raises(NOT_BROADCAST)
        return b if a == 1 else a
    known = a if a is not None else b
    return known if known is not None and known > 1 else None


def reshaped(matches: Spec, target: Spec) -> Spec:
    """Reshape matches to the shape that the targets had before they were squeezed."""
    for one, other in ((matches.static, target.static), (matches.actual, target.actual)):
        if size(one) is not None and size(other) is not None and size(one) != size(other):
            raise Raises(MATCHES_NOT_RESHAPED)
    return target


def size(shape: Shape | None) -> int | None:
    """Return the number of elements, None where it is unknown."""
    known = [length for length in shape or () if length is not None]
    return prod(known) if shape is not None and len(known) == len(shape) else None


def known_to_differ(one: Shape, other: Shape) -> bool:
    """Whether two shapes of one rank differ in a dimension that both know."""
    return any(a is not None and b is not None and a != b for a, b in zip(one, other, strict=True))


def check_labels(labels: Array, classes: int, ignored: Iterable[int] = ()) -> None:
    """Check that labels are classes, as a sparse loss does.

    Args:
        labels: integer labels.
        classes: the number of classes.
        ignored: labels outside the classes that the loss accepts.
    """
    numbers = np.trunc(cast(labels, "float32").astype("float64"))
    if not ((numbers >= 0) & (numbers < classes) | np.isin(numbers, [*ignored])).all():
        raise Raises(LABEL_OUTSIDE_CLASSES)


def check_classes(spec: Spec) -> None:
    """Check that there is a class to take the argmax of."""
    if not spec.rank:
        raise Raises(SCALAR)
    if spec.actual is not None and not spec.actual[-1]:
        raise Raises(NO_CLASSES)


def elementwise(batch: Batch) -> Spec:
    """Elements are combined, whatever broadcasts, and the last axis is reduced."""
    values = broadcast(batch.y_true, batch.y_pred)
    if not values.rank:
        raise Raises(SCALAR)
    return values.reduced()


def named(loss: Values, *names: str) -> dict[str, Values]:
    """Return the loss under several names."""
    return dict.fromkeys(names, loss)


#: Losses of every Keras that combine elements: functions, classes and their abbreviations.
ELEMENTWISE: Mapping[str, Values] = {
    **named(elementwise, "mean_squared_error", "MeanSquaredError", "mse", "MSE"),
    **named(elementwise, "mean_absolute_error", "MeanAbsoluteError", "mae", "MAE"),
    **named(elementwise, "mean_absolute_percentage_error", "MeanAbsolutePercentageError", "mape", "MAPE"),
    **named(elementwise, "mean_squared_logarithmic_error", "MeanSquaredLogarithmicError", "msle", "MSLE"),
    **named(elementwise, "hinge", "Hinge", "squared_hinge", "SquaredHinge"),
    **named(elementwise, "categorical_hinge", "CategoricalHinge"),
    **named(elementwise, "kl_divergence", "KLDivergence", "kld", "KLD", "poisson", "Poisson"),
    **named(elementwise, "log_cosh", "LogCosh", "huber", "Huber"),
}


def kind_of(batch: Batch) -> Kind:
    """Return how targets and predictions are read by their static shapes.

    Source: keras/src/trainers/compile_utils.py:33, tf_keras/src/engine/compile_utils.py:668.
    """
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
    """Return the same by the shapes of the targets and of the model's output, as documented.

    The batch axis is no part of the latter: an output of one dimension has a single column. A dimension that the graph
    does not know, though the first batch has it, is that of the first batch.
    """
    if batch.y_pred.rank == 1:
        return "binary"

    def shape(spec: Spec) -> Spec:
        return Spec((None, *(spec.actual or spec.static)[1:])) if spec.rank else spec

    return kind_of(Batch(shape(batch.y_true), shape(batch.y_pred)))


def traced(batch: Batch) -> Batch:
    """Return the static shapes alone, as they are while the graph is traced."""
    weight = None if batch.sample_weight is None else replace(batch.sample_weight, actual=None)
    return Batch(replace(batch.y_true, actual=None), replace(batch.y_pred, actual=None), weight)
