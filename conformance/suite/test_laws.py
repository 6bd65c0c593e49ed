"""The properties that users take for granted hold, or fail as the definition predicts."""

from __future__ import annotations

import pytest

from conformance.adapters.base import Implementation
from conformance.laws import Law
from conformance.plugin.fixture import Conformance

pytestmark = pytest.mark.conformance


def test_law_holds_or_fails_as_defined(
    law: Law, implementation: Implementation, conformance: Conformance
) -> None:
    """The law holds over the cases of the run, or fails as the definition predicts."""
    found = conformance.law(law, implementation)
    if found.fails:
        pytest.fail(conformance.explain_law(found), pytrace=False)
    if found.reason is not None:
        pytest.skip(f"{implementation.id} {found.reason}")
