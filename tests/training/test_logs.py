"""Real logs of every run in every framework: recording them changes nothing, and no decision is close."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_cases import ADAPTERS

from conformance.adapters.base import Call
from conformance.calls.outcome import Outcome
from conformance.calls.record import read
from conformance.cases import load_all, parse
from conformance.session import logs
from conformance.session.corpus import default_paths
from conformance.session.logs import Log, PlannedLog
from conformance.session.session import Answer, Session
from conformance.session.shard import Shard
from conformance.training.numbers import Number
from conformance.training.run import Run

_KNOWN = [entry.id for adapter in ADAPTERS for entry in adapter.implementations]
RUNS: tuple[Run, ...] = load_all([default_paths()[0] / "training"], known=_KNOWN).runs

#: A score that lies nearer to a threshold might be on its other side on another processor.
_MARGIN = 1e-3


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session([], ADAPTERS, runs=RUNS) as session:
        yield session


@pytest.fixture(scope="module")
def answers(session: Session) -> Mapping[PlannedLog, Answer]:
    """What every run recorded in every framework that is installed."""
    planned = [one for one in logs.plan(session) if one.reason is None]
    for one in planned:
        logs.ask(session, one)
    return {one: logs.answer_to(session, one) for one in planned}


@pytest.fixture(scope="module")
def found(session: Session, answers: Mapping[PlannedLog, Answer]) -> list[Log]:
    return [logs.judged(session, planned, answer) for planned, answer in answers.items()]


def _name(log: Log) -> str:
    return f"{log.planned.run.id}--{log.planned.adapter.origin}"


def test_there_are_runs_and_all_of_their_numbers_are_as_defined(found: list[Log]) -> None:
    assert len(RUNS) >= 12
    assert {log.planned.adapter.framework for log in found} == {
        "keras",
        "tf_keras",
        "torchmetrics",
        "lightning",
        "sklearn",
    }
    assert {_name(log): log.verdict for log in found if log.verdict != "as-defined"} == {}
    assert min(len(log.numbers) for log in found) >= 3
    assert all(difference.causes for log in found for difference in log.differences)


@pytest.mark.parametrize(
    ("code", "frameworks"),
    [
        ("moving-weights", 4),
        ("training-mode", 4),
        ("validation-samples", 5),
        ("batches-so-far", 3),
        ("other-batches", 2),
        ("dropped-remainder", 4),
        ("class-weight", 3),
        ("sample-weight", 4),
        ("threshold", 4),
        ("repeated-samples", 1),
        ("smaller-batch", 1),
        ("mask", 3),
    ],
)
def test_a_cause_is_found_alone_in_each_framework_that_has_it(
    found: list[Log], code: str, frameworks: int
) -> None:
    origins = {
        log.planned.adapter.origin
        for log in found
        for difference in log.differences
        if (code,) in difference.causes
    }
    assert len(origins) >= frameworks, origins


def test_no_score_is_near_a_threshold(found: list[Log]) -> None:
    near = {}
    for log in found:
        for number in log.numbers:
            scores = np.asarray(number.case.inputs["y_pred"], dtype="float64")
            if number.case.inputs["dtype"]["y_pred"].startswith("int"):
                continue  # labels
            if number.case.task == "multiclass":
                first, second = np.sort(scores, axis=-1)[..., [-1, -2]].T
                margin = (first - second).min()
            else:
                margin = abs(scores - number.case.inputs.get("threshold", 0.5)).min()
            if margin <= _MARGIN:
                near[_name(log), number.logged.name] = margin
    assert near == {}


def test_decisions_of_linear_classifiers_are_not_close(answers: Mapping[PlannedLog, Answer]) -> None:
    decisions = [
        np.abs(read(step)["decision"]).min()
        for planned, answer in answers.items()
        if planned.adapter.framework == "sklearn"
        for step in answer.outcome.value["steps"]
    ]
    assert min(decisions) > _MARGIN


def test_modes_differ_only_where_a_layer_has_them(found: list[Log]) -> None:
    differing = {
        log.planned.run.id
        for log in found
        if log.recording is not None
        for step in log.recording.steps
        for name in log.planned.run.names
        if not np.allclose(
            np.asarray(step.training[name], dtype="float64"),
            np.asarray(step.inference[name], dtype="float64"),
        )
    }
    assert differing == {run.id for run in RUNS if run.has_modes}


def test_recording_changes_nothing(session: Session, answers: Mapping[PlannedLog, Answer]) -> None:
    """The program as a user writes it gives the same log."""
    several = ("dropout-is-off-after-the-epoch", "founding-question-model", "validation-split-takes-the-last")
    planned = [one for one in answers if one.run.id in several]
    plain = {one: Call(one.run.task, (), program=_with_log(one)) for one in planned}
    for one, call in plain.items():
        session.ask(call, one.adapter.program)
    for one, call in plain.items():
        answer = session.answer_to(call, one.adapter.program)
        assert answer.outcome.kind == "value", answer.outcome
        assert _accuracies(answer.outcome.value) == _accuracies(answers[one].outcome.value["log"]), one.key


def _with_log(planned: PlannedLog) -> str:
    """Return the program of a user, and the last statement of what is run, which collects the log."""
    recorded = logs.program(planned)
    collected = ast.get_source_segment(recorded, ast.parse(recorded).body[-1])
    assert collected is not None
    assert collected.startswith('record["log"] = ')
    return logs.code(planned) + collected.replace('record["log"]', "record") + "\n"


def _accuracies(value: Any) -> Any:
    """Return a log without losses."""
    if isinstance(value, Mapping):
        return {key: _accuracies(item) for key, item in value.items() if "loss" not in key}
    return [_accuracies(item) for item in value] if isinstance(value, list) else value


def test_another_output_makes_numbers_unexplained(
    session: Session, answers: Mapping[PlannedLog, Answer]
) -> None:
    """In each framework: had the model given the other side of the threshold for one sample, it would be noticed."""
    tried = set()
    for planned, answer in answers.items():
        if planned.run.id != "weights-move-during-the-epoch":
            continue
        record = copy.deepcopy(answer.outcome.value)
        for entry in (record["steps"][0]["training"], record["steps"][0]["inference"]):
            entry["values"][0] = _other_side(entry["values"][0])
        changed = replace(answer, outcome=replace(answer.outcome, value=record))
        log = logs.judged(session, planned, changed)
        assert log.verdict == "unexplained"
        failing = [number.logged.went_in for number in log.numbers if number.cell.fails]
        assert failing
        assert {went_in.weights for went_in in failing} == {"moving"}
        tried.add(planned.adapter.origin)
    assert len(tried) >= 5


def _other_side(value: Any) -> Any:
    return [_other_side(item) for item in value] if isinstance(value, list) else 1 - value


@pytest.mark.parametrize(
    ("program", "kind", "verdict"),
    [
        ("import os\nos._exit(3)", "crashed", "crashed"),
        ("while True: pass", "timed-out", "timed-out"),
        ("raise ValueError('no such layer')", "raises", "unexplained"),
        ("record = {'steps': []}", "value", "unexplained"),
        ("record = {'steps': [], 'epochs': [], 'log': {}}", "value", "unexplained"),
    ],
)
def test_a_program_that_fails_fails_its_log_only(program: str, kind: str, verdict: str) -> None:
    with Session([], ADAPTERS, runs=RUNS[:1], implementations=["sklearn.*"], timeout=2) as session:
        (planned,) = logs.plan(session)
        entry = planned.adapter.program
        answer = session.answer_to(Call("binary", (), program=program), entry)
        log = logs.judged(session, planned, answer)
        assert (answer.outcome.kind, log.verdict, log.fails) == (kind, verdict, True)
        after = session.answer_to(Call("binary", (), program="record = {'a': np.float32(0.5)}"), entry)
        assert after.outcome == Outcome("value", value={"a": {"values": 0.5, "dtype": "float32"}})


def test_a_run_belongs_to_one_shard() -> None:
    parts = [Session([], ADAPTERS, runs=RUNS, shard=Shard(index, 3)).own_runs for index in (1, 2, 3)]
    assert sorted(run.id for part in parts for run in part) == sorted(run.id for run in RUNS)


def test_globs_choose_runs_and_frameworks() -> None:
    session = Session([], ADAPTERS, runs=RUNS, chosen_cases=["dropout*"], implementations=["torchmetrics*"])
    assert [(one.run.id, one.adapter.origin) for one in logs.plan(session)] == [
        ("dropout-is-off-after-the-epoch", "torchmetrics")
    ]


def _as_file(number: Number) -> str:
    """Return a number as a case that somebody writes: the recorded outputs, and how the number was logged."""
    entry = {
        "id": "recorded",
        "title": "Recorded",
        "task": number.case.task,
        **number.case.inputs,
        "implementations": [number.cell.implementation.id],
    }
    return json.dumps({"format": 1, "theme": "Recorded", "cases": [entry]})


def test_each_number_is_that_of_an_ordinary_case_of_recorded_outputs(
    session: Session, found: list[Log]
) -> None:
    for log in found:
        for number in log.numbers:
            (case,) = parse(_as_file(number), "recorded.yaml", known=_KNOWN)
            entry = number.cell.implementation
            assert session.reason_not_asked(case, entry) is None, (_name(log), number.logged.name)
            predictions = session.predictions_of(case.call(), entry)
            assert predictions is not None
            assert predictions.predicted.holds_for(number.cell.outcome), (_name(log), number.logged.name)


@pytest.mark.parametrize("name", ["class-weight-and-validation", "classes-of-integer-labels"])
def test_the_frameworks_give_the_number_for_the_recorded_outputs(
    session: Session, found: list[Log], name: str
) -> None:
    """Without a model that trains: the way to log it, called on what the model gave."""
    asked = [
        (number, parse(_as_file(number), "recorded.yaml", known=_KNOWN)[0].call())
        for log in found
        if log.planned.run.id == name
        for number in log.numbers
        if number.logged.kind != "running"
    ]
    for number, call in asked:
        session.ask(call, number.cell.implementation)
    for number, call in asked:
        answer = session.answer_to(call, number.cell.implementation)
        assert answer.outcome.value == number.cell.outcome.value, number.case.id
