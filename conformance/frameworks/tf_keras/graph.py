"""Where a step of evaluate() raises in Keras 2, by the shapes of the loss and of the metric.

A step is traced and run as in Keras 3, but ranks are matched in another way, and a loss checks less.

Source: tf_keras/src/engine/training.py:1889 (test_step), tf_keras/src/engine/compile_utils.py,
tf_keras/src/losses.py, tf_keras/src/backend.py and tf_keras/src/utils/losses_utils.py of 2.21.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conformance.adapters.base import Call
from conformance.frameworks.keras_family.errors import R
from conformance.frameworks.keras_family.graph import (
    ELEMENTWISE,
    ONE,
    Batch,
    Shape,
    Values,
    actual,
    broadcast,
    check_classes,
    check_labels,
    differ,
    elementwise,
    known,
    named,
    reshaped,
    size,
)
from conformance.frameworks.keras_family.strings import StepChecks
from conformance.frameworks.keras_family.ways import function_of
from conformance.oracle.model import Definition
from conformance.oracle.numbers import is_whole
from conformance.oracle.reasons import Raises, raise_if
from conformance.oracle.stages import Parameters


def _matched(batch: Batch) -> Batch:
    """Add a dimension to flat targets and weights, given predictions of rank 2 (compile_utils.py:843)."""

    def match(shape: Shape) -> Shape:
        return (*shape, ONE) if (len(shape), len(batch.y_pred)) == (1, 2) else shape

    weight = None if batch.sample_weight is None else match(batch.sample_weight)
    return replace(batch, y_true=match(batch.y_true), sample_weight=weight)


def _same_rank(batch: Batch) -> Batch:
    """Drop a last dimension of 1 where ranks differ by one; of predictions only if it is known (losses_utils.py:93)."""
    y_true, y_pred = batch.y_true, batch.y_pred
    if len(y_pred) == len(y_true) + 1 and y_pred[-1].known == 1:
        return replace(batch, y_pred=_squeezed(y_pred))
    if len(y_true) == len(y_pred) + 1 and y_true[-1].known in (1, None):
        return replace(batch, y_true=_squeezed(y_true))
    return batch


def _squeezed(shape: Shape) -> Shape:
    """Drop the last dimension as tf.squeeze does: it has to be 1, and may be unknown until the graph runs."""
    raise_if(not {*shape[-1]} <= {1, None}, R["last-dimension-not-1"])
    return shape[:-1]


def _with_rank_of(weight: Shape, values: Shape) -> Shape:
    """Drop or add a last dimension of weights whose rank differs by one (losses_utils.py:212)."""
    if len(weight) == len(values) + 1:
        return _squeezed(weight)
    return (*weight, ONE) if weight and len(weight) == len(values) - 1 else weight


# Losses, given targets and predictions of the same rank where that is possible.


def _compatible(batch: Batch) -> Shape:
    """Shapes must not be known to differ (backend.py:5574, assert_is_compatible_with)."""
    raise_if(differ(known(batch.y_true), known(batch.y_pred)), R["shapes-differ"])
    return elementwise(batch)


def _sparse(batch: Batch) -> Shape:
    """Targets are flattened unless they have one dimension less than the predictions (backend.py:5757)."""
    y_true, samples = batch.y_true, batch.y_pred[:-1]
    flattened = len(y_true) != len(samples)
    if flattened:
        y_true, samples = (size(y_true),), (size(samples),)
    counted = None not in (size(y_true).known, size(samples).known)
    raise_if(
        differ(known(y_true), known(samples)) and (flattened or len(batch.y_pred) == 2 or counted),
        R["one-target-per-sample"],
    )
    raise_if(differ(actual(y_true), actual(samples)), R["one-target-per-sample"])
    check_labels(batch, batch.y_pred[-1].actual)
    return batch.y_pred[:-1] if flattened and len(batch.y_pred) > 2 else y_true


_NORMALIZING = ("cosine_similarity", "CosineSimilarity")

#: Functions, classes and their abbreviations (losses.py:2845).
LOSSES: Mapping[str, Values] = {
    **ELEMENTWISE,
    **named(elementwise, "binary_crossentropy BinaryCrossentropy bce BCE"),
    **named(elementwise, "binary_focal_crossentropy BinaryFocalCrossentropy"),
    **named(elementwise, "kullback_leibler_divergence logcosh huber_loss"),
    **named(elementwise, " ".join(_NORMALIZING)),
    **named(_compatible, "categorical_crossentropy CategoricalCrossentropy"),
    **named(_compatible, "categorical_focal_crossentropy CategoricalFocalCrossentropy"),
    **named(_sparse, "sparse_categorical_crossentropy SparseCategoricalCrossentropy"),
}


def check_loss(loss: str, batch: Batch, call: Call) -> None:
    """Check a loss, given by its name, and its weights.

    Raises:
        Raises: there is no loss of that name, or its shapes, its labels or its weights do not fit; targets are
            normalized first, and are integers or booleans.
    """
    raise_if(loss not in LOSSES, R["no-loss"], "ValueError")
    raise_if(loss in _NORMALIZING and is_whole(call.updates[0].y_true), R["integers-not-normalized"])
    given = _matched(batch)
    values = LOSSES[loss](_same_rank(given))
    if given.sample_weight is not None:
        broadcast(values, _with_rank_of(given.sample_weight, values))
    raise_if(not batch.y_true, R["scalar"])


# Metric functions.


def _compatible_elements(batch: Batch) -> Shape:
    """Shapes must not be known to differ (accuracy_metrics.py:361, assert_is_compatible_with)."""
    raise_if(differ(known(batch.y_true), known(batch.y_pred)), R["shapes-differ"], "ValueError")
    return broadcast(batch.y_true, batch.y_pred)


def _categorical(batch: Batch) -> Shape:
    check_classes(batch.y_true)
    return _matches(batch.y_true[:-1], batch.y_pred)


def _sparse_accuracy(batch: Batch) -> Shape:
    values = _matches(batch.y_true, batch.y_pred)
    return values[:-1] if len(values) > 1 and values[-1].known == 1 else values


def _matches(truth: Shape, y_pred: Shape) -> Shape:
    check_classes(y_pred)
    if len(truth) != len(y_pred):
        return broadcast(truth, y_pred[:-1])
    return reshaped(broadcast(_squeezed(truth), y_pred[:-1]), truth)


#: By the name of the function, also where it is that of a class.
_METRICS: Mapping[str, Values] = {
    "accuracy": _compatible_elements,
    "binary_accuracy": elementwise,
    "function": elementwise,
    "categorical_accuracy": _categorical,
    "sparse_categorical_accuracy": _sparse_accuracy,
    "binary_crossentropy": elementwise,
    "categorical_crossentropy": _compatible,
    "sparse_categorical_crossentropy": _sparse,
}


def check_metric(metric: Definition, checks: StepChecks, batch: Batch, parameters: Parameters) -> None:
    """Check a metric function, and its weights in weighted_metrics= (base_metric.py:496-523).

    Raises:
        Raises: its shapes do not fit, or the weights cannot be broadcast to its values, nor the values to them where
            that is allowed.
    """
    fed = _matched(batch)
    compute = _METRICS.get(function_of(metric.path.rpartition(".")[2]))
    if compute is None:
        # A top-k metric, whose kernel checks while it runs.
        return
    values = compute(_same_rank(fed))
    if checks.role != "weighted_metrics" or not fed.sample_weight:
        return
    weight = _with_rank_of(fed.sample_weight, values)
    complete = None not in (*known(values), *known(weight))
    if len(weight) != len(values) or (complete and not _fit(known(weight), known(values))):
        # The values are reduced to the rank of the weights, and multiplication may broadcast either way.
        values = values[: len(weight)]
    elif not complete and batch.update is not None and not _fit(actual(weight), actual(values)):
        raise Raises(R["weights-not-broadcast"])
    broadcast(values, weight)


def _fit(weight: Sequence[int | None], values: Sequence[int | None]) -> bool:
    return all(w in (1, v) for w, v in zip(weight, values, strict=True))
