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
from conformance.laws import exhibit
from conformance.oracle import behaviour_on, find, findings, lasting_findings, questions, usage_findings
from conformance.oracle.axes import AXES
from conformance.oracle.changed import all_changes
from conformance.results.comparison import numbered
from conformance.results.described import Described, described
from conformance.results.environments import by_name
from conformance.results.exhibits import best
from conformance.results.logs import causes
from conformance.results.shards import stamp
from conformance.results.store import FORMAT
from conformance.results.summary import summary
from conformance.session.judging import CaseResult
from conformance.session.known import known
from conformance.session.session import Session

#: What the entry of a finding has that no case shows.
NOT_SHOWN = dict.fromkeys(("case", "implementation", "code", "observed", "documented"))

#: What the document says of a call that equals an implementation; the rest is in the entry of the call.
_OF_EQUAL = ("task", "implementation", "call", "inputs", "unlike", "equal", "of", "differences")


def document(
    results: Iterable[CaseResult | Described],
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
    parts, cases, exhibits = _Parts(session), [], []
    for result in results:
        found = result if isinstance(result, Described) else described(result)
        cases.append(parts.case(found))
        exhibits.append(found.exhibits)
    return {
        "format": FORMAT,
        "generated": (generated or datetime.now(UTC)).isoformat(timespec="seconds"),
        "complete": complete and session.shard is None,
        **({"shard": stamp(session, complete=complete)} if session.shard else {}),
        "environments": by_name(environments, known(session)),
        "implementations": [parts.implementation(entry) for entry in session.implementations],
        "cases": cases,
        "not_applicable": parts.not_applicable.entries,
        "cause_sets": parts.cause_sets.entries,
        "rules": parts.rules,
        "laws": list(laws),
        "resolutions": list(resolutions),
        "runs": list(runs),
        "log_causes": causes(),
        "questions": list(questions_of((entry.id for entry in session.implementations), resolutions, cases)),
        "equal_calls": equal_calls_of(entry.id for entry in session.implementations),
        "since": list(_since(session)),
        "findings": [*_findings(best(exhibits), cases, session), *_law_findings(laws)],
        # How lists of `inputs` may be written instead of out.
        "notations": dict(NOTATIONS),
        "axes": {
            name: {**encode(asdict(axis)), "frameworks": dict(behaviour_on(name))}
            for name, axis in AXES.items()
        },
        "not_started": list(_not_started(cases, session, failures)),
        "missing": [
            {**asdict(missing), "distributions": list(missing.distributions)} for missing in session.missing
        ],
        "summary": summary(cases, parts.not_applicable.entries, len(session.implementations)),
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
        entry = {key: getattr(equal, key) for key in _OF_EQUAL} | {"differences": differences}
        found.setdefault(name, []).append(encode(entry))
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


def _findings(
    shown_by: Mapping[str, Mapping[str, Any]], cases: Iterable[Mapping[str, Any]], session: Session
) -> Iterator[dict[str, Any]]:
    """Yield the findings that are not fixed or that a cell of this run shows, each with the smallest such cell."""
    lasting = lasting_findings()
    pairs = {
        (finding, cell["implementation"])
        for case in cases
        for cell in case["cells"]
        for finding in cell.get("departures", ())
    }
    able = {entry.id: _departing(entry, session.release_of(entry)) for entry in session.implementations}
    for finding in findings():
        if finding in lasting or finding.id in shown_by:
            names = [
                entry.id
                for entry in session.implementations
                if (finding.id, entry.id) in pairs
                or (finding.id in able[entry.id] and entry.has(finding.needs))
            ]
            yield {
                **encode(asdict(finding)),
                "implementations": names,
                **shown_by.get(finding.id, NOT_SHOWN),
            }


def _law_findings(laws: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the findings that only laws show: not fixed or shown by this run, each with the smallest case."""
    lasting = usage_findings(lasting=True)
    for finding in usage_findings():
        shown = exhibit(laws, finding.id)
        if shown or finding in lasting:
            yield {**encode(asdict(finding)), "implementations": [], **(shown or NOT_SHOWN)}


def _departing(entry: Implementation, release: Release) -> frozenset[str]:
    """Return the ids of the findings whose departures an implementation has in a release.

    A metric string carries what its targets carry; those are listed with the targets.
    """
    if entry.definition is None or not entry.claims_departures:
        return frozenset()
    return frozenset(finding.id for finding in find(entry.definition).findings_in(release))


class _Parts:
    """Makes the parts of a document, and collects what they share.

    Attributes:
        rules: axis -> name of a rule that a cell refers to -> the rule in one sentence.
        not_applicable: reasons, each with implementations.
        cause_sets: sets of axes, any of which is a cause.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._entries: dict[str, Any] = {}
        self._templates: dict[str, dict[str, int]] = {}
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
            **({"given": encode(entry.fixed)} if entry.fixed else {}),
            "packages": [*adapter.distributions, *adapter.optional],
            "takes": {
                "tasks": sorted(entry.tasks),
                "parameters": sorted(entry.parameters),
                "sample_weight": entry.weights,
                "class_weight": entry.class_weight,
                "dtype": entry.metric_dtype,
                "updates": entry.updates,
            },
            "reproducer": "\n".join(line for line in lines if line),
            "programs": list(self._templates.get(entry.id, ())),
        }

    def case(self, found: Described) -> dict[str, Any]:
        """Return the entry of a case with the numbers of this document."""
        for axis, names in found.rules.items():
            self.rules.setdefault(axis, {}).update(names)
        entry = found.entry
        return {
            **entry,
            "pairs": numbered(entry["pairs"], self.cause_sets),
            "traces": list(map(self._once, entry["traces"])),
            "cells": [self._cell(cell) for cell in entry["cells"]],
            "not_applicable": list(map(self.not_applicable.number, entry["not_applicable"])),
        }

    def _cell(self, cell: Mapping[str, Any]) -> dict[str, Any]:
        templates = self._templates.setdefault(cell["implementation"], {})
        template, data = cell["program"].values()
        program = {"template": templates.setdefault(template, len(templates)), "data": data}
        return {
            **cell,
            "outcome": self._once(cell["outcome"]),
            "predicted": self._once(cell["predicted"]),
            "program": self._once(program),
        }

    def _once(self, entry: Any) -> Any:
        """Return an entry as it was before if there was an equal one: thousands of cells share theirs."""
        return self._entries.setdefault(repr(entry), entry)
