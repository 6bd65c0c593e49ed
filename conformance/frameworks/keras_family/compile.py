"""What `Model.compile` is given, the same ways in every Keras. Needs NumPy only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.adapters import derive
from conformance.adapters.base import OF_A_MODEL, Asked, Implementation, Lookup, Recipe
from conformance.adapters.script import filled
from conformance.frameworks.keras_family.ways import (
    FUNCTIONS,
    STRINGS,
    Use,
    Way,
    function_of,
    logged_as,
    uses,
    ways_of_counts,
)

_ALL = frozenset({"binary", "multiclass", "multilabel"})
_BINARY = frozenset({"binary", "multilabel"})
_MULTICLASS = frozenset({"multiclass"})

#: What a string or an object is named after -> the tasks it is for; all others are for one label out of several.
_TASKS: Mapping[str, frozenset[str]] = {
    "accuracy": _ALL,
    "acc": _ALL,
    "binary_accuracy": _BINARY,
    **dict.fromkeys(FUNCTIONS, _BINARY),
}

#: What an object is named after -> the case's name of its parameter, its own name of it and the default.
_PARAMETERS: Mapping[str, tuple[str, str, Any]] = {
    "binary_accuracy": ("threshold", "threshold", 0.5),
    "top_k_categorical_accuracy": ("top_k", "k", 5),
    "sparse_top_k_categorical_accuracy": ("top_k", "k", 5),
}

#: Strings of which only the metric or loss they become is looked up, and no value: crossentropies are no accuracy.
_LOOKED_UP_ALONE = ("crossentropy", "ce", "CE")

#: Spellings of strings that are looked up, "accuracy" and "ce".
_RESPELT = frozenset({"acc", "Accuracy", "CE", "loss=CE"})

#: The losses with which "accuracy" is looked up: those that people take for what decides, and another one. The
#: other strings are looked up by the same lines: with one loss.
_LOOKED_UP_WITH = (
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "mean_squared_error",
)

#: These are asked about every case: what users write. The others cost as much and add little.
_ALWAYS = frozenset({"accuracy", "binary_accuracy"})


@dataclass(frozen=True)
class Spelling:
    """What one Keras calls the things that all of them have.

    Attributes:
        module: import name.
        dataset: class of data sets, which give batches by index.
        metric: expression for the bare name of what the string in metrics= or weighted_metrics= became.
        loss: expression for the bare name of what the string in loss= became.
        feed: expression for what evaluate() is given, made of `Batches`, which is derived from `dataset`.
        imports: what that needs, apart from the module.
        outputs: expression for the outputs of a model that gives its `inputs`.
        logs_functions: whether a string that names a class is logged under the name of its function.
        mean: the function for the mean of a tensor.
    """

    module: str
    dataset: str
    metric: str
    loss: str
    feed: str = "Batches()"
    imports: tuple[str, ...] = ()
    outputs: str = "inputs"
    logs_functions: bool = False
    mean: str = "keras.ops.mean"

    def logged(self, word: str) -> str:
        """Return the name under which a value is logged."""
        return logged_as(word, self.logs_functions)


def compiled(keras: Spelling) -> Iterator[Implementation]:
    """Yield an entry for each way to use a string or an object, and for each string that is looked up."""
    for use in uses():
        yield _metric(keras, use)
    for string in _LOOKED_UP_ALONE:
        yield _resolution(keras, string, f'{{loss}}, metrics=["{string}"]', keras.metric)
    for string in _LOOKED_UP_ALONE:
        yield _resolution(keras, f"loss={string}", "{loss}", keras.loss, loss=string)


def counted(keras: Spelling, entries: Iterable[Implementation]) -> Iterator[Implementation]:
    """Yield an entry for each way to give compile() a metric made of counts, of which the classes are given."""
    for entry in entries:
        for use in ways_of_counts(entry.id.rpartition(".")[2], not keras.logs_functions).uses():
            compiled, is_object = _metric(keras, use), use.word.endswith("()")
            yield replace(
                compiled,
                quantity=entry.quantity,
                metric=entry.metric,
                tasks=_ALL,
                recipe=replace(
                    _recipe(keras, use, "arguments" if is_object else ""),
                    # A metric without a name has one of its own in each process.
                    result='next((values[name] for name in values if name != "loss"), values)',
                ),
                parameters=entry.parameters if is_object else {},
                defaults=entry.defaults if is_object else {},
                lists=entry.lists if is_object else frozenset(),
                asked="named",
            )


def string(keras: Spelling, word: str) -> Implementation:
    """Return the entry for a string given to metrics=, evaluated on arrays."""
    return next(_metric(keras, use) for use in Way("compile", (word,)).uses())


def lookups(module: str, environment: str = "") -> tuple[Lookup, ...]:
    """Return the strings to look up in the compile() of one Keras, under an environment."""
    suffix = f"@{environment}" if environment else ""
    strings = {
        "accuracy": _LOOKED_UP_WITH,
        **dict.fromkeys(("acc", "Accuracy", *_LOOKED_UP_ALONE), _LOOKED_UP_WITH[:1]),
        **{f"loss={loss}": (loss,) for loss in _LOOKED_UP_ALONE},
    }
    return tuple(
        Lookup(string, f"{module}.Model.compile[{string}]{suffix}", losses, string in _RESPELT)
        for string, losses in strings.items()
    )


#: The model is the identity, so that the metric sees y_pred as far as Keras itself leaves them alone.
_IDENTITY = """\
inputs = {module}.Input(shape=y_pred.shape[1:], {dtype})
model = {module}.Model(inputs, {outputs})
model.compile({arguments})
"""

_ARRAYS = """\
values = model.evaluate(y_pred, y_true, {batch_size}, {weight}, verbose=0, return_dict=True)"""

_BATCHES = """\
class Batches({dataset}):
    def __len__(self):
        return len(updates)

    def __getitem__(self, index):
        y_true, y_pred, *weight = updates[index]
        return (y_pred, y_true, *weight)


