"""The smallest input on which two metrics still differ, found by leaving samples out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from conformance.oracle.numbers import Array

#: All attempts together evaluate so many samples, and so many times those of the input.
_MOST_SAMPLES = 20_000
_MOST_TIMES = 20


def smallest(count: int, differ: Callable[[Array], bool]) -> Array:
    """Return the indices of few samples on which something differs that differs on all.

    Halves are tried first, then the input without a half, a quarter, an eighth ... of it.

    Args:
        count: the number of samples.
        differ: indices, in their order -> whether it differs on these samples alone.
    """
    kept, parts, left = np.arange(count), 2, _MOST_SAMPLES + _MOST_TIMES * count
    while len(kept) > 1:
        for tried in _parts(kept, parts):
            left -= len(tried)
            if left < 0:
                return kept
            if differ(tried):
                parts = 2 if len(tried) <= len(kept) // 2 else max(parts - 1, 2)
                kept = tried
                break
        else:
            if parts >= len(kept):
                break
            parts = min(2 * parts, len(kept))
        parts = min(parts, max(len(kept), 2))
    return kept


def _parts(kept: Array, parts: int) -> Iterator[Array]:
    """Yield the parts of an array, then what is left without each."""
    pieces = np.array_split(kept, parts)
    yield from pieces
    for number in range(parts if parts > 2 else 0):
        yield np.concatenate([*pieces[:number], *pieces[number + 1 :]])
