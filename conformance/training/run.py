"""A training run, as used everywhere outside the loader. Imports no framework."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: The output of a model that has only one.
ONLY = ""


@dataclass(frozen=True, eq=False)
class Dense:
    """A layer of units that are connected to all of the layer before; without weights, the framework draws them.

    Attributes:
        units: how many.
        activation: name of the activation, or None.
        kernel: initial weights, one row for each input, or None.
        bias: initial biases, or None for zeros.
    """

    units: int
    activation: str | None = None
    kernel: tuple[tuple[float, ...], ...] | None = None
    bias: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Dropout:
    """A layer that drops inputs at this rate in training mode, and none in inference mode."""

    rate: float


@dataclass(frozen=True)
class BatchNormalization:
    """A layer that normalizes by the batch in training mode, and by moving statistics in inference mode."""


@dataclass(frozen=True)
class Masking:
    """A layer that masks timesteps whose features are all 0."""


Layer = Dense | Dropout | BatchNormalization | Masking


@dataclass(frozen=True, eq=False)
class Samples:
    """What a model is trained or evaluated on.

    Attributes:
        x: inputs, float32.
        y_true: name of an output -> its targets.
        sample_weight: a weight for each sample, or None.
    """

    x: NDArray[np.float32]
    y_true: Mapping[str, NDArray[Any]]
    sample_weight: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, chosen: slice) -> Samples:
        weight = None if self.sample_weight is None else self.sample_weight[chosen]
        return Samples(self.x[chosen], {name: y[chosen] for name, y in self.y_true.items()}, weight)

    @cached_property
    def places(self) -> Mapping[bytes, int]:
        """Bytes of a row of `x` -> its place: no two rows of a run are equal."""
        return {np.ascontiguousarray(row).tobytes(): place for place, row in enumerate(self.x)}


@dataclass(frozen=True, eq=False)
class Run:
    """One training run, and nothing about any framework.

    Attributes:
        id: slug, unique over all files and cases.
        title: what it shows, in one line.
        task: `binary`, `multiclass` or `multilabel`.
        theme: theme of its file.
        file: path of its file.
        inputs: its keys and values as in the file.
        inputs_yaml: the lines of the file that say so.
        samples: all that it is given, before `validation_split` takes the last of them.
        layers: the layers before the outputs.
        heads: name of an output -> its layers; `ONLY` for a model with one.
        validation_data: samples of their own for validation, or None.
        family: family slug of its file, or None.
        line: 1-based line where it starts.
        tags: slugs.
        because: why it exists, or None.
        see: links.
    """

    id: str
    title: str
    task: str
    theme: str
    file: str
    inputs: Mapping[str, Any] = field(repr=False)
    inputs_yaml: str = field(repr=False)
    samples: Samples = field(repr=False)
    layers: tuple[Layer, ...]
    heads: Mapping[str, tuple[Layer, ...]]
    validation_data: Samples | None = field(default=None, repr=False)
    family: str | None = None
    line: int = 1
    tags: tuple[str, ...] = ()
    because: str | None = None
    see: tuple[str, ...] = ()

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key of the file, or the default where it is not named."""
        return self.inputs.get(key, default)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the outputs."""
        return tuple(self.heads)

    @property
    def training(self) -> Samples:
        """The samples that are trained on: without the last ones where there is a `validation_split`."""
        return self.samples[: self._split]

    @property
    def validation(self) -> Samples | None:
        """The samples for validation, or None."""
        return self.samples[self._split :] if "validation_split" in self.inputs else self.validation_data

    @property
    def _split(self) -> int:
        # Floating-point arithmetic as in the documentation: "the last samples in the x and y data".
        return int(len(self.samples) * (1.0 - self.get("validation_split", 0.0)))

    @property
    def has_modes(self) -> bool:
        """Whether the model has layers that do something else in training mode."""
        return any(isinstance(layer, Dropout | BatchNormalization) for layer in self.all_layers())

    @property
    def is_masked(self) -> bool:
        """Whether the model masks timesteps."""
        return any(isinstance(layer, Masking) for layer in self.all_layers())

    def all_layers(self) -> Iterator[Layer]:
        """Yield the layers, those of the outputs after the others."""
        yield from self.layers
        for layers in self.heads.values():
            yield from layers

    def batches(self, samples: Samples) -> tuple[tuple[int, ...], ...]:
        """Return the places of samples that are taken in their order, `batch_size` at a time."""
        size, number = self.inputs["batch_size"], len(samples)
        return tuple(tuple(range(start, min(start + size, number))) for start in range(0, number, size))
