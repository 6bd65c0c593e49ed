"""What changed between two results documents, cell by cell, and whether the case, a framework or neither changed.

For laws and compile() strings it lists those with another result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from conformance.report import values, words
from conformance.report.document import Document, read
from conformance.report.entries import Cell, Implementation

#: Keys of an outcome that make its result; messages and warnings may change without it.
_ANSWER = ("kind", "value", "dtype", "type", "resolved")

_Key = tuple[str, str]


def changes(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `compared` does, with cells that were added or removed counted by case."""
    found = compared(new, old)
    return found | {
        name: dict(Counter(cell["case"] for cell in found[name])) for name in ("added", "removed")
    }


def compared(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells that were added, removed and changed, and how many were not; laws and names that changed.

    Cells that are not applicable are ignored. Each changed cell says why, as far as the documents show: `case`,
    its input was edited; `framework`, a package of its environment has another version; `definition`, the outcome
    is the same but has another verdict; `group`, both are the same and it is grouped with other outcomes; `unknown`,
    neither input nor versions differ.

    What a partial run lacks, and does not say is not applicable, it did not ask: that is `not_compared`.
    """
    now, was = read(new), read(old)
    after, before = _cells(now), _cells(was)
    versions = _versions(now, was)
    asked = _asked(was)
    edited = [case for case, inputs in _asked(now).items() if asked.get(case, inputs) != inputs]
    both = [key for key in after if key in before]
    reasons = {
        key: reason
        for key in both
        if (reason := _why(after[key], before[key], edited=key[0] in edited, versions=versions))
    }
    same = [key for key in both if key not in reasons]
    grouped, were = _companions(after, same), _companions(before, same)
    reasons |= {key: "group" for key in same if grouped[key] != were[key]}
    came, went = _only(after, before, was), _only(before, after, now)
    ids, old_ids = ([entry.id for entry in document.implementations] for document in (now, was))
    return {
        "old": was.generated,
        "new": now.generated,
        "partial": [name for name, document in (("old", was), ("new", now)) if not document.complete],
        "versions": versions,
        "edited": edited,
        "changed": [
            {
                "case": key[0],
                "implementation": key[1],
                "why": reasons[key],
                "before": _shown(before[key]),
                "after": _shown(after[key]),
                "groups": [before[key].group, after[key].group],
                "releases": list(_moved(after[key].called, versions)),
            }
            for key in both
            if key in reasons
        ],
        "added": [_said(after[key]) for key in came],
        "removed": [_said(before[key]) for key in went],
        "unchanged": len(both) - len(reasons),
        "not_compared": len(after) + len(before) - 2 * len(both) - len(came) - len(went),
        "laws": _differing(_laws(was), _laws(now)),
        "names": _differing(_names(was), _names(now)),
        "implementations": {
            "added": sorted({*ids} - {*old_ids}) if was.complete else [],
            "removed": sorted({*old_ids} - {*ids}) if now.complete else [],
        },
    }


def _why(cell: Cell, earlier: Cell, *, edited: bool, versions: list[list[str]]) -> str | None:
    same = all(cell.outcome.get(name) == earlier.outcome.get(name) for name in _ANSWER)
    if same and cell.verdict == earlier.verdict:
        return None
    if edited:
        return "case"
    if same:
        return "definition"
    return "framework" if any(_moved(cell.called, versions)) else "unknown"


def _companions(cells: Mapping[_Key, Cell], keys: Collection[_Key]) -> dict[_Key, set[str]]:
    """Return with which others of some cells each of them is in a group."""
    groups: dict[tuple[str, str, str | None], set[str]] = {}
    found = {}
    for key in keys:
        cell = cells[key]
        group = groups.setdefault((key[0], cell.called.quantity, cell.group), set())
        group.add(key[1])
        found[key] = group
    return found


def _only(cells: Mapping[_Key, Cell], others: Mapping[_Key, Cell], document: Document) -> list[_Key]:
    """Return the cells that the other document lacks because they are not part of that run."""
    absent = {
        (case.id, name)
        for case in document.cases
        for number in case.not_applicable
        for name in document.not_applicable[number].implementations
    }
    return [key for key in cells if key not in others and (document.complete or key in absent)]


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


def _said(cell: Cell) -> dict[str, str]:
    return {"case": cell.case, "implementation": cell.implementation, "outcome": _shown(cell)}


def _shown(cell: Cell) -> str:
    return f"{values.whole(cell.outcome)} ({words.verdict_words(cell.verdict, cell.problem)})"


def _moved(entry: Implementation, versions: list[list[str]]) -> Iterator[list[str]]:
    """Yield package, old and new version of what an implementation needs; without a list of that, of any package."""
    for environment, package, *both in versions:
        if environment == entry.environment and (not entry.packages or package in entry.packages):
            yield [package, *both]


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
