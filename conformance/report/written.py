"""Reads lists of a results document entry by entry, without expanding `repeat` and `one_hot`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def length(written: Any) -> int | None:
    """Return the number of entries of a list or notation; None for anything else."""
    if isinstance(written, list):
        return len(written)
    if not isinstance(written, Mapping):
        return None
    for name in ("repeat", "one_hot"):
        if name in written:
            inner = length(written[name])
            return None if inner is None else inner * int(written.get("times", 1))
    return None


def entry(written: Any, index: int) -> Any:
    """Return one entry of a list or notation; `index` is below its length."""
    if isinstance(written, list):
        found = written[index]
    elif "one_hot" in written:
        one = entry(written["one_hot"], index)
        found = [int(place == one) for place in range(int(written["classes"]))]
    else:
        found = entry(written["repeat"], index % (length(written["repeat"]) or 1))
    return expanded(found)


def expanded(written: Any, most: int = 100) -> Any:
    """Return a list without notations, truncated to `most` entries per level; anything else unchanged."""
    size = length(written)
    return written if size is None else [entry(written, index) for index in range(min(size, most))]
