"""Messages of failing tests."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from conformance.adapters.base import Adapter, Call
from conformance.adapters.reproducer import reproducer
from conformance.adapters.script import has_weights
from conformance.calls.text import count, one_line, shortened, visible
from conformance.cases import Case
from conformance.laws import LawCell
from conformance.oracle import Predictions
from conformance.oracle.axes import AXES
from conformance.oracle.model import Rule
from conformance.report import values
from conformance.report.words import LAW_ADVICE, advice, problem, verdict_words
from conformance.session import logs
from conformance.session.logs import Log
from conformance.session.session import Session
from conformance.verdicts.verdicts import Cell


def failure(case: Case, cell: Cell) -> str:
    """Return the message of a cell that fails.

    It has the case, the implementation, the input, the observed and the predicted outcome, the rules behind the
    prediction with their sources, what to do, and a program that reproduces the call with the framework alone.
    """
    outcome = cell.outcome.to_json()
    parts = [
        # pytest repeats the first line in its short summary.
        f"{verdict_words(cell.verdict, cell.problem)}: {cell.implementation.id}: {cell.explanation}\n{_place(case)}",
        f"Input:\n{_indented(case.inputs_yaml)}",
    ]
    if cell.outcome.kind in ("value", "raises"):
        message = f": {cell.outcome.message}" if cell.outcome.message else ""
        dtype = f" ({cell.outcome.dtype})" if cell.outcome.dtype else ""
        parts.append(f"Observed: {values.whole(outcome)}{dtype}{message}")
    if cell.predictions is not None:
        parts.append("\n".join(_prediction(cell.predictions, case.call())))
    if cell.because is not None:
        parts.append(f"The case expects another outcome, because: {cell.because}")
    parts.append(f"What to do: {advice(problem(cell.verdict, cell.problem), cell.age)}")
    parts.append(
        f"To reproduce it with the framework alone:\n{_indented(reproducer(cell.implementation, case.call()))}"
    )
    return visible("\n\n".join(parts))


def short_reason(cell: Cell) -> str:
    """Return what is wrong with a cell that fails in few words: `1.0, not 3/4`, `float64, not float32`, `crashed`."""
    predicted = cell.predictions.predicted if cell.predictions else None
    if cell.problem == "dtype-differs" and predicted is not None:
        return f"{cell.outcome.dtype}, not {predicted.dtype}"
    if cell.problem == "outcome-differs" and predicted is not None:
        here, there = values.whole(cell.outcome.to_json()), values.expected(predicted.to_json())
        if predicted.misnames(cell.outcome):
            here, there = str(cell.outcome.resolved), str(predicted.resolved)
        return one_line(f"{here}, not {there}", 60)
    return (cell.problem or cell.verdict).replace("-", " ")


def log_failure(log: Log) -> str:
    """Return the message of a log of which a number fails, or two differ without a cause."""
    planned = log.planned
    failing = [number for number in log.numbers if number.cell.fails]
    without = [" and ".join(found.names) for found in log.differences if not found.causes]
    says = log.explanation or log.outcome.message
    found = (f"{len(failing)} of {count(len(log.numbers), 'number')}", f"{len(without)} without a cause")
    parts = [
        f"{verdict_words(log.verdict)}: {planned.run.id}--{planned.adapter.origin}: {says or ', '.join(found)}\n"
        + one_line(f"{planned.run.file}:{planned.run.line}: {planned.run.title}"),
        *(f"no cause: {names} differ" for names in without),
        *(failure(number.case, number.cell) for number in failing[:3]),
        f"The program:\n{_indented(logs.program(planned))}",
    ]
    return visible("\n\n".join(parts))


def law_failure(found: LawCell) -> str:
    """Return the message of a law that fails, with the smallest case that shows it."""
    assert found.shown_by is not None
    trial = found.shown_by.trial
    parts = [
        f"{verdict_words(found.verdict)}: {found.law.id}: {found.implementation.id}: {found.shown_by.explanation}\n"
        f"{_place(trial.case)}",
        f"The law: {found.law.says}",
        f"Input:\n{_indented(trial.case.inputs_yaml)}",
        f"What to do: {LAW_ADVICE[found.verdict]}",
    ]
    calls = [("The call that is checked against the law", trial.implementation, trial.variant.call)]
    if not trial.single:
        calls.insert(0, ("The call it is compared with", trial.asked, trial.variant.base))
    parts += [f"{title}:\n{_indented(reproducer(entry, call))}" for title, entry, call in calls]
    return visible("\n\n".join(parts))


def not_started(adapter: Adapter, why: str) -> str:
    """Return the message of the one test that fails for a framework that is installed and cannot be started."""
    modules = ", ".join(adapter.distributions.values())
    return visible(
        f"{adapter.origin} cannot be started: none of its tests is run.\n\n{why}\n\nWhat to do: repair the"
        f" installation until `import {modules}` works, or choose others with --conformance-implementations."
    )


def divergence_without_cause(case: Case, quantity: str, pair: tuple[str, str], session: Session) -> str:
    """Return the message of two implementations that differ without a cause."""
    lines = [
        f"no cause: two implementations of {quantity} are predicted to differ, and they still differ after an"
        " exchange of all rules.",
        _place(case),
    ]
    by_id = {entry.id: entry for entry in session.implementations}
    for name in pair:
        predictions = session.predictions_of(case.call(), by_id[name])
        predicted = values.prediction(predictions.predicted.to_json()) if predictions else ""
        lines.append(f"    {name}: {predicted}")
    lines += [
        f"Input:\n{_indented(case.inputs_yaml)}",
        "What to do: in one of the two definitions a rule is missing or belongs to another axis. Add or move it.",
    ]
    return visible("\n".join(lines))


def _place(case: Case) -> str:
    return one_line(f"{case.file}:{case.line}: {case.id}: {case.title}")


def _indented(text: str) -> str:
    text = shortened(text)
    return textwrap.indent(text.rstrip("\n"), "    ")


def _prediction(predictions: Predictions, call: Call) -> Iterator[str]:
    predicted = predictions.predicted.to_json()
    why = f" - {reason}" if (reason := values.reason(predicted)) else ""
    yield f"Predicted: {values.prediction(predicted)}{why}"
    if predictions.departures:
        claimed = values.prediction(predictions.claimed.to_json())
        yield f"Without known deviations ({', '.join(predictions.departures)}) the definition predicts {claimed}."
    really, claims = predictions.side.really, predictions.side.claims
    yield f"Definition {really.name}: {really.definition.says}"
    rules, general = really.rules.by_axis(), claims.rules.by_axis()
    for axis in AXES:
        rule = rules.get(axis)
        if rule is None or (rule == general[axis] and not _worth_reading(axis, rule, predictions, call)):
            continue
        yield f"    {axis}: {rule.behaviour.says}"
        yield f"        {rule.basis}: {rule.place}"


def _worth_reading(axis: str, rule: Rule, predictions: Predictions, call: Call) -> bool:
    """Whether a rule took effect in this prediction: what raised, or how samples were decided, counted, averaged."""
    if predictions.predicted.kind == "raises":
        return axis == "refusal"
    effective = {
        "threshold-precision": "threshold" in call.parameters,
        "score-transform": rule.behaviour.name != "none",
        "exclusion": "ignore_index" in call.parameters,
        "weights": has_weights(call),
        "accumulation": call.batches is not None,
        "undefined-value": not any(update.y_true.size for update in call.updates),
    }
    return effective.get(axis, axis in ("decision-rule", "unit", "average"))
