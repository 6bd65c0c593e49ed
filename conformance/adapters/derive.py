"""Dtypes, and arguments that are derived from a case which does not name them. Needs NumPy only."""

from __future__ import annotations

import itertools
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call


def num_classes(call: Call) -> int | None:
    """Return the number of score columns of y_pred, else the largest label + 1, None where there is neither.

    y_pred has score columns where it has two dimensions or more and holds floats or has more dimensions than
    y_true.
    """
    for update in call.updates[:1]:
        if update.y_pred.ndim >= 2 and (is_float(update.y_pred) or update.y_pred.ndim > update.y_true.ndim):
            return int(update.y_pred.shape[1])
    return _largest_label(call)


def num_labels(call: Call) -> int | None:
    """Return the number of columns of y_pred, whatever its dtype, else the largest label + 1."""
    for update in call.updates[:1]:
        if update.y_pred.ndim >= 2:
            return int(update.y_pred.shape[1])
    return _largest_label(call)


def task(call: Call) -> str:
    """Return the task of the case, for frameworks that take it as an argument."""
    return call.task


def metric_dtype(call: Call) -> str | None:
    """Return the dtype the case asks of the metric itself."""
    return call.metric_dtype


def output_dtype(call: Call) -> str | None:
    """Return the dtype of y_pred if it has 16 bits, as the outputs of a model in mixed precision; else None.

    Every other y_pred is what a model in single precision gives.
    """
    for update in call.updates[:1]:
        if update.y_pred.dtype.name in ("float16", "bfloat16"):
            return update.y_pred.dtype.name
    return None


def class_weight(call: Call) -> dict[int, float] | None:
    """Return the weights of classes that the case has."""
    return None if call.class_weight is None else dict(call.class_weight)


def loss(call: Call) -> str:
    """Return the loss named by the case, else the usual one for its task and the ranks of its first update.

    Targets of one dimension, or of fewer than the predictions, are class indices.
    """
    if call.loss is not None:
        return call.loss
    if call.task != "multiclass":
        return "binary_crossentropy"
    for update in call.updates[:1]:
        if update.y_true.ndim >= max(update.y_pred.ndim, 2):
            return "categorical_crossentropy"
    return "sparse_categorical_crossentropy"


def batch_size(call: Call) -> int:
    """Return the batch size that gives the batches of the case; the number of samples if it names none."""
    sizes = call.batches or tuple(len(update.y_pred) for update in call.updates[:1])
    return max([*sizes, 1])


@cache
def dtype(name: str) -> np.dtype[Any]:
    """Return the dtype of that name; `bfloat16` comes from ml_dtypes.

    Raises:
        ModuleNotFoundError: ml_dtypes is not installed.
    """
    if name != "bfloat16":
        return np.dtype(name)
    import ml_dtypes  # only here: NumPy has all others

    bfloat16: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
    return bfloat16


@cache
def name_of(dtype: np.dtype[Any]) -> str:
    """Return the name of a dtype, which NumPy composes each time."""
    return dtype.name


@cache
def has_bfloat16() -> bool:
    """Whether ml_dtypes is installed, which NumPy needs for bfloat16."""
    return find_spec("ml_dtypes") is not None


def is_float(array: NDArray[Any]) -> bool:
    """Say whether an array holds floats; NumPy does not count the dtypes of ml_dtypes as such."""
    kind = array.dtype.kind
    return kind == "f" or (kind == "V" and name_of(array.dtype) == "bfloat16")


def _largest_label(call: Call) -> int | None:
    largest: list[float] = []
    for array in itertools.chain.from_iterable((update.y_true, update.y_pred) for update in call.updates):
        if array.dtype.kind in "biu":
            largest += [int(array.max())] if array.size else []
        elif is_float(array):
            values = array.astype(np.float64)
            finite = values[np.isfinite(values)]
            largest += [float(finite.max())] if finite.size else []
    return int(max(largest)) + 1 if largest else None
