"""What scikit-learn makes of the counts of each label: checks and averages of precision_recall_fscore_support."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from operator import mul
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.sklearn.errors import in_releases
from conformance.frameworks.sklearn.of_each_class import classes_of
from conformance.frameworks.sklearn.targets import (
    SINCE_1_8,
    SINCE_1_9,
    SINGLE,
    R,
    Since,
    check_column,
    check_lengths,
    check_numbers_of_labels,
    check_sparse,
    check_targets,
)
from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, exact, is_text, summed
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules.average import AXIS, weights_of
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Number, Parameters, Units
from conformance.oracle.sums import Average, Formula, Sums, Tally, at_most

ZERO_DIVISION_NOT_KNOWN = R["zero-division-not-known"]

_AVERAGES = ("binary", "micro", "macro", "weighted", "samples", None)


@dataclass(frozen=True)
class OfEachLabel(Worded, Average):
    """Each label, or each sample, is a group, averaged as the parameter `average` says.

    Attributes:
        all_averaged: whether NaN is averaged, too, and weights that cancel each other raise.
        named: whether the parameter labels names the labels.
        once: whether a label that is named several times has one value, where none are averaged.
    """

    all_averaged: bool = False
    named: bool = True
    once: bool = False

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the sums of each label that occurs, or of each sample."""
        if units.truth is None or units.decided is None:
            raise Incomposable("samples of several labels have no class")
        weight = weights_of(units)
        if parameters["average"] == "samples":
            return self._of_samples(units, weight, parameters)
        groups: dict[Any, Sums] = {}
        for label, here, true, decided in classes_of(units, units.truth, units.decided):
            groups[label] = _counted(weight[here], true, decided)
        return {(None, label): groups[label] for label in sorted(groups)}

    def _of_samples(self, units: Units, weight: Array, parameters: Parameters) -> Tally:
        if units.column is None or units.truth is None or units.decided is None:
            raise Incomposable("a sample of one label is not averaged")
        true, decided = units.truth != 0, units.decided != 0
        one = np.broadcast_to(1, len(weight))
        labels = parameters.get("labels") if self.named else None
        of_label = [units.column == label for label in (range(units.shape[1]) if labels is None else labels)]
        tally: Tally = {}
        for sample in np.unique(units.sample).tolist():
            own = [here & (units.sample == sample) for here in of_label]
            counted = (_counted(one[here], true[here], decided[here]) for here in own)
            # The counts of a sample are multiplied by its weight, so that one that is not finite gives NaN for none.
            times = exact(weight[units.sample == sample][0].item())
            tally[sample, "labels"] = sum(counted, Sums()).mapped(partial(mul, times))
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        """Return the value of pos_label, a mean, or the value of each label."""
        average = parameters["average"]
        groups = list(tally.values())
        if average != "samples":
            of_label = {label: sums for (_, label), sums in tally.items()}
            groups = [of_label.get(label, Sums()) for label in self._labels(of_label, parameters)]
        if average == "micro":
            return formula(sum(groups, Sums()))
        at_most(len(groups))
        values = [formula(sums) for sums in groups]
        if average is None:
            return values
        alike: Sequence[Number] = [Fraction(1)] * len(groups)
        weights = alike
        if average in ("weighted", "samples"):
            weights = [sums.true if average == "weighted" else sums.weight for sums in groups]
        if average == "weighted" and self.all_averaged and not any(weights):
            weights = alike
        return _mean_of_all(values, weights) if self.all_averaged else _mean_of_defined(values, weights)

    def _labels(self, occurring: Iterable[Any], parameters: Parameters) -> list[Any]:
        """Return the labels that are asked for, in their order."""
        if parameters["average"] == "binary":
            return [parameters["pos_label"]]
        labels = parameters.get("labels") if self.named else None
        chosen = list(occurring if labels is None else labels)
        return list(dict.fromkeys(chosen)) if self.once and parameters["average"] is None else chosen

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        """Return how many quotients are rounded before they are added."""
        return 0 if parameters["average"] in (None, "micro", "binary") else len(tally)


def _counted(weight: Array, true: Array, decided: Array) -> Sums:
    return Sums(summed(weight[true & decided]), summed(weight), summed(weight[true]), summed(weight[decided]))


def _mean_of_defined(values: Sequence[Number], weights: Sequence[Number]) -> Number:
    """Return the mean of the values that are not NaN, unweighted where the weights sum to 0 (`_nanaverage`)."""
    defined = [(value, weight) for value, weight in zip(values, weights, strict=True) if value == value]
    if not defined:
        return float("nan")
    whole = sum((weight for _, weight in defined), Fraction(0))
    if whole == 0:
        return sum((value for value, _ in defined), Fraction(0)) / len(defined)
    return sum((value * weight for value, weight in defined), Fraction(0)) / whole


