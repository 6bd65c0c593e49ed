"""What the strings of compile() become: a grid of losses and shapes by rule, whose cells are asked like any other.

A cell is a case made here and a way of compile(); its outcome says what the string became (`Outcome.resolved`) or
what was raised. Nothing here calls a framework.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.adapters.base import Implementation
from conformance.cases import Case, matches
from conformance.session.session import Answer, Session

#: The grid is asked in a run over whole files of this family.
FAMILY = "name-resolution"

#: Each string as it stands in the brackets of an id; those of losses fix the loss.
METRICS = ("accuracy",)
#: Looked up by the same lines as accuracy, which shows with every loss what the loss has to say: asked with one.
OTHERS = ("crossentropy", "acc", "ce")
LOSS_STRINGS = ("crossentropy", "ce")

LOSSES = (
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "crossentropy",
    "mean_squared_error",
    "hinge",
    "kl_divergence",
    "cosine_similarity",
)

Shape = tuple[int, ...]

#: Shapes behind the rows, of targets and of predictions.
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

#: Two batches of different size, so that the number of rows is unknown while the strings are looked up.
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
    """All that is asked of one loss in one framework and environment."""

    origin: str
    loss: str
    questions: tuple[Question, ...]


def table(session: Session) -> tuple[Row, ...]:
    """Return the table that a run asks: empty where it is over a choice of cases, or over none of the family."""
    if session.chosen or not any(case.family == FAMILY for case in session.cases):
        return ()
    origins = {session.adapter_of(entry).origin: None for entry in session.implementations}
    rows = (_row(session, origin, loss) for origin in origins for loss in (*LOSSES, *LOSS_STRINGS[1:]))
    return tuple(row for row in rows if row.questions)


def _row(session: Session, origin: str, loss: str) -> Row:
    strings = list(METRICS) if loss in LOSSES else []
    strings += OTHERS if loss == LOSSES[0] else ()
    strings += [f"loss={loss}"] if loss in LOSS_STRINGS else []
    entries = {
        string: entry
        for entry in session.implementations
        if session.adapter_of(entry).origin == origin
        for string in strings
        if any(matches(f"*.Model.compile[{string}]{suffix}", entry.id) for suffix in ("", "@*"))
    }
    return Row(
        origin,
        loss,
        tuple(
            Question(string, loss, y_true, y_pred, _case(loss, y_true, y_pred), entries[string])
            for string in strings
            if string in entries
            for y_true, y_pred in SHAPES
        ),
    )


def _case(loss: str, y_true: Shape, y_pred: Shape) -> Case:
    """Return a case of three rows; all targets are 0, a label that no loss refuses."""
    rows = sum(_BATCHES)
    inputs = {
        "y_true": np.zeros((rows, *y_true), dtype="int64").tolist(),
        "y_pred": np.full((rows, *y_pred), 0.5).tolist(),
        "dtype": {"y_pred": "float32"},
        "batches": list(_BATCHES),
        "loss": loss,
    }
    title = f"loss {loss}, y_true {_shown(y_true)}, y_pred {_shown(y_pred)}"
    return Case(
        id=title,
        title=title,
        task="multiclass",
        metric="accuracy",
        family=FAMILY,
        theme="The table of names",
        file="conformance/session/resolutions.py",
        line=1,
        tags=(),
        because=None,
        see=(),
        expect=(),
        implementations=None,
        inputs=inputs,
        inputs_yaml="".join(f"{name}: {value}\n" for name, value in inputs.items()),
    )


def _shown(shape: Shape) -> str:
    return str((None, *shape))


def to_json(
    session: Session, rows: Iterable[Row], answers: Mapping[tuple[str, str], Answer]
) -> list[dict[str, Any]]:
    """Return the entries of `resolutions` in the results document, of all questions that were answered."""
    return list(_entries(session, rows, answers))


def _entries(
    session: Session, rows: Iterable[Row], answers: Mapping[tuple[str, str], Answer]
) -> Iterator[dict[str, Any]]:
    for row in rows:
        for question in row.questions:
            answer = answers.get((question.case.id, question.implementation.id))
            if answer is None:
                continue
            adapter, outcome = session.adapter_of(question.implementation), answer.outcome
            cell = session.judge(question.case, question.implementation, answer)
            yield {
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
            }
