"""Parameters that are left out, or have another value, also on the labels that are decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import CHOICES, Call
from conformance.ask.given import Change, Given
from conformance.oracle.axes import AXES
from conformance.oracle.numbers import Array, is_float, is_whole

#: Classes are looked at one by one where there are at most so many.
_MOST_CLASSES = 20
#: Parameter -> the axis that it is about, and values that people give it; those that are names are `CHOICES`.
_VALUES: dict[str, tuple[str, tuple[Any, ...]]] = {
    **{
        name: (next((axis for axis in AXES if name in AXES[axis].parameters), "default-parameter"), values)
        for name, values in CHOICES.items()
    },
    "zero_division": ("undefined-value", (0, 1, float("nan"))),
    "beta": ("statistic", (0.5, 1, 2)),
}


def of_parameters(given: Given) -> Iterator[Change]:
    """Yield other parameters for the arrays as they are, then for the labels that are decided."""
    for name, value in given.parameters.items():
        ignored = name == "ignore_index"
        yield given.change(
            "exclusion" if ignored else "default-parameter",
            f"{name}={value!r} is left out",
            f"only samples with y_true != {value!r}" if ignored else f"{name}={value!r} in your call, too",
            given.with_parameter(name),
        )
    yield from _of_values(given, None)
    if given.whole.y_pred.ndim > 1 and given.call.task == "multiclass":
        for k in range(2, min(6, given.whole.y_pred.shape[-1])):
            if given.parameters.get("top_k") != k:
                yield given.change(
                    "default-parameter",
                    f"top_k={k}",
                    "the same top_k in both calls",
                    given.with_parameter("top_k", k),
                )
    labels = _labelled(given)
    if labels is not None and is_float(given.whole.y_pred):
        yield from _of_values(given, labels)
    if given.decided is not None and labels is not None:
        yield from _of_classes(given, labels, *given.decided)


def _labelled(given: Given) -> Call | None:
    if given.labelled is None and given.call.task == "multilabel" and is_float(given.whole.y_pred):
        return given.with_labels(given.scores > given.limit)
    return given.labelled


def _of_values(given: Given, labels: Call | None) -> Iterator[Change]:
    """Yield other values of parameters, of labels if there are any."""
    for name, (axis, values) in _VALUES.items():
        now = given.parameters.get(name)
        instead = f"the implementation's own {name}" if now is None else f"{name}={now!r} in your call, too"
        for value in values:
            if value not in (now, "none"):
                yield _with(given, labels, axis, f"{name}={value!r}", instead, **{name: value})


def _with(
    given: Given, labelled: Call | None, axis: str, says: str, instead: str, **parameters: Any
) -> Change:
    """Return a change of parameters, of the arrays as they are or of the labels that are decided."""
    call = labelled or given.call
    changed = replace(call, parameters={**call.parameters, **parameters})
    if labelled is None:
        return given.change(axis, says, instead, changed)
    return given.mistake(axis, says, instead, changed, labelled)


def _of_classes(given: Given, labels: Call, true: Array, decided: Array) -> Iterator[Change]:
    """Yield other classes that are counted, or averaged."""
    there = np.union1d(true, decided) if true.dtype.kind == decided.dtype.kind else np.unique(true)
    if not 1 < len(there) <= _MOST_CLASSES:
        return
    if given.call.task == "binary":
        for label in there.tolist():
            if given.parameters.get("pos_label", 1) != label:
                says = f"{label!r} is the positive class (pos_label={label!r})"
                yield _with(given, labels, "label-domain", says, "pos_label as it is here", pos_label=label)
    averages = ("macro", "micro", "weighted") if "average" not in given.parameters else (None,)
    for average in averages:
        named = {} if average is None else {"average": average}
        base = replace(labels, parameters={**labels.parameters, **named})
        for says, classes, parameters in _sets(given, true, decided, there):
            changed = {"labels": classes, **parameters}
            yield _with(
                given, base, "average", says, "the classes that the implementation averages", **changed
            )


def _sets(
    given: Given, true: Array, decided: Array, there: Array
) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """Yield classes that may be averaged: in words, as they are, and with what other parameters."""
    if is_whole(there) and there.min() >= 0:
        pred = given.whole.y_pred
        columns = pred.shape[-1] if is_float(pred) and pred.ndim == 2 else 0
        every = range(given.parameters.get("num_classes") or max(columns, int(there.max()) + 1))
        for quotient in (0, 1) if len(there) < len(every) <= 10 * _MOST_CLASSES else ():
            says = f"all {len(every)} classes are averaged; those that do not occur count as {quotient}"
            yield says, [*every], {"zero_division": quotient}
    for labels, where in ((np.unique(true), "targets"), (np.unique(decided), "predictions")):
        if len(labels) < len(there):
            yield f"only classes that occur among the {where} are averaged", labels.tolist(), {}
    for label in there.tolist() if len(there) > 2 else ():
        yield f"only class {label!r} counts", [label], {}
        yield f"class {label!r} is left out of the average", there[there != label].tolist(), {}
