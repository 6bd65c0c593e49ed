"""Every view of the page, in a browser: what it says, and that what it links to is there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import Opened, choose
from playwright.sync_api import expect
from reading_pages import island_of
from synthetic_results import ARGMAX, DECIDES, EQUALS, build
from viewing import shown, text_of

from conformance.report import html, words
from conformance.report.document import read
from conformance.report.values import visible

VIEWS = [
    "",
    "#view=cases",
    "#case=seed-accuracy-is-not-binary-accuracy",
    "#case=hostile-text",
    "#case=logits-in-batches",
    "#view=causes",
    "#view=pictures",
    "#view=implementations",
    "#view=implementations&implementation=keras.metrics.BinaryAccuracy",
    "#view=logs",
    "#view=logs&run=moving&log=keras@torch",
    "#view=laws&law=batches",
    "#view=names",
    "#view=findings",
    "#view=versions",
    "#view=changes",
]


@pytest.mark.parametrize("width", [390, 800, 1400])
def test_no_view_scrolls_sideways(opened: Opened, width: int) -> None:
    page = opened(width=width)
    widths = {place: shown(page, place).evaluate("document.documentElement.scrollWidth") for place in VIEWS}
    assert {place for place, found in widths.items() if found > width} == set()


def test_every_link_within_the_page_leads_to_a_view_that_is_there(opened: Opened) -> None:
    page = opened()
    places: set[str] = set()
    for place in VIEWS:
        places |= set(
            shown(page, place).eval_on_selector_all(
                "main a[href^='#'], nav a", "links => links.map(link => link.getAttribute('href'))"
            )
        )
    assert len(places) > 40
    dead = {place for place in places if "Unknown" in shown(page, place).inner_text("main")}
    assert dead == set()


def test_a_case_says_who_came_to_what_and_why_they_part(opened: Opened) -> None:
    said = text_of(opened("#case=seed-accuracy-is-not-binary-accuracy"))
    assert "Accuracy: diverge, 3 groups" in said
    assert "A and B differ by decision rule." in said
    assert "A and C differ because C raises (input validation)." in said
    assert "C Raises: Classification metrics can't handle a mix of binary and continuous targets" in said
    assert "Classification metrics can't handle a mix of binary and continuous targets" in said


def test_a_case_shows_how_each_row_counted_and_by_which_rule(opened: Opened) -> None:
    page = opened("#case=seed-accuracy-is-not-binary-accuracy")
    expect(page.locator(".rows tbody tr").first).to_have_text(
        "1[1][0.51]predicted 1, true 1: correctpredicted 0.51, true 1: incorrect"
    )
    expect(page.locator(".rows thead")).to_have_text(
        "sampley_truey_predA BinaryAccuracy and 8 moreB Accuracy"
    )
    page.get_by_text("Which implementations count so, and by which rule").click()
    expect(page.locator(".inputs .reasons dd").first).to_contain_text(DECIDES)
    expect(page.locator(".inputs .reasons dd").last).to_contain_text(EQUALS)


def test_a_case_says_at_its_top_what_each_framework_gives_and_by_which_rule(opened: Opened) -> None:
    lines = opened("#case=seed-accuracy-is-not-binary-accuracy").locator(".gives > div")
    expect(lines).to_have_count(3)
    expect(lines.filter(has_text="sklearn")).to_contain_text("C ValueError accuracy_score")
    keras = lines.filter(has_text="keras").locator("dd p")
    expect(keras).to_have_text(
        [
            f"A 1.0 BinaryAccuracy, compile[accuracy] and 3 more: {DECIDES}",
            f"B 0.5 Accuracy: {EQUALS}",
        ]
    )


def test_the_rule_at_the_top_of_a_case_is_one_by_which_these_calls_differ_from_others(
    opened: Opened, results: dict[str, Any], tmp_path: Path
) -> None:
    case = next(case for case in results["cases"] if case["id"].startswith("seed-"))
    for divergence in case["divergences"]:
        divergence["causes"] = [["average"]]  # that of two representatives, which these calls are not
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    page = opened(f"#case={case['id']}", at=(tmp_path / "index.html").as_uri())
    keras = page.locator(".gives > div").filter(has_text="keras").locator(".says")
    expect(keras).to_have_text([f": {DECIDES}", f": {EQUALS}"])
    shown(page, "#case=plain-1")
    expect(page.locator(".gives dd p")).not_to_have_count(0)
    expect(page.locator(".gives .says")).to_have_count(0)


def test_causes_are_named_in_plain_words_with_their_codes_as_tooltips(opened: Opened) -> None:
    page = opened("#view=cases&q=id:seed*")
    expect(page.locator(".matrix .why").first).to_have_text("decision rule · input validation")
    page = opened("#case=seed-accuracy-is-not-binary-accuracy")
    cause = page.locator(".causes .cause", has_text="input validation")
    expect(cause).to_have_attribute("title", re.compile("^refusal: "))
    expect(page.locator("#view")).to_contain_text("Predicted is what the definition of a call gives")


def test_a_case_says_on_how_many_samples_implementations_differ(opened: Opened) -> None:
    page = opened("#case=seed-accuracy-is-not-binary-accuracy")
    expect(page.locator(".inputs")).to_contain_text("Implementations differ on 2 of 4 samples.")
    assert page.locator(".rows tr.differs th").all_inner_texts() == ["1", "4"]


@pytest.mark.parametrize("verdict", [verdict for verdict in words.CELL if verdict != "not-applicable"])
def test_every_status_is_explained_where_it_stands(opened: Opened, verdict: str) -> None:
    case = next(
        case["id"] for case in build()["cases"] for cell in case["cells"] if cell["verdict"] == verdict
    )
    page = opened(f"#case={case}")
    status = page.locator(".status", has_text=words.verdict_words(verdict)).first
    assert status.get_attribute("title") == words.CELL[verdict]


@pytest.mark.thorough
def test_every_reproducer_on_the_page_is_the_one_of_the_results(
    opened: Opened, results: dict[str, Any]
) -> None:
    expected = {
        f"{case.id} {cell.implementation}": visible(case.reproducer(cell))
        for case in read(results).cases
        for cell in case.cells
        if case.reproducer(cell)
    }
    seen = {}
    for case in read(results).cases:
        page = opened(f"#case={case.id}")
        for implementation in (cell.implementation for cell in case.cells if case.reproducer(cell)):
            choose(page, "program", implementation)
            assert page.input_value("#program") == visible(implementation)
            seen[f"{case.id} {implementation}"] = page.locator("article [aria-live] code").last.inner_text()
    assert {name: text.rstrip() for name, text in seen.items()} == {
        name: text.rstrip() for name, text in expected.items()
    }
    assert len(seen) > 10


def test_a_reproducer_and_the_input_are_copied_with_one_click(opened: Opened) -> None:
    page = opened("#case=seed-accuracy-is-not-binary-accuracy")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".copyable", has_text="metric.update_state").get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "metric.update_state(y_true, y_pred)" in page.evaluate("navigator.clipboard.readText()")


def test_a_case_that_is_not_there_says_so(opened: Opened) -> None:
    assert "This report has no case with the id gone." in text_of(opened("#case=gone"))


def test_a_bare_id_is_a_permalink_too(opened: Opened) -> None:
    expect(opened("#macro-or-micro").locator("h2")).to_have_text(
        "MulticlassAccuracy averages over classes unless told otherwise"
    )


@pytest.mark.parametrize(
    "one", ["keras.metrics.BinaryAccuracy", "torchmetrics.classification.BinaryAccuracy"]
)
def test_each_pair_is_shown_with_its_own_cause_and_what_both_do(opened: Opened, one: str) -> None:
    other = "keras.metrics.Accuracy"
    page = opened(f"#{urlencode({'view': 'start', 'a': other, 'b': one})}")
    card = page.locator(".reasons li").filter(has_text="Decision rule").first
    first, second = card.locator(".versus > div").all()
    expect(first).to_contain_text(EQUALS)
    expect(second).to_contain_text(DECIDES)
    expect(page.locator(".uncomputed")).to_have_count(0)


def test_a_pair_of_which_one_raises_is_shown_with_its_reason(opened: Opened) -> None:
    one, other = "torchmetrics.classification.BinaryAccuracy", "sklearn.metrics.accuracy_score"
    page = opened(f"#{urlencode({'view': 'start', 'a': one, 'b': other})}")
    card = page.locator(".reasons li").filter(has_text="Input validation").first
    first, second = card.locator(".versus > div").all()
    expect(first).to_contain_text("Computes a value.")
    expect(second).to_contain_text("Raises: ")


def test_an_older_document_has_causes_of_representatives_and_says_so(
    opened: Opened, results: dict[str, Any], tmp_path: Path
) -> None:
    del results["cause_sets"]
    for case in results["cases"]:
        case.pop("pairs", None)
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    one, other = "torchmetrics.classification.BinaryAccuracy", "keras.metrics.Accuracy"
    place = f"#{urlencode({'view': 'start', 'a': one, 'b': other})}"
    page = opened(place, at=(tmp_path / "index.html").as_uri())
    expect(page.locator(".reasons li")).to_have_count(0)
    answer = page.locator(".uncomputed")
    expect(answer).to_contain_text("it has causes of one representative of each group only")
    expect(answer.locator("pre")).to_have_text(
        re.compile(rf"conformance run --case \S+ --implementation '{one}' --implementation '{other}'")
    )
    line = answer.locator("tbody tr").first
    expect(line).to_contain_text("decision rule")
    expect(line).to_contain_text("keras.metrics.BinaryAccuracy and keras.metrics.Accuracy")


def test_a_cause_has_its_rule_who_follows_which_an_example_and_how_to_agree(opened: Opened) -> None:
    said = text_of(opened("#view=causes&cause=decision-rule"))
    assert "To make two agree, turn scores into labels before the metric, with > or >= on purpose." in said
    assert "Keras, torchmetrics It compares with >." in said
    assert "The plainest example: Accuracy compares values, BinaryAccuracy compares decisions" in said
    assert "3 rules and the implementations that follow them" in said
    assert f"{ARGMAX} documented" in said


def test_the_heatmap_says_how_often_two_agree_and_leads_to_the_comparison(opened: Opened) -> None:
    page = opened("#view=pictures")
    square = page.locator("rect[data-row='0'][data-column='1']")
    square.hover()
    expect(page.locator(".readout")).to_contain_text("common case")
    square.click()
    assert "view=start" in page.url
    expect(page.locator(".answer")).to_contain_text(" and ")


def test_the_heatmap_is_one_stop_of_the_tab_key_and_moved_through_with_arrows(opened: Opened) -> None:
    page = opened("#view=pictures")
    grid = page.locator("svg.heatmap[role=grid]")
    assert grid.locator("[tabindex='0']").count() == 1
    heads = grid.locator("[role=columnheader]").all_text_contents()
    names = grid.locator("[role=rowheader]").all_text_contents()
    assert heads == ["Implementation", *names]
    grid.locator("[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft", "Control+Home", "ArrowRight"):
        page.keyboard.press(key)
    focused = page.locator("rect:focus")
    assert [focused.get_attribute(f"data-{name}") for name in ("row", "column")] == ["0", "1"]
    expect(page.locator(".readout")).to_have_text(focused.get_attribute("aria-label") or "")
    assert grid.locator("[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text(" and ")


def test_a_first_tap_on_the_heatmap_says_what_a_second_one_opens(opened: Opened) -> None:
    page = opened("#view=pictures", has_touch=True)
    square = page.locator("rect[data-row='0'][data-column='1']")
    square.tap()
    expect(page.locator(".readout")).to_contain_text("common case")
    assert "view=pictures" in page.url
    square.tap()
    assert "view=start" in page.url


def with_a_rare_one(results: dict[str, Any], cases: list[str]) -> None:
    """Add `torchmetrics.Rare`, which agrees with `keras.metrics.BinaryAccuracy` and has cells in some cases only."""
    (entry,) = (
        entry
        for entry in results["implementations"]
        if entry["id"] == "torchmetrics.classification.BinaryAccuracy"
    )
    results["implementations"].append({**entry, "id": "torchmetrics.Rare"})
    for case in results["cases"]:
        if case["id"] in cases:
            (cell,) = (c for c in case["cells"] if c["implementation"] == "keras.metrics.BinaryAccuracy")
            case["cells"].append({**cell, "implementation": "torchmetrics.Rare"})


def test_the_nearest_call_is_one_that_many_cases_were_put_to(
    opened: Opened, tmp_path: Any, results: dict[str, Any]
) -> None:
    with_a_rare_one(results, ["plain-1", "plain-2", "seed-accuracy-is-not-binary-accuracy"])
    path = tmp_path / "rare.html"
    path.write_text(html(results), encoding="utf-8")
    page = opened("#view=implementations&implementation=keras.metrics.BinaryAccuracy", at=path.as_uri())
    lines = [line.split("\t") for line in page.locator(".equivalents tbody tr").all_inner_texts()]
    nearest = [line[1:3] for line in lines if line[0].strip() == "torchmetrics"]
    assert nearest == [["torchmetrics.classification.BinaryAccuracy", "4 of 6 common cases"]]
    assert "torchmetrics.Rare" not in text_of(page), "one of few cases agrees on them easily"
    assert "No call of these frameworks matches." in text_of(page)


def test_the_heatmap_leaves_out_who_is_asked_by_few_cases_until_told_otherwise(
    opened: Opened, tmp_path: Any, results: dict[str, Any]
) -> None:
    plain = next(case for case in results["cases"] if case["id"] == "plain-1")
    results["cases"] = [
        {**plain, "id": f"plain-{number}", "cells": [*plain["cells"]]} for number in range(1, 61)
    ]
    with_a_rare_one(results, ["plain-1"])
    path = tmp_path / "rare.html"
    path.write_text(html(results), encoding="utf-8")
    page = opened("#view=pictures", at=path.as_uri())
    picture = page.locator("svg.heatmap[role=grid]")
    expect(picture.locator("text", has_text="Rare")).to_have_count(0)
    assert "on few of these cases are hidden." in text_of(page)
    page.get_by_role("link", name="Show all").click()
    expect(picture.locator("text", has_text="Rare")).to_have_count(2)


def test_curves_have_full_and_empty_dots_where_they_part_at_a_tie(opened: Opened) -> None:
    page = opened("#case=seed-accuracy-is-not-binary-accuracy")
    picture = page.locator("svg.curves[role=img]")
    assert picture.locator("g.curve").count() == 2
    first, second = picture.locator("g.curve").all()
    places = "dots => dots.map(dot => Number(dot.getAttribute('cx')))"
    # At 0.4 the first curve has its full dot on the upper line, the second on the lower one.
    upper = first.locator("circle.closed").evaluate_all(
        "dots => dots.map(dot => Number(dot.getAttribute('cy')))"
    )
    lower = second.locator("circle.closed").evaluate_all(
        "dots => dots.map(dot => Number(dot.getAttribute('cy')))"
    )
    assert (
        first.locator("circle.closed").evaluate_all(places)[1]
        == second.locator("circle.closed").evaluate_all(places)[1]
    )
    assert upper[1] < lower[1]
    assert first.locator("circle.open").count() > 0
    assert picture.locator(".mark line").count() == 1


def test_batches_are_drawn_apart_and_rows_by_how_they_counted(opened: Opened) -> None:
    page = opened("#case=logits-in-batches")
    blocks = page.locator("svg.strip").first.locator("rect")
    assert blocks.evaluate_all("blocks => blocks.map(block => block.getAttribute('class'))") == [
        "correct",
        "correct",
        "incorrect",
        "correct",
    ]
    left = blocks.evaluate_all("blocks => blocks.map(block => Number(block.getAttribute('x')))")
    assert left[3] - left[2] > left[2] - left[1]


def test_capabilities_show_defaults(opened: Opened) -> None:
    page = opened("#view=implementations")
    line = page.locator(".capabilities tr", has_text="torchmetrics.classification.MulticlassAccuracy[")
    expect(line).to_contain_text("1")
    heads = page.locator(".capabilities thead th").all_inner_texts()
    assert "average" in heads


def test_what_the_way_of_use_gives_is_not_shown_as_a_default(
    opened: Opened, results: dict[str, Any], tmp_path: Path
) -> None:
    name = "torchmetrics.classification.MulticlassAccuracy[average=micro]"
    entry = next(entry for entry in results["implementations"] if entry["id"] == name)
    entry |= {"parameters": {"average": "micro", "top_k": 1}, "given": {"average": "micro"}}
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    place = f"#{urlencode({'view': 'implementations', 'implementation': name})}"
    page = opened(place, at=(tmp_path / "index.html").as_uri())
    expect(page.locator("#view article")).to_contain_text("Given: average=micro. Defaults: top_k=1.")
    line = shown(page, "#view=implementations").locator(".capabilities tr", has_text=name)
    expect(line).to_contain_text("given: micro")


def test_a_law_shows_who_breaks_it_and_the_smallest_case(opened: Opened) -> None:
    page = opened("#view=laws")
    page.locator(".laws td a", has_text="D").click()
    said = text_of(page)
    assert "The law fails on some case, as the definition or a finding says (expected failure)." in said
    assert "Plainest case: A sigmoid is applied" in said
    assert "base: 0.5; changed: 0.75" in said


@pytest.mark.parametrize(("oddities", "folded"), [(1, 0), (2, 1)])
def test_a_failure_on_inputs_that_are_unusual_in_one_way_is_not_folded(
    opened: Opened, results: dict[str, Any], tmp_path: Path, oddities: int, folded: int
) -> None:
    law = results["laws"][0]
    failing = [cell["case"] for cell in law["cells"] if cell["verdict"] == "fails-as-defined"]
    for case in results["cases"]:
        case["oddities"] = oddities if case["id"] in failing else 0
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    page = opened(f"#view=laws&law={law['law']}", at=(tmp_path / "index.html").as_uri())
    expect(page.locator("#view article")).to_contain_text("Plainest case")
    assert page.locator("summary", has_text="users seldom have").count() == folded


def test_the_laws_have_contents_a_filter_and_one_stop_of_the_tab_key(opened: Opened) -> None:
    page = opened("#view=laws")
    expect(page.locator(".contents li")).to_have_text(
        "Splitting into updates does not matter 1 not refuted, 1 fail as defined, 1 fail undocumented"
    )
    grid = page.locator(".laws")
    assert grid.locator("[tabindex='0']").count() == 1
    page.get_by_label("Filter by implementation").fill("torch")
    rows = grid.locator("tbody tr:visible")
    expect(rows).to_have_count(2)
    expect(page.get_by_text("2 left")).to_be_visible()
    grid.locator("thead th").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(rows.last.locator("td a")).to_be_focused()
    assert grid.locator("[tabindex='0']").count() == 1


def test_findings_unfold_and_are_filtered(opened: Opened) -> None:
    page = opened("#view=findings")
    finding = page.locator(".finding")
    expect(finding).to_have_count(1)
    expect(finding.get_by_text("The threshold is rounded")).to_be_hidden()
    finding.locator("summary").first.click()
    expect(finding.get_by_text("The threshold is rounded")).to_be_visible()
    page.get_by_label("Filter the findings").fill("sklearn casts")
    expect(finding).to_be_visible()
    page.get_by_label("Filter the findings").fill("sklearn nothing")
    expect(finding).to_be_hidden()
    expect(page.get_by_text("0 left")).to_be_visible()


def test_the_table_of_names_shows_what_a_string_became(opened: Opened) -> None:
    page = opened("#view=names")
    expect(page.locator(".names-table tbody tr")).to_have_text(["mseBinaryAccuracySparseCategoricalAccuracy"])
    page.get_by_role("link", name="acc", exact=True).click()
    expect(page.locator(".names-table tbody")).to_contain_text("ValueError")


def test_findings_and_versions_are_told(opened: Opened) -> None:
    assert "The threshold is rounded to the dtype of the scores." in text_of(opened("#view=findings"))
    said = text_of(opened("#view=versions"))
    assert "torchmetrics 1.9.0" in said
    assert "Not installed: tf_keras" in said


def test_what_changed_is_told_by_who_changed(opened: Opened) -> None:
    page = opened("#view=changes")
    said = text_of(page)
    assert "1 outcome changed, 0 added, 0 removed, 73 unchanged." in said
    assert "default keras 3.14.0 3.15.1" in said
    assert "The version of a framework changed 1 outcome" in said
    expect(page.locator(".changed tbody").first).to_contain_text("0.25 (as defined)")
    assert "Laws with another verdict 1" in said
    expect(page.locator(".changed tbody").last).to_contain_text("fails undocumented")


def test_without_an_older_run_the_page_says_how_to_compare(opened: Opened, tmp_path: Any) -> None:
    path = tmp_path / "one.html"
    path.write_text(html(build()), encoding="utf-8")
    assert "conformance report results.json --against old-results.json" in text_of(
        opened("#view=changes", at=path.as_uri())
    )


def test_without_javascript_the_page_can_be_read(opened: Opened) -> None:
    page = opened("#case=seed-accuracy-is-not-binary-accuracy", java_script_enabled=False)
    said = " ".join(page.inner_text("main").split())
    assert "11 cases were run on 21 implementations" in said
    assert "Decision rule" in said
    article = page.locator("article", has_text="Accuracy compares values").first
    assert article.bounding_box()["y"] < 900, "the address leads to its case"


def test_the_island_holds_no_markup(results: dict[str, Any]) -> None:
    assert "<script>" in json.dumps(island_of(html(results)))
    assert html(results).count("<script>") == 0
