"""accumulation: how updates are put together, and in which dtype."""

from __future__ import annotations

from typing import Any

from conformance.adapters.base import Call
from conformance.definitions.model import Behaviour
from conformance.definitions.numbers import add
from conformance.definitions.stages import Accumulation, Tally

AXIS = "accumulation"


def _pool(total: Tally, update: Tally) -> None:
    for key, parts in update.items():
        total[key] = (
            [add(a, b) for a, b in zip(total[key], parts, strict=True)] if key in total else list(parts)
        )


def _as_is(value: Any) -> Any:
    return value


def _scalar_if_one(value: Any) -> Any:
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value


def _float32(call: Call) -> str:
    return "float32"


def _float64(call: Call) -> str:
    return "float64"


def _metric_dtype(call: Call) -> str:
    return call.metric_dtype or "float32"


IN_METRIC_DTYPE = Behaviour(
    AXIS,
    "pooled-in-metric-dtype",
    "Sums of matches and of rows (or weights) are kept in the metric's dtype, float32 by default, and divided.",
    Accumulation(_pool, _as_is, _metric_dtype, _metric_dtype),
)
INTEGER_COUNTS = Behaviour(
    AXIS,
    "pooled-integer-counts",
    "Counts are pooled over updates as 64-bit integers and divided in float32.",
    Accumulation(_pool, _as_is, _float32, _float32),
)
INTEGER_COUNTS_SQUEEZED = Behaviour(
    AXIS,
    "pooled-integer-counts-squeezed",
    "Counts are pooled over updates as 64-bit integers and divided in float32; a vector of one is a scalar.",
    Accumulation(_pool, _scalar_if_one, _float32, _float32),
)
SINGLE_CALL = Behaviour(
    AXIS,
    "single-call",
    "All rows are seen at once; counts are integers, divided in float32.",
    Accumulation(_pool, _as_is, _float32, _float32),
)
SINGLE_CALL_FLOAT64 = Behaviour(
    AXIS,
    "single-call-float64",
    "All rows are seen at once and averaged in float64.",
    Accumulation(_pool, _as_is, _float64, _float64),
)
PYTHON_FLOAT = Behaviour(
    AXIS,
    "pooled-in-float32-of-model",
    "Sums of matches and of rows are kept in float32 over the batches; evaluate() gives a Python float.",
    Accumulation(_pool, _as_is, _float64, _float32),
)
