"""What two arrays look like, and which task that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from conformance.ask.arrays import AskError
from conformance.calls.text import count
from conformance.oracle.numbers import Array, cast, is_float, is_text, is_whole

#: So many different values are listed.
_MOST_LISTED = 6


def check(y_true: Array, y_pred: Array, sample_weight: Array | None) -> None:
    """Check that the arrays belong together.

    Raises:
        AskError: their lengths differ, or a target or a weight is NaN.
    """
    named = {"y_true": y_true, "y_pred": y_pred}
    if sample_weight is not None:
        named["sample_weight"] = sample_weight
        if is_text(sample_weight):
            raise AskError("sample_weight is text: weights are numbers.")
    for name, array in named.items():
        if len(array) != len(y_true):
            raise AskError(
                f"y_true has {count(len(y_true), 'sample')}, {name} has {len(array):,}: the first axis counts the"
                " samples, and has to be equally long."
            )
    for name, array in named.items():
        if name != "y_pred" and is_float(array):
            missing = np.argwhere(np.isnan(cast(array, "float64")))
            if len(missing):
                place = ", ".join(map(str, missing[0]))
                found = f"{name}[{place}] is NaN{f', as are {len(missing) - 1:,} others' if len(missing) > 1 else ''}"
                raise AskError(f"{found}: remove these samples, or give them a value.")


def described(name: str, array: Array) -> str:
    """Return the shape of an array, its dtype, and its values or their range, in one line."""
    return (
        f"{name}: shape {array.shape}, {array.dtype.name if not is_text(array) else 'text'}, {_values(array)}"
    )


def _values(array: Array) -> str:
    if is_float(array):
        wide = cast(array, "float64")
        nans = int(np.isnan(wide).sum())
        told = f", {nans:,} NaN" if nans else ""
        if nans == wide.size:
            return "all NaN"
        if len(few := np.unique(wide[:1000])) > 2 or not np.isin(wide, few).all():
            return f"from {np.nanmin(wide):.6g} to {np.nanmax(wide):.6g}{told}"
    values = np.unique(array) if array.dtype.name != "bfloat16" else np.unique(cast(array, "float64"))
    shown = ", ".join(map(str, values[:_MOST_LISTED].tolist()))
    if len(values) == 1:
        return f"all values are {shown}"
    return f"values {shown}" if len(values) <= _MOST_LISTED else f"{len(values):,} values: {shown}, …"


def doubtful(y_true: Array, y_pred: Array) -> Iterator[str]:
    """Yield what arrays that can be answered for most likely do not mean, in sentences."""
    for name, array in (("y_true", y_true), ("y_pred", y_pred)):
        if array.ndim == 2 and array.shape[1] > 1 and len(array) > 2 and not is_text(array):
            first = cast(array[:, 0], "float64")
            if any(np.array_equal(first, np.arange(start, start + len(array))) for start in (0, 1)):
                yield f"The first column of {name} counts the samples: if it is an index, remove it."
    if is_float(y_pred) and (missing := int(np.isnan(cast(y_pred, "float64")).sum())):
        yield (
            f"y_pred has {missing:,} NaN: implementations decide them differently, and some then read all scores as"
            " logits. Remove these samples first, or give them scores."
        )
    columns = y_pred.shape[1] if y_pred.ndim == 2 else 1
    if columns > 1 and y_true.size == len(y_true) and not is_text(y_true):
        labels = cast(y_true, "float64")
        low, high = labels.min(), labels.max()
        if low == 1 and high == columns:
            yield (
                f"Labels are 1 to {columns}, and the columns of y_pred 0 to {columns - 1}: if column 0 is class 1, give"
                " y_true - 1."
            )
        elif high >= columns:
            yield f"y_true has the label {high:.15g}, and the columns of y_pred are 0 to {columns - 1}."
        elif columns > 2 and len(y_true) > columns and np.isin(labels, (0, 1)).all():
            yield f"y_true holds 0 and 1 only, and y_pred has {columns} columns: classes above 1 never occur."


def unfit(y_true: Array, y_pred: Array, parameters: Mapping[str, Any]) -> Iterator[str]:
    """Yield which parameters most likely do not mean these arrays, in sentences."""
    columns = y_pred.shape[1] if y_pred.ndim == 2 else 1
    named = {name: value for name, value in parameters.items() if isinstance(value, (int, float))}
    threshold, top_k, classes = (named.get(name) for name in ("threshold", "top_k", "num_classes"))
    if threshold is not None and is_float(y_pred):
        scores = cast(y_pred, "float64")
        scores = scores[~np.isnan(scores)]
        if scores.size and (scores.max() < threshold or scores.min() > threshold):
            side = "below" if scores.max() < threshold else "above"
            yield f"All scores are {side} threshold={threshold!r}."
    if top_k is not None and top_k < 1:
        yield f"top_k={top_k!r} is less than 1."
    elif top_k is not None and columns > 1 and top_k >= columns:
        yield f"top_k={top_k!r} takes all {columns} columns of y_pred."
    if classes is not None and not is_text(y_true):
        known = max(columns, cast(y_true, "float64").max() + 1)
        if classes < known:
            yield f"num_classes={classes!r} is less than the {known:.15g} classes of the data."


def task_of(y_true: Array, y_pred: Array) -> tuple[str, str]:
    """Return the task that arrays look like, and why.

    Raises:
        AskError: they look like none.
    """
    columns = y_pred.shape[1] if y_pred.ndim > 1 else 1
    if y_true.ndim > 1 and y_true.shape[1] > 1:
        if not np.isin(y_true, (0, 1)).all():
            raise AskError(
                _unclear(
                    "y_true has several columns, and values other than 0 and 1, as images of integer labels have"
                )
            )
        if y_true.ndim == 2 and (y_true.sum(axis=1) == 1).all():
            return "multiclass", "y_true has one 1 for each sample: one-hot targets"
        return "multilabel", "y_true has several columns of 0 and 1, and any number of 1 in a row"
    if columns > 1:
        return "multiclass", f"y_pred has a score for each of {columns} classes"
    if is_text(y_true):
        return "multiclass", "y_true holds names of classes"
    if np.isin(y_true, (0, 1)).all() and (is_float(y_pred) or np.isin(y_pred, (0, 1)).all()):
        return "binary", "y_true holds 0 and 1 only, and y_pred has one value for each sample"
    if is_whole(y_true) or (y_true == np.trunc(y_true)).all():
        return "multiclass", "y_true holds integer labels"
    raise AskError(_unclear("y_true holds numbers that are no labels"))


def _unclear(why: str) -> str:
    return f"The task is not clear: {why}. Name it: binary, multiclass or multilabel."
