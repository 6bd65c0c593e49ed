"""The page as a browser sees it. A missing browser is a failure, not a skip: CI has one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from synthetic_results import build

from conformance.report import html

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        # Where CI is set the browser tests have to run; on a machine with only Python they cannot.
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("these tests drive Chromium and found none on PATH; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(html(build()), encoding="utf-8")
    return path.as_uri()


def _opened(browser: Browser, address: str, width: int, **options: Any) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(element => element.open = true)")
    return page


def test_it_asks_for_nothing_but_itself_and_the_console_stays_silent(browser: Browser, address: str) -> None:
    page = browser.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(element => element.open = true)")
    page.wait_for_load_state("networkidle")
    page.close()
    assert requests == [address]
    assert complaints == []


@pytest.mark.parametrize("width", [390, 800, 1400])
def test_the_page_never_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    page = _opened(browser, address, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("width", [390, 1400])
def test_header_row_and_case_names_stay_in_view_in_the_matrix(
    browser: Browser, address: str, width: int
) -> None:
    page = _opened(browser, address, width)
    matrix = page.locator(".matrix").first
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
    page.close()


_CONTRASTS = """
() => {
  const channels = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const paper = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = channels(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = new Set();
  for (const element of document.body.querySelectorAll('*')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own) continue;
    const [a, b] = [light(channels(getComputedStyle(element).color)), light(paper(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.add(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return [...low];
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(browser: Browser, address: str, scheme: str) -> None:
    page = _opened(browser, address, 1400, color_scheme=scheme)
    assert page.evaluate(_CONTRASTS) == []
    page.close()


def test_the_dark_scheme_is_dark(browser: Browser, address: str) -> None:
    papers = []
    for scheme in ("light", "dark"):
        page = _opened(browser, address, 800, color_scheme=scheme)
        papers.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert papers[0] != papers[1]
