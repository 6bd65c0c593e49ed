"""What changed between two results documents, cell by cell, and whether the case, a framework or neither changed.

For laws and compile() strings it lists those with another result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.report import resolutions, values, words

#: Keys of a case that make its input.
_ASKED = ("task", "inputs", "metric")

#: Keys of an outcome that make its result; messages and warnings may change without it.
_ANSWER = ("kind", "value", "dtype", "type", "resolved")


def changes(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells that were added, removed and changed, and how many were not; laws and names that changed.

    Cells that are not applicable are ignored. Each changed cell says why, as far as the documents show: `case`,
    its input was edited; `framework`, a package of its environment has another version; `definition`, the outcome
    is the same but has another verdict; `unknown`, neither input nor versions differ.
    """
    before, after = dict(_cells(old)), dict(_cells(new))
    moved = {str(entry["id"]): _moved(entry, new, old) for entry in new.get("implementations") or ()}
    changed = [
        {
            "case": case,
            "implementation": implementation,
            "why": why,
            "before": _shown(was),
            "after": _shown(now),
        }
        for (case, implementation), now in after.items()
        if (was := before.get((case, implementation))) is not None
        and (why := _why(was, now, moved.get(implementation, False))) is not None
    ]
    added = Counter(case for case, implementation in after if (case, implementation) not in before)
    removed = Counter(case for case, implementation in before if (case, implementation) not in after)
    return {
        "old": old.get("generated"),
        "new": new.get("generated"),
        "versions": _versions(new, old),
        "changed": changed,
        "added": dict(added),
        "removed": dict(removed),
        "unchanged": sum(key in before for key in after) - len(changed),
        "laws": _differing(dict(_laws(old)), dict(_laws(new))),
        "names": _differing(dict(_names(old)), dict(_names(new))),
        "implementations": {
            "added": sorted(_ids(new) - _ids(old)),
            "removed": sorted(_ids(old) - _ids(new)),
        },
    }


def _ids(document: Mapping[str, Any]) -> set[str]:
    return {str(entry["id"]) for entry in document.get("implementations") or ()}


def _cells(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    for case in document.get("cases") or ():
        for cell in case.get("cells") or ():
            key = str(case["id"]), str(cell.get("implementation"))
            asked = {name: case.get(name) for name in _ASKED}
            yield key, {"asked": asked, "outcome": cell.get("outcome") or {}, "verdict": cell.get("verdict")}


def _laws(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for law in document.get("laws") or ():
        for cell in law.get("cells") or ():
            if cell.get("verdict") != "not-applicable":
                verdict = words.verdict_words(str(cell.get("verdict")))
                yield (str(law.get("law")), str(cell.get("implementation"))), verdict


def _names(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for entry in document.get("resolutions") or ():
        yield resolutions.identity(entry), resolutions.outcome(entry)


def _differing(
    before: Mapping[tuple[str, str], str], after: Mapping[tuple[str, str], str]
) -> list[list[str]]:
    """Return subject, implementation, old and new result of all that are in both and differ."""
    return [[*key, before[key], now] for key, now in after.items() if before.get(key, now) != now]


def _why(was: Mapping[str, Any], now: Mapping[str, Any], moved: bool) -> str | None:
    """Return what changed, or None if the cell is as before."""
    if all(was["outcome"].get(name) == now["outcome"].get(name) for name in _ANSWER):
        return None if was["verdict"] == now["verdict"] else "definition"
    if was["asked"] != now["asked"]:
        return "case"
    return "framework" if moved else "unknown"


def _shown(cell: Mapping[str, Any]) -> str:
    return f"{values.whole(cell['outcome'])} ({words.verdict_words(str(cell['verdict']))})"


def _moved(entry: Mapping[str, Any], new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether a package that an implementation needs has another version."""
    name = str(entry.get("environment") or "")
    now, was = _packages(new, name), _packages(old, name)
    needed = entry.get("packages") or sorted({*now, *was})
    return any(now.get(package) != was.get(package) for package in needed)


def _packages(document: Mapping[str, Any], environment: str) -> dict[str, str]:
    found = (document.get("environments") or {}).get(environment) or {}
    return dict(found.get("packages") or {})


def _versions(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[list[str]]:
    """Return environment, package, old and new version of each package that differs."""
    names = {*(new.get("environments") or {}), *(old.get("environments") or {})}
    lines = []
    for name in sorted(names):
        was, now = _packages(old, name), _packages(new, name)
        lines += [
            [name, package, str(was.get(package, "")), str(now.get(package, ""))]
            for package in sorted({*was, *now})
            if was.get(package) != now.get(package)
        ]
    return lines
