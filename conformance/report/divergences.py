"""The Markdown that is committed: what diverges and why, a file per family, as it reads in a pull request.

It has no times, versions or settings in it, values as they are predicted, and cases in the order of their ids, so that
it changes exactly when an outcome, a definition or a case does, and then in a few lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from conformance.report import values, words
from conformance.report.attention import matters
from conformance.report.document import FIRST_QUANTITY, Case, Cell, Comparison, Report, read
from conformance.report.laws import LawCell, law_cells
from conformance.report.laws import counted as counted_laws
from conformance.report.marking import code, escaped, prose, table
from conformance.report.naming import counted, named

#: The first line of each file: a file without it was not generated and is left alone.
MARK = "<!-- Generated from the results document by `pytest`; do not edit. -->"

README = "README.md"
LEGEND = "[README](README.md) explains the notation and lists every rule."
LAWS = "laws.md"

#: The largest group of a comparison is only counted where it has more implementations than this.
MOST_NAMED = 5

_RAISES = "raises"

#: Axes whose rules are not named with a cause: findings stand with the groups, defaults in the adapters.
_UNNAMED = ("departure", "default-parameter")

_READING = """\
Implementations are compared with each other, and each is checked against its own definition. None is graded. Each file
has the cases of one family, or its regression vectors, which exist to distinguish variants of rules.

- A line per group of equal outcomes: the outcome, and the implementations by framework. Names are the shortest ends of
  import paths that are unique in their framework. A framework alone stands for all its implementations that ran in the
  comparison. `X[*]` is X and all its variants that ran there, `X[a*]` those whose first option is `a`, `X[*b]` those
  whose last is `b`, and `X+` is X and all with the same rules.
- Of a large group only the number and the frameworks are given: it is all that ran and is in no other group.
- An outcome is the value as it is predicted, or the type of the exception: `exception` where a backend raises and its
  type is nobody's promise. A finding in parentheses says why the outcome is not the documented one.
