"""Where Keras 3 on the TensorFlow backend leaves its documentation (line numbers of 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Departure, Finding
from conformance.oracle.numbers import Array, cast, is_float, is_text
from conformance.oracle.rules import label_domain, special_values, weights

_METRICS = "keras/src/metrics/accuracy_metrics.py"
_REDUCTION = "keras/src/metrics/reduction_metrics.py"
_BACKEND = "keras/src/backend/tensorflow"
_DOCS = "https://keras.io/api/metrics/accuracy_metrics/"
_SAME_NUMERICS = (
    'Keras 3 promises of code that uses keras.ops: "you can use it in all frameworks, with the exact same numerics" '
    "(https://keras.io/keras_3/)"
)

SCALAR_WEIGHS_UPDATE = Finding(
    id="keras-scalar-weight-averages-batch-means",
    kind="defect",
    title="A scalar sample_weight makes a metric the mean of batch means, so that accuracy depends on the batches",
    condition="sample_weight is a scalar, and updates are not all of one size.",
    says="The matches of the update are reduced to their mean first, and the weight itself is added to the count "
    "instead of the weight times the rows: a batch of one row counts as much as a batch of three.",
    claims='"sample_weight: Optional weighting of each example. Can be a tensor whose rank is either 0, or the same '
    'rank as y_true, and must be broadcastable to y_true" (keras/src/metrics/confusion_metrics.py:52, of '
    f'update_state), "If `sample_weight` is `None`, weights default to 1" ({_DOCS})',
    place=f"{_REDUCTION}:25-31 (values are reduced to the rank of the weights) and :144 (ops.sum(sample_weight))",
)
TARGETS_CAST = Finding(
    id="keras-accuracy-casts-targets-to-the-dtype-of-predictions",
    kind="defect",
    title="Accuracy casts targets to the dtype of the predictions before it compares them: 257 equals 1, 0.9 equals 0",
    condition="the dtype of y_pred does not hold a target.",
    says="ops.convert_to_tensor(y_true, dtype=y_pred.dtype) wraps integers around, cuts fractions off and rounds "
    "floats, so that a target of 257 equals the uint8 prediction 1, and a target of 0.9 the integer prediction 0.",
    claims=f'"Calculates how often predictions equal labels." ({_DOCS})',
    place=f"{_METRICS}:10",
    see=(
        "https://github.com/keras-team/keras/issues/15014",
        "https://github.com/keras-team/keras/pull/15015",
    ),
)
CLASSES_CONFUSED = Finding(
    id="keras-classes-are-confused-in-the-dtype-of-scores",
    kind="defect",
    title="Class numbers are cast to the dtype of the scores: beyond 256 classes bfloat16 counts neighbours as right",
    condition="y_pred is of a dtype that does not hold all class numbers: bfloat16 and 258 classes, float16 and 2050.",
    says="Target and argmax are both cast to the dtype of y_pred before they are compared, where 256 and 257 are the "
    "same number. The accuracy of a model whose outputs are bfloat16 is too high; the loss had the same cast, and lost "
    "it.",
    claims=f'"Calculates how often predictions match integer labels.", "... one-hot labels." ({_DOCS})',
    place=f"{_METRICS}:220 and :238 (sparse), :134 and :152 (categorical)",
    see=(
        "https://github.com/keras-team/keras/issues/15012",
        "https://github.com/keras-team/keras/issues/15014",
        "https://github.com/keras-team/keras/pull/15015",
    ),
)
CLASSES_WRAP_AT_32_BITS = Finding(
    id="keras-class-numbers-wrap-around-in-32-bits",
    kind="defect",
    title="SparseTopKCategoricalAccuracy cuts class numbers off to 32 bits, where 2^32 becomes class 0",
    condition="y_true holds a number beyond 32-bit integers, such as a hash or a mark for missing targets.",
    says="Targets are converted to int32: 4294967296 counts as class 0 and is found among the top k, while any other "
    "number out of range is not.",
    claims=f'"Computes how often integer targets are in the top `K` predictions." ({_DOCS})',
    place=f"{_METRICS}:407-408",
)
INFINITY_VOIDS = Finding(
    id="keras-top-k-misses-rows-with-an-infinite-score",
    kind="defect",
    title="A score of -inf makes a row wrong in top-k accuracy, whatever its target: masked logits count as misses",
    condition="a row of y_pred holds an infinity.",
    says="tf.math.in_top_k gives up on a row with any score that is not finite and says False. Logits of impossible "
    "classes are often masked with -inf; the best class of such a row is then not among its top k, while "
    "SparseCategoricalAccuracy counts it as right.",
    claims=f'"Computes how often targets are in the top `K` predictions." ({_DOCS}). {_SAME_NUMERICS}',
    place=f"{_BACKEND}/math.py:73 (tf.math.in_top_k), tensorflow/core/kernels/in_topk_op.h (cannot_say)",
)
NAN_LOSES = Finding(
    id="keras-nan-never-wins-an-argmax-on-tensorflow",
    kind="undocumented",
    title="A NaN score never wins an argmax on the TensorFlow backend; in NumPy and on the torch backend it does",
    condition="y_pred, or a one-hot target, holds NaN in another column than the one that wins without it.",
    says="tf.argmax compares with >, which NaN never is, so that the highest number is taken as if nothing had "
    "happened. tf.math.in_top_k says False of every class of such a row.",
    claims='"Returns the indices of the maximum values along an axis." (https://keras.io/api/ops/numpy/). '
    f"{_SAME_NUMERICS}",
    place=f"{_METRICS}:148 and :234, {_BACKEND}/numpy.py:961 (tf.argmax)",
)
ZERO_BELOW_ZERO = Finding(
    id="keras-minus-zero-is-below-zero-in-an-argmax",
    kind="defect",
    title="An argmax takes 0.0 for greater than -0.0 on the TensorFlow backend, so that a tie goes to another class",
    condition="the highest score of a row is zero, -0.0 in one column and 0.0 in a later one.",
    says="Every -0.0 is replaced by the largest negative normal number before tf.argmax. The two are equal; of equal "
    "scores the first is taken everywhere else, here the one without a sign.",
    claims='"Returns the indices of the maximum values along an axis." (https://keras.io/api/ops/numpy/). '
    f"{_SAME_NUMERICS}",
    place=f"{_BACKEND}/numpy.py:950-957",
    see=("https://github.com/jax-ml/jax/issues/24280",),
)
SUBNORMALS_FLUSHED = Finding(
    id="keras-subnormal-numbers-are-zero",
    kind="undocumented",
    title="Numbers below the normal range compare as zero: 1e-40 is not greater than 0.0, and equals it",
    condition="a subnormal number is compared: a score with the threshold 0.0 or with a target of 0.0.",
    says="TensorFlow's threads run with denormals flushed to zero.",
    claims='"Return the truth value of x1 > x2 element-wise." (https://keras.io/api/ops/numpy/). '
    + _SAME_NUMERICS,
    place="tensorflow/core/platform/denormal.h, tensorflow/core/common_runtime/process_util.cc",
)


def _arrays(call: Call) -> list[Array]:
    return [array for update in call.updates for array in (update.y_true, update.y_pred) if is_float(array)]


def _targets(call: Call) -> list[Array]:
    return [update.y_true for update in call.updates if is_float(update.y_true)]


def _scalar_weight(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(u.sample_weight is not None and not u.sample_weight.ndim for u in call.updates)


def _targets_change(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        _changes(update.y_true, update.y_pred.dtype.name) for update in call.updates if _numbers(update)
    )


def _classes_change(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        _changes(update.y_true, update.y_pred.dtype.name) or _columns_change(update)
        for update in call.updates
        if _numbers(update)
    )


def _one_hot_classes_change(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(_columns_change(update) for update in call.updates if _numbers(update))


def _beyond_int32(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        not is_text(update.y_true) and bool((np.abs(cast(update.y_true, "float64")) >= 2**31).any())
        for update in call.updates
    )


def _numbers(update: Update) -> bool:
    return not is_text(update.y_true) and not is_text(update.y_pred)


def _columns_change(update: Update) -> bool:
    columns = update.y_pred.shape[-1] if update.y_pred.ndim else 0
    return _changes(np.arange(columns), update.y_pred.dtype.name)


def _changes(numbers: Array, name: str) -> bool:
    """Whether a cast to a dtype makes another number of one of these."""
    wide = cast(numbers, "float64")
    back = cast(cast(numbers, name), "float64")
    return bool(np.any((wide != back) & ~(np.isnan(wide) & np.isnan(back))))


def _nan(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(map(_has_nan, _arrays(call)))


def _has_nan(array: Array) -> bool:
    return bool(np.isnan(cast(array, "float64")).any())


def _minus_zero(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(map(_has_minus_zero, _arrays(call)))


def _minus_zero_target(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(map(_has_minus_zero, _targets(call)))


def _has_minus_zero(array: Array) -> bool:
    wide = cast(array, "float64")
    return bool(((wide == 0) & np.signbit(wide)).any())


def _subnormal(call: Call, parameters: Mapping[str, Any]) -> bool:
    # A model takes its input as float32, so that what is subnormal there counts; in float64 the rule spares it.
    wide = [cast(array, "float64") for array in _arrays(call)]
    return any(bool(np.any((np.abs(array) < np.finfo("float32").tiny) & (array != 0))) for array in wide)


def _infinite(call: Call, parameters: Mapping[str, Any]) -> bool:
    scores = [update.y_pred for update in call.updates if is_float(update.y_pred)]
    return any(bool(np.isinf(cast(array, "float64")).any()) for array in scores)


def _special(finding: Finding, holds_for: Callable[[Call, Mapping[str, Any]], bool]) -> Departure:
    return Departure(finding, special_values.NAN_LOSES.source(finding.place), holds_for)


SCALAR_WEIGHT = Departure(
    SCALAR_WEIGHS_UPDATE, weights.PER_ROW_OR_ELEMENT.source(SCALAR_WEIGHS_UPDATE.place), _scalar_weight
)
SUBNORMAL = _special(SUBNORMALS_FLUSHED, _subnormal)
#: What is there for every argmax, for every top k, and for the argmax of one-hot targets beside it.
IN_ARGMAX = (_special(NAN_LOSES, _nan), _special(ZERO_BELOW_ZERO, _minus_zero))
IN_TOP_K = (_special(INFINITY_VOIDS, _infinite), _special(NAN_LOSES, _nan))
IN_ONE_HOT = (_special(ZERO_BELOW_ZERO, _minus_zero_target),)
ACCURACY = (
    Departure(TARGETS_CAST, label_domain.IN_DTYPE_OF_PREDICTIONS.source(TARGETS_CAST.place), _targets_change),
)
SPARSE = (
    Departure(
        CLASSES_CONFUSED, label_domain.IN_DTYPE_OF_PREDICTIONS.source(CLASSES_CONFUSED.place), _classes_change
    ),
    *IN_ARGMAX,
)
CATEGORICAL = (
    Departure(
        CLASSES_CONFUSED,
        label_domain.ARGMAX_OF_ONE_HOT.source(CLASSES_CONFUSED.place),
        _one_hot_classes_change,
    ),
    *IN_ARGMAX,
)
SPARSE_TOP_K = (
    Departure(
        CLASSES_WRAP_AT_32_BITS, label_domain.INT32.source(CLASSES_WRAP_AT_32_BITS.place), _beyond_int32
    ),
    *IN_TOP_K,
)
TOP_K = (*IN_TOP_K, *IN_ONE_HOT)
