"""The HTML page: one self-contained file that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from conformance.report import rows, values, words
from conformance.report.document import Case, Cell, Comparison, Group, Report, read
from conformance.report.matrix import matrices

#: Groups beyond these share a colour; their letters still differ.
COLOURS = "ABCDEFGH"


def html(results: Mapping[str, Any]) -> str:
    """Return the report page.

    Everything that comes out of `results` is escaped; control characters and direction marks are shown as
    escapes. The page has no script, and its policy admits nothing but its own style sheet.
    """
    environment = _environment()
    style = environment.get_template("style.css").render()
    report = read(results)
    return environment.get_template("page.html").render(
        report=report,
        matrices=matrices(report),
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("conformance.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters |= {
        "anchor": lambda text: quote(values.visible(str(text)), safe=""),
        "bundles": bundles,
        "breakable": breakable,
        "headline": headline,
        "linked": linked,
        "pip_install": words.pip_install,
        "positions": positions,
        "prose": prose,
        "rows": rows.table,
        "value": lambda value: values.full(value, most=12),
        "words": words.verdict_words,
    }
    environment.globals |= {
        "ATTENTION": words.ATTENTION,
        "CASE": words.CASE,
        "CELL": words.CELL,
        "colour": colour,
        "count": words.count,
        "hover": hover,
        "quantity_title": words.quantity_title,
    }
    return environment


def _shown(value: Any) -> Any:
    """Every expression of a template passes here before it is escaped."""
    return value if isinstance(value, Markup) else "" if value is None else values.visible(str(value))


def headline(report: Report) -> str:
    """Return the whole report in one or two sentences."""
    if not report.quantities:
        return "Nothing ran: there is no implementation in this document."
    quantity = report.quantities[0]
    verdicts = report.cases_by_verdict(quantity)
    number = sum(verdicts.values())
    implementations = sum(entry.quantity == quantity for entry in report.implementations)
    without_cause = sum(case.diverges and not case.causes for case in report.cases)
    open_ends = [
        f"{words.count(len(report.attention), 'outcome')} to look at" if report.attention else "",
        f"{words.count(without_cause, 'divergence')} without a cause" if without_cause else "",
    ]
    return (
        f"{words.count(number, 'case')} went into {words.count(implementations, 'implementation')} of"
        f" {words.quantity_title(quantity).lower()}:"
        f" {verdicts['diverge']} diverge, {verdicts['agree']} agree,"
        f" {verdicts['null']} with nothing to compare. "
        + (" and ".join(filter(None, open_ends)) or "Every divergence has a named cause")
        + "."
    )


def prose(text: Any) -> Markup:
    """Turn plain text into paragraphs; words between backticks become code."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", values.visible(str(text)).strip()):
        plain_and_code = re.split(r"`([^`]+)`", paragraph)
        parts = [
            Markup("<code>{}</code>").format(part) if position % 2 else escape(part)
            for position, part in enumerate(plain_and_code)
        ]
        paragraphs.append(Markup("<p>{}</p>").format(Markup("").join(parts)))
    return Markup("\n").join(paragraphs)


def breakable(text: Any) -> Markup:
    """Let a class name break before its capitals: in a narrow cell, Value|Error."""
    parts = re.split(r"(?<=[a-z])(?=[A-Z])", values.visible(str(text)))
    return Markup("<wbr>").join(parts)


def linked(text: Any) -> Markup:
    """Return a link where `text` is an address on the web, else the text."""
    shown = values.visible(str(text))
    try:
        parts = urlsplit(shown)
        on_the_web = parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", shown)
    except ValueError:  # such as an unfinished IPv6 address
        on_the_web = False
    return (
        Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(shown)
        if on_the_web
        else escape(shown)
    )


def colour(comparison: Comparison, letter: str) -> str:
    """Return the class that colours a group; where all agree there is nothing to tell apart."""
    if comparison.verdict != "diverge" or not ("A" <= letter[-1:] <= "Z"):
        return "plain"
    return f"g{COLOURS[(ord(letter[-1]) - ord('A')) % len(COLOURS)]}"


def hover(cell: Cell) -> str:
    """Return what a cell of the matrix says when the pointer rests on it."""
    implementation = cell.implementation
    lines = [f"{values.one_line(implementation.id, 200)}: {values.one_line(cell.whole, 100)}"]
    if cell.predicted:
        lines.append(f"Predicted: {values.one_line(cell.predicted, 100)}")
    lines.append(f"{words.verdict_words(cell.verdict).capitalize()}. {words.CELL.get(cell.verdict, '')}")
    if implementation.definition:
        lines.append(f"Definition: {values.one_line(implementation.definition, 200)}")
    return "\n".join(lines)


@dataclass(frozen=True)
class Bundle:
    """Cells of a group about which exactly the same is to be said; `cell` is the first of them."""

    cells: tuple[Cell, ...]

    @property
    def cell(self) -> Cell:
        """The cell that speaks for all."""
        return self.cells[0]


def bundles(group: Group) -> tuple[Bundle, ...]:
    """Return the cells of a group in bundles, in the order of their first cells."""
    found: dict[tuple[Any, ...], list[Cell]] = {}
    for cell in group.cells:
        key = (
            cell.whole,
            cell.outcome.get("dtype"),
            cell.message,
            cell.predicted,
            cell.verdict,
            cell.notes,
            cell.departures,
        )
        found.setdefault(key, []).append(cell)
    return tuple(Bundle(tuple(cells)) for cells in found.values())


@dataclass(frozen=True)
class Position:
    """One rule on an axis, and the cells whose implementations follow it."""

    rule: Mapping[str, Any]
    cells: tuple[Cell, ...]


def positions(case: Case) -> dict[str, tuple[Position, ...]]:
    """Return, for each cause of a case, the distinct rules on that axis, in the order of the groups."""
    found: dict[str, tuple[Position, ...]] = {}
    for axis in case.causes:
        distinct: dict[str, list[Cell]] = {}
        for cell in case.cells:
            if axis in cell.implementation.rules:
                says = str(cell.implementation.rules[axis].get("says"))
                distinct.setdefault(says, []).append(cell)
        if distinct:
            found[axis] = tuple(
                Position(cells[0].implementation.rules[axis], tuple(cells)) for cells in distinct.values()
            )
    return found
