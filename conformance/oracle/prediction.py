"""What a definition predicts, and when an outcome is that."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from conformance.calls.outcome import Outcome, encode
from conformance.oracle.numbers import cast, dtype
from conformance.oracle.reasons import Reason

#: A vector of open entries has at most so many values.
_MOST_OPTIONS = 4096


@dataclass(frozen=True)
class SampleTrace:
    """How one sample counted: the decision, the target, whether it was correct, if it was not left out, its weight."""

    number: int
    decided: Any
    truth: Any
    hit: Any
    kept: bool
    weight: Any = None

    def to_json(self) -> dict[str, Any]:
        """Return the entry of a trace in the results document."""
        document = {"row": self.number, "decided": self.decided, "truth": self.truth, "hit": self.hit}
        if not self.kept:
            document["kept"] = False
        if self.weight is not None:
            document["weight"] = self.weight
        return dict(encode(document))


@dataclass(frozen=True)
class Prediction:
    """The outcome that a definition predicts.

    Attributes:
        kind: `value`, `raises`, `one-of`, `unspecified` (any value and any exception), or `not-evaluated`: the
            definition failed, which no outcome makes good.
        value: a Fraction, a float where it is not finite, or nested lists of these; None where any value is as
            predicted.
        dtype: dtype of the result.
        precision: dtype in which the result was rounded last, which the tolerance follows.
        additions: rounded additions the tolerance allows for; 0 for counts.
        type: exception type for `raises`; None where a backend raises and any type may come.
        reason: for `raises` and `not-evaluated`: why.
        options: for `one-of`: the predictions left open.
        resolved: bare name of the class or function that a name given to compile() becomes; None where there
            is no such name, or nothing is said of it.
        samples: how each sample counted.
        unread: for a value: names of the parameters of the call that nothing asked for, so that none of them has an
            effect.
    """

    kind: Literal["value", "raises", "one-of", "unspecified", "not-evaluated"]
    value: Any = None
    dtype: str = "float64"
    precision: str = "float64"
    additions: int = 0
    type: str | None = None
    reason: Reason | None = None
    options: tuple[Prediction, ...] = ()
    resolved: str | None = None
    samples: tuple[SampleTrace, ...] = field(default=(), compare=False)
    unread: tuple[str, ...] = field(default=(), compare=False)

    @property
    def why(self) -> str | None:
        """The reason in words."""
        return None if self.reason is None else self.reason.why

    @property
    def says_nothing(self) -> bool:
        """Whether no particular outcome follows: any may come, or the definition could not be evaluated."""
        return self.kind in ("unspecified", "not-evaluated")

    def same_as(self, other: Prediction) -> bool:
        """Whether both predict the same: equal exact values, or any exceptions; whatever a string becomes."""
        if self.kind != other.kind:
            return False
        if self.kind in ("raises", "unspecified", "not-evaluated"):
            return True
        if self.kind == "one-of":
            return len(self.options) == len(other.options) and all(
                any(mine.same_as(theirs) for theirs in other.options) for mine in self.options
            )
        return _all(_equal, self.value, other.value)

    @property
    def rounded(self) -> Any:
        """The value as a float, or nested lists of floats, rounded to the dtype of the result; None for any value."""
        if self.value is None:
            return None
        return _each(lambda number: float(cast(np.asarray(float(number)), self.precision)), self.value)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield the outcomes that match exactly; an exception without a type may be any."""
        if self.kind == "one-of":
            for option in self.options:
                yield from option.outcomes()
        elif self.kind == "raises":
            yield Outcome("raises", type=self.type)
        elif self.kind == "value":
            yield Outcome("value", value=self.rounded, dtype=self.dtype, resolved=self.resolved)

    def near(self, other: Prediction) -> bool:
        """Whether two values lie no further apart than one of them may be rounded."""
        return _close(self.value, other.value, self) or _close(other.value, self.value, other)

    def holds_for(self, outcome: Outcome) -> bool:
        """Whether the outcome is the predicted one, within one rounding of the result's dtype."""
        if self.misnames(outcome) or self.kind == "not-evaluated":
            return False
        if self.kind == "unspecified":
            return outcome.kind in ("value", "raises")
        if self.kind == "one-of":
            return any(option.holds_for(outcome) for option in self.options)
        if self.kind == "raises":
            return outcome.kind == "raises" and (
                self.type is None or self.type == outcome.type or self.type in outcome.bases
            )
        if outcome.kind != "value" or self.value is None:
            return outcome.kind == "value"
        return outcome.dtype == self.dtype and _close(self.value, outcome.value, self)

    def misnames(self, outcome: Outcome) -> bool:
        """Whether the name became something else than predicted; False if the string was not looked up."""
        return None not in (self.resolved, outcome.resolved) and outcome.resolved != self.resolved

    def to_json(self) -> dict[str, Any]:
        """Return the `predicted` object of the results document."""
        document: dict[str, Any] = {"kind": self.kind}
        if self.kind == "one-of":
            document["options"] = [option.to_json() for option in self.options]
        elif self.kind == "not-evaluated":
            document["why"] = self.why
        elif self.kind == "raises":
            code = None if self.reason is None else self.reason.code
            document |= {"type": self.type, "reason": code, "why": self.why}
        elif self.kind == "value":
            document["value"] = encode(self.rounded)
            if self.value is not None:
                document["exact"] = _each(str, self.value)
        return document if self.resolved is None else {**document, "resolved": self.resolved}


