"""What a definition is: named rules, one per axis, each with the basis it was read from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, cast

from typing_extensions import TypeVar

from conformance.adapters.base import Call
from conformance.adapters.releases import Release, holds_in
from conformance.oracle.reasons import Reason

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Basis = Literal["documented", "source"]

#: What evaluates the rules of an axis: a function or a value object of `stages`.
T = TypeVar("T", default=Any, covariant=True)


class Incomposable(Exception):  # noqa: N818
    """Two rules of different implementations cannot work together; says nothing about either."""


class Contradiction(Exception):  # noqa: N818 - a cell says it; a run goes on
    """Two departures that hold at once change one rule in different ways: their conditions are too wide."""


@dataclass(frozen=True)
class Behaviour(Generic[T]):
    """A rule without its basis, so that two frameworks can share it.

    Attributes:
        axis: the axis it stands on, a key of `axes.AXES`.
        name: two definitions follow the same rule on an axis exactly if the names are equal.
        says: the rule in one sentence.
        apply: what evaluates it, of the type that the field of its axis has in `ruleset.Rules`.
    """

    axis: str
    name: str
    says: str
    apply: T = field(compare=False)

    def documented(self, source: str, releases: str = "") -> Rule[T]:
        """Give the rule a basis in the documentation: the sentence and its place."""
        return Rule(self, "documented", source, releases)

    def source(self, source: str, releases: str = "") -> Rule[T]:
        """Give the rule a basis in the source, where the documentation is silent."""
        return Rule(self, "source", source, releases)


@dataclass(frozen=True)
class Rule(Generic[T]):
    """A behaviour and where it was read.

    Attributes:
        behaviour: what is done.
        basis: whether the documentation says so, or the source alone.
        place: the sentence and its place, or file and lines.
        releases: releases of the framework in which the rule holds, a PEP 440 specifier; empty for all supported.
            It may name other packages: `>=1.9,numpy<2`.
    """

    behaviour: Behaviour[T]
    basis: Basis
    place: str
    releases: str = ""

    @property
    def axis(self) -> str:
        """The axis of the behaviour."""
        return self.behaviour.axis

    @property
    def apply(self) -> T:
        """What evaluates the rule."""
        return self.behaviour.apply

    def amended(self, **parameters: Any) -> Rule[T]:
        """Return the rule with other parameters, of the same place and releases.

        Raises:
            TypeError: the rule has no such parameter.
        """
        changed: Any = replace(cast("DataclassInstance", self.apply), **parameters)
        return replace(self, behaviour=parametric(self.axis, changed))

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
        needs: parameters (names of a case, or `sample_weight`) without which an implementation cannot show it; with
            `name=value` one that can be given this value.
    """

    id: str
    kind: Literal["defect", "undocumented", "limitation"]
    title: str
    condition: str
    says: str
    claims: str
    place: str
    see: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


class Parametric(Protocol):
    """What evaluates a rule and is a frozen dataclass, whose fields are the parameters of the rule."""

    @property
    def name(self) -> str:
        """Name of the behaviour, which follows from the parameters."""

    @property
    def says(self) -> str:
        """What is done, in one sentence, which follows from the parameters."""


P = TypeVar("P", bound=Parametric)


def parametric(axis: str, apply: P) -> Behaviour[P]:
    """Return the behaviour that follows from parameters."""
    return Behaviour(axis, apply.name, apply.says, apply)


@dataclass(frozen=True)
class Amendment:
    """Changes parameters of the rule on an axis, and leaves the others as they are.

    Amendments of one axis can be combined in any order, as long as they do not set one parameter to two values.

    Attributes:
        axis: the axis.
        parameters: (name, value) of those that change.
    """

    axis: str
    parameters: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, axis: str, **parameters: Any) -> Amendment:
        """Return the amendment that sets these parameters."""
        return cls(axis, tuple(sorted(parameters.items())))

    def fits(self, rule: Rule) -> bool:
        """Whether the rule has these parameters; that of another axis or form of use may have none."""
        return is_dataclass(rule.apply) and all(hasattr(rule.apply, name) for name, _ in self.parameters)


@dataclass(frozen=True)
class Raising:
    """Lets the implementation raise, whatever its own checks are.

    Attributes:
        reason: why.
        type: exception type where the framework's own check raises, None for any.
    """

    reason: Reason
    type: str | None = None
    axis: ClassVar[str] = "refusal"


