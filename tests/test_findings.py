"""Findings: each is shown by a case, and becomes a report that can be filed. No framework needed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from made_cases import ADAPTERS, ENTRIES, judged, made_case, predicted_result
from shipped_cases import CASES, exhibited

from conformance.adapters.registry import adapters
from conformance.adapters.reproducer import reproducer
from conformance.calls.outcome import Outcome
from conformance.cases import CaseErrors
from conformance.cli import main
from conformance.oracle import definitions, findings, lasting_findings
from conformance.oracle.model import Finding
from conformance.report import filing
from conformance.results.build import document
from conformance.results.exhibits import exhibits
from conformance.results.store import dumps
from conformance.session.corpus import read_cases
from conformance.session.session import Session

_THRESHOLD = "keras-threshold-is-rounded-to-float32"
#: What the case of seven tenths shows; the function of tf_keras rounds its threshold as Keras 3 does.
_SHOWN = [_THRESHOLD, "tf-keras-threshold-is-rounded-to-float32"]
_BINARY = "keras.metrics.BinaryAccuracy"
_SEVEN_TENTHS = {"y_true": [[1], [0]], "y_pred": [[0.7], [0.2]], "threshold": 0.7}


@pytest.mark.parametrize("finding", lasting_findings(), ids=lambda finding: finding.id)
def test_a_case_shows_the_finding(finding: Finding) -> None:
    assert finding.id in exhibited()


def test_every_finding_without_a_departure_is_named_by_an_expect() -> None:
    departures = {finding.id for d in definitions() for finding in d.findings}
    named = {expected.finding for case in CASES for expected in case.expect}
    assert {finding.id for finding in findings()} - departures <= named


@pytest.mark.parametrize("name", [finding.id for finding in lasting_findings()])
def test_what_is_observed_is_not_what_is_documented(name: str) -> None:
    assert exhibited()[name].observed != exhibited()[name].documented


# An expect that records a finding.


def expecting(folder: Path, finding: str) -> Path:
    path = folder / "one.yaml"
    path.write_text(
        "format: 1\ntheme: One\ncases:\n"
        "  - id: one\n    title: One\n    task: binary\n    y_true: [[1]]\n    y_pred: [[0.9]]\n"
        f"    expect: {{{_BINARY}: {{value: 0.5, finding: {finding}}}}}\n"
    )
    return path


def test_an_expect_may_record_a_known_finding(tmp_path: Path) -> None:
    (case,) = read_cases([expecting(tmp_path, _THRESHOLD)], adapters())
    assert case.expect[0].finding == _THRESHOLD


def test_an_expect_that_records_an_unknown_finding_is_an_error_of_the_file(tmp_path: Path) -> None:
    path = expecting(tmp_path, "keras-threshold-is-rounded-to-float16")
    with pytest.raises(CaseErrors, match="is no known finding") as error:
        read_cases([path], adapters())
    assert f"did you mean {_THRESHOLD!r}" in str(error.value)
    assert "one.yaml:9:14" in str(error.value)


def test_an_outcome_that_expect_records_with_a_finding_is_documented() -> None:
    case = made_case(expect={_BINARY: {"value": 0.25, "finding": "odd"}}, y_true=[[1]], y_pred=[[0.9]])
    cell = judged(case, _BINARY, Outcome("value", value=0.25, dtype="float32"))
    assert (cell.verdict, cell.departures) == ("documented", ("odd",))


@pytest.mark.parametrize("pinned", [0.25, 1.0], ids=["the expect is of old", "the definition came to it"])
def test_a_finding_of_an_expect_is_stale_once_the_outcome_is_what_the_definition_claims(
    pinned: float,
) -> None:
    case = made_case(expect={_BINARY: {"value": pinned, "finding": "odd"}}, y_true=[[1]], y_pred=[[0.9]])
    cell = judged(case, _BINARY, Outcome("value", value=1.0, dtype="float32"))
    assert cell.verdict == "stale"


def test_a_departure_is_stale_once_the_outcome_is_what_the_definition_claims() -> None:
    case = made_case(**_SEVEN_TENTHS)
    fixed = judged(case, _BINARY, Outcome("value", value=0.5, dtype="float32"))
    assert fixed.verdict == "stale"
    assert _THRESHOLD in (fixed.explanation or "")


# The smallest case shows it.


def test_the_smallest_input_shows_a_finding() -> None:
    small = made_case(case_id="small", y_true=[[1]], y_pred=[[0.7]], threshold=0.7)
    large = made_case(case_id="large", **_SEVEN_TENTHS)
    exhibit = exhibits(map(predicted_result, (large, small)))[_THRESHOLD]
    assert exhibit.case.id == "small"
    assert (exhibit.observed, exhibit.documented) == ("1.0 (float32)", "0 (float32)")


def test_a_cell_that_is_not_as_recorded_shows_nothing() -> None:
    case = made_case(**_SEVEN_TENTHS)
    result = predicted_result(case)
    wrong = judged(case, _BINARY, Outcome("value", value=0.25, dtype="float32"))
    assert exhibits([replace(result, cells=(wrong,))]) == {}


# The results document and the reports.


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """A document with one case, which shows one finding."""
    with Session((made_case(case_id="seven-tenths", **_SEVEN_TENTHS),), ADAPTERS) as session:
        packages = {"keras": {"python": "3.11", "packages": {"keras": "3.15.1", "scipy": "1"}}}
        return document([predicted_result(case) for case in session.cases], session, packages, complete=False)


def found(results: Mapping[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in results["findings"] if entry["id"] == name)


def test_the_document_says_which_case_shows_a_finding_and_how(results: dict[str, Any]) -> None:
    finding = found(results, _THRESHOLD)
    assert finding["case"] == "seven-tenths"
    assert finding["implementation"] == _BINARY
    assert (finding["observed"], finding["documented"]) == ("1.0 (float32)", "1/2 (float32)")
    cell = next(c for c in results["cases"][0]["cells"] if c["implementation"] == _BINARY)
    code = reproducer(ENTRIES[_BINARY], made_case(case_id="seven-tenths", **_SEVEN_TENTHS).call())
    assert (finding["code"], [_THRESHOLD]) == (code, cell["departures"])


def test_a_finding_that_no_case_shows_has_no_case_in_the_document(results: dict[str, Any]) -> None:
    assert found(results, "torchmetrics-nan-makes-logits")["case"] is None


@pytest.mark.parametrize(
    "finding", [finding for finding in lasting_findings() if finding.needs], ids=lambda f: f.id
)
def test_a_finding_is_attached_to_what_has_the_parameters_that_it_needs(
    results: dict[str, Any], finding: Finding
) -> None:
    names = found(results, finding.id)["implementations"]
    assert names
    for name in names:
        has = {*ENTRIES[name].parameters, *(("sample_weight",) if ENTRIES[name].weights else ())}
        assert {need.partition("=")[0] for need in finding.needs} <= has


def test_a_function_without_weights_is_not_listed_under_a_finding_on_weights(results: dict[str, Any]) -> None:
    names = found(results, "keras-scalar-weight-averages-batch-means")["implementations"]
    assert "keras.metrics.BinaryAccuracy" in names
    assert "keras.metrics.binary_accuracy" not in names


def test_a_call_with_another_average_is_not_listed_under_a_finding_on_the_macro_average(
    results: dict[str, Any],
) -> None:
    names = found(results, "torchmetrics-macro-leaves-absent-classes-out")["implementations"]
    assert "torchmetrics.classification.MulticlassAccuracy" in names
    assert "torchmetrics.functional.classification.multiclass_recall" in names
    assert not any("average=" in name for name in names)


def test_a_report_can_be_filed_as_it_is(results: dict[str, Any]) -> None:
    finding = found(results, _THRESHOLD)
    text = filing(results, finding)
    assert text.startswith(f"# {finding['title']}\n")
    for part in (
        f"```python\n{finding['code']}```",
        "```\n1.0 (float32)\n```",
        "```\n1/2 (float32)\n```",
        finding["claims"],
        finding["place"],
        finding["condition"],
        "- Python 3.11\n- keras 3.15.1\n",
        f"- `{_BINARY.replace('BinaryAccuracy', 'binary_accuracy')}`",
        "`seven-tenths`",
    ):
        assert part in text
    assert "scipy" not in text


def test_a_report_links_to_the_threads(results: dict[str, Any]) -> None:
    finding = found(results, _THRESHOLD) | {"see": ["https://example.org/1"]}
    assert "- <https://example.org/1>" in filing(results, finding)


def command(tmp_path: Path, results: Mapping[str, Any], *arguments: str) -> Any:
    path = tmp_path / "results.json"
    path.write_text(dumps(results))
    return CliRunner().invoke(main, ["findings", str(path), *arguments])


def test_the_command_writes_a_report_for_each_finding_that_is_shown(
    tmp_path: Path, results: dict[str, Any]
) -> None:
    done = command(tmp_path, results)
    written = tmp_path / "findings" / f"{_THRESHOLD}.md"
    assert done.exit_code == 0
    assert written.read_text() == filing(results, found(results, _THRESHOLD))
    assert done.stdout.split() == [str(written.with_stem(name)) for name in _SHOWN]
    assert re.fullmatch(r"\d+ findings more, of which no case of this run is an example.\n", done.stderr)


def test_the_command_fails_where_all_findings_are_demanded_and_no_case_shows_one(
    tmp_path: Path, results: dict[str, Any]
) -> None:
    done = command(tmp_path, results, "--all", "--output", str(tmp_path / "elsewhere"))
    assert done.exit_code == 1
    assert "torchmetrics-nan-makes-logits" in done.stderr
    assert sorted(path.stem for path in (tmp_path / "elsewhere").iterdir()) == _SHOWN


def test_the_command_writes_nothing_outside_its_folder(tmp_path: Path, results: dict[str, Any]) -> None:
    found = [{**finding, "id": f"../{finding['id']}"} for finding in results["findings"]]
    (tmp_path / "results.json").write_text(dumps({**results, "findings": found}))
    done = CliRunner().invoke(main, ["findings", str(tmp_path / "results.json")])
    assert done.exit_code == 2, done.output
    assert "findings[0].id: String should match pattern" in done.output
    assert [path.name for path in tmp_path.rglob("*")] == ["results.json"]


def test_the_command_refuses_what_is_no_results_document(tmp_path: Path) -> None:
    done = command(tmp_path, json.loads('{"format": 1, "findings": [{"id": "x"}]}'))
    assert done.exit_code == 2
    assert "is not a complete results document" in done.stderr
