"""Each number of the log of a model that really trains is what its definition says of the recorded outputs."""

from __future__ import annotations

import pytest

from conformance.plugin.explain import log_failure
from conformance.plugin.fixture import Conformance
from conformance.session.logs import PlannedLog

pytestmark = pytest.mark.conformance


def test_numbers_of_a_log_are_as_documented(log: PlannedLog, conformance: Conformance) -> None:
    """In one framework, every number is predicted, and what two numbers differ in has a cause."""
    found = conformance.log(log)
    if found.fails:
        pytest.fail(log_failure(found), pytrace=False)
