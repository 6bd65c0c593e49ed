"""A user's arrays as a call of the implementations that take it, and the number that the user has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from operator import index
from types import MappingProxyType
from typing import Any

import numpy as np

from conformance.adapters.base import (
    CHOICES,
    IGNORABLE,
    LISTED,
    METRICS,
    PARAMETERS,
    TASKS,
    Call,
    Implementation,
    Update,
)
from conformance.ask.arrays import AskError, array_of
from conformance.ask.shapes import check, described, doubtful, task_of, unfit
from conformance.calls.text import did_you_mean
from conformance.cases import Case
from conformance.oracle.numbers import Array

#: A number that is no rounded one may differ by this much, relatively: float32 is what many metrics return.
_RELATIVE = 1e-6


@dataclass(frozen=True)
class Question(Case):
    """A case whose arrays are a user's own, in no file.

    Attributes:
        asked: the arrays and parameters.
        looks: what they look like, line by line.
        why: why it is this task, where the user names none.
    """

    asked: Call = field(default_factory=lambda: Call("binary", ()), compare=False, repr=False)
    looks: tuple[str, ...] = ()
    why: str = ""

    def call(self) -> Call:
        """Return the arrays and parameters."""
        return self.asked


@dataclass(frozen=True)
class Number:
    """A number that somebody has: `0.7342` stands for all that round to it.

    Attributes:
        text: as it was given.
        value: the number.
        tolerance: how far others may be off, half a unit of the last decimal.
    """

    text: str
    value: float
    tolerance: float

    @classmethod
    def of(cls, given: Any) -> Number | None:
        """Return a number, a share in percent or an exact fraction; None for what is none."""
        text = str(given).strip()
        try:
            if text.endswith("%"):
                text = str(Decimal(text[:-1]).scaleb(-2))
            elif "/" in text:
                text = str(float(Fraction(text)))
            value = float(text)
            places = -int(Decimal(text).as_tuple().exponent) if math.isfinite(value) else 0
        except (ValueError, InvalidOperation, ZeroDivisionError):
            return None
        # What is all or nothing is exact, unless decimals of it were written down: 0.98 is printed as 1.0.
        decimals = isinstance(given, str) and "." in given
        exact = "/" in str(given) or not math.isfinite(value) or (value in (0, 1) and not decimals)
        rounded = 0.0 if exact else 0.5 * 10.0**-places
        return cls(text, value, max(rounded * (1 + 1e-9), abs(value) * _RELATIVE))

    @property
    def exactly(self) -> Number:
        """The number as it is written, but for the last place of float32."""
        return replace(self, tolerance=abs(self.value) * _RELATIVE)

    def has_both(self, value: Any, other: Any) -> bool:
        """Whether two are this number alike: as it is written, if one is, else as it is rounded."""
        alike = self.exactly if self.exactly.is_near(value) else self
        return alike.is_near(value) and alike.is_near(other)

    def is_near(self, value: Any) -> bool:
        """Whether a value, or an exact fraction, rounds to this number; never for a vector."""
        if isinstance(value, list) or value is None:
            return False
        number = float(value)
        return abs(number - self.value) <= self.tolerance or (math.isnan(number) and math.isnan(self.value))


def question(
    y_true: Any,
    y_pred: Any,
    *,
    task: str | None = None,
    sample_weight: Any = None,
    batches: int | Sequence[int] | None = None,
    loss: str | None = None,
    parameters: Mapping[str, Any] = MappingProxyType({}),
    name: str = "your-arrays",
    metric: str = "accuracy",
) -> Question:
    """Return the question that arrays and parameters make; see `compare.compare`.

    Raises:
        AskError: they do not fit together, the task is unknown or not clear, or the metric is unknown.
    """
    for key, given, known in (("task", task, TASKS), ("metric", metric, METRICS)):
        if given is not None and given not in known:
            raise AskError(f"{key}: {given!r} is none of {', '.join(known)}{did_you_mean(given, known)}.")
    for parameter, value in parameters.items():
        if parameter not in PARAMETERS:
            raise AskError(
                f"There is no parameter {parameter}{did_you_mean(parameter, PARAMETERS)}:"
                f" known are {', '.join(PARAMETERS)}."
            )
        if parameter in LISTED and isinstance(value, (list, tuple)):
            raise AskError(f"{parameter}: {value!r} is a list: ask with one number at a time.")
        if value is not None and value not in (choices := CHOICES.get(parameter, (value,))):
            hint = did_you_mean(str(value), choices)
            raise AskError(f"{parameter}: {value!r} is none of {', '.join(choices)}{hint}.")
    true, pred = array_of(y_true, "y_true"), array_of(y_pred, "y_pred")
    weight = None if sample_weight is None else array_of(sample_weight, "sample_weight")
    check(true, pred, weight)
    looks = [described("y_true", true), described("y_pred", pred)]
    if weight is not None:
        looks.append(described("sample_weight", weight))
    looks += [*doubtful(true, pred), *unfit(true, pred, parameters)]
    why = ""
    if task is None:
        try:
            task, why = task_of(true, pred)
        except AskError as error:
            raise AskError("\n".join((*looks, str(error)))) from None
    sizes = None if batches is None else sizes_of(batches, len(true))
    updates = tuple(split(Update(true, pred, weight), sizes or (len(true),)))
    call = Call(task, updates, parameters=dict(parameters), batches=sizes, loss=loss, metric=metric)
    return Question(
        id=name,
        title="Your arrays",
        task=task,
        theme="",
        file="",
        inputs={},
        inputs_yaml="",
        metric=metric,
        asked=call,
        looks=tuple(looks),
        why=why,
    )


def check_taken(metric: str, parameters: Iterable[str], known: Iterable[Implementation]) -> None:
    """Check that some implementation of a metric takes each parameter.

    Raises:
        AskError: none takes one of them; says which parameters the metric has.
    """
    taken = {name for entry in known if entry.metric == metric for name in entry.parameters}
    for name in parameters:
        if name not in taken | IGNORABLE:
            own = [name for name in PARAMETERS if name in taken]
            raise AskError(f"No {metric} takes {name}{did_you_mean(name, own)}: taken are {', '.join(own)}.")


def joined(call: Call) -> Update:
    """Return the data of all updates as one."""
    if len(call.updates) == 1:
        return call.updates[0]

    def together(name: str) -> Array | None:
        arrays = [getattr(update, name) for update in call.updates]
        return arrays[0] if len(arrays) == 1 or arrays[0] is None else np.concatenate(arrays)

    true, pred = together("y_true"), together("y_pred")
    return Update(np.asarray(true), np.asarray(pred), together("sample_weight"))


def sizes_of(batches: int | Sequence[int], samples: int) -> tuple[int, ...]:
    """Return the sizes of all batches, of which one or each is given.

    Raises:
        AskError: they are no sizes, or do not add up to the number of samples.
    """
    try:
        sizes = tuple(map(index, batches)) if isinstance(batches, Iterable) else index(batches)
    except TypeError:
        raise AskError(f"batches: {batches!r} is neither a size nor a list of sizes.") from None
    if isinstance(sizes, int):
        if sizes < 1:
            raise AskError(f"batches: a batch has at least one sample, not {sizes}.")
        full, rest = divmod(samples, sizes)
        return (sizes,) * full + ((rest,) if rest else ())
    if sum(sizes) != samples or any(size < 0 for size in sizes):
        raise AskError(f"batches: the sizes add up to {sum(sizes):,}, and there are {samples:,} samples.")
    return sizes


def split(whole: Update, sizes: Sequence[int]) -> Iterator[Update]:
    """Yield the batches of some sizes, one after another."""
    start = 0
    for size in sizes:
        stop = start + size
        weight = None if whole.sample_weight is None else whole.sample_weight[start:stop]
        yield Update(whole.y_true[start:stop], whole.y_pred[start:stop], weight)
        start = stop
