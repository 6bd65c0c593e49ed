"""torchmetrics: classes and functions, ways to feed a class, and `average=micro`, as other frameworks average."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from conformance.adapters import derive
from conformance.adapters.base import Adapter, Derive, Implementation, Recipe
from conformance.frameworks.torchmetrics.over_ranks import by_sampler, over_ranks

_CLASSES = "torchmetrics.classification"
_FUNCTIONS = "torchmetrics.functional.classification"


@dataclass(frozen=True)
class _Kind:
    """The tasks and the parameters of a class or function; torchmetrics names them as cases do."""

    tasks: frozenset[str]
    defaults: Mapping[str, Any]


_COMMON = {"multidim_average": "global", "ignore_index": None, "validate_args": True}
_BINARY = _Kind(frozenset({"binary"}), {"threshold": 0.5, **_COMMON})
_MULTICLASS = _Kind(
    frozenset({"multiclass"}), {"num_classes": None, "average": "macro", "top_k": 1, **_COMMON}
)
_MULTILABEL = _Kind(
    frozenset({"multilabel"}), {"num_labels": None, "threshold": 0.5, "average": "macro", **_COMMON}
)
_ANY_TASK = _Kind(
    frozenset({"binary", "multiclass", "multilabel"}),
    {**_MULTICLASS.defaults, **_MULTILABEL.defaults, "average": "micro"},
)
_MULTICLASS_EXACT = _Kind(_MULTICLASS.tasks, {"num_classes": None, **_COMMON})
_MULTILABEL_EXACT = _Kind(_MULTILABEL.tasks, {"num_labels": None, "threshold": 0.5, **_COMMON})
_ANY_EXACT = _Kind(
    frozenset({"multiclass", "multilabel"}), {**_MULTICLASS_EXACT.defaults, **_MULTILABEL_EXACT.defaults}
)


def _tensor(name: str, dtype: np.dtype[Any]) -> str:
    """Expression for a tensor that shares the memory of the array; torch does not know NumPy's bfloat16."""
    if dtype.name == "bfloat16":
        return f"torch.from_numpy({name}.view(np.int16)).view(torch.bfloat16)"
    return f"torch.from_numpy({name})"


_ZERO_DIVISION = {"zero_division": 0}

#: Metrics made of counts have other parameters than accuracy: one more, but for those that divide nothing by zero.
_MORE: Mapping[str, Mapping[str, Any]] = {"specificity": {}, "confusion": {}}


#: What a class or function insists on; those that take the task as an argument have one more.
_DERIVED: Mapping[str, Derive] = {"num_classes": derive.num_classes, "num_labels": derive.num_labels}
_BY_TASK: Mapping[str, Derive] = {
    "task": derive.task,
    "num_classes": lambda call: derive.num_classes(call) if call.task == "multiclass" else None,
    "num_labels": lambda call: derive.num_labels(call) if call.task == "multilabel" else None,
}

#: How a class is used, by what stands in brackets: lines for setup, for each update, and the result.
_PLAIN = ("metric = {path}({{arguments}})", "metric.update({{y_pred}}, {{y_true}})", "metric.compute()")
_COLLECTED = f"{_PLAIN[0]}\nvalues = []"
_WAYS: Mapping[str | None, tuple[str, str, str]] = {
    None: _PLAIN,
    "forward": (_PLAIN[0], "metric({{y_pred}}, {{y_true}})", _PLAIN[2]),
    "forward,last": (_PLAIN[0], "value = metric({{y_pred}}, {{y_true}})", "value"),
    "mean of forward": (
        _COLLECTED,
        "values.append(metric({{y_pred}}, {{y_true}}))",
        "torch.stack(values).mean(dim=0)",
    ),
    "mean of forward by batch size": (
        f"{_PLAIN[0]}\ntotal, samples = 0, 0",
        "total += metric({{y_pred}}, {{y_true}}) * len(y_true)\nsamples += len(y_true)",
        "total / samples",
    ),
    "compute after each update": (
        _COLLECTED,
        f"{_PLAIN[1]}\nvalues.append(metric.compute())",
        "torch.stack(values)",
    ),
}

