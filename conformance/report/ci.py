"""What a job page of a CI service shows: a summary in Markdown, and an annotation at each line that needs a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.report import values, words
from conformance.report.changes import changes
from conformance.report.divergences import code, escaped, table
from conformance.report.document import Cell, read
from conformance.report.headline import headline

#: A job page is read at a glance; the page of the report has all of them.
_MOST = 20


def job_summary(results: Mapping[str, Any], against: Mapping[str, Any] | None = None) -> str:
    """Return the Markdown for a job page: the summary, what needs a look, causes, and what changed."""
    report = read(results)
    parts = ["## metric-conformance", escaped(headline(report))]
    if not report.document.get("complete", True):
        parts.append("Not the whole run: what was filtered out or not reached is absent.")
    if report.attention:
        parts += ["### What needs a look", _attention(report.attention)]
    if against is not None:
        parts += ["### What changed", *_changed(changes(results, against))]
    causes = [(code(axis), str(len(cases))) for axis, cases in report.causes.items() if cases]
    if causes:
        parts += ["### Causes", table(("Cause", "Cases"), causes)]
    return "\n\n".join(parts) + "\n"


def job_annotations(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield a workflow command for each outcome that needs a look, at the line of its case."""
    report = read(results)
    cases = {case.id: case.document for case in report.cases}
    for cell in report.attention:
        case = cases[cell.case]
        place = {"file": case.get("file"), "line": case.get("line")}
        title = f"{words.verdict_words(cell.verdict)}: {cell.implementation.id}"
        named = {**{key: value for key, value in place.items() if value}, "title": title}
        said = " ".join(filter(None, (cell.case + ":", *cell.notes[:1], f"What to do: {cell.advice}")))
        properties = ",".join(f"{key}={_property(value)}" for key, value in named.items())
        yield f"::error {properties}::{_data(values.visible(said))}"


def _attention(cells: tuple[Cell, ...]) -> str:
    lines = [
        (
            words.verdict_words(cell.verdict),
            code(cell.case),
            code(cell.implementation.id),
            escaped(values.one_line(cell.notes[0] if cell.notes else cell.whole, 200)),
        )
        for cell in cells[:_MOST]
    ]
    more = f"\n\nand {len(cells) - _MOST} more" if len(cells) > _MOST else ""
    return table(("Status", "Case", "Implementation", "Why"), lines) + more


def _changed(found: Mapping[str, Any]) -> Iterator[str]:
    added, removed = sum(found["added"].values()), sum(found["removed"].values())
    changed = found["changed"]
    yield (
        f"{words.count(len(changed), 'cell')} changed, {added} added, {removed} removed,"
        f" {found['unchanged']} unchanged."
    )
    lines = [
        (
            code(cell["case"]),
            code(cell["implementation"]),
            code(cell["before"]),
            code(cell["after"]),
            cell["why"],
        )
        for cell in changed[:_MOST]
    ]
    if lines:
        yield table(("Case", "Implementation", "Was", "Is", "Who changed"), lines)
    if len(changed) > _MOST:
        yield f"and {len(changed) - _MOST} more"


def _data(text: str) -> str:
    """Escape what would end the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: Any) -> str:
    return _data(values.visible(str(value))).replace(":", "%3A").replace(",", "%2C")
