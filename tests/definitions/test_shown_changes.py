"""What packages say that releases changed is what their definitions predict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from made_cases import ENTRIES, made_case
from packaging.version import Version

from conformance.calls.outcome import Outcome
from conformance.oracle import find, predict, supported
from conformance.oracle.changed import Changed, all_changes


def shown_changes() -> Iterator[tuple[Changed, str, Any]]:
    """Every change with a release of its, and the outcome that the package says it has in this release."""
    for changed in all_changes():
        one = changed.change
        known = supported(ENTRIES[changed.implementations[0]].definition or "")
        for release, outcome in ((one.before, one.old), (one.release, one.new)):
            if known is not None and known.includes(release) and outcome is not None:
                yield changed, release, outcome


@pytest.mark.parametrize(
    ("changed", "release", "outcome"),
    list(shown_changes()),
    ids=lambda each: each.change.id if isinstance(each, Changed) else each if isinstance(each, str) else "",
)
def test_the_definition_predicts_what_a_change_says(changed: Changed, release: str, outcome: Any) -> None:
    entry = ENTRIES[changed.implementations[0]]
    case = made_case(expect={entry.id: outcome}, **changed.change.case)
    (expected,) = case.expect
    found = predict(find(entry.definition or ""), case.call(), release=Version(release)).predicted
    first = found.options[0] if found.options else found
    value = list(expected.value) if isinstance(expected.value, tuple) else expected.value
    shown = Outcome(expected.kind, value=value, dtype=first.dtype, type=expected.raises)
    assert found.holds_for(shown)
