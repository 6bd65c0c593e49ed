from __future__ import annotations

from typing import Any

import pytest

from conformance.report import terminal, words
from conformance.report.attention import matters
from conformance.report.document import read

VALUE = {"kind": "value", "value": 0.5, "exact": "1/2"}
ERROR = {"kind": "raises", "type": "ValueError"}


def test_it_says_once_which_releases_were_there_and_what_definitions_hold_for() -> None:
    known = {"oldest": "1.0", "newest": "2.0", "installed": "known"}
    results = {
        "environments": {
            "": {
                "python": "3.11.7",
                "packages": {"abacus": "2.0", "numpy": "2.4.6", "torch": "2.13.0+cpu"},
                "definitions": {"abacus": known},
            },
            "2.1+mine": {
                "python": "3.11.7",
                "packages": {"abacus": "2.1+mine", "numpy": "2.4.6"},
                "definitions": {"abacus": known | {"installed": "newer"}},
            },
            "old": {
                "python": "3.12.1",
                "packages": {"abacus": "0.9", "numpy": "1.26.4"},
                "definitions": {"abacus": known | {"installed": "older"}},
            },
        }
    }
    assert terminal(results, width=300)[1:3] == [
        "installed: abacus 2.0, numpy 2.4.6, torch 2.13.0; @2.1+mine: abacus 2.1+mine; "
        "@old: Python 3.12.1, abacus 0.9, numpy 1.26.4",
        "definitions hold for abacus 1.0 to 2.0 (2.1+mine is newer, 0.9 is older: observed only)",
    ]


def test_it_counts_cases_outcomes_and_causes(results: dict[str, Any]) -> None:
    lines = terminal(results, width=200)
    assert lines[:2] == [
        "11 cases, 21 implementations, 74 outcomes",
        "accuracy: 6 diverge, 3 agree, 2 with nothing to compare",
    ]
    assert any(line.startswith("causes: refusal 3, default-parameter 2, ") for line in lines)


def test_it_names_what_is_not_installed_and_how_to_install_it(results: dict[str, Any]) -> None:
    assert "not installed: tf_keras (pip install tf-keras tf-nightly)" in terminal(results, width=200)


@pytest.mark.parametrize(
    "line",
    [
        "unexplained: threshold-in-float64--torchmetrics.Accuracy:"
        " The value is 0.750001 where the definition says 3/4.",
        "crashed: killed--keras.metrics.BinaryAccuracy: The process crashed while it evaluated this case.",
        "timed out: killed--torchmetrics.Accuracy: The process timed-out while it evaluated this case.",
    ],
)
def test_it_names_case_implementation_and_reason_of_what_needs_a_look(
    results: dict[str, Any], line: str
) -> None:
    assert line in terminal(results, width=200)


def test_it_says_what_to_do_once_for_each_status(results: dict[str, Any]) -> None:
    lines = terminal(results, width=300)
    assert [line[:27] for line in lines if line.startswith("what to do")] == [
        "what to do (unexplained): R",
        "what to do (stale): The fra",
        "what to do (crashed): Run t",
        "what to do (timed out): Run",
        "what to do (fails undocumen",
    ]


def test_it_counts_laws_and_names_those_that_fail_undocumented(results: dict[str, Any]) -> None:
    results["cases"] = [case for case in results["cases"] if case["id"].startswith("seed-")]
    lines = terminal(results, width=300)
    assert "laws: 1 not refuted, 1 fail as defined, 1 fail undocumented" in lines
    assert any(
        line.startswith("fails undocumented: batches--torchmetrics.Accuracy: A sigmoid sees one update.")
        for line in lines
    )
    assert "every checked outcome is as defined or a known deviation" not in lines


def test_without_laws_it_says_nothing_of_them(results: dict[str, Any]) -> None:
    results["laws"] = []
    assert not any(line.startswith("laws: ") for line in terminal(results, width=200))


def test_it_says_what_to_do_once_for_each_reason_of_a_status(results: dict[str, Any]) -> None:
    threshold = next(case for case in results["cases"] if case["id"] == "threshold-in-float64")
    for cell in threshold["cells"][:2]:
        cell |= {"verdict": "unexplained", "problem": "changed-inputs"}
    lines = terminal(results, width=300)
    assert [line[:48] for line in lines if line.startswith("what to do (unexplained)")] == [
        "what to do (unexplained): Run the reproducer and",
        "what to do (unexplained): Run the reproducer. If",
    ]


def test_a_quiet_run_ends_in_one_calm_line(results: dict[str, Any]) -> None:
    results["runs"] = []
    results["cases"] = [case for case in results["cases"] if case["id"].startswith("seed-")]
    results["laws"] = []
    lines = terminal(results, width=100)
    assert lines[-1] == "every checked outcome is as defined or a known deviation"
    assert len(lines) <= 10


