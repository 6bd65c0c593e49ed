"""average: classes as groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, cast, summed
from conformance.oracle.reasons import LABEL_OUTSIDE_CLASSES, Raises
from conformance.oracle.rules.average import (
    AXIS,
    at_most,
    by_sample,
    groups_rounded,
    is_samplewise,
    kind_of_average,
    pooled,
    samples_of,
    weighted_mean,
    weights_of,
)
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Number, Parameters, Units
from conformance.oracle.sums import Average, Formula, Sums, Tally

#: The group of the classes that do not occur: none is counted one by one, as there may be millions of them.
_ABSENT = "absent"


@dataclass(frozen=True)
class OccurringClasses(Worded, Average):
    """The mean over the classes among the targets.

    Attributes:
        perfect_stays: whether a perfect value stays 1 when it is adjusted for chance.
    """

    perfect_stays: bool = True

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        if units.truth is None or units.decided is None:
            raise Incomposable("samples of several labels have no class")
        weight = weights_of(units)
        total = summed(weight)
        tally: Tally = {}
        for label in np.unique(units.truth).tolist():
            true, predicted = units.truth == label, units.decided == label
            tally[None, label] = Sums(
                summed(units.numerator[true]), total, summed(weight[true]), summed(weight[predicted])
            )
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        values = [value for value in map(formula, tally.values()) if value == value]
        if not values:
            return float("nan")
        score = _mean(values)
        if not parameters.get("adjusted") or (self.perfect_stays and score == 1):
            return score
        chance = Fraction(1, len(values))
        if chance == 1:
            excess = score - chance
            if excess == 0 or excess != excess:
                return float("nan")
            return float("inf") if excess > 0 else float("-inf")
        return (score - chance) / (1 - chance)

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        return len(tally) + (2 if parameters.get("adjusted") else 0)


def _mean(values: Sequence[Number]) -> Number:
    return sum(values, Fraction(0)) / len(values)


@dataclass(frozen=True)
class Classes(Worded, Average):
    """Each class is a group, averaged as the parameter `average` says.

    Attributes:
        absent: whether macro averages classes that occur nowhere, as 0.
        ignored: whether macro averages the class that ignore_index names.
    """

    absent: bool = True
    ignored: bool = False

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        if units.truth is None or units.decided is None:
            raise Incomposable("samples of several labels have no class")
        in_pairs = _counted_in_pairs(parameters)
        if in_pairs and kind_of_average(parameters) == "micro":
            return {(None, "all"): pooled(units, slice(None))}
        classes = parameters.get("num_classes") or 1
        truth, decided = cast(units.truth, "int64"), cast(units.decided, "int64")
        truth, decided = (_pairs if in_pairs else _one_hot)(truth, decided, classes)
        tally: Tally = {}
        for sample, here in by_sample(units, parameters):
            true, predicted = truth[here], decided[here]
            tally[sample, _ABSENT] = Sums(weight=Fraction(len(true)))
            counts = [_counts(labels) for labels in (true[true == predicted], true, predicted)]
            for label in sorted({label for found in counts for label in found}):
                correct, of_class, of_decided = (Fraction(found.get(label, 0)) for found in counts)
                tally[sample, label] = Sums(correct, Fraction(0), of_class, of_decided)
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        if _counted_in_pairs(parameters) and kind_of_average(parameters) == "micro":
            return formula(tally.get((None, "all"), Sums()))
        kind, classes = kind_of_average(parameters), parameters.get("num_classes") or 1

        of_sample: dict[int | None, dict[Any, Sums]] = {}
        for (sample, label), sums in tally.items():
            of_sample.setdefault(sample, {})[label] = sums

        def value(sample: int | None) -> Any:
            groups = of_sample.get(sample, {})
            absent = groups.pop(_ABSENT, Sums())
            groups = {label: replace(sums, weight=absent.weight) for label, sums in groups.items()}
            if kind == "micro":
                return formula(replace(sum(groups.values(), Sums()), weight=absent.weight * classes))
            if kind == "none":
                others = formula(absent) if len(groups) < classes else Fraction(0)
                vector = [others] * at_most(classes)
                for label, sums in groups.items():
                    vector[label] = formula(sums)
                return vector
            ignored = parameters.get("ignore_index")
            if ignored is not None and 0 <= ignored < classes:
                groups.setdefault(ignored, absent)
            values = [formula(sums) for sums in groups.values()]
            weights = [self._weight(label, sums, parameters) for label, sums in groups.items()]
            # All classes without a target or a decision are alike, and there may be millions of them.
            if others := classes - len(groups):
                values.append(formula(absent))
                weights.append(self._weight(None, absent, parameters) * others)
            return weighted_mean(values, weights, formula)

        return [value(sample) for sample in samples_of(tally)] if is_samplewise(parameters) else value(None)

    def _weight(self, label: int | None, sums: Sums, parameters: Parameters) -> Number:
        if kind_of_average(parameters) == "weighted":
            return sums.true
        one_decision = parameters.get("top_k", 1) == 1
        present = sums.true != 0 or (one_decision and sums.predicted != 0)
        ignored = label is not None and label == parameters.get("ignore_index")
        return Fraction((present or self.absent) and (self.ignored or not ignored))

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        # A class that does not occur adds an exact 0.
        return groups_rounded({key: sums for key, sums in tally.items() if key[1] != _ABSENT}, parameters)


def _counts(labels: Array) -> dict[int, int]:
    found, counts = np.unique(labels, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _counted_in_pairs(parameters: Parameters) -> bool:
    return bool(parameters.get("top_k", 1) == 1 and not is_samplewise(parameters))


def _pairs(truth: Array, decided: Array, classes: int) -> tuple[Array, Array]:
    """A pair is counted at target * num_classes + prediction, even where that is another pair's place."""
    place = truth * classes + decided
    if (place < 0).any() or (place >= classes**2).any():
        raise Raises(LABEL_OUTSIDE_CLASSES)
    return place // classes, place % classes


def _one_hot(truth: Array, decided: Array, classes: int) -> tuple[Array, Array]:
    for labels in (truth, decided):
        if (labels < 0).any() or (labels >= classes).any():
            raise Raises(LABEL_OUTSIDE_CLASSES)
    return truth, decided


OCCURRING_CLASSES = parametric(AXIS, OccurringClasses())
CLASSES = parametric(AXIS, Classes())
