"""What is looked at: each definition once, with the implementations that claim it and the cases that ask them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Implementation
from conformance.cases import Case, matches
from conformance.oracle import find
from conformance.oracle.model import Behaviour, Definition


@dataclass(frozen=True, eq=False)
class Subject:
    """A definition; several implementations may claim it, or others with just its rules.

    Attributes:
        definition: the first of them.
        implementations: those that claim it.
        cases: the cases that ask one of them, as many as there are.
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
        """Tasks its implementations are asked about."""
        return frozenset(task for entry in self.implementations for task in entry.tasks)

    @property
    def quantity(self) -> str:
        """What its implementations promise."""
        return self.implementations[0].quantity


def subjects(implementations: Sequence[Implementation], cases: Sequence[Case]) -> tuple[Subject, ...]:
    """Return the distinct definitions among implementations of each quantity; those without one are left out."""
    alike: dict[object, list[Implementation]] = {}
    for entry in implementations:
        if entry.definition is not None:
            alike.setdefault((entry.quantity, _rules_of(find(entry.definition))), []).append(entry)
    return tuple(
        Subject(find(entries[0].definition or ""), tuple(entries), tuple(asking(entries, cases)))
        for entries in alike.values()
    )


def asking(entries: Iterable[Implementation], cases: Iterable[Case]) -> Iterator[Case]:
    """Yield the cases that ask one of some implementations."""
    entries = tuple(entries)
    for case in cases:
        if any(asks(case, entry) for entry in entries):
            yield case


def asks(case: Case, entry: Implementation) -> bool:
    """Whether an implementation is asked about a case."""
    if case.implementations is None:
        return reason_not_applicable(entry, case.call()) is None
    if not any(matches(pattern, entry.id) for pattern in case.implementations):
        return False
    return reason_not_applicable(entry, case.call(), chosen=True) is None


def could_ask(case: Case, subject: Subject) -> bool:
    """Whether a definition could be asked about a case, were it not for the cost or for whom the case names."""
    return any(
        asks(case, entry) or reason_not_applicable(replace(entry, asked="always"), case.call()) is None
        for entry in subject.implementations
    )


def _rules_of(definition: Definition) -> object:
    """Return what two definitions have in common exactly if they are the same but for their names."""
    return (
        frozenset((rule.axis, rule.behaviour.name, rule.apply, rule.releases) for rule in definition.rules),
        tuple((departure.finding.id, departure.changes_to) for departure in definition.departures),
        definition.unspecified,
        definition.resolves_to,
    )


def alternatives(
    subject: Subject, implementations: Iterable[Implementation]
) -> Mapping[str, Mapping[str, Behaviour]]:
    """Return axis -> name -> what could stand there instead: every rule that is claimed for the same question.

    That is a question of the same quantity and of a task that both are asked about. What only a departure follows
    is an accident of one place, and no claim.
    """
    rules: dict[str, dict[str, Behaviour]] = {}
    for entry in implementations:
        if entry.definition and entry.quantity == subject.quantity and entry.tasks & subject.tasks:
            for rule in find(entry.definition).rules:
                rules.setdefault(rule.axis, {}).setdefault(rule.behaviour.name, rule.behaviour)
    return rules
