"""accumulation: how updates are put together, and in which dtype."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import add, cast, exact
from conformance.oracle.stages import Accumulation, Tally, in_turn

AXIS = "accumulation"


def _pool(total: Tally, update: Tally) -> None:
    for key, parts in update.items():
        total[key] = (
            [add(a, b) for a, b in zip(total[key], parts, strict=True)] if key in total else list(parts)
        )


def _pool_whole_rounded(total: Tally, update: Tally) -> None:
    """The sum of weights of each update is rounded to their dtype, bfloat16, before it is added."""
    rounded = {
        key: [above, exact(cast(np.asarray(float(below)), "bfloat16")), *rest]
        for key, (above, below, *rest) in update.items()
    }
    _pool(total, rounded)


def _keep_last(total: Tally, update: Tally) -> None:
    total.clear()
    total.update(update)


def _as_is(value: Any) -> Any:
    return value


def _scalar_if_one(value: Any) -> Any:
    inner = value
    while isinstance(inner, list) and len(inner) == 1:
        inner = inner[0]
    return value if isinstance(inner, list) else inner


def _float32(call: Call) -> str:
    return "float32"


def _float64(call: Call) -> str:
    return "float64"


def _dtype_of_weights(call: Call) -> str:
    """Weights narrower than float64 narrow the result where rows have several labels."""
    (update,) = call.updates
    weight = update.sample_weight
    several = update.y_true.ndim == 2 and update.y_true.shape[1] > 1
    narrow = several and weight is not None and weight.dtype.name in ("float16", "float32")
    return weight.dtype.name if narrow and weight is not None else "float64"


def _floats_of_weights(call: Call) -> str:
    """Return the dtype of the weights where it is a floating one."""
    (update,) = call.updates
    weight = update.sample_weight
    return weight.dtype.name if weight is not None and weight.dtype.kind == "f" else "float64"


def _metric_dtype(call: Call) -> str:
    return call.metric_dtype or "float32"


Numbered = tuple[int, Update]


def _in_two_ranks(updates: Sequence[Update]) -> tuple[list[Numbered], list[Numbered]]:
    """Two ranks take the updates in turn."""
    shards = list(in_turn(updates))
    return shards[0::2], shards[1::2]


def halved(updates: Sequence[Update]) -> tuple[list[Numbered], list[Numbered]]:
    """Return the first halves of all updates and the second ones; an odd row goes to the first."""
    first, second = [], []
    for row, update in in_turn(updates):
        middle = (len(update.y_pred) + 1) // 2
        first.append((row, _rows(update, slice(middle))))
        second.append((row + middle, _rows(update, slice(middle, None))))
    return first, second


def _rows(update: Update, chosen: slice) -> Update:
    weight = None if update.sample_weight is None else update.sample_weight[chosen]
    return Update(update.y_true[chosen], update.y_pred[chosen], weight)


def _at_most_float32(call: Call) -> str:
    return "float32" if call.metric_dtype == "float64" else _metric_dtype(call)


IN_METRIC_DTYPE = Behaviour[Accumulation](
    AXIS,
    "pooled-in-metric-dtype",
    "Sums of matches and of rows (or weights) are kept in the metric's dtype, float32 by default, rounded after "
    "each update, and divided.",
    Accumulation(_pool, _as_is, _metric_dtype, _metric_dtype, kept_in=_metric_dtype),
)
AT_MOST_FLOAT32 = Behaviour[Accumulation](
    AXIS,
    "pooled-and-divided-in-float32-at-most",
    "Sums of matches and of rows (or weights) are kept in the metric's dtype, but divided in float32 where that is "
    "float64.",
    Accumulation(_pool, _as_is, _at_most_float32, _at_most_float32, kept_in=_metric_dtype),
)
WEIGHTS_IN_BFLOAT16 = Behaviour[Accumulation](
    AXIS,
    "pooled-weights-in-bfloat16",
    "Sums of matches are kept in the metric's dtype; the sum of weights of an update is rounded to bfloat16 first.",
    Accumulation(_pool_whole_rounded, _as_is, _at_most_float32, _at_most_float32, kept_in=_metric_dtype),
)
INTEGER_COUNTS = Behaviour[Accumulation](
    AXIS,
    "pooled-integer-counts",
    "Counts are pooled over updates as 64-bit integers and divided in float32.",
    Accumulation(_pool, _as_is, _float32, _float32),
)
INTEGER_COUNTS_SQUEEZED = Behaviour[Accumulation](
    AXIS,
    "pooled-integer-counts-squeezed",
    "Counts are pooled over updates as 64-bit integers and divided in float32; a vector of one is a scalar.",
    Accumulation(_pool, _scalar_if_one, _float32, _float32),
)
LAST_UPDATE = Behaviour[Accumulation](
    AXIS,
    "last-update",
    "Only the last update counts; counts are 64-bit integers, divided in float32.",
    Accumulation(_keep_last, _as_is, _float32, _float32),
)
LAST_UPDATE_SQUEEZED = Behaviour[Accumulation](
    AXIS,
    "last-update-squeezed",
    "Only the last update counts; counts are divided in float32, and a vector of one is a scalar.",
    Accumulation(_keep_last, _scalar_if_one, _float32, _float32),
)
SINGLE_CALL = Behaviour[Accumulation](
    AXIS,
    "single-call",
    "All rows are seen at once; counts are integers, divided in float32.",
    Accumulation(_pool, _as_is, _float32, _float32),
)
SINGLE_CALL_FLOAT64 = Behaviour[Accumulation](
    AXIS,
    "single-call-float64",
    "All rows are seen at once and averaged in float64.",
    Accumulation(_pool, _as_is, _float64, _float64),
)
SINGLE_CALL_DTYPE_OF_WEIGHTS = Behaviour[Accumulation](
    AXIS,
    "single-call-dtype-of-weights",
    "All rows are seen at once and averaged in float64; of several labels in the dtype of the weights.",
    Accumulation(_pool, _as_is, _dtype_of_weights, _dtype_of_weights),
)
SINGLE_CALL_COUNTED_IN_DTYPE_OF_WEIGHTS = Behaviour[Accumulation](
    AXIS,
    "single-call-counted-in-dtype-of-weights",
    "All rows are seen at once; a weighted count is rounded to the dtype of the weights.",
    Accumulation(_pool, _as_is, _float64, _floats_of_weights),
)
PYTHON_FLOAT = Behaviour[Accumulation](
    AXIS,
    "pooled-in-float32-of-model",
    "Sums of matches and of rows are kept in float32, rounded after each batch; evaluate() gives a Python float.",
    Accumulation(_pool, _as_is, _float64, _float32, kept_in=_float32),
)

# Updates as shards.

IN_METRIC_DTYPE_OVER_REPLICAS = Behaviour[Accumulation](
    AXIS,
    "pooled-over-replicas",
    "Two replicas keep sums of their own in the metric's dtype; these are added up and divided.",
    Accumulation(_pool, _as_is, _metric_dtype, _metric_dtype, _metric_dtype, groups=_in_two_ranks),
)
PYTHON_FLOAT_OVER_REPLICAS = Behaviour[Accumulation](
    AXIS,
    "pooled-in-float32-over-replicas",
    "Each batch is split over two replicas, which keep float32 sums of their own; these are added up and divided, "
    "and evaluate() gives a Python float.",
    Accumulation(_pool, _as_is, _float64, _float32, _float32, groups=halved),
)
INTEGER_COUNTS_OVER_RANKS = Behaviour[Accumulation](
    AXIS,
    "pooled-over-ranks",
    "The counts of two ranks are added up as 64-bit integers and divided in float32; values a row come rank by rank.",
    Accumulation(_pool, _as_is, _float32, _float32, groups=_in_two_ranks, typed=False),
)
INTEGER_COUNTS_OVER_RANKS_SQUEEZED = Behaviour[Accumulation](
    AXIS,
    "pooled-over-ranks-squeezed",
    "The counts of two ranks are added up as 64-bit integers and divided in float32; a vector of one is a scalar.",
    Accumulation(_pool, _scalar_if_one, _float32, _float32, groups=_in_two_ranks, typed=False),
)
