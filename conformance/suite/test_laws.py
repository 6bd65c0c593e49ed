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
    """Over the cases of the run, what the law calls the same is the same, or the definition says that it is not."""
    found = conformance.law(law, implementation)
    if found.fails:
        pytest.fail(conformance.explain_law(found), pytrace=False)
    if found.reason is not None:
        pytest.skip(f"{implementation.id} {found.reason}")
