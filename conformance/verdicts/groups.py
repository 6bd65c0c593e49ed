"""Groups of equal outcomes: they follow the outcomes, and the last place of a rounded number decides nothing."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from conformance.oracle.prediction import Prediction
from conformance.verdicts.verdicts import Cell, as_observed


@dataclass(frozen=True, eq=False)
class Grouping:
    """The outcomes of one case within one quantity.

    Attributes:
        verdict: `agree`, `diverge`, or None for fewer than two outcomes.
        groups: letter -> its cells; the largest group is A.
    """

    verdict: Literal["agree", "diverge"] | None
    groups: Mapping[str, tuple[Cell, ...]]

    def letter(self, cell: Cell) -> str | None:
        """Return the letter of the group a cell is in."""
        return next((letter for letter, cells in self.groups.items() if cell in cells), None)


def grouped(cells: Sequence[Cell]) -> dict[str, Grouping]:
    """Group the cells of one case by quantity and equal outcome; all exceptions form one group.

    Each outcome has up to three readings: the value observed and, if a prediction holds for it, the exact value
    that is predicted and that value rounded to the result's dtype. Outcomes that share a reading are one group;
    one for which no prediction holds also joins what it differs from by no more than rounding. What joins two groups
    makes them one.

    Hence equal outcomes are one group, whatever was predicted; the order of the cells does not matter; and a
    processor that rounds otherwise changes no group.
    """
    by_quantity: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.outcome.kind in ("value", "raises"):
            by_quantity.setdefault(cell.implementation.quantity, []).append(cell)
    return {quantity: _grouping(members) for quantity, members in by_quantity.items()}


def letter_of(index: int) -> str:
    """Return A, B, ..., Z, AA, AB, ... for 0, 1, ..."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _grouping(cells: Sequence[Cell]) -> Grouping:
    groups = sorted(_groups(cells), key=len, reverse=True)
    verdict: Literal["agree", "diverge"] | None = None
    if len(cells) > 1:
        verdict = "agree" if len(groups) == 1 else "diverge"
    return Grouping(verdict, {letter_of(index): tuple(group) for index, group in enumerate(groups)})


def _groups(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Return the groups in the order of their first cells."""
    exact = [_predicted(cell) for cell in cells]
    home = list(range(len(cells)))

    def join(one: int, other: int) -> None:
        first, second = sorted((home[one], home[other]))
        if first != second:
            home[:] = [first if number == second else number for number in home]

    seen: dict[Hashable, int] = {}
    for index, cell in enumerate(cells):
        for reading in _readings(cell, exact[index]):
            join(index, seen.setdefault(reading, index))
    values = {
        index: exact[index] or as_observed(cell.outcome)
        for index, cell in enumerate(cells)
        if cell.outcome.kind == "value" and cell.outcome.value is not None
    }
    for one, other in itertools.permutations(values, 2):
        if exact[one] is None and values[one].near(values[other]):
            join(one, other)
    members: dict[int, list[Cell]] = {}
    for cell, number in zip(cells, home, strict=True):
        members.setdefault(number, []).append(cell)
    return list(members.values())


def _predicted(cell: Cell) -> Prediction | None:
    """Return the prediction of this very value, or of an exception, if one holds for the outcome."""
    if cell.predictions is None:
        return None
    predicted = cell.predictions.predicted
    options = predicted.options if predicted.kind == "one-of" else (predicted,)
    found = next((option for option in options if option.holds_for(cell.outcome)), None)
    any_value = found is not None and found.kind != "raises" and found.value is None
    return None if any_value else found


def _readings(cell: Cell, exact: Prediction | None) -> Iterator[Hashable]:
    if cell.outcome.kind == "raises":
        yield "raises"
        return
    yield _key(cell.outcome.value)
    if exact is not None:
        yield _key(exact.value)
        yield _key(exact.rounded)


def _key(value: Any) -> Hashable:
    """Return what equal values have in common: 0.5 and 1/2, 0 and -0.0, NaN and NaN."""
    if isinstance(value, list):
        return tuple(map(_key, value))
    return value if value == value else "nan"
