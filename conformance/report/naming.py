"""Many implementations in few words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from conformance.report.entries import Cell, Implementation, LawCell
from conformance.report.marking import code, escaped

#: What stands behind X for X and all with the same rules but on that axis: other defaults, or other ways to update.
_ALIKE = {"+": "default-parameter", "~": "accumulation"}


class Naming:
    """Names the implementations of a document.

    Args:
        implementations: all of them.
    """

    def __init__(self, implementations: Iterable[Implementation]) -> None:
        self._families = _families({entry.origin for entry in implementations})

    def named(self, cells: Iterable[Cell | LawCell], ran: Sequence[Implementation]) -> str:
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
            ", ".join(self._together(together))
            + (f" {names}" if names else "")
            + (f" ({escaped(remark)})" if remark else "")
            for (names, remark), together in origins.items()
        )

    def counted(self, cells: Sequence[Cell | LawCell]) -> str:
        """Return how many implementations of which frameworks some cells are, with what is to be said of any."""
        remarks: dict[str, dict[str, None]] = {}
        for cell in cells:
            remarks.setdefault(cell.called.origin, {})[cell.remark] = None
        origins: dict[str, list[str]] = {}
        for origin, said in remarks.items():
            origins.setdefault("; ".join(filter(None, said)), []).append(origin)
        shown = (
            ", ".join(self._together(together)) + (f" ({escaped(remark)})" if remark else "")
            for remark, together in origins.items()
        )
        return f"{len(cells)} of {'; '.join(shown)}"

    def _together(self, origins: Sequence[str]) -> Iterator[str]:
        """Yield origins; `all NAME` in place of all those of the document that have that word in their names."""
        told: set[str] = set()
        for origin in origins:
            if origin not in told:
                fits = (name for name, family in self._families.items() if origin in family <= {*origins})
                family = max(fits, key=lambda name: len(self._families[name]), default="")
                told |= self._families.get(family, {origin})
                yield f"all {_plain(family)}" if family else _plain(origin)


def _families(origins: Iterable[str]) -> Mapping[str, set[str]]:
    """Return word -> the origins that have it in their names, where there are several."""
    found: dict[str, set[str]] = {}
    for origin in origins:
        for word in re.findall("[a-z0-9]+", origin):
            found.setdefault(word, set()).add(origin)
    return {word: family for word, family in sorted(found.items()) if len(family) > 1}


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
    shown = _listed(names, ran)
    others = f"but {_listed([name for name in every if name not in names], ran)}"
    return min(shown, others, key=len) if len(names) > 2 else shown


def _listed(names: Sequence[str], ran: Sequence[Implementation]) -> str:
    """Return names, several in one where all of them are there."""
    every = [_short(entry) for entry in ran]
    folds = _globs(every)
    for mark, axis in _ALIKE.items():
        folds |= _same_rules(ran, mark, axis)
    shown: dict[str, None] = {}
    told: set[str] = set()
    for name in names:
        if name not in told:
            fits = (fold for fold, members in folds.items() if name in members and members <= {*names})
            fold = max(fits, key=lambda fold: len(folds[fold]), default=name)
            told |= folds.get(fold, {name})
            shown[fold] = None
    return ", ".join(map(code, shown))


def _same_rules(ran: Iterable[Implementation], mark: str, axis: str) -> dict[str, set[str]]:
    """Return X and a mark -> names of the implementations with the rules of X but for those on an axis."""
    by_rules: dict[tuple[str, ...], list[str]] = {}
    for entry in ran:
        rules = tuple(str(rule.get("name")) for name, rule in entry.rules.items() if name != axis)
        by_rules.setdefault(rules, []).append(_short(entry))
    return {f"{names[0]}{mark}": {*names} for rules, names in by_rules.items() if rules and len(names) > 1}


def _globs(names: Iterable[str]) -> dict[str, set[str]]:
    """Return globs -> the names that match, where there are several: `X[*]`, `X[a*]` and `X[*b]`."""
    found: dict[str, set[str]] = {}
    for name in names:
        base, *options = re.split(r"[\[\],]", name.removesuffix("]"))
        globs = (f"{base}[*]", *((f"{base}[{options[0]}*]", f"{base}[*{options[-1]}]") if options else ()))
        for glob in globs:
            found.setdefault(glob, set()).add(name)
    return {glob: members for glob, members in found.items() if len(members) > 1}
