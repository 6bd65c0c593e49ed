"""What differs if a class is used otherwise than by update() and compute() (line numbers of 1.9.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.evaluate import evaluate
from conformance.oracle.model import parametric
from conformance.oracle.resolve import departed, resolve
from conformance.oracle.rules import accumulation, average, score_transform
from conformance.oracle.rules.average import pooled
from conformance.oracle.stages import Number, Parameters, Units
from conformance.oracle.sums import Average, Formula, Tally

LAST_UPDATE = parametric(accumulation.AXIS, accumulation.Summed(last=True))
MEAN = parametric(accumulation.AXIS, accumulation.Summed(reported="mean"))
MEAN_BY_SIZE = parametric(accumulation.AXIS, accumulation.Summed(reported="mean-by-size"))
RUNNING = parametric(accumulation.AXIS, accumulation.Summed(reported="running"))
SIGMOID_BY_UPDATE = parametric(
    score_transform.AXIS, replace(score_transform.SIGMOID_IF_OUTSIDE.apply, by_update=True)
)


def agree_first(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the first update gives counts at the threshold of the call that torch takes for those at 0.5."""
    return len(call.updates) > 1 and _agree_first(call, parameters, slice(None))


def agree_first_on_true_positives(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the first update gives as many true positives, but not the same counts throughout."""
    return (
        bool(call.updates)
        and _agree_first(call, parameters, slice(1))
        and not (len(call.updates) == 1 and _agree_first(call, parameters, slice(None)))
    )


def _agree_first(call: Call, parameters: Mapping[str, Any], compared: slice) -> bool:
    here, at_one_half = (_counts(call, threshold) for threshold in (parameters["threshold"], 0.5))
    return (
        here is not None
        and at_one_half is not None
        and bool(np.allclose(here[compared], at_one_half[compared]))
    )


def _counts(call: Call, threshold: float) -> list[float] | None:
    """Return what the metric holds after the first update, None where it raises or is open."""
    first = replace(call, updates=call.updates[:1], parameters={**call.parameters, "threshold": threshold})
    binary = definitions_in(__package__)["torchmetrics.classification.BinaryAccuracy"]
    really, _ = departed(resolve(binary, first), first)
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
