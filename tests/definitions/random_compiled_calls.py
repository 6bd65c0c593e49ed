"""Random calls of compile(): every loss, pairs of shapes that fit and that do not, dtypes, weights, batches.

Deterministic for a seed. Rows are few: what decides is the shapes, and each call builds a model.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call, Update

Array = NDArray[Any]

LOSSES = (
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "mean_squared_error",
    "mean_absolute_error",
    "hinge",
    "squared_hinge",
    "kl_divergence",
    "poisson",
    "log_cosh",
    "huber",
    "cosine_similarity",
    "binary_focal_crossentropy",
    "crossentropy",
    "ce",
    "mse",
    "BinaryCrossentropy",
    "no_such_loss",
)

#: Shapes behind the rows: of predictions, then of targets that people pair with them, the usual ones first.
_SHAPES: tuple[tuple[tuple[int, ...], tuple[tuple[int, ...], ...]], ...] = (
    ((1,), ((1,), (), (2,), (1, 1))),
    ((), ((), (1,), (2,))),
    ((2,), ((2,), (), (1,), (3,))),
    ((3,), ((), (3,), (1,), (2,), (3, 1), (1, 3))),
    ((6,), ((), (6,), (1,))),
    ((4, 1), ((4, 1), (4,), (1,), ())),
    ((2, 3), ((2,), (2, 1), (2, 3), (3,), (), (2, 3, 1))),
    ((1, 1), ((1, 1), (1,), ())),
    ((1, 3), ((1, 3), (1,), (3,), (1, 1))),
    ((3, 1), ((3, 1), (3,), (3, 3))),
)
_SCORES = (0, 0.1, 0.2, 0.3, 0.5, 0.5, 0.6, 0.7, 0.9, 1.0)
_ODD = (np.nan, np.inf, -np.inf, -0.0, -1.0, 2.0, 1e-8, 5e-324, 40.0)
_WEIGHTS = ((1, 2, 3), (0, 1), (0.5, 0.25, 2), (-1, 1, 2), (0, 0, 1))
_TRUE_DTYPES = (None, None, None, "float32", "float64", "int32", "uint8", "bool", "float16")
_PRED_DTYPES = (None, None, "float32", "float32", "float16", "int64")


@dataclass(frozen=True)
class Form:
    """What decides how compile() builds a model: calls of one form differ in values only.

    Shapes hold the number of rows. `weight` is the shape behind the rows, the dtype and the values of sample_weight.
    """

    task: str
    loss: str | None
    sizes: tuple[int, ...] | None
    output: tuple[int, ...]
    target: tuple[int, ...]
    scores: tuple[float, ...]
    labels: tuple[float, ...]
    one_hot: bool
    true_dtype: str | None
    pred_dtype: str | None
    weight: tuple[tuple[int, ...], str | None, tuple[float, ...]] | None


def random_compiled_calls(seed: int) -> Iterator[Call]:
    """Yield calls without end, each of a form of its own."""
    return (calls[0] for calls in random_calls_of_models(seed, 1))


def random_calls_of_models(seed: int, size: int) -> Iterator[list[Call]]:
    """Yield lists of `size` calls without end; the calls of a list are of one form."""
    source = _Source(seed)
    while True:
        form = source.form()
        yield [source.call(form) for _ in range(size)]


class _Source:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def of(self, choices: Sequence[Any]) -> Any:
        return self.random.choice(choices)

    def once_in(self, times: int) -> bool:
        return self.random.randrange(times) == 0

    def form(self) -> Form:
        task = self.of(("binary", "multiclass", "multiclass", "multilabel"))
        rows = 0 if self.once_in(60) else self.of((1, 2, 3, 3, 4, 5))
        output, targets = self.of(_SHAPES)
        target = self.of((targets[0], targets[0], *targets))
        classes = max(output[-1] if output else 2, 2) + self.once_in(8)
        weight = None
        if self.once_in(3):
            weight = (
                self.of(((), (), (), (1,), output, target, output[:-1], (2,))),
                self.of((None, None, "int32", "float32")),
                self.of(_WEIGHTS),
            )
        return Form(
            task,
            None if self.once_in(6) else self.of(LOSSES),
            self.sizes(rows),
            (rows, *output),
            (rows, *target),
            (0.25, 0.5) if self.once_in(5) and output else _SCORES,
            (0, 0.2, 0.5, 1, -1, 2) if self.once_in(15) else tuple(range(classes)),
            target == output != () and classes == output[-1] and not self.once_in(3),
            self.of(_TRUE_DTYPES),
            self.of(_PRED_DTYPES),
            weight,
        )

    def call(self, form: Form) -> Call:
        y_pred = self.filled(form.output, form.scores)
        if form.one_hot:
            y_true = np.eye(len(form.labels), dtype="int64")[
                self.filled(form.output[:-1], form.labels, "int64")
            ]
        else:
            kind = "int64" if all(isinstance(label, int) for label in form.labels) else "float64"
            y_true = self.filled(form.target, form.labels, kind)
        y_true = self.odd(cast(y_true, form.true_dtype), 30)
        y_pred = self.odd(cast(y_pred, form.pred_dtype), 8)
        arrays = [y_true, y_pred]
        if form.weight is not None:
            shape, dtype, values = form.weight
            arrays.append(self.odd(cast(self.filled((form.output[0], *shape), values), dtype), 12))
        if form.sizes is None:
            return Call(form.task, (Update(*arrays),), {}, None, form.loss)
        cuts = [slice(start, end) for start, end in pairwise((0, *accumulate(form.sizes)))]
        updates = tuple(Update(*(array[cut] for array in arrays)) for cut in cuts)
        return Call(form.task, updates, {}, form.sizes, form.loss)

    def filled(self, shape: tuple[int, ...], values: Sequence[Any], dtype: str = "float64") -> Array:
        size = int(np.prod(shape))
        return np.array([self.of(values) for _ in range(size)], dtype=dtype).reshape(shape)

    def odd(self, array: Array, times: int) -> Array:
        if array.size and array.dtype.kind == "f" and self.once_in(times):
            array = array.copy()
            with np.errstate(all="ignore"):
                array.flat[self.random.randrange(array.size)] = self.of(_ODD)
        return array

    def sizes(self, rows: int) -> tuple[int, ...] | None:
        """Draw the sizes of batches, mostly of one size as a batch_size makes them; None for no batches."""
        if rows < 2 or not self.once_in(2):
            return None
        size = self.random.randint(1, rows)
        sizes = [size] * (rows // size) + ([rows % size] if rows % size else [])
        if self.once_in(4):
            sizes.reverse()
        return tuple(sizes)


def cast(array: Array, name: str | None) -> Array:
    with np.errstate(all="ignore"):
        return array if name is None else array.astype(name)
