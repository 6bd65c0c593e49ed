"""What is looked at: each definition once, with the implementations that claim it and the cases that ask them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Implementation
from conformance.cases import Case, matches
from conformance.definitions import definitions, find, rules
from conformance.definitions.model import Behaviour, Definition


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


def _rules_of(definition: Definition) -> object:
    """Return what two definitions have in common exactly if they are the same but for their names."""
    return (
        frozenset(
            (axis, rule.behaviour.name, rule.behaviour.apply) for axis, rule in definition.rules.items()
        ),
        tuple((departure.finding.id, departure.rule.behaviour.name) for departure in definition.departures),
        definition.resolves_to,
    )


def behaviours() -> Mapping[str, Mapping[str, Behaviour]]:
    """Return axis -> name -> every rule there is: those of the modules of rules, and those made by definitions."""
    found: dict[str, dict[str, Behaviour]] = {}
    for info in pkgutil.iter_modules(rules.__path__):
        module = importlib.import_module(f"{rules.__name__}.{info.name}")
        for value in vars(module).values():
            if isinstance(value, Behaviour):
                found.setdefault(value.axis, {})[value.name] = value
    for definition in definitions():
        followed = [*definition.rules.values(), *(departure.rule for departure in definition.departures)]
        for rule in followed:
            found.setdefault(rule.axis, {}).setdefault(rule.behaviour.name, rule.behaviour)
    return found
