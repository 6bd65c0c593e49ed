"""Which array a reason is about, where that can be read from the arrays: no rule has to say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.numbers import Array, cast, is_float, is_text
from conformance.oracle.reasons import Reason
from conformance.oracle.repeated import Repeated

#: So many labels are listed.
_LISTED = 3


def located(reason: Reason, call: Call, parameters: Mapping[str, Any]) -> Reason:
    """Return a reason with the arrays, shapes or labels that it is about, if it has no detail and they are known.

    Args:
        reason: why a call raises.
        call: the call.
        parameters: its parameters, defaults included.
    """
    find = _DETAILS.get(reason.code)
    if reason.detail or find is None:
        return reason
    return reason.of(next(filter(None, (find(update, parameters) for update in call.updates)), ""))


def _arrays(update: Update) -> dict[str, Array]:
    known = {"y_true": update.y_true, "y_pred": update.y_pred}
    return known if update.sample_weight is None else known | {"sample_weight": update.sample_weight}


def _not_finite(update: Update, parameters: Mapping[str, Any]) -> str:
    return _in(update, lambda array: is_float(array) and not np.isfinite(cast(array, "float64")).all())


def _text(update: Update, parameters: Mapping[str, Any]) -> str:
    return _in(update, is_text)


def _in(update: Update, holds: Callable[[Array], bool]) -> str:
    names = [name for name, array in _arrays(update).items() if holds(array)]
    return f"in {' and '.join(names)}" if names else ""


def _shapes(update: Update, parameters: Mapping[str, Any]) -> str:
    true, pred = (_shape(array, update) for array in (update.y_true, update.y_pred))
    return f"y_true {true}, y_pred {pred}" if true != pred else ""


def _shape(array: Array, update: Update) -> tuple[int, ...]:
    """Return the shape of an array, of all samples where the update has each kind of them once."""
    if not isinstance(update, Repeated) or len(array) != len(update.times):
        return array.shape
    return int(update.times.sum()), *array.shape[1:]


def _lengths(update: Update, parameters: Mapping[str, Any]) -> str:
    lengths = {name: len(array) for name, array in _arrays(update).items() if array.ndim}
    listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
    return listed if len({*lengths.values()}) > 1 else ""


def _outside(update: Update, parameters: Mapping[str, Any]) -> str:
    true, pred = update.y_true, update.y_pred
    scores = is_float(pred) and pred.ndim > 1
    classes = parameters.get("num_classes") or (pred.shape[-1] if scores else None)
    if classes is None or is_text(true) or is_text(pred):
        return ""
    found = []
    for name, array in (("y_true", true), *((("y_pred", pred),) if not is_float(pred) else ())):
        labels = np.unique(cast(array, "float64"))
        outside = labels[~((labels >= 0) & (labels < classes)) & (labels != parameters.get("ignore_index"))]
        if len(outside):
            more = ", …" if len(outside) > _LISTED else ""
            found.append(f"{', '.join(f'{label:.15g}' for label in outside[:_LISTED])}{more} in {name}")
    return " and ".join(found)


#: Code of a reason -> what it is about in an update; empty if that is not known.
_DETAILS = {
    "not-finite": _not_finite,
    "strings": _text,
    "shapes-differ": _shapes,
    "ranks-differ": _shapes,
    "not-broadcast": _shapes,
    "lengths-differ": _lengths,
    "label-outside-classes": _outside,
}
