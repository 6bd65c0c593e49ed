"""The same data in other company: what explains a difference by coincidence does not explain it there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from conformance.adapters.base import Call, Update

#: At most so many arrangements of a call are looked at, and none of one with more samples than this.
MOST_ARRANGEMENTS = 3
MOST_SAMPLES = 200


def rearranged(call: Call) -> Iterator[Call]:
    """Yield calls with the same targets and predictions, in which targets meet the predictions of other samples.

    Shapes, dtypes and values are those of the call, so that what depends on these holds there as well.
    """
    sizes = [len(update.y_pred) if update.y_pred.ndim else 1 for update in call.updates]
    if sum(sizes) > MOST_SAMPLES:
        return
    for places in range(1, min(MOST_ARRANGEMENTS, max(sizes, default=1) - 1) + 1):
        yield replace(call, updates=tuple(_rolled(update, places) for update in call.updates))


def _rolled(update: Update, places: int) -> Update:
    if not update.y_pred.ndim:
        return update
    return replace(update, y_pred=np.roll(update.y_pred, places, axis=0))
