"""Fixtures of the tests that go the whole way."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project, small_project
from sampling import Some

#: Files that take minutes: they come first, so that no process is left with one of them while the others are done.
_LONG = (
    "test_reproducers_run.py",
    "test_readme.py",
    "test_plugin_installations.py",
    "test_founding_question.py",
    "test_against_frameworks.py",
    "test_accessibility.py",
    "test_plugin_reports.py",
    "test_real_frameworks.py",
    "test_finding_scripts.py",
    "test_page_behaviour.py",
    "test_page_views.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="look at more: without it, where many are alike, tests look at a fixed sample",
    )


def pytest_configure(config: pytest.Config) -> None:
    # xdist would have the files with the most tests first.
    config.option.loadscopereorder = False
    config.addinivalue_line("markers", "thorough: what others show in short; run with --thorough only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in _LONG)
    if config.getoption("--thorough"):
        return
    left_out = [item for item in items if item.get_closest_marker("thorough")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def some(request: pytest.FixtureRequest) -> Some:
    """Every `every`th of `items`; all of them with --thorough."""
    thorough = request.config.getoption("--thorough")
    return lambda items, every: items if thorough else items[::every]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of the test's own: see `small_project`."""
    return small_project(tmp_path)
