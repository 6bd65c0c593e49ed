"""Converts the inputs of a case to the arrays and parameters that an adapter receives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import PARAMETERS, Call, Source, Update
from conformance.cases.arrays import Data, data_of
from conformance.cases.diagnostics import Problem
from conformance.cases.files import Stored
from conformance.cases.notation import MOST_ELEMENTS, DataError, check_shape

#: Keys of a case that hold data.
DATA = ("y_true", "y_pred", "sample_weight")

#: The most elements that all data of a case may have together.
MOST_ELEMENTS_OF_A_CASE = 2 * MOST_ELEMENTS

#: Keys of a case that are its inputs, except the task.
INPUTS = frozenset({*DATA, *PARAMETERS, "updates", "batches", "shape", "dtype", "loss"})


class InputError(ValueError):
    """All problems with the inputs of a case; paths start at the case."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


def build(task: str, inputs: Mapping[str, Any], folder: Path | None = None) -> Call:
    """Build the call of a case.

    Args:
        task: `binary`, `multiclass` or `multilabel`.
        inputs: keys and values of the case file (`INPUTS`), structurally valid.
        folder: folder of the case file, for data in files of their own.

    Returns:
        One update per entry of `batches` or `updates`, else a single one. Arrays are read-only and may be
        views of one another: copy them before handing them to anything that may write.

    Raises:
        InputError: data that `data_of` rejects; too many elements in all; a `shape` of another size; `batches`
            that do not add up.
    """
    problems: list[Problem] = []
    entries = _all_data(inputs, problems, folder)
    if problems:
        raise InputError(problems)
    arrays = [{name: data.array() for name, data in entry.items()} for entry in entries]
    updates = tuple(Update(**entry) for entry in arrays)
    sources = [
        Source(array, data.code)
        for entry, built in zip(entries, arrays, strict=True)
        for data, array in zip(entry.values(), built.values(), strict=True)
        if isinstance(data, Stored)
    ]
    batches: tuple[int, ...] | None = None
    if "updates" in inputs:
        batches = tuple(update.y_true.shape[0] if update.y_true.ndim else 0 for update in updates)
    elif "batches" in inputs:
        batches = tuple(inputs["batches"])
        updates = _split(updates[0], batches, sources)
    return Call(
        task=task,
        updates=updates,
        parameters={name: inputs[name] for name in PARAMETERS if name in inputs},
        batches=batches,
        loss=inputs.get("loss"),
        metric_dtype=inputs.get("dtype", {}).get("metric"),
        sources=tuple(sources),
    )


def problems_of(inputs: Mapping[str, Any], folder: Path | None = None) -> list[Problem]:
    """Return the problems of the inputs that are present, without requiring the others; builds no array."""
    problems: list[Problem] = []
    _all_data(inputs, problems, folder)
    return problems


def _all_data(
    inputs: Mapping[str, Any], problems: list[Problem], folder: Path | None
) -> list[dict[str, Data | Stored]]:
    """Return the data of each update before batches split them; only those without a problem."""
    if "updates" in inputs:
        updates = enumerate(inputs["updates"])
        entries = [_data(entry, inputs, problems, folder, "updates", index) for index, entry in updates]
    else:
        entries = [_data(inputs, inputs, problems, folder)]
        if "batches" in inputs and not problems:
            problems += _batch_problems(inputs["batches"], entries[0])
    size = sum(data.size for entry in entries for data in entry.values())
    if size > MOST_ELEMENTS_OF_A_CASE:
        message = (
            f"the data of the case have {size} elements in all: at most {MOST_ELEMENTS_OF_A_CASE} are taken"
        )
        problems.append(Problem((), message))
    return entries


def _data(
    entry: Mapping[str, Any],
    inputs: Mapping[str, Any],
    problems: list[Problem],
    folder: Path | None,
    *path: str | int,
) -> dict[str, Data | Stored]:
    found = {}
    for name in DATA:
        if name not in entry:
            continue
        try:
            data = data_of(entry[name], inputs.get("dtype", {}).get(name), folder)
        except DataError as error:
            message = f"{name}: {error.problem.message}"
            problems.append(Problem((*path, name, *error.problem.path), message, error.problem.at_key))
            continue
        if name == "sample_weight" and data.dtype.kind == "U":
            problems.append(Problem((*path, name), "sample_weight: weights are numbers, and these are text"))
            continue
        if name in inputs.get("shape", {}):
            shape = inputs["shape"][name]
            if (problem := _shape_problem(name, data.size, shape)) is not None:
                problems.append(problem)
                continue
            data = data.reshaped(tuple(shape))
        found[name] = data
    return found


def _shape_problem(name: str, written: int, shape: list[int]) -> Problem | None:
    if (size := math.prod(shape)) != written:
        message = f"{name}: shape {shape} has {size} elements, the data have {written}"
        return Problem(("shape", name), message)
    try:
        check_shape(shape)
    except DataError as error:
        return Problem(("shape", name), f"{name}: {error}")
    return None


def _batch_problems(batches: list[int], entry: Mapping[str, Data | Stored]) -> list[Problem]:
    total = sum(batches)
    problems = []
    for name, data in entry.items():
        if not data.shape:
            if name != "sample_weight":
                problems.append(Problem((name,), f"{name} is a single value: batches are made of samples"))
        elif data.shape[0] != total:
            count = f"{data.shape[0]} sample" + ("s" if data.shape[0] != 1 else "")
            message = f"batches add up to {total}, but {name} has {count}"
            problems.append(Problem(("batches",), message))
    return problems


def _split(update: Update, sizes: tuple[int, ...], sources: list[Source]) -> tuple[Update, ...]:
    """Return the batches of an update; `sources` is extended by theirs."""
    starts = np.cumsum((0, *sizes)).tolist()
    code = {id(source.array): source.code for source in sources}

    def part(array: NDArray[Any], samples: slice) -> NDArray[Any]:
        taken = array[samples]
        if id(array) in code:
            sources.append(Source(taken, f"{code[id(array)]}[{samples.start}:{samples.stop}]"))
        return taken

    weight = update.sample_weight
    return tuple(
        Update(
            part(update.y_true, samples),
            part(update.y_pred, samples),
            weight if weight is None or weight.ndim == 0 else part(weight, samples),
        )
        for samples in map(slice, starts, starts[1:])
    )
