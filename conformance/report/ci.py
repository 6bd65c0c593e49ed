"""What a job page of a CI service shows: a summary in Markdown, and annotations at the lines of failing cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conformance.report import values, words
from conformance.report.attention import headline, matters
from conformance.report.changes import changes
from conformance.report.difference import partial
from conformance.report.document import read
from conformance.report.rendering import markdown

#: A job page is read at a glance; the report page has all of them.
_MOST = 20


def job_summary(results: Mapping[str, Any], against: Mapping[str, Any] | None = None) -> str:
    """Return the Markdown for a job page: the summary, what needs attention, what changed, causes and laws."""
    report = read(results)
    return markdown(
        "job.md",
        report=report,
        headline=headline(report),
        matters=matters(report),
        changes=None if against is None else changes(results, against),
        partial=partial,
        most=_MOST,
    )


def job_annotations(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield a workflow command for all that needs attention, at the line of the case that shows it.

    The file is named if it is there, seen from the working directory: cases of the installed package are not part
    of the repository that the annotations are for.
    """
    report = read(results)
    cases = {case.id: case for case in report.cases}
    for matter in matters(report):
        case = cases.get(matter.case)
        place = {"file": case.file, "line": case.line} if case and Path(case.file or "").is_file() else {}
        title = (
            f"{words.verdict_words(matter.verdict, matter.kind)}: {matter.implementation or matter.subject}"
        )
        named = {**{key: value for key, value in place.items() if value}, "title": title}
        shown_by = f"{matter.case}:" if matter.case not in ("", matter.subject) else ""
        said = " ".join(
            filter(None, (f"{matter.subject}:", shown_by, matter.says, f"What to do: {matter.advice}"))
        )
        properties = ",".join(f"{key}={_property(value)}" for key, value in named.items())
        yield f"::error {properties}::{_data(values.visible(said))}"


def _data(text: str) -> str:
    """Escape what would end the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: Any) -> str:
    return _data(values.visible(str(value))).replace(":", "%3A").replace(",", "%2C")
