"""The functions that strings given to tf_keras.Model.compile become, as compile() wraps and averages them."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.frameworks.keras.graph import Kind
from conformance.frameworks.keras_family.names import without_value
from conformance.frameworks.tf_keras import definitions as tf_keras
from conformance.frameworks.tf_keras import departures
from conformance.frameworks.tf_keras import shape as shape_tf_keras
from conformance.frameworks.tf_keras.departures import BASE, LOSSES, METRICS
from conformance.oracle.model import Behaviour, Definition, Departure, Rule
from conformance.oracle.rules import unit_parts, weights

_COMPILE = "tf_keras/src/engine/compile_utils.py"


def _wrapped(
    metric: Definition, function: str, *entries: Rule, once: Behaviour = unit_parts.PART_COUNTED_ONCE
) -> Definition:
    place = f"{_COMPILE}:718 (MeanMetricWrapper), {BASE}:511-540"
    return metric.overlaid(
        f"tf_keras.metrics.{function}",
        f"{metric.says} The values of the function are averaged.",
        *entries,
        departures=(Departure(departures.WEIGHTS_COUNTED_ONCE, once.source(place), departures.weighted),),
    )


def _binary_accuracy(shape: Behaviour) -> Definition:
    return _wrapped(
        tf_keras.BINARY,
        "binary_accuracy",
        shape.source(f"{_COMPILE}:843, {LOSSES}:163"),
        weights.PER_MEAN_OR_PART.source(f"{BASE}:496-523"),
        unit_parts.LAST_AXIS_MEAN.source(f"{METRICS}:394 (mean over the last axis), {BASE}:506-535"),
        once=unit_parts.LAST_AXIS_MEAN_COUNTED_ONCE,
    )


def _accuracy(metric: Definition, function: str, shape: Behaviour) -> Definition:
    return _wrapped(metric, function, shape.source(f"{_COMPILE}:843, {LOSSES}:163, {METRICS}:462"))


#: Where the last dimension of the predictions is known while the graph is traced, and where it is not.
ACCURACIES: Mapping[Kind, Definition] = {
    "binary": _binary_accuracy(shape_tf_keras.MATCHED),
    "categorical": _accuracy(tf_keras.CATEGORICAL, "categorical_accuracy", shape_tf_keras.MATCHED_CLASSES),
    "sparse": _accuracy(
        tf_keras.SPARSE, "sparse_categorical_accuracy", shape_tf_keras.MATCHED_CLASSES_SQUEEZED
    ),
}
ACCURACIES_UNKNOWN: Mapping[Kind, Definition] = {
    "binary": _binary_accuracy(shape_tf_keras.MATCHED_UNKNOWN),
    "categorical": _accuracy(
        tf_keras.CATEGORICAL, "categorical_accuracy", shape_tf_keras.MATCHED_CLASSES_UNKNOWN
    ),
    "sparse": _accuracy(
        tf_keras.SPARSE, "sparse_categorical_accuracy", shape_tf_keras.MATCHED_CLASSES_UNKNOWN
    ),
}
CROSSENTROPIES: Mapping[Kind, Definition] = {
    "binary": without_value("tf_keras.metrics.binary_crossentropy", tf_keras.ACCURACY),
    "categorical": without_value("tf_keras.metrics.categorical_crossentropy", tf_keras.ACCURACY),
    "sparse": without_value("tf_keras.metrics.sparse_categorical_crossentropy", tf_keras.ACCURACY),
}
