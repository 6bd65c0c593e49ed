"""The strings that compile() of any Keras takes: what they become, and the definitions of the ways to use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import NO_METRIC, NOTHING_EVALUATED
from conformance.frameworks.keras_family.feeding import Feeding, running
from conformance.frameworks.keras_family.graph import Batch, Kind, Spec, documented_kind, kind_of, traced
from conformance.oracle.model import Behaviour, Definition, Departure, Finding, Rule
from conformance.oracle.reasons import Raises
from conformance.oracle.rules.accumulation import Summed
from conformance.oracle.ruleset import Resolution
from conformance.oracle.stages import Checks, Parameters, Weigh

#: Chooses what a string becomes, from the traced shapes; raises `Raises` where it becomes nothing.
Choice = Callable[[Batch], Definition]

#: The metrics or losses that a string may become, by the traced shapes.
Chosen = Callable[[Batch], Mapping[Kind, Definition]]

#: The argument of compile() that takes the string.
Role = Literal["metrics", "weighted_metrics", "loss"]

#: Targets and predictions of one column: every string becomes something then.
ONE_COLUMN = Batch(Spec((None, 1)), Spec((None, 1)))

_KINDS: tuple[Kind, ...] = ("binary", "categorical", "sparse")


@dataclass(frozen=True, eq=False)
class Name:
    """A string given to compile().

    Attributes:
        word: the string.
        says: what it becomes, in one sentence.
        choose: decides that by the traced shapes, as documented.
        really: decides it as the source does, where that differs from the documentation; None where it never does.
        finding: what describes the difference.
        alias_of: another string that becomes the same.
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
        """Name of what the string becomes: two strings that become the same follow one rule."""
        return self.alias_of or self.word

    def also(self, word: str) -> Name:
        """Return another string that becomes the same."""
        return replace(self, word=word, alias_of=self.rule)


def without_value(path: str, like: Definition) -> Definition:
    """Return the class or function of that import path, whose value no rule here defines.

    Its rules are those of `like`: placeholders, as none but the checks is evaluated.
    """
    return like.overlaid(path, "Its value is not predicted.", departures=())


def crossentropies(module: str, *names: str, like: Definition) -> Chosen:
    """Return what the string crossentropy may become: the binary, categorical and sparse one of these names."""
    found = {kind: without_value(f"{module}.{name}", like) for kind, name in zip(_KINDS, names, strict=True)}
    return lambda batch: found


def by_shapes(
    word: str, chosen: Chosen, finding: Finding | None = None, *, resolution_only: bool = False
) -> Name:
    """Return a string that becomes one of several by the shapes of targets and predictions."""
    binary, categorical, sparse = (_bare(chosen(ONE_COLUMN)[kind]) for kind in _KINDS)
    return Name(
        word,
        f"One output column: {binary}; integer targets and several columns: {sparse}; else {categorical}. "
        "The loss plays no part.",
        lambda batch: chosen(batch)[documented_kind(batch)],
        lambda batch: chosen(batch)[kind_of(batch)],
        finding,
        resolution_only=resolution_only,
    )


def raising(name: Name, finding: Finding) -> Name:
    """Return a string that becomes nothing in metrics=, though it is documented to."""

    def really(batch: Batch) -> Definition:
        raise Raises(NO_METRIC, "ValueError")

    return replace(name, really=really, finding=finding)


def strings(
    accuracies: Chosen, finding: Finding, crossentropy: Name | None = None, loss: Name | None = None
) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """Return the strings that name metrics, and those that name losses.

    Args:
        accuracies: what `accuracy` may become.
        finding: describes where shapes mislead compile().
        crossentropy: the string of that name in metrics=. If None, only strings with a value are returned.
        loss: the string of that name in loss=.
    """
    accuracy = by_shapes("accuracy", accuracies, finding)

    def named(kind: Kind) -> Name:
        path = accuracies(ONE_COLUMN)[kind].path
        word = f"{'sparse_categorical' if kind == 'sparse' else kind}_accuracy"
        return Name(word, f"It becomes {path}, whatever the shapes.", lambda batch: accuracies(batch)[kind])

    metrics = (accuracy, accuracy.also("acc"), *map(named, _KINDS))
    if crossentropy is None or loss is None:
        return metrics, ()
    cased = replace(accuracy.also("Accuracy"), resolution_only=True)
    return (
        (*metrics, cased, *map(crossentropy.also, ("crossentropy", "ce", "CE"))),
        tuple(map(loss.also, ("crossentropy", "ce", "CE"))),
    )


def _bare(definition: Definition) -> str:
    return definition.path.rpartition(".")[2]


#: (string, its choice, way of feeding, argument) -> what compile() and evaluate() raise.
Refusals = Callable[[Name, Choice, Feeding, Role], Rule[Checks]]


@dataclass(frozen=True, eq=False)
class Step:
    """One step of evaluate() on TensorFlow: traced first, then run for each batch.

    Attributes:
        module: import name of the Keras.
        place: where the source has the checks.
        check_loss: checks a loss by name and its weights, given specs of a batch.
        values: specs of a metric's values and of their weights.
        check_weights: checks the weights of these values.
    """

    module: str
    place: str
    check_loss: Callable[[str, Batch, Call], None]
    values: Callable[[Definition, Batch], tuple[Spec, Spec | None]]
    check_weights: Callable[[Spec, Spec], None]

    def refusals(self, name: Name, choose: Choice, feeding: Feeding, role: Role) -> Rule[Checks]:
        """Return what is raised; all of it before the first update is evaluated."""

        def before(parameters: Parameters, call: Call) -> None:
            feeding.fits(call)
            static = feeding.traced(call)

            def step(batch: Batch) -> None:
                self.check_loss(name.word if role == "loss" else derive.loss(call), batch, call)
                if role != "loss":
                    values, weight = self.values(choose(static), batch)
                    if role == "weighted_metrics" and weight is not None:
                        self.check_weights(values, weight)

            # Tracing comes first, without any batch.
            step(traced(static))
            samples = any(len(update.y_pred) for update in call.updates)
            if feeding.empty_without_samples and not samples and not name.resolution_only:
                raise Raises(NOTHING_EVALUATED, "TypeError")
            for update in feeding.batches(call):
                step(running(update, static))

        return checks_of(self.module, name, choose, feeding, role, before, _nothing).source(self.place)


