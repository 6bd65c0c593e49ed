"""Where Keras 2 raises, apart from shapes that do not fit."""

from __future__ import annotations

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import (
    checks,
    classes_in_targets,
    no_strings,
    no_strings_in_scores,
    numeric_strings,
)
from conformance.oracle.reasons import LAST_DIMENSION_NOT_1, Raises
from conformance.oracle.stages import Parameters


def _squeezable(update: Update, parameters: Parameters, call: Call) -> None:
    if update.y_true.ndim == update.y_pred.ndim and update.y_true.shape[-1:] != (1,):
        raise Raises(LAST_DIMENSION_NOT_1)


_STRINGS = "Strings raise."

NUMBERS = checks("tf-keras-numbers", _STRINGS, no_strings)
ONE_HOT = checks(
    "tf-keras-one-hot", "Strings raise, and targets without classes.", no_strings, classes_in_targets
)
BINARY_FUNCTION = checks(
    "tf-keras-binary-function",
    "Strings raise, unless targets can be parsed as numbers.",
    no_strings_in_scores,
    numeric_strings,
)
SPARSE_FUNCTION = checks("tf-keras-sparse-function", _STRINGS, _squeezable, no_strings)
