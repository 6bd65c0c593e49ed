"""Cases with more samples than are traced: on which of them implementations differ, and how each counted those."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.evaluate import FIRST_SAMPLES, MOST_SAMPLES, counts, traced
from conformance.oracle.model import Incomposable
from conformance.oracle.numbers import Array
from conformance.oracle.prediction import SampleTrace
from conformance.oracle.reasons import Raises
from conformance.oracle.side import Side
from conformance.oracle.stages import Counted
from conformance.session.judging import CaseResult

#: Longer cases keep the traces of their first samples.
MOST_COUNTED = 200_000

_INCORRECT, _CORRECT, _PARTLY, _IGNORED = range(4)


@dataclass(frozen=True)
class Disputed:
    """The samples that some implementations of a case count as correct and others do not.

    Attributes:
        counted: how many samples the case has.
        differing: how many of them are disputed.
        traces: id of an implementation -> how it counted the first of these.
    """

    counted: int
    differing: int
    traces: Mapping[str, tuple[SampleTrace, ...]]


def disputed(result: CaseResult) -> Disputed | None:
    """Return the disputed samples of a case; None if all of them are traced, or too many to be counted."""
    call = result.case.call()
    total = sum(len(update.y_pred) if update.y_pred.ndim else 1 for update in call.updates)
    if not MOST_SAMPLES < total <= MOST_COUNTED:
        return None
    by_rules: dict[tuple[str, ...], Counted | None] = {}
    found: dict[str, Counted] = {}
    for cell in result.cells:
        predictions = cell.predictions
        if predictions is None or not predictions.predicted.samples:
            continue
        rules = predictions.side.really.rules.by_axis().values()
        key = tuple(rule.behaviour.name for rule in rules)
        if key not in by_rules:
            by_rules[key] = _counted(predictions.side, call, total)
        counted = by_rules[key]
        if counted is not None:
            found[cell.implementation.id] = counted
    if not found:
        return None
    kinds = [_kinds(counted) for counted in by_rules.values() if counted is not None]
    numbers = np.flatnonzero(np.any([each != kinds[0] for each in kinds], axis=0))
    first = [int(number) for number in numbers[:FIRST_SAMPLES]]
    traces = {
        name: tuple(traced(each, None, number, number) for number in first) for name, each in found.items()
    }
    return Disputed(total, len(numbers), traces if first else {})


def _counted(side: Side, call: Call, total: int) -> Counted | None:
    """Return how all samples counted; None if it raises, or does not count one by one."""
    try:
        found = [counted for _, counted in counts(side.really.rules, call)]
    except (Incomposable, Raises):
        return None
    if not all(each.hit.ndim for each in found) or sum(len(each.hit) for each in found) != total:
        return None
    if len({each.hit.shape[1:] for each in found}) > 1:
        return None
    kept = [np.ones(each.hit.shape, bool) if each.kept is None else each.kept for each in found]
    return Counted(
        np.concatenate([each.hit for each in found]),
        np.concatenate(kept),
        np.concatenate([each.truth for each in found]),
        np.concatenate([each.decided for each in found]),
    )


def _kinds(counted: Counted) -> Array:
    """Return for each sample whether all, some or none of its elements are correct, or it is ignored."""
    hit = counted.hit.reshape(len(counted.hit), -1).astype(bool)
    kinds = np.where(hit.all(axis=1), _CORRECT, np.where(hit.any(axis=1), _PARTLY, _INCORRECT))
    if counted.kept is not None:
        kinds[~counted.kept.reshape(len(kinds), -1).any(axis=1)] = _IGNORED
    return kinds
