"""A call that was given, and what it becomes where one thing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.ask.question import joined
from conformance.oracle.numbers import Array, cast, is_float
from conformance.oracle.repeated import Repeated

#: Targets and decisions, as expressions of NumPy.
Labels = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Change:
    """One mistake.

    Attributes:
        axis: what is different, an axis.
        says: what is different, as it continues "the implementation, but ...".
        instead: what to do instead, in words.
        call: the changed call.
        of: the call as it was given.
        base: the changed call without the mistake, of the same form; None for the call as it was given.
        labels: targets and decisions without the mistake, as expressions; None for those of the arrays.
    """

    axis: str
    says: str
    instead: str
    call: Call
    of: Call
    base: Call | None = None
    labels: Labels | None = None


class Given:
    """A call, and changes of it.

    Attributes:
        call: the call.
        whole: its data as one update.
        parameters: its parameters.
        threshold: the threshold.
        limit: the same in the dtype of the scores, in which they are compared with it.
    """

    def __init__(self, call: Call) -> None:
        self.call, self.whole, self.parameters = call, joined(call), dict(call.parameters)
        self.threshold = self.parameters.get("threshold", 0.5)
        pred = self.whole.y_pred
        limit = np.asarray(float(self.threshold))
        self.limit = float(cast(limit, pred.dtype.name) if is_float(pred) else limit)

    def with_parameter(self, name: str, value: Any = None) -> Call:
        """Return the call with another value of a parameter; without the parameter, if it is None."""
        changed = {key: known for key, known in self.parameters.items() if key != name}
        return replace(self.call, parameters=changed if value is None else {**changed, name: value})

    def with_data(
        self, task: str | None = None, parameters: Sequence[str] | None = None, **arrays: Any
    ) -> Call:
        """Return the call with other arrays, in one update."""
        kept = (
            self.parameters
            if parameters is None
            else {x: self.parameters[x] for x in parameters if x in self.parameters}
        )
        return replace(
            self.call,
            task=task or self.call.task,
            updates=(replace(self.whole, **arrays),),
            batches=None,
            parameters=kept,
        )

    def with_labels(self, labels: Array, y_true: Array | None = None) -> Call:
        """Return the call with labels in place of scores; no threshold decides on them again."""
        true = self.whole.y_true if y_true is None else y_true
        return self.with_data(None, self._of_labels, y_true=true, y_pred=labels.astype("int64"))

    @property
    def _of_labels(self) -> list[str]:
        """Names of the parameters that labels need."""
        return [name for name in self.parameters if name != "threshold"]

    def flat(self, y_true: Array, y_pred: Array) -> Call:
        """Return the call in which each element is a sample; arrays have the shape (N, C)."""
        each = y_pred.shape[1]
        several = {
            name: None if (array := getattr(self.whole, name, None)) is None else np.repeat(array, each)
            for name in ("times", "first")
            if isinstance(self.whole, Repeated)
        }
        arrays = {"y_true": y_true.ravel(), "y_pred": y_pred.ravel(), "sample_weight": None, **several}
        return self.with_data("binary", ("threshold",), **arrays)

    def change(self, axis: str, says: str, instead: str, call: Call) -> Change:
        """Return a change of a parameter, or of scores: without it the call is the one that was given."""
        return Change(axis, says, instead, call, self.call)

    def mistake(
        self,
        axis: str,
        says: str,
        instead: str,
        call: Call,
        without: Call | None = None,
        labels: Labels | None = None,
    ) -> Change:
        """Return a change after which labels are compared: without it, too, they are those of `labelled`."""
        return Change(axis, says, instead, call, self.call, without or self.labelled, labels)

    @cached_property
    def written(self) -> Labels:
        """Targets and decisions as labels, as expressions."""
        true, pred = self.whole.y_true, self.whole.y_pred
        classes = self.call.task != "multilabel" and pred.ndim > 1 and pred.shape[-1] > 1 and is_float(pred)
        one_hot = self.call.task != "multilabel" and true.ndim > 1 and true.shape[-1] > 1
        flat = ".ravel()" if true.size == pred.size and true.shape != pred.shape else ""
        targets = "y_true.argmax(axis=-1)" if one_hot else f"y_true{flat}"
        if classes:
            return ("y_true.ravel()" if true.ndim == 2 and not one_hot else targets), "y_pred.argmax(axis=-1)"
        return targets, f"y_pred{flat} > {self.limit_code}" if is_float(pred) else f"y_pred{flat}"

    @property
    def limit_code(self) -> str:
        """The threshold in the dtype of the scores, as an expression."""
        return (
            str(self.threshold)
            if self.limit == self.threshold
            else f"np.{self.whole.y_pred.dtype}({self.threshold})"
        )

    @cached_property
    def labelled(self) -> Call | None:
        """The call with labels for targets and predictions; None where a sample has several."""
        if self.decided is None:
            return None
        true, decided = self.decided
        return self.with_data(None, self._of_labels, y_true=true, y_pred=decided)

    @cached_property
    def scores(self) -> Array:
        """The predictions in float64."""
        return cast(self.whole.y_pred, "float64")

    @cached_property
    def decided(self) -> tuple[Array, Array] | None:
        """Targets and decisions as labels of shape (N,); None where a sample has several."""
        true, pred = self.whole.y_true, self.whole.y_pred
        several = true.ndim > 1 and true.shape[-1] > 1
        if max(true.ndim, pred.ndim) > 2 or (several and self.call.task == "multilabel"):
            return None
        labels = true.argmax(axis=-1) if several else true.reshape(len(true))
        if pred.ndim == 2 and pred.shape[1] > 1:
            return labels, self.scores.argmax(axis=-1)
        flat = pred.reshape(len(pred))
        return labels, (self.scores.reshape(len(pred)) > self.limit).astype("int64") if is_float(
            flat
        ) else flat


def named_thresholds(scores: Array) -> dict[str, float]:
    """Return thresholds that people choose, by what they write for them."""
    named = {f"{part / 20:g}": part / 20 for part in range(1, 20)}
    logistic = float(1 / (1 + np.exp(-0.5)))
    return {
        **named,
        "y_pred.mean()": float(scores.mean()),
        "np.median(y_pred)": float(np.median(scores)),
        f"{logistic:.6g} (the sigmoid of 0.5)": logistic,
    }
