"""Pairs of a target and a decision, the cells of a confusion matrix, of which a statistic is taken together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.model import Incomposable
from conformance.oracle.numbers import Array, cast, is_float, summed
from conformance.oracle.reasons import R, Raises
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Parameters, Units
from conformance.oracle.sums import Average, Formula, Sums, Table, Tally, at_most


@dataclass(frozen=True)
class Pairs(Worded, Average):
    """Each pair of a target and a decision is a group, and a statistic is taken of all of them together.

    Attributes:
        of: the rows and columns of the table: the labels that occur, sorted; the numbers below num_classes; or 0 and
            1.
        named: whether the parameter labels names rows and columns; others are left out.
        apart: whether each label of a sample has a table of its own.
    """

    of: Literal["labels", "classes", "two"]
    named: bool = False
    apart: bool = False

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the weight of each pair that occurs."""
        if units.truth is None or units.decided is None:
            raise Incomposable("samples of several labels are no pairs")
        truth, decided = units.truth, units.decided
        if self.of != "labels":
            truth, decided = self._placed(truth, decided, parameters)
        weight = np.broadcast_to(1, len(truth)) if units.denominator is None else units.denominator
        if not self.apart:
            return {(None, pair): sums for pair, sums in weights_of_pairs(truth, decided, weight).items()}
        if units.column is None:
            raise Incomposable("these units have no labels")
        tally: Tally = {}
        for column in range(units.shape[1]):
            here = units.column == column
            pairs = weights_of_pairs(truth[here], decided[here], weight[here])
            tally.update({(None, (column, *pair)): sums for pair, sums in pairs.items()})
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        """Return the statistic of the table."""
        pairs = {pair: sums.weight for (_, pair), sums in tally.items()}
        if self.apart:
            tables = [
                Table(2, {pair[1:]: weight for pair, weight in pairs.items() if pair[0] == column})
                for column in range(at_most(int(parameters["num_labels"])))
            ]
            return [formula.of_table(table) for table in tables]
        if self.of != "labels":
            return formula.of_table(Table(self._classes(parameters), pairs))
        named = parameters.get("labels") if self.named else None
        labels = sorted({label for pair in pairs for label in pair}) if named is None else named
        place = {label: number for number, label in enumerate(labels)}
        cells = {
            (place[label], place[other]): weight
            for (label, other), weight in pairs.items()
            if label in place and other in place
        }
        return formula.of_table(Table(len(labels), cells))

    def _placed(self, truth: Array, decided: Array, parameters: Parameters) -> tuple[Array, Array]:
        """Return the row and the column of each pair; of two labels the place is truncated, of others the labels."""
        if self.of == "two" and not self.apart and (is_float(truth) or is_float(decided)):
            place = cast(2 * cast(truth, "float64") + cast(decided, "float64"), "int64")
            return paired(np.zeros_like(place), place, 2)
        return paired(cast(truth, "int64"), cast(decided, "int64"), self._classes(parameters))

    def _classes(self, parameters: Parameters) -> int:
        return 2 if self.of == "two" else int(parameters["num_classes"])


def weights_of_pairs(truth: Array, decided: Array, weight: Array) -> dict[tuple[Any, Any], Sums]:
    """Return the weight of each pair that occurs."""
    found = {}
    for label in np.unique(truth).tolist():
        of_label = truth == label
        for other in np.unique(decided[of_label]).tolist():
            found[label, other] = Sums(weight=summed(weight[of_label & (decided == other)]))
    return found


def paired(truth: Array, decided: Array, classes: int) -> tuple[Array, Array]:
    """A pair is counted at target * num_classes + prediction, even where that is another pair's place.

    Raises:
        Raises: that is no place.
    """
    place = truth * classes + decided
    if (place < 0).any() or (place >= classes**2).any():
        raise Raises(R["label-outside-classes"])
    return place // classes, place % classes
