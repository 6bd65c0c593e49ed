"""Which metric a string becomes: a table over losses and shapes, whose cells are run like any other.

`Adapter.lookups` says which strings to look up. A cell is a case made here and an implementation that takes the
string; its outcome says what the string became (`Outcome.resolved`) or what was raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.adapters.base import Implementation
from conformance.cases import Case
from conformance.session.session import Answer, Session
from conformance.session.shard import part

#: The table is part of a run over whole files of this family.
FAMILY = "name-resolution"

Shape = tuple[int, ...]

#: Shapes after the batch axis, of targets and of predictions.
SHAPES: tuple[tuple[Shape, Shape], ...] = (
    ((1,), (1,)),
    ((), (1,)),
    ((3,), (1,)),
    ((), ()),
    ((1,), ()),
    ((), (3,)),
    ((1,), (3,)),
    ((3,), (3,)),
    ((2,), (3,)),
    ((4,), (4, 1)),
    ((4, 1), (4, 1)),
    ((4,), (4, 3)),
    ((4, 1), (4, 3)),
    ((4, 3), (4, 3)),
    ((), (4, 3)),
    ((3, 1), (3,)),
)

#: Those that tell the metrics apart, and one for which there is none: enough for another spelling.
TELLING = (SHAPES[0], SHAPES[5], SHAPES[7], SHAPES[3])

#: Two batches of different size, so that the batch size is unknown while the strings are looked up.
_BATCHES = (2, 1)


@dataclass(frozen=True, eq=False)
class Question:
    """One cell of the table: what a string becomes."""

    string: str
    loss: str
    y_true: Shape
    y_pred: Shape
    case: Case
    implementation: Implementation


@dataclass(frozen=True, eq=False)
class Row:
    """All questions with one loss in one framework and environment."""

    origin: str
    loss: str
    questions: tuple[Question, ...]


def table(session: Session) -> tuple[Row, ...]:
    """Return the table of a run, or what its shard has of it."""
    rows = whole_table(session)
    return part(session.shard, rows, (len(row.questions) for row in rows))


def whole_table(session: Session) -> tuple[Row, ...]:
    """Return the table of a whole run; empty for a run over chosen cases, or over none of the family."""
    if session.chosen or not any(case.family == FAMILY for case in session.cases):
        return ()
    chosen = {entry.id: entry for entry in session.implementations}
    rows: dict[tuple[str, str], list[Question]] = {}
    for adapter in session.adapters:
        for lookup in adapter.lookups:
            for loss in lookup.losses if lookup.implementation in chosen else ():
                rows.setdefault((adapter.origin, loss), []).extend(
                    Question(
                        lookup.string, loss, *shapes, _case(loss, *shapes), chosen[lookup.implementation]
                    )
                    for shapes in (TELLING if lookup.respelt else SHAPES)
                )
    return tuple(Row(origin, loss, tuple(questions)) for (origin, loss), questions in rows.items())


def _case(loss: str, y_true: Shape, y_pred: Shape) -> Case:
    """Return a case of three samples; all targets are 0, a label for which no loss raises."""
    samples = sum(_BATCHES)
    inputs = {
        "y_true": np.zeros((samples, *y_true), dtype="int64").tolist(),
        "y_pred": np.full((samples, *y_pred), 0.5).tolist(),
        "dtype": {"y_pred": "float32"},
        "batches": list(_BATCHES),
        "loss": loss,
    }
    title = f"loss {loss}, y_true {(None, *y_true)}, y_pred {(None, *y_pred)}"
    return Case(
        id=title,
        title=title,
        task="multiclass",
        family=FAMILY,
        theme="The table of names",
        file="conformance/session/resolutions.py",
        inputs=inputs,
        inputs_yaml="".join(f"{name}: {value}\n" for name, value in inputs.items()),
    )


def to_json(
    session: Session, rows: Iterable[Row], answers: Mapping[tuple[str, str], Answer]
) -> list[dict[str, Any]]:
    """Return the entries of `resolutions` in the results document, of all questions that were answered."""
    return [
        _entry(session, question, answers[question.case.id, question.implementation.id])
        for row in rows
        for question in row.questions
        if (question.case.id, question.implementation.id) in answers
    ]


def _entry(session: Session, question: Question, answer: Answer) -> dict[str, Any]:
    adapter, outcome = session.adapter_of(question.implementation), answer.outcome
    cell = session.judge(question.case, question.implementation, answer)
    return {
        "framework": adapter.framework,
        "environment": adapter.environment,
        "string": question.string,
        "loss": question.loss,
        "y_true": [None, *question.y_true],
        "y_pred": [None, *question.y_pred],
        "resolved": outcome.resolved,
        "raises": outcome.type if outcome.kind == "raises" else None,
        "agrees": not cell.fails,
        "verdict": cell.verdict,
        "explanation": cell.explanation,
        "problem": cell.problem,
    }
