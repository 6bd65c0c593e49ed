"""Where Keras 2 raises, apart from shapes that do not fit."""

from __future__ import annotations

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import (
    checks,
    float32_metric,
    float32_scores,
    no_booleans,
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
_FLOAT32 = "Predictions of any dtype but float32 raise."

NUMBERS = checks("tf-keras-numbers", _STRINGS, no_strings)
FLOAT32_METRIC = checks(
    "tf-keras-float32-metric",
    "Strings raise, and so does a metric of any dtype but float32.",
    no_strings,
    float32_metric,
)
_BINARY = (no_strings_in_scores, numeric_strings)
BINARY_FUNCTION = checks(
    "tf-keras-binary-function", "Strings raise, unless targets can be parsed as numbers.", *_BINARY
)
BINARY_FUNCTION_NO_BOOL = checks(
    "tf-keras-binary-function-no-bool",
    "Boolean predictions raise, and so do strings, unless targets can be parsed as numbers.",
    no_booleans,
    *_BINARY,
)
ONE_HOT_FUNCTION = checks("tf-keras-one-hot-function", _STRINGS, no_strings)
SPARSE_FUNCTION = checks("tf-keras-sparse-function", _STRINGS, _squeezable, no_strings)
TOP_K_FUNCTION = checks("tf-keras-top-k-function", _STRINGS, no_strings)
TOP_K_FUNCTION_FLOAT32 = checks("tf-keras-top-k-function-float32", _FLOAT32, no_strings, float32_scores)
SPARSE_TOP_K_FUNCTION = checks("tf-keras-sparse-top-k-function", _STRINGS, no_strings)
SPARSE_TOP_K_FUNCTION_FLOAT32 = checks(
    "tf-keras-sparse-top-k-function-float32", _FLOAT32, no_strings, float32_scores
)
