"""The whole report in a sentence or two."""

from __future__ import annotations

from collections import Counter

from conformance.report import words
from conformance.report.attention import matters
from conformance.report.document import Document


def headline(report: Document) -> str:
    """Return how many cases ran on how many implementations, how many diverge, and what is unexplained."""
    if not report.implementations:
        return "Nothing was run: this document has no implementations."
    verdicts = Counter(_verdict({entry.verdict for entry in case.comparisons}) for case in report.cases)
    of = _versions(report)
    causes = sum(bool(cases) for cases in report.causes.values())
    without_cause = sum(case.diverges and not case.causes for case in report.cases)
    said = {"diverge": "they diverge", "agree": "they agree", "null": "there is nothing to compare"}
    on = [f"on {verdicts[verdict]} {says}" for verdict, says in said.items() if verdicts[verdict]]
    open_ends = [_attention(report)] if matters(report) else []
    if without_cause:
        open_ends.append(f"{words.count(without_cause, 'divergence')} without a cause")
    explained = (
        f"{words.count(causes, 'cause')} explain every divergence"
        if causes > 1
        else "Every divergence is explained"
    )
    return (
        f"{words.count(len(report.cases), 'case')} {'was' if len(report.cases) == 1 else 'were'} run on"
        f" {words.count(len(report.implementations), 'implementation')}{f' of {of}' if of else ''}:"
        f" {', '.join(on) or 'there is no case'}."
        f" {', '.join(open_ends) or f'{explained}, and no outcome is unexplained'}."
    )


def _verdict(found: set[str]) -> str:
    return next((verdict for verdict in words.CASE if verdict in found), "null")


def _attention(report: Document) -> str:
    """Return `4 outcomes, 1 law and 2 names need attention`. A law counts once."""
    each = {(matter.of, matter.subject if matter.of == "law" else matter) for matter in matters(report)}
    numbers = Counter(kind for kind, _ in each)
    parts = [words.count(numbers[kind], kind) for kind in ("outcome", "law", "name") if numbers[kind]]
    return f"{words.listed(parts)} {'needs' if len(each) == 1 else 'need'} attention"


def _versions(report: Document) -> str:
    """Return the distributions of the frameworks with their versions: `one 3.15.1, two 1.9.0 and three 1.9.1`."""
    found: dict[str, str | None] = {}
    for environment in report.environments.values():
        found |= environment.packages
    names = dict.fromkeys(next(iter(entry.packages), entry.framework) for entry in report.implementations)
    return words.listed([f"{name} {found[name]}" if name in found else name for name in names])
