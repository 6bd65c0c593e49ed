"""Evaluate one call under many sets of rules that have most rules in common: what they share is evaluated once."""

from __future__ import annotations

import hashlib
import itertools
import operator
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Literal

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.evaluate import Pass, evaluate
from conformance.oracle.model import Behaviour, Incomposable, Rule
from conformance.oracle.numbers import Array
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import Raises
from conformance.oracle.ruleset import Rules
from conformance.oracle.stages import Checking, Checks, Counted, Units

#: By axis, the number of a rule: equal for rules that evaluate alike. That on default-parameter is of the parameters.
Numbers = Mapping[str, int]

#: The number of elements of all updates, and what is equal where the same ones are correct.
Correct = tuple[int, Hashable]

_PARAMETERS = "default-parameter"

#: Returns, of numbers by axis, those that decide which elements are correct.
_COUNTING = operator.itemgetter(
    _PARAMETERS,
    "threshold-precision",
    "score-transform",
    "label-domain",
    "decision-rule",
    "ties",
    "special-values",
    "shape",
    "exclusion",
)

#: The same, of those that decide what is made of them.
_TALLYING = operator.itemgetter(
    _PARAMETERS, "weights", "unit", "statistic", "average", "accumulation", "undefined-value"
)


def _nothing(*_: Any) -> None:
    """Check nothing."""


_UNCHECKED: Rule[Checking] = Behaviour(
    "refusal", "none", "Nothing is checked.", Checks(_nothing, _nothing)
).source("no implementation")


#: What comes where nothing but the checks is predicted.
_ANY_VALUE = Prediction("value")


