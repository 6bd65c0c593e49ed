"""The cases and training runs on a terminal: groups of equal outcomes, numbers of logs, and why they differ."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.report import values, words
from conformance.report.case import Case, Comparison, Group
from conformance.report.document import Document, read
from conformance.report.entries import Divergence, Log
from conformance.report.logs import title


def listing(
    results: Mapping[str, Any],
    *,
    width: int,
    only_failing: bool = False,
    mine: str | None = None,
    all_pairs: bool = False,
) -> Iterator[str]:
    """Yield the lines of the cases and runs in a results document; none is longer than `width` unless a word is.

    Args:
        results: the document.
        width: how wide the terminal is.
        only_failing: leave out cases and logs that do not fail a run.
        mine: id of the implementation whose group the others are compared with; else that is the largest with a value.
        all_pairs: say of each two groups why they differ.
    """
    left_out = False
    report = read(results)
    for case in report.cases:
        if only_failing and not case.fails:
            continue
        told = [each for each in case.divergences if all_pairs or _is_told(case, each, mine)]
        left_out |= any(not _is_raising(case, each) for each in case.divergences if each not in told)
        axes = {axis for divergence in told for axes in divergence.causes for axis in axes}
        verdict = case.verdict or "nothing to compare"
        causes = ", ".join(axis for axis in case.causes if axis in axes)
        yield f"{case.id}  {verdict}{f': {causes}' if causes else ''}"
        yield from _wrapped(case.title, width, "  ")
        for comparison in case.comparisons:
            yield from _comparison(comparison, width)
            for divergence in told:
                if divergence.quantity == comparison.quantity:
                    yield from _why(case, divergence, width)
        if others := [axis for axis in case.causes if axis not in axes]:
            text = f"Other pairs of implementations differ by {words.listed(others)}: --mine ID shows those of ID."
            yield from _wrapped(text, width, "  ", "    ")
        for cell in (*case.lost, *(cell for cell in case.attention if not cell.is_lost)):
            trouble = f"{words.verdict_words(cell.verdict, cell.problem)}. {cell.explanation or ''}"
            yield from _wrapped(f"! {cell.implementation}: {trouble}", width, "  ", "    ")
        yield ""
    if left_out:
        base = f"that of {mine}" if mine else "the largest that gives a value"
        text = f"Groups are compared with {base}. --pairs compares each two, --mine ID all with that of ID."
        yield from _wrapped(text, width, "", "  ")
        yield ""
    yield from _runs(report, width, only_failing=only_failing)


def _runs(report: Document, width: int, *, only_failing: bool) -> Iterator[str]:
    """Yield the lines of the training runs, each with the logs of the frameworks."""
    for run in report.runs:
        logs = [log for log in run.logs if not only_failing or log.verdict in words.ATTENTION]
        if logs:
            yield run.id
            yield from _wrapped(run.title, width, "  ")
            for log in logs:
                yield from _log(report, log, width)
            yield ""


def _log(report: Document, log: Log, width: int) -> Iterator[str]:
    """Yield the numbers of a log but for running values, and why they differ; causes that are no axes say more."""
    yield f"  {log.origin}"
    if log.explanation:
        yield from _wrapped(
            f"! {words.verdict_words(log.verdict, None)}. {log.explanation}", width, "    ", "      "
        )
    numbers = [number for number in log.numbers if number.batch is None]
    places = {number.name: str(place) for place, number in enumerate(numbers, 1)}
    for number in numbers:
        line = f"{places[number.name]:>2}  {values.brief(number.outcome):8}  {title(number)}"
        yield from _wrapped(line, width, "    ", " " * 18)
    pairs: dict[str, list[str]] = {}
    told: dict[str, None] = {}
    for found in log.differences:
        if places.keys() >= set(found.numbers):
            causes = " or ".join(map(words.listed, found.causes)) or "no known cause"
            pairs.setdefault(causes, []).append(" and ".join(places[name] for name in found.numbers))
            told.update(dict.fromkeys(code for codes in found.causes for code in codes))
    for causes, named in pairs.items():
        yield from _wrapped(f"{', '.join(named)} differ by {causes}.", width, "    ", "      ")
    for code in told:
        if code in report.log_causes:
            yield from _wrapped(f"{code}: {report.log_causes[code]['says']}", width, "    ", "      ")


def digest(results: Mapping[str, Any], *, width: int) -> list[str]:
    """Return a line for each group of the cases, none longer than `width` unless a word is."""
    lines = []
    for comparison in (comparison for case in read(results).cases for comparison in case.comparisons):
        verdict = {"diverge": " diverges", "agree": " agrees"}.get(comparison.verdict, "")
        lines.append(f"{words.quantity_title(comparison.quantity)}{verdict}:")
        column = max(len(values.one_line(group.shown, 30)) for group in comparison.groups)
        for group in comparison.groups:
            first, *others = (cell.implementation for cell in group.cells)
            more = f" and {len(others)} more" if others else ""
            shown = values.one_line(group.shown, 30)
            lines += _wrapped(f"{group.letter}  {shown:{column}}  {first}{more}", width, "  ", "      ")
    return lines


def alike(results: Mapping[str, Any], *, width: int) -> list[str]:
    """Return the lines on what the cases have of both, shares a word and is not the same; each difference once."""
    found = dict.fromkeys(entry for case in read(results).cases for entry in case.alike)
    lines = [line for entry in found for line in _wrapped(f"{entry.title}: {entry.differ}", width, "", "  ")]
    return [*lines, ""] if lines else []


def _is_told(case: Case, divergence: Divergence, mine: str | None) -> bool:
    """Whether a difference is one to the group that the others are compared with, or has no known cause."""
    (comparison,) = (each for each in case.comparisons if each.quantity == divergence.quantity)
    return not divergence.causes or _base(comparison, mine) in divergence.groups


def _base(comparison: Comparison, mine: str | None) -> str:
    """Return the letter of the group that has an implementation, or else of the largest with a value."""
    groups = comparison.groups
    having = (group for group in groups if any(cell.implementation == mine for cell in group.cells))
    valued = (group for group in groups if group.cells[0].outcome.get("kind") == "value")
    return [*having, *valued, *groups][0].letter


def _comparison(comparison: Comparison, width: int) -> Iterator[str]:
    yield f"  {words.quantity_title(comparison.quantity).lower()}"
    lines = [(group.letter, *line) for group in comparison.groups for line in _outcomes(group)]
    column = min(max(len(outcome) for _, outcome, *_ in lines), 24)
    before = ""
    for letter, outcome, reason, names in lines:
        sign = letter if letter != before else " " * len(letter)
        start, rest = f"    {sign}  {values.one_line(outcome, 60):{column}}  ", " " * (column + 9)
        yield from _wrapped(", ".join(names), width, start, rest)
        yield from _wrapped(reason, width, f"{rest}because ", f"{rest}  ") if reason else ()
        before = letter
    for name, cells in comparison.without_effect.items():
        takers = ", ".join(cell.implementation for cell in cells)
        yield from _wrapped(f"{name} has no effect here in {takers}", width, "    ", "      ")


def _outcomes(group: Group) -> list[tuple[str, str, list[str]]]:
    """Return outcome, reason and implementations; exceptions of one group may have several reasons."""
    found: dict[tuple[str, str], list[str]] = {}
    for cell in group.cells:
        reason = cell.raised_for
        outcome = values.brief(cell.outcome) if reason else group.shown
        found.setdefault((outcome, reason), []).append(cell.implementation)
    return [(*said, names) for said, names in found.items()]


def _why(case: Case, divergence: Divergence, width: int) -> Iterator[str]:
    """Yield a paragraph on the difference; where several axes cause it, one more for each."""
    why = case.why(divergence)
    if _is_raising(case, divergence):
        # The exceptions stand above with their reasons.
        yield from _wrapped(why, width, "    ", "      ")
        return
    causes = dict.fromkeys(axis for axes in divergence.causes for axis in axes)
    said = {axis: _both(divergence, axis) for axis in causes if axis in divergence.says}
    pair = " and ".join(_as_resolved(case, name) for name in divergence.implementations)
    computed = [f"(Computed for {pair}.)"] if pair else []
    one = list(said.values()) if len(said) == 1 else []
    yield from _wrapped(" ".join([why, *one, *computed]), width, "    ", "      ")
    for axis, both in said.items() if not one else ():
        yield from _wrapped(f"{axis}: {both}", width, "      ", "        ")


def _as_resolved(case: Case, implementation: str) -> str:
    """Return the name of an implementation, for a string with what it became."""
    cell = next((cell for cell in case.cells if cell.implementation == implementation), None)
    resolved = cell.outcome.get("resolved") if cell else None
    return f"{implementation} (here {resolved})" if resolved else implementation


def _is_raising(case: Case, divergence: Divergence) -> bool:
    """Whether two groups differ because one of them raises, and for no other cause."""
    return divergence.causes == [["refusal"]] and case.raising(divergence) is not None


def _both(divergence: Divergence, axis: str) -> str:
    sides = zip(divergence.groups, divergence.said(axis), strict=False)
    return " ".join(f"{letter}: {text}" for letter, text in sides)


def _wrapped(text: str, width: int, first: str, rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        values.visible(text).replace("\n", " "),
        width,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
