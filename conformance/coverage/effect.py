"""The effect of a variant of a definition on a case, from predictions alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from conformance.adapters.base import Call
from conformance.calls.outcome import Outcome
from conformance.oracle.model import Definition, Incomposable
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import Resolved, departed, prediction_of, resolve
from conformance.oracle.variants import Variant

#: An axis, and the attribute of its rule that was read; None where the rule itself was called.
Part = tuple[str, str | None]

#: A variant has the same rule; the rule is not used; only parts are used that both rules share; the rules cannot work
#: together; the predictions are the same, or differ.
Effect = Literal["equal", "unused", "shared", "incomposable", "survives", "killed"]


@dataclass(frozen=True, eq=False)
class Evaluated:
    """A definition evaluated on a case.

    Attributes:
        resolved: the definition for the case, without departures.
        prediction: the prediction, departures included; None if its rules cannot work together.
        used: the parts of rules that were used.
    """

    resolved: Resolved
    prediction: Prediction | None
    used: frozenset[Part]


def evaluated(definition: Definition, call: Call) -> Evaluated:
    """Evaluate a definition, and note the parts of its rules that are used."""
    resolved, used = resolve(definition, call), set[Part]()
    prediction = _predicted(resolved, call, used=used)
    return Evaluated(resolved, prediction, frozenset(used))


def effect_of(variant: Variant, original: Evaluated, call: Call) -> Effect:
    """Return the effect of a variant of a definition on a case."""
    changed = variant.change(original.resolved, call)
    if changed is None:
        return "equal"
    if original.prediction is None:
        return "incomposable"
    if variant.axis not in ("departure", "name-resolution"):
        parts = [part for axis, part in original.used if axis == variant.axis]
        if not parts:
            return "unused"
        before, after = (resolved.rules.on(variant.axis).apply for resolved in (original.resolved, changed))
        if all(_part(before, part) is _part(after, part) for part in parts):
            return "shared"
    prediction = _predicted(changed, call, variant.without)
    if prediction is None:
        return "incomposable"
    return "killed" if _distinguished(original.prediction, prediction) else "survives"


def _part(rule: object, part: str | None) -> object:
    return rule if part is None else getattr(rule, part, None)


def _predicted(
    resolved: Resolved, call: Call, without: frozenset[str] = frozenset(), used: set[Part] | None = None
) -> Prediction | None:
    try:
        really, _ = departed(resolved, call, without)
        if used is not None:
            rules = (rule for rule in really.rules.by_axis().values() if rule.apply is not None)
            watched = (
                replace(rule, behaviour=replace(rule.behaviour, apply=_Watched(rule.axis, rule.apply, used)))
                for rule in rules
            )
            really = replace(really, rules=really.rules.changed(*watched))
        return prediction_of(really, call)
    except Incomposable:
        return None


class _Watched:
    """A rule that notes which of its parts are used."""

    def __init__(self, axis: str, apply: Any, used: set[Part]) -> None:
        self._axis, self._apply, self._used = axis, apply, used

    def __call__(self, *arguments: Any) -> Any:
        self._used.add((self._axis, None))
        return self._apply(*arguments)

    def __getattr__(self, name: str) -> Any:
        self._used.add((self._axis, name))
        return getattr(self._apply, name)


def _distinguished(original: Prediction, variant: Prediction) -> bool:
    """Whether the suite would fail if a framework predicted as `original` behaved like `variant`."""
    if "unspecified" in (original.kind, variant.kind):
        return False
    return not any(_accepted(original, outcome) for outcome in variant.outcomes())


def _accepted(original: Prediction, outcome: Outcome) -> bool:
    if outcome.kind == "raises" and outcome.type is None:
        return "raises" in (original.kind, *(option.kind for option in original.options))
    return original.holds_for(outcome)
