"""Where metrics of Keras 3 raise on TensorFlow, apart from shapes that do not fit."""

from __future__ import annotations

from conformance.frameworks.keras_family.errors import (
    CLASSES_IN_SCORES,
    CLASSES_IN_TARGETS,
    NO_STRINGS,
    NO_STRINGS_IN_SCORES,
    R,
    check,
    checks,
    numeric_strings,
)
from conformance.oracle.numbers import is_float, is_text

_STRINGS_OR_NUMBERS = check(
    R["strings-and-numbers"], lambda update: is_text(update.y_pred) and not is_text(update.y_true)
)
#: tf.convert_to_tensor lets NumPy parse targets as floats: "1", but not "a".
_PARSED = (
    check(
        R["strings"],
        lambda update: is_text(update.y_true) and not is_text(update.y_pred) and not is_float(update.y_pred),
    ),
    numeric_strings,
)
#: The same before Keras 3.7, as any dtype but bool.
_PARSED_AS_ANY = (
    check(R["strings"], lambda update: is_text(update.y_true) and update.y_pred.dtype.kind == "b"),
    numeric_strings,
)
#: ops.greater asks for a dtype of Keras (keras/src/backend/common/variables.py, standardize_dtype).
_STANDARD_DTYPE = check(R["strings"], lambda update: is_text(update.y_pred), "ValueError")

EQUALITY = checks("keras-equality", _STRINGS_OR_NUMBERS, *_PARSED)
EQUALITY_OF_ANY = checks("keras-equality-of-any", _STRINGS_OR_NUMBERS, *_PARSED_AS_ANY)
THRESHOLD = checks("keras-threshold", _STANDARD_DTYPE, NO_STRINGS)
THRESHOLD_PARSED = checks("keras-threshold-parsed", NO_STRINGS_IN_SCORES, *_PARSED)
THRESHOLD_PARSED_AS_ANY = checks("keras-threshold-parsed-as-any", NO_STRINGS_IN_SCORES, *_PARSED_AS_ANY)
SPARSE = checks("keras-sparse", NO_STRINGS_IN_SCORES, *_PARSED, CLASSES_IN_SCORES)
SPARSE_OF_ANY = checks("keras-sparse-of-any", NO_STRINGS_IN_SCORES, *_PARSED_AS_ANY, CLASSES_IN_SCORES)
ONE_HOT = checks("keras-one-hot", NO_STRINGS, CLASSES_IN_TARGETS, CLASSES_IN_SCORES)
TOP_K = checks("keras-top-k", *_PARSED, NO_STRINGS_IN_SCORES, CLASSES_IN_TARGETS)
SPARSE_TOP_K = checks("keras-sparse-top-k", NO_STRINGS)
SPARSE_TOP_K_PARSED = checks("keras-sparse-top-k-parsed", NO_STRINGS_IN_SCORES, numeric_strings)
