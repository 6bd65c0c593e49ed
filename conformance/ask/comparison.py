"""What a comparison found, as text, as HTML, as JSON and as a table."""

from __future__ import annotations

import importlib
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from conformance.ask.explanation import Explanation
from conformance.ask.samples import Deciding
from conformance.ask.showing import fragment, page
from conformance.calls.outcome import encode
from conformance.calls.text import count, visible
from conformance.oracle.axes import AXES
from conformance.report import words

_WIDTH = 100


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

    @property
    def title(self) -> str:
        """What the axes are called, with their codes."""
        return " and ".join(f"{AXES[axis].title} ({axis})" for axis in self.axes)


@dataclass(frozen=True)
class Difference:
    """Why another group has another outcome.

    Attributes:
        quantity: its quantity.
        groups: letters of my group and of the other one.
        implementations: the two that were compared.
        shown: their outcomes.
        causes: any of them is enough.
        samples: which samples decide; None where it cannot be said sample by sample, or is said of others in the group.
        also: others of the other group with the same causes; empty where all of it have them.
    """

    quantity: str
    groups: tuple[str, str]
    implementations: tuple[str, str]
    shown: tuple[str, str]
    causes: tuple[Cause, ...]
    samples: Deciding | None = None
    also: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The two outcomes, in one sentence without an end."""
        (mine, other), (home, letter), (own, shown) = self.implementations, self.groups, self.shown
        more = len(self.also) - 2
        others = f"{words.listed([other, *self.also[:2]])}{f', and {more} more' if more > 0 else ''}"
        return f"Why {shown} ({letter}, {others}) and not {own} ({home}, {mine})"

    @property
    def parts(self) -> list[tuple[str, list[tuple[str, str]], list[str]]]:
        """The causes: a title, what each group does by its letter, and what to write; nothing is said twice."""
        said: set[str] = set()
        found = []
        for place, cause in enumerate(self.causes):
            title = f"{'Or: ' if place else ''}{cause.title}"
            axes = [axis for axis in cause.axes if axis not in said]
            says = [
                line for axis in axes for line in zip(self.groups, cause.says.get(axis, ()), strict=False)
            ]
            found.append((title, says, [sentence for sentence in cause.instead if sentence not in said]))
            said.update(cause.axes, cause.instead)
        return found


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
        explanations: what else gives the number: an implementation, but for one thing.
        notes: what else there is to know, in sentences.
        metric: the metric.
    """

    task: str
    looks: tuple[str, ...]
    results: tuple[Result, ...]
    differences: tuple[Difference, ...]
    mine: str = ""
    given_by: tuple[str, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    notes: tuple[str, ...] = field(default=(), kw_only=True)
    metric: str = field(default="accuracy", kw_only=True)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        return fragment("comparison.html", found=self, no_cause=NO_CAUSE)

    def page(self) -> str:
        """Return a page that needs no other file and makes no request."""
        return page("comparison.html", "Your arrays", found=self, no_cause=NO_CAUSE)

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as strict JSON: the attributes, and those of their parts, under their names."""
        return {"format": 1, **encode(asdict(self))}

    def to_pandas(self) -> Any:
        """Return `results` as a pandas.DataFrame, a row for each implementation.

        Raises:
            ImportError: pandas is not installed.
        """
        names = ("implementation", "quantity", "group", "value", "shown", "problem")
        rows = [{name: getattr(result, name) for name in names} for result in self.results]
        return importlib.import_module("pandas").DataFrame(rows, columns=list(names))

    @property
    def about_mine(self) -> str:
        """What gives the number that was asked about, in a sentence; empty where that says nothing."""
        if self.given_by:
            more = len(self.given_by) - 3
            verb = "gives" if len(self.given_by) == 1 else "give"
            others = f", and {more} more" if more > 0 else ""
            also = " With one change these do, too:" if self.explanations else ""
            told = f"{self.mine} is what {words.listed(self.given_by[:3])} {verb}{others}.{also}"
            return "" if self.given_by == (self.mine,) else told
        if not self.mine:
            return ""
        what = (
            "With one change these do:"
            if self.explanations
            else "No single change of a call or of a rule does."
        )
        return f"No call with these parameters gives {self.mine}. {what}"

    def groups(self) -> Iterator[tuple[str, list[tuple[str, str, list[str]]]]]:
        """Yield the title of each quantity, and its groups: letter, outcome, implementations."""
        found: dict[str, dict[tuple[str, str], list[str]]] = {}
        for result in self.results:
            groups = found.setdefault(words.quantity_title(result.quantity), {})
            groups.setdefault((result.group, result.shown), []).append(result.implementation)
        for title, groups in found.items():
            yield title, [(letter, shown, names) for (letter, shown), names in groups.items()]

    def lines(self, width: int = _WIDTH) -> list[str]:
        """Return the lines of the text, none longer than `width` unless a word is."""
        return wrapped(self._paragraphs(), width)

    def _paragraphs(self) -> Iterator[Paragraph]:
        """Yield paragraphs, each a list of lines: what a line starts with, and the rest of it."""
        yield [("", asked_for(self.task, self.metric)), *(("  ", line) for line in self.looks)]
        for title, groups in self.groups():
            yield [
                ("", title),
                *((_RESULT, f"{x}  {shown}  {', '.join(names)}") for x, shown, names in groups),
            ]
        if self.about_mine:
            yield [("", self.about_mine), *(line for one in self.explanations for line in explained(one))]
        for difference in self.differences:
            yield [("", difference.says), *causes(difference)]
        yield [("", note) for note in self.notes]


def asked_for(task: str, metric: str) -> str:
    """Return what was asked for; accuracy is what is meant where no metric is named."""
    return f"Task {task}{'' if metric == 'accuracy' else f', {metric}'}"


#: What the line of a result starts with.
_RESULT = "   "

#: Lines, each as what it starts with, and the rest of it.
Paragraph = list[tuple[str, str]]


def wrapped(paragraphs: Iterable[Paragraph], width: int) -> list[str]:
    """Return lines no longer than `width` unless a word is, with an empty one between paragraphs."""
    lines = []
    for part in filter(None, paragraphs):
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


#: Said of a difference without causes.
NO_CAUSE = "No cause is known: the outcome of one of them is not the one that its definition predicts."


def explained(one: Explanation) -> Iterator[tuple[str, str]]:
    """Yield the lines of an explanation: what a line starts with, and the rest of it."""
    yield "  ", f"{one.implementation}, but {one.what}"
    yield "    ", f"Write instead: {one.instead}"
    if one.samples is not None:
        yield from _deciding(one.samples, ("with the change", "without it"), "    ")


def causes(difference: Difference) -> Iterator[tuple[str, str]]:
    """Yield the lines of a difference: what a line starts with, and the rest of it."""
    if not difference.causes:
        yield "  ", NO_CAUSE
    for title, says, instead in difference.parts:
        yield "  ", title
        yield from (("    ", f"{letter}: {what}") for letter, what in says)
        yield from (("    ", f"To get the same: {sentence}") for sentence in instead)
    if difference.samples is not None:
        yield from _deciding(difference.samples, difference.groups, "  ")


def _deciding(found: Deciding, names: tuple[str, str], first: str) -> Iterator[tuple[str, str]]:
    yield first, found.says
    for sample in found.first:
        counted = "".join(f", {name} {way}" for name, way in zip(names, sample.ways, strict=False))
        true, pred = sample.data
        yield f"{first}  ", f"[{sample.index}] y_true {true}, y_pred {pred}{counted}"
    if left := found.number - len(found.first):
        yield f"{first}  ", f"and {count(left, 'more', 'more')}"
