"""shape, in Keras 2: what is squeezed before anything is predicted, and what is compared afterwards."""

from __future__ import annotations

from collections.abc import Callable

from conformance.frameworks import keras_family
from conformance.frameworks.keras_family.errors import R
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules.shape import AXIS, First, broadcast, flat_samples, of_samples
from conformance.oracle.rules.wording import shared
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
        raise_if(not y_pred.ndim or not y_pred.shape[-1], R["no-classes"])
        return y_true, y_pred

    return apply


def _equal(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    raise_if(truth.shape != decision.labels.shape, R["shapes-differ"], "ValueError")
    return Aligned(truth, decision)


def _broadcast(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    return broadcast(truth, decision)


def _classes(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """Targets of the rank of the scores lose their last dimension, which has to be 1 (metrics_utils.py:937)."""
    if truth.ndim != y_pred.ndim:
        return broadcast(truth, decision)
    raise_if(truth.shape[-1:] != (1,), R["last-dimension-not-1"])
    return broadcast(truth[..., 0], decision, truth.shape)


def _classes_squeezed(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """As above; then a last dimension of 1 of the matches is squeezed (accuracy_metrics.py:462)."""
    aligned = _classes(truth, decision, y_pred)
    shape = aligned.final_shape or aligned.matches_shape
    if len(shape) > 1 and shape[-1] == 1:
        return Aligned(aligned.truth, aligned.decision, shape[:-1])
    return aligned


def _rule(name: str, align: _Align, squeeze: First, *, column: bool = False) -> Behaviour[Alignment]:
    """Return a rule.

    Args:
        name: its name; `rules.yaml` of the family says what is done.
        align: what is compared.
        squeeze: what is squeezed before anything is predicted (losses_utils.py:93).
        column: whether flat targets become a column first if predictions have rank 2.
    """
    first = _matched(squeeze) if column else squeeze
    if align in (_classes, _classes_squeezed):
        first = _with_classes(first)
    if align is flat_samples:
        first = of_samples(first)
    return shared(AXIS, name, Shaping(align, first), keras_family.__name__)


EQUAL = _rule("squeezed-and-equal", _equal, _squeezed)
SQUEEZED = _rule("squeezed", _broadcast, _squeezed)
BROADCAST = _rule("broadcast", _broadcast, as_they_are)
CLASSES = _rule("classes", _classes, _targets_squeezed)
CLASSES_AFTER_SQUEEZE = _rule("classes-after-squeeze", _classes, _squeezed)
CLASSES_UNSQUEEZED = _rule("classes-unsqueezed", _classes, as_they_are)
CLASSES_SQUEEZED = _rule("classes-and-matches-squeezed", _classes_squeezed, as_they_are)
FLAT_SAMPLES = _rule("flat-samples-of-squeezed-targets", flat_samples, _targets_squeezed)
FLAT_SAMPLES_AFTER_SQUEEZE = _rule("flat-samples-after-squeeze", flat_samples, _squeezed)
#: Behind compile(); "unknown" where the graph does not know the last dimension of the predictions, which then keep it.
MATCHED = _rule("matched-and-squeezed", _broadcast, _squeezed, column=True)
MATCHED_BROADCAST = _rule("matched-and-broadcast", _broadcast, as_they_are, column=True)
MATCHED_UNKNOWN = _rule("matched-unknown", _broadcast, _targets_squeezed, column=True)
MATCHED_EQUAL = _rule("matched-and-equal", _equal, _squeezed, column=True)
MATCHED_FLAT_SAMPLES = _rule("matched-flat-samples", flat_samples, _squeezed, column=True)
MATCHED_CLASSES = _rule("matched-classes", _classes, _squeezed, column=True)
MATCHED_CLASSES_SQUEEZED = _rule(
    "matched-classes-and-matches-squeezed", _classes_squeezed, _squeezed, column=True
)
MATCHED_CLASSES_UNKNOWN = _rule("matched-classes-unknown", _classes, _targets_squeezed, column=True)
