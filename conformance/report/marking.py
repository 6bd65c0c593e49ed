"""Markdown in which text out of a results document stays text."""

from __future__ import annotations

import re
from typing import Any

from conformance.report import values


def escaped(text: Any) -> str:
    """Return `text` on one line, with everything escaped that Markdown or HTML would act on."""
    line = re.sub(r"\s+", " ", values.visible(str(text))).strip()
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~#$@])", r"\\\1", line)


def prose(text: Any) -> str:
    """Return `text` escaped, but for words between backticks, which become code."""
    parts = re.split(r"`([^`\n]+)`", values.visible(str(text)))
    return "".join(code(part) if position % 2 else _kept(part) for position, part in enumerate(parts)).strip()


def _kept(part: str) -> str:
    # The blank on either side of code is part of the sentence.
    left = " " if part[:1].isspace() else ""
    right = " " if part[-1:].isspace() and part.strip() else ""
    return f"{left}{escaped(part)}{right}"


def code(text: Any) -> str:
    """Return `text` as code on one line, safe inside a table."""
    line = re.sub(r"\s+", " ", values.visible(str(text))).replace("|", "¦")
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    blank = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{blank}{line}{blank}{fence}"


def fenced(text: str, language: str = "") -> str:
    """Return text in a code fence longer than any in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
