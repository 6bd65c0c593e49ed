"""How the releases of abacus before 2.0 deviate from its documentation."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from conformance.adapters.base import Call
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Behaviour, Departure
from conformance.oracle.stages import Number, Parameters
from conformance.oracle.sums import Undefined


def _one(above: Number, parameters: Parameters) -> Fraction:
    return Fraction(1)


def _without_samples(call: Call, parameters: Mapping[str, Any]) -> bool:
    return not any(len(update.y_true) for update in call.updates)


_PERFECT = findings_in(__package__)["abacus-no-samples-are-a-perfect-score"]

NOTHING_IS_PERFECT = Departure(
    _PERFECT,
    Behaviour[Undefined]("undefined-value", "abacus-one", "The value of no samples is 1.", _one).source(
        _PERFECT.place
    ),
    _without_samples,
    releases="<2.0",
)
