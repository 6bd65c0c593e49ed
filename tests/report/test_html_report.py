"""The page as a file: what it admits, what it holds without JavaScript, and the data it is drawn from."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
from typing import Any

import pytest
from reading_pages import Page, island_of
from synthetic_results import HEBREW

from conformance.report import html
from conformance.report.document import read
from conformance.report.island import words
from conformance.report.values import whole


@pytest.fixture
def page(results: dict[str, Any]) -> Page:
    return Page(html(results))


def _case(results: dict[str, Any], identifier: str) -> dict[str, Any]:
    return next(case for case in results["cases"] if case["id"] == identifier)


def _shown(results: dict[str, Any], identifier: str) -> dict[str, Any]:
    case: dict[str, Any] = _case(island_of(html(results)), identifier)
    return case


# What the page admits.


def test_every_element_is_closed_in_turn(page: Page) -> None:
    assert page.open == []


def test_text_of_the_results_never_becomes_markup(page: Page) -> None:
    tags = [tag for tag, _ in page.elements]
    assert set(tags).isdisjoint({"iframe", "img", "object", "embed", "base", "svg"})
    assert (tags.count("style"), tags.count("script")) == (1, 2)
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert "alert(1)" in page.words
    assert "{{ 7*7 }}" in page.words


def test_a_direction_override_is_shown_and_does_not_act(results: dict[str, Any]) -> None:
    text = html(results)
    data = json.dumps(island_of(text), ensure_ascii=False)
    assert "\u202e" not in text + data
    assert r"\u202egnp.exe" in text
    assert r"\\u202egnp.exe" in data
    assert HEBREW in data, "letters of any script stay"
    (text + data).encode()  # a lone surrogate would not


def test_nothing_is_requested_from_anywhere(page: Page) -> None:
    for tag, attributes in page.elements:
        assert "src" not in attributes
        address = attributes.get("href") or ""
        if tag == "a" and not address.startswith("#"):
            assert re.match(r"https?://", address)
            assert "noopener" in (attributes.get("rel") or "")
        elif tag != "a":
            assert address in ("", "data:,")


def test_the_policy_admits_the_style_and_the_script_of_the_page_and_nothing_else(
    results: dict[str, Any],
) -> None:
    text = html(results)
    policy = next(value for value in Page(text).attributes("content") if "default-src" in value)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"
    for element, name in (("style", "style-src"), ('script type="module"', "script-src")):
        found = re.search(rf"<{element}>(.*?)</{element.split()[0]}>", text, re.DOTALL)
        assert found
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"


def test_the_style_sheet_refers_to_nothing(results: dict[str, Any]) -> None:
    style = re.search(r"<style>(.*?)</style>", html(results), re.DOTALL)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_the_script_builds_no_markup_from_text_and_asks_nobody(results: dict[str, Any]) -> None:
    script = html(results).rpartition('<script type="module">')[2]
    for word in (
        "innerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "XMLHttpRequest",
        "import(",
    ):
        assert word not in script


def test_no_element_has_a_style_of_its_own_that_the_policy_would_refuse(page: Page) -> None:
    assert page.attributes("style") == []


def test_an_address_that_is_not_on_the_web_is_no_link(page: Page) -> None:
    assert not any(address.startswith("javascript") for address in page.attributes("href"))


def test_the_same_document_gives_the_same_bytes(results: dict[str, Any]) -> None:
    assert html(results) == html(results)


def test_unknown_keys_change_nothing(results: dict[str, Any]) -> None:
    before = html(results)
    results["novelty"] = [1]
    results["cases"][0]["novelty"] = {"a": 1}
    results["cases"][0]["cells"][0]["novelty"] = "x"
    assert html(results) == before


# What it holds without JavaScript.


def test_without_javascript_there_are_the_summary_the_causes_and_the_cases_that_diverge(page: Page) -> None:
    assert (
        "11 cases were run on 21 implementations of keras 3.15.1, torchmetrics 1.9.0 and sklearn"
        not in page.words
    )
    assert (
        "11 cases were run on 21 implementations of keras 3.15.1, torchmetrics 1.9.0 and scikit-learn"
        in page.words
    )
    assert "Decision rule" in page.words
    assert "A and B differ by decision-rule." in page.words
    assert "A and C differ by refusal with ties, or by decision-rule." in page.words
    assert "y_pred: [[0.51], [1], [0], [0.4]]" in page.words


def test_without_javascript_a_case_is_found_under_the_address_that_it_has_with_it(page: Page) -> None:
    assert "case=seed-accuracy-is-not-binary-accuracy" in page.attributes("id")


def test_without_javascript_at_most_two_hundred_cases_are_listed(results: dict[str, Any]) -> None:
    seed = _case(results, "seed-accuracy-is-not-binary-accuracy")
    results["cases"] = [seed | {"id": f"seed-{number}"} for number in range(300)]
    assert html(results).count('<article id="case=seed-') == 200


def test_what_is_not_installed_comes_with_the_command_that_installs_it(page: Page) -> None:
    assert "tf_keras ( pip install tf-keras tf-nightly )" in page.words


def test_a_document_of_a_filtered_run_says_so(results: dict[str, Any]) -> None:
    assert "Partial run (filtered or interrupted)." not in html(results)
    assert "Partial run (filtered or interrupted)." in html(results | {"complete": False})


def test_a_divergence_without_a_cause_is_counted_in_the_summary(results: dict[str, Any]) -> None:
    results["cases"] = [_case(results, "seed-accuracy-is-not-binary-accuracy")]
    results["laws"] = []
    assert "2 causes explain every divergence, and no outcome is unexplained." in html(results)
    results["cases"][0]["causes"] = []
    assert "1 divergence without a cause." in html(results)


def test_what_turns_a_run_red_is_counted_in_the_summary_and_comes_with_what_to_do(page: Page) -> None:
    assert "4 outcomes and 1 law need attention" in page.words
    assert f"What to do: {words.advice('departure-outdated')}" in page.words


def test_the_title_names_the_metrics_that_the_cases_ask_for(results: dict[str, Any]) -> None:
    assert "<title>What frameworks call accuracy: where" in html(results)
    results["cases"][0]["metric"] = "recall"
    results["cases"][1]["metric"] = "precision"
    text = html(results)
    assert "<title>What frameworks call accuracy, precision and recall: where" in text
    assert '<h1 id="title">What frameworks call accuracy, precision and recall</h1>' in text


def test_the_title_counts_all_but_the_metrics_of_most_cases(results: dict[str, Any]) -> None:
    asked = [*["recall"] * 3, *["mcc"] * 2, "kappa", "npv", "f1"]
    results["cases"] = [
        {**results["cases"][0], "id": f"{metric}-{number}", "metric": metric}
        for number, metric in enumerate(asked)
    ]
    assert "<title>What frameworks call recall, mcc, f1 and 2 other metrics: where" in html(results)


def test_a_document_with_hardly_anything_in_it_is_rendered(results: dict[str, Any]) -> None:
    assert "Nothing was run" in html({})
    bare = {
        "implementations": [{"id": "a.B"}],
        "cases": [
            {"id": "x", "cells": [{"implementation": "a.B"}, {"implementation": "not.Listed"}]},
            {"id": "y", "inputs": {"y_true": 3, "batches": "all", "updates": {"no": "list"}}},
        ],
    }
    assert len(island_of(html(bare))["cases"]) == 2


def test_nobody_is_graded(results: dict[str, Any]) -> None:
    text = html(results)
    said = Page(text).words + json.dumps(island_of(text)) + text.rpartition('<script type="module">')[2]
    assert not set("✓✔✗✘❌✅☑☒") & set(said)
    assert not re.search(r"\b(winner|grade [A-F])\b", said)


# The data it is drawn from.


def test_a_question_is_listed_only_if_what_it_names_ran_on_the_same_case(results: dict[str, Any]) -> None:
    asked = [question["asks"] for question in island_of(html(results))["questions"]]
    assert "Why do `A` and `B` differ?" in asked
    _, other = results["questions"][0]["implementations"]
    for case in results["cases"]:
        case["cells"] = [cell for cell in case["cells"] if cell["implementation"] != other]
    left = [question["asks"] for question in island_of(html(results))["questions"]]
    assert left == [asks for asks in asked if asks != "Why do `A` and `B` differ?"]


def test_a_question_about_a_case_is_listed_if_it_ran(results: dict[str, Any]) -> None:
    def asked() -> set[str]:
        return {question["case"] for question in island_of(html(results))["questions"] if "case" in question}

    name = "exactly-one-half"
    results["questions"].append({"asks": "Is 0.5 positive?", "case": name})
    assert name not in asked()
    results["cases"][0]["id"] = name
    assert name in asked()


def test_cases_that_need_a_look_stand_first_and_those_that_diverge_before_the_others(
    results: dict[str, Any],
) -> None:
    order = [case["id"] for case in island_of(html(results))["cases"]]
    places = [order.index(name) for name in ("hostile-text", "nan-in-a-prediction", "plain-1")]
    assert places == sorted(places)


def test_every_word_of_a_status_is_in_the_data_with_its_meaning(results: dict[str, Any]) -> None:
    assert island_of(html(results))["words"]["cell"] == dict(words.CELL)
    assert island_of(html(results))["words"]["case"] == dict(words.CASE)


def test_cells_about_which_the_same_is_said_are_written_once(results: dict[str, Any]) -> None:
    data = island_of(html(results))
    written = [json.dumps(record, sort_keys=True) for record in data["records"]]
    assert len(written) == len(set(written)) < sum(len(case.cells) for case in read(results).cases)


def test_every_cell_is_in_the_data_with_its_group_and_its_record(results: dict[str, Any]) -> None:
    data = island_of(html(results))
    found = {
        (case["id"], data["implementations"][member]["id"]): (letter, data["records"][record]["whole"])
        for case in data["cases"]
        for comparison in case.get("compared", {}).values()
        for letter, _, *bundles in comparison["groups"]
        for record, *members in bundles
        for member in members
    }
    expected = {
        (case.id, cell.implementation): (cell.group, whole(cell.outcome))
        for case in read(results).cases
        for comparison in case.comparisons
        for cell in comparison.cells
    }
    assert found.keys() == expected.keys()
    for key in expected.keys() - {("hostile-text", name) for _, name in expected}:
        assert found[key] == expected[key]


def test_a_parameter_without_effect_is_noted_with_the_outcome(results: dict[str, Any]) -> None:
    results["cases"][0]["cells"][0]["without_effect"] = ["average", "top_k"]
    notes = [note for record in island_of(html(results))["records"] for note in record.get("notes", ())]
    assert "Without effect here: average, top_k." in notes


def test_what_shares_a_word_is_told_apart_on_the_case_that_has_both(results: dict[str, Any]) -> None:
    data = island_of(html(results))
    for entry, case in zip(data["cases"], read(results).cases, strict=True):
        both = {"accuracy", "balanced-accuracy"} <= entry.get("compared", {}).keys()
        titles = [data["alike"][number]["title"] for number in entry.get("alike", ())]
        assert ("Accuracy and balanced accuracy" in titles) is both, case.id


def test_a_case_holds_its_rows_and_how_each_was_counted(results: dict[str, Any]) -> None:
    data = island_of(html(results))
    seed = _case(data, "seed-accuracy-is-not-binary-accuracy")
    assert seed["columns"] == ["y_true", "y_pred"]
    assert seed["rows"][0] == ["[1]", "[0.51]"]
    told = [
        [data["counted"][number][0] for row in data["traces"][trace] for number in row]
        for trace, *_ in seed["traced"]
    ]
    assert told[0][0] == "predicted 1, true 1: correct"
    assert told[1][0] == "predicted 0.51, true 1: incorrect"


@pytest.mark.parametrize(
    ("samples", "recorded", "numbers", "left", "differing", "counted"),
    [(30, 30, None, None, 2, None), (80, 80, [1, 7], 78, 2, None), (80, 50, [1, 7], 78, 2, 50)],
)
def test_of_many_samples_those_are_shown_on_which_implementations_differ(
    results: dict[str, Any],
    samples: int,
    recorded: int,
    numbers: list[int] | None,
    left: int | None,
    differing: int,
    counted: int | None,
) -> None:
    case = _case(results, "seed-accuracy-is-not-binary-accuracy")
    case["inputs"] |= {
        "y_true": {"repeat": [1, 0], "times": samples // 2},
        "y_pred": [0.9, 0.1] * (samples // 2),
    }
    for cell in case["cells"]:
        cell.pop("trace", None)
    for cell, incorrect in zip(case["cells"][:2], ([0, 6], []), strict=True):
        _count(case, cell, [{"hit": row not in incorrect, "decided": 1} for row in range(recorded)])
    shown = _shown(results, case["id"])
    assert len(shown["rows"]) == (2 if numbers else samples)
    assert shown["rows"][0] == ["1", "0.9"]
    keys = ("numbers", "left", "differing", "counted")
    assert tuple(shown.get(key) or None for key in keys) == (numbers, left, differing, counted)


def _count(case: dict[str, Any], cell: dict[str, Any], trace: list[dict[str, Any]]) -> None:
    """Let the samples of a cell count otherwise."""
    cell["trace"] = len(case["traces"])
    case["traces"].append(trace)


def test_who_counted_the_rows_alike_and_came_to_the_same_shares_a_column(
    results: dict[str, Any],
) -> None:
    def columns() -> list[int]:
        seed = _case(island_of(html(results)), "seed-accuracy-is-not-binary-accuracy")
        return [len(members) for _, *members in seed["traced"]]

    shared, *_ = columns()
    case = _case(results, "seed-accuracy-is-not-binary-accuracy")
    second, third = [cell for cell in case["cells"] if "trace" in cell and cell["group"] == "A"][1:3]
    trace = case["traces"][second["trace"]]
    _count(case, second, [{**row, "truth": [float(row["truth"][0])]} for row in trace])
    assert columns()[0] == shared, "a label kept as 1.0 counts as 1 does"
    third["group"] = "B"
    assert columns()[0] == shared - 1


def test_a_label_that_is_text_is_shown_as_it_is_and_a_whole_number_without_exponent(
    results: dict[str, Any],
) -> None:
    case = _case(results, "seed-accuracy-is-not-binary-accuracy")
    trace = [
        {"row": 0, "decided": "1", "truth": "1.0", "hit": False},
        {"row": 1, "decided": 1000.0, "truth": -0.0, "hit": False, "weight": 200.0},
    ]
    _count(case, case["cells"][0], trace)
    sentences = [says for says, _ in island_of(html(results))["counted"]]
    assert "predicted 1, true 1.0: incorrect" in sentences
    assert "predicted 1000, true -0.0: incorrect, weight 200" in sentences


def test_text_of_an_older_document_cannot_act_either(results: dict[str, Any]) -> None:
    old = copy.deepcopy(results)
    old["laws"][0]["cells"][0]["verdict"] = "\ud800\u202e"
    (line,) = island_of(html(results, old))["changes"]["laws"]
    assert line[2] == "\\ud800\\u202e"


def test_a_row_that_is_left_out_or_weighted_says_so(results: dict[str, Any]) -> None:
    case = _case(results, "seed-accuracy-is-not-binary-accuracy")
    trace = [
        {"row": 0, "decided": 1, "truth": 1, "hit": True, "kept": False},
        {"row": 1, "decided": True, "truth": False, "hit": False, "weight": {"float": "nan"}},
    ]
    _count(case, case["cells"][0], trace)
    sentences = [says for says, _ in island_of(html(results))["counted"]]
    assert "predicted 1, true 1: ignored" in sentences
    assert "predicted 1, true 0: incorrect, weight NaN" in sentences


def test_a_row_of_a_batched_case_shows_its_update(results: dict[str, Any]) -> None:
    assert _shown(results, "logits-in-batches")["rows"] == [
        [1, "0", "0.3"],
        [1, "0", "0.4"],
        [1, "1", "0.2"],
        [2, "1", "3"],
    ]


def test_inputs_are_shown_with_every_digit_and_long_ones_are_cut(results: dict[str, Any]) -> None:
    case = _case(results, "macro-or-micro")
    case["inputs"] = {"y_true": [0] * 60, "y_pred": [0.7000001] * 60}
    shown = _shown(results, "macro-or-micro")
    assert shown["rows"][49] == ["0", "0.7000001"]
    assert (len(shown["rows"]), shown["left"]) == (50, 10)


def test_inputs_in_a_notation_are_expanded_row_by_row(results: dict[str, Any]) -> None:
    case = _case(results, "macro-or-micro")
    case["inputs"] = {
        "y_true": {"repeat": [0, 1, 7], "times": 2},
        "y_pred": {"one_hot": {"repeat": [0, 3], "times": 3}, "classes": 5},
    }
    rows = _shown(results, "macro-or-micro")["rows"]
    assert [row[0] for row in rows] == ["0", "1", "7", "0", "1", "7"]
    assert rows[3][1] == "[0, 0, 0, 1, 0]"


def test_ten_million_rows_are_not_expanded(results: dict[str, Any]) -> None:
    case = _case(results, "macro-or-micro")
    case["inputs"] = {"y_true": {"repeat": [0, 1], "times": 10_000_000}}
    shown = _shown(results, "macro-or-micro")
    assert (len(shown["rows"]), shown["left"]) == (50, 19_999_950)


def test_what_is_empty_is_left_out_of_the_data_of_the_page(results: dict[str, Any]) -> None:
    records = island_of(html(results))["records"]
    assert any("departures" in record for record in records)
    assert all(value or value == 0 for record in records for value in record.values())
