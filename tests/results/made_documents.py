"""Results documents of cases made in memory, all outcomes but a few as predicted."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import cache
from typing import Any

from made_cases import predicted_cells

from conformance.calls.outcome import Outcome
from conformance.cases import Case
from conformance.results.build import document
from conformance.session.judging import CaseResult, case_result
from conformance.session.session import Session
from conformance.verdicts.verdicts import Cell, judge, not_applicable

EARLY, LATE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


def made_document(session: Session, generated: datetime = EARLY, **more: Any) -> dict[str, Any]:
    environments = more.pop("environments", {"keras": {"python": "3.11", "packages": {"keras": "3.15.1"}}})
    return document(_results(session), session, environments, complete=True, generated=generated)


@cache
def _results(session: Session) -> tuple[CaseResult, ...]:
    return tuple(case_result(session, case, cells(session, case)) for case in session.cases)


def cells(session: Session, case: Case) -> list[Cell]:
    """What is predicted_cell, a cell that is not applicable, and for one case special floats as an outcome."""
    found = predicted_cells(case)
    asked = {cell.implementation.id for cell in found}
    absent = next(entry for entry in session.implementations if entry.id not in asked)
    if case.id == "special":
        found[0] = unexplained(case, found[0])
    return [*found, not_applicable(absent, "is not for these")]


def unexplained(case: Case, cell: Cell) -> Cell:
    special = Outcome("value", value=[math.nan, -math.inf, -0.0], dtype="float32")
    return judge(case, cell.implementation, special, cell.predictions, {})
