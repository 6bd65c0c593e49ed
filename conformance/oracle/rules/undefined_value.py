"""undefined-value: what a division by zero gives."""

from __future__ import annotations

from fractions import Fraction

from conformance.oracle.model import Behaviour
from conformance.oracle.reasons import WEIGHTS_SUM_TO_0, Raises
from conformance.oracle.stages import Number
from conformance.oracle.sums import Undefined

AXIS = "undefined-value"


def _zero(above: Number) -> Number:
    return Fraction(0)


def as_floats(above: Number) -> Number:
    """Return NaN for 0/0 and an infinity for anything else, as floating-point arithmetic does."""
    if above == 0 or above != above:
        return float("nan")
    return float("inf") if above > 0 else float("-inf")


def _zero_division(above: Number) -> Number:
    raise Raises(WEIGHTS_SUM_TO_0)


ZERO = Behaviour[Undefined](AXIS, "zero", "A division by zero gives 0.", _zero)
AS_FLOATS = Behaviour[Undefined](
    AXIS, "as-floats", "A division by zero gives NaN for 0/0, otherwise infinity.", as_floats
)
RAISES = Behaviour[Undefined](AXIS, "raises", "A division by zero raises ZeroDivisionError.", _zero_division)
