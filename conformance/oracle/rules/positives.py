"""The sums of binary elements of which true positives alone are correct."""

from __future__ import annotations

import numpy as np

from conformance.oracle.model import Incomposable
from conformance.oracle.numbers import Array, summed
from conformance.oracle.stages import Number, Units
from conformance.oracle.sums import Sums


def of_positives(units: Units, here: Array | slice, multiplied: bool = False) -> Sums:
    """Return the sums of elements as one group; a target other than 0 and 1 is none of the four counts.

    Args:
        units: elements.
        here: which of them.
        multiplied: whether what does not count is multiplied by 0, so that an infinite weight gives NaN.

    Raises:
        Incomposable: the units are means, which are not positive or negative.
    """
    if units.truth is None or units.hit is None:
        raise Incomposable("means are neither positive nor negative")
    weight = np.broadcast_to(1, len(units.hit)) if units.denominator is None else units.denominator
    weight, truth, hit = weight[here], units.truth[here], units.hit[here]

    def total(chosen: Array) -> Number:
        with np.errstate(invalid="ignore"):
            return summed(chosen * weight if multiplied else weight[chosen])

    true, false = np.asarray(truth == 1), np.asarray(truth == 0)
    correct = total(true & hit)
    missed, wrong = total(true & ~hit), total(false & ~hit)
    return Sums(correct, summed(weight), correct + missed, correct + wrong, total(false & hit), missed, wrong)
