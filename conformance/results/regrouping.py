"""Groups and causes of a case whose cells come from several documents: predicted anew, as no document has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.version import Version

from conformance.adapters.base import Adapter, Implementation
from conformance.adapters.places import HERE
from conformance.adapters.registry import adapters
from conformance.adapters.releases import Release
from conformance.calls.outcome import Outcome, decode_floats
from conformance.cases import Case
from conformance.oracle import Predictions, find, predict, supported
from conformance.oracle.exchange import Exchange
from conformance.results.store import ResultsError
from conformance.session.judging import CaseResult, compared
from conformance.verdicts.verdicts import Cell


class Regrouping:
    """Compares outcomes of documents, as the run would have done that has all of them.

    Args:
        entries: id -> implementation, as documents have them.
        environments: name of an environment -> its record in a document.
    """

    def __init__(
        self, entries: Mapping[str, Mapping[str, Any]], environments: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self._entries, self._environments = entries, environments
        self._known = _implementations(entries.values())

    def result(self, entry: Mapping[str, Any], cells: Iterable[Mapping[str, Any]]) -> CaseResult:
        """Return the groups of a case, and why they differ.

        Args:
            entry: the case, as a document has it.
            cells: its cells, of any documents.

        Raises:
            ResultsError: an implementation is of a package that is not installed.
        """
        case = Case(
            id=entry["id"],
            title=entry["title"],
            task=entry["task"],
            theme=entry["theme"],
            file=entry["file"],
            inputs=decode_floats(entry["inputs"]),
            inputs_yaml=entry["inputs_yaml"],
            path=Path(entry["file"]),
        )
        made: dict[tuple[str, Release], Predictions] = {}
        judged = [
            Cell(
                implementation := self._implementation(cell["implementation"]),
                Outcome.from_json(cell["outcome"]),
                cell["verdict"],
                self._predictions(case, implementation, made),
            )
            for cell in cells
        ]
        return compared(case, judged, Exchange(case.call(), {}))

    def _implementation(self, name: str) -> Implementation:
        if name not in self._known:
            raise ResultsError(
                f"{name} is of a package that is not installed. Its outcomes are to be compared with those of another"
                " document, which needs its definitions: install it."
            )
        return self._known[name]

    def _predictions(
        self, case: Case, implementation: Implementation, made: dict[tuple[str, Release], Predictions]
    ) -> Predictions | None:
        claim = implementation.definition
        if claim is None:
            return None
        known, release = supported(claim), None
        if known is not None:
            where = self._entries[implementation.id]["environment"]
            version = self._environments[where]["packages"].get(known.distribution)
            if version is not None and not known.includes(version):
                return None
            release = None if version is None else Version(version)
        if (claim, release) not in made:
            made[claim, release] = predict(find(claim), case.call(), release=release)
        return made[claim, release]


def _implementations(entries: Iterable[Mapping[str, Any]]) -> dict[str, Implementation]:
    """Return id -> implementation, of those that are installed, wherever they were called."""
    places = {(entry["framework"], entry["environment"]) for entry in entries}
    found: dict[str, Implementation] = {}
    # An environment of an adapter comes before another place of that name.
    for adapter in sorted(adapters(), key=lambda adapter: -len(adapter.environment)):
        found |= {entry.id: entry for entry in adapter.implementations}
        for framework, environment in places:
            if framework == adapter.framework and (name := _place(adapter, environment)):
                for entry in adapter.elsewhere(name, HERE).implementations:
                    found.setdefault(entry.id, entry)
    return found


def _place(adapter: Adapter, environment: str) -> str:
    """Return the name of a place in which an adapter has this environment; empty if there is none."""
    if not adapter.environment:
        return environment
    start = f"{adapter.environment},"
    return environment.removeprefix(start) if environment.startswith(start) else ""
