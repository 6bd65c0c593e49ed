"""Each two definitions that can be compared: which case tells them apart, if any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from conformance.coverage.subjects import Subject
from conformance.coverage.telling import Foreteller, is_large


@dataclass(frozen=True, eq=False)
class Pair:
    """Two definitions of one quantity and a common task.

    Attributes:
        one: the first.
        other: the second.
        common: how many cases ask both.
        told: whether one of these tells them apart.
    """

    one: Subject
    other: Subject
    common: int
    told: bool


def pairs(found: Sequence[Subject], foreteller: Foreteller) -> Iterator[Pair]:
    """Yield every two definitions that can be asked about a common case."""
    for one, other in combinations(found, 2):
        if one.quantity == other.quantity and one.tasks & other.tasks:
            ids = {case.id for case in other.cases}
            common = sorted((case for case in one.cases if case.id in ids), key=is_large)
            told = False
            for case in common:
                sides = [
                    foreteller.of(foreteller.resolved(side.definition, case), case) for side in (one, other)
                ]
                predicted = [
                    side.prediction for side in sides if side is not None and side.prediction is not None
                ]
                if len(predicted) == 2 and not predicted[0].same_as(predicted[1]):
                    told = True
                    break
            yield Pair(one, other, len(common), told)
