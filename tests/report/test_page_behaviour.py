"""Searching, keys, colours, print: how the page behaves in a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Opened
from playwright.sync_api import Page, expect

from conformance.report import html

CASES = "#view=cases"


def listed(page: Page) -> list[str]:
    return page.eval_on_selector_all(
        ".matrix tbody a[data-case]", "links => links.map(link => link.dataset.case)"
    )


def search(page: Page, text: str) -> list[str]:
    page.fill("#query", text)
    return listed(page)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("id:seed*", {"seed-accuracy-is-not-binary-accuracy"}),
        ("id:plain-?", {"plain-1", "plain-2"}),
        ("cause:threshold-precision", {"threshold-in-float64"}),
        ("cause:threshold-precision,average", {"threshold-in-float64", "macro-or-micro"}),
        ("is:unexplained", {"threshold-in-float64"}),
        ("is:crashed", {"killed"}),
        ("is:diverge family:logits", {"logits-in-batches"}),
        ("family:threshold -is:diverge", {"plain-1", "plain-2"}),
        ("task:multiclass framework:torchmetrics -cause:average", {"default-k"}),
        (
            "differs:keras.metrics.BinaryAccuracy,keras.metrics.Accuracy cause:decision-rule",
            {"seed-accuracy-is-not-binary-accuracy"},
        ),
        (
            "differs:keras.Model.compile[accuracy,dataset],torchmetrics.classification.BinaryAccuracy",
            {"threshold-in-float64", "logits-in-batches", "seed-not"} - {"seed-not"},
        ),
        ("agrees:compile[acc],compile[accuracy] id:plain-1", {"plain-1"}),
        ("raises:ValueError", {"seed-accuracy-is-not-binary-accuracy", "nan-in-a-prediction"}),
        ("value:0.75 cause:average", {"macro-or-micro"}),
        ("finding:binarizer-rounds", {"threshold-in-float64"}),
        ("is:changed", {"seed-accuracy-is-not-binary-accuracy"}),
        ("tag:<i>", {"hostile-text"}),
        ("NaN above -wherever", {"nan-in-a-prediction"}),
        ("neither above", {"nan-in-a-prediction"}),
        ("BATCHES:", None),
    ],
)
def test_a_query_finds_the_cases_it_describes(opened: Opened, query: str, ids: set[str] | None) -> None:
    found = search(opened(CASES), query)
    if ids is None:
        assert len(found) > 5, "a key without a value is not finished and hides nothing"
    else:
        assert set(found) == ids


def test_a_search_from_any_view_leads_to_the_cases_and_into_the_address(opened: Opened) -> None:
    page = opened("#view=causes")
    page.keyboard.press("/")
    page.keyboard.type("id:seed*")
    expect(page.locator(".matrix tbody a[data-case]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=id%3Aseed\*"))
    expect(page.locator("#query")).to_be_focused()
    page.reload()
    assert listed(page) == ["seed-accuracy-is-not-binary-accuracy"]
    expect(page.locator("#query")).to_have_value("id:seed*")


def test_words_find_more_than_cases_each_with_its_view(opened: Opened) -> None:
    page = opened("#view=laws")
    page.keyboard.press("/")
    page.keyboard.type("threshold")
    apart = page.locator(".apart > div")
    expect(apart.filter(has_text="Findings (1)")).to_contain_text("Binarizer casts the threshold")
    expect(apart.filter(has_text="Families (1)")).to_contain_text("threshold")
    assert listed(page)[0] == "threshold-in-float64", "its title has the word"
    page.fill("#query", "updates")
    apart.get_by_role("link", name="Splitting into updates does not matter").click()
    expect(page.locator("#view").get_by_role("heading", name="Laws", exact=True)).to_be_visible()
    page.go_back()
    page.fill("#query", "is:diverge")
    expect(apart).to_have_count(0)


def test_a_sentence_finds_the_question_with_its_answer_above_the_matrix(opened: Opened) -> None:
    page = opened()
    page.fill("#query", "why is my training accuracy lower than that of evaluate()?")
    best = page.locator(".apart > div").first
    expect(best).to_have_text(
        "Questions (1)Why is my training accuracy lower?Each batch was seen with other weights."
    )
    expect(page.locator("#view h2")).to_have_text("Found")
    best.get_by_role("link").click()
    expect(page.locator("#view h2")).to_have_text("Training logs")
    page.fill("#query", "where a prediction stands neither above nor below")
    expect(page.locator("[role=status]").last).to_contain_text("No case has all of these words.")
    assert listed(page)[0] == "nan-in-a-prediction"


def test_what_matches_nothing_says_so_and_can_be_cleared(opened: Opened) -> None:
    page = opened(CASES)
    everything = listed(page)
    assert search(page, "nowhere-to-be-found") == []
    expect(page.locator("[role=status]")).to_contain_text("No case matches this search in accuracy.")
    page.get_by_role("button", name="Clear search").click()
    assert listed(page) == everything


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("colour:red", "There is no colour: in a query. Known are framework, implementation, cause, is"),
        ("cause:tie", "cause:tie is unknown. Known are refusal,"),
        ("framework:tensorflow", "framework:tensorflow is unknown."),
        ("differs:keras.metrics.Accuracy", "differs: needs two implementations, separated by a comma."),
        ("differs:a,keras.metrics.Accuracy", "No implementation is called a; * matches anything."),
        ("is:", "is: needs a value, such as is:diverge."),
    ],
)
def test_a_query_that_cannot_be_understood_says_why_and_what_there_is(
    opened: Opened, query: str, said: str
) -> None:
    page = opened(CASES)
    search(page, query)
    expect(page.locator("[role=status]")).to_contain_text(said)


def test_a_search_that_finds_cases_of_another_quantity_says_where(opened: Opened) -> None:
    page = opened(CASES)
    search(page, "id:macro-or-micro")
    page.get_by_role("link", name="balanced accuracy (1)").click()
    expect(page.locator(".tabs [aria-current]").first).to_have_text("Balanced accuracy")
    assert listed(page) == ["macro-or-micro"]


def test_a_search_that_names_a_quantity_shows_the_cases_of_that_quantity(opened: Opened) -> None:
    page = opened("#view=cases&quantity=accuracy")
    tab = page.locator(".tabs [aria-current]").first
    assert search(page, "balanced accuracy") == ["macro-or-micro"]
    expect(tab).to_have_text("Balanced accuracy")
    assert search(page, "threshold")[0] == "threshold-in-float64"
    expect(tab).to_have_text("Accuracy")
    page.goto(page.url.split("#")[0] + "#view=cases&q=balanced+accuracy&quantity=accuracy")
    expect(tab).to_have_text("Accuracy")


def test_a_search_shows_the_quantity_that_the_cases_found_have(
    opened: Opened, tmp_path: Path, results: dict[str, Any]
) -> None:
    case = next(case for case in results["cases"] if case["id"] == "macro-or-micro")
    others = [cell for cell in case["cells"] if "balanced" in cell["implementation"]]
    results["cases"].append({**case, "id": "solitary", "title": "A solitary one", "cells": others})
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    page = opened(CASES, at=(tmp_path / "index.html").as_uri())
    assert search(page, "solitary") == ["solitary"]
    expect(page.locator(".tabs [aria-current]").first).to_have_text("Balanced accuracy")


def test_of_things_of_one_title_the_framework_is_named(
    opened: Opened, tmp_path: Path, results: dict[str, Any]
) -> None:
    (finding,) = results["findings"]
    results["findings"].append({**finding, "id": "another", "implementations": ["keras.metrics.Accuracy"]})
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    page = opened(CASES, at=(tmp_path / "index.html").as_uri())
    search(page, "Binarizer casts")
    said = page.locator(".apart > div", has_text="Findings (2)").locator("li .meta")
    expect(said).to_have_text(["sklearn", "keras"])


def test_an_implementation_whose_name_has_blanks_is_found_by_its_links(
    opened: Opened, tmp_path: Any, results: dict[str, Any]
) -> None:
    text = json.dumps(results).replace("accuracy_score[Binarizer]", "hamming_loss[1 - loss]")
    path = tmp_path / "blanks.html"
    path.write_text(html(json.loads(text)), encoding="utf-8")
    page = opened(
        "#view=start&a=keras.metrics.Accuracy&b=sklearn.metrics.hamming_loss[1 - loss]", at=path.as_uri()
    )
    page.locator(".answer .lead a").last.click()
    expect(page.locator("[role=status]")).not_to_contain_text("No implementation")
    assert listed(page)


def test_chips_write_the_query_and_take_it_back(opened: Opened) -> None:
    page = opened(CASES)
    everything = listed(page)
    page.get_by_role("button", name="diverge", exact=True).click()
    expect(page.locator("#query")).to_have_value("is:diverge")
    page.get_by_role("button", name="torchmetrics", exact=True).click()
    expect(page.locator("#query")).to_have_value("is:diverge framework:torchmetrics")
    heads = page.locator(".matrix th.upright").evaluate_all("heads => heads.map(head => head.title)")
    assert heads
    assert all(head.startswith("torchmetrics.") for head in heads)
    expect(page.get_by_role("button", name="diverge", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="diverge", exact=True).click()
    page.get_by_role("button", name="torchmetrics", exact=True).click()
    assert listed(page) == everything


def test_cases_are_filtered_by_what_their_samples_contain(opened: Opened) -> None:
    page = opened(CASES)
    page.get_by_text("By cause, family or samples").click()
    page.get_by_role("button", name="NaN among the targets or predictions").click()
    expect(page.locator("#query")).to_have_value("input:nan")
    assert listed(page) == ["nan-in-a-prediction"]


def test_a_cell_shows_letter_and_value_and_on_hover_prediction_and_definition(opened: Opened) -> None:
    page = opened("#view=cases&q=id:seed*")
    cell = page.locator(".matrix tbody td.gB").first
    assert cell.inner_text().split() == ["B", "0.5"]
    cell.hover()
    tip = page.locator(".tip")
    expect(tip).to_contain_text("keras.metrics.Accuracy")
    expect(tip).to_contain_text("Predicted: 1/2")
    expect(tip).to_contain_text("Definition: How often predictions equal labels.")
    page.mouse.move(2, 2)
    expect(tip).to_be_hidden()


def test_a_blank_cell_says_on_hover_why_it_is_blank(opened: Opened) -> None:
    page = opened("#view=cases&q=id:logits*,plain-1")
    head = page.locator(".matrix th.upright").evaluate_all(
        "heads => heads.map(head => head.innerText.trim())"
    )
    line = page.locator(".matrix tbody tr", has=page.locator("a[data-case=logits-in-batches]"))
    line.locator("td").nth(head.index("binary_accuracy")).hover()
    expect(page.locator(".tip")).to_contain_text("Not applicable: it keeps no state")
    line.locator("td").nth(head.index("binary_accuracy")).click()
    expect(page.locator(".notice").last).to_contain_text("Not applicable: it keeps no state")
    expect(page.locator(".notice").last).to_be_in_viewport()


def test_a_cell_leads_to_its_case_and_its_program(opened: Opened) -> None:
    page = opened("#view=cases&q=id:seed*")
    page.locator(".matrix tbody td.gB").first.click()
    assert "case=seed-accuracy-is-not-binary-accuracy" in page.url
    expect(page.locator("#program")).to_have_value("keras.metrics.Accuracy")


def test_header_row_and_case_names_stay_in_view_in_the_matrix(opened: Opened) -> None:
    page = opened(CASES)
    matrix = page.locator(".matrix")
    matrix.evaluate("element => element.scrollTo(400, 300)")
    box = matrix.bounding_box()
    corner = matrix.locator("thead th.corner").bounding_box()
    row = matrix.locator("tbody th").last.bounding_box()
    assert box is not None
    assert corner is not None
    assert row is not None
    assert abs(corner["x"] - box["x"]) <= 2
    assert abs(row["x"] - box["x"]) <= 2
    assert corner["y"] >= box["y"]


def test_outcomes_can_be_read_on_a_small_screen(opened: Opened) -> None:
    page = opened("#view=cases&q=id:seed*", width=390)
    groups = page.locator(".matrix tbody tr").filter(has=page.locator("[data-case]")).first.locator(".groups")
    expect(groups).to_be_in_viewport()
    expect(groups).to_contain_text(re.compile(r"^A.*1\.0 \d+ calls.*B.*0\.5"))
    page.set_viewport_size({"width": 1400, "height": 900})
    expect(page.locator(".matrix tbody td.gB").first).to_be_visible()
    expect(groups).to_have_count(0)


def test_no_row_of_the_list_of_cases_is_cut_on_a_small_screen(
    opened: Opened, results: dict[str, Any], tmp_path: Path
) -> None:
    case = next(case for case in results["cases"] if case["id"].startswith("seed-"))
    case["title"] = "A title that is so long that it takes two lines on any telephone, and a bit more"
    for number, cell in enumerate(case["cells"]):
        cell.update(group="ABCDE"[number % 5], outcome={"kind": "value", "value": number % 5 / 8})
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    page = opened("#view=cases", at=(tmp_path / "index.html").as_uri(), width=390)
    rows = page.locator(".matrix tbody tr:not(.spacer)")
    assert len(set(rows.evaluate_all("rows => rows.map(row => row.offsetHeight)"))) == 1
    lowest = "rows => rows.map(row => [...row.querySelectorAll('.groups > span')].at(-1))"
    bottom = "element => element.getBoundingClientRect().bottom"
    left = f"rows => ({lowest})(rows).map((span, at) => ({bottom})(rows[at]) - ({bottom})(span))"
    assert min(rows.evaluate_all(left)) > 0
    expect(rows.filter(has_text="A title that is so long").locator(".groups > span").last).to_have_text(
        "3 more groups"
    )


def test_what_is_left_to_scroll_to_fades_out(opened: Opened) -> None:
    page = opened("#view=implementations", width=390)
    region = page.locator(".scroll:has(.capabilities)")
    expect(region).to_have_class(re.compile("more"))
    region.evaluate("region => region.scrollTo(region.scrollWidth, 0)")
    expect(region).not_to_have_class(re.compile("more"))
    expect(opened("#view=versions").locator(".scroll").first).not_to_have_class(re.compile("more"))


#: The words that stand on several lines.
BROKEN = """() => {
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const broken = [];
  while (texts.nextNode()) {
    for (const word of texts.currentNode.data.matchAll(/(?<![A-Za-z])[A-Za-z]{2,30}(?![A-Za-z])/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word[0]);
    }
  }
  return broken;
}"""


@pytest.mark.parametrize(
    "place", ["", "#view=implementations", "#view=laws", "#case=seed-accuracy-is-not-binary-accuracy"]
)
def test_no_name_breaks_inside_a_word_on_a_small_screen(opened: Opened, place: str) -> None:
    assert opened(place, width=390).evaluate(BROKEN) == []


def test_how_samples_counted_can_be_read_on_a_small_screen(opened: Opened) -> None:
    page = opened("#case=seed-accuracy-is-not-binary-accuracy", width=390)
    counted = page.locator(".rows td.trace").last
    counted.scroll_into_view_if_needed()
    box = counted.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
    label = counted.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert "Accuracy" in label


def test_cases_are_walked_through_with_the_keyboard(opened: Opened) -> None:
    page = opened(CASES)
    order = listed(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    focused = "document.activeElement.dataset.case"
    assert page.evaluate(focused) == order[2]
    page.keyboard.press("k")
    assert page.evaluate(focused) == order[1]
    page.keyboard.press("End")
    assert page.evaluate(focused) == order[-1]
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    assert f"case={order[0]}" in page.url
    expect(page.locator("article.case")).to_be_visible()
    page.keyboard.press("j")
    page.wait_for_function("id => location.hash.includes(id)", arg=order[1])
    page.go_back()
    page.wait_for_function("id => location.hash.includes(id)", arg=order[0])
    page.keyboard.press("Escape")
    expect(page.locator(".matrix")).to_be_visible()


def many(results: dict[str, Any], folder: Path) -> str:
    """Return the address of a page with two thousand cases."""
    seed = next(case for case in results["cases"] if case["id"] == "plain-1")
    results["cases"] = [
        seed | {"id": f"plain-{number}", "title": f"Number {number}"} for number in range(2000)
    ]
    path = folder / "many.html"
    path.write_text(html(results), encoding="utf-8")
    return path.as_uri()


def test_only_the_rows_in_view_are_drawn_and_the_others_when_they_come_into_view(
    opened: Opened, tmp_path: Any, results: dict[str, Any]
) -> None:
    page = opened(CASES, at=many(results, tmp_path))
    assert len(listed(page)) < 60
    page.locator(".matrix").evaluate("element => element.scrollTo(0, element.scrollHeight)")
    expect(page.locator("a[data-case=plain-1999]")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.case") == "plain-1999"
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(listed(page)) == 500


def test_rows_stay_while_a_word_is_typed_that_all_have_and_go_with_one_they_lack(
    opened: Opened, tmp_path: Any, results: dict[str, Any]
) -> None:
    page = opened(CASES, at=many(results, tmp_path))
    first = page.locator("a[data-case=plain-0]").element_handle()
    assert first is not None
    box = page.locator("#query")
    box.press_sequentially("number")
    assert first.evaluate("link => link.isConnected"), "they are not drawn again"
    full = page.locator(".matrix").evaluate("element => element.scrollHeight")
    box.press_sequentially(" 199")
    expect(page.locator(".cases [role=status]")).to_contain_text("12 cases")
    # Words that start with it come first.
    assert listed(page) == ["plain-199", *(f"plain-{number}" for number in range(1990, 2000)), "plain-1199"]
    box.press_sequentially("9")
    expect(page.locator(".cases [role=status]")).to_contain_text("1 case")
    assert listed(page) == ["plain-1999"]
    box.fill("number")
    expect(page.locator(".cases [role=status]")).to_contain_text("2,000 cases")
    assert page.locator(".matrix").evaluate("element => element.scrollHeight") == full
    assert listed(page)[:12] == [f"plain-{number}" for number in range(12)]


def test_a_place_in_the_matrix_survives_another_width_and_a_search_for_nothing_begins_anew(
    opened: Opened, tmp_path: Any, results: dict[str, Any]
) -> None:
    page = opened(CASES, at=many(results, tmp_path))
    matrix = page.locator(".matrix")
    matrix.evaluate("element => element.scrollTo(0, 64 * 500)")
    expect(page.locator("a[data-case=plain-500]")).to_be_visible()
    page.set_viewport_size({"width": 1300, "height": 900})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert matrix.evaluate("element => element.scrollTop") == 64 * 500
    expect(page.locator("a[data-case=plain-500]")).to_be_visible()
    page.set_viewport_size({"width": 600, "height": 900})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(page.locator("a[data-case=plain-500]")).to_be_in_viewport()
    page.evaluate(
        """() => { for (const text of ["nowhere to be found", ""]) {
          const box = document.getElementById("query");
          box.value = text;
          box.dispatchEvent(new Event("input"));
        } }"""
    )
    expect(page.locator("a[data-case=plain-0]")).to_be_in_viewport()


def test_an_address_that_is_opened_while_the_box_has_the_focus_is_followed(opened: Opened) -> None:
    page = opened(CASES)
    page.locator("#query").press_sequentially("is:diverge")
    page.evaluate("location.hash = 'view=cases&q=id:plain-1'")
    expect(page.locator("#query")).to_have_value("id:plain-1")
    expect(page.locator(".cases [role=status]")).to_contain_text("1 case")


def test_links_beside_the_matrix_keep_what_was_just_typed(opened: Opened) -> None:
    page = opened(CASES)
    page.locator("#query").press_sequentially("is:diverge")
    tabs = page.locator(".cases .tabs a").evaluate_all("links => links.map(link => link.hash)")
    assert tabs
    assert all("q=is%3Adiverge" in address for address in tabs)


def test_hostile_names_are_text_and_leave_the_layout_intact(opened: Opened) -> None:
    page = opened("#case=hostile-text")
    assert "<script>alert(1)</script>" in page.inner_text("h2")
    assert r"\u202egnp.exe" in page.inner_text("h2")
    assert page.locator("article script, article iframe, article img").count() == 0
    quotes = page.locator("blockquote")
    assert quotes.count() >= 2
    assert all(quote.bounding_box()["height"] < 200 for quote in quotes.all())
    addresses = page.eval_on_selector_all(".see a", "links => links.map(link => link.href)")
    assert all(address.startswith("https://example.org/") for address in addresses)
    page = opened("#view=cases&q=id:hostile*")
    line = page.locator(".matrix tbody tr:not(.spacer)").first.bounding_box()
    assert line is not None
    assert line["height"] < 120


def test_a_page_that_is_printed_shows_no_controls(opened: Opened) -> None:
    page = opened("#case=seed-accuracy-is-not-binary-accuracy")
    page.emulate_media(media="print")
    expect(page.locator("#nav")).to_be_hidden()
    expect(page.locator(".copy").first).to_be_hidden()
    expect(page.locator(".outcomes").first).to_be_visible()


def test_the_dark_scheme_is_dark(opened: Opened) -> None:
    papers = [
        opened(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert papers[0] != papers[1]


def test_an_implementation_is_found_by_letters_of_its_name_and_chosen_with_the_keyboard(
    opened: Opened,
) -> None:
    page = opened("#view=start&a=keras.metrics.Accuracy&b=sklearn.metrics.accuracy_score")
    field, options = page.locator("#a"), page.locator("#a-list [role=option]")
    field.focus()
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    names = options.all_inner_texts()
    assert "keras.Model.compile: 4 variants …" in names
    assert not any("[" in name for name in names), "variants are folded"
    page.keyboard.type("binacc")
    expect(options.first).to_have_text("keras.metrics.BinaryAccuracy")
    expect(options.first).to_have_id(field.get_attribute("aria-activedescendant") or "")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_id(field.get_attribute("aria-activedescendant") or "")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".answer .lead")).to_contain_text("keras.metrics.BinaryAccuracy and")
    expect(field).to_have_value("keras.metrics.BinaryAccuracy")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")


def test_escape_gives_a_search_field_its_choice_back(opened: Opened) -> None:
    page = opened()
    chosen = page.input_value("#b")
    page.fill("#b", "nobody has such a name")
    expect(page.locator("#b-list")).to_have_text("No implementation has such a name.")
    page.keyboard.press("Enter")
    expect(page.locator("#b")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#b")).to_have_value(chosen)
    expect(page.locator("#b-list")).to_be_hidden()


def test_variants_are_unfolded_and_chosen_with_a_finger(opened: Opened) -> None:
    page = opened(has_touch=True)
    page.locator("#match").tap()
    options = page.locator("#match-list [role=option]")
    options.filter(has_text="compile: 4 variants").tap()
    expect(page.locator("#match-list .variant")).to_have_count(4)
    options.filter(has_text="binary_accuracy]").tap()
    expect(page.locator("#match")).to_have_value("keras.Model.compile[binary_accuracy]")
    expect(page.locator("#match-answer")).to_contain_text("keras.Model.compile[binary_accuracy]")
