"""Outcomes of the trials of a law, checked against the law and against their predictions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from conformance.adapters.base import Implementation
from conformance.adapters.reproducer import reproducer
from conformance.adapters.usage import ACCEPTED
from conformance.calls.outcome import Outcome
from conformance.laws.measured import Measured, of_outcome
from conformance.laws.model import Law, axes_of
from conformance.laws.trials import Trial, TrialPredictions, Trials, size_of
from conformance.session.session import Answer
from conformance.verdicts.verdicts import shown, shown_prediction

Verdict = Literal["holds", "fails-as-defined", "fails-undocumented", "stale", "not-applicable"]

#: From the one that says most about a law and an implementation to the one that says least.
ORDER: tuple[Verdict, ...] = ("fails-undocumented", "stale", "fails-as-defined", "holds", "not-applicable")

#: Verdicts that fail a run. Without a claimed definition no failure is predicted, so every failure is
#: undocumented: users rely on laws, no matter who wrote the metric.
FAILING: frozenset[str] = frozenset({"fails-undocumented", "stale"})


@dataclass(frozen=True)
class Tried:
    """What one trial came to.

    Attributes:
        trial: the trial.
        verdict: what it says about the law.
        base: the outcome of the base call.
        changed: the outcome of the changed call.
        predictions: what was predicted.
        explanation: for anything but `holds`: one or two sentences.
    """

    trial: Trial
    verdict: Verdict
    base: Outcome
    changed: Outcome
    predictions: TrialPredictions
    explanation: str | None = None


@dataclass(frozen=True)
class LawCell:
    """One law and one implementation.

    Attributes:
        law: the law.
        implementation: the implementation.
        verdict: see `Verdict`; `holds` is what no trial refuted, which proves nothing; `stale` is what should fail
            by a definition or a departure, and does not.
        tried: on how many cases and generated inputs the law was tried.
        shown_by: the plainest trial that came to this verdict; None where the law holds or is not applicable.
        reason: for `not-applicable`: why.
        document: what `to_json` returned in an earlier run; empty if this one tried the law.
    """

    law: Law
    implementation: Implementation
    verdict: Verdict
    tried: int = 0
    shown_by: Tried | None = None
    reason: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fails(self) -> bool:
        """Whether this fails a run."""
        return self.verdict in FAILING

    def to_json(self) -> dict[str, Any]:
        """Return the entry of `laws` in the results document."""
        if self.document:
            return dict(self.document)
        document: dict[str, Any] = {
            "implementation": self.implementation.id,
            "verdict": self.verdict,
            "tried": self.tried,
        }
        if self.reason is not None:
            document["reason"] = self.reason
        if self.shown_by is not None:
            document |= _shown(self.shown_by)
        return document


class Judge(Trials):
    """Tries the laws in a run, and judges them."""

    def submit(self, law: Law, implementation: Implementation) -> None:
        """Have all trials of a law for an implementation computed; returns once they are chosen."""
        for trial in self._to_run(law, implementation):
            self._session.ask(trial.variant.base, trial.asked)
            self._session.ask(trial.variant.call, trial.implementation)

    def cell(self, law: Law, implementation: Implementation) -> LawCell:
        """Wait for all trials of a law for an implementation, submitting them first if they were not."""
        for trial in self.chosen(law, implementation):
            # Whether it ends a process is known here once it was asked.
            if trial.case.id in self._elsewhere:
                self._session.answer_to(trial.case.call(), implementation)
        self.submit(law, implementation)
        answers = [(trial, *self._answers(trial)) for trial in self._to_run(law, implementation)]
        told = [f"{each.outcome!r} {each.distrust}" for _, *both in answers for each in both]
        run = [(trial.case.id, trial.variant.change) for trial, *_ in answers]
        what = "\n".join(["law cell", self.told(law, implementation), repr(run), *told])
        derived = self._session.derived
        if derived is not None and (known := derived.text(what)) is not None:
            document = json.loads(known)
            reason = document.get("reason")
            return LawCell(law, implementation, document["verdict"], reason=reason, document=document)
        found = self._judged(law, implementation, answers)
        # What fails is looked at again: its message says more than the document.
        if derived is not None and not found.fails:
            derived.keep_text(json.dumps(found.to_json()), what)
        return found

    def _judged(
        self, law: Law, implementation: Implementation, answers: Sequence[tuple[Trial, Answer, Answer]]
    ) -> LawCell:
        tried = [
            found
            for trial, *both in answers
            if (found := _tried(trial, self.predictions(trial), *both)) is not None
        ]
        cases = len({found.trial.case.id for found in tried})
        for verdict in ORDER:
            first = next((found for found in tried if found.verdict == verdict), None)
            if first is not None:
                return LawCell(law, implementation, verdict, cases, None if verdict == "holds" else first)
        reason = "has no case in this run that says anything about the law"
        return LawCell(law, implementation, "not-applicable", reason=reason)

    @cached_property
    def _elsewhere(self) -> set[str]:
        """The ids of the cases whose cells other shards have."""
        own = {case.id for case in self._session.own_cases}
        return {case.id for case in self._session.cases} - own

    def _to_run(self, law: Law, implementation: Implementation) -> list[Trial]:
        """Return the trials, but for cases that are known to end a process or to take too long."""
        chosen = self.chosen(law, implementation)
        return [trial for trial in chosen if not self._session.lost(trial.case.call(), implementation)]

    def _answers(self, trial: Trial) -> tuple[Answer, Answer]:
        return (
            self._session.answer_to(trial.variant.base, trial.asked),
            self._session.answer_to(trial.variant.call, trial.implementation),
        )


def _tried(trial: Trial, predictions: TrialPredictions, base: Answer, changed: Answer) -> Tried | None:
    """Check two answers against the law; None where they say nothing about it."""
    one, other = base.outcome, changed.outcome

    def tried(verdict: Verdict, explanation: str | None = None) -> Tried:
        return Tried(trial, verdict, one, other, predictions, explanation)

    for outcome, distrust in ((one, base.distrust), (other, changed.distrust)):
        if outcome.kind not in ("value", "raises"):
            return tried("fails-undocumented", f"No outcome: {outcome.kind}: {outcome.message}.")
        if distrust:
            return tried("fails-undocumented", distrust)
    if other.type == ACCEPTED:
        return None
    failed = next(
        (p for p in (predictions.base, predictions.changed) if p is not None and p.kind == "not-evaluated"),
        None,
    )
    if failed is not None:
        return tried("fails-undocumented", f"Nothing is predicted: {failed.why}.")
    if one.kind == other.kind == "raises" and not (one.changed_inputs or other.changed_inputs):
        if None in (predictions.base, predictions.changed) or _as_predicted(predictions, one, other):
            return None
        text = f"{_with(trial)}{shown(other)}, as in the base call, so that the law is not tried."
        return tried("fails-undocumented", f"{text} {_prediction(predictions, one, other)}")
    values = _values(trial, predictions, one, other)
    if trial.holds(*values):
        if predictions.law != "fails":
            return tried("holds")
        said = f"by {', '.join(predictions.findings)}" if predictions.findings else "by the definition"
        return tried(
            "stale", f"{_with(trial)}{shown(other)}, as the law requires, but {said} it should fail."
        )
    text = f"{_with(trial)}{_departs(trial, one, other, values[0])}."
    if predictions.law in ("fails", "open") and _as_predicted(predictions, one, other):
        return tried("fails-as-defined", text)
    return tried("fails-undocumented", f"{text} {_prediction(predictions, one, other)}")


def _values(
    trial: Trial, predictions: TrialPredictions, base: Outcome, changed: Outcome
) -> tuple[Measured | None, Measured | None]:
    if trial.law.about == "inputs":
        return Measured(len(base.changed_inputs)), Measured(len(changed.changed_inputs))
    size = size_of(trial.variant.base)
    return of_outcome(base, predictions.base, size), of_outcome(changed, predictions.changed, size)


def _as_predicted(predictions: TrialPredictions, base: Outcome, changed: Outcome) -> bool:
    pairs = ((predictions.base, base), (predictions.changed, changed))
    return all(prediction is not None and prediction.holds_for(outcome) for prediction, outcome in pairs)


def _with(trial: Trial) -> str:
    return f"With {trial.variant.change}: " if trial.variant.change else ""


def _departs(trial: Trial, base: Outcome, changed: Outcome, value: Measured | None) -> str:
    if trial.law.about == "inputs":
        return f"{' and '.join(changed.changed_inputs)} changed in place"
    if value is None:
        return f"{shown(changed)}, where the law requires an exception, as in the base call ({shown(base)})"
    expected = trial.variant.expected(value.value, axes_of(trial.asked, trial.variant.base))
    return f"{shown(changed)}, where the law requires {expected}"


def _prediction(predictions: TrialPredictions, base: Outcome, changed: Outcome) -> str:
    if predictions.base is None or predictions.changed is None:
        return "No claimed definition predicts this."
    off = [
        shown_prediction(prediction)
        for prediction, outcome in ((predictions.base, base), (predictions.changed, changed))
        if not prediction.holds_for(outcome)
    ]
    return f"Predicted: {' and '.join(off)}." if off else "The definition predicts that it holds."


def _shown(found: Tried) -> dict[str, Any]:
    trial = found.trial
    calls = {"changed": (trial.implementation, trial.variant.call)}
    outcomes, predictions = {"changed": found.changed}, {"changed": found.predictions.changed}
    if not trial.single:
        calls["base"] = trial.asked, trial.variant.base
        outcomes["base"], predictions["base"] = found.base, found.predictions.base
    return {
        "case": trial.case.id,
        "change": trial.variant.change,
        "observed": {name: outcome.to_json() for name, outcome in outcomes.items()},
        "predicted": {name: p and p.to_json() for name, p in predictions.items()},
        "explanation": found.explanation,
        "finding": next(iter(found.predictions.findings), None),
        "reproducers": {name: reproducer(*call) for name, call in calls.items()},
    }
