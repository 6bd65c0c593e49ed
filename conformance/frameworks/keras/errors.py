"""Where metrics of Keras 3 raise on TensorFlow, apart from shapes that do not fit."""

from __future__ import annotations

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import (
    checks,
    classes_in_scores,
    classes_in_targets,
    no_strings,
    no_strings_in_scores,
    numeric_strings,
)
from conformance.oracle.numbers import is_float, is_text
from conformance.oracle.reasons import STRINGS, STRINGS_AND_NUMBERS, Raises
from conformance.oracle.stages import Parameters


def _strings_or_numbers(update: Update, parameters: Parameters, call: Call) -> None:
    if is_text(update.y_pred) and not is_text(update.y_true):
        raise Raises(STRINGS_AND_NUMBERS)


def _parsed(update: Update, parameters: Parameters, call: Call) -> None:
    """tf.convert_to_tensor lets NumPy parse targets as floats: "1", but not "a"."""
    if is_text(update.y_true) and not is_text(update.y_pred) and not is_float(update.y_pred):
        raise Raises(STRINGS)
    numeric_strings(update, parameters, call)


def _standard_dtype(update: Update, parameters: Parameters, call: Call) -> None:
    """ops.greater asks for a dtype of Keras (keras/src/backend/common/variables.py, standardize_dtype)."""
    if is_text(update.y_pred):
        raise Raises(STRINGS, "ValueError")


EQUALITY = checks(
    "keras-equality",
    "Strings can be compared with strings, or with floats if NumPy parses them as floats.",
    _strings_or_numbers,
    _parsed,
)
THRESHOLD = checks("keras-threshold", "Strings raise.", _standard_dtype, no_strings)
SPARSE = checks(
    "keras-sparse",
    "Strings that NumPy cannot parse as floats raise, and so does an empty class axis.",
    no_strings_in_scores,
    _parsed,
    classes_in_scores,
)
ONE_HOT = checks(
    "keras-one-hot",
    "Strings raise, and so do empty class axes.",
    no_strings,
    classes_in_targets,
    classes_in_scores,
)
TOP_K = checks(
    "keras-top-k",
    "Strings raise, and so does an empty class axis.",
    _parsed,
    no_strings_in_scores,
    classes_in_targets,
)
SPARSE_TOP_K = checks("keras-sparse-top-k", "Strings raise.", no_strings)
