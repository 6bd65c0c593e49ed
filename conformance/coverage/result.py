"""What a set of cases does not distinguish, from predictions alone; no framework is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from conformance.adapters.base import Implementation
from conformance.cases import Case
from conformance.coverage.evaluations import Evaluations
from conformance.coverage.gaps import MOST_OPEN, left_open, repeated, unused_parameters, without_basis
from conformance.coverage.subjects import Subject, subjects
from conformance.coverage.survivors import NO_REASON
from conformance.coverage.trials import trials


@dataclass(frozen=True)
class Coverage:
    """What the cases distinguish, and what they do not.

    Attributes:
        problems: title -> lines, one each for something that has to be done; empty if nothing has.
        survivors: names of all variants that survive, listed or not.
        killed: number of variants that a case kills.
        cells: number of cells with a prediction.
        open: how many of these predictions leave the outcome open.
    """

    problems: Mapping[str, tuple[str, ...]]
    survivors: tuple[str, ...]
    killed: int
    cells: int
    open: int


def coverage(
    implementations: Sequence[Implementation],
    cases: Sequence[Case],
    listed: Mapping[str, str],
    *,
    known: Sequence[Implementation] | None = None,
) -> Coverage:
    """Try every variant of every rule on the cases, and look for gaps.

    Args:
        implementations: all implementations, whether their frameworks are installed or not.
        cases: the cases.
        listed: name of each variant that may survive -> reason.
        known: implementations whose rules may replace those of others; `implementations` if None.
    """
    found, predictions = subjects(implementations, cases), Evaluations()
    results = {
        trial.name: trial.killed_by
        for trial in trials(found, implementations if known is None else known, predictions)
    }
    survivors = tuple(sorted(name for name, killer in results.items() if killer is None))
    count, cells = left_open(found, predictions)
    problems = {
        "Variants that no case kills": [name for name in survivors if name not in listed],
        "Listed survivors without a reason": [name for name, why in listed.items() if why == NO_REASON],
        "Listed survivors that do not survive": [
            f"{name}: killed by {results[name]}" if name in results else f"{name}: there is no such variant"
            for name in listed
            if results.get(name, "") is not None
        ],
        "Unused parameters": [
            f"{entry}: no case uses {parameter}"
            for entry, parameter in unused_parameters(implementations, cases)
        ],
        "Rules without a source": list(_without_basis(found)),
        "Outcomes that several cases pin": [
            f"{pin}: {', '.join(case.id for case in where)}: a rule is missing"
            for pin, where in repeated(cases)
        ],
        "Open predictions": [f"{count} of {cells} cells, more than {MOST_OPEN:.0%}"]
        if count > MOST_OPEN * cells
        else [],
    }
    return Coverage(
        {title: tuple(lines) for title, lines in problems.items() if lines},
        survivors,
        len(results) - len(survivors),
        cells,
        count,
    )


def _without_basis(found: Sequence[Subject]) -> Iterator[str]:
    for subject in found:
        for axis in without_basis(subject.definition):
            yield f"{subject.name}: its rule on {axis} names no source"
