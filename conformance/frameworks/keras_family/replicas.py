"""What the Keras variants claim where updates are shards of two replicas (Keras 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import R
from conformance.frameworks.keras_family.feeding import Feeding, traced_arrays
from conformance.frameworks.keras_family.graph import Batch, Length, Shape
from conformance.frameworks.keras_family.strings import Compile
from conformance.frameworks.keras_family.ways import Way
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Definition, Departure, Finding, Raising, parametric
from conformance.oracle.reasons import Raises, Reason, raise_if
from conformance.oracle.rules import accumulation

FINDINGS = findings_in(__package__ or "")
UNEVEN = FINDINGS["keras-mirrored-evaluate-refuses-an-uneven-batch"]
BOOL_TARGETS = FINDINGS["keras-mirrored-evaluate-refuses-bool"]


_GUIDE = "https://keras.io/guides/distributed_training_with_tensorflow/"
_OVER_REPLICAS = parametric(accumulation.AXIS, replace(accumulation.IN_METRIC_DTYPE.apply, shards="replicas"))
_BY_HALVES = parametric(accumulation.AXIS, replace(accumulation.PYTHON_FLOAT.apply, shards="halves"))


def over_replicas(
    definitions: Iterable[Definition], place: str, departures: tuple[Departure, ...] = ()
) -> Iterator[Definition]:
    """Yield the definitions of metric classes whose updates are the shards of two replicas.

    Args:
        definitions: those of metrics; functions, whose names are in lower case, keep no state.
        place: where the source says how their variables are aggregated.
        departures: those of all of them.
    """
    for definition in definitions:
        if not definition.path.rpartition(".")[2].islower():
            yield definition.overlaid(
                definition.way("MirroredStrategy"),
                f"{definition.says.removesuffix('.')}, over the updates of two replicas.",
                _OVER_REPLICAS.source(f"{place} (aggregation: sum, synchronization: on read)"),
                departures=(*definition.departures, *departures),
            )


def evaluated_over_replicas(strings: Compile, departures: tuple[Departure, ...] = ()) -> Definition:
    """Return what the first string becomes where each batch of evaluate() is split over two replicas.

    Args:
        strings: the strings of one Keras.
        departures: further known deviations.
    """
    arrays = strings.feedings["arrays"]

    def fits(call: Call) -> None:
        arrays.fits(call)
        raise_if(not any(len(update.y_pred) for update in call.updates), R["no-first-batch"])

    feeding = replace(
        arrays,
        name="arrays-over-replicas",
        says="arrays and a batch_size, each batch split over two replicas",
        fits=fits,
        traced=_traced_halves,
    )
    split = replace(
        strings,
        ways=(Way("compile", ("accuracy",)),),
        feedings={"arrays": feeding},
        accumulation=_BY_HALVES.documented(
            '"the current batch of data (called global batch) is split into ... different sub-batches (called local '
            f'batches)" ({_GUIDE})'
        ),
        departures=(
            _not_averaged(UNEVEN, R["uneven-replicas"], feeding, lambda first: len(first.y_pred) % 2 == 1),
            _not_averaged(BOOL_TARGETS, R["bool-over-replicas"], feeding, _has_booleans),
            *departures,
        ),
    )
    found = next(split.definitions())
    return replace(found, name=found.way("MirroredStrategy"))


def _traced_halves(call: Call) -> Batch:
    """Static shapes of half a batch."""

    def half(shape: Shape) -> Shape:
        size = shape[0].known
        return (Length(None if size is None else size // 2), *shape[1:])

    return traced_arrays(call).mapped(half)


def _has_booleans(first: Update) -> bool:
    return any(array is not None and array.dtype.kind == "b" for array in (first.y_true, first.sample_weight))


def _not_averaged(
    finding: Finding, reason: Reason, feeding: Feeding, holds_for: Callable[[Update], bool]
) -> Departure:
    """Return where the first batch cannot be averaged over the replicas, though it can be fed."""

    def fed(call: Call, parameters: Mapping[str, Any]) -> bool:
        try:
            feeding.fits(call)
        except Raises:
            return False
        return holds_for(call.updates[0])

    return Departure(finding, Raising(reason), fed)
