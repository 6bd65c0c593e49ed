"""What the strings given to keras.Model.compile become, and what evaluate() raises (lines of 3.15.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conformance.adapters.base import Call
from conformance.frameworks.keras import graph as keras_graph
from conformance.frameworks.keras_family import strings
from conformance.frameworks.keras_family.errors import BATCHES_DIFFER
from conformance.frameworks.keras_family.feeding import (
    Feeding,
    batch_of,
    check_arrays,
    check_no_strings,
    traced_arrays,
)
from conformance.frameworks.keras_family.graph import Batch, Kind, Spec
from conformance.frameworks.keras_family.strings import Chosen, Compile, Name, Step
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Definition, parametric
from conformance.oracle.reasons import WEIGHTS_MISSING, Raises
from conformance.oracle.rules import accumulation, threshold_precision, weights

FINDINGS = findings_in(__package__ or "")


_COMPILE = "keras/src/trainers/compile_utils.py"
ADAPTERS = "keras/src/trainers/data_adapters"
_DOCS = "https://keras.io/api/models/model_training_apis/"

BATCH_TAKEN_FOR_CLASSES = FINDINGS["keras-compile-takes-rows-for-classes"]
NO_CROSSENTROPY = FINDINGS["keras-compile-refuses-crossentropy-as-metric"]


def _check_arrays(call: Call) -> None:
    check_arrays(call)
    check_no_strings(call, "ValueError")


def _check_dataset(call: Call) -> None:
    check_no_strings(call, "ValueError")


def _traced_dataset(call: Call) -> Batch:
    """Static shapes of a PyDataset: the batch size is unknown, and what differs between the first two batches."""
    first, second = (
        batch_of(update, lambda array: Spec(array.shape))
        for update in (call.updates[0], call.updates[:2][-1])
    )

    def common(one: Spec, other: Spec) -> Spec:
        if not one.rank or one.rank != other.rank:
            raise Raises(BATCHES_DIFFER, "ValueError")
        pairs = zip(one.static[1:], other.static[1:], strict=True)
        return Spec((None, *(a if a == b else None for a, b in pairs)))

    if (first.sample_weight is None) != (second.sample_weight is None):
        raise Raises(WEIGHTS_MISSING, "ValueError")
    weight = None
    if first.sample_weight is not None and second.sample_weight is not None:
        weight = common(first.sample_weight, second.sample_weight)
    return Batch(common(first.y_true, second.y_true), common(first.y_pred, second.y_pred), weight)


ARRAYS = Feeding(
    "arrays",
    "arrays and a batch_size",
    _check_arrays,
    traced_arrays,
    threshold_precision.FED_AS_FLOAT32.source(
        f"{ADAPTERS}/array_slicing.py:418 (floats to floatx), keras/src/models/functional.py:261"
    ),
    empty_without_samples=True,
)
DATASET = Feeding(
    "dataset",
    "a PyDataset of the batches",
    _check_dataset,
    _traced_dataset,
    threshold_precision.SCORES_FED_AS_FLOAT32.source(
        f"{ADAPTERS}/data_adapter_utils.py:177 (dtypes of the first batch), keras/src/models/functional.py:261"
    ),
    suffix=",dataset",
)


def _check_loss(loss: str, batch: Batch, call: Call) -> None:
    keras_graph.check_loss(loss, batch)


def _values(metric: Definition, batch: Batch) -> tuple[Spec, Spec | None]:
    compute = keras_graph.METRICS.get(metric.path)
    return compute(batch) if compute else batch.y_pred, batch.sample_weight


def metric_and_loss_strings(accuracies: Chosen) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """Return the strings that name metrics and those that name losses, given what `accuracy` may become."""
    like = accuracies(strings.ONE_COLUMN)["binary"]
    metrics = strings.crossentropies(
        "keras.metrics",
        "BinaryCrossentropy",
        "CategoricalCrossentropy",
        "SparseCategoricalCrossentropy",
        like=like,
    )
    losses = strings.crossentropies(
        "keras.losses",
        "binary_crossentropy",
        "categorical_crossentropy",
        "sparse_categorical_crossentropy",
        like=like,
    )
    documented = strings.by_shapes("crossentropy", metrics, resolution_only=True)
    return strings.strings(
        accuracies,
        BATCH_TAKEN_FOR_CLASSES,
        strings.raising(documented, NO_CROSSENTROPY),
        strings.by_shapes("crossentropy", losses, BATCH_TAKEN_FOR_CLASSES, resolution_only=True),
    )


def accuracies(metrics: Mapping[str, Definition], suffix: str = "") -> Mapping[Kind, Definition]:
    """Return what `accuracy` may become, given the definitions whose names end in `suffix`."""
    return {
        "binary": metrics[f"keras.metrics.BinaryAccuracy{suffix}"],
        "sparse": metrics[f"keras.metrics.SparseCategoricalAccuracy{suffix}"],
        "categorical": metrics[f"keras.metrics.CategoricalAccuracy{suffix}"],
    }


_ACCURACIES = accuracies(definitions_in(__package__))
_METRICS, _LOSSES = metric_and_loss_strings(lambda batch: _ACCURACIES)

_WEIGHTED = parametric(weights.AXIS, weights.Broadcast(scalar_weighs_mean=True, flushed=True))

KERAS = Compile(
    module="keras",
    place=f"{_COMPILE}:33-112",
    metrics=_METRICS,
    losses=_LOSSES,
    feedings=(ARRAYS, DATASET),
    weights={
        "metrics": weights.UNUSED.documented(
            '"The metrics passed here are evaluated without sample weighting; if you would like sample weighting to '
            f'apply, you can specify your metrics via the `weighted_metrics` argument instead." ({_DOCS})'
        ),
        "weighted_metrics": _WEIGHTED.documented(
            '"weighted_metrics: List of metrics to be evaluated and weighted by `sample_weight` or `class_weight` '
            f'during training and testing." ({_DOCS})'
        ),
    },
    accumulation=accumulation.PYTHON_FLOAT.source(
        "keras/src/metrics/reduction_metrics.py:125-149, keras/src/utils/python_utils.py pythonify_logs"
    ),
    refusals=Step(
        "keras",
        f"{ADAPTERS}, keras/src/losses/losses.py, keras/src/backend/tensorflow/nn.py and trainer.py:90",
        _check_loss,
        _values,
        keras_graph.check_weights,
    ).refusals,
)


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the compile entries."""
    yield from KERAS.definitions()