@dataclass(frozen=True)
class Unspecified:
    """Leaves every documented path: any value and any exception may come, but what other checks raise.

    Attributes:
        as_if: parameters under which the other checks are made, where the call gets past one by accident.
    """

    as_if: Mapping[str, Any] = field(default_factory=dict, compare=False)
    axis: ClassVar[str] = "departure"


@dataclass(frozen=True)
class Fed:
    """Lets the metrics of a model with several outputs see other data than those of their outputs.

    Attributes:
        fed: the call with its outputs -> the same with the data that the metrics see.
    """

    fed: Callable[[Call], Call] = field(compare=False)
    axis: ClassVar[str] = "departure"


Change = Rule | Amendment | Raising | Unspecified | Fed


@dataclass(frozen=True)
class Departure:
    """A known general deviation: under `holds_for`, another rule really holds than the documented one.

    Attributes:
        finding: what describes it.
        change: the rule that replaces the one on its axis, parameters of that rule that change, what raises, or that
            nothing is specified.
        holds_for: decides from the resolved parameters and the call, never from an outcome.
        releases: releases of the framework that deviate, as of a rule; empty for all supported.
    """

    finding: Finding
    change: Change
    holds_for: Callable[[Call, Mapping[str, Any]], bool] = field(compare=False)
    releases: str = ""


@dataclass(frozen=True)
class Definition:
    """What an implementation claims to compute.

    Attributes:
        name: key under which implementations refer to it.
        says: one sentence.
        rules: one rule per axis; several where they hold in different releases of the framework.
        departures: known deviations, in the order in which they are applied.
        resolves_to: for a string given to compile(): chooses the definition it stands for, by shape; the
            rules of this definition then overlay those of the chosen one.
    """

    name: str
    says: str
    rules: tuple[Rule, ...]
    departures: tuple[Departure, ...] = ()
    resolves_to: Callable[[Call], Definition] | None = field(default=None, compare=False)

    @property
    def path(self) -> str:
        """The name without the environment: what is imported, wherever it runs."""
        return self.name.partition("@")[0]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What describes its deviations; one finding may have several."""
        return tuple(departure.finding for departure in self.departures)

    def findings_in(self, release: Release = None) -> tuple[Finding, ...]:
        """Return the findings whose deviations exist in a release; the newest known one where it is None."""
        return tuple(entry.finding for entry in self.departures if holds_in(entry.releases, release))

    @property
    def axes(self) -> frozenset[str]:
        """The axes it has rules on."""
        return frozenset(rule.axis for rule in self.rules)

    def on(self, axis: str) -> tuple[Rule, ...]:
        """Return the rules of an axis: one, or one for each range of releases."""
        return tuple(rule for rule in self.rules if rule.axis == axis)

    def in_release(self, release: Release = None) -> Mapping[str, Rule]:
        """Return axis -> the rule that holds in a release; the newest known one where it is None.

        Raises:
            ValueError: two rules hold on one axis.
        """
        if release not in self._in_releases:
            self._in_releases[release] = self._holding_in(release)
        return self._in_releases[release]

    @cached_property
    def _in_releases(self) -> dict[Release, Mapping[str, Rule]]:
        """What `in_release` has returned: it is asked again for every call."""
        return {}

    def _holding_in(self, release: Release) -> Mapping[str, Rule]:
        holding: dict[str, Rule] = {}
        for rule in self.rules:
            if holds_in(rule.releases, release):
                if rule.axis in holding:
                    raise ValueError(
                        f"{self.name} has two rules on {rule.axis} in the release {release or 'newest'}"
                    )
                holding[rule.axis] = rule
        return holding

    def parameters(self, call: Call, release: Release = None) -> dict[str, Any]:
        """Return the parameters of a call: those the case names over the implementation's defaults."""
        return {**self.in_release(release)["default-parameter"].apply(call), **call.parameters}

    def way(self, brackets: str) -> str:
        """Return the name of a way to use what this definition is about."""
        path, _, others = self.name.removesuffix("]").partition("[")
        return f"{path}[{others}{',' if others else ''}{brackets}]"

    def overlaid(
        self, name: str, says: str, *rules: Rule, departures: tuple[Departure, ...] | None = None
    ) -> Definition:
        """Return a definition that differs from this one by `rules`, and by its departures if any are given."""
        return replace(
            self,
            name=name,
            says=says,
            rules=laid_over(self.rules, *rules),
            departures=self.departures if departures is None else departures,
        )


def laid_over(base: tuple[Rule, ...], *rules: Rule) -> tuple[Rule, ...]:
    """Return the rules, and those of `base` on the axes that these do not have."""
    axes = {rule.axis for rule in rules}
    return (*(rule for rule in base if rule.axis not in axes), *rules)
