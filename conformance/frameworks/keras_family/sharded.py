"""What implementations claim where updates are shards of two ranks or replicas (torchmetrics 1.9.0, Keras 3.15.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import compile as keras_compile
from conformance.frameworks.keras_family.errors import NO_FIRST_BATCH
from conformance.frameworks.keras_family.feeding import traced_arrays
from conformance.frameworks.keras_family.graph import Batch, Spec
from conformance.frameworks.keras_family.strings import Compile
from conformance.frameworks.torchmetrics import definitions as torchmetrics
from conformance.oracle.model import Definition, Departure, Finding
from conformance.oracle.reasons import Raises
from conformance.oracle.rules import accumulation, refusal_sharded

_DISTRIBUTED = "torchmetrics/utilities/distributed.py"
_METRIC = "torchmetrics/metric.py"
_OVERVIEW = "https://lightning.ai/docs/torchmetrics/stable/pages/overview.html"
_GUIDE = "https://keras.io/guides/distributed_training_with_tensorflow/"
_TRAINER = "keras/src/backend/tensorflow/trainer.py"


# Two gloo ranks.

RANKS_WAIT = Finding(
    id="torchmetrics-samplewise-ranks-wait-for-each-other",
    kind="defect",
    title="With samplewise, a rank that saw a single row and one that saw more wait for each other until they time out",
    condition="multidim_average is samplewise, one of two ranks has seen one update of a single row, the other more.",
    says="The counts of a single row are squeezed to a scalar, which is gathered in another way than a vector: one "
    "rank gathers sizes while the other gathers values, and neither comes back.",
    claims='"metrics ... can be used in distributed environments ... the metric states are synchronized" '
    f"({_OVERVIEW})",
    place=f"{_DISTRIBUTED}:124-128, torchmetrics/functional/classification/stat_scores.py:130-133",
)
RANK_WITHOUT_ROWS = Finding(
    id="torchmetrics-samplewise-rank-without-an-update-crashes",
    kind="defect",
    title="With samplewise, a rank that saw no update crashes the synchronization",
    condition="multidim_average is samplewise and a rank has seen no update while the other has.",
    says="An empty list of counts becomes an empty tensor of the metric's dtype, float32, while the other rank hands "
    "in int64: the sizes in bytes differ, and gloo ends the process.",
    claims='"cornor case in distributed settings where a rank have not received any data, create empty to '
    f'concatenate" - the comment on the lines that make the tensor ({_METRIC}:509)',
    place=f"{_METRIC}:509-516",
)


def _samplewise(parameters: Mapping[str, Any]) -> bool:
    return bool(parameters["multidim_average"] == "samplewise")


def _ranks_wait(call: Call, parameters: Mapping[str, Any]) -> bool:
    squeezed = [
        len(shards) == 1 and shards[0].y_pred.shape[:1] == (1,)
        for shards in (call.updates[0::2], call.updates[1::2])
    ]
    return _samplewise(parameters) and len(call.updates) > 1 and squeezed[0] != squeezed[1]


def _rank_without_rows(call: Call, parameters: Mapping[str, Any]) -> bool:
    return _samplewise(parameters) and len(call.updates) == 1


_RANKS_WAIT = Departure(RANKS_WAIT, refusal_sharded.RANKS_WAIT.source(RANKS_WAIT.place), _ranks_wait)
_RANK_WITHOUT_ROWS = Departure(
    RANK_WITHOUT_ROWS, refusal_sharded.RANK_WITHOUT_ROWS.source(RANK_WITHOUT_ROWS.place), _rank_without_rows
)


def _over_ranks(definition: Definition) -> Definition:
    """Return what rank 0 computes after the counts of both ranks were added up."""
    squeezed = tuple(
        replace(
            departure, rule=accumulation.INTEGER_COUNTS_OVER_RANKS_SQUEEZED.source(departure.finding.place)
        )
        if departure.rule.axis == accumulation.AXIS
        else departure
        for departure in definition.departures
    )
    # Classes are not squeezed.
    waits = (_RANKS_WAIT,) if definition in (torchmetrics.BINARY, torchmetrics.MULTILABEL) else ()
    return definition.overlaid(
        _way(definition, "gloo"),
        f"{definition.says.removesuffix('.')}, over the updates of two ranks.",
        accumulation.INTEGER_COUNTS_OVER_RANKS.documented(
            f'"dist_reduce_fx: Function to reduce state across multiple processes in distributed mode." '
            f"({_OVERVIEW}); {_METRIC}:501-540 (sum, or cat for samplewise)"
        ),
        departures=(*squeezed, *waits, _RANK_WITHOUT_ROWS),
    )


def _way(definition: Definition, way: str) -> str:
    path, _, brackets = definition.name.removesuffix("]").partition("[")
    return f"{path}[{brackets}{',' if brackets else ''}{way}]"


# Two replicas of tf.distribute.

UNEVEN = Finding(
    id="keras-mirrored-evaluate-refuses-an-uneven-batch",
    kind="defect",
    title="evaluate() under MirroredStrategy fails if the first batch does not split evenly over the replicas",
    condition="The first batch has a number of rows that the number of replicas does not divide.",
    says="Before the first step the batch is averaged over the replicas to learn its shapes, and arrays of different "
    "length cannot be added: InvalidArgumentError. A last batch that is uneven is fine.",
    claims='"the current batch of data (called global batch) is split into ... different sub-batches (called local '
    f'batches)" - for any size ({_GUIDE})',
    place=f"{_TRAINER}:731 (_maybe_symbolic_build)",
)
BOOL_TARGETS = Finding(
    id="keras-mirrored-evaluate-refuses-bool",
    kind="defect",
    title="evaluate() under MirroredStrategy refuses boolean targets",
    condition="y_true is bool.",
    says="Before the first step the batch is averaged over the replicas to learn its shapes, and booleans cannot be "
    "added: InvalidArgumentError. Without the strategy the same call works.",
    claims='"y: Target data. Like the input data x, it could be either NumPy array(s) or backend-native tensor(s)." '
    "(https://keras.io/api/models/model_training_apis/)",
    place=f"{_TRAINER}:731 (_maybe_symbolic_build)",
)


def _fed(call: Call) -> bool:
    try:
        _halves_fit(call)
    except Raises:
        return False
    return True


def _uneven(call: Call, parameters: Mapping[str, Any]) -> bool:
    return _fed(call) and len(call.updates[0].y_pred) % 2 == 1


def _bool(call: Call, parameters: Mapping[str, Any]) -> bool:
    return _fed(call) and any(
        array is not None and array.dtype.kind == "b"
        for array in (call.updates[0].y_true, call.updates[0].sample_weight)
    )


_MIRRORED = (
    Departure(UNEVEN, refusal_sharded.UNEVEN_REPLICAS.source(UNEVEN.place), _uneven),
    Departure(BOOL_TARGETS, refusal_sharded.BOOL_OVER_REPLICAS.source(BOOL_TARGETS.place), _bool),
)


def _over_replicas(definition: Definition, place: str) -> Definition:
    """Return what a metric says after two replicas have updated it."""
    return definition.overlaid(
        _way(definition, "MirroredStrategy"),
        f"{definition.says.removesuffix('.')}, over the updates of two replicas.",
        accumulation.IN_METRIC_DTYPE_OVER_REPLICAS.source(
            f"{place} (aggregation: sum, synchronization: on read)"
        ),
    )


def _traced_halves(call: Call) -> Batch:
    """Static shapes of half a batch."""
    whole = traced_arrays(call)

    def half(spec: Spec) -> Spec:
        rows, *others = spec.static
        return Spec((None if rows is None else rows // 2, *others))

    weight = None if whole.sample_weight is None else half(whole.sample_weight)
    return Batch(half(whole.y_true), half(whole.y_pred), weight)


def _halves(call: Call) -> list[Update]:
    first, second = accumulation.halved(call.updates)
    return [update for _, update in (*first, *second)]


def _halves_fit(call: Call) -> None:
    keras_compile.ARRAYS.fits(call)
    if not any(len(update.y_pred) for update in call.updates):
        raise Raises(NO_FIRST_BATCH, "StopIteration")


_FEEDING = replace(
    keras_compile.ARRAYS,
    name="arrays-over-replicas",
    says="arrays and a batch_size, each batch split over two replicas",
    fits=_halves_fit,
    traced=_traced_halves,
    suffix=",MirroredStrategy",
    batches=_halves,
)


def _evaluated_over_replicas(strings: Compile) -> Definition:
    """Return what `accuracy` stands for where each batch of evaluate() is split over two replicas."""
    split = replace(
        strings,
        metrics=strings.metrics[:1],
        feedings=(_FEEDING,),
        accumulation=accumulation.PYTHON_FLOAT_OVER_REPLICAS.documented(
            '"the current batch of data (called global batch) is split into ... different sub-batches (called local '
            f'batches)" ({_GUIDE})'
        ),
    )
    definition = next(split.definitions())
    return replace(definition, departures=(*definition.departures, *_MIRRORED))


def over_ranks() -> Iterator[Definition]:
    """Yield the definitions of torchmetrics classes whose updates are the shards of two ranks."""
    yield from map(
        _over_ranks,
        (
            torchmetrics.BINARY,
            torchmetrics.MULTICLASS,
            torchmetrics.MULTICLASS_MICRO,
            torchmetrics.MULTILABEL,
        ),
    )
    yield torchmetrics.any_task_of(
        "torchmetrics.Accuracy[gloo]",
        {task: _over_ranks(d) for task, d in torchmetrics.MICRO_BY_TASK.items()},
    )


def over_replicas(definitions: Iterable[Definition], place: str) -> Iterator[Definition]:
    """Yield the definitions of metric classes whose updates are the shards of two replicas.

    Args:
        definitions: those of the classes.
        place: where the source says how their variables are aggregated.
    """
    return (_over_replicas(definition, place) for definition in definitions)


def evaluated_over_replicas() -> Definition:
    """Return what `accuracy` stands for where each batch of evaluate() is split over two replicas."""
    return _evaluated_over_replicas(keras_compile.KERAS)
