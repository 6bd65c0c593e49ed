"""The strings of `Model.compile`, the same ways in every Keras. Needs NumPy only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conformance.adapters import derive
from conformance.adapters.base import OF_A_MODEL, Implementation, Lookup, Recipe

_ALL = frozenset({"binary", "multiclass", "multilabel"})
_BINARY = frozenset({"binary", "multilabel"})
_MULTICLASS = frozenset({"multiclass"})

#: Each string that compile() takes for a metric -> the tasks it is for.
METRICS: Mapping[str, frozenset[str]] = {
    "accuracy": _ALL,
    "acc": _ALL,
    "binary_accuracy": _BINARY,
    "categorical_accuracy": _MULTICLASS,
    "sparse_categorical_accuracy": _MULTICLASS,
}

#: Strings of which only the metric or loss they become is looked up, and no value: those of crossentropies, which are
#: no accuracy, and spellings in another case.
_METRICS_LOOKED_UP = ("Accuracy", "crossentropy", "ce", "CE")
_LOSSES_LOOKED_UP = ("crossentropy", "ce", "CE")

#: The losses with which "accuracy" is looked up. The other strings are looked up by the same lines: with one loss.
_LOOKED_UP_WITH = (
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "crossentropy",
    "mean_squared_error",
    "hinge",
    "kl_divergence",
    "cosine_similarity",
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
    """

    module: str
    dataset: str
    metric: str
    loss: str
    feed: str = "Batches()"
    imports: tuple[str, ...] = ()
    outputs: str = "inputs"


def compiled(keras: Spelling) -> Iterator[Implementation]:
    """Yield an entry for each string, each argument it is given to, and each way to feed data."""
    for string, tasks in METRICS.items():
        for argument in ("metrics", "weighted_metrics"):
            key = string if argument == "metrics" else f"{argument}={string}"
            yield _metric(keras, key, argument, string, tasks)
            yield _metric(keras, f"{key},dataset", argument, string, tasks, dataset=True)
    for string in _METRICS_LOOKED_UP:
        yield _resolution(keras, string, f'{{loss}}, metrics=["{string}"]', keras.metric)
    for string in _LOSSES_LOOKED_UP:
        yield _resolution(keras, f"loss={string}", "{loss}", keras.loss, loss=string)


def string(keras: Spelling, word: str) -> Implementation:
    """Return the entry for a string given to metrics=, evaluated on arrays."""
    return _metric(keras, word, "metrics", word, METRICS[word])


def lookups(module: str, environment: str = "") -> tuple[Lookup, ...]:
    """Return the strings to look up in the compile() of one Keras, under an environment."""
    suffix = f"@{environment}" if environment else ""
    strings = {
        "accuracy": _LOOKED_UP_WITH,
        **dict.fromkeys(("acc", *_METRICS_LOOKED_UP), _LOOKED_UP_WITH[:1]),
        **{f"loss={loss}": (loss,) for loss in _LOSSES_LOOKED_UP},
    }
    return tuple(
        Lookup(string, f"{module}.Model.compile[{string}]{suffix}", losses)
        for string, losses in strings.items()
    )


#: The model is the identity, so that the metric sees y_pred as far as Keras itself leaves them alone.
_IDENTITY = """\
inputs = {module}.Input(shape=y_pred.shape[1:])
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


def _identity(keras: Spelling, arguments: str) -> str:
    filled = _IDENTITY.replace("{outputs}", keras.outputs).replace("{module}", keras.module)
    return filled.replace("{arguments}", arguments)


def _metric(
    keras: Spelling,
    key: str,
    argument: str,
    string: str,
    tasks: frozenset[str],
    dataset: bool = False,
) -> Implementation:
    path = f"{keras.module}.Model.compile[{key}]"
    model = _identity(keras, f'{{loss}}, {argument}=["{string}"]')
    return Implementation(
        id=path,
        quantity="accuracy",
        tasks=tasks,
        recipe=Recipe(
            imports=(f"import {keras.module}", *(keras.imports if dataset else ())),
            update=_BATCHES.replace("{dataset}", keras.dataset)
            + model
            + _DATASET.replace("{feed}", keras.feed)
            if dataset
            else f"{model}{_ARRAYS}",
            # Without any sample, evaluate() returns {}.
            result=f'values.get("{string}", values)',
            data="list" if dataset else "joined",
            resolved=keras.metric,
            leaves_session=True,
        ),
        derived={"loss": derive.loss} | ({} if dataset else {"batch_size": derive.batch_size}),
        ranks=OF_A_MODEL,
        updates="batches" if dataset else "even",
        asked="always" if key in _ALWAYS else "named-or-loss",
        weights=True,
        definition=path,
    )


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
        derived={"batch_size": derive.batch_size} | ({} if fixed else {"loss": derive.loss}),
        ranks=OF_A_MODEL,
        updates="even",
        asked="table",
        weights=True,
        definition=path,
    )
