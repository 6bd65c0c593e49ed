"""The whole report in a sentence or two."""

from __future__ import annotations

from collections import Counter

from conformance.report import words
from conformance.report.attention import counts, matters
from conformance.report.document import Report


def headline(report: Report) -> str:
    """Return how many cases ran on how many implementations, how many diverge, and what is unexplained."""
    if not report.implementations:
        return "Nothing was run: this document has no implementations."
    verdicts = Counter(case.verdict for case in report.cases)
    of = versions(report)
    causes = sum(bool(cases) for cases in report.causes.values())
    without_cause = sum(case.diverges and not case.causes for case in report.cases)
    unexplained = [
        counts(matters(report)),
        f"{words.count(without_cause, 'divergence')} without a cause" if without_cause else "",
    ]
    said = {"diverge": "they diverge", "agree": "they agree", "null": "there is nothing to compare"}
    on = [f"on {verdicts[verdict]} {says}" for verdict, says in said.items() if verdicts[verdict]]
    open_ends = ", ".join(filter(None, unexplained))
    explained = (
        f"{words.count(causes, 'cause')} explain every divergence"
        if causes > 1
        else "Every divergence is explained"
    )
    return (
        f"{words.count(len(report.cases), 'case')} {'was' if len(report.cases) == 1 else 'were'} run on"
        f" {words.count(len(report.implementations), 'implementation')}{f' of {of}' if of else ''}:"
        f" {', '.join(on) or 'there is no case'}. {open_ends or f'{explained}, and no outcome is unexplained'}."
    )


def versions(report: Report) -> str:
    """Return the distributions of the frameworks with their versions: `one 3.15.1, two 1.9.0 and three 1.9.1`."""
    found: dict[str, str] = {}
    for environment in (report.document.get("environments") or {}).values():
        found |= {str(name): str(version) for name, version in (environment.get("packages") or {}).items()}
    names = dict.fromkeys(entry.distribution for entry in report.implementations)
    shown = [f"{name} {found[name]}" if name in found else name for name in names]
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))
