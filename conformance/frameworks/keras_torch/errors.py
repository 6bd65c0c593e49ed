"""refusal: the little that Keras metrics refuse on the torch backend, beyond shapes that do not fit."""

from __future__ import annotations

from collections.abc import Callable

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Behaviour, Refused
from conformance.oracle.numbers import Array, is_text
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
        raise Refused("ValueError", "strings are no dtype of Keras")
    if array.dtype.name == "uint64" and not dtype_given:
        raise Refused("ValueError", "torch has no uint64 in Keras")


def _classes(array: Array) -> None:
    if array.ndim and not array.shape[-1]:
        raise Refused("IndexError", "argmax over no classes")


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
        raise Refused("IndexError", "targets without dimensions have no last one to look at")
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
        raise Refused("RuntimeError", "an array without elements cannot be reshaped to (-1, 0)")
    if not rank:
        raise Refused("IndexError", "targets have to have rank 1")
    if y_pred.dtype.kind == "b":
        raise Refused("RuntimeError", "booleans have no top k")
    if parameters["top_k"] < 0:
        raise Refused("RuntimeError", "k is negative")
    if y_pred.ndim < 2:
        raise Refused("RuntimeError", "predictions have to have rank 2")
    if not y_pred.shape[-1]:
        raise Refused("RuntimeError", "there are no classes")


def _within_classes(check: _Check) -> _Check:
    def checked(update: Update, parameters: Parameters) -> None:
        check(update, parameters)
        if parameters["top_k"] > update.y_pred.shape[-1]:
            raise Refused("RuntimeError", "k is greater than the number of classes")

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
