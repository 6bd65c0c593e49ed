"""The summary of a results document, from its entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.oracle.axes import AXES


def summary(
    cases: Sequence[Mapping[str, Any]], not_applicable: Sequence[Mapping[str, Any]], implementations: int
) -> dict[str, Any]:
    """Return `summary` of the results document.

    Args:
        cases: entries of the document.
        not_applicable: what they refer to.
        implementations: how many there are.
    """
    verdicts = Counter(cell["verdict"] for case in cases for cell in case["cells"])
    absent = sum(
        len(not_applicable[number]["implementations"]) for case in cases for number in case["not_applicable"]
    )
    by_verdict = Counter(case["verdict"] for case in cases)
    causes = Counter(axis for case in cases for axis in case["causes"])
    return {
        "cases": len(cases),
        "implementations": implementations,
        "cells": verdicts.total(),
        "verdicts": dict(sorted((verdicts + Counter({"not-applicable": absent})).items())),
        "cases_by_verdict": {
            "agree": by_verdict["agree"],
            "diverge": by_verdict["diverge"],
            "null": by_verdict[None],
        },
        "causes": {axis: causes[axis] for axis in AXES if causes[axis]},
    }
