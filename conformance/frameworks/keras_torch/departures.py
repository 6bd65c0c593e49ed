"""Where Keras 3 on the torch backend leaves its documentation (line numbers of 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import departures as keras_departures
from conformance.frameworks.keras.definitions import THRESHOLD_ROUNDED
from conformance.frameworks.keras_torch import errors as refusal_keras_torch
from conformance.oracle.model import Amendment, Behaviour, Departure, Finding, Rule
from conformance.oracle.numbers import is_float
from conformance.oracle.rules import (
    accumulation,
    label_domain,
    shape,
    special_values,
    threshold_precision,
    unit,
    weights,
)

_METRICS = "keras/src/metrics/accuracy_metrics.py"
_BACKEND = "keras/src/backend/torch"
_DOCS = "https://keras.io/api/metrics/accuracy_metrics/"
_SAME_NUMERICS = (
    'Keras 3 promises of code that uses keras.ops: "you can use it in all frameworks, with the exact same numerics" '
    "(https://keras.io/keras_3/)."
)

K_ABOVE_CLASSES = Finding(
    id="keras-torch-refuses-k-above-classes",
    kind="defect",
    title="On the torch backend top-k metrics raise where k is greater than the number of classes",
    condition="k is greater than the number of columns of y_pred; k is 5 by default, so that fewer than five classes "
    "are enough.",
    says="torch.topk is asked for k values of each row and raises RuntimeError: selected index k out of range. On the "
    "TensorFlow backend every class is then among the top k, and the metric is 1.",
    claims=f'"k: (Optional) Number of top elements to look at for computing accuracy. Defaults to `5`." - no limit is '
    f"named ({_DOCS}). {_SAME_NUMERICS}",
    place=f"{_BACKEND}/math.py:89 (in_top_k calls top_k, which is torch.topk)",
)
CLASS_WRAPS = Finding(
    id="keras-torch-top-k-wraps-class-numbers",
    kind="defect",
    title="On the torch backend top-k metrics count a target outside the classes as another class",
    condition="A target is negative or not below the number of columns of y_pred.",
    says="The score of the target is looked up with torch.take_along_dim, which takes the remainder of an index by the "
    "number of classes: with three classes the target 3 is right where class 0 is, and -1 where class 2 is. On the "
    "TensorFlow backend such a target is never right.",
    claims=f'"Computes how often integer targets are in the top `K` predictions." ({_DOCS}): a number without a column '
    f"is in none. {_SAME_NUMERICS}",
    place=f"{_BACKEND}/math.py:90",
    see=("https://github.com/pytorch/pytorch/issues/196106",),
)
ROWS_BROADCAST = Finding(
    id="keras-torch-top-k-broadcasts-rows",
    kind="undocumented",
    title="On the torch backend top-k metrics let a single target stand for all rows, and a single row for all targets",
    condition="y_true and y_pred have different numbers of rows and one of them has a single row.",
    says="torch.take_along_dim broadcasts targets and scores; the shapes are not compared. On the TensorFlow backend "
    "InvalidArgumentError is raised.",
    claims=f'"y_true: a tensor of shape `(batch_size)` ... y_pred: a tensor of shape `(batch_size, num_categories)`" '
    f"({_DOCS})",
    place=f"{_BACKEND}/math.py:90",
)
NAN_OUT_OF_TOP_K = Finding(
    id="keras-torch-nan-wins-the-argmax-but-is-not-in-the-top-k",
    kind="undocumented",
    title="On the torch backend a NaN score wins the argmax but is never among the top k, where it takes a place",
    condition="y_pred holds NaN.",
    says="torch.topk counts NaN as the highest score, and in_top_k then asks whether the score of the target is >= one "
    "of the k values, which NaN never is: with k=1 a row with a NaN is wrong whatever its target, and "
    "TopKCategoricalAccuracy(k=1) is not CategoricalAccuracy.",
    claims=f'"Computes how often targets are in the top `K` predictions." ({_DOCS}). {_SAME_NUMERICS}',
    place=f"{_BACKEND}/math.py:89-92 and numpy.py:392",
)
BFLOAT16_TARGETS = Finding(
    id="keras-torch-leaves-bfloat16-targets-uncast",
    kind="defect",
    title="On the torch backend targets of bfloat16 are not cast to the dtype of the predictions",
    condition="y_true is a NumPy array of bfloat16, y_pred has another dtype, and one of them does not hold the "
    "numbers of the other.",
    says="convert_to_tensor makes a bfloat16 tensor of a bfloat16 array whatever dtype it is asked for. Top-k metrics "
    "find another class in such target rows beside integer predictions, and SparseCategoricalAccuracy rounds the "
    "decided class to the eight bits of bfloat16, where 256 and 257 are the same.",
    claims='"dtype: The target type. If `None`, the type of `x` is used. Returns: A backend tensor of the specified '
    f'`dtype`" (https://keras.io/api/ops/core/). {_SAME_NUMERICS}',
    place=f"{_BACKEND}/core.py:249-252 (dtype is overwritten)",
)
BFLOAT16_WEIGHTS = Finding(
    id="keras-torch-sums-bfloat16-weights-in-bfloat16",
    kind="defect",
    title="On the torch backend weights of bfloat16 are summed in bfloat16: the accuracy may exceed 1",
    condition="sample_weight is a NumPy array of bfloat16 and the metric has another dtype, float32 by default.",
    says="convert_to_tensor makes a bfloat16 tensor of a bfloat16 array whatever dtype it is asked for, so that the "
    "sum of weights, the divisor, is rounded to eight bits while the weighted matches are summed in float32. Two rows "
    "that are right, with weights 1 and 0.001, give 1.001.",
    claims='"dtype: The target type. If `None`, the type of `x` is used. Returns: A backend tensor of the specified '
    f'`dtype`" (https://keras.io/api/ops/core/). {_SAME_NUMERICS}',
    place=f"{_BACKEND}/core.py:249-252, keras/src/metrics/reduction_metrics.py:15 and :144",
)
#: What is done to arrays of bfloat16.
BFLOAT16 = (BFLOAT16_TARGETS, BFLOAT16_WEIGHTS)
FLOAT64_METRIC = Finding(
    id="keras-torch-float64-metric-gives-float32",
    kind="defect",
    title="On the torch backend a metric with dtype='float64' returns float32",
    condition='The metric is made with dtype="float64".',
    says="result() divides in the dtype that Keras' promotion gives for float64, which is float32 on every backend but "
    "TensorFlow: half of the digits are lost, and the sums too above 2^24.",
    claims='"dtype: (Optional) data type of the metric result." (https://keras.io/api/metrics/accuracy_metrics/). '
    f"{_SAME_NUMERICS}",
    place=f"{_BACKEND}/numpy.py:2138 (divide_no_nan), keras/src/backend/common/dtypes.py:235 (BIT64_TO_BIT32_DTYPE)",
)
THRESHOLD_WRAPS = Finding(
    id="keras-torch-threshold-wraps",
    kind="defect",
    title="On the torch backend a whole threshold wraps around in the dtype of whole scores",
    condition="threshold is an int, and y_pred holds integers of a dtype that does not hold it.",
    says="The threshold becomes an int32 tensor without dimensions, which torch casts to the dtype of the scores: -1 "
    "is 255 beside uint8 scores, so that none of them is above it. On the TensorFlow backend all are.",
    claims=f'"threshold: (Optional) Float representing the threshold for deciding whether prediction values are 1 or '
    f'0." ({_DOCS}). {_SAME_NUMERICS}',
    place=f"{_METRICS}:66, {_BACKEND}/numpy.py:920 (torch.greater promotes by dimensions)",
    see=("https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc",),
)


def _any_update(
    condition: Callable[[Update, Mapping[str, Any]], bool],
) -> Callable[[Call, Mapping[str, Any]], bool]:
    return lambda call, parameters: any(condition(update, parameters) for update in call.updates)


def _threshold_is_rounded(update: Update, parameters: Mapping[str, Any]) -> bool:
    threshold = parameters["threshold"]
    if not isinstance(threshold, float) or update.y_pred.dtype.name == "float32":
        return False
    return float(np.float32(threshold)) != threshold or not is_float(update.y_pred)


def _threshold_wraps(update: Update, parameters: Mapping[str, Any]) -> bool:
    threshold, scores = parameters["threshold"], update.y_pred.dtype
    if scores.kind not in "iu" or not isinstance(threshold, int):
        return False
    limits = np.iinfo(scores)
    return not limits.min <= threshold <= limits.max


def _k_above_classes(update: Update, parameters: Mapping[str, Any]) -> bool:
    return update.y_pred.ndim > 0 and bool(parameters["top_k"] > update.y_pred.shape[-1])


def _rows_broadcast(dropped: int) -> Callable[[Update, Mapping[str, Any]], bool]:
    """Rows of scores against targets, once `dropped` last axes of the targets are gone."""

    def differ(update: Update, parameters: Mapping[str, Any]) -> bool:
        y_true, y_pred = update.y_true, update.y_pred
        targets, rows = int(np.prod(y_true.shape[: y_true.ndim - dropped])), int(np.prod(y_pred.shape[:-1]))
        return targets != rows and 1 in (targets, rows)

    return differ


def _more_columns(update: Update, parameters: Mapping[str, Any]) -> bool:
    return update.y_true.shape[-1:] > update.y_pred.shape[-1:]


def _outside_classes(update: Update, parameters: Mapping[str, Any]) -> bool:
    if update.y_true.dtype.kind in "US" or not update.y_pred.ndim or not update.y_true.size:
        return False
    targets = update.y_true.astype("float64")
    return bool(((targets <= -1) | (targets >= update.y_pred.shape[-1]) | ~np.isfinite(targets)).any())


def _bfloat16_targets(update: Update, parameters: Mapping[str, Any]) -> bool:
    return update.y_true.dtype.name == "bfloat16" != update.y_pred.dtype.name


def _bfloat16_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    given = [update.sample_weight for update in call.updates if update.sample_weight is not None]
    return call.metric_dtype != "bfloat16" and any(weight.dtype.name == "bfloat16" for weight in given)


def _float64_metric(call: Call, parameters: Mapping[str, Any]) -> bool:
    return call.metric_dtype == "float64"


def _as_on_tensorflow(departure: Departure, behaviour: Behaviour) -> Departure:
    """Return a departure of the other backend: the lines of Keras are the same, the rule is that of this one."""
    return replace(departure, change=behaviour.source(departure.finding.place))


#: Of metric classes only: a function has no dtype and no weights.
STATE = (
    _as_on_tensorflow(keras_departures.SCALAR_WEIGHT, weights.PER_ROW_OR_ELEMENT_IN_TORCH),
    Departure(
        FLOAT64_METRIC,
        Amendment.of(accumulation.AXIS, FLOAT64_METRIC.place, result="metric-at-most-float32"),
        _float64_metric,
    ),
    Departure(
        BFLOAT16_WEIGHTS,
        Amendment.of(accumulation.AXIS, BFLOAT16_WEIGHTS.place, weights_in_bfloat16=True),
        _bfloat16_weights,
    ),
    Departure(BFLOAT16_WEIGHTS, unit.ROW_MEAN_IN_BFLOAT16.source(BFLOAT16_WEIGHTS.place), _bfloat16_weights),
)
THRESHOLD = tuple(
    Departure(
        finding, threshold_precision.THRESHOLD_FOLLOWS_TENSORS.source(finding.place), _any_update(condition)
    )
    for finding, condition in (
        (THRESHOLD_ROUNDED, _threshold_is_rounded),
        (THRESHOLD_WRAPS, _threshold_wraps),
    )
)


def _targets(rule: Rule) -> Departure:
    return Departure(BFLOAT16_TARGETS, rule, _any_update(_bfloat16_targets))


def _nan(update: Update, parameters: Mapping[str, Any]) -> bool:
    return is_float(update.y_pred) and bool(np.isnan(update.y_pred.astype("float64")).any())


_NAN = Departure(
    NAN_OUT_OF_TOP_K,
    special_values.NAN_TAKES_A_PLACE.source(NAN_OUT_OF_TOP_K.place),
    _any_update(_nan),
)
EQUALITY = (_as_on_tensorflow(keras_departures.ACCURACY[0], label_domain.OWN_BFLOAT16),)
SPARSE = (
    _as_on_tensorflow(keras_departures.SPARSE[0], label_domain.CLASSES_IN_OWN_BFLOAT16),
    _targets(label_domain.CLASSES_IN_OWN_BFLOAT16.source(BFLOAT16_TARGETS.place)),
)
CATEGORICAL = (keras_departures.CATEGORICAL[0],)
_ARGMAX = label_domain.ARGMAX_MODULO_CLASSES.source(f"{CLASS_WRAPS.place}; {BFLOAT16_TARGETS.place}")
_BROADCAST = shape.FLAT_ROWS_BROADCAST.source(ROWS_BROADCAST.place)
TOP_K = (
    _NAN,
    _targets(_ARGMAX),
    Departure(CLASS_WRAPS, _ARGMAX, _any_update(_more_columns)),
    Departure(ROWS_BROADCAST, _BROADCAST, _any_update(_rows_broadcast(1))),
    Departure(
        K_ABOVE_CLASSES,
        refusal_keras_torch.TOP_K_WITHIN_CLASSES.source(K_ABOVE_CLASSES.place),
        _any_update(_k_above_classes),
    ),
)
SPARSE_TOP_K = (
    _NAN,
    _as_on_tensorflow(keras_departures.SPARSE_TOP_K[0], label_domain.INT32_MODULO_CLASSES),
    Departure(
        CLASS_WRAPS,
        label_domain.INT32_MODULO_CLASSES.source(CLASS_WRAPS.place),
        _any_update(_outside_classes),
    ),
    Departure(ROWS_BROADCAST, _BROADCAST, _any_update(_rows_broadcast(0))),
    Departure(
        K_ABOVE_CLASSES,
        refusal_keras_torch.SPARSE_TOP_K_WITHIN_CLASSES.source(K_ABOVE_CLASSES.place),
        _any_update(_k_above_classes),
    ),
)
