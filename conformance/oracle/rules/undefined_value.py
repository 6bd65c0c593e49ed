"""undefined-value: what a division by zero gives."""

from __future__ import annotations

from fractions import Fraction

from conformance.oracle.reasons import R, Raises
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Number

AXIS = "undefined-value"


def _zero(above: Number) -> Number:
    return Fraction(0)


def as_floats(above: Number) -> Number:
    """Return NaN for 0/0 and an infinity for anything else, as floating-point arithmetic does."""
    if above == 0 or above != above:
        return float("nan")
    return float("inf") if above > 0 else float("-inf")


def _zero_division(above: Number) -> Number:
    raise Raises(R["weights-sum-to-0"])


ZERO = shared(AXIS, "zero", _zero)
AS_FLOATS = shared(AXIS, "as-floats", as_floats)
RAISES = shared(AXIS, "raises", _zero_division)
