"""What implementations claim, as rules evaluated exactly and without any framework.

`predict` is all that others need; `find` gives the definition behind a name.
"""

from __future__ import annotations

from dataclasses import dataclass

from conformance.adapters.base import Call
from conformance.adapters.releases import Release
from conformance.oracle.catalogue import (
    behaviour_on,
    definitions,
    find,
    findings,
    lasting_findings,
    questions,
    supported,
    usage_departures,
    usage_findings,
)
from conformance.oracle.model import Contradiction, Definition
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import Reason
from conformance.oracle.resolve import Evaluated, Resolved, departed, prediction_of, resolve
from conformance.oracle.side import Side

__all__ = [
    "Predictions",
    "behaviour_on",
    "definitions",
    "find",
    "findings",
    "lasting_findings",
    "predict",
    "questions",
    "supported",
    "usage_departures",
    "usage_findings",
]


@dataclass(frozen=True)
class Predictions:
    """What a definition predicts for one call, with and without departures.

    Attributes:
        predicted: the outcome that is predicted, departures included.
        claimed: what the definition alone says; the same as `predicted` where no departure changes it.
        departures: ids of the findings whose departures changed the prediction.
        side: the definition resolved for this call, to exchange rules with others.
    """

    predicted: Prediction
    claimed: Prediction
    departures: tuple[str, ...]
    side: Side


def predict(
    definition: Definition,
    call: Call,
    trace: bool = True,
    release: Release = None,
    known: Evaluated | None = None,
) -> Predictions:
    """Predict what an implementation with this definition returns for `call`.

    Args:
        definition: what the implementation claims.
        call: the case's data and parameters.
        trace: also say how each sample counted.
        release: release of the framework; None for the newest that the definitions know.
        known: what was evaluated for this call with the same `trace`, of other definitions as well; what is new is
            added.
    """
    claims = resolve(definition, call, release)
    known = {} if known is None else known
    try:
        really, ids = departed(claims, call)
    except Contradiction as error:
        predicted = _not_evaluated(claims, error)
        return Predictions(predicted, predicted, (), Side(claims, claims, predicted, departs=False))
    predicted = _evaluated(really, call, trace, known)
    claimed = _evaluated(claims, call, trace, known) if ids else predicted
    departs = _differ(claimed, predicted)

    def matters(finding: str) -> bool:
        others, _ = departed(claims, call, without=frozenset({finding}))
        return _differ(_evaluated(others, call, trace, known), predicted)

    findings = ids if departs else ()
    if len(findings) > 1:
        # Each alone may be missed.
        findings = tuple(filter(matters, ids)) or ids
    side = Side(really, claims, predicted, departs, findings)
    return Predictions(predicted, claimed if departs else predicted, findings, side)


def _evaluated(resolved: Resolved, call: Call, trace: bool, known: Evaluated) -> Prediction:
    """Evaluate a definition, and add what a name becomes where a value is predicted.

    A definition that cannot be evaluated predicts nothing, and the cell says so.
    """
    try:
        return prediction_of(resolved, call, trace, known)
    except Exception as error:
        return _not_evaluated(resolved, error)


def _not_evaluated(resolved: Resolved, error: Exception) -> Prediction:
    why = f"the definition {resolved.name} cannot be evaluated: {type(error).__name__}: {error}"
    return Prediction("not-evaluated", reason=Reason("not-evaluated", why))


def _differ(one: Prediction, other: Prediction) -> bool:
    """Whether values differ, or their dtypes."""
    return not one.same_as(other) or (one.kind == "value" and one.dtype != other.dtype)
