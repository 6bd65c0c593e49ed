"""A metric and what its result should be, on one input: do they differ, why, and on which samples."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from conformance.adapters.base import Call
from conformance.ask.shapes import described
from conformance.calls.outcome import Outcome
from conformance.calls.text import count, one_line
from conformance.oracle.numbers import Array, cast
from conformance.oracle.prediction import Prediction
from conformance.testing.claims import Claim
from conformance.testing.fit import fits
from conformance.testing.metric import Data, Metric
from conformance.testing.parts import data_of, number_of_samples, part_of, taken
from conformance.testing.probe import probe_of
from conformance.testing.reduction import smallest
from conformance.testing.why import Seen, why

#: So many other inputs are tried, until the two differ on one.
_PROBES = 3

#: So many samples are listed.
_LISTED = 3

#: A fraction that is longer than this tells nobody anything.
_LONG = 12

#: An array with no more elements is shown.
_SMALL = 12

_WIDTH = 100


@dataclass(frozen=True)
class Evaluated:
    """What came of one input.

    Attributes:
        outcome: the outcome of the metric.
        expected: predictions, any of which is right.
        error: what the metric raised, or None.
    """

    outcome: Outcome
    expected: tuple[Prediction, ...]
    error: Exception | None = None

    @property
    def differ(self) -> bool:
        """Whether the outcome is none of what is expected."""
        return not any(fits(one, self.outcome) for one in self.expected)

    @property
    def kinds(self) -> tuple[str, str]:
        """Whether there are values or exceptions."""
        return self.outcome.kind, self.expected[0].kind

    @property
    def is_nan(self) -> bool:
        """Whether the metric gives NaN, as it may do for few samples."""
        return bool(self.outcome.value != self.outcome.value)


class Reference(Protocol):
    """What a metric is compared with."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def claim(self) -> Claim | None:
        """The definition that predicts its values; None for some function."""

    def expected(self, updates: Sequence[Data], call: Call | None) -> tuple[Prediction, ...]:
        """Return predictions, any of which is right.

        Args:
            updates: the data as the metric is given them.
            call: the same as arrays; None if nothing is known of them.
        """


@dataclass(frozen=True)
class Claimed:
    """The definition of an implementation."""

    claim: Claim

    @property
    def name(self) -> str:
        """Id of the implementation."""
        return self.claim.name

    def expected(self, updates: Sequence[Data], call: Call | None) -> tuple[Prediction, ...]:
        """Return what is predicted, and what the documentation says where the framework deviates from it."""
        assert call is not None
        found = self.claim.predictions(call)
        return found.predicted, found.claimed


