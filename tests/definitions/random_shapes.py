"""Random calls of metric classes and functions whose shapes, dtypes and weights often do not fit together.

Deterministic for a seed. Ranks go from 0 to 3, any dimension may be 0, and every dtype meets every other.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call, Update

Array = NDArray[Any]
Shape = tuple[int, ...]

_DTYPES = (
    *("bool", "int32", "int64", "uint8", "int8", "float16", "bfloat16"),
    *("float32", "float32", "float64", "float64", "str"),
)
_ODD = (
    *(np.nan, np.inf, -np.inf, -0.0, 5e-324, 1e-320, 1e-40, -1e-40, 6e-8, 3.5e38, 257.0),
    *(2.0, -1.0, 1 + 1e-9, 0.7000000001, 16777217.0),
)
_ODD_INTEGERS = {"bool": (1,), "uint8": (2, 255), "int8": (-1, -128), "int32": (-1, 257), "int64": (-1, 257)}
_SCORES = (0, 0.1, 0.25, 0.3, 0.5, 0.5, 0.7, 0.7, 0.9, 1.0)
_THRESHOLDS = (0.5, 0.7, 0.3, 0.1, 0, 1, -0.5, -1.0, 1.5, 2, -1, 1e-40, 0.50000001)
_WEIGHTS = ((1, 2, 3), (0, 1), (0.5, 0.25, 2), (-1, 1, 2), (0,), (0.1, 0.2, 0.7))
_TEXT = (("a", "b"), ("0", "1", "1.5"))


def random_shapes(seed: int) -> Iterator[Call]:
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
        task = self.of(("binary", "binary", "multiclass", "multiclass", "multilabel"))
        weighted, plain = self.once_in(3), self.once_in(2)
        updates = tuple(
            self.update(task, weighted, plain) for _ in range(self.of((0, 2, 3)) if self.once_in(5) else 1)
        )
        parameters: dict[str, Any] = {}
        if self.once_in(2):
            named = "top_k" if task == "multiclass" else "threshold"
            parameters[named] = self.of((1, 2, 3, 0, -1, 5) if named == "top_k" else _THRESHOLDS)
        sizes = tuple(len(update.y_pred) if update.y_pred.ndim else 1 for update in updates)
        dtype = self.of(("float64", "float16", "bfloat16", "float32")) if self.once_in(5) else None
        return Call(task, updates, parameters, None if len(updates) == 1 else sizes, None, dtype)

    def update(self, task: str, weighted: bool, plain: bool) -> Update:
        pred = self.shape(0 if self.once_in(15) else self.of((1, 1, 2, 2, 2, 3, 3)))
        if task == "multiclass" and len(pred) < 2 and not self.once_in(10):
            pred = (*pred, *self.shape(2 - len(pred)))
        any_shape = self.shape(self.random.randrange(4))
        related = (pred[:-1], (*pred[:-1], 1), pred, (*pred, 1), any_shape)
        true = self.of(related if task == "multiclass" else (*(pred,) * 5, *related))
        classes = pred[-1] if pred else 1
        values: Sequence[Any] = (0, 1)
        if task == "multiclass" and true != pred:
            values = (*range(max(classes, 1)), *((classes, -1) if self.once_in(6) else ()))
        y_true = self.array(true, values, self.of(("int64", "float32", "float64") if plain else _DTYPES))
        scores = self.of(((0, 1), (-3, -1, 0, 1, 2, 40), (0, 1, 2, 3))) if self.once_in(5) else _SCORES
        y_pred = self.array(pred, scores, self.of(("float32", "float64") if plain else _DTYPES))
        if not weighted:
            return Update(y_true, y_pred)
        shapes = (*(pred[:1],) * 3, true, pred, pred[:2], pred[:-1], (*true, 1), (*pred, 1), any_shape)
        shape = self.of((*shapes, (), (*pred[:1], 1), (1,), (1, 1), (1, 2), (1, 3), (2,), (3,)))
        kinds = ("float64", "float64", "float32", "int64", "bool", "float16", "bfloat16")
        return Update(y_true, y_pred, self.array(shape, self.of(_WEIGHTS), self.of(kinds)))

    def shape(self, rank: int) -> Shape:
        return tuple(0 if self.once_in(15) else self.of((1, 1, 2, 2, 3)) for _ in range(rank))

    def array(self, shape: Shape, values: Sequence[Any], dtype: str) -> Array:
        size = int(np.prod(shape))
        if dtype == "str":
            if self.once_in(4):
                text = self.of(_TEXT)
                return np.array([self.of(text) for _ in range(size)], dtype="U3").reshape(shape)
            dtype = "float32"
        drawn = [self.of(values) for _ in range(size)]
        if size and self.once_in(4):
            # What NaN, infinity or an integer out of range is cast to depends on the processor.
            drawn[self.random.randrange(size)] = self.of(_ODD if "float" in dtype else _ODD_INTEGERS[dtype])
        with np.errstate(all="ignore"):
            array = np.array(drawn, dtype="float64").reshape(shape)
            return array.astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
