"""Brings documents of older formats up to date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.calls.tables import Table


def upgraded(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document in the present format.

    Format 1 had a cell for each implementation that is not applicable, the samples of each cell in it, and sentences
    instead of names of rules. It called the divergences `parting`.
    """
    if results.get("format") != 1:
        return dict(results)
    says: dict[str, dict[str, str]] = {}
    absent = Table()
    cases = [_case(case, says, absent) for case in results.get("cases") or ()]
    return {**results, "format": 2, "cases": cases, "not_applicable": absent.entries, "rules": says}


def _case(case: Mapping[str, Any], says: dict[str, dict[str, str]], absent: Table) -> dict[str, Any]:
    reasons: dict[str, list[str]] = {}
    traces = Table()
    cells = []
    for cell in case.get("cells") or ():
        outcome = cell.get("outcome") or {}
        if outcome.get("kind") == "not-applicable":
            reasons.setdefault(str(outcome.get("reason") or ""), []).append(cell["implementation"])
            continue
        new = {name: value for name, value in cell.items() if name != "rows"}
        if rows := cell.get("rows"):
            new["trace"] = traces.number(rows)
        for axis, sentence in (cell.get("rules") or {}).items():
            says.setdefault(axis, {})[sentence] = sentence
        cells.append(new)
    numbers = [
        absent.number({"reason": reason, "implementations": names}) for reason, names in reasons.items()
    ]
    new_names = {
        "divergences": case.get("parting") or [],
        "traces": traces.entries,
        "not_applicable": numbers,
    }
    return {**case, "cells": cells, **new_names}
