"""What gives a number, as text, as HTML and as a table."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from conformance.ask.apart import Apart
from conformance.ask.comparison import NO_CAUSE, Difference, Paragraph, asked_for, causes, explained, wrapped
from conformance.ask.explanation import Explanation
from conformance.calls.outcome import encode
from conformance.calls.text import count

_WIDTH = 100
#: So many implementations, and so many other ways to get the number, are printed; JSON has more.
_NAMES = 4
_WAYS = 5


@dataclass(frozen=True)
class Match:
    """An implementation that gives the number.

    Attributes:
        implementation: its id.
        quantity: what its name promises.
        value: what it gives.
        exactly: whether that is the number as it is written, and does not only round to it.
    """

    implementation: str
    quantity: str
    value: float
    exactly: bool


@dataclass(frozen=True)
class Explained:
    """What gives a number. `print` shows it, a notebook as well.

    Attributes:
        task: the task.
        looks: what the arrays look like, line by line.
        number: the number that was asked about.
        matches: implementations that give it, as they are.
        explanations: implementations that give it but for one thing, those that give it exactly first, then the
            likely ones.
        differences: why other implementations give other numbers.
        apart: what would tell two of those that give the number apart.
        nearest: where nothing gives it, what gives the nearest numbers, and these.
        notes: what else there is to know, in sentences.
        metric: the metric.
    """

    task: str
    looks: tuple[str, ...]
    number: str
    matches: tuple[Match, ...]
    explanations: tuple[Explanation, ...]
    differences: tuple[Difference, ...] = ()
    apart: tuple[Apart, ...] = ()
    nearest: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()
    metric: str = "accuracy"

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        # Costs time that the command does not need.
        showing = importlib.import_module("conformance.ask.showing")
        return str(showing.fragment("explained.html", found=self, no_cause=NO_CAUSE))

    def to_json(self) -> dict[str, Any]:
        """Return the answer as strict JSON: the attributes, and those of their parts, under their names."""
        return {"format": 1, **encode(asdict(self))}

    def to_pandas(self) -> Any:
        """Return a pandas.DataFrame, a row for each match and explanation, in their order.

        Raises:
            ImportError: pandas is not installed.
        """
        columns = ("implementation", "value", "axis", "says", "instead", "without")
        rows: list[tuple[Any, ...]] = [
            (one.implementation, one.value, "", "", "", one.value) for one in self.matches
        ]
        rows += [
            (one.implementation, one.gives, one.axis, one.says, one.instead, one.without)
            for one in self.explanations
        ]
        return importlib.import_module("pandas").DataFrame(rows, columns=list(columns))

    def lines(self, width: int = _WIDTH) -> list[str]:
        """Return the lines of the text, none longer than `width` unless a word is."""
        return wrapped(self._paragraphs(), width)

    @property
    def given_by(self) -> tuple[tuple[str, str], ...]:
        """Sentences on the implementations that give the number, and the names of these."""
        found = []
        for exactly in (True, False):
            names = [one.implementation for one in self.matches if one.exactly == exactly]
            values = sorted({one.value for one in self.matches if one.exactly == exactly})
            if names:
                rounds = f" ({', '.join(f'{value:.6g}' for value in values)})"
                says = f"{self.number} is what these give{'' if exactly else f', rounded{rounds}'}:"
                more = f", and {count(len(names) - _NAMES, 'more', 'more')}" if len(names) > _NAMES else ""
                found.append((says, ", ".join(names[:_NAMES]) + more))
        return tuple(found)

    @property
    def ways(self) -> str:
        """What comes before the explanations."""
        if self.explanations:
            return f"With one change these do{', too' if self.matches else ''}:"
        return "" if self.matches else "No single change of a call or of a rule does."

    def rest(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the titles and lines of what comes after the differences."""
        nearest = [f"{value:.6g}: {says}" for says, value in self.nearest]
        apart = [one.says for one in self.apart]
        for title, lines in (
            ("What tells them apart", apart),
            ("The nearest numbers", nearest),
            ("Note", [*self.notes]),
        ):
            if lines:
                yield title, lines

    def _paragraphs(self) -> Iterator[Paragraph]:
        yield [("", asked_for(self.task, self.metric)), *(("  ", line) for line in self.looks)]
        for says, names in self.given_by:
            yield [("", says), ("  ", names)]
        none = "" if self.matches else f"No call with these parameters gives {self.number}. "
        if self.ways:
            yield [("", none + self.ways), *(line for one in self.explanations[:_WAYS] for line in _way(one))]
        if len(self.explanations) > _WAYS:
            yield [
                ("", f"And from {count(len(self.explanations) - _WAYS, 'other change')}: --json lists them.")
            ]
        for difference in self.differences:
            yield [("", difference.says), *causes(difference)]
        for title, lines in self.rest():
            yield [("", title), *(("  ", line) for line in lines)]


def _way(one: Explanation) -> Iterator[tuple[str, str]]:
    first, instead, *rest = explained(one)
    yield first
    without = "" if one.without is None else f" This gives {one.without:.6g}."
    yield instead[0], f"{instead[1].removesuffix('.')}.{without}"
    yield from rest
