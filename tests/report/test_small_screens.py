"""The page on a telephone: what can be read, and what is cut."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Opened
from playwright.sync_api import expect

from conformance.report import html


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