def _nothing(update: Update, parameters: Parameters, call: Call) -> None:
    return None


def checks_of(
    module: str,
    name: Name,
    choose: Choice,
    feeding: Feeding,
    role: Role,
    before: Callable[[Parameters, Call], None],
    each: Callable[[Update, Parameters, Call], None],
    more: str = "",
) -> Behaviour[Checks]:
    """Return what compile() and evaluate() raise; `more` is what else they check, in words."""
    really = "-really" if choose is name.really else ""
    return Behaviour(
        "refusal",
        f"{module}-compile-{feeding.name}-{role}-{name.rule}{really}",
        "evaluate() raises where the data, the loss or the metric do not fit each other's shapes, and where the sparse "
        f"loss gets a label outside its classes{more}.",
        Checks(before, each, only=name.resolution_only),
    )


_USED = {
    "metrics": "sample_weight is not used",
    "weighted_metrics": "sample_weight weights the samples",
    "loss": "sample_weight multiplies the loss",
}


@dataclass(frozen=True, eq=False)
class Compile:
    """The strings of one Keras' compile().

    Attributes:
        module: import name.
        place: where the source chooses what a string becomes.
        metrics: the strings that name metrics.
        losses: the strings that name one of several losses.
        feedings: the ways to feed data; strings without a value are fed in the first one.
        weights: what metrics= and weighted_metrics= do with sample_weight.
        accumulation: how the state accumulates over batches.
        refusals: what is raised.
    """

    module: str
    place: str
    metrics: tuple[Name, ...]
    losses: tuple[Name, ...]
    feedings: tuple[Feeding, ...]
    weights: Mapping[Role, Rule[Weigh]]
    accumulation: Rule[Summed]
    refusals: Refusals

    def definitions(self) -> Iterator[Definition]:
        """Yield a definition for each string, each argument it is given to and each way to feed data."""
        for name in self.metrics:
            for role in _roles(name):
                for feeding in self.feedings[: 1 if name.resolution_only else None]:
                    yield self._definition(name, feeding, role)
        for name in self.losses:
            yield self._definition(name, self.feedings[0], "loss")

    def _definition(self, name: Name, feeding: Feeding, role: Role) -> Definition:
        def resolves_to(call: Call) -> Definition:
            try:
                return _becomes(name.choose, feeding, call)
            except Raises:
                # The checks of this way of feeding say why, whatever it would have become.
                return name.choose(ONE_COLUMN)

        key = f"{'' if role == 'metrics' else f'{role}='}{name.word}{feeding.suffix}"
        values: list[Rule] = []
        if not name.resolution_only:
            values = [feeding.precision, self.accumulation]
            values += [self.weights[role]] if role in self.weights else []
        return Definition(
            f"{self.module}.Model.compile[{key}]",
            f"What {name.word!r} becomes, given the shapes of the first batch, fed by {feeding.says}; {_USED[role]}.",
            (
                self._named(name, role, None, None),
                *values,
                self.refusals(name, name.choose, feeding, role),
            ),
            departures=tuple(self._departures(name, feeding, role)),
            resolves_to=resolves_to,
        )

    def _named(self, name: Name, role: Role, finding: Finding | None, apply: Resolution) -> Rule[Resolution]:
        rule = f"{self.module}-compile-{'loss-' if role == 'loss' else ''}{name.rule}"
        named, says = (rule, name.says) if finding is None else (f"{rule}-{finding.id}", f"{finding.says}")
        return Behaviour[Resolution]("name-resolution", named, says, apply).source(self.place)

    def _departures(self, name: Name, feeding: Feeding, role: Role) -> Iterator[Departure]:
        """Yield what holds where the source raises, or takes something else than is documented."""
        if name.really is None or name.finding is None:
            return
        choose, really = name.choose, name.really

        def becomes_another(call: Call, parameters: Mapping[str, Any]) -> bool:
            try:
                return _becomes(really, feeding, call) is not _becomes(choose, feeding, call)
            except Raises:
                return False

        def raises(call: Call, parameters: Mapping[str, Any]) -> bool:
            try:
                _becomes(really, feeding, call)
            except Raises:
                return True
            return False

        refusals = self.refusals(name, really, feeding, role)
        another = self._named(name, role, name.finding, lambda call: _becomes(really, feeding, call))
        yield Departure(name.finding, another, becomes_another)
        yield Departure(name.finding, refusals, lambda c, p: becomes_another(c, p) or raises(c, p))


def _roles(name: Name) -> tuple[Role, ...]:
    return ("metrics",) if name.resolution_only else ("metrics", "weighted_metrics")


def _becomes(choose: Choice, feeding: Feeding, call: Call) -> Definition:
    """Return what a string becomes when `call` is fed this way.

    Raises:
        Raises: it cannot be fed, or the string becomes nothing.
    """
    feeding.fits(call)
    return choose(feeding.traced(call))
