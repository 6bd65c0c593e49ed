"""Why the groups of a case diverge: computed by exchanging rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from conformance.oracle.axes import AXES
from conformance.oracle.exchange import Causes, Exchange, Side, differing
from conformance.verdicts.groups import Grouping
from conformance.verdicts.verdicts import Cell

#: So many cells of a group are looked at for the pair with the fewest differing axes.
_CANDIDATES = 6


@dataclass(frozen=True, eq=False)
class Divergence:
    """Why two groups of one quantity diverge.

    Attributes:
        quantity: the quantity.
        groups: the two letters.
        implementations: the representative of each group, chosen so that they differ on few axes.
        causes: all smallest sets of axes whose exchange removes the difference; empty if none was found.
        rules: axis -> the name of the rule that each representative follows.
        says: axis -> the same in words.
    """

    quantity: str
    groups: tuple[str, str]
    implementations: tuple[str, str]
    causes: tuple[tuple[str, ...], ...]
    rules: Mapping[str, tuple[str, str]]
    says: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Why any two implementations of one quantity differ that are in different groups and both give a value.

    Where one raises, that is the cause. Where the outcome is not the predicted one, there is none.

    Attributes:
        behaviours: ids of implementations that differ from all others for the same causes.
        causes: the numbers of two behaviours in different groups, the smaller one first -> their causes.
    """

    behaviours: tuple[tuple[str, ...], ...]
    causes: Mapping[tuple[int, int], Causes]

    @property
    def without_cause(self) -> tuple[tuple[str, str], ...]:
        """Two implementations of each two behaviours between which nothing removes the difference."""
        return tuple(
            (self.behaviours[one][0], self.behaviours[other][0])
            for (one, other), found in self.causes.items()
            if not found
        )


def pairs(grouping: Grouping, exchange: Exchange) -> Pairs:
    """Return why any two implementations of one quantity differ.

    Args:
        grouping: the groups of the quantity.
        exchange: the exchanges of the case.
    """
    sides = [
        (letter, cell.implementation.id, side)
        for letter, cells in grouping.groups.items()
        for cell, side in _representatives(cells)
        if side.predicted.kind in ("value", "one-of")
    ]
    members: dict[tuple[Causes | None, ...], list[int]] = {}
    for place, (letter, _, side) in enumerate(sides):
        row = tuple(None if letter == there else exchange.causes(side, other) for there, _, other in sides)
        members.setdefault(row, []).append(place)
    found = {
        (one, other): causes
        for (one, (row, _)), (other, (_, places)) in itertools.combinations(enumerate(members.items()), 2)
        if (causes := row[places[0]]) is not None
    }
    return Pairs(tuple(tuple(sides[place][1] for place in places) for places in members.values()), found)


def divergences(
    groupings: Mapping[str, Grouping], exchange: Exchange, mine: str | None = None
) -> tuple[Divergence, ...]:
    """Return why each two groups of a case diverge.

    A group whose outcomes all depart unexplained, or claim no definition, has no representative and is left
    out: its cells fail, or are only observed.

    Args:
        groupings: quantity -> the groups of the case.
        exchange: the exchanges of the case.
        mine: id of the implementation that represents its group.
    """
    return tuple(
        divergence
        for quantity, grouping in groupings.items()
        for pair in itertools.combinations(grouping.groups, 2)
        if (divergence := _divergence(quantity, grouping, pair, exchange, mine)) is not None
    )


def axes_of(found: Sequence[Divergence], more: Iterable[Sequence[str]] = ()) -> tuple[str, ...]:
    """Return the axes that occur among the causes of groups, and in `more` causes, in the order of `AXES`."""
    named = {axis for divergence in found for axes in divergence.causes for axis in axes}
    named.update(axis for axes in more for axis in axes)
    return tuple(axis for axis in AXES if axis in named)


def _divergence(
    quantity: str, grouping: Grouping, pair: tuple[str, str], exchange: Exchange, mine: str | None
) -> Divergence | None:
    sides = [_candidates(grouping.groups[letter], mine) for letter in pair]
    if not sides[0] or not sides[1]:
        return None
    (one, left), (other, right) = min(
        itertools.product(*sides), key=lambda both: len(list(differing(both[0][1], both[1][1])))
    )
    names = one.implementation.id, other.implementation.id
    found = exchange.causes(left, right)
    named = [axis for axis in AXES if any(axis in axes for axes in found)]
    return Divergence(
        quantity,
        pair,
        names,
        found,
        {axis: (_name(left, axis), _name(right, axis)) for axis in named},
        {axis: (_says(left, axis), _says(right, axis)) for axis in named},
    )


def _candidates(cells: Sequence[Cell], mine: str | None) -> list[tuple[Cell, Side]]:
    found = list(_representatives(cells))
    return [one for one in found if one[0].implementation.id == mine] or found[:_CANDIDATES]


def _representatives(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Side]]:
    for cell in cells:
        if cell.predictions is not None and not cell.departs:
            yield cell, cell.predictions.side


def _name(side: Side, axis: str) -> str:
    if axis == "departure":
        return ", ".join(side.findings) if side.departs else "as-documented"
    if axis == "name-resolution":
        return side.really.base.name
    if axis == "refusal":
        reason = side.predicted.reason if side.predicted.kind == "raises" else None
        return reason.code if reason is not None else "computes"
    return side.really.rules.on(axis).behaviour.name


def _says(side: Side, axis: str) -> str:
    if axis == "departure":
        if not side.departs:
            return "Follows its documentation here."
        return f"Leaves its documentation here: {', '.join(side.findings)}."
    if axis == "name-resolution":
        return f"Stands for {side.really.base.name}."
    if axis == "refusal":
        raises = side.predicted.kind == "raises"
        return f"Raises: {side.predicted.why}." if raises else "Computes a value."
    return side.really.rules.on(axis).behaviour.says
