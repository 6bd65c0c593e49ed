"""A results document is read with care: what is none says why, and one of an older format is understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_documents import made_document

from conformance.report.case import Case as ReadCase
from conformance.report.document import Document
from conformance.report.document import read as report
from conformance.results.store import FORMAT, ResultsError, dumps, read
from conformance.session.session import Session


def message(path: Path) -> str:
    with pytest.raises(ResultsError) as caught:
        read(path)
    return str(caught.value)


def test_a_missing_document_says_which_and_how_to_get_one(tmp_path: Path) -> None:
    said = message(tmp_path / "results.json")
    assert said.startswith(f"{tmp_path / 'results.json'}: cannot be read (No such file or directory)")
    assert said.endswith("Run pytest to write one.")


@pytest.mark.parametrize("text", ["{", "not json", '{"format": 1'])
def test_broken_json_says_which_file_where_in_it_and_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text, encoding="utf-8")
    said = message(path)
    assert said.startswith(f"{path}: ")
    assert "line 1 column" in said
    assert said.endswith("Run pytest to write one.")


@pytest.mark.parametrize(
    ("text", "why"), [("", "it is empty"), ("[]", "it is no object"), ('"a"', "it is no object")]
)
def test_what_is_no_object_is_no_document(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text, encoding="utf-8")
    assert message(path) == f"{path}: is no results document ({why}). Run pytest to write one."


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert message(path).startswith(f"{path}: is no results document")


@pytest.mark.parametrize(
    ("text", "found"), [('{"format": 3}', "3"), ("{}", "None"), ('{"format": [1]}', "[1]")]
)
def test_another_format_says_which_it_is_and_which_is_read(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text, encoding="utf-8")
    said = message(path)
    assert said.startswith(f"{path}: ")
    assert f"format {found}" in said
    assert str(FORMAT) in said


def test_unknown_keys_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"format": FORMAT, "of tomorrow": {"a": 1}}), encoding="utf-8")
    assert read(path)["of tomorrow"] == {"a": 1}


@pytest.mark.parametrize("text", ["[" * 100_000, '{"format": 2, "axes": {"a": ' + '{"a": ' * 100_000])
def test_a_document_that_is_nested_too_deeply_is_no_results_document(tmp_path: Path, text: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text, encoding="utf-8")
    assert "nested too deeply" in message(path)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"cases": [{"id": "a", "cells": [{"implementation": 3}]}]}, "cases[0].cells[0].implementation: "),
        ({"cases": [{"id": "a", "not_applicable": [0]}]}, "refers to what is not among 0 reasons"),
        ({"cases": [{"id": "a", "divergences": [3]}]}, "cases[0].divergences[0]: "),
        ({"format": 1, "cases": [{"id": "a", "parting": [3]}]}, "cases[0].parting[0]: "),
        ({"findings": [{"id": "../x", "title": "", "says": ""}]}, "findings[0].id: "),
        (
            {"findings": [{"id": "x", "title": "", "says": "", "implementation": "y"}]},
            "y, which is not listed",
        ),
    ],
)
def test_a_document_with_an_error_says_where(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"format": FORMAT, **more}), encoding="utf-8")
    assert said in message(path)


def as_of_format_1(results: dict[str, Any]) -> dict[str, Any]:
    """The same document as it was written before not-applicable cells were stored by reason."""
    cases = []
    for case in results["cases"]:
        cells = [
            {**cell, "rows": case["traces"][cell["trace"]] if "trace" in cell else []}
            for cell in case["cells"]
        ]
        for number in case["not_applicable"]:
            entry = results["not_applicable"][number]
            outcome = {"kind": "not-applicable", "reason": entry["reason"]}
            cells += [
                {"implementation": name, "verdict": "not-applicable", "outcome": outcome}
                for name in entry["implementations"]
            ]
        for cell in cells:
            rules = cell.get("rules", {})
            cell |= {"rules": {axis: results["rules"][axis][name] for axis, name in rules.items()}}
            cell.pop("trace", None)
        old = {**case, "cells": cells, "traces": [], "not_applicable": [], "parting": case["divergences"]}
        del old["divergences"], old["pairs"]
        cases.append(old)
    return {**results, "cause_sets": None, "format": 1, "cases": cases, "rules": {}, "not_applicable": []}


def not_applicable_by_reason(of: Document, case: ReadCase) -> list[tuple[str, list[str]]]:
    reasons = (of.not_applicable[number] for number in case.not_applicable)
    return [(reason.reason, reason.implementations) for reason in reasons]


def test_a_document_of_format_1_gives_the_same_report(session: Session, tmp_path: Path) -> None:
    results = made_document(session)
    path = tmp_path / "results.json"
    path.write_text(json.dumps(as_of_format_1(results)), encoding="utf-8")
    old = report(read(path))
    new = report(json.loads(dumps(results)))
    assert old.cases
    for was, now in zip(old.cases, new.cases, strict=True):
        assert [(cell.outcome, list(cell.rows), cell.rules, cell.verdict) for cell in was.cells] == [
            (cell.outcome, list(cell.rows), cell.rules, cell.verdict) for cell in now.cells
        ]
        assert not_applicable_by_reason(old, was) == not_applicable_by_reason(new, now) != []
        assert was.divergences == now.divergences
    assert any(case.divergences for case in old.cases)


def test_a_pair_of_what_is_not_there_is_an_error(session: Session) -> None:
    results = json.loads(dumps(made_document(session)))
    pairs = next(pairs for case in results["cases"] for pairs in case["pairs"].values())
    pairs["causes"][0][2] = len(results["cause_sets"])
    with pytest.raises(ValueError, match="has pairs in accuracy of what is not there"):
        report(results)
