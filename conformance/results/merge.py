"""Puts documents together: of the shards of a run, or of runs over other cases or in other environments."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from conformance.adapters.base import origin
from conformance.calls.tables import Table
from conformance.laws import exhibit
from conformance.oracle import usage_findings
from conformance.results.build import NOT_SHOWN, questions_of
from conformance.results.exhibits import rank_of
from conformance.results.shards import check_shards
from conformance.results.store import FORMAT, ResultsError
from conformance.results.summary import summary

_Document = Mapping[str, Any]


def merge(documents: Mapping[str, _Document]) -> dict[str, Any]:
    """Return one document; of all shards of a run it is the one that the run would have given in one piece.

    Args:
        documents: name, for messages -> document.

    Raises:
        ResultsError: a shard is missing or given twice, or two documents do not fit together; names both.
    """
    for name, document in documents.items():
        if document["format"] != FORMAT:
            raise ResultsError(
                f"{name}: has format {document['format']}, and only documents of format {FORMAT} can be put"
                " together. Run pytest to write a new one."
            )
    documents = check_shards(documents)
    first = next(iter(documents.values()))
    shared = _Shared(documents)
    cases = [shared.case(*found) for found in _cases(documents)]
    entries, names = shared.implementations(), list(shared.entries)
    laws = list(_laws(documents, names))
    resolutions = list(_resolutions(documents))
    questions = list(questions_of(names, resolutions))
    findings = _findings(documents, cases, shared.entries)
    # What no run has of its own is in each of them.
    return {
        **{key: value for key, value in first.items() if key != "shard"},
        "generated": max(document["generated"] for document in documents.values()),
        "complete": all(document.get("shard", document)["complete"] for document in documents.values()),
        "environments": _environments(documents),
        "implementations": entries,
        "cases": cases,
        "not_applicable": shared.not_applicable.entries,
        "cause_sets": shared.cause_sets.entries,
        "rules": shared.rules,
        "laws": laws,
        "resolutions": resolutions,
        "questions": questions,
        "findings": [*findings, *_law_findings(documents, laws)],
        "not_started": list(_not_started(documents)),
        "missing": list(_missing(documents, entries)),
        "summary": summary(cases, shared.not_applicable.entries, len(entries)),
    }


class _Shared:
    """What the cases of several documents refer to, numbered anew in the order of the cases.

    Attributes:
        entries: id -> implementation, in the order of the documents.
        rules: axis -> name of a rule that a cell refers to -> the rule in one sentence.
        not_applicable: reasons, each with implementations.
        cause_sets: sets of axes, any of which is a cause.
    """

    def __init__(self, documents: Mapping[str, _Document]) -> None:
        self.entries: dict[str, _Document] = {}
        for document in documents.values():
            for entry in document["implementations"]:
                self.entries.setdefault(entry["id"], entry)
        self.rules: dict[str, dict[str, str]] = {}
        self.not_applicable, self.cause_sets = Table(), Table()
        self._templates = {name: Table() for name in self.entries}

    def implementations(self) -> list[dict[str, Any]]:
        """Return the entries of the implementations; the cases come first, as they use its templates."""
        return [{**entry, "programs": self._templates[name].entries} for name, entry in self.entries.items()]

    def case(self, document: _Document, case: _Document) -> dict[str, Any]:
        """Return the entry of a case with the numbers of this document."""
        programs = {entry["id"]: entry["programs"] for entry in document["implementations"]}
        cells = []
        for cell in case["cells"]:
            name = cell["implementation"]
            number = self._templates[name].number(programs[name][cell["program"]["template"]])
            cells.append({**cell, "program": {**cell["program"], "template": number}})
            for axis, rule in (*cell.get("rules", {}).items(), *cell.get("other_rules", ())):
                self.rules.setdefault(axis, {})[rule] = document["rules"][axis][rule]
        causes, absent = document["cause_sets"], document["not_applicable"]
        pairs = {
            quantity: {
                **found,
                "causes": [
                    [*both, self.cause_sets.number(causes[number])] for *both, number in found["causes"]
                ],
            }
            for quantity, found in case["pairs"].items()
        }
        numbers = [self.not_applicable.number(absent[number]) for number in case["not_applicable"]]
        return {**case, "pairs": pairs, "cells": cells, "not_applicable": numbers}


def _cases(documents: Mapping[str, _Document]) -> Iterator[tuple[_Document, _Document]]:
    """Yield each case with its document, in the order of the run; those of several runs one run after the other."""
    owners: dict[str, str] = {}
    found = []
    for number, (name, document) in enumerate(documents.items()):
        places = document.get("shard", {}).get("cases", {})
        # check_shards puts the shards of a run next to each other.
        run = number if not places else document["shard"]["plan"]
        for case in document["cases"]:
            if case["id"] in owners:
                raise ResultsError(
                    f"{name}: has the case {case['id']}, as {owners[case['id']]} has. Only runs over different"
                    " cases, or the shards of one, can be put together."
                )
            owners[case["id"]] = name
            found.append((run, places.get(case["id"], 0), document, case))
    runs = {run: number for number, run in enumerate(dict.fromkeys(run for run, *_ in found))}
    for _, _, document, case in sorted(found, key=lambda entry: (runs[entry[0]], entry[1])):
        yield document, case


def _environments(documents: Mapping[str, _Document]) -> dict[str, Any]:
    """Return the environments of all documents.

    Raises:
        ResultsError: a package has another version in another document, in an environment of the same name.
    """
    together: dict[str, dict[str, Any]] = {}
    owners: dict[tuple[str, str], tuple[str, Any]] = {}
    for name, document in documents.items():
        for environment, found in document["environments"].items():
            for package, version in found["packages"].items():
                other, known = owners.setdefault((environment, package), (name, version))
                if known != version:
                    where = f"environment {environment}" if environment else "the default environment"
                    raise ResultsError(
                        f"{name}: has {package} {version} in {where}, and {other} has {known}. One document has one"
                        " release of a package in each environment: give one of them a name of its own."
                    )
            record = together.setdefault(
                environment, {"python": found["python"], "packages": {}, "settings": {}}
            )
            pythons = {text for each in (record, found) for text in each["python"].split(", ") if text}
            record["python"] = ", ".join(sorted(pythons))
            for key in ("packages", "settings", "version_mismatch"):
                if key in found:
                    record[key] = dict(sorted({**found[key], **record.get(key, {})}.items()))
    return dict(sorted(together.items()))


def _laws(documents: Mapping[str, _Document], names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield each law with its cells in all documents, in the order of the implementations."""
    laws: dict[str, _Document] = {}
    cells: dict[str, dict[str, Any]] = {}
    for document in documents.values():
        for law in document["laws"]:
            laws.setdefault(law["law"], law)
            cells.setdefault(law["law"], {}).update({cell["implementation"]: cell for cell in law["cells"]})
    for name, law in laws.items():
        yield {**law, "cells": [cells[name][entry] for entry in names if entry in cells[name]]}


