"""accumulation: values of folds, and the dtypes that scikit-learn returned before 1.8, where it makes floats since."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.adapters.base import Call
from conformance.oracle.model import parametric
from conformance.oracle.rules.accumulation import AXIS, Summed
from conformance.oracle.rules.wording import Worded


@dataclass(frozen=True)
class Returned(Summed, Worded):
    """A share is float64; a number of samples is an integer, or of the dtype of the weights."""

    def result_dtype(self, call: Call, *, vector: bool = False) -> str:
        """Return the dtype of the result."""
        if call.parameters.get("normalize", True):
            return "float64"
        weight = call.updates[0].sample_weight if call.updates else None
        return "int64" if weight is None else weight.dtype.name


@dataclass(frozen=True)
class LossOfLabels(Summed, Worded):
    """As the sums are divided; weights of several labels in bfloat16 give float32."""

    def result_dtype(self, call: Call, *, vector: bool = False) -> str:
        """Return the dtype of the result."""
        return "float32" if _in_bfloat16(call) else super().result_dtype(call, vector=vector)

    def precision(self, call: Call) -> str:
        """Return the dtype in which the result was rounded last."""
        return "bfloat16" if _in_bfloat16(call) else super().precision(call)


def _in_bfloat16(call: Call) -> bool:
    return any(
        update.sample_weight is not None
        and update.sample_weight.dtype.name == "bfloat16"
        and update.y_true.ndim == 2
        and update.y_true.shape[1] > 1
        for update in call.updates
    )


COUNT_AS_IT_IS = parametric(AXIS, Returned(result="float64"))
LOSS_BEFORE_1_8 = parametric(AXIS, LossOfLabels(result="weights-of-several-labels"))
LOSS_BEFORE_1_7 = parametric(AXIS, LossOfLabels(result="float64", divided="weights-of-several-labels"))
MEAN_OF_FOLDS = parametric(AXIS, Summed(result="float64", reported="mean"))
OF_ALL_FOLDS = parametric(AXIS, Summed(result="float64", joined=True))
