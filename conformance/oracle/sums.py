"""Sums of units, and what is made of them: aggregated over updates, averaged over groups, one formula each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Protocol

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Incomposable
from conformance.oracle.stages import Number, Parameters, Units


@dataclass(frozen=True)
class Sums:
    """What is added up of the units of a group. All are counts, or sums of weights.

    Attributes:
        correct: of the units that are correct; of units that are means, their values times their weights.
        weight: of all units.
        true: of the units whose target is the class or label of the group.
        predicted: of the units whose decision is the class or label of the group.
        negative: of the units of which neither is.
        missed: of elements that are positive and not predicted to be, where they are counted.
        wrong: of elements that are predicted to be positive and are not, where they are counted.
    """

    correct: Number = Fraction(0)
    weight: Number = Fraction(0)
    true: Number = Fraction(0)
    predicted: Number = Fraction(0)
    negative: Number = Fraction(0)
    missed: Number = Fraction(0)
    wrong: Number = Fraction(0)

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(mine + theirs for mine, theirs in zip(self._all(), other._all(), strict=True)))

    def mapped(self, function: Callable[[Number], Number]) -> Sums:
        """Return what a function makes of each sum."""
        return Sums(*map(function, self._all()))

    def _all(self) -> tuple[Number, ...]:
        return (
            self.correct,
            self.weight,
            self.true,
            self.predicted,
            self.negative,
            self.missed,
            self.wrong,
        )


@dataclass(frozen=True)
class Table:
    """The weights of pairs of a target and a decision: a confusion matrix.

    Attributes:
        size: number of rows, and of columns.
        cells: (row of the target, column of the decision) -> weight; others are 0.
    """

    size: int
    cells: Mapping[tuple[int, int], Number]


#: (sample or None, group) -> sums.
Tally = MutableMapping[tuple[int | None, Any], Sums]


#: What a division by zero gives, from the numerator and the parameters of the call.
Undefined = Callable[[Number, Parameters], Number]


def ratio(above: Number, below: Number, undefined: Undefined, parameters: Parameters) -> Number:
    """Divide; say what a division by zero gives."""
    return undefined(above, parameters) if below == 0 else above / below


#: More values than this are not predicted: it would exhaust the memory.
_MOST_VALUES = 2**20


def at_most(groups: int) -> int:
    """Return the number of values of a vector.

    Raises:
        Incomposable: it is so large that a prediction would exhaust the memory.
    """
    if groups > _MOST_VALUES:
        raise Incomposable(f"a vector of {groups:,} values is not predicted: at most {_MOST_VALUES:,} are")
    return groups


class Statistic(Protocol):
    """Which closed formula is taken of sums."""

    @property
    def rounded(self) -> int:
        """How many further operations are rounded."""
        return 0

    @property
    def columns(self) -> tuple[Statistic, ...]:
        """The statistics of which each value is a row; empty where it is one number, or a table."""
        return ()

    def of(self, sums: Sums, parameters: Parameters, call: Call, undefined: Undefined) -> Number:
        """Return the statistic of a group.

        Raises:
            Incomposable: it is one of a table.
        """
        raise Incomposable("it is taken of a table, not of each group")

    def of_table(self, table: Table, parameters: Parameters, call: Call, undefined: Undefined) -> Any:
        """Return the statistic of pairs of targets and decisions.

        Raises:
            Incomposable: it is one of each group.
        """
        raise Incomposable("it is taken of each group, not of a table")


@dataclass(frozen=True, eq=False)
class Formula:
    """A statistic with all that it depends on but the sums.

    Attributes:
        statistic: the statistic.
        parameters: parameters of the call.
        call: the call.
        undefined: what a division by zero gives.
    """

    statistic: Statistic
    parameters: Parameters
    call: Call
    undefined: Undefined

    def __call__(self, sums: Sums) -> Number:
        """Return the statistic of a group."""
        return self.statistic.of(sums, self.parameters, self.call, self.undefined)

    def of_table(self, table: Table) -> Any:
        """Return the statistic of a table."""
        return self.statistic.of_table(table, self.parameters, self.call, self.undefined)

    def finish(self, average: Average, tally: Tally) -> Any:
        """Return the value of all sums; where the statistic has columns, each number of it is a row of numbers."""
        columns = [replace(self, statistic=column) for column in self.statistic.columns]
        if not columns:
            return average.finish(tally, self.parameters, self)
        return _in_rows([average.finish(tally, self.parameters, column) for column in columns])


def _in_rows(columns: Sequence[Any]) -> Any:
    """Return numbers as a row, and nested lists of the same form as lists of rows."""
    if isinstance(columns[0], list):
        return [_in_rows(each) for each in zip(*columns, strict=True)]
    return list(columns)


class Average(Protocol):
    """Which groups of units there are, and how they are weighted."""

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the sums of one update."""

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        """Return the value of all sums: a number, or nested lists of numbers."""

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        """Return how many quotients are rounded before they are added; 0 for a single quotient."""
        return 0


#: Number of the first sample of an update, and the update.
Numbered = tuple[int, Update]


def in_turn(updates: Sequence[Update]) -> Iterator[Numbered]:
    """Yield the updates in turn, each with the number of its first sample."""
    number = 0
    for update in updates:
        yield number, update
        number += size_of(update)


def size_of(update: Update) -> int:
    """Return the number of samples of an update."""
    return max(len(array) if array.ndim else 1 for array in (update.y_true, update.y_pred))
