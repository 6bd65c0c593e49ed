"""Builds the results document from judged cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from conformance.adapters.base import Implementation
from conformance.calls.outcome import encode
from conformance.calls.tables import Table
from conformance.cases.arrays import NOTATIONS
from conformance.laws import exhibit
from conformance.oracle import behaviour_on, find, findings, lasting_findings, usage_findings
from conformance.oracle.axes import AXES
from conformance.oracle.model import Behaviour, Finding
from conformance.oracle.releases import Release
from conformance.results.curves import curves
from conformance.results.exhibits import Exhibit, exhibits
from conformance.results.programs import Programs
from conformance.results.store import FORMAT
from conformance.session.judging import CaseResult
from conformance.session.session import Session
from conformance.verdicts.causes import axes_of
from conformance.verdicts.verdicts import Cell


@dataclass(frozen=True)
class _Shared:
    """What the cases of a document have in common.

    Attributes:
        programs: the parts of reproducers.
        rules: axis -> name of a rule that a cell refers to -> the rule in one sentence.
        not_applicable: reasons, each with implementations.
    """

    programs: Programs
    rules: dict[str, dict[str, str]]
    not_applicable: Table


def document(
    results: Sequence[CaseResult],
    session: Session,
    environments: Mapping[str, Mapping[str, Any]],
    *,
    complete: bool,
    laws: Sequence[Mapping[str, Any]] = (),
    resolutions: Sequence[Mapping[str, Any]] = (),
    generated: datetime | None = None,
) -> dict[str, Any]:
    """Return the results document.

    Args:
        results: the cases that were run.
        session: the run they belong to.
        environments: origin of an adapter -> python, packages, settings, as its workers reported them.
        complete: whether every planned cell was run.
        laws: what came of the laws, as `laws.documented` returns it.
        resolutions: what names became, as `resolutions.to_json` returns it.
        generated: time stamp; now if None.
    """
    cells = [cell for result in results for cell in result.cells]
    verdicts = Counter(result.verdict for result in results)
    causes = Counter(axis for result in results for axis in axes_of(result.divergences))
    shared = _Shared(Programs(), {}, Table())
    described = [_case(result, shared) for result in results]
    return {
        "format": FORMAT,
        "generated": (generated or datetime.now(UTC)).isoformat(timespec="seconds"),
        "complete": complete,
        "environments": _environments(environments),
        "implementations": [
            _implementation(entry, session, shared.programs) for entry in session.implementations
        ],
        "cases": described,
        "not_applicable": shared.not_applicable.entries,
        "rules": shared.rules,
        "laws": list(laws),
        "resolutions": list(resolutions),
        "findings": [*_findings(results, session), *_law_findings(laws)],
        # How lists of `inputs` may be written instead of out.
        "notations": dict(NOTATIONS),
        "axes": {
            name: {**asdict(axis), "frameworks": dict(behaviour_on(name))} for name, axis in AXES.items()
        },
        "missing": [
            {**asdict(missing), "distributions": list(missing.distributions)} for missing in session.missing
        ],
        "summary": {
            "cases": len(results),
            "implementations": len(session.implementations),
            "cells": sum(cell.verdict != "not-applicable" for cell in cells),
            "verdicts": dict(sorted(Counter(cell.verdict for cell in cells).items())),
            "cases_by_verdict": {
                "agree": verdicts["agree"],
                "diverge": verdicts["diverge"],
                "null": verdicts[None],
            },
            "causes": {axis: causes[axis] for axis in AXES if causes[axis]},
        },
    }


def _environments(recorded: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return name of an environment -> what was recorded there; the default one, "", is always among them."""
    by_name: dict[str, dict[str, Mapping[str, Any]]] = {"": {}}
    for origin, record in recorded.items():
        framework, _, name = origin.partition("@")
        by_name.setdefault(name, {})[framework] = record
    return {name: _environment(records) for name, records in sorted(by_name.items())}


