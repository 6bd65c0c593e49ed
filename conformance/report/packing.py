"""How a large document is written: what its cells share is there once, and referred to by number.

In such a file `texts` holds what exceptions say and why they are predicted, `divergences` why two groups differ, and
`traces` how samples counted. The `message` of an outcome, the `why` of a prediction, the `divergences` and the `traces`
of a case are numbers of these; a trace has a list by key where it begins with the first sample. The `program` of a cell
is the number of its template where its data are the `arrays` of the case. What says nothing is left out, and so are
`data` that are the inputs as they are. A document of fewer cases, as people look at, is written out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conformance.calls.tables import Table

#: Documents of more cases than this are packed.
WRITTEN_OUT = 4_000

_TABLES = ("texts", "divergences", "traces")
#: What of a cell has a text, and under which key.
_TEXTS = {"outcome": "message", "predicted": "why", "claimed": "why"}
_ARRAYS = "arrays"
_DATA = ("y_true", "y_pred", "sample_weight")
#: The number of a sample, which is its place in most traces.
_NUMBER = "row"

#: What a case that does not say it has, and what an exception has.
_OF_CASE: Mapping[str, Any] = {"family": None, "tags": [], "because": None, "see": [], "curves": None}
_RAISED: Mapping[str, Any] = {"bases": ["Exception", "BaseException"]}

#: Name of a table and entry -> number, or the other way round.
_Refer = Callable[[str, Any], Any]
#: An entry, and what it has if it does not say so.
_Trim = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]


def packed(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a document as it is written: `cases` can be gone through once, and has to be before the tables."""
    if len(results.get("cases") or ()) <= WRITTEN_OUT:
        return results
    tables = {name: Table() for name in _TABLES}

    def refer(name: str, entry: Any) -> Any:
        return tables[name].number(_by_key(entry) if name == "traces" else entry)

    def short(program: Any) -> Any:
        return program["template"] if program["data"] == _ARRAYS else program

    cases = (_case(case, refer, short, _trimmed) for case in results["cases"])
    return {**results, "cases": cases, **{name: table.entries for name, table in tables.items()}}


def unpacked(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a document as it was before it was written; one that is malformed as it is.

    Raises:
        ValueError: it refers to what is not there.
    """
    if not results.keys() >= {*_TABLES}:
        return results

    def look_up(name: str, number: Any) -> Any:
        table = results[name]
        if not isinstance(number, int):
            return number
        if not 0 <= number < len(table):
            raise ValueError(f"a case refers to number {number} of {len(table)} {name}")
        return _by_sample(table[number]) if name == "traces" else table[number]

    def long(program: Any) -> Any:
        return {"template": program, "data": _ARRAYS} if isinstance(program, int) else program

    try:
        cases = [_case(case, look_up, long, _filled) for case in results["cases"]]
    except (AttributeError, KeyError, TypeError):
        return results
    return {**{key: value for key, value in results.items() if key not in _TABLES}, "cases": cases}


def _case(case: Mapping[str, Any], refer: _Refer, program: Callable[[Any], Any], trim: _Trim) -> Any:
    return {
        **trim(case, {**_OF_CASE, "data": _inputs(case)}),
        **{name: [refer(name, each) for each in case[name]] for name in _TABLES if name in case},
        "cells": [_cell(cell, refer, program, trim) for cell in case["cells"]],
    }


def _cell(cell: Mapping[str, Any], refer: _Refer, program: Callable[[Any], Any], trim: _Trim) -> Any:
    said = {name: _said(cell[name], key, refer) for name, key in _TEXTS.items() if cell.get(name)}
    if "outcome" in said and said["outcome"].get("kind") == "raises":
        said["outcome"] = trim(said["outcome"], _RAISED)
    return {**cell, **said, **({"program": program(cell["program"])} if "program" in cell else {})}


def _said(said: Mapping[str, Any], key: str, refer: _Refer) -> dict[str, Any]:
    return {
        **said,
        **({key: refer("texts", said[key])} if said.get(key) is not None else {}),
        **({"options": [_said(each, key, refer) for each in said["options"]]} if "options" in said else {}),
    }


def _trimmed(entry: Mapping[str, Any], unsaid: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is unsaid; what an entry does not have at all is said to be None."""
    given = {**dict.fromkeys(unsaid), **entry}
    return {key: value for key, value in given.items() if key not in unsaid or value != unsaid[key]}


def _filled(entry: Mapping[str, Any], unsaid: Mapping[str, Any]) -> dict[str, Any]:
    absent = {key for key in unsaid if entry.get(key, "") is None and unsaid[key] is not None}
    return {key: value for key, value in {**unsaid, **entry}.items() if key not in absent}


def _inputs(case: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines that make the arrays of a case whose inputs are plain lists."""
    arrays = {name: value for name, value in case.get("inputs", {}).items() if name in _DATA}
    return {_ARRAYS: "\n".join(f"{name} = np.array({value!r})" for name, value in arrays.items())}


def _by_key(trace: Any) -> Any:
    """Return a list by key of the samples of a trace, if they are the first ones and have the same keys."""
    keys = list(trace[0])
    if any(list(sample) != keys or sample.get(_NUMBER) != place for place, sample in enumerate(trace)):
        return trace
    return {key: [sample[key] for sample in trace] for key in keys if key != _NUMBER}


def _by_sample(trace: Any) -> Any:
    if not isinstance(trace, Mapping):
        return trace
    samples = zip(*trace.values(), strict=True)
    return [{_NUMBER: place, **dict(zip(trace, sample, strict=True))} for place, sample in enumerate(samples)]
