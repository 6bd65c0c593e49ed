"""Labels of many samples as pairs of a target and a decision, and how often each occurs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.numbers import Array, is_whole
from conformance.oracle.repeated import Repeated

#: Fewer samples are evaluated as they are.
_FEW = 500
#: The most pairs that are counted at once.
_MOST = 1 << 20


def paired(call: Call) -> Call:
    """Return a call with each pair of integer labels once; other calls as they are."""
    if len(call.updates) != 1:
        return call
    (update,) = call.updates
    samples = len(update.y_true)
    whole = is_whole(update.y_true) and is_whole(update.y_pred)
    if samples <= _FEW or not whole or not update.y_true.size == update.y_pred.size == samples:
        return call
    weight = update.sample_weight
    if weight is not None and weight.ndim != 1:
        return call
    true, pred = (array.reshape(-1).astype("int64") for array in (update.y_true, update.y_pred))
    low, span = (int(true.min()), int(pred.min())), (int(np.ptp(true)) + 1, int(np.ptp(pred)) + 1)
    if span[0] * span[1] > _MOST:
        return call
    key = (true - low[0]) * span[1] + pred - low[1]
    each = update.times if isinstance(update, Repeated) else None
    counts = np.bincount(key, each)
    (found,) = np.nonzero(counts)
    times = counts[found].astype("int64")
    if weight is not None:
        wide = weight.astype("float64") * (1 if each is None else each)
        weight = np.bincount(key, wide)[found] / times
    first = np.zeros_like(times)
    targets, labels = found // span[1] + low[0], found % span[1] + low[1]
    kinds = Repeated(
        _shaped(targets, update.y_true), _shaped(labels, update.y_pred), weight, times=times, first=first
    )
    return replace(call, updates=(kinds,))


def _shaped(values: Array, like: Array) -> Array:
    """Return a value per sample in the rank of an array."""
    return values.reshape(-1, *(1 for _ in like.shape[1:]))
