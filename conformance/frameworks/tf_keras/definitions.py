"""What Keras 2 claims: the accuracy metrics of tf_keras/src/metrics/accuracy_metrics.py (line numbers of 2.21.0)."""

from __future__ import annotations

from conformance.frameworks.keras_family.definitions import function, metric
from conformance.frameworks.tf_keras import departures, errors
from conformance.frameworks.tf_keras import shape as shape_tf_keras
from conformance.frameworks.tf_keras.departures import BASE, DOCS, LOSSES, MATCHES, METRICS
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
    unit_parts,
    weights,
)
from conformance.oracle.rules.default_parameter import defaults

_SHARED = (
    defaults().source(f"{METRICS}: the constructor has name and dtype only"),
    threshold_precision.LABELS_AS_NUMBERS.documented(
        f'"dtype: (Optional) data type of the metric result." ({DOCS}/Accuracy) - of the result, not of the data'
    ),
    score_transform.NONE.documented(
        '"You can provide logits of classes as `y_pred`, since argmax of logits and probabilities are same." '
        f"({DOCS}/CategoricalAccuracy) - nothing is transformed"
    ),
    label_domain.AS_GIVEN.source(f"{METRICS}:362 and {MATCHES}:934: targets are compared, not converted"),
    ties.FIRST_OR_ALL.documented(
        '"In case of identity returns the smallest index." '
        "(https://www.tensorflow.org/api_docs/python/tf/math/argmax); "
        '"if multiple classes have the same prediction value and straddle the top-k boundary, all of those classes are '
        'considered to be in the top k" (https://www.tensorflow.org/api_docs/python/tf/math/in_top_k)'
    ),
    special_values.NAN_LOSES_ZEROS_EQUAL.source(
        "tensorflow/core/kernels/argmax_op.cc (a NaN is never greater), tensorflow/core/kernels/in_topk_op.h (a sample "
        "with a non-finite score cannot say), tensorflow/core/platform/denormal.h (subnormals are flushed to zero)"
    ),
    exclusion.NOTHING.documented(f'"Use `sample_weight` of 0 to mask values." ({DOCS}/Accuracy)'),
    weights.PER_ELEMENT_OR_PART.documented(
        '"If `sample_weight` is a tensor of size `[batch_size]`, then the metric for each sample of the batch is '
        "rescaled ... If the shape of `sample_weight` is `[batch_size, d0, .. dN-1]` (or can be broadcasted to this "
        f'shape), then each metric element of `y_pred` is scaled" ({DOCS}/MeanMetricWrapper); {LOSSES}:212, {BASE}:506'
    ),
    statistic.ACCURACY.source(f"{BASE}:557 (total / count)"),
    unit_parts.PART.source(f"{BASE}:506-535 (mean over the axes that weights lack; else every element)"),
    average.POOLED.documented(
        '"two local variables, `total` and `count` ... This frequency is ultimately returned ... divides `total` by '
        f'`count`." ({DOCS}/Accuracy)'
    ),
    accumulation.IN_METRIC_DTYPE.documented(
        f'"dtype: (Optional) data type of the metric result." ({DOCS}/Accuracy); {BASE}:525-548'
    ),
    undefined_value.ZERO.source(f"{BASE}:557 (divide_no_nan)"),
    errors.NUMBERS.source(f"{BASE}:707-708 (tf.cast to the metric's dtype)"),
)


def _metric(name: str, *entries: Rule, departs: tuple[Departure, ...] = ()) -> Definition:
    return metric("tf_keras", name, _SHARED, *entries, departures=(*departures.OF_CLASSES, *departs))


