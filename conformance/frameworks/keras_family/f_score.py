"""F-scores of any Keras: how columns are counted and averaged, what is checked, and when documentation is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import nan
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.conditions import any_update
from conformance.frameworks.keras_family.errors import NO_STRINGS, R, checks
from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, cast, exact, is_text, summed
from conformance.oracle.reasons import Raises, raise_if
from conformance.oracle.rules import accumulation, average, statistic
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Number, Parameters, Units
from conformance.oracle.sums import Average, Formula, Statistic, Sums, Tally, Undefined, ratio

NOT_FLOAT32 = R["f-score-not-float32"]
WEIGHTS_NOT_FLOAT32 = R["weights-not-float32"]
NO_UPDATE = R["no-update"]

_AVERAGES = (None, "micro", "macro", "weighted")


def _epsilon(call: Call) -> Number:
    """Return keras.config.epsilon() in the dtype of the metric."""
    return exact(cast(np.asarray(1e-7), call.metric_dtype or "float32").item())


@dataclass(frozen=True)
class OfColumns(Worded, Average):
    """The elements of each column are a group, averaged as the parameter `average` says.

    Targets are no booleans: an element is a true positive by as much as its target is, a false positive by the rest.

    Attributes:
        epsilon: whether a small number is added to the sum of the weights of columns.
    """

    epsilon: bool = False

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the sums of each column."""
        if units.column is None or len(units.shape) != 2 or units.truth is None or units.decided is None:
            raise Incomposable("these units have no columns")
        weight = average.weights_of(units)
        # float64 holds the products of float32 and narrower types.
        true, decided = (cast(array, "float64") for array in (units.truth, units.decided))
        tally: Tally = {}
        for column in range(units.shape[1]):
            here = units.column == column

            def total(counted: Array, here: Array = here) -> Number:
                with np.errstate(invalid="ignore"):
                    return summed((counted * weight)[here])

            correct = total(decided * true)
            sums = (total((1 - decided) * true), total(decided * (1 - true)))
            tally[None, column] = Sums(correct, Fraction(0), correct + sums[0], correct + sums[1])
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        """Return the value of the sums of all columns, a mean, or the value of each column."""
        groups = list(tally.values())
        if parameters["average"] == "micro":
            return formula(sum(groups, Sums()))
        values = [formula(sums) for sums in groups]
        if parameters["average"] is None:
            return values
        if parameters["average"] == "macro":
            return sum(values, Fraction(0)) / len(values) if values else nan
        weights = [sums.true for sums in groups]
        whole = sum(weights, _epsilon(formula.call) if self.epsilon else Fraction(0))
        above = (value * weight for value, weight in zip(values, weights, strict=True))
        return ratio(sum(above, Fraction(0)), whole, formula.undefined, parameters)

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        """Return how many quotients are rounded before they are added."""
        return 0 if parameters["average"] in (None, "micro") else 2 * len(tally)


