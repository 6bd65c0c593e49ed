"""What the strings given to tf_keras.Model.compile become, and what evaluate() raises (lines of 2.21.0).

They become functions, which compile() wraps and averages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.class_weight import by_class, has_whole_weights, weights_of
from conformance.frameworks.keras_family.conditions import WEIGHTED
from conformance.frameworks.keras_family.errors import R
from conformance.frameworks.keras_family.feeding import (
    Feeding,
    batch_by_batch,
    check_arrays,
    check_first_batch,
    check_no_strings,
    first_batch,
    model_output,
    traced_arrays,
)
from conformance.frameworks.keras_family.graph import Batch, Kind, Length, batch_of
from conformance.frameworks.keras_family.masks import Masks
from conformance.frameworks.keras_family.strings import (
    ONE_COLUMN,
    Chosen,
    Compile,
    Name,
    Step,
    accuracies,
    becomes,
    crossentropies,
)
from conformance.frameworks.keras_family.ways import Use, function_of, uses
from conformance.frameworks.tf_keras import graph, shape
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import (
    Amendment,
    Behaviour,
    Definition,
    Departure,
    Incomposable,
    Raising,
    Rule,
    parametric,
)
from conformance.oracle.numbers import Array, broadcast_shapes, is_float
from conformance.oracle.reasons import Raises, raise_if
from conformance.oracle.rules import accumulation, threshold_precision, unit, weights
from conformance.oracle.stages import Alignment, MakeUnits, Precision, Weigh

FINDINGS = findings_in(__package__ or "")


_COMPILE = "tf_keras/src/engine/compile_utils.py"
_FEEDING = "tf_keras/src/engine/data_adapter.py"
_FUNCTIONAL = "tf_keras/src/engine/functional.py"
_METRICS = "tf_keras/src/metrics/accuracy_metrics.py"
_BASE = "tf_keras/src/metrics/base_metric.py"
_LOSSES = "tf_keras/src/utils/losses_utils.py"
_CLASS_WEIGHT = f"{_FEEDING}:1702-1762 (_make_class_weight_map_fn)"
_DOCS = "https://www.tensorflow.org/api_docs/python/tf/keras/Model#compile"

BATCH_TAKEN_FOR_CLASSES = FINDINGS["tf-keras-compile-takes-rows-for-classes"]
WEIGHTS_COUNTED_ONCE = FINDINGS["tf-keras-accuracy-above-one-with-broadcast-weights"]
CUT_OFF = FINDINGS["tf-keras-class-weight-is-cut-off-for-integer-sample-weight"]
UNEVEN_BATCHES = FINDINGS["tf-keras-class-weight-and-sample-weight-refuse-a-smaller-last-batch"]
SHAPES_UNSEEN = FINDINGS["tf-keras-compile-does-not-see-the-shapes-of-a-sequence"]


_DEFINITIONS = definitions_in(__package__)


# Feeding.


def _check_batches(call: Call) -> None:
    check_no_strings(call)
    raise_if(len({update.sample_weight is None for update in call.updates}) > 1, R["weights-missing"])


def _fed_alone(feeding: Feeding, update: Update, call: Call) -> Batch:
    check_arrays(replace(call, updates=(update,)))
    return batch_by_batch(feeding, update, call)


def _check_arrays(call: Call) -> None:
    check_arrays(call)
    _check_batches(call)
    raise_if(not any(len(update.y_pred) for update in call.updates), R["no-samples"], "ValueError")


def _traced_sequence(call: Call) -> Batch:
    """Static shapes of a Sequence: only the ranks of its first batch."""
    return batch_of(call.updates[0], lambda array: tuple(Length(None, length) for length in array.shape))


def _of_outputs(behaviour: Behaviour[Precision]) -> Behaviour[Precision]:
    """Return the same behind a model whose outputs may have 16 bits."""

    def prepare(update: Update, call: Call) -> Update:
        fed, name = behaviour.apply.prepare(update, call), derive.output_dtype(call)
        if name is None:
            return fed

        def rounded(array: Array) -> Array:
            return threshold_precision.tf_cast(threshold_precision.tf_cast(array, name), "float32")

        y_true = rounded(fed.y_true) if is_float(update.y_true) else fed.y_true
        return replace(fed, y_true=y_true, y_pred=rounded(fed.y_pred))

    return replace(
        behaviour,
        name=f"{behaviour.name}-of-outputs",
        says=f"Floating-point targets are rounded to the dtype of the outputs. {behaviour.says}",
        apply=replace(behaviour.apply, prepare=prepare),
    )


_IN_METRIC_DTYPE = _of_outputs(threshold_precision.ALL_IN_METRIC_DTYPE)
_AS_OUTPUTS = f"{_COMPILE}:854-860 (match_dtype_and_rank)"
ARRAYS = Feeding(
    "arrays",
    "arrays and a batch_size",
    _check_arrays,
    traced_arrays,
    _IN_METRIC_DTYPE.source(
        f"{_FEEDING}:1163 (floats to floatx), {_FUNCTIONAL}:771, {_AS_OUTPUTS}, {_BASE}:707-708"
    ),
    BATCH_TAKEN_FOR_CLASSES,
)
SEQUENCE = Feeding(
    "sequence",
    "a Sequence of the batches",
    _check_batches,
    _traced_sequence,
    _of_outputs(threshold_precision.ALL_IN_DTYPES_OF_FIRST_BATCH).source(
        f"{_FEEDING}:894 (dtypes and ranks of the first batch), {_FUNCTIONAL}:771, {_AS_OUTPUTS}, {_BASE}:707-708"
    ),
    SHAPES_UNSEEN,
)


def _fed_by_batch(update: Update, call: Call) -> Update:
    fed = _IN_METRIC_DTYPE.apply.prepare(update, call)
    return replace(fed, y_pred=model_output(fed.y_pred, call.updates[0].y_pred.shape))


ON_BATCH = Feeding(
    "on-batch",
    "one batch after the other",
    check_first_batch,
    first_batch,
    Behaviour[Precision](
        threshold_precision.AXIS,
        f"{_IN_METRIC_DTYPE.name}-by-batch",
        f"The model fits its input, the scores, to the first batch. {_IN_METRIC_DTYPE.says}",
        replace(_IN_METRIC_DTYPE.apply, prepare=_fed_by_batch),
    ).source(
        f"{_FEEDING}:1940 (floats to floatx), {_FUNCTIONAL}:762 and :771, {_AS_OUTPUTS}, {_BASE}:707-708"
    ),
    BATCH_TAKEN_FOR_CLASSES,
    runs=_fed_alone,
)


@dataclass(frozen=True)
class InDtypeOfOutputs:
    """Weights are rounded to the dtype of the outputs before they weigh as `weigh` does."""

    weigh: Behaviour[Weigh]

    @property
    def name(self) -> str:
        """Name of the behaviour."""
        return f"{self.weigh.name}-in-dtype-of-outputs"

    @property
    def says(self) -> str:
        """What is done."""
        return f"Weights are rounded to the dtype of the outputs. {self.weigh.says}"

    def __call__(self, shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
        """Return the weights of the hits, as `weigh` does."""
        weight, name = update.sample_weight, derive.output_dtype(call)
        if weight is not None and name is not None:
            update = replace(update, sample_weight=threshold_precision.tf_cast(weight, name))
        return self.weigh.apply(shape, update, call)


# class_weight.


def _given_weights(update: Update, call: Call) -> Update:
    """Return the update with the weights of its classes, multiplied by those of its samples (data_adapter.py:1729).

    Raises:
        Raises: a class has no weight, or the classes are not 0, 1 and so on.
    """
    if not call.class_weight:
        return update
    raise_if(
        sorted(call.class_weight) != [*range(len(call.class_weight))], R["class-weight-keys"], "ValueError"
    )
    # tf.round takes them to be labels, where they are no one-hot targets.
    labels = update.y_true.ndim < 2 or update.y_true.shape[-1] == 1
    raise_if(labels and update.y_true.dtype.kind == "b", R["bool-classes"])
    weight = weights_of(update.y_true, call, other=None)
    given = update.sample_weight
    if given is None:
        return replace(update, sample_weight=weight.astype("float32"))
    raise_if(not given.ndim, R["scalar"])
    given = given.reshape(given.shape + (1,) * (weight.ndim - given.ndim))
    try:
        broadcast_shapes(given.shape, weight.shape)
    except Incomposable:
        raise Raises(R["weights-not-broadcast"]) from None
    return replace(update, sample_weight=np.asarray(given * weight))


def _weighted(feeding: Feeding, update: Update, call: Call) -> Update:
    return _given_weights(update, call)


def _any_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    return WEIGHTED(call, parameters) or call.class_weight is not None


def _both_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    return WEIGHTED(call, parameters) and call.class_weight is not None


def _fractions_cut_off(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(map(has_whole_weights, call.updates)) and any(
        weight != int(weight) for weight in (call.class_weight or {}).values()
    )


def _smaller_last_batch(call: Call, parameters: Mapping[str, Any]) -> bool:
    sizes = {len(update.y_pred) for update in call.updates}
    return _both_weights(call, parameters) and len(sizes) > 1


def _deviations(use: Use) -> tuple[Departure, ...]:
    if not use.way.trains:
        return ()
    uneven = Departure(UNEVEN_BATCHES, Raising(R["unknown-batch"]), _smaller_last_batch)
    truncated = Departure(CUT_OFF, Amendment.of(weights.AXIS, truncated=True), _fractions_cut_off)
    return (truncated, uneven) if use.feed == "arrays" else (truncated,)


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
        departures=(Departure(WEIGHTS_COUNTED_ONCE, once.source(place), _any_weights),),
    )


def _accuracies(
    binary: Behaviour[Alignment],
    categorical: Behaviour[Alignment],
    sparse: Behaviour[Alignment],
    *,
    named: bool = False,
    classes_weigh: bool = False,
) -> Mapping[Kind, Definition]:
    """Return what `accuracy` may become.

    Args:
        binary: how BinaryAccuracy aligns shapes.
        categorical: the same for CategoricalAccuracy.
        sparse: the same for SparseCategoricalAccuracy.
        named: whether these are classes, and not the functions that they are named after.
        classes_weigh: whether there may be class_weight.
    """
    per_mean, per_element = (  # type: Rule[Weigh], Rule[Weigh]
        parametric(weights.AXIS, InDtypeOfOutputs(behaviour)).source(f"{_AS_OUTPUTS}, {_BASE}:496-523")
        for behaviour in (weights.PER_MEAN_OR_PART, weights.PER_ELEMENT_OR_PART)
    )
    if classes_weigh:
        per_mean, per_element = (
            by_class(rule, _given_weights, _CLASS_WEIGHT) for rule in (per_mean, per_element)
        )

    def wrapped(name: str, shaping: Behaviour[Alignment], *rules: Rule, **more: Any) -> Definition:
        metric = _DEFINITIONS[f"tf_keras.metrics.{name}"]
        return _wrapped(metric, name if named else function_of(name), shaping, *rules, **more)

    return {
        "binary": wrapped(
            "BinaryAccuracy", binary, per_mean, _LAST_AXIS_MEAN, once=unit.LAST_AXIS_MEAN_COUNTED_ONCE
        ),
        "categorical": wrapped("CategoricalAccuracy", categorical, per_element),
        "sparse": wrapped("SparseCategoricalAccuracy", sparse, per_element),
    }


_LAST_AXIS_MEAN = unit.LAST_AXIS_MEAN.source(f"{_METRICS}:394 (mean over the last axis), {_BASE}:506-535")
_SHAPED = (shape.MATCHED, shape.MATCHED_CLASSES, shape.MATCHED_CLASSES_SQUEEZED)
_UNSHAPED = (shape.MATCHED_UNKNOWN, shape.MATCHED_CLASSES_UNKNOWN, shape.MATCHED_CLASSES_UNKNOWN)


def _by_shapes(named: bool = False, classes_weigh: bool = False) -> Chosen:
    """Return what `accuracy` may become: whether scores are squeezed depends on what is known of their shape."""
    known, unknown = (
        _accuracies(*shaping, named=named, classes_weigh=classes_weigh) for shaping in (_SHAPED, _UNSHAPED)
    )
    return lambda batch: unknown if batch.y_pred[-1].known is None else known


_CLASSES = _by_shapes(named=True)

#: Class -> how shapes are aligned, of those that no string chooses by shapes.
_OTHERS: Mapping[str, Behaviour[Alignment]] = {
    "Accuracy": shape.MATCHED_EQUAL,
    "TopKCategoricalAccuracy": shape.MATCHED_FLAT_SAMPLES,
    "SparseTopKCategoricalAccuracy": shape.MATCHED_FLAT_SAMPLES,
}


def _named(word: str) -> Name:
    """Return a string or an object that is named after one metric."""
    name = word.removesuffix("()")
    kinds = {metric.path.rpartition(".")[2]: kind for kind, metric in _CLASSES(ONE_COLUMN).items()}
    if name in kinds:
        return becomes(word, lambda batch: _CLASSES(batch)[kinds[name]])
    of_class = next(known for known in _OTHERS if function_of(known) == function_of(word))
    metric = _wrapped(_DEFINITIONS[f"tf_keras.metrics.{of_class}"], name, _OTHERS[of_class])
    return becomes(word, lambda batch: metric)


def _function(batch: Batch) -> Definition:
    """Return a function of y_true and y_pred that returns a value for each sample."""
    return replace(_FUNCTIONS(batch)["binary"], name="tf_keras.metrics.function")


def _mean(batch: Batch) -> Definition:
    """Return a function of y_true and y_pred that returns its mean over a batch."""
    return _function(batch).overlaid(
        "tf_keras.metrics.function",
        "The share of elements with a score above the threshold and a positive target, or another score and a"
        " negative one.",
        unit.ELEMENT.source(f"{_BASE}:531 (a scalar counts as one)"),
        departures=(),
    )


_FUNCTIONS = _by_shapes()
_WRITTEN = accuracies(_FUNCTIONS)
_OF_FUNCTIONS = (
    replace(becomes("function", _mean), reported="mean"),
    becomes("function,per sample", _function),
)
_NAMED = tuple(
    _named(word)
    for word in dict.fromkeys(use.word for use in uses())
    if word not in {name.word for name in (*_WRITTEN, *_OF_FUNCTIONS)}
)
_CROSSENTROPIES = crossentropies(
    "tf_keras.metrics",
    "binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy",
    like=_DEFINITIONS["tf_keras.metrics.Accuracy"],
)

TF_KERAS = Compile(
    module="tf_keras",
    place=f"{_COMPILE}:664-719",
    metrics=(*_WRITTEN, *_NAMED, *_OF_FUNCTIONS, *_CROSSENTROPIES),
    by_class=accuracies(_by_shapes(classes_weigh=True)),
    also=_deviations,
    losses=tuple(replace(name, says="It names no loss.", really=None) for name in _CROSSENTROPIES),
    feedings={"arrays": ARRAYS, "dataset": SEQUENCE, "on-batch": ON_BATCH},
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
        _weighted,
    ),
)

MASKS = Masks(f"{_COMPILE}:613-625, {_LOSSES}:402")
