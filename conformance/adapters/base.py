"""The types that adapters are written with. Needs the standard library and NumPy only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.places import HERE, Place

TASKS = ("binary", "multiclass", "multilabel")

#: Families of metrics, of which a case asks for one.
METRICS = (
    "accuracy",
    "precision",
    "recall",
    "f1",
    "fbeta",
    "jaccard",
    "specificity",
    "npv",
    "mcc",
    "kappa",
    "confusion",
)

#: Parameters that a case may name; an implementation has some of them, under names of its own.
PARAMETERS = (
    "threshold",
    "top_k",
    "average",
    "ignore_index",
    "normalize",
    "adjusted",
    "multidim_average",
    "num_classes",
    "num_labels",
    "labels",
    "validate_args",
    "zero_division",
    "pos_label",
    "class_id",
    "beta",
    "weights",
    "replace_undefined_by",
    "target_class_ids",
    "ignore_class",
    "sparse_y_true",
    "sparse_y_pred",
    "axis",
)

#: Values of parameters that are names; a case may have others, to see what raises.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "average": ("micro", "macro", "weighted", "binary", "samples", "none"),
    "multidim_average": ("global", "samplewise"),
}

#: Parameters of which a case may name several values in a list, for a vector with a value for each.
LISTED = frozenset({"threshold"})

#: Parameters of a case that are ignored, not missed, where an implementation does not have them.
IGNORABLE = frozenset({"num_classes", "num_labels", "labels", "validate_args"})

#: What every adapter can be asked for besides its implementations; see `Adapter.program`.
PROGRAM = "training"

#: Name of the condition on ranks of what evaluates a model: y_pred is what a model returns; see `admission.RANKS`.
OF_A_MODEL = "output"


class AdapterError(Exception):
    """An adapter cannot be used; the message names the adapter, the entry and the field, and says what to do."""


@dataclass(frozen=True, eq=False)
class Update:
    """The data of one update, exactly as the case gives them.

    Attributes:
        y_true: targets, any shape; dtype as inferred by `numpy.asarray` or named by the case.
        y_pred: predictions, any shape.
        sample_weight: weights, any shape (a scalar has shape `()`), or None.
        mask: booleans of the leading dimensions of y_pred, False for what does not count, or None.
    """

    y_true: NDArray[Any]
    y_pred: NDArray[Any]
    sample_weight: NDArray[Any] | None = None
    mask: NDArray[Any] | None = None


@dataclass(frozen=True, eq=False)
class Source:
    """Where an array of a call is kept: `code` is the Python expression that loads it."""

    array: NDArray[Any]
    code: str


@dataclass(frozen=True, eq=False)
class Call:
    """All that an implementation is given for one case.

    Attributes:
        task: `binary`, `multiclass` or `multilabel`.
        updates: one entry per update; a case without `batches` and `updates` has exactly one.
        parameters: parameters named by the case, under the case's names (`threshold`, `top_k`, ...).
        batches: sizes of the updates where the case names `batches` or `updates`, else None.
        loss: the loss a case names for the compile implementations, or None.
        metric_dtype: dtype the case asks of the metric itself (`dtype: {metric: ...}`), or None.
        class_weight: class -> weight, which a method that trains makes sample weights of; None where the case has none.
        outputs: names of the outputs of a model that has several, each of which has an update; empty for all others.
        usage: how the metric is used, which by a law makes no difference: a key of
            `usage.USAGES` or of `Recipe.forms`; `plain` for every case as it is written.
        sources: the arrays, by identity, that the case keeps in files.
        program: instead of updates: a program of its own for `Adapter.program`, which binds `record`.
        metric: the family of metrics that the case asks for, one of `METRICS`.
    """

    task: str
    updates: tuple[Update, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    batches: tuple[int, ...] | None = None
    loss: str | None = None
    metric_dtype: str | None = None
    class_weight: Mapping[int, float] | None = None
    outputs: tuple[str, ...] = ()
    usage: str = "plain"
    sources: tuple[Source, ...] = ()
    program: str = ""
    metric: str = "accuracy"


#: Name and dtype of an array -> the expression that passes it.
Expression = Callable[[str, np.dtype[Any]], str]


def plain(name: str, dtype: np.dtype[Any]) -> str:
    """Expression that passes an array to a framework which takes NumPy arrays as they are."""
    return name


def as_list(name: str, dtype: np.dtype[Any]) -> str:
    """Expression that passes an array as nested Python lists."""
    return f"{name}.tolist()"


def unchanged(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array: a framework makes the same array of this form of the data."""
    return array