#: The ways that return values of updates, or a mean of these.
_OF_UPDATES = ("mean of forward", "mean of forward by batch size", "compute after each update")


def _updates(way: str | None) -> Literal["many", "batches", "several"]:
    """Return which updates a way to use a class takes: a value of none is missing, and of one is the value of all."""
    if way in _OF_UPDATES:
        return "several"
    return "batches" if way == "forward,last" else "many"


#: A metric with the same counts goes first: from the second update on, it alone counts for the whole group.
_COLLECTION = """\
metrics = torchmetrics.MetricCollection(
    [
        {other}({{arguments}}),
        {path}({{arguments}}),
    ]
)"""


def _entry(
    path: str,
    kind: _Kind,
    *,
    function: bool = False,
    average: str | None = None,
    way: str | None = None,
    metric: str = "accuracy",
    needs: str | None = None,
) -> Implementation:
    """Entry for a class or function; of cases that do not name the parameter that it needs, none asks it."""
    brackets = ",".join(filter(None, (f"average={average}" if average else None, way)))
    implementation_id = f"{path}[{brackets}]" if brackets else path
    lines = ("", "", "{path}({{y_pred}}, {{y_true}}, {{arguments}})") if function else _WAYS[way]
    setup, update, result = (line.format(path=path) for line in lines)
    derived = _DERIVED if len(kind.tasks) == 1 else _BY_TASK
    of_kind = {name: rule for name, rule in derived.items() if name in kind.defaults or name == "task"}
    quantity = "accuracy-per-class" if average == "none" else metric
    if way == "compute after each update":
        quantity = "running-accuracy"
    return Implementation(
        id=implementation_id,
        quantity="subset-accuracy" if "exact" in path.lower() else quantity,
        tasks=kind.tasks,
        recipe=_recipe(
            (f"import {path.rpartition('.')[0]}",),
            setup,
            update,
            result,
            "metric" if result.startswith("metric.") else "",
        ),
        parameters={name: name for name in kind.defaults},
        defaults={**kind.defaults, "average": average} if average else kind.defaults,
        fixed={"average": average} if average else {},
        derived=of_kind,
        updates="one" if function else _updates(way),
        definition=implementation_id,
        asked="named" if average == "none" else "always",
        metric=metric,
        only_with=dict.fromkeys(kind.tasks, needs) if needs else {},
    )


def _of_counts(
    metric: str, name: str, function: str, ways: str | None = None, collected_with: str = ""
) -> Iterator[Implementation]:
    """Yield the entries for the counts, or a metric made of them.

    Args:
        metric: the family.
        name: behind the task, the name of its classes.
        function: behind the task, the name of its functions.
        ways: the task whose class is also asked in other ways, if any.
        collected_with: behind that task, the name of the class that goes first in a collection.
    """
    more = _MORE.get(metric, _ZERO_DIVISION)
    kinds = {"binary": _BINARY, "multiclass": _MULTICLASS, "multilabel": _MULTILABEL}
    kinds = {task: replace(kind, defaults={**kind.defaults, **more}) for task, kind in kinds.items()}
    any_task = replace(_ANY_TASK, defaults={**_ANY_TASK.defaults, **more})
    needs = "beta" if metric == "fbeta" else None
    if needs:
        kinds = {task: replace(kind, defaults={needs: None, **kind.defaults}) for task, kind in kinds.items()}
        any_task = replace(any_task, defaults={needs: 1.0, **any_task.defaults})
    for task, kind in kinds.items():
        for average in (None,) if task == "binary" else (None, "micro"):
            path = f"{_CLASSES}.{task.capitalize()}{name}"
            yield _entry(path, kind, average=average, metric=metric, needs=needs)
        if task == ways:
            for entry in _in_other_ways(task.capitalize(), name, kind, metric, collected_with):
                yield replace(entry, asked="named")
        yield _entry(f"{_FUNCTIONS}.{task}_{function}", kind, function=True, metric=metric, needs=needs)
    yield _entry(f"torchmetrics.{name}", any_task, metric=metric)
    yield _entry(f"torchmetrics.functional.{function}", any_task, function=True, metric=metric)


