"""What the strings given to keras.Model.compile stand for (keras/src/trainers/compile_utils.py of 3.15.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import definitions as keras
from conformance.frameworks.keras import feeding as keras_feeding
from conformance.frameworks.keras import graph as keras_graph
from conformance.frameworks.keras.graph import Batch, Kind
from conformance.frameworks.keras_family.errors import NO_METRIC, NOTHING_EVALUATED
from conformance.frameworks.keras_family.names import (
    Choice,
    Compile,
    Feeding,
    Name,
    Role,
    always,
    without_value,
)
from conformance.oracle.model import Behaviour, Definition, Finding, Rule
from conformance.oracle.reasons import Raises
from conformance.oracle.rules import accumulation, weights
from conformance.oracle.stages import Checks, Parameters

_COMPILE = "keras/src/trainers/compile_utils.py"
_DOCS = "https://keras.io/api/models/model_training_apis/"
_CLAIM = (
    "\"When you pass the strings 'accuracy' or 'acc', we convert this to one of `keras.metrics.BinaryAccuracy`, "
    "`keras.metrics.CategoricalAccuracy`, `keras.metrics.SparseCategoricalAccuracy` based on the shapes of the "
    'targets and of the model output. A similar conversion is done for the strings `"crossentropy"` and `"ce"` as '
    f'well." ({_DOCS}, compile method, metrics)'
)

ROWS_FOR_CLASSES = Finding(
    id="keras-compile-takes-rows-for-classes",
    kind="defect",
    title="compile() takes the rows of a batch for classes where the model gives one number a row",
    condition="The model's output has no dimension but the rows (shape (N,)), or a dimension whose size differs "
    "between batches.",
    says="The last dimension decides, and that is the number of rows: the string then stands for a metric or loss that "
    "looks for the largest score among the rows of the batch; which one depends on the size of the batch. Where the "
    "size is unknown and targets are a column, TypeError: None is compared with 1.",
    claims=_CLAIM,
    place=f"{_COMPILE}:33-45 (y_pred.shape[-1])",
)
NO_CROSSENTROPY = Finding(
    id="keras-compile-refuses-crossentropy-as-metric",
    kind="defect",
    title='metrics=["crossentropy"] and metrics=["ce"] raise ValueError, though compile() documents them',
    condition="Always.",
    says="Only the strings accuracy and acc are converted; the others are looked up among the metrics by name, and "
    "there is none of these names. In loss= both are converted.",
    claims=_CLAIM,
    place=f"{_COMPILE}:54 (get_metric; get_loss at :101 does convert them), keras/src/metrics/__init__.py:108",
)


def _documented(chosen: Mapping[Kind, Definition]) -> Choice:
    return lambda traced: chosen[keras_graph.documented_kind(traced)]


def _by_shape(chosen: Mapping[Kind, Definition]) -> Choice:
    return lambda traced: chosen[keras_graph.kind_of(traced)]


def _no_metric(traced: Batch) -> Definition:
    raise Raises(NO_METRIC, "ValueError")


def _refusals(name: Name, choose: Choice, feeding: Feeding, role: Role) -> Rule:
    """Return what is refused; everything is found before the first update is evaluated."""

    def before(parameters: Parameters, call: Call) -> None:
        feeding.fits(call)
        static = feeding.traced(call)
        loss = name.word if role == "loss" else derive.loss(call)

        def metric(batch: Batch) -> None:
            # The loss is traced before the metric is chosen.
            if role != "loss" and (chosen := choose(static)).name in keras_graph.METRICS:
                values = keras_graph.METRICS[chosen.name](batch)
                if role == "weighted_metrics" and batch.sample_weight is not None:
                    keras_graph.weigh(values, batch.sample_weight)

        # Tracing comes first, without any batch.
        keras_graph.refuse(static, (), loss, metric)
        if feeding.empty_without_rows and not any(len(update.y_pred) for update in call.updates):
            raise Raises(NOTHING_EVALUATED, "KeyError")
        batches = [keras_feeding.running(update, static) for update in feeding.batches(call)]
        keras_graph.refuse(static, batches, loss, metric)

    def each(update: Update, parameters: Parameters, call: Call) -> None:
        return None

    really = "-really" if choose is name.really else ""
    return Behaviour(
        "refusal",
        f"keras-compile-{feeding.name}-{role}-{name.rule}{really}",
        "Feeding, the loss and the metric refuse shapes that do not fit; the sparse loss refuses labels outside its "
        "classes.",
        Checks(before, each, only=name.resolution_only),
    ).source(f"{keras_feeding.PLACE}, keras/src/losses/losses.py, keras/src/backend/tensorflow/nn.py")


def _shapes_say(binary: str, sparse: str, categorical: str) -> str:
    return (
        f"One output column: {binary}; integer targets against several: {sparse}; else {categorical}. "
        "The loss plays no part."
    )


#: What the string `crossentropy` becomes in metrics=, as documented, and in loss=.
_METRIC_CROSSENTROPIES: Mapping[Kind, Definition] = {
    "binary": without_value("keras.metrics.BinaryCrossentropy", keras.ACCURACY),
    "sparse": without_value("keras.metrics.SparseCategoricalCrossentropy", keras.ACCURACY),
    "categorical": without_value("keras.metrics.CategoricalCrossentropy", keras.ACCURACY),
}
_LOSS_CROSSENTROPIES: Mapping[Kind, Definition] = {
    "binary": without_value("keras.losses.binary_crossentropy", keras.ACCURACY),
    "sparse": without_value("keras.losses.sparse_categorical_crossentropy", keras.ACCURACY),
    "categorical": without_value("keras.losses.categorical_crossentropy", keras.ACCURACY),
}


def strings(
    accuracies: Mapping[Kind, Definition],
) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """Return the strings that name metrics and those that name losses, whatever the backend.

    Args:
        accuracies: what `accuracy` chooses among.
    """
    accuracy = Name(
        "accuracy",
        _shapes_say("BinaryAccuracy", "SparseCategoricalAccuracy", "CategoricalAccuracy"),
        _documented(accuracies),
        _by_shape(accuracies),
        ROWS_FOR_CLASSES,
    )
    crossentropy = Name(
        "crossentropy",
        _shapes_say("BinaryCrossentropy", "SparseCategoricalCrossentropy", "CategoricalCrossentropy"),
        _documented(_METRIC_CROSSENTROPIES),
        _no_metric,
        NO_CROSSENTROPY,
        resolution_only=True,
    )
    loss = Name(
        "crossentropy",
        _shapes_say("binary_crossentropy", "sparse_categorical_crossentropy", "categorical_crossentropy"),
        _documented(_LOSS_CROSSENTROPIES),
        _by_shape(_LOSS_CROSSENTROPIES),
        ROWS_FOR_CLASSES,
        resolution_only=True,
    )
    names = (
        accuracy,
        replace(accuracy, word="acc", alias_of="accuracy"),
        *(
            Name(word, f"The string names {metric.path}, whatever the shapes.", always(metric))
            for word, metric in (
                ("binary_accuracy", accuracies["binary"]),
                ("categorical_accuracy", accuracies["categorical"]),
                ("sparse_categorical_accuracy", accuracies["sparse"]),
            )
        ),
        crossentropy,
        replace(crossentropy, word="ce", alias_of="crossentropy"),
    )
    return names, (loss, replace(loss, word="ce", alias_of="crossentropy"))


_METRICS, _LOSSES = strings(
    {"binary": keras.BINARY, "sparse": keras.SPARSE, "categorical": keras.CATEGORICAL}
)

KERAS = Compile(
    module="keras",
    place=f"{_COMPILE}:33-112",
    metrics=_METRICS,
    losses=_LOSSES,
    feedings=(keras_feeding.ARRAYS, keras_feeding.DATASET),
    weights={
        "metrics": weights.IGNORED.documented(
            '"The metrics passed here are evaluated without sample weighting; if you would like sample weighting to '
            f'apply, you can specify your metrics via the `weighted_metrics` argument instead." ({_DOCS})'
        ),
        "weighted_metrics": weights.PER_ROW_OR_ELEMENT.documented(
            '"weighted_metrics: List of metrics to be evaluated and weighted by `sample_weight` or `class_weight` '
            f'during training and testing." ({_DOCS})'
        ),
    },
    accumulation=accumulation.PYTHON_FLOAT.source(
        "keras/src/metrics/reduction_metrics.py:125-149, keras/src/utils/python_utils.py pythonify_logs"
    ),
    refusals=_refusals,
)


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the compile entries."""
    yield from KERAS.definitions()
