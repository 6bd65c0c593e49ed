"""Which change of a call, or of a rule, gives a number that no implementation gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Call, Implementation
from conformance.ask.batches import batches
from conformance.ask.changes import changes
from conformance.ask.compressed import compressed
from conformance.ask.given import Change
from conformance.ask.paired import paired
from conformance.ask.question import Number, joined
from conformance.ask.samples import Deciding, deciding
from conformance.oracle import Predictions, find, predict
from conformance.oracle.axes import AXES
from conformance.oracle.prediction import Prediction
from conformance.oracle.releases import Release
from conformance.oracle.resolve import resolve
from conformance.oracle.variants import values_by_other_rules

#: Rules are varied on at most so many kinds of samples.
MOST_KINDS = 20_000
#: Of more updates all samples are evaluated at once.
_MOST_UPDATES = 200

Asked = Sequence[tuple[Implementation, Release]]


@dataclass(frozen=True)
class Explanation:
    """What gives a number.

    Attributes:
        implementation: the implementation that gives it, but for one thing.
        axis: what is different, an axis.
        says: what is different, in words.
        instead: what to write, to get what the implementation gives.
        samples: which samples decide; None where it cannot be said sample by sample.
        gives: the number with what is different.
        without: what the implementation itself gives; None where it gives no number.
    """

    implementation: str
    axis: str
    says: str
    instead: str
    samples: Deciding | None = None
    gives: float = float("nan")
    without: float | None = None


#: Evaluates a variant on another call: a value, or None.
Evaluate = Callable[[Call], Any]


class Search:
    """The search for what gives numbers on one call.

    Args:
        call: the arrays and parameters as they were given.
        asked: implementations with their releases, those that are tried first at the front.
    """

    def __init__(self, call: Call, asked: Asked) -> None:
        self.call = call
        at_once = replace(call, updates=(joined(call),), batches=None)
        self.kinds = compressed(at_once)
        few = len(call.updates) <= _MOST_UPDATES
        self.given = self.kinds if len(call.updates) == 1 else compressed(call if few else at_once)
        self.asked = [(entry, release) for entry, release in asked if entry.definition is not None]
        self.varied = sum(len(update.y_true) for update in self.given.updates) <= MOST_KINDS
        self._own: dict[str, Predictions | None] = {}

    def own(self, entry: Implementation, release: Release) -> Predictions | None:
        """Return what an implementation gives on the call, None if it cannot be called on it."""
        if entry.id not in self._own:
            applies = reason_not_applicable(entry, self.call) is None
            self._own[entry.id] = _predicted(entry, self.given, release) if applies else None
        return self._own[entry.id]

    def value(self, entry: Implementation, release: Release) -> Any:
        """Return the number that an implementation gives on the call; None if it gives none."""
        own = self.own(entry, release)
        return None if own is None else _value(own.predicted)

    def of_calls(self, number: Number) -> Iterator[Explanation]:
        """Yield the changes of the call with which an implementation gives a number, and does not without."""
        for change in changes(replace(self.call, updates=(joined(self.call),)), self.kinds):
            found = self._of_change(number, change)
            if found is not None:
                yield found

    def _of_change(self, number: Number, change: Change) -> Explanation | None:
        small = paired(change.call)
        base = None if change.base is None else paired(change.base)
        seen: set[object] = set()
        for entry, release in self.asked:
            if reason_not_applicable(entry, change.call) is not None:
                continue
            rules = _rules(entry, small, release)
            if rules in seen:
                continue
            seen.add(rules)
            mine = _predicted(entry, small, release)
            value = _value(mine.predicted)
            if not number.is_near(value):
                continue
            without = self.value(entry, release)
            if base is not None:
                applies = reason_not_applicable(entry, base) is None
                without = _value(_predicted(entry, base, release).predicted) if applies else None
            if without is None or number.is_near(without):
                continue
            named, its = (entry, release) if base is None else self._giving(without, entry, release)
            other = self.own(named, its)
            if other is not None and _value(other.predicted) not in (without, None):
                continue  # nobody gives on these arrays what it would be without the mistake
            samples = None
            if other is not None and other.predicted.kind == "value":
                of = self.given if change.of is self.kinds else change.of
                samples = deciding((mine.side, change.call), (other.side, of))
            return Explanation(
                named.id, change.axis, change.says, change.instead, samples, float(value), float(without)
            )
        return None

    def _giving(self, value: Any, entry: Implementation, release: Release) -> tuple[Implementation, Release]:
        """Return the first implementation that gives a value on the call; else one that gives it in another form."""
        return next((one for one in self.asked if self.value(*one) == value), (entry, release))

    def of_values(self, number: Number) -> Iterator[Explanation]:
        """Yield what is made of the number of an implementation after it was computed."""
        weight = joined(self.call).sample_weight
        samples = len(joined(self.call).y_true)
        made: list[tuple[str, str, str, Callable[[float], float]]] = [
            ("statistic", "the share of incorrect samples is taken", "1 - value", lambda value: 1 - value),
            ("statistic", "the value is given in percent", "value / 100", lambda value: 100 * value),
            (
                "statistic",
                "correct samples are counted, and not divided by all",
                "correct / len(y_true)",
                lambda value: value * samples,
            ),
        ]
        if weight is not None and weight.ndim == 1:
            mean = float(np.mean(weight))
            made.append(
                (
                    "weights",
                    "the sum of weights of correct samples is divided by the number of samples",
                    "np.average(correct, weights=sample_weight), which divides by the sum of weights",
                    lambda value: value * mean,
                )
            )
        for axis, says, instead, make in made:
            for entry, release in self.asked:
                value = self.value(entry, release)
                if value is None or isinstance(value, list):
                    continue
                if number.is_near(make(float(value))) and not number.is_near(value):
                    yield Explanation(entry.id, axis, says, instead, None, make(float(value)), float(value))
                    break

    def of_batches(self, number: Number) -> Iterator[Explanation]:
        """Yield sizes of batches of which the mean of all values is a number."""
        for found in batches(number, self.call):
            for entry, release in self.asked:
                value = self.value(entry, release)
                if value is None or isinstance(value, list) or number.is_near(value):
                    continue
                if abs(float(value) - found.at_once) < 1e-9:
                    yield Explanation(
                        entry.id, "accumulation", found.says, found.instead, None, found.value, float(value)
                    )
                    break

    def of_rules(self, number: Number) -> Iterator[Explanation]:
        """Yield implementations that give a number with another rule on one axis, and do not with their own."""
        if not self.varied:
            return
        known = [entry for entry, _ in self.asked]
        seen: set[object] = set()
        for entry, release in self.asked:
            if self.own(entry, release) is None:
                continue
            resolved = resolve(find(entry.definition or ""), self.given, release)
            rules = _rules(entry, self.given, release)
            if rules in seen:
                continue
            seen.add(rules)
            without = self.value(entry, release)
            if number.is_near(without):
                continue
            for own, other, predicted in values_by_other_rules(entry, resolved, self.given, known):
                if number.is_near(predicted.value):
                    yield Explanation(
                        entry.id,
                        own.axis,
                        f"with another rule: {other.says} Its own rule: {own.says}",
                        AXES[own.axis].agree,
                        gives=float(predicted.value),
                        without=None if without is None or isinstance(without, list) else float(without),
                    )


def explanations(number: Number, call: Call, asked: Asked, most: int = 3) -> tuple[Explanation, ...]:
    """Return what gives a number: implementations on a changed call first, then those with another rule.

    Args:
        number: the number.
        call: the arrays and parameters as they were given.
        asked: implementations with their releases, those that are tried first at the front.
        most: so many are enough. Of one change only the first implementation is named.
    """
    search = Search(call, asked)
    found: dict[str, Explanation] = {}
    for way in (search.of_batches, search.of_calls, search.of_values, search.of_rules):
        for one in way(number):
            found.setdefault(f"{one.axis}: {one.says}", one)
            if len(found) == most:
                break
        if found:
            break
    return tuple(found.values())


def _predicted(entry: Implementation, call: Call, release: Release) -> Predictions:
    return predict(find(entry.definition or ""), call, trace=False, release=release)


def _rules(entry: Implementation, call: Call, release: Release) -> object:
    resolved = resolve(find(entry.definition or ""), call, release)
    return tuple(rule.behaviour for rule in resolved.rules.by_axis().values())


def _value(prediction: Prediction) -> Any:
    return prediction.value if prediction.kind == "value" else None
