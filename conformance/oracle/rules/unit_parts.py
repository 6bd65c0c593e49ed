"""unit: weights may lack axes of what they weigh, or be broadcast along it; then parts are counted."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from conformance.oracle.numbers import Array, broadcast_shapes, broadcast_to, exact
from conformance.oracle.reasons import SCALAR, Raises
from conformance.oracle.rules.unit import AXIS, elements, objects
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Counted, Parameters, Units

Unit = Callable[[Counted, Array | None, int, Parameters], Units]


def _exactly(array: Array) -> Array:
    return objects([exact(value) for value in array.ravel().tolist()]).reshape(array.shape)


def _means(values: Array, rank: int) -> Array:
    """Return the mean over the axes behind the first `rank` ones, NaN where they are empty."""
    size = int(np.prod(values.shape[rank:]))
    sums = np.asarray(values.sum(axis=tuple(range(rank, values.ndim))), dtype=object)
    return np.asarray(sums * Fraction(1, size) if size else np.full(sums.shape, float("nan")), dtype=object)


def _units(counted: Counted, above: Array, below: Array | None, sample: int) -> Units:
    """Return units that are means, so that none has a label of its own."""
    return Units(
        numerator=above.ravel(),
        denominator=below,
        sample=np.full(above.size, sample),
        column=None,
        truth=None,
        decided=None,
        shape=above.shape,
    )


def _weighed(counted: Counted, values: Array, weights: Array, sample: int, once: bool) -> Units:
    """Weigh means over the axes that weights lack, broadcast against the weights.

    Args:
        counted: what the values were made of.
        values: exact values.
        weights: weights that can be broadcast against the first axes of the values.
        sample: number of the first sample.
        once: whether a weight is added up once below, however often it is used above.
    """
    exactly = _exactly(weights)
    means = _means(values, weights.ndim)
    above = np.asarray(
        broadcast_to(means, broadcast_shapes(means.shape, exactly.shape)) * exactly, dtype=object
    )
    below = exactly if once else np.broadcast_to(exactly, above.shape)
    missing = [Fraction(0)] * (above.size - below.size)
    return _units(counted, above, objects([*below.ravel().tolist(), *missing]), sample)


def _parts(once: bool) -> Unit:
    def apply(counted: Counted, weights: Array | None, sample: int, parameters: Parameters) -> Units:
        if weights is None or weights.shape == counted.hit.shape:
            return elements(counted, weights, sample, parameters)
        return _weighed(counted, _exactly(counted.hit), weights, sample, once)

    return apply


def _last_axis_means(once: bool) -> Unit:
    def apply(counted: Counted, weights: Array | None, sample: int, parameters: Parameters) -> Units:
        hit = counted.hit
        if not hit.ndim:
            raise Raises(SCALAR)
        means = _means(_exactly(hit), hit.ndim - 1)
        if weights is None:
            return _units(counted, means, None, sample)
        return _weighed(counted, means, weights, sample, once)

    return apply


PART = shared(AXIS, "element-or-part", _parts(once=False))
PART_COUNTED_ONCE = shared(AXIS, "element-or-part-counted-once", _parts(once=True))
LAST_AXIS_MEAN = shared(AXIS, "last-axis-mean", _last_axis_means(once=False))
LAST_AXIS_MEAN_COUNTED_ONCE = shared(AXIS, "last-axis-mean-counted-once", _last_axis_means(once=True))
