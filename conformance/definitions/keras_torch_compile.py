"""What the strings given to keras.Model.compile stand for on the torch backend, and what evaluate() refuses there.

Nothing is traced into a graph. Shapes of one step are computed on the first batch, first those of the metric, then
those of the loss; where this fails on torch's meta device it is tried again on tensors of ones. Then every batch runs
by itself: the model, the loss - which now looks at values - and the metric.

Source: keras/src/trainers/trainer.py:1125 (_symbolic_build), keras/src/backend/torch/core.py:342
(compute_output_spec), keras/src/backend/torch/trainer.py:83 (test_step) of 3.15.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.definitions import keras_compile, keras_crossentropy, keras_graph, keras_torch
from conformance.definitions.compile_names import Choice, Feeding, Name, Role
from conformance.definitions.evaluate import Rules, evaluate
from conformance.definitions.keras_compile import KERAS
from conformance.definitions.keras_graph import Kind
from conformance.definitions.keras_torch_departures import BFLOAT16
from conformance.definitions.keras_torch_feeding import ARRAYS, LOADER, specs
from conformance.definitions.model import Behaviour, Definition, Refused, Rule
from conformance.definitions.numbers import cast
from conformance.definitions.rules import weights
from conformance.definitions.stages import Checks, Parameters, Precision

_NN = "keras/src/backend/torch/nn.py"

#: torch's nll_loss leaves rows of this class out unless it is told otherwise.
_IGNORED_CLASS = -100

#: Losses and metrics that look at values, by all their names.
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("binary_crossentropy", "BinaryCrossentropy", "bce", "BCE"), "binary"),
    **dict.fromkeys(("binary_focal_crossentropy", "BinaryFocalCrossentropy"), "binary"),
    **dict.fromkeys(("sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"), "sparse"),
}

#: What torch raises where it has no kernel for the unsigned integers that a DataLoader leaves as they are.
_NO_UNSIGNED: Mapping[str, str] = {
    "BinaryAccuracy": "RuntimeError",
    "CategoricalAccuracy": "NotImplementedError",
}


def _in_model(metric: Definition) -> Definition:
    """What the backend does to arrays of bfloat16 happens to no tensor."""
    return replace(metric, departures=tuple(d for d in metric.departures if d.finding not in BFLOAT16))


def _kind_of_loss(loss: str, update: Update) -> Kind | None:
    return keras_graph.kind_of(specs(update)) if loss.lower() in ("crossentropy", "ce") else _KINDS.get(loss)


def _refuse_values(kind: Kind | None, update: Update) -> None:
    """Refuse what a crossentropy of this kind refuses of the values of a batch whose shapes fit."""
    targets = cast(update.y_true, "float32").astype("float64")
    if kind == "binary":
        if not ((targets >= 0) & (targets <= 1)).all():
            raise Refused("RuntimeError", "binary crossentropy takes targets between 0 and 1 only")
        if np.isnan(update.y_pred.astype("float64")).any():
            raise Refused("RuntimeError", "binary crossentropy takes no NaN for a prediction")
    if kind == "sparse":
        classes = np.trunc(targets)
        _, scores = keras_graph.same_rank(specs(update).y_true, specs(update).y_pred)
        inside = (classes >= 0) & (classes < (scores.static[-1] or 0)) | (classes == _IGNORED_CLASS)
        if not inside.all():
            raise Refused("IndexError", "the loss refuses a label outside its classes")


def _refuse_loss(loss: str, update: Update) -> None:
    """Refuse what computing the shapes of the loss refuses, or what tensors of ones do where that fails."""
    try:
        keras_graph.refuse(specs(update), (), loss, lambda batch: None)
    except Refused:
        try:
            keras_graph.refuse(replace(specs(update), sample_weight=None), (), loss, lambda batch: None)
        except Refused:
            raise
        else:
            ones = replace(update, y_true=np.ones_like(update.y_true), y_pred=np.ones_like(update.y_pred))
            _refuse_values(_kind_of_loss(loss, update), ones)
        raise


def _refuse_metric(metric: Definition, update: Update) -> None:
    """Refuse what the metric refuses of the values and dtypes of a batch whose shapes fit."""
    name = metric.path.rpartition(".")[2]
    if name in _NO_UNSIGNED and update.y_true.dtype.name in ("uint16", "uint32", "uint64"):
        raise Refused(_NO_UNSIGNED[name], "torch does not compute with these unsigned integers")
    _refuse_values(_KINDS.get(name), update)


def _refusals(name: Name, choose: Choice, feeding: Feeding, role: Role) -> Rule:
    """Return what is refused: of the first batch what its shapes tell, then batch by batch."""
    precision: Precision = feeding.precision.behaviour.apply

    def loss_of(call: Call) -> str:
        return name.word if role == "loss" else derive.loss(call)

    def before(parameters: Parameters, call: Call) -> None:
        feeding.fits(call)
        first = call.updates[0]
        if role != "loss":
            metric = choose(feeding.traced(call))
            zeros = replace(first, y_true=np.zeros_like(first.y_true))
            predicted = evaluate(_rules(metric, feeding, role), replace(call, updates=(zeros,)))
            if predicted.kind == "raises":
                raise Refused(predicted.type, predicted.why or "")
        _refuse_loss(loss_of(call), precision.prepare(first, call))

    def each(update: Update, parameters: Parameters, call: Call) -> None:
        batch, loss = precision.prepare(update, call), loss_of(call)
        keras_graph.refuse(replace(specs(batch), sample_weight=None), (), loss, lambda shapes: None)
        _refuse_values(_kind_of_loss(loss, batch), batch)
        keras_graph.refuse(specs(batch), (), loss, lambda shapes: None)
        if role != "loss":
            metric = choose(feeding.traced(call))
            checks: Checks = metric.rules["refusal"].behaviour.apply
            checks.each(batch, parameters, call)
            _refuse_metric(metric, update)

    really = "-really" if choose is name.really else ""
    return Behaviour(
        "refusal",
        f"keras-torch-compile-{feeding.name}-{role}-{name.rule}{really}",
        "Feeding, the metric and the loss refuse shapes that do not fit; binary crossentropy refuses targets outside "
        "[0, 1] and NaN, the sparse loss labels outside its classes.",
        Checks(before, each),
    ).source(
        "keras/src/trainers/trainer.py:1125, keras/src/backend/torch/core.py:342 and trainer.py:83, "
        f"keras/src/losses/losses.py, {_NN}"
    )


def _rules(metric: Definition, feeding: Feeding, role: Role) -> Rules:
    """Return the rules of the metric as it stands in the model."""
    own = (feeding.precision, KERAS.accumulation, _WEIGHTS[role])
    return {**metric.rules, **{rule.axis: rule for rule in own}}


_WEIGHTS: Mapping[Role, Rule] = {
    "metrics": KERAS.weights["metrics"],
    "weighted_metrics": weights.PER_ROW_OR_ELEMENT_IN_TORCH.documented(
        KERAS.weights["weighted_metrics"].place
    ),
}
_METRICS, _LOSSES = keras_compile.strings(
    {
        "binary": _in_model(keras_torch.BINARY),
        "sparse": _in_model(keras_torch.SPARSE),
        "categorical": _in_model(keras_torch.CATEGORICAL),
    },
    keras_crossentropy.metrics(keras_torch.ACCURACY, keras_crossentropy.TORCH),
    keras_crossentropy.losses(keras_torch.ACCURACY, keras_crossentropy.TORCH),
)
_COMPILE = replace(
    KERAS,
    metrics=_METRICS,
    losses=_LOSSES,
    feedings=(ARRAYS, LOADER),
    weights=_WEIGHTS,
    refusals=_refusals,
)


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the compile entries."""
    for definition in _COMPILE.definitions():
        yield replace(definition, name=f"{definition.name}@torch")
