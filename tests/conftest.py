"""Fixtures of the tests that go the whole way."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project, small_project
from sampling import Some


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="look at more: without it, where many are alike, tests look at a fixed sample",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "thorough: what others show in short; run with --thorough only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
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
