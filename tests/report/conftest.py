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
    """The page of the synthetic document, compared with itself but for a cell and a law."""
    old = build()
    old["environments"][""]["packages"]["keras"] = "3.14.0"
    seed = next(case for case in old["cases"] if case["id"].startswith("seed-"))
    seed["cells"][0]["outcome"]["value"] = 0.25
    old["laws"][0]["cells"][0]["verdict"] = "fails-undocumented"
    path: Path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(html(build(), old), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Page:
    """A browser page that tests hand on: opening one takes longer than what most of them are about."""
    return browser.new_page()


def choose(page: Page, field: str, name: str) -> None:
    """Choose an implementation in a search field of the page by its whole name."""
    page.fill(f"#{field}", name)
    page.keyboard.press("Enter")
    # The address changes first, and the view with it, but not at once.
    page.evaluate("new Promise(done => setTimeout(done, 20))")


def as_new(page: Page, width: int) -> Page:
    page.goto("about:blank")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media="null")
    page.mouse.move(0, 0)
    return page


@pytest.fixture
def opened(browser: Browser, tab: Page, address: str) -> Iterator[Opened]:
    """Opens pages, and says at the end that none of them asked for anything or complained."""
    own: list[Page] = []
    tabs = [tab]
    said: list[str] = []
    listening: list[tuple[Page, str, Callable[[Any], Any]]] = []

    def open_page(place: str = "", *, at: str | None = None, width: int = 1400, **options: Any) -> Page:
        wanted = at or address
        if tabs and not options:
            page = as_new(tabs.pop(), width)
        else:
            page = browser.new_page(viewport={"width": width, "height": 900}, **options)
            own.append(page)
        heard: dict[str, Callable[[Any], Any]] = {
            "request": lambda request: request.url.startswith(wanted) or said.append(request.url),
            "console": lambda message: said.append(message.text),
            "pageerror": lambda error: said.append(str(error)),
            "dialog": lambda dialog: said.append(dialog.message),
        }
        for event, listener in heard.items():
            page.on(event, listener)  # type: ignore[call-overload]
            listening.append((page, event, listener))
        page.goto(wanted + place)
        # Going back from here is going nowhere, as on a page that has just been opened.
        page.context.new_cdp_session(page).send("Page.resetNavigationHistory")
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield open_page
    for page, event, listener in listening:
        page.remove_listener(event, listener)
    for page in own:
        page.close()
    assert said == []
