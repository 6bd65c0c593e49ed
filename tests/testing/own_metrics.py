"""Metrics as people write them: a right one, and what they get wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def _correct(y_true: Array, y_pred: Array) -> Array:
    """Which samples are correct: all their labels are."""
    if y_true.ndim != y_pred.ndim:
        y_true, y_pred = y_true.ravel(), y_pred.ravel()
    return (y_true == y_pred).reshape(len(y_true), -1).all(axis=1)


def accuracy(
    y_true: Array, y_pred: Array, *, sample_weight: Array | None = None, normalize: bool = True
) -> Any:
    """The accuracy_score of scikit-learn, for what it takes."""
    weights = np.ones(len(y_true)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
    share = np.dot(_correct(y_true, y_pred), weights)
    return share / weights.sum() if normalize else share


def macro(y_true: Array, y_pred: Array) -> Any:
    correct = _correct(y_true, y_pred)
    labels = y_true.reshape(len(y_true), -1)[:, 0]
    return np.mean([correct[labels == label].mean() for label in np.unique(labels)])


def unweighted(y_true: Array, y_pred: Array, sample_weight: Array | None = None) -> Any:
    return _correct(y_true, y_pred).mean()


def above(y_true: Array, y_pred: Array, threshold: float = 0.5) -> Any:
    return np.mean((y_pred > threshold) == y_true)


def at_least(y_true: Array, y_pred: Array, threshold: float = 0.5) -> Any:
    return np.mean((y_pred >= threshold) == y_true)


class Pooled:
    """A metric that keeps state."""

    def __init__(self, threshold: float = 0.5) -> None:
        self.threshold = threshold
        self.correct: list[Array] = []

    def update(self, y_true: Array, y_pred: Array) -> None:
        self.correct.append(((y_pred > self.threshold) == y_true).ravel())

    def compute(self) -> Any:
        return np.concatenate(self.correct).mean()


class MeanOfBatches(Pooled):
    """Averages the values of batches, however large each is."""

    def compute(self) -> Any:
        return np.mean([batch.mean() for batch in self.correct])
