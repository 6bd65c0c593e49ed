"""What changed between two results documents, as text: for each implementation, old and new outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from conformance.report import words

#: Of one implementation so many cells are shown.
MOST_SHOWN = 20

#: Why a cell changed -> what is said of it.
_WHY = {
    "framework": "",
    "case": "the case was edited",
    "definition": "same outcome, other status: the definition or what the case expects changed",
    "group": "same outcome, grouped with others than before",
    "unknown": "neither the case nor a release changed: check settings, hardware and the adapter",
}


def has_changed(found: Mapping[str, Any]) -> bool:
    """Whether an outcome, a verdict, a group, a law or a compile() string is another, was added or was removed."""
    return any(found[name] for name in ("changed", "added", "removed", "laws", "names"))


def difference(found: Mapping[str, Any], *, most: int | None = MOST_SHOWN) -> Iterator[str]:
    """Yield the lines that say what `compared` found.

    Args:
        found: what it returned.
        most: how many cells of one implementation are shown; None: all.
    """
    yield (
        f"{words.count(len(found['changed']), 'outcome')} changed, {len(found['added'])} added,"
        f" {len(found['removed'])} removed, {found['unchanged']} unchanged"
        + (f"; {words.count(len(found['edited']), 'case')} edited" if found["edited"] else "")
    )
    if found["partial"]:
        yield partial(found)
    for environment, package, old, new in found["versions"]:
        where = f" @{environment}" if environment else ""
        yield f"{package}{where}: {old or 'absent'} -> {new or 'absent'}"
    for names, cells in _alike(found["changed"]):
        releases = ", ".join(f"{package} {old} -> {new}" for package, old, new in cells[0]["releases"])
        yield ""
        yield f"{', '.join(names)}{f' ({releases})' if releases else ''}: {len(cells)} changed"
        for cell in cells[:most]:
            yield f"  {cell['case']}: {_side(cell, 0)} -> {_side(cell, 1)}"
            if _WHY[cell["why"]]:
                yield f"    {_WHY[cell['why']]}"
        if most is not None and len(cells) > most:
            yield f"  and {len(cells) - most} more"
    for what in ("added", "removed"):
        if found[what]:
            yield ""
            yield f"{what}:"
        for name, cells in _by_implementation(found[what]):
            yield f"  {name}: {', '.join(cell['case'] for cell in cells[:most])}" + (
                f" and {len(cells) - most} more" if most is not None and len(cells) > most else ""
            )
    for what, title in (("laws", "laws with another verdict"), ("names", "compile() strings")):
        if found[what]:
            yield ""
            yield f"{title}:"
        for subject, name, before, after in found[what]:
            yield f"  {name}: {subject}: {before} -> {after}"


def partial(found: Mapping[str, Any]) -> str:
    """Return a sentence on runs that were not over everything."""
    runs = "Both runs are" if len(found["partial"]) == 2 else f"The {found['partial'][0]} run is"
    return (
        f"{runs} partial: compared is what both have;"
        f" {words.count(found['not_compared'], 'outcome')} of one of them could not be."
    )


def _side(cell: Mapping[str, Any], side: int) -> str:
    group = cell["groups"][side]
    return f"{cell['after' if side else 'before']}{f' in group {group}' if group else ''}"


def _alike(
    cells: Iterable[Mapping[str, Any]],
) -> list[tuple[list[str], list[Mapping[str, Any]]]]:
    """Return implementations that changed in the same way on the same cases, with the cells of the first."""
    found: dict[tuple[tuple[Any, ...], ...], tuple[list[str], list[Mapping[str, Any]]]] = {}
    for name, own in _by_implementation(cells):
        key = tuple((cell["case"], _side(cell, 0), _side(cell, 1), cell["why"]) for cell in own)
        found.setdefault(key, ([], own))[0].append(name)
    return list(found.values())


def _by_implementation(cells: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for cell in cells:
        found.setdefault(cell["implementation"], []).append(cell)
    return list(found.items())
