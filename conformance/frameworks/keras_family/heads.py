"""Models with several outputs, compiled with metrics and given targets as dicts or lists. Needs NumPy only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from conformance.adapters import derive
from conformance.adapters.base import Call, Implementation, Recipe
from conformance.adapters.script import filled

#: Form of metrics= and form of the targets.
FORMS = tuple((metrics, targets) for metrics in ("dict", "list") for targets in ("dict", "list"))

_TASKS = frozenset({"binary", "multiclass", "multilabel"})

_MODEL = """\
{outputs}
{dtypes}
inputs = [{module}.Input(shape=y_pred.shape[1:]) for _, y_pred in updates]
model = {module}.Model(
    inputs,
    [
        {module}.layers.Activation("linear", dtype=dtype, name=name)(x)
        for dtype, name, x in zip(dtypes, outputs, inputs)
    ],
)
model.compile({loss}, metrics={metrics})
y_pred = [y_pred for _, y_pred in updates]
y_true = {targets}
values = model.evaluate(y_pred, y_true, verbose=0, return_dict=True)"""

_METRICS = {
    "dict": '{name: ["accuracy"] for name in outputs}',
    "list": '[["accuracy"] for name in outputs]',
}
_TARGETS = {
    "dict": "{name: y_true for name, (y_true, _) in zip(outputs, updates)}",
    "list": "[y_true for y_true, _ in updates]",
}


def key(metrics: str, targets: str) -> str:
    """Return what stands in the brackets of an id."""
    return f"accuracy,metrics={metrics},y={targets}"


def _losses(form: str) -> Callable[[Call], Any]:
    def losses(call: Call) -> Any:
        parts = (replace(call, updates=(update,), outputs=()) for update in call.updates)
        found = dict(zip(call.outputs, map(derive.loss, parts), strict=False))
        return found if form == "dict" else list(found.values())

    return losses


def _dtypes(call: Call) -> list[str]:
    parts = (replace(call, updates=(update,)) for update in call.updates)
    return [derive.output_dtype(part) or "float32" for part in parts]


def compiled(module: str) -> Iterator[Implementation]:
    """Yield the ways to compile "accuracy" for each output."""
    for metrics, targets in FORMS:
        path = f"{module}.Model.compile[{key(metrics, targets)}]"
        names = {"module": module, "metrics": _METRICS[metrics], "targets": _TARGETS[targets]}
        yield Implementation(
            path,
            "accuracy",
            _TASKS,
            Recipe(
                imports=(f"import {module}",),
                update=filled(_MODEL, names),
                result='[values[f"{name}_accuracy"] for name in outputs]',
                data="list",
                leaves_session=True,
            ),
            derived={"loss": _losses(metrics), "outputs": lambda call: list(call.outputs), "dtypes": _dtypes},
            updates="batches",
            asked="training",
            outputs=True,
            definition=path,
        )
