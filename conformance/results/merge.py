"""Puts documents together: of the shards of a run, or of runs over other cases or in other environments."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from conformance.adapters.base import origin
from conformance.laws import exhibit, most_telling
from conformance.oracle import usage_findings
from conformance.results.build import NOT_SHOWN, equal_calls_of, questions_of
from conformance.results.environments import together
from conformance.results.exhibits import rank_of
from conformance.results.joined import Document, Joined, Part
from conformance.results.shards import check_shards
from conformance.results.store import FORMAT, ResultsError
from conformance.results.summary import summary

#: What the merge needs of a document, and of each of its cases.
_KEYS = (
    *("generated", "complete", "environments", "implementations", "cases", "not_applicable", "cause_sets"),
    *("rules", "laws", "resolutions", "findings", "missing"),
)
_OF_CASE = ("id", "pairs", "data", "traces", "cells", "not_applicable")

#: Which string, in which framework, with which loss and shapes.
_ASKED = itemgetter("framework", "environment", "string", "loss", "y_true", "y_pred")


def merge(documents: Mapping[str, Document]) -> dict[str, Any]:
    """Return one document; of all shards of a run it is the one that the run would have given in one piece.

    Args:
        documents: name, for messages -> document.

    Raises:
        ResultsError: a shard is missing or given twice, or two documents do not fit together; names both.
    """
    for name, document in documents.items():
        _check(name, document)
    documents = check_shards(documents)
    first = next(iter(documents.values()))
    environments = together(documents)
    joined = Joined(documents, environments)
    cases = [joined.case(parts) for parts in _cases(documents)]
    entries, names = joined.implementations(), list(joined.entries)
    laws = list(_laws(documents, names))
    resolutions = list(_resolutions(documents))
    questions = list(questions_of(names, resolutions, cases))
    findings = _findings(documents, cases, joined.entries)
    # What no run has of its own is in each of them.
    return {
        **{key: value for key, value in first.items() if key != "shard"},
        "generated": max(document["generated"] for document in documents.values()),
        "complete": all(document.get("shard", document)["complete"] for document in documents.values()),
        "environments": environments,
        "implementations": entries,
        "cases": cases,
        "not_applicable": joined.not_applicable.entries,
        "cause_sets": joined.cause_sets.entries,
        "rules": joined.rules,
        "laws": laws,
        "resolutions": resolutions,
        "runs": list(_runs(documents)),
        "questions": questions,
        "equal_calls": equal_calls_of(names),
        "since": list(_since(documents)),
        "findings": [*findings, *_law_findings(documents, laws)],
        "not_started": list(_not_started(documents)),
        "missing": list(_missing(documents, entries)),
        "summary": summary(cases, joined.not_applicable.entries, len(entries)),
    }


def _check(name: str, document: Document) -> None:
    """Check that a document has all that a run writes now; readers do without."""
    if document["format"] != FORMAT:
        raise ResultsError(
            f"{name}: has format {document['format']}, and only documents of format {FORMAT} can be merged."
            " Run pytest to write a new one."
        )
    lacking = [key for key in _KEYS if key not in document]
    lacking += [f"cases: {key}" for key in _OF_CASE if any(key not in case for case in document["cases"])]
    if lacking:
        raise ResultsError(
            f"{name}: has no {lacking[0]}, so that it is of an older version. Run pytest again."
        )


def _cases(documents: Mapping[str, Document]) -> list[list[Part]]:
    """Return the parts of each case, in the order of the run; those of several runs one run after the other."""
    runs: dict[str, list[tuple[int, Part]]] = {}
    for name, document in documents.items():
        stamp = document.get("shard")
        run = runs.setdefault(stamp["plan"] if stamp else name, [])
        for case in document["cases"]:
            place = stamp["cases"][case["id"]] if stamp else len(run)
            run.append((place, Part(name, document, case)))
    parts: dict[str, list[Part]] = {}
    for run in runs.values():
        for _, part in sorted(run, key=lambda entry: entry[0]):
            parts.setdefault(part.case["id"], []).append(part)
    return list(parts.values())


def _laws(documents: Mapping[str, Document], names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield each law with its cells in all documents, in the order of the implementations."""
    laws: dict[str, Document] = {}
    cells: dict[str, dict[str, list[Any]]] = {}
    for document in documents.values():
        for law in document["laws"]:
            laws.setdefault(law["law"], law)
            of_law = cells.setdefault(law["law"], {})
            for cell in law["cells"]:
                of_law.setdefault(cell["implementation"], []).append(cell)
    for name, law in laws.items():
        yield {**law, "cells": [most_telling(cells[name][entry]) for entry in names if entry in cells[name]]}


