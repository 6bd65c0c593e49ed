"""Why a metric gives another number than it should."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Call, Implementation
from conformance.adapters.registry import NO_NUMBER, adapters
from conformance.ask.explanation import Explanation
from conformance.ask.question import Number
from conformance.ask.variants import Search
from conformance.oracle import find, predict
from conformance.oracle.exchange import Exchange
from conformance.oracle.numbers import holds
from conformance.oracle.prediction import Prediction, tolerance
from conformance.report.words import listed
from conformance.testing.claims import Claim, claim_of
from conformance.verdicts.causes import divergences
from conformance.verdicts.groups import Grouping
from conformance.verdicts.verdicts import Cell, predicted_cell

#: So many implementations are named.
_NAMED = 2

_Way = Callable[[Search, Number], Iterator[Explanation]]


@dataclass(frozen=True)
class Seen:
    """What both gave for one input.

    Attributes:
        call: the input.
        mine: the value of the metric.
        expected: the value that should have come.
    """

    call: Call
    mine: Any
    expected: Any


def why(seen: Seen, probe: Seen | None, expected: Prediction, claim: Claim | None) -> Iterator[str]:
    """Yield sentences that say where a number comes from.

    Args:
        seen: the input on which the metric and what is expected differ.
        probe: another input, on which an explanation has to hold, too; None if there is none.
        expected: the value that should have come, as it is predicted.
        claim: the definition that predicts it; None for the value of some other function.
    """
    if isinstance(seen.mine, list) or isinstance(seen.expected, list):
        return
    if all(one is None or _is_rounded(one, expected) for one in (seen, probe)):
        yield f"{seen.mine} is the expected value in float32: compute it in {expected.precision}."
        return
    # Too much gives 0 or 1.
    told_by_number = any(one is not None and one.mine not in (0, 1) for one in (seen, probe))
    told = _explanations(seen, probe, claim) if told_by_number and _is_whole(seen.call) else []
    for one in told[:1]:  # others do the same on both inputs
        yield f"Like {one.implementation}, but {one.says} ({one.axis})."
        yield f"Write instead: {one.instead}"
        if one.samples is not None and one.samples.number:
            yield one.samples.says
    if not told:
        yield from _differing(seen, probe, claim)


def _is_whole(call: Call) -> bool:
    """Whether the updates of a call are parts of arrays as users have them: of equal length, and not empty."""
    shapes = set()
    for update in call.updates:
        arrays = [update.y_true, update.y_pred]
        if update.sample_weight is not None and update.sample_weight.ndim:
            arrays.append(update.sample_weight)
        if len({array.shape[:1] for array in arrays}) != 1 or not all(
            array.ndim and array.size for array in arrays
        ):
            return False
        shapes.add(tuple(array.shape[1:] for array in arrays))
    return len(shapes) == 1


def _is_rounded(seen: Seen, expected: Prediction) -> bool:
    """Whether a value is a number of float32, and next to the expected one."""
    exact = float(seen.expected)
    return (
        expected.precision == "float64"
        and holds("float32", seen.mine)
        and abs(seen.mine - exact) <= tolerance(exact, "float32", 0)
    )


def _explanations(seen: Seen, probe: Seen | None, claim: Claim | None) -> list[Explanation]:
    """Return the changes of the definition that give the number, on the other input as well.

    Some other function is the first implementation that gives what it gives.
    """
    if claim is None:
        same = _giving([(one.call, one.expected) for one in (probe, seen) if one is not None])
        if not same:
            return []
        claim = claim_of(same[0].implementation)
    # Changed calls are asked of this implementation first, which is faster; others take what it does not.
    ways: tuple[tuple[_Way, bool], ...] = (
        (Search.of_calls, False),
        (Search.of_values, False),
        (Search.of_metrics, False),
        (Search.of_batches, False),
        (Search.of_rules, True),
        (Search.of_calls, True),
    )
    for way, all_are_asked in ways:
        asked = [claim.entry, *(_entries() if all_are_asked else ())]
        found = _by_words(way, seen, claim, asked)
        also = found if probe is None or not found else _by_words(way, probe, claim, asked)
        if held := [one for words, one in found.items() if words in also]:
            return held
    return []


def _by_words(
    way: _Way, seen: Seen, claim: Claim, asked: Sequence[Implementation]
) -> dict[tuple[str, str], Explanation]:
    """Return what one way of looking finds of the claimed implementation, which is asked first."""
    number = Number.of(seen.mine)
    if number is None:
        return {}
    found = way(Search(seen.call, [(entry, None) for entry in asked]), number.exactly)
    if way is Search.of_rules:
        found = itertools.takewhile(lambda one: one.implementation == claim.name, found)
    elif way is Search.of_metrics:  # other metrics have names
        found = (one for one in found if one.axis != "statistic")
    return {(one.axis, one.says): one for one in found if one.implementation == claim.name}


def _differing(seen: Seen, probe: Seen | None, claim: Claim | None) -> Iterator[str]:
    """Say which implementations give the number, and why one of them differs from what is expected."""
    # The other input is the smaller one, and few implementations are left after it.
    inputs = [one for one in (probe, seen) if one is not None]
    call = inputs[0].call
    giving = _giving([(one.call, one.mine) for one in inputs])
    if not giving:
        return
    if claim is not None:
        other = [predicted_cell(claim.entry, claim.predictions(call))]
    else:
        other = _giving([(one.call, one.expected) for one in inputs])
    grouping = Grouping("diverge", {"A": tuple(giving), "B": tuple(other)})
    found = next(iter(divergences({"": grouping}, Exchange(call))), None) if other else None
    names = [cell.implementation.id for cell in giving]
    if found is not None:
        names.sort(key=lambda name: name != found.implementations[0])
    more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    yield f"{seen.mine} is what {listed(names[:_NAMED])}{more} would give."
    if found is not None:
        one, another = found.implementations
        for axis in found.causes[0] if found.causes else ():
            its, others = found.says[axis]
            yield f"They differ by {axis}. {one}: {its} {another}: {others}"


def _giving(wanted: Sequence[tuple[Call, Any]]) -> list[Cell]:
    """Return the implementations that give certain numbers for certain inputs, as they are on the first of these."""
    first, _ = wanted[0]
    return [
        predicted_cell(entry, predict(find(entry.definition or ""), first, trace=False))
        for entry in _entries()
        if reason_not_applicable(entry, first) is None
        and all(_gives(entry, call, value) for call, value in wanted)
    ]


def _entries() -> Iterator[Implementation]:
    """Yield the implementations of the default environments that have definitions and give one number."""
    for adapter in adapters():
        for entry in () if adapter.environment else adapter.implementations:
            if entry.definition is not None and entry.quantity not in NO_NUMBER:
                yield entry


def _gives(entry: Implementation, call: Call, value: Any) -> bool:
    number = Number.of(value)
    predicted = predict(find(entry.definition or ""), call, trace=False).predicted
    return number is not None and predicted.kind == "value" and number.exactly.is_near(predicted.value)
