"""Answers as HTML: in a notebook, and as a page of their own."""

from __future__ import annotations

from typing import Any

from conformance.report import values
from conformance.report.rendering import environment


def fragment(template: str, **known: Any) -> str:
    """Return an answer for a notebook, with its style; text in it stays text.

    Args:
        template: name of a template in report/templates/ask.
        known: what the template shows.
    """
    return _HTML.get_template(f"ask/{template}").render(known)


def page(template: str, title: str, **known: Any) -> str:
    """Return the same as a page that needs no other file and makes no request."""
    return _HTML.get_template("ask/page.html").render(known, title=title, answer=f"ask/{template}")


_HTML = environment(values.visible)
