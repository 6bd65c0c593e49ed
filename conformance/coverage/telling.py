"""Whether a case tells one set of rules from another: whether the suite would notice a change of sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from conformance.calls.outcome import Outcome, decode_floats
from conformance.cases import Case
from conformance.coverage.consulted import Record
from conformance.oracle.model import Definition, Incomposable, Rule
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import Resolved, departed, prediction_of, resolve

_LARGE = 100_000

#: Exceptions of frameworks that are predicted by name -> those they are, which a prediction may name instead.
_BASES = {"InvalidParameterError": ("ValueError", "TypeError")}


@dataclass(frozen=True, eq=False)
class Foretold:
    """What a definition predicts on a case, and what was asked of its rules on the way.

    Attributes:
        really: the definition resolved, departures applied.
        prediction: None where its rules cannot meet.
        record: what was asked of its rules, where that was recorded.
    """

    really: Resolved
    prediction: Prediction | None
    record: Record | None


class Foreteller:
    """Predictions of definitions on cases; the same rules are evaluated once a case."""

    def __init__(self) -> None:
        self._resolved: dict[tuple[Any, str], Resolved] = {}
        self._holding: dict[tuple[Any, ...], tuple[list[Rule], Resolved] | None] = {}
        self._known: dict[tuple[str, tuple[Any, ...]], Foretold] = {}

    def resolved(self, definition: Definition, case: Case) -> Resolved:
        """Return the definition with the rules that hold for a case, but for departures."""
        key = (definition.name, definition.resolves_to), case.id
        if key not in self._resolved:
            self._resolved[key] = resolve(definition, case.call())
        return self._resolved[key]

    def of(
        self, resolved: Resolved, case: Case, *, without: str | None = None, like: Foretold | None = None
    ) -> Foretold | None:
        """Return what a resolved definition predicts, departures included.

        Args:
            resolved: the definition.
            case: the case.
            without: finding whose departures are left out.
            like: what another one predicts on the case; returned where this one would have said the same to
                everything that was asked there.

        Returns:
            None where not even its departures can be decided.
        """
        really = self._departed(resolved, case, without)
        if really is None:
            return None
        key = (
            case.id,
            (
                *(rule.apply for rule in really.rules.by_axis().values()),
                really.stands_for,
                really.unspecified,
            ),
        )
        known = self._known.get(key)
        if known is None and like is not None and _answers_alike(like, really):
            return like
        if known is None or (like is None and known.record is None):
            known = self._known[key] = _foretold(really, case, record=like is None)
        return known

    def _departed(self, resolved: Resolved, case: Case, without: str | None) -> Resolved | None:
        """Apply departures; which ones hold depends on the parameters and the case, not on any other rule."""
        defaults = resolved.rules.default_parameter.apply
        key = resolved.departures, resolved.name, defaults, resolved.stands_for, case.id, without
        if key not in self._holding:
            try:
                really, _ = departed(resolved, case.call(), frozenset({without} if without else ()))
            except Incomposable:
                self._holding[key] = None
            else:
                own = resolved.rules.by_axis()
                changed = [rule for axis, rule in really.rules.by_axis().items() if rule is not own.get(axis)]
                self._holding[key] = changed, really
        holding = self._holding[key]
        if holding is None:
            return None
        rules, really = holding
        if not rules and really.chosen is resolved.chosen and not really.unspecified:
            return resolved
        return replace(
            resolved,
            rules=resolved.rules.changed(*rules),
            chosen=really.chosen,
            unspecified=really.unspecified,
        )


def _foretold(really: Resolved, case: Case, record: bool) -> Foretold:
    kept = Record(keep=not is_large(case)) if record else None
    rules = really.rules if kept is None else kept.rules(really.rules)
    try:
        prediction = prediction_of(replace(really, rules=rules), case.call())
    except Incomposable:
        return Foretold(really, None, kept)
    finally:
        if kept is not None:
            kept.close()
    return Foretold(really, prediction, kept)


def is_large(case: Case) -> bool:
    """Whether a case has so many elements that evaluating it takes its time."""
    return sum(update.y_pred.size for update in case.call().updates) > _LARGE


def _answers_alike(like: Foretold, really: Resolved) -> bool:
    if like.record is None or like.really.stands_for != really.stands_for or really.unspecified:
        return False
    theirs = really.rules.by_axis()
    pairs = (
        (axis, rule.apply, theirs[axis].apply if axis in theirs else None)
        for axis, rule in like.really.rules.by_axis().items()
    )
    changed = [(axis, mine, theirs) for axis, mine, theirs in pairs if mine is not theirs]
    # With two rules changed, what one is handed depends on the other.
    return not changed or (len(changed) == 1 and like.record.answers_alike(*changed[0]))


def told_apart(original: Prediction, variant: Prediction) -> bool:
    """Whether the suite would be red if a framework that is predicted `original` behaved as `variant` says."""
    if "unspecified" in (original.kind, variant.kind):
        return False
    return not any(_may_be(original, outcome) for outcome in outcomes(variant))


def _may_be(original: Prediction, outcome: Outcome) -> bool:
    if outcome.kind == "raises" and outcome.type is None:
        return original.kind == "raises" or any(_may_be(option, outcome) for option in original.options)
    return original.holds_for(outcome)


def outcomes(prediction: Prediction) -> Iterator[Outcome]:
    """Yield the outcomes that bear a prediction out exactly; an exception without a type may have any."""
    if prediction.kind == "one-of":
        for option in prediction.options:
            yield from outcomes(option)
    elif prediction.kind == "raises":
        yield Outcome("raises", type=prediction.type, bases=_BASES.get(prediction.type or "", ()))
    else:
        value = decode_floats(prediction.to_json()["value"])
        yield Outcome("value", value=value, dtype=prediction.dtype, resolved=prediction.resolved)
