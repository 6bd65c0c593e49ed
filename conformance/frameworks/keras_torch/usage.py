"""How Keras 3 on torch deviates under a usage that should make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from conformance.adapters.base import Call
from conformance.frameworks.keras import usage as keras
from conformance.frameworks.keras_torch.departures import BFLOAT16_TARGETS
from conformance.oracle.finding_files import findings_in
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import Reason
from conformance.oracle.usage import UsageDeparture

FINDINGS = findings_in(__package__ or "")


WIDE_CLASSES = FINDINGS["keras-torch-wide-classes-are-refused-in-lists-only"]
BEYOND_INT32 = Reason("beyond-int32", "an integer label does not fit into int32")


def _beyond_int32(call: Call) -> Prediction | None:
    targets = [update.y_true for update in call.updates if update.y_true.dtype.kind in "iu"]
    wide = any(bool((abs(array) >= 2**31).any()) for array in targets)
    return Prediction("raises", reason=BEYOND_INT32) if wide else None


def _targets_cast(call: Call) -> Call | None:
    """Return the call with targets cast like any others: a tensor of bfloat16 is, an array is not."""
    if all(update.y_true.dtype.name != "bfloat16" for update in call.updates):
        return None
    updates = (replace(update, y_true=update.y_true.astype("float32")) for update in call.updates)
    return replace(call, updates=tuple(updates), usage="plain")


def departures(names: Iterable[str]) -> Iterator[UsageDeparture]:
    """Yield the departures of the definitions with these names."""
    metrics = frozenset(name for name in names if ".metrics." in name)
    sparse_top_k = frozenset(name for name in metrics if "SparseTopK" in name or "sparse_top_k" in name)
    yield keras.copies(metrics)
    yield UsageDeparture(WIDE_CLASSES, sparse_top_k, frozenset({"list"}), _beyond_int32)
    yield UsageDeparture(BFLOAT16_TARGETS, metrics, frozenset({"tensor"}), _targets_cast)
