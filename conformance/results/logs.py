"""What a document says of training runs: the numbers of their logs, what went into them, and why two differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.calls.outcome import encode
from conformance.session.logs import Log, PlannedLog, code, program
from conformance.training.differences import texts
from conformance.training.numbers import Number
from conformance.training.run import Run

#: What the document says of a run as the run does.
_OF_RUN = (
    *("id", "title", "file", "line", "theme", "family", "task", "because", "see", "tags", "inputs"),
    "inputs_yaml",
)


def described(logs: Iterable[Log], absent: Iterable[PlannedLog]) -> list[dict[str, Any]]:
    """Return `runs` of the results document, in the order of the run.

    Args:
        logs: what came of the runs.
        absent: the runs that are not applicable to a framework.
    """
    entries: dict[Run, dict[str, Any]] = {}
    for log in logs:
        _entry(entries, log.planned.run)["logs"].append(_log(log))
    reasons: dict[Run, dict[str, list[str]]] = {}
    for planned in absent:
        of_run = reasons.setdefault(planned.run, {})
        of_run.setdefault(planned.reason or "", []).append(planned.adapter.origin)
    for run, of_run in reasons.items():
        _entry(entries, run)["not_applicable"] += [
            {"reason": reason, "frameworks": names} for reason, names in of_run.items()
        ]
    return list(entries.values())


def causes() -> dict[str, Any]:
    """Return `log_causes` of the results document."""
    return {code: dict(text) for code, text in texts().items()}


def _entry(entries: dict[Run, dict[str, Any]], run: Run) -> dict[str, Any]:
    if run not in entries:
        told = {name: encode(getattr(run, name)) for name in _OF_RUN}
        entries[run] = {**told, "logs": [], "not_applicable": []}
    return entries[run]


def _log(log: Log) -> dict[str, Any]:
    planned, outcome = log.planned, log.outcome.to_json()
    outcome.pop("value", None)
    return {
        "framework": planned.adapter.framework,
        "environment": planned.adapter.environment,
        "verdict": log.verdict,
        **({"explanation": log.explanation} if log.explanation else {}),
        "code": code(planned),
        "program": program(planned),
        "outcome": outcome,
        "numbers": [_number(number) for number in log.numbers],
        "differences": [
            {"numbers": list(found.names), "causes": [list(codes) for codes in found.causes]}
            for found in log.differences
        ],
    }


def _number(number: Number) -> dict[str, Any]:
    logged, cell = number.logged, number.cell
    went_in = logged.went_in
    predicted = cell.predictions.predicted if cell.predictions else None
    entry: dict[str, Any] = {
        "name": logged.name,
        "kind": logged.kind,
        "shown_as": logged.shown_as,
        "metric": logged.metric,
        "output": went_in.output,
        "epoch": went_in.epoch,
        "batch": logged.batch,
        "implementation": cell.implementation.id,
        "went_in": {
            "data": went_in.data,
            "batches": encode(went_in.batches),
            "weights": went_in.weights,
            "mode": went_in.mode,
            "weighted": went_in.weighted,
            "masked": went_in.masked,
            "parameters": encode(went_in.parameters),
        },
        "inputs": encode(number.case.inputs),
        "verdict": cell.verdict,
        "outcome": cell.outcome.to_json(),
        "predicted": predicted.to_json() if predicted else None,
    }
    if cell.departures and cell.predictions:
        entry |= {"claimed": cell.predictions.claimed.to_json(), "departures": list(cell.departures)}
    more: Mapping[str, Any] = {"explanation": cell.explanation, "problem": cell.problem}
    return entry | {name: value for name, value in more.items() if value}
