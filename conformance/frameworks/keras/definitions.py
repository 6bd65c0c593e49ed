"""What Keras 3 claims: the accuracy metrics of keras/src/metrics/accuracy_metrics.py (line numbers of 3.15.1)."""

from __future__ import annotations

from conformance.frameworks.keras import departures, errors
from conformance.frameworks.keras_family.definitions import function, metric
from conformance.oracle.model import Definition, Departure, Rule
from conformance.oracle.rules import (
    accumulation,
    average,
    decision_rule,
    exclusion,
    label_domain,
    score_transform,
    shape,
    special_values,
    statistic,
    threshold_precision,
    ties,
    undefined_value,
    unit,
    weights,
)
from conformance.oracle.rules.default_parameter import defaults

_METRICS = "keras/src/metrics/accuracy_metrics.py"
_REDUCTION = "keras/src/metrics/reduction_metrics.py"
_BACKEND = "keras/src/backend/tensorflow"
_DOCS = "https://keras.io/api/metrics/accuracy_metrics/"

_SHARED = (
    defaults().source(f"{_METRICS}: the constructor has name and dtype only"),
    threshold_precision.IN_DTYPE_OF_SCORES.source(
        f"{_METRICS}:12 and :68, comparison in the dtype of y_pred"
    ),
    score_transform.NONE.documented(
        '"You can provide logits of classes as `y_pred`, since argmax of logits and probabilities are same." '
        f"({_DOCS}) - nothing is transformed"
    ),
    label_domain.AS_GIVEN.source(f"{_METRICS}:65"),
    ties.FIRST_OR_ALL.source(
        f"{_BACKEND}/numpy.py argmax and math.py in_top_k; "
        "https://www.tensorflow.org/api_docs/python/tf/math/in_top_k: classes that tie at the top-k boundary are "
        "all in the top k"
    ),
    special_values.AS_NUMBERS.documented(
        '"an implementation of the NumPy API", "exact same numerics" (https://keras.io/keras_3/); '
        '"Returns the indices of the maximum values along an axis." (https://keras.io/api/ops/numpy/)'
    ),
    exclusion.NOTHING.documented(f'"Use `sample_weight` of 0 to mask values." ({_DOCS})'),
    weights.BROADCAST_FLUSHED.documented(
        '"sample_weight: Optional weighting of each example. Can be a tensor whose rank is either 0, or the same rank '
        'as y_true, and must be broadcastable to y_true" (keras/src/metrics/confusion_metrics.py:52); "If '
        f'`sample_weight` is `None`, weights default to 1." ({_DOCS})'
    ),
    statistic.ACCURACY.source(f"{_REDUCTION}:156 (total / count)"),
    unit.SAMPLE_MEAN.source(
        f"{_REDUCTION}:43 (mean over all axes but the first) and :146 (count of samples)"
    ),
    average.POOLED.documented(
        '"two local variables, `total` and `count` ... This frequency is ultimately returned ... divides `total` '
        f'by `count`." ({_DOCS})'
    ),
    accumulation.IN_METRIC_DTYPE.documented(
        f'"dtype: (Optional) data type of the metric result." ({_DOCS}); {_REDUCTION}:125-149'
    ),
    undefined_value.ZERO.source(f"{_REDUCTION}:156 (divide_no_nan)"),
)


def _metric(name: str, *entries: Rule, departs: tuple[Departure, ...] = ()) -> Definition:
    return metric("keras", name, _SHARED, *entries, departures=(*departs, *departures.EVERYWHERE))


