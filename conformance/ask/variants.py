"""Which change of a call, or of a rule, gives a number that no implementation gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import chain, islice
from typing import Any

import numpy as np

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import METRICS, Call, Implementation
from conformance.adapters.releases import Release
from conformance.ask.batches import batches, usual_batches
from conformance.ask.changes import changes, made_of_values
from conformance.ask.computed import Computed, constants, macros, masks, other_metrics, solved, thresholds
from conformance.ask.explanation import Explanation
from conformance.ask.given import Change, Given
from conformance.ask.giving import Asked, Giving, predictions, rules_of, value_in
from conformance.ask.naming import in_own_names
from conformance.ask.paired import paired
from conformance.ask.question import Number, joined
from conformance.ask.remembered import Remembered
from conformance.ask.samples import deciding
from conformance.ask.written import Written
from conformance.oracle import Predictions, find
from conformance.oracle.axes import AXES
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import is_text
from conformance.oracle.resolve import resolve
from conformance.oracle.sharing import Evaluations
from conformance.oracle.variants import values_by_other_rules

#: An implementation, its parameters, its own rule, another one, and the numbers with that and without.
_OtherRule = tuple[Implementation, Mapping[str, Any], Behaviour, Behaviour, Any, Any]
#: An implementation, its number on a changed call, and all that is predicted there.
_Valued = tuple[Implementation, Release, Any, Predictions]


class Search(Giving):
    """The search for what gives numbers on one call."""

    @cached_property
    def written(self) -> Written:
        """What to write to get the numbers of this call."""
        return Written(self.whole)

    def explained_on(self, call: Call, one: Explanation) -> Any:
        """Return the number that an explanation by a changed call gives on another call; None if it gives none."""
        asked = next((asked for asked in self.asked if asked[0].id == one.by), None)
        named = next((entry for entry, _ in self.asked if entry.id == one.implementation), None)
        if asked is None or named is None or len(call.updates) != 1:
            return None
        made = (
            change
            for change in changes(*[Given(call)] * 3)
            if (change.axis, in_own_names(change.says, named)) == (one.axis, one.says)
        )
        return next((self.value_on(paired(change.call), *asked) for change in made), None)

    @property
    def ways(self) -> tuple[Callable[[Number], Iterator[Explanation]], ...]:
        """The ways to a number but for other rules, in the order in which people take them."""
        others = self.of_calls, self.of_values, self.of_metrics
        # Sizes of batches that nobody has named are what remains.
        return (*others, self.of_batches) if self.call.batches is None else (self.of_batches, *others)

    def of_calls(self, number: Number) -> Iterator[Explanation]:
        """Yield the changes of the call with which an implementation gives a number, and does not without."""
        for change, values in self._changed:
            found = [one for one in values if number.is_near(one[2])]
            found.sort(key=lambda one: not number.exactly.is_near(one[2]))
            yield from islice(self._explained(number, change, found), 1)

    @cached_property
    def _changed(self) -> Remembered[tuple[Change, list[_Valued]]]:
        found = changes(self.whole, Given(self.kinds), Given(self.given))
        return Remembered((change, list(self._values(paired(change.call)))) for change in found)

    def _values(self, call: Call) -> Iterator[_Valued]:
        """Yield implementations of different rules with the number that they give on a changed call."""
        seen: set[object] = set()
        added = call.parameters.keys() - self.call.parameters.keys()
        for entry, release in self.asked:
            if not added <= entry.parameters.keys():
                continue  # also where it ignores the parameter: nothing is changed
            if reason_not_applicable(entry, call, release=release) is None:
                rules = rules_of(entry, call, release)
                if rules not in seen:
                    seen.add(rules)
                    predicted = predictions(entry, call, release)
                    yield entry, release, value_in(predicted.predicted), predicted

    def _explained(self, number: Number, change: Change, found: Iterable[_Valued]) -> Iterator[Explanation]:
        base = None if change.base is None else paired(change.base)
        for entry, release, value, mine in found:
            without = self.value(entry, release)
            if base is not None:
                applies = reason_not_applicable(entry, base, release=release) is None
                without = value_in(predictions(entry, base, release).predicted) if applies else None
            if without is None or number.has_both(value, without):
                continue
            named, its = (entry, release) if base is None else self._giving(without, entry, release)
            other = self.own(named, its)
            if other is not None and value_in(other.predicted) not in (without, None):
                continue  # nobody gives on these arrays what it would be without the mistake
            samples = None
            if other is not None and other.predicted.kind == "value":
                of = self.given if change.of is self.kinds else change.of
                samples = deciding((mine.side, change.call), (other.side, of))
            numbers = float(value), None if isinstance(without, list) else float(without)
            words = in_own_names(change.instead, named)
            advice = self.written.advice(words, without, change.labels)
            if advice is not None:
                instead, code = advice
                says = in_own_names(change.says, named)
                yield Explanation(
                    named.id, change.axis, says, instead, samples, *numbers, code=code, by=entry.id
                )

    def _giving(self, value: Any, entry: Implementation, release: Release) -> tuple[Implementation, Release]:
        """Return the first implementation that gives a value on the call; else one that gives it in another form."""
        return next((one for one in self.asked if self.value(*one) == value), (entry, release))

    def of_values(self, number: Number) -> Iterator[Explanation]:
        """Yield what is made of the number of an implementation after it was computed."""
        for axis, says, instead, make in made_of_values(joined(self.call), self.call.metric):
            for entry, release in self.asked:
                value = self.value(entry, release)
                if not isinstance(value, (Fraction, float)):
                    continue
                made = make(float(value))
                if number.is_near(made) and not number.has_both(made, value):
                    advice = self.written.advice(instead, value)
                    if advice is not None and advice[1]:
                        yield Explanation(
                            entry.id, axis, says, advice[0], None, made, float(value), advice[1]
                        )
                        break

    def of_batches(self, number: Number) -> Iterator[Explanation]:
        """Yield batches of which the mean of all values is a number, and those that are left out for it."""
        if self.call.metric != "accuracy":
            return self._of_means(number)
        return self._of_computed(number, () if self.positions else batches(number, self.whole))

    def _of_means(self, number: Number) -> Iterator[Explanation]:
        """Yield implementations of which the mean of the values of batches is a number: those given, or usual ones."""
        if len(self.given.updates) > 1:
            named = [("the values of the batches are averaged", self.given.updates)]
        elif self.positions:
            return
        else:
            named = [
                (f"the values of batches of {size} are averaged", updates)
                for size, updates in usual_batches(self.whole.whole)
            ]
        for says, updates in named:
            parts = [replace(self.call, updates=(part,), batches=None) for part in updates]
            # Of batches that nobody has named, only the values that most implementations give.
            for entry, release in self.asked if len(named) == 1 else self.asked[:1]:
                without = self.value(entry, release)
                if not isinstance(without, (Fraction, float)):
                    continue
                values = [self.value_on(part, entry, release) for part in parts]
                if not all(isinstance(value, (Fraction, float)) for value in values):
                    continue
                mean = float(np.mean([float(value) for value in values]))
                if number.is_near(mean) and not number.has_both(mean, without):
                    words = "one value of all batches"
                    instead, code = self.written.advice(words, without) or (words, "")
                    numbers = mean, float(without)
                    yield Explanation(entry.id, "accumulation", says, instead, None, *numbers, code)
                    break

    def of_metrics(self, number: Number) -> Iterator[Explanation]:
        """Yield thresholds that nobody has named, and other metrics, that give a number."""
        given = self.whole
        if self.call.metric != "accuracy":
            yield from self._of_other_metrics(number)
            return
        if any(map(is_text, (given.whole.y_true, given.whole.y_pred))):
            return
        # An implementation that gives the same is a better name for a metric.
        known = [
            float(value) for one in self.asked if isinstance(value := self.value(*one), (Fraction, float))
        ]
        for one in self._of_computed(
            number,
            chain(constants(given), thresholds(given), macros(given), masks(given), other_metrics(given)),
        ):
            if one.axis != "statistic" or all(abs(one.gives - value) > 1e-9 for value in known):
                yield one

    def _of_other_metrics(self, number: Number) -> Iterator[Explanation]:
        """Yield what implementations of other metrics give."""
        yield from self._of_mean_parts(number)
        own = ((entry, self.value(entry, release)) for entry, release in self.asked)
        valued = [one for one in own if isinstance(one[1], (Fraction, float))]
        for named, without in valued[:1]:
            for name, entry, value in self.other_metrics(number):
                if number.has_both(value, without):
                    continue
                words = f"{self.call.metric}, not {name}"
                instead, code = self.written.advice(words, without) or (words, "")
                says, numbers = f"{name} is computed, as {entry.id} does", (float(value), float(without))
                yield Explanation(named.id, "statistic", says, instead, None, *numbers, code)

    def _of_mean_parts(self, number: Number) -> Iterator[Explanation]:
        """Yield F-scores of a mean precision and a mean recall, which are no means of F-scores."""
        if self.call.metric not in ("f1", "fbeta"):
            return
        weight = float(self.call.parameters.get("beta", 1)) ** 2
        for average in ("macro", "weighted"):
            call = replace(self.given, parameters={**self.call.parameters, "average": average})
            precision, recall, without = (
                self._first_value(call, metric) for metric in ("precision", "recall", self.call.metric)
            )
            if precision is None or recall is None or without is None:
                continue
            p, r = float(precision[1]), float(recall[1])
            value = (1 + weight) * p * r / (weight * p + r) if p or r else 0.0
            if number.is_near(value) and not number.has_both(value, without[1]):
                says = f"precision and recall are averaged (average='{average}'), and the F-score is taken of the means"
                words = f"average='{average}' of the F-scores of the classes"
                instead, code = self.written.advice(words, without[1]) or (words, "")
                numbers = value, float(without[1])
                yield Explanation(without[0].id, "statistic", says, instead, None, *numbers, code)

    def _first_value(self, call: Call, metric: str) -> tuple[Implementation, Any] | None:
        """Return the first implementation of a metric that heeds `average` and gives a number, and the number."""
        call = replace(call, metric=metric)
        if metric != "fbeta":
            call = Given(call).with_parameter("beta")
        for entry, release in self.known:
            if entry.metric == metric and "average" in entry.parameters and entry.quantity == metric:
                value = self.value_on(call, entry, release)
                if isinstance(value, (Fraction, float)):
                    return entry, value
        return None

    def other_metrics(self, number: Number) -> Iterator[tuple[str, Implementation, Any]]:
        """Yield other metrics with an implementation that gives a number, and what it gives exactly."""
        for metric in METRICS:
            if metric != self.call.metric:
                # The kinds of samples are the same for each metric.
                call, kinds = (replace(one, metric=metric) for one in (self.call, self.given))
                found = (
                    (entry, value_in(predictions(entry, kinds, release).predicted))
                    for entry, release in self.known
                    if entry.metric == metric and reason_not_applicable(entry, call, release=release) is None
                )
                near = [(entry, value) for entry, value in found if number.is_near(value)]
                near.sort(key=lambda one: not number.exactly.is_near(one[1]))
                yield from ((metric, *one) for one in near[:1])

    def of_thresholds(self, number: Number) -> Iterator[Explanation]:
        """Yield the thresholds that give a number: some do for most numbers, so that others go first."""
        if self.call.metric != "accuracy":
            return iter(())
        return self._of_computed(number, solved(self.whole, number))

    def _of_computed(self, number: Number, computed: Iterable[Computed]) -> Iterator[Explanation]:
        for one in computed:
            if not number.is_near(one.value) or number.has_both(one.value, one.without):
                continue
            for entry, release in self.asked:
                value = self.value(entry, release)
                if isinstance(value, (Fraction, float)) and abs(float(value) - one.without) < 1e-9:
                    advice = self.written.advice(one.instead, value)
                    if advice is not None:
                        numbers = one.value, float(value)
                        yield Explanation(entry.id, one.axis, one.says, advice[0], None, *numbers, advice[1])
                        break

    def of_rules(self, number: Number) -> Iterator[Explanation]:
        """Yield implementations that give a number with another rule on one axis, and do not with their own."""
        named: set[tuple[str, bool]] = set()
        for entry, set_, own, other, value, without in self._with_other_rules:
            if own.axis == "default-parameter" or (own.axis == "average" and "average" not in set_):
                continue  # a parameter is a change of the call; without one, such a rule says nothing
            if without is None:
                continue  # it raises, for a reason that another rule does not take away
            # Of several rules on an axis that give the number the first is enough.
            key = own.axis, number.exactly.is_near(value)
            if number.is_near(value) and not number.has_both(value, without) and key not in named:
                named.add(key)
                yield Explanation(
                    entry.id,
                    own.axis,
                    f"with another rule: {other.says} Its own rule: {own.says}",
                    AXES[own.axis].agree,
                    gives=float(value),
                    without=float(without) if isinstance(without, (Fraction, float)) else None,
                )

    @cached_property
    def _with_other_rules(self) -> Remembered[_OtherRule]:
        return Remembered(self._other_rules())

    def _other_rules(self) -> Iterator[_OtherRule]:
        known = [entry for entry, _ in self.asked]
        seen: set[object] = set()
        evaluations = Evaluations(self.given)
        for entry, release in self.asked if self.varied else ():
            if self.own(entry, release) is None:
                continue
            rules = rules_of(entry, self.given, release)
            if rules not in seen:
                seen.add(rules)
                resolved = resolve(find(entry.definition or ""), self.given, release)
                set_ = resolved.rules.parameters(self.given)
                for own, other, predicted in values_by_other_rules(
                    entry, resolved, self.given, known, evaluations
                ):
                    yield entry, set_, own, other, predicted.value, self.value(entry, release)

    def nearest(self, number: Number, most: int = 3) -> list[tuple[str, float]]:
        """Return what gives the numbers nearest to one that nothing gives, in words, and these numbers."""
        found: dict[str, float] = {}
        for entry, release in self.asked:
            value = self.value(entry, release)
            if isinstance(value, (Fraction, float)):
                found.setdefault(entry.id, float(value))
        for change, values in self._changed:
            for entry, _, value, _ in values:
                if isinstance(value, (Fraction, float)):
                    says = in_own_names(change.says, entry)
                    found.setdefault(f"{entry.id}, but {says}", float(value))
        near = sorted(found.items(), key=lambda one: abs(one[1] - number.value))
        distinct: dict[float, tuple[str, float]] = {}
        for one in near:
            distinct.setdefault(one[1], one)
        return list(distinct.values())[:most]


def explanations(
    number: Number, call: Call, asked: Asked, most: int = 3, *, rules: bool = True
) -> tuple[Explanation, ...]:
    """Return what gives a number: implementations on a changed call first, then those with another rule.

    Args:
        number: the number.
        call: the arrays and parameters as they were given.
        asked: implementations with their releases, those that are tried first at the front.
        most: so many are enough. Of one change only the first implementation is named.
        rules: whether implementations with another rule are asked.
    """
    search = Search(call, asked)
    last = search.of_rules, search.of_thresholds
    found: dict[str, Explanation] = {}
    for way in (*search.ways, *last) if rules else search.ways:
        if found and way in last:
            break
        exact = 0
        for one in way(number):
            found.setdefault(f"{one.axis}: {one.says}", one)
            exact += number.exactly.is_near(one.gives)
            if exact == most:
                break
        if exact:
            break
    return tuple(chain(*exact_first(number, found.values())))[:most]


def exact_first(number: Number, found: Iterable[Explanation]) -> tuple[list[Explanation], list[Explanation]]:
    """Return what gives a number as it is written, and what only rounds to it."""
    both: tuple[list[Explanation], list[Explanation]] = [], []
    for one in found:
        exactly = number.exactly.is_near(one.gives)
        both[not exactly].append(replace(one, exactly=exactly))
    return both