def vector(each: Sequence[Prediction], first: Prediction) -> Prediction:
    """Return the prediction of several values in a vector; one of them is a scalar.

    Args:
        each: what is predicted for each entry; `one-of` leaves each open by itself.
        first: the first of them; what is predicted of a vector without entries, but for its value.
    """
    raising = next((prediction for prediction in (first, *each) if prediction.kind == "raises"), None)
    if raising is not None or len(each) == 1:
        return raising or first

    def together(chosen: Sequence[Prediction]) -> Prediction:
        values = [prediction.value for prediction in chosen]
        additions = max((prediction.additions for prediction in chosen), default=0)
        return replace(chosen[0] if chosen else first, value=values, additions=additions, samples=())

    options = [prediction.options or (prediction,) for prediction in each]
    if math.prod(map(len, options)) == 1:
        return together(each)
    listed = tuple(map(together, itertools.islice(itertools.product(*options), _MOST_OPTIONS)))
    return replace(first, kind="one-of", value=None, options=listed, samples=())


@lru_cache(maxsize=2**14)
def tolerance(expected: float, name: str, additions: int) -> float:
    """Return how far a correct result may lie from the exact value.

    For counts one unit in the last place of the result's dtype, and the half unit of rounding to that dtype: a
    processor may multiply by a reciprocal where another divides. For sums that were rounded on the way, also the
    standard bound of that many additions: n times the unit roundoff times the magnitude (numerator and denominator
    each contribute, hence the factor 2).

    Args:
        expected: the exact value.
        name: dtype in which the result was rounded.
        additions: rounded additions in the accumulator.
    """
    epsilon = 2.0**-7 if name == "bfloat16" else float(np.finfo(dtype(name)).eps)
    rounded = abs(float(cast(np.asarray(expected), name)))
    _, exponent = math.frexp(max(rounded, float(np.finfo("float32").tiny)))
    unit = epsilon * 2.0 ** (exponent - 1)
    return 1.5 * unit + additions * epsilon * max(abs(expected), 1.0)


def _each(function: Callable[[Any], Any], value: Any) -> Any:
    """Apply a function to a number, or to each of nested lists."""
    return [_each(function, item) for item in value] if isinstance(value, list) else function(value)


def _all(holds: Callable[[Any, Any], bool], one: Any, other: Any) -> bool:
    """Whether something holds for two numbers, or for each pair of nested lists of the same form."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_all(holds, *pair) for pair in zip(one, other, strict=True))
    return not isinstance(one, list) and not isinstance(other, list) and holds(one, other)


def _close(expected: Any, observed: Any, predicted: Prediction) -> bool:
    def close(expected: Fraction | float, observed: Any) -> bool:
        if isinstance(observed, bool) or not isinstance(observed, (int, float, Fraction)):
            return False
        wanted = float(expected)
        if not math.isfinite(wanted) or not math.isfinite(observed):
            return _equal(wanted, observed)
        allowed = tolerance(wanted, predicted.precision, predicted.additions)
        return abs(Fraction(observed) - Fraction(expected)) <= allowed

    return _all(close, expected, observed)


def _equal(a: Any, b: Any) -> bool:
    return bool(a == b) or (a != a and b != b)
