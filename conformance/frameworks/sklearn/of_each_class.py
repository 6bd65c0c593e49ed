"""What scikit-learn counts of each class against the rest (metrics/_classification.py, multilabel_confusion_matrix)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance.adapters.base import Call, Update
from conformance.frameworks.sklearn.errors import in_releases
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
from conformance.oracle.numbers import Array, summed
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules.average import AXIS, weights_of
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Number, Parameters, Units
from conformance.oracle.sums import Average, Formula, Sums, Tally

#: The group of all samples.
_ALL = "all"


@dataclass(frozen=True)
class EachClass(Worded, Average):
    """Each class, or label, is a group of all samples: correct are those that the other classes do not tell from it."""

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return of each class the samples that are incorrect for it."""
        if units.truth is None or units.decided is None:
            raise Incomposable("samples of several labels have no class")
        weight = weights_of(units)
        tally: Tally = {}
        for label, here, true, decided in classes_of(units, units.truth, units.decided):
            own = weight[here]
            tally[None, label] = Sums(summed(own[true != decided]), summed(own))
        if units.column is None:
            tally[None, _ALL] = Sums(weight=summed(weight))
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> list[Number]:
        """Return the values in the order of the classes."""
        groups = {label: sums for (_, label), sums in tally.items()}
        every = groups.pop(_ALL, None)
        values = []
        for label in sorted(groups):
            whole = groups[label].weight if every is None else every.weight
            correct = whole - groups[label].correct
            values.append(formula(Sums(correct, whole)))
        return values

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        """Return how many quotients are rounded before they are added."""
        return 0


def classes_of(units: Units, truth: Array, decided: Array) -> Iterator[tuple[Any, Any, Array, Array]]:
    """Yield each class with the units that count, and which of these are of it by target and by prediction."""
    if units.column is None:
        for label in {*truth.tolist(), *decided.tolist()}:
            yield label, slice(None), truth == label, decided == label
        return
    for label in range(units.shape[1]):
        here = units.column == label
        # A label is there where the indicator is not zero.
        yield label, here, truth[here] != 0, decided[here] != 0


def checked(since: Since, update: Update, parameters: Parameters, call: Call) -> str:
    """Raise what multilabel_confusion_matrix raises for targets and weights; return the type of the targets."""
    y_true, y_pred, weight = update.y_true, update.y_pred, update.sample_weight
    kind = check_targets(y_true, y_pred, weight, since)
    if since < SINCE_1_8 and weight is not None:
        check_column(weight)
        check_lengths(y_true, weight)
    if kind not in SINGLE and since < SINCE_1_9:
        raise_if(not len(y_true), R["no-samples"], "ValueError")
        check_numbers_of_labels(y_true, y_pred)
        check_sparse(y_true, y_pred)
    return kind


def _checked(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    checked(since, update, parameters, call)


EACH_CLASS = parametric(AXIS, EachClass())
CHECKS, CHECKS_BEFORE_1_9, CHECKS_BEFORE_1_8, CHECKS_BEFORE_1_7 = in_releases("sklearn-each-class", _checked)
