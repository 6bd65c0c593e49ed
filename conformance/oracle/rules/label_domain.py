"""label-domain: how targets are read, and to which dtype decisions are cast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, cast, is_text, is_whole, name_of
from conformance.oracle.reasons import R, Raises
from conformance.oracle.rules.wording import Worded, shared
from conformance.oracle.stages import Comparison, Labels, Parameters

AXIS = "label-domain"


@dataclass(frozen=True)
class Reading(Worded):
    """Targets are labels, or one-hot, and are cast; decisions may be cast to the same dtype.

    Attributes:
        one_hot: whether the label of a sample is the position of the largest of its targets.
        one_hot_cast: whether one-hot targets are cast to the dtype of the predictions before that.
        through: dtype to which labels are cast before that; `predictions`, empty for none.
        dtype: dtype to which labels are cast: a name, `predictions` for the dtype of the predictions, empty for none.
        decided: whether decisions are cast to the dtype that labels then have.
        modulo: whether labels are taken modulo the number of columns of the predictions.
        bfloat16_kept: whether targets of bfloat16 are cast to no other dtype.
    """

    one_hot: bool = False
    one_hot_cast: bool = False
    through: str = ""
    dtype: str = ""
    decided: bool = False
    modulo: bool = False
    bfloat16_kept: bool = False

    def __call__(
        self, y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
    ) -> Labels:
        """Return the labels."""
        if is_text(y_pred):
            return Labels(y_true)
        kept = self.bfloat16_kept and name_of(y_true.dtype) == "bfloat16"
        labels = y_true
        if self.one_hot:
            if y_true.ndim and not y_true.shape[-1]:
                raise Raises(R["no-classes"])
            cast_first = self.one_hot_cast and not kept
            labels = comparison.argmax(cast(y_true, name_of(y_pred.dtype)) if cast_first else y_true, -1)
        for name in () if kept else filter(None, (self.through, self.dtype)):
            labels = cast(labels, name_of(y_pred.dtype) if name == "predictions" else name)
        if self.modulo:
            if not y_pred.shape[-1]:
                raise Incomposable("there is no class to count modulo")
            labels = labels % y_pred.shape[-1]
        return Labels(labels, name_of(labels.dtype) if self.decided else None)


def _int64_if_counted_by_class(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    compared = {"average": "micro", "top_k": 1, "multidim_average": "global"}
    if all(parameters.get(name, value) == value for name, value in compared.items()):
        return Labels(y_true)
    return Labels(cast(y_true, "int64"), "int64")


def _ignored_become_true(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    if not is_whole(y_true):
        raise Incomposable("only integers and truth values have bits")
    return Labels(y_true | (y_true == parameters["ignore_index"]))


def _position_among_labels(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    flat = y_true.reshape(-1)
    named = parameters.get("labels")
    labels = np.unique(flat if named is None else np.asarray(named))
    return Labels(np.searchsorted(labels, flat))


def _position_among_targets(
    y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison
) -> Labels:
    return _position_among_labels(y_true, y_pred, Parameters(), comparison)


def _one_is_positive(y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison) -> Labels:
    return Labels(y_true == 1)


def _nonzero(y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison) -> Labels:
    return Labels(y_true != 0)


AS_GIVEN = parametric(AXIS, Reading())
AS_NUMBERS = parametric(AXIS, Reading(dtype="float64", decided=True))
IN_DTYPE_OF_PREDICTIONS = parametric(AXIS, Reading(dtype="predictions", decided=True))
TRUNCATED = parametric(AXIS, Reading(dtype="int64"))
CLASS_OF_ONE_HOT = parametric(AXIS, Reading(one_hot=True))
CLASS_OF_CAST_ONE_HOT = parametric(AXIS, Reading(one_hot=True, one_hot_cast=True))
INT64_IF_COUNTED_BY_CLASS = shared(AXIS, "int64-if-counted-by-class", _int64_if_counted_by_class)
POSITION_AMONG_LABELS = shared(AXIS, "position-among-labels", _position_among_labels)
POSITION_AMONG_TARGETS = shared(AXIS, "position-among-targets", _position_among_targets)
ONE_IS_POSITIVE = shared(AXIS, "one-is-positive", _one_is_positive)
NONZERO_IS_POSITIVE = shared(AXIS, "nonzero-is-positive", _nonzero)
IGNORED_BECOME_TRUE = shared(AXIS, "ignored-become-true", _ignored_become_true)
