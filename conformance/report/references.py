"""What the entries of a results document refer to, looked up when it is read; format 1 brought into format 2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from conformance.report.case import Case
from conformance.report.entries import Implementation, NotApplicable

if TYPE_CHECKING:
    from conformance.report.document import Document


def look_up(document: Document) -> None:
    """Give each entry what it refers to; cells of implementations that a filtered document lacks are left out.

    Raises:
        ValueError: something is not there.
    """
    known = {entry.id: entry for entry in document.implementations}
    for identifier, name in _shortest_ends(list(known)).items():
        known[identifier].name = name
    for case in document.cases:
        _look_up_in(case, known, document)
    for law in document.laws:
        law.title = law.title or law.law
        law.cells = [cell for cell in law.cells if cell.implementation in known]
        for found in law.cells:
            found.called, found.law, found.title = known[found.implementation], law.law, law.title
    for finding in document.findings:
        if finding.implementation is not None and finding.implementation not in known:
            raise ValueError(f"the finding {finding.id} names {finding.implementation}, which is not listed")


def _look_up_in(case: Case, known: Mapping[str, Implementation], document: Document) -> None:
    if not all(0 <= number < len(document.not_applicable) for number in case.not_applicable):
        raise ValueError(
            f"the case {case.id} refers to what is not among {len(document.not_applicable)} reasons"
        )
    for quantity, found in case.pairs.items():
        behaviours, sets = len(found.behaviours), len(document.cause_sets or ())
        if not all(0 <= a < b < behaviours and 0 <= n < sets for a, b, n in found.causes):
            raise ValueError(f"the case {case.id} has pairs in {quantity} of what is not there")
    case.title = case.title or case.id
    _set_apart(case, document)
    case.cells = [cell for cell in case.cells if cell.implementation in known]
    for cell in case.cells:
        cell.called, cell.case = known[cell.implementation], case.id
        cell.rules = {axis: document.rules.get(axis, {}).get(rule, rule) for axis, rule in cell.rules.items()}
        if cell.trace is not None:
            if not 0 <= cell.trace < len(case.traces):
                raise ValueError(f"{cell.implementation} has the trace {cell.trace} of {len(case.traces)}")
            cell.rows = case.traces[cell.trace]


def _set_apart(case: Case, document: Document) -> None:
    """Collect what is not applicable by reason, as format 2 does; format 1 had a cell for each implementation."""
    reasons: dict[str, list[str]] = {}
    for cell in case.cells:
        if cell.outcome.get("kind") == "not-applicable":
            reasons.setdefault(cell.outcome.get("reason") or "", []).append(cell.implementation)
    case.cells = [cell for cell in case.cells if cell.outcome.get("kind") != "not-applicable"]
    for reason, names in reasons.items():
        case.not_applicable.append(len(document.not_applicable))
        document.not_applicable.append(NotApplicable(reason=reason, implementations=names))


def _shortest_ends(ids: Sequence[str]) -> dict[str, str]:
    """Shorten `package.metrics.BinaryAccuracy` to `BinaryAccuracy` where that is unique in its package."""

    def ends(identifier: str) -> list[tuple[str, str]]:
        path, bracket, rest = identifier.partition("[")
        words = path.split(".")
        return [(words[0], ".".join(words[-parts:]) + bracket + rest) for parts in range(1, len(words) + 1)]

    rivals = Counter(end for identifier in ids for end in ends(identifier))
    return {
        identifier: next((end[1] for end in ends(identifier)[:-1] if rivals[end] == 1), identifier)
        for identifier in ids
    }
