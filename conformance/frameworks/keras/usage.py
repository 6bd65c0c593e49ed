"""How Keras 3 deviates under a usage that should make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conformance.adapters.base import Call
from conformance.oracle.model import Finding
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import STRINGS
from conformance.oracle.usage import UsageDeparture, as_new

COPIES_ARE_EMPTY = Finding(
    id="keras-copies-of-a-metric-lose-its-state",
    kind="defect",
    title="A pickled or deep-copied metric loses its state",
    condition="A metric is pickled and loaded, or copied by copy.deepcopy, after an update.",
    says="Both use the file format of models, which saves a configuration and the variables of layers. A metric does "
    "not say how its variables are saved, so the copy starts at 0, without a warning.",
    claims='"__reduce__ is used to customize the behavior of `pickle.pickle()`. ... we just leverage the keras saving '
    'library." (keras/src/saving/keras_saveable.py:29): the copy is expected to be complete',
    place="keras/src/saving/keras_saveable.py:28-40, keras/src/saving/saving_lib.py: _save_state",
)
STRINGS_IN_ARRAYS = Finding(
    id="keras-numbers-in-strings-are-read-in-arrays-only",
    kind="undocumented",
    title="Numeric strings are parsed in an array of targets, and raise in a list or a tensor",
    condition="y_true holds numeric strings, and y_pred floats.",
    says="tf.convert_to_tensor is called with the dtype of y_pred. It parses the strings of a NumPy array, and raises "
    "TypeError for a list. Strings in a tensor are cast, which raises UnimplementedError.",
    claims='"the frequency with which `y_pred` matches `y_true`" (keras/src/metrics/accuracy_metrics.py:20): nothing '
    "about strings, nor that a list differs from an array",
    place="keras/src/backend/tensorflow/core.py:154-161",
)


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