def _in_other_ways(
    task: str, name: str, kind: _Kind, metric: str, collected_with: str
) -> Iterator[Implementation]:
    """Yield the entries for a class fed by forward(), and in a collection."""
    path = f"{_CLASSES}.{task}{name}"
    for way in ("forward", "forward,last"):
        yield _entry(path, kind, way=way, metric=metric)
    yield _entry(path, _of_all(kind), way="mean of forward", metric=metric)
    other = f"{_CLASSES}.{task}{collected_with}"
    yield _collected(f"{task}{name}", _entry(path, kind, metric=metric), _COLLECTION, other)


_OF_PAIRS = {"ignore_index": None, "validate_args": True}


def _of_pairs(metric: str, name: str, function: str, **more: Any) -> Iterator[Implementation]:
    """Yield the entries for a metric made of the confusion matrix, given the parameters that only it has."""
    defaults: dict[str, dict[str, Any]] = {
        "binary": {"threshold": 0.5},
        "multiclass": {"num_classes": None},
        "multilabel": {"num_labels": None, "threshold": 0.5},
    }
    if metric == "kappa":
        del defaults["multilabel"]
    for task in ("multiclass", "multilabel") if metric == "jaccard" else ():
        defaults[task]["average"] = "macro"
    for task, own in defaults.items():
        kind = _Kind(frozenset({task}), {**own, **_OF_PAIRS, **more})
        yield _entry(f"{_CLASSES}.{task.capitalize()}{name}", kind, metric=metric)
        yield _entry(f"{_FUNCTIONS}.{task}_{function}", kind, function=True, metric=metric)
    of_any = {name: value for own in defaults.values() for name, value in own.items()}
    any_task = _Kind(frozenset(defaults), {**of_any, **_OF_PAIRS, **more})
    yield _entry(f"torchmetrics.{name}", any_task, metric=metric)
    yield _entry(f"torchmetrics.functional.{function}", any_task, function=True, metric=metric)


def _of_images(metric: str, name: str, releases: str, **defaults: Any) -> Implementation:
    """Entry for a class of torchmetrics.segmentation, given integer labels."""
    kind = _Kind(frozenset({"multiclass"}), {"num_classes": None, **defaults})
    entry = _entry(f"torchmetrics.segmentation.{name}", kind, metric=metric)
    return replace(entry, fixed={"input_format": "index"}, releases=releases)


def _recipe(imports: tuple[str, ...], setup: str, update: str, result: str, state: str = "") -> Recipe:
    return Recipe(
        imports=("import torch", *imports),
        setup=setup,
        update=update,
        result=result,
        expression=_tensor,
        state=state,
        reset=f"{state}.reset()" if state else "",
    )


def _of_all(kind: _Kind) -> _Kind:
    """Return a kind that returns one value for all of its samples, so that updates of any size go together."""
    return _Kind(
        kind.tasks, {name: value for name, value in kind.defaults.items() if name != "multidim_average"}
    )


def _collected(
    name: str, entry: Implementation, metrics: str, other: str = "", key: str = ""
) -> Implementation:
    """Entry for a class in a MetricCollection.

    Args:
        name: what stands in brackets.
        entry: the class alone.
        metrics: the lines that make the collection.
        other: the class that goes first.
        key: the name of the class in the collection, if it is not its own.
    """
    implementation_id = f"torchmetrics.MetricCollection[{name}]"
    return replace(
        entry,
        id=implementation_id,
        recipe=_recipe(
            ("import torchmetrics", f"import {_CLASSES}"),
            metrics.format(path=entry.id, other=other),
            "metrics.update({y_pred}, {y_true})",
            f'metrics.compute()["{key or name}"]',
            state="metrics",
        ),
        definition=implementation_id,
    )


