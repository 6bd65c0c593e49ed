"""By which other rule a definition would predict an outcome that it does not predict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from conformance.adapters.base import Call, Implementation
from conformance.adapters.releases import Release
from conformance.calls.text import count
from conformance.oracle import find
from conformance.oracle.model import Behaviour
from conformance.oracle.variants import values_by_other_rules
from conformance.verdicts.verdicts import Cell

#: Rules are varied on at most so many samples.
_MOST_SAMPLES = 100_000


class OtherRules:
    """Compares outcomes that nothing predicts with what other rules predict; each once.

    Args:
        known: implementations whose rules are tried.
    """

    def __init__(self, known: Sequence[Implementation]) -> None:
        self._known = known
        self._found: dict[tuple[Call, str | None, Release, str], tuple[Behaviour[Any], ...]] = {}

    def named_in(self, cell: Cell, call: Call) -> Cell:
        """Return a cell with the rules each of which, in the place of one of its definition, predicts its value.

        Those that most definitions follow come first.
        """
        if cell.problem != "outcome-differs" or cell.outcome.kind != "value":
            return cell
        release = cell.predictions.side.claims.release if cell.predictions else None
        key = call, cell.implementation.definition, release, repr(cell.outcome.to_json())
        if key not in self._found:
            self._found[key] = self._predicting(cell, call)
        if not self._found[key]:
            return cell
        first, *others = self._found[key]
        verb = "predicts" if len(others) == 1 else "predict"
        more = f" {count(len(others), 'other rule')} {verb} it, too." if others else ""
        says = f"It is what another {first.axis} predicts: {first.says}{more}"
        return replace(cell, other_rules=(first, *others), explanation=f"{cell.explanation} {says}")

    def _predicting(self, cell: Cell, call: Call) -> tuple[Behaviour[Any], ...]:
        predictions, samples = cell.predictions, (update.y_pred.shape[:1] for update in call.updates)
        if predictions is None or predictions.predicted.kind != "value":
            return ()
        if sum(number for shape in samples for number in shape) > _MOST_SAMPLES:
            return ()
        values = values_by_other_rules(cell.implementation, predictions.side.claims, call, self._known)
        dtype = cell.outcome.dtype or ""
        found = [other for _, other, value in values if replace(value, dtype=dtype).holds_for(cell.outcome)]
        return tuple(sorted(found, key=lambda rule: -self._followed[rule.axis, rule.name]))

    @cached_property
    def _followed(self) -> Counter[tuple[str, str]]:
        """Axis and rule -> how many definitions follow it."""
        claims = {entry.definition for entry in self._known if entry.definition}
        return Counter((rule.axis, rule.behaviour.name) for claim in claims for rule in find(claim).rules)
