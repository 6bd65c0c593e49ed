"""undefined-value: what 0/0 is."""

from __future__ import annotations

from fractions import Fraction

from conformance.oracle.model import Behaviour
from conformance.oracle.reasons import WEIGHTS_SUM_TO_0, Raises
from conformance.oracle.stages import Undefined

AXIS = "undefined-value"


def _zero() -> Fraction | float:
    return Fraction(0)


def _nan() -> Fraction | float:
    return float("nan")


def _zero_division() -> Fraction | float:
    raise Raises(WEIGHTS_SUM_TO_0)


ZERO = Behaviour[Undefined](AXIS, "zero", "Where nothing was counted the value is 0.", _zero)
NAN = Behaviour[Undefined](AXIS, "nan", "Where nothing was counted the value is NaN.", _nan)
RAISES = Behaviour[Undefined](
    AXIS, "raises", "Where the weights sum to zero ZeroDivisionError is raised.", _zero_division
)
