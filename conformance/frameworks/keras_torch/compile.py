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
from functools import partial
from typing import Any

import numpy as np

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import compile as keras_compile
from conformance.frameworks.keras import graph as keras_graph
from conformance.frameworks.keras.compile import KERAS
from conformance.frameworks.keras.graph import Kind
from conformance.frameworks.keras_family.errors import NAN_PREDICTION, TARGETS_NOT_PROBABILITIES
from conformance.frameworks.keras_family.names import Choice, Compile, Feeding, Name, Role
from conformance.frameworks.keras_torch import definitions as keras_torch
from conformance.frameworks.keras_torch.departures import BFLOAT16
from conformance.frameworks.keras_torch.feeding import ARRAYS, LOADER, specs
from conformance.oracle.evaluate import evaluate
from conformance.oracle.model import Behaviour, Definition, Departure, Finding, Rule
from conformance.oracle.numbers import cast, is_text
from conformance.oracle.reasons import LABEL_OUTSIDE_CLASSES, UNSIGNED, Raises
from conformance.oracle.resolve import resolve
from conformance.oracle.rules import weights
from conformance.oracle.ruleset import Rules
from conformance.oracle.stages import Checks, Parameters

_NN = "keras/src/backend/torch/nn.py"

#: The default of ignore_index in torch.nn.functional.nll_loss.
_IGNORED_CLASS = -100

IGNORED_LABEL = Finding(
    id="keras-torch-sparse-loss-ignores-minus-100",
    kind="defect",
    title="On the torch backend sparse_categorical_crossentropy takes the label -100 and counts its rows as no loss",
    condition="A target is -100 and the loss is sparse_categorical_crossentropy, also where crossentropy became that.",
    says="torch.nn.functional.nll_loss is called without ignore_index, which is -100 by default: the loss of such a "
    "row is 0, and it still counts as a row, while every other label outside the classes raises IndexError. The "
    "TensorFlow backend refuses -100 like any other.",
    claims='"ignore_class: Optional integer. The ID of a class to be ignored during loss computation ... By default '
    '(`ignore_class=None`), all classes are considered." (https://keras.io/api/losses/probabilistic_losses/)',
    place=f"{_NN}:917 (tnn.nll_loss without ignore_index)",
    see=(
        "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html",
        "https://github.com/keras-team/keras/pull/22169",
    ),
)

#: Losses and metrics that look at values, by all their names.
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("binary_crossentropy", "BinaryCrossentropy", "bce", "BCE"), "binary"),
    **dict.fromkeys(("binary_focal_crossentropy", "BinaryFocalCrossentropy"), "binary"),
    **dict.fromkeys(("sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"), "sparse"),
}

_UNSIGNED = frozenset({"uint16", "uint32", "uint64"})

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


def _refuse_values(kind: Kind | None, update: Update, ignored: frozenset[int] = frozenset()) -> None:
    """Refuse what a crossentropy of this kind refuses of the values of a batch whose shapes fit.

    Args:
        kind: which crossentropy, None for whatever takes all values.
        update: the batch.
        ignored: labels outside the classes that are taken all the same.
    """
    targets = cast(update.y_true, "float32").astype("float64")
    if kind == "binary":
        if not ((targets >= 0) & (targets <= 1)).all():
            raise Raises(TARGETS_NOT_PROBABILITIES, "RuntimeError")
        if np.isnan(update.y_pred.astype("float64")).any():
            raise Raises(NAN_PREDICTION, "RuntimeError")
    if kind == "sparse":
        classes = np.trunc(targets)
        _, scores = keras_graph.same_rank(specs(update).y_true, specs(update).y_pred)
        inside = (classes >= 0) & (classes < (scores.static[-1] or 0)) | np.isin(classes, [*ignored])
        if not inside.all():
            raise Raises(LABEL_OUTSIDE_CLASSES, "IndexError")


def _refuse_loss(loss: str, update: Update, ignored: frozenset[int] = frozenset()) -> None:
    """Refuse what the loss of a batch refuses: its shapes, its values, then its weights."""
    _refuse_shapes(loss, replace(update, sample_weight=None))
    _refuse_values(_kind_of_loss(loss, update), update, ignored)
    _refuse_shapes(loss, update)


def _refuse_shapes(loss: str, update: Update) -> None:
    keras_graph.refuse(specs(update), (), loss, lambda batch: None)


