"""Builds the results document from judged cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from conformance.adapters.base import Implementation
from conformance.adapters.releases import Release
from conformance.ask.lookup import equal_calls
from conformance.calls.outcome import encode
from conformance.calls.tables import Table
from conformance.cases.notations import NOTATIONS
from conformance.cases.ordinary import oddities
from conformance.laws import exhibit
from conformance.oracle import behaviour_on, find, findings, lasting_findings, questions, usage_findings
from conformance.oracle.axes import AXES
from conformance.oracle.changed import all_changes
from conformance.oracle.model import Behaviour, Finding
from conformance.results.comparison import comparison
from conformance.results.disputed import Disputed, disputed
from conformance.results.environments import by_name
from conformance.results.exhibits import Shown
from conformance.results.logs import causes
from conformance.results.programs import Programs
from conformance.results.shards import stamp
from conformance.results.store import FORMAT
from conformance.results.summary import summary
from conformance.session.judging import CaseResult
from conformance.session.known import known
from conformance.session.session import Session
from conformance.verdicts.verdicts import Cell

#: What the entry of a finding has that no case shows.
NOT_SHOWN = dict.fromkeys(("case", "implementation", "code", "observed", "documented"))

#: What the document says of a call that equals an implementation; the rest is in the entry of the call.
_OF_EQUAL = ("task", "implementation", "call", "inputs", "unlike", "equal", "of", "differences")

#: What the document says of a case as the case does.
_OF_CASE = (
    *("id", "title", "file", "line", "theme", "task", "metric", "family", "tags", "because", "see"),
    *("inputs", "inputs_yaml"),
)


def document(
    results: Iterable[CaseResult],
    session: Session,
    environments: Mapping[str, Mapping[str, Any]],
    *,
    complete: bool,
    failures: Mapping[str, str] = MappingProxyType({}),
    laws: Sequence[Mapping[str, Any]] = (),
    resolutions: Sequence[Mapping[str, Any]] = (),
    runs: Sequence[Mapping[str, Any]] = (),
    generated: datetime | None = None,
) -> dict[str, Any]:
    """Return the results document.

    Args:
        results: the cases that were run; gone through once, and none of them is kept.
        session: the run they belong to.
        environments: origin of an adapter -> python, packages, settings, as its workers reported them.
        complete: whether every planned cell was run.
        failures: origin of an adapter whose framework could not be started -> why, a traceback if there is one.
        laws: what came of the laws, as `laws.documented` returns it.
        resolutions: what names became, as `resolutions.to_json` returns it.
        runs: what came of training runs, as `logs.described` returns it.
        generated: time stamp; now if None.
    """
    parts, shown, described = _Parts(session), Shown(), []
    for result in results:
        described.append(parts.case(result))
        shown.add(result)
    return {
        "format": FORMAT,
        "generated": (generated or datetime.now(UTC)).isoformat(timespec="seconds"),
        "complete": complete and session.shard is None,
        **({"shard": stamp(session, complete=complete)} if session.shard else {}),
        "environments": by_name(environments, known(session)),
        "implementations": [parts.implementation(entry) for entry in session.implementations],
        "cases": described,
        "not_applicable": parts.not_applicable.entries,
        "cause_sets": parts.cause_sets.entries,
        "rules": parts.rules,
        "laws": list(laws),
        "resolutions": list(resolutions),
        "runs": list(runs),
        "log_causes": causes(),
        "questions": list(
            questions_of((entry.id for entry in session.implementations), resolutions, described)
        ),
        "equal_calls": equal_calls_of(entry.id for entry in session.implementations),
        "since": list(_since(session)),
        "findings": [*_findings(shown, session), *_law_findings(laws)],
        # How lists of `inputs` may be written instead of out.
        "notations": dict(NOTATIONS),
        "axes": {
            name: {**encode(asdict(axis)), "frameworks": dict(behaviour_on(name))}
            for name, axis in AXES.items()
        },
        "not_started": list(_not_started(described, session, failures)),
        "missing": [
            {**asdict(missing), "distributions": list(missing.distributions)} for missing in session.missing
        ],
        "summary": summary(described, parts.not_applicable.entries, len(session.implementations)),
    }


def questions_of(
    implementations: Iterable[str],
    resolutions: Iterable[Mapping[str, Any]],
    cases: Iterable[Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Yield the questions of users that a run can answer, from ids of implementations, what names became, and cases."""
    there = {
        *implementations,
        *(entry["string"] for entry in resolutions),
        *(case["id"] for case in cases),
        "",
    }
    for question in questions():
        if there.issuperset((*question.implementations, *question.strings, question.case)):
            yield encode(asdict(question))


