"""Patterns of implementation ids."""

from __future__ import annotations

import re
from functools import lru_cache


def matches(pattern: str, implementation_id: str) -> bool:
    """Whether an id or glob matches an implementation.

    Only `*` (any characters) and `?` (one character) are special; the brackets of ids are literal.
    A pattern without `@` covers the default environment only, that is ids without `@`.
    """
    if "@" in implementation_id and "@" not in pattern:
        return False
    return _compiled(pattern).fullmatch(implementation_id) is not None


def is_glob(pattern: str) -> bool:
    """Whether a pattern is a glob, not an exact id."""
    return "*" in pattern or "?" in pattern


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    head, *rest = (re.escape(part).replace(r"\?", ".") for part in re.split(r"\*+", pattern))
    if not rest:
        return re.compile(head)
    *middle, tail = rest
    # Atomic groups: the first match of a part is as good as any, so there is no backtracking.
    return re.compile(head + "".join(f"(?>.*?{part})" for part in middle) + ".*" + tail)
