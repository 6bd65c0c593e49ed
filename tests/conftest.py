"""Fixtures of the tests that go the whole way."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project, small_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of the test's own: see `small_project`."""
    return small_project(tmp_path)
