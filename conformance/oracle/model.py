"""What a definition is: named rules, one per axis, each with the basis it was read from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from conformance.adapters.base import Call

Basis = Literal["documented", "source"]


class Incomposable(Exception):  # noqa: N818
    """Two rules of different implementations cannot work together; says nothing about either."""


@dataclass(frozen=True)
class Behaviour:
    """A rule without its basis, so that two frameworks can share it.

    Attributes:
        axis: the axis it stands on, a key of `axes.AXES`.
        name: two definitions follow the same rule on an axis exactly if the names are equal.
        says: the rule in one sentence.
        apply: what evaluates it: a function or a value object of `stages`, of the type its axis asks for;
            None for name-resolution, which chooses the rules before any is applied.
    """

    axis: str
    name: str
    says: str
    apply: Any = field(compare=False)

    def documented(self, source: str) -> Rule:
        """Give the rule a basis in the documentation: the sentence and its place."""
        return Rule(self, "documented", source)

    def source(self, source: str) -> Rule:
        """Give the rule a basis in the source, where the documentation is silent."""
        return Rule(self, "source", source)


@dataclass(frozen=True)
class Rule:
    """A behaviour and where it was read."""

    behaviour: Behaviour
    basis: Basis
    place: str

    @property
    def axis(self) -> str:
        """The axis of the behaviour."""
        return self.behaviour.axis

    def to_json(self) -> dict[str, str]:
        """Return the entry of the table rule -> basis -> source."""
        return {
            "name": self.behaviour.name,
            "says": self.behaviour.says,
            "basis": self.basis,
            "source": self.place,
        }


@dataclass(frozen=True)
class Finding:
    """What a framework does that its documentation does not say.

    Attributes:
        id: slug.
        kind: `defect`, `undocumented` or `limitation`.
        title: one line.
        condition: when it shows, in words.
        says: what really holds then.
        claims: what the documentation says, and where.
        place: source file and lines.
        see: links to threads or pages.
    """

    id: str
    kind: Literal["defect", "undocumented", "limitation"]
    title: str
    condition: str
    says: str
    claims: str
    place: str
    see: tuple[str, ...] = ()


@dataclass(frozen=True)
class Departure:
    """A known general deviation: under `holds_for`, `rule` really holds instead of the documented one.

    Attributes:
        finding: what describes it.
        rule: the rule that replaces the documented one on its axis.
        holds_for: decides from the resolved parameters and the call, never from an outcome.
    """

    finding: Finding
    rule: Rule
    holds_for: Callable[[Call, Mapping[str, Any]], bool] = field(compare=False)


@dataclass(frozen=True)
class Definition:
    """What an implementation claims to compute.

    Attributes:
        name: key under which implementations refer to it.
        says: one sentence.
        rules: axis -> rule.
        departures: known deviations, in the order in which they are applied.
        resolves_to: for a string given to compile(): chooses the definition it stands for, by shape; the
            rules of this definition then overlay those of the chosen one.
        resolved: after resolution: the definition that was chosen.
        own_axes: after resolution: the axes on which this definition overlays the chosen one.
    """

    name: str
    says: str
    rules: Mapping[str, Rule]
    departures: tuple[Departure, ...] = ()
    resolves_to: Callable[[Call], Definition] | None = field(default=None, compare=False)
    resolved: Definition | None = None
    own_axes: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """The name without the environment: what is imported, wherever it runs."""
        return self.name.partition("@")[0]

    @property
    def stands_for(self) -> str | None:
        """After resolution: the bare name of the class or function that was chosen."""
        return None if self.resolved is None else self.resolved.path.rpartition(".")[2]

    def overlaid(
        self, name: str, says: str, *rules: Rule, departures: tuple[Departure, ...] | None = None
    ) -> Definition:
        """Return a definition that differs from this one by `rules`, and by its departures if any are given."""
        return replace(
            self,
            name=name,
            says=says,
            rules={**self.rules, **{rule.axis: rule for rule in rules}},
            departures=self.departures if departures is None else departures,
        )


def rules(*entries: Rule) -> dict[str, Rule]:
    """Return the entries by axis."""
    return {rule.axis: rule for rule in entries}
