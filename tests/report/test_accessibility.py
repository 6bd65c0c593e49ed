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

from conformance.results import write

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
async place => {
  location.hash = place;
  await new Promise(done => setTimeout(done, 150));
  document.querySelectorAll('details').forEach(element => element.open = true);
  const {violations} = await axe.run(document, {resultTypes: ['violations']});
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Opened, axe: str, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    page.evaluate(f"() => {{ {axe} }}")
    found = {place: page.evaluate(_RUN, place) for place in VIEWS}
    assert {place: violations for place, violations in found.items() if violations} == {}


@pytest.mark.skipif(not REPORT.exists(), reason="there is no report yet: run the suite first")
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.thorough)])
def test_axe_finds_nothing_in_the_report_of_the_corpus(opened: Opened, axe: str, scheme: str) -> None:
    page = opened(at=REPORT.as_uri(), color_scheme=scheme)
    page.evaluate(f"() => {{ {axe} }}")
    found = {place: page.evaluate(_RUN, place) for place in VIEWS_OF_REPORT}
    assert {place: violations for place, violations in found.items() if violations} == {}


def test_axe_would_find_something(opened: Opened, axe: str) -> None:
    page = opened()
    page.evaluate(f"() => {{ {axe} }}")
    page.evaluate("document.querySelector('#a').closest('label').firstChild.remove()")
    assert any(violation.startswith("select-name") for violation in page.evaluate(_RUN, ""))
