"""average: ways to the same share that differ where weights sum to zero, round once more, or overflow."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import cast, exact
from conformance.oracle.rules.average import AXIS, Undefined, finish_all, ratio, tally_all
from conformance.oracle.stages import Average, Number, Parameters, Tally, Units


def _two_rounded(tally: Tally, parameters: Parameters) -> int:
    return 2


def _finish_all_or_infinite(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    return _or_infinite(tally[None, None], undefined)


def _or_infinite(parts: list[Number], undefined: Undefined) -> Number:
    above, below, _ = parts
    if below == 0 and above != 0:
        return float("inf") if above > 0 else float("-inf")
    return ratio(above, below, undefined)


def _tally_rows_or_elements(units: Units, parameters: Parameters, call: Call) -> Tally:
    return {(None, units.column is not None): tally_all(units, parameters, call)[None, None]}


def _finish_rows_or_elements(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    ((_, several_columns), parts), *_ = tally.items()
    if several_columns:
        return _or_infinite(parts, lambda: float("nan"))
    return ratio(parts[0], parts[1], undefined)


def _tally_in_dtype_of_weights(units: Units, parameters: Parameters, call: Call) -> Tally:
    above, below, decided = tally_all(units, parameters, call)[None, None]
    for update in call.updates:
        if update.sample_weight is not None:
            above = _held(above, update.sample_weight.dtype)
    return {(None, None): [above, below, decided]}


def _held(count: Number, dtype: np.dtype[Any]) -> Number:
    """Return what a dtype holds of a count: booleans whether there is any, integers wrap around."""
    if dtype.kind == "b":
        return Fraction(count != 0)
    if dtype.kind in "iu" and isinstance(count, Fraction):
        modulus, lowest = int(2 ** (8 * dtype.itemsize)), int(np.iinfo(dtype).min)
        return (count - lowest) % modulus + lowest
    return exact(cast(np.asarray(float(count)), dtype.name).item())


ALL_ALIKE_COMPLEMENT = Behaviour[Average](
    AXIS,
    "all-alike-complement",
    "All units count alike; the share of wrong ones is taken, and subtracted from 1.",
    Average(tally_all, finish_all, _two_rounded),
)
ALL_ALIKE_OR_INFINITE = Behaviour[Average](
    AXIS,
    "all-alike-or-infinite",
    "All units count alike; where their weights sum to zero the value is infinite or undefined.",
    Average(tally_all, _finish_all_or_infinite, _two_rounded),
)
ELEMENTS_COMPLEMENT = Behaviour[Average](
    AXIS,
    "elements-complement",
    "All elements count alike; the share of wrong ones is subtracted from 1. Where the weights sum to zero, rows "
    "of several labels give an infinite value or NaN.",
    Average(_tally_rows_or_elements, _finish_rows_or_elements, _two_rounded),
)
COUNTED_IN_DTYPE_OF_WEIGHTS = Behaviour[Average](
    AXIS,
    "counted-in-dtype-of-weights",
    "All units count alike; their number, if it is asked for, is counted in the dtype of the weights.",
    Average(_tally_in_dtype_of_weights, finish_all, lambda tally, parameters: 0),
)
