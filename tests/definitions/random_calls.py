"""Random small inputs of every family: deterministic for a seed, and made of the values where rules part.

Inputs are drawn from thresholds, ties, logits, special values, narrow dtypes, ill-fitting shapes and labels,
weights, batches and the parameters of all frameworks, alone and together.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call, Update

Array = NDArray[Any]
Shape = tuple[int, ...]

_PROBABILITIES = (0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.5, 0.6, 0.7, 0.7, 0.75, 0.8, 0.9, 1.0)
_LOGITS = (-40, -3, -2, -1, 0, 0.1, 0.5, 1, 2, 3, 7, 40)
_SPECIAL = (np.nan, np.inf, -np.inf, -0.0, 5e-324, 1e-320, 2.0, -1.0, 1.0000001, 3.0)
_THRESHOLDS = (0.5, 0.7, 0.3, 0.1, 0.9, 0.7, 0.25, 0, 1, 0.0, 1.0, -0.5, 2.0, 0.5000001)
_SCORE_DTYPES = (None, None, None, "float32", "float32", "float16", "bfloat16")
_LABEL_DTYPES = (None, None, None, None, "int32", "uint8", "float32", "float64", "bool", "float16")
_WEIGHTS = ((1, 2, 3), (0, 1), (0.5, 0.25, 2), (-1, 1, 2), (0, 0, 1))


def random_calls(seed: int) -> Iterator[Call]:
    """Yield calls without end."""
    source = Source(seed)
    while True:
        yield source.call()


class Source:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def call(self) -> Call:
        task = self.of(("binary", "binary", "multiclass", "multiclass", "multiclass", "multilabel"))
        rows = 0 if self.once_in(30) else self.of((1, 2, 2, 3, 3, 4, 4, 5, 6))
        y_true, y_pred, parameters = getattr(self, f"_{task}")(rows)
        parameters |= self.sometimes({"validate_args": (False,)}, 25)
        parameters |= self.sometimes({"normalize": (False, True)}, 30)
        update = self._dressed(y_true, y_pred)
        batches, updates = self.batched(update)
        dtype = self.of(("float64", "float16", "bfloat16", "float32")) if self.once_in(30) else None
        return Call(task, updates, parameters, batches, None, dtype)

    # What is drawn from.

    def of(self, choices: Sequence[Any]) -> Any:
        return self.random.choice(choices)

    def once_in(self, times: int) -> bool:
        return self.random.randrange(times) == 0

    def sometimes(self, choices: Mapping[str, Sequence[Any]], times: int) -> dict[str, Any]:
        """Name each parameter once in so many times."""
        return {name: self.of(values) for name, values in choices.items() if self.once_in(times)}

    def filled(self, shape: Shape, values: Sequence[Any], dtype: str = "float64") -> Array:
        size = int(np.prod(shape))
        return np.array([self.of(values) for _ in range(size)], dtype=dtype).reshape(shape)

    def labels(self, shape: Shape, values: Sequence[int]) -> Array:
        return self.filled(shape, values, "int64")

    # The tasks.

    def _binary(self, rows: int) -> tuple[Array, Array, dict[str, Any]]:
        shape = self.of(((rows,), (rows, 1), (rows,), (rows, 1), (rows, 2), (rows, 2, 2), (rows, 1, 1)))
        other = self.of(((rows,), (rows, 1), (rows + 1,), (rows, 2), ())) if self.once_in(10) else shape
        values = self.of((*((0, 1),) * 7, (-1, 1), (1, 2), (0, 1, 2), (0,), (1,)))
        y_true = self.filled(other, (0, 0.2, 0.5, 1)) if self.once_in(25) else self.labels(other, values)
        kind = self.of(("scores", "scores", "scores", "scores", "logits", "labels"))
        if kind == "labels":
            y_pred = self.labels(shape, self.of(((0, 1), (0, 1), (0, 1, 2), (-1, 1))))
        else:
            y_pred = self.filled(shape, _PROBABILITIES if kind == "scores" else _LOGITS)
        parameters = self.sometimes({"threshold": _THRESHOLDS}, 3)
        parameters |= self.sometimes({"top_k": (1, 2)}, 16)
        parameters |= self.sometimes({"ignore_index": (0, 1, -1)}, 12)
        parameters |= self.sometimes({"multidim_average": ("samplewise", "global")}, 12)
        return y_true, y_pred, parameters

    def _multiclass(self, rows: int) -> tuple[Array, Array, dict[str, Any]]:
        classes = self.of((2, 3, 3, 3, 4))
        known = tuple(range(classes))
        values = known
        if self.once_in(12):
            values = self.of(((*known, classes), (*known, -1), (0,), (classes - 1,), (*known, 9)))
        y_true, y_pred = self._multiclass_arrays(rows, classes, values)
        parameters = self.sometimes(
            {
                "top_k": (1, 2, 3, 2, 1, 5, 0, -1, 4),
                "average": ("micro", "macro", "weighted", "none", "macro"),
            },
            5,
        )
        parameters |= self.sometimes(
            {
                "num_classes": (classes, classes + 1, classes, 2, 1),
                "ignore_index": (0, 1, -1, classes, classes - 1),
                "multidim_average": ("samplewise", "global"),
            },
            9,
        )
        parameters |= self.sometimes(
            {"labels": (list(values), [0, 1], [0, 1, 2], [2, 1, 0]), "adjusted": (True,)}, 20
        )
        return y_true, y_pred, parameters

    def _multiclass_arrays(self, rows: int, classes: int, values: Sequence[int]) -> tuple[Array, Array]:
        kind = self.of(
            (*("sparse",) * 5, "column", "one-hot", "one-hot", "labels", "labels", "grid", "second", "last")
        )
        if kind == "sparse":
            scores = self.of((_PROBABILITIES, _PROBABILITIES, (0, 0.5, 1), (0.2, 0.3, 0.5), (-1, 0, 2, 3)))
            return self.labels((rows,), values), self.filled((rows, classes), scores)
        if kind == "column":
            return self.labels((rows, 1), values), self.filled((rows, classes), _PROBABILITIES)
        if kind == "one-hot":
            hot = np.eye(classes, dtype=self.of(("int64", "float64")))[self.labels((rows,), range(classes))]
            soft = self.filled((rows, classes), (0, 0.2, 0.5, 0.5, 1))
            return soft if self.once_in(10) else hot, self.filled((rows, classes), _PROBABILITIES)
        if kind in ("labels", "grid"):
            shape = (rows,) if kind == "labels" else (rows, self.of((1, 2, 3)))
            beyond = (*values, classes + 1) if self.once_in(10) else values
            return self.labels(shape, values), self.labels(shape, beyond)
        positions = self.of((1, 2, 3))
        shape = (rows, classes, positions) if kind == "second" else (rows, positions, classes)
        return self.labels((rows, positions), values), self.filled(shape, _PROBABILITIES)

    def _multilabel(self, rows: int) -> tuple[Array, Array, dict[str, Any]]:
        labels = self.of((1, 2, 2, 3, 3))
        shape = self.of((*((rows, labels),) * 6, (rows, labels, 2), (rows,)))
        y_true = self.labels(shape, self.of((*((0, 1),) * 6, (0, 1, 2))))
        kind = self.of((*("scores",) * 9, *("labels",) * 3, "logits", "wider"))
        if kind == "labels":
            y_pred = self.labels(shape, (0, 1))
        elif kind == "wider":
            y_pred = self.filled((rows, labels + 1), _PROBABILITIES)
        else:
            y_pred = self.filled(shape, _PROBABILITIES if kind == "scores" else (-1, 0, 2, 0.5))
        parameters = self.sometimes(
            {"threshold": (0.5, 0.7, 0.3, 0, 1.0), "average": ("micro", "macro", "weighted", "none")}, 5
        )
        parameters |= self.sometimes(
            {"ignore_index": (0, 1, -1), "multidim_average": ("samplewise", "global")}, 9
        )
        return y_true, y_pred, parameters

    # What every task has.

    def _dressed(self, y_true: Array, y_pred: Array) -> Update:
        """Give the arrays dtypes and special values, and the update weights."""
        if self.once_in(100):
            y_true = np.array([self.of("ab") for _ in range(len(y_pred))])
        elif self.once_in(100):
            y_pred = np.array([self.of("ab") for _ in range(len(y_pred))])
        y_pred = self._special(_cast(y_pred, self.of(_dtypes(y_pred))), 8)
        y_true = self._special(
            _cast(y_true, self.of(_LABEL_DTYPES if y_true.dtype.kind != "U" else (None,))), 25
        )
        if not self.once_in(7):
            return Update(y_true, y_pred)
        rows = y_pred.shape[0]
        shape = self.of((*((rows,),) * 5, (rows, 1), (), (rows + 1,), y_pred.shape))
        weight = self.filled(shape, self.of(_WEIGHTS))
        if weight.size and self.once_in(10):
            weight.flat[0] = self.of((np.nan, np.inf))
        return Update(y_true, y_pred, weight)

    def _special(self, array: Array, times: int) -> Array:
        if array.size and array.dtype.kind == "f" and self.once_in(times):
            array = array.copy()
            with np.errstate(all="ignore"):
                array.flat[self.random.randrange(array.size)] = self.of(_SPECIAL)
        return array

    def batched(self, update: Update) -> tuple[tuple[int, ...] | None, tuple[Update, ...]]:
        """Leave the update whole, cut it into batches, or take it away altogether."""
        if self.once_in(200):
            return (), ()
        arrays = [a for a in (update.y_true, update.y_pred, update.sample_weight) if a is not None]
        rows = len(update.y_pred)
        if not self.once_in(5) or any(array.shape[:1] != (rows,) for array in arrays):
            return None, (update,)
        sizes: list[int] = []
        while sum(sizes) < rows:
            sizes.append(self.random.randint(1, rows - sum(sizes)))
        if not sizes or self.once_in(5):
            sizes.insert(self.random.randrange(len(sizes) + 1), 0)
        cuts = [slice(start, end) for start, end in pairwise((0, *accumulate(sizes)))]
        return tuple(sizes), tuple(Update(*(array[cut] for array in arrays)) for cut in cuts)


def _dtypes(array: Array) -> Sequence[str | None]:
    return {"f": _SCORE_DTYPES, "i": _LABEL_DTYPES}.get(array.dtype.kind, (None,))


def _cast(array: Array, name: str | None) -> Array:
    if name is None:
        return array
    with np.errstate(all="ignore"):
        return array.astype(ml_dtypes.bfloat16 if name == "bfloat16" else name)