def _environment(environments: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Put the frameworks of one environment together."""
    packages: dict[str, Any] = {}
    for entry in environments.values():
        packages |= entry.get("packages", {})
    python = sorted({str(entry.get("python")) for entry in environments.values()})
    merged: dict[str, Any] = {
        "python": ", ".join(python),
        "packages": dict(sorted(packages.items())),
        "settings": {name: entry.get("settings", {}) for name, entry in sorted(environments.items())},
    }
    mismatch = {n: v for entry in environments.values() for n, v in entry.get("version_mismatch", {}).items()}
    return merged | ({"version_mismatch": mismatch} if mismatch else {})


def _findings(results: Sequence[CaseResult], session: Session) -> list[dict[str, Any]]:
    """Return the findings that are not fixed or that a cell of this run shows, each with the smallest such cell."""
    shown_by, showing, lasting = exhibits(results), _showing(results), lasting_findings()
    return [
        {
            **asdict(finding),
            "see": list(finding.see),
            "needs": list(finding.needs),
            "implementations": [
                entry.id
                for entry in session.implementations
                if _can_show(entry, finding, session.release_of(entry))
                or entry.id in showing.get(finding.id, ())
            ],
            **_shown(shown_by.get(finding.id)),
        }
        for finding in findings()
        if finding in lasting or finding.id in shown_by
    ]


def _law_findings(laws: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the findings that only laws show, each with the smallest case that shows it, if one of this run does."""
    return [
        {
            **asdict(finding),
            "see": list(finding.see),
            "needs": list(finding.needs),
            "implementations": [],
            **(exhibit(laws, finding.id) or _shown(None)),
        }
        for finding in usage_findings()
    ]


def _can_show(entry: Implementation, finding: Finding, release: Release) -> bool:
    """Whether an implementation has the departure in this release, and the parameters without which nothing shows."""
    has = {*entry.parameters, *(("sample_weight",) if entry.weights else ())}
    return (
        entry.definition is not None
        and entry.claims_departures
        # A metric string carries what its targets carry; those are listed with the targets.
        and finding in find(entry.definition).findings_in(release)
        and has.issuperset(finding.needs)
    )


def _showing(results: Sequence[CaseResult]) -> dict[str, set[str]]:
    """Return id of a finding -> ids of the implementations that some case shows it on."""
    found: dict[str, set[str]] = {}
    for cell in (cell for result in results for cell in result.cells):
        for finding in cell.departures:
            found.setdefault(finding, set()).add(cell.implementation.id)
    return found


def _shown(exhibit: Exhibit | None) -> dict[str, Any]:
    if exhibit is None:
        return dict.fromkeys(("case", "implementation", "code", "observed", "documented"))
    return {
        "case": exhibit.case.id,
        "implementation": exhibit.cell.implementation.id,
        "code": exhibit.code,
        "observed": exhibit.observed,
        "documented": exhibit.documented,
    }


def _implementation(entry: Implementation, session: Session, programs: Programs) -> dict[str, Any]:
    claim = find(entry.definition) if entry.definition else None
    rules = claim.in_release(session.release_of(entry)) if claim else {}
    adapter, recipe = session.adapter_of(entry), entry.recipe
    told = (f"print({expression})" for expression in (recipe.result, recipe.resolved) if expression)
    lines = (recipe.before, *recipe.imports, recipe.setup, recipe.update, *told)
    return {
        "id": entry.id,
        "framework": adapter.framework,
        "environment": adapter.environment,
        "quantity": entry.quantity,
        "definition": claim.says if claim else None,
        "rules": {axis: rules[axis].to_json() for axis in AXES if axis in rules},
        "parameters": encode(entry.defaults),
        "packages": list(adapter.distributions),
        "takes": {
            "tasks": sorted(entry.tasks),
            "parameters": sorted(entry.parameters),
            "sample_weight": entry.weights,
            "dtype": entry.metric_dtype,
            "updates": entry.updates,
        },
        "reproducer": "\n".join(line for line in lines if line),
        "programs": programs.templates(entry.id),
    }


def _case(result: CaseResult, shared: _Shared) -> dict[str, Any]:
    case, traces = result.case, Table()
    cells = [_cell(result, cell, shared, traces) for cell in result.cells if cell.verdict != "not-applicable"]
    return {
        "id": case.id,
        "title": case.title,
        "file": case.file,
        "line": case.line,
        "theme": case.theme,
        "task": case.task,
        "metric": case.metric,
        "family": case.family,
        "tags": list(case.tags),
        "because": case.because,
        "see": list(case.see),
        "inputs": encode(case.inputs),
        "inputs_yaml": case.inputs_yaml,
        "verdict": result.verdict,
        "verdicts": {quantity: grouping.verdict for quantity, grouping in result.groupings.items()},
        "causes": list(axes_of(result.divergences)),
        "divergences": [
            {
                "quantity": divergence.quantity,
                "groups": list(divergence.groups),
                "implementations": list(divergence.implementations),
                "causes": [list(axes) for axes in divergence.causes],
                "rules": {axis: list(both) for axis, both in divergence.rules.items()},
                "says": {axis: list(both) for axis, both in divergence.says.items()},
            }
            for divergence in result.divergences
        ],
        "curves": curves(result),
        "data": shared.programs.data(case.id),
        "traces": traces.entries,
        "cells": cells,
        "not_applicable": [shared.not_applicable.number(entry) for entry in _not_applicable(result)],
    }


def _not_applicable(result: CaseResult) -> list[dict[str, Any]]:
    """Return each reason with the implementations it holds for."""
    reasons: dict[str, list[str]] = {}
    for cell in result.cells:
        if cell.verdict == "not-applicable":
            reasons.setdefault(cell.outcome.reason or "", []).append(cell.implementation.id)
    return [{"reason": reason, "implementations": names} for reason, names in reasons.items()]


def _cell(result: CaseResult, cell: Cell, shared: _Shared, traces: Table) -> dict[str, Any]:
    grouping = result.groupings.get(cell.implementation.quantity)
    predictions = cell.predictions
    entry: dict[str, Any] = {
        "implementation": cell.implementation.id,
        "verdict": cell.verdict,
        "group": grouping.letter(cell) if grouping else None,
        "outcome": {
            name: value for name, value in cell.outcome.to_json().items() if name == "value" or value != []
        },
        "predicted": predictions.predicted.to_json() if predictions else None,
    }
    if cell.departures:
        claimed = predictions.claimed.to_json() if predictions else None
        entry |= {"claimed": claimed, "departures": list(cell.departures)}
    rules = list(_rules_here(cell))
    for behaviour in rules:
        shared.rules.setdefault(behaviour.axis, {})[behaviour.name] = behaviour.says
    trace = [sample.to_json() for sample in predictions.predicted.samples] if predictions else []
    more = {
        "rules": {behaviour.axis: behaviour.name for behaviour in rules},
        "trace": traces.number(trace) if trace else None,
        "because": cell.because,
        "explanation": cell.explanation,
        "problem": cell.problem,
    }
    entry |= {name: value for name, value in more.items() if value not in (None, "", {})}
    entry["program"] = shared.programs.add(result.case.id, cell.implementation, result.case.call())
    return entry


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
