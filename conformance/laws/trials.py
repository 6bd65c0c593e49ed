"""On which inputs a law is tried for an implementation, and what is predicted. No framework is called."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, cast, get_args

from conformance.adapters.base import Call, Implementation
from conformance.adapters.usage import USAGES
from conformance.cache.keys import call_key, digest
from conformance.cases import Case
from conformance.cases.ordinary import oddities
from conformance.laws.generated import TIES, generated
from conformance.laws.measured import Measured, of_prediction
from conformance.laws.model import Law, Variant, axes_of
from conformance.oracle import Predictions, usage_departures
from conformance.oracle.prediction import Prediction
from conformance.session.session import Session

#: Most data values of a case on which laws are tried. Beyond, a law costs seconds for one implementation, a few
#: hundred megabytes for its copies of the data, and tells no more: what a full counter does, small numbers of a narrow
#: dtype show too.
MOST_VALUES = 1000
#: Most cases on which a law is tried for one implementation.
MOST_CASES = 2
#: The same where all data are handed to a call of its own, which costs as much as fifty others: a model is compiled,
#: or processes are started.
MOST_CASES_SLOW = 1
#: Most generated inputs on which a law is tried in addition.
MOST_GENERATED = 4
#: Most cases that apply to an implementation among which its trials are chosen, the smallest ones.
MOST_CONSIDERED = 1000
#: Most cases among which the plainest predicted failure is looked for.
MOST_PREDICTED = 40

#: `silent`: an exception is predicted for both calls, so that the trial says nothing about the law.
LawPrediction = Literal["holds", "fails", "open", "silent"]


@dataclass(frozen=True, eq=False)
class Trial:
    """One case on which a law is tried for an implementation.

    Attributes:
        law: the law.
        case: the case.
        variant: the two calls.
        asked: the implementation of the base.
        implementation: the implementation of the changed call.
    """

    law: Law
    case: Case
    variant: Variant
    asked: Implementation
    implementation: Implementation

    @property
    def single(self) -> bool:
        """Whether the law is about one call alone."""
        return self.variant.base is self.variant.call and self.asked is self.implementation

    def holds(self, base: Measured | None, changed: Measured | None) -> bool:
        """Whether two values satisfy the law; None stands for an exception, and two of them break no law."""
        if base is None or changed is None:
            return base is changed
        expected = self.variant.expected(base.value, axes_of(self.asked, self.variant.base))
        return Measured(expected, base.precision, base.additions).same_as(changed)


@dataclass(frozen=True)
class TrialPredictions:
    """What the definitions predict for a trial; None where an implementation claims none.

    Attributes:
        base: prediction for the base.
        changed: prediction for the changed call.
        law: what the predictions mean for the law.
        findings: ids of the findings without which the prediction for the law would be another one.
    """

    base: Prediction | None
    changed: Prediction | None
    law: LawPrediction
    findings: tuple[str, ...] = ()


class Trials:
    """The trials of a run; implementations with the same call share it.

    Args:
        session: the run.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        small = [case for case in session.cases if size_of(case.call()) <= MOST_VALUES]
        self._in_turn = _in_turn(sorted(small, key=lambda case: (size_of(case.call()), case.id)))
        self._odd = {case.id: oddities(case) for case in small}
        self._cases: dict[str, tuple[Case, ...]] = {}
        self._in_order: dict[str, Sequence[Case]] = {}
        self._entries = {entry.id: entry for adapter in session.adapters for entry in adapter.implementations}
        self._variants: dict[tuple[str, str], tuple[Variant, ...]] = {}
        #: Makes a call of another: the same object each time, so that it is predicted once.
        self._made: Callable[[Call, Callable[[Call], Any]], Any] = cache(lambda call, make: make(call))
        #: Returns what is predicted for both calls of a trial, and what that means for the law.
        self.predictions: Callable[[Trial], TrialPredictions] = cache(self._predictions)
        self._chosen: dict[tuple[str, str], tuple[Trial, ...]] = {}
        self._by_id = {case.id: case for case in (*small, *generated())}
        self._told: dict[str, str] = {}
        self._told_of_case: Callable[[Case], str] = cache(self._told_of_case_)

    def reason(self, law: Law, implementation: Implementation) -> str | None:
        """Say why a law is not tried for an implementation, or None where it is; nothing is predicted for that."""
        lacks = law.lacks(implementation)
        if lacks is not None:
            return lacks
        if implementation.asked != "always":
            return "is run only if a case names it or a loss: it costs much and adds little"
        if self._asked(law, implementation) is None:
            return "has no counterpart to be compared with"
        if next(self._all(law, implementation, self._cases_of(implementation)), None) is None:
            return "has no case in this run on which the law can be tried"
        return None

    def chosen(self, law: Law, implementation: Implementation) -> tuple[Trial, ...]:
        """Return the trials to be run, from the plainest case on.

        A few small cases of different families are taken, and the plainest predicted failure among more of them.
        """
        key = law.id, implementation.id
        if key not in self._chosen:
            known = self._known(law, implementation)
            self._chosen[key] = self._choose(law, implementation) if known is None else known
        return self._chosen[key]

    def _choose(self, law: Law, implementation: Implementation) -> tuple[Trial, ...]:
        """Choose trials, and keep for later runs which."""
        chosen = (*self._from_cases(law, implementation), *self._generated(law, implementation))
        if self._session.derived is not None:
            numbers = [
                (trial.case.id, self._variants_of(law, trial.case).index(trial.variant)) for trial in chosen
            ]
            self._session.derived.keep_text(json.dumps(numbers), self.told(law, implementation))
        return chosen

    def _known(self, law: Law, implementation: Implementation) -> tuple[Trial, ...] | None:
        """Return the trials that an earlier run has chosen among the same cases, or None."""
        derived, asked = self._session.derived, self._asked(law, implementation)
        text = None if derived is None else derived.text(self.told(law, implementation))
        if text is None or asked is None:
            return None
        return tuple(
            Trial(law, case, self._variants_of(law, case)[number], asked, implementation)
            for name, number in json.loads(text)
            for case in (self._by_id[name],)
        )

    def told(self, law: Law, implementation: Implementation) -> str:
        """Return a digest of all that the choice depends on but the code."""
        asked = self._asked(law, implementation) or implementation
        sides = [
            f"{entry.id} {self._session.adapter_of(entry).place} {sorted(self._session.versions_of(entry).items())}"
            for entry in (asked, implementation)
        ]
        return digest(["trials", law.id, *sides, self._told_of_cases(implementation)])

    def _told_of_cases(self, implementation: Implementation) -> str:
        if implementation.id not in self._told:
            cases = map(self._told_of_case, self._cases_of(implementation))
            self._told[implementation.id] = digest(cases)
        return self._told[implementation.id]

    def _told_of_case_(self, case: Case) -> str:
        given = (case.id, case.family, case.expect, case.implementations, self._odd[case.id])
        return f"{given} {call_key(case.call())}"

    def _from_cases(self, law: Law, implementation: Implementation) -> list[Trial]:
        most = MOST_CASES if implementation.recipe.data == "each" else MOST_CASES_SLOW
        taken: list[Trial] = []
        plainest: Trial | None = None
        cases = self._ordered(implementation)
        for group in itertools.islice(self._all(law, implementation, cases), MOST_PREDICTED):
            if not most and plainest is not None and self._plainness(group[0]) > self._plainness(plainest):
                # Neither tried nor the plainest failure: there is no need to predict it.
                continue
            telling = [trial for trial in group if self._law(trial) != "silent"]
            if telling and most:
                most -= 1
                taken += telling
            failures = [trial for trial in telling if self._law(trial) == "fails"]
            plainest = min([*([plainest] if plainest else ()), *failures], key=self._plainness, default=None)
        if plainest is not None:
            plainest = self._plainer(law, implementation, plainest)
        if plainest is not None and plainest not in taken:
            taken.append(plainest)
        return sorted(taken, key=self._plainness)

    def _plainer(self, law: Law, implementation: Implementation, found: Trial) -> Trial:
        """Return the plainest predicted failure, where one is known: the smallest cases are not all plain."""
        least = self._odd[found.case.id]
        cases = [case for case in self._cases_of(implementation) if self._odd[case.id] < least]
        cases.sort(key=lambda case: (self._odd[case.id], size_of(case.call()), case.id))
        trials = itertools.chain.from_iterable(
            itertools.islice(self._all(law, implementation, cases), MOST_PREDICTED)
        )
        return next((trial for trial in trials if self._law(trial) == "fails"), found)

    def _generated(self, law: Law, implementation: Implementation) -> Iterator[Trial]:
        """Yield trials on generated inputs, of implementations that are called at little cost."""
        if implementation.recipe.data != "each" or implementation.sharded:
            return
        left = MOST_GENERATED
        ties = implementation.definition is not None
        inputs = [case for case in generated() if ties or TIES not in case.tags]
        for group in self._all(law, implementation, inputs):
            saying = [trial for trial in group if self._law(trial) != "silent"]
            yield from saying
            left -= bool(saying)
            if not left:
                return

    def _law(self, trial: Trial) -> LawPrediction:
        """Return what is predicted for the law, from an earlier run if one has derived it: most trials are not run."""
        derived = self._session.derived
        if derived is None:
            return self.predictions(trial).law
        sides = [
            f"{entry.definition} {self._session.release_of(entry) or ''} {entry.claims_departures}"
            for entry in (trial.asked, trial.implementation)
        ]
        what = "\n".join(["law", trial.law.id, str(trial.single), trial.variant.change, *sides])
        calls = trial.variant.base, trial.variant.call
        known = derived.text(what, *calls)
        if known in get_args(LawPrediction):
            return cast(LawPrediction, known)
        law = self.predictions(trial).law
        derived.keep_text(law, what, *calls)
        return law

    def _predictions(self, trial: Trial) -> TrialPredictions:
        base = self._session.predictions_of(trial.variant.base, trial.asked)
        changed = (
            base if trial.single else self._session.predictions_of(self._meant(trial), trial.implementation)
        )
        one, other = _predicted(base), _predicted(changed)
        if trial.law.about == "inputs":
            return TrialPredictions(one, other, "holds")
        without = _law_prediction(trial, one, other)
        really = self._really(trial)
        # A call that raises leaves no state to speak of.
        if really is not None and (one is None or one.kind == "value"):
            finding, other = really
            law = _law_prediction(trial, one, other)
            return TrialPredictions(one, other, law, (finding,) if law != without else ())
        departures: tuple[str, ...] = ()
        claimed = base and changed and _law_prediction(trial, base.claimed, changed.claimed)
        if base and changed and without != "holds" and claimed == "holds":
            departures = tuple(dict.fromkeys((*base.departures, *changed.departures)))
        return TrialPredictions(one, other, without, departures)

    def _asked(self, law: Law, implementation: Implementation) -> Implementation | None:
        return next(
            (self._entries[name] for name in law.partners(implementation) if name in self._entries), None
        )

    def _all(self, law: Law, implementation: Implementation, cases: Iterable[Case]) -> Iterator[list[Trial]]:
        """Yield the trials of a law for an implementation, by case; cases on which it cannot be tried are left out."""
        asked = self._asked(law, implementation)
        if asked is None or law.lacks(implementation) is not None:
            return
        for case in cases:
            trials = [
                Trial(law, case, variant, asked, implementation)
                for variant in self._variants_of(law, case)
                if _can(implementation, variant.call.usage)
                and self._takes(case, asked, variant.base)
                and self._takes(case, implementation, variant.call)
            ]
            if trials:
                yield trials

    def _cases_of(self, implementation: Implementation) -> tuple[Case, ...]:
        """Return the cases that apply to an implementation: the first that do."""
        if implementation.id not in self._cases:
            taken = (case for case in self._in_turn if self._takes(case, implementation, case.call()))
            self._cases[implementation.id] = tuple(itertools.islice(taken, MOST_CONSIDERED))
        return self._cases[implementation.id]

    def _ordered(self, implementation: Implementation) -> Sequence[Case]:
        """Return these in the order in which they are chosen: one for which an exception is predicted says least."""
        if implementation.id not in self._in_order:
            self._in_order[implementation.id] = sorted(
                self._cases_of(implementation), key=lambda case: self._raises(case, implementation)
            )
        return self._in_order[implementation.id]

    def _raises(self, case: Case, implementation: Implementation) -> bool:
        predictions = self._session.predictions_of(case.call(), implementation)
        return predictions is not None and predictions.predicted.kind == "raises"

    def _takes(self, case: Case, implementation: Implementation, call: Call) -> bool:
        # What a case pins, no definition predicts: nor does it what becomes of it.
        return (
            self._session.reason_not_asked(case, implementation, call) is None
            and case.expectation_for(implementation.known_as, self._session.versions_of(implementation))
            is None
        )

    def _variants_of(self, law: Law, case: Case) -> tuple[Variant, ...]:
        key = law.id, case.id
        if key not in self._variants:
            self._variants[key] = tuple(law.variants(case.call()))
        return self._variants[key]

    def _meant(self, trial: Trial) -> Call:
        """Return the call that the definition knows: a usage changes nothing of it, a form what is seen of the data."""
        call, forms = trial.variant.call, trial.implementation.recipe.forms
        if call.usage not in forms:
            return call if call.usage == "plain" else trial.variant.base
        made: Call = self._made(call, _seen_as(forms[call.usage].seen))
        return made

    def _plainness(self, trial: Trial) -> tuple[int, int, str]:
        """Order trials by what users would meet first: plain inputs, then small ones."""
        return self._odd[trial.case.id], size_of(trial.case.call()), trial.case.id

    def _really(self, trial: Trial) -> tuple[str, Prediction | None] | None:
        """Return the finding of a departure under the usage of the trial, and what it predicts; None without one."""
        call, definition = trial.variant.call, trial.implementation.definition
        if definition is None or not trial.implementation.claims_departures:
            return None
        release = self._session.release_of(trial.implementation)
        for departure in usage_departures(definition, call.usage, release):
            really = departure.really(call)
            if isinstance(really, Call):
                recorded = self._made(call, departure.really)
                really = _predicted(self._session.predictions_of(recorded, trial.implementation))
            if really is not None:
                return departure.finding.id, really
        return None