@dataclass(frozen=True)
class Form:
    """A further form in which a framework accepts data, by its documentation.

    Attributes:
        expression: name and dtype of an array -> the expression that passes it in this form.
        seen: targets or predictions -> the array that the framework makes of them; a list has no dtype.
    """

    expression: Expression
    seen: Callable[[NDArray[Any]], NDArray[Any]] = unchanged


@dataclass(frozen=True)
class Recipe:
    """How to call an implementation: the lines of Python that are run, and shown as the reproducer.

    One text serves both, so that what a reader copies is what the suite ran. The lines see `np`, whatever
    `imports` binds, and the data under the names that `data` says. Placeholders in the lines:

    - `{arguments}`: the keyword arguments of the call that have no placeholder of their own;
    - `{threshold}`, `{loss}` ...: that one keyword argument, under the framework's name for it;
    - `{weight}`: `sample_weight=sample_weight` where the case has weights;
    - `{y_true}`, `{y_pred}`: the array, written as `expression` says.

    A placeholder with nothing to say vanishes together with the comma before it.

    Attributes:
        imports: import statements.
        result: an expression for the result; empty where only `resolved` matters, and the outcome has no value.
        setup: lines run once, first.
        update: lines that use the data.
        data: `each`: `update` is run once per update, with that update's `y_true`, `y_pred` and (where the
            case has weights) `sample_weight`. `joined`: it is run once, with all updates concatenated under
            these names. `list`: it is run once, with `updates`, a list of `(y_true, y_pred)` or
            `(y_true, y_pred, sample_weight)`.
        expression: name and dtype of an array -> the expression that passes it.
        before: lines of the reproducer that go before every import: settings that a framework reads when it is
            imported. A worker has them from its adapter's `variables`.
        resolved: for a way that takes a name: an expression for the bare name of the class or function which
            that name became, evaluated after `result`.
        state: name, in these lines, of the object that keeps the state between updates; empty where none does.
        reset: line that makes that object as new.
        leaves_session: whether the lines leave something in the framework's session, so that it is cleared.
        keeps_setup: whether what `setup` makes can serve further calls with the same lines and arrays of the same
            shapes and dtypes, so that a worker makes it once.
        forms: name -> a further form in which the framework documents that it accepts the same data.
    """

    imports: tuple[str, ...]
    result: str
    setup: str = ""
    update: str = ""
    data: Literal["each", "joined", "list"] = "each"
    expression: Expression = plain
    before: str = ""
    resolved: str = ""
    state: str = ""
    reset: str = ""
    leaves_session: bool = False
    keeps_setup: bool = False
    forms: Mapping[str, Form] = field(default_factory=dict)


#: Which of the cases that it is for ask an implementation; explained by `admission.ASKED`.
Asked = Literal["always", "named", "named-or-loss", "training", "table"]

#: Works out an argument of the call from the case; None leaves the argument out.
Derive = Callable[[Call], Any]


