"""Random calls of compile(): every loss, pairs of shapes that fit and that do not, dtypes, weights, batches.

Deterministic for a seed. Rows are few: what decides is the shapes, and each call builds a model.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
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


def random_compiled_calls(seed: int) -> Iterator[Call]:
    """Yield calls without end."""
    source = _Source(seed)
    while True:
        yield source.call()


class _Source:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def of(self, choices: Sequence[Any]) -> Any:
        return self.random.choice(choices)

    def once_in(self, times: int) -> bool:
        return self.random.randrange(times) == 0

    def call(self) -> Call:
        task = self.of(("binary", "multiclass", "multiclass", "multilabel"))
        rows = 0 if self.once_in(60) else self.of((1, 2, 3, 3, 4, 5))
        output, targets = self.of(_SHAPES)
        update = self.update(rows, output, self.of((targets[0], targets[0], *targets)))
        batches, updates = self.batched(update)
        return Call(task, updates, {}, batches, None if self.once_in(6) else self.of(LOSSES))

    def update(self, rows: int, output: tuple[int, ...], target: tuple[int, ...]) -> Update:
        y_pred = self.filled((rows, *output), _SCORES)
        if self.once_in(5) and output:
            y_pred = self.filled((rows, *output), (0.25, 0.5))
        classes = output[-1] if output else 2
        if target == output and classes > 1 and not self.once_in(3):
            y_true = np.eye(classes, dtype="int64")[
                self.filled((rows, *output[:-1]), range(classes), "int64")
            ]
        else:
            y_true = self.filled((rows, *target), range(max(classes, 2) + self.once_in(8)), "int64")
        if self.once_in(15):
            y_true = self.filled((rows, *target), (0, 0.2, 0.5, 1, -1, 2))
        y_true = self.odd(cast(y_true, self.of(_TRUE_DTYPES)), 30)
        y_pred = self.odd(cast(y_pred, self.of(_PRED_DTYPES)), 8)
        if not self.once_in(3):
            return Update(y_true, y_pred)
        shape = self.of(((), (), (), (1,), output, target, output[:-1], (2,)))
        weight = self.filled((rows, *shape), self.of(_WEIGHTS))
        return Update(y_true, y_pred, self.odd(cast(weight, self.of((None, None, "int32", "float32"))), 12))

    def filled(self, shape: tuple[int, ...], values: Sequence[Any], dtype: str = "float64") -> Array:
        size = int(np.prod(shape))
        return np.array([self.of(values) for _ in range(size)], dtype=dtype).reshape(shape)

    def odd(self, array: Array, times: int) -> Array:
        if array.size and array.dtype.kind == "f" and self.once_in(times):
            array = array.copy()
            with np.errstate(all="ignore"):
                array.flat[self.random.randrange(array.size)] = self.of(_ODD)
        return array

    def batched(self, update: Update) -> tuple[tuple[int, ...] | None, tuple[Update, ...]]:
        """Leave the update whole or cut it into batches, mostly of one size as a batch_size makes them."""
        rows = len(update.y_pred)
        if rows < 2 or not self.once_in(2):
            return None, (update,)
        size = self.random.randint(1, rows)
        sizes = [size] * (rows // size) + ([rows % size] if rows % size else [])
        if self.once_in(4):
            sizes.reverse()
        arrays = [a for a in (update.y_true, update.y_pred, update.sample_weight) if a is not None]
        cuts = [slice(start, end) for start, end in pairwise((0, *accumulate(sizes)))]
        return tuple(sizes), tuple(Update(*(array[cut] for array in arrays)) for cut in cuts)


def cast(array: Array, name: str | None) -> Array:
    with np.errstate(all="ignore"):
        return array if name is None else array.astype(name)
