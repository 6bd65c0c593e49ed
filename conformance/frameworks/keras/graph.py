"""Where a step of evaluate() raises in Keras 3, by the shapes of the loss and of the metric (lines of 3.15.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conformance.adapters.base import Call
from conformance.frameworks.keras_family.errors import R
from conformance.frameworks.keras_family.graph import (
    ELEMENTWISE,
    ONE,
    Batch,
    Kind,
    Shape,
    Values,
    actual,
    broadcast,
    check_classes,
    check_labels,
    differ,
    elementwise,
    kind_of,
    known,
    named,
    reshaped,
)
from conformance.frameworks.keras_family.strings import StepChecks
from conformance.oracle.model import Definition
from conformance.oracle.reasons import Raises, raise_if
from conformance.oracle.stages import Parameters


def _same_rank(one: Shape, other: Shape) -> tuple[Shape, Shape]:
    """Squeeze or expand a last dimension known to be 1 where ranks differ by one (losses/loss.py:119)."""
    if len(one) == len(other) + 1 and one[-1].known == 1:
        return (one, (*other, ONE)) if len(other) == 1 else (one[:-1], other)
    if len(other) == len(one) + 1 and other[-1].known == 1:
        return ((*one, ONE), other) if len(one) == 1 else (one, other[:-1])
    return one, other


# Losses, given targets and predictions of the same rank where that is possible.


def _equal_shapes(batch: Batch) -> Shape:
    """Shapes are checked (backend/tensorflow/nn.py:1346 and 1460)."""
    raise_if(differ(known(batch.y_true), known(batch.y_pred)), R["shapes-differ"], "ValueError")
    return elementwise(batch)


def _sparse(batch: Batch) -> Shape:
    """Shapes are checked (backend/tensorflow/nn.py:1409), labels by the kernel."""
    y_true, y_pred = batch.y_true, batch.y_pred
    if len(y_true) == len(y_pred) and y_true[-1].known == 1:
        y_true = y_true[:-1]
    raise_if(differ(known(y_true), known(y_pred[:-1])), R["one-target-per-sample"], "ValueError")
    raise_if(differ(actual(y_true), actual(y_pred[:-1])), R["one-target-per-sample"])
    check_labels(batch, y_pred[-1].actual)
    return y_true


def _whole(batch: Batch) -> Shape:
    """Elements are combined, whatever broadcasts, and all axes are reduced."""
    broadcast(batch.y_true, batch.y_pred)
    return ()


#: Functions, classes and their abbreviations (losses/__init__.py:108).
LOSSES: Mapping[str, Values] = {
    **ELEMENTWISE,
    **named(_equal_shapes, "binary_crossentropy BinaryCrossentropy bce BCE"),
    **named(_equal_shapes, "binary_focal_crossentropy BinaryFocalCrossentropy"),
    **named(_equal_shapes, "categorical_crossentropy CategoricalCrossentropy"),
    **named(_sparse, "sparse_categorical_crossentropy SparseCategoricalCrossentropy"),
    **named(elementwise, "categorical_focal_crossentropy CategoricalFocalCrossentropy"),
    **named(elementwise, "cosine_similarity CosineSimilarity"),
    **named(_whole, "dice Dice tversky Tversky"),
}
#: Losses whose shapes are not checked here.
_ANY = frozenset({"circle", "Circle", "ctc", "CTC"})
_BY_KIND: Mapping[Kind, Values] = {"binary": _equal_shapes, "sparse": _sparse, "categorical": _equal_shapes}


def check_loss(loss: str, batch: Batch, call: Call) -> None:
    """Check a loss, given by its name, and its weights.

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
        raise Raises(R["no-loss"], "ValueError")
    y_true, y_pred = _same_rank(batch.y_true, batch.y_pred)
    values = compute(replace(batch, y_true=y_true, y_pred=y_pred))
    if batch.sample_weight is not None:
        broadcast(*_same_rank(values, batch.sample_weight))


# Metrics.


def _broadcast(batch: Batch) -> Shape:
    return broadcast(*_same_rank(batch.y_true, batch.y_pred))


def _categorical(batch: Batch) -> Shape:
    check_classes(batch.y_true)
    check_classes(batch.y_pred)
    truth, decided = batch.y_true[:-1], batch.y_pred[:-1]
    if len(truth) < len(batch.y_pred):
        return broadcast(truth, decided)
    if truth[-1].known != 1:
        # backend/tensorflow/numpy.py squeeze
        raise Raises(R["last-dimension-not-1"], "ValueError")
    return reshaped(broadcast(truth[:-1], decided), truth)


def _sparse_accuracy(batch: Batch) -> Shape:
    check_classes(batch.y_pred)
    truth, decided = batch.y_true, batch.y_pred[:-1]
    if len(truth) != len(batch.y_pred):
        values = broadcast(truth, decided)
    elif truth[-1].known is None:
        # ops.shape(y_true)[-1] == 1 (metrics/accuracy_metrics.py:226) is asked of a tensor, not of a number.
        raise Raises(R["unknown-dimension"])
    elif truth[-1].known == 1:
        values = reshaped(broadcast(truth[:-1], decided), truth)
    else:
        values = broadcast(truth, decided)
    return values[:-1] if len(values) > 1 and values[-1].known == 1 else values


_METRICS: Mapping[str, Values] = {
    "keras.metrics.Accuracy": _broadcast,
    "keras.metrics.BinaryAccuracy": _broadcast,
    "keras.metrics.MeanMetricWrapper": _broadcast,
    "keras.metrics.CategoricalAccuracy": _categorical,
    "keras.metrics.SparseCategoricalAccuracy": _sparse_accuracy,
}


def check_metric(metric: Definition, checks: StepChecks, batch: Batch, parameters: Parameters) -> None:
    """Check a metric, and its weights in weighted_metrics= (metrics/reduction_metrics.py:10).

    Raises:
        Raises: its shapes do not fit, or the weights cannot be broadcast to its values.
    """
    if metric.path not in _METRICS:
        # A crossentropy, which is not evaluated, or a top-k metric, whose kernel checks while it runs.
        return
    values = _METRICS[metric.path](batch)
    if checks.role != "weighted_metrics" or batch.sample_weight is None:
        return
    values, weight = _same_rank(values, batch.sample_weight)
    pairs = [pair for both in zip(values, weight, strict=False) for pair in zip(*both, strict=True)]
    raise_if(
        len(weight) > len(values) or any(None not in (v, w) and w not in (1, v) for v, w in pairs),
        R["weights-not-broadcast"],
    )
