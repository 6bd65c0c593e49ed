"""average: classes as groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, add, cast, divide, summed
from conformance.oracle.reasons import LABEL_OUTSIDE_CLASSES, Raises
from conformance.oracle.rules.average import (
    AXIS,
    average_of,
    by_sample,
    groups_rounded,
    is_samplewise,
    kind_of_average,
    pooled,
    samples_of,
    weights_of,
)
from conformance.oracle.stages import Average, Formula, Number, Parameters, Sums, Tally, Units


@dataclass(frozen=True)
class OccurringClasses(Average):
    """The mean over the classes among the targets.

    Attributes:
        perfect_stays: whether a perfect value stays 1 when it is adjusted for chance.
    """

    perfect_stays: bool = True

    @property
    def name(self) -> str:
        """Name of the behaviour."""
        return f"classes-among-targets{'-perfect-stays' if self.perfect_stays else ''}"

    @property
    def says(self) -> str:
        """What is done, in one sentence."""
        perfect = "; adjusted for chance, a perfect one stays 1" if self.perfect_stays else ""
        return f"The classes that occur among the targets are averaged{perfect}."

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the sums of one update."""
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
        """Return the mean, adjusted for chance where `adjusted` is True."""
        values = [value for value in map(formula, tally.values()) if value == value]
        if not values:
            return float("nan")
        score = _mean(values)
        if not parameters.get("adjusted") or (self.perfect_stays and score == 1):
            return score
        chance = Fraction(1, len(values))
        if chance == 1:
            excess = add(score, -chance)
            if excess == 0 or excess != excess:
                return float("nan")
            return float("inf") if excess > 0 else float("-inf")
        return divide(add(score, -chance), 1 - chance)

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        """Return how many quotients are rounded before they are added."""
        return len(tally) + (2 if parameters.get("adjusted") else 0)


def _mean(values: Sequence[Number]) -> Number:
    total: Number = Fraction(0)
    for value in values:
        total = add(total, value)
    return divide(total, Fraction(len(values)))


@dataclass(frozen=True)
class Classes(Average):
    """Each class is a group, averaged as the parameter `average` says.

    Attributes:
        absent: whether macro averages classes that occur nowhere, as 0.
        ignored: whether macro averages the class that ignore_index names.
    """

    absent: bool = True
    ignored: bool = False

    @property
    def name(self) -> str:
        """Name of the behaviour."""
        return (
            f"{'all' if self.absent else 'occurring'}-classes{'-and-the-ignored-one' if self.ignored else ''}"
        )

    @property
    def says(self) -> str:
        """What is done, in one sentence."""
        which = "all classes" if self.absent else "the classes that occur among targets or predictions"
        ignored = "the ignored one too" if self.ignored else "but not the ignored one"
        return (
            f"micro pools all units; macro averages {which}, {ignored}; weighted weights classes by their targets; "
            "none gives each class."
        )

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the sums of one update."""
        if units.truth is None or units.decided is None:
            raise Incomposable("samples of several labels have no class")
        in_pairs = _counted_in_pairs(parameters)
        if in_pairs and kind_of_average(parameters) == "micro":
            return {(None, "all"): pooled(units, slice(None))}
        classes = parameters.get("num_classes") or 1
        truth, decided = cast(units.truth, "int64"), cast(units.decided, "int64")
        truth, decided = (_pairs if in_pairs else _one_hot)(truth, decided, classes)
        tally: Tally = {}
        for row, here in by_sample(units, parameters):
            total = Fraction(len(truth[here]))
            for label in range(classes):
                true, predicted = truth[here] == label, decided[here] == label
                counts = ((true & predicted).sum(), true.sum(), predicted.sum())
                correct, of_class, of_decided = (Fraction(int(count)) for count in counts)
                tally[row, label] = Sums(correct, total, of_class, of_decided)
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        """Return the average of the classes."""
        if _counted_in_pairs(parameters) and kind_of_average(parameters) == "micro":
            return formula(tally.get((None, "all"), Sums()))
        classes = range(parameters.get("num_classes") or 1)

        def value(row: int | None) -> Any:
            groups = [tally.get((row, label), Sums()) for label in classes]
            return average_of(groups, self._weights(groups, parameters), parameters, formula)

        return [value(row) for row in samples_of(tally)] if is_samplewise(parameters) else value(None)

    def _weights(self, groups: Sequence[Sums], parameters: Parameters) -> list[Number]:
        if kind_of_average(parameters) == "weighted":
            return [sums.true for sums in groups]
        one_decision = parameters.get("top_k", 1) == 1

        def counts(label: int, sums: Sums) -> bool:
            present = sums.true != 0 or (one_decision and sums.predicted != 0)
            return (present or self.absent) and (self.ignored or label != parameters.get("ignore_index"))

        return [Fraction(counts(label, sums)) for label, sums in enumerate(groups)]

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        """Return how many quotients are rounded before they are added."""
        return groups_rounded(tally, parameters)


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
