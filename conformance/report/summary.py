"""The summary at the end of a run on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.report import values, words
from conformance.report.attention import matters
from conformance.report.document import Document, read

#: Longer lists are truncated; the page has all.
MOST_SHOWN = 5


def terminal(results: Mapping[str, Any], *, width: int) -> list[str]:
    """Return about ten lines, none longer than `width`, without colour or control characters."""
    return [
        part
        for line in _lines(read(results))
        for part in textwrap.wrap(values.one_line(line, 4 * width), width, subsequent_indent="  ")
    ]


def _lines(report: Document) -> Iterator[str]:
    cells = [cell for case in report.cases for cell in case.cells]
    numbers = {
        "case": len(report.cases),
        "implementation": len(report.implementations),
        "outcome": len(cells),
    }
    yield ", ".join(words.count(number, name) for name, number in numbers.items())
    if not report.complete:
        yield "partial run (filtered or interrupted)"
    for quantity in report.quantities:
        said = [
            f"{number} {'with nothing to compare' if verdict == 'null' else verdict}"
            for verdict, number in report.cases_by_verdict(quantity).items()
            if number
        ]
        if said:
            yield f"{words.quantity_title(quantity).lower()}: {', '.join(said)}"
    causes = [f"{axis} {len(cases)}" for axis, cases in report.causes.items() if cases]
    if causes:
        more = f" and {len(causes) - MOST_SHOWN} more" if len(causes) > MOST_SHOWN else ""
        yield f"causes: {', '.join(causes[:MOST_SHOWN])}{more}"
    if report.law_cells:
        yield f"laws: {report.laws_counted}"
    if report.missing:
        origins = dict.fromkeys(entry.origin for entry in report.missing)
        distributions = dict.fromkeys(name for entry in report.missing for name in entry.distributions)
        yield f"not installed: {', '.join(origins)} ({words.pip_install(distributions)})"
    found = matters(report)
    if not found:
        observed = sum(cell.verdict == "undefined" for cell in cells)
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