y_pred = updates[0][1]
"""

_DATASET = "values = model.evaluate({feed}, verbose=0, return_dict=True)"

_FIT = """\
history = model.fit(
    y_pred, y_true, {batch_size}, shuffle=False, {weight}, {class_weight}, verbose=0
).history"""

_FIT_AND_VALIDATE = """\
history = model.fit(
    y_pred, y_true, {batch_size}, shuffle=False, {weight}, {class_weight}, verbose=0,
    validation_data=(y_pred, y_true, {sample_weight}),
).history"""

_CALLBACK = """\
values = []


class Values({module}.callbacks.Callback):
    def {hook}(self, batch, logs=None):
        values.append(logs["{logged}"])


"""

_FIT_WITH_CALLBACK = """\
model.fit(
    y_pred, y_true, {batch_size}, shuffle=False, {weight}, {class_weight}, callbacks=[Values()], verbose=0
)"""

_EVALUATE_WITH_CALLBACK = """\
model.evaluate(y_pred, y_true, {batch_size}, {weight}, callbacks=[Values()], verbose=0)"""

_FIRST = "y_pred = updates[0][1]\n"

_ON_BATCH = """\
values = []
for y_true, y_pred, *weight in updates:
    logs = model.{method}(y_pred, y_true, *weight, {class_weight}, return_dict=True)
    values.append(logs["{logged}"])"""

#: One returns its mean over the batch, the other its values.
_FUNCTION = """\
def function(y_true, y_pred):
    return {value}


