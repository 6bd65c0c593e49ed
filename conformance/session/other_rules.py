"""By which other rule a definition would predict an outcome that it does not predict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from conformance.adapters.base import Call, Implementation
from conformance.oracle import find
from conformance.oracle.model import Behaviour
from conformance.oracle.variants import values_by_other_rules
from conformance.verdicts.verdicts import Cell

#: Rules are varied on at most so many samples.
_MOST_SAMPLES = 100_000


def other_rules(cell: Cell, call: Call, known: Sequence[Implementation]) -> tuple[Behaviour, ...]:
    """Return the rules each of which, in the place of one of the definition, predicts the value of a failing cell.

    Those that most definitions follow come first.

    Args:
        cell: the cell.
        call: the call.
        known: implementations whose rules are tried.
    """
    predictions, outcome = cell.predictions, cell.outcome
    if cell.problem != "outcome-differs" or predictions is None or outcome.kind != "value":
        return ()
    if predictions.predicted.kind != "value":
        return ()
    if sum(len(update.y_pred) if update.y_pred.ndim else 1 for update in call.updates) > _MOST_SAMPLES:
        return ()
    values = values_by_other_rules(cell.implementation, predictions.side.claims, call, known)
    dtype = outcome.dtype or ""
    found = [other for _, other, value in values if replace(value, dtype=dtype).holds_for(outcome)]
    followed = _followed(known)
    return tuple(sorted(found, key=lambda rule: -followed[rule.axis, rule.name]))


def _followed(known: Iterable[Implementation]) -> Counter[tuple[str, str]]:
    """Return axis and rule -> how many definitions follow it."""
    claims = {entry.definition for entry in known if entry.definition}
    return Counter((rule.axis, rule.behaviour.name) for claim in claims for rule in find(claim).rules)