- A line per pair of groups has every smallest set of axes on which rules must be exchanged for them to agree. The
  first set has the rules of the two implementations for which that was computed; for `refusal`, why one of them
  raises. The rules are listed below, by axis."""


def divergences(results: Mapping[str, Any]) -> dict[str, str]:
    """Return name of a file -> its text. Text out of `results` is escaped and cannot become markup."""
    report = read(results)
    cases = sorted(report.cases, key=lambda case: case.id)
    families: dict[str, list[Case]] = {}
    for case in cases:
        families.setdefault(_file(case.document), []).append(case)
    laws = law_cells(report)
    texts = {
        README: _readme(report, cases, sorted(families)),
        **{name: _family(name, members) for name, members in sorted(families.items())},
        **({LAWS: _laws(laws)} if laws else {}),
    }
    return {name: _joined([MARK, *parts]) for name, parts in texts.items()}


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _file(case: Mapping[str, Any]) -> str:
    """Return the file of a case: that of its family, or of the regression vectors of its family."""
    slug = str(case.get("family") or "")
    # What is no slug cannot name a file.
    family = slug if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) and f"{slug}.md" != LAWS else "other"
    return f"{family}-vectors.md" if str(case.get("file") or "").endswith("/vectors.yaml") else f"{family}.md"


def _readme(report: Report, cases: Sequence[Case], files: Sequence[str]) -> Iterator[str]:
    yield "# Where implementations diverge"
    yield _READING
    if files:
        yield "Families:"
        yield "\n".join(f"- [{name.removesuffix('.md')}]({name})" for name in files)
    yield _overview(report)
    yield from _attention(report)
    yield "## Causes"
    yield from _causes(report, cases)
    yield from _findings(report.findings)


def _overview(report: Report) -> str:
    lines = []
    for quantity in report.quantities:
        verdicts = report.cases_by_verdict(quantity)
        numbers = tuple(str(verdicts[verdict]) for verdict in words.CASE)
        lines.append((escaped(words.quantity_title(quantity)), *numbers))
    return table(("Quantity", "diverge", "agree", "nothing to compare"), lines)


def _attention(report: Report) -> Iterator[str]:
    lines = [
        f"- **{words.verdict_words(matter.verdict)}**: {code(matter.subject)}, {code(matter.implementation)}."
        f" {escaped(values.one_line(matter.says, 300))}".rstrip()
        for matter in sorted(matters(report), key=lambda matter: (matter.of != "outcome", matter.name))
    ]
    if lines:
        yield "## What needs attention"
        yield "\n".join(lines)


def _causes(report: Report, cases: Sequence[Case]) -> Iterator[str]:
    rules: dict[str, dict[str, str]] = {}
    for divergence in (each for case in cases for each in case.document.get("divergences") or ()):
        for axis, names in (divergence.get("rules") or {}).items():
            if axis not in _UNNAMED:
                rules.setdefault(axis, {}).update(zip(names, divergence["says"][axis], strict=True))
    diverging = sorted(axis for axis, found in report.causes.items() if found)
    if not diverging:
        yield "None: nothing diverges."
    for axis in diverging:
        title = report.axes.get(axis, {}).get("title") or axis
        yield f"### {code(axis)}: {escaped(title)}"
        yield "\n".join(
            f"- {code(name)}: {prose(says)}" for name, says in sorted(rules.get(axis, {}).items())
        )


def _findings(findings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    lines = [
        f"- {code(finding.get('id'))}: {prose(finding.get('title') or finding.get('id'))}"
        for finding in findings
    ]
    if lines:
        yield "## Findings"
        yield "\n".join(lines)


def _family(file: str, cases: Sequence[Case]) -> Iterator[str]:
    yield f"# {file.removesuffix('.md').replace('-', ' ').capitalize()}"
    yield LEGEND
    for case in cases:
        if case.diverges:
            yield "\n".join(_case(case))
    others = [f"- {code(case.id)}{_agreement(case)}" for case in cases if not case.diverges]
    if others:
        yield "## Cases that do not diverge"
        yield "\n".join(others)


def _case(case: Case) -> Iterator[str]:
    yield f"## {escaped(case.id)}\n\n{escaped(case.title)}"
    for comparison in case.comparisons:
        if len(comparison.groups) > 1:
            yield from _comparison(case, comparison)
    for cell in case.lost:
        yield f"- {words.verdict_words(cell.verdict)}: {code(cell.implementation.id)}"


def _agreement(case: Case) -> str:
    shown = []
    for comparison in case.comparisons:
        first = comparison.quantity == FIRST_QUANTITY
        quantity = "" if first else f"{escaped(words.quantity_title(comparison.quantity))} "
        for group in comparison.groups:
            shown.append(f"{quantity}{_types(group.cells)} from {len(group.cells)}")
    return f": {'; '.join(shown)}" if shown else ""


def _comparison(case: Case, comparison: Comparison) -> Iterator[str]:
    """Yield the groups by their outcomes, then why they diverge.

    What a definition leaves open differs from machine to machine: it stands in a line of its own, in no group.
    """
    ran = [cell.implementation for cell in comparison.cells]
    decided = {
        group.letter: cells
        for group in comparison.groups
        if (cells := [cell for cell in group.cells if not cell.open])
    }
    largest = max(decided, key=lambda letter: len(decided[letter]), default="")
    labels = _labels(decided)
    if comparison.quantity != FIRST_QUANTITY:
        yield f"\n{escaped(words.quantity_title(comparison.quantity))}:"
    yield ""
    for letter, label in labels.items():
        cells = decided[letter]
        # All that ran and are in no other group: to list them would be longer than all that follows.
        others = letter == largest and len(cells) > MOST_NAMED
        outcome = f"{label} {_types(cells)}" if label == _RAISES else label
        yield f"- {outcome}: {counted(cells) if others else named(cells, ran)}"
    for says in dict.fromkeys(cell.expected for cell in comparison.cells if cell.open):
        cells = [cell for cell in comparison.cells if cell.open and cell.expected == says]
        yield f"- open, {code(says)}: {named(cells, ran)}"
    yield from _reasons(case, comparison, labels)


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


def _reasons(case: Case, comparison: Comparison, labels: Mapping[str, str]) -> Iterator[str]:
    unsettled = {cell.implementation.id for cell in comparison.cells if cell.open}
    place = {letter: position for position, letter in enumerate(labels)}
    found: list[tuple[list[int], str]] = []
    for divergence in case.document.get("divergences") or ():
        letters = list(map(str, divergence.get("groups") or ()))
        on = set(map(str, divergence.get("implementations") or ()))
        same = (divergence.get("quantity") or FIRST_QUANTITY) == comparison.quantity
        if same and place.keys() >= set(letters) and not on & unsettled:
            pair = sorted(letters, key=lambda letter: place[letter])
            found.append(([place[letter] for letter in pair], _reason(divergence, swapped=pair != letters)))
    names = list(labels.values())
    pairs: dict[str, list[str]] = {}
    for positions, reason in sorted(found):
        pairs.setdefault(reason, []).append(" vs ".join(names[position] for position in positions))
    for reason, between in pairs.items():
        yield f"- {', '.join(between)}: {reason}"


def _reason(divergence: Mapping[str, Any], *, swapped: bool) -> str:
    """Return the smallest sets of axes, the first with the rules of the two implementations."""
    rules = divergence.get("rules") or {}

    def shown(axis: str) -> str:
        names = [] if axis in _UNNAMED else [name for name in rules.get(axis) or () if name != "computes"]
        names = names[::-1] if swapped else names
        return f"{escaped(axis)} ({', '.join(map(escaped, names))})" if names else escaped(axis)

    first, *others = [list(map(str, axes)) for axes in divergence.get("causes") or ()] or [
        ["no cause was found"]
    ]
    return ", or ".join(
        [" with ".join(map(shown, first)), *(" with ".join(map(escaped, axes)) for axes in others)]
    )


def _laws(cells: Sequence[LawCell]) -> Iterator[str]:
    """Yield how many laws hold, and those that do not: by law, verdict and the smallest case that shows it."""
    yield "# Laws"
    yield LEGEND
    yield f"Properties that users take for granted, checked for each implementation: {escaped(counted_laws(cells))}."
    groups: dict[tuple[str, str, str], list[LawCell]] = {}
    for cell in cells:
        if cell.fails:
            groups.setdefault((cell.title, cell.verdict, cell.case), []).append(cell)
    used = {verdict for _, verdict, _ in groups}
    yield "\n".join(
        f"- *{words.verdict_words(verdict)}*: {meaning}"
        for verdict, meaning in words.LAW.items()
        if verdict in used
    )
    by_title = dict.fromkeys(title for title, _, _ in groups)
    for title in by_title:
        yield f"## {escaped(title)}"
        ran = [cell.implementation for cell in cells if cell.title == title]
        yield "\n".join(
            f"- {words.verdict_words(verdict)}, {code(case)}: {named(members, ran)}"
            for (law, verdict, case), members in groups.items()
            if law == title
        )
