"""One case of a results document: its groups of equal outcomes, and what fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from pydantic import AliasChoices, Field

from conformance.report import values, words
from conformance.report.entries import Cell, Divergence, Pairs, Part, Shared, Texts, by_importance


@dataclass(frozen=True)
class Group:
    """Implementations of one quantity with equal outcomes on a case; `digits` distinguish it from the others."""

    letter: str
    cells: tuple[Cell, ...]
    digits: int

    @property
    def shown(self) -> str:
        """The outcome of the group; all exceptions form one group and may be of different types."""
        return " / ".join(dict.fromkeys(values.brief(cell.outcome, self.digits) for cell in self.cells))


@dataclass(frozen=True)
class Comparison:
    """The outcomes of one case within one quantity."""

    quantity: str
    verdict: str
    groups: tuple[Group, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells compared, group by group."""
        return tuple(cell for group in self.groups for cell in group.cells)

    @property
    def without_effect(self) -> dict[str, list[Cell]]:
        """Parameter that the case names -> the cells on whose value it has no effect."""
        found: dict[str, list[Cell]] = {}
        for cell in self.cells:
            for name in cell.without_effect:
                found.setdefault(name, []).append(cell)
        return found


class Case(Part):
    """One case."""

    id: str
    title: str = ""
    file: str | None = None
    line: int | None = None
    task: str | None = None
    family: str | None = None
    tags: list[str] = []
    because: str | None = None
    see: list[str] = []
    inputs: dict[str, Any] = {}
    inputs_yaml: str | None = None
    metric: str | None = None
    #: Of more samples than are traced: how many were `counted`, and on how many of them implementations differ.
    disputed: dict[str, int] | None = None
    #: In how many ways the inputs are unlike ordinary ones.
    oddities: int = 0
    verdict: str | None = None
    verdicts: dict[str, str | None] = {}
    causes: list[str] = []
    #: `parting` in format 1.
    divergences: Annotated[
        list[Divergence], Field(validation_alias=AliasChoices("divergences", "parting"))
    ] = []
    pairs: dict[str, Pairs] = {}
    curves: dict[str, Any] | None = None
    data: Texts = {}
    traces: list[list[Shared]] = []
    cells: list[Cell] = []
    not_applicable: list[int] = []

    @cached_property
    def lost(self) -> tuple[Cell, ...]:
        """The cells of calls that crashed or timed out."""
        return tuple(cell for cell in self.cells if cell.is_lost)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """All other cells by quantity, `accuracy` first."""
        compared = [cell for cell in self.cells if not cell.is_lost]
        return tuple(
            self._comparison(quantity, [cell for cell in compared if cell.called.quantity == quantity])
            for quantity in by_importance(cell.called.quantity for cell in compared)
        )

    def _comparison(self, quantity: str, cells: Sequence[Cell]) -> Comparison:
        members: dict[str, list[Cell]] = {}
        for cell in sorted(cells, key=lambda cell: (len(cell.group or ""), cell.group or "")):
            members.setdefault(cell.group or "", []).append(cell)
        digits = values.distinguishing_digits([group[0].outcome for group in members.values()])
        groups = tuple(Group(letter, tuple(group), digits) for letter, group in members.items())
        return Comparison(quantity, self.verdicts.get(quantity) or "null", groups)

    def comparison(self, quantity: str) -> Comparison | None:
        """Return the comparison within `quantity`, if any implementation of it ran."""
        return next((entry for entry in self.comparisons if entry.quantity == quantity), None)

    @property
    def alike(self) -> tuple[words.Alike, ...]:
        """What the outcomes have of both, shares a word and is not the same."""
        average = str(self.inputs["average"]).lower() if "average" in self.inputs else None
        quantities = {comparison.quantity for comparison in self.comparisons}
        return tuple(
            entry
            for entry in words.ALIKE
            if quantities.issuperset(entry.quantities)
            and (not entry.tasks or self.task in entry.tasks)
            and (not entry.averages or average in entry.averages)
        )

    @property
    def ordered(self) -> tuple[Cell, ...]:
        """All cells: those compared, group by group, then those that are lost."""
        return tuple(cell for comparison in self.comparisons for cell in comparison.cells) + self.lost

    @property
    def attention(self) -> tuple[Cell, ...]:
        """The cells that fail a run."""
        return tuple(cell for cell in self.ordered if cell.verdict in words.ATTENTION)

    @property
    def fails(self) -> bool:
        """Whether a cell fails a run, or a divergence has no cause."""
        return bool(self.attention) or any(not divergence.causes for divergence in self.divergences)

    @property
    def diverges(self) -> bool:
        """Whether the outcomes differ within any quantity."""
        return any(comparison.verdict == "diverge" for comparison in self.comparisons)

    def raising(self, divergence: Divergence) -> str | None:
        """Return the letter of the only one of two groups that raises, if there is one."""
        comparison = self.comparison(divergence.quantity)
        found = [
            group.letter
            for group in (comparison.groups if comparison else ())
            if group.letter in divergence.groups
            and all(cell.outcome.get("kind") == "raises" for cell in group.cells)
        ]
        return found[0] if len(found) == 1 else None

    def why(self, divergence: Divergence) -> str:
        """Return a sentence on two groups of this case, such as `A and B differ because B raises.`."""
        raising = self.raising(divergence)
        causes = [
            f"because {raising} raises" if axes == ["refusal"] and raising else f"by {' with '.join(axes)}"
            for axes in divergence.causes
        ]
        pair = " and ".join(divergence.groups) or "Two groups"
        return (
            f"{pair} differ {', or '.join(causes)}." if causes else f"{pair} differ, and no cause was found."
        )

    def reproducer(self, cell: Cell) -> str:
        """Return the program that gives a cell, a template with the data of the case; empty if there is none."""
        programs, lines = cell.called.programs, self.data.get(cell.program.data) if cell.program else None
        if cell.program is None or lines is None or not 0 <= cell.program.template < len(programs):
            return ""
        return programs[cell.program.template].replace("{data}", lines, 1)
