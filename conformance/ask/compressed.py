"""A million samples as the few kinds of samples that rules can tell from each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.numbers import Array, cast, is_float, is_text
from conformance.oracle.repeated import Repeated

#: Shorter calls are evaluated as they are.
FEW = 1_000
#: Scores nearer than this to each other, or to what they are compared with, are not taken for equal.
_NEAR = 1e-5
#: So many samples are looked at at once, so that they stay in the cache of a processor.
_AT_ONCE = 1 << 15
#: An odd number: the keys of a sample are mixed to one by multiplying with it.
_MIX = np.uint64(0x9E3779B97F4A7C15)


def compressed(call: Call) -> Call:
    """Return a call with one sample of each kind, and how often it occurs.

    Samples are of one kind if they have the same target, and scores that fall on the same sides of all that scores
    are compared with: 0, 0.5, 1, the threshold, halves of integers, each other, and the score of the target. Scores
    next to one of these are a kind of their own. Updates of few samples, or with arrays of more than two dimensions,
    are left as they are.
    """
    threshold = float(call.parameters.get("threshold", 0.5))
    limits = (threshold, _logit(threshold))
    return replace(call, updates=tuple(_kinds(update, limits) for update in call.updates))


def _kinds(update: Update, limits: tuple[float, ...]) -> Update:
    if len(update.y_true) <= FEW or max(update.y_true.ndim, update.y_pred.ndim) > 2:
        return update
    groups, first, times = _grouped(update, limits)
    weight = update.sample_weight
    if weight is not None:
        weight = weight[first] if weight.ndim != 1 else _mean_weights(weight, groups, first, times)
    return Repeated(update.y_true[first], update.y_pred[first], weight, times=times, first=first)


def _grouped(update: Update, limits: tuple[float, ...]) -> tuple[Array, Array, Array]:
    """Return the group of each sample, and of each group the first sample and how many it has."""
    key = np.zeros(len(update.y_true), dtype=np.uint64)
    kinds = _Kinds.of(update, limits)
    for start in range(0, len(key), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        mixed = key[part]
        with np.errstate(all="ignore"):
            for feature in kinds.features(part):
                mixed ^= feature.view(np.uint64)
                mixed *= _MIX
                mixed ^= mixed >> np.uint64(29)
    _, first, groups, times = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first)  # as they come in the data
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return place[groups], first[order], times[order]


@dataclass(frozen=True, eq=False)
class _Kinds:
    """What tells the samples of an update apart.

    Attributes:
        true: targets, text as integers.
        pred: predictions, text as integers.
        weight: weights, or None.
        one_hot: whether targets are one-hot.
        text: whether targets are text, so that they are no classes of scores.
        span: the lowest and the highest target.
        limits: what scores are compared with.
    """

    true: Array
    pred: Array
    weight: Array | None
    one_hot: bool
    text: bool
    span: tuple[float, float]
    limits: tuple[float, ...]

    @classmethod
    def of(cls, update: Update, limits: tuple[float, ...]) -> _Kinds:
        true, pred = (_numbered(array) for array in (update.y_true, update.y_pred))
        wide = cast(true, "float64")
        one_hot = true.ndim == 2 and true.shape[1] > 1 and _is_one_hot(true)
        span = float(wide.min()), float(wide.max())
        return cls(true, pred, update.sample_weight, one_hot, is_text(update.y_true), span, limits)

    def features(self, part: slice) -> Iterator[Array]:
        """Yield what tells some of the samples apart, each an array of 64-bit values."""
        true, pred = self.true[part], self.pred[part]
        columns = pred.shape[1] if pred.ndim == 2 else 1
        labels = true.argmax(axis=1) if self.one_hot else true.reshape(len(true), -1)[:, 0]
        if self.one_hot:
            yield labels.astype(np.int64)
        else:
            yield from map(_bits, _columns(true))
        several = true.ndim == 2 and true.shape[1] > 1 and not self.one_hot
        if not is_float(pred) or columns == 1 or several:
            for column in _columns(pred):
                yield _side(column, self.limits, self.span) if is_float(column) else _bits(column)
            if columns > 1 and is_float(pred):
                yield cast(pred, "float64").argmax(axis=1)
        elif self.text:
            yield from map(_bits, _columns(pred))
        else:
            yield from _of_scores(cast(pred, "float64"), labels, self.limits)
        if self.weight is not None:
            weight = self.weight[part]
            if weight.ndim == 1:
                yield _bits(np.where(np.isfinite(weight), np.sign(weight.astype("float64")), weight))
            else:
                yield from map(_bits, _columns(weight))


def _of_scores(scores: Array, labels: Array, limits: tuple[float, ...]) -> Iterator[Array]:
    """Yield how the scores of classes lie to each other, to that of the target, and to the limits."""
    # Column by column: NumPy is slow along a short last axis.
    columns = np.ascontiguousarray(scores.T)
    samples, count = scores.shape
    best = columns.max(axis=0)
    inside = (labels >= 0) & (labels < count) & (labels == np.trunc(labels))
    places = np.where(inside, labels, 0).astype(np.int64)
    own = scores[np.arange(samples), places]
    near = np.zeros(samples, dtype=bool)
    first, last, above, level, before = (np.zeros(samples, dtype=np.int64) for _ in range(5))
    sides = {limit: np.zeros(samples, dtype=np.int64) for limit in dict.fromkeys((0.0, 0.5, 1.0, *limits))}
    total = np.zeros(samples)
    for place, column in enumerate(columns):
        total += column
        top, same = column == best, column == own
        for score, equal in ((best, top), (own, same)):
            near |= (np.abs(column - score) <= _NEAR * np.abs(score)) & ~equal
        first += (last == 0) & ~top
        last = np.where(top, place + 1, last)
        above += column > own
        level += same
        before += same & (places > place)
        for limit, side in sides.items():
            at = column == limit
            near |= (np.abs(column - limit) <= _NEAR) & ~at
            side += (column > limit) + (count + 1) * at.astype(np.int64)
    yield from (first, last, above, level, before, *sides.values())
    for limit in sides:
        yield (own > limit) + 2 * (own == limit).astype(np.int64)
    near |= ~np.isfinite(total)
    yield (np.abs(total - 1) < _NEAR).astype(np.int64)
    if near.any():
        for column in columns:
            yield _bits(np.where(near, column, 0.0))


def _side(column: Array, limits: tuple[float, ...], span: tuple[float, float]) -> Array:
    """Return on which side of what scores are compared with each lies; of those next to it, the score itself."""
    wide = cast(column, "float64")
    halves = np.clip(np.floor(2 * wide), 2 * span[0] - 2, 2 * span[1] + 2)
    side = halves * 4
    near = np.abs(2 * wide - np.rint(2 * wide)) <= _NEAR
    for place, limit in enumerate(limits):
        side += (wide > limit) * (place + 1)
        near |= np.abs(wide - limit) <= _NEAR
    near |= ~np.isfinite(wide)
    # No side is such a small number.
    return _bits(np.where(near, wide, side * 1e-200 + 1e-300))


def _columns(array: Array) -> Iterator[Array]:
    flat = array.reshape(len(array), -1)
    return (flat[:, place] for place in range(flat.shape[1]))


def _bits(column: Array) -> Array:
    """Return values as 64 bits, equal exactly where they are the same."""
    if is_float(column):
        return np.ascontiguousarray(cast(column, "float64")).view(np.int64)
    return column.astype(np.int64)


def _numbered(array: Array) -> Array:
    """Return text as integers, anything else as it is."""
    return np.unique(array, return_inverse=True)[1].reshape(array.shape) if is_text(array) else array


def _is_one_hot(true: Array) -> bool:
    return bool(((true == 0) | (true == 1)).all() and (true.sum(axis=1) == 1).all())


def _mean_weights(weight: Array, groups: Array, first: Array, times: Array) -> Array:
    wide = weight.astype("float64")
    given = wide[first]
    means = np.bincount(groups, np.where(np.isfinite(wide), wide, 0), len(times)) / times
    means = np.where(np.isfinite(given), means, given)
    if not is_float(weight) and not (means == np.trunc(means)).all():
        return np.asarray(means)
    return cast(means, weight.dtype.name)


def _logit(number: float) -> float:
    return float(np.log(number / (1 - number))) if 0 < number < 1 else number
