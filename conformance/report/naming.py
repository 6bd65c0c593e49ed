"""Many implementations in few words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from conformance.report.entries import Cell, Implementation, LawCell
from conformance.report.marking import code, escaped


def named(cells: Iterable[Cell | LawCell], ran: Sequence[Implementation]) -> str:
    """Return the implementations of some cells by framework, as Markdown.

    Args:
        cells: the cells.
        ran: all implementations they are some of: where all of a framework, or all variants of one, are among the
            cells, they are not listed one by one.
    """
    bundles: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        bundles.setdefault((cell.called.origin, cell.remark), []).append(_short(cell.called))
    origins: dict[tuple[str, str], list[str]] = {}
    for (origin, remark), names in bundles.items():
        of_origin = [entry for entry in ran if entry.origin == origin]
        origins.setdefault((_folded(names, of_origin), remark), []).append(origin)
    return "; ".join(
        ", ".join(map(_plain, together))
        + (f" {names}" if names else "")
        + (f" ({escaped(remark)})" if remark else "")
        for (names, remark), together in origins.items()
    )


def counted(cells: Sequence[Cell | LawCell]) -> str:
    """Return how many implementations of which frameworks some cells are, with what is to be said of any."""
    remarks: dict[str, dict[str, None]] = {}
    for cell in cells:
        remarks.setdefault(cell.called.origin, {})[cell.remark] = None
    origins = (
        _plain(origin) + (f" ({escaped('; '.join(said))})" if (said := list(filter(None, of_origin))) else "")
        for origin, of_origin in remarks.items()
    )
    return f"{len(cells)} of {', '.join(origins)}"


def _plain(origin: str) -> str:
    """Return `a_name` and `name@environment` as they are: within a word Markdown acts on neither character."""
    return origin if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*(@[a-z0-9.-]+)?", origin) else escaped(origin)


def _short(entry: Implementation) -> str:
    return entry.name.removesuffix(f"@{entry.environment}")


def _folded(names: Sequence[str], ran: Sequence[Implementation]) -> str:
    """Return names, several in one where all of them are there; empty if they are all that ran."""
    every = [_short(entry) for entry in ran]
    if set(names) == set(every):
        return ""
    left_out = [name for name in every if name not in names]
    if len(every) > 5 and len(left_out) <= 2:
        return f"but {', '.join(map(code, left_out))}"
    folds = {**_globs(every), **_same_rules(ran)}
    shown: dict[str, None] = {}
    told: set[str] = set()
    for name in names:
        if name not in told:
            fits = (fold for fold, members in folds.items() if name in members and members <= {*names})
            fold = max(fits, key=lambda fold: len(folds[fold]), default=name)
            told |= folds.get(fold, {name})
            shown[fold] = None
    return ", ".join(map(code, shown))


def _same_rules(ran: Iterable[Implementation]) -> dict[str, set[str]]:
    """Return `X+` -> names of the implementations with the rules of X, where there are several."""
    by_rules: dict[tuple[str, ...], list[str]] = {}
    for entry in ran:
        rules = tuple(
            str(rule.get("name")) for axis, rule in entry.rules.items() if axis != "default-parameter"
        )
        by_rules.setdefault(rules, []).append(_short(entry))
    return {f"{names[0]}+": {*names} for rules, names in by_rules.items() if rules and len(names) > 1}


def _globs(names: Iterable[str]) -> dict[str, set[str]]:
    """Return globs -> the names that match, where there are several: `X[*]`, `X[a*]` and `X[*b]`."""
    found: dict[str, set[str]] = {}
    for name in names:
        base, *options = re.split(r"[\[\],]", name.removesuffix("]"))
        globs = (f"{base}[*]", *((f"{base}[{options[0]}*]", f"{base}[*{options[-1]}]") if options else ()))
        for glob in globs:
            found.setdefault(glob, set()).add(name)
    return {glob: members for glob, members in found.items() if len(members) > 1}
