from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
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

#: Opens the page at what follows its address, `#view=cases`; keywords are options of a browser page.
Opened = Callable[..., Page]


@pytest.fixture
def results() -> dict[str, Any]:
    """A results document of its own for each test."""
    return build()


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the synthetic document, compared with itself but for two cells."""
    old = build()
    old["environments"][""]["packages"]["keras"] = "3.14.0"
    seed = next(case for case in old["cases"] if case["id"].startswith("seed-"))
    seed["cells"][0]["outcome"]["value"] = 0.25
    path: Path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(html(build(), old), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opened]:
    """Opens pages, and says at the end that none of them asked for anything or complained."""
    pages: list[Page] = []
    said: list[str] = []

    def open_page(place: str = "", *, at: str | None = None, width: int = 1400, **options: Any) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        wanted = at or address
        page.on("request", lambda request: request.url.startswith(wanted) or said.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(wanted + place)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready]", state="attached")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert said == []
