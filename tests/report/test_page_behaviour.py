"""Keys, colours, print, the matrix: how the page behaves in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conftest import Opened
from playwright.sync_api import expect
from viewing import CASES, listed

from conformance.report import html


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
