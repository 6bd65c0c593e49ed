"""Each implementation is held to what it says it computes, and each divergence to having a cause."""

from __future__ import annotations

import pytest

from conformance.adapters.base import Implementation
from conformance.cases import Case
from conformance.plugin.fixture import Conformance

pytestmark = pytest.mark.conformance


# First, because it needs no framework: they are imported meanwhile.
def test_every_divergence_has_a_cause(case: Case, conformance: Conformance) -> None:
    """Where definitions predict different outcomes, exchanging rules says which difference it is."""
    unexplained = conformance.unexplained_divergences(case)
    if unexplained:
        reports = [conformance.explain_divergence(case, divergence) for divergence in unexplained]
        pytest.fail("\n\n".join(reports), pytrace=False)


def test_outcome_is_as_documented(
    case: Case, implementation: Implementation, conformance: Conformance
) -> None:
    """The outcome is what the definition predicts, or departs from it as recorded."""
    cell = conformance.cell(case, implementation)
    if cell.fails:
        pytest.fail(conformance.explain(case, cell), pytrace=False)
