"""Fixtures of the tests that go the whole way."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import CASES, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with the package good_metrics, two cases, and a report configured."""
    made = Project(tmp_path / "project", tmp_path / "site")
    made.write("pytest.ini", "[pytest]\nconformance-cases = cases\nconformance-report = reports\n")
    made.write("cases/small.yaml", CASES)
    made.install("good-metrics")
    return made
