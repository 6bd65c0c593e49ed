"""Numbers that are computed from labels in another way than an accuracy is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from conformance.ask.given import Given, named_thresholds
from conformance.ask.question import Number
from conformance.oracle.numbers import Array, is_float, is_text, is_whole

#: So many ranges of thresholds are named.
_MOST_RANGES = 3
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
    both = _single(given)
    if both is None:
        return
    scores, targets = both
    without = float(np.mean((scores > given.limit) == targets))
    for text, threshold in named_thresholds(scores).items():
        if threshold != given.threshold:
            yield Computed(
                "default-parameter",
                f"a score is positive where y_pred > {text}, not {given.threshold}",
                f"the threshold {given.threshold}, or {text} in both calls",
                float(np.mean((scores > threshold) == targets)),
                without,
            )


def solved(given: Given, number: Number) -> Iterator[Computed]:
    """Yield the ranges of thresholds that give a number as it is written, if there are few: the nearest to 0.5."""
    both = _single(given)
    if both is None:
        return
    scores, targets = both
    values, place = np.unique(scores, return_inverse=True)
    # With the threshold values[i], scores of values[i] and below are negative.
    gained = np.cumsum(np.bincount(place, (targets == 0) - 1.0 * (targets == 1), len(values)))
    shares = (np.sum(targets == 1) + gained[:-1]) / len(scores)
    (near,) = np.nonzero(np.abs(shares - number.value) <= number.exactly.tolerance)
    near = near[np.argsort(np.abs(values[near] - given.threshold))][:_MOST_RANGES]
    if len(near):
        ranges = ", or ".join(f"from {values[at]:.6g} to below {values[at + 1]:.6g}" for at in near)
        yield Computed(
            "default-parameter",
            f"a score is positive where it is above a threshold {ranges}",
            f"the threshold {given.threshold}, or your own in both calls",
            float(shares[near[0]]),
            float(np.mean((scores > given.limit) == targets)),
        )


def _single(given: Given) -> tuple[Array, Array] | None:
    """Return a single column of finite scores, and targets; None if there is no such."""
    pred, true = given.whole.y_pred, given.whole.y_true
    if not is_float(pred) or is_text(true) or pred.size != len(pred) or true.size != len(true):
        return None
    scores = given.scores.ravel()
    return (scores, true.ravel()) if np.isfinite(scores).all() else None


def constants(given: Given) -> Iterator[Computed]:
    """Yield the accuracies of predicting the same class for each sample."""
    if given.decided is None:
        return
    true, decided = given.decided
    without = float(np.mean(true == decided))
    for label in np.unique(true)[:_MOST_CLASSES]:
        value = float(np.mean(true == label))
        yield Computed(
            "decision-rule",
            f"every sample is predicted {label}",
            "the predictions of the model",
            value,
            without,
        )


def macros(given: Given) -> Iterator[Computed]:
    """Yield the mean accuracies of other classes: of all, of those that occur, of those among the targets."""
    if given.decided is None or given.whole.sample_weight is not None:
        return
    true, decided = given.decided
    scores, k = given.whole.y_pred, given.parameters.get("top_k") or 1
    correct = true == decided
    if k > 1 and scores.ndim == 2:
        highest = np.argsort(-given.scores, axis=1, kind="stable")[:, :k]
        correct = (highest == true[:, None]).any(axis=1)
    kept = true != given.parameters.get("ignore_index")
    classes = np.unique(true[kept])
    if not 1 < len(classes) <= _MOST_CLASSES or not is_whole(true):
        return
    total = sum(float(np.mean(correct[true == label])) for label in classes)
    columns = (
        scores.shape[1]
        if scores.ndim == 2 and scores.shape[1] > 1
        else int(max(true.max(), decided.max())) + 1
    )
    every = given.parameters.get("num_classes") or columns
    counts = {
        f"all {every} classes, of which those that do not occur or are ignored count as 0": every,
        "the classes that occur among targets or predictions": len(np.union1d(classes, decided[kept])),
        "the classes that occur among the targets": len(classes),
    }
    for says, number in counts.items():
        for other in {*counts.values()} - {number}:
            yield Computed(
                "average",
                f"macro averages {says}",
                "the classes that the implementation averages",
                total / number,
                total / other,
            )


def masks(given: Given) -> Iterator[Computed]:
    """Yield the accuracies in which a class is left out of the correct samples only, or of all samples only."""
    if given.decided is None:
        return
    true, decided = given.decided
    ignored = given.parameters.get("ignore_index")
    labels = np.unique(true)
    for label in labels[:_MOST_CLASSES] if ignored is None else labels[labels == ignored]:
        kept, correct = true != label, true == decided
        if kept.any():
            # Without a parameter nothing is left out.
            without = float(np.mean(correct if ignored is None else correct[kept]))
            for says, value in (
                ("the correct samples, and not of all samples", float(np.mean(correct & kept))),
                ("all samples, and not of the correct ones", float(np.sum(correct) / np.sum(kept))),
            ):
                yield Computed(
                    "exclusion",
                    f"samples whose target is {label} are left out of {says}",
                    "one mask for numerator and denominator",
                    value,
                    without,
                )


def other_metrics(given: Given) -> Iterator[Computed]:
    """Yield what other metrics than accuracy give: recall, precision, F1 and others."""
    if given.call.task == "multilabel":
        yield from _of_labels(given)
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
    for says, value in _of_orders(table, classes) if len(classes) > 2 else ():
        yield Computed("label-domain", says, "the classes of y_pred in the order of y_true", value, without)
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


def _of_labels(given: Given) -> Iterator[Computed]:
    """Yield metrics of several labels: of each, their means, and of all elements."""
    true, scores = given.whole.y_true, given.scores
    if true.shape != scores.shape or true.ndim != 2 or not np.isin(true, (0, 1)).all():
        return
    targets, decided = true == 1, (scores > given.limit) if is_float(given.whole.y_pred) else scores == 1
    of_each = tuple(
        (one & other).astype("int64")
        for one, other in ((targets, decided), (~targets, decided), (targets, ~decided), (~targets, ~decided))
    )
    without = float(np.mean(targets == decided))
    with np.errstate(all="ignore"):
        for name, metric in _METRICS.items():
            labels, samples = (
                np.nan_to_num(metric(*(part.sum(axis=axis) for part in of_each))) for axis in (0, 1)
            )
            found = {
                f"the {name} of all elements (micro)": metric(*(np.sum(part) for part in of_each)),
                f"the mean {name} of the labels (macro)": labels.mean(),
                f"the mean {name} of the samples": samples.mean(),
                **{f"the {name} of label {label}": labels[label] for label in range(len(labels))},
            }
            for says, value in found.items():
                if np.isfinite(value):
                    yield Computed("statistic", f"{says} is computed", _ACCURACY, float(value), without)


def _of_orders(table: Array, classes: Array) -> Iterator[tuple[str, float]]:
    """Yield the accuracies of other orders of the classes of predictions."""
    yield "the classes of y_pred are in reverse order", float(np.trace(table[:, ::-1]) / table.sum())
    for one in range(len(classes)):
        for other in range(one):
            order = np.arange(len(classes))
            order[[one, other]] = other, one
            says = f"the classes {classes[other]} and {classes[one]} of y_pred are exchanged"
            yield says, float(np.trace(table[:, order]) / table.sum())


def _of_all(table: Array) -> Iterator[tuple[str, float]]:
    total, hits = table.sum(), np.trace(table)
    of_true, of_decided = table.sum(axis=1), table.sum(axis=0)
    chance = of_true @ of_decided
    yield "Cohen's kappa", (hits * total - chance) / (total**2 - chance)
    spread = np.sqrt((total**2 - of_true @ of_true) * (total**2 - of_decided @ of_decided))
    yield "the Matthews correlation coefficient", (hits * total - chance) / spread
