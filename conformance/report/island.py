"""The data of the page: a results document with all texts ready to show, each stored once."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import asdict
from typing import Any

from conformance.calls.tables import Table
from conformance.report import rows, values, words
from conformance.report.attention import matters
from conformance.report.case import Case, Group
from conformance.report.contents import contents
from conformance.report.document import Document
from conformance.report.entries import Cell, Divergence, EqualCall, Implementation, Resolution
from conformance.report.logs import questions as asked_of_logs
from conformance.report.logs import runs

#: Of longer vectors the page shows the first entries.
_MOST_ENTRIES = 24


def packed(data: Any) -> str:
    """Return JSON, deflated and in base64; the page inflates it without a request."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(deflate.compress(text.encode()) + deflate.flush()).decode()


def island(results: Mapping[str, Any], report: Document) -> dict[str, Any]:
    """Return what the page is drawn from. Control characters and direction marks are escapes in it.

    Args:
        results: the results document, of which some parts are shown as they are.
        report: the same, as it was read.
    """
    tables = _Tables(report)
    data = {
        "words": {
            **{"cell": words.CELL, "case": words.CASE, "law": words.LAW, "urgent": words.ATTENTION},
            "lawCounted": words.LAW_COUNTED,
            "raisedFor": words.RAISED_FOR,
            "shown": {verdict: words.verdict_words(verdict) for verdict in (*words.CELL, *words.LAW)},
        },
        "quantities": {quantity: words.quantity_title(quantity) for quantity in report.quantities},
        "contents": words.CONTENTS,
        "questions": _questions(report, {law["law"] for law in results.get("laws") or ()}),
        "alike": [asdict(entry) for entry in words.ALIKE],
        "axes": _axes(report),
        "implementations": [
            _implementation(entry, tables, report.equal_calls.get(entry.id, ()))
            for entry in report.implementations
        ],
        "cases": [_filled(_case(case, tables)) for case in report.cases],
        "causeSets": report.cause_sets,
        "matters": [asdict(matter) for matter in matters(report)],
        "laws": _laws(results.get("laws") or (), tables.numbers),
        "resolutions": [_resolution(entry) for entry in report.resolutions],
        "since": [
            {**change.model_dump(), "implementations": tables.of(change.implementations)}
            for change in report.since
        ],
        "runs": runs(report.runs, tables.numbers),
        "logCauses": report.log_causes,
        "findings": results.get("findings") or (),
        "environments": results.get("environments") or {},
        "missing": results.get("missing") or (),
        "generated": report.generated,
        # The cases that started the project.
        "seeds": [case.id for case in report.cases if "seed" in case.tags],
    }
    shown: dict[str, Any] = values.all_visible({**data, **tables.written()})
    return shown


class _Tables:
    """What is written once and referred to by number."""

    def __init__(self, report: Document) -> None:
        self.numbers = {entry.id: index for index, entry in enumerate(report.implementations)}
        self.not_applicable = report.not_applicable
        self.rules, self.records, self.sentences, self.counted = Table(), Table(), Table(), Table()
        self.traces, self.absent, self.programs = Table(), Table(), Table()

    def written(self) -> dict[str, list[Any]]:
        return {name: table.entries for name, table in vars(self).items() if isinstance(table, Table)}

    def of(self, implementations: Iterable[str]) -> list[int]:
        return [self.numbers[name] for name in implementations if name in self.numbers]


