"""An accuracy in plain NumPy that keeps every law, and one for each law that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Adapter, Form, Implementation, Recipe, as_list

Array = NDArray[Any]


class Tensor(np.ndarray[Any, Any]):
    """What this package calls a tensor."""


class Accuracy:
    """Pooled and weighted; scores above 0.5 are positive, integers are labels."""

    def __init__(self) -> None:
        self.right = self.total = 0.0

    def hits(self, y_true: Array, y_pred: Array) -> Array:
        decided = y_pred > 0.5 if y_pred.dtype.kind == "f" else y_pred
        return np.asarray(np.ravel(y_true) == np.ravel(decided))

    def weights(self, hits: Array, y_true: Array, sample_weight: Any) -> Array:
        return np.ones(len(hits)) if sample_weight is None else np.asarray(sample_weight, dtype=float)

    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        truth, scores = np.asarray(y_true), np.asarray(y_pred)
        if len(truth) != len(scores):
            raise ValueError("as many targets as predictions are needed")
        hits = self.hits(truth, scores)
        weights = self.weights(hits, np.ravel(truth), sample_weight)
        self.right += float((hits * weights).sum())
        self.total += float(weights.sum())

    def compute(self) -> float:
        return self.right / self.total if self.total else float("nan")

    def forward(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> float:
        self.update(y_true, y_pred, sample_weight)
        return self.compute()

    def reset(self) -> None:
        self.right = self.total = 0.0


class FirstRowCountsTwice(Accuracy):
    def weights(self, hits: Array, y_true: Array, sample_weight: Any) -> Array:
        weights = super().weights(hits, y_true, sample_weight).copy()
        weights[:1] *= 2
        return weights


class Raises(Accuracy):
    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        raise ValueError("nothing is ever counted")


class MeanOfBatchMeans(Accuracy):
    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        batch = Accuracy()
        batch.update(y_true, y_pred, sample_weight)
        if batch.total:
            self.right += batch.compute()
            self.total += 1


class MeanOfPairs(Accuracy):
    """The mean of the means of two samples each, the last of which may be one."""

    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        hits = self.hits(np.asarray(y_true), np.asarray(y_pred))
        for start in range(0, len(hits), 2):
            self.right += float(hits[start : start + 2].mean())
            self.total += 1


class Smoothed(Accuracy):
    def compute(self) -> float:
        return (self.right + 1) / (self.total + 2)


class HalvesOnlyWhatIsWeighted(Accuracy):
    def weights(self, hits: Array, y_true: Array, sample_weight: Any) -> Array:
        weights = super().weights(hits, y_true, sample_weight)
        return weights if sample_weight is None else np.where(hits, weights / 2, weights)


class RepeatedRowsCountOnce(Accuracy):
    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        rows = [f"{pair}" for pair in zip(np.ravel(y_true), np.ravel(y_pred), strict=True)]
        first = np.unique(rows, return_index=True)[1]
        weights = None if sample_weight is None else np.asarray(sample_weight)[first]
        super().update(np.asarray(y_true)[first], np.asarray(y_pred)[first], weights)


class ZeroWeightIsNoWeight(Accuracy):
    def weights(self, hits: Array, y_true: Array, sample_weight: Any) -> Array:
        weights = super().weights(hits, y_true, sample_weight)
        return np.where(weights == 0, 1.0, weights)


class DividesByTheNumberOfRows(Accuracy):
    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        super().update(y_true, y_pred, sample_weight)
        if sample_weight is not None:
            self.total += len(sample_weight) - float(np.sum(sample_weight))


class ClassZeroIsLeftOut(Accuracy):
    def weights(self, hits: Array, y_true: Array, sample_weight: Any) -> Array:
        return super().weights(hits, y_true, sample_weight) * (y_true != 0)


class OnlyPositivesAreHits(Accuracy):
    def hits(self, y_true: Array, y_pred: Array) -> Array:
        return super().hits(y_true, y_pred) & (np.ravel(y_true) == 1)


class NeverPerfect(Accuracy):
    def compute(self) -> float:
        return 0.9 * super().compute()


class InPercent(Accuracy):
    def compute(self) -> float:
        return 100 * super().compute()


class ListsAreWrong(Accuracy):
    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        super().update(y_true, 1 - np.asarray(y_pred) if isinstance(y_pred, list) else y_pred, sample_weight)


class TensorsAreWrong(Accuracy):
    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        super().update(y_true, 1 - y_pred if isinstance(y_pred, Tensor) else y_pred, sample_weight)


class Float32HasAnotherThreshold(Accuracy):
    def hits(self, y_true: Array, y_pred: Array) -> Array:
        return super().hits(y_true, y_pred - 0.3 if y_pred.dtype == np.float32 else y_pred)


class BroadcastsAColumn(Accuracy):
    def hits(self, y_true: Array, y_pred: Array) -> Array:
        # The mean over all pairs where one is a column and the other is none.
        decided = y_pred > 0.5 if y_pred.dtype.kind == "f" else y_pred
        matches = np.asarray(y_true == decided)
        return matches.reshape(len(y_true), -1).mean(axis=1)


class ClassIsNotItsFunction(Accuracy):
    def compute(self) -> float:
        return super().compute() / 2


class ForwardForgetsOneRow(Accuracy):
    def forward(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> float:
        return super().forward(y_true, y_pred, sample_weight) / 2


class ExceptionHarmsTheState(Accuracy):
    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        self.total += len(y_true)
        super().update(y_true, y_pred, sample_weight)
        self.total -= len(y_true)


class ResetKeepsTheState(Accuracy):
    def reset(self) -> None:
        pass


class CannotBePickled(Accuracy):
    def __init__(self) -> None:
        super().__init__()
        self.average: Callable[[], float] = lambda: 0.0


class PickleLosesTheState(Accuracy):
    def __getstate__(self) -> dict[str, float]:
        return {"right": 0.0, "total": 0.0}


class CopySharesTheState(Accuracy):
    def __deepcopy__(self, memo: Any) -> Accuracy:
        return self


class AskingCounts(Accuracy):
    def compute(self) -> float:
        value = super().compute()
        self.total += 1
        return value


class WritesIntoItsInput(Accuracy):
    def update(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        super().update(y_true, y_pred, sample_weight)
        y_pred[...] = 0


def accuracy(y_true: Any, y_pred: Any, sample_weight: Any = None) -> float:
    return Accuracy().forward(y_true, y_pred, sample_weight)


class_is_not_its_function = accuracy


def _tensor(name: str, dtype: Any) -> str:
    return f"{name}.view(broken_metrics.Tensor)"


_FORMS: Mapping[str, Form] = {"list": Form(as_list), "tensor": Form(_tensor)}


def entry(name: str, *, definition: str | None = None) -> Implementation:
    """The implementation of a class or function of this module; `[forward]` behind a class calls that."""
    bare, way, _ = name.partition("[forward]")
    call = "{y_true}, {y_pred}, {weight}"
    path = f"broken_metrics.{bare}"
    if not bare[0].isupper():
        recipe = Recipe(imports=("import broken_metrics",), result=f"{path}({call})", forms=_FORMS)
    elif way:
        recipe = Recipe(
            imports=("import broken_metrics",), setup=f"metric = {path}()", result=f"metric.forward({call})"
        )
    else:
        recipe = Recipe(
            imports=("import broken_metrics",),
            setup=f"metric = {path}()",
            update=f"metric.update({call})",
            result="metric.compute()",
            state="metric",
            reset="metric.reset()",
            forms=_FORMS,
        )
    return Implementation(
        id=f"broken_metrics.{name}",
        quantity="accuracy",
        tasks=frozenset({"binary", "multiclass"}),
        recipe=recipe,
        updates="many" if recipe.state else "one",
        weights=True,
        definition=definition,
    )


def adapter(*entries: Implementation) -> Adapter:
    """An adapter of these implementations."""
    return Adapter(
        framework="broken_metrics",
        path=f"{__name__}:ADAPTER",
        distributions={"numpy": "numpy"},
        implementations=entries,
    )