def _resolutions(documents: Mapping[str, _Document]) -> Iterator[Any]:
    """Yield what names became, in the order of the whole table."""
    rows: dict[tuple[str, str], list[Any]] = {}
    for document in documents.values():
        for place in document.get("shard", {}).get("names", ()):
            rows.setdefault(tuple(place), [])
    for document in documents.values():
        for entry in document["resolutions"]:
            where = origin(entry["framework"], entry["environment"]), entry["loss"]
            rows.setdefault(where, []).append(entry)
    for entries in rows.values():
        yield from entries


def _findings(
    documents: Mapping[str, _Document], cases: Iterable[_Document], entries: Mapping[str, _Document]
) -> list[dict[str, Any]]:
    """Return the findings that are not fixed or that a cell shows, each with the smallest such cell of all."""
    of_laws = {finding.id for finding in usage_findings()}
    departures = {
        (case["id"], cell["implementation"]): len(cell.get("departures", ()))
        for case in cases
        for cell in case["cells"]
    }

    def rank(entry: _Document) -> tuple[object, ...]:
        case, name = entry["case"], entry["implementation"]
        if case is None:
            return (math.inf,)
        quantity = entries[name]["quantity"]
        return rank_of(departures[case, name], quantity, entry["numbers"], entry["code"], case, name)

    found: dict[str, list[_Document]] = {}
    for document in documents.values():
        for entry in document["findings"]:
            if entry["id"] not in of_laws:
                found.setdefault(entry["id"], []).append(entry)
    together = []
    for name in sorted(found):
        carrying = {each for entry in found[name] for each in entry["implementations"]}
        shown = min(found[name], key=rank)
        together.append({**shown, "implementations": [each for each in entries if each in carrying]})
    return together


def _law_findings(documents: Mapping[str, _Document], laws: Sequence[_Document]) -> Iterator[dict[str, Any]]:
    """Yield the findings that only laws show, each with what the laws of all documents say of it."""
    of_laws = {finding.id for finding in usage_findings()}
    found = {
        entry["id"]: entry
        for document in documents.values()
        for entry in document["findings"]
        if entry["id"] in of_laws
    }
    for name in sorted(found):
        yield {**found[name], "implementations": [], **(exhibit(laws, name) or NOT_SHOWN)}


def _not_started(documents: Mapping[str, _Document]) -> Iterator[_Document]:
    """Yield the frameworks that could not be started in a run, with the outcomes that are missing in all of them."""
    entries = [entry for document in documents.values() for entry in document.get("not_started", ())]
    for place in dict.fromkeys((entry["framework"], entry["environment"]) for entry in entries):
        same = [entry for entry in entries if (entry["framework"], entry["environment"]) == place]
        yield {**same[0], "outcomes": sum(entry["outcomes"] for entry in same)}


def _missing(documents: Mapping[str, _Document], entries: Iterable[_Document]) -> Iterator[Any]:
    """Yield the frameworks that no document has."""
    there = {(entry["framework"], entry["environment"]) for entry in entries}
    for missing in {
        (e["framework"], e["environment"]): e for d in documents.values() for e in d["missing"]
    }.items():
        if missing[0] not in there:
            yield missing[1]
