"""Where metrics of Keras 3 raise on torch, apart from shapes that do not fit."""

from __future__ import annotations

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import NO_LAST_DIMENSION, UINT64, checks, no_booleans
from conformance.oracle.numbers import Array, is_text
from conformance.oracle.reasons import NO_CLASSES, STRINGS, TOP_K_BELOW_1, Raises
from conformance.oracle.stages import Parameters


def _check_dtype(array: Array, dtype_given: bool = False) -> None:
    """Keras has a dtype of torch for every array but these; uint64 becomes another one where that is asked for."""
    if is_text(array):
        raise Raises(STRINGS, "ValueError")
    if array.dtype.name == "uint64" and not dtype_given:
        raise Raises(UINT64, "ValueError")


def _check_classes(array: Array) -> None:
    if array.ndim and not array.shape[-1]:
        raise Raises(NO_CLASSES)


def _numbers(update: Update, parameters: Parameters, call: Call) -> None:
    _check_dtype(update.y_pred)
    _check_dtype(update.y_true)


def _targets_of_any_dtype(update: Update, parameters: Parameters, call: Call) -> None:
    """Targets are converted to the dtype of the predictions."""
    _check_dtype(update.y_pred)
    _check_dtype(update.y_true, dtype_given=True)


def _last_dimension(update: Update, parameters: Parameters, call: Call) -> None:
    if not update.y_true.ndim and not update.y_pred.ndim:
        raise Raises(NO_LAST_DIMENSION)


def _classes_in_targets(update: Update, parameters: Parameters, call: Call) -> None:
    _check_classes(update.y_true)


def _classes_in_scores(update: Update, parameters: Parameters, call: Call) -> None:
    _check_classes(update.y_pred)


def _k_not_negative(update: Update, parameters: Parameters, call: Call) -> None:
    if parameters["top_k"] < 0:
        raise Raises(TOP_K_BELOW_1)


EQUALITY = checks("keras-torch-equality", "Strings raise.", _targets_of_any_dtype)
THRESHOLD = checks("keras-torch-threshold", "Strings and uint64 raise.", _numbers)
ONE_HOT = checks(
    "keras-torch-one-hot",
    "Strings, uint64 and empty class axes raise.",
    _numbers,
    _classes_in_targets,
    _classes_in_scores,
)
SPARSE = checks(
    "keras-torch-sparse",
    "Strings, uint64 and an empty class axis raise.",
    _targets_of_any_dtype,
    _last_dimension,
    _classes_in_scores,
)
_IN_TOP_K = (_targets_of_any_dtype, no_booleans, _k_not_negative, _classes_in_scores)
_SAYS = "Strings, booleans, a negative k and an empty class axis raise."
TOP_K = checks("keras-torch-top-k", _SAYS, *_IN_TOP_K, _classes_in_targets)
SPARSE_TOP_K = checks("keras-torch-sparse-top-k", _SAYS, *_IN_TOP_K)