def test_many_failures_are_counted_by_kind_each_with_an_example(results: dict[str, Any]) -> None:
    threshold = next(case for case in results["cases"] if case["id"] == "threshold-in-float64")
    odd = next(cell for cell in threshold["cells"] if cell["verdict"] == "unexplained")
    odd["predicted"] = {"kind": "value", "value": 0.75, "exact": "3/4"}
    results["cases"] = [
        case | {"id": f"{case['id']}-{copy}"} for copy in range(3) for case in results["cases"]
    ]
    lines = terminal(results, width=300)
    assert (
        "unexplained (another value than predicted): 3 outcomes, such as"
        " threshold-in-float64-0--torchmetrics.Accuracy: The value is 0.750001 where the definition says 3/4."
    ) in lines
    assert any(line.startswith("crashed: 3 outcomes, such as killed-0--") for line in lines)


def test_failures_that_one_rule_explains_are_of_one_kind(results: dict[str, Any]) -> None:
    threshold = next(case for case in results["cases"] if case["id"] == "threshold-in-float64")
    odd = next(cell for cell in threshold["cells"] if cell["verdict"] == "unexplained")
    odd |= {"predicted": VALUE, "other_rules": [["unit", "one"], ["decision-rule", "at-or-above"]]}
    alone = {
        **threshold,
        "id": "alone",
        "cells": [{**odd, "other_rules": [["decision-rule", "at-or-above"]]}],
    }
    results["cases"] = [*results["cases"], alone, {**alone, "id": "alone-too"}]
    assert any(
        line.startswith(
            "unexplained (the value that another rule predicts, decision-rule at-or-above): 3 outcomes, such as "
        )
        for line in terminal(results, width=300)
    )


@pytest.mark.parametrize(
    ("predicted", "outcome", "kind"),
    [
        (VALUE, {"kind": "value", "value": 0.75, "dtype": "float64"}, "other-value"),
        (VALUE, {"kind": "raises", "type": "ValueError"}, "exception-for-value"),
        (ERROR, {"kind": "raises", "type": "KeyError"}, "other-exception"),
        (ERROR, {"kind": "value", "value": 0.5, "dtype": "float64"}, "value-for-exception"),
    ],
)
def test_an_unexplained_outcome_is_of_the_kind_in_which_it_differs(
    results: dict[str, Any], predicted: dict[str, Any], outcome: dict[str, Any], kind: str
) -> None:
    cell = next(
        cell for case in results["cases"] for cell in case["cells"] if cell["verdict"] == "unexplained"
    )
    cell |= {"predicted": predicted, "outcome": outcome}
    (matter,) = (matter for matter in matters(read(results)) if matter.verdict == "unexplained")
    assert matter.kind == kind in words.KINDS


@pytest.mark.parametrize("width", [20, 80, 200])
def test_no_line_is_wider_than_the_terminal_or_acts_on_it(results: dict[str, Any], width: int) -> None:
    results["cases"][0]["cells"][0]["implementation"] = results["implementations"][0]["id"] = (
        "evil\x1b[2J.Metric"
    )
    results["cases"][0]["cells"][0]["verdict"] = "unexplained"
    lines = terminal(results, width=width)
    assert all(len(line) <= width for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_an_empty_document_is_summarised() -> None:
    assert terminal({}, width=80) == ["0 cases, 0 implementations, 0 outcomes", "no outcome was checked"]


def test_where_no_definition_is_claimed_nothing_was_checked(results: dict[str, Any]) -> None:
    results["cases"] = [case for case in results["cases"] if case["id"].startswith("seed-")]
    results["laws"] = results["runs"] = []
    cells = [cell for case in results["cases"] for cell in case["cells"]]
    cells[0]["verdict"] = "undefined"
    assert terminal(results, width=100)[-2:] == [
        "every checked outcome is as defined or a known deviation",
        "1 outcome was not checked: no definition holds for it",
    ]
    for cell in cells:
        cell["verdict"] = "undefined"
    assert terminal(results, width=100)[-2] == "no outcome was checked"


def test_training_runs_are_counted_and_a_log_that_fails_is_named(results: dict[str, Any]) -> None:
    (run,) = results["runs"]
    numbers = sum(len(log.get("numbers", ())) for log in run["logs"])
    count = f"training: 1 run, {words.count(len(run['logs']), 'log')}, {words.count(numbers, 'number')}"
    assert count in terminal(results, width=200)
    assert not [matter for matter in matters(read(results)) if matter.of == "log"]
    run["logs"][0]["verdict"] = "unexplained"
    assert [matter.subject for matter in matters(read(results)) if matter.of == "log"] == [run["id"]]
    assert count in terminal(results, width=200)
