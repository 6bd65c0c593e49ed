"""refusal: the little that Keras 2 refuses, beyond shapes that do not fit."""

from __future__ import annotations

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras.errors import AXIS
from conformance.frameworks.keras_family.errors import BOOL_TOP_K, NOT_FLOAT32
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array, is_text
from conformance.oracle.reasons import BFLOAT16_STRINGS, LAST_DIMENSION_NOT_1, STRINGS, Raises
from conformance.oracle.stages import Checks, Parameters

_INVALID = "InvalidArgumentError"
_UNIMPLEMENTED = "UnimplementedError"


def _anything(parameters: Parameters, call: Call) -> None:
    return None


def _text_is_no_number(update: Update, parameters: Parameters, call: Call) -> None:
    if is_text(update.y_true) or is_text(update.y_pred):
        raise Raises(STRINGS, _UNIMPLEMENTED)


def _float32_metric(update: Update, parameters: Parameters, call: Call) -> None:
    _text_is_no_number(update, parameters, call)
    if call.metric_dtype not in (None, "float32"):
        raise Raises(NOT_FLOAT32, _INVALID)


def _binary_function(update: Update, parameters: Parameters, call: Call) -> None:
    if is_text(update.y_pred):
        raise Raises(STRINGS, _UNIMPLEMENTED)
    _parsed(update)


def _binary_function_no_bool(update: Update, parameters: Parameters, call: Call) -> None:
    if update.y_pred.dtype.kind == "b":
        raise Raises(BOOL_TOP_K, _INVALID)
    _binary_function(update, parameters, call)


def _parsed(update: Update) -> None:
    """NumPy parses strings where targets are converted to the dtype of the predictions."""
    if not is_text(update.y_true):
        return
    try:
        update.y_true.astype(update.y_pred.dtype)
    except ValueError:
        raise Raises(STRINGS, "ValueError") from None
    except TypeError:
        raise Raises(BFLOAT16_STRINGS, "TypeError") from None


def _ranked(*arrays: Array) -> None:
    if any(is_text(array) for array in arrays):
        raise Raises(STRINGS, _INVALID)


def _one_hot_function(update: Update, parameters: Parameters, call: Call) -> None:
    _ranked(update.y_true, update.y_pred)


def _sparse_function(update: Update, parameters: Parameters, call: Call) -> None:
    if update.y_true.ndim == update.y_pred.ndim and update.y_true.shape[-1:] != (1,):
        raise Raises(LAST_DIMENSION_NOT_1, _INVALID)
    _ranked(update.y_pred)
    if is_text(update.y_true):
        raise Raises(STRINGS, _UNIMPLEMENTED)


def _top_k_function(update: Update, parameters: Parameters, call: Call) -> None:
    _ranked(update.y_true)
    if is_text(update.y_pred):
        raise Raises(STRINGS, _INVALID)


def _top_k_function_float32(update: Update, parameters: Parameters, call: Call) -> None:
    _top_k_function(update, parameters, call)
    _float32(update)


def _sparse_top_k_function(update: Update, parameters: Parameters, call: Call) -> None:
    if is_text(update.y_true):
        raise Raises(STRINGS, _UNIMPLEMENTED)
    if is_text(update.y_pred):
        raise Raises(STRINGS, _INVALID)


def _sparse_top_k_function_float32(update: Update, parameters: Parameters, call: Call) -> None:
    _sparse_top_k_function(update, parameters, call)
    _float32(update)


def _float32(update: Update) -> None:
    if update.y_pred.dtype.name != "float32":
        raise Raises(NOT_FLOAT32, _INVALID)


_STRINGS = "Strings are refused; any numbers are taken."

NUMBERS = Behaviour(AXIS, "tf-keras-numbers", _STRINGS, Checks(_anything, _text_is_no_number))
FLOAT32_METRIC = Behaviour(
    AXIS,
    "tf-keras-float32-metric",
    "Strings are refused, and whatever is given to a metric whose dtype is not float32.",
    Checks(_anything, _float32_metric),
)
BINARY_FUNCTION = Behaviour(
    AXIS,
    "tf-keras-binary-function",
    "Strings are refused, unless targets can be parsed as numbers.",
    Checks(_anything, _binary_function),
)
BINARY_FUNCTION_NO_BOOL = Behaviour(
    AXIS,
    "tf-keras-binary-function-no-bool",
    "Boolean predictions are refused, and strings, unless targets can be parsed as numbers.",
    Checks(_anything, _binary_function_no_bool),
)
ONE_HOT_FUNCTION = Behaviour(
    AXIS, "tf-keras-one-hot-function", _STRINGS, Checks(_anything, _one_hot_function)
)
SPARSE_FUNCTION = Behaviour(AXIS, "tf-keras-sparse-function", _STRINGS, Checks(_anything, _sparse_function))
TOP_K_FUNCTION = Behaviour(AXIS, "tf-keras-top-k-function", _STRINGS, Checks(_anything, _top_k_function))
TOP_K_FUNCTION_FLOAT32 = Behaviour(
    AXIS,
    "tf-keras-top-k-function-float32",
    "Predictions of any dtype but float32 are refused.",
    Checks(_anything, _top_k_function_float32),
)
SPARSE_TOP_K_FUNCTION = Behaviour(
    AXIS, "tf-keras-sparse-top-k-function", _STRINGS, Checks(_anything, _sparse_top_k_function)
)
SPARSE_TOP_K_FUNCTION_FLOAT32 = Behaviour(
    AXIS,
    "tf-keras-sparse-top-k-function-float32",
    "Predictions of any dtype but float32 are refused.",
    Checks(_anything, _sparse_top_k_function_float32),
)
