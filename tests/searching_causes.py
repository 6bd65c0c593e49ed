"""The causes of a pair, searched anew: every exchange is evaluated on its own."""

from __future__ import annotations

import itertools
from operator import itemgetter
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.evaluate import Pass, evaluate
from conformance.oracle.exchange import ENOUGH, LARGEST
from conformance.oracle.model import Incomposable
from conformance.oracle.prediction import Prediction
from conformance.oracle.rearranged import rearranged
from conformance.oracle.reasons import Raises
from conformance.oracle.ruleset import Rules
from conformance.oracle.side import Side, differing, exchanged, share_names


def removes(axes: tuple[str, ...], one: Side, other: Side, call: Call) -> bool:
    """Whether an exchange removes the difference in either direction, evaluated on its own."""
    return one_way(axes, one, other, call) or one_way(axes, other, one, call)


def one_way(
    axes: tuple[str, ...], one: Side, other: Side, call: Call, wanted: Prediction | None = None
) -> bool:
    """Whether the first gives what the second does, or `wanted`, with the rules of the second on these axes."""
    try:
        return evaluate(exchanged(axes, one, other), call).same_as(wanted or other.predicted)
    except Incomposable:
        return False


def correct(rules: Rules, call: Call) -> Any:
    """Which elements are correct, of all updates; None where rules cannot work together."""
    one = Pass(rules, call, (), trace=False)
    numbered = itertools.chain.from_iterable(rules.accumulation.apply.groups(call.updates))
    try:
        found = [one.counted(update, first)[0] for first, update in sorted(numbered, key=itemgetter(0))]
    except (Raises, Incomposable):
        return None
    kept = [np.where(True if each.kept is None else each.kept, each.hit, False).ravel() for each in found]
    return np.concatenate([*kept, np.zeros(0)])


def same_elements(axes: tuple[str, ...], one: Side, other: Side, call: Call) -> bool:
    """Whether the same elements are correct, if there are as many."""
    mine, theirs = correct(exchanged(axes, one, other), call), correct(other.really.rules, call)
    return mine is None or theirs is None or mine.size != theirs.size or bool((mine == theirs).all())


def lasting(
    found: set[frozenset[str]], one: Side, other: Side, call: Call
) -> tuple[set[frozenset[str]], int, int]:
    """Those sets that remove the difference for the same samples most often; how often, of how many arrangements."""
    both = (one, other), (other, one)
    ways = {axes: [way for way in both if one_way(tuple(axes), *way, call)] for axes in found}

    def often(axes: frozenset[str], arranged: Call, gives: dict[Side, Prediction]) -> bool:
        return any(
            one_way(tuple(axes), mine, theirs, arranged, gives[theirs])
            and same_elements(tuple(axes), mine, theirs, arranged)
            for mine, theirs in ways[axes]
        )

    given = {side: side.predicted for side in (one, other)}
    times = {axes: [0, often(axes, call, given)] for axes in found}
    number = 0
    for rolled in rearranged(call):
        given = {side: evaluate(side.really.rules, rolled) for side in (one, other)}
        if all(each.kind != "raises" for each in given.values()):
            number += 1
            for axes in found:
                times[axes][0] += often(axes, rolled, given)
    most = max(times.values())
    return {axes for axes in found if times[axes] == most}, most[0], number


def searched(one: Side, other: Side, call: Call) -> set[frozenset[str]]:
    """The smallest sets of axes that remove the difference of two values, each exchange evaluated on its own."""
    every = [axis for axis in differing(one, other) if axis != "refusal"]
    ordinary = [axis for axis in every if axis != "name-resolution"]
    for axes in (every,) if share_names(one, other) else (ordinary, every):
        coincident: set[frozenset[str]] = set()
        for size in range(1, LARGEST + 1):
            chosen = itertools.combinations(axes, size)
            if found := {frozenset(each) for each in chosen if removes(each, one, other, call)}:
                lasts, most, number = lasting(found, one, other, call)
                if (most or number < ENOUGH) if not coincident else (most == number and len(lasts) == 1):
                    return lasts
                coincident = coincident or lasts
        if coincident:
            return coincident
        if removes(tuple(axes), one, other, call):
            return {frozenset(axes)}
    return set()
