"""torchmetrics: classes and functions, ways to feed a class, and `average=micro`, as other frameworks average."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters import derive
from conformance.adapters.base import Adapter, Call, Derive, Implementation, Recipe

_COMMON = {"multidim_average": "global", "ignore_index": None, "validate_args": True}
_BINARY = {"threshold": 0.5, **_COMMON}
_MULTICLASS = {"num_classes": None, "average": "macro", "top_k": 1, **_COMMON}
_MULTILABEL = {"num_labels": None, "threshold": 0.5, "average": "macro", **_COMMON}
_ANY_TASK = {**_MULTICLASS, **_MULTILABEL, "average": "micro"}
_MULTICLASS_EXACT = {"num_classes": None, **_COMMON}
_MULTILABEL_EXACT = {"num_labels": None, "threshold": 0.5, **_COMMON}
_ANY_EXACT = {**_MULTICLASS_EXACT, **_MULTILABEL_EXACT}


def _tensor(name: str, dtype: np.dtype[Any]) -> str:
    """Expression for a tensor that shares the memory of the array; torch does not know NumPy's bfloat16."""
    if dtype.name == "bfloat16":
        return f"torch.from_numpy({name}.view(np.int16)).view(torch.bfloat16)"
    return f"torch.from_numpy({name})"


def _classes_of_multiclass(call: Call) -> int | None:
    return derive.num_classes(call) if call.task == "multiclass" else None


def _labels_of_multilabel(call: Call) -> int | None:
    return derive.num_labels(call) if call.task == "multilabel" else None


#: For the two that want the task as an argument.
_BY_TASK: Mapping[str, Derive] = {
    "task": derive.task,
    "num_classes": _classes_of_multiclass,
    "num_labels": _labels_of_multilabel,
}


#: How a class is used, by what stands in brackets: lines for setup, for each update, and the result.
_PLAIN = ("metric = {path}({{arguments}})", "metric.update({{y_pred}}, {{y_true}})", "metric.compute()")
_WAYS: Mapping[str | None, tuple[str, str, str]] = {
    None: _PLAIN,
    "forward": (_PLAIN[0], "metric({{y_pred}}, {{y_true}})", _PLAIN[2]),
    "forward,last": (_PLAIN[0], "value = metric({{y_pred}}, {{y_true}})", "value"),
}

#: A metric with the same counts goes first: from the second update on, it alone counts for the whole group.
_COLLECTION = """\
metrics = torchmetrics.MetricCollection(
    [
        {precision}({{arguments}}),
        {path}({{arguments}}),
    ]
)"""


def _entry(
    path: str,
    tasks: frozenset[str],
    defaults: Mapping[str, Any],
    *,
    function: bool = False,
    quantity: str = "accuracy",
    derived: Mapping[str, Derive] | None = None,
    average: str | None = None,
    way: str | None = None,
) -> Implementation:
    """Entry for a class or function; `defaults` are its parameters, which torchmetrics names as cases do."""
    brackets = way or (f"average={average}" if average else None)
    implementation_id = f"{path}[{brackets}]" if brackets else path
    lines = ("", "", "{path}({{y_pred}}, {{y_true}}, {{arguments}})") if function else _WAYS[way]
    setup, update, result = (line.format(path=path) for line in lines)
    insists_on: dict[str, Derive] = {"num_classes": derive.num_classes, "num_labels": derive.num_labels}
    return Implementation(
        id=implementation_id,
        quantity=quantity,
        tasks=tasks,
        recipe=_recipe(
            (f"import {path.rpartition('.')[0]}",),
            setup,
            update,
            result,
            "metric" if result.startswith("metric.") else "",
        ),
        parameters={name: name for name in defaults},
        defaults={**defaults, "average": average} if average else defaults,
        fixed={"average": average} if average else {},
        derived=derived or {name: rule for name, rule in insists_on.items() if name in defaults},
        updates="one" if function else "batches" if way == "forward,last" else "many",
        definition=implementation_id,
    )


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


