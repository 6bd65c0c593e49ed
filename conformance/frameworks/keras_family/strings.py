"""What compile() of any Keras takes: what strings become, and the definitions of the ways to use them and objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import AXIS, R
from conformance.frameworks.keras_family.feeding import Feeding
from conformance.frameworks.keras_family.graph import Batch, Kind, Length, documented_kind, kind_of, traced
from conformance.frameworks.keras_family.ways import FUNCTIONS, WAYS, Feed, Role, Use, Way, function_of
from conformance.oracle.model import Amendment, Behaviour, Definition, Departure, Finding, Rule, parametric
from conformance.oracle.reasons import Raises, raise_if
from conformance.oracle.rules.accumulation import Summed
from conformance.oracle.ruleset import Resolution
from conformance.oracle.stages import Checking, Parameters, Weigh

#: Chooses what a string becomes, from the traced shapes; raises `Raises` where it becomes nothing.
Choice = Callable[[Batch], Definition]

#: The metrics or losses that a string may become, by the traced shapes.
Chosen = Callable[[Batch], Mapping[Kind, Definition]]

_COLUMN = (Length(None), Length(1))
#: Targets and predictions of one column: every string becomes something then.
ONE_COLUMN = Batch(_COLUMN, _COLUMN)

_KINDS: tuple[Kind, ...] = ("binary", "categorical", "sparse")


@dataclass(frozen=True, eq=False)
class Own:
    """What a metric made of counts, which casts and weighs data itself, has of its own.

    Attributes:
        checks: its checks.
        accumulation: how its state accumulates, for each range of releases.
    """

    checks: Checking
    accumulation: tuple[Rule[Summed], ...]


@dataclass(frozen=True, eq=False)
class Name:
    """A string or an object given to compile().

    Attributes:
        word: the string, or the object as code without arguments.
        says: what it becomes, in one sentence.
        choose: decides that by the traced shapes, as documented.
        really: decides it as the source does, where that differs from the documentation; None where it never does.
        finding: what describes the difference; None where shapes mislead compile().
        alias_of: another string that becomes the same.
        resolution_only: whether only what it becomes is predicted, and not the value.
        departures: deviations of its own.
        reported: which values of updates are returned where it is not that of all, as in `Summed`.
        own: what a metric made of counts has of its own; None for others.
    """

    word: str
    says: str
    choose: Choice
    really: Choice | None = None
    finding: Finding | None = None
    alias_of: str | None = None
    resolution_only: bool = False
    departures: tuple[Departure, ...] = ()
    reported: Literal["mean"] | None = None
    own: Own | None = None

    @property
    def rule(self) -> str:
        """Name of what the string becomes: two strings that become the same follow one rule."""
        return self.alias_of or self.word

    @property
    def given(self) -> str:
        """What is evaluated, to begin a sentence with."""
        if self.word.endswith("()"):
            return f"The object {self.word}"
        if self.word in FUNCTIONS:
            returned = "its mean over a batch" if self.reported else "a value for each sample"
            return f"A function that returns {returned}, which compile() wraps and averages"
        return f"What {self.word!r} becomes, given the shapes of the first batch"

    def also(self, word: str) -> Name:
        """Return another string that becomes the same."""
        return replace(self, word=word, alias_of=self.rule)


def by_shapes(word: str, chosen: Chosen) -> Name:
    """Return a string that becomes one of several by the shapes of targets and predictions."""
    binary, categorical, sparse = (chosen(ONE_COLUMN)[kind].path.rpartition(".")[2] for kind in _KINDS)
    return Name(
        word,
        f"One output column: {binary}; several, and targets in one column or with fewer dimensions: {sparse}; else"
        f" {categorical}. The shapes alone decide: dtypes, values and the loss play no part.",
        lambda batch: chosen(batch)[documented_kind(batch)],
        lambda batch: chosen(batch)[kind_of(batch)],
    )


def becomes(word: str, chosen: Callable[[Batch], Definition], departures: tuple[Departure, ...] = ()) -> Name:
    """Return a string that becomes the same, or an object that is the same, whatever the shapes."""
    path = chosen(ONE_COLUMN).path
    says = f"It is {path}." if word.endswith("()") else f"It becomes {path}, whatever the shapes."
    return Name(word, says, chosen, departures=departures)


def named_after(word: str, metric: Definition, departures: tuple[Departure, ...] = ()) -> Name:
    """Return a string that becomes the class it is named after, as its function's name does, or an object of it."""
    name = becomes(word, lambda batch: metric, departures)
    return name if word.endswith("()") else replace(name, alias_of=function_of(word))


