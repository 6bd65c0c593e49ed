"""accumulation: what scikit-learn before 1.7 returned, where it has made a Python float of it since."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.adapters.base import Call
from conformance.oracle.model import parametric
from conformance.oracle.rules.accumulation import AXIS, Summed
from conformance.oracle.rules.wording import Worded


@dataclass(frozen=True)
class Returned(Summed, Worded):
    """A share is float64; a number of samples is an integer, or of the dtype of the weights."""

    def result_dtype(self, call: Call) -> str:
        """Return the dtype of the result."""
        if call.parameters.get("normalize", True):
            return "float64"
        weight = call.updates[0].sample_weight if call.updates else None
        return "int64" if weight is None else weight.dtype.name


COUNT_AS_IT_IS = parametric(AXIS, Returned(result="float64"))
DIVIDED_BY_MEAN_WEIGHT = parametric(AXIS, Summed(result="float64", divided="weights-of-several-labels"))
