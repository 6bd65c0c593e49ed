"""What the strings given to keras.Model.compile become on the torch backend, and what evaluate() raises there.

Nothing is traced into a graph: a string becomes something by the shapes of the first batch, and every batch runs by
itself - the model, the loss, which also checks values, and the metric. A DataLoader is used as it is, and everything
else is made one.

Source: keras/src/trainers/trainer.py:1125 (_symbolic_build), keras/src/backend/torch/trainer.py:83 (test_step) of
3.15.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import compile as keras_compile
from conformance.frameworks.keras import graph as keras_graph
from conformance.frameworks.keras_family.conditions import always, any_update
from conformance.frameworks.keras_family.counted import LOGS_OF_TENSORS, counted
from conformance.frameworks.keras_family.counts import split
from conformance.frameworks.keras_family.errors import AXIS, R
from conformance.frameworks.keras_family.feeding import (
    Feeding,
    arrays_of,
    check_arrays,
    check_no_strings,
    first_batch,
)
from conformance.frameworks.keras_family.graph import Batch, kind_of
from conformance.frameworks.keras_family.masks import masked
from conformance.frameworks.keras_family.outputs import outputs
from conformance.frameworks.keras_family.strings import Step, StepChecks
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Definition, Departure, Raising, Rule
from conformance.oracle.numbers import cast, is_text, name_of
from conformance.oracle.reasons import Raises, raise_if
from conformance.oracle.rules import threshold_precision, weights
from conformance.oracle.stages import Parameters, Precision

FINDINGS = findings_in(__package__ or "")


_NN = "keras/src/backend/torch/nn.py"
_TENSORS = "https://docs.pytorch.org/docs/stable/tensors.html"

#: The default of ignore_index in torch.nn.functional.nll_loss.
_IGNORED_CLASS = -100

#: What the backend does to arrays of bfloat16, and not to tensors.
_BFLOAT16 = ("keras-torch-leaves-bfloat16-targets-uncast", "keras-torch-sums-bfloat16-weights-in-bfloat16")

IGNORED_LABEL = FINDINGS["keras-torch-sparse-loss-ignores-minus-100"]
NEGATIVE_LABELS = FINDINGS["keras-torch-sparse-loss-ignores-negative-labels"]
SCALED_WEIGHTS = FINDINGS["keras-torch-loss-scales-the-weights-of-metrics"]
NO_SAMPLES = FINDINGS["keras-torch-evaluate-of-no-samples-raises-by-accident"]


# Feeding.


def _batch(feeding: Feeding, update: Update, call: Call) -> Batch:
    fed = feeding.precision.apply.prepare(update, call)
    return replace(first_batch(replace(call, updates=(fed,))), update=fed)


def _loaded_batch(feeding: Feeding, update: Update, call: Call) -> Batch:
    _check_loaded(update)
    return _batch(feeding, update, call)


def _converted_batch(feeding: Feeding, update: Update, call: Call) -> Batch:
    check_no_strings(replace(call, updates=(update,)))
    _check_uint64(update)
    return _batch(feeding, update, call)


def _check_uint64(update: Update) -> None:
    raise_if(any(name_of(array.dtype) == "uint64" for array in arrays_of(update)), R["uint64"])


def _check_arrays(call: Call) -> None:
    check_arrays(call)
    check_no_strings(call, "ValueError")
    for update in call.updates:
        _check_uint64(update)
    raise_if(not any(len(update.y_pred) for update in call.updates), R["no-first-batch"], "ValueError")


def _without_samples(call: Call, parameters: Mapping[str, Any]) -> bool:
    return not any(update.y_pred.shape[:1] != (0,) for update in call.updates)


def _check_loader(call: Call) -> None:
    first = call.updates[0]
    _check_loaded(first)
    _check_uint64(first)
    raise_if(not first.y_pred.ndim, R["scalar"])


def _check_loaded(update: Update) -> None:
    """Check that a DataLoader makes tensors of all arrays (torch/utils/data/_utils/collate.py, default_convert)."""
    raise_if(any(name_of(array.dtype) == "bfloat16" for array in arrays_of(update)), R["bfloat16-array"])
    check_no_strings(Call("binary", (update,)), "ValueError")


def _following(feeding: Feeding, place: str = "") -> Rule[Precision]:
    """Return what feeding does to dtypes; a threshold without dimensions follows the dtype of the outputs."""
    rule = keras_compile.comparing(feeding, threshold_precision.THRESHOLD_FOLLOWS_TENSORS)
    return replace(rule, place=f"{place or rule.place}, keras/src/backend/torch/numpy.py (torch.greater)")


ARRAYS = replace(
    keras_compile.ARRAYS,
    fits=_check_arrays,
    traced=first_batch,
    empty_without_samples=False,
    precision=_following(keras_compile.ARRAYS),
    runs=_batch,
)
ON_BATCH = replace(
    keras_compile.ON_BATCH,
    precision=_following(
        keras_compile.ON_BATCH,
        "keras/src/models/functional.py:261 and :288, keras/src/backend/torch/trainer.py:451-505",
    ),
    runs=_converted_batch,
)
LOADER = replace(
    keras_compile.DATASET,
    says="a DataLoader of the batches",
    fits=_check_loader,
    traced=first_batch,
    runs=_loaded_batch,
    precision=_following(
        keras_compile.ON_BATCH,
        f"{keras_compile.ADAPTERS}/torch_data_loader_adapter.py:60 (as it is), "
        "keras/src/models/functional.py:261 and :288",
    ),
)


# Checks.

#: Losses that take probabilities, by all their names.
_BINARY_LOSSES = (
    *("binary_crossentropy", "BinaryCrossentropy", "bce", "BCE"),
    *("binary_focal_crossentropy", "BinaryFocalCrossentropy"),
)


def _check_loss(loss: str, batch: Batch, call: Call) -> None:
    """Check a loss, its weights, and for binary crossentropy the values of a batch."""
    try:
        keras_graph.check_loss(loss, batch, call)
    except Raises as raised:
        # The metric is computed before, and torch may raise there.
        raise Raises(raised.reason) from None
    by_shapes = loss.lower() in ("crossentropy", "ce")
    if batch.update is None or not (kind_of(batch) == "binary" if by_shapes else loss in _BINARY_LOSSES):
        return
    targets = cast(batch.update.y_true, "float32").astype("float64")
    raise_if(not ((targets >= 0) & (targets <= 1)).all(), R["targets-not-probabilities"])
    raise_if(np.isnan(batch.update.y_pred.astype("float64")).any(), R["nan-prediction"])


def _check_metric(metric: Definition, checks: StepChecks, batch: Batch, parameters: Parameters) -> None:
    """Check dtypes and classes; other shapes are checked where the value of the metric is predicted.

    Torch has limited support for unsigned dtypes but uint8, as which a DataLoader leaves them (tensors.html).
    BinaryAccuracy compares targets in their own dtype, CategoricalAccuracy takes their argmax; over an axis of 1 that
    is 0 without a kernel. SparseCategoricalAccuracy casts them to the dtype of the scores.
    """
    if batch.update is None or checks.only:
        return
    metric.in_release()[AXIS].apply.each(batch.update, parameters, Call("binary", (batch.update,)))
    y_true = batch.update.y_true
    ranked = metric.path == "keras.metrics.CategoricalAccuracy" and y_true.shape[-1] != 1
    used = ranked or metric.path == "keras.metrics.BinaryAccuracy"
    raise_if(
        checks.feeding is LOADER and used and name_of(y_true.dtype) in ("uint16", "uint32", "uint64"),
        R["unsigned"],
    )


# Definitions.


def _in_model(metric: Definition) -> Definition:
    return replace(metric, departures=tuple(d for d in metric.departures if d.finding.id not in _BFLOAT16))


_KERAS = keras_compile.strings_of(
    {name: _in_model(metric) for name, metric in definitions_in(__package__).items()},
    "@torch",
    # The checks of a way stand in the place of those of the metric.
    lambda metric: tuple(d for d in metric.departures if isinstance(d.change, Raising)),
)
_WEIGHTED = _KERAS.weights["weighted_metrics"].amended(flushed=False)
_TORCH = replace(
    _KERAS,
    feedings={"arrays": ARRAYS, "dataset": LOADER, "on-batch": ON_BATCH},
    weights={**_KERAS.weights, "weighted_metrics": _WEIGHTED},
    by_class=keras_compile.weighing_classes(_WEIGHTED),
    step=Step(
        "keras-torch",
        f"keras/src/trainers/trainer.py:1125, keras/src/backend/torch/trainer.py:83, {_NN}, {_TENSORS}",
        _check_loss,
        _check_metric,
        keras_compile.weighted,
        traces=False,
        more=", binary crossentropy targets outside [0, 1] or NaN",
    ),
    departures=(
        Departure(
            IGNORED_LABEL,
            Amendment.of(AXIS, ignored=(_IGNORED_CLASS,)),
            any_update(
                lambda update: (
                    not is_text(update.y_true)
                    and bool((np.trunc(cast(update.y_true, "float64")) == _IGNORED_CLASS).any())
                )
            ),
            ">=3.14",
        ),
        Departure(NEGATIVE_LABELS, Amendment.of(AXIS, negative=True), always, "<3.14"),
    ),
)

_UNTYPED = Departure(NO_SAMPLES, Raising(R["no-first-batch"]), _without_samples, "<3.14")


def _on_torch(definition: Definition) -> Definition:
    """A DataLoader may have a first batch without samples, and so may a batch that is fed alone."""
    alone = definition.name.endswith(",dataset]") or "_on_batch[" in definition.name
    departures = definition.departures if alone else (*definition.departures, _UNTYPED)
    return replace(definition, name=f"{definition.name}@torch", departures=departures)


_FLOAT_WEIGHTS = any_update(
    lambda update: update.sample_weight is not None and update.sample_weight.dtype.kind == "f"
)

#: Weights are tensors, which apply_mask() multiplies in place.
MASKS = replace(keras_compile.MASKS, weigh=_WEIGHTED, in_place=True)
_SCALED = Departure(SCALED_WEIGHTS, Amendment.of(weights.AXIS, scaled=True), _FLOAT_WEIGHTS)
#: The definitions of compile entries whose predictions carry a mask.
MASKED = tuple(
    _on_torch(definition)
    for definition in masked(_TORCH.definitions(), replace(MASKS, departures=(*MASKS.departures, _SCALED)))
)

#: The definitions of models with several outputs.
OUTPUTS = tuple(map(_on_torch, outputs(_TORCH.definitions(), keras_compile.SWAPPED, keras_compile.PAIRED)))

#: The definitions of the compile entries.
DEFINITIONS = tuple(
    map(
        _on_torch,
        (
            *_TORCH.definitions(),
            *counted(_TORCH, split(definitions_in(__package__).values())[1], logs=LOGS_OF_TENSORS),
        ),
    )
)
