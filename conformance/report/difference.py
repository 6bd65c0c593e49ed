"""Why two groups of a case differ, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.report.document import Case

#: The axis of what an implementation raises for.
_RAISES = "refusal"


def why(case: Case, divergence: Mapping[str, Any]) -> str:
    """Return a sentence on two groups, such as `A and B differ because B raises.`.

    Args:
        case: the case.
        divergence: an entry of its `divergences`: the letters of two groups and the causes, any of which is one.
    """
    groups = [str(letter) for letter in divergence.get("groups") or ()]
    raising = [letter for letter in groups if letter in _letters_that_raise(case, divergence)]
    causes = [
        f"because {raising[0]} raises"
        if list(axes) == [_RAISES] and len(raising) == 1
        else f"by {' with '.join(map(str, axes))}"
        for axes in divergence.get("causes") or ()
    ]
    pair = " and ".join(groups) or "Two groups"
    return f"{pair} differ {', or '.join(causes)}." if causes else f"{pair} differ, and no cause was found."


def _letters_that_raise(case: Case, divergence: Mapping[str, Any]) -> set[str]:
    comparison = case.comparison(str(divergence.get("quantity") or "accuracy"))
    groups = comparison.groups if comparison else ()
    return {
        group.letter for group in groups if all(cell.outcome.get("kind") == "raises" for cell in group.cells)
    }
