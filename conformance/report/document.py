"""What readers of a results document rely on. Other keys are ignored, here and by all readers.

A case refers to what it shares: `not_applicable` holds numbers of entries of the document's `not_applicable`, each a
reason with implementations; the `trace` of a cell is the number of an entry of the case's `traces`, how its samples
counted; the `rules` of a cell are names, explained by the document's `rules`, and only those that differ from the
general rules of its implementation. The `implementations` of an entry of `divergences` are the two for which its
causes were computed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import model_validator

from conformance.report import references, words
from conformance.report.case import Case
from conformance.report.entries import (
    FIRST_QUANTITY,
    EqualCall,
    Finding,
    Implementation,
    Law,
    LawCell,
    Missing,
    NotApplicable,
    NotStarted,
    Part,
    Question,
    Resolution,
    Since,
    Texts,
    TrainingRun,
    by_importance,
)


class Document(Part):
    """A results document, of format 1 or 2; cases that need attention first, then those that diverge."""

    format: int = 2
    generated: str | None = None
    complete: bool = True
    #: Of one part of a run: `index` and `of`, how many there are.
    shard: dict[str, Any] | None = None
    environments: dict[str, dict[str, Any]] = {}
    implementations: list[Implementation] = []
    cases: list[Case] = []
    not_applicable: list[NotApplicable] = []
    #: None in documents that have causes of representatives only.
    cause_sets: list[list[list[str]]] | None = None
    rules: dict[str, Texts] = {}
    laws: list[Law] = []
    resolutions: list[Resolution] = []
    runs: list[TrainingRun] = []
    #: Code of a cause that is no axis -> `title` and `says`.
    log_causes: dict[str, Texts] = {}
    findings: list[Finding] = []
    questions: list[Question] = []
    #: Id of an implementation -> calls that give the same on ordinary inputs.
    equal_calls: dict[str, list[EqualCall]] = {}
    since: list[Since] = []
    axes: dict[str, dict[str, Any]] = {}
    missing: list[Missing] = []
    not_started: list[NotStarted] = []

    @model_validator(mode="after")
    def _what_is_referred_to_is_there(self) -> Document:
        references.look_up(self)
        self.cases.sort(key=lambda case: (not case.attention, not case.diverges))
        return self

    @property
    def partial(self) -> str:
        """Why this is not everything; empty if it is."""
        if self.complete:
            return ""
        shard = self.shard or {}
        return (
            f"shard {shard['index']} of {shard['of']}"
            if {"index", "of"} <= shard.keys()
            else "filtered or interrupted"
        )

    @property
    def metrics(self) -> tuple[str, ...]:
        """The families of metrics that the cases ask for, that of most cases first."""
        numbers = Counter(case.metric or FIRST_QUANTITY for case in self.cases)
        return tuple(sorted(numbers, key=lambda metric: (-numbers[metric], metric)))

    @property
    def quantities(self) -> tuple[str, ...]:
        """The quantities of the implementations."""
        return by_importance(entry.quantity for entry in self.implementations)

    @cached_property
    def law_cells(self) -> tuple[LawCell, ...]:
        """The cells of all laws that apply, in the order of laws and implementations."""
        place = {entry.id: number for number, entry in enumerate(self.implementations)}
        return tuple(
            cell
            for law in self.laws
            for cell in sorted(law.cells, key=lambda cell: place[cell.implementation])
            if cell.verdict != "not-applicable"
        )

    @property
    def laws_counted(self) -> str:
        """`922 not refuted, 382 fail as defined, 0 fail undocumented`; other verdicts where there are any."""
        numbers = Counter(cell.verdict for cell in self.law_cells)
        always = ("holds", "fails-as-defined", "fails-undocumented")
        verdicts = [*always, *sorted(set(numbers) - set(always))]
        return ", ".join(
            f"{numbers[verdict]} {words.LAW_COUNTED.get(verdict, verdict)}" for verdict in verdicts
        )

    @cached_property
    def causes(self) -> dict[str, tuple[Case, ...]]:
        """Cause -> its cases; the most frequent cause first, then by name. Axes that cause nothing have none."""
        cases: dict[str, list[Case]] = {
            axis: []
            for axes in (
                self.axes,
                *(entry.rules for entry in self.implementations),
                *(axes for case in self.cases for each in case.divergences for axes in each.causes),
            )
            for axis in axes
        }
        for case in self.cases:
            for axis in case.causes:
                cases.setdefault(axis, []).append(case)
        ordered = sorted(cases.items(), key=lambda item: (-len(item[1]), item[0]))
        return {axis: tuple(found) for axis, found in ordered}

    def cases_by_verdict(self, quantity: str) -> dict[str, int]:
        """Return how many cases diverge, agree, and have nothing to compare within `quantity`."""
        verdicts = [entry.verdict for case in self.cases if (entry := case.comparison(quantity))]
        return {verdict: verdicts.count(verdict) for verdict in words.CASE}


def read(results: Mapping[str, Any] | Document) -> Document:
    """Return a results document as reports need it, or one that was read as it is. Unknown keys are ignored."""
    return results if isinstance(results, Document) else Document.model_validate(results)