"""


def _identity(keras: Spelling, arguments: str) -> str:
    filled = _IDENTITY.replace("{outputs}", keras.outputs).replace("{module}", keras.module)
    return filled.replace("{arguments}", arguments)


def _metric(keras: Spelling, use: Use) -> Implementation:
    path, named, as_batches = use.path(keras.module), function_of(use.word), use.feed != "arrays"
    case_name, own_name, default = _PARAMETERS.get(named, ("", "", None))
    parameter = use.word.endswith("()") and bool(own_name)
    derived = {"loss": derive.loss, "dtype": derive.output_dtype} | (
        {} if as_batches else {"batch_size": derive.batch_size}
    )
    return Implementation(
        id=path,
        quantity=_quantity(use),
        tasks=_TASKS.get(named, _MULTICLASS),
        recipe=_recipe(keras, use, own_name if parameter else ""),
        parameters={case_name: own_name} if parameter else {},
        defaults={case_name: default} if parameter else {},
        derived=derived | ({"class_weight": derive.class_weight} if use.way.trains else {}),
        ranks=OF_A_MODEL,
        updates="batches" if as_batches else "even",
        asked=_asked(use),
        weights=True,
        class_weight=use.way.trains,
        definition=path,
    )


def _quantity(use: Use) -> str:
    if use.way.hook or use.feed == "on-batch":
        return "running-accuracy"
    return "top-k-accuracy" if "top_k" in function_of(use.word) else "accuracy"


def _recipe(keras: Spelling, use: Use, parameter: str) -> Recipe:
    """Return the lines for one use; `parameter` is that of an object."""
    logged, dataset = keras.logged(use.word), use.feed == "dataset"
    run, result = _run(use, logged)
    parts = [
        _given(keras, use.word)[1],
        _CALLBACK if use.way.hook else "",
        _BATCHES if dataset else "",
        _FIRST if use.feed == "on-batch" else "",
        _identity(keras, f"{{loss}}, {use.role}=[{_given(keras, use.word, parameter)[0]}]"),
    ]
    # Nothing but the model is made, and evaluate() begins anew.
    keeps = use.feed == "arrays" and not use.way.hook and not use.way.trains
    names = {
        "module": keras.module,
        "dataset": keras.dataset,
        "feed": keras.feed,
        "hook": use.way.hook,
        "logged": logged,
        "method": use.way.method,
        **({} if use.way.trains else {"class_weight": ""}),
    }
    return Recipe(
        imports=(f"import {keras.module}", *(keras.imports if dataset else ())),
        setup=filled("".join(parts), names).rstrip(),
        update=filled(run, names),
        result=result,
        data="joined" if use.feed == "arrays" else "list",
        # compile() wraps a function, so that it becomes no class with a name of its own.
        resolved="" if use.word in FUNCTIONS else keras.metric,
        leaves_session=True,
        keeps_setup=keeps,
    )


def _run(use: Use, logged: str) -> tuple[str, str]:
    """Return the lines that evaluate or train, and the expression for the result."""
    if use.feed == "on-batch":
        return _ON_BATCH, "values"
    if use.way.hook:
        # Without any sample there is nothing to stack.
        return _FIT_WITH_CALLBACK if use.way.trains else _EVALUATE_WITH_CALLBACK, "np.stack(values)"
    if use.way.validation:
        return _FIT_AND_VALIDATE, f'history["val_{logged}"][0]'
    if use.way.trains:
        return _FIT, f'history["{logged}"][0]'
    # Without any sample, evaluate() returns {}.
    return _DATASET if use.feed == "dataset" else _ARRAYS, f'values.get("{logged}", values)'


def _given(keras: Spelling, word: str, parameter: str = "") -> tuple[str, str]:
    """Return what compile() is given, as code, and the lines that define it."""
    if word in FUNCTIONS:
        value = f"{keras.module}.metrics.binary_accuracy(y_true, y_pred)"
        value = value if word.endswith("per sample") else f"{keras.mean}({value})"
        return "function", _FUNCTION.replace("{value}", value)
    if word.endswith("()"):
        argument = f"{{{parameter}}}" if parameter else ""
        return f"{keras.module}.metrics.{word.removesuffix('()')}({argument})", ""
    return f'"{word}"', ""


def _asked(use: Use) -> Asked:
    if use.way.method == "compile" and use.key in _ALWAYS:
        return "always"
    if use.way.method != "compile" and use.word != "accuracy":
        return "named"
    if use.way.method != "compile" or use.word in FUNCTIONS:
        return "training"
    return "named-or-loss" if use.word in STRINGS else "named"


def _resolution(keras: Spelling, key: str, arguments: str, resolved: str, **fixed: str) -> Implementation:
    """Return an entry that says what a string becomes, and has no value."""
    path = f"{keras.module}.Model.compile[{key}]"
    return Implementation(
        id=path,
        quantity="string-resolution",
        tasks=_ALL,
        recipe=Recipe(
            imports=(f"import {keras.module}",),
            update=f"{_identity(keras, arguments)}{_ARRAYS}",
            result="",
            data="joined",
            resolved=resolved,
            leaves_session=True,
        ),
        fixed=fixed,
        derived={"batch_size": derive.batch_size, "dtype": derive.output_dtype}
        | ({} if fixed else {"loss": derive.loss}),
        ranks=OF_A_MODEL,
        updates="even",
        asked="table",
        weights=True,
        definition=path,
    )
