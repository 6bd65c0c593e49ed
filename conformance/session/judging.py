"""Outcomes with their verdicts and groups, case by case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from conformance.cases import Case
from conformance.oracle.exchange import Exchange
from conformance.session.session import Answer, Session
from conformance.verdicts.causes import Divergence, Pairs, axes_of, divergences, pairs
from conformance.verdicts.groups import Grouping, grouped
from conformance.verdicts.verdicts import Cell, not_applicable


@dataclass(frozen=True, eq=False)
class CaseResult:
    """All cells of one case, their groups, and why they differ: each two groups, and each two implementations."""

    case: Case
    cells: tuple[Cell, ...]
    groupings: Mapping[str, Grouping]
    divergences: tuple[Divergence, ...]
    pairs: Mapping[str, Pairs]

    @property
    def verdict(self) -> Literal["agree", "diverge"] | None:
        """`diverge` if the outcomes of any quantity do, else `agree`; None where there is nothing to compare."""
        found = {grouping.verdict for grouping in self.groupings.values()}
        return "diverge" if "diverge" in found else "agree" if "agree" in found else None

    @property
    def causes(self) -> tuple[str, ...]:
        """The axes by which any two implementations differ, in the order of `AXES`."""
        between = (axes for found in self.pairs.values() for sets in found.causes.values() for axes in sets)
        return axes_of(self.divergences, between)

    @property
    def without_cause(self) -> tuple[tuple[str, tuple[str, str]], ...]:
        """Quantities, each with two implementations that differ for no cause that was found: they fail a run."""
        return tuple(
            (quantity, both) for quantity, found in self.pairs.items() for both in found.without_cause
        )


def case_result(session: Session, case: Case, cells: Sequence[Cell], mine: str | None = None) -> CaseResult:
    """Group the cells of a case and find out why the groups diverge; `mine` represents its group."""
    return compared(case, cells, session.exchange(case), mine)


def compared(case: Case, cells: Sequence[Cell], exchange: Exchange, mine: str | None = None) -> CaseResult:
    """Do the same without a session; `exchange` is that of the case."""
    groupings = grouped(cells)
    between = {quantity: pairs(grouping, exchange) for quantity, grouping in groupings.items()}
    return CaseResult(case, tuple(cells), groupings, divergences(groupings, exchange, mine), between)


def predicted_without_cause(session: Session, case: Case) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Return what `CaseResult.without_cause` is if every prediction holds; no framework is called."""
    claims = [
        f"{entry.id} {entry.quantity} {entry.definition} {session.release_of(entry) or ''} {entry.claims_departures}"
        for entry in (planned.implementation for planned in session.plan_of(case) if planned.reason is None)
    ]
    what = "\n".join(["every divergence has a cause", *claims])
    if session.derived is not None and session.derived.text(what, case.call()) is not None:
        return ()
    found = case_result(session, case, session.predicted_cells(case)).without_cause
    if session.derived is not None and not found:
        session.derived.keep_text("", what, case.call())
    return found


def judged(
    session: Session, answers: Mapping[tuple[str, str], Answer], mine: str | None = None
) -> Iterator[CaseResult]:
    """Judge and group the answers, case by case, as the results are asked for: those of a large run take much memory.

    Cells without an answer are absent, and so are cases all of whose cells are.

    Args:
        session: the run they belong to.
        answers: (case id, implementation id) -> answer.
        mine: id of the implementation that represents its group where groups diverge.
    """
    absent: dict[tuple[str, str], Cell] = {}
    for case in session.own_cases:
        if (result := judged_case(session, case, answers, mine, absent)) is not None:
            yield result
        session.kept.done(case.call())


def judged_case(
    session: Session,
    case: Case,
    answers: Mapping[tuple[str, str], Answer],
    mine: str | None = None,
    absent: dict[tuple[str, str], Cell] | None = None,
) -> CaseResult | None:
    """Judge and group the answers of one case; None if there are cells, and none of them has an answer.

    Args:
        session: see `judged`.
        case: the case.
        answers: see `judged`.
        mine: see `judged`.
        absent: implementation and reason -> the cell that is not applicable. Most of a large run are, for few reasons.
    """
    absent = {} if absent is None else absent
    cells, lacking = [], 0
    for planned in session.plan_of(case):
        answer = answers.get((case.id, planned.implementation.id))
        if planned.reason is not None:
            key = planned.implementation.id, planned.reason
            if key not in absent:
                absent[key] = not_applicable(planned.implementation, planned.reason)
            cells.append(absent[key])
        elif answer is not None:
            cells.append(session.judge(case, planned.implementation, answer))
        else:
            lacking += 1
    if lacking and all(cell.verdict == "not-applicable" for cell in cells):
        return None
    return case_result(session, case, cells, mine)


def has_failures(results: Iterable[CaseResult]) -> bool:
    """Whether a cell fails, or a divergence has no cause."""
    return any(result.without_cause or any(cell.fails for cell in result.cells) for result in results)
