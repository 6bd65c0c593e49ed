"""What turns a run red: outcomes, laws and names that nothing on record explains, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.report import resolutions, words
from conformance.report.document import Report
from conformance.report.laws import law_cells


@dataclass(frozen=True)
class Matter:
    """One thing that needs a look.

    `of` is "outcome", "law" or "name"; `subject` says which: the id of a case, the id of a law, or a loss with its
    shapes. `case` is the id of the case that shows it, empty where that is in no file.
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
    """Return all that turns a run red: outcomes in the order of the cases, then laws, then names."""
    return (*_outcomes(report), *_laws(report), *_names(report))


def told(found: tuple[Matter, ...]) -> str:
    """Return `4 outcomes and 1 law to look at`; nothing if there is none."""
    numbers = {kind: sum(matter.of == kind for matter in found) for kind in ("outcome", "law", "name")}
    parts = [words.count(number, kind) for kind, number in numbers.items() if number]
    return f"{' and '.join(parts)} to look at" if parts else ""


def _outcomes(report: Report) -> Iterator[Matter]:
    for cell in report.attention:
        says = next(iter(cell.notes), "")
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
    became = entry.get("resolved") or entry.get("raises") or "something else"
    return Matter(
        of="name",
        verdict="unexplained",
        subject=subject,
        implementation=implementation,
        says=f"It became {became}, which is not what the definition says.",
        advice=words.NAME_ADVICE,
        case="",
    )
