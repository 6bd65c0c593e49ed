"""shape, in Keras 2: what is squeezed before anything is predicted, and what is compared afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array
from conformance.oracle.reasons import LAST_DIMENSION_NOT_1, NO_CLASSES, SHAPES_DIFFER, Raises
from conformance.oracle.rules.shape import AXIS, First, broadcast, flat_samples, of_samples
from conformance.oracle.stages import Aligned, Alignment, Decision, Shaping, as_they_are

_Align = Callable[[Array, Decision, Array], Aligned]


def _targets_squeezed(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
    if y_true.ndim == y_pred.ndim + 1 and y_true.shape[-1] == 1:
        return y_true[..., 0], y_pred
    return y_true, y_pred


def _squeezed(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
    if y_pred.ndim == y_true.ndim + 1 and y_pred.shape[-1] == 1:
        return y_true, y_pred[..., 0]
    return _targets_squeezed(y_true, y_pred)


def _matched(first: First) -> First:
    """Make a column of flat targets, given predictions of rank 2, before all else (compile_utils.py:843)."""

    def apply(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
        return first(y_true[:, None] if (y_true.ndim, y_pred.ndim) == (1, 2) else y_true, y_pred)

    return apply


def _with_classes(first: First) -> First:
    """Raise for predictions without a class axis, once they are as `first` leaves them."""

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
    """As above; then a last dimension of 1 of the matches is squeezed (accuracy_metrics.py:462)."""
    aligned = _classes(truth, decision, y_pred)
    shape = aligned.final_shape or aligned.matches_shape
    if len(shape) > 1 and shape[-1] == 1:
        return Aligned(aligned.truth, aligned.decision, shape[:-1])
    return aligned


#: What is squeezed before anything is predicted (losses_utils.py:93).
_Squeeze = Literal["nothing", "targets", "both"]
_SQUEEZE: dict[_Squeeze, tuple[First, str]] = {
    "nothing": (as_they_are, "Nothing is squeezed first."),
    "targets": (
        _targets_squeezed,
        "A last dimension of 1 of targets with one axis more than the predictions is squeezed.",
    ),
    "both": (_squeezed, "Where ranks differ by one, a last dimension of 1 of the higher one is squeezed."),
}
_CLASSES = (
    "The last axis of the predictions holds classes; targets of the same rank have a last dimension of 1, which is "
    "squeezed; what is predicted is broadcast"
)
_SAYS: dict[_Align, str] = {
    _equal: "Shapes have to be equal",
    _broadcast: "Shapes are broadcast: (N,) and (N, 1) make N x N",
    _classes: _CLASSES,
    _classes_squeezed: f"{_CLASSES}; a last dimension of 1 of the matches is squeezed",
    flat_samples: "Scores are flattened to (samples, classes) and targets to (samples,), which have to be equally many",
}


def _rule(name: str, align: _Align, squeeze: _Squeeze, *, column: bool = False) -> Behaviour[Alignment]:
    """Return a rule; with `column`, flat targets become a column first if predictions have rank 2."""
    first, says = _SQUEEZE[squeeze]
    if column:
        first, says = _matched(first), f"Flat targets become a column, given predictions of rank 2. {says}"
    if align in (_classes, _classes_squeezed):
        first = _with_classes(first)
    if align is flat_samples:
        first = of_samples(first)
    return Behaviour[Alignment](AXIS, name, f"{says} {_SAYS[align]}.", Shaping(align, first))


EQUAL = _rule("squeezed-and-equal", _equal, "both")
SQUEEZED = _rule("squeezed", _broadcast, "both")
BROADCAST = _rule("broadcast", _broadcast, "nothing")
CLASSES = _rule("classes", _classes, "targets")
CLASSES_AFTER_SQUEEZE = _rule("classes-after-squeeze", _classes, "both")
CLASSES_UNSQUEEZED = _rule("classes-unsqueezed", _classes, "nothing")
CLASSES_SQUEEZED = _rule("classes-and-matches-squeezed", _classes_squeezed, "nothing")
FLAT_SAMPLES = _rule("flat-samples-of-squeezed-targets", flat_samples, "targets")
FLAT_SAMPLES_AFTER_SQUEEZE = _rule("flat-samples-after-squeeze", flat_samples, "both")
#: Behind compile(); "unknown" where the graph does not know the last dimension of the predictions, which then keep it.
MATCHED = _rule("matched-and-squeezed", _broadcast, "both", column=True)
MATCHED_UNKNOWN = _rule("matched-unknown", _broadcast, "targets", column=True)
MATCHED_CLASSES = _rule("matched-classes", _classes, "both", column=True)
MATCHED_CLASSES_SQUEEZED = _rule(
    "matched-classes-and-matches-squeezed", _classes_squeezed, "both", column=True
)
MATCHED_CLASSES_UNKNOWN = _rule("matched-classes-unknown", _classes, "targets", column=True)
