"""The cases on a terminal: each with its groups of equal outcomes, and why they differ."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.report import values, words
from conformance.report.difference import why
from conformance.report.document import Case, Cell, Comparison, Group, read


def listing(results: Mapping[str, Any], *, width: int) -> Iterator[str]:
    """Yield the lines of every case in a results document, none longer than `width` unless a word is."""
    for case in read(results).cases:
        yield f"{case.id}  {_verdict(case)}"
        yield from _wrapped(case.title, width, "  ")
        for comparison in case.comparisons:
            yield from _comparison(case, comparison, width)
        for cell in (*case.lost, *(c for c in case.attention if c not in case.lost)):
            yield from _wrapped(f"! {cell.implementation.id}: {_trouble(cell)}", width, "  ", "    ")
        yield ""


def _verdict(case: Case) -> str:
    verdict = str(case.document.get("verdict") or "nothing to compare")
    return f"{verdict}: {', '.join(case.causes)}" if verdict == "diverge" and case.causes else verdict


def _trouble(cell: Cell) -> str:
    return f"{words.verdict_words(cell.verdict)}. {cell.explanation}"


def _comparison(case: Case, comparison: Comparison, width: int) -> Iterator[str]:
    yield f"  {words.quantity_title(comparison.quantity).lower()}"
    longest = max(len(group.shown) for group in comparison.groups)
    for group in comparison.groups:
        yield from _group(group, min(longest, 24), width)
    for divergence in case.document.get("divergences") or ():
        if divergence.get("quantity") == comparison.quantity:
            yield from _wrapped(_why(case, divergence), width, "    ", "      ")


def _group(group: Group, column: int, width: int) -> Iterator[str]:
    names = ", ".join(cell.implementation.id for cell in group.cells)
    start = f"    {group.letter}  {values.one_line(group.shown, 60):{column}}  "
    yield from _wrapped(names, width, start, " " * (column + 9))


def _why(case: Case, divergence: Mapping[str, Any]) -> str:
    says = divergence.get("says") or {}
    first = next((axis for axes in divergence.get("causes") or () for axis in axes if axis in says), None)
    rules = (
        "".join(f" {letter}: {text}" for letter, text in zip(divergence["groups"], says[first], strict=False))
        if first
        else ""
    )
    pair = " and ".join(divergence.get("implementations") or ())
    return f"{why(case, divergence)}{rules}{f' (Computed for {pair}.)' if pair else ''}"


def _wrapped(text: str, width: int, first: str, rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        values.visible(text).replace("\n", " "),
        width,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
