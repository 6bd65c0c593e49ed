"""When the outcome of somebody's own metric is what a definition predicts."""

from __future__ import annotations

from dataclasses import replace

from conformance.calls.outcome import Outcome
from conformance.oracle.prediction import Prediction

#: Dtypes of results, the coarsest first.
_DTYPES = ("bfloat16", "float16", "float32", "float64")


def fits(predicted: Prediction, outcome: Outcome) -> bool:
    """Whether an outcome is predicted, whatever its dtype, and an exception whatever its type.

    A metric in another library has other dtypes and exceptions. Its value lies within the tolerance of the definition,
    or within that of its own dtype if this is the coarser one.
    """
    if predicted.kind == "one-of":
        return any(fits(option, outcome) for option in predicted.options)
    precision = min(
        (name for name in (predicted.precision, outcome.dtype) if name in _DTYPES), key=_DTYPES.index
    )
    loose = replace(predicted, type=None, resolved=None, precision=precision)
    return loose.holds_for(replace(outcome, dtype=predicted.dtype))
