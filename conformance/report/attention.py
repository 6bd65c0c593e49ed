"""What fails a run: outcomes, laws and compile() strings that no record covers, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.report import resolutions, words
from conformance.report.document import Report
from conformance.report.laws import law_cells

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


def matters(report: Report) -> tuple[Matter, ...]:
    """Return all that fails a run: outcomes in the order of the cases, then laws, then compile() strings."""
    return (*_outcomes(report), *_laws(report), *_names(report))


def counts(found: tuple[Matter, ...]) -> str:
    """Return `4 outcomes, 1 law and 2 names need attention`; empty if nothing does. A law counts once."""
    numbers = {
        "outcome": sum(matter.of == "outcome" for matter in found),
        "law": len({matter.subject for matter in found if matter.of == "law"}),
        "name": sum(matter.of == "name" for matter in found),
    }
    parts = [words.count(number, kind) for kind, number in numbers.items() if number]
    listed = " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
    return f"{listed} {'needs' if sum(numbers.values()) == 1 else 'need'} attention" if listed else ""


def _outcomes(report: Report) -> Iterator[Matter]:
    for cell in report.attention:
        says = cell.explanation or cell.because or cell.whole
        yield Matter("outcome", cell.verdict, cell.case, cell.implementation.id, says, cell.advice, cell.case)


def _laws(report: Report) -> Iterator[Matter]:
    for cell in law_cells(report):
        if cell.needs_attention:
            advice = words.LAW_ADVICE[cell.verdict]
            yield Matter(
                "law", cell.verdict, cell.law, cell.implementation.id, cell.explanation, advice, cell.case
            )


def _names(report: Report) -> Iterator[Matter]:
    for entry in report.document.get("resolutions") or ():
        if entry.get("agrees") is False:
            yield _name(entry)


def _name(entry: Mapping[str, Any]) -> Matter:
    subject, implementation = resolutions.identity(entry)
    verdict = str(entry.get("verdict"))
    verdict = verdict if verdict in words.ATTENTION else "unexplained"
    says = str(
        entry.get("explanation") or f"It {resolutions.outcome(entry)}, which is not what the definition says."
    )
    problem = words.problem(verdict, entry.get("problem"))
    return Matter(
        of="name",
        verdict=verdict,
        subject=subject,
        implementation=implementation,
        says=says,
        # The general advice is about cases in files; the case of a string is in none.
        advice=words.NAME_ADVICE if problem in _OF_FILES else words.advice(problem),
        case="",
    )
