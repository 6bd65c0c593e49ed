"""Where one step of evaluate() raises, by shapes: static ones while a graph is traced, then those of each batch.

On TensorFlow `evaluate()` traces one step on static shapes, in which a length may be unknown, and runs it batch by
batch. A loss and a metric are functions from a batch to the shape of their values. What TensorFlow or torch raise is
predicted without a type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal, NamedTuple

import numpy as np

from conformance.adapters.base import Update
from conformance.frameworks.keras_family.errors import R
from conformance.oracle.numbers import Array, cast
from conformance.oracle.reasons import Raises, raise_if

#: How targets and predictions are read.
Kind = Literal["binary", "sparse", "categorical"]


class Length(NamedTuple):
    """The length of one axis.

    Attributes:
        known: as the graph knows it while it is traced, None where it does not.
        actual: as it is in the batch that runs, None while tracing.
    """

    known: int | None
    actual: int | None = None


Shape = tuple[Length, ...]

ONE = Length(1, 1)


def known(shape: Shape) -> tuple[int | None, ...]:
    """Return the static shape."""
    return tuple(length.known for length in shape)


def actual(shape: Shape) -> tuple[int | None, ...]:
    """Return the shape in the batch that runs."""
    return tuple(length.actual for length in shape)


@dataclass(frozen=True, eq=False)
class Batch:
    """What one step is given, as shapes.

    Attributes:
        y_true: shape of the targets.
        y_pred: shape of the predictions.
        sample_weight: shape of the weights, None without any.
        update: the arrays of the batch that runs, None while tracing.
        ignored: labels outside the classes that a sparse loss accepts.
        negative: whether it accepts all that become negative integers.
    """

    y_true: Shape
    y_pred: Shape
    sample_weight: Shape | None = None
    update: Update | None = None
    ignored: tuple[int, ...] = ()
    negative: bool = False

    def mapped(self, change: Callable[[Shape], Shape]) -> Batch:
        """Return static shapes with a change to each."""
        weight = None if self.sample_weight is None else change(self.sample_weight)
        return Batch(change(self.y_true), change(self.y_pred), weight)


def batch_of(update: Update, shape: Callable[[Array], Shape]) -> Batch:
    """Return the shapes of an update."""
    weight = None if update.sample_weight is None else shape(update.sample_weight)
    return Batch(shape(update.y_true), shape(update.y_pred), weight)


#: What a loss or a metric computes for each sample.
Values = Callable[[Batch], Shape]


def broadcast(one: Shape, other: Shape) -> Shape:
    """Broadcast two shapes, statically and, while running, actually."""
    rank = max(len(one), len(other))
    padded = ((ONE,) * (rank - len(shape)) + shape for shape in (one, other))
    return tuple(Length(*map(_broadcast_length, a, b)) for a, b in zip(*padded, strict=True))


def _broadcast_length(a: int | None, b: int | None) -> int | None:
    if a is not None and b is not None:
        raise_if(a != b and 1 not in (a, b), R["not-broadcast"])
        return b if a == 1 else a
    either = a if a is not None else b
    return either if either is not None and either > 1 else None


def reshaped(matches: Shape, target: Shape) -> Shape:
    """Reshape matches to the shape that the targets had before they were squeezed."""
    raise_if(differ(size(matches), size(target)), R["matches-not-reshaped"])
    return target


def size(shape: Shape) -> Length:
    """Return the number of elements."""
    return Length(_product(known(shape)), _product(actual(shape)))


def _product(lengths: Sequence[int | None]) -> int | None:
    given = [length for length in lengths if length is not None]
    return prod(given) if len(given) == len(lengths) else None


def differ(one: Sequence[int | None], other: Sequence[int | None]) -> bool:
    """Whether ranks differ, or two lengths that are not None."""
    pairs = zip(one, other, strict=False)
    return len(one) != len(other) or any(None not in pair and pair[0] != pair[1] for pair in pairs)


def check_labels(batch: Batch, classes: int | None) -> None:
    """Check that labels are classes, as a sparse loss does while it runs."""
    if batch.update is None:
        return
    raise_if(not classes, R["no-classes"])
    numbers = np.trunc(cast(batch.update.y_true, "float32").astype("float64"))
    accepted = (numbers >= 0) & (numbers < classes) | np.isin(numbers, batch.ignored)
    if batch.negative:
        # What int64 does not hold becomes its lowest number.
        accepted |= ~((numbers >= 0) & (numbers < 2**63))
    raise_if(not accepted.all(), R["label-outside-classes"])


def check_classes(shape: Shape) -> None:
    """Check that there is a class to take the argmax of."""
    raise_if(not shape, R["scalar"])
    raise_if(shape[-1].actual == 0, R["no-classes"])


def elementwise(batch: Batch) -> Shape:
    """Elements are combined, whatever broadcasts, and the last axis is reduced."""
    values = broadcast(batch.y_true, batch.y_pred)
    raise_if(not values, R["scalar"])
    return values[:-1]


def named(loss: Values, names: str) -> dict[str, Values]:
    """Return the loss under several names, separated by spaces."""
    return dict.fromkeys(names.split(), loss)


#: Losses of every Keras that combine elements: functions, classes and their abbreviations.
ELEMENTWISE: Mapping[str, Values] = named(
    elementwise,
    "mean_squared_error MeanSquaredError mse MSE mean_absolute_error MeanAbsoluteError mae MAE "
    "mean_absolute_percentage_error MeanAbsolutePercentageError mape MAPE "
    "mean_squared_logarithmic_error MeanSquaredLogarithmicError msle MSLE "
    "hinge Hinge squared_hinge SquaredHinge categorical_hinge CategoricalHinge "
    "kl_divergence KLDivergence kld KLD poisson Poisson log_cosh LogCosh huber Huber",
)


def kind_of(batch: Batch) -> Kind:
    """Return how targets and predictions are read by their static shapes.

    Source: keras/src/trainers/compile_utils.py:33, tf_keras/src/engine/compile_utils.py:668.
    """
    y_true, y_pred = batch.y_true, batch.y_pred
    raise_if(not y_true, R["no-last-dimension"], "IndexError")
    columns = y_pred[-1].known
    if columns == 1:
        return "binary"
    if len(y_true) < len(y_pred):
        return "sparse"
    if y_true[-1].known != 1:
        return "categorical"
    if columns is None:
        raise Raises(R["unknown-dimension"], "TypeError")
    return "sparse" if columns > 1 else "categorical"


def documented_kind(batch: Batch) -> Kind:
    """Return the same by the shapes of the targets and of the model's output, as documented.

    The batch axis is no part of the latter: an output of one dimension has a single column. A length that the graph
    does not know, though the first batch has it, is that of the first batch.
    """
    if len(batch.y_pred) == 1:
        return "binary"

    def shape(given: Shape) -> Shape:
        lengths = (Length(length.known if length.actual is None else length.actual) for length in given[1:])
        return (Length(None), *lengths) if given else given

    return kind_of(batch.mapped(shape))


def traced(batch: Batch) -> Batch:
    """Return the static shapes alone, as they are while the graph is traced."""
    return batch.mapped(lambda shape: tuple(Length(length.known) for length in shape))
