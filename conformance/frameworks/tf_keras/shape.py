"""shape, in Keras 2: what is squeezed before anything is decided, and what is compared afterwards."""

from __future__ import annotations

from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array
from conformance.oracle.reasons import (
    LAST_DIMENSION_NOT_1,
    NO_CLASSES,
    SHAPES_DIFFER,
    Raises,
)
from conformance.oracle.rules.shape import AXIS, First, broadcast, flat_rows, in_rows
from conformance.oracle.stages import Aligned, Decision, Shaping, as_they_are


def _targets_squeezed(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
    if y_true.ndim == y_pred.ndim + 1 and y_true.shape[-1] == 1:
        return y_true[..., 0], y_pred
    return y_true, y_pred


def _squeezed(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
    """Where ranks differ by one, a last dimension of 1 of the higher one is dropped (losses_utils.py:93)."""
    if y_pred.ndim == y_true.ndim + 1 and y_pred.shape[-1] == 1:
        return y_true, y_pred[..., 0]
    return _targets_squeezed(y_true, y_pred)


def _matched(first: First) -> First:
    """Make a column of flat targets beside predictions of rank 2, before all else (compile_utils.py:843)."""

    def apply(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
        return first(y_true[:, None] if (y_true.ndim, y_pred.ndim) == (1, 2) else y_true, y_pred)

    return apply


def _with_classes(first: First) -> First:
    """Refuse predictions without a class axis, once they are as `first` leaves them."""

    def apply(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
        y_true, y_pred = first(y_true, y_pred)
        if not y_pred.ndim or not y_pred.shape[-1]:
            raise Raises(NO_CLASSES)
        return y_true, y_pred

    return apply


def _equal(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    if truth.shape != decision.labels.shape:
        raise Raises(SHAPES_DIFFER, "ValueError")
    return Aligned(truth, decision)


def _broadcast(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    return broadcast(truth, decision)


def _classes(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """Targets of the rank of the scores lose their last dimension, which has to be 1 (metrics_utils.py:937)."""
    if truth.ndim != y_pred.ndim:
        return broadcast(truth, decision)
    if truth.shape[-1:] != (1,):
        raise Raises(LAST_DIMENSION_NOT_1)
    return broadcast(truth[..., 0], decision, truth.shape)


def _classes_squeezed(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """As above; then a last dimension of 1 of the matches is dropped (accuracy_metrics.py:462)."""
    aligned = _classes(truth, decision, y_pred)
    shape = aligned.final_shape or aligned.matches_shape
    if len(shape) > 1 and shape[-1] == 1:
        return Aligned(aligned.truth, aligned.decision, shape[:-1])
    return aligned


EQUAL = Behaviour(
    AXIS,
    "squeezed-and-equal",
    "Where ranks differ by one a last dimension of 1 is dropped; then shapes have to be equal.",
    Shaping(_equal, _squeezed),
)
SQUEEZED = Behaviour(
    AXIS,
    "squeezed",
    "Where ranks differ by one a last dimension of 1 is dropped; then shapes are broadcast.",
    Shaping(_broadcast, _squeezed),
)
BROADCAST = Behaviour(
    AXIS,
    "broadcast",
    "Shapes are broadcast as they are: (N,) against (N, 1) makes N x N.",
    Shaping(_broadcast),
)
CLASSES = Behaviour(
    AXIS,
    "classes",
    "The last axis of the predictions holds classes; targets of the same rank have a last dimension of 1, which is "
    "dropped; what is decided is broadcast.",
    Shaping(_classes, _with_classes(_targets_squeezed)),
)
CLASSES_AFTER_SQUEEZE = Behaviour(
    AXIS,
    "classes-after-squeeze",
    "A last dimension of 1 of predictions with one axis more than the targets is dropped, and the axis before it "
    "taken for the classes; targets of the same rank have a last dimension of 1.",
    Shaping(_classes, _with_classes(_squeezed)),
)
CLASSES_UNSQUEEZED = Behaviour(
    AXIS,
    "classes-unsqueezed",
    "The last axis of the predictions holds classes; targets of the same rank have a last dimension of 1, which is "
    "dropped; nothing else is squeezed, and what is decided is broadcast.",
    Shaping(_classes, _with_classes(as_they_are)),
)
CLASSES_SQUEEZED = Behaviour(
    AXIS,
    "classes-and-matches-squeezed",
    "The last axis of the predictions holds classes; targets of the same rank have a last dimension of 1; a last "
    "dimension of 1 of the matches is dropped.",
    Shaping(_classes_squeezed, _with_classes(as_they_are)),
)
MATCHED = Behaviour(
    AXIS,
    "matched-and-squeezed",
    "Flat targets become a column beside predictions of rank 2; where ranks still differ by one a last dimension of 1 "
    "is dropped; then shapes are broadcast.",
    Shaping(_broadcast, _matched(_squeezed)),
)
MATCHED_UNKNOWN = Behaviour(
    AXIS,
    "matched-unknown",
    "Flat targets become a column beside predictions of rank 2; a last dimension of 1 of targets with one axis more is "
    "dropped, and predictions, whose dimensions are unknown, keep theirs; then shapes are broadcast.",
    Shaping(_broadcast, _matched(_targets_squeezed)),
)
MATCHED_CLASSES = Behaviour(
    AXIS,
    "matched-classes",
    "Flat targets become a column beside predictions of rank 2; a last dimension of 1 of predictions with one axis "
    "more than the targets is dropped; then the last axis holds classes.",
    Shaping(_classes, _with_classes(_matched(_squeezed))),
)
MATCHED_CLASSES_SQUEEZED = Behaviour(
    AXIS,
    "matched-classes-and-matches-squeezed",
    "Flat targets become a column beside predictions of rank 2; a last dimension of 1 of predictions with one axis "
    "more than the targets is dropped; then the last axis holds classes, and a last dimension of 1 of the matches is "
    "dropped.",
    Shaping(_classes_squeezed, _with_classes(_matched(_squeezed))),
)
MATCHED_CLASSES_UNKNOWN = Behaviour(
    AXIS,
    "matched-classes-unknown",
    "Flat targets become a column beside predictions of rank 2; a last dimension of 1 of targets with one axis more is "
    "dropped; the last axis of the predictions holds classes.",
    Shaping(_classes, _with_classes(_matched(_targets_squeezed))),
)
FLAT_ROWS = Behaviour(
    AXIS,
    "flat-rows-of-squeezed-targets",
    "A last dimension of 1 of targets with one axis more than the scores is dropped; scores are flattened to "
    "(rows, classes) and targets to (rows,), which have to be equally many.",
    Shaping(flat_rows, in_rows(_targets_squeezed)),
)
FLAT_ROWS_AFTER_SQUEEZE = Behaviour(
    AXIS,
    "flat-rows-after-squeeze",
    "A last dimension of 1 of predictions with one axis more than the targets is dropped, and the axis before it "
    "taken for the classes; then scores are flattened to (rows, classes) and targets to (rows,).",
    Shaping(flat_rows, in_rows(_squeezed)),
)
