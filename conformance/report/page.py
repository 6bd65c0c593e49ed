"""The HTML page: one self-contained file that makes no request."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from conformance.report import values
from conformance.report.attention import matters
from conformance.report.bundle import bundle
from conformance.report.changes import changes
from conformance.report.difference import why
from conformance.report.document import Case, read
from conformance.report.filing import filing
from conformance.report.headline import headline
from conformance.report.island import island, packed
from conformance.report.rendering import environment

#: Style sheets, in the order of the cascade.
STYLES = ("base", "start", "matrix", "case", "tables", "pictures", "print")

#: The module that runs the page; what it imports comes with it.
SCRIPT = "app"

#: Without JavaScript the page shows at most this many diverging cases.
MOST_STATIC = 500
_MOST_NAMES = 12


def html(results: Mapping[str, Any], against: Mapping[str, Any] | None = None) -> str:
    """Return the report page.

    Everything in `results` is shown as text, control characters and direction marks as escapes. The content security
    policy of the page allows its own style sheet and script by their hashes, and no request.

    Args:
        results: the results document.
        against: an older one, to say what changed since.
    """
    report = read(results)
    data = island(results, report)
    data["findings"] = [{**entry, "report": _filed(results, entry)} for entry in data["findings"]]
    data["changes"] = None if against is None else values.all_visible(changes(results, against))
    style = "\n".join(_assets("css")[name] for name in STYLES)
    script = bundle(_assets("js"), SCRIPT)
    return (
        environment(values.visible, prose=prose)
        .get_template("page.html")
        .render(
            report=report,
            headline=headline(report),
            matters=matters(report),
            diverging=[case for case in report.cases if case.diverges][:MOST_STATIC],
            groups=groups,
            reasons=lambda case: [why(case, divergence) for divergence in case.divergences],
            style=Markup(style),
            script=Markup(script),
            island=packed(data),
            style_hash=_hash(style),
            script_hash=_hash(script),
        )
    )


def _assets(kind: str) -> dict[str, str]:
    """Return the files of a kind by their names without it."""
    folder = files("conformance.report") / "assets"
    return {
        Path(file.name).stem: file.read_text(encoding="utf-8")
        for file in folder.iterdir()
        if file.name.endswith(f".{kind}")
    }


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _filed(results: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
    """Return a finding as a report that can be filed, if a case shows it."""
    if finding.get("report"):
        return str(finding["report"])
    return filing(results, finding) if finding.get("case") else ""


def prose(text: Any) -> Markup:
    """Turn plain text into paragraphs; words between backticks become code."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", values.visible(str(text)).strip()):
        plain_and_code = re.split(r"`([^`]+)`", paragraph)
        parts = [
            Markup("<code>{}</code>").format(part) if position % 2 else escape(part)
            for position, part in enumerate(plain_and_code)
        ]
        paragraphs.append(Markup("<p>{}</p>").format(Markup("").join(parts)))
    return Markup("\n").join(paragraphs)


def groups(case: Case) -> list[tuple[str, str, str, str]]:
    """Return quantity, letter, outcome and implementations of each group where a case diverges."""
    lines = []
    for comparison in case.comparisons:
        for group in comparison.groups if comparison.verdict == "diverge" else ():
            names = [cell.implementation for cell in group.cells]
            more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
            shown = values.one_line(group.shown, 80), ", ".join(names[:_MOST_NAMES]) + more
            lines.append((comparison.quantity, group.letter, *shown))
    return lines
