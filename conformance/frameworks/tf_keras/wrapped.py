"""The functions that strings given to tf_keras.Model.compile become, as compile() wraps and averages them."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.frameworks.keras.graph import Kind
from conformance.frameworks.tf_keras import definitions as tf_keras
from conformance.frameworks.tf_keras import departures
from conformance.frameworks.tf_keras import shape as shape_tf_keras
from conformance.frameworks.tf_keras.departures import BASE, LOSSES, METRICS
from conformance.oracle.model import Behaviour, Definition, Departure, Rule
from conformance.oracle.rules import label_domain, log_loss, unit_parts, weights

_COMPILE = "tf_keras/src/engine/compile_utils.py"
_FUNCTIONS = "tf_keras/src/losses.py"
_BACKEND = "tf_keras/src/backend.py"


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


def _crossentropy(function: str, says: str, cost: Rule, labels: Rule, shape: Behaviour) -> Definition:
    return _wrapped(
        tf_keras.ACCURACY.overlaid(f"tf_keras.metrics.{function}", says),
        function,
        cost,
        labels,
        shape.source(f"{_COMPILE}:843, {LOSSES}:163, {_BACKEND}:5757-5798"),
    )


def _crossentropies(shape: Behaviour, numbers: Behaviour) -> Mapping[Kind, Definition]:
    as_given = label_domain.AS_GIVEN.source(f"{_BACKEND}:5594 and 5832: targets are multiplied")
    return {
        "binary": _crossentropy(
            "binary_crossentropy",
            "The mean cost of scores beside targets of 0 and 1.",
            log_loss.BINARY_EPSILON_ADDED.source(
                f"{_BACKEND}:5828-5834, {_FUNCTIONS}:2531, tensorflow/core/grappler/optimizers/constant_folding.cc"
            ),
            as_given,
            shape,
        ),
        "categorical": _crossentropy(
            "categorical_crossentropy",
            "The mean cost of rows of scores beside one-hot targets.",
            log_loss.CATEGORICAL.source(f"{_BACKEND}:5589-5594"),
            as_given,
            shape,
        ),
        "sparse": _crossentropy(
            "sparse_categorical_crossentropy",
            "The mean cost of rows of scores beside class numbers.",
            log_loss.SPARSE.source(f"{_BACKEND}:5732-5783"),
            label_domain.CUT_OFF.source(f"{_BACKEND}:5727"),
            numbers,
        ),
    }


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
CROSSENTROPIES = _crossentropies(shape_tf_keras.MATCHED, shape_tf_keras.MATCHED_NUMBERS)
CROSSENTROPIES_UNKNOWN = _crossentropies(
    shape_tf_keras.MATCHED_UNKNOWN, shape_tf_keras.MATCHED_NUMBERS_UNKNOWN
)
