"""What top_k above 1 did in releases before 1.7.3 (functional/classification/stat_scores.py)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.numbers import Array, cast
from conformance.oracle.reasons import reasons_in
from conformance.oracle.rules import decision_rule
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Comparison, Decision, Parameters, Scores

R = reasons_in(__package__)
RAISES_FOR_ONE_SAMPLE = R["top-k-of-one-sample"]
RAISES_FOR_POSITIONS = R["top-k-of-positions"]


def labels_taken_for_scores(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether predictions of the shape of the targets have enough columns to be scores."""
    k = parameters["top_k"]
    return k > 1 and any(
        update.y_pred.ndim == update.y_true.ndim > 1 and update.y_pred.shape[1] >= k
        for update in call.updates
    )


def one_sample(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether an update has a single sample."""
    return parameters["top_k"] > 1 and any(update.y_pred.shape[:1] == (1,) for update in call.updates)


def one_target(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether an update has one target for several samples of scores."""
    return parameters["top_k"] > 1 and any(
        update.y_true.shape[:1] == (1,) and len(update.y_pred) > 1 for update in call.updates
    )


def positions_of_one_target(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether an update has one target of as many positions as there are samples of scores."""
    return parameters["top_k"] > 1 and any(
        update.y_true.shape[:1] == (1,) and update.y_true.size == len(update.y_pred) > 1
        for update in call.updates
    )


def several_chosen(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether several classes are chosen for a sample."""
    return bool(parameters["top_k"] > 1)


def tied_first(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether several classes are chosen for a sample whose highest score two of them have."""
    return parameters["top_k"] > 1 and any(
        update.y_pred.ndim > 1 and _tied(cast(update.y_pred, "float64")) for update in call.updates
    )


def _tied(scores: Array) -> bool:
    highest = scores.max(axis=1, keepdims=True, initial=-np.inf)
    return bool(((scores == highest).sum(axis=1) != 1).any())


def several_positions(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether an update has scores of several positions per sample."""
    return parameters["top_k"] > 1 and any(math.prod(update.y_pred.shape[2:]) > 1 for update in call.updates)


def _at_first(scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison) -> Decision:
    """Predict at the first position of a sample the classes of all its positions, and nothing at the others."""
    usual = decision_rule.ARGMAX_OR_TOP_K_SECOND.apply(scores, y_true, parameters, comparison)
    if y_true.shape == (1, *usual.labels.shape[1:]):
        y_true = np.broadcast_to(y_true, usual.labels.shape)
    if usual.members is None or usual.labels.ndim < 2 or usual.labels.shape != y_true.shape:
        return usual
    surely, perhaps = _refined(scores.values, y_true, usual, parameters, comparison)
    first = np.zeros(usual.labels.shape, dtype=bool)
    first.reshape(len(first), -1)[:, :1] = True
    axes = tuple(range(1, usual.labels.ndim))
    members, possible = (
        found.any(axis=axes, keepdims=True) & first[..., None] for found in (surely, perhaps)
    )
    # The label of an element that is incorrect must not be its target, although the highest score may be there.
    target = cast(y_true, "int64")
    other = np.where(usual.labels == target, (target + 1) % members.shape[-1], usual.labels)
    return Decision(other, members, possible & ~members)


def _refined(
    scores: Array, y_true: Array, usual: Decision, parameters: Parameters, comparison: Comparison
) -> tuple[Array, Array]:
    """Return which class surely, and which perhaps, each position gives: its target, or the highest score.

    Scores of a target that is ignored and no class are overwritten with one number, so that any class may be highest.

    Returns:
        Two arrays of shape (positions, classes).
    """
    highest, ties = comparison.ties.top_k(np.moveaxis(scores, 1, -1), 1)
    classes = highest.shape[-1]
    target = cast(y_true, "int64")[..., None] == np.arange(classes)
    assert usual.members is not None
    among, open_ = usual.members, np.zeros_like(highest) if usual.open is None else usual.open
    ignored = parameters.get("ignore_index")
    if ignored is not None and not 0 <= ignored < (parameters.get("num_classes") or 1):
        overwritten = (y_true == ignored)[..., None]
        target, highest = target & ~overwritten, highest & ~overwritten
        ties = overwritten | (False if ties is None else ties)
    is_among, may_be = ((target & found).any(axis=-1, keepdims=True) for found in (among, among | open_))
    perhaps_highest = highest if ties is None else highest | ties
    surely = np.where(is_among, target, ~may_be & highest & (True if ties is None else ~ties))
    perhaps = np.where(is_among, target, (target & may_be) | perhaps_highest)
    return surely, perhaps


AT_FIRST = shared(decision_rule.AXIS, "top-k-of-all-positions-at-the-first", _at_first, __package__ or "")
