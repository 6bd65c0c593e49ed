"""What the strings given to keras.Model.compile stand for (keras/src/trainers/compile_utils.py of 3.15.1).

`Compile` holds what the Kerases differ in: another one makes its own definitions of the same ways with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.definitions import keras, keras_graph
from conformance.definitions.keras_graph import Batch, Shape, Spec
from conformance.definitions.model import Behaviour, Definition, Departure, Refused, Rule, rules
from conformance.definitions.numbers import Array, is_text
from conformance.definitions.rules import accumulation, threshold_precision, weights
from conformance.definitions.stages import Checks, Parameters

_COMPILE = "keras/src/trainers/compile_utils.py"
_FEEDING = "keras/src/trainers/data_adapters"

_GRAPH: Mapping[str, Callable[[Batch], Spec]] = {
    keras.BINARY.name: keras_graph.binary,
    keras.CATEGORICAL.name: keras_graph.categorical,
    keras.SPARSE.name: keras_graph.sparse,
}

#: Chooses what a name stands for, from the traced shapes.
Choice = Callable[[Batch], Definition]


@dataclass(frozen=True, eq=False)
class Name:
    """A string given to compile().

    Attributes:
        word: the string.
        says: what it stands for, in one sentence.
        choose: decides that by the traced shapes.
        departures: where it leaves its documentation.
    """

    word: str
    says: str
    choose: Choice
    departures: tuple[Departure, ...] = ()


def _updates(call: Call) -> Sequence[Update]:
    return call.updates


@dataclass(frozen=True, eq=False)
class Feeding:
    """One way to hand data to evaluate().

    Attributes:
        name: a word for it.
        says: what is fed.
        fits: refuses what does not even get to the graph.
        traced: the static shapes.
        precision: what happens to dtypes on the way.
        empty_without_rows: whether evaluate() of no rows returns no metrics at all.
        suffix: what stands behind the string in the brackets of an id.
        batches: what the steps run on.
    """

    name: str
    says: str
    fits: Callable[[Call], None]
    traced: Callable[[Call], Batch]
    precision: Rule
    empty_without_rows: bool
    suffix: str = ""
    batches: Callable[[Call], Sequence[Update]] = _updates


def traced_arrays(call: Call) -> Batch:
    """Static shapes of arrays: the rows of a batch are known if all batches are full."""
    rows, size = sum(len(update.y_pred) for update in call.updates), derive.batch_size(call)
    first = call.updates[0]

    def spec(array: Array) -> Spec:
        return Spec((size if rows % size == 0 else None, *array.shape[1:]))

    weight = None if first.sample_weight is None else spec(first.sample_weight)
    return Batch(spec(first.y_true), spec(first.y_pred), weight)


def _traced_dataset(call: Call) -> Batch:
    """Static shapes of a PyDataset: rows are unknown, and what differs between the first two batches."""
    first, second = call.updates[0], call.updates[:2][-1]

    def spec(one: Array, other: Array) -> Spec:
        if not one.ndim or one.ndim != other.ndim:
            raise Refused("ValueError", "the first batches have no common rank")
        pairs = zip(one.shape[1:], other.shape[1:], strict=True)
        return Spec((None, *(a if a == b else None for a, b in pairs)))

    weight = None
    if first.sample_weight is not None and second.sample_weight is not None:
        weight = spec(first.sample_weight, second.sample_weight)
    return Batch(spec(first.y_true, second.y_true), spec(first.y_pred, second.y_pred), weight)


def _running(update: Update, traced: Batch) -> Batch:
    def spec(static: Shape, array: Array) -> Spec:
        if array.ndim != len(static) or any(
            a not in (None, b) for a, b in zip(static, array.shape, strict=True)
        ):
            raise Refused(keras_graph.INVALID, f"a batch of shape {array.shape} does not fit {static}")
        return Spec(static, array.shape)

    weight = None
    if traced.sample_weight is not None and update.sample_weight is not None:
        weight = spec(traced.sample_weight.static, update.sample_weight)
    y_true, y_pred = spec(traced.y_true.static, update.y_true), spec(traced.y_pred.static, update.y_pred)
    return Batch(y_true, y_pred, weight, labels=update.y_true)


def _arrays_of(update: Update) -> list[Array]:
    weight = [] if update.sample_weight is None else [update.sample_weight]
    return [update.y_pred, update.y_true, *weight]


def _arrays_fit(call: Call) -> None:
    for update in call.updates:
        arrays = _arrays_of(update)
        if any(not array.ndim for array in arrays):
            raise Refused("IndexError", "an array without dimensions has no rows")
        if len({array.shape[0] for array in arrays}) > 1:
            raise Refused("ValueError", "the arrays do not have equally many rows")
    _no_text(call)


def _no_text(call: Call) -> None:
    if any(is_text(array) for update in call.updates[:1] for array in _arrays_of(update)):
        raise Refused("ValueError", "NumPy strings are no dtype of Keras")


def _by_shape(traced: Batch) -> Definition:
    """Choose by the shapes of targets and predictions."""
    return {
        "binary": keras.BINARY,
        "sparse": keras.SPARSE,
        "categorical": keras.CATEGORICAL,
    }[keras_graph.kind_of(traced)]


def always(metric: Definition) -> Choice:
    """Choose one metric, whatever the shapes."""
    return lambda traced: metric


ARRAYS = Feeding(
    "arrays",
    "arrays and a batch_size",
    _arrays_fit,
    traced_arrays,
    threshold_precision.FED_AS_FLOAT32.source(
        f"{_FEEDING}/array_slicing.py:418 (floats to floatx), keras/src/models/functional.py:261"
    ),
    empty_without_rows=True,
)
DATASET = Feeding(
    "dataset",
    "a PyDataset of the batches",
    _no_text,
    _traced_dataset,
    threshold_precision.SCORES_FED_AS_FLOAT32.source(
        f"{_FEEDING}/data_adapter_utils.py:177 (dtypes of the first batch), keras/src/models/functional.py:261"
    ),
    empty_without_rows=False,
    suffix=",dataset",
)


#: (name, way of feeding, whether the metric is weighted) -> what compile() and evaluate() refuse.
Refusals = Callable[[Name, Feeding, bool], Rule]


@dataclass(frozen=True, eq=False)
class Compile:
    """The strings of one Keras' compile().

    Attributes:
        module: import name.
        place: where the source chooses what a string stands for.
        metrics: the strings that name metrics.
        feedings: the ways to hand over data.
        ignoring: what metrics= does with sample_weight.
        weighing: what weighted_metrics= does with it.
        accumulation: how batches are put together.
        refusals: what is refused.
    """

    module: str
    place: str
    metrics: tuple[Name, ...]
    feedings: tuple[Feeding, ...]
    ignoring: Rule
    weighing: Rule
    accumulation: Rule
    refusals: Refusals

    def definitions(self) -> Iterator[Definition]:
        """Yield a definition for each string and each way to hand it and the data over."""
        for name in self.metrics:
            for weighted in (False, True):
                for feeding in self.feedings:
                    yield self._metric(name, feeding, weighted)

    def _metric(self, name: Name, feeding: Feeding, weighted: bool) -> Definition:
        def resolves_to(call: Call) -> Definition:
            try:
                feeding.fits(call)
                return name.choose(feeding.traced(call))
            except Refused:
                # The refusals of this way of feeding say why, whatever it would have stood for.
                return self.metrics[0].choose(ONE_COLUMN)

        key = f"{'weighted_metrics=' if weighted else ''}{name.word}{feeding.suffix}"
        weights = "weighs rows" if weighted else "is not used"
        return Definition(
            f"{self.module}.Model.compile[{key}]",
            f"What {name.word!r} stands for by the shapes of the first batch, fed by {feeding.says}; "
            f"sample_weight {weights}.",
            rules(
                Behaviour("name-resolution", f"compile-{name.word}", name.says, None).source(self.place),
                feeding.precision,
                self.weighing if weighted else self.ignoring,
                self.accumulation,
                self.refusals(name, feeding, weighted),
            ),
            departures=name.departures,
            resolves_to=resolves_to,
        )


#: Targets and predictions of one column: what every name has an answer for.
ONE_COLUMN = Batch(Spec((None, 1)), Spec((None, 1)), None)


def _refusals(name: Name, feeding: Feeding, weighted: bool) -> Rule:
    """Return what is refused; everything is found before the first update is evaluated."""

    def before(parameters: Parameters, call: Call) -> None:
        feeding.fits(call)
        static, loss = feeding.traced(call), derive.loss(call)

        def metric(batch: Batch) -> None:
            # The loss is traced before the metric is chosen.
            values = _GRAPH[name.choose(static).name](batch)
            if weighted and batch.sample_weight is not None:
                keras_graph.weigh(values, batch.sample_weight)

        # Tracing comes first, without any batch.
        keras_graph.refuse(static, (), loss, metric)
        if feeding.empty_without_rows and not any(len(update.y_pred) for update in call.updates):
            raise Refused("KeyError", "evaluate() of no rows returns no metrics at all")
        keras_graph.refuse(
            static, [_running(update, static) for update in feeding.batches(call)], loss, metric
        )

    def each(update: Update, parameters: Parameters, call: Call) -> None:
        return None

    return Behaviour(
        "refusal",
        f"keras-compile-{feeding.name}{'-weighted' if weighted else ''}",
        "Feeding, the loss and the metric refuse shapes that do not fit; the sparse loss refuses labels outside its "
        "classes.",
        Checks(before, each),
    ).source(f"{_FEEDING}, keras/src/losses/losses.py, keras/src/backend/tensorflow/nn.py")


_BY_SHAPE = (
    "One output column: BinaryAccuracy; integer targets against several: SparseCategoricalAccuracy; else "
    "CategoricalAccuracy. The loss plays no part."
)
_DOCS = "https://keras.io/api/models/model_training_apis/"

KERAS = Compile(
    module="keras",
    place=f"{_COMPILE}:40-74",
    metrics=(
        Name("accuracy", _BY_SHAPE, _by_shape),
        Name("acc", _BY_SHAPE, _by_shape),
        *(
            Name(word, f"The string names {metric.name}, whatever the shapes.", always(metric))
            for word, metric in (
                ("binary_accuracy", keras.BINARY),
                ("categorical_accuracy", keras.CATEGORICAL),
                ("sparse_categorical_accuracy", keras.SPARSE),
            )
        ),
    ),
    feedings=(ARRAYS, DATASET),
    ignoring=weights.IGNORED.documented(
        '"metrics: List of metrics to be evaluated ... weighted_metrics: List of metrics to be evaluated '
        f'and weighted by sample_weight" ({_DOCS})'
    ),
    weighing=weights.PER_ROW_OR_ELEMENT.documented(
        f'"weighted_metrics: List of metrics to be evaluated and weighted by `sample_weight`" ({_DOCS})'
    ),
    accumulation=accumulation.PYTHON_FLOAT.source(
        "keras/src/metrics/reduction_metrics.py:125-149, keras/src/utils/python_utils.py pythonify_logs"
    ),
    refusals=_refusals,
)


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the compile entries."""
    yield from KERAS.definitions()
