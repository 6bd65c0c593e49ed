"""What each string given to compile() becomes, for each loss and pair of shapes."""

from __future__ import annotations

import pytest

from conformance.plugin.explain import failure
from conformance.plugin.fixture import Conformance
from conformance.session.resolutions import Row

pytestmark = pytest.mark.conformance


def test_names_become_what_is_documented(names: Row, conformance: Conformance) -> None:
    """In one framework and for one loss, every string resolves or raises as the definition predicts."""
    asked = [
        (question.case, conformance.cell(question.case, question.implementation))
        for question in names.questions
    ]
    failing = [failure(case, cell) for case, cell in asked if cell.fails]
    if failing:
        pytest.fail("\n\n".join([f"{len(failing)} of {len(asked)} names.", *failing[:3]]), pytrace=False)
