"""What to write to get the number that an implementation gives: NumPy for an accuracy, a function for other metrics."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import CHOICES, Call, Implementation, plain
from conformance.adapters.registry import adapters
from conformance.adapters.script import expression
from conformance.ask.given import Given, Labels
from conformance.ask.paired import paired
from conformance.oracle import find, predict
from conformance.oracle.numbers import Array

#: Parameters that are in what is written for the labels.
_DECIDED = ("threshold", "ignore_index")


@cache
def functions(metric: str) -> tuple[Implementation, ...]:
    """Return the implementations of a metric that are a function of NumPy arrays, called in one expression."""
    return tuple(
        entry
        for adapter in adapters()
        for entry in adapter.implementations
        if entry.metric == metric and entry.definition is not None and not adapter.environment
        if entry.recipe.expression is plain and "{y_true}" in entry.recipe.result
    )


def _equal(true: str, pred: str) -> str:
    return f"{f'({pred})' if '>' in pred else pred} == {true}"


def _numbers(array: Array) -> Array:
    return array.astype("int64") if array.dtype == bool else array


class Written:
    """What to write about the arrays of a call.

    Args:
        given: the call, with all samples in one update.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self._arrays: dict[str, Any] = {}
        self._values: dict[str, float] = {}

    def advice(self, words: str, value: Any, labels: Labels | None = None) -> tuple[str, str] | None:
        """Return what to write to get a value, in words and as an expression that gives it.

        Args:
            words: what to do; may be empty.
            value: what this should give; None or a list for what is no number.
            labels: targets and decisions, as expressions, of which the metric may be the value; those of the arrays
                are tried as well.

        Returns:
            The words with the expression, and the expression; without one, if none gives the value; None if there are
            no words either.
        """
        if isinstance(value, (float, Fraction)):
            for code, gives in self._codes(labels):
                if math.isclose(gives, float(value), rel_tol=1e-6, abs_tol=1e-9):
                    return f"{words}: {code}" if words else code, code
        return (words, "") if words else None

    def _codes(self, labels: Labels | None) -> Iterator[tuple[str, float]]:
        """Yield what people write for the metric of these arrays, and what it gives."""
        both = dict.fromkeys(filter(None, (labels, self._given.written)))
        if self._given.call.metric != "accuracy":
            for one in both:
                yield from self._of_functions(one)
            return
        for true, pred in both:
            yield self._of_array(self._share(_equal(true, pred)))
        true, _ = self._given.written
        same = _equal(*self._given.written)
        several = self._given.decided is None and self._given.whole.y_pred.ndim > 1
        means = f"np.mean([np.mean(({same})[{true} == label]) for label in np.unique({true})])"
        yield self._of_array(self._share(f"({same}).all(axis=-1)") if several else means)
        yield self._of_array(f"np.mean({same})")

    def _share(self, correct: str) -> str:
        """Return the share of samples for which an expression is true, as an expression."""
        weight = self._given.whole.sample_weight
        correct = self._kept(correct)
        if weight is None or weight.ndim != 1:
            return f"np.mean({correct})"
        return f"np.average({correct}, weights={self._kept('sample_weight')})"

    def _kept(self, array: str) -> str:
        """Return an array without the samples that are ignored, as an expression."""
        ignored = self._given.parameters.get("ignore_index")
        if ignored is None:
            return array
        return f"{f'({array})' if ' ' in array else array}[{self._given.written[0]} != {ignored}]"

    def _of_functions(self, labels: Labels) -> Iterator[tuple[str, float]]:
        names = dict(zip(("y_true", "y_pred"), map(self._kept, labels), strict=True))
        weight = self._given.whole.sample_weight
        if weight is not None:
            names["sample_weight"] = self._kept("sample_weight")
        arrays = {name: self._evaluated(code) for name, code in names.items()}
        if any(array is None or not np.size(array) for array in arrays.values()):
            return
        data: dict[str, Any] = {name: _numbers(array) for name, array in arrays.items()}
        call = self._given.with_data(**data)
        own = {name: value for name, value in call.parameters.items() if name not in _DECIDED}
        averages = [{"average": average} for average in CHOICES["average"] if average != "none"]
        for entry in functions(call.metric):
            for more in ({}, *averages):
                one = replace(call, parameters={**own, **more})
                if reason_not_applicable(entry, one) is None:
                    code = expression(entry, one, names)
                    yield code, self._predicted(code, entry, one)

    def _predicted(self, code: str, entry: Implementation, call: Call) -> float:
        if code not in self._values:
            predicted = predict(find(entry.definition or ""), paired(call), trace=False).predicted
            number = predicted.kind == "value" and isinstance(predicted.value, (float, Fraction))
            self._values[code] = float(predicted.value) if number else math.nan
        return self._values[code]

    def _of_array(self, code: str) -> tuple[str, float]:
        if code not in self._values:
            value = self._evaluated(code)
            self._values[code] = math.nan if value is None else float(value)
        return code, self._values[code]

    def _evaluated(self, code: str) -> Any:
        """Return the value of an expression; None for what cannot be evaluated on these arrays, and is no advice."""
        if code not in self._arrays:
            whole = self._given.whole
            names = {name: getattr(whole, name) for name in ("y_true", "y_pred", "sample_weight")}
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    # Only code of this package.
                    self._arrays[code] = eval(code, {"np": np, "__builtins__": {}, **names})
                except Exception:
                    self._arrays[code] = None
        return self._arrays[code]
