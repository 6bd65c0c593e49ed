"""The table of names: what it asks, what it says, and that a name which became something else shows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_cases import made_case
from projects import SUITE, Project

from conformance.adapters.admission import reason_not_applicable
from conformance.cases import Case
from conformance.frameworks.keras import adapter as keras
from conformance.frameworks.keras_torch import adapter as keras_torch
from conformance.frameworks.sklearn import adapter as sklearn
from conformance.frameworks.tf_keras import adapter as tf_keras
from conformance.session.resolutions import FAMILY, SHAPES, TELLING, Row, table, to_json
from conformance.session.session import Answer, Session
from conformance.verdicts.verdicts import predicted_cell

RESOLVING = replace(made_case(y_true=[1], y_pred=[0.5]), family=FAMILY)


def session(cases: Sequence[Case] = (RESOLVING,), **more: Any) -> Session:
    return Session(cases, (keras.ADAPTER, sklearn.ADAPTER), **more)


def as_predicted(run: Session, rows: Sequence[Row]) -> dict[tuple[str, str], Answer]:
    answers = {}
    for question in (question for row in rows for question in row.questions):
        predictions = run.predictions_of(question.case.call(), question.implementation)
        assert predictions is not None
        outcome = predicted_cell(question.implementation, predictions).outcome
        answers[question.case.id, question.implementation.id] = Answer(outcome)
    return answers


def entries(rows: Sequence[Mapping[str, Any]], **wanted: Any) -> list[Mapping[str, Any]]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


@pytest.fixture(scope="module")
def predicted() -> list[dict[str, Any]]:
    run = session()
    rows = table(run)
    return to_json(run, rows, as_predicted(run, rows))


def test_it_asks_every_string_about_every_loss_and_every_pair_of_shapes(
    predicted: list[dict[str, Any]],
) -> None:
    assert len(set(SHAPES)) == len(SHAPES) >= 14
    for lookup in keras.ADAPTER.lookups:
        rows = entries(predicted, string=lookup.string)
        assert len(rows) == len(lookup.losses) * len(TELLING if lookup.respelt else SHAPES)
        assert {row["loss"] for row in rows} == set(lookup.losses)
    assert {lookup.string for lookup in keras.ADAPTER.lookups} == {row["string"] for row in predicted}


def test_a_row_holds_one_loss_in_one_framework_and_a_case_each_shape() -> None:
    rows = table(session())
    assert {row.origin for row in rows} == {"keras"}
    ids = [(q.case.id, q.implementation.id) for row in rows for q in row.questions]
    assert len(set(ids)) == len(ids)
    assert all(q.loss == row.loss for row in rows for q in row.questions)


def test_every_question_can_be_asked() -> None:
    for question in (question for row in table(session()) for question in row.questions):
        assert reason_not_applicable(question.implementation, question.case.call(), chosen=True) is None


def test_a_question_feeds_the_shapes_it_names_in_batches_of_unknown_size() -> None:
    for question in (question for row in table(session()) for question in row.questions):
        first, last = question.case.call().updates
        assert (first.y_true.shape, first.y_pred.shape) == ((2, *question.y_true), (2, *question.y_pred))
        assert len(last.y_pred) == 1


def test_no_name_is_asked_without_the_family_or_in_a_run_over_chosen_cases() -> None:
    assert table(session([made_case(y_true=[1], y_pred=[0.5])])) == ()
    assert table(session(chosen_cases=["made"])) == ()
    assert table(session(implementations=["keras.metrics.*"])) == ()
    one = table(session(implementations=["keras.Model.compile[acc]"]))
    assert {question.string for row in one for question in row.questions} == {"acc"}
    assert len(table(session(implementations=["keras.Model.compile*"]))) == len(table(session()))


def test_it_says_what_each_string_becomes_or_what_is_raised(predicted: list[dict[str, Any]]) -> None:
    (row,) = entries(
        predicted, string="accuracy", loss="mean_squared_error", y_true=[None, 1], y_pred=[None, 1]
    )
    assert row == {
        "framework": "keras",
        "environment": "",
        "string": "accuracy",
        "loss": "mean_squared_error",
        "y_true": [None, 1],
        "y_pred": [None, 1],
        "resolved": "BinaryAccuracy",
        "raises": None,
        "agrees": True,
        "verdict": "as-defined",
        "explanation": None,
        "problem": None,
    }
    (row,) = entries(
        predicted, string="crossentropy", loss="binary_crossentropy", y_true=[None, 3], y_pred=[None, 3]
    )
    assert (row["resolved"], row["raises"], row["agrees"]) == (None, "ValueError", True)
    json.dumps(predicted, allow_nan=False)


def test_the_case_of_a_string_makes_no_difference(predicted: list[dict[str, Any]]) -> None:
    for one, other in (("accuracy", "Accuracy"), ("ce", "CE"), ("loss=ce", "loss=CE")):
        whole, few = (
            {
                (row["loss"].lower(), *row["y_true"], "", *row["y_pred"]): (row["resolved"], row["raises"])
                for row in entries(predicted, string=string)
            }
            for string in (one, other)
        )
        assert len(few) == len(TELLING)
        assert few.items() <= whole.items()


def test_keras_2_is_asked_the_same_and_says_functions(predicted: list[dict[str, Any]]) -> None:
    run = Session((RESOLVING,), (tf_keras.ADAPTER,))
    rows = table(run)
    others = to_json(run, rows, as_predicted(run, rows))
    assert [row["framework"] for row in others] == ["tf_keras"] * len(predicted)
    asked = ("string", "loss", "y_true", "y_pred")
    assert [[row[name] for name in asked] for row in others] == [
        [row[name] for name in asked] for row in predicted
    ]
    shapes = {"loss": "binary_crossentropy", "y_true": [None, 1], "y_pred": [None, 1]}
    became = {row["string"]: row["resolved"] for row in entries(others, **shapes)}
    assert became == {
        "accuracy": "binary_accuracy",
        "Accuracy": "binary_accuracy",
        "acc": "binary_accuracy",
        "crossentropy": "binary_crossentropy",
        "ce": "binary_crossentropy",
        "CE": "binary_crossentropy",
    }
    # The rows are unknown, and taken for classes.
    (row,) = entries(others, string="accuracy", loss="mean_squared_error", y_true=[None, 1], y_pred=[None])
    assert (row["resolved"], row["raises"]) == (None, "TypeError")


def test_keras_on_torch_is_asked_the_same_and_knows_how_many_rows_there_are(
    predicted: list[dict[str, Any]],
) -> None:
    run = Session((RESOLVING,), (keras_torch.ADAPTER,))
    rows = table(run)
    found = to_json(run, rows, as_predicted(run, rows))
    assert len(found) == len(predicted)
    assert {(row["framework"], row["environment"]) for row in found} == {("keras", "torch")}
    assert all(row["agrees"] for row in found)
    flat = {"string": "accuracy", "loss": "mean_squared_error", "y_true": [None, 1], "y_pred": [None]}
    ((torch,), (tensorflow,)) = entries(found, **flat), entries(predicted, **flat)
    assert (torch["resolved"], torch["raises"]) == ("SparseCategoricalAccuracy", None)
    assert (tensorflow["resolved"], tensorflow["raises"]) == (None, "TypeError")


def test_the_loss_changes_no_name_only_what_is_refused(predicted: list[dict[str, Any]]) -> None:
    for y_true, y_pred in SHAPES:
        shapes = {"y_true": [None, *y_true], "y_pred": [None, *y_pred]}
        became = {row["resolved"] for row in entries(predicted, string="accuracy", **shapes)}
        assert len(became - {None}) <= 1


def test_a_name_that_became_something_else_does_not_agree() -> None:
    run = session()
    rows = table(run)
    answers = as_predicted(run, rows)
    key, answer = next((key, a) for key, a in answers.items() if a.outcome.resolved == "BinaryAccuracy")
    answers[key] = Answer(replace(answer.outcome, resolved="CategoricalAccuracy"))
    disagreeing = entries(to_json(run, rows, answers), agrees=False)
    assert [(row["resolved"], row["verdict"]) for row in disagreeing] == [
        ("CategoricalAccuracy", "unexplained")
    ]
    assert "CategoricalAccuracy" in disagreeing[0]["explanation"]


def test_what_was_not_answered_is_absent() -> None:
    run = session()
    assert to_json(run, table(run), {}) == []


def test_a_run_over_files_of_the_family_has_a_test_for_each_loss(project: Project) -> None:
    cases = project.folder / "cases" / "small.yaml"
    assert "test_names" not in project.pytest(*SUITE, "--collect-only", "-q").stdout
    cases.write_text(cases.read_text().replace("theme: Small", f"theme: Small\nfamily: {FAMILY}"))
    found = project.pytest(*SUITE, "--collect-only", "-q").stdout
    assert "test_names_become_what_is_documented[keras--mean_squared_error]" in found
    chosen = project.pytest(*SUITE, "--collect-only", "-q", "--conformance-case", "two-classes").stdout
    assert "test_names" not in chosen


def test_a_run_in_which_no_name_was_asked_is_no_full_one(project: Project) -> None:
    cases = project.folder / "cases" / "small.yaml"
    cases.write_text(cases.read_text().replace("theme: Small", f"theme: Small\nfamily: {FAMILY}"))
    done = project.pytest(*SUITE, "-k", "not names", "--conformance-report", "partial")
    assert done.returncode == 0, done.stdout
    assert project.results("partial")["complete"] is False
    assert Path(project.folder / "partial").exists()
