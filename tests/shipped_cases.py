"""The cases that are shipped, and which of their cells shows each finding, if every prediction holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from made_cases import ENTRIES, predicted_cells, predicted_result

from conformance.cases import Case, load
from conformance.results.exhibits import Exhibit, exhibits
from conformance.session.judging import CaseResult
from conformance.verdicts.verdicts import Cell

FOLDER = Path(__file__).parents[1] / "cases"
CASES = load([FOLDER], known=list(ENTRIES))


@cache
def cells_of(case: Case) -> list[Cell]:
    """The predicted cells of a shipped case, predicted once for several tests."""
    return predicted_cells(case)


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
    return tuple(predicted_result(case, cells_of(case)) for case in CASES)
