"""What implementations give on a call, and on changes of it, as their definitions predict; each is asked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Call, Implementation, Update
from conformance.adapters.releases import Release
from conformance.ask.compressed import compressed
from conformance.ask.given import Given
from conformance.ask.question import joined
from conformance.oracle import Predictions, find, predict
from conformance.oracle.numbers import is_whole
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import resolve

#: Rules are varied on at most so many kinds of samples.
MOST_KINDS = 4_000
#: Of more updates all samples are evaluated at once.
_MOST_UPDATES = 200

Asked = Sequence[tuple[Implementation, Release]]


class Giving:
    """What implementations give on one call.

    Args:
        call: the arrays and parameters as they were given.
        asked: implementations with their releases, those that are tried first at the front.
    """

    def __init__(self, call: Call, asked: Asked) -> None:
        self.call = call
        whole = joined(call)
        at_once = replace(call, updates=(whole,), batches=None)
        few = len(call.updates) <= _MOST_UPDATES
        self.given = compressed(call if len(call.updates) == 1 or few else at_once)
        self.positions = _has_positions(call, whole)
        if self.positions:  # each position, such as a token, is decided on its own
            whole = replace(whole, y_true=whole.y_true.ravel(), y_pred=whole.y_pred.ravel())
        at_once = replace(at_once, updates=(whole,))
        self.kinds = self.given if len(call.updates) == 1 and not self.positions else compressed(at_once)
        self.whole = Given(replace(call, updates=(whole,), batches=None if self.positions else call.batches))
        #: Those that are asked, of all metrics.
        self.known = [(entry, release) for entry, release in asked if entry.definition is not None]
        self.asked = [one for one in self.known if one[0].metric == call.metric]
        self.varied = sum(len(update.y_true) for update in self.given.updates) <= MOST_KINDS
        self._own: dict[str, Predictions | None] = {}

    def own(self, entry: Implementation, release: Release) -> Predictions | None:
        """Return what an implementation gives on the call, None if it cannot be called on it."""
        if entry.id not in self._own:
            applies = reason_not_applicable(entry, self.call, release=release) is None
            self._own[entry.id] = predictions(entry, self.given, release) if applies else None
        return self._own[entry.id]

    def value(self, entry: Implementation, release: Release) -> Any:
        """Return the number that an implementation gives on the call; None if it gives none."""
        own = self.own(entry, release)
        return None if own is None else value_in(own.predicted)

    def rules(self, entry: Implementation, release: Release) -> Hashable:
        """Return what is equal for implementations that follow the same rules on the call."""
        return rules_of(entry, self.given, release)

    def value_on(self, call: Call, entry: Implementation, release: Release) -> Any:
        """Return the number that an implementation gives on another call; None if it gives none."""
        if reason_not_applicable(entry, call, release=release) is not None:
            return None
        return value_in(predictions(entry, call, release).predicted)

    def usual(self) -> None:
        """Let implementations go first whose number most others give, too: what people mean by the name."""
        numbers = Counter(
            value for one in self.asked if isinstance(value := self.value(*one), (Fraction, float))
        )
        order = {id(one[0]): -numbers.get(_hashable(self.value(*one)), 0) for one in self.asked}
        self.asked.sort(key=lambda one: (one[0].quantity != self.call.metric, order[id(one[0])]))


def _has_positions(call: Call, whole: Update) -> bool:
    """Whether samples have several integer labels each, which are no one-hot vectors."""
    true, pred = whole.y_true, whole.y_pred
    several = call.task == "multiclass" and true.ndim > 1 and true.shape == pred.shape and true.shape[-1] > 1
    if not several or whole.sample_weight is not None or not (is_whole(true) and is_whole(pred)):
        return False
    return not all(bool(((x >= 0) & (x.sum(axis=-1, keepdims=True) == 1)).all()) for x in (true, pred))


def predictions(entry: Implementation, call: Call, release: Release) -> Predictions:
    """Return what the definition of an implementation says about a call."""
    return predict(find(entry.definition or ""), call, trace=False, release=release)


def rules_of(entry: Implementation, call: Call, release: Release) -> Hashable:
    """Return what is equal for implementations that follow the same rules on a call."""
    resolved = resolve(find(entry.definition or ""), call, release)
    return tuple(rule.behaviour for rule in resolved.rules.by_axis().values())


def value_in(prediction: Prediction) -> Any:
    """Return the value that is predicted; None if there is none."""
    return prediction.value if prediction.kind == "value" else None


def _hashable(value: Any) -> Any:
    return None if isinstance(value, list) else value