class Evaluations:
    """Results of one call, as numbers: equal for predictions that are the same."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self._several = isinstance(call.parameters.get("threshold"), list)
        self._places = {id(update): place for place, update in enumerate(call.updates)}
        self._numbers: dict[Hashable, int] = {}
        self._results: list[Prediction] = []
        self._checked: dict[Hashable, Literal["raises", "only", "passes"]] = {}
        self._counted: dict[Hashable, _Marked] = {}
        self._marks: dict[Hashable, Hashable] = {}
        self._found: dict[Hashable, int | None] = {}
        self._correct: dict[Hashable, Correct | None] = {}

    def numbered(self, rules: Iterable[Rule]) -> dict[str, int]:
        """Return the numbers of rules."""
        return {
            rule.axis: self._numbers.setdefault(self._essence(rule), len(self._numbers)) for rule in rules
        }

    def _essence(self, rule: Rule) -> Hashable:
        if rule.axis == _PARAMETERS:
            return rule.axis, repr(sorted({**rule.apply(self.call), **self.call.parameters}.items()))
        return rule.behaviour, rule.apply

    def number_of(self, prediction: Prediction) -> int:
        """Return the number of a result."""
        for number, known in enumerate(self._results):
            if known.same_as(prediction):
                return number
        self._results.append(prediction)
        return len(self._results) - 1

    def prediction(self, number: int) -> Prediction:
        """Return the first result that has the number."""
        return self._results[number]

    def result(self, numbers: Numbers, rules: Callable[[], Rules]) -> int | None:
        """Return the number of what comes of rules; None where they raise, or cannot work together.

        Args:
            numbers: the rules by number.
            rules: returns them.
        """
        accumulation = numbers["accumulation"]
        checks = numbers["refusal"], numbers[_PARAMETERS], accumulation
        if checks not in self._checked:
            self._checked[checks] = self._check(rules())
        if self._checked[checks] == "raises":
            return None
        if self._checked[checks] == "only":
            return self.number_of(_ANY_VALUE)
        counting = _COUNTING(numbers)
        if self._several:  # Each threshold decides otherwise, so that nothing is shared.
            self._marks[counting, accumulation] = counting
        elif (counting, accumulation) not in self._marks:
            self._marks[counting, accumulation] = self._marked(_Shared(self, rules(), counting))
        mark = self._marks[counting, accumulation]
        key = mark, _TALLYING(numbers)
        if mark is not None and key not in self._found:
            self._found[key] = self._evaluated(rules(), counting, whole=mark == counting)
        return self._found.get(key)

    def correct(self, numbers: Numbers, rules: Callable[[], Rules]) -> Correct | None:
        """Return what identifies which elements are correct; None where rules raise, or cannot work together."""
        key = _COUNTING(numbers), numbers["accumulation"]
        if key not in self._correct:
            shared = _Shared(self, rules(), key[0])
            try:
                updates = itertools.chain.from_iterable(shared.accumulation.groups(self.call.updates))
                in_order = sorted(updates, key=lambda numbered: numbered[0])
                found = [_kept_hits(shared.marked(update, first).count[0]) for first, update in in_order]
            except (Raises, Incomposable):
                self._correct[key] = None
            else:
                hits = np.concatenate([*found, np.zeros(0, dtype=bool)])
                self._correct[key] = hits.size, _content(hits)
        return self._correct[key]

    def _check(self, rules: Rules) -> Literal["raises", "only", "passes"]:
        checks = rules.refusal.apply
        try:
            parameters = rules.parameters(self.call)
            checks.before(parameters, self.call)
            for _, update in itertools.chain.from_iterable(
                rules.accumulation.apply.groups(self.call.updates)
            ):
                checks.each(update, parameters, self.call)
        except (Raises, Incomposable):
            return "raises"
        return "only" if checks.only else "passes"

    def _marked(self, shared: _Shared) -> Hashable:
        """Return what identifies which elements are correct; None if none are, the rules where that is left open."""
        groups = shared.accumulation.groups(self.call.updates)
        try:
            found = [[(first, shared.marked(update, first)) for first, update in group] for group in groups]
        except (Raises, Incomposable):
            return None
        if any(marked.open for group in found for _, marked in group):
            return shared.counting
        marks = tuple(tuple((first, marked.mark) for first, marked in group) for group in found)
        return self._numbers.setdefault(marks, len(self._numbers))

    def _evaluated(self, rules: Rules, counting: Hashable, *, whole: bool) -> int | None:
        try:
            shared = _Shared(self, rules, counting)
            found = evaluate(shared.rules, self.call) if whole else shared.run()
        except Incomposable:
            return None
        return None if found.kind == "raises" else self.number_of(found)

    def counted(self, shared: _Shared, update: Update, first: int) -> _Marked:
        """Return which elements of an update are correct, known or counted now."""
        place = self._places.get(id(update))
        known = shared.counting, (first, len(update.y_pred)) if place is None else place
        if known not in self._counted:
            before = shared.needed
            counted, weights = Pass.counted(shared, update, first)
            self._counted[known] = _Marked(counted, weights, shared.needed > before)
        return self._counted[known]


class _Marked:
    """Which elements are correct, unless that is left open, their weights, and what is equal where both are."""

    def __init__(self, counted: Counted, weights: Array | None, open: bool) -> None:  # noqa: A002
        self.count, self.open = (counted, weights), open
        self.mark = tuple(map(_content, (counted.hit, counted.kept, counted.truth, counted.decided, weights)))


class _Shared(Pass):
    """An evaluation that takes from others which elements are correct; it checks nothing."""

    def __init__(self, known: Evaluations, rules: Rules, counting: Hashable) -> None:
        super().__init__(rules.changed(_UNCHECKED), known.call, (), trace=False)
        self._known, self.counting = known, counting

    def marked(self, update: Update, first: int) -> _Marked:
        return self._known.counted(self, update, first)

    def counted(self, update: Update, first: int) -> tuple[Counted, Array | None]:
        return self.marked(update, first).count

    def rounded(self, units: Units) -> int:
        return 0


def _kept_hits(counted: Counted) -> Array:
    return np.where(True if counted.kept is None else counted.kept, counted.hit, False).ravel()


def _content(array: Array | None) -> Hashable:
    if array is None:
        return None
    if array.dtype == object:
        return array.shape, repr(array.tolist())
    return array.shape, array.dtype.str, hashlib.blake2b(array.tobytes(), digest_size=16).digest()
