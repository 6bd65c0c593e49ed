"""What the strings given to keras.Model.compile become, and what evaluate() raises (lines of 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import graph
from conformance.frameworks.keras_family.class_weight import by_class, weights_of
from conformance.frameworks.keras_family.conditions import always, outputs_not_float32
from conformance.frameworks.keras_family.errors import NOT_FLOAT32, R
from conformance.frameworks.keras_family.feeding import (
    Feeding,
    arrays_of,
    batch_by_batch,
    check_arrays,
    check_first_batch,
    check_no_strings,
    first_batch,
    model_output,
    traced_arrays,
)
from conformance.frameworks.keras_family.graph import Batch, Kind, Length, Shape
from conformance.frameworks.keras_family.masks import Masks, meeting
from conformance.frameworks.keras_family.strings import (
    Compile,
    Step,
    accuracies,
    becomes,
    crossentropies,
    named_after,
    raising,
)
from conformance.frameworks.keras_family.ways import OBJECTS, Feed, Use, function_of, uses
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Behaviour, Definition, Departure, Raising, Rule, parametric
from conformance.oracle.numbers import Array
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules import accumulation, threshold_precision, unit, weights
from conformance.oracle.stages import Precision, Weigh

FINDINGS = findings_in(__package__ or "")


_COMPILE = "keras/src/trainers/compile_utils.py"
ADAPTERS = "keras/src/trainers/data_adapters"
_DOCS = "https://keras.io/api/models/model_training_apis/"

BATCH_TAKEN_FOR_CLASSES = FINDINGS["keras-compile-takes-rows-for-classes"]
OF_SEQUENCES = FINDINGS["keras-class-weight-raises-for-sequences"]
RUNNING = FINDINGS["keras-on-batch-methods-return-running-values"]
FLOAT32_ONLY = FINDINGS["keras-top-k-takes-float32-only"]
THRESHOLD_CAST = FINDINGS["keras-threshold-is-cast-to-the-dtype-of-scores"]
PAIRED = FINDINGS["keras-losses-of-outputs-are-paired-in-alphabetical-order"]
SWAPPED = FINDINGS["keras-metrics-of-outputs-take-targets-in-alphabetical-order"]
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


def _fed_by_batch(update: Update, call: Call) -> Update:
    """Every batch has its own dtypes; the model casts scores to that of its outputs and fits them to its input."""
    fed = threshold_precision.as_output(update.y_pred, call)
    return replace(update, y_pred=model_output(fed, call.updates[0].y_pred.shape))


BY_BATCH = Behaviour[Precision](
    threshold_precision.AXIS,
    "scores-fed-as-float32-by-batch",
    "The model gives scores in float32, or in the 16 bits of those of the first batch; the targets of every batch keep "
    "their own dtype.",
    replace(threshold_precision.SCORES_FED_AS_FLOAT32.apply, prepare=_fed_by_batch),
)
ON_BATCH = Feeding(
    "on-batch",
    "one batch after the other",
    check_first_batch,
    first_batch,
    BY_BATCH.source(
        "keras/src/models/functional.py:261 and :288, keras/src/backend/tensorflow/trainer.py:600-656"
    ),
    BATCH_TAKEN_FOR_CLASSES,
    runs=batch_by_batch,
)

FEEDINGS: Mapping[Feed, Feeding] = {"arrays": ARRAYS, "dataset": DATASET, "on-batch": ON_BATCH}


def weighted(feeding: Feeding, update: Update, call: Call) -> Update:
    """Return the update with the weights of its classes (data_adapter_utils.py:117).

    Raises:
        Raises: there are weights of samples, too, or no classes.
    """
    raise_if(update.sample_weight is not None, R["class-weight-and-sample-weight"], "ValueError")
    return replace(update, sample_weight=weights_of(update.y_true, call, other=1.0).astype("float32"))


def comparing(feeding: Feeding, threshold: Behaviour[Precision]) -> Rule[Precision]:
    """Return what feeding does to dtypes, where scores are compared with a threshold in another way."""
    fed = feeding.precision.behaviour
    behaviour = replace(
        fed,
        name=f"{fed.name}-{threshold.name}",
        says=f"{fed.says} {threshold.says}",
        apply=replace(fed.apply, compare=threshold.apply.compare),
    )
    return replace(feeding.precision, behaviour=behaviour)


def _deviations(use: Use) -> tuple[Departure, ...]:
    found = (
        (Departure(OF_SEQUENCES, Raising(R["class-per-sample"]), _sequences_weighed),)
        if use.way.trains
        else ()
    )
    if use.feed == "on-batch":
        return (
            *found,
            Departure(RUNNING, Amendment.of(accumulation.AXIS, reported="running"), always, "<3.15"),
        )
    return found


def _sequences_weighed(call: Call, parameters: Mapping[str, Any]) -> bool:
    return call.class_weight is not None and any(update.y_true.ndim > 2 for update in call.updates)


_WEIGHTED = parametric(weights.AXIS, weights.Broadcast(scalar_weighs_mean=True, flushed=True))

_WEIGHTED_METRICS = (
    '"weighted_metrics: List of metrics to be evaluated and weighted by `sample_weight` or `class_weight` '
    f'during training and testing." ({_DOCS})'
)


def weighing_classes(weigh: Rule[Weigh]) -> Rule[Weigh]:
    """Return the rule by which class_weight weighs, too, of training data alone."""
    return by_class(
        weigh,
        partial(weighted, ARRAYS),
        f'"class_weight: ... used for weighting the loss function (during training only)" ({_DOCS}); {weigh.place}',
    )


_KERAS = Compile(
    module="keras",
    place=f"{_COMPILE}:33-112",
    metrics=(),
    losses=(),
    feedings=FEEDINGS,
    weights={
        "metrics": weights.UNUSED.documented(
            '"The metrics passed here are evaluated without sample weighting; if you would like sample weighting to '
            f'apply, you can specify your metrics via the `weighted_metrics` argument instead." ({_DOCS})'
        ),
        "weighted_metrics": _WEIGHTED.documented(_WEIGHTED_METRICS),
    },
    by_class=weighing_classes(_WEIGHTED.documented(_WEIGHTED_METRICS)),
    also=_deviations,
    accumulation=accumulation.PYTHON_FLOAT.source(
        "keras/src/metrics/reduction_metrics.py:125-149, keras/src/utils/python_utils.py pythonify_logs"
    ),
    step=Step(
        "keras",
        f"{ADAPTERS}, keras/src/losses/losses.py, keras/src/backend/tensorflow/nn.py and trainer.py:90",
        graph.check_loss,
        graph.check_metric,
        weighted,
    ),
)

#: Before Keras 3.12, apply_mask() was called only where there were weights.
MASK_IGNORED = Departure(
    FINDINGS["keras-metrics-ignore-the-mask"],
    Amendment.of(weights.AXIS, only_weighted=True),
    always,
    "<3.12",
)


def _same_rank(mask: Array, weight: Array) -> tuple[Array, Array]:
    """Squeeze or expand a last dimension of 1 where ranks differ by one (losses/loss.py:119)."""
    if mask.ndim == weight.ndim + 1 and mask.shape[-1] == 1:
        return (mask, weight[:, None]) if weight.ndim == 1 else (mask[..., 0], weight)
    if weight.ndim == mask.ndim + 1 and weight.shape[-1] == 1:
        return (mask[:, None], weight) if mask.ndim == 1 else (mask, weight[..., 0])
    return mask, weight


MASKS = Masks(
    "keras/src/metrics/reduction_metrics.py:202-208, keras/src/losses/loss.py:197-226",
    _same_rank,
    _WEIGHTED.source("keras/src/metrics/reduction_metrics.py:10-49"),
    (MASK_IGNORED, *meeting(FINDINGS["keras-weights-of-samples-meet-the-timesteps-of-a-mask"])),
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
    wrapped = partial(by_function["binary_accuracy"].overlaid, f"keras.metrics.MeanMetricWrapper{suffix}")
    mean = wrapped(
        "The share of elements with a score above the threshold and a positive target, or another score and a"
        " negative one.",
        unit.ELEMENT.source("keras/src/metrics/reduction_metrics.py:149 (a scalar counts as one)"),
    )
    functions = (
        replace(becomes("function", lambda batch: mean), reported="mean"),
        becomes("function,per sample", lambda batch: wrapped(mean.says)),
    )
    others = (
        named_after(word, by_function[function_of(word)], departures(by_function[function_of(word)]))
        for word in dict.fromkeys(use.word for use in uses())
        if word not in {name.word for name in (*written, *functions)}
    )
    metrics = crossentropies(
        "keras.metrics", "BinaryCrossentropy CategoricalCrossentropy SparseCategoricalCrossentropy", like
    )
    losses = crossentropies(
        "keras.losses", "binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy", like
    )
    unnamed = (raising(name, NO_CROSSENTROPY) for name in metrics)
    return replace(_KERAS, metrics=(*written, *others, *functions, *unnamed), losses=losses)


_TRAINER = "keras/src/backend/tensorflow/trainer.py"
_FLOAT32 = accumulation.PYTHON_FLOAT.source(f"{_TRAINER}:630 of 3.13.2 (np.array)", "<3.14").amended(
    result="float32"
)
_FLOAT = accumulation.PYTHON_FLOAT.source(f"{_TRAINER}:630 (pythonify_logs)", ">=3.14")
_TRACED_TWICE = Departure(
    FINDINGS["keras-test-on-batch-raises-at-first"],
    Raising(R["no-second-batch"]),
    lambda call, parameters: bool(call.updates),
    "<3.7",
)


def _deviations_on_tensorflow(use: Use) -> tuple[Departure, ...]:
    cast = comparing(FEEDINGS[use.feed], threshold_precision.THRESHOLD_THROUGH_FLOAT32)
    found = (*_deviations(use), Departure(THRESHOLD_CAST, cast, outputs_not_float32, "<3.9"))
    if "top_k" in function_of(use.word):
        found = (*found, Departure(FLOAT32_ONLY, Raising(NOT_FLOAT32), outputs_not_float32))
    return (*found, _TRACED_TWICE) if use.way.method == "test_on_batch" else found


KERAS = replace(
    strings_of(definitions_in(__package__)),
    alone=(_FLOAT32, _FLOAT),
    also=_deviations_on_tensorflow,
)
