from __future__ import annotations

from typing import Any

import pytest
from synthetic_results import build


@pytest.fixture
def results() -> dict[str, Any]:
    """A results document of its own for each test."""
    return build()
