"""What no case uses, what no rule explains, and what is left open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from conformance.adapters.base import Call, Implementation
from conformance.cases import Case
from conformance.cases.case import Expectation
from conformance.coverage.subjects import Subject, asks
from conformance.coverage.telling import Foreteller
from conformance.oracle.model import Definition

#: The largest share of cells whose value may be left open.
MOST_OPEN = 0.03


def unused_parameters(
    implementations: Sequence[Implementation], cases: Sequence[Case]
) -> Iterator[tuple[str, str]]:
    """Yield (implementation, parameter) for what an implementation takes and no case that asks it names."""
    for entry in implementations:
        named: set[str] = set()
        for case in cases:
            if asks(case, entry):
                named |= _named(case.call())
        for parameter in _takes(entry):
            if parameter not in named:
                yield entry.id, parameter


def _takes(entry: Implementation) -> Iterator[str]:
    yield from (name for name, own in entry.parameters.items() if own not in entry.fixed)
    yield from (
        name
        for name, takes in (
            ("sample_weight", entry.weights),
            ("dtype: metric", entry.metric_dtype),
            ("batches", entry.updates != "one"),
        )
        if takes
    )


def _named(call: Call) -> set[str]:
    weighted = any(update.sample_weight is not None for update in call.updates)
    further = {
        "sample_weight": weighted,
        "dtype: metric": call.metric_dtype is not None,
        "batches": len(call.updates) > 1,
    }
    return {*call.parameters, *(name for name, named in further.items() if named)}


def without_basis(definition: Definition) -> Iterator[str]:
    """Yield the axes of rules, departures included, that do not say where they were read.

    What is documented quotes its sentence or links to it; what was read in the source names the file.
    """
    for rule in (*definition.rules, *(departure.change for departure in definition.departures)):
        place = rule.place.strip()
        if not place or (
            rule.basis == "documented" and '"' not in place and "'" not in place and "://" not in place
        ):
            yield rule.axis


def repeated(cases: Sequence[Case]) -> Iterator[tuple[str, Sequence[Case]]]:
    """Yield (what is expected of whom, the cases) where two cases pin one outcome without naming a finding."""
    pinned: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for expected in case.expect:
            if expected.finding is None:
                pinned[_said(expected)].append(case)
    for said, where in pinned.items():
        if len(where) > 1:
            yield said, where


def _said(expected: Expectation) -> str:
    outcome = expected.raises if expected.kind == "raises" else expected.value
    return f"{expected.pattern}: {outcome}"


def left_open(found: Sequence[Subject], foreteller: Foreteller) -> tuple[int, int]:
    """Return how many predictions leave several values open or say nothing, and of how many cells."""
    cells = count = 0
    for subject in found:
        for case in subject.cases:
            times = sum(asks(case, entry) for entry in subject.implementations)
            foretold = foreteller.of(foreteller.resolved(subject.definition, case), case)
            prediction = None if foretold is None else foretold.prediction
            cells += times
            count += times * (prediction is None or prediction.kind == "one-of")
    return count, cells
