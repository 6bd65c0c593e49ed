"""What a set of cases cannot tell apart, from predictions alone; no framework is called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from conformance.adapters.base import Implementation
from conformance.cases import Case
from conformance.coverage.equivalence import Lists
from conformance.coverage.gaps import (
    MOST_OPEN,
    left_open,
    repeated,
    unused_parameters,
    without_basis,
)
from conformance.coverage.pairs import pairs
from conformance.coverage.subjects import subjects
from conformance.coverage.telling import Foreteller
from conformance.coverage.variation import Tried, tried


@dataclass(frozen=True)
class Hole:
    """Something the cases do not show.

    Attributes:
        kind: `pair`, `variant`, `parameter`, `basis`, `expect`, `open` or `list`.
        who: the definitions, the implementation or the entry it is about.
        what: what is missing, in words.
    """

    kind: str
    who: str
    what: str


@dataclass(frozen=True)
class Listed:
    """Something that may stay untold, and the reason for it."""

    who: str
    what: str
    reason: str


@dataclass(frozen=True)
class Coverage:
    """What the cases tell apart, and what they do not.

    Attributes:
        holes: what is left to do; none where the cases are complete.
        equivalent: what no legal input tells apart, as listed.
        unfit: variants whose rules cannot meet on any case.
        counts: how many there are, and how many were told.
    """

    holes: tuple[Hole, ...]
    equivalent: tuple[Listed, ...]
    unfit: tuple[Listed, ...]
    counts: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """Return it as strict JSON."""
        return {"format": 1, **asdict(self), "counts": dict(self.counts)}


def coverage(
    implementations: Sequence[Implementation],
    cases: Sequence[Case],
    lists: Lists,
    *,
    thorough: bool = False,
    known: Sequence[Implementation] | None = None,
) -> Coverage:
    """Return what cases tell apart.

    Args:
        implementations: all implementations, whether their frameworks are installed or not.
        cases: the cases.
        lists: what may stay untold, with reasons.
        thorough: whether every entry of the lists is held against all cases.
        known: implementations whose rules could stand in the place of others; absent: `implementations`.
    """
    return _Account(
        implementations, cases, lists, thorough, implementations if known is None else known
    ).closed()


class _Account:
    """Holes and what is listed, as they are found."""

    def __init__(
        self,
        implementations: Sequence[Implementation],
        cases: Sequence[Case],
        lists: Lists,
        thorough: bool,
        known: Sequence[Implementation],
    ) -> None:
        self.implementations, self.cases, self.lists = implementations, cases, lists
        self.found = subjects(implementations, cases)
        self.foreteller = Foreteller()
        self.holes: list[Hole] = []
        self.equivalent: list[Listed] = []
        self.unfit: list[Listed] = []
        self.counts = Counter(dict.fromkeys(("pairs", "pairs told", "variants", "variants told"), 0))
        self.used: Counter[str] = Counter()
        self._pairs()
        self._variants(known, thorough)
        self._parameters()
        self._rules()
        self._open()

    def closed(self) -> Coverage:
        for entry in self.lists:
            if not self.used[str(entry)]:
                self.holes.append(Hole("list", str(entry), "speaks of nothing that is untold: remove it"))
        counts = {
            "cases": len(self.cases),
            "implementations": len(self.implementations),
            "definitions": len(self.found),
            **self.counts,
            "equivalent": len(self.equivalent),
            "unfit": len(self.unfit),
        }
        return Coverage(tuple(self.holes), tuple(self.equivalent), tuple(self.unfit), counts)

    def _untold(self, kind: str, who: str, what: str, entry: Any) -> None:
        if entry is None:
            self.holes.append(Hole(kind, who, what))
        else:
            self.used[str(entry)] += 1
            self.equivalent.append(Listed(who, what, entry.reason))

    def _contradicted(self, entry: Any, who: str, what: str) -> None:
        if entry is not None:
            self.used[str(entry)] += 1
            self.holes.append(
                Hole("list", str(entry), f"no input is said to tell {who} {what}, but one does")
            )

    def _pairs(self) -> None:
        for pair in pairs(self.found, self.cases, self.foreteller):
            self.counts["pairs"] += 1
            self.counts["pairs told"] += pair.told
            entry = self.lists.of_pair(pair)
            who = f"{pair.one.name} and {pair.other.name}"
            if pair.told:
                self._contradicted(entry, who, "apart")
            else:
                axes = ", ".join(sorted(pair.axes))
                says = f"told apart by none of {len(pair.cases)} cases, though they differ in {axes}"
                self._untold("pair", who, says, entry)

    def _variants(self, known: Sequence[Implementation], thorough: bool) -> None:
        shared: dict[object, list[Tried]] = defaultdict(list)
        for result in tried(self.found, known, self.foreteller, self.lists, thorough=thorough):
            self.counts["variants"] += 1
            self.counts["variants told"] += result.told_by is not None
            who, what = result.subject.name, str(result.variant)
            if result.told_by is not None:
                self._contradicted(result.entry, f"{who} from its variant", f"{what} ({result.told_by.id})")
            elif result.unfit and result.entry is None:
                self.unfit.append(Listed(who, what, "the rules cannot meet on any case"))
            elif result.entry is not None:
                self._untold("variant", who, what, result.entry)
            shared[result.shared].append(result)
        for results in shared.values():
            untold = [r for r in results if r.told_by is None and r.entry is None and not r.unfit]
            if untold and any(result.told_by is not None for result in results):
                self.counts["variants told of a shared rule"] += len(untold)
            elif untold:
                first = untold[0]
                more = f" (and of {len(untold) - 1} that share the rule)" if len(untold) > 1 else ""
                self._untold("variant", f"{first.subject.name}{more}", str(first.variant), None)

    def _parameters(self) -> None:
        for implementation, parameter in unused_parameters(self.implementations, self.cases):
            entry = self.lists.of_parameter(implementation, parameter)
            self._untold("parameter", implementation, f"no case names {parameter}", entry)

    def _rules(self) -> None:
        for subject in self.found:
            for axis in without_basis(subject.definition):
                self.holes.append(
                    Hole("basis", subject.name, f"its rule on {axis} does not say where it was read")
                )
        for said, where in repeated(self.cases):
            ids = ", ".join(case.id for case in where)
            self.holes.append(Hole("expect", said, f"is pinned by {ids}: a rule is missing"))

    def _open(self) -> None:
        count, cells = left_open(self.found, self.foreteller)
        self.counts["open"], self.counts["open of"] = count, cells
        if count > MOST_OPEN * cells:
            says = f"{count} of {cells}, more than {MOST_OPEN:.0%} of the cells are left open"
            self.holes.append(Hole("open", "predictions", says))
