"""What the strings given to keras.Model.compile become, and what evaluate() raises (lines of 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from conformance.adapters.base import Call
from conformance.frameworks.keras import graph
from conformance.frameworks.keras_family.errors import R
from conformance.frameworks.keras_family.feeding import (
    Feeding,
    arrays_of,
    check_arrays,
    check_no_strings,
    traced_arrays,
)
from conformance.frameworks.keras_family.graph import Batch, Kind, Length, Shape
from conformance.frameworks.keras_family.strings import (
    Compile,
    Step,
    accuracies,
    crossentropies,
    named_after,
    raising,
)
from conformance.frameworks.keras_family.ways import OBJECTS, function_of, uses
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Definition, Departure, parametric
from conformance.oracle.numbers import Array
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules import accumulation, threshold_precision, weights

FINDINGS = findings_in(__package__ or "")


_COMPILE = "keras/src/trainers/compile_utils.py"
ADAPTERS = "keras/src/trainers/data_adapters"
_DOCS = "https://keras.io/api/models/model_training_apis/"

BATCH_TAKEN_FOR_CLASSES = FINDINGS["keras-compile-takes-rows-for-classes"]
NO_CROSSENTROPY = FINDINGS["keras-compile-refuses-crossentropy-as-metric"]


def _check_arrays(call: Call) -> None:
    check_arrays(call)
    _check_dataset(call)


def _check_dataset(call: Call) -> None:
    check_no_strings(call, "ValueError")


def _traced_dataset(call: Call) -> Batch:
    """Static shapes of a PyDataset: the batch size is unknown, and what differs between the first two batches."""

    def common(one: Array, other: Array) -> Shape:
        raise_if(not one.ndim or one.ndim != other.ndim, R["batches-differ"], "ValueError")
        pairs = zip(one.shape[1:], other.shape[1:], strict=True)
        return (Length(None), *(Length(a if a == b else None) for a, b in pairs))

    first, second = (arrays_of(update) for update in (call.updates[0], call.updates[:2][-1]))
    raise_if(len(first) != len(second), R["weights-missing"], "ValueError")
    y_pred, y_true, *weight = map(common, first, second)
    return Batch(y_true, y_pred, next(iter(weight), None))


ARRAYS = Feeding(
    "arrays",
    "arrays and a batch_size",
    _check_arrays,
    traced_arrays,
    threshold_precision.FED_AS_FLOAT32.source(
        f"{ADAPTERS}/array_slicing.py:418 (floats to floatx), keras/src/models/functional.py:261"
    ),
    BATCH_TAKEN_FOR_CLASSES,
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
    BATCH_TAKEN_FOR_CLASSES,
)

_WEIGHTED = parametric(weights.AXIS, weights.Broadcast(scalar_weighs_mean=True, flushed=True))

_KERAS = Compile(
    module="keras",
    place=f"{_COMPILE}:33-112",
    metrics=(),
    losses=(),
    feedings={"arrays": ARRAYS, "dataset": DATASET},
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
    step=Step(
        "keras",
        f"{ADAPTERS}, keras/src/losses/losses.py, keras/src/backend/tensorflow/nn.py and trainer.py:90",
        graph.check_loss,
        graph.check_metric,
    ),
)


def strings_of(
    definitions: Mapping[str, Definition],
    suffix: str = "",
    departures: Callable[[Definition], tuple[Departure, ...]] = lambda metric: (),
) -> Compile:
    """Return all strings and objects, which become or are the definitions whose names end in `suffix`.

    Args:
        definitions: those of the metrics.
        suffix: the environment.
        departures: metric -> deviations that it has behind a model as well.
    """
    by_function = {
        function_of(word): definitions[f"keras.metrics.{word.removesuffix('()')}{suffix}"] for word in OBJECTS
    }
    found: Mapping[Kind, Definition] = {
        "binary": by_function["binary_accuracy"],
        "sparse": by_function["sparse_categorical_accuracy"],
        "categorical": by_function["categorical_accuracy"],
    }
    like = found["binary"]
    written = accuracies(lambda batch: found)
    others = (
        named_after(word, by_function[function_of(word)], departures(by_function[function_of(word)]))
        for word in dict.fromkeys(use.word for use in uses())
        if word not in {name.word for name in written}
    )
    metrics = crossentropies(
        "keras.metrics", "BinaryCrossentropy CategoricalCrossentropy SparseCategoricalCrossentropy", like
    )
    losses = crossentropies(
        "keras.losses", "binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy", like
    )
    unnamed = (raising(name, NO_CROSSENTROPY) for name in metrics)
    return replace(_KERAS, metrics=(*written, *others, *unnamed), losses=losses)


KERAS = strings_of(definitions_in(__package__))
