"""Descriptions of cases that earlier runs have kept: the same bytes, and only where all is the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_cases import ADAPTERS, made_case
from shipped_cases import CASES as SHIPPED

from conformance.cache.store import Store
from conformance.calls.outcome import Outcome
from conformance.cases import Case
from conformance.results import earlier
from conformance.results.build import document
from conformance.results.earlier import Earlier
from conformance.results.store import dumps
from conformance.session.session import Answer, Session

SCORE = "sklearn.metrics.accuracy_score"
LABELS = made_case(y_true=[1, 0, 1], y_pred=[1, 1, 1])
RIGHT = {SCORE: Outcome("value", 2 / 3, "float64")}


def run(
    folder: Path, cases: Sequence[Case], *chosen: str, outcomes: Mapping[str, Outcome] | None = None
) -> dict[str, Any]:
    """Return the document of a run in which every prediction holds, but for these outcomes."""
    with Session(cases, ADAPTERS, implementations=chosen, cache=Store(folder)) as session:
        answers = {
            (case.id, cell.implementation.id): Answer(
                (outcomes or {}).get(cell.implementation.id, cell.outcome)
            )
            for case in session.cases
            for cell in session.predicted_cells(case)
        }
        made = document(Earlier(session).cases(answers), session, {}, complete=True)
    return {**made, "generated": ""}


@pytest.fixture
def is_judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the cases that are judged, and not taken from an earlier run."""
    judged: list[str] = []
    judge = earlier.judged_case
    monkeypatch.setattr(
        earlier,
        "judged_case",
        lambda session, case, *more: judged.append(case.id) or judge(session, case, *more),
    )
    return judged


def test_cases_of_an_earlier_run_are_the_same_byte_for_byte(tmp_path: Path, is_judged: list[str]) -> None:
    cases, chosen = SHIPPED[::9], ("sklearn*", "torchmetrics.[!f]*")
    first = dumps(run(tmp_path, cases, *chosen))
    of_first = len(is_judged)
    assert dumps(run(tmp_path, cases, *chosen)) == first
    # Where a definition leaves the outcome open there is no answer here, and such a case is not kept.
    assert of_first == len(cases)
    assert len(is_judged) < 1.5 * len(cases)


CHANGES: Mapping[str, Any] = {
    "another title": replace(LABELS, title="Another title"),
    "another place in its file": replace(LABELS, line=7),
    "other words": replace(LABELS, inputs_yaml="y_true: [1, 0, 1] # odd"),
    "another expectation": made_case(y_true=[1, 0, 1], y_pred=[1, 1, 1], expect={SCORE: 0.5}),
    "other data": made_case(y_true=[1, 0, 1], y_pred=[1, 1, 0]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_case_that_was_changed_is_judged_anew(tmp_path: Path, is_judged: list[str], what: str) -> None:
    for case in (LABELS, LABELS, CHANGES[what]):
        run(tmp_path, [case], SCORE)
    assert len(is_judged) == 2


def test_other_outcomes_and_implementations_are_judged_anew(tmp_path: Path, is_judged: list[str]) -> None:
    run(tmp_path, [LABELS], SCORE, outcomes=RIGHT)
    run(tmp_path, [LABELS], SCORE, outcomes={SCORE: Outcome("value", 0.5, "float64")})
    run(tmp_path, [LABELS], "sklearn.metrics.*accuracy_score")
    assert len(is_judged) == 3
    run(tmp_path, [LABELS], SCORE, outcomes=RIGHT)
    assert len(is_judged) == 3


def test_a_case_that_fails_is_judged_by_every_run(tmp_path: Path, is_judged: list[str]) -> None:
    wrong = {SCORE: Outcome("value", 0.5, "float64")}
    made = [run(tmp_path, [LABELS], SCORE, outcomes=wrong) for _ in range(2)]
    assert len(is_judged) == 2
    assert [each["cases"][0]["cells"][0]["verdict"] for each in made] == ["unexplained", "unexplained"]
