"""Outcome against prediction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from conformance.adapters.base import Implementation
from conformance.calls.outcome import Outcome
from conformance.cases import Case
from conformance.cases.case import Expectation
from conformance.oracle import Predictions
from conformance.oracle.model import Behaviour
from conformance.oracle.prediction import Prediction
from conformance.oracle.releases import Age

Verdict = Literal[
    "as-defined", "documented", "unexplained", "stale", "undefined", "not-applicable", "crashed", "timed-out"
]

#: What is wrong with a cell that fails a run. Only codes are compared; `report.words` says what to do.
Problem = Literal[
    "false-version",
    "changed-inputs",
    "not-evaluated",
    "outcome-differs",
    "dtype-differs",
    "departure-outdated",
    "expectation-differs",
    "expectation-outdated",
    "reason-missing",
    "crashed",
    "timed-out",
]

#: A reason that starts with this is still to be written.
TODO = "TODO"

#: Verdicts that fail a run.
FAILING: frozenset[str] = frozenset({"unexplained", "stale", "crashed", "timed-out"})

#: Age of a release -> why it does not deviate as recorded.
_SINCE: Mapping[Age | None, str] = {
    None: "this was fixed upstream",
    "newer": "this release fixed it",
    "older": "this release does not deviate yet",
}


@dataclass(frozen=True, eq=False)
class Cell:
    """One implementation on one case.

    Attributes:
        implementation: what was called.
        outcome: the outcome.
        verdict: see `Verdict`.
        predictions: what its definition says, or None if it claims none.
        because: the reason recorded by `expect`, if that decided.
        finding: id of the finding recorded by `expect`, if that decided.
        explanation: for a failing verdict: one sentence that says what is wrong.
        problem: for a failing verdict: the code of what is wrong.
        other_rules: rules each of which, in the place of one of the definition, predicts the outcome.
        age: how the installed release compares with the newest that the definition knows, where it is another.
    """

    implementation: Implementation
    outcome: Outcome
    verdict: Verdict
    predictions: Predictions | None = None
    because: str | None = None
    explanation: str | None = None
    finding: str | None = None
    problem: Problem | None = None
    other_rules: tuple[Behaviour[Any], ...] = ()
    age: Age | None = None

    @property
    def departures(self) -> tuple[str, ...]:
        """Ids of the findings that explain a departure from the definition, or would explain a recorded one."""
        predicted = self.predictions.departures if self.predictions is not None else ()
        return predicted if self.finding is None else tuple(dict.fromkeys((*predicted, self.finding)))

    @property
    def without_effect(self) -> tuple[str, ...]:
        """The parameters that the implementation takes and the case names, and that have no effect on its value."""
        if self.predictions is None or self.departs:
            return ()
        return tuple(
            name for name in self.predictions.predicted.unread if name in self.implementation.parameters
        )

    @property
    def fails(self) -> bool:
        """Whether this cell fails a run."""
        return self.verdict in FAILING

    @property
    def departs(self) -> bool:
        """Whether the outcome is not the predicted one."""
        return self.predictions is None or not self.predictions.predicted.holds_for(self.outcome)


def not_applicable(implementation: Implementation, reason: str) -> Cell:
    """Return the cell of an implementation to which the case does not apply."""
    return Cell(implementation, Outcome("not-applicable", reason=reason), "not-applicable")


def predicted_cell(implementation: Implementation, predictions: Predictions) -> Cell:
    """Return the cell of an implementation whose prediction holds; of several that are left open, the first.

    Raises:
        LookupError: no particular outcome is predicted.
    """
    outcome = next(predictions.predicted.outcomes(), None)
    if outcome is None:
        raise LookupError(f"{implementation.id}: predicted is {shown_prediction(predictions.predicted)}")
    if outcome.kind == "raises":
        outcome = replace(outcome, type=outcome.type or "Exception")
    else:
        outcome = replace(outcome, resolved=predictions.predicted.resolved)
    return Cell(
        implementation, outcome, "documented" if predictions.departures else "as-defined", predictions
    )


def judge(
    case: Case,
    implementation: Implementation,
    outcome: Outcome,
    predictions: Predictions | None,
    versions: Mapping[str, str],
    distrust: str | None = None,
    age: Age | None = None,
) -> Cell:
    """Compare an outcome with what is predicted and what the case expects.

    Args:
        case: the case.
        implementation: what was called.
        outcome: the outcome.
        predictions: the prediction, or None for an implementation that claims no definition.
        versions: distribution name -> installed version, for `when` of an `expect`.
        distrust: why nothing from this environment can be trusted (it reports a false version), or None.
        age: see `Cell.age`.
    """

    def cell(verdict: Verdict, problem: Problem | None = None, explanation: str | None = None) -> Cell:
        return Cell(
            implementation, outcome, verdict, predictions, explanation=explanation, problem=problem, age=age
        )

    if outcome.kind == "crashed":
        return cell("crashed", "crashed", f"The worker process died: {outcome.message}")
    if outcome.kind == "timed-out":
        return cell("timed-out", "timed-out", f"No outcome in time: {outcome.message}")
    if distrust:
        return replace(cell("unexplained", "false-version", distrust), age=None)
    if outcome.changed_inputs:
        changed = ", ".join(outcome.changed_inputs)
        return cell("unexplained", "changed-inputs", f"It changed its input in place: {changed}.")
    if predictions is not None and predictions.predicted.kind == "not-evaluated":
        return cell("unexplained", "not-evaluated", f"Nothing is predicted: {predictions.predicted.why}.")
    if predictions is not None and predictions.predicted.misnames(outcome):
        there, here = predictions.predicted.resolved, outcome.resolved
        explanation = f"The string became {here}, predicted was {there}; value {shown(outcome)}."
        return cell("unexplained", "outcome-differs", explanation)
    if (
        predictions is not None
        and not implementation.claims_departures
        and predictions.claimed.holds_for(outcome)
    ):
        side = replace(
            predictions.side,
            really=predictions.side.claims,
            predicted=predictions.claimed,
            departs=False,
            findings=(),
        )
        predictions = replace(predictions, predicted=predictions.claimed, departures=(), side=side)
    expected = case.expectation_for(implementation.known_as, versions)
    if expected is not None:
        judged = cell(*_with_expectation(expected, outcome, predictions, age))
        return replace(judged, because=expected.because, finding=expected.finding)
    if predictions is None:
        return cell("undefined")
    if predictions.predicted.holds_for(outcome):
        return cell("documented" if predictions.departures else "as-defined")
    if predictions.departures and predictions.claimed.holds_for(outcome):
        names = ", ".join(predictions.departures)
        return cell(
            "stale",
            "departure-outdated",
            f"The outcome is what the definition predicts, but {names} says that it deviates: {_SINCE[age]},"
            " or the condition of the departure is too wide.",
        )
    predicted = predictions.predicted
    told = f"Observed {shown(outcome)}, predicted {shown_prediction(predicted)}"
    if predicted.kind == "value" and replace(predicted, dtype=outcome.dtype or "").holds_for(outcome):
        return cell("unexplained", "dtype-differs", f"{told}: the value is correct, its dtype is not.")
    return cell("unexplained", "outcome-differs", f"{told}.")


def _with_expectation(
    expected: Expectation, outcome: Outcome, predictions: Predictions | None, age: Age | None
) -> tuple[Verdict, Problem | None, str | None]:
    """Return the verdict on an outcome that the case pins, and the problem and an explanation if it fails."""
    as_predicted = (
        predictions is not None
        and predictions.predicted.kind != "unspecified"
        and predictions.predicted.holds_for(outcome)
    )
    if not agrees(expected, outcome):
        told = (
            f"The expected value on line {expected.line} does not match: it is {shown_expectation(expected)},"
            f" observed {'and predicted ' if as_predicted else ''}is {shown(outcome)}."
        )
        return "stale" if as_predicted else "unexplained", "expectation-differs", told
    if (expected.because or "").strip().upper().startswith(TODO):
        return "unexplained", "reason-missing", f"Its expect says because: {TODO} - write the reason."
    if as_predicted and predictions is not None and not predictions.departures:
        if expected.finding is not None:
            do = (
                "Restrict the expected value on line {} with `when`"
                if age
                else "Remove the expected value on line {}"
            )
            explanation = (
                f"Its expect records the finding {expected.finding}, but the outcome is what the definition predicts:"
                f" {_SINCE[age]}. {do.format(expected.line)}."
            )
            return "stale", "expectation-outdated", explanation
        return "as-defined", None, None
    return "documented", None, None


def agrees(expected: Expectation, outcome: Outcome) -> bool:
    """Whether an outcome is the one a case pins; values are compared after rounding to the result's dtype."""
    if expected.kind == "raises":
        return (
            outcome.kind == "raises"
            and expected.raises in (outcome.type, *outcome.bases)
            and (expected.match is None or re.search(expected.match, outcome.message or "") is not None)
        )
    if outcome.kind != "value":
        return False
    return _valued(outcome, _lists(expected.value)).holds_for(outcome)


