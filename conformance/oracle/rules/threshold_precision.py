"""threshold-precision: in which dtype scores, thresholds and labels are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array, cast, is_float, is_text, is_whole, name_of, without_subnormals
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Precision

AXIS = "threshold-precision"


def _as_given(update: Update, call: Call) -> Update:
    return update


def _numpy_equal(a: Array, b: Array) -> tuple[Array, Array]:
    return a, b


def _promoting_equal(a: Array, b: Array) -> tuple[Array, Array]:
    """An integer against a float is cast to that float's dtype, however narrow."""
    if is_text(a) or is_text(b) or not (is_float(a) or is_float(b)):
        return a, b
    name = promote(a, name_of(b.dtype))
    return cast(a, name), cast(b, name)


def _equal_as_numbers(a: Array, b: Array) -> tuple[Array, Array]:
    return (cast(a, "float64"), cast(b, "float64")) if is_float(a) or is_float(b) else (a, b)


def promote(array: Array, name: str) -> str:
    """Return the dtype that two promote to, one of them floating; float16 and bfloat16 make float32."""
    order = {"float16": 1, "bfloat16": 1, "float32": 2, "float64": 3}
    own, other = order.get(name_of(array.dtype), 0), order.get(name, 0)
    if own == other and name_of(array.dtype) != name:
        return "float32"
    return name_of(array.dtype) if own > other else name


def _threshold_in_dtype_of_scores(scores: Array, threshold: Any) -> tuple[Array, Array]:
    """Integers are compared in float64."""
    scores = scores if is_float(scores) else cast(scores, "float64")
    return scores, cast(np.asarray(float(threshold)), name_of(scores.dtype))


def _threshold_in_dtype_of_numpy_scores(scores: Array, threshold: Any) -> tuple[Array, Array]:
    """NumPy has no scalar promotion for bfloat16: a Python float stays float64."""
    wide = cast(scores, "float64") if name_of(scores.dtype) == "bfloat16" else scores
    return _threshold_in_dtype_of_scores(wide, threshold)


def _as_tensor_of(threshold: Any) -> Array:
    """A Python float becomes a float32 tensor, an int one of integers."""
    whole = isinstance(threshold, (int, np.integer)) and not isinstance(threshold, bool)
    return cast(np.asarray(threshold if whole else float(threshold)), "int64" if whole else "float32")


def _threshold_in_float32(scores: Array, threshold: Any) -> tuple[Array, Array]:
    """The tensor of the threshold and that of the scores are promoted."""
    limit = _as_tensor_of(threshold)
    either = is_float(scores) or is_float(limit)
    name = promote(scores, "float32" if is_float(limit) else "int64") if either else "int64"
    return cast(scores, name), cast(limit, name)


def _threshold_through_float32(scores: Array, threshold: Any) -> tuple[Array, Array]:
    """tf.cast makes a tensor of the threshold, and then casts that."""
    return scores, cast(_as_tensor_of(threshold), name_of(scores.dtype))


def _threshold_cast_to_scores(scores: Array, threshold: Any) -> tuple[Array, Array]:
    """The threshold is an array of its own dtype, and then takes that of the scores."""
    return scores, cast(np.asarray(threshold), name_of(scores.dtype))


def _in_metric_dtype(update: Update, call: Call) -> Update:
    name = call.metric_dtype or "float32"
    return replace(update, y_true=tf_cast(update.y_true, name), y_pred=tf_cast(update.y_pred, name))


def _flushed_in_metric_dtype(update: Update, call: Call) -> Update:
    return _flushed_in_float32(update, call, call.metric_dtype or "float32")


def _flushed_in_float32(update: Update, call: Call, name: str = "float32") -> Update:
    """Numbers that are subnormal in the dtype are zero to the operators that follow the cast."""
    arrays = (
        array if is_text(array) else without_subnormals(tf_cast(array, name))
        for array in (update.y_true, update.y_pred)
    )
    y_true, y_pred = arrays
    return replace(update, y_true=y_true, y_pred=y_pred)


def _in_metric_dtype_of_tensors(update: Update, call: Call) -> Update:
    return _in_float32_of_tensors(update, call, call.metric_dtype or "float32")


def _in_float32_of_tensors(update: Update, call: Call, name: str = "float32") -> Update:
    arrays = (array if is_text(array) else cast(array, name) for array in (update.y_true, update.y_pred))
    y_true, y_pred = arrays
    return replace(update, y_true=y_true, y_pred=y_pred)


def _in_dtypes_of_first_batch(update: Update, call: Call) -> Update:
    """Every batch takes the dtypes of the first, floats float32; then all is cast to the metric's dtype."""

    def fed(array: Array, first: Array) -> Array:
        floating = is_float(first) and name_of(first.dtype) != "bfloat16"
        return array if is_text(array) else cast(array, "float32" if floating else name_of(first.dtype))

    first = call.updates[0]
    as_first = replace(
        update, y_true=fed(update.y_true, first.y_true), y_pred=fed(update.y_pred, first.y_pred)
    )
    return _in_metric_dtype(as_first, call)


