"""Each two definitions that can be compared: which case tells them apart, if any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from conformance.cases import Case
from conformance.coverage.subjects import Subject, could_ask
from conformance.coverage.telling import Foreteller, is_large, told_apart
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import Resolved


@dataclass(frozen=True, eq=False)
class Pair:
    """Two definitions of one quantity that differ in a rule on some case that both can be asked about.

    Attributes:
        one: the first.
        other: the second.
        cases: the cases on which they differ in a rule, and one of them is asked.
        axes: the axes on which they do, departures included.
        told: whether one of these tells them apart.
    """

    one: Subject
    other: Subject
    cases: tuple[Case, ...]
    axes: frozenset[str]
    told: bool


def pairs(found: Sequence[Subject], cases: Sequence[Case], foreteller: Foreteller) -> Iterator[Pair]:
    """Yield every two definitions that differ where both can be asked.

    A case tells them apart if it asks one of them, the other could be asked, too, and the suite would be red if the
    one did what the other says. Whether both are run is a matter of cost: a way of use may be run on few cases.
    """
    ordered = sorted(cases, key=is_large)
    fitting = {subject.name: {case.id for case in ordered if could_ask(case, subject)} for subject in found}
    asked = {subject.name: {case.id for case in subject.cases} for subject in found}
    for one, other in combinations(found, 2):
        if one.quantity == other.quantity and one.tasks & other.tasks:
            common = fitting[one.name] & fitting[other.name] & (asked[one.name] | asked[other.name])
            where = [case for case in ordered if case.id in common]
            pair = _compared(one, other, where, asked, foreteller)
            if pair.axes:
                yield pair


def _compared(
    one: Subject, other: Subject, cases: Sequence[Case], asked: Mapping[str, set[str]], foreteller: Foreteller
) -> Pair:
    differing: list[Case] = []
    axes: set[str] = set()
    for case in cases:
        a, b = (foreteller.resolved(side.definition, case) for side in (one, other))
        here = frozenset(_axes(a, b))
        if not here:
            continue
        differing.append(case)
        axes |= here
        first, second = (_prediction(foreteller, side, case) for side in (a, b))
        # The dtype of a result and the type of an exception are told by variants; here the answer has to differ.
        if first is None or second is None or first.same_as(second):
            continue
        if (case.id in asked[one.name] and told_apart(first, second)) or (
            case.id in asked[other.name] and told_apart(second, first)
        ):
            return Pair(one, other, tuple(differing), frozenset(axes), told=True)
    return Pair(one, other, tuple(differing), frozenset(axes), told=False)


def _prediction(foreteller: Foreteller, resolved: Resolved, case: Case) -> Prediction | None:
    foretold = foreteller.of(resolved, case)
    return None if foretold is None else foretold.prediction


def _axes(one: Resolved, other: Resolved) -> Iterator[str]:
    """Yield the axes on which two resolved definitions differ; what they stand for counts where both are names."""
    if one.stands_for and other.stands_for and one.stands_for != other.stands_for:
        yield "name-resolution"
    for axis in one.rules.by_axis().keys() | other.rules.by_axis().keys():
        if axis != "name-resolution" and _followed(one, axis) != _followed(other, axis):
            yield axis


def _followed(resolved: Resolved, axis: str) -> object:
    return (
        resolved.rules.on(axis).behaviour.name,
        [
            (departure.finding.id, departure.changes_to)
            for departure in resolved.departures
            if departure.change.axis == axis
        ],
    )
