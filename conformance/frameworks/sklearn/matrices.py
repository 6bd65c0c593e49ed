"""The confusion matrices of multilabel_confusion_matrix (metrics/_classification.py)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from conformance.adapters.base import Call, Update
from conformance.frameworks.sklearn.errors import in_releases
from conformance.frameworks.sklearn.of_counts import OF_EACH_LABEL, check_labels
from conformance.frameworks.sklearn.of_each_class import checked
from conformance.frameworks.sklearn.targets import SINGLE, R, Since
from conformance.oracle.model import parametric
from conformance.oracle.numbers import summed
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules.average import AXIS, weights_of
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Parameters, Units
from conformance.oracle.sums import Average, Formula, Sums, Table, Tally, at_most

#: The group of all samples, which are the true negatives of a label that does not occur.
_ALL = "all"


@dataclass(frozen=True)
class MatrixOfEach(Worded, Average):
    """Each label against the others, or each sample, has a confusion matrix of its own.

    Attributes:
        samplewise: whether each sample has one.
        floats: whether the counts of single labels are floats where no sample is correct.
    """

    samplewise: bool = False
    floats: bool = False

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the sums of each label that occurs, or of each sample."""
        average = "samples" if self.samplewise else None
        tally = OF_EACH_LABEL.apply.tally(units, parameters.changed(average=average), call)
        if units.column is None:
            tally[None, _ALL] = Sums(weight=summed(weights_of(units)))
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        """Return the matrices in the order of the labels, or of the samples."""
        groups = {sample if self.samplewise else label: sums for (sample, label), sums in tally.items()}
        every = groups.pop(_ALL, None)
        correct = any(sums.correct for sums in groups.values())
        named = None if self.samplewise else parameters.get("labels")
        chosen = list(groups if named is None else named)
        at_most(len(chosen))
        absent = every or Sums()
        matrices = [formula.of_table(_table(groups.get(label, absent))) for label in chosen]
        weights = [update.sample_weight for update in formula.call.updates]
        weighted = any(weight is not None for weight in weights) and not self.samplewise
        return _as_fractions(matrices) if weighted or (self.floats and every and not correct) else matrices


def _table(sums: Sums) -> Table:
    wrong, missed = sums.predicted - sums.correct, sums.true - sums.correct
    negative = sums.weight - sums.correct - wrong - missed
    return Table(2, {(0, 0): negative, (0, 1): wrong, (1, 0): missed, (1, 1): sums.correct})


def _as_fractions(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_fractions(item) for item in value]
    return Fraction(value) if isinstance(value, int) else value


def _checked(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    kind = checked(since, update, parameters, call)
    check_labels(parameters["labels"], update.y_true, kind)


def _checked_samplewise(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    kind = checked(since, update, parameters, call)
    raise_if(kind in SINGLE, R["samples-of-one-label"], "ValueError")
    check_labels(parameters["labels"], update.y_true, kind)


OF_EACH = parametric(AXIS, MatrixOfEach())
OF_EACH_SAMPLE = parametric(AXIS, MatrixOfEach(samplewise=True))
CHECKS, CHECKS_BEFORE_1_9, CHECKS_BEFORE_1_8, CHECKS_BEFORE_1_7 = in_releases("sklearn-matrices", _checked)
SAMPLEWISE, SAMPLEWISE_BEFORE_1_9, SAMPLEWISE_BEFORE_1_8, SAMPLEWISE_BEFORE_1_7 = in_releases(
    "sklearn-matrices-of-samples", _checked_samplewise
)
