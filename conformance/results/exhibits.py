"""Which cell shows a finding best: the smallest input on which an outcome departs as the finding says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from conformance.adapters.base import Call
from conformance.adapters.registry import NO_NUMBER
from conformance.adapters.reproducer import reproducer
from conformance.cases import Case
from conformance.session.judging import CaseResult
from conformance.verdicts.verdicts import Cell, shown, shown_prediction


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A cell that shows a finding.

    Attributes:
        case: the case.
        cell: the implementation and its outcome; its verdict is `documented`.
        code: stand-alone lines that repeat the call and print the result.
    """

    case: Case
    cell: Cell
    code: str

    @property
    def observed(self) -> str:
        """The outcome, in words."""
        return shown(self.cell.outcome)

    @property
    def documented(self) -> str:
        """What the definition claims for this input, in words."""
        predictions = self.cell.predictions
        return shown_prediction(predictions.claimed) if predictions is not None else "no definition"

    def to_json(self) -> dict[str, Any]:
        """Return what the entry of the finding says of it in the results document."""
        return {
            "case": self.case.id,
            "implementation": self.cell.implementation.id,
            "numbers": _size(self.case.call()),
            "code": self.code,
            "observed": self.observed,
            "documented": self.documented,
        }


#: Id of a finding -> the rank of what shows it, and what the entry of the finding says of it.
Exhibits: TypeAlias = Mapping[str, tuple[list[Any], dict[str, Any]]]


def exhibits_of(result: CaseResult) -> dict[str, tuple[list[Any], dict[str, Any]]]:
    """Return, by finding, the rank of the cell of a case that shows it best, and what is said of it."""
    return {finding: (rank, found.to_json()) for finding, (rank, found) in _ranked([result]).items()}


def best(found: Iterable[Exhibits]) -> dict[str, dict[str, Any]]:
    """Return, by finding, what is said of the cell of all cases that shows it best."""
    ranked: dict[str, tuple[list[Any], dict[str, Any]]] = {}
    for exhibits in found:
        for finding, (rank, said) in exhibits.items():
            if finding not in ranked or rank < ranked[finding][0]:
                ranked[finding] = rank, said
    return {finding: said for finding, (_, said) in ranked.items()}


def exhibits(results: Iterable[CaseResult]) -> dict[str, Exhibit]:
    """Return, by finding, the smallest cell that shows it; findings that no cell shows are absent."""
    return {finding: exhibit for finding, (_, exhibit) in _ranked(results).items()}


def _ranked(results: Iterable[CaseResult]) -> dict[str, tuple[list[Any], Exhibit]]:
    ranked: dict[str, tuple[list[Any], Exhibit]] = {}
    for result in results:
        size = _size(result.case.call())
        for cell in result.cells:
            # An outcome that happens to be the documented one, where any is possible, shows nothing.
            if cell.verdict != "documented" or (
                cell.predictions and cell.predictions.claimed.holds_for(cell.outcome)
            ):
                continue
            for finding in cell.departures:
                entry = cell.implementation
                code = reproducer(entry, result.case.call())
                rank = rank_of(len(cell.departures), entry.quantity, size, code, result.case.id, entry.id)
                if finding not in ranked or rank < ranked[finding][0]:
                    ranked[finding] = rank, Exhibit(result.case, cell, code)
    return ranked


def rank_of(
    findings: int, quantity: str, numbers: int, code: str, case: str, implementation: str
) -> list[Any]:
    """Return by what exhibits are ordered.

    First is the one with fewest findings at once, then one that gives a single value, then fewest numbers, then the
    shortest code.
    """
    return [findings, quantity in NO_NUMBER, numbers, len(code), case, implementation]


def _size(call: Call) -> int:
    arrays = (array for update in call.updates for array in (update.y_true, update.y_pred))
    return sum(array.size for array in arrays) + len(call.updates) + len(call.parameters)