def _refuse_symbolic_loss(loss: str, update: Update) -> None:
    """Refuse what computing the shapes of the loss refuses: as tensors of ones do, which are tried where it fails."""
    try:
        _refuse_shapes(loss, update)
    except Raises:
        _refuse_loss(
            loss, replace(update, y_true=np.ones_like(update.y_true), y_pred=np.ones_like(update.y_pred))
        )


def _refuse_metric(metric: Definition, feeding: Feeding, update: Update) -> None:
    """Refuse what the metric refuses of the values and dtypes of a batch whose shapes fit."""
    name, y_true = metric.path.rpartition(".")[2], update.y_true
    # The argmax over an axis of one is 0 and needs no kernel.
    computed = name != "CategoricalAccuracy" or y_true.shape[-1] != 1
    if feeding is LOADER and name in _NO_UNSIGNED and y_true.dtype.name in _UNSIGNED and computed:
        raise Raises(UNSIGNED, _NO_UNSIGNED[name])
    _refuse_values(_KINDS.get(name), update)


def _refusals(ignored: frozenset[int], name: Name, choose: Choice, feeding: Feeding, role: Role) -> Rule:
    """Return what is refused: of the first batch what its shapes tell, then batch by batch."""
    precision = feeding.precision.apply

    def loss_of(call: Call) -> str:
        return name.word if role == "loss" else derive.loss(call)

    def before(parameters: Parameters, call: Call) -> None:
        feeding.fits(call)
        first = call.updates[0]
        metric = None if role == "loss" else choose(feeding.traced(call))
        if metric is not None and not name.resolution_only:
            zeros = replace(first, y_true=np.zeros_like(first.y_true))
            predicted = evaluate(_rules(metric, feeding, role, call), replace(call, updates=(zeros,)))
            if predicted.reason is not None:
                raise Raises(predicted.reason, predicted.type)
        _refuse_symbolic_loss(loss_of(call), precision.prepare(first, call))

    def each(update: Update, parameters: Parameters, call: Call) -> None:
        batch = precision.prepare(update, call)
        _refuse_loss(loss_of(call), batch, ignored)
        if role != "loss" and not name.resolution_only:
            metric = choose(feeding.traced(call))
            resolve(metric, call).rules.refusal.apply.each(batch, parameters, call)
            _refuse_metric(metric, feeding, update)

    really = "-really" if choose is name.really else ""
    return Behaviour(
        "refusal",
        f"keras-torch-compile-{feeding.name}-{role}-{name.rule}{really}{'-lenient' if ignored else ''}",
        "Feeding, the metric and the loss refuse shapes that do not fit; binary crossentropy refuses targets outside "
        f"[0, 1] and NaN, the sparse loss labels outside its classes{', but for -100' if ignored else ''}.",
        Checks(before, each, only=name.resolution_only),
    ).source(
        "keras/src/trainers/trainer.py:1125, keras/src/backend/torch/core.py:342 and trainer.py:83, "
        f"keras/src/losses/losses.py, {_NN}"
    )


def _rules(metric: Definition, feeding: Feeding, role: Role, call: Call) -> Rules:
    """Return the rules of the metric as it stands in the model."""
    return resolve(metric, call).rules.changed(feeding.precision, KERAS.accumulation, _WEIGHTS[role])


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
    }
)


def _compile(ignored: frozenset[int]) -> Compile:
    return replace(
        KERAS,
        metrics=_METRICS,
        losses=_LOSSES,
        feedings=(ARRAYS, LOADER),
        weights=_WEIGHTS,
        refusals=partial(_refusals, ignored),
    )


def _ignored_labels(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        not is_text(update.y_true)
        and bool((np.trunc(cast(update.y_true, "float64")) == _IGNORED_CLASS).any())
        for update in call.updates
    )


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the compile entries."""
    strict, lenient = _compile(frozenset()), _compile(frozenset({_IGNORED_CLASS}))
    for definition, really in zip(strict.definitions(), lenient.definitions(), strict=True):
        (refusal,) = really.on("refusal")
        refusal = replace(refusal, place=IGNORED_LABEL.place)
        yield replace(
            definition,
            name=f"{definition.name}@torch",
            departures=(Departure(IGNORED_LABEL, refusal, _ignored_labels), *really.departures),
        )
