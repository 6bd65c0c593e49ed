"""What torchmetrics claims where updates are shards of two gloo ranks (line numbers of 1.9.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.adapters.base import Call
from conformance.frameworks.torchmetrics.definitions import (
    BINARY,
    MICRO_BY_TASK,
    MULTICLASS,
    MULTICLASS_MICRO,
    MULTILABEL,
    any_task_of,
)
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Definition, Departure, Raising, parametric
from conformance.oracle.reasons import reasons_in
from conformance.oracle.rules import accumulation

FINDINGS = findings_in(__package__ or "")
R = reasons_in(__package__)

_METRIC = "torchmetrics/metric.py"
_OVERVIEW = "https://lightning.ai/docs/torchmetrics/stable/pages/overview.html"

ONE_SAMPLE_SQUEEZED = FINDINGS["torchmetrics-samplewise-squeezes-a-single-row"]


def _ranks_wait(call: Call, parameters: Mapping[str, Any]) -> bool:
    squeezed = [
        len(shards) == 1 and shards[0].y_pred.shape[:1] == (1,)
        for shards in (call.updates[0::2], call.updates[1::2])
    ]
    samplewise = parameters["multidim_average"] == "samplewise"
    return samplewise and len(call.updates) > 1 and squeezed[0] != squeezed[1]


def _rank_without_rows(call: Call, parameters: Mapping[str, Any]) -> bool:
    return parameters["multidim_average"] == "samplewise" and len(call.updates) == 1


_RANKS_WAIT = Departure(
    FINDINGS["torchmetrics-samplewise-ranks-wait-for-each-other"], Raising(R["ranks-wait"]), _ranks_wait
)
_RANK_WITHOUT_ROWS = Departure(
    FINDINGS["torchmetrics-samplewise-rank-without-an-update-crashes"],
    Raising(R["rank-without-update"]),
    _rank_without_rows,
)
_SUMMED = parametric(accumulation.AXIS, replace(accumulation.INTEGER_COUNTS.apply, shards="ranks"))


def _over_ranks(definition: Definition) -> Definition:
    """Return what rank 0 computes after the counts of both ranks were added up."""
    squeezes_counts = any(
        entry.finding == ONE_SAMPLE_SQUEEZED and entry.change.axis != accumulation.AXIS
        for entry in definition.departures
    )
    return definition.overlaid(
        definition.way("gloo"),
        f"{definition.says.removesuffix('.')}, over the updates of two ranks.",
        _SUMMED.documented(
            f'"dist_reduce_fx: Function to reduce state across multiple processes in distributed mode." '
            f"({_OVERVIEW}); {_METRIC}:501-540 (sum, or cat for samplewise)"
        ),
        departures=(
            *definition.departures,
            *((_RANKS_WAIT,) if squeezes_counts else ()),
            _RANK_WITHOUT_ROWS,
        ),
    )


def definitions() -> Iterator[Definition]:
    """Yield the definitions of classes whose updates are the shards of two ranks."""
    yield from map(_over_ranks, (BINARY, MULTICLASS, MULTICLASS_MICRO, MULTILABEL))
    by_task = {task: _over_ranks(definition) for task, definition in MICRO_BY_TASK.items()}
    yield any_task_of("torchmetrics.Accuracy[gloo]", by_task)
