"""Checks each implementation against its definition, and that each divergence has a cause."""

from __future__ import annotations

import pytest

from conformance.adapters.base import Implementation
from conformance.cases import Case
from conformance.plugin.fixture import Conformance

pytestmark = pytest.mark.conformance


# First, because it needs no framework: they are imported meanwhile.
def test_every_divergence_has_a_cause(case: Case, conformance: Conformance) -> None:
    """If definitions predict different outcomes, exchanging rules finds the cause."""
    unexplained = conformance.divergences_without_cause(case)
    if unexplained:
        pytest.fail("\n\n".join(unexplained), pytrace=False)


def test_outcome_is_as_documented(
    case: Case, implementation: Implementation, conformance: Conformance
) -> None:
    """The outcome is as the definition predicts, or a known departure."""
    message = conformance.failure(case, implementation)
    if message is not None:
        pytest.fail(message, pytrace=False)
