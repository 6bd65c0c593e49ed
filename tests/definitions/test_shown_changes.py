"""What packages say that releases changed is what their definitions predict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest
from made_cases import ENTRIES, made_case
from packaging.version import Version

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


def written(value: Any) -> Any:
    """A number, or a list of them, as a definition predicts it; what is written is rounded or a fraction."""
    return (
        [written(each) for each in value]
        if isinstance(value, list)
        else pytest.approx(float(Fraction(value)))
    )


@pytest.mark.parametrize(
    ("changed", "release", "outcome"),
    list(shown_changes()),
    ids=lambda each: each.change.id if isinstance(each, Changed) else each if isinstance(each, str) else "",
)
def test_the_definition_predicts_what_a_change_says(changed: Changed, release: str, outcome: Any) -> None:
    entry, call = ENTRIES[changed.implementations[0]], made_case(**changed.change.case).call()
    found = predict(find(entry.definition or ""), call, release=Version(release)).predicted
    if found.says_nothing:
        assert found.kind == "unspecified"
    elif isinstance(outcome, Mapping) and "raises" in outcome:
        assert (found.kind, found.type or outcome["raises"]) == ("raises", outcome["raises"])
    else:
        assert found.value == written(outcome)
