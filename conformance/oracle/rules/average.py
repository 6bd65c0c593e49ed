"""average: which groups of units there are, and how they are weighted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, cast, exact, summed
from conformance.oracle.reasons import R, Raises
from conformance.oracle.rules.pairs import Pairs, paired
from conformance.oracle.rules.positives import of_positives
from conformance.oracle.rules.undefined_value import as_floats
from conformance.oracle.rules.unit import as_means
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Number, Parameters, Units
from conformance.oracle.sums import Average, Formula, Sums, Tally, at_most, ratio

AXIS = "average"

#: The group of the classes that do not occur: none is counted one by one, as there may be millions of them.
_ABSENT = "absent"


def weights_of(units: Units) -> Array:
    """Return the weight of each unit."""
    # A view of a single 1: there may be millions of units.
    return np.broadcast_to(1, len(units.numerator)) if units.denominator is None else units.denominator


def is_samplewise(parameters: Parameters) -> bool:
    """Whether there is one value per sample."""
    return bool(parameters.get("multidim_average", "global") == "samplewise")


def by_sample(units: Units, parameters: Parameters) -> list[tuple[int | None, Array | slice]]:
    """Return one group of units, or one per sample where multidim_average is samplewise."""
    if not is_samplewise(parameters):
        return [(None, slice(None))]
    samples = range(units.first, units.first + (units.shape[0] if units.shape else 1))
    return [(sample, units.sample == sample) for sample in samples]


def pooled(units: Units, here: Array | slice) -> Sums:
    """Return the sums of units as one group, in which each has one target and one decision."""
    above, below = units.numerator[here], units.denominator
    weight = units.share * (len(above) if below is None else summed(below[here]))
    return Sums(units.share * summed(above), weight, weight, weight)


def kind_of_average(parameters: Parameters) -> str:
    """Return micro, macro, weighted or none."""
    return str(parameters.get("average", "macro") or "none")


def weighted_mean(
    values: Sequence[Number],
    weights: Sequence[Number],
    formula: Formula,
    as_nan: bool = False,
    whole: Number | None = None,
) -> Number:
    """Return the mean of values by their weights, or their sum over `whole`; over none it may be NaN."""
    above = (value * weight for value, weight in zip(values, weights, strict=True))
    # zero_division is about a group, not about a mean over none.
    undefined = as_floats if as_nan else formula.undefined
    below = sum(weights, Fraction(0)) if whole is None else whole
    return ratio(sum(above, Fraction(0)), below, undefined, Parameters())


def groups_rounded(tally: Tally, parameters: Parameters) -> int:
    """Return how many quotients are rounded before they are added."""
    return len({group for _, group in tally}) if kind_of_average(parameters) not in ("micro", "none") else 0


def samples_of(tally: Tally) -> Iterable[int | None]:
    """Return the samples in the order in which they were counted.

    Raises:
        Raises: there are none, and there is nothing to concatenate.
    """
    if not tally:
        raise Raises(R["no-samples"], "ValueError")
    return dict.fromkeys(sample for sample, _ in tally)


def each_sample(value: Callable[[int | None], Any], tally: Tally, parameters: Parameters) -> Any:
    """Return the value of all samples, or that of each where multidim_average is samplewise."""
    return [value(sample) for sample in samples_of(tally)] if is_samplewise(parameters) else value(None)


@dataclass(frozen=True)
class Pooled(Worded, Average):
    """All units in one group, or in one per sample.

    Attributes:
        squeezed: whether the vector of a single sample becomes a scalar.
        last_divides: whether the sums of every sample are divided by the weight of the last one.
        labels_divide_as_floats: whether a division by zero is no exception where there are several labels.
        positives: how the weights of true positives, which alone are correct, are added up: selected, or multiplied by
            0 and 1; None where negative elements are correct, too.
    """

    squeezed: bool = False
    last_divides: bool = False
    labels_divide_as_floats: bool = False
    positives: Literal["selected", "multiplied"] | None = None

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        labels = self.labels_divide_as_floats and units.column is not None
        group = "elements of labels" if labels else "all"
        samples = by_sample(units, parameters)
        if self.positives:
            multiplied = self.positives == "multiplied"
            return {(sample, group): of_positives(units, here, multiplied) for sample, here in samples}
        return {(sample, group): pooled(units, here) for sample, here in samples}

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        if not is_samplewise(parameters):
            if (None, "elements of labels") in tally:
                return replace(formula, undefined=as_floats)(tally[None, "elements of labels"])
            return formula(tally.get((None, "all"), Sums()))
        samples_of(tally)
        groups = list(tally.values())
        if self.last_divides:
            last = groups[-1].weight
            groups = [Sums(sums.correct, last, last, last) for sums in groups]
        values = [formula(sums) for sums in groups]
        return values[0] if self.squeezed and len(values) == 1 else values


@dataclass(frozen=True)
class Unaveraged(Worded, Average):
    """Each unit is a group of its own."""

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        one = Fraction(1)
        values = as_means(units).numerator.tolist()
        # Millions of units have few values: equal ones share their sums, and `finish` their quotient.
        shared = {value: Sums(exact(value), one, one, one) for value in set(values)}
        return {(None, (units.shape, index)): shared[value] for index, value in enumerate(values)} or {
            (None, (units.shape, None)): Sums()
        }

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        shapes = {shape for _, (shape, _) in tally}
        if len(shapes) != 1:
            raise Incomposable("the units of several updates are not one vector")
        listed = [sums for (_, (_, index)), sums in tally.items() if index is not None]
        quotients = {id(sums): formula(sums) for sums in {id(sums): sums for sums in listed}.values()}
        values = [quotients[id(sums)] for sums in listed]
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return array.reshape(*shapes).tolist()


@dataclass(frozen=True)
class Labels(Worded, Average):
    """The elements of each label are a group, averaged as the parameter `average` says.

    Attributes:
        ignored: whether macro averages labels of which every element is ignored, as 0.
        squeezed: whether the vector of a single label becomes a scalar.
        positives: whether true positives alone are correct.
        of_matrix: whether a mean over no label is NaN, whatever zero_division is.
        of_all_samples: whether the mean of a sample is divided by the weights of the labels of all samples.
    """

    ignored: bool = False
    squeezed: bool = False
    positives: bool = False
    of_matrix: bool = False
    of_all_samples: bool = False

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        if units.column is None or units.truth is None or units.decided is None:
            raise Incomposable("these units have no labels")
        weight = weights_of(units)
        tally: Tally = {}
        for sample, _ in by_sample(units, parameters):
            for label in range(units.shape[1]):
                here = units.column == label
                if sample is not None:
                    here &= units.sample == sample
                if self.positives:
                    tally[sample, label] = of_positives(units, here)
                    continue
                tally[sample, label] = Sums(
                    summed(units.numerator[here]),
                    summed(weight[here]),
                    _number(units, here & (units.truth == 1)),
                    _number(units, here & (units.decided == 1)),
                    _number(units, here & (units.truth == 0) & (units.decided == 0)),
                )
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        labels, kind = range(at_most(parameters.get("num_labels") or 1)), kind_of_average(parameters)

        def value(sample: int | None) -> Any:
            groups = [tally.get((sample, label), Sums()) for label in labels]
            if kind == "micro":
                return formula(sum(groups, Sums()))
            values = [formula(sums) for sums in groups]
            if kind == "none":
                return values[0] if self.squeezed and len(values) == 1 else values
            weights, whole = self.weights(groups, parameters), None
            if self.of_all_samples:
                whole = sum(self.weights(list(tally.values()), parameters), Fraction(0))
            return weighted_mean(values, weights, formula, self.of_matrix, whole)

        return each_sample(value, tally, parameters)

    def weights(self, groups: Sequence[Sums], parameters: Parameters) -> list[Number]:
        """Return the weight of each label."""
        if kind_of_average(parameters) == "weighted":
            return [sums.true for sums in groups]
        ignored = self.ignored or parameters.get("ignore_index") is None
        return [Fraction(ignored or sums.weight != 0) for sums in groups]

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        return groups_rounded(tally, parameters)


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
        if not values and parameters.get("adjusted"):
            raise Raises(R["weights-sum-to-0"])
        if not values:
            return float("nan")
        score: Number = sum(values, Fraction(0)) / len(values)
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


@dataclass(frozen=True)
class Classes(Worded, Average):
    """Each class is a group, averaged as the parameter `average` says.

    Attributes:
        absent: whether macro averages classes that occur nowhere.
        ignored: whether macro averages the class that ignore_index names.
        whatever_top_k: whether a class that is predicted, and no target, occurs if top_k is above 1, too.
        of_matrix: whether micro leaves decisions for the class out that ignore_index names, and a mean over no class is
            NaN, whatever zero_division is.
    """

    absent: bool = True
    ignored: bool = False
    whatever_top_k: bool = False
    of_matrix: bool = False

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        if units.truth is None or units.decided is None:
            raise Incomposable("samples of several labels have no class")
        in_pairs = _counted_in_pairs(parameters)
        classes = parameters.get("num_classes") or 1
        if in_pairs and kind_of_average(parameters) == "micro" and not self.of_matrix:
            sums = pooled(units, slice(None))
            incorrect = sums.weight - sums.correct
            negative = classes * sums.weight - sums.weight - incorrect
            return {(None, "all"): replace(sums, negative=negative, missed=incorrect, wrong=incorrect)}
        truth, decided = cast(units.truth, "int64"), cast(units.decided, "int64")
        truth, decided = (paired if in_pairs else _one_hot)(truth, decided, classes)
        tally: Tally = {}
        for sample, here in by_sample(units, parameters):
            true, predicted = truth[here], decided[here]
            times = None if units.times is None else units.times[here]
            tally[sample, _ABSENT] = Sums(weight=Fraction(len(true) if times is None else int(times.sum())))
            correct = true == predicted
            hits = _counts(true[correct], None if times is None else times[correct])
            counts = [hits, *(_counts(labels, times) for labels in (true, predicted))]
            for label in sorted({label for found in counts for label in found}):
                right, of_class, of_decided = (Fraction(found.get(label, 0)) for found in counts)
                tally[sample, label] = Sums(right, Fraction(0), of_class, of_decided)
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        in_one = _counted_in_pairs(parameters) and not self.of_matrix
        if in_one and kind_of_average(parameters) == "micro":
            return formula(tally.get((None, "all"), Sums()))
        kind, classes = kind_of_average(parameters), parameters.get("num_classes") or 1

        of_sample: dict[int | None, dict[Any, Sums]] = {}
        for (sample, label), sums in tally.items():
            of_sample.setdefault(sample, {})[label] = sums

        def value(sample: int | None) -> Any:
            groups = of_sample.get(sample, {})
            weight = groups.pop(_ABSENT, Sums()).weight
            absent = Sums(weight=weight, negative=weight)
            groups = {label: _among(weight, sums) for label, sums in groups.items()}
            if kind == "micro":
                if self.of_matrix:
                    groups.pop(parameters.get("ignore_index"), None)
                missing = Fraction(classes - len(groups))
                return formula(sum(groups.values(), Sums()) + absent.mapped(lambda number: number * missing))
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
            return weighted_mean(values, weights, formula, self.of_matrix)

        return each_sample(value, tally, parameters)

    def _weight(self, label: int | None, sums: Sums, parameters: Parameters) -> Number:
        if kind_of_average(parameters) == "weighted":
            return sums.true
        one_decision = self.whatever_top_k or parameters.get("top_k") in (None, 1)
        present = sums.true != 0 or (one_decision and sums.predicted != 0)
        ignored = label is not None and label == parameters.get("ignore_index")
        return Fraction((present or self.absent) and (self.ignored or not ignored))

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        # A class that does not occur adds an exact 0.
        return groups_rounded({key: sums for key, sums in tally.items() if key[1] != _ABSENT}, parameters)


def _among(weight: Number, sums: Sums) -> Sums:
    """Return the sums of a class, given the weight of all classes."""
    missed, wrong = sums.true - sums.correct, sums.predicted - sums.correct
    negative = weight - sums.true - wrong
    return replace(sums, weight=weight, negative=negative, missed=missed, wrong=wrong)


def _number(units: Units, here: Array) -> Fraction:
    """Return how many units there are at some places."""
    return Fraction(int((here if units.times is None else units.times[here]).sum()))


def _counts(labels: Array, times: Array | None) -> dict[int, int]:
    """Return label -> how often it occurs, each as many times as is said."""
    if times is None:
        found, counts = np.unique(labels, return_counts=True)
    else:
        found, places = np.unique(labels, return_inverse=True)
        counts = np.bincount(places, times, len(found)).astype("int64")
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _counted_in_pairs(parameters: Parameters) -> bool:
    return bool(parameters.get("top_k") in (None, 1) and not is_samplewise(parameters))


def _one_hot(truth: Array, decided: Array, classes: int) -> tuple[Array, Array]:
    for labels in (truth, decided):
        if (labels < 0).any() or (labels >= classes).any():
            raise Raises(R["label-outside-classes"])
    return truth, decided


POOLED = parametric(AXIS, Pooled())
POSITIVES = parametric(AXIS, Pooled(positives="selected"))
POSITIVES_MULTIPLIED = parametric(AXIS, Pooled(positives="multiplied"))
POOLED_ELEMENTS_OF_LABELS = parametric(AXIS, Pooled(labels_divide_as_floats=True))
NOT_AVERAGED = parametric(AXIS, Unaveraged())
LABELS = parametric(AXIS, Labels())
POSITIVES_OF_LABELS = parametric(AXIS, Labels(positives=True))
OCCURRING_CLASSES = parametric(AXIS, OccurringClasses())
CLASSES = parametric(AXIS, Classes())
PAIRS_OF_LABELS = parametric(AXIS, Pairs("labels"))
PAIRS_OF_NAMED_LABELS = parametric(AXIS, Pairs("labels", named=True))
PAIRS_OF_CLASSES = parametric(AXIS, Pairs("classes"))
PAIRS_OF_TWO = parametric(AXIS, Pairs("two"))
PAIRS_OF_EACH_LABEL = parametric(AXIS, Pairs("two", apart=True))
CLASSES_WHATEVER_TOP_K = parametric(AXIS, Classes(whatever_top_k=True))
UNIONS_OF_LABELS = parametric(AXIS, Labels(positives=True, of_matrix=True))
UNIONS_OF_CLASSES = parametric(AXIS, Classes(of_matrix=True))
