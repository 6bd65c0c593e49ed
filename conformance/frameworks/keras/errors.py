"""refusal: the little that Keras metrics refuse on the TensorFlow backend, beyond shapes that do not fit."""

from __future__ import annotations

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import NOT_FLOAT32
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array, is_float, is_text
from conformance.oracle.reasons import BFLOAT16_STRINGS, NO_CLASSES, STRINGS, STRINGS_AND_NUMBERS, Raises
from conformance.oracle.stages import Checks, Parameters

AXIS = "refusal"

_INVALID = "InvalidArgumentError"


def _anything(parameters: Parameters, call: Call) -> None:
    return None


def _parsed(update: Update) -> None:
    """tf.convert_to_tensor lets NumPy parse targets as floats, which works for "1" and not for "a"."""
    if not is_text(update.y_true) or is_text(update.y_pred):
        return
    if not is_float(update.y_pred):
        raise Raises(STRINGS, "UnimplementedError")
    if update.y_pred.dtype.name == "bfloat16":
        raise Raises(BFLOAT16_STRINGS, "TypeError")
    try:
        update.y_true.astype("float64")
    except ValueError:
        raise Raises(STRINGS, "ValueError") from None


def _equality(update: Update, parameters: Parameters, call: Call) -> None:
    if is_text(update.y_pred) and not is_text(update.y_true):
        raise Raises(STRINGS_AND_NUMBERS, "ValueError")
    _parsed(update)


def _threshold(update: Update, parameters: Parameters, call: Call) -> None:
    if is_text(update.y_pred):
        raise Raises(STRINGS, "ValueError")
    if is_text(update.y_true):
        raise Raises(STRINGS)


def _sparse(update: Update, parameters: Parameters, call: Call) -> None:
    if is_text(update.y_pred):
        raise Raises(STRINGS)
    _parsed(update)
    _classes(update.y_pred)


def _one_hot(update: Update, parameters: Parameters, call: Call) -> None:
    if is_text(update.y_true) or is_text(update.y_pred):
        raise Raises(STRINGS)
    _classes(update.y_true)
    _classes(update.y_pred)


def _classes(array: Array) -> None:
    if not array.ndim or not array.shape[-1]:
        raise Raises(NO_CLASSES, _INVALID)


def _float32(update: Update) -> None:
    if update.y_pred.dtype.name != "float32":
        raise Raises(NOT_FLOAT32, _INVALID)


def _one_hot_numbers(update: Update, parameters: Parameters, call: Call) -> None:
    _parsed(update)
    if is_text(update.y_pred):
        raise Raises(STRINGS)
    _classes(update.y_true)


def _numbers(update: Update, parameters: Parameters, call: Call) -> None:
    if is_text(update.y_true) or is_text(update.y_pred):
        raise Raises(STRINGS)


def _one_hot_float32(update: Update, parameters: Parameters, call: Call) -> None:
    _one_hot_numbers(update, parameters, call)
    _float32(update)


def _numbers_float32(update: Update, parameters: Parameters, call: Call) -> None:
    _numbers(update, parameters, call)
    _float32(update)


EQUALITY = Behaviour(
    AXIS,
    "keras-equality",
    "Strings are compared with strings, or with floats, as which NumPy parses them; else refused.",
    Checks(_anything, _equality),
)
THRESHOLD = Behaviour(
    AXIS, "keras-threshold", "Strings are refused; any numbers are taken.", Checks(_anything, _threshold)
)
SPARSE = Behaviour(
    AXIS,
    "keras-sparse",
    "Strings that are no floats and an empty class axis are refused.",
    Checks(_anything, _sparse),
)
ONE_HOT = Behaviour(
    AXIS, "keras-one-hot", "Strings and empty class axes are refused.", Checks(_anything, _one_hot)
)
TOP_K = Behaviour(
    AXIS, "keras-top-k", "Strings and an empty class axis are refused.", Checks(_anything, _one_hot_numbers)
)
TOP_K_FLOAT32 = Behaviour(
    AXIS,
    "keras-top-k-float32",
    "Predictions of any dtype but float32 are refused.",
    Checks(_anything, _one_hot_float32),
)
SPARSE_TOP_K = Behaviour(AXIS, "keras-sparse-top-k", "Strings are refused.", Checks(_anything, _numbers))
SPARSE_TOP_K_FLOAT32 = Behaviour(
    AXIS,
    "keras-sparse-top-k-float32",
    "Predictions of any dtype but float32 are refused.",
    Checks(_anything, _numbers_float32),
)
