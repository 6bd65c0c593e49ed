"""Why two groups of a case differ, in a sentence."""

from __future__ import annotations

from conformance.report.document import Case, Divergence

#: The axis of what an implementation raises for.
_RAISES = "refusal"


def why(case: Case, divergence: Divergence) -> str:
    """Return a sentence on two groups of a case, such as `A and B differ because B raises.`."""
    comparison = case.comparison(divergence.quantity)
    raising = [
        group.letter
        for group in (comparison.groups if comparison else ())
        if group.letter in divergence.groups
        and all(cell.outcome.get("kind") == "raises" for cell in group.cells)
    ]
    causes = [
        f"because {raising[0]} raises"
        if axes == [_RAISES] and len(raising) == 1
        else f"by {' with '.join(axes)}"
        for axes in divergence.causes
    ]
    pair = " and ".join(divergence.groups) or "Two groups"
    return f"{pair} differ {', or '.join(causes)}." if causes else f"{pair} differ, and no cause was found."
