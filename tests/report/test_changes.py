"""What changed between two documents, and who changed."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from conformance.report import job_summary
from conformance.report.changes import changes, compared
from conformance.report.difference import difference

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
            "groups": ["A", "A"],
            "releases": [["keras", "3.14.0", "3.15.1"]],
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


def test_an_edited_case_is_to_blame_for_another_verdict_too(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    case(old)["cells"][0]["verdict"] = "unexplained"
    case(old)["inputs"]["y_pred"] = [[0.5]]
    assert why(results, old) == ["case"]
    assert changes(results, old)["edited"] == [SEED]


def test_the_same_outcome_in_another_group_is_a_change_and_another_letter_is_not(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    cells = case(old)["cells"]
    letters = {"A": "B", "B": "A"}
    for cell in cells:
        cell["group"] = letters.get(cell["group"], cell["group"])
    assert why(results, old) == []
    alone = next(cell for cell in cells if sum(other["group"] == cell["group"] for other in cells) > 1)
    alone["group"] = "Z"
    found = changes(results, old)["changed"]
    assert {cell["why"] for cell in found} == {"group"}
    assert alone["implementation"] in [cell["implementation"] for cell in found]


@pytest.mark.parametrize("partial", ["old", "new"])
def test_what_a_partial_run_did_not_ask_was_neither_added_nor_removed(
    results: dict[str, Any], old: dict[str, Any], partial: str
) -> None:
    one = old if partial == "old" else results
    one["complete"] = False
    one["cases"] = [entry for entry in one["cases"] if entry["id"] != SEED]
    one["implementations"] = one["implementations"] + [{"id": "other.metric"}]
    (other,) = (document for document in (old, results) if document is not one)
    other["implementations"] = other["implementations"] + [{"id": "new.metric"}]
    found = changes(results, old)
    assert found["partial"] == [partial]
    assert (found["added"], found["removed"], found["not_compared"]) == ({}, {}, 12)
    assert sum(map(len, found["implementations"].values())) == 1
    said = (
        f"The {partial} run is partial: compared is what both have; 12 outcomes of one of them could not be."
    )
    assert said in job_summary(results, old)


def test_a_cell_that_is_not_applicable_in_a_partial_run_was_removed(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    results["complete"] = False
    gone = case(results)["cells"].pop(0)
    results["not_applicable"].append({"reason": "has none", "implementations": [gone["implementation"]]})
    case(results)["not_applicable"] = [len(results["not_applicable"]) - 1]
    found = compared(results, old)
    assert [(cell["case"], cell["implementation"]) for cell in found["removed"]] == [
        (SEED, gone["implementation"])
    ]
    assert found["not_compared"] == 0


def test_the_text_says_old_and_new_of_each_implementation_with_its_release(
    results: dict[str, Any], old: dict[str, Any]
) -> None:
    case(old)["cells"][0]["outcome"]["value"] = 0.25
    case(old)["cells"][1]["verdict"] = "unexplained"
    old["environments"][""]["packages"]["keras"] = "3.14.0"
    old["laws"][0]["cells"][0]["verdict"] = "fails-undocumented"
    old["complete"] = False
    results["cases"] = [entry for entry in results["cases"] if entry["id"] != "alone"]
    second = case(results)["cells"][1]
    shown = list(difference(compared(results, old)))
    assert shown[0] == "2 outcomes changed, 0 added, 1 removed, 71 unchanged"
    assert shown[1].startswith("The old run is partial: compared is what both have; 0 outcomes")
    assert "keras: 3.14.0 -> 3.15.1" in shown
    place = shown.index("keras.metrics.BinaryAccuracy (keras 3.14.0 -> 3.15.1): 1 changed")
    assert shown[place + 1] == f"  {SEED}: 0.25 (as defined) in group A -> 1.0 (as defined) in group A"
    (said,) = (line for line in shown if line.startswith(second["implementation"]))
    assert "  same outcome, other status" in shown[shown.index(said) + 2]
    assert "  keras.metrics.BinaryAccuracy: batches: fails undocumented -> holds" in shown
    assert any(line.startswith("  ") and line.endswith(": alone") for line in shown)


def test_of_many_cells_the_first_are_shown(results: dict[str, Any], old: dict[str, Any]) -> None:
    (entry,) = {cell["implementation"] for cell in case(old)["cells"][:1]}
    changed = 0
    for each in old["cases"]:
        for cell in each["cells"]:
            if cell["implementation"] == entry and cell["verdict"] == "as-defined":
                cell["verdict"] = "undefined"
                changed += 1
    assert changed > 2
    found = compared(results, old)
    assert f"  and {changed - 1} more" in list(difference(found, most=1))
    assert not any(" more" in line for line in difference(found, most=None))


def test_empty_documents_can_be_compared() -> None:
    assert changes({}, {})["unchanged"] == 0
