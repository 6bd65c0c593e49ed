"""What a comparison found, as text, as HTML and as a table."""

from __future__ import annotations

import importlib
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from conformance.ask.samples import Deciding, sentence
from conformance.ask.variants import Explanation
from conformance.calls.text import count, visible
from conformance.oracle.axes import AXES
from conformance.report import words

_WIDTH = 100
_CORRECT = {1: "correct", 0: "incorrect", -1: "left out"}


@dataclass(frozen=True)
class Result:
    """What one implementation returned.

    Attributes:
        implementation: its id.
        quantity: what its name promises.
        group: letter of the group of equal outcomes, within the quantity.
        value: a float, or nested lists of floats; None where it raised.
        shown: the outcome in a few words.
        problem: what is wrong, where the outcome is not the one that its definition predicts; else empty.
    """

    implementation: str
    quantity: str
    group: str
    value: Any
    shown: str
    problem: str = ""


@dataclass(frozen=True)
class Cause:
    """One way to remove a difference: both sides follow the same rules on these axes.

    Attributes:
        axes: the axes.
        says: axis -> what each side does, mine first.
        instead: what to write, a sentence for each axis.
    """

    axes: tuple[str, ...]
    says: Mapping[str, tuple[str, str]]
    instead: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Why another group has another outcome.

    Attributes:
        quantity: its quantity.
        groups: letters of my group and of the other one.
        implementations: the two that were compared.
        shown: their outcomes.
        causes: any of them is enough.
        samples: which samples decide; None where it cannot be said sample by sample.
    """

    quantity: str
    groups: tuple[str, str]
    implementations: tuple[str, str]
    shown: tuple[str, str]
    causes: tuple[Cause, ...]
    samples: Deciding | None = None


@dataclass(frozen=True)
class Comparison:
    """All implementations on one input. `print` shows it, a notebook as well.

    Attributes:
        task: the task.
        looks: what the arrays look like, line by line.
        results: one per implementation, by quantity and group.
        differences: why the groups differ from mine, or from the largest one.
        mine: the number or implementation that was asked about; empty for none.
        given_by: implementations that give the number.
        explanations: what else gives it, where no implementation does.
        notes: what else there is to know, in sentences.
    """

    task: str
    looks: tuple[str, ...]
    results: tuple[Result, ...]
    differences: tuple[Difference, ...]
    mine: str = ""
    given_by: tuple[str, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    notes: tuple[str, ...] = field(default=(), kw_only=True)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, width: int = _WIDTH) -> list[str]:
        """Return the lines of the text, none longer than `width` unless a word is."""
        lines = []
        for part in filter(None, self._paragraphs()):
            for first, text in part:
                rest = " " * (len(first) - len(first.lstrip()) + (5 if first == _RESULT else 2))
                lines += textwrap.wrap(
                    visible(text).replace("\n", " "),
                    width,
                    initial_indent=first,
                    subsequent_indent=rest,
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            lines.append("")
        return lines[:-1]

    def to_pandas(self) -> Any:
        """Return `results` as a pandas.DataFrame, a row for each implementation.

        Raises:
            ImportError: pandas is not installed.
        """
        names = ("implementation", "quantity", "group", "value", "shown", "problem")
        rows = [{name: getattr(result, name) for name in names} for result in self.results]
        return importlib.import_module("pandas").DataFrame(rows, columns=list(names))

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(result.quantity)}</td><td>{result.group}</td><td>{escape(visible(result.shown))}</td>"
            f"<td><code>{escape(result.implementation)}</code></td></tr>"
            for result in self.results
        )
        text = "\n".join(
            line
            for part in (self._paragraphs())
            for first, said in part
            if first != _RESULT
            for line in [first + said]
        )
        return (
            f"<div><table><tr><th>quantity</th><th>group</th><th>outcome</th><th>implementation</th></tr>{rows}"
            f"</table><pre style='white-space: pre-wrap'>{escape(visible(text))}</pre></div>"
        )

    def _paragraphs(self) -> Iterator[list[tuple[str, str]]]:
        """Yield paragraphs, each a list of lines: what a line starts with, and the rest of it."""
        yield [("", f"Task {self.task}"), *(("  ", line) for line in self.looks)]
        for quantity in dict.fromkeys(result.quantity for result in self.results):
            yield [("", words.quantity_title(quantity)), *self._groups(quantity)]
        if self.mine:
            yield [*self._about_mine()]
        for difference in self.differences:
            yield [*_why(difference)]
        if self.notes:
            yield [("", note) for note in self.notes]

    def _groups(self, quantity: str) -> Iterator[tuple[str, str]]:
        outcomes: dict[tuple[str, str], list[str]] = {}
        for result in self.results:
            if result.quantity == quantity:
                outcomes.setdefault((result.group, result.shown), []).append(result.implementation)
        for (group, shown), names in outcomes.items():
            yield _RESULT, f"{group}  {shown}  {', '.join(names)}"

    def _about_mine(self) -> Iterator[tuple[str, str]]:
        if self.given_by:
            if self.given_by != (self.mine,):
                yield "", f"{self.mine} is what {words.listed(self.given_by[:3])} {self._gives()}."
            return
        if not self.explanations:
            yield (
                "",
                f"No implementation gives {self.mine}, and no single change of a call or of a rule does.",
            )
            return
        yield "", f"No implementation gives {self.mine}. It comes from:"
        for one in self.explanations:
            yield "  ", f"{one.implementation}, but {one.says} ({one.axis})"
            yield "    ", f"Write instead: {one.instead}"
            if one.samples is not None:
                yield from _deciding(one.samples, ("yours", "its"), "    ")

    def _gives(self) -> str:
        more = len(self.given_by) - 3
        verb = "gives" if len(self.given_by) == 1 else "give"
        return f"{verb}, and {more} more" if more > 0 else verb


#: What the line of a result starts with.
_RESULT = "   "


def _why(difference: Difference) -> Iterator[tuple[str, str]]:
    mine, other = difference.implementations
    letters = difference.groups
    yield (
        "",
        f"Why {difference.shown[1]} ({letters[1]}, {other}) and not {difference.shown[0]} ({letters[0]}, {mine})",
    )
    if not difference.causes:
        yield (
            "  ",
            "No cause is known: the outcome of one of them is not the one that its definition predicts.",
        )
    for cause in difference.causes:
        yield "  ", " and ".join(f"{AXES[axis].title} ({axis})" for axis in cause.axes)
        for axis in cause.axes:
            for letter, says in zip(letters, cause.says.get(axis, ()), strict=False):
                yield "    ", f"{letter}: {says}"
        for sentence_ in cause.instead:
            yield "    ", f"To get the same: {sentence_}"
    if difference.samples is not None:
        yield from _deciding(difference.samples, letters, "  ")


def _deciding(found: Deciding, names: tuple[str, str], first: str) -> Iterator[tuple[str, str]]:
    yield first, sentence(found)
    for sample in found.first:
        ways = [_CORRECT[way[0]] for way in (sample.mine, sample.other) if len(way) == 1]
        counted = "".join(f", {name} {way}" for name, way in zip(names, ways, strict=False))
        data = f"y_true {_short(sample.y_true)}, y_pred {_short(sample.y_pred)}"
        yield f"{first}  ", f"[{sample.index}] {data}{counted}"
    if left := found.number - len(found.first):
        yield f"{first}  ", f"and {count(left, 'more', 'more')}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_short, value[:8]))}{', …' if len(value) > 8 else ''}]"
    return f"{value:.9g}" if isinstance(value, float) else str(value)