def _mean_of_all(values: Sequence[Number], weights: Sequence[Number]) -> Number:
    """Return the mean of all values (`numpy.average`)."""
    if not values:
        return float("nan")
    whole = sum(weights, Fraction(0))
    raise_if(whole == 0, R["weights-sum-to-0"])
    return sum((value * weight for value, weight in zip(values, weights, strict=True)), Fraction(0)) / whole


def _parameters(parameters: Parameters, call: Call) -> None:
    average, given, beta = parameters["average"], parameters["zero_division"], parameters.get("beta", 1)
    raise_if(not beta >= 0, R["beta-not-known"].of(repr(beta)), "InvalidParameterError")
    raise_if(average not in _AVERAGES, R["average-not-known"].of(repr(average)), "InvalidParameterError")
    known = given == "warn" or (not isinstance(given, str) and (given in (0, 1) or given != given))
    raise_if(not known, R["zero-division-not-known"].of(repr(given)), "InvalidParameterError")


def _checked(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    y_true, y_pred, weight = update.y_true, update.y_pred, update.sample_weight
    average, labels = parameters["average"], parameters["labels"]
    kind = check_targets(y_true, y_pred, None, since)
    if kind == "multilabel-indicator":
        raise_if(not len(y_true), R["no-samples"], "ValueError")
        check_numbers_of_labels(y_true, y_pred)
        if since < SINCE_1_9:
            check_sparse(y_true, y_pred)
    present = {*np.unique(y_true).tolist(), *np.unique(y_pred).tolist()}
    if average == "binary":
        kind = "multiclass" if kind == "binary" and len(present) > 2 else kind
        raise_if(kind != "binary", R["binary-average"].of(f"targets are {kind}"), "ValueError")
        missing = len(present) >= 2 and parameters["pos_label"] not in present
        raise_if(
            missing, R["pos-label-missing"].of(f"pos_label is {parameters['pos_label']!r}"), "ValueError"
        )
    check_targets(y_true, y_pred, weight, since)
    if since < SINCE_1_8 and weight is not None:
        check_column(weight)
        check_lengths(y_true, weight)
    raise_if(kind in SINGLE and average == "samples", R["samples-of-one-label"], "ValueError")
    raise_if(average == "samples" and weight is not None and weight.ndim > 1, R["weights-not-per-sample"])
    if average != "binary":
        check_labels(labels, y_true, kind)


def check_labels(labels: Sequence[Any] | None, y_true: Array, kind: str) -> None:
    """Raise for `labels` that targets of this type cannot have."""
    if labels is None or not len(labels):
        return
    named = np.asarray(labels)
    if kind in SINGLE:
        raise_if(is_text(named) != is_text(y_true), R["strings-and-numbers"])
    else:
        raise_if(is_text(named), R["strings"])
        outside = named.max() >= y_true.shape[1] or named.min() < 0
        raise_if(outside, R["labels-not-columns"], "ValueError")


def _checked_of_report(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    if check_targets(update.y_true, update.y_pred, update.sample_weight, since) not in SINGLE:
        check_sparse(update.y_true, update.y_pred)
        # One of the averages is over samples.
        parameters = parameters.changed(average="samples")
    _checked(since, update, parameters, call)


def _checked_of_scorer(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    _checked(since, update, parameters.changed(labels=None), call)


OF_EACH_LABEL = parametric(AXIS, OfEachLabel())
OF_EVERY_LABEL = parametric(AXIS, OfEachLabel(named=False))
OF_EACH_LABEL_ONCE = parametric(AXIS, OfEachLabel(once=True))
ALL_OF_EACH_LABEL = parametric(AXIS, OfEachLabel(all_averaged=True))
ALL_OF_EVERY_LABEL = parametric(AXIS, OfEachLabel(all_averaged=True, named=False))
CHECKS, CHECKS_BEFORE_1_9, CHECKS_BEFORE_1_8, CHECKS_BEFORE_1_7 = in_releases(
    "sklearn-counts-of-labels", _checked, _parameters
)
OF_SCORER, OF_SCORER_BEFORE_1_9, OF_SCORER_BEFORE_1_8, OF_SCORER_BEFORE_1_7 = in_releases(
    "sklearn-counts-of-all-labels", _checked_of_scorer, _parameters
)
OF_REPORT, OF_REPORT_BEFORE_1_9, OF_REPORT_BEFORE_1_8, OF_REPORT_BEFORE_1_7 = in_releases(
    "sklearn-counts-of-report", _checked_of_report, _parameters
)
