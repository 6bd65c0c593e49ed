"""Why two groups of a case differ, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.report.document import Case

#: The axis of what an implementation raises for.
_RAISES = "refusal"


def why(case: Case, part: Mapping[str, Any]) -> str:
    """Return a sentence on two groups, such as `A and B differ because B raises.`.

    Args:
        case: the case.
        part: an entry of its `parting`: the letters of two groups and the causes, any of which is one.
    """
    groups = [str(letter) for letter in part.get("groups") or ()]
    raising = [letter for letter in groups if letter in _letters_that_raise(case, part)]
    causes = [
        f"because {raising[0]} raises"
        if list(axes) == [_RAISES] and len(raising) == 1
        else f"by {' with '.join(map(str, axes))}"
        for axes in part.get("causes") or ()
    ]
    pair = " and ".join(groups) or "Two groups"
    return f"{pair} differ {', or '.join(causes)}." if causes else f"{pair} differ, and no cause was found."


def _letters_that_raise(case: Case, part: Mapping[str, Any]) -> set[str]:
    comparison = case.comparison(str(part.get("quantity") or "accuracy"))
    groups = comparison.groups if comparison else ()
    return {
        group.letter for group in groups if all(cell.outcome.get("kind") == "raises" for cell in group.cells)
    }
