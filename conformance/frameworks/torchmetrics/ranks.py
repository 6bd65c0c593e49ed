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
from conformance.frameworks.torchmetrics.ways import SIGMOID_BY_UPDATE
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


_SAMPLER = "https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.distributed.DistributedSampler"
_PADDED = (
    '"drop_last: if True, then the sampler will drop the tail of the data to make it evenly divisible across the'
    " number of replicas. If False, the sampler will add extra indices to make the data evenly divisible across the"
    f' replicas." ({_SAMPLER}); torch/utils/data/distributed.py:95-127 of torch 2.13 (the first indices again)'
)
_SIGMOID_OF_BATCH = replace(SIGMOID_BY_UPDATE.apply, nan=True, ignored=True)


def _by_sampler(definition: Definition, drop_last: bool) -> Definition:
    """Return what rank 0 computes after each rank was fed the samples of a DistributedSampler."""
    way = f"DistributedSampler{',drop_last' if drop_last else ''}"
    counts = accumulation.INTEGER_COUNTS.apply
    summed = parametric(
        accumulation.AXIS, replace(counts, shards="sampler-drop-last" if drop_last else "sampler")
    )
    sigmoid = parametric(SIGMOID_BY_UPDATE.axis, _SIGMOID_OF_BATCH).source(
        "torchmetrics/functional/classification/stat_scores.py:105-107, for each batch of a rank"
    )
    return definition.overlaid(
        definition.way(way),
        f"{definition.says.removesuffix('.')}, over the samples that a sampler gives to two ranks.",
        summed.documented(_PADDED),
        *((sigmoid,) if definition is BINARY else ()),
    )


def definitions() -> Iterator[Definition]:
    """Yield the definitions of classes whose updates are the shards of two ranks."""
    yield from map(_over_ranks, (BINARY, MULTICLASS, MULTICLASS_MICRO, MULTILABEL))
    for drop_last in (False, True):
        yield _by_sampler(BINARY, drop_last)
        yield _by_sampler(MULTICLASS_MICRO, drop_last)
    by_task = {task: _over_ranks(definition) for task, definition in MICRO_BY_TASK.items()}
    yield any_task_of("torchmetrics.Accuracy[gloo]", by_task)
