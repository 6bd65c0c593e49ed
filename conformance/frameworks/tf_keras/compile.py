"""What the strings given to tf_keras.Model.compile become, and what evaluate() raises (lines of 2.21.0).

They become functions, which compile() wraps and averages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conformance.adapters.base import Call
from conformance.frameworks.keras_family.conditions import WEIGHTED
from conformance.frameworks.keras_family.errors import R
from conformance.frameworks.keras_family.feeding import (
    Feeding,
    check_arrays,
    check_no_strings,
    traced_arrays,
)
from conformance.frameworks.keras_family.graph import Batch, Kind, Length, batch_of
from conformance.frameworks.keras_family.strings import (
    Compile,
    Name,
    Step,
    accuracies,
    becomes,
    crossentropies,
)
from conformance.frameworks.keras_family.ways import function_of, uses
from conformance.frameworks.tf_keras import graph, shape
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Behaviour, Definition, Departure, Rule
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules import accumulation, threshold_precision, unit, weights
from conformance.oracle.stages import Alignment, MakeUnits

FINDINGS = findings_in(__package__ or "")


_COMPILE = "tf_keras/src/engine/compile_utils.py"
_FEEDING = "tf_keras/src/engine/data_adapter.py"
_FUNCTIONAL = "tf_keras/src/engine/functional.py"
_METRICS = "tf_keras/src/metrics/accuracy_metrics.py"
_BASE = "tf_keras/src/metrics/base_metric.py"
_LOSSES = "tf_keras/src/utils/losses_utils.py"
_DOCS = "https://www.tensorflow.org/api_docs/python/tf/keras/Model#compile"

BATCH_TAKEN_FOR_CLASSES = FINDINGS["tf-keras-compile-takes-rows-for-classes"]
WEIGHTS_COUNTED_ONCE = FINDINGS["tf-keras-accuracy-above-one-with-broadcast-weights"]
SHAPES_UNSEEN = FINDINGS["tf-keras-compile-does-not-see-the-shapes-of-a-sequence"]


_DEFINITIONS = definitions_in(__package__)


# Feeding.


def _check_batches(call: Call) -> None:
    check_no_strings(call)
    raise_if(len({update.sample_weight is None for update in call.updates}) > 1, R["weights-missing"])


def _check_arrays(call: Call) -> None:
    check_arrays(call)
    _check_batches(call)
    raise_if(not any(len(update.y_pred) for update in call.updates), R["no-samples"], "ValueError")


def _traced_sequence(call: Call) -> Batch:
    """Static shapes of a Sequence: only the ranks of its first batch."""
    return batch_of(call.updates[0], lambda array: tuple(Length(None, length) for length in array.shape))


ARRAYS = Feeding(
    "arrays",
    "arrays and a batch_size",
    _check_arrays,
    traced_arrays,
    threshold_precision.ALL_IN_METRIC_DTYPE.source(
        f"{_FEEDING}:1163 (floats to floatx), {_FUNCTIONAL}:771, {_BASE}:707-708"
    ),
    BATCH_TAKEN_FOR_CLASSES,
)
SEQUENCE = Feeding(
    "sequence",
    "a Sequence of the batches",
    _check_batches,
    _traced_sequence,
    threshold_precision.ALL_IN_DTYPES_OF_FIRST_BATCH.source(
        f"{_FEEDING}:894 (dtypes and ranks of the first batch), {_FUNCTIONAL}:771, {_BASE}:707-708"
    ),
    SHAPES_UNSEEN,
)


# The functions, as compile() wraps them.


def _wrapped(
    metric: Definition,
    function: str,
    shaping: Behaviour[Alignment],
    *entries: Rule,
    once: Behaviour[MakeUnits] = unit.PART_COUNTED_ONCE,
) -> Definition:
    place = f"{_COMPILE}:718 (MeanMetricWrapper), {_BASE}:511-540"
    return metric.overlaid(
        f"tf_keras.metrics.{function}",
        f"{metric.says} The values of the function are averaged.",
        shaping.source(f"{_COMPILE}:843, {_LOSSES}:163, {_METRICS}:462"),
        *entries,
        departures=(Departure(WEIGHTS_COUNTED_ONCE, once.source(place), WEIGHTED),),
    )


def _accuracies(
    binary: Behaviour[Alignment], categorical: Behaviour[Alignment], sparse: Behaviour[Alignment], named: bool
) -> Mapping[Kind, Definition]:
    """Return what `accuracy` may become, as functions or, `named` so, as classes."""

    def path(name: str) -> str:
        return name if named else function_of(name)

    return {
        "binary": _wrapped(
            _DEFINITIONS["tf_keras.metrics.BinaryAccuracy"],
            path("BinaryAccuracy"),
            binary,
            weights.PER_MEAN_OR_PART.source(f"{_BASE}:496-523"),
            unit.LAST_AXIS_MEAN.source(f"{_METRICS}:394 (mean over the last axis), {_BASE}:506-535"),
            once=unit.LAST_AXIS_MEAN_COUNTED_ONCE,
        ),
        "categorical": _wrapped(
            _DEFINITIONS["tf_keras.metrics.CategoricalAccuracy"], path("CategoricalAccuracy"), categorical
        ),
        "sparse": _wrapped(
            _DEFINITIONS["tf_keras.metrics.SparseCategoricalAccuracy"],
            path("SparseCategoricalAccuracy"),
            sparse,
        ),
    }


_SHAPED = (shape.MATCHED, shape.MATCHED_CLASSES, shape.MATCHED_CLASSES_SQUEEZED)
_UNSHAPED = (shape.MATCHED_UNKNOWN, shape.MATCHED_CLASSES_UNKNOWN, shape.MATCHED_CLASSES_UNKNOWN)
_KNOWN, _UNKNOWN = (_accuracies(*shaping, named=False) for shaping in (_SHAPED, _UNSHAPED))
_KNOWN_CLASSES, _UNKNOWN_CLASSES = (_accuracies(*shaping, named=True) for shaping in (_SHAPED, _UNSHAPED))

#: Class -> how shapes are aligned, of those that no string chooses by shapes.
_OTHERS: Mapping[str, Behaviour[Alignment]] = {
    "Accuracy": shape.MATCHED_EQUAL,
    "TopKCategoricalAccuracy": shape.MATCHED_FLAT_SAMPLES,
    "SparseTopKCategoricalAccuracy": shape.MATCHED_FLAT_SAMPLES,
}


def _chosen(batch: Batch) -> Mapping[Kind, Definition]:
    """Return what `accuracy` may become: whether scores are squeezed depends on what is known of their shape."""
    return _UNKNOWN if batch.y_pred[-1].known is None else _KNOWN


def _chosen_class(batch: Batch) -> Mapping[Kind, Definition]:
    """Return the same as classes."""
    return _UNKNOWN_CLASSES if batch.y_pred[-1].known is None else _KNOWN_CLASSES


def _named(word: str) -> Name:
    """Return a string or an object that is named after one metric."""
    name = word.removesuffix("()")
    kinds = {metric.path.rpartition(".")[2]: kind for kind, metric in _KNOWN_CLASSES.items()}
    if name in kinds:
        return becomes(word, lambda batch: _chosen_class(batch)[kinds[name]])
    of_class = next(known for known in _OTHERS if function_of(known) == function_of(word))
    metric = _wrapped(_DEFINITIONS[f"tf_keras.metrics.{of_class}"], name, _OTHERS[of_class])
    return becomes(word, lambda batch: metric)


_WRITTEN = accuracies(_chosen)
_NAMED = tuple(
    _named(word)
    for word in dict.fromkeys(use.word for use in uses())
    if word not in {name.word for name in _WRITTEN}
)
_CROSSENTROPIES = crossentropies(
    "tf_keras.metrics",
    "binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy",
    like=_DEFINITIONS["tf_keras.metrics.Accuracy"],
)

TF_KERAS = Compile(
    module="tf_keras",
    place=f"{_COMPILE}:664-719",
    metrics=(*_WRITTEN, *_NAMED, *_CROSSENTROPIES),
    losses=tuple(replace(name, says="It names no loss.", really=None) for name in _CROSSENTROPIES),
    feedings={"arrays": ARRAYS, "dataset": SEQUENCE},
    weights={
        "metrics": weights.UNUSED.documented(
            '"The metrics passed here are evaluated without sample weighting; if you would like sample weighting '
            f'to apply, you can specify your metrics via the `weighted_metrics` argument instead." ({_DOCS})'
        )
    },
    accumulation=accumulation.PYTHON_FLOAT.source(
        f"{_BASE}:525-557, tf_keras/src/utils/tf_utils.py sync_to_numpy_or_python_type"
    ),
    step=Step(
        "tf-keras",
        f"{_FEEDING}, tf_keras/src/engine/training.py:1889, tf_keras/src/losses.py, tf_keras/src/backend.py",
        graph.check_loss,
        graph.check_metric,
    ),
)
