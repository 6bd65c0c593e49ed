"""shape: how truth and decisions are brought to one shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array
from conformance.oracle.reasons import R, Raises
from conformance.oracle.rules.wording import Worded, shared
from conformance.oracle.stages import Aligned, Alignment, Decision, Shaping, as_they_are

AXIS = "shape"

First = Callable[[Array, Array], tuple[Array, Array]]


def broadcast(truth: Array, decision: Decision, final: tuple[int, ...] | None = None) -> Aligned:
    """Broadcast single-label decisions against the truth as NumPy does, or raise."""
    if decision.members is not None:
        if truth.shape != decision.labels.shape:
            raise Raises(R["one-target-per-sample"])
        return Aligned(truth, decision, final)
    try:
        shape = np.broadcast_shapes(truth.shape, decision.labels.shape)
    except ValueError:
        raise Raises(R["not-broadcast"]) from None
    if final is not None and int(np.prod(final)) != int(np.prod(shape)):
        raise Raises(R["matches-not-reshaped"])
    return Aligned(truth, decision, final)


def _squeezed_rank(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    return broadcast(*same_rank(truth, decision))


def same_rank(truth: Array, decision: Decision) -> tuple[Array, Decision]:
    """Squeeze a last dimension of 1 where ranks differ by one, or add one if the other has rank 1."""
    labels = decision.labels
    if truth.ndim == labels.ndim + 1 and truth.shape[-1] == 1:
        if labels.ndim == 1:
            return truth, decision.reshape((*labels.shape, 1))
        return truth[..., 0], decision
    if labels.ndim == truth.ndim + 1 and labels.shape[-1] == 1:
        if truth.ndim == 1:
            return truth[..., None], decision
        return truth, decision.reshape(labels.shape[:-1])
    return truth, decision


def squeezed_or_expanded(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
    """Return both in one rank, where ranks differ by one and the last dimension is 1: see `same_rank`."""
    truth, decision = same_rank(y_true, Decision(y_pred))
    return truth, decision.labels


def _of_one_shape(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    if truth.shape != decision.labels.shape:
        raise Raises(R["shapes-differ"], "ValueError")
    return broadcast(truth, decision)


def raveled(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """Both are made flat; of as many elements they are compared in order, and a single one with all."""
    equally_many = truth.size == decision.labels.size
    return broadcast(
        truth.reshape(-1), decision.reshape((-1,)), decision.labels.shape if equally_many else None
    )


def _one_hot_rank(truth: Array, decision: Decision, y_pred: Array, *, only_1: bool) -> Aligned:
    """Decoded targets of the rank of the predictions lose a last dimension of 1; another one raises if `only_1`."""
    final = truth.shape if truth.ndim == y_pred.ndim else None
    if final is not None and final[-1:] == (1,):
        truth = truth[..., 0]
    elif final is not None and only_1:
        raise Raises(R["last-dimension-not-1"], "ValueError")
    return broadcast(truth, decision, final)


def _sparse_rank(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """Targets of the rank of the predictions with a last dimension of 1 lose it."""
    final = truth.shape if truth.ndim == y_pred.ndim and truth.ndim and truth.shape[-1] == 1 else None
    if final is not None:
        truth = truth[..., 0]
    aligned = broadcast(truth, decision, final)
    shape = final or aligned.matches_shape
    if len(shape) > 1 and shape[-1] == 1:
        return Aligned(aligned.truth, aligned.decision, tuple(shape[:-1]))
    return aligned


def of_samples(first: First) -> First:
    """Raise if predictions are not scores of samples, once they are as `first` leaves them."""

    def apply(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
        y_true, y_pred = first(y_true, y_pred)
        if y_pred.ndim < 2:
            raise Raises(R["scores-not-2d"])
        return y_true, y_pred

    return apply


def flat_samples(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """Scores become (samples, classes), targets (samples,); the matches take the shape of the targets."""
    if not truth.ndim:
        raise Raises(R["targets-not-1d"])
    final = truth.shape if truth.ndim > 1 else None
    return broadcast(truth.reshape(-1), decision.reshape((-1,)), final)


def _flat_samples_broadcast(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """As above, but one sample of scores serves all targets, and one target all samples."""
    if not truth.ndim:
        raise Raises(R["targets-not-1d"])
    final = truth.shape if truth.ndim > 1 else None
    if decision.members is None:
        raise Incomposable("one label a sample, where there should be a set of classes")
    flat, decided = _sets_broadcast(truth.reshape(-1), decision.reshape((-1,)))
    if final is not None and int(np.prod(final)) != flat.size:
        raise Raises(R["matches-not-reshaped"])
    return Aligned(flat, decided, final)


def _sets_broadcast(truth: Array, decision: Decision) -> tuple[Array, Decision]:
    """Broadcast sets of classes against the truth; single labels are left as they are."""
    if decision.members is None:
        return truth, decision
    try:
        shape = np.broadcast_shapes(truth.shape, decision.labels.shape)
    except ValueError:
        raise Raises(R["one-target-per-sample"]) from None

    def sets(array: Array) -> Array:
        return np.broadcast_to(array, (*shape, array.shape[-1]))

    return np.broadcast_to(truth, shape), Decision(
        np.broadcast_to(decision.labels, shape),
        sets(decision.members),
        None if decision.open is None else sets(decision.open),
    )


@dataclass(frozen=True)
class Flattened(Worded, Alignment):
    """All axes after the first ones are flattened, as reshape(N, -1) or reshape(N, L, -1) does.

    Attributes:
        kept: how many axes are kept: 0, 1 for the samples, 2 for samples and labels.
        never_empty: whether one of the axes that are kept must not have length 0.
        sets_broadcast: whether sets of classes, such as the top k, are broadcast against the targets.
    """

    kept: int
    never_empty: bool = False
    sets_broadcast: bool = False

    def align(self, truth: Array, decision: Decision, y_pred: Array, /) -> Aligned:
        for array in (decision.labels, truth):
            if self.never_empty and array.ndim >= self.kept and 0 in array.shape[: self.kept]:
                raise Raises(R["empty-not-reshaped"])
        for array in (decision.labels, truth):
            if array.ndim < self.kept:
                raise Raises(R["missing-axis"])
        flat, decided = self._flat(truth), decision.reshape(self._flat(decision.labels).shape)
        return broadcast(*(_sets_broadcast(flat, decided) if self.sets_broadcast else (flat, decided)))

    def _flat(self, array: Array) -> Array:
        return array.reshape((*array.shape[: self.kept], int(np.prod(array.shape[self.kept :]))))


def _columns(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    """A column (N, 1) is read as (N,)."""

    def column(array: Array) -> tuple[int, ...]:
        return array.shape[:1] if array.ndim == 2 and array.shape[1] == 1 else array.shape

    return broadcast(truth.reshape(column(truth)), decision.reshape(column(decision.labels)))


SQUEEZED_RANK = shared(AXIS, "squeezed-rank", Shaping(_squeezed_rank))
ONE_SHAPE = shared(AXIS, "one-shape", Shaping(_of_one_shape, squeezed_or_expanded))
RAVELED = shared(AXIS, "raveled", Shaping(raveled, squeezed_or_expanded))
ONE_HOT_RANK = shared(AXIS, "one-hot-rank", Shaping(partial(_one_hot_rank, only_1=True)))
ONE_HOT_RANK_IF_1 = shared(AXIS, "one-hot-rank-if-1", Shaping(partial(_one_hot_rank, only_1=False)))
SPARSE_RANK = shared(AXIS, "sparse-rank", Shaping(_sparse_rank))
FLAT_SAMPLES = shared(AXIS, "flat-samples", Shaping(flat_samples, of_samples(as_they_are)))
FLAT_SAMPLES_BROADCAST = shared(
    AXIS, "flat-samples-broadcast", Shaping(_flat_samples_broadcast, of_samples(as_they_are))
)
ELEMENTS = parametric(AXIS, Flattened(kept=0))
SAMPLES = parametric(AXIS, Flattened(kept=1))
SAMPLES_OR_ONE_FOR_ALL = parametric(AXIS, Flattened(kept=1, sets_broadcast=True))
SAMPLES_AND_LABELS = parametric(AXIS, Flattened(kept=2))
COLUMNS = shared(AXIS, "columns", Shaping(_columns))
