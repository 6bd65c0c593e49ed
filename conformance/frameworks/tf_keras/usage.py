"""How Keras 2 deviates under a usage that should make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conformance.adapters.base import Call
from conformance.oracle.model import Finding
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import Reason
from conformance.oracle.usage import UsageDeparture

NOT_PICKLED = Finding(
    id="tf-keras-metrics-cannot-be-loaded-from-a-pickle",
    kind="defect",
    title="A metric can be pickled, but its pickle cannot be loaded",
    condition="A built-in metric is pickled and loaded.",
    says="__new__ binds update_state to a function inside itself, which pickle stores by its name. Loading looks for "
    "an attribute of that name and raises AttributeError.",
    claims="Metrics define __deepcopy__, and nothing says that they cannot be pickled "
    "(tf_keras/src/metrics/base_metric.py:223)",
    place="tf_keras/src/metrics/base_metric.py:125-165",
)
INTEGER_TENSORS = Finding(
    id="tf-keras-binary-accuracy-refuses-tensors-of-integers",
    kind="defect",
    title="binary_accuracy takes integer targets as arrays and lists, and raises for a tensor",
    condition="y_true is a tensor of another dtype than y_pred, such as int64 with float32.",
    says="Predictions are compared with targets that are not cast: tf.equal converts arrays and lists to the dtype of "
    "the other side, and raises for a tensor of another dtype.",
    claims='"y_true: Ground truth values. shape = `[batch_size, d0, .. dN]`": of any dtype; the example has integers '
    "(tf_keras/src/metrics/accuracy_metrics.py:366-393)",
    place="tf_keras/src/utils/metrics_utils.py:931-934",
)
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
