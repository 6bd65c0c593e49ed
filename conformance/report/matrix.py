"""The matrix of one quantity: cases by implementations, disagreements first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conformance.report import words
from conformance.report.document import Case, Cell, Comparison, Implementation, Report


@dataclass(frozen=True)
class Line:
    """One case; `cells` by implementation id, those that are not applicable included."""

    case: Case
    comparison: Comparison
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Matrix:
    """The table of one quantity; `origins` has the number of columns of each framework, in their order."""

    quantity: str
    columns: tuple[Implementation, ...]
    origins: Mapping[str, int]
    lines: tuple[Line, ...]

    @property
    def verdicts(self) -> dict[str, int]:
        """Verdict -> number of cases; verdicts that do not occur are left out."""
        found = [line.comparison.verdict for line in self.lines]
        return {verdict: found.count(verdict) for verdict in words.CASE if verdict in found}

    def is_edge(self, column: int) -> bool:
        """Whether a framework begins at this column."""
        return column == 0 or self.columns[column].origin != self.columns[column - 1].origin


def matrices(report: Report) -> tuple[Matrix, ...]:
    """Return a matrix for each quantity that any implementation has; a case without outcomes is left out."""
    return tuple(_matrix(report, quantity) for quantity in report.quantities)


def _matrix(report: Report, quantity: str) -> Matrix:
    members = [entry for entry in report.implementations if entry.quantity == quantity]
    by_origin = {
        origin: [entry for entry in members if entry.origin == origin]
        for origin in dict.fromkeys(entry.origin for entry in members)
    }
    lines = []
    for case in report.cases:
        lost = any(cell.implementation.quantity == quantity for cell in case.lost)
        comparison = case.comparison(quantity)
        if comparison or lost:
            cells = {
                cell.implementation.id: cell
                for cell in (*case.cells, *case.not_applicable)
                if cell.implementation.quantity == quantity
            }
            lines.append(Line(case, comparison or Comparison(quantity, "null", ()), cells))
    lines.sort(key=_urgency)
    return Matrix(
        quantity=quantity,
        columns=tuple(entry for entries in by_origin.values() for entry in entries),
        origins={origin: len(entries) for origin, entries in by_origin.items()},
        lines=tuple(lines),
    )


def _urgency(line: Line) -> tuple[bool, int]:
    calm = not any(cell.needs_attention for cell in line.cells.values())
    return calm, list(words.CASE).index(line.comparison.verdict)
