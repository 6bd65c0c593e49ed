"""Numbers that are computed from labels in another way than an accuracy is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from conformance.ask.given import Given
from conformance.oracle.numbers import Array, is_float, is_text

#: So many classes are looked at one by one.
_MOST_CLASSES = 20
_ACCURACY = "the share of correct samples"


@dataclass(frozen=True)
class Computed:
    """A number that is no accuracy, or one of other samples.

    Attributes:
        axis: what is different from the accuracy, an axis.
        says: what is computed, as it continues "the implementation, but ...".
        instead: what to write.
        value: the number.
        without: the accuracy.
    """

    axis: str
    says: str
    instead: str
    value: float
    without: float


def thresholds(given: Given) -> Iterator[Computed]:
    """Yield the accuracies of a single column of scores at thresholds that nobody has named."""
    pred, true = given.whole.y_pred, given.whole.y_true
    if not is_float(pred) or is_text(true) or pred.size != len(pred) or true.size != len(true):
        return
    scores, targets = given.scores.ravel(), true.ravel()
    if not np.isfinite(scores).all():
        return
    named = {f"{tenth / 20:g}": tenth / 20 for tenth in range(1, 20)}
    named |= {"y_pred.mean()": float(scores.mean()), "np.median(y_pred)": float(np.median(scores))}
    without = float(np.mean((scores > given.limit) == targets))
    for text, threshold in named.items():
        if threshold != given.threshold:
            yield Computed(
                "default-parameter",
                f"a score is positive where y_pred > {text}, not {given.threshold}",
                f"the threshold {given.threshold}, or {text} in both calls",
                float(np.mean((scores > threshold) == targets)),
                without,
            )


def other_metrics(given: Given) -> Iterator[Computed]:
    """Yield what other metrics than accuracy give: recall, precision, F1 and others."""
    if given.decided is None:
        return
    true, decided = given.decided
    classes = np.unique(np.concatenate([true, decided]))
    if len(classes) > _MOST_CLASSES or len(classes) < 2:
        return
    table = _table(np.searchsorted(classes, true), np.searchsorted(classes, decided), len(classes))
    with np.errstate(all="ignore"):
        found = [*_of_each(table, classes), *_of_all(table)]
    without = float(np.trace(table) / table.sum())
    for says, value in found:
        if np.isfinite(value):
            yield Computed("statistic", f"{says} is computed", _ACCURACY, float(value), without)


def _table(true: Array, decided: Array, classes: int) -> Array:
    """Return how often each class (row) is decided to be each (column)."""
    return np.bincount(true * classes + decided, minlength=classes**2).reshape(classes, classes).astype(float)


#: Name -> the metric of each class, from true positives, false positives, false negatives and true negatives.
_METRICS: dict[str, Callable[[Array, Array, Array, Array], Array]] = {
    "recall": lambda tp, fp, fn, tn: tp / (tp + fn),
    "precision": lambda tp, fp, fn, tn: tp / (tp + fp),
    "F1 score": lambda tp, fp, fn, tn: 2 * tp / (2 * tp + fp + fn),
    "Jaccard index": lambda tp, fp, fn, tn: tp / (tp + fp + fn),
    "specificity": lambda tp, fp, fn, tn: tn / (tn + fp),
    "one-against-the-rest accuracy": lambda tp, fp, fn, tn: (tp + tn) / (tp + fp + fn + tn),
}


def _of_each(table: Array, classes: Array) -> Iterator[tuple[str, float]]:
    """Yield metrics of one class against the others, and their means."""
    hits = np.diag(table)
    support = table.sum(axis=1)
    parts = hits, table.sum(axis=0) - hits, support - hits
    negatives = table.sum() - sum(parts)
    for name, metric in _METRICS.items():
        values = np.nan_to_num(metric(*parts, negatives))
        order = [*range(len(classes))][::-1] if len(classes) == 2 else range(len(classes))
        for place in order:
            yield f"the {name} of class {classes[place]}", values[place]
        yield f"the mean {name} of the classes (macro)", values.mean()
        yield (
            f"the mean {name} of the classes, weighted by their targets,",
            np.average(values, weights=support),
        )


def _of_all(table: Array) -> Iterator[tuple[str, float]]:
    total, hits = table.sum(), np.trace(table)
    of_true, of_decided = table.sum(axis=1), table.sum(axis=0)
    chance = of_true @ of_decided
    yield "Cohen's kappa", (hits * total - chance) / (total**2 - chance)
    spread = np.sqrt((total**2 - of_true @ of_true) * (total**2 - of_decided @ of_decided))
    yield "the Matthews correlation coefficient", (hits * total - chance) / spread