def tf_cast(array: Array, name: str) -> Array:
    """Cast as tf.cast does: subnormal numbers are zero, and a narrow float is reached through float32."""
    if is_text(array) or name_of(array.dtype) == name:
        return array
    flushed = without_subnormals(array)
    return cast(cast(flushed, "float32") if name in ("float16", "bfloat16") else flushed, name)


def _tensor_threshold(scores: Array, threshold: Any) -> tuple[Array, Array]:
    """The tensor of the threshold has no dimensions.

    Such a tensor follows the dtype of scores that have dimensions, unless it is floating and they
    are not.
    """
    if scores.dtype.kind == "b":
        scores = cast(scores, "int32")
    limit = _as_tensor_of(threshold)
    if is_float(scores):
        name = name_of(scores.dtype) if scores.ndim or is_whole(limit) else promote(scores, "float32")
    elif is_whole(limit):
        name = name_of(scores.dtype) if scores.ndim else "int64"
    else:
        name = "float32"
    return cast(scores, name), cast(limit, name)


def _as_tensors(update: Update, call: Call) -> Update:
    """Unsigned integers that tensors did not have become signed ones that hold them."""
    return replace(update, y_true=_as_tensor(update.y_true), y_pred=_as_tensor(update.y_pred))


def _as_tensor(array: Array) -> Array:
    return cast(array, {"uint16": "int32", "uint32": "int64"}.get(name_of(array.dtype), name_of(array.dtype)))


def _exact_threshold(scores: Array, threshold: Any) -> tuple[Array, Array]:
    """Compare in float64, in which every score and every threshold is itself."""
    return cast(scores, "float64"), np.asarray(float(threshold))


def _fed_as_arrays(update: Update, call: Call) -> Update:
    """Floats become float32 before they are split into batches; integer targets keep their dtype."""
    y_true = cast(update.y_true, "float32") if is_float(update.y_true) else update.y_true
    return replace(update, y_true=y_true, y_pred=as_output(update.y_pred, call))


def _fed_as_dataset(update: Update, call: Call) -> Update:
    """Every batch takes the dtypes of the first; then the model casts scores to float32."""
    first = call.updates[0]
    y_pred = cast(update.y_pred, name_of(first.y_pred.dtype))
    return replace(
        update, y_true=cast(update.y_true, name_of(first.y_true.dtype)), y_pred=as_output(y_pred, call)
    )


def as_output(y_pred: Array, call: Call) -> Array:
    """Return scores as a model gives them: float32, or the 16 bits of those of the first batch."""
    return y_pred if is_text(y_pred) else cast(y_pred, derive.output_dtype(call) or "float32")


def _rule(
    name: str,
    compare: Callable[[Array, Any], tuple[Array, Array]],
    prepare: Callable[[Update, Call], Update] = _as_given,
    equal: Callable[[Array, Array], tuple[Array, Array]] = _promoting_equal,
) -> Behaviour[Precision]:
    return shared(AXIS, name, Precision(prepare, compare, equal))


IN_DTYPE_OF_SCORES = _rule("threshold-in-dtype-of-scores", _threshold_in_dtype_of_scores)
IN_DTYPE_OF_NUMPY_SCORES = _rule("threshold-in-dtype-of-numpy-scores", _threshold_in_dtype_of_numpy_scores)
IN_DTYPE_OF_TENSORS = _rule("threshold-in-dtype-of-tensors", _threshold_in_dtype_of_scores, _as_tensors)
THRESHOLD_IN_FLOAT32 = _rule("threshold-in-float32", _threshold_in_float32)
FED_AS_FLOAT32 = _rule("fed-as-float32", _threshold_in_float32, _fed_as_arrays)
SCORES_FED_AS_FLOAT32 = _rule("scores-fed-as-float32", _threshold_in_float32, _fed_as_dataset)
THRESHOLD_FOLLOWS_TENSORS = _rule("threshold-follows-tensors", _tensor_threshold, _as_tensors)
THRESHOLD_THROUGH_FLOAT32 = _rule("threshold-through-float32", _threshold_through_float32)
THRESHOLD_CAST_TO_TENSORS = _rule("threshold-cast-to-tensors", _threshold_cast_to_scores, _as_tensors)
ALL_IN_METRIC_DTYPE = _rule("all-in-metric-dtype", _threshold_through_float32, _in_metric_dtype)
DATA_IN_METRIC_DTYPE = _rule("data-in-metric-dtype", _threshold_in_dtype_of_scores, _flushed_in_metric_dtype)
DATA_IN_FLOAT32 = _rule("data-in-float32", _threshold_in_dtype_of_scores, _flushed_in_float32)
TENSORS_IN_FLOAT32 = _rule("tensors-in-float32", _threshold_in_dtype_of_scores, _in_float32_of_tensors)
TENSORS_IN_METRIC_DTYPE = _rule(
    "tensors-in-metric-dtype", _threshold_in_dtype_of_scores, _in_metric_dtype_of_tensors
)
ALL_IN_DTYPES_OF_FIRST_BATCH = _rule(
    "all-in-dtypes-of-first-batch", _threshold_through_float32, _in_dtypes_of_first_batch
)
LABELS_AS_NUMBERS = _rule("labels-as-numbers", _threshold_in_dtype_of_scores, equal=_equal_as_numbers)
NUMPY = _rule("numpy", _exact_threshold, equal=_numpy_equal)
