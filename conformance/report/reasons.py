"""Why groups of outcomes differ, in few lines: groups that differ from others for the same causes share one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from conformance.report.case import Comparison
from conformance.report.entries import Divergence
from conformance.report.marking import escaped

#: Axes whose rules are not named with a cause: findings stand with the groups, defaults in the adapters.
UNNAMED = ("departure", "default-parameter")

_REFUSAL = "refusal"
#: The rule on that axis of what gives a value.
_COMPUTES = "computes"

#: What rule names begin with is written once, as a shell has it, if it has so many characters.
_BEGINNING = 12

#: The rules of a group on the axes of the first set of causes.
_Rules: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """Why two groups differ.

    Attributes:
        causes: the smallest sets of axes.
        rules: those of one group and of the other, on the axes of the first set.
    """

    causes: tuple[tuple[str, ...], ...]
    rules: tuple[_Rules, _Rules]

    @property
    def raises_for(self) -> str:
        """Why one of the groups raises, if that is all; else empty."""
        named = {name for names in self.rules for name in names if name != _COMPUTES}
        return named.pop() if self.causes == ((_REFUSAL,),) and len(named) == 1 else ""


#: Places of two groups, the lower one first -> why they differ.
Reasons: TypeAlias = Mapping[tuple[int, int], Reason]


def reasons(divergences: Sequence[Divergence], comparison: Comparison, place: Mapping[str, int]) -> Reasons:
    """Return why groups differ.

    Args:
        divergences: those of a case.
        comparison: a comparison of the case.
        place: letter of a group -> its place; others, and what a definition leaves open, have no part.
    """
    unsettled = {cell.implementation for cell in comparison.cells if cell.open}
    found: dict[tuple[int, int], Reason] = {}
    for divergence in divergences:
        same = divergence.quantity == comparison.quantity and place.keys() >= {*divergence.groups}
        if same and not unsettled & {*divergence.implementations}:
            one, other = (place[letter] for letter in divergence.groups)
            causes = tuple(map(tuple, divergence.causes))
            named = [divergence.rules.get(axis) or ["", ""] for axis in (causes[0] if causes else ())]
            rules = tuple(names[0] for names in named), tuple(names[-1] for names in named)
            found[min(one, other), max(one, other)] = Reason(causes, rules if one < other else rules[::-1])
    return dict(sorted(found.items()))


def set_apart(pairs: Reasons, raising: int) -> tuple[str, Reasons]:
    """Return why a group raises, if it differs from all others for that alone, and why the others differ then.

    Args:
        pairs: why groups differ.
        raising: the place of the group, the last one.
    """
    against = {pair: reason.raises_for for pair, reason in pairs.items() if pair[1] == raising}
    if len(against) < raising or not all(against.values()):
        return "", pairs
    others = {pair: reason for pair, reason in pairs.items() if pair not in against}
    return ", ".join(dict.fromkeys(against.values())), others


def lines(pairs: Reasons, labels: Sequence[str]) -> Iterator[str]:
    """Yield why groups differ: `A vs B vs C: axis (rule, rule, rule)`, or `A, B vs C: axis`; `by axis` if that is all.

    Args:
        pairs: why groups differ.
        labels: what stands for each group, as Markdown.
    """
    for causes, *sides in _together(pairs):
        between = " vs ".join(", ".join(labels[place] for place in side) for side in sides)
        everything = len(sides) == len(labels)
        text = _text(causes, [list(dict.fromkeys(side.values())) for side in sides])
        yield f"by {text}" if everything else f"{between}: {text}"


def _together(
    pairs: Reasons,
) -> Iterator[tuple[tuple[tuple[str, ...], ...], *tuple[Mapping[int, _Rules], ...]]]:
    """Yield causes, with sides, place -> rules, of which any two differ for them.

    A side is a group, and there may be many; or there are two sides, of several groups.
    """
    left = dict(pairs)
    found: dict[tuple[tuple[str, ...], ...], dict[tuple[int, _Rules], dict[int, _Rules]]] = {}
    for (one, other), first in pairs.items():
        if (one, other) not in left:
            continue
        rules = dict(zip((one, other), first.rules, strict=True))
        for another in sorted({place for pair in left for place in pair if place > other}):
            to_it = [left.get((place, another)) for place in rules]
            told = {reason.rules[1] for reason in to_it if reason}
            same = all(
                reason and reason.causes == first.causes and reason.rules[0] == known
                for reason, known in zip(to_it, rules.values(), strict=True)
            )
            if same and len(told) == 1:
                rules[another] = told.pop()
        for pair in itertools.combinations(rules, 2):
            del left[pair]
        if len(rules) > 2:
            yield first.causes, *({place: known} for place, known in rules.items())
        else:
            found.setdefault(first.causes, {}).setdefault((other, rules[other]), {})[one] = rules[one]
    for causes, against in found.items():
        by_side: dict[tuple[tuple[int, _Rules], ...], dict[int, _Rules]] = {}
        for (other, known), ones in against.items():
            by_side.setdefault(tuple(ones.items()), {})[other] = known
        for side, others in by_side.items():
            yield causes, dict(side), others


def _text(causes: Sequence[Sequence[str]], sides: Sequence[Sequence[_Rules]]) -> str:
    """Return the smallest sets of axes, the first with the rules of the groups."""
    if not causes:
        return "no cause that was found"
    first = (
        _axis(axis, [list(dict.fromkeys(rules[place] for rules in side)) for side in sides])
        for place, axis in enumerate(causes[0])
    )
    return ", or ".join(" with ".join(axes) for axes in (first, *(map(escaped, axes) for axes in causes[1:])))


def _axis(axis: str, sides: Iterable[Sequence[str]]) -> str:
    """Return an axis with the rules of some sides: `axis (rule, rule)`, `axis (rule, rule vs rule)`."""
    named = [[_short(name) for name in names if name not in ("", _COMPUTES)] for names in sides]
    shown = [names for names in named if names]
    if axis in UNNAMED or not shown:
        return escaped(axis)
    if any(len(names) > 1 for names in shown):
        return f"{escaped(axis)} ({escaped(' vs '.join(map(_braced, shown)))})"
    return f"{escaped(axis)} ({escaped(_braced([name for (name,) in shown]))})"


def _braced(names: Sequence[str]) -> str:
    """Return `sums, mean`; or `sums{,-last,-mean}` if the names have a long beginning in common."""
    columns = zip(*(name.split("-") for name in names), strict=False)
    same = itertools.takewhile(lambda column: len({*column}) == 1, columns)
    start = "-".join(column[0] for column in same)
    if len(names) < 2 or len(start) < _BEGINNING:
        return ", ".join(names)
    return f"{start}{{{','.join(name.removeprefix(start) for name in names)}}}"


def _short(name: str) -> str:
    """Return the name of a rule; of one that is an import path, the end."""
    return re.sub(r"^[^\[]*\.", "", name)
