"""Failures of laws that are on record: what happens to an object that no definition of a value can say.

What a definition predicts needs no entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from conformance.adapters import derive
from conformance.adapters.base import Call, Implementation
from conformance.frameworks.keras_torch.departures import BFLOAT16_TARGETS
from conformance.oracle import findings as carried_by_definitions
from conformance.oracle.model import Finding
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import STRINGS, Reason


@dataclass(frozen=True)
class KnownFailure:
    """A law that is known to fail, as a departure is known of a definition.

    Attributes:
        law: id of the law.
        finding: what describes it.
        concerns: decides from the implementation alone.
        really: the call that should have made no difference -> the call whose value really comes back, or what
            is really predicted; None where it does make none.
    """

    law: str
    finding: Finding
    concerns: Callable[[Implementation], bool]
    really: Callable[[Call], Call | Prediction | None]


FORWARD_LOSES_STATE = Finding(
    id="torchmetrics-forward-loses-the-state-when-it-raises",
    kind="defect",
    title="An exception inside forward() throws away all that was accumulated",
    condition="forward() is called with data that update() refuses, after updates that went well.",
    says="forward() puts the state aside and resets the metric before it updates; where that raises, the state is not "
    "put back, so that compute() gives what a new metric gives.",
    claims='"add the batch statistics to the overall accumulating metric state": nothing says that a batch which is '
    "refused takes away what is there (torchmetrics/metric.py:290)",
    place="torchmetrics/metric.py:372-388",
    see=("https://github.com/Lightning-AI/torchmetrics/issues/3487",),
)
COPIES_ARE_EMPTY = Finding(
    id="keras-copies-of-a-metric-lose-its-state",
    kind="defect",
    title="A pickled or deep-copied metric has lost its state",
    condition="A metric is pickled and loaded, or copied by copy.deepcopy, after an update.",
    says="Both go through the file format of models, which saves a configuration and the variables of layers; a "
    "metric does not say how its variables are saved, so that the copy starts at 0 and nobody is told.",
    claims='"__reduce__ is used to customize the behavior of `pickle.pickle()`. ... we just leverage the keras saving '
    'library." (keras/src/saving/keras_saveable.py:29): a copy that is one',
    place="keras/src/saving/keras_saveable.py:28-40, keras/src/saving/saving_lib.py: _save_state",
)
NOT_PICKLED = Finding(
    id="tf-keras-metrics-cannot-be-loaded-from-a-pickle",
    kind="defect",
    title="A metric is pickled without complaint, and cannot be loaded",
    condition="A built-in metric is pickled and loaded.",
    says="__new__ binds update_state to a function inside itself, which pickle stores by its name; loading looks for "
    "an attribute of that name and raises AttributeError.",
    claims="Metrics define __deepcopy__, and nothing says that they cannot be pickled "
    "(tf_keras/src/metrics/base_metric.py:223)",
    place="tf_keras/src/metrics/base_metric.py:125-165",
)


INTEGER_TENSORS = Finding(
    id="tf-keras-binary-accuracy-refuses-tensors-of-integers",
    kind="defect",
    title="binary_accuracy takes integer targets as arrays and lists, and refuses them as a tensor",
    condition="y_true is a tensor of another dtype than y_pred, such as int64 beside float32.",
    says="Predictions are compared with targets that are not cast: tf.equal converts arrays and lists to the dtype of "
    "the other side, and refuses a tensor that has another.",
    claims='"y_true: Ground truth values. shape = `[batch_size, d0, .. dN]`": of any dtype; the example has integers '
    "(tf_keras/src/metrics/accuracy_metrics.py:366-393)",
    place="tf_keras/src/utils/metrics_utils.py:931-934",
)

WIDE_CLASSES = Finding(
    id="keras-torch-wide-classes-are-refused-in-lists-only",
    kind="defect",
    title="A class number beyond 32 bits is refused in a list, and wraps around in an array",
    condition="y_true of a sparse top-k metric on the torch backend holds an integer outside the range of int32.",
    says="Targets are converted to int32. torch refuses a Python number that does not fit, and cuts the numbers of an "
    "array off to their lower 32 bits, so that class 2^32 is class 0.",
    claims='"y_true: A tensor of shape `(batch_size)` representing indices or IDs of true categories.": of any size '
    "(keras/src/metrics/accuracy_metrics.py:389)",
    place="keras/src/metrics/accuracy_metrics.py:408, keras/src/backend/torch/core.py: convert_to_tensor "
    "(torch.as_tensor(x, dtype=dtype))",
)

STRINGS_IN_ARRAYS = Finding(
    id="keras-numbers-in-strings-are-read-in-arrays-only",
    kind="undocumented",
    title="Targets that are strings are read as numbers in an array, and refused in a list or a tensor",
    condition="y_true holds strings that are numbers, and y_pred floats.",
    says="tf.convert_to_tensor is asked for the dtype of y_pred: it parses the strings of a NumPy array, and refuses "
    "those of a list with TypeError. Those of a tensor are cast, which is UnimplementedError.",
    claims='"the frequency with which `y_pred` matches `y_true`" (keras/src/metrics/accuracy_metrics.py:20): nothing '
    "about strings, nor that a list is another thing than its array",
    place="keras/src/backend/tensorflow/core.py:154-161",
)


def _of(prefix: str, way: str = "") -> Callable[[Implementation], bool]:
    return lambda implementation: implementation.id.startswith(prefix) and way in implementation.id


def _as_new(call: Call) -> Call:
    """Return the call of a metric that was made with the same arguments, and has seen nothing."""
    derived = {
        "multiclass": ("num_classes", derive.num_classes),
        "multilabel": ("num_labels", derive.num_labels),
    }
    parameters = dict(call.parameters)
    if call.task in derived:
        name, of = derived[call.task]
        parameters.setdefault(name, of(call))
    return replace(call, updates=(), batches=(), usage="plain", parameters=parameters)


def _not_loaded(call: Call) -> Prediction:
    return Prediction(
        "raises", type="AttributeError", reason=Reason("not-unpickled", "what was pickled cannot be loaded")
    )


def _of_two_dtypes(call: Call) -> Prediction | None:
    if call.usage != "tensor" or all(update.y_true.dtype == update.y_pred.dtype for update in call.updates):
        return None
    return Prediction(
        "raises",
        type="InvalidArgumentError",
        reason=Reason("tensor-dtypes-differ", "targets and predictions are tensors of two dtypes"),
    )


def _sparse_top_k_on_torch(implementation: Implementation) -> bool:
    name = implementation.id.lower().replace("_", "")
    return name.startswith("keras.metrics.sparsetopk") and name.endswith("@torch")


def _beyond_int32(call: Call) -> Prediction | None:
    if call.usage != "list" or not any(
        update.y_true.dtype.kind in "iu" and bool((abs(update.y_true) >= 2**31).any())
        for update in call.updates
    ):
        return None
    return Prediction(
        "raises",
        type="RuntimeError",
        reason=Reason("beyond-int32", "an integer label does not fit into int32"),
    )


def _targets_cast(call: Call) -> Call | None:
    """Return the call with targets that are cast like any others: a tensor of bfloat16 is, an array is not."""
    if call.usage != "tensor" or all(update.y_true.dtype.name != "bfloat16" for update in call.updates):
        return None
    updates = (replace(update, y_true=update.y_true.astype("float32")) for update in call.updates)
    return replace(call, updates=tuple(updates), usage="plain")


def _keras_on_tensorflow(implementation: Implementation) -> bool:
    return implementation.id.startswith("keras.metrics.") and not implementation.id.endswith("@torch")


def _strings_in_another_form(call: Call) -> Prediction | None:
    if all(
        update.y_true.dtype.kind not in "US" or update.y_pred.dtype.kind in "US" for update in call.updates
    ):
        return None
    types = {"list": "TypeError", "tensor": "UnimplementedError"}
    return Prediction("raises", type=types[call.usage], reason=STRINGS) if call.usage in types else None


KNOWN: tuple[KnownFailure, ...] = (
    KnownFailure("after-exception", FORWARD_LOSES_STATE, _of("torchmetrics.", "[forward]"), _as_new),
    KnownFailure("pickle", COPIES_ARE_EMPTY, _of("keras.metrics."), _as_new),
    KnownFailure("deepcopy", COPIES_ARE_EMPTY, _of("keras.metrics."), _as_new),
    KnownFailure("pickle", NOT_PICKLED, _of("tf_keras.metrics."), _not_loaded),
    KnownFailure("data-form", WIDE_CLASSES, _sparse_top_k_on_torch, _beyond_int32),
    KnownFailure("data-form", BFLOAT16_TARGETS, _of("keras.metrics.", "@torch"), _targets_cast),
    KnownFailure("data-form", STRINGS_IN_ARRAYS, _keras_on_tensorflow, _strings_in_another_form),
    KnownFailure("data-form", INTEGER_TENSORS, _of("tf_keras.metrics.binary_accuracy"), _of_two_dtypes),
)


def known(law: str, implementation: Implementation) -> Iterator[KnownFailure]:
    """Yield how a law is known to fail for an implementation."""
    return (entry for entry in KNOWN if entry.law == law and entry.concerns(implementation))


def findings() -> tuple[Finding, ...]:
    """Return the findings on record here and carried by no definition, by id."""
    found = {entry.finding.id: entry.finding for entry in KNOWN}
    elsewhere = {finding.id for finding in carried_by_definitions()}
    return tuple(found[name] for name in sorted(found.keys() - elsewhere))
