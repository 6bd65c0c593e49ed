"""Laws about samples: their order, how they are split into updates, and repetition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call, Update
from conformance.laws.model import Axes, Variant, along

Change = Callable[[NDArray[Any]], NDArray[Any]]


def count_samples(update: Update) -> int | None:
    """Return the number of samples of all arrays of an update but a scalar weight; None if they differ."""
    counts = {array.shape[0] if array.ndim else None for array in (update.y_true, update.y_pred)}
    weight = update.sample_weight
    if weight is not None and weight.ndim:
        counts.add(weight.shape[0])
    return counts.pop() if len(counts) == 1 else None


def with_updates(call: Call, updates: Sequence[Update]) -> Call:
    """Return the call with other data; `batches` follow them where the case names any."""
    sizes = tuple(update.y_true.shape[0] if update.y_true.ndim else 0 for update in updates)
    batches = None if call.batches is None else sizes
    return replace(call, updates=tuple(updates), batches=batches)


def change_samples(update: Update, change: Change) -> Update:
    """Apply the same change of samples to all arrays of an update; a scalar weight stays."""
    weight = update.sample_weight
    return Update(
        change(update.y_true),
        change(update.y_pred),
        weight if weight is None or not weight.ndim else change(weight),
    )


def join(updates: Sequence[Update]) -> Update | None:
    """Return one update with the samples of all; None if they cannot be concatenated."""
    weights = [update.sample_weight for update in updates]
    if any(count_samples(update) is None for update in updates):
        return None
    if any(
        (weight is None) != (weights[0] is None) or (weight is not None and not weight.ndim)
        for weight in weights
    ):
        return None
    names = ("y_true", "y_pred", *(() if weights[0] is None else ("sample_weight",)))
    arrays = {name: [getattr(update, name) for update in updates] for name in names}
    if any(len({(array.dtype, array.shape[1:]) for array in entries}) != 1 for entries in arrays.values()):
        return None
    return Update(**{name: np.concatenate(entries) for name, entries in arrays.items()})


def _backwards(entries: Any) -> Any:
    return entries[::-1]


def _rotated(entries: Any) -> Any:
    return np.roll(entries, 1, axis=0) if isinstance(entries, np.ndarray) else [*entries[-1:], *entries[:-1]]


def reordered(call: Call) -> Iterator[Variant]:
    """Yield the case with its samples in another order."""
    counts = [count_samples(update) for update in call.updates]
    most = 0 if None in counts else max((count or 0 for count in counts), default=0)
    # Of two samples, the second order is the first.
    for name, order in (("in reverse order", _backwards), ("rotated by one", _rotated))[: max(most - 1, 0)]:
        turned = with_updates(call, [change_samples(update, order) for update in call.updates])

        def expected(value: Any, axes: Axes, order: Callable[[Any], Any] = order) -> Any:
            for axis in ("position", "sample"):
                value = along(axis, axes, value, order)
            return value

        # The samples of several updates stay in their update, and so do their results.
        if len(call.updates) == 1:
            yield Variant(f"the samples {name}", call, turned, expected)
        elif call.parameters.get("multidim_average") != "samplewise":
            yield Variant(f"the samples of each update {name}", call, turned)


def split(call: Call) -> Iterator[Variant]:
    """Yield one update as two, or several as one."""
    if call.batches is None:
        count = count_samples(call.updates[0])
        if count is not None and count > 1:
            sizes = (count - 1, 1)
            parts = [
                change_samples(call.updates[0], change) for change in (lambda a: a[:-1], lambda a: a[-1:])
            ]
            two = replace(call, updates=tuple(parts), batches=sizes)
            yield Variant(f"the samples in updates of {sizes[0]} and 1", call, two)
    elif len(call.updates) > 1:
        joined = join(call.updates)
        if joined is not None:
            yield Variant("all samples in one update", call, replace(call, updates=(joined,), batches=None))


def repeated(call: Call) -> Iterator[Variant]:
    """Yield the case with every sample twice."""
    if not call.updates or any(not count_samples(update) for update in call.updates):
        return
    twice = [change_samples(update, lambda array: np.concatenate([array, array])) for update in call.updates]

    def expected(value: Any, axes: Axes) -> Any:
        for axis in ("position", "sample"):
            value = along(axis, axes, value, lambda entries: entries + entries)
        return value

    if len(call.updates) == 1:
        yield Variant("all samples twice", call, with_updates(call, twice), expected)
    elif call.parameters.get("multidim_average") != "samplewise":
        yield Variant("all samples of each update twice", call, with_updates(call, twice))
