"""What a failing test says, for any case and any implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sampling import Some

from conformance.calls.outcome import Outcome
from conformance.plugin.explain import divergence_without_cause, failure
from conformance.session.corpus import open_session
from conformance.session.session import Session
from conformance.verdicts.verdicts import Cell


@pytest.fixture(scope="module")
def session() -> Session:
    return open_session()


def test_every_cell_of_the_shipped_cases_can_be_explained(session: Session, some: Some) -> None:
    for case in some(session.cases, 8):
        for predicted in session.predicted_cells(case):
            said = failure(case, replace(predicted, verdict="unexplained", explanation="Odd."))
            name = predicted.implementation.id
            assert said.startswith(
                f"unexplained: {name}: Odd.\n{case.file}:{case.line}: {case.id}: {case.title}\n"
            )
            assert "\nPredicted: " in said
            assert f"\n    {case.inputs_yaml.splitlines()[0]}\n" in said
            assert "\n    print(" in said


def test_a_refusal_is_explained_by_the_rule_that_refuses(session: Session) -> None:
    case = next(case for case in session.cases if case.id == "seed-accuracy-is-not-binary-accuracy")
    cell = next(
        c for c in session.predicted_cells(case) if c.implementation.id == "sklearn.metrics.accuracy_score"
    )
    said = failure(case, replace(cell, verdict="unexplained", explanation="Odd."))
    assert "\nPredicted: raises ValueError - targets and predictions are of different types: binary" in said
    assert "\n    refusal: " in said
    assert "decision-rule" not in said


def test_an_implementation_without_a_definition_is_explained_without_a_prediction(session: Session) -> None:
    case, entry = session.cases[0], session.implementations[0]
    cell = Cell(
        entry, Outcome("crashed", message="gone"), "crashed", explanation="The worker process died: gone"
    )
    said = failure(case, cell)
    assert "Predicted" not in said
    assert "Observed" not in said
    assert said.startswith(f"crashed: {entry.id}: The worker process died: gone\n")


def test_control_characters_of_a_message_cannot_act_on_the_terminal(session: Session) -> None:
    case, entry = session.cases[0], session.implementations[0]
    outcome = Outcome("raises", type="ValueError", message="\x1b[2Jgone")
    said = failure(case, Cell(entry, outcome, "unexplained", explanation="Odd."))
    assert "Observed: ValueError: \\x1b[2Jgone" in said


def test_a_difference_without_cause_names_both_sides_and_what_is_missing(session: Session) -> None:
    case = next(case for case in session.cases if case.id == "seed-accuracy-is-not-binary-accuracy")
    pair = ("keras.metrics.Accuracy", "keras.metrics.BinaryAccuracy")
    said = divergence_without_cause(case, "accuracy", pair, session)
    assert said.startswith("no cause: two implementations of accuracy are predicted to differ")
    assert "    keras.metrics.Accuracy: 1/2\n    keras.metrics.BinaryAccuracy: 1\n" in said
    assert "What to do: in one of the two definitions a rule is missing" in said
