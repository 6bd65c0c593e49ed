"""An outcome that nothing predicts is compared with what other rules predict."""

from __future__ import annotations

from typing import Any

import pytest
from made_cases import ADAPTERS, ENTRIES, made_case

from conformance.calls.outcome import Outcome
from conformance.session.session import Answer, Session
from conformance.verdicts.verdicts import Cell

BINARY = "keras.metrics.BinaryAccuracy"
#: 3/4 of the samples are correct; with >= instead of >, all of them.
ON_THE_THRESHOLD = {"y_true": [1, 0, 1, 1], "y_pred": [0.5, 0.2, 0.9, 0.8]}


@pytest.fixture(scope="module")
def session() -> Session:
    return Session([], ADAPTERS)


def judged(session: Session, value: float, dtype: str = "float32", **inputs: Any) -> Cell:
    case = made_case(**(inputs or ON_THE_THRESHOLD))
    return session.judge(case, ENTRIES[BINARY], Answer(Outcome("value", value=value, dtype=dtype)))


def rules(cell: Cell) -> list[tuple[str, str]]:
    return [(rule.axis, rule.name) for rule in cell.other_rules]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_rule_that_most_definitions_follow_is_named_first(session: Session, dtype: str) -> None:
    cell = judged(session, 1.0, dtype)
    assert rules(cell) == [("decision-rule", "at-or-above"), ("decision-rule", "named-above-one-half")]
    assert (cell.explanation or "").endswith(
        "It is what another decision-rule predicts: A score is positive if it is greater than or equal to the"
        " threshold (p >= t). 1 other rule predicts it, too."
    )


def test_a_default_is_a_rule(session: Session) -> None:
    cell = judged(session, 0.5, y_true=[1, 0, 1, 0], y_pred=[0.4, 0.2, 0.9, 0.8])
    assert cell.verdict == "as-defined"
    cell = judged(session, 0.25, y_true=[1, 0, 0, 0], y_pred=[0.4, 0.2, 0.1, 0.3])
    assert ("default-parameter", "threshold=0.0") in rules(cell)


def test_what_no_rule_predicts_is_what_no_rule_predicts(session: Session) -> None:
    cell = judged(session, 0.125)
    assert (cell.verdict, rules(cell)) == ("unexplained", [])
    assert cell.explanation == "Observed 0.125 (float32), predicted 3/4 (float32)."


def test_where_only_the_dtype_differs_no_other_rule_is_named(session: Session) -> None:
    cell = judged(session, 0.75, "float64")
    assert (cell.problem, rules(cell)) == ("dtype-differs", [])
