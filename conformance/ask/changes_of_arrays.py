"""Mistakes with the columns and axes of arrays, and with the order of samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.ask.given import Change, Given
from conformance.oracle.numbers import Array, is_float
from conformance.oracle.repeated import Repeated

#: So many highest scores are looked at.
_MOST_HIGHEST = 5
#: So many labels are taken alone.
_MOST_LABELS = 20


def of_columns(given: Given) -> Iterator[Change]:
    """What goes wrong with scores of several classes, or with one-hot vectors."""
    true, pred = given.whole.y_true, given.whole.y_pred
    columns = pred.shape[1] if pred.ndim == 2 else 0
    if given.call.task == "multilabel":
        if true.shape == pred.shape and columns > 1:
            yield from _of_several_labels(given)
    elif columns > 1 or (true.ndim == 2 and true.shape[1] > 1):
        yield from _of_one_hot(given)
    if columns == 1:
        yield given.mistake(
            "decision-rule",
            "argmax over a single column, which is always 0",
            "a comparison with the threshold",
            given.with_data(
                "multiclass", y_true=true.reshape(len(true)), y_pred=np.zeros(len(pred), dtype="int64")
            ),
        )
    if columns == 2 and given.decided is not None:
        for column in (0, 1):
            positive = (given.scores[:, column] > 0.5).astype("int64")
            yield given.mistake(
                "decision-rule",
                f"a sample is positive where y_pred[:, {column}] > 0.5",
                "argmax over the classes",
                given.with_data("binary", (), y_true=given.decided[0], y_pred=positive),
            )


def _of_one_hot(given: Given) -> Iterator[Change]:
    """One-hot vectors in place of labels, on one side or on both."""
    if given.decided is None:
        return
    true, pred = given.whole.y_true, given.whole.y_pred
    classes, decided = given.decided
    count = max(array.shape[1] for array in (true, pred) if array.ndim == 2)
    targets, labels = ((array[:, None] == np.arange(count)).astype("int64") for array in (classes, decided))
    wide = tuple(np.broadcast_to(array[:, None], targets.shape) for array in (classes, decided))
    single = "one-hot vectors are compared with integer labels, element by element"
    found = [
        ("unit", "each element of one-hot vectors counts, not each sample", targets, labels),
        ("label-domain", single, wide[0], labels),
        ("label-domain", single, targets, wide[1]),
    ]
    if pred.ndim == 2:
        for at in dict.fromkeys((given.threshold, 0)):
            above = (given.scores > at).astype("int64")
            each = f"each element counts, where it is greater than {at}, not each sample"
            found.append(("unit", each, targets, above))
            labels = f"y_pred > {at} is compared with integer labels, element by element"
            found.append(("label-domain", labels, wide[0], above))
        found.sort(key=lambda one: not one[1].startswith("each element counts"))
    for axis, says, one, other in found:
        yield given.mistake(axis, says, "one label for each sample", given.flat(one, other))
    if pred.ndim == 2:
        whole = ((given.scores > given.threshold) == targets).all(axis=-1).astype("int64")
        yield given.mistake(
            "unit",
            f"a sample is correct only if y_pred > {given.threshold} agrees with the one-hot target in all classes",
            "one label for each sample",
            given.with_data("binary", (), y_true=np.ones_like(whole), y_pred=whole),
        )


def _of_several_labels(given: Given) -> Iterator[Change]:
    """What counts as a correct sample, where each has several labels."""
    true, pred = given.whole.y_true, given.whole.y_pred
    yield given.change(
        "unit",
        "each element counts, not each sample",
        "samples that are correct as a whole",
        given.flat(true, pred),
    )
    correct = (given.scores > given.threshold) == true
    found = [
        ("a sample is correct if any of its labels is", correct.any(axis=-1)),
        ("a sample is correct if all its labels are", correct.all(axis=-1)),
    ]
    if is_float(pred):
        highest = np.argsort(-given.scores, axis=-1, kind="stable")
        for k in range(1, min(_MOST_HIGHEST, true.shape[1] - 1) + 1):
            hits = np.take_along_axis(true, highest[:, :k], axis=-1).any(axis=-1)
            found.append((f"a sample is correct if one of its {k} highest scores is that of a target", hits))
    for says, labels in found:
        yield given.change(
            "unit",
            says,
            "what the implementation counts, elements or samples",
            given.with_data(
                "binary", (), y_true=np.ones(len(labels), "int64"), y_pred=labels.astype("int64")
            ),
        )
    for label in range(min(true.shape[1], _MOST_LABELS)):
        yield given.change(
            "exclusion",
            f"only label {label} counts, column {label} of both arrays",
            "what the implementation counts, elements or samples",
            given.with_data("binary", ("threshold",), y_true=true[:, label], y_pred=pred[:, label]),
        )
    yield given.change(
        "decision-rule",
        "argmax over the labels, as if each sample had one",
        "a comparison with the threshold, for each label",
        given.with_data("multiclass", (), y_true=true.argmax(axis=-1), y_pred=given.scores.argmax(axis=-1)),
    )


def of_axes(given: Given) -> Iterator[Change]:
    """What goes wrong with whole arrays: other axes, and other orders of the samples."""
    true, pred = given.whole.y_true, given.whole.y_pred
    both = given.decided
    if pred.ndim == 2 and pred.shape[1] > 1 and both is not None and is_float(pred):
        scores, (classes, _) = given.scores, both
        names: dict[str, Any] = {"y_true": classes, "task": "multiclass"}
        with np.errstate(all="ignore"):
            highest = scores.max()
            axis_0 = scores - np.log(np.exp(scores - highest).sum(axis=0))
            sums = scores / scores.sum(axis=0)
        softmax = "(np.exp(y_pred) / np.exp(y_pred).sum(axis=-1, keepdims=True)).argmax(axis=-1)"
        yield given.mistake(
            "score-transform",
            "a softmax is taken over the samples (axis 0), not over the classes",
            "a softmax over the classes",
            given.with_data(y_pred=axis_0.argmax(axis=-1), **names),
            labels=(given.written[0], softmax),
        )
        yield given.mistake(
            "score-transform",
            "scores are divided by their sum over the samples (axis 0), not over the classes",
            "scores divided by their sum over the classes",
            given.with_data(y_pred=sums.argmax(axis=-1), **names),
        )
        for says, labels in (
            ("the class with the lowest score is predicted", scores.argmin(axis=-1)),
            ("class 0 is never predicted", scores[:, 1:].argmax(axis=-1) + 1),
            ("classes are numbered without class 0", scores[:, 1:].argmax(axis=-1)),
        ):
            yield given.mistake(
                "decision-rule", says, "argmax over the classes", given.with_data(y_pred=labels, **names)
            )
        turned = scores.reshape(scores.shape[::-1]).T
        yield given.mistake(
            "shape",
            "scores are reshaped where they should be transposed",
            "an array of shape (samples, classes), as here",
            given.with_data(y_pred=turned.argmax(axis=-1), **names),
        )
        if scores.shape[0] == scores.shape[1]:
            yield given.mistake(
                "shape",
                "argmax over the samples (axis 0), not over the classes",
                "argmax over the classes",
                given.with_data(y_pred=scores.argmax(axis=0), **names),
            )
    if pred.ndim == 2 and true.shape == pred.shape and pred.shape[1] > 1:
        yield given.mistake(
            "shape",
            "argmax over the samples (axis 0), not over the classes",
            "argmax over the classes",
            given.with_data(
                "multiclass", (), y_true=true.argmax(axis=0), y_pred=pred.argmax(axis=0), sample_weight=None
            ),
        )
        correct = ((given.scores > given.threshold) if is_float(pred) else pred) == true
        columns = correct.all(axis=0).astype("int64")
        yield given.mistake(
            "shape",
            "all samples of a label have to be correct (axis 0), not all labels of a sample",
            "all labels of each sample (axis -1)",
            given.with_data("binary", (), y_true=np.ones_like(columns), y_pred=columns, sample_weight=None),
        )
    if pred.ndim == 3 and is_float(pred):
        for axis in (1, 2):
            labels = pred.argmax(axis=axis)
            if labels.shape == true.shape:
                yield given.mistake(
                    "shape",
                    f"argmax over axis {axis}",
                    "argmax over the axis of the classes",
                    given.with_data("multiclass", y_true=true, y_pred=labels),
                    labels=("y_true", f"y_pred.argmax(axis={3 - axis})"),
                )
    if both is None:
        return
    classes, decided = both
    for says, instead, order in (
        (
            "each target is compared with the prediction of the sample before",
            "y_pred in the order of y_true",
            np.roll(decided, 1),
        ),
        (
            "each target is compared with the prediction of the next sample",
            "y_pred in the order of y_true",
            np.roll(decided, -1),
        ),
        ("predictions are in reverse order", "y_pred in the order of y_true", decided[::-1]),
        ("both are sorted before they are compared", "no sorting", None),
    ):
        targets = np.sort(classes) if order is None else classes
        yield given.mistake(
            "shape",
            says,
            instead,
            given.with_data(y_true=targets, y_pred=np.sort(decided) if order is None else order),
        )
    yield given.mistake(
        "shape",
        "y_true and y_pred are broadcast against each other: every target is compared with every prediction",
        "arrays of the same shape",
        _every_pair(given, classes, decided),
    )


def _every_pair(given: Given, true: Array, decided: Array) -> Call:
    """Return the call of each target with each prediction."""
    (targets, of_targets), (labels, of_labels) = (
        np.unique(array, return_counts=True) for array in (true, decided)
    )
    times = np.outer(of_targets, of_labels).ravel()
    shape = len(targets), len(labels)
    pairs = Repeated(
        np.repeat(targets, shape[1]), np.tile(labels, shape[0]), None, times=times, first=np.zeros_like(times)
    )
    return replace(given.call, updates=(pairs,), batches=None)
