"""The logs of training runs: asked for, judged number by number, and compared."""

from __future__ import annotations

import contextlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from conformance.adapters.base import Adapter, Call, Implementation
from conformance.calls.outcome import Outcome
from conformance.cases.case import Case
from conformance.session.session import Answer, Session
from conformance.training.differences import Difference, differences
from conformance.training.numbers import Number, numbers
from conformance.training.recording import Recording, RecordingError
from conformance.training.run import Run
from conformance.training.trainer import Trainer
from conformance.verdicts.verdicts import FAILING, Cell, Verdict
from conformance.workers.worker import NotStarted

#: The worst verdict of the numbers is that of the log.
_ORDER: tuple[Verdict, ...] = ("crashed", "timed-out", "unexplained", "stale", "documented", "undefined")


@dataclass(frozen=True, eq=False)
class PlannedLog:
    """One run in one framework; `reason` says why it is not applicable, or is None."""

    run: Run
    adapter: Adapter
    reason: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Under which its answer is kept."""
        return self.run.id, self.adapter.program.id


@dataclass(frozen=True, eq=False)
class Log:
    """What came of a run in one framework.

    Attributes:
        planned: the run and the framework.
        outcome: what came of the program.
        recording: what it recorded; None if nothing that can be read.
        numbers: the numbers of its log.
        differences: why two of them differ.
        explanation: what is wrong apart from the numbers, or None.
    """

    planned: PlannedLog
    outcome: Outcome
    recording: Recording | None = None
    numbers: tuple[Number, ...] = ()
    differences: tuple[Difference, ...] = ()
    explanation: str | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its numbers."""
        if self.outcome.kind in ("crashed", "timed-out"):
            return self.outcome.kind
        if self.explanation is not None or any(not found.causes for found in self.differences):
            return "unexplained"
        found = {number.cell.verdict for number in self.numbers}
        return next((verdict for verdict in _ORDER if verdict in found), "as-defined")

    @property
    def fails(self) -> bool:
        """Whether it fails a run."""
        return self.verdict in FAILING


@cache
def trainer_of(path: str) -> Trainer:
    """Return what `Adapter.training` names."""
    found: Trainer = pkgutil.resolve_name(path)
    return found


def plan(session: Session) -> Iterator[PlannedLog]:
    """Yield each run of a session, or of its shard, with each chosen framework that trains."""
    for run in session.own_runs:
        for adapter in session.training:
            yield PlannedLog(run, adapter, trainer_of(adapter.training).reason(run))


def program(planned: PlannedLog) -> str:
    """Return the program that is run."""
    return _call(planned.run, planned.adapter.training).program


@cache
def _call(run: Run, training: str) -> Call:
    return Call(run.task, (), program=trainer_of(training).lines(run, recorded=True))


def code(planned: PlannedLog) -> str:
    """Return the program as a user writes it."""
    return trainer_of(planned.adapter.training).lines(planned.run, recorded=False)


def ask(session: Session, planned: PlannedLog) -> None:
    """Have a run computed; returns at once."""
    session.ask(_call(planned.run, planned.adapter.training), planned.adapter.program)


def answer_to(session: Session, planned: PlannedLog) -> Answer:
    """Wait for what a run recorded.

    Raises:
        NotStarted: the framework cannot be started.
    """
    return session.answer_to(_call(planned.run, planned.adapter.training), planned.adapter.program)


def answers_of(session: Session, answers: dict[tuple[str, str], Answer]) -> None:
    """Have all runs computed, and put what they recorded among the answers; without those that cannot be started."""
    planned = [one for one in plan(session) if one.reason is None]
    for one in planned:
        ask(session, one)
    for one in planned:
        with contextlib.suppress(NotStarted):
            answers[one.key] = answer_to(session, one)


def judged(session: Session, planned: PlannedLog, answer: Answer) -> Log:
    """Predict each number of a log from what was recorded, and compare them."""
    outcome = answer.outcome
    if outcome.kind != "value":
        said = (
            None
            if outcome.kind in ("crashed", "timed-out")
            else f"It raised {outcome.type}: {outcome.message}"
        )
        return Log(planned, outcome, explanation=said)

    def judge(case: Case, implementation: Implementation, logged: Outcome) -> Cell:
        return session.judge(case, implementation, Answer(logged, answer.distrust, answer.made))

    try:
        recording = Recording.of(planned.run, outcome.value)
        logged = trainer_of(planned.adapter.training).numbers(planned.run, recording)
        known = {entry.known_as: entry for entry in planned.adapter.implementations}
        found = tuple(numbers(recording, logged, known, judge))
    except RecordingError as error:
        return Log(planned, outcome, explanation=str(error))
    except LookupError as error:
        return Log(planned, outcome, explanation=f"its log lacks a number: {type(error).__name__}: {error}")

    def predict(implementation: Implementation, call: Call) -> Any:
        return session.predictions_of(call, implementation)

    return Log(planned, outcome, recording, found, differences(recording, found, predict))


def absent(session: Session) -> Iterator[PlannedLog]:
    """Yield the runs that are not applicable to a framework."""
    return (planned for planned in plan(session) if planned.reason is not None)


def logs(
    session: Session,
    answers: Mapping[tuple[str, str], Answer],
    judge: Callable[[PlannedLog, Answer], Log] | None = None,
) -> Iterator[Log]:
    """Judge the runs that have an answer; `judge` does it where some may be judged already."""
    judge = judge or partial(judged, session)
    for planned in plan(session):
        if planned.reason is None and planned.key in answers:
            yield judge(planned, answers[planned.key])