def _filled(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty."""
    return {key: value for key, value in entry.items() if value not in (None, "", [], (), {})}


def _questions(report: Document, laws: Set[str]) -> list[dict[str, Any]]:
    """Return the questions that this document answers.

    The implementations that they name ran on a case in common, the case or one with such samples is there, or the law
    was tried.
    """
    there = {kind for case in report.cases for kind in contents(case.inputs)}
    ran = {case.id: {cell.implementation for cell in case.cells} for case in report.cases}
    named = (
        each.model_dump()
        for each in report.questions
        if (not each.case or each.case in ran)
        and (
            not each.implementations or any(names.issuperset(each.implementations) for names in ran.values())
        )
    )
    general = (
        {**entry, "contents": [kind for kind in entry.get("contents", ()) if kind in there]}
        for entry in words.QUESTIONS
        if entry.get("law") in {None, *laws}
        and ("contents" not in entry or there.intersection(entry["contents"]))
    )
    of_logs = asked_of_logs(report.runs, report.log_causes)
    return [_filled(entry) for entry in (*named, *of_logs, *general)]


def _axes(report: Document) -> list[dict[str, Any]]:
    return [
        {
            "id": axis,
            **{key: report.axes.get(axis, {}).get(key) or "" for key in ("title", "prose", "agree")},
            "frameworks": _together(report.axes.get(axis, {}).get("frameworks") or {}),
            "cases": len(cases),
        }
        for axis, cases in report.causes.items()
    ]


def _together(says: Mapping[str, Any]) -> list[list[str]]:
    """Return `[[frameworks, what they do], ...]`: frameworks that do the same stand in one entry."""
    names: dict[str, list[str]] = {}
    for framework, text in says.items():
        names.setdefault(str(text), []).append(str(framework))
    return [[", ".join(frameworks), text] for text, frameworks in names.items()]


def _implementation(entry: Implementation, tables: _Tables, equals: Iterable[EqualCall]) -> dict[str, Any]:
    return {
        **entry.model_dump(include={"id", "name", "framework", "quantity", "takes", "programs"}),
        **({"base": entry.base} if entry.base else {}),
        "origin": entry.origin,
        "definition": entry.definition or "",
        "rules": {
            axis: tables.rules.number(
                {key: str(rule.get(key) or "") for key in ("name", "says", "basis", "source")}
            )
            for axis, rule in entry.rules.items()
        },
        "parameters": {name: values.full(value, most=12) for name, value in entry.parameters.items()},
        **({"given": sorted(entry.given)} if entry.given else {}),
        "equals": [
            {**call.model_dump(), "implementation": tables.numbers[call.implementation]}
            for call in equals
            if call.implementation in tables.numbers
        ],
    }


def _case(case: Case, tables: _Tables) -> dict[str, Any]:
    samples, traced = rows.table(case)
    as_read = {
        "id",
        "title",
        "task",
        "metric",
        "family",
        "file",
        "line",
        "because",
        "data",
        "curves",
        "tags",
        "see",
        "causes",
    }
    absent = [tables.not_applicable[number] for number in case.not_applicable]
    return {
        **case.model_dump(include=as_read),
        "yaml": case.inputs_yaml,
        "contents": contents(case.inputs),
        "odd": case.oddities,
        "alike": [words.ALIKE.index(entry) for entry in case.alike],
        **samples,
        "traced": [
            [
                tables.traces.number([[tables.counted.number(one) for one in row] for row in trace]),
                *tables.of(cell.implementation for cell in cells),
            ]
            for trace, cells in traced
        ],
        "compared": {
            entry.quantity: {
                "verdict": entry.verdict,
                "groups": [_group(group, tables) for group in entry.groups],
            }
            for entry in case.comparisons
        },
        "lost": [
            [_record(cell, values.FEWEST_DIGITS, tables), *tables.of([cell.implementation])]
            for cell in case.lost
        ],
        "absent": tables.absent.number(
            [[entry.reason or "no reason is given", *tables.of(entry.implementations)] for entry in absent]
        ),
        # By implementation, which template and which data make up its reproducer.
        "programs": tables.programs.number(
            [
                [tables.numbers[cell.implementation], cell.program.template, cell.program.data]
                for cell in case.ordered
                if cell.program and case.reproducer(cell)
            ]
        ),
        "parts": [_divergence(each, tables) for each in case.divergences],
        # By quantity: implementations that behave alike, and numbers of two such behaviours and of their causes.
        "pairs": {
            quantity: [[tables.of(names) for names in found.behaviours], found.causes]
            for quantity, found in case.pairs.items()
        },
    }


def _group(group: Group, tables: _Tables) -> list[Any]:
    """Return the letter of a group, what it shows, and its members by what is known of them."""
    members: dict[int, list[str]] = {}
    for cell in group.cells:
        members.setdefault(_record(cell, group.digits, tables), []).append(cell.implementation)
    return [group.letter, group.shown, *([record, *tables.of(names)] for record, names in members.items())]


def _record(cell: Cell, digits: int, tables: _Tables) -> int:
    """Return the number of what is known of a cell."""
    entry = {
        "verdict": cell.verdict,
        "kind": cell.outcome.get("kind"),
        "brief": values.brief(cell.outcome, digits),
        "whole": values.whole(cell.outcome, _MOST_ENTRIES),
        "dtype": cell.outcome.get("dtype"),
        "message": cell.outcome.get("message"),
        "resolved": cell.outcome.get("resolved"),
        "becomes": (cell.predicted or {}).get("resolved") if not cell.outcome.get("resolved") else None,
        "raised": cell.raised_for,
        "reason": cell.reason,
        "unspecified": (cell.predicted or {}).get("kind") == "unspecified" or None,
        "predicted": values.prediction(cell.predicted, _MOST_ENTRIES),
        "claimed": values.prediction(cell.claimed, _MOST_ENTRIES),
        "rules": {axis: tables.sentences.number(text) for axis, text in cell.rules.items()},
        "notes": _notes(cell),
        "warnings": cell.outcome.get("warnings"),
        "departures": cell.departures,
        "advice": cell.advice,
    }
    return tables.records.number(_filled(entry))


def _notes(cell: Cell) -> list[str]:
    """Return sentences about a cell, the most urgent first."""
    why, claimed = values.reason(cell.predicted), values.prediction(cell.claimed, _MOST_ENTRIES)
    changed = ", ".join(cell.outcome.get("changed_inputs", ()))
    notes = [
        cell.explanation,
        cell.because,
        f"Predicted because: {why}" if why else "",
        f"Without effect here: {', '.join(cell.without_effect)}." if cell.without_effect else "",
        f"Without known deviations the definition predicts {claimed}." if claimed else "",
        f"The call changed {changed} in place." if changed else "",
    ]
    return [note for note in notes if note]


def _divergence(divergence: Divergence, tables: _Tables) -> dict[str, Any]:
    return {
        **divergence.model_dump(include={"quantity", "groups", "causes"}),
        "seen": tables.of(divergence.implementations),
        "says": {
            axis: [tables.sentences.number(text) for text in divergence.said(axis)]
            for axis in divergence.says
        },
    }


def _laws(laws: Iterable[Mapping[str, Any]], numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            **{key: str(law.get(key) or "") for key in ("law", "title", "says")},
            "cells": [
                {
                    **{key: _in_words(value) for key, value in cell.items()},
                    "implementation": numbers[cell["implementation"]],
                }
                for cell in law.get("cells") or ()
                if cell["implementation"] in numbers
            ],
        }
        for law in laws
    ]


def _resolution(entry: Resolution) -> list[str | bool]:
    return [
        entry.origin,
        entry.string,
        entry.loss,
        values.shape(entry.y_true),
        values.shape(entry.y_pred),
        entry.resolved or entry.raises or "",
        not entry.resolved,
        entry.agrees is not False,
    ]


def _in_words(value: Any) -> Any:
    """Return the outcomes and predictions of a law's cell as text, by name where there are several."""
    if not isinstance(value, Mapping):
        return value
    if "kind" not in value:
        return {name: _in_words(entry) for name, entry in value.items()}
    predicted = values.prediction(value) if "dtype" not in value else ""
    return predicted or values.whole(value)
