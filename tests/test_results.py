"""The results document: strict, deterministic, written whole or not at all, and read with care."""

from __future__ import annotations

import itertools
import json
import math
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from made_cases import ADAPTERS, ENTRIES, SEED, made_case, predicted_cells

from conformance.adapters.registry import installed
from conformance.adapters.reproducer import reproducer
from conformance.calls.outcome import Outcome, decode_floats
from conformance.cases import Case
from conformance.oracle.axes import AXES
from conformance.report import html
from conformance.report.case import Case as ReadCase
from conformance.report.document import Document
from conformance.report.document import read as report
from conformance.results.build import document
from conformance.results.store import FORMAT, ResultsError, dumps, pieces, read, write
from conformance.session.judging import case_result, has_failures
from conformance.session.session import Session
from conformance.verdicts.verdicts import Cell, judge, not_applicable

EARLY, LATE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)

needs_all = pytest.mark.skipif(
    any(None in installed(adapter).values() for adapter in ADAPTERS), reason="a framework is not installed"
)

#: NaN, infinity and minus zero as inputs, and as outcomes below.
_SPECIAL = {"y_true": [[1.0], [0.0], [1.0]], "y_pred": [[math.nan], [-0.0], [math.inf]]}


@pytest.fixture
def cases() -> tuple[Case, ...]:
    return (
        made_case(case_id="seed", **SEED),
        made_case(case_id="special", **_SPECIAL),
        made_case(case_id="departing", y_true=[[1], [0]], y_pred=[[0.7], [0.2]], threshold=0.7),
        made_case("multiclass", case_id="classes", y_true=[0, 0, 0, 1], y_pred=[0, 0, 0, 0]),
    )


@pytest.fixture
def session(cases: tuple[Case, ...]) -> Iterator[Session]:
    with Session(cases, ADAPTERS) as session:
        yield session


def made_document(session: Session, generated: datetime = EARLY, **more: Any) -> dict[str, Any]:
    results = [case_result(session, case, cells(session, case)) for case in session.cases]
    environments = more.pop("environments", {"keras": {"python": "3.11", "packages": {"keras": "3.15.1"}}})
    return document(results, session, environments, complete=True, generated=generated)


def cells(session: Session, case: Case) -> list[Cell]:
    """What is predicted_cell, a cell that is not applicable, and for one case special floats as an outcome."""
    found = predicted_cells(case)
    asked = {cell.implementation.id for cell in found}
    absent = next(entry for entry in session.implementations if entry.id not in asked)
    if case.id == "special":
        found[0] = unexplained(case, found[0])
    return [*found, not_applicable(absent, "is not for these")]


def unexplained(case: Case, cell: Cell) -> Cell:
    special = Outcome("value", value=[math.nan, -math.inf, -0.0], dtype="float32")
    return judge(case, cell.implementation, special, cell.predictions, {})


# What is written.


