"""ties: which class is taken when scores are equal."""

from __future__ import annotations

import numpy as np

from conformance.oracle.numbers import Array, cast, is_float
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Ties

AXIS = "ties"


def _wide(scores: Array) -> Array:
    """Return scores that NumPy can sort, bfloat16 as float64."""
    return cast(scores, "float64") if is_float(scores) and scores.dtype.kind != "f" else scores


def _first(scores: Array, axis: int) -> Array:
    return np.asarray(np.argmax(_wide(scores), axis=axis))


def _all_that_tie(scores: Array, k: int) -> tuple[Array, Array | None]:
    """NaN is above all others; the rule for special values decides the rest."""
    wide = _wide(scores)
    place = wide.shape[-1] - k
    if k < 1 or place < 1:
        return np.full(wide.shape, k > 0), None
    members = wide >= np.partition(wide, place, axis=-1)[..., place, None]
    return members | np.isnan(wide) if wide.dtype.kind == "f" else members, None


def _last_k(scores: Array, k: int) -> tuple[Array, Array | None]:
    """NaN is above all others; of equal scores the last are taken. A negative k counts from the end, as in slices."""
    wide = _wide(scores)
    k = k if k >= 0 else max(0, wide.shape[-1] + k)
    place = wide.shape[-1] - k
    if k < 1 or place < 1:
        return np.full(wide.shape, k > 0), None
    last = np.partition(wide, place, axis=-1)[..., place, None]
    above, ties = wide > last, wide == last
    if wide.dtype.kind == "f":
        nan, only_nan = np.isnan(wide), np.isnan(last)
        above, ties = above | (nan & ~only_nan), ties | (nan & only_nan)
    left = k - above.sum(axis=-1, keepdims=True)
    return above | (ties & (np.cumsum(ties[..., ::-1], axis=-1)[..., ::-1] <= left)), None


def _first_k(scores: Array, k: int) -> tuple[Array, Array | None]:
    """NaN is above all others; of equal scores the first are taken."""
    members, open_ = _last_k(np.flip(scores, -1), k)
    return np.flip(members, -1), open_


def _any_k(scores: Array, k: int) -> tuple[Array, Array | None]:
    """Classes tied with the k-th place, when not all of them fit, may be in or out."""
    wide = _wide(scores)
    place = wide.shape[-1] - k
    if k < 1 or place < 1:
        return np.full(wide.shape, k > 0), np.zeros(wide.shape, dtype=bool)
    key = np.where(np.isnan(wide), np.inf, wide) if wide.dtype.kind == "f" else wide
    ordered = np.partition(key, (place - 1, place), axis=-1)
    out, last = ordered[..., place - 1, None], ordered[..., place, None]
    open_ = (key == last) & (last == out)
    return (key >= last) & ~open_, open_


FIRST_OR_ALL = shared(AXIS, "first-or-all", Ties(_first, _all_that_tie))
FIRST_OR_FIRST = shared(AXIS, "first-or-first", Ties(_first, _first_k))
FIRST_OR_LAST = shared(AXIS, "first-or-last", Ties(_first, _last_k))
FIRST_OR_ANY = shared(AXIS, "first-or-any", Ties(_first, _any_k))