ACCURACY = _metric(
    "Accuracy",
    decision_rule.EQUALITY.documented(f'"Calculates how often predictions equal labels." ({DOCS}/Accuracy)'),
    shape_tf_keras.EQUAL.source(f"{METRICS}:361 (assert_is_compatible_with), {LOSSES}:163"),
)
BINARY = _metric(
    "BinaryAccuracy",
    defaults(threshold=0.5).documented(f"threshold=0.5 in the signature ({DOCS}/BinaryAccuracy)"),
    decision_rule.ABOVE.source(
        f"{MATCHES}:933 (y_pred > threshold); the documentation does not say on which side"
    ),
    shape_tf_keras.SQUEEZED.source(f"{MATCHES}:934 (tf.equal broadcasts), {LOSSES}:163"),
    departs=departures.BINARY_METRIC,
)
CATEGORICAL = _metric(
    "CategoricalAccuracy",
    decision_rule.ARGMAX_LAST.documented(
        f'"Calculates how often predictions match one-hot labels." ({DOCS}/CategoricalAccuracy)'
    ),
    label_domain.CLASS_OF_ONE_HOT.source(f"{METRICS}:170"),
    errors.ONE_HOT.source(f"{METRICS}:170 (tf.argmax needs a class axis)"),
    shape_tf_keras.CLASSES_AFTER_SQUEEZE.source(f"{MATCHES}:953-973, {LOSSES}:163"),
)
SPARSE = _metric(
    "SparseCategoricalAccuracy",
    decision_rule.ARGMAX_LAST.documented(
        f'"np.equal(y_true, np.argmax(y_pred, axis=1))" ({DOCS}/SparseCategoricalAccuracy)'
    ),
    shape_tf_keras.CLASSES.documented(
        '"y_true: ... shape = `[batch_size, d0, .. dN-1]` or shape = `[batch_size, d0, .. dN-1, 1]`. y_pred: ... '
        f'shape = `[batch_size, d0, .. dN]`." ({METRICS}:236)'
    ),
    departs=departures.ONE_COLUMN,
)
TOP_K = _metric(
    "TopKCategoricalAccuracy",
    defaults(top_k=5).documented(f'"k: ... Defaults to `5`." ({DOCS}/TopKCategoricalAccuracy)'),
    decision_rule.TOP_K_LAST.documented(
        f'"Computes how often targets are in the top `K` predictions." ({DOCS}/TopKCategoricalAccuracy)'
    ),
    label_domain.CLASS_OF_ONE_HOT.source(f"{METRICS}:296"),
    errors.ONE_HOT.source(f"{METRICS}:296 (tf.argmax needs a class axis)"),
    shape_tf_keras.FLAT_SAMPLES_AFTER_SQUEEZE.source(f"{MATCHES}:994-1014, {LOSSES}:163"),
    departs=departures.TOP_K_METRIC,
)
SPARSE_TOP_K = _metric(
    "SparseTopKCategoricalAccuracy",
    defaults(top_k=5).documented(f'"k: ... Defaults to `5`." ({DOCS}/SparseTopKCategoricalAccuracy)'),
    decision_rule.TOP_K_LAST.documented(
        f'"Computes how often integer targets are in the top `K` predictions." ({DOCS}/SparseTopKCategoricalAccuracy)'
    ),
    label_domain.TRUNCATED.source(f"{MATCHES}:1007"),
    shape_tf_keras.FLAT_SAMPLES.documented(
        '"y_true: ... shape = `[batch_size, d0, .. dN-1]` or shape = `[batch_size, d0, .. dN-1, 1]`. y_pred: ... '
        f'shape = `[batch_size, d0, .. dN]`." ({METRICS}:236)'
    ),
    departs=(*departures.ONE_COLUMN_TOP_K, *departures.TOP_K_METRIC),
)


def _function(of: Definition, name: str, *entries: Rule, departs: tuple[Departure, ...] = ()) -> Definition:
    return function(of, name, METRICS, *entries, departures=departs)


CLASSES = (ACCURACY, BINARY, CATEGORICAL, SPARSE, TOP_K, SPARSE_TOP_K)
FUNCTIONS = (
    _function(
        BINARY,
        "binary_accuracy",
        label_domain.IN_DTYPE_OF_PREDICTIONS.source(
            f"{MATCHES}:934 (tf.equal converts an array to the dtype of the tensor that it is compared with)"
        ),
        shape_tf_keras.BROADCAST.source(f"{MATCHES}:934 (tf.equal broadcasts)"),
        unit_parts.LAST_AXIS_MEAN.documented(
            f'"Binary accuracy values. shape = `[batch_size, d0, .. dN-1]`" ({DOCS}/binary_accuracy)'
        ),
        errors.BINARY_FUNCTION.source(f"{MATCHES}:932-934"),
        departs=departures.BINARY_FUNCTION,
    ),
    _function(
        CATEGORICAL,
        "categorical_accuracy",
        shape_tf_keras.CLASSES_UNSQUEEZED.source(f"{MATCHES}:953-973"),
    ),
    _function(
        SPARSE,
        "sparse_categorical_accuracy",
        shape_tf_keras.CLASSES_SQUEEZED.source(f"{METRICS}:462, {MATCHES}:953-973"),
        errors.SPARSE_FUNCTION.source(f"{MATCHES}:963-970"),
        departs=departures.SPARSE_FUNCTION,
    ),
    _function(
        TOP_K,
        "top_k_categorical_accuracy",
        shape.FLAT_SAMPLES.source(f"{MATCHES}:994-1014"),
        departs=departures.TOP_K_FUNCTION,
    ),
    _function(
        SPARSE_TOP_K,
        "sparse_top_k_categorical_accuracy",
        shape.FLAT_SAMPLES.source(f"{MATCHES}:994-1014"),
        departs=departures.SPARSE_TOP_K_FUNCTION,
    ),
)