def test_the_text_is_strict_json_and_says_special_floats_in_words(session: Session) -> None:
    def fail(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    text = dumps(made_document(session))
    results = json.loads(text, parse_constant=fail)
    special = next(case for case in results["cases"] if case["id"] == "special")
    assert special["inputs"]["y_pred"] == [[{"float": "nan"}], [{"float": "-0.0"}], [{"float": "inf"}]]
    assert special["cells"][0]["outcome"]["value"] == [{"float": "nan"}, {"float": "-inf"}, {"float": "-0.0"}]


def test_a_float_that_json_does_not_have_is_refused_and_not_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        dumps({"format": FORMAT, "ratio": math.nan})


def test_special_floats_come_back_as_they_were(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    write(path, dumps(made_document(session)))
    special = next(case for case in read(path)["cases"] if case["id"] == "special")
    ((nan,), (zero,), (infinity,)) = decode_floats(special["inputs"]["y_pred"])
    assert math.isnan(nan)
    assert math.copysign(1, zero) == -1
    assert infinity == math.inf
    value = Outcome.from_json(special["cells"][0]["outcome"]).value
    assert math.isnan(value[0])
    assert value[1:] == [-math.inf, 0.0]
    assert math.copysign(1, value[2]) == -1


def test_what_is_read_and_written_again_is_the_same_text(session: Session, tmp_path: Path) -> None:
    path, text = tmp_path / "results.json", dumps(made_document(session))
    write(path, text)
    assert dumps(read(path)) == text == path.read_text(encoding="utf-8")


def test_two_runs_give_the_same_bytes_but_for_time_and_environment(session: Session) -> None:
    elsewhere = {"keras": {"python": "3.12", "packages": {"keras": "3.14.0"}}}
    one = made_document(session)
    other = made_document(session, LATE, environments=elsewhere)
    assert dumps(one) != dumps(other)
    for results in (one, other):
        del results["generated"], results["environments"]
    assert dumps(one) == dumps(other)


def test_a_second_session_gives_the_same_bytes(cases: tuple[Case, ...], session: Session) -> None:
    with Session(cases, ADAPTERS) as again:
        assert dumps(made_document(again)) == dumps(made_document(session))


def test_the_time_is_written_with_its_zone(session: Session) -> None:
    assert made_document(session)["generated"] == "2020-01-01T00:00:00+00:00"


# What the document holds.


def test_a_case_has_inputs_verdict_causes_and_its_cells(session: Session) -> None:
    seed = made_document(session)["cases"][0]
    assert (seed["id"], seed["verdict"]) == ("seed", "diverge")
    assert seed["inputs"] == SEED
    assert {"decision-rule", "refusal"} <= set(seed["causes"])
    assert seed["verdicts"]["accuracy"] == "diverge"
    assert {cell["group"] for cell in seed["cells"]} >= {"A", "B", "C"}


def test_a_cell_has_its_outcome_its_prediction_its_rows_and_a_reproducer(session: Session) -> None:
    seed = made_document(session)["cases"][0]
    cell = next(cell for cell in seed["cells"] if cell["implementation"] == "keras.metrics.BinaryAccuracy")
    assert cell["verdict"] == "as-defined"
    assert cell["outcome"] == {"kind": "value", "value": 1.0, "dtype": "float32"}
    assert cell["predicted"] == {"kind": "value", "value": 1.0, "exact": "1"}
    assert len(seed["traces"][cell["trace"]]) == 4
    assert "claimed" not in cell


def test_a_vector_without_elements_is_a_value() -> None:
    case = made_case(case_id="empty", y_true=[], y_pred=[], shape={"y_true": [0, 1], "y_pred": [0, 1]})
    with Session((case,), ADAPTERS) as session:
        (entry,) = made_document(session)["cases"]
    (cell,) = (cell for cell in entry["cells"] if cell["implementation"] == "keras.metrics.binary_accuracy")
    assert cell["outcome"]["value"] == []


def test_every_reproducer_can_be_made_up_again_from_its_template_and_the_data(session: Session) -> None:
    results = made_document(session)
    shown = {
        (case.id, cell.implementation): case.reproducer(cell)
        for case in report(results).cases
        for cell in case.cells
    }
    assert len(shown) > 40
    assert shown == {
        (case.id, entry): reproducer(ENTRIES[entry], case.call())
        for case in session.cases
        for case_id, entry in shown
        if case_id == case.id
    }


def test_a_template_of_a_reproducer_is_written_once(session: Session) -> None:
    results = made_document(session)
    for entry in results["implementations"]:
        assert len(entry["programs"]) == len(set(entry["programs"]))
        assert all(text.count("{data}") == 1 for text in entry["programs"]), entry["id"]


def test_a_departure_shows_what_is_claimed_beside_what_is_predicted(session: Session) -> None:
    departing = next(case for case in made_document(session)["cases"] if case["id"] == "departing")
    cell = next(
        cell for cell in departing["cells"] if cell["implementation"] == "keras.metrics.BinaryAccuracy"
    )
    assert cell["departures"] == ["keras-threshold-is-rounded-to-float32"]
    assert (cell["claimed"]["exact"], cell["predicted"]["exact"]) == ("1/2", "1")


def test_a_cell_says_which_rules_hold_in_it_where_they_are_not_the_general_ones(session: Session) -> None:
    results = made_document(session)
    found = results["cases"]

    def rules(case: str, implementation: str) -> dict[str, str]:
        (entry,) = (entry for entry in found if entry["id"] == case)
        (cell,) = (cell for cell in entry["cells"] if cell["implementation"] == implementation)
        return {axis: results["rules"][axis][name] for axis, name in (cell.get("rules") or {}).items()}

    assert rules("seed", "keras.metrics.BinaryAccuracy") == {}
    named = rules("seed", "keras.Model.compile[accuracy]")
    assert named["decision-rule"] == "A score is positive if it is greater than the threshold (p > t)."
    assert rules("seed", "torchmetrics.Accuracy")["decision-rule"].startswith("A floating-point score is")
    assert "scores along axis 1" in rules("classes", "torchmetrics.Accuracy")["decision-rule"]
    departing = rules("departing", "keras.metrics.BinaryAccuracy")
    assert set(departing) == {"threshold-precision"}


def test_a_cell_that_is_not_applicable_says_why_and_is_in_no_group(session: Session) -> None:
    results = made_document(session)
    case = results["cases"][0]
    (reason,) = (results["not_applicable"][number] for number in case["not_applicable"])
    assert reason["reason"] == "is not for these"
    assert not {cell["implementation"] for cell in case["cells"]} & {*reason["implementations"]}


@needs_all
def test_every_implementation_has_its_rules_with_basis_and_source(session: Session) -> None:
    entries = made_document(session)["implementations"]
    assert [entry["id"] for entry in entries] == [entry.id for entry in session.implementations]
    for entry in entries:
        assert entry["definition"], entry["id"]
        assert entry["rules"], entry["id"]
        for axis, rule in entry["rules"].items():
            assert axis in AXES
            assert set(rule) >= {"says", "basis", "source"}, entry["id"]


@needs_all
def test_a_finding_names_the_implementations_that_carry_it(session: Session) -> None:
    findings = {finding["id"]: finding for finding in made_document(session)["findings"]}
    carried = findings["keras-threshold-is-rounded-to-float32"]["implementations"]
    assert "keras.metrics.BinaryAccuracy" in carried
    assert "keras.metrics.Accuracy" not in carried


def test_the_summary_counts_what_is_in_the_document(session: Session) -> None:
    results = made_document(session)
    summary = results["summary"]
    assert summary["cells"] == sum(len(case["cells"]) for case in results["cases"])
    assert summary["cases"] == len(results["cases"]) == 4
    assert sum(summary["verdicts"].values()) == summary["cells"] + summary["verdicts"]["not-applicable"]
    assert sum(summary["cases_by_verdict"].values()) == 4
    assert summary["causes"]["decision-rule"] == sum(
        "decision-rule" in case["causes"] for case in results["cases"]
    )


def test_one_failing_cell_is_a_failure(session: Session) -> None:
    case = session.cases[0]
    first, *others = predicted_cells(case)
    whole = case_result(session, case, [first, *others])
    assert not has_failures([whole])
    broken = case_result(session, case, [unexplained(case, first), *others])
    assert has_failures([broken])
    assert has_failures([whole, broken])


# Writing and reading.


def test_an_interrupted_write_leaves_the_old_file_whole_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "results.json"
    write(path, "old\n")

    def fails(*ignored: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(KeyboardInterrupt):
        write(path, "new, and not all of it")
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == "old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["results.json"]


def test_text_that_cannot_be_encoded_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    write(path, "old\n")
    with pytest.raises(UnicodeEncodeError):
        write(path, "a lone surrogate: \udc80")
    assert path.read_text(encoding="utf-8") == "old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["results.json"]


def test_writing_replaces_the_file_makes_the_folder_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "results.json"
    write(path, "one\n")
    write(path, "two — ü\n")
    assert path.read_bytes() == "two — ü\n".encode()
    assert [entry.name for entry in path.parent.iterdir()] == ["results.json"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_of_two_writes_at_once_the_later_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "results.json"

    def pieces_of_one() -> Iterator[str]:
        yield "one, "
        write(path, "another")
        assert path.read_text() == "another"
        yield "whole"

    write(path, pieces_of_one())
    assert path.read_text() == "one, whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_can_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    before = os.umask(0o027)
    try:
        write(path, "text\n")
        assert os.umask(0o027) == 0o027, "the umask is as it was"
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640


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


def test_a_document_has_the_causes_of_each_two_implementations(session: Session) -> None:
    results = made_document(session)
    cases = {case.id: case for case in session.cases}
    found = 0
    for case in report(json.loads(dumps(results))).cases:
        exchange = session.exchange(cases[case.id])
        sides = {
            cell.implementation.id: cell.predictions.side
            for cell in session.predicted_cells(cases[case.id])
            if cell.predictions
        }
        for pairs in case.pairs.values():
            for one, other, number in pairs.causes:
                for left, right in itertools.product(pairs.behaviours[one], pairs.behaviours[other]):
                    causes = [list(axes) for axes in exchange.causes(sides[left], sides[right])]
                    assert causes == results["cause_sets"][number], (case.id, left, right)
                    found += 1
    assert found


def test_a_pair_of_what_is_not_there_is_an_error(session: Session) -> None:
    results = json.loads(dumps(made_document(session)))
    pairs = next(pairs for case in results["cases"] for pairs in case["pairs"].values())
    pairs["causes"][0][2] = len(results["cause_sets"])
    with pytest.raises(ValueError, match="has pairs in accuracy of what is not there"):
        report(results)


def test_a_cell_and_a_reason_take_one_line_each(session: Session) -> None:
    results = made_document(session)
    lines = dumps(results).splitlines()
    cells = sum(len(case["cells"]) for case in results["cases"])
    assert sum(line.startswith('{"implementation":') and '"group":' in line for line in lines) == cells
    reasons = len(results["not_applicable"])
    assert sum(line.startswith('"reason":') for line in lines) == reasons > 0


@pytest.fixture
def packing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.report.packing.WRITTEN_OUT", 0)


@pytest.mark.usefixtures("packing")
def test_a_large_document_is_packed_and_read_as_it_was(session: Session, tmp_path: Path) -> None:
    results, path = made_document(session), tmp_path / "results.json"
    del results["cases"][0]["data"], results["cases"][1]["because"]
    write(path, pieces(results))
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert {*raw} - {*results} == {"texts", "divergences", "traces"}
    assert dumps(read(path)) == path.read_text(encoding="utf-8")
    assert read(path) == json.loads(json.dumps(results)) | {"cases": read(path)["cases"]}
    for was, now in zip(results["cases"], read(path)["cases"], strict=True):
        assert {**was, "because": None} == {**now, "because": None}
    assert html(raw) == html(results)


@pytest.mark.usefixtures("packing")
def test_a_number_of_what_is_not_there_is_an_error(session: Session, tmp_path: Path) -> None:
    path, raw = tmp_path / "results.json", json.loads(dumps(made_document(session)))
    raw["cases"][0]["traces"][0] = len(raw["traces"])
    path.write_text(json.dumps(raw))
    with pytest.raises(ResultsError, match="a case refers to number"):
        read(path)
    raw["cases"][0]["traces"] = 7
    path.write_text(json.dumps(raw))
    with pytest.raises(ResultsError, match="cases"):
        read(path)


@pytest.mark.usefixtures("packing")
def test_a_cell_and_what_its_case_adds_take_few_bytes() -> None:
    """Ten thousand cases stay readable; half of these cells raise."""

    def size(number: int) -> tuple[int, int]:
        scores = [[index / 100, 1 - index / 100, 0.5, 0.25] for index in range(number)]
        cases = [made_case(case_id=f"made-{n}", y_true=[0, 1, 1, 0], y_pred=y) for n, y in enumerate(scores)]
        with Session(cases, ADAPTERS, implementations=["sklearn*"]) as session:
            results = [case_result(session, case, session.predicted_cells(case)) for case in cases]
            made = document(results, session, {}, complete=True)
        return len(dumps(made).encode()), sum(len(result.cells) for result in results)

    (few, cells), (many, more) = size(10), size(40)
    assert (many - few) / (more - cells) < 350
