"""What was predicted for the calls of a run: not all of it is kept, as it takes most of the memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable

from conformance.adapters.base import Call
from conformance.cache.derived import Derived
from conformance.oracle import Predictions
from conformance.oracle.exchange import Known
from conformance.oracle.resolve import Evaluated

#: So many predictions are kept; what is forgotten is predicted anew when it is asked for.
MOST = 15_000


class Kept:
    """Predictions by call, and why the implementations of a call differ; calls are compared by identity.

    Args:
        derived: what earlier runs have found; None if that counts for nothing.
    """

    def __init__(self, derived: Derived | None = None) -> None:
        self._derived = derived
        #: The calls of cases: their predictions are asked for again in the end, those of laws are not.
        self.of_cases: set[Call] = set()
        self._predictions: dict[Call, dict[Hashable, Predictions]] = {}
        self._others: dict[Call, dict[Hashable, Predictions]] = {}
        self._number = 0
        self._evaluated: dict[Call, Evaluated] = {}
        self._causes: dict[Call, Known] = {}
        #: How many causes earlier runs had found.
        self._earlier: dict[Call, int] = {}

    def predictions(self, call: Call, key: Hashable, predict: Callable[[], Predictions]) -> Predictions:
        """Return what is kept for a call under a key; made by `predict` if nothing is."""
        kept = self._predictions if call in self.of_cases else self._others
        of_call = kept.setdefault(call, {})
        if key not in of_call:
            of_call[key] = predict()
            self._number += 1
            while self._number > MOST and len(self._predictions) + len(self._others) > 1:
                self._forget_another(call)
        return of_call[key]

    def evaluated(self, call: Call) -> Evaluated:
        """Return what rules came to on a call, for more to be added."""
        return self._evaluated.setdefault(call, {})

    def causes(self, call: Call) -> Known:
        """Return the causes that are known of a call, for new ones to be added."""
        if call not in self._causes:
            known = {} if self._derived is None else self._derived.causes(call)
            self._causes[call], self._earlier[call] = known, len(known)
        return self._causes[call]

    def done(self, call: Call) -> None:
        """Forget what is predicted of a call that will not be asked for again."""
        self._number -= len(self._predictions.pop(call, ()))
        self._evaluated.pop(call, None)
        self._forget_causes(call)

    def clear(self) -> None:
        """Forget everything, and keep new causes for later runs."""
        for call in tuple(self._causes):
            self._forget_causes(call)
        self._predictions.clear()
        self._others.clear()
        self._evaluated.clear()
        self.of_cases.clear()
        self._number = 0

    def _forget_another(self, than: Call) -> None:
        # A run goes through its cases several times, in their order: the latest is asked for again last.
        calls = itertools.chain(self._others, reversed(self._predictions))
        call = next(each for each in calls if each is not than)
        self._number -= len((self._others if call in self._others else self._predictions).pop(call))
        self._evaluated.pop(call, None)
        self._forget_causes(call)

    def _forget_causes(self, call: Call) -> None:
        """Forget the causes on a call; new ones are kept for later runs, and for this one if it asks again."""
        known, earlier = self._causes.pop(call, {}), self._earlier.pop(call, 0)
        if self._derived is not None and len(known) > earlier:
            self._derived.keep_causes(call, known)