def size_of(call: Call) -> int:
    """Return the number of data values of a call."""
    arrays = (array for u in call.updates for array in (u.y_true, u.y_pred, u.sample_weight))
    return sum(array.size for array in arrays if array is not None)


def _predicted(predictions: Predictions | None) -> Prediction | None:
    return None if predictions is None else predictions.predicted


def _can(implementation: Implementation, usage: str) -> bool:
    if usage in USAGES:
        return bool(implementation.recipe.state) or not USAGES[usage].of_state
    return usage in implementation.recipe.forms


@cache
def _seen_as(seen: Callable[[Any], Any]) -> Callable[[Call], Call]:
    """Return what makes the plain call of one whose data a framework sees in another form."""

    def plain(call: Call) -> Call:
        updates = (replace(u, y_true=seen(u.y_true), y_pred=seen(u.y_pred)) for u in call.updates)
        return replace(call, updates=tuple(updates), usage="plain")

    return plain


def _in_turn(cases: Iterable[Case]) -> list[Case]:
    """Take from each family of cases its first, then from each its second, and so on."""
    places: Counter[str | None] = Counter()
    placed = []
    for case in cases:
        placed.append((places[case.family], case))
        places[case.family] += 1
    return [case for _, case in sorted(placed, key=lambda pair: pair[0])]


def _law_prediction(trial: Trial, base: Prediction | None, changed: Prediction | None) -> LawPrediction:
    if base is None or changed is None:
        return "open"
    if base.kind == changed.kind == "raises":
        return "silent"
    if base.says_nothing or changed.says_nothing:
        return "open"
    found = {
        trial.holds(of_prediction(one), of_prediction(other))
        for one, other in itertools.product(base.options or (base,), changed.options or (changed,))
    }
    return "holds" if found == {True} else "fails" if found == {False} else "open"
