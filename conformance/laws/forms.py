"""Laws about the form of the data: lists and tensors, float32 and float64, one column more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call
from conformance.laws.model import Variant
from conformance.laws.samples import with_updates

#: Name of a form in `Recipe.forms` -> what it is, in words.
FORMS = {"list": "the data as nested lists", "tensor": "the data as tensors"}


def handed_over(call: Call) -> Iterator[Variant]:
    """Yield the case with the data in other forms."""
    arrays = [
        array for u in call.updates for array in (u.y_true, u.y_pred, u.sample_weight) if array is not None
    ]
    # An empty list has no columns, and a list that says the dtype of its array there is not.
    if len(call.updates) == 1 and all(array.ndim and array.size for array in arrays):
        for form, change in FORMS.items():
            if form != "list" or _weights_as_listed(call):
                yield Variant(change, call, replace(call, usage=form))


def _weights_as_listed(call: Call) -> bool:
    """Whether weights are of the dtype that NumPy infers from a list of them: narrow integers overflow, wide do not."""
    weights = [update.sample_weight for update in call.updates if update.sample_weight is not None]
    return all(np.asarray(weight.tolist()).dtype == weight.dtype for weight in weights)


def other_width(call: Call) -> Iterator[Variant]:
    """Yield the case with its scores in float32 instead of float64 or the other way round."""
    kinds = {update.y_pred.dtype.name for update in call.updates}
    if len(kinds) != 1 or (kind := kinds.pop()) not in ("float32", "float64"):
        return
    other = {"float32": "float64", "float64": "float32"}[kind]
    with np.errstate(all="ignore"):
        updates = [replace(update, y_pred=update.y_pred.astype(other)) for update in call.updates]
    pairs = zip(call.updates, updates, strict=True)
    if all(np.array_equal(a.y_pred, b.y_pred.astype(kind), equal_nan=True) for a, b in pairs):
        yield Variant(f"y_pred as {other} instead of {kind}", call, with_updates(call, updates))


def column(call: Call) -> Iterator[Variant]:
    """Yield the case with a dimension of one more or less."""
    for names in (("y_true", "y_pred"), ("y_true",), ("y_pred",)):
        arrays = [getattr(update, name) for update in call.updates for name in names]
        ranks = {array.ndim if array.shape[1:] in ((), (1,)) else 0 for array in arrays}
        if len(ranks) == 1 and ranks <= {1, 2}:
            shape = "(N, 1) instead of (N,)" if ranks == {1} else "(N,) instead of (N, 1)"
            updates = [
                replace(update, **{name: _other_rank(getattr(update, name)) for name in names})
                for update in call.updates
            ]
            yield Variant(f"{' and '.join(names)} of shape {shape}", call, with_updates(call, updates))


def _other_rank(array: NDArray[Any]) -> NDArray[Any]:
    return array[:, None] if array.ndim == 1 else array[:, 0]
