"""accumulation: how updates are aggregated, and in which dtype."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import cast, exact
from conformance.oracle.reasons import R, raise_if
from conformance.oracle.repeated import joined, sampled, samples_of
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Number
from conformance.oracle.sums import Numbered, Tally, in_turn

AXIS = "accumulation"

#: A dtype: a fixed one, that of the metric (float32 by default), at most or at least float32, that of the weights, or
#: that of the weights if there are several labels.
Dtype = Literal[
    "float32",
    "float64",
    "metric",
    "metric-at-most-float32",
    "metric-at-least-float32",
    "weights",
    "weights-of-several-labels",
]


#: The ways in which a sampler distributes samples to ranks.
_SAMPLERS = ("sampler", "sampler-drop-last")


def dtype_name(dtype: Dtype, call: Call) -> str:
    """Return the name of a dtype in a call."""
    metric = call.metric_dtype or "float32"
    if dtype == "metric":
        return metric
    if dtype == "metric-at-most-float32":
        return "float32" if metric == "float64" else metric
    if dtype == "metric-at-least-float32":
        return metric if metric == "float64" else "float32"
    if dtype == "weights":
        return _dtype_of_weights(call)
    if dtype == "weights-of-several-labels":
        update = _single(call)
        several = update.y_true.ndim == 2 and update.y_true.shape[1] > 1
        name = _dtype_of_weights(call)
        return name if several and name in ("float16", "float32") else "float64"
    return dtype


def _single(call: Call) -> Update:
    """Return the update of a function, which has one.

    Raises:
        Incomposable: there are several or none, as only another implementation has.
    """
    if len(call.updates) != 1:
        raise Incomposable(f"{len(call.updates)} updates of a function")
    return call.updates[0]


def _dtype_of_weights(call: Call) -> str:
    """Return the dtype of the weights if it is a floating one, else float64."""
    update = _single(call)
    weight = update.sample_weight
    return weight.dtype.name if weight is not None and weight.dtype.kind == "f" else "float64"


@dataclass(frozen=True)
class Summed(Worded):
    """Sums of all updates, which are divided at the end.

    Attributes:
        kept: dtype of the variables that hold the sums between updates; None for integers, which are exact.
        result: dtype of the result.
        divided: dtype in which the result was rounded last; None for `result`.
        averaged: dtype in which the parameter average=macro or micro takes a mean of what was divided; None for none.
        shards: how updates are distributed: to two ranks or replicas in turn, each to two replicas by halves, or the
            samples of all to two ranks in turn, some of them twice (`sampler`) or not at all (`sampler-drop-last`) so
            that both have as many.
        merged: what becomes of the sums of two replicas where they are not added in the end: the first's alone are
            read, or both are added after each step, and each replica goes on from these sums.
        last: whether only the last update counts.
        joined: whether the data of all updates are made one update first.
        squeezed: whether a vector of one element becomes a scalar.
        python: whether a scalar becomes a Python float, which has float64.
        weights_in_bfloat16: whether the sum of weights of an update is rounded to bfloat16.
        reported: which values are returned, where it is not that of all updates: the values after each update, of all
            so far (`running`), the value of each update by itself (`each`), the mean of these (`mean`), or their mean
            weighted by the number of samples of each update (`mean-by-size`).
    """

    kept: Dtype | None = None
    result: Dtype = "float32"
    divided: Dtype | None = None
    averaged: Dtype | None = None
    shards: Literal["ranks", "sampler", "sampler-drop-last", "replicas", "halves"] | None = None
    merged: Literal["first", "each-step"] | None = None
    last: bool = False
    joined: bool = False
    squeezed: bool = False
    python: bool = False
    weights_in_bfloat16: bool = False
    reported: Literal["running", "each", "mean", "mean-by-size"] | None = None

    def add(self, total: Tally, update: Tally) -> None:
        """Merge the tally of one update into that of all."""
        if self.last:
            total.clear()
        for key, sums in update.items():
            if self.weights_in_bfloat16:
                weight = exact(cast(np.asarray(float(sums.weight)), "bfloat16"))
                sums = replace(sums, weight=weight)
            total[key] = total[key] + sums if key in total else sums

    def join(self, total: Tally, group: Tally, number: int) -> None:
        """Merge the tally of a group of updates into that of all; `number` counts the groups."""
        if self.merged == "first" and number:
            return
        if self.merged == "each-step":
            total.update({key: sums + sums for key, sums in total.items()})
        self.add(total, group)

    def finish(self, value: Any) -> Any:
        """Return the value as it is returned: a vector of one may become a scalar."""
        inner = value
        while self.squeezed and isinstance(inner, list) and len(inner) == 1:
            inner = inner[0]
        return value if isinstance(inner, list) else inner

    def report(self, values: Sequence[Any], updates: Sequence[Update]) -> Any:
        """Return what is made of the values of the updates, where they are reported."""
        if self.reported in ("running", "each"):
            return list(values)
        sizes = [samples_of(update) if self.reported == "mean-by-size" else 1 for update in updates]
        return _mean(values, sizes)

    def result_dtype(self, call: Call, *, vector: bool = False) -> str:
        """Return the dtype of the result, which may be a vector."""
        return "float64" if self.python and not vector else dtype_name(self.result, call)

    def precision(self, call: Call) -> str:
        """Return the dtype in which the result was rounded last, which the tolerance follows."""
        mean = call.parameters.get("average") in ("macro", "micro")
        return dtype_name((mean and self.averaged) or self.division, call)

    def kept_in(self, call: Call) -> str | None:
        """Return the dtype to which sums are rounded between updates; None for integers, which are exact."""
        return None if self.kept is None else dtype_name(self.kept, call)

    def groups(self, updates: Sequence[Update]) -> Sequence[Sequence[Numbered]]:
        """Return groups of updates that keep sums of their own, which are joined in the end.

        Raises:
            Raises: two replicas have different numbers of updates, and wait for each other after each.
        """
        if self.joined and len(updates) > 1:
            updates = (joined(updates),)
        if self.shards in _SAMPLERS and updates:
            return list(sampled(updates, 2, dropped=self.shards == "sampler-drop-last"))
        numbered = list(in_turn(updates))
        if not self.shards:
            return (numbered,)
        halves = halved(updates) if self.shards == "halves" else (numbered[0::2], numbered[1::2])
        if self.merged != "each-step":
            return halves
        raise_if(len(halves[0]) != len(halves[1]), R["replicas-differ"])
        return list(zip(*halves, strict=True))

    @property
    def division(self) -> Dtype:
        """The dtype in which the result was rounded last."""
        return self.divided or self.result

    @property
    def given(self) -> Dtype | None:
        """The dtype of the result if it is another one."""
        return self.result if self.divided else None

    @property
    def typed(self) -> bool:
        """Whether the type of an exception reaches the caller: not from a process of its own."""
        return self.shards not in ("ranks", *_SAMPLERS)


def halved(updates: Sequence[Update]) -> tuple[list[Numbered], list[Numbered]]:
    """Return the first halves of all updates and the second ones; an odd sample goes to the first.

    Raises:
        Incomposable: something has no samples to be halved, which these implementations are not asked.
    """
    first, second = [], []
    for number, update in in_turn(updates):
        arrays = (update.y_true, update.y_pred, update.sample_weight)
        if any(array is not None and not array.ndim for array in arrays):
            raise Incomposable("a single value cannot be halved")
        middle = (len(update.y_pred) + 1) // 2
        first.append((number, _samples(update, slice(middle))))
        second.append((number + middle, _samples(update, slice(middle, None))))
    return first, second


def _samples(update: Update, chosen: slice) -> Update:
    weight = None if update.sample_weight is None else update.sample_weight[chosen]
    return Update(update.y_true[chosen], update.y_pred[chosen], weight)


def _mean(values: Sequence[Any], sizes: Sequence[int]) -> Any:
    """Return the mean of numbers, or of lists of as many numbers element by element; NaN of none.

    Raises:
        Incomposable: the lists are of different lengths.
    """
    if any(isinstance(value, list) for value in values):
        if len({len(value) if isinstance(value, list) else None for value in values}) > 1:
            raise Incomposable("values of different lengths have no mean")
        return [_mean(each, sizes) for each in zip(*values, strict=True)]
    total = sum(sizes)
    above: Number = sum((value * size for value, size in zip(values, sizes, strict=True)), Fraction(0))
    return above / total if total else float("nan")


INTEGER_COUNTS = parametric(AXIS, Summed())
FLOAT64 = parametric(AXIS, Summed(result="float64"))
DTYPE_OF_WEIGHTS = parametric(AXIS, Summed(result="weights-of-several-labels"))
IN_METRIC_DTYPE = parametric(AXIS, Summed(kept="metric", result="metric"))
PYTHON_FLOAT = parametric(AXIS, Summed(kept="float32", divided="float32", result="float64"))
