"""Converts the inputs of a case to the arrays and parameters that an adapter receives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from conformance.adapters.base import PARAMETERS, Call, Source, Update
from conformance.calls.text import count
from conformance.cases.arrays import Data, data_of
from conformance.cases.diagnostics import Problem
from conformance.cases.notations import MOST_ELEMENTS

#: Keys of a case that hold data.
DATA = ("y_true", "y_pred", "sample_weight", "mask")

#: The most elements that all data of a case may have together.
MOST_ELEMENTS_OF_A_CASE = 2 * MOST_ELEMENTS

#: Keys of a case that are its inputs, except the task.
INPUTS = frozenset(
    {*DATA, *PARAMETERS, "updates", "outputs", "batches", "shape", "dtype", "loss", "class_weight"}
)


def build(task: str, inputs: Mapping[str, Any], folder: Path | None = None, metric: str = "accuracy") -> Call:
    """Build the call of a case.

    Args:
        task: `binary`, `multiclass` or `multilabel`.
        inputs: keys and values of the case file (`INPUTS`), structurally valid.
        folder: folder of the case file, for data in files of their own.
        metric: the family that the case asks for.

    Returns:
        One update per entry of `batches`, `updates` or `outputs`, else a single one. Arrays are read-only and may be
        views of one another: copy them before handing them to anything that may write.

    Raises:
        Problem: the first one that `checked` finds.
    """
    entries, problems = checked(inputs, folder)
    if problems:
        raise problems[0]
    updates = [{name: (data.array(), data.code) for name, data in entry.items()} for entry in entries]
    batches: tuple[int, ...] | None = None
    if "updates" in inputs:
        batches = tuple(len(targets) if targets.ndim else 0 for targets, _ in (u["y_true"] for u in updates))
    elif "batches" in inputs:
        batches = tuple(inputs["batches"])
        updates = list(_split(updates[0], batches))
    return Call(
        task=task,
        updates=tuple(Update(**{name: array for name, (array, _) in update.items()}) for update in updates),
        parameters={name: inputs[name] for name in PARAMETERS if name in inputs},
        batches=batches,
        loss=inputs.get("loss"),
        class_weight=_class_weight(inputs.get("class_weight")),
        outputs=tuple(inputs.get("outputs", ())),
        metric_dtype=inputs.get("dtype", {}).get("metric"),
        sources=tuple(Source(array, code) for update in updates for array, code in update.values() if code),
        metric=metric,
    )


def _class_weight(written: Mapping[str, float] | None) -> Mapping[int, float] | None:
    """Return class -> weight; the keys of a mapping are text."""
    return None if written is None else {int(label): weight for label, weight in written.items()}


def checked(
    inputs: Mapping[str, Any], folder: Path | None = None
) -> tuple[list[dict[str, Data]], list[Problem]]:
    """Check the inputs that are present, without requiring the others; builds no array.

    Returns:
        The data of each update before batches split them, as far as they are sound. The problems, with paths from the
        case on: of data that `data_of` rejects, of too many elements in all, of a `shape` of another size, and of
        `batches` that do not add up.
    """
    problems: list[Problem] = []
    if "updates" in inputs:
        updates = enumerate(inputs["updates"])
        entries = [_data(entry, inputs, problems, folder, "updates", index) for index, entry in updates]
    elif "outputs" in inputs:
        outputs = inputs["outputs"].items()
        entries = [_data(entry, inputs, problems, folder, "outputs", name) for name, entry in outputs]
    else:
        entries = [_data(inputs, inputs, problems, folder)]
        if "batches" in inputs and not problems:
            problems += _batch_problems(inputs["batches"], entries[0])
    size = sum(data.size for entry in entries for data in entry.values())
    if size > MOST_ELEMENTS_OF_A_CASE:
        limit = f"at most {MOST_ELEMENTS_OF_A_CASE} are taken"
        problems.append(Problem(f"the data of the case have {size} elements in all: {limit}"))
    return entries, problems


def _data(
    entry: Mapping[str, Any],
    inputs: Mapping[str, Any],
    problems: list[Problem],
    folder: Path | None,
    *path: str | int,
) -> dict[str, Data]:
    found = {}
    for name in DATA:
        if name not in entry:
            continue
        place = (*path, name)
        try:
            data = data_of(entry[name], inputs.get("dtype", {}).get(name), folder)
            if name == "sample_weight" and data.dtype.kind == "U":
                raise Problem("weights are numbers, and these are text")
            if name == "mask" and (data.dtype.kind != "b" or not data.shape):
                raise Problem("expected a list of true and false")
            if name in inputs.get("shape", {}):
                place = ("shape", name)
                data = data.reshaped(tuple(inputs["shape"][name]))
            found[name] = data
        except Problem as problem:
            message = f"{name}: {problem.message}"
            problems.append(Problem(message, *place, *problem.path, at_key=problem.at_key))
    if {"mask", "y_pred"} <= found.keys():
        mask, pred = found["mask"].shape, found["y_pred"].shape
        if mask != pred[: len(mask)]:
            message = (
                f"mask: shape {list(mask)} is not that of the leading dimensions of y_pred, {list(pred)}"
            )
            problems.append(Problem(message, *path, "mask"))
    return found


def _batch_problems(batches: list[int], entry: Mapping[str, Data]) -> Iterator[Problem]:
    total = sum(batches)
    for name, data in entry.items():
        if data.shape and data.shape[0] != total:
            samples = count(data.shape[0], "sample")
            yield Problem(f"batches add up to {total}, but {name} has {samples}", "batches")
        elif not data.shape and name != "sample_weight":
            yield Problem(f"{name} is a single value: batches are made of samples", name)


def _split(
    update: Mapping[str, tuple[NDArray[Any], str | None]], sizes: tuple[int, ...]
) -> Iterator[dict[str, tuple[NDArray[Any], str | None]]]:
    """Yield the batches of an update; a single weight goes to each."""
    start = 0
    for size in sizes:
        stop = start + size
        yield {
            name: (array[start:stop], code and f"{code}[{start}:{stop}]") if array.ndim else (array, code)
            for name, (array, code) in update.items()
        }
        start = stop
