"""Another input like a given one, to tell apart what agrees on that one by accident."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.numbers import Array, cast, is_float, is_whole

#: Fewest and most samples of an update.
_SAMPLES = (25, 50)
#: The share of new scores that are multiples of 0.5.
_HALVES = 0.3


def probe_of(call: Call, where: Array | None, seed: int) -> Call | None:
    """Return a call with other samples; the same one for a seed. None if there are no samples to choose from.

    Targets, predictions and weights are drawn from those of the call, independently of each other, and half of the
    scores are new, some of them multiples of 0.5, on which ways to round differ. Updates have several sizes.

    Args:
        call: the call.
        where: indices of samples of its only update that are kept as they are; None for none.
        seed: of random numbers.
    """
    random = np.random.default_rng(seed)
    updates = []
    for update in call.updates:
        if not (update.y_true.ndim and update.y_pred.ndim and len(update.y_true) and len(update.y_pred)):
            return None
        size = int(random.integers(*_SAMPLES))
        weight = update.sample_weight
        y_true = _joined(update.y_true, where, random.choice(_labels(update, call.task), size))
        y_pred = _joined(
            update.y_pred, where, _scores(random.choice(update.y_pred, size), random, halves=True)
        )
        if weight is not None and weight.ndim:
            weight = _joined(weight, where, _scores(random.choice(weight, size), random))
        updates.append(Update(y_true, y_pred, weight))
    sizes = None if call.batches is None else tuple(len(update.y_true) for update in updates)
    return replace(call, updates=tuple(updates), batches=sizes, sources=())


def _joined(array: Array, where: Array | None, drawn: Array) -> Array:
    return drawn if where is None else np.concatenate([array[where], drawn])


def _labels(update: Update, task: str) -> Array:
    """Return the targets that there may be, one a sample."""
    found = update.y_true
    if not is_whole(found) or found.shape[1:] not in ((), (1,)):
        return found
    labels = [found.ravel()]
    if is_whole(update.y_pred) and update.y_pred.shape[1:] in ((), (1,)):
        labels.append(update.y_pred.ravel())
    if task == "binary":
        labels.append(np.array([0, 1]))
    return np.unique(np.concatenate(labels)).astype(found.dtype).reshape(-1, *found.shape[1:])


def _scores(scores: Array, random: np.random.Generator, halves: bool = False) -> Array:
    """Replace half of the floats by others of the same range, and some of those by multiples of 0.5."""
    if not is_float(scores):
        return scores
    wide = cast(scores, "float64")
    range_ = [0.0, 1.0, *wide[np.isfinite(wide)].tolist()]
    new = random.uniform(min(range_), max(range_), size=wide.shape)
    if halves:
        new = np.where(random.random(wide.shape) < _HALVES, np.round(2 * new) / 2, new)
    return cast(np.where(random.random(wide.shape) < 0.5, new, wide), scores.dtype.name)
