"""What a document says of one case, before it is one of many: nothing in it is a number of the whole document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.calls.outcome import encode
from conformance.calls.tables import Table
from conformance.cases.ordinary import oddities
from conformance.oracle import find
from conformance.oracle.model import Behaviour
from conformance.results.comparison import comparison
from conformance.results.disputed import Disputed, disputed
from conformance.results.exhibits import Exhibits, exhibits_of
from conformance.results.programs import Programs
from conformance.session.judging import CaseResult
from conformance.verdicts.verdicts import Cell

#: What the document says of a case as the case does.
_OF_CASE = (
    *("id", "title", "file", "line", "theme", "task", "metric", "family", "tags", "because", "see"),
    *("inputs", "inputs_yaml"),
)


@dataclass(frozen=True, eq=False)
class Described:
    """One case, as JSON.

    Attributes:
        entry: its entry. Causes, templates of programs and implementations that are not applicable are written out in
            it, where a document has numbers of its tables.
        rules: axis -> name of a rule that a cell refers to -> the rule in one sentence.
        exhibits: id of a finding -> how well this case shows it, and what its entry says of that.
        without_cause: quantities, each with two implementations that differ for no cause that was found.
    """

    entry: dict[str, Any]
    rules: Mapping[str, Mapping[str, str]]
    exhibits: Exhibits
    without_cause: tuple[tuple[str, tuple[str, str]], ...] = ()


def described(result: CaseResult) -> Described:
    """Return what a document says of a case."""
    case, traces, programs, found = result.case, Table(), Programs(), disputed(result)
    rules: dict[str, dict[str, str]] = {}
    cells, absent = [], dict[str, list[str]]()
    for cell in result.cells:
        if cell.verdict == "not-applicable":
            absent.setdefault(cell.outcome.reason or "", []).append(cell.implementation.id)
            continue
        here = list(_rules_here(cell))
        for behaviour in (*here, *cell.other_rules):
            rules.setdefault(behaviour.axis, {})[behaviour.name] = behaviour.says
        entry = _cell(result, cell, here, traces, found)
        cells.append({**entry, "program": programs.add(cell.implementation, case.call())})
    entry = {
        **{name: encode(getattr(case, name)) for name in _OF_CASE},
        "oddities": oddities(case),
        **comparison(result),
        "data": programs.data,
        "traces": traces.entries,
        **({"disputed": {"counted": found.counted, "differing": found.differing}} if found else {}),
        "cells": cells,
        "not_applicable": [{"reason": reason, "implementations": names} for reason, names in absent.items()],
    }
    return Described(entry, rules, exhibits_of(result), result.without_cause)


def _cell(
    result: CaseResult, cell: Cell, rules: list[Behaviour[Any]], traces: Table, found: Disputed | None
) -> dict[str, Any]:
    grouping = result.groupings.get(cell.implementation.quantity)
    predicted = cell.predictions.predicted if cell.predictions else None
    outcome = cell.outcome.to_json().items()
    entry: dict[str, Any] = {
        "implementation": cell.implementation.id,
        "verdict": cell.verdict,
        "group": grouping.letter(cell) if grouping else None,
        "outcome": {name: value for name, value in outcome if name == "value" or value != []},
        "predicted": predicted.to_json() if predicted else None,
    }
    if cell.departures:
        claimed = cell.predictions.claimed.to_json() if cell.predictions else None
        entry |= {"claimed": claimed, "departures": list(cell.departures)}
    samples = found.traces.get(cell.implementation.id) if found else None
    trace = [sample.to_json() for sample in samples or (predicted.samples if predicted else ())]
    more = {
        "rules": {behaviour.axis: behaviour.name for behaviour in rules},
        "trace": traces.number(trace) if trace else None,
        "without_effect": list(cell.without_effect),
        "because": cell.because,
        "explanation": cell.explanation,
        "problem": cell.problem,
        "age": cell.age if cell.fails else None,
        "other_rules": [[behaviour.axis, behaviour.name] for behaviour in cell.other_rules],
    }
    return entry | {name: value for name, value in more.items() if value not in (None, "", {}, [])}


def _rules_here(cell: Cell) -> Iterator[Behaviour[Any]]:
    """Yield the rules that hold in this case and are not the general ones.

    A name of compile(), or a task, stands for a metric of its own; a departure puts another rule in the place of one.
    """
    if cell.predictions is None or cell.implementation.definition is None:
        return
    side = cell.predictions.side
    general = find(cell.implementation.definition).in_release(side.claims.release)
    for axis, rule in side.really.rules.by_axis().items():
        if axis not in general or general[axis].behaviour.name != rule.behaviour.name:
            yield rule.behaviour