@dataclass(frozen=True)
class Implementation:
    """One public way to compute a metric in one framework.

    Attributes:
        id: import path, with the way of use in brackets.
        quantity: what its name promises, one of `registry.QUANTITIES` or of `Adapter.quantities`.
        tasks: the tasks it runs on.
        recipe: how to call it.
        parameters: the case's name of each parameter it has -> the framework's own name.
        defaults: the case's name of each parameter -> the value where the case is silent, for the report.
        fixed: framework argument -> value fixed by the way of use (`average=micro`).
        derived: framework argument -> how it follows from a case that does not name it: arguments that the
            framework insists on (`num_classes`, `task`) or that the way of use sets (`threshold`, `loss`).
        only_with: task -> the parameter a case of that task has to name (case's name).
        ranks: which ranks of y_true and y_pred it takes; a key of `admission.RANKS`.
        updates: `many` (keeps state), `one` (a function), `even` (one array and a batch_size), `batches`
            (at least one update), `several` (at least two, unless a case names it) or `folds` (the same, of one
            array); explained by `admission.UPDATES`.
        asked: which cases ask it: `always`; for what costs much and adds little, `named` for cases that name it,
            `named-or-loss` for those that name it or a loss, and `training` for those that name it or have
            class_weight, mask or outputs; `table` for a string of which only the class or function it becomes is asked;
            explained by `admission.ASKED`.
        sharded: whether updates are its shards, seen by two ranks or replicas in turn: cases of fewer than two
            updates do not ask it, and its tests carry the marker `sharded`.
        weights: whether it takes sample_weight.
        class_weight: whether it takes class_weight.
        masks: whether it is about masks: cases without one do not ask it.
        outputs: whether it is about models with several outputs: cases without `outputs` do not ask it.
        metric_dtype: whether it has a dtype of its own.
        definition: key of the definition it claims, or None for an implementation that claims none.
        releases: releases of the adapter's first distribution in which it exists, a PEP 440 specifier of `>=` and
            `<`; empty for all. It is not applicable in others.
        parameter_releases: the case's name of a parameter -> the releases in which it has the parameter, where
            not in all.
        lists: the case's names of the parameters of which it takes a list, too, with a value for each entry.
        claims_departures: whether the departures of that definition hold for it, as they do for whatever calls the
            framework. False for one that only computes what another framework documents: it may have them or not.
        base: for one that is called in another place than the adapter's own: the id that it has there. Empty for all
            that an adapter lists.
        metric: the family that it belongs to, one of `METRICS`: cases that ask for another one do not ask it.
    """

    id: str
    quantity: str
    tasks: frozenset[str]
    recipe: Recipe
    parameters: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, Derive] = field(default_factory=dict)
    only_with: Mapping[str, str] = field(default_factory=dict)
    ranks: str = "any"
    updates: Literal["many", "one", "even", "batches", "several", "folds"] = "many"
    asked: Asked = "always"
    sharded: bool = False
    weights: bool = False
    class_weight: bool = False
    masks: bool = False
    outputs: bool = False
    metric_dtype: bool = False
    definition: str | None = None
    releases: str = ""
    parameter_releases: Mapping[str, str] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    claims_departures: bool = True
    base: str = ""
    metric: str = "accuracy"

    @property
    def known_as(self) -> str:
        """The id by which cases, and the adapter itself, know it, wherever it is called."""
        return self.base or self.id

    def has(self, needs: Iterable[str]) -> bool:
        """Whether it has parameters: names of a case, `sample_weight`, or `name=value` for one that can be given it."""
        for need in needs:
            name, _, value = need.partition("=")
            fixed = self.fixed.get(self.parameters.get(name, ""))
            there = self.weights if name == "sample_weight" else name in self.parameters
            if not there or (value and fixed is not None and str(fixed) != value):
                return False
        return True

    def elsewhere(self, name: str) -> Implementation:
        """Return the same way of use, called in another place; it claims the same definition.

        Args:
            name: name of the place; the id ends in `@NAME`, or in `@ENVIRONMENT,NAME`.
        """
        return replace(self, id=f"{self.id}{',' if '@' in self.id else '@'}{name}", base=self.known_as)

    def over_shards(self, way: str, recipe: Recipe) -> Implementation:
        """Return a way to use it whose updates are shards, with a definition of its own.

        Args:
            way: what is added in the brackets of its id.
            recipe: how to call it.
        """
        path, _, brackets = self.id.removesuffix("]").partition("[")
        own = f"{path}[{brackets}{',' if brackets else ''}{way}]"
        return replace(self, id=own, recipe=recipe, sharded=True, definition=own)

    def in_environment(self, name: str, before: str) -> Implementation:
        """Return the same way of use under a named environment; its definition is one of its own.

        Args:
            name: name of the environment; id and definition end in `@NAME`.
            before: lines that make the environment, see `Recipe.before`.
        """
        return replace(
            self,
            id=f"{self.id}@{name}",
            recipe=replace(self.recipe, before=before),
            definition=None if self.definition is None else f"{self.definition}@{name}",
        )


@dataclass(frozen=True)
class Lookup:
    """A string that stands for a metric or a loss, to be looked up for a table of shapes.

    Attributes:
        string: the string, as it stands in the brackets of the id.
        implementation: id of the implementation that takes it.
        losses: the losses with which it is looked up.
        respelt: whether it is another spelling of a string of the table, for which a few shapes are enough.
    """

    string: str
    implementation: str
    losses: tuple[str, ...]
    respelt: bool = False


