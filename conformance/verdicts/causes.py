"""Why the groups of a case diverge: computed by exchanging rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from conformance.oracle.axes import AXES
from conformance.oracle.exchange import Causes, Exchange
from conformance.oracle.side import PARAMETERS, Side, differing
from conformance.verdicts import sentences
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
        here: axis -> what of it matters in this case, with the values of parameters; without axes where that is `says`.
    """

    quantity: str
    groups: tuple[str, str]
    implementations: tuple[str, str]
    causes: tuple[tuple[str, ...], ...]
    rules: Mapping[str, tuple[str, str]]
    says: Mapping[str, tuple[str, str]]
    here: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def said(self, axis: str) -> tuple[str, str]:
        """Return what each of the two does on an axis, for this case."""
        return self.here.get(axis, self.says[axis])


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
    says = {axis: (sentences.says(left, axis), sentences.says(right, axis)) for axis in named}
    here = {axis: _here(left, right, axis, found, exchange) for axis in named}
    return Divergence(
        quantity,
        pair,
        names,
        found,
        {axis: (sentences.name(left, axis), sentences.name(right, axis)) for axis in named},
        says,
        {axis: said for axis, said in here.items() if said != says[axis]},
    )


def _candidates(cells: Sequence[Cell], mine: str | None) -> list[tuple[Cell, Side]]:
    found = list(_representatives(cells))
    return [one for one in found if one[0].implementation.id == mine] or found[:_CANDIDATES]


def _here(left: Side, right: Side, axis: str, causes: Causes, exchange: Exchange) -> tuple[str, str]:
    parameters: tuple[str, ...] = ()
    if axis == PARAMETERS:
        axes = next(axes for axes in causes if axis in axes)
        parameters = exchange.parameters(axes, left, right)
    one, other = (sentences.here(side, axis, exchange, parameters) for side in (left, right))
    return one, other


def _representatives(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Side]]:
    for cell in cells:
        if cell.predictions is not None and not cell.departs:
            yield cell, cell.predictions.side
