"""What changed between two results documents, cell by cell, and whether the case, a framework or neither changed.

For laws and compile() strings it lists those with another result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from conformance.report import values, words
from conformance.report.document import Document, read
from conformance.report.entries import Cell, Implementation

#: Keys of an outcome that make its result; messages and warnings may change without it.
_ANSWER = ("kind", "value", "dtype", "type", "resolved")

_Key = tuple[str, str]


def changes(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells that were added, removed and changed, and how many were not; laws and names that changed.

    Cells that are not applicable are ignored. Each changed cell says why, as far as the documents show: `case`,
    its input was edited; `framework`, a package of its environment has another version; `definition`, the outcome
    is the same but has another verdict; `unknown`, neither input nor versions differ.
    """
    now, was = read(new), read(old)
    after, before = _cells(now), _cells(was)
    versions = _versions(now, was)
    asked = _asked(was)
    edited = {case for case, inputs in _asked(now).items() if asked.get(case, inputs) != inputs}

    def why(cell: Cell, earlier: Cell) -> str | None:
        if all(cell.outcome.get(name) == earlier.outcome.get(name) for name in _ANSWER):
            return None if cell.verdict == earlier.verdict else "definition"
        return "case" if cell.case in edited else "framework" if _moved(cell.called, versions) else "unknown"

    changed = [
        {
            "case": cell.case,
            "implementation": cell.implementation,
            "why": reason,
            "before": _shown(before[key]),
            "after": _shown(cell),
        }
        for key, cell in after.items()
        if key in before and (reason := why(cell, before[key]))
    ]
    ids, old_ids = ({entry.id for entry in document.implementations} for document in (now, was))
    return {
        "old": was.generated,
        "new": now.generated,
        "versions": versions,
        "changed": changed,
        "added": dict(Counter(case for case, entry in after if (case, entry) not in before)),
        "removed": dict(Counter(case for case, entry in before if (case, entry) not in after)),
        "unchanged": len(after.keys() & before.keys()) - len(changed),
        "laws": _differing(_laws(was), _laws(now)),
        "names": _differing(_names(was), _names(now)),
        "implementations": {"added": sorted(ids - old_ids), "removed": sorted(old_ids - ids)},
    }


def _cells(document: Document) -> dict[_Key, Cell]:
    return {(cell.case, cell.implementation): cell for case in document.cases for cell in case.cells}


def _laws(document: Document) -> dict[_Key, str]:
    return {(cell.law, cell.implementation): words.verdict_words(cell.verdict) for cell in document.law_cells}


def _names(document: Document) -> dict[_Key, str]:
    return {(entry.asked, entry.target): entry.outcome for entry in document.resolutions}


def _differing(before: Mapping[_Key, str], after: Mapping[_Key, str]) -> list[list[str]]:
    """Return subject, implementation, old and new result of all that are in both and differ."""
    return [[*key, before[key], now] for key, now in after.items() if before.get(key, now) != now]


def _asked(document: Document) -> dict[str, tuple[Any, ...]]:
    return {case.id: (case.task, case.inputs, case.metric) for case in document.cases}


def _shown(cell: Cell) -> str:
    return f"{values.whole(cell.outcome)} ({words.verdict_words(cell.verdict, cell.problem)})"


def _moved(entry: Implementation, versions: list[list[str]]) -> bool:
    """Whether a package that an implementation needs has another version; without a list of them, any."""
    moved = {package for environment, package, *_ in versions if environment == entry.environment}
    return bool(moved & {*entry.packages} if entry.packages else moved)


def _versions(new: Document, old: Document) -> list[list[str]]:
    """Return environment, package, old and new version of each package that differs."""
    lines = []
    for name in sorted({*new.environments, *old.environments}):
        was, now = (document.environments.get(name, {}).get("packages", {}) for document in (old, new))
        lines += [
            [name, package, str(was.get(package, "")), str(now.get(package, ""))]
            for package in sorted({*was, *now})
            if was.get(package) != now.get(package)
        ]
    return lines
