"""What the Keras variants claim where updates are shards of two replicas (Keras 3.15.1)."""

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
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Definition, Departure, Raising, parametric
from conformance.oracle.reasons import Raises, Reason
from conformance.oracle.rules import accumulation

FINDINGS = findings_in(__package__ or "")


_GUIDE = "https://keras.io/guides/distributed_training_with_tensorflow/"


UNEVEN = FINDINGS["keras-mirrored-evaluate-refuses-an-uneven-batch"]
BOOL_TARGETS = FINDINGS["keras-mirrored-evaluate-refuses-bool"]


UNEVEN_REPLICAS = Reason("uneven-replicas", "the first batch does not split evenly over the replicas")
BOOL_OVER_REPLICAS = Reason("bool-over-replicas", "booleans cannot be averaged over the replicas")


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
    Departure(UNEVEN, Raising(UNEVEN_REPLICAS, UNEVEN.place), _uneven),
    Departure(BOOL_TARGETS, Raising(BOOL_OVER_REPLICAS, BOOL_TARGETS.place), _bool),
)


_OVER_REPLICAS = parametric(accumulation.AXIS, replace(accumulation.IN_METRIC_DTYPE.apply, shards="replicas"))
_BY_HALVES = parametric(accumulation.AXIS, replace(accumulation.PYTHON_FLOAT.apply, shards="halves"))


def _over_replicas(definition: Definition, place: str) -> Definition:
    """Return what a metric says after two replicas have updated it."""
    return definition.overlaid(
        definition.way("MirroredStrategy"),
        f"{definition.says.removesuffix('.')}, over the updates of two replicas.",
        _OVER_REPLICAS.source(f"{place} (aggregation: sum, synchronization: on read)"),
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
        accumulation=_BY_HALVES.documented(
            '"the current batch of data (called global batch) is split into ... different sub-batches (called local '
            f'batches)" ({_GUIDE})'
        ),
    )
    definition = next(split.definitions())
    return replace(definition, departures=(*definition.departures, *_MIRRORED))


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
