"""The HTML page: one self-contained file that makes no request."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from markupsafe import Markup, escape

from conformance.report import releases, values, words
from conformance.report.attention import headline, matters
from conformance.report.bundle import bundle
from conformance.report.changes import changes
from conformance.report.document import Document, read
from conformance.report.filing import filing
from conformance.report.island import island, packed
from conformance.report.rendering import environment

#: Style sheets, in the order of the cascade.
STYLES = ("base", "start", "matrix", "case", "tables", "pictures", "print")

#: The module that runs the page; what it imports comes with it.
SCRIPT = "app"

#: Without JavaScript the page shows at most this many diverging cases.
MOST_STATIC = 200

#: So many metrics are named in the title.
MOST_METRICS = 3

_ASSETS = files("conformance.report") / "assets"


def html(
    results: Mapping[str, Any], against: Mapping[str, Any] | None = None, report: Document | None = None
) -> str:
    """Return the report page.

    Everything in `results` is shown as text, control characters and direction marks as escapes. The content security
    policy of the page allows its own style sheet and script by their hashes, and no request.

    Args:
        results: the results document.
        against: an older one, to say what changed since.
        report: `results`, if they were read already.
    """
    report = report or read(results)
    data = island(results, report)
    data["findings"] = [
        {**entry, "report": filing(results, entry) if entry.get("case") else ""} for entry in data["findings"]
    ]
    data["changes"] = None if against is None else values.all_visible(changes(results, against))
    style = "\n".join((_ASSETS / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    modules = (file for file in _ASSETS.iterdir() if file.name.endswith(".js"))
    script = bundle(
        {file.name.removesuffix(".js"): file.read_text(encoding="utf-8") for file in modules}, SCRIPT
    )
    return _HTML.get_template("page.html").render(
        report=report,
        metrics=_some(report.metrics) or "metrics",
        headline=headline(report),
        releases=releases.said(report),
        matters=matters(report),
        diverging=[case for case in report.cases if case.diverges][:MOST_STATIC],
        style=Markup(style),
        script=Markup(script),
        island=packed(data),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _prose(text: Any) -> Markup:
    """Turn plain text into paragraphs; words between backticks become code."""
    paragraphs = re.split(r"\n\s*\n", str(escape(values.visible(str(text)).strip())))
    marked = (re.sub(r"`([^`]+)`", r"<code>\1</code>", paragraph) for paragraph in paragraphs)
    return Markup("\n".join(f"<p>{paragraph}</p>" for paragraph in marked))


_HTML = environment(values.visible, prose=_prose)


def _some(metrics: Sequence[str]) -> str:
    """Return the names of metrics; of many only the first ones, and how many others there are."""
    others = len(metrics) - MOST_METRICS
    if others < 2:
        return words.listed(metrics)
    return words.listed([*metrics[:MOST_METRICS], f"{others} other metrics"])