#: The dictionary is sorted by name, so that the one at 0.5 is the first of a group.
_TWO_THRESHOLDS = """\
metrics = torchmetrics.MetricCollection(
    {{
        "first": {path}(threshold=0.5, {{validate_args}}),
        "second": {path}({{threshold}}, {{validate_args}}),
    }}
)"""


def to_numpy(result: Any) -> NDArray[Any]:
    """Return a tensor, or a number, as an array of its own dtype; bfloat16 as ml_dtypes knows it."""
    import torch

    if not isinstance(result, torch.Tensor):
        return np.asarray(result)
    tensor = result.detach().cpu()
    if tensor.dtype == torch.bfloat16:
        import ml_dtypes

        return np.asarray(tensor.view(torch.int16).numpy().view(ml_dtypes.bfloat16))
    return np.asarray(tensor.numpy())


def _warm_up() -> None:
    import torch
    import torch.distributed
    import torch.multiprocessing
    import torchmetrics.classification
    import torchmetrics.functional.classification  # noqa: F401

    torch.set_num_threads(1)
    torch.manual_seed(0)


def _settings() -> Mapping[str, Any]:
    import torch

    return {
        "default_dtype": str(torch.get_default_dtype()).removeprefix("torch."),
        "default_device": str(torch.get_default_device()),
        "threads": torch.get_num_threads(),
        "deterministic_algorithms": torch.are_deterministic_algorithms_enabled(),
        "cuda": torch.cuda.is_available(),
    }


#: Forking two processes takes a tenth of a second.
_OVER_RANKS = frozenset(
    f"torchmetrics.{name}"
    for name in (
        "classification.BinaryAccuracy",
        "classification.MulticlassAccuracy",
        "classification.MulticlassAccuracy[average=micro]",
        "classification.MultilabelAccuracy",
        "Accuracy",
    )
)

#: The classes that are also asked in other ways.
_ACCURACIES = {
    "BinaryAccuracy": _BINARY,
    "MulticlassAccuracy": _MULTICLASS,
    "MultilabelAccuracy": _MULTILABEL,
}
#: Parameters of the class in a collection of two thresholds.
_THRESHOLD = _Kind(_BINARY.tasks, {"threshold": 0.5, "validate_args": True})

_OF_ALL = {name: _of_all(kind) for name, kind in _ACCURACIES.items()}

