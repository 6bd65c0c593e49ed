"""Variants of a definition: one rule replaced by another rule of its axis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.adapters.base import Call, Implementation
from conformance.adapters.releases import holds_in
from conformance.oracle import definitions, find
from conformance.oracle.model import Behaviour, Definition, Rule, Unspecified
from conformance.oracle.mutants import DEFAULTS, MUTANTS, Mutation
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import Resolved, departed, prediction_of, resolve
from conformance.oracle.sharing import Evaluations

#: The rule that holds on an axis -> the one that replaces it in a call, or None if both are the same.
Exchange = Callable[[Behaviour, Call], Behaviour | None]

#: Axes whose rules see which elements are correct, not how they were decided.
_AFTER_DECISION = frozenset(
    (
        *("exclusion", "weights", "unit", "average", "statistic", "accumulation", "undefined-value"),
        *("departure", "name-resolution", "decision-rule"),
    )
)

#: A rule that raises gives no value, and nobody writes a known deviation of a framework into code of their own.
_WITHOUT_VALUE = ("refusal", "departure", "name-resolution")


def _unchanged(resolved: Resolved, call: Call) -> Resolved | None:
    return resolved


@dataclass(frozen=True, eq=False)
class Variant:
    """A definition that differs from another by one rule.

    Attributes:
        axis: the axis of that rule.
        name: the rule that replaces it.
        change: resolved definition and call -> its variant, or None if it follows that rule already.
        without: ids of findings whose departures are left out.
    """

    axis: str
    name: str
    change: Callable[[Resolved, Call], Resolved | None] = _unchanged
    without: frozenset[str] = frozenset()


def named_variants(entry: Implementation, known: Iterable[Implementation]) -> dict[str, Variant]:
    """Return the variants of the definition that an implementation claims, by their names in the list of survivors.

    Definitions that follow the same rule share the name: the rule was read in one place, and a case that kills the
    variant for one of them shows that it is another rule. Variants of rules before the decision are kept apart by
    decision rule.

    Args:
        entry: the implementation.
        known: those whose rules may replace its own, if they have its quantity and one of its tasks. Rules that only
            departures follow are left out: nobody claims them.
    """
    definition = find(entry.definition or "")
    others: dict[str, dict[str, Behaviour]] = defaultdict(dict)
    for other in known:
        if other.definition and other.quantity == entry.quantity and other.tasks & entry.tasks:
            for rule in find(other.definition).rules:
                others[rule.axis].setdefault(rule.behaviour.name, rule.behaviour)
    followed = {axis: rule.behaviour.name for axis, rule in definition.in_release().items()}
    named = {}
    family = {other.definition for other in known if other.metric == entry.metric}
    for variant in variants(definition, others, family):
        decision = "" if variant.axis in _AFTER_DECISION else followed.get("decision-rule", "")
        before = " ".join(filter(None, (followed.get(variant.axis), f"({decision})" if decision else "")))
        after = f"{before} -> {variant.name}" if before else variant.name
        named[f"{variant.axis}: {after}"] = variant
    return named


def values_by_other_rules(
    entry: Implementation,
    resolved: Resolved,
    call: Call,
    known: Iterable[Implementation],
    evaluations: Evaluations | None = None,
) -> Iterator[tuple[Behaviour, Behaviour, Prediction]]:
    """Yield a rule that an implementation follows, another one, and the value that is predicted with that.

    Args:
        entry: the implementation.
        resolved: its definition, for the call.
        call: the call.
        known: see `named_variants`.
        evaluations: those of the call, from which values come faster, and without how far they may be rounded.
    """
    for variant in named_variants(entry, known).values():
        changed = None if variant.axis in _WITHOUT_VALUE else variant.change(resolved, call)
        if changed is None:
            continue
        try:
            really, _ = departed(changed, call)
            predicted = _predicted(really, call, evaluations)
        except Exception:
            # Rules that cannot work together, or not on this input: what is tried here nobody has written.
            continue
        if predicted is not None and predicted.kind == "value":
            own, other = (one.rules.on(variant.axis).behaviour for one in (resolved, changed))
            yield own, other, predicted


def _predicted(resolved: Resolved, call: Call, evaluations: Evaluations | None) -> Prediction | None:
    if evaluations is None or resolved.outputs or resolved.unspecified:
        return prediction_of(resolved, call)
    numbers = evaluations.numbered(resolved.rules.by_axis().values())
    found = evaluations.result(numbers, lambda: resolved.rules)
    return None if found is None else evaluations.prediction(found)


def variants(
    definition: Definition,
    others: Mapping[str, Mapping[str, Behaviour]],
    family: Collection[str | None] = (),
) -> Iterator[Variant]:
    """Yield the variants of a definition.

    A metric string has variants of its own rules and of its resolution; the rules of the metric it resolves to are
    varied for the metric itself. The checks of an implementation are made for its own parameters; those of another are
    no variant.

    Args:
        definition: the definition.
        others: axis -> name -> rule that may replace the own one.
        family: names of the definitions that a string could stand for.
    """
    for axis in sorted(definition.axes - {"name-resolution"}):
        if axis == "default-parameter":
            for parameter, value in DEFAULTS:
                yield _of_rule(axis, f"{parameter}={value!r}", _defaulting(parameter, value))
            continue
        for behaviour in others.get(axis, {}).values() if axis != "refusal" else ():
            yield _of_rule(axis, behaviour.name, _replacing(behaviour))
        for name, mutate in MUTANTS.get(axis, {}).items():
            yield _of_rule(axis, name, _mutating(name, mutate))
    # Without one that is fixed in the newest release, nothing changes.
    lasting = (
        entry.finding.id
        for entry in definition.departures
        if holds_in(entry.releases, None) and not isinstance(entry.change, Unspecified)
    )
    for name in dict.fromkeys(lasting):
        yield Variant("departure", f"without {name}", without=frozenset({name}))
    for other in definitions() if definition.resolves_to is not None else ():
        if other.name in family and _could_be_named(other, definition):
            yield Variant("name-resolution", f"always {other.name}", _becoming(other))


def _of_rule(axis: str, name: str, exchange: Exchange) -> Variant:
    def change(resolved: Resolved, call: Call) -> Resolved | None:
        behaviour = exchange(resolved.rules.on(axis).behaviour, call)
        if behaviour is None:
            return None
        return replace(resolved, rules=resolved.rules.changed(Rule(behaviour, "source", "a variant")))

    return Variant(axis, name, change)


def _replacing(other: Behaviour) -> Exchange:
    return lambda behaviour, call: None if behaviour == other else other


def _mutating(name: str, mutate: Mutation) -> Exchange:
    def exchange(behaviour: Behaviour, call: Call) -> Behaviour | None:
        mutant = mutate(behaviour.apply)
        says = f"{name.replace('-', ' ').capitalize()}."
        return None if mutant is None else Behaviour(behaviour.axis, name, says, mutant)

    return exchange


def _defaulting(parameter: str, value: Any) -> Exchange:
    def exchange(behaviour: Behaviour, call: Call) -> Behaviour | None:
        if behaviour.apply(call).get(parameter, value) == value:
            return None
        name, says = f"{parameter}={value!r}", f"{parameter} is {value!r} if none is given."
        return Behaviour(behaviour.axis, name, says, lambda call: {**behaviour.apply(call), parameter: value})

    return exchange


def _becoming(other: Definition) -> Callable[[Resolved, Call], Resolved]:
    return lambda resolved, call: resolve(replace(resolved.definition, resolves_to=lambda _: other), call)


def _could_be_named(other: Definition, string: Definition) -> bool:
    """Whether a definition is a class of the framework, in the environment, whose compile() takes the string."""
    module, word = other.path.rpartition(".")[::2]
    return (
        other.resolves_to is None
        and module == f"{string.name.partition('.')[0]}.metrics"
        and word.isalpha()
        and other.name.partition("@")[2] == string.name.partition("@")[2]
    )