def accuracies(chosen: Chosen) -> tuple[Name, ...]:
    """Return the strings that people write for an accuracy, in any case."""

    def named(kind: Kind) -> Name:
        word = f"{'sparse_categorical' if kind == 'sparse' else kind}_accuracy"
        return becomes(word, lambda batch: chosen(batch)[kind])

    accuracy = by_shapes("accuracy", chosen)
    return (accuracy, *map(accuracy.also, ("acc", "Accuracy", "ACC")), *map(named, _KINDS))


def crossentropies(module: str, names: str, like: Definition) -> tuple[Name, ...]:
    """Return the strings that name a crossentropy, and are only looked up.

    Args:
        module: import path of what they become.
        names: bare names of the binary, categorical and sparse one, separated by spaces.
        like: has rules to take for theirs, as none but the checks is evaluated.
    """
    found = {
        kind: like.overlaid(f"{module}.{name}", "Its value is not predicted.", departures=())
        for kind, name in zip(_KINDS, names.split(), strict=True)
    }
    name = replace(by_shapes("crossentropy", lambda batch: found), resolution_only=True)
    return tuple(map(name.also, ("crossentropy", "ce", "CE")))


def raising(name: Name, finding: Finding) -> Name:
    """Return a string that becomes nothing in metrics=, though it is documented to."""

    def really(batch: Batch) -> Definition:
        raise Raises(R["no-metric"], "ValueError")

    return replace(name, really=really, finding=finding)


@dataclass(frozen=True, eq=False)
class Step:
    """What one Keras checks in a step of evaluate().

    Attributes:
        module: a word for the Keras.
        place: where the source has the checks.
        check_loss: checks a loss by name, and its weights.
        check_metric: checks what a string became, and its weights.
        weighted: gives an update the weights that class_weight makes; checks it.
        traces: whether a step is traced on static shapes before the first batch.
        more: what else raises, in words.
        seen: gives an update the shapes in which metrics see it.
    """

    module: str
    place: str
    check_loss: Callable[[str, Batch, Call], None]
    check_metric: Callable[[Definition, StepChecks, Batch, Parameters], None]
    weighted: Callable[[Feeding, Update, Call], Update]
    traces: bool = True
    more: str = ""
    seen: Callable[[Update], Update] = lambda update: update


