"""What a document says of the outcomes of a case taken together: groups, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from conformance.calls.outcome import encode
from conformance.calls.tables import Table
from conformance.results.curves import curves
from conformance.session.judging import CaseResult


def comparison(result: CaseResult) -> dict[str, Any]:
    """Return the keys of the entry of a case that no cell has of its own; causes are written out in `pairs`."""
    return {
        "verdict": result.verdict,
        "verdicts": {quantity: grouping.verdict for quantity, grouping in result.groupings.items()},
        "causes": list(result.causes),
        "divergences": [encode(asdict(divergence)) for divergence in result.divergences],
        "pairs": {
            quantity: {
                "behaviours": [list(names) for names in found.behaviours],
                "causes": [[*both, [list(axes) for axes in causes]] for both, causes in found.causes.items()],
            }
            for quantity, found in result.pairs.items()
            if found.causes
        },
        "curves": curves(result),
    }


def numbered(pairs: Mapping[str, Any], cause_sets: Table) -> dict[str, Any]:
    """Return `pairs` with numbers of sets of axes, any of which is a cause; new ones are added."""
    return {
        quantity: {
            **found,
            "causes": [[*both, cause_sets.number(causes)] for *both, causes in found["causes"]],
        }
        for quantity, found in pairs.items()
    }
