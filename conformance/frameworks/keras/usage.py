"""How Keras 3 deviates under a usage that should make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conformance.adapters.base import Call
from conformance.oracle.finding_files import findings_in
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import STRINGS
from conformance.oracle.usage import UsageDeparture, as_new

FINDINGS = findings_in(__package__ or "")


COPIES_ARE_EMPTY = FINDINGS["keras-copies-of-a-metric-lose-its-state"]
STRINGS_IN_ARRAYS = FINDINGS["keras-numbers-in-strings-are-read-in-arrays-only"]


def _strings_in_another_form(call: Call) -> Prediction | None:
    strings = any(u.y_true.dtype.kind in "US" and u.y_pred.dtype.kind not in "US" for u in call.updates)
    return Prediction("raises", reason=STRINGS) if strings else None


def copies(names: frozenset[str]) -> UsageDeparture:
    """Return the departure of metrics whose copies are empty, on any backend."""
    return UsageDeparture(COPIES_ARE_EMPTY, names, frozenset({"pickle", "deepcopy"}), as_new)


def departures(names: Iterable[str]) -> Iterator[UsageDeparture]:
    """Yield the departures of the definitions with these names."""
    metrics = frozenset(name for name in names if ".metrics." in name)
    yield copies(metrics)
    yield UsageDeparture(STRINGS_IN_ARRAYS, metrics, frozenset({"list", "tensor"}), _strings_in_another_form)
