"""decision-rule of crossentropies: what a prediction costs, a number instead of a right or wrong.

What IEEE arithmetic fixes (clipping, 1 - p, p / sum) is done in float32 as the frameworks do it; logarithms and
sums in float64, so that what is left is the rounding of float32, which `Rounding` bounds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from conformance.oracle.model import Behaviour, Incomposable
from conformance.oracle.numbers import Array, cast
from conformance.oracle.stages import (
    Aligned,
    Comparison,
    Counted,
    Decide,
    Decision,
    Parameters,
    Rounding,
    Scores,
)

AXIS = "decision-rule"

#: keras.config.epsilon(), as float32 sees it and what it leaves of 1.
_LOWEST, _HIGHEST = np.float32(1e-7), np.float32(1 - 1e-7)

#: Rounded operations behind one term: a logarithm (3 ulp on the CPU), a product, a sum, a quotient.
_OPERATIONS = 8

#: Rows of this class cost nothing in torch's nll_loss, unless it is told otherwise (ignore_index).
IGNORED_CLASS = -100

#: Targets and scores, of one shape P + (C,) -> cost of each position, and the sum of magnitudes behind it.
Cost = Callable[[Array, Array], tuple[Array, Array]]


def _clipped(scores: Array) -> Array:
    return np.clip(scores, _LOWEST, _HIGHEST)


def _logarithm(chances: Array) -> Array:
    return np.asarray(np.log(chances.astype("float64")))


def _wide(array: Array) -> Array:
    return array.astype("float64")


def _binary_of(added: float) -> Cost:
    """Return the cost of each element, averaged over the last axis; `added` is put under the logarithms.

    TensorFlow's optimizer of graphs makes (1 + added) - p of 1 - p + added.
    """

    def cost(truth: Array, scores: Array) -> tuple[Array, Array]:
        one, more = np.float32(1), np.float32(added)
        chances = _clipped(scores)
        positive = _wide(truth) * _logarithm(chances + more)
        negative = _wide(one - truth) * _logarithm((one + more) - chances)
        count = positive.shape[-1]
        return -(positive + negative).sum(-1) / count, (abs(positive) + abs(negative)).sum(-1) / count

    return cost


def _binary_exactly(truth: Array, scores: Array) -> tuple[Array, Array]:
    """The same with log1p(-p), which does not round 1 - p."""
    chances = _wide(_clipped(scores))
    positive, negative = _wide(truth) * np.log(chances), (1 - _wide(truth)) * np.log1p(-chances)
    count = truth.shape[-1]
    return -(positive + negative).sum(-1) / count, (abs(positive) + abs(negative)).sum(-1) / count


def _categorical(truth: Array, scores: Array) -> tuple[Array, Array]:
    """Scores are divided by their sum; one that was not clipped then has the relative error of that sum."""
    total = scores.sum(-1, keepdims=True, dtype="float32")
    shares = scores / total
    logarithms = _logarithm(_clipped(shares))
    inexact = np.where(
        (shares > _LOWEST / 2) & (shares < 1), abs(scores).sum(-1, keepdims=True) / abs(total), 0
    )
    terms = _wide(truth) * logarithms
    return -terms.sum(-1), (abs(_wide(truth)) * (abs(logarithms) + inexact)).sum(-1)


def _one_hot(truth: Array, scores: Array) -> Array:
    classes = cast(truth, "int64")
    if not scores.shape[-1] or not ((classes >= 0) & (classes < scores.shape[-1])).all():
        raise Incomposable("a label outside the classes has no score")
    return np.eye(scores.shape[-1], dtype="float32")[classes]


def _sparse_shares(truth: Array, scores: Array) -> tuple[Array, Array]:
    ignored = cast(truth, "int64") == IGNORED_CLASS
    value, magnitude = _categorical(_one_hot(np.where(ignored, 0, truth), scores), scores)
    return np.where(ignored, 0.0, value), np.where(ignored, 0.0, magnitude)


def _sparse(truth: Array, scores: Array) -> tuple[Array, Array]:
    """The softmax of the logarithms of clipped scores, which divides them by their sum."""
    classes = _one_hot(truth, scores).argmax(-1)
    logarithms = _logarithm(_clipped(scores))
    chosen = np.take_along_axis(logarithms, classes[..., None], axis=-1)[..., 0]
    whole = _logarithm(_wide(_clipped(scores)).sum(-1))
    highest = logarithms.max(-1)
    return whole - chosen, abs(chosen) + 2 * abs(highest) + abs(whole - highest) + 1


def _costing(cost: Cost, classes: bool = False) -> Callable[..., Decision]:
    def worth(aligned: Aligned) -> Counted:
        truth, scores = aligned.truth, aligned.decision.labels
        with np.errstate(all="ignore"):
            value, magnitude = cost(truth, scores)
        if not classes:
            truth, scores = np.broadcast_arrays(truth, scores)
        finite = magnitude[np.isfinite(magnitude)]
        rounding = Rounding(scores.shape[-1] + _OPERATIONS, float(finite.max()) if finite.size else 0.0)
        return Counted(hit=np.asarray(value), kept=None, truth=truth, decided=scores, rounding=rounding)

    def decide(scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison) -> Decision:
        if scores.values.ndim < 1:
            raise Incomposable("a number has no axis of classes")
        return Decision(cast(scores.values, "float32"), worth=worth)

    return decide


BINARY = Behaviour[Decide](
    AXIS,
    "log-loss-binary",
    "A score costs -t log(p) - (1 - t) log(1 - p), p clipped to [1e-7, 1 - 1e-7]; the last axis is averaged.",
    _costing(_binary_of(0.0)),
)
BINARY_EPSILON_ADDED = Behaviour[Decide](
    AXIS,
    "log-loss-binary-epsilon-added",
    "A score costs -t log(p + 1e-7) - (1 - t) log((1 + 1e-7) - p), p clipped to [1e-7, 1 - 1e-7]; the last axis is "
    "averaged.",
    _costing(_binary_of(1e-7)),
)
CATEGORICAL = Behaviour[Decide](
    AXIS,
    "log-loss-categorical",
    "The scores of a row are divided by their sum and clipped to [1e-7, 1 - 1e-7]; the row costs the sum of "
    "-t log(p).",
    _costing(_categorical),
)
SPARSE = Behaviour[Decide](
    AXIS,
    "log-loss-sparse",
    "The scores of a row are clipped to [1e-7, 1 - 1e-7] and divided by their sum; the row costs -log(p) of the "
    "true class.",
    _costing(_sparse, classes=True),
)
BINARY_WITHOUT_ROUNDING = Behaviour[Decide](
    AXIS,
    "log-loss-binary-without-rounding",
    "A score costs -t log(p) - (1 - t) log(1 - p), p clipped to [1e-7, 1 - 1e-7] and 1 - p not rounded; the last axis "
    "is averaged.",
    _costing(_binary_exactly),
)
SPARSE_SHARES = Behaviour[Decide](
    AXIS,
    "log-loss-sparse-shares",
    "The scores of a row are divided by their sum and clipped to [1e-7, 1 - 1e-7]; the row costs -log(p) of the true "
    "class, or nothing if that is -100.",
    _costing(_sparse_shares, classes=True),
)
