"""How Keras 3 on torch deviates under a usage that should make no difference."""

from __future__ import annotations

from dataclasses import replace

from conformance.adapters.base import Call
from conformance.frameworks.keras.usage import COPIES_ARE_EMPTY
from conformance.frameworks.keras_family.errors import R
from conformance.oracle.finding_files import findings_in
from conformance.oracle.prediction import Prediction
from conformance.oracle.usage import UsageDeparture

FINDINGS = findings_in(__package__ or "")


def _beyond_int32(call: Call) -> Prediction | None:
    targets = [update.y_true for update in call.updates if update.y_true.dtype.kind in "iu"]
    wide = any(bool((abs(array) >= 2**31).any()) for array in targets)
    return Prediction("raises", reason=R["beyond-int32"]) if wide else None


def _targets_cast(call: Call) -> Call | None:
    """Return the call with targets cast like any others: a tensor of bfloat16 is, an array is not."""
    if all(update.y_true.dtype.name != "bfloat16" for update in call.updates):
        return None
    updates = (replace(update, y_true=update.y_true.astype("float32")) for update in call.updates)
    return replace(call, updates=tuple(updates), usage="plain")


USAGE = (
    COPIES_ARE_EMPTY,
    UsageDeparture(
        FINDINGS["keras-torch-wide-classes-are-refused-in-lists-only"],
        frozenset({"list"}),
        _beyond_int32,
        r"\.metrics\.(SparseTopK|sparse_top_k)",
        ">=3.7",
    ),
    UsageDeparture(
        FINDINGS["keras-torch-leaves-bfloat16-targets-uncast"],
        frozenset({"tensor"}),
        _targets_cast,
        r"\.metrics\.",
    ),
)
