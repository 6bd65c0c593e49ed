"""The data of the page: a results document with all texts ready to show, each stored once."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from conformance.calls.tables import Table
from conformance.report import rows, values, words
from conformance.report.attention import matters
from conformance.report.document import Case, Cell, Comparison, Implementation, Report


def packed(data: Any) -> str:
    """Return JSON, deflated and in base64; the page inflates it without a request."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(deflate.compress(text.encode()) + deflate.flush()).decode()


def island(report: Report) -> dict[str, Any]:
    """Return what the page is drawn from. Control characters and direction marks are escapes in it."""
    numbers = {entry.id: index for index, entry in enumerate(report.implementations)}
    tables = _Tables(numbers)
    document = report.document
    data = {
        "words": {
            "cell": dict(words.CELL),
            "shown": {verdict: words.verdict_words(verdict) for verdict in (*words.CELL, *words.LAW)},
            "case": dict(words.CASE),
            "law": dict(words.LAW),
            "urgent": list(words.ATTENTION),
        },
        "quantities": {quantity: words.quantity_title(quantity) for quantity in report.quantities},
        "axes": _axes(report),
        "implementations": [_implementation(entry, tables) for entry in report.implementations],
        "cases": [_case(case, tables) for case in report.cases],
        "matters": [asdict(matter) for matter in matters(report)],
        "laws": _laws(document.get("laws") or (), numbers),
        "resolutions": [_resolution(entry) for entry in document.get("resolutions") or ()],
        "findings": list(report.findings),
        "environments": document.get("environments") or {},
        "missing": list(report.missing),
        "generated": document.get("generated"),
        "seeds": [case.id for case in report.seeds],
    }
    shown: dict[str, Any] = values.all_visible({**data, **tables.written()})
    return shown


class _Tables:
    def __init__(self, numbers: Mapping[str, int]) -> None:
        self.numbers = numbers
        self.rules, self.records, self.sentences, self.counted = Table(), Table(), Table(), Table()
        self.traces, self.absent, self.programs = Table(), Table(), Table()

    def written(self) -> dict[str, list[Any]]:
        names = ("rules", "records", "sentences", "counted", "traces", "absent", "programs")
        return {name: getattr(self, name).entries for name in names}

    def of(self, cells: Iterable[Cell]) -> list[int]:
        return [self.numbers[cell.implementation.id] for cell in cells]


def _axes(report: Report) -> list[dict[str, Any]]:
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


def _implementation(entry: Implementation, tables: _Tables) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "framework": entry.framework,
        "origin": entry.origin,
        "quantity": entry.quantity,
        "definition": entry.definition,
        "rules": {
            axis: tables.rules.number(
                {key: str(rule.get(key) or "") for key in ("name", "says", "basis", "source")}
            )
            for axis, rule in entry.rules.items()
        },
        "parameters": {name: values.full(value, most=12) for name, value in entry.parameters.items()},
        "takes": dict(entry.takes),
        "programs": list(entry.programs),
    }


def _case(case: Case, tables: _Tables) -> dict[str, Any]:
    document = case.document
    table = rows.table(case)
    facts = {
        key: document.get(key) for key in ("task", "family", "file", "line", "because", "data", "curves")
    }
    entry = {
        "id": case.id,
        "title": case.title,
        **facts,
        "tags": list(document.get("tags") or ()),
        "see": list(document.get("see") or ()),
        "yaml": str(document.get("inputs_yaml") or ""),
        "causes": list(case.causes),
        "columns": [*(["update"] if table.has_updates else []), *table.columns],
        "rows": [[*([row.update] if table.has_updates else []), *row.inputs] for row in table.rows],
        "left": table.left_out,
        "traced": [
            [tables.traces.number(_trace(table, index, tables)), *tables.of(cells)]
            for index, cells in enumerate(table.traced)
        ],
        "compared": {entry.quantity: _comparison(entry, tables) for entry in case.comparisons},
        "lost": [[tables.records.number(_record(cell, tables)), *tables.of([cell])] for cell in case.lost],
        "absent": tables.absent.number(_absent(case, tables)),
        "programs": tables.programs.number(_programs(case, tables)),
        "parts": [_divergence(each, tables) for each in document.get("divergences") or ()],
    }
    return {key: value for key, value in entry.items() if value not in (None, "", [], {})}


