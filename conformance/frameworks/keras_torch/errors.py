"""Where metrics of Keras 3 raise on torch, apart from shapes that do not fit."""

from __future__ import annotations

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import NO_BOOLEANS, Check, R, check, checks
from conformance.oracle.numbers import Array, is_text
from conformance.oracle.reasons import raise_if
from conformance.oracle.stages import Parameters


def _check_dtype(array: Array, dtype_given: bool = False) -> None:
    """Keras has a dtype of torch for every array but these; uint64 becomes another one where that is asked for."""
    raise_if(is_text(array), R["strings"], "ValueError")
    raise_if(array.dtype.name == "uint64" and not dtype_given, R["uint64"], "ValueError")


def _numbers(update: Update, parameters: Parameters, call: Call) -> None:
    _check_dtype(update.y_pred)
    _check_dtype(update.y_true)


def _targets_of_any_dtype(update: Update, parameters: Parameters, call: Call) -> None:
    """Targets are converted to the dtype of the predictions."""
    _check_dtype(update.y_pred)
    _check_dtype(update.y_true, dtype_given=True)


def _k_not_negative(update: Update, parameters: Parameters, call: Call) -> None:
    raise_if(parameters["top_k"] < 0, R["top-k-below-1"])


def _threshold_of_32_bits(update: Update, parameters: Parameters, call: Call) -> None:
    threshold = parameters["threshold"]
    raise_if(isinstance(threshold, int) and not -(2**31) <= threshold < 2**31, R["threshold-beyond-int32"])


_LAST_DIMENSION = check(
    R["no-last-dimension"], lambda update: not update.y_true.ndim and not update.y_pred.ndim
)
_CLASSES_IN_TARGETS = check(R["no-classes"], lambda update: 0 in update.y_true.shape[-1:])
_CLASSES_IN_SCORES = check(R["no-classes"], lambda update: 0 in update.y_pred.shape[-1:])
_IN_TOP_K = (_targets_of_any_dtype, NO_BOOLEANS, _k_not_negative)


def _classes_to_look_at(dropped: int) -> Check:
    """Return the check of the columns of scores; of no columns none are looked at for k=0 and no targets.

    Args:
        dropped: how many last axes of the targets hold no samples.
    """

    def look(update: Update, parameters: Parameters, call: Call) -> None:
        targets = update.y_true.shape[: update.y_true.ndim - dropped]
        nothing = not parameters["top_k"] and 0 in targets
        raise_if(0 in update.y_pred.shape[-1:] and not nothing, R["no-classes"])

    return look


EQUALITY = checks("keras-torch-equality", _targets_of_any_dtype)
THRESHOLD = checks("keras-torch-threshold", _numbers)
THRESHOLD_OF_32_BITS = checks("keras-torch-threshold-of-32-bits", _numbers, _threshold_of_32_bits)
ONE_HOT = checks("keras-torch-one-hot", _numbers, _CLASSES_IN_TARGETS, _CLASSES_IN_SCORES)
SPARSE = checks("keras-torch-sparse", _targets_of_any_dtype, _LAST_DIMENSION, _CLASSES_IN_SCORES)
TOP_K = checks("keras-torch-top-k", *_IN_TOP_K, _classes_to_look_at(dropped=1), _CLASSES_IN_TARGETS)
SPARSE_TOP_K = checks("keras-torch-sparse-top-k", *_IN_TOP_K, _classes_to_look_at(dropped=0))