def equal_calls_of(implementations: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Return, for ids of implementations, the calls among them that give the same on ordinary inputs."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, equal in equal_calls(implementations):
        differences = [asdict(one) for one in equal.differences if one.why == "axes"]
        entry = {**asdict(equal), "differences": differences}
        found.setdefault(name, []).append(encode({key: entry[key] for key in _OF_EQUAL}))
    return found


def _since(session: Session) -> Iterator[dict[str, Any]]:
    """Yield what releases changed in the implementations of this run."""
    there = {entry.id for entry in session.implementations}
    for one in all_changes():
        if concerned := [name for name in one.implementations if name in there]:
            yield one.to_json() | {"implementations": concerned}


def _not_started(
    cases: Sequence[Mapping[str, Any]], session: Session, failures: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the frameworks that could not be started, each with why and how many of its outcomes are missing."""
    if not failures:
        return
    origin_of = {entry.id: session.adapter_of(entry).origin for entry in session.implementations}
    planned = (cell.implementation.id for cell in session.plan() if cell.reason is None)
    numbers = Counter(origin_of[name] for name in planned)
    numbers.subtract(origin_of[cell["implementation"]] for case in cases for cell in case["cells"])
    for adapter in session.adapters:
        if adapter.origin in failures:
            yield {
                "framework": adapter.framework,
                "environment": adapter.environment,
                "why": failures[adapter.origin],
                "outcomes": numbers[adapter.origin],
            }


def _findings(shown_in: Shown, session: Session) -> Iterator[dict[str, Any]]:
    """Yield the findings that are not fixed or that a cell of this run shows, each with the smallest such cell."""
    shown_by, lasting = shown_in.smallest, lasting_findings()
    for finding in findings():
        if finding in lasting or finding.id in shown_by:
            names = [
                entry.id
                for entry in session.implementations
                if (finding.id, entry.id) in shown_in.pairs
                or _can_show(entry, finding, session.release_of(entry))
            ]
            shown = shown_by[finding.id].to_json() if finding.id in shown_by else NOT_SHOWN
            yield {**encode(asdict(finding)), "implementations": names, **shown}


def _law_findings(laws: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the findings that only laws show: not fixed or shown by this run, each with the smallest case."""
    lasting = usage_findings(lasting=True)
    for finding in usage_findings():
        shown = exhibit(laws, finding.id)
        if shown or finding in lasting:
            yield {**encode(asdict(finding)), "implementations": [], **(shown or NOT_SHOWN)}


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


class _Parts:
    """Makes the parts of a document, and collects what they share.

    Attributes:
        programs: the parts of reproducers.
        rules: axis -> name of a rule that a cell refers to -> the rule in one sentence.
        not_applicable: reasons, each with implementations.
        cause_sets: sets of axes, any of which is a cause.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._entries: dict[str, Any] = {}
        self.programs = Programs()
        self.rules: dict[str, dict[str, str]] = {}
        self.not_applicable, self.cause_sets = Table(), Table()

    def implementation(self, entry: Implementation) -> dict[str, Any]:
        """Return the entry of an implementation; the cases come first, as they use its templates of reproducers."""
        claim = find(entry.definition) if entry.definition else None
        rules = claim.in_release(self._session.release_of(entry)) if claim else {}
        adapter, recipe = self._session.adapter_of(entry), entry.recipe
        told = (f"print({expression})" for expression in (recipe.result, recipe.resolved) if expression)
        lines = (recipe.before, *recipe.imports, recipe.setup, recipe.update, *told)
        return {
            "id": entry.id,
            **({"base": entry.base} if entry.base else {}),
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
            "programs": self.programs.templates(entry.id),
        }

    def case(self, result: CaseResult) -> dict[str, Any]:
        """Return the entry of a case."""
        case, traces, found = result.case, Table(), disputed(result)
        cells, absent = [], dict[str, list[str]]()
        for cell in result.cells:
            if cell.verdict == "not-applicable":
                absent.setdefault(cell.outcome.reason or "", []).append(cell.implementation.id)
            else:
                cells.append(self._cell(result, cell, traces, found))
        return {
            **{name: encode(getattr(case, name)) for name in _OF_CASE},
            "oddities": oddities(case),
            **comparison(result, self.cause_sets),
            "data": self.programs.data(case.id),
            "traces": traces.entries,
            **({"disputed": {"counted": found.counted, "differing": found.differing}} if found else {}),
            "cells": cells,
            "not_applicable": [
                self.not_applicable.number({"reason": reason, "implementations": names})
                for reason, names in absent.items()
            ],
        }

    def _once(self, entry: Any) -> Any:
        """Return an entry as it was before if there was an equal one: thousands of cells share theirs."""
        return self._entries.setdefault(repr(entry), entry)

    def _cell(self, result: CaseResult, cell: Cell, traces: Table, found: Disputed | None) -> dict[str, Any]:
        grouping = result.groupings.get(cell.implementation.quantity)
        predicted = cell.predictions.predicted if cell.predictions else None
        outcome = cell.outcome.to_json().items()
        entry: dict[str, Any] = {
            "implementation": cell.implementation.id,
            "verdict": cell.verdict,
            "group": grouping.letter(cell) if grouping else None,
            "outcome": self._once({name: value for name, value in outcome if name == "value" or value != []}),
            "predicted": self._once(predicted.to_json()) if predicted else None,
        }
        if cell.departures:
            claimed = cell.predictions.claimed.to_json() if cell.predictions else None
            entry |= {"claimed": claimed, "departures": list(cell.departures)}
        rules = list(_rules_here(cell))
        for behaviour in (*rules, *cell.other_rules):
            self.rules.setdefault(behaviour.axis, {})[behaviour.name] = behaviour.says
        samples = found.traces.get(cell.implementation.id) if found else None
        trace = [sample.to_json() for sample in samples or (predicted.samples if predicted else ())]
        more = {
            "rules": {behaviour.axis: behaviour.name for behaviour in rules},
            "trace": traces.number(self._once(trace)) if trace else None,
            "without_effect": list(cell.without_effect),
            "because": cell.because,
            "explanation": cell.explanation,
            "problem": cell.problem,
            "age": cell.age if cell.fails else None,
            "other_rules": [[behaviour.axis, behaviour.name] for behaviour in cell.other_rules],
        }
        entry |= {name: value for name, value in more.items() if value not in (None, "", {}, [])}
        program = self.programs.add(result.case.id, cell.implementation, result.case.call())
        entry["program"] = self._once(program)
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