def _trace(table: rows.Table, index: int, tables: _Tables) -> list[list[int]]:
    return [[tables.counted.number([one.says, one.kind]) for one in row.traces[index]] for row in table.rows]


def _comparison(comparison: Comparison, tables: _Tables) -> dict[str, Any]:
    """Return verdict and groups; a group is a letter, what it shows, and its members by what is known of them."""
    groups = []
    for group in comparison.groups:
        members: dict[int, list[Cell]] = {}
        for cell in group.cells:
            members.setdefault(tables.records.number(_record(cell, tables)), []).append(cell)
        bundles = [[record, *tables.of(cells)] for record, cells in members.items()]
        groups.append([group.letter, group.shown, *bundles])
    return {"verdict": comparison.verdict, "groups": groups}


def _record(cell: Cell, tables: _Tables) -> dict[str, Any]:
    entry = {
        "verdict": cell.verdict,
        "kind": cell.outcome.get("kind"),
        "brief": cell.brief,
        "whole": cell.whole,
        "dtype": cell.outcome.get("dtype"),
        "message": cell.message,
        "resolved": cell.outcome.get("resolved"),
        "predicted": cell.predicted,
        "claimed": cell.claimed,
        "why": cell.why,
        "rules": {axis: tables.sentences.number(text) for axis, text in cell.rules.items()},
        "notes": list(cell.notes),
        "warnings": list(cell.warnings),
        "departures": list(cell.departures),
        "advice": cell.advice,
    }
    return {key: value for key, value in entry.items() if value not in (None, "", [], {})}


def _absent(case: Case, tables: _Tables) -> list[list[Any]]:
    """Return the implementations that are not applicable, by reason."""
    return [
        [reason or "no reason is given", *(tables.numbers[entry.id] for entry in entries)]
        for reason, entries in case.not_applicable.items()
    ]


def _programs(case: Case, tables: _Tables) -> list[list[Any]]:
    """Return, by implementation, which template and which data make up its reproducer."""
    return [
        [tables.numbers[cell.implementation.id], cell.program["template"], cell.program["data"]]
        for cell in case.cells
        if cell.program and cell.reproducer
    ]


def _divergence(divergence: Mapping[str, Any], tables: _Tables) -> dict[str, Any]:
    names = [str(name) for name in divergence.get("implementations") or ()]
    return {
        "quantity": divergence.get("quantity") or "accuracy",
        "groups": list(divergence.get("groups") or ()),
        "seen": [tables.numbers[name] for name in names if name in tables.numbers],
        "causes": list(divergence.get("causes") or ()),
        "says": {
            axis: [tables.sentences.number(str(text)) for text in both]
            for axis, both in (divergence.get("says") or {}).items()
        },
    }


def _laws(laws: Iterable[Mapping[str, Any]], numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            **{key: str(law.get(key) or "") for key in ("law", "title", "says")},
            "cells": [
                {
                    **{key: _in_words(cell.get(key)) for key in cell if key != "implementation"},
                    "implementation": numbers[str(cell.get("implementation"))],
                }
                for cell in law.get("cells") or ()
                if str(cell.get("implementation")) in numbers
            ],
        }
        for law in laws
    ]


def _resolution(entry: Mapping[str, Any]) -> list[str | bool]:
    became = entry.get("resolved") or entry.get("raises") or ""
    place = f"{entry.get('framework') or ''}{'@' if entry.get('environment') else ''}{entry.get('environment') or ''}"
    shapes = [values.shape(entry.get(name)) for name in ("y_true", "y_pred")]
    return [
        place,
        str(entry.get("string") or ""),
        str(entry.get("loss") or ""),
        *shapes,
        str(became),
        not entry.get("resolved"),
        entry.get("agrees") is not False,
    ]


def _in_words(value: Any) -> Any:
    """Return the outcomes and predictions of a law's cell as text, by name where there are several."""
    if not isinstance(value, Mapping):
        return value
    if "kind" not in value:
        return {name: _in_words(entry) for name, entry in value.items()}
    predicted = values.prediction(value) if "dtype" not in value else ""
    return predicted or values.whole(value)
