"""unit: what is averaged - elements, means of samples, or samples that match exactly.

Weights may lack axes of what they weigh, or be broadcast along it; then parts are counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, broadcast_shapes, broadcast_to, cast, exact, is_float
from conformance.oracle.reasons import R, Raises
from conformance.oracle.rules.wording import Worded, shared
from conformance.oracle.stages import Counted, Parameters, Units

AXIS = "unit"


def objects(values: list[Any]) -> Array:
    """Return an array of these very objects."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _weighted(hit: Array, weights: Array) -> tuple[Array, Array]:
    """Return what each element adds to numerator and denominator: integers, or float64, which holds every weight."""
    below = weights.astype("float64" if is_float(weights) else "int64").ravel()
    with np.errstate(invalid="ignore"):  # 0 times infinity is NaN, also where it is incorrect
        return hit.ravel() * below, below


def _exactly(array: Array) -> Array:
    return objects([exact(value) for value in array.ravel().tolist()]).reshape(array.shape)


def _means(values: Array, rank: int) -> Array:
    """Return the exact mean over the axes behind the first `rank` ones, NaN where they are empty.

    Args:
        values: booleans, integers or exact numbers.
        rank: how many axes are kept.
    """
    size = int(np.prod(values.shape[rank:]))
    sums = _exactly(np.asarray(values.sum(axis=tuple(range(rank, values.ndim)))))
    return np.asarray(sums * Fraction(1, size) if size else np.full(sums.shape, float("nan")), dtype=object)


def _of_means(hit: Array, weights: Array | None, rank: int, sample: int) -> Units | None:
    """Return means over the axes behind the first `rank` ones, an entry for each hit; None where they are empty.

    Args:
        hit: booleans.
        weights: weights of the hits or of the means, or None.
        rank: how many axes are kept.
        sample: number of the first sample.
    """
    kept, size = hit.shape[:rank], int(np.prod(hit.shape[rank:]))
    if not size:
        return None
    above: Array = hit.ravel().astype("int64")
    below = None
    if weights is not None:
        missing = (1,) * (hit.ndim - weights.ndim)
        above, below = _weighted(hit, np.broadcast_to(weights.reshape(weights.shape + missing), hit.shape))
    return Units(above, below, np.repeat(_samples(kept, sample), size), kept, share=Fraction(1, size))


def as_means(units: Units) -> Units:
    """Return units with a single entry each."""
    if units.share == 1:
        return units
    size = units.share.denominator

    def mean(array: Array) -> Array:
        each = array.reshape(-1, size)
        return _means(_exactly(each) if is_float(each) else each, 1)

    return replace(
        units,
        numerator=mean(units.numerator),
        denominator=None if units.denominator is None else mean(units.denominator),
        sample=units.sample[::size],
        share=Fraction(1),
    )


def _whole(counted: Counted, weight: Array, sample: int) -> Units:
    """One scalar weight: the mean over everything is one unit of that weight."""
    below = _exactly(weight)
    above = _means(counted.hit, 0) * below
    return Units(objects([above]), below.reshape(1), np.array([sample]), counted.hit.shape)


def _fitting(weights: Array | None, hit: Array) -> None:
    """Make sure that each hit has a weight, unless there is one for all or none.

    Raises:
        Incomposable: they are weights of something else.
    """
    if weights is not None and weights.ndim and weights.shape != hit.shape:
        raise Incomposable(f"weights {weights.shape} for matches {hit.shape}")


def elements(counted: Counted, weights: Array | None, sample: int, parameters: Parameters) -> Units:
    """Count every element; `sample` is the number of the first sample."""
    hit = counted.hit
    if weights is not None and weights.ndim == 0 and hit.ndim:
        return _whole(counted, weights, sample)
    kept = None if counted.kept is None or counted.kept.all() else broadcast_to(counted.kept, hit.shape)

    def of_kept(array: Array) -> Array:
        return array.ravel() if kept is None else array[kept].ravel()

    def along(axis: int, first: int = 0) -> Array:
        """Return the index of each hit on one axis: a view, as there may be millions."""
        places = np.arange(first, first + hit.shape[axis])
        if hit.ndim == 1:
            return places
        return np.broadcast_to(places.reshape(-1, *(1 for _ in hit.shape[axis + 1 :])), hit.shape)

    above: Array = of_kept(hit)
    above = above.astype("int64") if above.dtype.kind == "b" else above
    below = None
    if weights is not None:
        above, below = _weighted(above, of_kept(broadcast_to(weights, hit.shape)))
    return Units(
        numerator=above,
        denominator=below,
        sample=of_kept(along(0, sample)) if hit.ndim else of_kept(np.array(sample)),
        column=of_kept(along(1)) if hit.ndim > 1 else None,
        truth=of_kept(counted.truth),
        decided=of_kept(counted.decided),
        shape=hit.shape,
        hit=of_kept(hit),
    )


