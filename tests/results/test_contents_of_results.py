"""What a results document holds."""

from __future__ import annotations

import itertools
import json

import pytest
from made_cases import ADAPTERS, ENTRIES, SEED, made_case, predicted_cells
from made_documents import made_document, unexplained

from conformance.adapters.registry import installed
from conformance.adapters.reproducer import reproducer
from conformance.oracle.axes import AXES
from conformance.report.document import read as report
from conformance.results.store import dumps
from conformance.session.judging import case_result, has_failures
from conformance.session.session import Session

needs_all = pytest.mark.skipif(
    any(None in installed(adapter).values() for adapter in ADAPTERS), reason="a framework is not installed"
)


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
