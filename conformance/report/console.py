"""The summary of a run on a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.report import releases, values, words
from conformance.report.attention import Matter, matters
from conformance.report.document import Document, read

#: Longer lists are truncated; the page has all.
MOST_SHOWN = 5


def terminal(results: Mapping[str, Any] | Document, *, width: int) -> list[str]:
    """Return about ten lines, none longer than `width`, without colour or control characters."""
    return [
        part
        for line in _lines(read(results))
        for part in textwrap.wrap(
            values.one_line(line, 4 * width), width, subsequent_indent="  ", break_on_hyphens=False
        )
    ]


def _lines(report: Document) -> Iterator[str]:
    cells = [cell for case in report.cases for cell in case.cells]
    numbers = {
        "case": len(report.cases),
        "implementation": len(report.implementations),
        "outcome": len(cells),
    }
    yield ", ".join(words.count(number, name) for name, number in numbers.items())
    if report.partial:
        yield f"partial run ({report.partial})"
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
    if report.runs:
        logs = [log for run in report.runs for log in run.logs]
        in_logs = sum(len(log.numbers) for log in logs)
        counted = (
            words.count(len(report.runs), "run"),
            words.count(len(logs), "log"),
            words.count(in_logs, "number"),
        )
        yield f"training: {', '.join(counted)}"
    yield from releases.said(report)
    if report.missing:
        origins = dict.fromkeys(entry.origin for entry in report.missing)
        distributions = dict.fromkeys(name for entry in report.missing for name in entry.distributions)
        yield f"not installed: {', '.join(origins)} (pip install {' '.join(distributions)})"
    found = matters(report)
    if not found:
        observed = sum(cell.verdict == "undefined" for cell in cells)
        if observed == len(cells) and not report.law_cells and not report.runs:
            yield "no outcome was checked"
        else:
            yield "every checked outcome is as defined or a known deviation"
        if observed:
            was, them = ("was", "it") if observed == 1 else ("were", "them")
            yield f"{words.count(observed, 'outcome')} {was} not checked: no definition holds for {them}"
    # The kinds of failures, each with an example; where there are few, all of them.
    shown = [(matter.kind, [matter]) for matter in found] if len(found) <= MOST_SHOWN else _by_kind(found)
    for kind, group in shown:
        first = group[0]
        of_kind = f" ({kind})" if kind and len(group) > 1 else ""
        number = f"{words.count(len(group), first.of)}, such as " if len(group) > 1 else ""
        says = f": {first.says}" if first.says else ""
        yield f"{words.verdict_words(first.verdict, first.kind)}{of_kind}: {number}{first.name}{says}"
    to_do = ((words.verdict_words(matter.verdict, matter.kind), matter.advice) for matter in found)
    for verdict, what in dict.fromkeys(to_do):
        yield f"what to do ({verdict}): {what}"


def _by_kind(found: Sequence[Matter]) -> list[tuple[str, list[Matter]]]:
    """Return kinds in words, each with what is of it, the largest first.

    Of several rules it is the one that predicts most outcomes of the implementation.
    """
    common = Counter((matter.implementation, rule) for matter in found for rule in matter.rules)
    kinds: dict[tuple[str, str, str], list[Matter]] = {}
    for matter in found:
        rule = max(matter.rules, key=lambda rule: common[matter.implementation, rule], default="")
        kind = ", ".join(filter(None, (words.KINDS.get(matter.kind), rule)))
        of = matter.subject if matter.of == "law" else matter.of
        kinds.setdefault((matter.verdict, kind, of), []).append(matter)
    return sorted(((kind, group) for (_, kind, _), group in kinds.items()), key=lambda one: -len(one[1]))
