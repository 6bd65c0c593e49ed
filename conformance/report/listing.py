"""The cases on a terminal: each with its groups of equal outcomes, and why they differ."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.report import values, words
from conformance.report.document import Case, Comparison, Divergence, read


def listing(results: Mapping[str, Any], *, width: int) -> Iterator[str]:
    """Yield the lines of every case in a results document, none longer than `width` unless a word is."""
    for case in read(results).cases:
        verdict = case.verdict or "nothing to compare"
        causes = f": {', '.join(case.causes)}" if verdict == "diverge" and case.causes else ""
        yield f"{case.id}  {verdict}{causes}"
        yield from _wrapped(case.title, width, "  ")
        for comparison in case.comparisons:
            yield from _comparison(case, comparison, width)
        for cell in (*case.lost, *(cell for cell in case.attention if not cell.is_lost)):
            trouble = f"{words.verdict_words(cell.verdict)}. {cell.explanation or ''}"
            yield from _wrapped(f"! {cell.implementation}: {trouble}", width, "  ", "    ")
        yield ""


def _comparison(case: Case, comparison: Comparison, width: int) -> Iterator[str]:
    yield f"  {words.quantity_title(comparison.quantity).lower()}"
    column = min(max(len(group.shown) for group in comparison.groups), 24)
    for group in comparison.groups:
        start = f"    {group.letter}  {values.one_line(group.shown, 60):{column}}  "
        names = ", ".join(cell.implementation for cell in group.cells)
        yield from _wrapped(names, width, start, " " * (column + 9))
    for divergence in case.divergences:
        if divergence.quantity == comparison.quantity:
            yield from _wrapped(_why(case, divergence), width, "    ", "      ")


def _why(case: Case, divergence: Divergence) -> str:
    says = next(
        (divergence.says[axis] for axes in divergence.causes for axis in axes if axis in divergence.says), ()
    )
    rules = [f" {letter}: {text}" for letter, text in zip(divergence.groups, says, strict=False)]
    pair = " and ".join(divergence.implementations)
    return f"{case.why(divergence)}{''.join(rules)}{f' (Computed for {pair}.)' if pair else ''}"


def _wrapped(text: str, width: int, first: str, rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        values.visible(text).replace("\n", " "),
        width,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