def _collected(name: str, tasks: frozenset[str], defaults: Mapping[str, Any]) -> Implementation:
    """Entry for a class in a MetricCollection, together with the precision on the same data."""
    path, implementation_id = f"{_CLASSES}.{name}", f"torchmetrics.MetricCollection[{name}]"
    return replace(
        _entry(path, tasks, defaults),
        id=implementation_id,
        recipe=_recipe(
            ("import torchmetrics", f"import {_CLASSES}"),
            _COLLECTION.format(path=path, precision=path.replace("Accuracy", "Precision")),
            "metrics.update({y_pred}, {y_true})",
            f'metrics.compute()["{name}"]',
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


def _two_thresholds() -> Implementation:
    """Entry for BinaryAccuracy at the threshold of the case, in a MetricCollection with one at 0.5."""
    path = f"{_CLASSES}.BinaryAccuracy"
    implementation_id = "torchmetrics.MetricCollection[BinaryAccuracy,two thresholds]"
    return replace(
        _entry(path, _ONE["binary"], {"threshold": 0.5, "validate_args": True}),
        id=implementation_id,
        only_with={"binary": "threshold"},
        recipe=_recipe(
            ("import torchmetrics", f"import {_CLASSES}"),
            _TWO_THRESHOLDS.format(path=path),
            "metrics.update({y_pred}, {y_true})",
            'metrics.compute()["second"]',
            state="metrics",
        ),
        definition=implementation_id,
    )


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


#: Forked, so that each rank has what was imported; the timeout ends ranks that wait for each other.
_RANKS = """\
def rank(number, folder):
    torch.distributed.init_process_group(
        "gloo", f"file://{folder}/store", rank=number, world_size=2, timeout=timedelta(seconds=10)
    )
    SETUP
    for y_true, y_pred in updates[number::2]:
        UPDATE
    value = RESULT
    if number == 0:
        torch.save(value, f"{folder}/value")


with tempfile.TemporaryDirectory() as folder:
    torch.multiprocessing.start_processes(rank, (folder,), nprocs=2, start_method="fork")
    value = torch.load(f"{folder}/value")"""

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

_CLASSES = "torchmetrics.classification"
_FUNCTIONS = "torchmetrics.functional.classification"
_ONE = {task: frozenset({task}) for task in ("binary", "multiclass", "multilabel")}
_ALL = frozenset(_ONE)
_NOT_BINARY = _ALL - _ONE["binary"]

#: The classes that are also asked in other ways.
_ACCURACIES = (
    ("BinaryAccuracy", _ONE["binary"], _BINARY),
    ("MulticlassAccuracy", _ONE["multiclass"], _MULTICLASS),
    ("MultilabelAccuracy", _ONE["multilabel"], _MULTILABEL),
)

_ENTRIES = (
    _entry(f"{_CLASSES}.BinaryAccuracy", _ONE["binary"], _BINARY),
    _entry(f"{_CLASSES}.MulticlassAccuracy", _ONE["multiclass"], _MULTICLASS),
    _entry(f"{_CLASSES}.MulticlassAccuracy", _ONE["multiclass"], _MULTICLASS, average="micro"),
    _entry(f"{_CLASSES}.MultilabelAccuracy", _ONE["multilabel"], _MULTILABEL),
    _entry(f"{_CLASSES}.MultilabelAccuracy", _ONE["multilabel"], _MULTILABEL, average="micro"),
    _entry(
        f"{_CLASSES}.MulticlassExactMatch",
        _ONE["multiclass"],
        _MULTICLASS_EXACT,
        quantity="subset-accuracy",
    ),
    _entry(
        f"{_CLASSES}.MultilabelExactMatch",
        _ONE["multilabel"],
        _MULTILABEL_EXACT,
        quantity="subset-accuracy",
    ),
    _entry("torchmetrics.Accuracy", _ALL, _ANY_TASK, derived=_BY_TASK),
    _entry("torchmetrics.ExactMatch", _NOT_BINARY, _ANY_EXACT, quantity="subset-accuracy", derived=_BY_TASK),
    *(
        _entry(f"{_CLASSES}.{name}", tasks, defaults, way=way)
        for way in ("forward", "forward,last")
        for name, tasks, defaults in _ACCURACIES
    ),
    *(_collected(*accuracy) for accuracy in _ACCURACIES),
    _two_thresholds(),
    _entry(f"{_FUNCTIONS}.binary_accuracy", _ONE["binary"], _BINARY, function=True),
    _entry(f"{_FUNCTIONS}.multiclass_accuracy", _ONE["multiclass"], _MULTICLASS, function=True),
    _entry(f"{_FUNCTIONS}.multilabel_accuracy", _ONE["multilabel"], _MULTILABEL, function=True),
    _entry(
        f"{_FUNCTIONS}.multiclass_exact_match",
        _ONE["multiclass"],
        _MULTICLASS_EXACT,
        function=True,
        quantity="subset-accuracy",
    ),
    _entry(
        f"{_FUNCTIONS}.multilabel_exact_match",
        _ONE["multilabel"],
        _MULTILABEL_EXACT,
        function=True,
        quantity="subset-accuracy",
    ),
    _entry("torchmetrics.functional.accuracy", _ALL, _ANY_TASK, function=True, derived=_BY_TASK),
    _entry(
        "torchmetrics.functional.exact_match",
        _NOT_BINARY,
        _ANY_EXACT,
        function=True,
        quantity="subset-accuracy",
        derived=_BY_TASK,
    ),
)


def _over_ranks(entry: Implementation) -> Implementation:
    """Return the way to use a metric over two gloo ranks of torch.distributed; the result is that of rank 0."""
    recipe = entry.recipe
    lines = (
        _RANKS.replace("SETUP", recipe.setup)
        .replace("UPDATE", recipe.update)
        .replace("RESULT", recipe.result)
    )
    imports = ("import tempfile", "from datetime import timedelta", "import torch.distributed")
    return entry.over_shards(
        "gloo",
        Recipe(
            (*recipe.imports, *imports, "import torch.multiprocessing"),
            "value",
            update=lines,
            data="list",
            expression=recipe.expression,
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
        *(_over_ranks(entry) for entry in _ENTRIES if entry.id in _OVER_RANKS),
    ),
    to_numpy=to_numpy,
    warm_up=_warm_up,
    settings=_settings,
)
