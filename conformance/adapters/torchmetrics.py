"""torchmetrics: classes and functions, and two with `average=micro` so that like stands beside like."""

from __future__ import annotations

from collections.abc import Mapping
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


def _entry(
    path: str,
    tasks: frozenset[str],
    defaults: Mapping[str, Any],
    *,
    function: bool = False,
    quantity: str = "accuracy",
    derived: Mapping[str, Derive] | None = None,
    average: str | None = None,
) -> Implementation:
    """Entry for a class or function; `defaults` are its parameters, which torchmetrics names as cases do."""
    if function:
        recipe = Recipe(
            imports=("import torch", f"import {path.rpartition('.')[0]}"),
            result=f"{path}({{y_pred}}, {{y_true}}, {{arguments}})",
            expression=_tensor,
        )
    else:
        recipe = Recipe(
            imports=("import torch", f"import {path.rpartition('.')[0]}"),
            setup=f"metric = {path}({{arguments}})",
            update="metric.update({y_pred}, {y_true})",
            result="metric.compute()",
            expression=_tensor,
            state="metric",
            reset="metric.reset()",
        )
    implementation_id = f"{path}[average={average}]" if average else path
    insists_on: dict[str, Derive] = {"num_classes": derive.num_classes, "num_labels": derive.num_labels}
    return Implementation(
        id=implementation_id,
        quantity=quantity,
        tasks=tasks,
        recipe=recipe,
        parameters={name: name for name in defaults},
        defaults={**defaults, "average": average} if average else defaults,
        fixed={"average": average} if average else {},
        derived=derived or {name: rule for name, rule in insists_on.items() if name in defaults},
        updates="one" if function else "many",
        definition=implementation_id,
    )


def _to_numpy(result: Any) -> NDArray[Any]:
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


_CLASSES = "torchmetrics.classification"
_FUNCTIONS = "torchmetrics.functional.classification"
_ONE = {task: frozenset({task}) for task in ("binary", "multiclass", "multilabel")}
_ALL = frozenset(_ONE)

ADAPTER = Adapter(
    framework="torchmetrics",
    path=f"{__name__}:ADAPTER",
    distributions={"torchmetrics": "torchmetrics", "torch": "torch", "numpy": "numpy"},
    implementations=(
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
    ),
    to_numpy=_to_numpy,
    warm_up=_warm_up,
    settings=_settings,
)
