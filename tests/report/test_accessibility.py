"""axe-core finds nothing on any view, in light and in dark. It comes from npm, outside the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest
from conftest import Opened
from playwright.sync_api import Page

from conformance.results.store import write

VERSION = "4.14.1"

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
    "#view=laws&law=batches",
    "#view=names",
    "#view=findings",
    "#view=versions",
    "#view=changes",
]

#: The page of the suite's last run over the whole corpus; CI has one.
REPORT = Path(__file__).parents[2] / "reports" / "index.html"

VIEWS_OF_REPORT = [
    "",
    "#view=cases&q=is%3Adiverge%20framework%3Asklearn",
    "#case=seed-accuracy-is-not-binary-accuracy",
    "#view=pictures",
    "#view=laws",
    "#view=findings",
]

_RUN = """
async ([place, rules]) => {
  location.hash = place;
  await new Promise(done => setTimeout(done, 150));
  document.querySelectorAll('details').forEach(element => element.open = true);
  const {violations} = await axe.run(document, {resultTypes: ['violations'], ...(rules && {runOnly: rules})});
  return violations.map(({id, nodes}) => `${id}: ${nodes.slice(0, 3).map(node => node.html.slice(0, 150)).join(' ')}`);
}
"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core; from the cache, or from npm."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "metric-conformance"
    path = cache / f"axe-{VERSION}.js"
    if not path.exists():
        npm = shutil.which("npm")
        if npm is None:
            missing = pytest.fail if os.environ.get("CI") else pytest.skip
            missing("axe-core comes from npm, and npm is not on PATH; on Debian: apt-get install npm")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [npm, "pack", "--silent", f"axe-core@{VERSION}"], cwd=folder, check=True, capture_output=True
            )
            with tarfile.open(Path(folder) / f"axe-core-{VERSION}.tgz") as archive:
                source = archive.extractfile("package/axe.min.js")
                assert source is not None
                write(path, source.read().decode("utf-8"))
    return path.read_text(encoding="utf-8")


#: Scheme -> the rules that are asked. In dark only colours are others; None stands for all rules.
_SCHEMES = pytest.mark.parametrize(
    ("scheme", "rules"), [("light", None), ("dark", ["color-contrast"])], ids=["light", "dark"]
)


def violations(
    page: Page, axe: str, views: list[str], rules: list[str] | None = None
) -> dict[str, list[str]]:
    page.evaluate(f"() => {{ {axe} }}")
    found = {place: page.evaluate(_RUN, [place, rules]) for place in views}
    return {place: complaints for place, complaints in found.items() if complaints}


@_SCHEMES
def test_axe_finds_nothing(opened: Opened, axe: str, scheme: str, rules: list[str] | None) -> None:
    assert violations(opened(color_scheme=scheme), axe, VIEWS, rules) == {}


@pytest.mark.skipif(not REPORT.exists(), reason="there is no report yet: run the suite first")
@_SCHEMES
def test_axe_finds_nothing_in_the_report_of_the_corpus(
    opened: Opened, axe: str, scheme: str, rules: list[str] | None
) -> None:
    page = opened(at=REPORT.as_uri(), color_scheme=scheme)
    assert violations(page, axe, VIEWS_OF_REPORT, rules) == {}


def test_axe_finds_nothing_in_an_open_search_field_and_a_sum_of_outcomes(opened: Opened, axe: str) -> None:
    page = opened()
    page.evaluate(f"() => {{ {axe} }}")
    page.fill("#match", "acc")
    run = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(({id}) => id)"
    assert page.evaluate(run) == []
    assert (
        violations(page, axe, ["#view=cases&q=input:nan&by=implementation", "#view=cases&q=threshold"]) == {}
    )


def test_axe_would_find_something(opened: Opened, axe: str) -> None:
    page = opened()
    page.evaluate(
        "document.querySelector('label[for=a]').remove(); document.querySelector('#a').removeAttribute('placeholder')"
    )
    found = violations(page, axe, [""])
    assert any(complaint.startswith("label") for complaint in found[""])


def test_axe_would_find_what_is_too_pale_in_dark(opened: Opened, axe: str) -> None:
    page = opened(color_scheme="dark")
    page.evaluate("document.styleSheets[0].insertRule('p { color: #333 !important; background: #222 }')")
    found = violations(page, axe, [""], ["color-contrast"])
    assert any(complaint.startswith("color-contrast") for complaint in found[""])
