"""Laws about sample weights: units, integers, zeros, scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call, Update
from conformance.laws.model import Variant
from conformance.laws.samples import change_samples, count_samples, with_updates


def _weightless(call: Call) -> bool:
    return all(update.sample_weight is None for update in call.updates)


def _weighted(update: Update, weight: NDArray[Any] | None) -> Update:
    return Update(update.y_true, update.y_pred, weight)


def _per_row(call: Call) -> list[NDArray[Any]] | None:
    """Return one weight per sample for each update: those of the case, else 2, 1, 2, 1 ...; None for other weights."""
    weights = []
    for update in call.updates:
        count, weight = count_samples(update), update.sample_weight
        if not count or (weight is not None and weight.ndim != 1):
            return None
        weights.append(np.where(np.arange(count) % 2, 1.0, 2.0) if weight is None else weight)
    return weights or None


def units(call: Call) -> Iterator[Variant]:
    """Yield the case with a weight of 1 for each sample."""
    counts = [count_samples(update) for update in call.updates]
    if call.updates and _weightless(call) and None not in counts:
        ones = [_weighted(update, np.ones(len(update.y_true))) for update in call.updates]
        yield Variant("a weight of 1 for each sample", call, with_updates(call, ones))


def integers(call: Call) -> Iterator[Variant]:
    """Yield the case with weights instead of repeated samples."""
    weights = _per_row(call)
    if weights is None or not all(_are_counts(weight) for weight in weights):
        return
    pairs = list(zip(call.updates, weights, strict=True))
    weighted = [_weighted(update, weight) for update, weight in pairs]
    repeated = [_repeated(update, weight.astype(int)) for update, weight in pairs]
    yield Variant(
        "each sample with a weight instead of repeated",
        with_updates(call, repeated),
        with_updates(call, weighted),
    )


def _repeated(update: Update, times: NDArray[Any]) -> Update:
    return change_samples(_weighted(update, None), lambda array: np.repeat(array, times, axis=0))


def _are_counts(weight: NDArray[Any]) -> bool:
    values = weight.astype(float)
    return bool(np.all((values >= 0) & (values <= 9) & (values == np.floor(values))))


def zero(call: Call) -> Iterator[Variant]:
    """Yield the case with a weight of 0 instead of leaving a sample out."""
    weights = _per_row(call)
    if weights is None or len(weights[-1]) < 2:
        return
    *before, last = [_weighted(update, weight) for update, weight in zip(call.updates, weights, strict=True)]
    assert last.sample_weight is not None
    muted = last.sample_weight.copy()
    muted[-1] = 0
    yield Variant(
        "a weight of 0 for the last sample instead of leaving it out",
        with_updates(call, [*before, change_samples(last, lambda array: array[:-1])]),
        with_updates(call, [*before, _weighted(last, muted)]),
    )


def scaled(call: Call) -> Iterator[Variant]:
    """Yield the case with doubled weights."""
    weights = _per_row(call)
    if weights is None or any(weight.dtype.kind not in "fiu" for weight in weights):
        return
    pairs = list(zip(call.updates, weights, strict=True))
    yield Variant(
        "all weights doubled",
        with_updates(call, [_weighted(update, weight) for update, weight in pairs]),
        with_updates(call, [_weighted(update, weight * 2) for update, weight in pairs]),
    )
