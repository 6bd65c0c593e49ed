"""Evaluations of definitions and their variants on cases, each computed once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from conformance.calls.outcome import Outcome, decode_floats
from conformance.cases import Case
from conformance.oracle.model import Definition, Incomposable, Rule
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import Resolved, departed, prediction_of, resolve

#: An axis, and the attribute of its rule that was read; None where the rule itself was called.
Part = tuple[str, str | None]


@dataclass(frozen=True, eq=False)
class Evaluated:
    """A definition evaluated on a case.

    Attributes:
        prediction: the prediction; None if its rules cannot work together.
        consulted: the parts of rules that the evaluation used.
    """

    prediction: Prediction | None
    consulted: frozenset[Part]


class Evaluations:
    """Evaluates definitions and their variants on cases; the same rules are evaluated once per case."""

    def __init__(self) -> None:
        self._resolved: dict[tuple[Any, ...], Resolved] = {}
        self._originals: dict[tuple[str, str], Evaluated] = {}
        self._predicted: dict[tuple[Any, ...], Prediction | None] = {}

    def resolved(self, definition: Definition, case: Case) -> Resolved:
        """Return the definition with the rules that hold for a case, without departures."""
        key = definition.name, definition.resolves_to, case.id
        if key not in self._resolved:
            self._resolved[key] = resolve(definition, case.call())
        return self._resolved[key]

    def original(self, definition: Definition, case: Case) -> Evaluated:
        """Evaluate a definition, departures included."""
        key = definition.name, case.id
        if key not in self._originals:
            consulted: set[Part] = set()
            really = _departed(self.resolved(definition, case), case)
            prediction = None
            if really is not None:
                rules = (rule for rule in really.rules.by_axis().values() if rule.apply is not None)
                watched = really.rules.changed(*(_watched(rule, consulted) for rule in rules))
                prediction = _predicted(replace(really, rules=watched), case)
            self._originals[key] = Evaluated(prediction, frozenset(consulted))
        return self._originals[key]

    def variant(self, resolved: Resolved, case: Case, *, without: str | None = None) -> Prediction | None:
        """Predict what a variant returns, departures included; None if its rules cannot work together.

        Args:
            resolved: the variant, resolved for the case.
            case: the case.
            without: id of a finding whose departures are left out.
        """
        really = _departed(resolved, case, without)
        if really is None:
            return None
        applied = tuple(rule.apply for rule in really.rules.by_axis().values())
        key = case.id, applied, really.stands_for, really.unspecified
        if key not in self._predicted:
            self._predicted[key] = _predicted(really, case)
        return self._predicted[key]


def _departed(resolved: Resolved, case: Case, without: str | None = None) -> Resolved | None:
    try:
        return departed(resolved, case.call(), frozenset({without} if without else ()))[0]
    except Incomposable:
        return None


def _predicted(really: Resolved, case: Case) -> Prediction | None:
    try:
        return prediction_of(really, case.call())
    except Incomposable:
        return None


def _watched(rule: Rule, consulted: set[Part]) -> Rule:
    watched: Any = _Watched(rule.axis, rule.apply, consulted)
    return replace(rule, behaviour=replace(rule.behaviour, apply=watched))


class _Watched:
    """A rule that notes which of its parts are used."""

    def __init__(self, axis: str, apply: Any, consulted: set[Part]) -> None:
        self._axis, self._apply, self._consulted = axis, apply, consulted

    def __call__(self, *arguments: Any) -> Any:
        self._consulted.add((self._axis, None))
        return self._apply(*arguments)

    def __getattr__(self, name: str) -> Any:
        self._consulted.add((self._axis, name))
        return getattr(self._apply, name)


def distinguished(original: Prediction, variant: Prediction) -> bool:
    """Whether the suite would fail if a framework predicted as `original` behaved like `variant`."""
    if "unspecified" in (original.kind, variant.kind):
        return False
    return not any(_accepted(original, outcome) for outcome in _outcomes(variant))


def _accepted(original: Prediction, outcome: Outcome) -> bool:
    if outcome.kind == "raises" and outcome.type is None:
        return original.kind == "raises" or any(_accepted(option, outcome) for option in original.options)
    return original.holds_for(outcome)


def _outcomes(prediction: Prediction) -> Iterator[Outcome]:
    """Yield the outcomes that match a prediction exactly; an exception without a type may be any."""
    if prediction.kind == "one-of":
        for option in prediction.options:
            yield from _outcomes(option)
    elif prediction.kind == "raises":
        yield Outcome("raises", type=prediction.type)
    else:
        value = decode_floats(prediction.to_json()["value"])
        yield Outcome("value", value=value, dtype=prediction.dtype, resolved=prediction.resolved)
