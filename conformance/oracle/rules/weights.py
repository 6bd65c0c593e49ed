"""weights: how sample_weight enters; gives weights of the shape of the hits, a scalar, or None."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, broadcast_to, cast, without_subnormals
from conformance.oracle.reasons import R, Raises, raise_if
from conformance.oracle.rules.shape import squeezed_or_expanded
from conformance.oracle.rules.threshold_precision import tf_cast
from conformance.oracle.rules.wording import Worded, shared

AXIS = "weights"


def _none(shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
    return None


@dataclass(frozen=True)
class Broadcast(Worded):
    """Weights are cast to the metric's dtype, brought to the rank of the matches and broadcast to them.

    Attributes:
        scalar_weighs_mean: whether a scalar is the weight of the mean of its update, and not of every match.
        flushed: whether subnormal weights are zero, as on threads that flush denormals.
    """

    scalar_weighs_mean: bool = False
    flushed: bool = False

    def __call__(self, shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
        sample_weight = update.sample_weight
        if sample_weight is None:
            return None
        weight = cast(sample_weight, call.metric_dtype or "float32")
        weight = without_subnormals(weight) if self.flushed else weight
        rank = len(shape)
        if rank == weight.ndim + 1 and shape[-1] == 1 and weight.ndim == 1:
            weight = weight[:, None]
        elif weight.ndim == rank + 1 and weight.shape[-1] == 1:
            weight = weight[..., 0]
        if weight.ndim == 0:
            return weight if self.scalar_weighs_mean else np.broadcast_to(weight, shape)
        try:
            full = np.broadcast_to(weight, shape[: weight.ndim])
        except ValueError:
            raise Raises(R["weights-not-broadcast"]) from None
        return np.broadcast_to(full.reshape(full.shape + (1,) * (rank - full.ndim)), shape)


@dataclass(frozen=True)
class OfElements(Worded):
    """Weights are cast to the metric's dtype and broadcast to the elements, those of samples along the last axis.

    Attributes:
        same_rank: whether weights raise that are no scalar and then do not have the rank of the elements.
        dtype: dtype to which they are cast; empty for that of the metric.
    """

    same_rank: bool = False
    dtype: str = ""

    def __call__(self, shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
        if update.sample_weight is None:
            return None
        name, rank = self.dtype or call.metric_dtype or "float32", len(shape)
        weight = cast(update.sample_weight, name)
        if self.same_rank:
            # They get the rank that predictions have before these are squeezed.
            more = weight.ndim - update.y_pred.ndim
            if more == 1 and weight.shape[-1] == 1:
                weight = weight[..., 0]
            elif weight.ndim and more == -1:
                weight = weight[..., None]
            raise_if(weight.ndim not in (0, rank), R["weights-not-broadcast"])
        else:
            truth, scores = squeezed_or_expanded(update.y_true, update.y_pred)
            weight = weight if weight.ndim == truth.ndim else weight[..., None]
            if weight.size == scores.size == 1 and weight.ndim <= scores.ndim:
                # The single score may be compared with several targets.
                return np.broadcast_to(weight.reshape(()), shape)
            if shape == (scores.size,) and scores.ndim > 1:
                # Or all scores with a single target, and both are flat.
                try:
                    return np.broadcast_to(weight, scores.shape).reshape(shape)
                except ValueError:
                    raise Raises(R["weights-not-broadcast"]) from None
        one_class = call.parameters.get("class_id") is not None
        try:
            full = np.broadcast_to(weight, (*shape[:-1], 1) if one_class else shape)
        except ValueError:
            raise Raises(R["weights-not-broadcast"]) from None
        return np.broadcast_to(full, shape)


def _per_element_or_part(shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
    """Weights are cast to the metric's dtype and squeezed or expanded by one dimension to the rank of the matches.

    Weights that are then broadcast to the matches have their shape; others are returned as they are: they weigh
    parts of the matches, or raise.
    """
    sample_weight = update.sample_weight
    if sample_weight is None:
        return None
    weight = without_subnormals(tf_cast(sample_weight, call.metric_dtype or "float32"))
    if weight.ndim and weight.ndim == len(shape) + 1:
        if weight.shape[-1] != 1:
            raise Raises(R["weights-not-broadcast"])
        weight = weight[..., 0]
    elif weight.ndim and weight.ndim == len(shape) - 1:
        weight = weight[..., None]
    fits = weight.ndim == len(shape) and all(w in (1, v) for w, v in zip(weight.shape, shape, strict=True))
    if fits or not weight.ndim:
        return np.broadcast_to(weight, shape)
    try:
        np.broadcast_shapes(weight.shape, shape[: weight.ndim])
    except ValueError:
        raise Raises(R["weights-not-broadcast"]) from None
    return weight


def _per_mean_or_part(shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
    return _per_element_or_part(shape[:-1], update, call)


def _per_sample(shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
    sample_weight = update.sample_weight
    if sample_weight is None:
        return None
    if sample_weight.shape != shape[:1]:
        raise Incomposable(f"weights {sample_weight.shape} for samples {shape[:1]}")
    weight = (
        cast(sample_weight, "float64") if sample_weight.dtype.kind != "b" else sample_weight.astype("int64")
    )
    return broadcast_to(weight.reshape(weight.shape + (1,) * (len(shape) - 1)), shape)


def _per_sample_or_column(shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
    weight = update.sample_weight
    flat = replace(update, sample_weight=None if weight is None else weight.reshape(-1))
    return _per_sample(shape, flat, call)


UNUSED = shared(AXIS, "unused", _none)
BROADCAST = parametric(AXIS, Broadcast())
BROADCAST_FLUSHED = parametric(AXIS, Broadcast(flushed=True))
OF_ELEMENTS = parametric(AXIS, OfElements())
OF_ELEMENTS_OF_RANK = parametric(AXIS, OfElements(same_rank=True))
PER_ELEMENT_OR_PART = shared(AXIS, "per-element-or-part", _per_element_or_part)
PER_MEAN_OR_PART = shared(AXIS, "per-mean-or-part", _per_mean_or_part)
PER_SAMPLE = shared(AXIS, "per-sample", _per_sample)
PER_SAMPLE_OR_COLUMN = shared(AXIS, "per-sample-or-column", _per_sample_or_column)