def _sample_means(counted: Counted, weights: Array | None, sample: int, parameters: Parameters) -> Units:
    hit = counted.hit
    _fitting(weights, hit)
    if weights is not None and weights.ndim == 0:
        return _whole(counted, weights, sample)
    if hit.ndim <= 1 or int(np.prod(hit.shape[1:])) == 1:
        # A sample of one element is that element, and its count stays an integer.
        flat = counted if hit.ndim <= 1 else counted.reshape(hit.shape[:1])
        if weights is not None and weights.size != flat.hit.size:
            raise Incomposable("there is not one weight per sample")
        return elements(
            flat, None if weights is None else weights.reshape(flat.hit.shape), sample, parameters
        )
    found = _of_means(hit, weights, 1, sample)
    if found is not None:
        return found
    below = None if weights is None else _means(_exactly(weights), 1)
    return Units(_means(hit, 1), below, sample + np.arange(hit.shape[0]), hit.shape)


@dataclass(frozen=True)
class SampleMean(Worded):
    """A sample is one unit: the mean over its elements.

    Attributes:
        in_float32: whether means are rounded to float32.
        weights_in_bfloat16: whether the mean of the weights of a sample is rounded to bfloat16.
    """

    in_float32: bool = False
    weights_in_bfloat16: bool = False

    def __call__(self, counted: Counted, weights: Array | None, sample: int, parameters: Parameters) -> Units:
        units = _sample_means(counted, weights, sample, parameters)
        scalar = weights is not None and not weights.ndim
        if self.in_float32 and counted.hit.ndim > (0 if scalar else 1):
            units = as_means(units)
            units = replace(units, numerator=_rounded(units.numerator, "float32"))
            units = units if scalar else _with_weights_in(units, "float32")
        if self.weights_in_bfloat16 and units.denominator is not None:
            units = _with_weights_in(as_means(units), "bfloat16")
        return units


def _with_weights_in(units: Units, name: str) -> Units:
    below = units.denominator
    return units if below is None else replace(units, denominator=_rounded(below, name))


def _rounded(numbers: Array, name: str) -> Array:
    return objects([exact(cast(np.asarray(float(number)), name)) for number in numbers.tolist()])


def _exact_matches(
    counted: Counted, weights: Array | None, sample: int, parameters: Parameters, *, of_labels: bool
) -> Units:
    """Whether all elements that are kept are correct.

    Args:
        counted: hits of shape (samples, labels, rest).
        weights: weights of that shape, or of samples.
        sample: number of the first sample.
        parameters: parameters of the call.
        of_labels: whether each position of the rest counts on its own.
    """
    hit = counted.hit
    by_position = of_labels and hit.ndim > 2
    weights = None if by_position else weights
    _fitting(weights, hit)
    if hit.ndim <= 1:
        return elements(counted, weights, sample, parameters)
    axes = (1,) if by_position else tuple(range(1, hit.ndim))
    kept = None if counted.kept is None else np.broadcast_to(counted.kept, hit.shape)
    correct = np.asarray((hit if kept is None else hit | ~kept).all(axis=axes))
    some = None if kept is None else np.asarray(kept.any(axis=axes))
    first = None if weights is None or weights.ndim == 0 else weights.reshape(hit.shape[0], -1)[:, 0]
    matches = Counted(correct, some, np.zeros(correct.shape, dtype="int64"), correct.astype("int64"))
    return elements(matches, first, sample, parameters)


def _weighed(values: Array, weights: Array, sample: int, once: bool) -> Units:
    """Weigh means over the axes that weights lack, broadcast against the weights.

    Args:
        values: booleans, integers or exact numbers.
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
    every = objects([*below.ravel().tolist(), *missing])
    return Units(above.ravel(), every, _samples(above.shape, sample), above.shape)


def _samples(shape: tuple[int, ...], first: int) -> Array:
    """Return the number of the sample of each unit."""
    each = int(np.prod(shape[1:]))
    return first + np.repeat(np.arange(shape[0] if shape else 1), each)


def _parts(
    counted: Counted, weights: Array | None, sample: int, parameters: Parameters, *, once: bool
) -> Units:
    if weights is None or weights.shape == counted.hit.shape:
        return elements(counted, weights, sample, parameters)
    return _weighed(counted.hit, weights, sample, once)


def _last_axis_means(
    counted: Counted, weights: Array | None, sample: int, parameters: Parameters, *, once: bool
) -> Units:
    hit = counted.hit
    if not hit.ndim:
        raise Raises(R["scalar"])
    if weights is None or weights.shape == hit.shape[:-1]:
        found = _of_means(hit, weights, hit.ndim - 1, sample)
        if found is not None:
            return found
    means = _means(hit, hit.ndim - 1)
    if weights is None:
        return Units(means.ravel(), None, _samples(means.shape, sample), means.shape)
    return _weighed(means, weights, sample, once)


ELEMENT = shared(AXIS, "element", elements)
SAMPLE_MEAN = parametric(AXIS, SampleMean())
EXACT_MATCH = shared(AXIS, "exact-match", partial(_exact_matches, of_labels=False))
EXACT_MATCH_OF_LABELS = shared(AXIS, "exact-match-of-labels", partial(_exact_matches, of_labels=True))
PART = shared(AXIS, "element-or-part", partial(_parts, once=False))
PART_COUNTED_ONCE = shared(AXIS, "element-or-part-counted-once", partial(_parts, once=True))
LAST_AXIS_MEAN = shared(AXIS, "last-axis-mean", partial(_last_axis_means, once=False))
LAST_AXIS_MEAN_COUNTED_ONCE = shared(
    AXIS, "last-axis-mean-counted-once", partial(_last_axis_means, once=True)
)
