"""Samples that stand for many alike, so that a million are evaluated as the few kinds that there are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from conformance.adapters import script
from conformance.adapters.base import Update
from conformance.oracle.model import Incomposable
from conformance.oracle.numbers import Array
from conformance.oracle.stages import Units
from conformance.oracle.sums import Numbered, size_of


@dataclass(frozen=True, eq=False)
class Repeated(Update):
    """The data of an update, each sample once for all that no rule tells from it.

    Attributes:
        times: how many samples each of them stands for, shape (N,).
        first: the number of the first of these.
    """

    times: Array = field(kw_only=True)
    first: Array = field(kw_only=True)


@dataclass(frozen=True, eq=False)
class Taken(Update):
    """The data of an update that took its samples out of turn.

    Attributes:
        numbers: the numbers of its samples; -1 for one that was taken before.
    """

    numbers: Array = field(kw_only=True)


def samples_of(update: Update) -> int:
    """Return the number of samples of an update."""
    return int(update.times.sum()) if isinstance(update, Repeated) else size_of(update)


def joined(updates: Sequence[Update]) -> Update:
    """Return all updates as one.

    Raises:
        Incomposable: their shapes do not go together.
    """
    try:
        whole = script.joined(updates)
    except ValueError as error:
        raise Incomposable(str(error)) from None
    if not any(isinstance(update, Repeated) for update in updates):
        return whole
    times, first, before = [], [], 0
    for update in updates:
        alone = np.arange(len(update.y_pred))
        times.append(update.times if isinstance(update, Repeated) else np.ones_like(alone))
        first.append(before + (update.first if isinstance(update, Repeated) else alone))
        before += samples_of(update)
    return Repeated(
        whole.y_true,
        whole.y_pred,
        whole.sample_weight,
        times=np.concatenate(times),
        first=np.concatenate(first),
    )


def sampled(updates: Sequence[Update], ranks: int, dropped: bool) -> Iterator[list[Numbered]]:
    """Yield the batches of each rank, of samples that the ranks take in turn so that each has as many.

    Args:
        updates: together they are the samples; the largest of them says how large a batch is.
        ranks: how many ranks there are.
        dropped: whether the last samples are left out, instead of the first ones being repeated.

    Raises:
        Incomposable: samples cannot be taken one by one.
    """
    whole = joined(updates)
    if isinstance(whole, Repeated) or not whole.y_pred.ndim:
        raise Incomposable("samples cannot be taken one by one")
    arrays = whole.y_true, whole.y_pred, whole.sample_weight
    count, size = len(whole.y_pred), max(1, *map(size_of, updates))
    if any(array is not None and array.shape[:1] < (count,) for array in arrays):
        raise Incomposable("samples cannot be taken one by one")
    even = count // ranks * ranks if dropped else -(-count // ranks) * ranks
    numbers = np.where(np.arange(even) < count, np.arange(even), -1)
    taken = np.resize(np.arange(count), even)
    place = 0
    for rank in range(ranks):
        batches: list[Numbered] = []
        for start in range(rank, even, ranks * size):
            here = slice(start, start + ranks * size, ranks)
            chosen = taken[here]
            own = (None if array is None else array[chosen] for array in arrays)
            batches.append((place, Taken(*own, numbers=numbers[here])))  # type: ignore[arg-type]
            place += len(chosen)
        yield batches


def all_of(units: Units, update: Update, first: int, hits: int) -> Units:
    """Return the units of an update, each as often as the sample it is made of.

    Args:
        units: one unit per sample or more, those of a sample next to each other.
        update: their update.
        first: the number of its first sample.
        hits: how many elements were compared.

    Raises:
        Incomposable: samples were compared with each other, or the units are not those of samples.
    """
    if not isinstance(update, Repeated):
        return units
    samples = len(update.times)
    if hits > max(update.y_true.size, update.y_pred.size) or math.prod(units.shape) < samples:
        raise Incomposable("samples are compared or averaged with each other")
    # Samples may be flattened together with what they consist of.
    flattened = 1 if units.shape[:1] == (samples,) else hits // samples
    place = (units.sample - first) // flattened
    if len(place) and int(place.max()) >= samples:
        raise Incomposable("units are not made of samples")
    times = update.times[place]
    below = times if units.denominator is None else units.denominator * times
    return replace(units, numerator=units.numerator * times, denominator=below, times=times)
