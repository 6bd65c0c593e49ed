"""undefined-value: what a division by zero gives."""

from __future__ import annotations

from fractions import Fraction

from conformance.oracle.numbers import exact
from conformance.oracle.reasons import R, Raises
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Number, Parameters

AXIS = "undefined-value"


def _zero(above: Number, parameters: Parameters) -> Number:
    return Fraction(0)


def as_floats(above: Number, parameters: Parameters) -> Number:
    """Return NaN for 0/0 and an infinity for anything else, as floating-point arithmetic does."""
    if above == 0 or above != above:
        return float("nan")
    return float("inf") if above > 0 else float("-inf")


def _raises(above: Number, parameters: Parameters) -> Number:
    raise Raises(R["weights-sum-to-0"])


def _zero_division(above: Number, parameters: Parameters) -> Number:
    given = parameters.get("zero_division", "warn")
    return Fraction(0) if given == "warn" else exact(given)


def _replaced(above: Number, parameters: Parameters) -> Number:
    given = parameters.number("replace_undefined_by")
    # An integer is returned as it is.
    return given if isinstance(given, int) else exact(given)


ZERO = shared(AXIS, "zero", _zero)
AS_FLOATS = shared(AXIS, "as-floats", as_floats)
RAISES = shared(AXIS, "raises", _raises)
ZERO_DIVISION = shared(AXIS, "zero-division", _zero_division)
REPLACED = shared(AXIS, "replaced", _replaced)
