"""decision-rule: how a prediction becomes the label that is compared with the target."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from conformance.oracle.model import Incomposable
from conformance.oracle.numbers import Array, cast, is_float
from conformance.oracle.reasons import R, Raises
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Comparison, Decision, Parameters, Scores

AXIS = "decision-rule"

#: What stands for a score that is not among the k highest.
_NOT_KEPT = -1e10

#: A highest score up to this one is no decision.
_ZERO = 1e-9


def _equality(scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison) -> Decision:
    return Decision(scores.values)


def _compare(scores: Scores, threshold: Any, comparison: Comparison, at: bool) -> Decision:
    """Compare with a threshold; `at` says whether a score equal to it is positive."""
    a, b = comparison.precision.compare(scores.values, threshold)
    with np.errstate(invalid="ignore"):
        labels = np.asarray(a >= b if at else a > b)
    return Decision(labels, open=_undecided(a, float(b)) if scores.approximate else None)


def _undecided(scores: Array, threshold: float) -> Array:
    """Positions where a rounded sigmoid lies within 2 ulp of the threshold; sigmoid(0) is 0.5 exactly."""
    if not 0 < threshold < 1:
        return np.zeros(scores.shape, dtype=bool)
    wide = cast(scores, "float64")
    epsilon = {"float16": 2**-10, "bfloat16": 2**-7, "float32": 2**-23}.get(scores.dtype.name, 2**-52)
    return np.asarray((np.abs(wide - threshold) <= 2 * epsilon * threshold) & (wide != 0.5))


def _above(
    scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison, *, at: bool = False
) -> Decision:
    return _compare(scores, parameters.number("threshold"), comparison, at)


def _in_buckets(scores: Scores, threshold: Any, parameters: Parameters, comparison: Comparison) -> Decision:
    """Of n evenly spaced thresholds a score exceeds as many as its bucket has below it: ceil(p (n - 1)) of [0, 1]."""
    values, _ = comparison.precision.compare(scores.values, threshold)
    last = len(parameters["thresholds"]) - 1
    with np.errstate(invalid="ignore"):
        buckets = np.ceil(np.clip(values, 0, 1) * cast(np.asarray(last), values.dtype.name))
        return Decision(np.asarray(buckets > round(threshold * last)))


def _above_of_kept(
    scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison, *, buckets: bool = False
) -> Decision:
    """With top_k, scores that are not among the k highest of the last axis become a very low one."""

    def above(scores: Scores) -> Decision:
        if buckets:
            return _in_buckets(scores, threshold, parameters, comparison)
        return _compare(scores, threshold, comparison, at=False)

    k, threshold = parameters.get("top_k"), parameters.get("threshold")
    if threshold is not None:
        threshold = parameters.number("threshold")
    if k is None:
        threshold = 0.5 if threshold is None else threshold
        return above(scores)
    values = scores.values if is_float(scores.values) else cast(scores.values, "float64")
    members, open_ = comparison.ties.top_k(values, k)
    kept, low = members.astype(values.dtype), cast(np.asarray(_NOT_KEPT), values.dtype.name)
    with np.errstate(all="ignore"):
        filtered = Scores(np.asarray(values * kept + low * (1 - kept), dtype=values.dtype))
    threshold = _NOT_KEPT if threshold is None else threshold
    decision = above(filtered)
    if open_ is None:
        return decision
    return Decision(decision.labels, open=open_ & above(Scores(values)).labels)


def _highest_or_above(
    scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison, *, every: bool
) -> Decision:
    """Without a threshold the highest score of a sample is positive, or `every` score that equals it, but zeros."""
    if parameters["threshold"] is not None:
        return _above(scores, y_true, parameters, comparison)
    values = scores.values
    if values.ndim < 2 or not values.shape[-1]:
        return Decision(np.zeros(values.shape, dtype=bool))
    if not every:
        return Decision(np.arange(values.shape[-1]) == comparison.argmax(values, -1)[..., None])
    with np.errstate(invalid="ignore"):
        highest = values >= values.max(axis=-1, keepdims=True)
        return Decision(highest & (np.abs(values) > cast(np.asarray(_ZERO), values.dtype.name)))


def _labels_or_above(
    scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison, *, at: bool = False
) -> Decision:
    """Floating predictions are scores, integers are labels already."""
    if not is_float(scores.values):
        return Decision(scores.values)
    return _above(scores, y_true, parameters, comparison, at=at)


def _argmax_last(scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison) -> Decision:
    return Decision(comparison.argmax(scores.values, -1))


def _argmax_second(scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison) -> Decision:
    if scores.values.ndim < 2:
        raise Incomposable("one column of scores has no second axis")
    return Decision(comparison.argmax(scores.values, 1))


def _classes(scores: Array, k: int, comparison: Comparison) -> Decision:
    members, open_ = comparison.ties.top_k(scores, k)
    void = comparison.special.void(scores)
    best = comparison.argmax(scores, -1) if scores.shape[-1] else np.zeros(scores.shape[:-1], dtype="int64")
    return Decision(best, members & ~void, None if open_ is None else open_ & ~void)


def _top_k_last(scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison) -> Decision:
    return _classes(scores.values, parameters["top_k"], comparison)


def _argmax_or_top_k_second(
    scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison
) -> Decision:
    """Scores have one axis more than targets, the second; else predictions are labels."""
    k = parameters.get("top_k")
    if k is None or k <= 1:
        has_classes = scores.values.ndim == y_true.ndim + 1
        return (
            _argmax_second(scores, y_true, parameters, comparison) if has_classes else Decision(scores.values)
        )
    if scores.values.ndim < 2:
        raise Raises(R["top-k-of-labels"])
    return _classes(np.moveaxis(scores.values, 1, -1), k, comparison)


def _top_k_of_two(
    scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison, *, at: bool
) -> Decision:
    """Of several columns the top k; of one column k = 1 is a threshold and k > 1 is always correct."""
    values, k = scores.values, parameters["top_k"]
    if values.ndim == 2 and values.shape[1] > 1:
        return _classes(values, k, comparison)
    flat = cast(values.reshape(-1), "float64")
    if not flat.size:
        raise Incomposable("there are no scores")
    threshold = 0.5 if flat.min() >= 0 and flat.max() <= 1 else 0.0
    positive = flat >= threshold if at else flat > threshold
    both = np.ones((*flat.shape, 2), dtype=bool)
    return Decision(positive.astype("int64"), np.stack([~positive, positive], axis=-1) if k == 1 else both)


def _named(
    scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison, *, at_default: bool
) -> Decision:
    """The two labels of the targets, in order, are negative and positive; scores are raveled.

    A score equal to a threshold is positive; one equal to the default threshold if `at_default`.
    """
    default = parameters["threshold"] == "auto"
    flat = Scores(scores.values.reshape(-1), scores.approximate)
    threshold = 0.5 if default else parameters.number("threshold")
    positive = _compare(flat, threshold, comparison, at_default or not default).labels
    classes = np.unique(y_true)
    classes = classes if len(classes) == 2 else np.array([0, 1])
    return Decision(classes[positive.astype("int64")])


EQUALITY = shared(AXIS, "equality", _equality)
ABOVE = shared(AXIS, "above", _above)
AT_OR_ABOVE = shared(AXIS, "at-or-above", partial(_above, at=True))
ABOVE_OF_KEPT = shared(AXIS, "above-of-kept", _above_of_kept)
IN_BUCKETS_OF_KEPT = shared(AXIS, "in-buckets-of-kept", partial(_above_of_kept, buckets=True))
LABELS_OR_ABOVE = shared(AXIS, "labels-or-above", _labels_or_above)
LABELS_OR_AT_OR_ABOVE = shared(AXIS, "labels-or-at-or-above", partial(_labels_or_above, at=True))
HIGHEST_OR_ABOVE = shared(AXIS, "highest-or-above", partial(_highest_or_above, every=False))
EVERY_HIGHEST_OR_ABOVE = shared(AXIS, "every-highest-or-above", partial(_highest_or_above, every=True))
ARGMAX_LAST = shared(AXIS, "argmax-last", _argmax_last)
ARGMAX_SECOND = shared(AXIS, "argmax-second", _argmax_second)
TOP_K_LAST = shared(AXIS, "top-k-last", _top_k_last)
ARGMAX_OR_TOP_K_SECOND = shared(AXIS, "argmax-or-top-k-second", _argmax_or_top_k_second)
TOP_K_OR_AT_LEAST = shared(AXIS, "top-k-or-at-least", partial(_top_k_of_two, at=True))
TOP_K_OR_ABOVE = shared(AXIS, "top-k-or-above", partial(_top_k_of_two, at=False))
NAMED_ABOVE_ONE_HALF = shared(AXIS, "named-above-one-half", partial(_named, at_default=False))
NAMED_AT_OR_ABOVE = shared(AXIS, "named-at-or-above", partial(_named, at_default=True))
