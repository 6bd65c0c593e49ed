"""The cases of several documents, with what they refer to numbered anew in the order of the cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from conformance.adapters.base import origin
from conformance.calls.tables import Table
from conformance.results.comparison import comparison, numbered
from conformance.results.disputed import disputed
from conformance.results.regrouping import Regrouping
from conformance.results.store import ResultsError

Document = Mapping[str, Any]

#: What makes two outcomes one.
_ANSWER = ("kind", "value", "dtype", "type", "resolved")


class Part(NamedTuple):
    """What one document has of a case: the document's name, the document, and the entry of the case."""

    name: str
    document: Document
    case: Document


class Joined:
    """What the cases of several documents refer to.

    Attributes:
        entries: id -> implementation, in the order of a run that has all of them.
        rules: axis -> name of a rule that a cell refers to -> the rule in one sentence.
        not_applicable: reasons, each with implementations.
        cause_sets: sets of axes, any of which is a cause.

    Args:
        documents: name -> document.
        environments: those of all documents.
    """

    def __init__(self, documents: Mapping[str, Document], environments: Mapping[str, Document]) -> None:
        self.entries = _in_order(documents.values())
        self._programs = {
            (document, entry["id"]): entry["programs"]
            for document, found in documents.items()
            for entry in found["implementations"]
        }
        self.rules: dict[str, dict[str, str]] = {}
        self.not_applicable, self.cause_sets = Table(), Table()
        self._templates = {name: Table() for name in self.entries}
        self._environments = environments
        self._regrouping: Regrouping | None = None

    def implementations(self) -> list[dict[str, Any]]:
        """Return the entries of the implementations; the cases come first, as they use its templates."""
        return [{**entry, "programs": self._templates[name].entries} for name, entry in self.entries.items()]

    def case(self, parts: Sequence[Part]) -> dict[str, Any]:
        """Return the entry of a case with the numbers of this document.

        Raises:
            ResultsError: two parts have other inputs, or another outcome of one cell; names both.
        """
        found = self._cells(parts)
        cells = [self._renumbered(part, cell) for part, cell in found.values()]
        case = {
            **parts[0].case,
            **(self._of_one(parts[0]) if len(parts) == 1 else self._of_several(parts, cells)),
        }
        reasons: dict[str, str] = {}
        for part in parts:
            for number in part.case["not_applicable"]:
                entry = part.document["not_applicable"][number]
                reasons |= dict.fromkeys(entry["implementations"], entry["reason"])
        absent: dict[str, list[str]] = {}
        for name in self.entries:
            if name in reasons:
                absent.setdefault(reasons[name], []).append(name)
        numbers = [
            self.not_applicable.number({"reason": reason, "implementations": names})
            for reason, names in absent.items()
        ]
        return {**case, "cells": cells, "not_applicable": numbers}

    def _cells(self, parts: Sequence[Part]) -> dict[str, tuple[Part, Document]]:
        """Return id of an implementation -> its cell, and where it is from, in the order of the implementations."""
        found: dict[str, tuple[Part, Document]] = {}
        for part in parts:
            first = parts[0]
            for key in ("task", "metric", "inputs"):
                if part.case[key] != first.case[key]:
                    raise ResultsError(
                        f"{part.name}: the case {part.case['id']} has another {key} than in {first.name}. Run both"
                        " over the same cases."
                    )
            for cell in part.case["cells"]:
                other, known = found.setdefault(cell["implementation"], (part, cell))
                if _told(known) != _told(cell):
                    raise ResultsError(
                        f"{part.name}: {cell['implementation']} has another outcome for the case {part.case['id']}"
                        f" than in {other.name}. One document has one outcome of each: run one of them in an"
                        " environment that has a name of its own."
                    )
        return {name: found[name] for name in self.entries if name in found}

    def _renumbered(self, part: Part, cell: Document) -> dict[str, Any]:
        name, rules = cell["implementation"], part.document["rules"]
        for axis, rule in (*cell.get("rules", {}).items(), *cell.get("other_rules", ())):
            self.rules.setdefault(axis, {})[rule] = rules[axis][rule]
        template = self._programs[part.name, name][cell["program"]["template"]]
        number = self._templates[name].number(template)
        return {**cell, "program": {**cell["program"], "template": number}}

    def _of_one(self, part: Part) -> dict[str, Any]:
        """Return what a case of one document has, with the numbers of this one."""
        sets = part.document["cause_sets"]
        pairs = {
            quantity: {**found, "causes": [[*both, sets[number]] for *both, number in found["causes"]]}
            for quantity, found in part.case["pairs"].items()
        }
        return {"pairs": numbered(pairs, self.cause_sets)}

    def _of_several(self, parts: Sequence[Part], cells: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return what cells of several documents have together; says of each cell its group and its trace."""
        if self._regrouping is None:
            self._regrouping = Regrouping(self.entries, self._environments)
        result = self._regrouping.result(parts[0].case, cells)
        found, traces = disputed(result), Table()
        of_parts = {
            cell["implementation"]: part.case["traces"][cell["trace"]]
            for part in parts
            for cell in part.case["cells"]
            if "trace" in cell
        }
        for cell, judged in zip(cells, result.cells, strict=True):
            name = cell["implementation"]
            grouping = result.groupings.get(judged.implementation.quantity)
            cell["group"] = grouping.letter(judged) if grouping else None
            samples = found.traces.get(name) if found else None
            trace = [sample.to_json() for sample in samples] if samples else of_parts.get(name)
            if trace:
                cell["trace"] = traces.number(trace)
        data = {key: text for part in parts for key, text in part.case["data"].items()}
        counted = {"counted": found.counted, "differing": found.differing} if found else None
        compared = comparison(result)
        return {
            **compared,
            "pairs": numbered(compared["pairs"], self.cause_sets),
            "data": dict(sorted(data.items())),
            "traces": traces.entries,
            **({"disputed": counted} if counted else {}),
        }


def _told(cell: Document) -> list[Any]:
    return [cell["verdict"], *(cell["outcome"].get(name) for name in _ANSWER)]


def _in_order(documents: Iterable[Document]) -> dict[str, Document]:
    """Return id -> implementation of all documents; those of one framework next to each other, as in a run."""
    by_origin: dict[str, dict[str, Document]] = {}
    frameworks: dict[str, list[str]] = {}
    for document in documents:
        for entry in document["implementations"]:
            where = origin(entry["framework"], entry["environment"])
            by_origin.setdefault(where, {}).setdefault(entry["id"], entry)
            frameworks.setdefault(entry["framework"], []).append(where)
    return {
        name: entry
        for places in frameworks.values()
        for where in dict.fromkeys(places)
        for name, entry in by_origin[where].items()
    }
