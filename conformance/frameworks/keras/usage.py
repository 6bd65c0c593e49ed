"""How Keras 3 deviates under a usage that should make no difference."""

from __future__ import annotations

from conformance.adapters.base import Call
from conformance.frameworks.keras_family.errors import R
from conformance.oracle.finding_files import findings_in
from conformance.oracle.prediction import Prediction
from conformance.oracle.usage import UsageDeparture, as_new

FINDINGS = findings_in(__package__ or "")


def _strings_in_another_form(call: Call) -> Prediction | None:
    strings = any(u.y_true.dtype.kind in "US" and u.y_pred.dtype.kind not in "US" for u in call.updates)
    return Prediction("raises", reason=R["strings"]) if strings else None


#: On any backend.
COPIES_ARE_EMPTY = UsageDeparture(
    FINDINGS["keras-copies-of-a-metric-lose-its-state"],
    frozenset({"pickle", "deepcopy"}),
    as_new,
    r"\.metrics\.",
)
USAGE = (
    COPIES_ARE_EMPTY,
    UsageDeparture(
        FINDINGS["keras-numbers-in-strings-are-read-in-arrays-only"],
        frozenset({"list", "tensor"}),
        _strings_in_another_form,
        r"\.metrics\.",
    ),
)
