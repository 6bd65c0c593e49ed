"""Why the Keras variants raise, and the checks that they share.

A check of TensorFlow or torch raises without a type; one of Keras itself has its own.
"""

from __future__ import annotations

from collections.abc import Callable

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import is_text
from conformance.oracle.reasons import Raises, Reason, raise_if, reasons_in
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Checks, Parameters

AXIS = "refusal"

R = reasons_in(__package__)
NOT_FLOAT32 = R["not-float32"]
BOOL_TOP_K = R["bool-top-k"]
TOP_K_ABOVE_CLASSES = R["top-k-above-classes"]

#: Checks an update, given the parameters and the call; raises `Raises`.
Check = Callable[[Update, Parameters, Call], None]


def check(reason: Reason, condition: Callable[[Update], object], type: str | None = None) -> Check:  # noqa: A002
    """Return the check that raises for a reason where an update meets a condition."""
    return lambda update, parameters, call: raise_if(condition(update), reason, type)


def _anything(parameters: Parameters, call: Call) -> None:
    """Accept any parameters."""


def checks(
    name: str, *each: Check, before: Callable[[Parameters, Call], None] = _anything
) -> Behaviour[Checks]:
    """Return a rule that makes these checks, in this order, of every update, and `before` of the parameters."""

    def check_all(update: Update, parameters: Parameters, call: Call) -> None:
        for one in each:
            one(update, parameters, call)

    return shared(AXIS, name, Checks(before, check_all), __package__)


def numeric_strings(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for targets that are strings, unless NumPy parses them as the dtype of the predictions."""
    if is_text(update.y_true) and not is_text(update.y_pred):
        try:
            update.y_true.astype(update.y_pred.dtype)
        except ValueError:
            raise Raises(R["strings"]) from None
        except TypeError:
            raise Raises(R["bfloat16-strings"]) from None


NO_STRINGS_IN_SCORES = check(R["strings"], lambda update: is_text(update.y_pred))
NO_STRINGS = check(R["strings"], lambda update: is_text(update.y_true) or is_text(update.y_pred))
CLASSES_IN_TARGETS = check(
    R["no-classes"], lambda update: not update.y_true.ndim or not update.y_true.shape[-1]
)
CLASSES_IN_SCORES = check(
    R["no-classes"], lambda update: not update.y_pred.ndim or not update.y_pred.shape[-1]
)
NO_BOOLEANS = check(BOOL_TOP_K, lambda update: update.y_pred.dtype.kind == "b")
