"""Gaps beyond variants: unused parameters, rules without a source, repeated pins, open predictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from conformance.adapters.base import Call, Implementation
from conformance.cases import Case
from conformance.cases.case import Expectation
from conformance.coverage.evaluations import Evaluations
from conformance.coverage.subjects import Subject, runs
from conformance.oracle.model import Definition, Rule

#: The largest share of cells whose prediction may be left open.
MOST_OPEN = 0.03


def unused_parameters(
    implementations: Sequence[Implementation], cases: Sequence[Case]
) -> Iterator[tuple[str, str]]:
    """Yield (implementation, parameter) for parameters that no case of the implementation uses.

    Implementations that only the table of metric strings runs have no cases and are left out.
    """
    for entry in implementations:
        used = {name for case in cases if runs(entry, case) for name in _used(case.call())}
        if entry.asked != "table":
            yield from ((entry.id, parameter) for parameter in _takes(entry) if parameter not in used)


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


def _used(call: Call) -> set[str]:
    weighted = any(update.sample_weight is not None for update in call.updates)
    further = {
        "sample_weight": weighted,
        "dtype: metric": call.metric_dtype is not None,
        "batches": len(call.updates) > 1,
    }
    return {*call.parameters, *(name for name, used in further.items() if used)}


def without_basis(definition: Definition) -> Iterator[str]:
    """Yield the axes of rules, departures included, that do not name their source.

    A documented rule quotes its sentence or links to it; one read in the source names the file.
    """
    changes = (departure.change for departure in definition.departures)
    for rule in (*definition.rules, *(change for change in changes if isinstance(change, Rule))):
        place = rule.place.strip()
        if not place or (
            rule.basis == "documented" and '"' not in place and "'" not in place and "://" not in place
        ):
            yield rule.axis


def repeated(cases: Sequence[Case]) -> Iterator[tuple[str, Sequence[Case]]]:
    """Yield (the pin, its cases) where several cases pin the same outcome without a finding: a rule is missing."""
    pinned: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for expected in case.expect:
            if expected.finding is None:
                pinned[_pin(expected)].append(case)
    for pin, where in pinned.items():
        if len(where) > 1:
            yield pin, where


def _pin(expected: Expectation) -> str:
    outcome = expected.raises if expected.kind == "raises" else expected.value
    return f"{expected.pattern}: {outcome}"


def left_open(found: Sequence[Subject], predictions: Evaluations) -> tuple[int, int]:
    """Return the number of cells with an open prediction or none, and the number of all cells."""
    cells = count = 0
    for subject in found:
        for case in subject.cases:
            times = sum(runs(entry, case) for entry in subject.implementations)
            prediction = predictions.original(subject.definition, case).prediction
            cells += times
            count += times * (prediction is None or prediction.kind == "one-of")
    return count, cells
