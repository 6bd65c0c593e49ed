"""Evaluate a definition on a case: one rule after the other, exactly and without any framework."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.located import located
from conformance.oracle.numbers import Array, broadcast_to, kept_in, largest_count, summed, tiny
from conformance.oracle.prediction import Prediction, SampleTrace, vector
from conformance.oracle.reasons import Raises
from conformance.oracle.repeated import Taken, all_of
from conformance.oracle.ruleset import Rules
from conformance.oracle.stages import Counted, Number, Units
from conformance.oracle.sums import Formula, Numbered, Tally, in_turn

#: More undecided positions than this are tried only all one way and all the other.
MOST_OPEN = 9

#: Trace at most this many samples, and only the first few of longer cases.
MOST_SAMPLES = 1000
FIRST_SAMPLES = 50

_ZERO = Fraction(0)


def evaluate(rules: Rules, call: Call, trace: bool = False) -> Prediction:
    """Predict what an implementation that follows `rules` returns for `call`; at each of several thresholds, if it has.

    Args:
        rules: one rule per axis.
        call: the case's data and parameters.
        trace: also say how each sample counted.

    Raises:
        Incomposable: rules of different implementations that cannot work together.
    """
    if rules.refusal.apply.only:
        return _checked(rules, call)
    thresholds = call.parameters.get("threshold")
    if not isinstance(thresholds, list):
        return _evaluated(rules, call, trace)
    # What raises is seen without a threshold, too.
    alone = trace and len(thresholds) == 1
    each = [_evaluated(rules, call, alone, threshold, thresholds) for threshold in thresholds or (0.5,)]
    return vector(each if thresholds else [], each[0])


def _evaluated(
    rules: Rules, call: Call, trace: bool, threshold: Any = None, thresholds: Sequence[Any] | None = None
) -> Prediction:
    """Predict what is returned at the threshold of the call, or at one of several."""
    first = Pass(rules, call, (), trace, threshold, thresholds)
    prediction = first.run()
    needed = first.needed
    if not needed:
        return prediction
    either = (False, True)
    each_way = itertools.product(either, repeat=needed)
    seen: list[Prediction] = []
    for bits in each_way if needed <= MOST_OPEN else ((way,) * needed for way in either):
        other = Pass(rules, call, bits, False, threshold, thresholds).run()
        if not any(other.same_as(known) for known in seen):
            seen.append(other)
    if len(seen) == 1:
        return seen[0]
    unread = tuple(name for name in prediction.unread if all(name in option.unread for option in seen))
    return Prediction("one-of", options=tuple(seen), samples=prediction.samples, unread=unread)


def traced(counted: Counted, weights: Any, index: int, number: int) -> SampleTrace:
    """Return how a sample of an update counted.

    Args:
        counted: what counts of the update.
        weights: its weights, one for each sample; anything else is not a weight of this sample.
        index: the place of the sample in the update.
        number: the same over all updates.
    """
    here = (index,) if counted.hit.ndim else ()
    kept = counted.kept is None or bool(np.any(counted.kept[here]))
    one_each = isinstance(weights, np.ndarray) and weights.shape[:1] == counted.hit.shape[:1] != ()
    weight = weights[here] if one_each else None
    return SampleTrace(
        number=number,
        decided=counted.decided[here].tolist(),
        truth=counted.truth[here].tolist(),
        hit=counted.hit[here].tolist(),
        kept=kept,
        weight=None if weight is None else np.asarray(weight, dtype="float64").tolist(),
    )


def counts(rules: Rules, call: Call) -> Iterator[tuple[Numbered, Counted]]:
    """Yield each update, numbered, with what an implementation that follows `rules` counts of it.

    Raises:
        Incomposable: rules of different implementations that cannot work together.
        Raises: it raises for this update.
    """
    one = Pass(rules, call, (), trace=False)
    for first, update in in_turn(call.updates):
        yield (first, update), one.counted(update, first)[0]


def _checked(rules: Rules, call: Call) -> Prediction:
    checks, parameters = rules.refusal.apply, rules.parameters(call)
    try:
        checks.before(parameters, call)
        for update in call.updates:
            checks.each(update, parameters, call)
    except Raises as raised:
        return Prediction("raises", type=raised.type, reason=located(raised.reason, call, parameters))
    return Prediction("value")


def _integer(value: Any) -> str:
    """Return the dtype of integers where the value is one, or nested lists of them; the empty string of others."""
    while isinstance(value, list) and value:
        value = value[0]
    return "int64" if isinstance(value, int) else ""


def _exact(value: Any) -> Any:
    """Return integers, or nested lists of them, as fractions, as all finite numbers are predicted."""
    if isinstance(value, list):
        return [_exact(item) for item in value]
    return Fraction(value) if isinstance(value, int) else value


def _finite(weights: Array) -> Array:
    if weights.dtype != object:
        return weights[np.isfinite(weights)]
    return np.array([weight for weight in weights.tolist() if isinstance(weight, Fraction)], dtype=object)


class Pass:
    """One evaluation; `bits` decide the elements that documentation or rounding leaves open, `needed` counts them."""

    def __init__(
        self,
        rules: Rules,
        call: Call,
        bits: tuple[bool, ...],
        trace: bool,
        threshold: Any = None,
        thresholds: Sequence[Any] | None = None,
    ) -> None:
        self.rules = rules
        self.accumulation = rules.accumulation.apply
        self.call = call
        self.bits = itertools.chain(bits, itertools.repeat(False))
        self.needed = 0
        #: The parameters as they are checked, and for one of several thresholds.
        self.given = self.parameters = rules.parameters(call)
        self.thresholds = thresholds
        if thresholds is not None:
            self.parameters = self.given.changed(threshold=threshold, thresholds=thresholds)
        self.samples: list[SampleTrace] | None = [] if trace else None
        self.additions = 0
        self.weight: Number = _ZERO
        self.magnitude: Number = _ZERO

    def run(self) -> Prediction:
        """Return what comes: a value, or what raises."""
        try:
            # Infinite weights times a miss, or less each other, are NaN, as they are in the frameworks.
            with np.errstate(invalid="ignore"):
                value = self.value()
        except Raises as raised:
            type_ = raised.type if self.accumulation.typed else None
            reason = located(raised.reason, self.call, self.parameters)
            return Prediction("raises", type=type_, reason=reason, samples=self.trace())
        return Prediction(
            "value",
            value=_exact(value),
            dtype=_integer(value) or self.result_dtype(isinstance(value, list)),
            precision=self.accumulation.precision(self.call),
            additions=self.additions * self.condition(),
            samples=self.trace(),
            unread=tuple(name for name in self.call.parameters if name not in self.parameters.read),
        )

    def result_dtype(self, vector: bool) -> str:
        """Return the dtype of the result, of which several thresholds make a vector, too."""
        several = self.thresholds is not None and len(self.thresholds) != 1
        return self.accumulation.result_dtype(self.call, vector=vector or several)

    def trace(self) -> tuple[SampleTrace, ...]:
        """Return how each sample counted, in order."""
        return tuple(sorted(self.samples or (), key=lambda sample: sample.number))

    def value(self) -> Any:
        """Return the value, exactly."""
        self.rules.refusal.apply.before(self.given, self.call)
        if self.accumulation.reported is None:
            return self.pooled()
        values, updates, most = [], self.call.updates, 0
        tally: Tally = {}
        for first, update in in_turn(updates):
            if self.accumulation.reported != "running":
                tally = {}
                self.additions, self.weight, self.magnitude = 0, _ZERO, _ZERO
            self.take(tally, update, first)
            before = self.additions
            values.append(self.finished(tally))
            most = max(most, self.additions * self.condition())
            self.additions = before
        averaged = self.accumulation.reported in ("mean", "mean-by-size")
        self.additions, self.weight, self.magnitude = most + averaged * len(values), _ZERO, _ZERO
        return self.accumulation.report(values, updates)

    def pooled(self) -> Any:
        """Return the value of all updates."""
        tally: Tally = {}
        for number, group in enumerate(self.accumulation.groups(self.call.updates)):
            own: Tally = {}
            for first, update in group:
                self.take(own, update, first)
            self.accumulation.join(tally, own, number)
            if number:
                tally.update(self.kept(tally))
        return self.finished(tally)

    def take(self, tally: Tally, update: Update, first: int) -> None:
        """Check one update, and add its sums to those of others."""
        self.rules.refusal.apply.each(update, self.parameters, self.call)
        self.accumulate(tally, self.tally(update, first))

    def finished(self, tally: Tally) -> Any:
        """Return the value of sums."""
        average, statistic = self.rules.average.apply, self.rules.statistic.apply
        undefined = self.rules.undefined_value.apply
        self.additions += average.rounded(tally, self.parameters) + statistic.rounded
        formula = Formula(statistic, self.parameters, self.call, undefined)
        return self.accumulation.finish(formula.finish(average, tally))

    def counted(self, update: Update, first: int) -> tuple[Counted, Array | None]:
        """Return which elements of an update are correct, and its weights as they were prepared."""
        prepared = self.rules.threshold_precision.apply.prepare(update, self.call)
        seen = self.rules.special_values.apply.seen
        shaping = self.rules.shape.apply
        counted = self.count(*shaping.first(seen(prepared.y_true), seen(prepared.y_pred)))
        return counted, prepared.sample_weight

    def tally(self, update: Update, first: int) -> Tally:
        """Return the sums of one update."""
        counted, sample_weight = self.counted(update, first)
        given = (
            update if sample_weight is update.sample_weight else replace(update, sample_weight=sample_weight)
        )
        weights = self.rules.weights.apply(counted.hit.shape, given, self.call)
        units = self.rules.unit.apply(counted, weights, first, self.parameters)
        units = all_of(units, update, first, counted.hit.size)
        units = replace(units, first=first) if first else units
        self.record(counted, weights, update.numbers if isinstance(update, Taken) else itertools.count(first))
        self.additions += self.rounded(units)
        return self.rules.average.apply.tally(units, self.parameters, self.call)

    def accumulate(self, tally: Tally, update: Tally) -> None:
        """Add the sums of one update to those of all."""
        alone = not tally
        self.accumulation.add(tally, self.kept(update))
        if not alone:
            tally.update(self.kept(tally))

    def kept(self, tally: Tally) -> Tally:
        """Return the sums as they are kept between updates."""
        name = self.accumulation.kept_in(self.call)
        if name is None:
            return tally
        return {key: sums.mapped(lambda number: kept_in(name, number)) for key, sums in tally.items()}

    def rounded(self, units: Units) -> int:
        """Return how many additions of an update are rounded: none for integers that the dtype holds exactly."""
        largest = largest_count(self.accumulation.precision(self.call))
        count = int(len(units.numerator) * units.share)
        if units.denominator is None:
            if units.numerator.dtype == object or units.share != 1:
                return count
            return (
                0
                if self.accumulation.kept_in(self.call) is None
                else max(0, int(units.numerator.sum()) - largest)
            )
        weights = _finite(units.denominator)
        weight = units.share * summed(weights)
        magnitude = weight if (weights >= 0).all() else units.share * summed(abs(weights))
        self.weight += weight
        self.magnitude += magnitude
        whole = (
            units.denominator.dtype != object
            and units.share == 1
            and bool((weights == np.trunc(weights)).all())
        )
        return 0 if whole and magnitude <= largest else count

    def condition(self) -> int:
        """Return how much weights that cancel each other magnify rounding: the sum of magnitudes over the sum.

        Subnormal sums are rounded as the smallest normal number is, and have fewer digits.
        """
        whole = max(self.weight, -self.weight)
        smallest = tiny(self.accumulation.precision(self.call))
        return math.ceil(max(self.magnitude, smallest) / whole) if whole else 1

    def count(self, y_true: Array, y_pred: Array) -> Counted:
        """Return which elements are correct."""
        parameters, comparison = self.parameters, self.rules.comparison
        scores = self.rules.score_transform.apply(y_pred, y_true, parameters, self.call)
        labels = self.rules.label_domain.apply(y_true, y_pred, parameters, comparison)
        decision = self.rules.decision_rule.apply(scores, y_true, parameters, comparison)
        if labels.decided_dtype is not None:
            decision = decision.cast(labels.decided_dtype)
        truth = self.rules.special_values.apply.seen(labels.truth)
        aligned = self.rules.shape.apply.align(truth, decision, y_pred)
        hit = aligned.decision.hits(aligned.truth, comparison.precision.equal)
        if aligned.decision.open is not None and aligned.decision.open.any():
            hit = hit.copy()
            where = aligned.decision.open_for(aligned.truth)
            count = int(where.sum())
            hit[where] = list(itertools.islice(self.bits, count))
            self.needed += count
        kept = self.rules.exclusion.apply.kept(y_true, parameters)
        if kept is not None:
            kept = broadcast_to(self.rules.shape.apply.align(kept, decision, y_pred).truth, hit.shape)
        hit = self.rules.exclusion.apply.hit(hit, aligned.truth, parameters)
        decided = aligned.decision.decided(aligned.truth, hit)
        counted = Counted(hit, kept, broadcast_to(aligned.truth, hit.shape), decided)
        return counted if aligned.final_shape is None else counted.reshape(aligned.final_shape)

    def record(self, counted: Counted, weights: Any, numbers: Iterable[int]) -> None:
        """Keep how each sample of an update counted, by its number, if that is asked for."""
        if self.samples is None:
            return
        count = sum(len(each.y_pred) if each.y_pred.ndim else 1 for each in self.call.updates)
        most = MOST_SAMPLES if count <= MOST_SAMPLES else FIRST_SAMPLES
        for index, number in zip(
            range(counted.hit.shape[0] if counted.hit.ndim else 1), numbers, strict=False
        ):
            if len(self.samples) >= most:
                return
            if number >= 0:
                self.samples.append(traced(counted, weights, index, int(number)))
