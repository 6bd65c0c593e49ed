"""How Keras 3 on torch deviates under a usage that should make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from conformance.adapters.base import Call
from conformance.frameworks.keras import usage as keras
from conformance.frameworks.keras_torch.departures import BFLOAT16_TARGETS
from conformance.oracle.model import Finding
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import Reason
from conformance.oracle.usage import UsageDeparture

WIDE_CLASSES = Finding(
    id="keras-torch-wide-classes-are-refused-in-lists-only",
    kind="defect",
    title="An integer label beyond 32 bits raises in a list, and wraps around in an array",
    condition="y_true of a sparse top-k metric on the torch backend holds an integer outside the range of int32.",
    says="Targets are converted to int32. torch raises for a Python number that does not fit, and keeps the lower 32 "
    "bits of the numbers of an array, so that class 2^32 is class 0.",
    claims='"y_true: A tensor of shape `(batch_size)` representing indices or IDs of true categories.": of any size '
    "(keras/src/metrics/accuracy_metrics.py:389)",
    place="keras/src/metrics/accuracy_metrics.py:408, keras/src/backend/torch/core.py: convert_to_tensor "
    "(torch.as_tensor(x, dtype=dtype))",
)
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
