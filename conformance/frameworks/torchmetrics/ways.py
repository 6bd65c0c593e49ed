"""What torchmetrics claims for other ways to use a class than update() and compute() (line numbers of 1.9.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.frameworks.torchmetrics.definitions import BINARY, MULTICLASS, MULTILABEL
from conformance.oracle.evaluate import evaluate
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Definition, Unspecified, parametric
from conformance.oracle.resolve import departed, resolve
from conformance.oracle.rules import accumulation, average, score_transform
from conformance.oracle.rules.average import pooled
from conformance.oracle.rules.score_transform import Sigmoid
from conformance.oracle.stages import Number, Parameters, Units
from conformance.oracle.sums import Average, Formula, Tally

FINDINGS = findings_in(__package__ or "")


_METRIC = "torchmetrics/metric.py"
_METRIC_DOCS = "https://lightning.ai/docs/torchmetrics/stable/references/metric.html"
_COLLECTION = "torchmetrics/collections.py"
_COLLECTION_DOCS = "https://lightning.ai/docs/torchmetrics/stable/pages/overview.html#metriccollection"


def _forward(definition: Definition) -> Definition:
    """Return what compute() gives after forward() was called instead of update()."""
    return definition.overlaid(
        definition.way("forward"),
        f"{definition.says.removesuffix('.')}, fed by forward().",
        accumulation.INTEGER_COUNTS.documented(
            '"Serves the dual purpose of both computing the metric on the current batch of inputs but also add the '
            f'batch statistics to the overall accumulating metric state." ({_METRIC_DOCS}); {_METRIC}:364-392'
        ),
    )


_LAST_UPDATE = parametric(accumulation.AXIS, accumulation.Summed(last=True))


def _last(definition: Definition) -> Definition:
    """Return what the last forward() gives."""
    transforms = definition.on(score_transform.AXIS)
    return definition.overlaid(
        definition.way("forward,last"),
        f"{definition.says.removesuffix('.')}, in the last update alone.",
        _LAST_UPDATE.documented(
            f'"The output of the compute method evaluated on the current batch." ({_METRIC_DOCS}); {_METRIC}:385'
        ),
        *(rule.amended(by_update=True) for rule in transforms if isinstance(rule.apply, Sigmoid)),
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


GROUPED_BY_CHANCE = FINDINGS["torchmetrics-collection-confuses-metrics-of-equal-counts"]


def _agree_first(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the first update gives counts at the threshold of the call that torch takes for those at 0.5."""
    if len(call.updates) < 2:
        return False
    here, at_one_half = (_counts(call, threshold) for threshold in (parameters["threshold"], 0.5))
    return here is not None and at_one_half is not None and bool(np.allclose(here, at_one_half))


def _counts(call: Call, threshold: float) -> list[float] | None:
    """Return what the metric holds after the first update, None where it raises or is open."""
    first = replace(call, updates=call.updates[:1], parameters={**call.parameters, "threshold": threshold})
    really, _ = departed(resolve(BINARY, first), first)
    counts = evaluate(really.rules.changed(_COUNTS), first)
    return [float(count) for count in counts.value] if counts.kind == "value" else None


@dataclass(frozen=True)
class _CountsByTarget(Average):
    """The counts that the metric keeps, which it compares with those of others."""

    name: str = "counts-by-target"
    says: str = "Correct and incorrect elements are counted for each target, 1 and 0."

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the sums of one update."""
        return {(None, target): pooled(units, np.asarray(units.truth == target)) for target in (1, 0)}

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> list[Number]:
        """Return the counts."""
        return [count for sums in tally.values() for count in (sums.correct, sums.weight - sums.correct)]

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        """Return how many quotients are rounded before they are added."""
        return 0


_COUNTS = parametric(average.AXIS, _CountsByTarget()).source(
    "torchmetrics/functional/classification/stat_scores.py:119-127"
)

TWO_THRESHOLDS = BINARY.overlaid(
    "torchmetrics.MetricCollection[BinaryAccuracy,two thresholds]",
    f"{BINARY.says.removesuffix('.')}, in a collection with the same at a threshold of 0.5.",
    accumulation.INTEGER_COUNTS.documented(
        f'"MetricCollection class can be used to chain metrics that have the same call pattern into one single '
        f'class." ({_COLLECTION_DOCS})'
    ),
    unspecified=(Unspecified(GROUPED_BY_CHANCE, _agree_first),),
)


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the ways."""
    for way in (_forward, _last, _collected):
        yield from map(way, (BINARY, MULTICLASS, MULTILABEL))
    yield TWO_THRESHOLDS
