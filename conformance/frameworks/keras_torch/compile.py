"""What the strings given to keras.Model.compile become on the torch backend, and what evaluate() raises there.

Nothing is traced into a graph: a string becomes something by the shapes of the first batch, and every batch runs by
itself - the model, the loss, which also checks values, and the metric. A DataLoader is used as it is, and everything
else is made one.

Source: keras/src/trainers/trainer.py:1125 (_symbolic_build), keras/src/backend/torch/trainer.py:83 (test_step) of
3.15.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import compile as keras_compile
from conformance.frameworks.keras import graph as keras_graph
from conformance.frameworks.keras_family.errors import (
    BATCHES_DIFFER,
    BFLOAT16_ARRAY,
    NAN_PREDICTION,
    NO_FIRST_BATCH,
    TARGETS_NOT_PROBABILITIES,
    UINT64,
)
from conformance.frameworks.keras_family.feeding import (
    Feeding,
    arrays_of,
    batch_of,
    check_arrays,
    check_no_strings,
)
from conformance.frameworks.keras_family.graph import Batch, Kind, Spec, check_labels, kind_of
from conformance.frameworks.keras_family.strings import Choice, Compile, Name, Role, checks_of
from conformance.frameworks.keras_torch.departures import BFLOAT16
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Behaviour, Definition, Departure, Rule
from conformance.oracle.numbers import Array, cast, is_text
from conformance.oracle.reasons import SCALAR, UNSIGNED, Raises
from conformance.oracle.resolve import resolve
from conformance.oracle.rules import threshold_precision
from conformance.oracle.stages import Checks, Parameters, Precision

FINDINGS = findings_in(__package__ or "")


_NN = "keras/src/backend/torch/nn.py"
_TENSORS = "https://docs.pytorch.org/docs/stable/tensors.html"

#: The default of ignore_index in torch.nn.functional.nll_loss.
_IGNORED_CLASS = -100

IGNORED_LABEL = FINDINGS["keras-torch-sparse-loss-ignores-minus-100"]


# Feeding.


def _specs(update: Update) -> Batch:
    """Return the shapes of a batch, all of which are known."""
    return batch_of(update, lambda array: Spec(array.shape))


def _first_batch(call: Call) -> Batch:
    return _specs(call.updates[0])


def _check_uint64(update: Update) -> None:
    if any(array.dtype.name == "uint64" for array in arrays_of(update)):
        raise Raises(UINT64)


def _check_arrays(call: Call) -> None:
    check_arrays(call)
    check_no_strings(call, "ValueError")
    for update in call.updates:
        _check_uint64(update)
    if not any(len(update.y_pred) for update in call.updates):
        raise Raises(NO_FIRST_BATCH, "ValueError")


def _check_loader(call: Call) -> None:
    first = call.updates[0]
    _check_loaded(first)
    _check_uint64(first)
    if not first.y_pred.ndim:
        raise Raises(SCALAR)


def _check_loaded(update: Update) -> None:
    """Check that a DataLoader makes tensors of all arrays (torch/utils/data/_utils/collate.py, default_convert)."""
    if any(array.dtype.name == "bfloat16" for array in arrays_of(update)):
        raise Raises(BFLOAT16_ARRAY)
    check_no_strings(Call("binary", (update,)), "ValueError")


def _model_output(y_pred: Array, like: tuple[int, ...]) -> Array:
    """Return what a model whose input was made for shape `like` gives for a batch (models/functional.py:288-309).

    A last dimension of 1 is not compared with the input; it is squeezed or added where ranks differ.

    Raises:
        Raises: the batch does not fit the input.
    """
    shape = y_pred.shape
    pairs = zip(_without_last_one(shape)[1:], _without_last_one(like)[1:], strict=False)
    if all(given == known for given, known in pairs):
        if len(shape) == len(like):
            return y_pred
        if len(shape) == len(like) + 1 and shape[-1] == 1:
            return y_pred[..., 0]
        if len(shape) == len(like) - 1 and like[-1] == 1:
            return y_pred[..., None]
    raise Raises(BATCHES_DIFFER, "ValueError")


def _without_last_one(shape: tuple[int, ...]) -> tuple[int, ...]:
    return shape[:-1] if len(shape) > 1 and shape[-1] == 1 else shape


def _fed_by_loader(update: Update, call: Call) -> Update:
    """Every batch is tensors of its own dtypes; the model casts scores to float32 and fits them to its input."""
    _check_loaded(update)
    return replace(update, y_pred=_model_output(cast(update.y_pred, "float32"), call.updates[0].y_pred.shape))


_BY_BATCH = Behaviour[Precision](
    threshold_precision.AXIS,
    "scores-fed-as-float32-by-batch",
    "The model rounds its input, the scores, to float32; the targets of every batch keep their own dtype.",
    replace(threshold_precision.SCORES_FED_AS_FLOAT32.apply, prepare=_fed_by_loader),
)
ARRAYS = replace(keras_compile.ARRAYS, fits=_check_arrays, traced=_first_batch, empty_without_samples=False)
LOADER = replace(
    keras_compile.DATASET,
    says="a DataLoader of the batches",
    fits=_check_loader,
    traced=_first_batch,
    precision=_BY_BATCH.source(
        f"{keras_compile.ADAPTERS}/torch_data_loader_adapter.py:60 (as it is), "
        "keras/src/models/functional.py:261 and :288"
    ),
)


# Checks.

#: Losses that check values, by all their names.
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("binary_crossentropy", "BinaryCrossentropy", "bce", "BCE"), "binary"),
    **dict.fromkeys(("binary_focal_crossentropy", "BinaryFocalCrossentropy"), "binary"),
    **dict.fromkeys(("sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"), "sparse"),
}


def _check_values(loss: str, update: Update, ignored: frozenset[int]) -> None:
    """Check what a crossentropy checks of the values of a batch whose shapes fit.

    Args:
        loss: a name given to compile().
        update: the batch.
        ignored: labels outside the classes that the loss accepts.
    """
    batch = _specs(update)
    kind = kind_of(batch) if loss.lower() in ("crossentropy", "ce") else _KINDS.get(loss)
    if kind == "binary":
        targets = cast(update.y_true, "float32").astype("float64")
        if not ((targets >= 0) & (targets <= 1)).all():
            raise Raises(TARGETS_NOT_PROBABILITIES)
        if np.isnan(update.y_pred.astype("float64")).any():
            raise Raises(NAN_PREDICTION)
    if kind == "sparse":
        _, scores = keras_graph.same_rank(batch.y_true, batch.y_pred)
        check_labels(update.y_true, scores.static[-1] or 0, ignored)


def _check_unsigned(metric: Definition, feeding: Feeding, update: Update) -> None:
    """Torch has limited support for unsigned dtypes but uint8, as which a DataLoader leaves them (tensors.html).

    BinaryAccuracy compares targets in their own dtype, CategoricalAccuracy takes their argmax; over an axis of 1 that
    is 0 without a kernel. SparseCategoricalAccuracy casts them to the dtype of the scores.
    """
    ranked = metric.path == "keras.metrics.CategoricalAccuracy" and update.y_true.shape[-1] != 1
    used = ranked or metric.path == "keras.metrics.BinaryAccuracy"
    if feeding is LOADER and used and update.y_true.dtype.name in ("uint16", "uint32", "uint64"):
        raise Raises(UNSIGNED)


def _refusals(
    ignored: frozenset[int], name: Name, choose: Choice, feeding: Feeding, role: Role
) -> Rule[Checks]:
    """Return what is raised, batch by batch."""

    def before(parameters: Parameters, call: Call) -> None:
        feeding.fits(call)
        if role != "loss":
            choose(feeding.traced(call))

    def each(update: Update, parameters: Parameters, call: Call) -> None:
        batch = feeding.precision.apply.prepare(update, call)
        loss = name.word if role == "loss" else derive.loss(call)
        try:
            keras_graph.check_loss(loss, _specs(batch))
        except Raises as raised:
            # The metric is computed before, and torch may raise there.
            raise Raises(raised.reason) from None
        _check_values(loss, batch, ignored)
        if role != "loss" and not name.resolution_only:
            metric = choose(feeding.traced(call))
            resolve(metric, call).rules.refusal.apply.each(batch, parameters, call)
            _check_unsigned(metric, feeding, update)

    more = (
        f", binary crossentropy targets outside [0, 1] or NaN{', but for the label -100' if ignored else ''}"
    )
    behaviour = checks_of("keras-torch", name, choose, feeding, role, before, each, more)
    lenient = replace(behaviour, name=f"{behaviour.name}{'-lenient' if ignored else ''}")
    return lenient.source(
        f"keras/src/trainers/trainer.py:1125, keras/src/backend/torch/trainer.py:83, {_NN}, {_TENSORS}"
    )


# Definitions.


def _in_model(metric: Definition) -> Definition:
    """What the backend does to arrays of bfloat16 does not happen to tensors."""
    return replace(metric, departures=tuple(d for d in metric.departures if d.finding not in BFLOAT16))


_ACCURACIES = {
    kind: _in_model(metric)
    for kind, metric in keras_compile.accuracies(definitions_in(__package__), "@torch").items()
}
_METRICS, _LOSSES = keras_compile.metric_and_loss_strings(lambda batch: _ACCURACIES)


def _compile(ignored: frozenset[int]) -> Compile:
    own = keras_compile.KERAS.weights
    weighted = own["weighted_metrics"].amended(flushed=False)
    return replace(
        keras_compile.KERAS,
        metrics=_METRICS,
        losses=_LOSSES,
        feedings=(ARRAYS, LOADER),
        weights={**own, "weighted_metrics": weighted},
        refusals=partial(_refusals, ignored),
    )


def _ignored_labels(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        not is_text(update.y_true)
        and bool((np.trunc(cast(update.y_true, "float64")) == _IGNORED_CLASS).any())
        for update in call.updates
    )


def _ignored_labels_alone(others: tuple[Departure, ...]) -> Callable[[Call, Mapping[str, Any]], bool]:
    """Whether labels are ignored and no other departure replaces the checks: those of the others ignore them too."""

    def holds(call: Call, parameters: Mapping[str, Any]) -> bool:
        return _ignored_labels(call, parameters) and not any(
            entry.change.axis == "refusal" and entry.holds_for(call, parameters) for entry in others
        )

    return holds


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the compile entries."""
    strict, lenient = _compile(frozenset()), _compile(frozenset({_IGNORED_CLASS}))
    for definition, really in zip(strict.definitions(), lenient.definitions(), strict=True):
        (refusal,) = really.on("refusal")
        refusal = replace(refusal, place=IGNORED_LABEL.place)
        ignores = Departure(IGNORED_LABEL, refusal, _ignored_labels_alone(really.departures))
        yield replace(definition, name=f"{definition.name}@torch", departures=(ignores, *really.departures))