@dataclass(frozen=True)
class StepChecks:
    """What compile() and evaluate() raise for a string: while the step is traced, then batch by batch.

    Attributes:
        step: what is checked.
        string: the string.
        role: the argument of compile() that takes it.
        way: how it is used.
        feeding: how data are fed.
        really: whether the string becomes what it does by the source.
        ignored: labels outside the classes that a sparse loss accepts.
        negative: whether it accepts negative labels.
    """

    step: Step
    string: Name
    role: Role
    way: Way
    feeding: Feeding
    really: bool = False
    ignored: tuple[int, ...] = ()
    negative: bool = False

    @property
    def name(self) -> str:
        """Name of the rule."""
        flags = "".join(
            flag
            for flag, on in (
                ("-really", self.really),
                ("-lenient", self.ignored),
                ("-negative", self.negative),
            )
            if on
        )
        way = "train" if self.way.trains else "compile"
        return f"{self.step.module}-{way}-{self.feeding.name}-{self.role}-{self.string.rule}{flags}"

    @property
    def says(self) -> str:
        """What is checked."""
        but = "".join(f", but for the label {label}" for label in self.ignored)
        but += ", but for negative labels" if self.negative else ""
        method = "evaluate" if self.way.method == "compile" else self.way.method
        return (
            f"{method}() raises where the data, the loss or the metric do not fit each other's shapes, and where the "
            f"sparse loss gets a label outside its classes{self.step.more}{but}."
        )

    @property
    def only(self) -> bool:
        """Whether no value is predicted."""
        return self.string.resolution_only

    def before(self, parameters: Parameters, call: Call) -> None:
        """Check what is fed, and trace a step."""
        if self.string.own is not None:
            self.string.own.checks.before(parameters, call)
        call = self._weighted(call)
        self.feeding.fits(call)
        static = self.feeding.traced(call)
        if self.step.traces:
            self._step(static, traced(static), parameters, call)
        elif self.role != "loss":
            self._becomes(static)
        samples = any(len(update.y_pred) for update in call.updates)
        if not samples:
            arrays = call.updates[0].y_true, call.updates[0].y_pred
            self._own(Update(*(np.zeros((1, *array.shape[1:])) for array in arrays)), parameters, call)
        raise_if(
            self.feeding.empty_without_samples and not samples and not self.only,
            R["nothing-evaluated"],
            "ValueError" if self.way.hook else "KeyError" if self.way.trains else "TypeError",
        )

    def each(self, update: Update, parameters: Parameters, call: Call) -> None:
        """Check a batch."""
        if self._by_class(call):
            call, update = self._weighted(call), self.step.weighted(self.feeding, update, call)
        batch = self.feeding.runs(self.feeding, update, call)
        batch = replace(batch, ignored=self.ignored, negative=self.negative)
        self._step(self.feeding.traced(call), batch, parameters, call)
        self._own(update, parameters, call)

    def _own(self, update: Update, parameters: Parameters, call: Call) -> None:
        """Make the checks of a metric made of counts, where there are no samples of one that is made up."""
        if self.string.own is not None:
            seen = self.step.seen(update)
            self.string.own.checks.each(seen, parameters, replace(call, updates=(seen,)))

    def _by_class(self, call: Call) -> bool:
        return self.way.trains and call.class_weight is not None

    def _weighted(self, call: Call) -> Call:
        """Return the call with the weights that class_weight makes, as what trains has them."""
        if not self._by_class(call):
            return call
        updates = (self.step.weighted(self.feeding, update, call) for update in call.updates)
        return replace(call, updates=tuple(updates))

    def _becomes(self, static: Batch) -> Definition:
        really = self.string.really if self.really else None
        return (really or self.string.choose)(static)

    def _step(self, static: Batch, batch: Batch, parameters: Parameters, call: Call) -> None:
        if self.role == "loss":
            self.step.check_loss(self.string.word, batch, call)
        else:
            self.step.check_loss(derive.loss(call), batch, call)
            self.step.check_metric(self._becomes(static), self, batch, parameters)


_USED = {
    "metrics": "sample_weight is not used",
    "weighted_metrics": "sample_weight weights the samples",
    "loss": "sample_weight multiplies the loss",
}


def _where(way: Way) -> str:
    """Say where the value is seen, if it is not what evaluate() returns."""
    if way.hook:
        return f"in the logs of {way.hook}, "
    if way.validation:
        return "for the validation data of fit(), "
    return "" if way.method == "compile" else f"by {way.method}(), "


def _weighs_classes(use: Use) -> bool:
    return use.role == "weighted_metrics" and use.way.trains and not use.way.validation