ACCURACY = _metric(
    "Accuracy",
    decision_rule.EQUALITY.documented(f'"Calculates how often predictions equal labels." ({_DOCS})'),
    label_domain.AS_NUMBERS.documented(f'"Calculates how often predictions equal labels." ({_DOCS})'),
    shape.SQUEEZED_RANK.source(f"{_METRICS}:11, keras/src/losses/loss.py:119"),
    errors.EQUALITY.source(f"{_METRICS}:9-12: whatever converts to one dtype is compared"),
    departs=(departures.CAST_TARGETS,),
)
BINARY = _metric(
    "BinaryAccuracy",
    defaults(threshold=0.5).documented(f"threshold=0.5 in the signature ({_DOCS})"),
    decision_rule.ABOVE.source(f"{_METRICS}:68 (ops.greater); the documentation does not say on which side"),
    shape.SQUEEZED_RANK.source(f"{_METRICS}:67, keras/src/losses/loss.py:119"),
    errors.THRESHOLD.source(f"{_METRICS}:64-69: only dtypes are in the way"),
    departs=(departures.ROUNDED_THRESHOLD,),
)
CATEGORICAL = _metric(
    "CategoricalAccuracy",
    decision_rule.ARGMAX_LAST.documented(
        f'"Calculates how often predictions match one-hot labels." ({_DOCS}); {_METRICS}:148'
    ),
    label_domain.CLASS_OF_ONE_HOT.documented(
        f'"Calculates how often predictions match one-hot labels." ({_DOCS}); {_METRICS}:130'
    ),
    shape.ONE_HOT_RANK.source(f"{_METRICS}:140-156"),
    errors.ONE_HOT.source(f"{_METRICS}:130 and :148: argmax needs numbers and a class"),
    departs=(departures.CONFUSED_ONE_HOT_CLASSES, *departures.IN_ARGMAX),
)
SPARSE = _metric(
    "SparseCategoricalAccuracy",
    decision_rule.ARGMAX_LAST.documented(
        f'"Calculates how often predictions match integer labels." ({_DOCS}); {_METRICS}:234'
    ),
    label_domain.AS_NUMBERS.documented(f'"Calculates how often predictions match integer labels." ({_DOCS})'),
    shape.SPARSE_RANK.source(f"{_METRICS}:225-245"),
    errors.SPARSE.source(f"{_METRICS}:234: argmax needs numbers and a class"),
    departs=(departures.CONFUSED_CLASSES, *departures.IN_ARGMAX),
)
TOP_K = _metric(
    "TopKCategoricalAccuracy",
    defaults(top_k=5).documented(f'"k: ... Defaults to `5`." ({_DOCS})'),
    decision_rule.TOP_K_LAST.documented(
        f'"Computes how often targets are in the top `K` predictions." ({_DOCS})'
    ),
    label_domain.CLASS_OF_CAST_ONE_HOT.source(f"{_METRICS}:307-308"),
    shape.FLAT_SAMPLES.source(f"{_METRICS}:313-328"),
    errors.TOP_K.source(f"{_METRICS}:308: argmax needs numbers and a class"),
    departs=(*departures.IN_TOP_K, *departures.IN_ONE_HOT),
)
SPARSE_TOP_K = _metric(
    "SparseTopKCategoricalAccuracy",
    defaults(top_k=5).documented(f'"k: ... Defaults to `5`." ({_DOCS})'),
    decision_rule.TOP_K_LAST.documented(
        f'"Computes how often integer targets are in the top `K` predictions." ({_DOCS})'
    ),
    label_domain.TRUNCATED.documented(
        f'"Computes how often integer targets are in the top `K` predictions." ({_DOCS})'
    ),
    shape.FLAT_SAMPLES.source(f"{_METRICS}:413-434"),
    errors.SPARSE_TOP_K.source(f"{_METRICS}:428: in_top_k needs numbers"),
    departs=(departures.WRAPPED_CLASSES, *departures.IN_TOP_K),
)


CLASSES = (ACCURACY, BINARY, CATEGORICAL, SPARSE, TOP_K, SPARSE_TOP_K)
FUNCTIONS = tuple(
    function(one, name, _METRICS, departures=one.departures)
    for one, name in (
        (BINARY, "binary_accuracy"),
        (CATEGORICAL, "categorical_accuracy"),
        (SPARSE, "sparse_categorical_accuracy"),
        (TOP_K, "top_k_categorical_accuracy"),
        (SPARSE_TOP_K, "sparse_top_k_categorical_accuracy"),
    )
)
