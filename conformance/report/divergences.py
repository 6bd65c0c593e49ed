"""The Markdown report that is committed: what parts, and why, as it reads in a pull request.

It has no times, versions or settings in it, and its cases stand in the order of their ids, so that it
changes exactly when an outcome, a definition or a case does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from conformance.report import values, words
from conformance.report.attention import matters
from conformance.report.document import Case, Cell, Comparison, Implementation, Report, read
from conformance.report.laws import LawCell, counted, law_cells


def markdown(results: Mapping[str, Any]) -> str:
    """Return the divergence report. Text out of `results` is escaped and cannot become markup."""
    report = read(results)
    cases = sorted(report.cases, key=lambda case: case.id)
    diverging = [case for case in cases if case.diverges]
    parts = [
        "# Where implementations part",
        "<!-- Generated from the results document by `pytest`; do not edit. -->",
        "Nobody here is graded: implementations are compared with each other, and each is held to its own"
        " definition. Group A is the largest, not the right one.",
        _overview(report),
        _statuses(report),
        *_attention(report),
        "## Causes",
        _causes(report),
        "## Cases that diverge",
        *(part for case in diverging for part in _case(case)),
        *_others(case for case in cases if not case.diverges),
        *_departures(cases, report.findings),
        *_laws(law_cells(report)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: Any) -> str:
    """Return `text` on one line, with everything escaped that Markdown or HTML would act on."""
    line = re.sub(r"\s+", " ", values.visible(str(text))).strip()
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~#$@])", r"\\\1", line)


def prose(text: Any) -> str:
    """Return `text` escaped, but for words between backticks, which become code."""
    parts = re.split(r"`([^`\n]+)`", values.visible(str(text)))
    return "".join(code(part) if position % 2 else _kept(part) for position, part in enumerate(parts)).strip()


def _kept(part: str) -> str:
    # The blank on either side of code is part of the sentence.
    left = " " if part[:1].isspace() else ""
    right = " " if part[-1:].isspace() and part.strip() else ""
    return f"{left}{escaped(part)}{right}"


def code(text: Any) -> str:
    """Return `text` as code on one line, safe inside a table."""
    line = re.sub(r"\s+", " ", values.visible(str(text))).replace("|", "¦")
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    blank = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{blank}{line}{blank}{fence}"


def _fenced(text: str, language: str) -> str:
    shown = values.visible(text).rstrip()
    fence = "`" * max(3, max(map(len, re.findall("`+", shown)), default=0) + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def table(header: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    """Return a table; every entry is Markdown already."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (header, tuple("---" for _ in header), *lines))


def _overview(report: Report) -> str:
    lines = []
    for quantity in report.quantities:
        verdicts = report.cases_by_verdict(quantity)
        numbers = tuple(str(verdicts[verdict]) for verdict in words.CASE)
        lines.append((words.quantity_title(quantity), *numbers))
    return table(("Quantity", "diverge", "agree", "nothing to compare"), lines)


def _statuses(report: Report) -> str:
    """Explain the status words that are used below; those as defined and not applicable are not shown."""
    used = set(report.cells_by_verdict()) - {"as-defined", "not-applicable"}
    return "\n".join(
        f"- *{words.verdict_words(verdict)}*: {meaning}"
        for verdict, meaning in words.CELL.items()
        if verdict in used
    )


def _attention(report: Report) -> Iterator[str]:
    found = matters(report)
    if not found:
        return
    yield "## What needs a look"
    lines = [
        f"- **{words.verdict_words(cell.verdict)}**: {code(cell.case)}, {code(cell.implementation.id)}"
        f" {_outcome(cell)}. {_sentences(cell)}".rstrip()
        for cell in sorted(report.attention, key=lambda cell: (cell.case, cell.implementation.id))
    ]
    lines += [
        f"- **{words.verdict_words(matter.verdict)}**: {code(matter.subject)}, {code(matter.implementation)}."
        f" {escaped(values.one_line(matter.says, 300))}".rstrip()
        for matter in found
        if matter.of != "outcome"
    ]
    yield "\n".join(lines)


def _outcome(cell: Cell) -> str:
    predicted = f", predicted {code(cell.predicted)}" if cell.predicted else ""
    return f"{code(values.one_line(cell.whole, 200))}{predicted}"


def _sentences(cell: Cell) -> str:
    return " ".join(escaped(values.one_line(note, 300)) for note in cell.notes)


def _causes(report: Report) -> str:
    if not any(report.causes.values()):
        return "None: nothing diverges."
    return table(
        ("Cause", "What it is", "Cases"),
        (
            (code(axis), escaped(report.axes.get(axis, {}).get("title") or axis), str(len(cases)))
            for axis, cases in report.causes.items()
            if cases
        ),
    )


