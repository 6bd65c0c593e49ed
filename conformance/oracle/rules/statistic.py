"""statistic: which closed formula is taken of the sums of a group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import nan, prod
from typing import Any, Literal

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.model import parametric
from conformance.oracle.numbers import cast, exact, square_root
from conformance.oracle.reasons import R, raise_if
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Number, Parameters
from conformance.oracle.sums import Statistic, Sums, Table, Undefined, at_most, ratio

AXIS = "statistic"


@dataclass(frozen=True)
class Accuracy(Worded, Statistic):
    """Correct units over all units, or their number where `normalize` is False.

    Attributes:
        by_way_of: what is computed instead of one quotient, which is rounded more often: the share of incorrect
            units, subtracted from 1, or the four counts of a confusion matrix.
        counted_in_weights: whether the number of correct units is counted in the dtype of the weights.
    """

    by_way_of: Literal["errors", "four-counts"] | None = None
    counted_in_weights: bool = False

    @property
    def rounded(self) -> int:
        return 2 if self.by_way_of else 0

    def of(self, sums: Sums, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        correct = sums.correct
        if self.counted_in_weights:
            for update in call.updates:
                if update.sample_weight is not None:
                    correct = _held(correct, update.sample_weight.dtype)
        return (
            correct
            if parameters.get("normalize") is False
            else ratio(correct, sums.weight, undefined, parameters)
        )


@dataclass(frozen=True)
class Recall(Worded, Statistic):
    """Correct units over those whose target is the class of the group."""

    def of(self, sums: Sums, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        return ratio(sums.correct, sums.true, undefined, parameters)


@dataclass(frozen=True)
class Precision(Worded, Statistic):
    """Correct units over those whose decision is the class of the group."""

    def of(self, sums: Sums, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        return ratio(sums.correct, sums.predicted, undefined, parameters)


@dataclass(frozen=True)
class FScore(Worded, Statistic):
    """The harmonic mean of precision and recall, of which recall has the weight beta squared, or 1 without a beta.

    Attributes:
        infinite_is_recall: whether an infinite beta gives the recall; if not, it gives NaN.
    """

    infinite_is_recall: bool = False

    @property
    def rounded(self) -> int:
        # The square of beta, its products, and their sum.
        return 4

    def of(self, sums: Sums, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        beta = exact(parameters.number("beta")) if "beta" in parameters else Fraction(1)
        if not isinstance(beta, Fraction):
            return ratio(sums.correct, sums.true, undefined, parameters) if self.infinite_is_recall else nan
        square = beta**2
        return ratio((1 + square) * sums.correct, square * sums.true + sums.predicted, undefined, parameters)


@dataclass(frozen=True)
class Specificity(Worded, Statistic):
    """True negatives over the units whose target is another class than that of the group."""

    def of(self, sums: Sums, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        all_ = sums.negative + sums.predicted - sums.correct
        return ratio(sums.negative, all_, undefined, parameters)


@dataclass(frozen=True)
class NegativePredictiveValue(Worded, Statistic):
    """True negatives over the units whose decision is another class than that of the group."""

    def of(self, sums: Sums, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        all_ = sums.negative + sums.true - sums.correct
        return ratio(sums.negative, all_, undefined, parameters)


#: One of the four counts, or the support: how many targets are of the class or label.
CountName = Literal["true-positives", "false-positives", "true-negatives", "false-negatives", "support"]


@dataclass(frozen=True)
class Count(Worded, Statistic):
    """One of the four counts of elements, or the support.

    Attributes:
        of_count: which.
        whole: whether it is an integer; there are no weights then.
    """

    of_count: CountName
    whole: bool = False

    def of(self, sums: Sums, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        count = {
            "true-positives": sums.correct,
            "false-positives": sums.wrong,
            "true-negatives": sums.negative,
            "false-negatives": sums.missed,
            "support": sums.true,
        }[self.of_count]
        return int(count) if self.whole else count


@dataclass(frozen=True)
class Counts(Worded, Statistic):
    """The four counts and the support of a group, in a row of integers."""

    @property
    def columns(self) -> tuple[Statistic, ...]:
        counts: tuple[CountName, ...] = (
            "true-positives",
            "false-positives",
            "true-negatives",
            "false-negatives",
            "support",
        )
        return tuple(Count(count, whole=True) for count in counts)


@dataclass(frozen=True)
class Matthews(Worded, Statistic):
    """The Matthews correlation coefficient of a confusion matrix.

    Attributes:
        of_two: whether two classes have values of their own where every sample is correct, or none, or where a class
            is no target or never predicted.
        integers: which values are integers: 1 and -1 of two classes, or the 0 of several as well.
    """

    of_two: bool = False
    integers: Literal["ones", "all"] | None = None

    @property
    def rounded(self) -> int:
        # Three sums of products, their product, its root, and the quotient.
        return 8

    def of_table(self, table: Table, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        cells = table.cells
        whole = sum(cells.values(), Fraction(0))
        if not isinstance(whole, Fraction):
            return nan
        right = sum((weight for (true, decided), weight in cells.items() if true == decided), Fraction(0))
        if self.of_two and table.size == 2 and whole and right in (0, whole):
            one = 1 if right else -1
            return one if self.integers else Fraction(one)
        targets, decisions = _margins(table)
        covariance = right * whole - sum(targets[label] * decisions[label] for label in targets)
        variances = [whole**2 - sum(number**2 for number in of.values()) for of in (targets, decisions)]
        product = prod(variances, start=Fraction(1))
        if product < 0:
            return nan
        if product:
            return covariance / square_root(product)
        if self.of_two and table.size == 2:
            counts = [
                of.get(label, Fraction(0)) + _EPSILON for of in (targets, decisions) for label in (0, 1)
            ]
            return (2 * right - whole) * square_root(_EPSILON / prod(counts, start=Fraction(1)))
        return 0 if self.integers == "all" else undefined(covariance, parameters)


@dataclass(frozen=True)
class Kappa(Worded, Statistic):
    """One less the disagreement over that of independent targets and decisions, weighted as `weights` says."""

    @property
    def rounded(self) -> int:
        # What is expected of a pair, two weighted sums, their quotient, and the difference.
        return 8

    def of_table(self, table: Table, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        whole = sum(table.cells.values(), Fraction(0))
        if not isinstance(whole, Fraction):
            return nan
        weights = parameters.get("weights") or "none"
        raise_if(weights not in _DISTANCES, R["invalid-weights"].of(repr(weights)), "ValueError")
        if not whole:
            return undefined(whole, parameters)
        targets, decisions = _margins(table)
        distance = _DISTANCES[weights]
        observed = sum(
            (Fraction(weight) * distance(*pair) for pair, weight in table.cells.items()), Fraction(0)
        )
        expected = sum(
            (true * decided * distance(label, other))
            for label, true in targets.items()
            for other, decided in decisions.items()
        )
        return ratio(expected / whole - observed, expected / whole, undefined, parameters)


@dataclass(frozen=True)
class Matrix(Worded, Statistic):
    """The confusion matrix itself, divided as `normalize` says.

    Attributes:
        finite: whether NaN becomes 0 and infinities the largest numbers, also where nothing is divided.
    """

    finite: bool = False

    def of_table(self, table: Table, parameters: Parameters, call: Call, undefined: Undefined) -> Any:
        normalize = parameters.get("normalize") or "none"
        known = isinstance(normalize, str) and normalize in ("none", "true", "pred", "all")
        raise_if(not known, R["invalid-normalize"].of(repr(normalize)), "ValueError")
        at_most(table.size**2)
        rows = [[table.cells.get((i, j), Fraction(0)) for j in range(table.size)] for i in range(table.size)]
        if normalize == "none":
            weights = [update.sample_weight for update in call.updates]
            if all(weight is None or weight.dtype.kind in "biu" for weight in weights):
                return [[int(number) for number in row] for row in rows]
            return [[self._held(number) for number in row] for row in rows]
        whole = {
            "true": [[sum(row, Fraction(0))] * table.size for row in rows],
            "pred": [[sum(column, Fraction(0)) for column in zip(*rows, strict=True)]] * table.size,
            "all": [[sum((sum(row, Fraction(0)) for row in rows), Fraction(0))] * table.size] * table.size,
        }[normalize]
        return [
            [
                self._held(ratio(number, all_, undefined, parameters))
                for number, all_ in zip(row, below, strict=True)
            ]
            for row, below in zip(rows, whole, strict=True)
        ]

    def _held(self, number: Number) -> Number:
        if not self.finite or isinstance(number, Fraction):
            return number
        return exact(np.nan_to_num(number))


#: How much a pair of different classes weighs, by the parameter weights.
_DISTANCES: Mapping[str, Callable[[int, int], int]] = {
    "none": lambda label, other: int(label != other),
    "linear": lambda label, other: abs(label - other),
    "quadratic": lambda label, other: (label - other) ** 2,
}

_EPSILON = Fraction(1, 2**23)


def increased(number: Number, epsilon: Literal["float32", "metric"], call: Call) -> Number:
    """Return a number in a dtype, or in that of the metric, to which 1e-7 is added there."""
    name = "float32" if epsilon == "float32" else call.metric_dtype or "float32"
    held, small = (cast(np.asarray(float(each)), name) for each in (number, 1e-7))
    return exact((held + small).astype(held.dtype).item())


def _margins(table: Table) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
    """Return the weights of the targets and of the decisions of each class that is one of them."""
    targets = {label: Fraction(0) for pair in table.cells for label in pair}
    decisions = dict(targets)
    for (true, decided), weight in table.cells.items():
        targets[true] += Fraction(weight)
        decisions[decided] += Fraction(weight)
    return targets, decisions


@dataclass(frozen=True)
class Jaccard(Worded, Statistic):
    """Correct units over those whose target or decision is the class of the group.

    Attributes:
        epsilon: dtype in which 1e-7 is added to the denominator, `metric` for that of the metric; None for not at all.
    """

    epsilon: Literal["float32", "metric"] | None = None

    @property
    def rounded(self) -> int:
        return 1 if self.epsilon else 0

    def of(self, sums: Sums, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        union = sums.true + sums.predicted - sums.correct
        if self.epsilon:
            union = increased(union, self.epsilon, call)
        return ratio(sums.correct, union, undefined, parameters)

    def of_table(self, table: Table, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        """The positive class of two is the second."""
        neither, both = (table.cells.get((label, label), Fraction(0)) for label in (0, 1))
        union = sum(table.cells.values(), Fraction(0)) - neither
        return ratio(both, union, undefined, parameters)


def _held(count: Number, dtype: np.dtype[Any]) -> Number:
    """Return what a dtype holds of a count: booleans whether there is any, integers wrap around."""
    if dtype.kind == "b":
        return Fraction(count != 0)
    if dtype.kind in "iu" and isinstance(count, Fraction):
        modulus, lowest = int(2 ** (8 * dtype.itemsize)), int(np.iinfo(dtype).min)
        return (count - lowest) % modulus + lowest
    return exact(cast(np.asarray(float(count)), dtype.name).item())


ACCURACY = parametric(AXIS, Accuracy())
FROM_ERRORS = parametric(AXIS, Accuracy(by_way_of="errors"))
FROM_FOUR_COUNTS = parametric(AXIS, Accuracy(by_way_of="four-counts"))
RECALL = parametric(AXIS, Recall())
PRECISION = parametric(AXIS, Precision())
TRUE_POSITIVES = parametric(AXIS, Count("true-positives"))
FALSE_POSITIVES = parametric(AXIS, Count("false-positives"))
TRUE_NEGATIVES = parametric(AXIS, Count("true-negatives"))
FALSE_NEGATIVES = parametric(AXIS, Count("false-negatives"))
COUNTS_AND_SUPPORT = parametric(AXIS, Counts())
MATTHEWS = parametric(AXIS, Matthews())
KAPPA = parametric(AXIS, Kappa())
MATRIX = parametric(AXIS, Matrix())
FINITE_MATRIX = parametric(AXIS, Matrix(finite=True))
SPECIFICITY = parametric(AXIS, Specificity())
NEGATIVE_PREDICTIVE_VALUE = parametric(AXIS, NegativePredictiveValue())
F_SCORE = parametric(AXIS, FScore())
F_SCORE_OR_RECALL = parametric(AXIS, FScore(infinite_is_recall=True))
JACCARD = parametric(AXIS, Jaccard())
