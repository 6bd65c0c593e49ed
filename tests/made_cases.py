"""Cases and cells made in memory, for tests that need neither files nor frameworks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Implementation
from conformance.adapters.registry import adapters
from conformance.adapters.releases import Release
from conformance.calls.outcome import Outcome
from conformance.cases import Case, matches
from conformance.cases.case import Expectation
from conformance.cases.expectations import expectation
from conformance.oracle import Predictions, find, predict
from conformance.session.judging import CaseResult
from conformance.verdicts.verdicts import Cell, judge, predicted_cell

#: All registered adapters, whether their frameworks are installed or not.
ADAPTERS = adapters()
#: Top-level modules that nothing but a worker may import.
FRAMEWORKS = tuple(
    sorted({module for adapter in ADAPTERS for module in adapter.distributions.values()} - {"numpy"})
)
ENTRIES: Mapping[str, Implementation] = {
    entry.id: entry for adapter in ADAPTERS for entry in adapter.implementations
}

SEED = {"y_true": [[1], [1], [0], [0]], "y_pred": [[0.51], [1], [0], [0.4]]}


def made_case(
    task: str = "binary",
    expect: Mapping[str, Any] | None = None,
    *,
    case_id: str = "made",
    metric: str = "accuracy",
    implementations: tuple[str, ...] | None = None,
    **inputs: Any,
) -> Case:
    """A case with the given inputs and, by pattern, what `expect` says in a case file."""
    return Case(
        id=case_id,
        title="Made for a test",
        task=task,
        metric=metric,
        theme="Tests",
        file="cases/made.yaml",
        expect=tuple(expectation(pattern, written, 1, 1) for pattern, written in (expect or {}).items()),
        implementations=implementations,
        inputs=inputs,
        inputs_yaml="",
    )


def predictions(case: Case, implementation: str, release: Release = None) -> Predictions:
    return predict(find(ENTRIES[implementation].definition or ""), case.call(), release=release)


def as_predicted(case: Case, implementation: str) -> Outcome:
    return predicted_cell(ENTRIES[implementation], predictions(case, implementation)).outcome


def judged(
    case: Case,
    implementation: str,
    outcome: Outcome | None = None,
    *,
    versions: Mapping[str, str] | None = None,
    distrust: str | None = None,
    release: Release = None,
) -> Cell:
    """The cell of an outcome, or of what is predicted."""
    outcome = outcome or as_predicted(case, implementation)
    predicted = predictions(case, implementation, release)
    return judge(case, ENTRIES[implementation], outcome, predicted, versions or {}, distrust)


def predicted_cells(case: Case) -> list[Cell]:
    """The cells of all admitted implementations, all predictions holding."""
    return [
        _predicted(entry, predictions(case, entry.id))
        for entry in ENTRIES.values()
        if case.implementations is None or any(matches(pattern, entry.id) for pattern in case.implementations)
        if reason_not_applicable(entry, case.call(), chosen=case.implementations is not None) is None
    ]


def _predicted(entry: Implementation, found: Predictions) -> Cell:
    if found.predicted.kind == "unspecified":
        # Any outcome may come: one that nothing claims stands for it.
        return Cell(entry, Outcome("crashed"), "documented", found)
    return predicted_cell(entry, found)


def predicted_result(case: Case, predicted: Iterable[Cell] | None = None) -> CaseResult:
    """A case with the cells that are predicted; where its `expect` records a finding, with the pinned outcome."""
    cells = []
    for cell in predicted_cells(case) if predicted is None else predicted:
        pinned = case.expectation_for(cell.implementation.id, {})
        if pinned is not None and pinned.finding is not None:
            cell = judge(case, cell.implementation, pinned_outcome(pinned), cell.predictions, {})
        cells.append(cell)
    return CaseResult(case, tuple(cells), groupings={}, divergences=(), pairs={})


def pinned_outcome(pinned: Expectation) -> Outcome:
    if pinned.kind == "raises":
        return Outcome("raises", type=pinned.raises)
    return Outcome("value", value=_floats(pinned.value), dtype="float64")


def _floats(value: Any) -> Any:
    return [_floats(item) for item in value] if isinstance(value, tuple) else float(value)
