"""unit: what is averaged - elements, means of samples, or samples that match exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, broadcast_to, cast, exact, is_float, summed
from conformance.oracle.rules.wording import Worded, shared
from conformance.oracle.stages import Counted, Number, Parameters, Units

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


def _fitting(weights: Array | None, hit: Array) -> None:
    """Make sure that each hit has a weight, unless there is one for all or none.

    Raises:
        Incomposable: they are weights of something else.
    """
    if weights is not None and weights.ndim and weights.shape != hit.shape:
        raise Incomposable(f"weights {weights.shape} for matches {hit.shape}")


def _mean(hit: Array) -> Number:
    return summed(hit.ravel()) / hit.size if hit.size else float("nan")


def _whole(counted: Counted, weight: Array, sample: int) -> Units:
    """One scalar weight: the mean over everything is one unit of that weight."""
    below = exact(weight.item())
    above = objects([_mean(counted.hit) * below])
    return Units(above, objects([below]), np.array([sample]), None, None, None, counted.hit.shape)


def elements(counted: Counted, weights: Array | None, sample: int, parameters: Parameters) -> Units:
    """Count every element; `sample` is the number of the first sample."""
    hit = counted.hit
    if weights is not None and weights.ndim == 0 and hit.ndim:
        return _whole(counted, weights, sample)
    kept = None if counted.kept is None or counted.kept.all() else np.broadcast_to(counted.kept, hit.shape)

    def of_kept(array: Array) -> Array:
        return array.ravel() if kept is None else array[kept].ravel()

    def along(axis: int, first: int = 0) -> Array:
        """Return the index of each hit on one axis: a view, as there may be millions."""
        places = np.arange(first, first + hit.shape[axis])
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
    )


def _sample_means(counted: Counted, weights: Array | None, sample: int, parameters: Parameters) -> Units:
    hit = counted.hit
    _fitting(weights, hit)
    if weights is not None and weights.ndim == 0:
        return _whole(counted, weights, sample)
    size = int(np.prod(hit.shape[1:]))
    if hit.ndim <= 1 or size == 1:
        # A sample of one element is that element, and its count stays an integer.
        flat = counted if hit.ndim <= 1 else counted.reshape(hit.shape[:1])
        if weights is not None and weights.size != flat.hit.size:
            raise Incomposable("there is not one weight per sample")
        return elements(
            flat, None if weights is None else weights.reshape(flat.hit.shape), sample, parameters
        )
    above: list[Any] = []
    below: list[Any] = []
    for index in range(hit.shape[0]):
        if not size:
            above.append(float("nan"))
            below.append(Fraction(1) if weights is None else float("nan"))
            continue
        if weights is None:
            above.append(_mean(hit[index]))
            continue
        parts, wholes = _weighted(hit[index], np.asarray(weights[index]))
        above.append(summed(parts) / size)
        below.append(summed(wholes) / size)
    return Units(
        numerator=objects(above),
        denominator=objects(below) if weights is not None else None,
        sample=sample + np.arange(hit.shape[0]),
        column=None,
        truth=None,
        decided=None,
        shape=hit.shape,
    )


@dataclass(frozen=True)
class SampleMean(Worded):
    """A sample is one unit: the mean over its elements.

    Attributes:
        weights_in_bfloat16: whether the mean of the weights of a sample is rounded to bfloat16.
    """

    weights_in_bfloat16: bool = False

    def __call__(self, counted: Counted, weights: Array | None, sample: int, parameters: Parameters) -> Units:
        units = _sample_means(counted, weights, sample, parameters)
        if units.denominator is None or not self.weights_in_bfloat16:
            return units
        rounded = [exact(cast(np.asarray(float(weight)), "bfloat16")) for weight in units.denominator]
        return replace(units, denominator=objects(rounded))


def _all_kept(hit: Array, kept: Array | None, axes: tuple[int, ...]) -> tuple[Array, Array | None]:
    """Whether all kept elements are correct, and whether there are any."""
    if kept is None:
        return np.asarray(hit.all(axis=axes)), None
    kept = np.broadcast_to(kept, hit.shape)
    return np.asarray((hit | ~kept).all(axis=axes)), np.asarray(kept.any(axis=axes))


def _exact_matches(counted: Counted, weights: Array | None, sample: int, parameters: Parameters) -> Units:
    hit = counted.hit
    _fitting(weights, hit)
    if hit.ndim <= 1:
        return elements(counted, weights, sample, parameters)
    correct, kept = _all_kept(hit, counted.kept, tuple(range(1, hit.ndim)))
    first = None if weights is None or weights.ndim == 0 else weights.reshape(hit.shape[0], -1)[:, 0]
    return elements(
        Counted(correct, kept, np.zeros(len(correct), dtype="int64"), correct.astype("int64")),
        first,
        sample,
        parameters,
    )


def _exact_matches_of_labels(
    counted: Counted, weights: Array | None, sample: int, parameters: Parameters
) -> Units:
    """Hit has shape (samples, labels, rest): all labels of one position of the rest have to be correct."""
    hit = counted.hit
    if hit.ndim < 3:
        return _exact_matches(counted, weights, sample, parameters)
    correct, kept = _all_kept(hit, counted.kept, (1,))
    return elements(
        Counted(correct, kept, np.zeros(correct.shape, dtype="int64"), correct.astype("int64")),
        None,
        sample,
        parameters,
    )


ELEMENT = shared(AXIS, "element", elements)
SAMPLE_MEAN = parametric(AXIS, SampleMean())
EXACT_MATCH = shared(AXIS, "exact-match", _exact_matches)
EXACT_MATCH_OF_LABELS = shared(AXIS, "exact-match-of-labels", _exact_matches_of_labels)
