"""accumulation: what is logged of batches, a single number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.oracle.model import parametric
from conformance.oracle.reasons import raise_if, reasons_in
from conformance.oracle.rules.accumulation import AXIS, Summed
from conformance.oracle.rules.wording import Worded

R = reasons_in(__package__)


@dataclass(frozen=True)
class Logged(Summed, Worded):
    """What is logged of batches.

    Attributes:
        one_number: whether a value of several numbers raises.
    """

    one_number: bool = True

    def finish(self, value: Any) -> Any:
        """Return the value as it is logged."""
        raise_if(self.one_number and isinstance(value, list), R["several-numbers"], "ValueError")
        return super().finish(value)


COMPUTED = parametric(AXIS, Logged())
OF_EACH_STEP = parametric(AXIS, Logged(reported="each"))
MEAN_BY_SIZE = parametric(AXIS, Logged(reported="mean-by-size"))
MEAN = parametric(AXIS, Logged(reported="mean"))
LAST_STEP = parametric(AXIS, Logged(last=True))
