"""Where Keras 2 raises, apart from shapes that do not fit."""

from __future__ import annotations

from conformance.frameworks.keras_family.errors import (
    CLASSES_IN_TARGETS,
    NO_STRINGS,
    NO_STRINGS_IN_SCORES,
    R,
    check,
    checks,
    numeric_strings,
)

_SQUEEZABLE = check(
    R["last-dimension-not-1"],
    lambda update: update.y_true.ndim == update.y_pred.ndim and update.y_true.shape[-1:] != (1,),
)

NUMBERS = checks("tf-keras-numbers", NO_STRINGS)
ONE_HOT = checks("tf-keras-one-hot", NO_STRINGS, CLASSES_IN_TARGETS)
BINARY_FUNCTION = checks("tf-keras-binary-function", NO_STRINGS_IN_SCORES, numeric_strings)
SPARSE_FUNCTION = checks("tf-keras-sparse-function", _SQUEEZABLE, NO_STRINGS)