@dataclass(frozen=True)
class OfPrecisionAndRecall(Worded, Statistic):
    """The weighted harmonic mean of precision and recall, of which each is rounded.

    Attributes:
        epsilon: whether a small number is added to what precision, recall and their mean are divided by.
    """

    epsilon: bool = False

    @property
    def rounded(self) -> int:
        """How many further operations are rounded."""
        return 8

    def of(self, sums: Sums, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        """Return the statistic of a group."""
        beta = float(parameters.number("beta")) if "beta" in parameters else 1.0
        with np.errstate(over="ignore"):
            square = exact(cast(np.square(np.float64(beta)), call.metric_dtype or "float32").item())
        if not isinstance(square, Fraction):
            return nan
        epsilon = _epsilon(call) if self.epsilon else Fraction(0)
        precision = ratio(sums.correct, sums.predicted + epsilon, undefined, parameters)
        recall = ratio(sums.correct, sums.true + epsilon, undefined, parameters)
        mean = ratio(precision * recall, square * precision + recall + epsilon, undefined, parameters)
        return (1 + square) * mean


@dataclass(frozen=True)
class WeightOfSample(Worded):
    """Weights get a second axis and are multiplied by the elements.

    Attributes:
        cast_first: whether they are cast to the metric's dtype.
    """

    cast_first: bool = True

    def __call__(self, shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
        """Return weights of the shape of the elements."""
        weight = update.sample_weight
        if weight is None:
            return None
        if self.cast_first:
            weight = cast(weight, call.metric_dtype or "float32")
        raise_if(not weight.ndim, R["scalar"])
        try:
            return np.broadcast_to(weight[:, None], shape)
        except ValueError:
            raise Raises(R["weights-not-broadcast"]) from None


def _parameters(parameters: Parameters, call: Call) -> None:
    kind, threshold, beta = parameters["average"], parameters["threshold"], parameters.get("beta", 1.0)
    raise_if(kind not in _AVERAGES, R["average-of-columns-not-known"].of(repr(kind)), "ValueError")
    known = isinstance(beta, float) and not beta <= 0
    raise_if(not known, R["beta-not-a-positive-float"].of(repr(beta)), "ValueError")
    known = threshold is None or (isinstance(threshold, float) and not (threshold > 1 or threshold <= 0))
    raise_if(not known, R["threshold-not-a-float"].of(repr(threshold)), "ValueError")


def _two_dimensions(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for a first update of another rank: later ones are not checked."""
    if call.updates and update.y_pred is call.updates[0].y_pred:
        flat = update.y_true.ndim != 2 or update.y_pred.ndim != 2
        raise_if(flat, R["not-two-dimensional"], "ValueError")


def _empty(update: Update, parameters: Parameters, call: Call) -> None:
    raise_if(parameters["threshold"] is None and not update.y_pred.size, R["maximum-of-nothing"])


COLUMNS = parametric(average.AXIS, OfColumns())
F_SCORE = parametric(statistic.AXIS, OfPrecisionAndRecall())
WEIGHTS = parametric("weights", WeightOfSample())
WEIGHTS_UNCAST = parametric("weights", WeightOfSample(cast_first=False))
MEANS_IN_FLOAT32 = parametric(
    accumulation.AXIS,
    accumulation.Summed(kept="metric", result="metric", averaged="metric-at-most-float32"),
)
CHECKS = checks("keras-f-score", NO_STRINGS, _two_dimensions, _empty, before=_parameters)
CHECKS_OF_EMPTY = checks("tf-keras-f-score", NO_STRINGS, _two_dimensions, before=_parameters)


def no_update(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether there is no update, and the parameters are valid."""
    if call.updates:
        return False
    try:
        _parameters(Parameters(parameters), call)
    except Raises:
        return False
    return True


def shapes_differ(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether arrays differ in shape, or updates in what is behind the samples."""
    shapes = [array.shape for update in call.updates for array in (update.y_true, update.y_pred)]
    differ = any(update.y_true.shape != update.y_pred.shape for update in call.updates)
    return differ or len({shape[1:] for shape in shapes}) > 1


def not_counted_for_all(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether shapes differ, and targets are not just repeated for all samples or columns of predictions.

    Other averages than micro also keep the sum of targets of each column, which has them once, and may not fit.
    """
    repeated = parameters["average"] == "micro" and all(map(_repeated, call.updates))
    return shapes_differ(call, parameters) and not repeated


def _repeated(update: Update) -> bool:
    try:
        return np.broadcast_shapes(update.y_true.shape, update.y_pred.shape) == update.y_pred.shape
    except ValueError:
        return False


def not_one_highest(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the highest score decides, and a sample has several of these, or none that is not 0."""
    return parameters["threshold"] is None and any(
        _not_one_highest(cast(update.y_pred, call.metric_dtype or "float32"))
        for update in call.updates
        if update.y_pred.ndim > 1 and update.y_pred.shape[-1] and not is_text(update.y_pred)
    )


def _not_one_highest(scores: Array) -> bool:
    wide = cast(scores, "float64")
    highest = wide.max(axis=-1, keepdims=True)
    # What is not a number is not equal to itself.
    return bool(((wide == highest).sum(axis=-1) != 1).any() or (np.abs(highest) <= 1e-9).any())


def updated_in_another_dtype(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether there is something to compute, by a metric of another dtype than float32."""
    return call.metric_dtype not in (None, "float32") and bool(call.updates)


def _in_rows(update: Update) -> bool:
    """Whether weights are no vector, or more than the samples."""
    weight = update.sample_weight
    if weight is None or not weight.ndim:
        return False
    return weight.ndim > 1 or (len(weight) != len(update.y_pred) and len(weight) != 1)


weights_of_other_shape = any_update(lambda update: bool(update.y_pred.ndim) and _in_rows(update))
weights_not_float32 = any_update(
    lambda update: update.sample_weight is not None and update.sample_weight.dtype.name != "float32"
)


def _of_other_targets(update: Update) -> bool:
    """Whether a target is neither 0 nor 1."""
    if is_text(update.y_true):
        return False
    true = cast(update.y_true, "float64")
    return bool(((true != 0) & (true != 1)).any())


of_other_targets = any_update(_of_other_targets)


def _counts_negative(update: Update) -> bool:
    """Whether a target is outside [0, 1], or a weight negative, so that a count may be negative."""
    if is_text(update.y_true):
        return False
    true = cast(update.y_true, "float64")
    weight = update.sample_weight
    return bool(((true < 0) | (true > 1)).any()) or (weight is not None and bool((weight < 0).any()))


counts_negative = any_update(_counts_negative)
