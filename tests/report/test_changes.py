"""What changed between two documents, and who changed."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from conformance.report import job_summary
from conformance.report.changes import changes

SEED = "seed-accuracy-is-not-binary-accuracy"


@pytest.fixture
def old(results: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(results)


def case(results: dict[str, Any], identifier: str = SEED) -> dict[str, Any]:
    return next(entry for entry in results["cases"] if entry["id"] == identifier)


def why(results: dict[str, Any], old: dict[str, Any]) -> list[str]:
    return [cell["why"] for cell in changes(results, old)["changed"]]


def test_the_same_document_twice_has_nothing_but_unchanged_cells(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    found = changes(results, old)
    assert (found["changed"], found["added"], found["removed"], found["versions"]) == ([], {}, {}, [])
    assert found["unchanged"] == 74


def test_a_law_and_a_name_that_came_out_otherwise_are_listed(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    old["laws"][0]["cells"][0]["verdict"] = "fails-undocumented"
    del old["laws"][0]["cells"][1]
    old["resolutions"][2] |= {"resolved": "BinaryAccuracy", "raises": None}
    found = changes(results, old)
    assert found["laws"] == [["batches", "keras.metrics.BinaryAccuracy", "fails undocumented", "holds"]]
    assert found["names"] == [
        ["loss mse, y_true (N,), y_pred (N, 3)", "keras: acc", "became BinaryAccuracy", "raised ValueError"]
    ]
    assert "| `batches` | `keras.metrics.BinaryAccuracy` | `fails undocumented` | `holds` |" in job_summary(
        results, old
    )


def test_an_outcome_that_differs_under_another_version_is_the_frameworks(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    case(old)["cells"][0]["outcome"]["value"] = 0.25
    old["environments"][""]["packages"]["keras"] = "3.14.0"
    found = changes(results, old)
    assert found["versions"] == [["", "keras", "3.14.0", "3.15.1"]]
    assert found["changed"] == [
        {
            "case": SEED,
            "implementation": "keras.metrics.BinaryAccuracy",
            "why": "framework",
            "before": "0.25 (as defined)",
            "after": "1.0 (as defined)",
        }
    ]


def test_a_version_of_a_package_that_an_implementation_does_not_need_is_not_to_blame(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    case(old)["cells"][0]["outcome"]["value"] = 0.25
    old["environments"][""]["packages"]["torchmetrics"] = "1.0"
    results["implementations"] = [entry | {"packages": ["keras"]} for entry in results["implementations"]]
    assert why(results, old) == ["unknown"]


def test_an_edited_case_is_told_apart_from_a_framework_that_changed(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    case(old)["cells"][0]["outcome"]["value"] = 0.25
    case(old)["inputs"]["y_pred"] = [[0.5]]
    old["environments"][""]["packages"]["keras"] = "3.14.0"
    assert why(results, old) == ["case"]


def test_an_edit_that_changes_no_outcome_is_no_change(results: dict[str, Any], old: dict[str, Any]) -> None:
    case(old)["title"] = "Another title"
    case(old)["inputs"]["y_pred"] = [[0.5]]
    assert why(results, old) == []


def test_the_same_outcome_judged_otherwise_is_the_definitions(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    case(old)["cells"][0]["verdict"] = "unexplained"
    assert why(results, old) == ["definition"]


def test_other_words_of_an_exception_are_no_change(results: dict[str, Any], old: dict[str, Any]) -> None:
    cell = next(cell for cell in case(old)["cells"] if cell["outcome"]["kind"] == "raises")
    cell["outcome"]["message"] = "in other words"
    assert why(results, old) == []
    cell["outcome"]["type"] = "TypeError"
    assert why(results, old) == ["unknown"]


def test_cells_and_implementations_that_came_and_went_are_counted(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    old["cases"] = [entry for entry in old["cases"] if entry["id"] != SEED]
    results["implementations"].append({"id": "new.metric"})
    results["cases"] = [entry for entry in results["cases"] if entry["id"] != "alone"]
    found = changes(results, old)
    assert found["added"] == {SEED: 12}
    assert found["removed"] == {"alone": 1}
    assert found["implementations"] == {"added": ["new.metric"], "removed": []}


def test_empty_documents_can_be_compared() -> None:
    assert changes({}, {})["unchanged"] == 0