def origin(framework: str, environment: str) -> str:
    """Return the framework, with the environment behind `@` where it is not the default one."""
    return f"{framework}@{environment}" if environment else framework


@dataclass(frozen=True)
class Adapter:
    """What a framework's module exports, usually as `ADAPTER`.

    Attributes:
        framework: short name, usually that of its top-level module.
        path: where this object is found, `package.module:ATTRIBUTE`; a worker imports it from there.
        distributions: distribution name -> import name of every package that has to be there; the framework's own
            one first.
        implementations: its entries.
        optional: the same of packages that it computes with where they are installed, and whose releases rules name.
        alternatives: distribution -> others that bring the same module, one of which may be there in its place.
        to_numpy: turns a result of this framework into a NumPy array; called in the worker only.
        clean_up: clears the session of the framework; called in the worker after recipes that leave something in it.
        environment: name of the environment it runs its framework under, unique for the framework; empty for
            the default one. The ids of its implementations end in `@` and this name.
        variables: environment variables set before the framework is imported, None to unset one; `{scratch}`
            in a value stands for an empty directory of the worker's own.
        warm_up: imports the framework, fixes threads and seeds; called in the worker once, before any call.
        settings: reads back what would change an outcome from outside; called in the worker.
        processes: how many workers a run may use for it, for frameworks whose calls take long.
        definitions: where the definitions of its implementations are: `package.module:ATTRIBUTE` of an
            `oracle.catalogue.Catalogue`. A string, because workers must not import it; empty for an adapter
            whose implementations claim no definitions of their own.
        title: name of the framework in reports; empty: `framework`.
        order: position among all adapters, smallest first; equal ones are sorted by the name of the entry point.
        lookups: strings whose meaning depends on the loss and on shapes; see `session.resolutions`.
        quantities: quantities that this package adds to `registry.QUANTITIES`; reports show `f-beta` as "F beta".
        files: ending of a file's name, such as `.npy` -> `package.module:FUNCTION`, which takes a path and returns
            what the file holds as a NumPy array without running code from it; raises ValueError with a sentence
            that goes on after the name of the file.
        place: where its packages are; see `elsewhere`.
        training: how it trains: `package.module:ATTRIBUTE` of a `training.trainer.Trainer`; empty if it does not.
    """

    framework: str
    path: str
    distributions: Mapping[str, str]
    implementations: tuple[Implementation, ...]
    optional: Mapping[str, str] = field(default_factory=dict)
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    to_numpy: Callable[[Any], NDArray[Any]] = np.asarray
    clean_up: Callable[[], None] | None = None
    environment: str = ""
    variables: Mapping[str, str | None] = field(default_factory=dict)
    warm_up: Callable[[], None] | None = None
    settings: Callable[[], Mapping[str, Any]] | None = None
    processes: int = 1
    definitions: str = ""
    title: str = ""
    order: int = 100
    lookups: tuple[Lookup, ...] = ()
    quantities: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    place: Place = HERE
    training: str = ""

    def elsewhere(self, name: str, place: Place) -> Adapter:
        """Return the same adapter for another release of its framework, or for another interpreter.

        Args:
            name: name of the place; it is added to the environment, and to the ids of the implementations.
            place: where the packages are.
        """
        return replace(
            self,
            environment=",".join(filter(None, (self.environment, name))),
            implementations=tuple(entry.elsewhere(name) for entry in self.implementations),
            lookups=tuple(
                replace(
                    lookup,
                    implementation=next(
                        entry.elsewhere(name).id
                        for entry in self.implementations
                        if entry.id == lookup.implementation
                    ),
                )
                for lookup in self.lookups
            ),
            place=place,
        )

    @property
    def origin(self) -> str:
        """The framework, with the environment behind `@` where it is not the default one; unique."""
        return origin(self.framework, self.environment)

    @property
    def program(self) -> Implementation:
        """The entry that runs a whole program, `Call.program`, and has what it recorded as its value."""
        return Implementation(
            origin(f"{self.framework}.{PROGRAM}", self.environment),
            PROGRAM,
            frozenset(TASKS),
            Recipe((), "record", update="{program}", data="list", leaves_session=True),
            base=PROGRAM,
        )

    @property
    def called(self) -> tuple[Implementation, ...]:
        """All that a worker can be asked for."""
        return (*self.implementations, self.program)