def _case(case: Case) -> Iterator[str]:
    yield f"### {escaped(case.title)}"
    yield f"{code(case.id)} · causes: {', '.join(map(code, case.causes)) or 'none found'}"
    if case.document.get("because"):
        yield prose(case.document["because"])
    if case.document.get("inputs_yaml"):
        yield _fenced(values.shortened(str(case.document["inputs_yaml"])), "yaml")
    for comparison in case.comparisons:
        if len(comparison.groups) > 1:
            yield from _comparison(case, comparison)


def _comparison(case: Case, comparison: Comparison) -> Iterator[str]:
    lines = []
    for group in comparison.groups:
        outcomes = dict.fromkeys(code(values.one_line(cell.brief, 80)) for cell in group.cells)
        lines.append((group.letter, " ".join(outcomes), _names(group.cells)))
    yield table(("", words.quantity_title(comparison.quantity), "Implementations"), lines)
    reasons = [
        _reason(part)
        for part in case.document.get("parting") or ()
        if (part.get("quantity") or "accuracy") == comparison.quantity
    ]
    yield "\n".join(reasons)


def _names(cells: Iterable[Cell]) -> str:
    """Return the implementations by framework, in names that are short and unique there."""
    return _by_origin(
        (cell.implementation, f"{code(cell.implementation.name)}{_mark(cell)}") for cell in cells
    )


def _by_origin(named: Iterable[tuple[Implementation, str]]) -> str:
    by_origin: dict[str, list[str]] = {}
    for implementation, name in named:
        by_origin.setdefault(implementation.origin, []).append(name)
    return "; ".join(f"{escaped(origin)} {', '.join(names)}" for origin, names in by_origin.items())


def _mark(cell: Cell) -> str:
    return "" if cell.verdict == "as-defined" else f" ({words.verdict_words(cell.verdict)})"


def _reason(part: Mapping[str, Any]) -> str:
    letters = " and ".join(escaped(letter) for letter in part.get("groups") or ())
    alternatives = [" with ".join(map(code, axes)) for axes in part.get("causes") or ()]
    lines = [f"- {letters} part by {', or by '.join(alternatives) or 'a cause that was not found'}."]
    for says in (part.get("says") or {}).values():
        sentences = zip(part.get("groups") or (), says, strict=False)
        lines.append(
            "  - " + " ".join(f"{escaped(letter)}: {prose(sentence)}" for letter, sentence in sentences)
        )
    return "\n".join(lines)


def _others(cases: Iterable[Case]) -> Iterator[str]:
    lines = [f"- {code(case.id)}: {escaped(case.title)}{_agreement(case)}" for case in cases]
    if lines:
        yield "## Cases that do not diverge"
        yield "\n".join(lines)


def _agreement(case: Case) -> str:
    shown = [
        f"{code(values.one_line(group.shown, 80))} from {words.count(len(group.cells), 'implementation')}"
        for comparison in case.comparisons
        for group in comparison.groups
    ]
    return f" ({'; '.join(shown)})" if shown else ""


def _departures(cases: Iterable[Case], findings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the findings, each with the cells that rest on it, then cells that rest on their case alone."""
    documented = [cell for case in cases for cell in case.cells if cell.verdict == "documented"]
    lines = []
    for finding in findings:
        identifier = str(finding.get("id"))
        number = sum(identifier in cell.departures for cell in documented)
        title = finding.get("title") or identifier
        lines.append(f"- {code(identifier)}: {prose(title)} ({words.count(number, 'outcome')})")
    lines += [
        f"- {code(cell.case)}, {code(cell.implementation.id)} {_outcome(cell)}: {_sentences(cell)}"
        for cell in documented
        if not cell.departures
    ]
    if lines:
        yield "## Departures on record"
        yield "\n".join(lines)


def _laws(cells: Iterable[LawCell]) -> Iterator[str]:
    """Yield how many laws hold, and those that do not: by law, verdict and the smallest case that shows it."""
    cells = tuple(cells)
    if not cells:
        return
    yield "## Laws"
    yield f"Properties that users take for granted, one by one for each implementation: {escaped(counted(cells))}."
    groups: dict[tuple[str, str, str], list[LawCell]] = {}
    for cell in cells:
        if cell.fails:
            groups.setdefault((cell.title, cell.verdict, cell.case), []).append(cell)
    if groups:
        used = {verdict for _, verdict, _ in groups}
        yield "\n".join(
            f"- *{words.verdict_words(verdict)}*: {meaning}"
            for verdict, meaning in words.LAW.items()
            if verdict in used
        )
        yield table(
            ("Law", "Verdict", "Smallest case", "Implementations"),
            (
                (escaped(title), words.verdict_words(verdict), code(case), _breaking(members))
                for (title, verdict, case), members in groups.items()
            ),
        )


def _breaking(cells: Iterable[LawCell]) -> str:
    return _by_origin((cell.implementation, code(cell.implementation.name)) for cell in cells)