@dataclass(frozen=True, eq=False)
class Compile:
    """The strings of one Keras' compile().

    Attributes:
        module: import name.
        place: where the source chooses what a string becomes.
        metrics: the strings and objects that are metrics.
        losses: the strings that name one of several losses.
        feedings: how data are fed; strings without a value are fed as arrays.
        weights: what metrics= and weighted_metrics= do with sample_weight.
        by_class: what weighted_metrics= does where there is class_weight; the strings where these become something
            that weighs by class.
        accumulation: how the state accumulates over batches.
        alone: the same where batches are fed alone and that differs, for each release.
        step: what is raised.
        departures: those of every way to use a string.
        ways: the ways to use what has a value.
        also: deviations of a use.
    """

    module: str
    place: str
    metrics: tuple[Name, ...]
    losses: tuple[Name, ...]
    feedings: Mapping[Feed, Feeding]
    weights: Mapping[Role, Rule[Weigh]]
    accumulation: Rule[Summed]
    step: Step
    departures: tuple[Departure, ...] = ()
    ways: tuple[Way, ...] = WAYS
    by_class: Rule[Weigh] | tuple[Name, ...] = ()
    alone: tuple[Rule[Summed], ...] = ()
    also: Callable[[Use], tuple[Departure, ...]] = lambda use: ()

    def definitions(self) -> Iterator[Definition]:
        """Yield a definition for each way to use a string or an object, and for each string that is looked up."""
        for use in (use for way in self.ways for use in way.uses()):
            yield self.definition(self._named_in(use), use)
        alone: list[tuple[Name, Role]] = [(name, "metrics") for name in self.metrics if name.resolution_only]
        alone += [(name, "loss") for name in self.losses]
        for name, role in alone:
            yield self.definition(name, *Way("compile", (name.word,), (role,)).uses())

    def _named_in(self, use: Use) -> Name:
        names = self.by_class if _weighs_classes(use) and isinstance(self.by_class, tuple) else self.metrics
        return next(name for name in names if name.word == use.word)

    def _weights(self, use: Use) -> list[Rule]:
        if _weighs_classes(use) and isinstance(self.by_class, Rule):
            return [self.by_class]
        return [self.weights[use.role]] if use.role in self.weights else []

    def _accumulation(self, name: Name, use: Use) -> list[Rule]:
        alone = use.feed == "on-batch"
        reported = "each" if alone else "running" if use.way.hook else name.reported
        rules = (alone and self.alone) or (self.accumulation,)
        return [rule.amended(reported=reported) if reported else rule for rule in rules]

    def definition(self, name: Name, use: Use) -> Definition:
        """Return the definition of a way to use a string or an object."""
        feeding, role = self.feedings[use.feed], use.role

        def resolves_to(call: Call) -> Definition:
            try:
                return _becomes(name.choose, feeding, call)
            except Raises:
                # The checks of this way of feeding say why, whatever it would have become.
                return name.choose(ONE_COLUMN)

        values: list[Rule] = []
        if name.own is not None:
            values = [*name.own.accumulation, *([self.weights[role]] if role == "metrics" else [])]
        elif not name.resolution_only:
            values = [feeding.precision, *self._accumulation(name, use), *self._weights(use)]
        checks = parametric(AXIS, StepChecks(self.step, name, role, use.way, feeding))
        return Definition(
            use.path(self.module),
            f"{name.given}, {_where(use.way)}fed by {feeding.says}; {_USED[role]}.",
            (
                self._named(name, role, None, None),
                *values,
                checks.source(self.step.place),
            ),
            departures=(
                *self._misread(name, feeding, role),
                *self.departures,
                *name.departures,
                *(self.also(use) if name.own is None else ()),
            ),
            resolves_to=resolves_to,
        )

    def _named(self, name: Name, role: Role, finding: Finding | None, apply: Resolution) -> Rule[Resolution]:
        rule = f"{self.module}-compile-{'loss-' if role == 'loss' else ''}{name.rule}"
        named, says = (rule, name.says) if finding is None else (f"{rule}-{finding.id}", finding.says)
        return Behaviour[Resolution]("name-resolution", named, says, apply).source(self.place)

    def _misread(self, name: Name, feeding: Feeding, role: Role) -> tuple[Departure, ...]:
        """Return what holds where the source raises, or takes something else than is documented."""
        if name.really is None:
            return ()
        choose, really, finding = name.choose, name.really, name.finding or feeding.misread

        def becomes_another(call: Call, parameters: Mapping[str, Any]) -> bool:
            try:
                return _becomes(really, feeding, call) is not _becomes(choose, feeding, call)
            except Raises:
                return False

        def differs(call: Call, parameters: Mapping[str, Any]) -> bool:
            try:
                _becomes(really, feeding, call)
            except Raises:
                return True
            return becomes_another(call, parameters)

        another = self._named(name, role, finding, lambda call: _becomes(really, feeding, call))
        return (
            Departure(finding, another, becomes_another),
            Departure(finding, Amendment.of(AXIS, really=True), differs),
        )


def _becomes(choose: Choice, feeding: Feeding, call: Call) -> Definition:
    """Return what a string becomes when `call` is fed this way.

    Raises:
        Raises: it cannot be fed, or the string becomes nothing.
    """
    feeding.fits(call)
    return choose(feeding.traced(call))
