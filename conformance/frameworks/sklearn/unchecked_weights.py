"""average: what scikit-learn before 1.8 made of weights that are NaN or infinite, for which it raises since."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import summed
from conformance.oracle.rules.average import AXIS, OccurringClasses, Pooled, is_samplewise, weights_of
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Number, Parameters, Units
from conformance.oracle.sums import Sums, Tally

_LARGEST = Fraction(float(np.finfo("float64").max))


@dataclass(frozen=True)
class CellsOfClasses(OccurringClasses, Worded):
    """The mean over the classes among the targets, each a sum of finite cells of a confusion matrix."""

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the sums of each class among the targets."""
        if units.truth is None or units.decided is None:
            raise Incomposable("samples of several labels have no class")
        weight = weights_of(units)
        tally: Tally = {}
        hit = units.truth == units.decided
        for label in np.unique(units.truth).tolist():
            here = units.truth == label
            missed = here & ~hit
            places = [
                missed & (units.decided == other) for other in np.unique(units.decided[missed]).tolist()
            ]
            correct, *incorrect = (_finite(summed(weight[place])) for place in (here & hit, *places))
            true = _as_float64(sum(incorrect, correct))
            tally[None, label] = Sums(correct, true, true, true)
        return tally


@dataclass(frozen=True)
class CorrectOverAll(Pooled, Worded):
    """The weights of correct samples over those of all: an incorrect one adds nothing above, whatever its weight."""

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the sums of all samples."""
        if units.truth is None or units.decided is None or is_samplewise(parameters):
            raise Incomposable("samples of several labels have no class")
        weight = weights_of(units)
        correct, all_ = summed(weight[units.truth == units.decided]), summed(weight)
        return {(None, "all"): Sums(correct, all_, all_, all_)}


def _finite(cell: Number) -> Number:
    """Return what numpy.nan_to_num makes of a number."""
    if isinstance(cell, Fraction):
        return cell
    return Fraction(0) if math.isnan(cell) else _LARGEST * (1 if cell > 0 else -1)


def _as_float64(number: Number) -> Number:
    if -_LARGEST <= number <= _LARGEST:
        return number
    return math.inf if number > 0 else -math.inf


CELLS_OF_CLASSES = parametric(AXIS, CellsOfClasses())
CORRECT_OVER_ALL = parametric(AXIS, CorrectOverAll())
