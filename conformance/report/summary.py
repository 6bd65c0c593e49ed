"""The summary at the end of a run on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.report import values, words
from conformance.report.attention import matters
from conformance.report.document import Report, origin, read
from conformance.report.laws import counted, law_cells

#: Longer lists are truncated; the page has all.
MOST_SHOWN = 5


def terminal(results: Mapping[str, Any], *, width: int) -> list[str]:
    """Return about ten lines, none longer than `width`, without colour or control characters."""
    return [
        part
        for line in _lines(read(results))
        for part in textwrap.wrap(values.one_line(line, 4 * width), width, subsequent_indent="  ")
    ]


def _lines(report: Report) -> Iterator[str]:
    cells = sum(len(case.cells) for case in report.cases)
    yield ", ".join(
        [
            words.count(len(report.cases), "case"),
            words.count(len(report.implementations), "implementation"),
            words.count(cells, "outcome"),
        ]
    )
    if not report.document.get("complete", True):
        yield "partial run (filtered or interrupted)"
    for quantity in report.quantities:
        verdicts = report.cases_by_verdict(quantity)
        numbers = [
            f"{number} {'with nothing to compare' if verdict == 'null' else verdict}"
            for verdict, number in verdicts.items()
            if number
        ]
        if numbers:
            yield f"{words.quantity_title(quantity).lower()}: {', '.join(numbers)}"
    causes = [f"{axis} {len(cases)}" for axis, cases in report.causes.items() if cases]
    if causes:
        more = f" and {len(causes) - MOST_SHOWN} more" if len(causes) > MOST_SHOWN else ""
        yield f"causes: {', '.join(causes[:MOST_SHOWN])}{more}"
    laws = law_cells(report)
    if laws:
        yield f"laws: {counted(laws)}"
    yield from _missing(report)
    yield from _attention(report)


def _missing(report: Report) -> Iterator[str]:
    origins = dict.fromkeys(
        origin(str(entry.get("framework")), str(entry.get("environment") or "")) for entry in report.missing
    )
    distributions = dict.fromkeys(
        str(name) for entry in report.missing for name in entry.get("distributions") or ()
    )
    if origins:
        yield f"not installed: {', '.join(origins)} ({words.pip_install(distributions)})"


def _attention(report: Report) -> Iterator[str]:
    found = matters(report)
    if not found:
        observed = report.cells_by_verdict().get("undefined", 0)
        yield "every checked outcome is as defined or a known deviation"
        if observed:
            was = "was" if observed == 1 else "were"
            yield f"{words.count(observed, 'outcome')} {was} not checked: no definition claimed"
    for matter in found[:MOST_SHOWN]:
        says = f": {matter.says}" if matter.says else ""
        yield f"{words.verdict_words(matter.verdict)}: {matter.name}{says}"
    if len(found) > MOST_SHOWN:
        yield f"and {len(found) - MOST_SHOWN} more"
    for verdict, what in dict.fromkeys((matter.verdict, matter.advice) for matter in found):
        yield f"what to do ({words.verdict_words(verdict)}): {what}"
