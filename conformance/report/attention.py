"""What fails a run: outcomes, laws and compile() strings that no record covers, each with what to do."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.report import values, words
from conformance.report.document import Document, Resolution

#: Problems whose advice is about departures and cases in files.
_OF_FILES = ("outcome-differs", "departure-outdated")


@dataclass(frozen=True)
class Matter:
    """One thing that needs attention.

    `of` is "outcome", "law" or "name"; `subject` says which: the id of a case, the id of a law, or a loss with its
    shapes. `case` is the id of the case that shows it; empty for a compile() string, whose case is in no file.
    """

    of: str
    verdict: str
    subject: str
    implementation: str
    says: str
    advice: str
    case: str

    @property
    def name(self) -> str:
        """Subject and implementation, joined as in the ids of tests."""
        return f"{self.subject}--{self.implementation}"


def matters(report: Document) -> tuple[Matter, ...]:
    """Return all that fails a run: outcomes in the order of the cases, then laws, then compile() strings."""
    found = []
    for cell in report.attention:
        says = cell.explanation or cell.because or values.whole(cell.outcome)
        found.append(
            Matter("outcome", cell.verdict, cell.case, cell.implementation, says, cell.advice, cell.case)
        )
    for law in report.law_cells:
        if law.needs_attention:
            says, advice = law.explanation or "", words.LAW_ADVICE[law.verdict]
            found.append(
                Matter("law", law.verdict, law.law, law.implementation, says, advice, law.case or "")
            )
    return (*found, *(_name(entry) for entry in report.resolutions if entry.agrees is False))


def _name(entry: Resolution) -> Matter:
    verdict = entry.verdict if entry.verdict and entry.verdict in words.ATTENTION else "unexplained"
    says = entry.explanation or f"It {entry.outcome}, which is not what the definition says."
    problem = words.problem(verdict, entry.problem)
    # The general advice is about cases in files; the case of a string is in none.
    advice = words.NAME_ADVICE if problem in _OF_FILES else words.advice(problem)
    return Matter("name", verdict, entry.asked, entry.target, says, advice, case="")
