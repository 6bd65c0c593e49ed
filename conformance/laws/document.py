"""The results of the laws, for the results document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.adapters.base import Implementation
from conformance.calls.outcome import Outcome
from conformance.laws.all import LAWS
from conformance.laws.verdict import ORDER, Judge, LawCell
from conformance.verdicts.verdicts import shown


def documented(
    judge: Judge,
    implementations: Iterable[Implementation],
    cells: Mapping[tuple[str, str], Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Return `laws` of the results document: all laws, with the cells that were run or cannot be.

    Args:
        judge: of the run.
        implementations: those of the run.
        cells: (law id, implementation id) -> what `LawCell.to_json` returned; empty where no law was run.
    """
    laws = []
    for law in LAWS if cells else ():
        entries = []
        for entry in implementations:
            cell = cells.get((law.id, entry.id))
            if cell is None and (reason := judge.reason(law, entry)) is not None:
                cell = LawCell(law, entry, "not-applicable", reason=reason).to_json()
            entries += [] if cell is None else [dict(cell)]
        laws.append({"law": law.id, "title": law.title, "says": law.says, "cells": entries})
    return laws


def most_telling(cells: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return, of what several runs say of a law and an implementation, that which says most: a failure before the rest.

    Args:
        cells: one at least; a verdict of another version goes first.
    """
    places = {verdict: place for place, verdict in enumerate(ORDER)}
    return min(cells, key=lambda cell: (places.get(cell["verdict"], -1), -cell.get("tried", 0)))


def exhibit(laws: Iterable[Mapping[str, Any]], finding: str) -> dict[str, Any] | None:
    """Return what the entry of a finding says of the law that shows it, or None where none does.

    Args:
        laws: what `documented` returned.
        finding: id of a finding.
    """
    cells = [cell for law in laws for cell in law["cells"] if cell.get("finding") == finding]
    if not cells:
        return None
    first = cells[0]
    observed = {name: shown(Outcome.from_json(outcome)) for name, outcome in first["observed"].items()}
    return {
        "implementations": list(dict.fromkeys(cell["implementation"] for cell in cells)),
        "case": first["case"],
        "implementation": first["implementation"],
        "code": first["reproducers"]["changed"],
        "observed": observed["changed"],
        "documented": observed["base"],
    }
