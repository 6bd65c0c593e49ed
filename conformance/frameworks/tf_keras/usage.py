"""How Keras 2 deviates under a usage that should make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conformance.adapters.base import Call
from conformance.oracle.finding_files import findings_in
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import Reason
from conformance.oracle.usage import UsageDeparture

FINDINGS = findings_in(__package__ or "")


NOT_PICKLED = FINDINGS["tf-keras-metrics-cannot-be-loaded-from-a-pickle"]
INTEGER_TENSORS = FINDINGS["tf-keras-binary-accuracy-refuses-tensors-of-integers"]
NOT_LOADED = Reason("not-unpickled", "what was pickled cannot be loaded")
TENSOR_DTYPES_DIFFER = Reason("tensor-dtypes-differ", "targets and predictions are tensors of two dtypes")


def _not_loaded(call: Call) -> Prediction:
    return Prediction("raises", type="AttributeError", reason=NOT_LOADED)


def _of_two_dtypes(call: Call) -> Prediction | None:
    if all(update.y_true.dtype == update.y_pred.dtype for update in call.updates):
        return None
    return Prediction("raises", reason=TENSOR_DTYPES_DIFFER)


def departures(names: Iterable[str]) -> Iterator[UsageDeparture]:
    """Yield the departures of the definitions with these names."""
    names = frozenset(names)
    metrics = frozenset(name for name in names if ".metrics." in name)
    yield UsageDeparture(NOT_PICKLED, metrics, frozenset({"pickle"}), _not_loaded)
    function = names & {"tf_keras.metrics.binary_accuracy"}
    yield UsageDeparture(INTEGER_TENSORS, function, frozenset({"tensor"}), _of_two_dtypes)
