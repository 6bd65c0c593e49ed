"""Samples that stand for many alike, so that a million are evaluated as the few kinds that there are."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from conformance.adapters.base import Update
from conformance.oracle.model import Incomposable
from conformance.oracle.numbers import Array
from conformance.oracle.stages import Units


@dataclass(frozen=True, eq=False)
class Repeated(Update):
    """The data of an update, each sample once for all that no rule tells from it.

    Attributes:
        times: how many samples each of them stands for, shape (N,).
        first: the number of the first of these.
    """

    times: Array = field(kw_only=True)
    first: Array = field(kw_only=True)


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