_ENTRIES = (
    _entry(f"{_CLASSES}.BinaryAccuracy", _BINARY),
    _entry(f"{_CLASSES}.MulticlassAccuracy", _MULTICLASS),
    _entry(f"{_CLASSES}.MulticlassAccuracy", _MULTICLASS, average="micro"),
    _entry(f"{_CLASSES}.MultilabelAccuracy", _MULTILABEL),
    _entry(f"{_CLASSES}.MultilabelAccuracy", _MULTILABEL, average="micro"),
    _entry(f"{_CLASSES}.MulticlassAccuracy", _MULTICLASS, average="none"),
    _entry(f"{_CLASSES}.MultilabelAccuracy", _MULTILABEL, average="none"),
    _entry(f"{_CLASSES}.MulticlassExactMatch", _MULTICLASS_EXACT),
    _entry(f"{_CLASSES}.MultilabelExactMatch", _MULTILABEL_EXACT),
    _entry("torchmetrics.Accuracy", _ANY_TASK),
    _entry("torchmetrics.ExactMatch", _ANY_EXACT),
    *(
        _entry(f"{_CLASSES}.{name}", kind, way=way)
        for way in ("forward", "forward,last")
        for name, kind in _ACCURACIES.items()
    ),
    *(
        _entry(f"{_CLASSES}.{name}", _OF_ALL[name], average=average, way=way)
        for way in _OF_UPDATES
        for name, average in (*((name, None) for name in _ACCURACIES), ("MulticlassAccuracy", "micro"))
    ),
    *(
        _collected(
            name,
            _entry(f"{_CLASSES}.{name}", kind),
            _COLLECTION,
            f"{_CLASSES}.{name.replace('Accuracy', 'Precision')}",
        )
        for name, kind in _ACCURACIES.items()
    ),
    replace(
        _collected(
            "BinaryAccuracy,two thresholds",
            _entry(f"{_CLASSES}.BinaryAccuracy", _THRESHOLD),
            _TWO_THRESHOLDS,
            key="second",
        ),
        only_with={"binary": "threshold"},
    ),
    _entry(f"{_FUNCTIONS}.binary_accuracy", _BINARY, function=True),
    _entry(f"{_FUNCTIONS}.multiclass_accuracy", _MULTICLASS, function=True),
    _entry(f"{_FUNCTIONS}.multilabel_accuracy", _MULTILABEL, function=True),
    _entry(f"{_FUNCTIONS}.multiclass_exact_match", _MULTICLASS_EXACT, function=True),
    _entry(f"{_FUNCTIONS}.multilabel_exact_match", _MULTILABEL_EXACT, function=True),
    _entry("torchmetrics.functional.accuracy", _ANY_TASK, function=True),
    _entry("torchmetrics.functional.exact_match", _ANY_EXACT, function=True),
    *_of_counts("precision", "Precision", "precision", "binary", "Recall"),
    *_of_counts("recall", "Recall", "recall"),
    *_of_counts("f1", "F1Score", "f1_score", "multiclass", "Precision"),
    *_of_counts("fbeta", "FBetaScore", "fbeta_score"),
    *_of_counts("specificity", "Specificity", "specificity"),
    *(
        replace(entry, releases=">=1.6")
        for entry in _of_counts("npv", "NegativePredictiveValue", "negative_predictive_value")
    ),
    *_of_pairs("jaccard", "JaccardIndex", "jaccard_index", zero_division=0),
    _of_images("jaccard", "MeanIoU", ">=1.5"),
    _of_images("f1", "DiceScore", ">=1.6", average="macro"),
    *_of_pairs("mcc", "MatthewsCorrCoef", "matthews_corrcoef"),
    *_of_pairs("kappa", "CohenKappa", "cohen_kappa", weights=None),
    *(
        replace(entry, quantity="counts-and-support")
        for entry in _of_counts("confusion", "StatScores", "stat_scores")
    ),
    *(
        replace(entry, quantity="confusion-matrix")
        for entry in _of_pairs("confusion", "ConfusionMatrix", "confusion_matrix", normalize=None)
    ),
)


ADAPTER = Adapter(
    framework="torchmetrics",
    path=f"{__name__}:ADAPTER",
    definitions="conformance.frameworks.torchmetrics.catalogue:CATALOGUE",
    title="torchmetrics",
    order=40,
    distributions={"torchmetrics": "torchmetrics", "torch": "torch", "numpy": "numpy"},
    implementations=(
        *_ENTRIES,
        *(over_ranks(entry) for entry in _ENTRIES if entry.id in _OVER_RANKS),
        *(
            by_sampler(_entry(f"{_CLASSES}.{name}", _OF_ALL[name], average=average), drop_last)
            for name, average in (("BinaryAccuracy", None), ("MulticlassAccuracy", "micro"))
            for drop_last in (False, True)
        ),
    ),
    to_numpy=to_numpy,
    warm_up=_warm_up,
    settings=_settings,
    training="conformance.frameworks.torchmetrics.training:TRAINER",
    files={".pt": "conformance.frameworks.torchmetrics.files:tensor"},
)
