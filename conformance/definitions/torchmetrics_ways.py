"""What torchmetrics claims for other ways to use a class than update() and compute() (line numbers of 1.9.0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.definitions import torchmetrics_departures as departures
from conformance.definitions.model import Definition
from conformance.definitions.rules import accumulation, score_transform
from conformance.definitions.torchmetrics import BINARY, MULTICLASS, MULTILABEL

_METRIC = "torchmetrics/metric.py"
_METRIC_DOCS = "https://lightning.ai/docs/torchmetrics/stable/references/metric.html"
_COLLECTION = "torchmetrics/collections.py"
_COLLECTION_DOCS = "https://lightning.ai/docs/torchmetrics/stable/pages/overview.html#metriccollection"


def _forward(definition: Definition) -> Definition:
    """Return what compute() gives after forward() was called instead of update()."""
    return definition.overlaid(
        f"{definition.name}[forward]",
        f"{definition.says.removesuffix('.')}, fed by forward().",
        accumulation.INTEGER_COUNTS.documented(
            '"Serves the dual purpose of both computing the metric on the current batch of inputs but also add the '
            f'batch statistics to the overall accumulating metric state." ({_METRIC_DOCS}); {_METRIC}:364-392'
        ),
    )


def _last(definition: Definition) -> Definition:
    """Return what the last forward() gives."""
    rule = accumulation.LAST_UPDATE.documented(
        f'"The output of the compute method evaluated on the current batch." ({_METRIC_DOCS}); {_METRIC}:385'
    )
    squeezed = tuple(
        replace(departure, rule=accumulation.LAST_UPDATE_SQUEEZED.source(departure.finding.place))
        if departure.rule.behaviour == accumulation.INTEGER_COUNTS_SQUEEZED
        else departure
        for departure in definition.departures
        if departure.finding is not departures.LOGITS_BY_UPDATE
    )
    transform = definition.rules[score_transform.AXIS]
    if transform.behaviour == score_transform.SIGMOID_IF_OUTSIDE:
        transform = score_transform.SIGMOID_IF_OUTSIDE_IN_UPDATE.documented(transform.place)
    return definition.overlaid(
        f"{definition.name}[forward,last]",
        f"{definition.says.removesuffix('.')}, in the last update alone.",
        rule,
        transform,
        departures=squeezed,
    )


def _collected(definition: Definition) -> Definition:
    name = definition.name.rpartition(".")[2]
    return definition.overlaid(
        f"torchmetrics.MetricCollection[{name}]",
        f"{definition.says.removesuffix('.')}, in a collection with the precision.",
        accumulation.INTEGER_COUNTS.documented(
            '"the compute groups feature ... All metrics in a compute group share the same metric state and are '
            f'therefore only different in their compute step" ({_COLLECTION_DOCS}); {_COLLECTION}:237-266'
        ),
    )


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the ways."""
    for way in (_forward, _last, _collected):
        yield from map(way, (BINARY, MULTICLASS, MULTILABEL))
