"""No input refutes the properties that users rely on, unless the definition predicts it."""

from __future__ import annotations

import pytest

from conformance.adapters.base import Implementation
from conformance.laws import Law
from conformance.plugin.explain import law_failure
from conformance.plugin.fixture import Conformance

pytestmark = pytest.mark.conformance


def test_law_holds_or_fails_as_defined(
    law: Law, implementation: Implementation, conformance: Conformance
) -> None:
    """No case and no generated input refutes the law, unless the definition predicts it."""
    found = conformance.law(law, implementation)
    if found.fails:
        pytest.fail(law_failure(found), pytrace=False)
    if found.reason is not None:
        pytest.skip(f"{implementation.id} {found.reason}")
