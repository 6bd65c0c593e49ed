"""What a job page of a CI service shows: a summary in Markdown, and annotations at the lines of failing cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conformance.report import values, words
from conformance.report.attention import Matter, matters
from conformance.report.changes import changes
from conformance.report.document import read
from conformance.report.headline import headline
from conformance.report.laws import counted, law_cells
from conformance.report.marking import code, escaped, table

#: A job page is read at a glance; the report page has all of them.
_MOST = 20


def job_summary(results: Mapping[str, Any], against: Mapping[str, Any] | None = None) -> str:
    """Return the Markdown for a job page: the summary, what needs attention, what changed, causes and laws."""
    report = read(results)
    parts = ["## metric-conformance", escaped(headline(report))]
    if not report.document.get("complete", True):
        parts.append("Partial run (filtered or interrupted).")
    found = matters(report)
    if found:
        parts += ["### Needs attention", _attention(found)]
    if against is not None:
        parts += ["### What changed", *_changed(changes(results, against))]
    causes = [(code(axis), str(len(cases))) for axis, cases in report.causes.items() if cases]
    if causes:
        parts += ["### Causes", table(("Cause", "Cases"), causes)]
    laws = law_cells(report)
    if laws:
        parts += [
            "### Laws",
            f"Properties that should hold for any input, for each implementation: {escaped(counted(laws))}.",
        ]
    return "\n\n".join(parts) + "\n"


def job_annotations(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield a workflow command for all that needs attention, at the line of the case that shows it.

    The file is named if it is there, seen from the working directory: cases of the installed package are not part
    of the repository that the annotations are for.
    """
    report = read(results)
    cases = {case.id: case.document for case in report.cases}
    for matter in matters(report):
        case = cases.get(matter.case) or {}
        file = str(case.get("file") or "")
        place = {"file": file, "line": case.get("line")} if file and Path(file).is_file() else {}
        title = f"{words.verdict_words(matter.verdict)}: {matter.implementation}"
        named = {**{key: value for key, value in place.items() if value}, "title": title}
        shown_by = f"{matter.case}:" if matter.case not in ("", matter.subject) else ""
        said = " ".join(
            filter(None, (f"{matter.subject}:", shown_by, matter.says, f"What to do: {matter.advice}"))
        )
        properties = ",".join(f"{key}={_property(value)}" for key, value in named.items())
        yield f"::error {properties}::{_data(values.visible(said))}"


def _attention(found: tuple[Matter, ...]) -> str:
    lines = [
        (
            words.verdict_words(matter.verdict),
            code(matter.subject),
            code(matter.implementation),
            escaped(values.one_line(matter.says, 200)),
        )
        for matter in found[:_MOST]
    ]
    more = f"\n\nand {len(found) - _MOST} more" if len(found) > _MOST else ""
    return table(("Status", "Case, law or string", "Implementation", "Why"), lines) + more


def _changed(found: Mapping[str, Any]) -> Iterator[str]:
    added, removed = sum(found["added"].values()), sum(found["removed"].values())
    changed = found["changed"]
    yield (
        f"{words.count(len(changed), 'outcome')} changed, {added} added, {removed} removed,"
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
        yield table(("Case", "Implementation", "Before", "After", "What changed"), lines)
    if len(changed) > _MOST:
        yield f"and {len(changed) - _MOST} more"
    others = [*found["laws"], *found["names"]]
    if others:
        header = ("Law or string", "Implementation", "Before", "After")
        yield table(header, (tuple(map(code, line)) for line in others[:_MOST]))
    if len(others) > _MOST:
        yield f"and {len(others) - _MOST} more"


def _data(text: str) -> str:
    """Escape what would end the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: Any) -> str:
    return _data(values.visible(str(value))).replace(":", "%3A").replace(",", "%2C")
