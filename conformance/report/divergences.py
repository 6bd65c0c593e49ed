"""The Markdown that is committed: what diverges and why, a file per family, as it reads in a pull request.

It has no times, versions or settings in it, values as they are predicted, and cases in the order of their ids, so that
it changes exactly when an outcome, a definition or a case does, and then in a few lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from conformance.report import words
from conformance.report.attention import matters
from conformance.report.case import Case, Comparison
from conformance.report.document import Document, read
from conformance.report.entries import FIRST_QUANTITY, Cell, Implementation, LawCell
from conformance.report.marking import code, escaped
from conformance.report.naming import Naming
from conformance.report.reasons import UNNAMED, lines, reasons, set_apart
from conformance.report.rendering import markdown

#: The first line of each file: a file without it was not generated and is left alone.
MARK = "<!-- Generated from the results document by `pytest`; do not edit. -->"

README = "README.md"
LAWS = "laws.md"

#: The largest group of a comparison is only counted where it has more implementations than this.
MOST_NAMED = 5

_RAISES = "raises"


def divergences(results: Mapping[str, Any] | Document) -> dict[str, str]:
    """Return name of a file -> its text. Text out of `results` is escaped and cannot become markup."""
    report = read(results)
    cases = sorted(report.cases, key=lambda case: case.id)
    naming = Naming(report.implementations)
    families: dict[str, list[Case]] = {}
    for case in cases:
        families.setdefault(_file(case), []).append(case)
    texts = {README: _readme(report, cases, sorted(families))}
    for name, members in sorted(families.items()):
        texts[name] = markdown(
            "family.md",
            title=name.removesuffix(".md").replace("-", " ").capitalize(),
            cases=members,
            first_quantity=FIRST_QUANTITY,
            lines=lambda case, comparison: map(Markup, _comparison(case, comparison, naming)),
            agreement=_agreement,
        )
    if report.law_cells:
        texts[LAWS] = _laws(report, naming)
    return {name: f"{MARK}\n\n{text}" for name, text in texts.items()}


def _file(case: Case) -> str:
    """Return the file of a case: that of its family, or of those of its family that tell two rules apart."""
    slug = case.family or ""
    # What is no slug cannot name a file.
    family = slug if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) and f"{slug}.md" != LAWS else "other"
    return f"{family}-vectors.md" if (case.file or "").endswith("/vectors.yaml") else f"{family}.md"


def _readme(report: Document, cases: Sequence[Case], files: Sequence[str]) -> str:
    rules: dict[str, dict[str, str]] = {}
    for divergence in (each for case in cases for each in case.divergences):
        for axis, names in divergence.rules.items():
            if axis not in UNNAMED:
                rules.setdefault(axis, {}).update(zip(names, divergence.says[axis], strict=True))
    return markdown(
        "divergences.md",
        report=report,
        files=files,
        matters=sorted(matters(report), key=lambda matter: (matter.of != "outcome", matter.name)),
        causes={
            axis: sorted(_said(rules.get(axis, {})).items())
            for axis in sorted(report.causes)
            if report.causes[axis]
        },
    )


def _said(rules: Mapping[str, str]) -> dict[str, str]:
    """Return name -> rule, in which the name of another stands for what that says."""
    said = dict(rules)
    for name, says in rules.items():
        # By another one's name only where that is clearly shorter.
        within = {
            other: known for other, known in rules.items() if len(known) > len(other) + 20 and known != says
        }
        for other in sorted(within, key=lambda other: (-len(within[other]), other)):
            if says.endswith(f" {within[other]}"):
                said[name] = f"{says.removesuffix(within[other])}Otherwise as `{other}`."
                break
            if says.startswith(f"{within[other]} "):
                said[name] = f"As `{other}`.{says.removeprefix(within[other])}"
                break
    return said


def _agreement(case: Case) -> Markup:
    shown: list[str] = []
    for comparison in case.comparisons:
        first = comparison.quantity == FIRST_QUANTITY
        title = "" if first else f"{escaped(words.quantity_title(comparison.quantity))} "
        shown += (f"{title}{_types(group.cells)} from {len(group.cells)}" for group in comparison.groups)
    return Markup(f": {'; '.join(shown)}" if shown else "")


def _comparison(case: Case, comparison: Comparison, naming: Naming) -> Iterator[str]:
    """Yield the groups by their outcomes, then why they diverge.

    What a definition leaves open differs from machine to machine: it stands in a line of its own, in no group.
    """
    ran = [cell.called for cell in comparison.cells]
    decided = {
        group.letter: cells
        for group in comparison.groups
        if (cells := [cell for cell in group.cells if not cell.open])
    }
    largest = max(decided, key=lambda letter: len(decided[letter]), default="")
    labels = _labels(decided)
    why = reasons(case.divergences, comparison, {letter: place for place, letter in enumerate(labels)})
    raised_for, why = set_apart(why, len(labels) - 1)
    for letter, label in labels.items():
        cells = decided[letter]
        # All that ran and are in no other group: to list them would be longer than all that follows.
        others = letter == largest and len(cells) > MOST_NAMED
        outcome = f"{label} {_types(cells)}" if label == _RAISES else label
        reason = f" ({escaped(raised_for)})" if label == _RAISES and raised_for else ""
        yield f"{outcome}{reason}: {naming.counted(cells) if others else naming.named(cells, ran)}"
    for says in dict.fromkeys(cell.expected for cell in comparison.cells if cell.open):
        cells = [cell for cell in comparison.cells if cell.open and cell.expected == says]
        yield f"open, {code(says)}: {naming.named(cells, ran)}"
    yield from lines(why, list(labels.values()))


def _labels(groups: Mapping[str, Sequence[Cell]]) -> dict[str, str]:
    """Return letter -> the outcome of a group as Markdown; the largest value first, exceptions last.

    Letters follow sizes, and would all change where one implementation changes its group.
    """
    texts: dict[str, str] = {}
    for letter, cells in groups.items():
        raises = cells[0].outcome.get("kind") == "raises"
        label = _RAISES if raises else code(cells[0].expected)
        texts[letter] = f"{label} ({escaped(letter)})" if label in texts.values() else label
    return dict(sorted(texts.items(), key=lambda item: _rank(item[1])))


def _rank(label: str) -> tuple[bool, bool, Fraction, str]:
    try:
        return label == _RAISES, False, -Fraction(label.strip("`")), label
    except (ValueError, ZeroDivisionError):
        return label == _RAISES, True, Fraction(0), label


def _types(cells: Iterable[Cell]) -> str:
    return code(" or ".join(dict.fromkeys(cell.expected for cell in cells)))


def _laws(report: Document, naming: Naming) -> str:
    """Return how many laws hold, and those that do not: by law, verdict and the smallest case that shows it."""
    groups: dict[str, dict[tuple[str, str], list[LawCell]]] = {}
    ran: dict[str, list[Implementation]] = {}
    for cell in report.law_cells:
        ran.setdefault(cell.title, []).append(cell.called)
        if cell.verdict != "holds":
            groups.setdefault(cell.title, {}).setdefault((cell.verdict, cell.case or ""), []).append(cell)
    return markdown(
        "laws.md",
        report=report,
        LAW=words.LAW,
        usual="fails-as-defined",
        used={verdict for found in groups.values() for verdict, _ in found},
        laws={
            title: [(*key, Markup(naming.named(cells, ran[title]))) for key, cells in found.items()]
            for title, found in groups.items()
        },
    )
