"""Fixtures of the tests that go the whole way."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project, small_project


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="run every program and every script; without it, of the many that take long a fixed sample",
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of the test's own: see `small_project`."""
    return small_project(tmp_path)
