"""How unlike the inputs of most users those of a case are, so that plain examples are shown first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.cases.case import Case

#: Keys of inputs that ordinary calls have, too.
_KEYS = {"y_true", "y_pred", "loss", "num_classes", "num_labels", "dtype"}
#: Dtypes that need not be named: those of lists, and of a model's outputs.
_DTYPES = {"float32", "float64", "int64"}
#: Labels and weights from here on, and scores with more digits, stand in a case for their own sake.
_MOST_LABELS = 100
_DIGITS = 4
#: Outputs of a model without an activation at its end are rarely further from 0.
_MOST_LOGIT = 20
#: What NaN, infinities and missing samples count for.
_SPECIAL = 3


def oddities(case: Case) -> int:
    """Return in how many ways inputs are unlike ordinary ones, which hold integer labels, probabilities or logits.

    Parameters, weights, updates and unusual dtypes count, and so do values and shapes that users seldom have.
    """
    call = case.call()
    dtypes = dict(case.inputs.get("dtype") or {})
    odd = sum(key not in _KEYS for key in case.inputs)
    odd += "metric" in dtypes or not {*dtypes.values()} <= _DTYPES
    if not call.updates:
        return odd + _SPECIAL
    targets, predictions = call.updates[0].y_true, call.updates[0].y_pred
    odd += not _are_labels(targets) or _are_classes_in_columns(targets)
    odd += not (_are_labels(predictions) or _are_scores(predictions))
    odd += not _fit(targets.shape, predictions.shape)
    odd += len(targets) < 2 if targets.ndim else 1
    arrays = [targets, predictions]
    if (weights := call.updates[0].sample_weight) is not None:
        arrays.append(np.asarray(weights))
        odd += not _are_weights(arrays[-1], len(targets) if targets.ndim else 0)
    return odd + _SPECIAL * any(_is_special(array) for array in arrays)


def has_odd_shapes(case: Case) -> bool:
    """Whether there is no sample, or shapes are others than (N,), (N, C) and both, or ranks are above 2."""
    updates = case.call().updates
    return not updates or any(
        not (update.y_true.size and update.y_pred.size and _fit(update.y_true.shape, update.y_pred.shape))
        for update in updates
    )


def _are_labels(array: NDArray[Any]) -> bool:
    if array.dtype.kind not in "iuf":
        return False
    return bool(np.all((array >= 0) & (array < _MOST_LABELS) & (array == np.floor(array))))


def _are_classes_in_columns(labels: NDArray[Any]) -> bool:
    """Whether labels in several columns say more than which of them a sample has."""
    return labels.ndim > 1 and labels.shape[1] > 1 and bool(np.any(labels > 1))


def _are_scores(array: NDArray[Any]) -> bool:
    if array.dtype.kind != "f":
        return False
    finite = array[np.isfinite(array)]
    exact = finite.astype("float64")
    # A float32 is as close to a number with few digits as it can be.
    is_short = exact.round(_DIGITS).astype(array.dtype) == finite
    return finite.size == array.size and bool(np.all((abs(exact) <= _MOST_LOGIT) & is_short))


def _are_weights(array: NDArray[Any], samples: int) -> bool:
    return (
        array.shape == (samples,)
        and array.dtype.kind in "if"
        and bool(np.all((array > 0) & (array < _MOST_LABELS)))
    )


def _fit(targets: tuple[int, ...], predictions: tuple[int, ...]) -> bool:
    """Whether shapes are (N,) and (N,), the same with columns, or (N,) and (N, classes)."""
    if not 1 <= len(targets) <= len(predictions) <= 2:
        return False
    has_classes = len(predictions) > len(targets) and predictions[1] > 1
    return targets == predictions or (has_classes and targets == predictions[:1])


def _is_special(array: NDArray[Any]) -> bool:
    return not array.size or (array.dtype.kind == "f" and not np.isfinite(array.astype("float64")).all())
