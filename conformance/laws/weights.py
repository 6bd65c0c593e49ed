"""Laws about sample weights: units, integers, zeros, scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call, Update
from conformance.laws.model import Variant
from conformance.laws.samples import change_samples, count_samples, with_updates

#: Updates without weights, and the weights of each.
Pairs = list[tuple[Update, NDArray[Any]]]


def _weighted(call: Call, pairs: Pairs) -> Call:
    return with_updates(call, [replace(update, sample_weight=weight) for update, weight in pairs])


def _per_sample(call: Call) -> Pairs:
    """Return one weight per sample of each update: those of the case, else 2, 1, 2, 1 ...; nothing for other ones."""
    pairs = []
    for update in call.updates:
        count, weight = count_samples(update), update.sample_weight
        if not count or (weight is not None and weight.ndim != 1):
            return []
        alternating = np.where(np.arange(count) % 2, 1.0, 2.0)
        pairs.append((replace(update, sample_weight=None), alternating if weight is None else weight))
    return pairs


def units(call: Call) -> Iterator[Variant]:
    """Yield the case with a weight of 1 for each sample."""
    given = [update.sample_weight for update in call.updates if update.sample_weight is not None]
    counts = [count_samples(update) for update in call.updates]
    if call.updates and not given and None not in counts:
        ones = [(update, np.ones(len(update.y_true))) for update in call.updates]
        yield Variant("a weight of 1 for each sample", call, _weighted(call, ones))


def integers(call: Call) -> Iterator[Variant]:
    """Yield the case with weights instead of repeated samples."""
    pairs = _per_sample(call)
    if pairs and all(_are_counts(weight) for _, weight in pairs):
        repeated = [_repeated(update, weight.astype(int)) for update, weight in pairs]
        change = "each sample with a weight instead of repeated"
        yield Variant(change, with_updates(call, repeated), _weighted(call, pairs))


def _repeated(update: Update, times: NDArray[Any]) -> Update:
    return change_samples(update, lambda array: np.repeat(array, times, axis=0))


def _are_counts(weight: NDArray[Any]) -> bool:
    values = weight.astype(float)
    return bool(np.all((values >= 0) & (values <= 9) & (values == np.floor(values))))


def zero(call: Call) -> Iterator[Variant]:
    """Yield the case with a weight of 0 instead of leaving a sample out."""
    pairs = _per_sample(call)
    if pairs and len(pairs[-1][1]) > 1:
        *before, (last, weight) = pairs
        muted = weight.copy()
        muted[-1] = 0
        shorter = change_samples(last, lambda array: array[:-1]), weight[:-1]
        change = "a weight of 0 for the last sample instead of leaving it out"
        yield Variant(change, _weighted(call, [*before, shorter]), _weighted(call, [*before, (last, muted)]))


def scaled(call: Call) -> Iterator[Variant]:
    """Yield the case with doubled weights."""
    pairs = _per_sample(call)
    if pairs and all(weight.dtype.kind in "fiu" for _, weight in pairs):
        doubled = [(update, weight * 2) for update, weight in pairs]
        yield Variant("all weights doubled", _weighted(call, pairs), _weighted(call, doubled))
