"""Variants of a definition: one rule replaced by another rule of its axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.adapters.base import Call
from conformance.coverage.mutants import DEFAULTS, MUTANTS, Mutation
from conformance.oracle import definitions
from conformance.oracle.model import Behaviour, Definition, Rule, Unspecified
from conformance.oracle.releases import holds_in
from conformance.oracle.resolve import Resolved

#: Resolved definition and call -> its variant, or None if it follows that rule already.
Change = Callable[[Resolved, Call], Resolved | None]

_PLACE = "a variant"


def _unchanged(resolved: Resolved, call: Call) -> Resolved | None:
    return resolved


@dataclass(frozen=True, eq=False)
class Variant:
    """A definition that differs from another by one rule.

    Attributes:
        axis: the axis of that rule.
        name: the rule that replaces it.
        change: resolved definition -> its variant, or None if it follows that rule already.
        without: finding whose departures are left out, or None.
        choose: for metric strings: what the string resolves to instead.
    """

    axis: str
    name: str
    change: Change = _unchanged
    without: str | None = None
    choose: Definition | None = None

    def __str__(self) -> str:
        return f"{self.axis}: {self.name}"

    def choose_it(self, call: Call) -> Definition:
        """Return what the string resolves to in this variant, for any call."""
        assert self.choose is not None
        return self.choose


def variants(definition: Definition, behaviours: Mapping[str, Mapping[str, Behaviour]]) -> Iterator[Variant]:
    """Yield the variants of a definition.

    A metric string has variants of its own rules and of its resolution; the rules of the metric it resolves to are
    varied for the metric itself.
    """
    for axis in sorted(definition.axes):
        if axis not in ("name-resolution", "default-parameter"):
            # The checks of an implementation are made for its own parameters; those of another are no variant.
            for behaviour in behaviours.get(axis, {}).values() if axis != "refusal" else ():
                yield Variant(axis, behaviour.name, _replacing(behaviour))
            for name, mutate in MUTANTS.get(axis, {}).items():
                yield Variant(axis, name, _mutating(axis, name, mutate))
        elif axis == "default-parameter":
            yield from _defaults()
    # Without one that is fixed in the newest release, nothing changes.
    lasting = (
        entry.finding.id
        for entry in definition.departures
        if holds_in(entry.releases, None) and not isinstance(entry.change, Unspecified)
    )
    for finding in dict.fromkeys(lasting):
        yield Variant("departure", f"without {finding}", without=finding)
    if definition.resolves_to is not None:
        for other in definitions():
            if _could_be_named(other, definition):
                yield Variant("name-resolution", f"always {other.name}", choose=other)


def _could_be_named(other: Definition, string: Definition) -> bool:
    """Whether a definition is a class of the framework, in the environment, whose compile() takes the string."""
    module, word = other.path.rpartition(".")[::2]
    return (
        other.resolves_to is None
        and module == f"{string.name.partition('.')[0]}.metrics"
        and word.isalpha()
        and other.name.partition("@")[2] == string.name.partition("@")[2]
    )


def _replacing(behaviour: Behaviour) -> Change:
    def change(resolved: Resolved, call: Call) -> Resolved | None:
        if resolved.rules.on(behaviour.axis).behaviour == behaviour:
            return None
        return _with(resolved, behaviour)

    return change


def _mutating(axis: str, name: str, mutate: Mutation) -> Change:
    made: dict[Any, Behaviour | None] = {}

    def change(resolved: Resolved, call: Call) -> Resolved | None:
        apply = resolved.rules.on(axis).apply
        if apply not in made:
            mutant = mutate(apply)
            made[apply] = None if mutant is None else Behaviour(axis, name, name, mutant)
        behaviour = made[apply]
        return None if behaviour is None else _with(resolved, behaviour)

    return change


def _with(resolved: Resolved, behaviour: Behaviour) -> Resolved:
    return replace(resolved, rules=resolved.rules.changed(Rule(behaviour, "source", _PLACE)))


def _defaults() -> Iterator[Variant]:
    for parameter, values in DEFAULTS.items():
        for value in values:
            yield Variant("default-parameter", f"{parameter}={value!r}", _defaulting(parameter, value))


def _defaulting(parameter: str, value: Any) -> Change:
    name = f"{parameter}={value!r}"
    made: dict[Any, Behaviour] = {}

    def change(resolved: Resolved, call: Call) -> Resolved | None:
        before = resolved.rules.default_parameter.apply
        if before(call).get(parameter, value) == value:
            return None
        if before not in made:
            made[before] = Behaviour(
                "default-parameter", name, name, lambda call: {**before(call), parameter: value}
            )
        return _with(resolved, made[before])

    return change
