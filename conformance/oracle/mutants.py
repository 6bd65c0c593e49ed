"""Mutations of rules: plausible mistakes, each made from the rule on its axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.numbers import Array, cast, is_float
from conformance.oracle.reasons import Raises
from conformance.oracle.rules import score_transform
from conformance.oracle.rules.accumulation import Summed
from conformance.oracle.stages import Checks, Parameters, Scores, Ties

#: Parameters, each with another plausible default.
DEFAULTS: tuple[tuple[str, Any], ...] = (
    *(("top_k", k) for k in (1, 2, 5)),
    *(("threshold", threshold) for threshold in (0.5, 0.0)),
    *(("average", average) for average in ("micro", "macro", "weighted", "none")),
    ("normalize", False),
    ("adjusted", True),
    *(("ignore_index", label) for label in (0, -1)),
    ("multidim_average", "samplewise"),
    ("validate_args", False),
)

#: Makes a rule from another one; None if both are the same.
Mutation = Callable[[Any], Any]


def _argmax_takes_the_last(ties: Ties) -> Ties:
    def argmax(scores: Array, axis: int) -> Array:
        return np.asarray(scores.shape[axis] - 1 - ties.argmax(np.flip(scores, axis), axis))

    return replace(ties, argmax=argmax)


def _top_k_takes_the_first(ties: Ties) -> Ties:
    def top_k(scores: Array, k: int) -> tuple[Array, Array | None]:
        wide = cast(scores, "float64") if is_float(scores) else scores.astype("int64")
        order = np.argsort(-wide, axis=-1, kind="stable")
        members = np.zeros(scores.shape, dtype=bool)
        np.put_along_axis(members, order[..., :k], True, axis=-1)
        return members, None

    return replace(ties, top_k=top_k)


def _sigmoid_from_the_border(transform: Any) -> Any:
    """The interval of probabilities is open: a 0 or a 1 makes all scores logits."""
    if transform is score_transform.NONE.apply:
        return None

    def apply(y_pred: Array, y_true: Array, parameters: Parameters, call: Call) -> Scores:
        scores: Scores = transform(y_pred, y_true, parameters, call)
        if scores.approximate or not is_float(y_pred):
            return scores
        wide = cast(y_pred, "float64")
        if not ((wide == 0) | (wide == 1)).any():
            return scores
        return Scores(cast(1 / (1 + np.exp(-wide)), y_pred.dtype.name), approximate=True)

    return apply


def _mean_of_updates(accumulation: Summed) -> Summed | None:
    return None if accumulation.reported == "mean" else replace(accumulation, reported="mean")


def _magnitudes(weights: Any) -> Any:
    def apply(shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
        weight: Array | None = weights(shape, update, call)
        return None if weight is None else np.asarray(abs(weight))

    return apply


#: A check: raises `Raises`, or returns nothing.
Check = Callable[..., None]


def _checking(checks: Any, changed: Callable[[Check], Check]) -> Any:
    """Return checks of which both are changed; those with parameters keep them, for departures to amend."""
    if isinstance(checks, Checks):
        return Checks(changed(checks.before), changed(checks.each))
    kind = type(checks)
    methods = {name: changed(getattr(kind, name)) for name in ("before", "each")}
    other = type(kind.__name__, (kind,), {**methods, "__module__": kind.__module__})
    return other(**{entry.name: getattr(checks, entry.name) for entry in fields(checks)})


def _raises_nothing(check: Check) -> Check:
    return lambda *arguments: None


def _raises_another_exception(check: Check) -> Check:
    def checked(*arguments: Any) -> None:
        try:
            check(*arguments)
        except Raises as raised:
            raise Raises(raised.reason, "AnotherError" if raised.type else None) from None

    return checked


#: Axis -> name -> mutation.
MUTANTS: Mapping[str, Mapping[str, Mutation]] = {
    "ties": {
        "argmax-takes-the-last": _argmax_takes_the_last,
        "top-k-takes-the-first": _top_k_takes_the_first,
    },
    "score-transform": {"sigmoid-from-the-border": _sigmoid_from_the_border},
    "accumulation": {"mean-of-updates": _mean_of_updates},
    "undefined-value": {"one": lambda undefined: lambda above, parameters: Fraction(1)},
    "weights": {"magnitudes": _magnitudes},
    "refusal": {
        "raises-nothing": lambda checks: _checking(checks, _raises_nothing),
        "another-exception": lambda checks: _checking(checks, _raises_another_exception),
    },
}
