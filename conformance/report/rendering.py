"""The templates of the reports. Whatever an expression in one gives is made safe for the format of the report."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from conformance.report import marking, values, words


def environment(safe: Callable[[str], str], **filters: Callable[..., Any]) -> Environment:
    """Return the templates, for reports of one format.

    Args:
        safe: what text becomes before it is shown. `Markup` is shown as it is, and other text escaped as HTML.
        filters: those of the format, besides the words of all reports.
    """

    def shown(value: Any) -> Any:
        return value if isinstance(value, Markup) else "" if value is None else safe(str(value))

    made = Environment(
        loader=PackageLoader("conformance.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    made.filters |= {
        "one_line": values.one_line,
        "quantity": words.quantity_title,
        "words": words.verdict_words,
        **filters,
    }
    made.globals["count"] = words.count
    return made


def _marked(marks: Callable[..., str], *arguments: Any) -> Markup:
    return Markup(marks(*arguments))


_MARKDOWN = environment(
    partial(_marked, marking.escaped),
    code=partial(_marked, marking.code),
    prose=partial(_marked, marking.prose),
)
_TEXT = environment(partial(_marked, values.visible), fenced=marking.fenced)


def markdown(template: str, **known: Any) -> str:
    """Return a report in Markdown, in which text stays text; blank lines of the template count once."""
    text = re.sub(r" +$", "", _MARKDOWN.get_template(template).render(known), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def plain(template: str, **known: Any) -> str:
    """Return a report in which nothing but control characters and direction marks is escaped."""
    return _TEXT.get_template(template).render(known) + "\n"
