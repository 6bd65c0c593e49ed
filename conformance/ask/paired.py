"""Labels of many samples as pairs of a target and a decision, and how often each occurs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.numbers import is_whole
from conformance.oracle.repeated import Repeated

#: Fewer samples are evaluated as they are.
_FEW = 500
#: The most pairs that are counted at once.
_MOST = 1 << 20


def paired(call: Call) -> Call:
    """Return a call with each pair of integer labels, or of rows of them, once; other calls as they are."""
    if len(call.updates) != 1:
        return call
    (update,) = call.updates
    samples = len(update.y_true)
    whole = is_whole(update.y_true) and is_whole(update.y_pred)
    if samples <= _FEW or not whole or update.y_true.size != update.y_pred.size:
        return call
    weight = update.sample_weight
    if weight is not None and weight.ndim != 1:
        return call
    arrays = [array.reshape(samples, -1).astype("int64") for array in (update.y_true, update.y_pred)]
    lowest, spans = [int(array.min()) for array in arrays], [int(np.ptp(array)) + 1 for array in arrays]
    columns = arrays[0].shape[1]
    if (spans[0] * spans[1]) ** columns > _MOST:
        return call
    key = np.zeros(samples, dtype="int64")
    for place in range(columns):
        for array, low, span in zip(arrays, lowest, spans, strict=True):
            key = key * span + array[:, place] - low
    each = update.times if isinstance(update, Repeated) else None
    counts = np.bincount(key, each)
    (found,) = np.nonzero(counts)
    times = counts[found].astype("int64")
    if weight is not None:
        wide = weight.astype("float64") * (1 if each is None else each)
        weight = np.bincount(key, wide)[found] / times
    labels = [np.empty((len(found), columns), dtype="int64") for _ in arrays]
    for place in reversed(range(columns)):
        for array, low, span in [*zip(labels, lowest, spans, strict=True)][::-1]:
            array[:, place] = found % span + low
            found = found // span
    true, pred = (
        array.reshape(-1, *given.shape[1:])
        for array, given in zip(labels, (update.y_true, update.y_pred), strict=True)
    )
    kinds = Repeated(true, pred, weight, times=times, first=np.zeros_like(times))
    return replace(call, updates=(kinds,))
