"""The laws of a results document, for reports as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from conformance.report import words
from conformance.report.document import Implementation, Report

#: Verdict -> how it follows a number of implementations.
_COUNTED = {
    "holds": "not refuted",
    "fails-as-defined": "fail as defined",
    "fails-undocumented": "fail undocumented",
    "stale": "stale",
}


@dataclass(frozen=True)
class LawCell:
    """The verdict of one law for one implementation; `case` is the smallest that shows it."""

    law: str
    title: str
    implementation: Implementation
    verdict: str
    case: str
    explanation: str

    @property
    def remark(self) -> str:
        """Nothing: what is to be said is said of all cells of a line."""
        return ""

    @property
    def fails(self) -> bool:
        """Whether the law does not hold."""
        return self.verdict not in ("holds", "not-applicable")

    @property
    def needs_attention(self) -> bool:
        """Whether this fails a run."""
        return self.verdict in words.LAW_ADVICE


def law_cells(report: Report) -> tuple[LawCell, ...]:
    """Return the cells of all laws that apply, in the order of laws and implementations."""
    by_id = {entry.id: entry for entry in report.implementations}
    place = {identifier: number for number, identifier in enumerate(by_id)}
    cells = [
        LawCell(
            law=str(law.get("law")),
            title=str(law.get("title") or law.get("law")),
            implementation=by_id[str(cell.get("implementation"))],
            verdict=str(cell.get("verdict")),
            case=str(cell.get("case") or ""),
            explanation=str(cell.get("explanation") or ""),
        )
        for law in report.document.get("laws") or ()
        for cell in sorted(
            (cell for cell in law.get("cells") or () if str(cell.get("implementation")) in by_id),
            key=lambda cell: place[str(cell.get("implementation"))],
        )
    ]
    return tuple(cell for cell in cells if cell.verdict != "not-applicable")


def counted(cells: Iterable[LawCell]) -> str:
    """Return `922 not refuted, 382 fail as defined, 0 fail undocumented`; other verdicts where there are any."""
    numbers = Counter(cell.verdict for cell in cells)
    always = ("holds", "fails-as-defined", "fails-undocumented")
    verdicts = [*always, *sorted(set(numbers) - set(always))]
    return ", ".join(f"{numbers[verdict]} {_COUNTED.get(verdict, verdict)}" for verdict in verdicts)
