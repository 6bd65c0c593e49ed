"""The definitions under test: each once, with the implementations that claim it and the cases they run on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Implementation
from conformance.cases import Case, matches
from conformance.oracle import find
from conformance.oracle.model import Behaviour, Definition


@dataclass(frozen=True, eq=False)
class Subject:
    """A definition; several implementations may claim it, or others with exactly its rules.

    Attributes:
        definition: the first of them.
        implementations: those that claim it.
        cases: the cases that at least one of them runs on.
    """

    definition: Definition
    implementations: tuple[Implementation, ...]
    cases: tuple[Case, ...]

    @property
    def name(self) -> str:
        """Name of the definition."""
        return self.definition.name

    @property
    def tasks(self) -> frozenset[str]:
        """Tasks of its implementations."""
        return frozenset(task for entry in self.implementations for task in entry.tasks)

    @property
    def quantity(self) -> str:
        """Quantity of its implementations."""
        return self.implementations[0].quantity


def subjects(implementations: Sequence[Implementation], cases: Sequence[Case]) -> tuple[Subject, ...]:
    """Return the distinct definitions among the implementations of each quantity."""
    alike: dict[object, list[Implementation]] = {}
    for entry in implementations:
        if entry.definition is not None:
            alike.setdefault((entry.quantity, _rules_of(find(entry.definition))), []).append(entry)
    return tuple(
        Subject(
            find(entries[0].definition or ""),
            tuple(entries),
            tuple(case for case in cases if any(runs(entry, case) for entry in entries)),
        )
        for entries in alike.values()
    )


def runs(entry: Implementation, case: Case) -> bool:
    """Whether an implementation runs on a case."""
    chosen = case.implementations is not None
    if chosen and not any(matches(pattern, entry.id) for pattern in case.implementations or ()):
        return False
    return reason_not_applicable(entry, case.call(), chosen=chosen) is None


def _rules_of(definition: Definition) -> object:
    """Return a key that two definitions share exactly if they are equal but for their names."""
    return (
        frozenset((rule.axis, rule.behaviour.name, rule.apply, rule.releases) for rule in definition.rules),
        definition.departures,
        definition.resolves_to,
    )


def alternatives(
    subject: Subject, implementations: Iterable[Implementation]
) -> Mapping[str, Mapping[str, Behaviour]]:
    """Return axis -> name -> rule, for every rule claimed for the same quantity and an overlapping task.

    Rules that only departures follow are left out: nobody claims them.
    """
    rules: dict[str, dict[str, Behaviour]] = {}
    for entry in implementations:
        if entry.definition and entry.quantity == subject.quantity and entry.tasks & subject.tasks:
            for rule in find(entry.definition).rules:
                rules.setdefault(rule.axis, {}).setdefault(rule.behaviour.name, rule.behaviour)
    return rules
