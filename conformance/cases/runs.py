"""From the entry of a case file to a training run: its data as arrays, its layers with their weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.cases.arrays import data_of
from conformance.cases.diagnostics import Problem
from conformance.training.run import ONLY, BatchNormalization, Dense, Dropout, Layer, Masking, Samples

#: Keys of a run that are no inputs.
WORDS = frozenset({"id", "title", "task", "because", "see", "tags"})


@dataclass(frozen=True, eq=False)
class Parts:
    """What the inputs of a run are made to; attributes as those of `training.run.Run`."""

    samples: Samples
    layers: tuple[Layer, ...]
    heads: Mapping[str, tuple[Layer, ...]]
    validation_data: Samples | None


def parts(written: Mapping[str, Any], folder: Path | None) -> tuple[Parts | None, list[Problem]]:
    """Return what a run is made of, None where something is wrong, and all problems, with paths from the run on.

    Args:
        written: the entry of the run, structurally valid.
        folder: folder of the case file, for data in files of their own.
    """
    problems: list[Problem] = []

    def sound(make: Callable[[], Any], *path: str | int) -> Any:
        try:
            return make()
        except Problem as problem:
            problems.append(problem.below(*path))
            return None

    names = tuple(written.get("outputs", {ONLY: None}))
    samples = sound(lambda: _samples(written, names, folder))
    given = written.get("validation_data")
    validation = None if given is None else sound(lambda: _samples(given, names, folder), "validation_data")
    width = 0 if samples is None else samples.x.shape[-1]
    made = {place: sound(partial(_layers, written, place, width, folder)) for place in _places(written)}
    if samples is not None and None not in made.values():
        problems += _contradictions(written, samples, validation)
    if problems:
        return None, problems
    shared = made[("model",)][0]
    heads = {name: made[_place(name)][0] for name in names}
    targets: dict[tuple[str, ...], Mapping[str, NDArray[Any]]] = {(): samples.y_true}
    targets |= {} if validation is None else {("validation_data",): validation.y_true}
    before = () if names == (ONLY,) else shared
    problems += _misfits(written, targets, {name: (*before, *layers) for name, layers in heads.items()})
    return (None, problems) if problems else (Parts(samples, before, heads, validation), [])


def _places(written: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    yield ("model",)
    for name in written.get("outputs", ()):
        yield "outputs", name


def _samples(written: Mapping[str, Any], names: Sequence[str], folder: Path | None) -> Samples:
    x = _array(written, ("x",), folder, "float32")
    if x.ndim not in (2, 3):
        raise Problem(f"x: expected features, or timesteps of features, got data of {x.ndim} dimensions", "x")
    if len({row.tobytes() for row in x}) < len(x):
        raise Problem("x: two rows are equal: a sample is known by its row", "x")
    if "y_true" not in written:
        raise Problem("missing key 'y_true'", "y_true")
    several = tuple(names) != (ONLY,)
    if several and (not isinstance(written["y_true"], dict) or {*written["y_true"]} != {*names}):
        raise Problem(f"y_true: expected the targets of each output: {', '.join(names)}", "y_true")
    paths = {name: ("y_true", name) if several else ("y_true",) for name in names}
    y_true = {name: _array(written, path, folder) for name, path in paths.items()}
    weight = (
        None if "sample_weight" not in written else _array(written, ("sample_weight",), folder, "float32")
    )
    for name, array in (
        {f"y_true {name}".strip(): y for name, y in y_true.items()} | {"sample_weight": weight}
    ).items():
        if array is not None and array.shape[:1] != x.shape[:1]:
            raise Problem(f"{name} has not as many samples as x, {len(x)}", name.partition(" ")[0])
    return Samples(x, y_true, weight)


def _array(
    written: Mapping[str, Any], path: tuple[str, ...], folder: Path | None, dtype: str | None = None
) -> NDArray[Any]:
    value: Any = written
    for name in path:
        value = value[name]
    try:
        found = data_of(value, None, folder).array()
    except Problem as problem:
        raise Problem(f"{path[0]}: {problem.message}", *path, *problem.path, at_key=problem.at_key) from None
    if found.dtype.kind not in "biuf":
        raise Problem(f"{path[0]}: expected numbers", *path)
    return found if dtype is None else found.astype(dtype)


def _layers(
    written: Mapping[str, Any], place: tuple[str, ...], width: int, folder: Path | None
) -> tuple[tuple[Layer, ...], int]:
    """Return the layers of a place, and the width of what they give."""
    layers: Any = written
    for name in place:
        layers = layers[name]
    if place[0] == "outputs":
        width = _layers(written, ("model",), width, folder)[1]
    made: list[Layer] = []
    for number, entry in enumerate(layers):
        if len(entry) != 1:
            raise Problem(
                "expected one layer in each entry: dense, dropout or batch_normalization", *place, number
            )
        ((kind, given),) = entry.items()
        path = (*place, number, kind)
        match kind:
            case "dense":
                made.append(_dense(given, width, path, folder))
                width = given["units"]
            case "dropout":
                if not 0 <= given["rate"] < 1:
                    raise Problem(f"rate: expected a number from 0 to 1, got {given['rate']}", *path, "rate")
                made.append(Dropout(given["rate"]))
            case "masking":
                made.append(Masking())
            case _:
                made.append(BatchNormalization())
    return tuple(made), width


def _dense(given: Mapping[str, Any], width: int, path: tuple[str | int, ...], folder: Path | None) -> Dense:
    shapes = {"kernel": (width, given["units"]), "bias": (given["units"],)}
    found: dict[str, Any] = {}
    for name, shape in shapes.items():
        if name in given:
            try:
                array = _array(given, (name,), folder)
            except Problem as problem:
                raise problem.below(*path) from None
            if width and array.shape != shape:
                message = f"{name}: expected shape {list(shape)}, got {list(array.shape)}"
                raise Problem(message, *path, name)
            found[name] = _tuples(array.tolist())
    if "bias" in found and "kernel" not in found:
        raise Problem("bias: give the kernel, too", *path, "bias")
    return Dense(given["units"], given.get("activation"), **found)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _contradictions(
    written: Mapping[str, Any], samples: Samples, validation: Samples | None
) -> Iterator[Problem]:
    split = written.get("validation_split")
    if split is not None and validation is not None:
        yield Problem("validation_split and validation_data exclude each other: keep one", "validation_split")
    if split is not None and not 0 < int(len(samples) * (1.0 - split)) < len(samples):
        yield Problem(f"validation_split: {split} leaves nothing on one side", "validation_split")
    if validation is not None and validation.x.shape[1:] != samples.x.shape[1:]:
        yield Problem("x: the rows are not as long as those that are trained on", "validation_data", "x")
    if not math.isfinite(float(np.abs(samples.x).max(initial=0))):
        yield Problem("x: expected finite numbers", "x")
    if written.get("drop_remainder"):
        for key in ("validation_split", "sample_weight"):
            if key in written:
                message = f"drop_remainder needs a data set of batches, and {key} goes with arrays: keep one"
                yield Problem(message, "drop_remainder")
        if len(samples) < written["batch_size"]:
            yield Problem("drop_remainder: no batch is left; take a smaller batch_size", "drop_remainder")
    if "class_weight" in written and "outputs" in written:
        yield Problem("class_weight is for a model with one output", "class_weight")
    if "replicas" in written and validation is None:
        yield Problem("replicas: give validation_data, whose samples are distributed", "replicas")
    if "threshold" in written and written["task"] == "multiclass":
        yield Problem("threshold: classes are decided without one", "threshold")


def _misfits(
    written: Mapping[str, Any],
    targets: Mapping[tuple[str, ...], Mapping[str, NDArray[Any]]],
    heads: Mapping[str, tuple[Layer, ...]],
) -> Iterator[Problem]:
    """Yield where targets do not fit the last layer and the loss.

    Args:
        written: the entry of the run.
        targets: place of samples in the entry -> name of an output -> targets.
        heads: name of an output -> all layers from the inputs on.
    """
    for name, layers in heads.items():
        dense = [layer for layer in layers if isinstance(layer, Dense)]
        if not dense:
            yield Problem("expected a dense layer: without one, nothing is trained", *_place(name))
            continue
        units = dense[-1].units
        for place, y_true in targets.items():
            path = (*place, "y_true", *filter(None, [name]))
            if written["loss"] == "sparse_categorical_crossentropy":
                labels = y_true[name]
                if not ((labels >= 0) & (labels < units)).all():
                    yield Problem(
                        f"y_true: expected labels below {units}, the units of the last layer", *path
                    )
            elif y_true[name].ndim > 1 and y_true[name].shape[-1] != units:
                yield Problem(f"y_true: expected rows of {units}, the units of the last layer", *path)


def _place(name: str) -> tuple[str, ...]:
    return ("outputs", name) if name else ("model",)
