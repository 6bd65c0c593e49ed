"""What a definition says of one call: what a string becomes, the release, and the departures that hold."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.adapters.base import Call
from conformance.adapters.releases import Release, holds_in
from conformance.oracle.evaluate import evaluate
from conformance.oracle.model import (
    Amendment,
    Contradiction,
    Definition,
    Departure,
    Fed,
    Raising,
    Rule,
    Unspecified,
)
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import Raises
from conformance.oracle.ruleset import Rules
from conformance.oracle.stages import Checking, Checks, Parameters

#: What rules came to on one call, by their essence: always with a trace, or never.
Evaluated = dict[Hashable, Prediction]


@dataclass(frozen=True)
class Resolved:
    """A definition for one call and one release.

    Attributes:
        definition: the definition.
        rules: the rules that hold.
        departures: its departures, and those of what a string becomes.
        chosen: what a string given to compile(), or a task, becomes; None for everything else.
        release: the release; None for the newest known.
        unspecified: changes that hold and leave nothing predicted; empty while departures are left out.
        read: names of the parameters that decide which departures hold; empty while departures are left out.
        outputs: for a model with several outputs: the same of each, with the call of that output alone. The other
            attributes are those of the first.
    """

    definition: Definition
    rules: Rules
    departures: tuple[Departure, ...]
    chosen: Definition | None = None
    release: Release = None
    unspecified: tuple[Unspecified, ...] = ()
    read: frozenset[str] = frozenset()
    outputs: tuple[tuple[Resolved, Call], ...] = ()

    @property
    def name(self) -> str:
        """Name of the definition."""
        return self.definition.name

    @property
    def base(self) -> Definition:
        """What the string becomes, or the definition itself."""
        return self.chosen or self.definition

    @property
    def own_axes(self) -> frozenset[str]:
        """The axes on which a string overlays what it becomes."""
        return self.definition.axes if self.chosen else frozenset()

    @property
    def stands_for(self) -> str | None:
        """The bare name of the class or function that a string becomes."""
        return None if self.chosen is None else self.chosen.path.rpartition(".")[2]


def resolve(definition: Definition, call: Call, release: Release = None) -> Resolved:
    """Return the definition with the rules that hold for this call, departures left out.

    A string is replaced by what it becomes.
    """
    if call.outputs:
        parts = tuple((resolve(definition, one, release), one) for one in _of_each_output(call))
        return replace(parts[0][0], outputs=parts)
    chosen = None if definition.resolves_to is None else definition.resolves_to(call)
    return _standing_for(chosen, definition, release)


def _standing_for(chosen: Definition | None, definition: Definition, release: Release) -> Resolved:
    """Return the definition with its own rules and departures over those of the one it becomes."""
    rules = definition.in_release(release)
    departures = definition.departures
    if chosen is not None:
        inherited = tuple(entry for entry in chosen.departures if entry.change.axis not in rules)
        rules = {**chosen.in_release(release), **rules}
        departures = (*inherited, *departures)
    return Resolved(
        definition,
        Rules.of(rules.values()),
        tuple(entry for entry in departures if holds_in(entry.releases, release)),
        chosen,
        release,
    )


def departed(
    resolved: Resolved, call: Call, without: frozenset[str] = frozenset()
) -> tuple[Resolved, tuple[str, ...]]:
    """Apply the departures whose condition holds, but for some findings; also return the ids of their findings.

    One on the axis name-resolution chooses another definition, whose rules and departures then lie under the own ones.
    """
    if call.outputs:
        return _outputs_departed(resolved, call, without)
    read = set[str]()

    def holding(resolved: Resolved) -> list[Departure]:
        parameters = Parameters(resolved.rules.parameters(call), read)
        return [
            entry
            for entry in resolved.departures
            if entry.finding.id not in without and entry.holds_for(call, parameters)
        ]

    held = holding(resolved)
    for departure in held:
        if departure.change.axis == "name-resolution" and isinstance(departure.change, Rule):
            chosen: Definition = departure.change.apply(call)
            resolved = _standing_for(chosen, resolved.definition, resolved.release)
            held = holding(resolved)
    if not held:
        return replace(resolved, read=frozenset(read)), ()
    by_axis = resolved.rules.by_axis()
    changed = [
        changed_by([entry for entry in held if entry.change.axis == axis], by_axis.get(axis))
        for axis in dict.fromkeys(entry.change.axis for entry in held)
    ]
    rules = resolved.rules.changed(*(rule for rule in changed if rule is not None))
    unspecified = tuple(entry.change for entry in held if isinstance(entry.change, Unspecified))
    findings = tuple(dict.fromkeys(entry.finding.id for entry in held))
    return replace(resolved, rules=rules, unspecified=unspecified, read=frozenset(read)), findings


def _of_each_output(call: Call) -> Iterator[Call]:
    """Yield the call of each output alone."""
    for update in call.updates:
        yield replace(call, updates=(update,), outputs=())


def _outputs_departed(
    resolved: Resolved, call: Call, without: frozenset[str]
) -> tuple[Resolved, tuple[str, ...]]:
    """Apply what holds for a model with several outputs, then what holds for each of them."""
    findings: list[str] = []
    unspecified: list[Unspecified] = []
    for entry in resolved.definition.departures:
        change = entry.change
        held = entry.finding.id not in without and holds_in(entry.releases, resolved.release)
        if isinstance(change, Fed | Unspecified) and held and entry.holds_for(call, {}):
            findings.append(entry.finding.id)
            if isinstance(change, Fed):
                call = change.fed(call)
            else:
                unspecified.append(change)
    parts = []
    for one in _of_each_output(call):
        part, found = departed(resolve(resolved.definition, one, resolved.release), one, without)
        parts.append((part, one))
        findings += found
    whole = replace(parts[0][0], unspecified=tuple(unspecified), outputs=tuple(parts))
    return whole, tuple(dict.fromkeys(findings))


def changed_by(departures: Sequence[Departure], rule: Rule | None) -> Rule | None:
    """Return the rule of an axis after the changes of departures, in whatever order they are given.

    A rule that replaces it comes first; amendments of parameters that it does not have change nothing.

    Raises:
        Contradiction: two changes contradict each other.
    """
    changes = [(departure.change, departure.finding.place) for departure in departures]
    replacing = {change.behaviour: change for change, _ in changes if isinstance(change, Rule)}
    if len(replacing) > 1:
        names = ", ".join(sorted(behaviour.name for behaviour in replacing))
        raise Contradiction(f"several rules replace the one on {changes[0][0].axis}: {names}")
    rule = next(iter(replacing.values()), rule)
    if rule is None:
        return None
    values: dict[str, Any] = {}
    places: set[str] = set()
    for change, place in changes:
        if isinstance(change, Amendment) and change.fits(rule):
            places.add(place)
            for name, value in change.parameters:
                if values.setdefault(name, value) != value:
                    raise Contradiction(
                        f"{name} of the rule on {rule.axis} is changed to {values[name]!r} and {value!r}"
                    )
    if values:
        rule = replace(rule.amended(**values), basis="source", place="; ".join(sorted(places)))
    raising = [(change, place) for change, place in changes if isinstance(change, Raising)]
    return _raising(rule, *min(raising, key=lambda one: one[0].reason.code)) if raising else rule


def _raising(rule: Rule[Checking], change: Raising, place: str) -> Rule[Checking]:
    def before(parameters: Parameters, call: Call) -> None:
        raise Raises(change.reason, change.type)

    behaviour = replace(
        rule.behaviour,
        name=f"{rule.behaviour.name}-and-{change.reason.code}",
        says=f"{rule.behaviour.says} Always raises: {change.reason.says}.",
        apply=Checks(before, rule.apply.each),
    )
    return Rule(behaviour, "source", place)


def prediction_of(
    resolved: Resolved, call: Call, trace: bool = False, known: Evaluated | None = None
) -> Prediction:
    """Predict the outcome under the rules that hold, and for a value what a string becomes.

    Args:
        resolved: the rules.
        call: the call.
        trace: also say how each sample counted.
        known: what other rules came to on this call; what comes is added.

    Raises:
        Incomposable: rules of different implementations that cannot work together.
    """
    if resolved.outputs:
        if resolved.unspecified:
            return Prediction("unspecified")
        return _of_outputs([prediction_of(part, one, trace) for part, one in resolved.outputs])
    given = {name: value for entry in resolved.unspecified for name, value in entry.as_if.items()}
    if given:
        # What the first update leaves behind may let the next one raise anything. Parameters are those of all updates.
        others = {name: value for name, value in resolved.rules.parameters(call).items() if value is not None}
        call = replace(call, parameters={**others, **given}, updates=call.updates[:1])
        known = None
    prediction = _evaluated(resolved.rules, call, trace, {} if known is None else known)
    unread = tuple(name for name in prediction.unread if name not in resolved.read)
    if resolved.unspecified and prediction.type is None:
        return Prediction("unspecified")
    if prediction.kind == "raises" or (resolved.stands_for is None and unread == prediction.unread):
        return prediction
    return replace(prediction, resolved=resolved.stands_for, unread=unread)


def _evaluated(rules: Rules, call: Call, trace: bool, known: Evaluated) -> Prediction:
    essence = rules.essence(call)
    if essence not in known:
        known[essence] = evaluate(rules, call, trace)
    return known[essence]


def _of_outputs(predictions: Sequence[Prediction]) -> Prediction:
    """Return the values of all outputs, or what the first of them is that has none."""
    for prediction in predictions:
        if prediction.kind != "value":
            return replace(prediction, samples=())
    values = [value for prediction in predictions for value in prediction.value]
    additions = max(prediction.additions for prediction in predictions)
    return replace(predictions[0], value=values, additions=additions, resolved=None, samples=())
