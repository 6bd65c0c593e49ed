"""The cases that are shipped, and which of their cells shows each finding, if every prediction holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from made_cases import ENTRIES, predicted_result

from conformance.cases import load
from conformance.results.exhibits import Exhibit, exhibits
from conformance.session.judging import CaseResult

FOLDER = Path(__file__).parents[1] / "cases"
CASES = load([FOLDER], known=list(ENTRIES))


@cache
def exhibited() -> Mapping[str, Exhibit]:
    """Id of a finding -> the cell that shows it. Not at import: all cases are predicted for it."""
    return exhibits(_results())


@cache
def exhibited_by_case() -> Mapping[str, Sequence[Exhibit]]:
    """Id of a finding -> of each case that shows it, the cell that shows it best."""
    found = defaultdict[str, list[Exhibit]](list)
    for result in _results():
        for finding, exhibit in exhibits([result]).items():
            found[finding].append(exhibit)
    return found


@cache
def _results() -> Sequence[CaseResult]:
    return tuple(map(predicted_result, CASES))
