"""One part of a run that several machines share, the same on each of them."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class Shard:
    """Part `index` of `of`, counted from 1."""

    index: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read `I/N`.

        Raises:
            ValueError: it is no such pair, or I is not from 1 to N; the message says so.
        """
        found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise ValueError(f"{text!r} is no shard: write I/N, with I from 1 to N, such as 1/3.")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"


def part(shard: Shard | None, entries: Sequence[_Entry], costs: Iterable[int]) -> tuple[_Entry, ...]:
    """Return the entries of a shard, in their order; all of them without one.

    The costliest first, each goes where least is. None is divided, and each is in exactly one shard.

    Args:
        shard: which part.
        entries: those of the whole run.
        costs: what each of them costs, in any unit.
    """
    if shard is None:
        return tuple(entries)
    loads = [(0, 0, index) for index in range(1, shard.of + 1)]
    mine = []
    for cost, place in sorted((-cost, place) for place, cost in enumerate(costs)):
        load, number, index = loads[0]
        heapq.heapreplace(loads, (load - cost, number + 1, index))
        if index == shard.index:
            mine.append(place)
    return tuple(entries[place] for place in sorted(mine))
