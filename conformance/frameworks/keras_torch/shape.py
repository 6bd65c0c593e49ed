"""shape, in Keras 3 on torch: the same lines of Keras, but torch's idea of squeezing and of one shape."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from conformance.oracle.model import Behaviour, Incomposable
from conformance.oracle.numbers import Array
from conformance.oracle.reasons import MATCHES_NOT_RESHAPED, ONE_TARGET_PER_SAMPLE, Raises
from conformance.oracle.rules.shape import AXIS, broadcast, same_rank, sparse_rank
from conformance.oracle.stages import Aligned, Decision, Shaping


def _squeezed_rank(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    return broadcast(*same_rank(truth, decision))


def _one_hot_rank(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """torch.squeeze leaves a last dimension that is not 1 alone, where TensorFlow refuses it."""
    final = truth.shape if truth.ndim == y_pred.ndim else None
    if final is not None and final and final[-1] == 1:
        truth = truth[..., 0]
    return broadcast(truth, decision, final)


def _sparse_rank(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    return sparse_rank(truth, decision, y_pred)


def _flat_rows(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    final = truth.shape if truth.ndim > 1 else None
    return broadcast(truth.reshape(-1), decision.reshape((-1,)), final)


def _flat_rows_broadcast(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """torch.take_along_dim broadcasts: one row of scores serves all targets, one target all rows."""
    final = truth.shape if truth.ndim > 1 else None
    flat, decided = truth.reshape(-1), decision.reshape((-1,))
    if decided.members is None:
        raise Incomposable("one label a row, where there should be a set of classes")
    try:
        shape = np.broadcast_shapes(flat.shape, decided.labels.shape)
    except ValueError:
        raise Raises(ONE_TARGET_PER_SAMPLE) from None
    if final is not None and int(np.prod(final)) != int(np.prod(shape)):
        raise Raises(MATCHES_NOT_RESHAPED)
    members = np.broadcast_to(decided.members, (*shape, decided.members.shape[-1]))
    labels = np.broadcast_to(decided.labels, shape)
    return Aligned(np.broadcast_to(flat, shape), replace(decided, labels=labels, members=members), final)


SQUEEZED_RANK = Behaviour(
    AXIS,
    "squeezed-rank-in-torch",
    "Where ranks differ by one and the last dimension is 1 it is squeezed or added; then torch broadcasts shapes.",
    Shaping(_squeezed_rank),
)
ONE_HOT_RANK = Behaviour(
    AXIS,
    "one-hot-rank-in-torch",
    "The last axis holds classes in targets and predictions; a last dimension of 1 of decoded targets that have as "
    "many axes as the predictions is dropped; what is decided is broadcast.",
    Shaping(_one_hot_rank),
)
SPARSE_RANK = Behaviour(
    AXIS,
    "sparse-rank-in-torch",
    "The last axis of the predictions holds classes; a last dimension of 1 in the targets is squeezed; "
    "then torch broadcasts shapes.",
    Shaping(_sparse_rank),
)
FLAT_ROWS = Behaviour(
    AXIS,
    "flat-rows-in-torch",
    "Scores are flattened to (rows, classes) and targets to (rows,), which have to be equally many.",
    Shaping(_flat_rows),
)
FLAT_ROWS_BROADCAST = Behaviour(
    AXIS,
    "flat-rows-broadcast",
    "Scores are flattened to (rows, classes) and targets to (rows,); where one of them has a single row it serves "
    "all of the other.",
    Shaping(_flat_rows_broadcast),
)
