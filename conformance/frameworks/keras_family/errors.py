"""Why the Keras variants raise, and the checks that they share.

A check of TensorFlow or torch raises without a type; one of Keras itself has its own.
"""

from __future__ import annotations

from collections.abc import Callable

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import is_text
from conformance.oracle.reasons import BFLOAT16_STRINGS, NO_CLASSES, STRINGS, Raises, Reason
from conformance.oracle.stages import Checks, Parameters

AXIS = "refusal"

NO_METRIC = Reason("no-metric", "the string names no metric")
NO_LOSS = Reason("no-loss", "the string names no loss")
NOTHING_EVALUATED = Reason("nothing-evaluated", "evaluate() of no samples returns no metrics")
NOT_FLOAT32 = Reason("not-float32", "in_top_k takes float32 only")
BATCHES_DIFFER = Reason("batches-differ", "a batch has another shape than the model was traced with")
UNKNOWN_DIMENSION = Reason("unknown-dimension", "an unknown dimension cannot be compared with 1")
NO_LAST_DIMENSION = Reason("no-last-dimension", "an array without dimensions has no last one")
NO_FIRST_BATCH = Reason("no-first-batch", "there is no first batch to learn the shapes from")
UINT64 = Reason("uint64", "Keras has no uint64 on torch")
BFLOAT16_ARRAY = Reason("bfloat16-array", "torch makes no tensor of a NumPy array of bfloat16")
BOOL_TOP_K = Reason("bool-top-k", "booleans have no order")
TARGETS_NOT_PROBABILITIES = Reason(
    "targets-not-probabilities", "binary crossentropy takes targets in [0, 1] only"
)
NAN_PREDICTION = Reason("nan-prediction", "binary crossentropy takes no NaN as a prediction")
INTEGERS_NOT_NORMALIZED = Reason("integers-not-normalized", "integers cannot be normalized")


#: Checks an update, given the parameters and the call; raises `Raises`.
Check = Callable[[Update, Parameters, Call], None]


def checks(name: str, says: str, *each: Check) -> Behaviour[Checks]:
    """Return a rule that makes these checks, in this order, of every update."""

    def before(parameters: Parameters, call: Call) -> None:
        return None

    def check(update: Update, parameters: Parameters, call: Call) -> None:
        for one in each:
            one(update, parameters, call)

    return Behaviour[Checks](AXIS, name, says, Checks(before, check))


def no_strings_in_targets(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for targets that are strings."""
    if is_text(update.y_true):
        raise Raises(STRINGS)


def no_strings_in_scores(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for predictions that are strings."""
    if is_text(update.y_pred):
        raise Raises(STRINGS)


def no_strings(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for strings."""
    no_strings_in_targets(update, parameters, call)
    no_strings_in_scores(update, parameters, call)


def numeric_strings(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for targets that are strings, unless NumPy parses them as the dtype of the predictions."""
    if is_text(update.y_true) and not is_text(update.y_pred):
        try:
            update.y_true.astype(update.y_pred.dtype)
        except ValueError:
            raise Raises(STRINGS) from None
        except TypeError:
            raise Raises(BFLOAT16_STRINGS) from None


def classes_in_targets(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for targets whose last axis, the one of classes, is missing or empty."""
    if not update.y_true.ndim or not update.y_true.shape[-1]:
        raise Raises(NO_CLASSES)


def classes_in_scores(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for predictions whose last axis, the one of classes, is missing or empty."""
    if not update.y_pred.ndim or not update.y_pred.shape[-1]:
        raise Raises(NO_CLASSES)


def no_booleans(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for boolean predictions, which have no order."""
    if update.y_pred.dtype.kind == "b":
        raise Raises(BOOL_TOP_K)