def _valued(outcome: Outcome, value: Any) -> Prediction:
    """Return the prediction of a value, rounded as that of an outcome seems to have been."""
    dtype = outcome.dtype or "float64"
    precision = dtype if dtype in ("float16", "bfloat16", "float32") else "float64"
    if dtype == "float64":
        # Python floats of a float32 computation are wider than what was rounded.
        array = np.asarray(outcome.value, dtype="float64")
        with np.errstate(all="ignore"):
            narrow = np.array_equal(array, array.astype("float32").astype("float64"), equal_nan=True)
        precision = "float32" if narrow else precision
    return Prediction("value", value=value, dtype=dtype, precision=precision)


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, tuple) else value


def as_observed(outcome: Outcome) -> Prediction:
    """Return the prediction of exactly this value, rounded as it seems to have been."""
    return _valued(outcome, _fractions(outcome.value))


def _fractions(value: Any) -> Any:
    if isinstance(value, list):
        return [_fractions(item) for item in value]
    number = float(value)
    return Fraction(number) if number == number and abs(number) != float("inf") else number


def shown(outcome: Outcome) -> str:
    """Return an outcome as text."""
    if outcome.kind == "raises":
        return f"{outcome.type}: {outcome.message}" if outcome.message else str(outcome.type)
    return f"{outcome.value} ({outcome.dtype})"


def shown_prediction(prediction: Prediction) -> str:
    """Return a prediction in words."""
    if prediction.kind == "raises":
        return f"{prediction.type or 'an exception of any type'}: {prediction.reason}"
    if prediction.kind == "unspecified":
        return "any outcome"
    if prediction.kind == "not-evaluated":
        return f"nothing ({prediction.why})"
    if prediction.kind == "one-of":
        return "one of " + ", ".join(shown_prediction(option) for option in prediction.options)
    if prediction.value is None:
        return "any value"
    return f"{_written(prediction.value)} ({prediction.dtype})"


def _written(value: Any) -> str:
    return f"[{', '.join(map(_written, value))}]" if isinstance(value, list) else str(value)


def shown_expectation(expected: Expectation) -> str:
    """Return what a case pins, in words."""
    if expected.kind == "raises":
        return f"{expected.raises}" + (f" matching {expected.match!r}" if expected.match else "")
    return str(_lists(expected.value))
