"""refusal: the little that Keras metrics refuse on the torch backend, beyond shapes that do not fit."""

from __future__ import annotations

from collections.abc import Callable

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import BOOL_TOP_K, NO_LAST_DIMENSION, UINT64
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array, is_text
from conformance.oracle.reasons import (
    EMPTY_NOT_RESHAPED,
    NO_CLASSES,
    SCORES_NOT_2D,
    STRINGS,
    TARGETS_NOT_1D,
    TOP_K_ABOVE_CLASSES,
    TOP_K_BELOW_1,
    Raises,
)
from conformance.oracle.stages import Checks, Parameters

AXIS = "refusal"

_Check = Callable[[Update, Parameters], None]


def _nothing(parameters: Parameters, call: Call) -> None:
    return None


def _each(check: _Check) -> Checks:
    def each(update: Update, parameters: Parameters, call: Call) -> None:
        check(update, parameters)

    return Checks(_nothing, each)


def _number(array: Array, dtype_given: bool = False) -> None:
    """Refuse what is no tensor of torch; an array of uint64 becomes one where another dtype is asked for."""
    if is_text(array):
        raise Raises(STRINGS, "ValueError")
    if array.dtype.name == "uint64" and not dtype_given:
        raise Raises(UINT64, "ValueError")


def _classes(array: Array) -> None:
    if array.ndim and not array.shape[-1]:
        raise Raises(NO_CLASSES, "IndexError")


def _equality(update: Update, parameters: Parameters) -> None:
    _number(update.y_pred)
    _number(update.y_true, dtype_given=True)


def _threshold(update: Update, parameters: Parameters) -> None:
    _number(update.y_pred)
    _number(update.y_true)


def _one_hot(update: Update, parameters: Parameters) -> None:
    _number(update.y_true)
    _classes(update.y_true)
    _number(update.y_pred)
    _classes(update.y_pred)


def _sparse(update: Update, parameters: Parameters) -> None:
    _equality(update, parameters)
    if not update.y_true.ndim and not update.y_pred.ndim:
        raise Raises(NO_LAST_DIMENSION, "IndexError")
    _classes(update.y_pred)


def _top_k(update: Update, parameters: Parameters) -> None:
    _equality(update, parameters)
    _classes(update.y_true)
    _in_top_k(update, max(update.y_true.ndim - 1, 0), parameters)


def _sparse_top_k(update: Update, parameters: Parameters) -> None:
    _equality(update, parameters)
    _in_top_k(update, update.y_true.ndim, parameters)


def _in_top_k(update: Update, rank: int, parameters: Parameters) -> None:
    """Refuse what in_top_k of the backend refuses; `rank` is that of the class numbers."""
    y_pred = update.y_pred
    if y_pred.ndim > 2 and not y_pred.shape[-1]:
        raise Raises(EMPTY_NOT_RESHAPED, "RuntimeError")
    if not rank:
        raise Raises(TARGETS_NOT_1D, "IndexError")
    if y_pred.dtype.kind == "b":
        raise Raises(BOOL_TOP_K, "RuntimeError")
    if parameters["top_k"] < 0:
        raise Raises(TOP_K_BELOW_1, "RuntimeError")
    if y_pred.ndim < 2:
        raise Raises(SCORES_NOT_2D, "RuntimeError")
    if not y_pred.shape[-1]:
        raise Raises(NO_CLASSES, "RuntimeError")


def _within_classes(check: _Check) -> _Check:
    def checked(update: Update, parameters: Parameters) -> None:
        check(update, parameters)
        if parameters["top_k"] > update.y_pred.shape[-1]:
            raise Raises(TOP_K_ABOVE_CLASSES, "RuntimeError")

    return checked


EQUALITY = Behaviour(AXIS, "keras-torch-equality", "Strings are refused.", _each(_equality))
THRESHOLD = Behaviour(
    AXIS,
    "keras-torch-threshold",
    "Strings and uint64 are refused; any other numbers are taken.",
    _each(_threshold),
)
ONE_HOT = Behaviour(
    AXIS, "keras-torch-one-hot", "Strings, uint64 and empty class axes are refused.", _each(_one_hot)
)
SPARSE = Behaviour(
    AXIS, "keras-torch-sparse", "Strings, uint64 and an empty class axis are refused.", _each(_sparse)
)
TOP_K = Behaviour(
    AXIS,
    "keras-torch-top-k",
    "Strings, booleans, a negative k and empty class axes are refused.",
    _each(_top_k),
)
TOP_K_WITHIN_CLASSES = Behaviour(
    AXIS,
    "keras-torch-top-k-within-classes",
    "A k above the number of classes is refused.",
    _each(_within_classes(_top_k)),
)
SPARSE_TOP_K = Behaviour(
    AXIS,
    "keras-torch-sparse-top-k",
    "Strings, booleans, a negative k and an empty class axis are refused.",
    _each(_sparse_top_k),
)
SPARSE_TOP_K_WITHIN_CLASSES = Behaviour(
    AXIS,
    "keras-torch-sparse-top-k-within-classes",
    "A k above the number of classes is refused.",
    _each(_within_classes(_sparse_top_k)),
)
