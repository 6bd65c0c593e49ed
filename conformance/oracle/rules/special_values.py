"""special-values: NaN, infinities and -0.0 among scores that are ranked."""

from __future__ import annotations

import numpy as np

from conformance.oracle.numbers import Array, cast, is_float, without_subnormals
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Special

AXIS = "special-values"


def _plain(scores: Array) -> Array:
    return scores


def _never_void(scores: Array) -> Array:
    return np.zeros(scores.shape, dtype=bool)


def _nan_last_and_negative_zero_below(scores: Array) -> Array:
    """As a loop with a start value sees them: NaN is never greater, the start value is the lowest finite number."""
    if not is_float(scores):
        return scores
    wide = cast(scores, "float32" if scores.dtype.itemsize < 4 else scores.dtype.name)
    info = np.finfo(wide.dtype)
    wide = np.where((wide == 0) & np.signbit(wide), -info.tiny, wide)
    return np.asarray(np.where(np.isnan(wide) | (wide < info.min), info.min, wide))


def _non_finite_voids(scores: Array) -> Array:
    if not is_float(scores):
        return _never_void(scores)
    void = ~np.isfinite(cast(scores, "float64")).all(axis=-1, keepdims=True)
    return np.broadcast_to(void, scores.shape)


def _nan_voids(scores: Array) -> Array:
    """NaN is not even greater than or equal to itself."""
    return np.isnan(cast(scores, "float64")) if is_float(scores) else _never_void(scores)


def _nan_last_and_zeros_equal(scores: Array) -> Array:
    """As tf.argmax sees them: NaN is never greater, the start value is the lowest finite number of the dtype."""
    if not is_float(scores):
        return scores
    number = scores.dtype.type
    lowest = float(np.nextafter(number(-np.inf), number(0)))
    wide = cast(scores, "float64")
    return np.asarray(np.where(np.isnan(wide) | (wide < lowest), lowest, wide))


AS_NUMBERS = shared(AXIS, "as-numbers", Special(_plain, _never_void, _plain))
NAN_TAKES_A_PLACE = shared(AXIS, "nan-takes-a-place", Special(_plain, _nan_voids, _plain))
NAN_LOSES = shared(
    AXIS, "nan-loses", Special(_nan_last_and_negative_zero_below, _non_finite_voids, without_subnormals)
)
NAN_LOSES_ZEROS_EQUAL = shared(
    AXIS, "nan-loses-zeros-equal", Special(_nan_last_and_zeros_equal, _non_finite_voids, without_subnormals)
)
