"""Lists as results documents write them, some of them by rule, read entry by entry without laying them out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def length(written: Any) -> int | None:
    """Return the number of entries of a list, written out or by rule; None for anything else."""
    if isinstance(written, list):
        return len(written)
    if not isinstance(written, Mapping):
        return None
    if "join" in written:
        return sum(length(part) or 0 for part in written["join"])
    if "range" in written:
        start, stop, step = (Decimal(str(number)) for number in written["range"])
        return max(0, math.ceil((stop - start) / step)) if step else 0
    for name in ("repeat", "one_hot"):
        if name in written:
            inner = length(written[name])
            return None if inner is None else inner * int(written.get("times", 1))
    return None


def entry(written: Any, index: int) -> Any:
    """Return one entry of a list, written out or by rule; `index` is below its length."""
    if isinstance(written, list):
        found = written[index]
    elif "join" in written:
        found = _joined(written["join"], index)
    elif "range" in written:
        start, _, step = (Decimal(str(number)) for number in written["range"])
        number = start + index * step
        found = int(number) if all(isinstance(part, int) for part in written["range"]) else float(number)
    elif "one_hot" in written:
        one = entry(written["one_hot"], index)
        found = [int(place == one) for place in range(int(written["classes"]))]
    else:
        found = entry(written["repeat"], index % (length(written["repeat"]) or 1))
    return laid_out(found)


def laid_out(written: Any, most: int = 100) -> Any:
    """Return a list without rules in it, cut after `most` entries a level; anything else as it is."""
    size = length(written)
    return written if size is None else [entry(written, index) for index in range(min(size, most))]


def _joined(parts: list[Any], index: int) -> Any:
    for part in parts:
        size = length(part) or 0
        if index < size:
            return entry(part, index)
        index -= size
    raise IndexError(index)
