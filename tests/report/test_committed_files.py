"""Files of the whole corpus: how small they are, how little a rule changes those committed, and rounding nothing."""

from __future__ import annotations

import copy
import difflib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_cases import ADAPTERS, pinned_outcome
from sampling import Some
from shipped_cases import CASES

from conformance.calls.outcome import Outcome
from conformance.cases import Case
from conformance.frameworks.torchmetrics.definitions import BINARY
from conformance.oracle import predict
from conformance.oracle.model import Behaviour, laid_over
from conformance.oracle.numbers import cast
from conformance.oracle.rules import decision_rule
from conformance.report import divergences
from conformance.results.build import document
from conformance.session.judging import CaseResult, case_result
from conformance.session.session import Answer, Session
from conformance.verdicts.verdicts import Cell

REPORTS = Path(__file__).parents[2] / "reports"


@cache
def session() -> Session:
    return Session(CASES, ADAPTERS)


def predicted(cases: Iterable[Case], of: Session | None = None) -> Iterator[CaseResult]:
    """Yield cases as they are if every outcome is as predicted, or as the case expects."""
    own = of or session()
    for case in cases:
        yield judged(case, {cell: cell.outcome for cell in predicted_cells(own, case)}, own)


def predicted_cells(of: Session, case: Case) -> list[Cell]:
    cells = []
    for cell in of.predicted_cells(case):
        pinned = case.expectation_for(cell.implementation.known_as, of.versions_of(cell.implementation))
        cells.append(cell if pinned is None else replace(cell, outcome=pinned_outcome(pinned)))
    return cells


def judged(case: Case, outcomes: Mapping[Cell, Outcome], of: Session | None = None) -> CaseResult:
    own = of or session()
    answers = ((cell.implementation, Answer(outcome)) for cell, outcome in outcomes.items())
    return case_result(own, case, [own.judge(case, *answer) for answer in answers])


def files(results: Iterable[CaseResult], of: Session | None = None) -> Mapping[str, str]:
    return divergences(document(results, of or session(), {}, complete=True))


def test_the_files_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (REPORTS / "divergences").glob("*.md")}
    assert len(sizes) > 10
    assert {name: size for name, size in sizes.items() if size > 60_000} == {}
    of_counts = sum(size for name, size in sizes.items() if name.startswith(("counts", "jaccard")))
    # Those of accuracy and of all together, and those of what is made of counts.
    assert sum(sizes.values()) - of_counts <= 400_000
    assert of_counts <= 100_000


def test_results_and_page_are_small() -> None:
    results, page = REPORTS / "results.json", REPORTS / "index.html"
    if not (results.exists() and page.exists()):
        pytest.skip("these are files of the suite's last complete run: run pytest first")
    assert results.stat().st_size < 12_000_000
    assert page.stat().st_size < 1_500_000


def neighbour(value: Any, dtype: str, towards: float) -> Any:
    """Values one unit in the last place up or down; zero stays: a sum of no hits is zero on every processor."""
    if isinstance(value, list):
        return [neighbour(item, dtype, towards) for item in value]
    if value == 0 or not math.isfinite(value):
        return value
    return float(np.nextafter(cast(np.asarray(value), dtype), cast(np.asarray(towards), dtype)))


def moved(cell: Cell, towards: float) -> Outcome:
    outcome = cell.outcome
    if (
        outcome.kind == "value"
        and cell.predictions is not None
        and not cell.predictions.predicted.says_nothing
    ):
        prediction = cell.predictions.predicted
        precision = (prediction.options or (prediction,))[0].precision
        outcome = replace(outcome, value=neighbour(outcome.value, precision, towards))
    return outcome


def up_or_down(cell: Cell) -> float:
    """Keras rounds up, the others down."""
    return math.inf if "keras" in cell.implementation.id else -math.inf


def with_moved(result: CaseResult) -> CaseResult:
    return judged(result.case, {cell: moved(cell, up_or_down(cell)) for cell in result.cells})


def test_a_unit_in_the_last_place_changes_no_byte(some: Some) -> None:
    # Both of a case before the next one: a session forgets predictions when they are many.
    both = [(result, with_moved(result)) for result in predicted(some(CASES, 8))]
    before, after = map(files, zip(*both, strict=True))
    assert after == before
    assert "needs attention" not in before["README.md"]


def takes_part(definition: str, case: Case) -> bool:
    return any(
        planned.reason is None and planned.implementation.definition == definition
        for planned in session().plan_of(case)
    )


def test_another_side_of_the_threshold_for_one_metric_changes_few_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def at_or_above(*arguments: Any) -> Any:
        decide = (
            decision_rule.AT_OR_ABOVE
            if arguments[0].values.dtype.kind == "f"
            else decision_rule.LABELS_OR_ABOVE
        )
        return decide.apply(*arguments)

    behaviour = Behaviour[Any](
        "decision-rule", "labels-or-at-or-above", "p >= t; integers are labels.", at_or_above
    )
    changed = replace(BINARY, rules=laid_over(BINARY.rules, behaviour.source("a test")))
    # The lines of cases that the metric has no part in are the same before and after.
    cases = [case for case in CASES if takes_part(BINARY.name, case)]
    before = files(predicted(cases))
    predictions_of = Session.predictions_of
    changed_for = cache(lambda call, release: predict(changed, call, release=release))

    def predictions(self: Session, call: Any, implementation: Any) -> Any:
        if implementation.definition == BINARY.name:
            return changed_for(call, self.release_of(implementation))
        return predictions_of(self, call, implementation)

    monkeypatch.setattr(Session, "predictions_of", predictions)
    another = Session(CASES, ADAPTERS)
    # Predictions of other definitions, and why two of them differ, stay as they are.
    another.kept = copy.copy(session().kept)
    another.kept._causes = {call: dict(known) for call, known in session().kept._causes.items()}
    after = files(predicted(cases, another), another)
    lines = [
        line
        for name in before.keys() | after.keys()
        for line in difflib.unified_diff(
            before.get(name, "").splitlines(), after.get(name, "").splitlines(), n=0
        )
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert 20 < len(lines) < 150