def _resolutions(documents: Mapping[str, Document]) -> Iterator[Any]:
    """Yield what names became, in the order of the whole table."""
    rows: dict[tuple[str, str], list[Any]] = {}
    for document in documents.values():
        for place in document.get("shard", {}).get("names", ()):
            rows.setdefault(tuple(place), [])
    for document in documents.values():
        for entry in document["resolutions"]:
            where = origin(entry["framework"], entry["environment"]), entry["loss"]
            row = rows.setdefault(where, [])
            # Runs in other environments have those of the default one, too.
            if not any(_ASKED(known) == _ASKED(entry) for known in row):
                row.append(entry)
    for entries in rows.values():
        yield from entries


def _runs(documents: Mapping[str, Document]) -> Iterator[dict[str, Any]]:
    """Yield the training runs with their logs in all documents, in the order of the whole run."""
    places: dict[str, None] = {}
    parts: dict[str, list[Document]] = {}
    for document in documents.values():
        places |= dict.fromkeys(document.get("shard", {}).get("runs", ()))
        for run in document.get("runs", ()):
            places.setdefault(run["id"])
            parts.setdefault(run["id"], []).append(run)
    for name in places:
        if name in parts:
            logs = {
                (log["framework"], log["environment"]): log for part in parts[name] for log in part["logs"]
            }
            yield {**parts[name][0], "logs": list(logs.values())}


def _since(documents: Mapping[str, Document]) -> Iterator[dict[str, Any]]:
    """Yield what releases changed in the implementations of any document."""
    found: dict[tuple[str, str], list[Document]] = {}
    for document in documents.values():
        for entry in document.get("since", ()):
            found.setdefault((entry["distribution"], entry["id"]), []).append(entry)
    for entries in found.values():
        names = [name for entry in entries for name in entry["implementations"]]
        yield {**entries[0], "implementations": list(dict.fromkeys(names))}


def _findings(
    documents: Mapping[str, Document], cases: Iterable[Document], entries: Mapping[str, Document]
) -> list[dict[str, Any]]:
    """Return the findings that are not fixed or that a cell shows, each with the smallest such cell of all."""
    of_laws = {finding.id for finding in usage_findings()}
    departures = {
        (case["id"], cell["implementation"]): len(cell.get("departures", ()))
        for case in cases
        for cell in case["cells"]
    }

    def rank(entry: Document) -> list[Any]:
        case, name = entry["case"], entry["implementation"]
        if case is None:
            return [math.inf]
        quantity = entries[name]["quantity"]
        return rank_of(departures[case, name], quantity, entry["numbers"], entry["code"], case, name)

    found: dict[str, list[Document]] = {}
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


def _law_findings(documents: Mapping[str, Document], laws: Sequence[Document]) -> Iterator[dict[str, Any]]:
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


def _not_started(documents: Mapping[str, Document]) -> Iterator[Document]:
    """Yield the frameworks that could not be started in a run, with the outcomes that are missing in all of them."""
    entries = [entry for document in documents.values() for entry in document.get("not_started", ())]
    for place in dict.fromkeys((entry["framework"], entry["environment"]) for entry in entries):
        same = [entry for entry in entries if (entry["framework"], entry["environment"]) == place]
        yield {**same[0], "outcomes": sum(entry["outcomes"] for entry in same)}


def _missing(documents: Mapping[str, Document], entries: Iterable[Document]) -> Iterator[Any]:
    """Yield the frameworks that no document has."""
    there = {(entry["framework"], entry["environment"]) for entry in entries}
    for missing in {
        (e["framework"], e["environment"]): e for d in documents.values() for e in d["missing"]
    }.items():
        if missing[0] not in there:
            yield missing[1]