@dataclass(frozen=True)
class Pair:
    """A metric and what it is compared with, on one input.

    Attributes:
        metric: the metric.
        parameters: what it is given.
        reference: what it is compared with.
        updates: the data as the metric is given them.
        call: the same as arrays; None if nothing is known of them.
        implied: parameters that all samples imply, for a part of them.
        where_it_raises: advice where an exception is expected, and none comes.
    """

    metric: Metric
    parameters: Mapping[str, Any]
    reference: Reference
    updates: Sequence[Data]
    call: Call | None
    implied: Mapping[str, Any]
    where_it_raises: str = ""

    @property
    def mine(self) -> str:
        """Name of the metric."""
        return self.metric.name

    @property
    def theirs(self) -> str:
        """Name of what it is compared with."""
        return self.reference.name

    def evaluate(self, updates: Sequence[Data], call: Call | None) -> Evaluated:
        """Return what comes of an input."""
        outcome, error = self.metric.outcome(updates, self.parameters)
        return Evaluated(outcome, self.reference.expected(updates, call), error)

    def check(self, *heading: str) -> None:
        """Raise an AssertionError that says why they differ, if they do."""
        __tracebackhide__ = True
        found = self.evaluate(self.updates, self.call)
        if self.reference.claim is None and found.kinds == ("raises", "raises"):
            raise AssertionError(f"Neither gives a value. {self._outcomes(found)}") from found.error
        if found.differ:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of calls on other inputs, which are made to tell why
                told = list(self._told(found))
            raise AssertionError("\n  ".join([*heading, *told])) from found.error

    def _told(self, found: Evaluated) -> Iterator[str]:
        yield self._outcomes(found)
        if self.where_it_raises and found.kinds == ("value", "raises"):
            yield self.where_it_raises
        where = self._smallest(found)
        if self.call is not None and (seen := _seen(self.call, found)) is not None:
            others = (self._on_others(self.call, where, seed) for seed in range(_PROBES))
            differ = next(filter(None, others), None)
            yield from why(seen, differ, found.expected[0], self.reference.claim)
        if where is not None:
            yield from self._on_samples(where)

    def _outcomes(self, found: Evaluated) -> str:
        expected = _expected(found.expected[0])
        others = [_expected(one) for one in found.expected[1:] if not one.same_as(found.expected[0])]
        alternative = "".join(f" (by its documentation it {one})" for one in others)
        if found.outcome.kind == "raises":
            told = f"raises {found.outcome.type}: {one_line(found.outcome.message or '', 200)}"
            return f"{self.mine} {told}. {self.theirs} {expected}{alternative}."
        return f"{self.mine} gives {_shown(found.outcome.value)}, {self.theirs} {expected}{alternative}."

    def _on_others(self, call: Call, where: Array | None, seed: int) -> Seen | None:
        """Return what comes of other samples; None if both give the same, or no number."""
        probe = probe_of(call, where, seed)
        found = None if probe is None else self.evaluate(data_of(probe), probe)
        return None if probe is None or found is None or not found.differ else _seen(probe, found)

    def _on(self, where: Array) -> Evaluated:
        return self.evaluate([taken(self.updates[0], where)], part_of(self.call, where, self.implied))

    def _smallest(self, found: Evaluated) -> Array | None:
        """Return the indices of few samples on which they differ in the same way; None if none can be left out."""
        samples = number_of_samples(self.updates, self.call)

        def differ(where: Array) -> bool:
            part = self._on(where)
            return part.differ and (part.kinds, part.is_nan) == (found.kinds, found.is_nan)

        return smallest(samples, differ) if samples else None

    def _on_samples(self, where: Array) -> Iterator[str]:
        samples = number_of_samples(self.updates, self.call)
        fewer = len(where) < samples
        enough = f"{count(len(where), 'sample')} of {samples:,} {'is' if len(where) == 1 else 'are'} enough to differ"
        yield f"{enough}:" if fewer else f"They differ on {count(len(where), 'sample')}:"
        for index in where[:_LISTED].tolist():
            yield f"  [{index}] {', '.join(self._data(index))}"
        if len(where) > _LISTED:
            yield f"  and {len(where) - _LISTED:,} more"
        if fewer:
            yield f"There {self._outcomes(self._on(where))}"

    def _data(self, index: int) -> Iterator[str]:
        for update in self.call.updates if self.call is not None else ():
            for name in ("y_true", "y_pred", "sample_weight"):
                array = getattr(update, name)
                if array is not None and array.ndim:
                    yield f"{name} {_item(array[index])}"


def _seen(call: Call, found: Evaluated) -> Seen | None:
    """Return what both gave for an input; None if one of them gave no value."""
    if found.kinds != ("value", "value"):
        return None
    return Seen(call, found.outcome.value, _floats(found.expected[0].value))


def looks(call: Call, parameters: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the input of a call looks like."""
    for number, update in enumerate(call.updates[:_LISTED], 1):
        if len(call.updates) > 1:
            yield f"update {number} of {len(call.updates)}"
        for name in ("y_true", "y_pred", "sample_weight"):
            array = getattr(update, name)
            if array is not None:
                yield _looks(name, array)
    if parameters:
        yield ", ".join(f"{name}={value!r}" for name, value in parameters.items())


def _looks(name: str, array: Array) -> str:
    if array.size > _SMALL:
        return described(name, array)
    return f"{name}: {_item(array) if array.size else f'shape {array.shape}'} ({array.dtype.name})"


def _expected(predicted: Prediction) -> str:
    if predicted.kind == "one-of":
        return "one of " + ", ".join(_expected(option) for option in predicted.options)
    if predicted.kind == "raises":
        return f"raises: {predicted.reason}"
    value = predicted.value
    exact = str(value) if isinstance(value, Fraction) and value.denominator > 2 else ""
    fraction = (
        f" ({exact})" if exact and len(exact) <= _LONG and value.denominator & (value.denominator - 1) else ""
    )
    return f"gives {_shown(_floats(value))}{fraction}"


def _floats(value: Any) -> Any:
    return [_floats(item) for item in value] if isinstance(value, list) else float(value)


def _shown(value: Any) -> str:
    return one_line(str(value), _WIDTH)


def _item(value: Any) -> str:
    array = np.asarray(value)
    plain = cast(array, "float64") if array.dtype.name == "bfloat16" else array
    return one_line(str(plain.tolist()), _WIDTH)
