"""Random small inputs for metrics made of counts: deterministic for a seed, and made of the values where rules differ.

Inputs are drawn from thresholds, ties, absent classes and labels, zero divisions, targets other than 0 and 1, weights,
batches and the parameters of all frameworks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from random_calls import Array, Shape, Source

from conformance.adapters.base import Call, Update

_SCORES = (0, 0.1, 0.25, 0.3, 0.5, 0.5, 0.6, 0.7, 0.75, 0.9, 1.0)
_THRESHOLDS = (0.5, 0.7, 0.3, 0.0, 1.0, 0.25, -0.5, 2.0, 0.6)
_BETAS = (0.5, 2.0, 1.0, 3.0, 0.1, 2, 0, 0.0, -1.0, float("inf"), float("nan"))
_WEIGHTS = ((1, 2, 3), (0, 1), (0.5, 0.25, 2), (-1, 1, 2), (0, 0, 1))


def random_counts(seed: int, metric: str) -> Iterator[Call]:
    """Yield calls without end that ask for a metric."""
    source = _Counts(seed)
    while True:
        call = replace(source.call(), metric=metric)
        if metric == "fbeta" and not source.once_in(9):
            call = replace(call, parameters={**call.parameters, "beta": source.of(_BETAS)})
        if metric == "confusion" and source.once_in(2):
            choice = source.of(("true", "pred", "all", "all", "none", "rows"))
            call = replace(call, parameters={**call.parameters, "normalize": choice})
        if metric == "confusion" and source.once_in(8):
            replacement = source.of((1.0, 1, 1.0, 0.0, float("nan"), 2.0))
            call = replace(call, parameters={**call.parameters, "replace_undefined_by": replacement})
        if metric == "kappa":
            names = {
                "weights": ("linear", "quadratic", "quadratic", "none", "cubic"),
                "replace_undefined_by": (0.0, 1, -1.0, float("nan"), 2.0),
            }
            call = replace(call, parameters={**call.parameters, **source.sometimes(names, 3)})
        if metric == "jaccard" and source.once_in(3):
            call = replace(call, parameters=source.of_unions(call))
        # Lists need few calls to be told from numbers.
        if "threshold" in call.parameters and metric in ("precision", "recall", "confusion"):
            call = replace(call, parameters={**call.parameters, "threshold": source.thresholds(call)})
        yield call


class _Counts(Source):
    def of_unions(self, call: Call) -> dict[str, Any]:
        """Return parameters of IoU metrics for a call."""
        kept = {
            name: call.parameters[name] for name in ("num_classes", "threshold") if name in call.parameters
        }
        ids = ([0], [1], [0, 1], [1, 0], [0, 2], [0, 0], [2], [], [5])
        return {
            **kept,
            **self.sometimes({"target_class_ids": ids}, 2),
            **self.sometimes({"ignore_class": (0, -1, 1, 9)}, 4),
            **self.sometimes({"sparse_y_true": (True, False), "sparse_y_pred": (True, False)}, 3),
            **self.sometimes({"axis": (-1, 0, 1)}, 8),
        }

    def thresholds(self, call: Call) -> Any:
        """Return the threshold of a call or, of a half of all, a list."""
        known = (0.5, 0.7, 0.3, 0.0, 1.0, 0.25, 0.6, 0, 1)
        one = call.parameters["threshold"]
        drawn = [self.of(known) for _ in range(self.of((0, 1, 2, 2, 3, 4)))]
        return self.of((one, one, drawn, drawn, [one, 0.5], [0.0, 0.5, 1], [0.0, 0.25, 0.5, 0.75, 1.0]))

    def call(self) -> Call:
        task = self.of(("binary", "binary", "multiclass", "multiclass", "multilabel"))
        rows = 0 if self.once_in(40) else self.of((1, 2, 2, 3, 3, 4, 5, 6))
        y_true, y_pred, parameters = getattr(self, f"_{task}")(rows)
        parameters |= self.sometimes({"zero_division": (0, 1, 1, "warn", float("nan"), 0.5)}, 5)
        # What is checked otherwise, or else taken for a word of its own or squeezed away, is nobody's promise.
        if (
            parameters.get("average") not in ("binary", "samples")
            and "num_classes" not in parameters
            and y_pred.shape[1:2] != (1,)
        ):
            parameters |= self.sometimes({"validate_args": (False,)}, 25)
        update = self._weighted(Update(y_true, y_pred))
        batches, updates = self.batched(update)
        dtype = self.of(("float64", "float16", "float32")) if self.once_in(40) else None
        return Call(task, updates, parameters, batches, metric_dtype=dtype)

    def _binary(self, rows: int) -> tuple[Array, Array, dict[str, Any]]:
        shape: Shape = self.of(((rows,), (rows,), (rows,), (rows, 1), (rows, 2), (rows, 2, 2)))
        values = self.of((*((0, 1),) * 7, (-1, 1), (1, 2), (0, 1, 2), (0,), (1,)))
        other = self.of(((rows,), (rows, 1), (rows + 1,), (rows, 2))) if self.once_in(15) else shape
        y_true = self.filled(other, (0, 0.2, 0.5, 1)) if self.once_in(20) else self.labels(other, values)
        kind = self.of(("scores", "scores", "logits", "labels", "labels"))
        if kind == "labels":
            y_pred = self.labels(shape, self.of(((0, 1), values, (0, 1, 2), (0,))))
        else:
            y_pred = self.filled(shape, _SCORES if kind == "scores" else (-3, -1, 0, 0.5, 2))
        if self.once_in(30) and shape == (rows,):
            y_true, y_pred = (np.array([self.of("ab") for _ in range(rows)], dtype="<U1") for _ in range(2))
        parameters = self.sometimes({"threshold": _THRESHOLDS}, 4)
        parameters |= self.sometimes({"pos_label": (0, 1, 2, -1), "average": (None, "macro", "micro")}, 8)
        parameters |= self.sometimes({"top_k": (1, 2), "class_id": (0, 1), "ignore_index": (0, -1)}, 14)
        parameters |= self.sometimes({"multidim_average": ("samplewise", "global")}, 14)
        return y_true, self.narrowed(y_pred), parameters

    def _multiclass(self, rows: int) -> tuple[Array, Array, dict[str, Any]]:
        classes = self.of((2, 3, 3, 4))
        known = tuple(range(classes))
        values = self.of(((*known, classes), (0,), (*known, 9))) if self.once_in(12) else known
        kind = self.of(("labels", "labels", "scores", "scores", "one-hot", "one-hot", "grid"))
        y_true = self.labels((rows, 2) if kind == "grid" else (rows,), values)
        if kind in ("labels", "grid"):
            y_pred = self.labels(y_true.shape, self.of((known, values, known[:2])))
        else:
            y_pred = self.distinct(rows, classes)
        if kind == "one-hot":
            y_true = np.eye(classes, dtype=self.of(("int64", "float32")))[self.labels((rows,), known)]
        averages = ("micro", "macro", "weighted", None, "none", "macro", "binary", "samples")
        parameters = self.sometimes({"average": averages}, 2)
        parameters |= self.sometimes({"top_k": (1, 2, 2, 0, 5)}, 4)
        parameters |= self.sometimes({"threshold": _THRESHOLDS, "class_id": (0, 1, 2, -1, 7)}, 8)
        parameters |= self.sometimes({"ignore_index": (0, -1, classes), "num_classes": (classes + 1,)}, 10)
        parameters |= self.sometimes(
            {"labels": ([0, 1], [1], [2, 0], [0, 7], [1, 1]), "pos_label": (1, 0)}, 6
        )
        parameters |= self.sometimes({"multidim_average": ("samplewise", "global")}, 14)
        return y_true, self.narrowed(y_pred), parameters

    def distinct(self, rows: int, classes: int) -> Array:
        """Scores of a sample without ties, or from few values."""
        if self.once_in(6):
            return self.filled((rows, classes), (0.2, 0.5, 0.9))
        drawn = [self.random.sample(_SCORES, classes) for _ in range(rows)]
        return np.array(drawn, dtype="float64").reshape(rows, classes)

    def _multilabel(self, rows: int) -> tuple[Array, Array, dict[str, Any]]:
        shape = (rows, self.of((1, 2, 3, 3)), *self.of(((), (), (), (2,))))
        y_true = self.labels(shape, self.of((*((0, 1),) * 6, (0, 1, 2), (0,), (0, 2))))
        scored = self.random.randrange(2)
        y_pred = self.filled(shape, _SCORES) if scored else self.labels(shape, self.of(((0, 1), (0,))))
        averages = ("micro", "macro", "weighted", None, "samples", "samples")
        parameters = self.sometimes({"average": averages}, 2)
        parameters |= self.sometimes({"threshold": _THRESHOLDS, "top_k": (1, 2), "class_id": (0, 1, 2)}, 8)
        parameters |= self.sometimes(
            {"labels": ([0], [1, 0], [0, 5], [-1], [0, 0]), "ignore_index": (0, -1)}, 10
        )
        parameters |= self.sometimes({"multidim_average": ("samplewise", "global")}, 14)
        return y_true, self.narrowed(y_pred), parameters

    def narrowed(self, array: Array) -> Array:
        return (
            array.astype(self.of(("float32", "float32", "float64", "float16")))
            if array.dtype.kind == "f"
            else array
        )

    def _weighted(self, update: Update) -> Update:
        if not self.once_in(4):
            return update
        rows = len(update.y_pred)
        shape = self.of((*((rows,),) * 5, (rows, 1), (), (rows + 1,), update.y_pred.shape))
        weight = self.filled(shape, self.of(_WEIGHTS))
        if weight.size and self.once_in(12):
            weight.flat[0] = self.of((np.nan, np.inf))
        return replace(update, sample_weight=weight)
