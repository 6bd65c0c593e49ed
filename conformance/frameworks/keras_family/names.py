"""The strings that compile() of any Keras takes: what they stand for, and the definitions of the ways to use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras.graph import Batch, Spec
from conformance.oracle.model import Behaviour, Definition, Departure, Finding, Rule
from conformance.oracle.reasons import Raises
from conformance.oracle.ruleset import Resolution
from conformance.oracle.stages import Accumulation, Checks, Precision, Weigh

#: Chooses what a name stands for, from the traced shapes; raises where it stands for nothing.
Choice = Callable[[Batch], Definition]

#: The argument of compile() that takes the name.
Role = Literal["metrics", "weighted_metrics", "loss"]

#: Targets and predictions of one column: what every name has an answer for.
ONE_COLUMN = Batch(Spec((None, 1)), Spec((None, 1)), None)


@dataclass(frozen=True, eq=False)
class Name:
    """A string given to compile().

    Attributes:
        word: the string.
        says: what it stands for, in one sentence.
        choose: decides that by the traced shapes, as documented.
        really: decides it as the source does, where that leaves the documentation; None where it never does.
        finding: what describes the difference.
        alias_of: another string that stands for the same.
        resolution_only: whether only what it becomes is predicted, and not the value.
    """

    word: str
    says: str
    choose: Choice
    really: Choice | None = None
    finding: Finding | None = None
    alias_of: str | None = None
    resolution_only: bool = False

    @property
    def rule(self) -> str:
        """Name of what the string stands for: two strings that stand for the same follow one rule."""
        return self.alias_of or self.word


def without_value(path: str, like: Definition) -> Definition:
    """Return the class or function of that import path, whose value no rule here defines.

    Its rules are those of `like`: placeholders, as none but the checks is evaluated.
    """
    return like.overlaid(path, "Its value is not predicted.", departures=())


def always(chosen: Definition) -> Choice:
    """Choose the same, whatever the shapes."""
    return lambda traced: chosen


def _updates(call: Call) -> Sequence[Update]:
    return call.updates


@dataclass(frozen=True, eq=False)
class Feeding:
    """One way to hand data to evaluate().

    Attributes:
        name: a word for it.
        says: what is fed.
        fits: refuses what does not even get to the model.
        traced: the static shapes.
        precision: what happens to dtypes on the way.
        empty_without_rows: whether evaluate() of no rows returns no metrics at all.
        suffix: what stands behind the string in the brackets of an id.
        batches: what the steps run on.
    """

    name: str
    says: str
    fits: Callable[[Call], None]
    traced: Callable[[Call], Batch]
    precision: Rule[Precision]
    empty_without_rows: bool
    suffix: str = ""
    batches: Callable[[Call], Sequence[Update]] = _updates

    def stands_for(self, choose: Choice, call: Call) -> Definition:
        """Return what a name stands for when `call` is fed this way.

        Raises:
            Raises: it cannot be fed, or the name stands for nothing.
        """
        self.fits(call)
        return choose(self.traced(call))


#: (name, its choice, way of feeding, argument) -> what compile() and evaluate() refuse.
Refusals = Callable[[Name, Choice, Feeding, Role], Rule[Checks]]

_USED = {"metrics": "is not used", "weighted_metrics": "weighs rows", "loss": "multiplies the loss"}


@dataclass(frozen=True, eq=False)
class Compile:
    """The strings of one Keras' compile().

    Attributes:
        module: import name.
        place: where the source chooses what a string stands for.
        metrics: the strings that name metrics.
        losses: the strings that name one of several losses.
        feedings: the ways to hand over data; the first one is that of losses.
        weights: what metrics= and weighted_metrics= do with sample_weight; losses have a rule of their own.
        accumulation: how batches are put together.
        refusals: what is refused.
    """

    module: str
    place: str
    metrics: tuple[Name, ...]
    losses: tuple[Name, ...]
    feedings: tuple[Feeding, ...]
    weights: Mapping[Role, Rule[Weigh]]
    accumulation: Rule[Accumulation]
    refusals: Refusals

    def definitions(self) -> Iterator[Definition]:
        """Yield a definition for each string and each way to hand it and the data over."""
        roles: tuple[Role, ...] = ("metrics", "weighted_metrics")
        for name in self.metrics:
            for role in roles[: 1 if name.resolution_only else None]:
                for feeding in self.feedings[: 1 if name.resolution_only else None]:
                    yield self._definition(name, feeding, role)
        for name in self.losses:
            yield self._definition(name, self.feedings[0], "loss")

    def _definition(self, name: Name, feeding: Feeding, role: Role) -> Definition:
        def resolves_to(call: Call) -> Definition:
            try:
                return feeding.stands_for(name.choose, call)
            except Raises:
                # The refusals of this way of feeding say why, whatever it would have stood for.
                return name.choose(ONE_COLUMN)

        key = f"{'' if role == 'metrics' else f'{role}='}{name.word}{feeding.suffix}"
        values: list[Rule] = []
        if not name.resolution_only:
            values = [feeding.precision, self.accumulation]
            values += [self.weights[role]] if role in self.weights else []
        return Definition(
            f"{self.module}.Model.compile[{key}]",
            f"What {name.word!r} stands for by the shapes of the first batch, fed by {feeding.says}; "
            f"sample_weight {_USED[role]}.",
            (
                self._named(name, role, None, None),
                *values,
                self.refusals(name, name.choose, feeding, role),
            ),
            departures=tuple(self._departures(name, feeding, role)),
            resolves_to=resolves_to,
        )

    def _named(self, name: Name, role: Role, finding: Finding | None, apply: Resolution) -> Rule[Resolution]:
        loss = "loss-" if role == "loss" else ""
        rule = f"{self.module}-compile-{loss}{name.rule}"
        if finding is None:
            return Behaviour[Resolution]("name-resolution", rule, name.says, apply).source(self.place)
        return Behaviour[Resolution]("name-resolution", f"{rule}-{finding.id}", finding.says, apply).source(
            self.place
        )

    def _departures(self, name: Name, feeding: Feeding, role: Role) -> Iterator[Departure]:
        """Yield what holds where the source refuses a name, or takes something else than is documented."""
        if name.really is None or name.finding is None:
            return
        choose, really = name.choose, name.really

        def another(call: Call) -> Definition:
            return feeding.stands_for(really, call)

        def chooses_another(call: Call, parameters: Mapping[str, Any]) -> bool:
            try:
                return another(call) is not feeding.stands_for(choose, call)
            except Raises:
                return False

        def refuses(call: Call, parameters: Mapping[str, Any]) -> bool:
            try:
                another(call)
            except Raises:
                return True
            return False

        refusals = self.refusals(name, really, feeding, role)
        yield Departure(name.finding, self._named(name, role, name.finding, another), chooses_another)
        yield Departure(name.finding, refusals, lambda c, p: chooses_another(c, p) or refuses(c, p))
