"""Accuracy against threshold: what the definitions predict for the scores of a case at other thresholds."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.adapters.derive import is_float
from conformance.adapters.registry import NO_NUMBER
from conformance.adapters.releases import Release
from conformance.oracle import find, predict
from conformance.oracle.model import Definition
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import resolve
from conformance.session.judging import CaseResult

#: Cases with more distinct scores than this have no curves: nobody could read them.
MOST_SCORES = 6

_NO_PART = frozenset({"refusal", "name-resolution"})


def curves(result: CaseResult) -> dict[str, Any] | None:
    """Return the step curves of a case, or None where nobody parts, there are no scores, or no threshold decides.

    Returns:
        `at`, the thresholds at which a curve can step, ascending from 0 to 1, and `curves`: for each distinct
        curve the `implementations`, the values `at` these thresholds, and those `between` each and the next.
        A value is None where the call raises, gives no single number, or is left open.
    """
    call = result.case.call()
    several = isinstance(call.parameters.get("threshold"), list)
    if result.case.task == "multiclass" or several:  # a threshold is accepted by some, and decides nothing
        return None
    steps = _steps(call) if any(g.verdict == "diverge" for g in result.groupings.values()) else None
    if steps is None:
        return None
    at = [(low + high) / 2 for low, high in itertools.pairwise(steps)]
    values: dict[Any, tuple[Any, ...]] = {}
    found: dict[Any, list[str]] = {}
    for cell in result.cells:
        entry = cell.implementation
        if cell.predictions is None or entry.definition is None or "threshold" not in entry.parameters:
            continue
        if entry.quantity in NO_NUMBER or cell.outcome.kind != "value":
            continue
        definition, release = find(entry.definition), cell.predictions.side.claims.release
        same = _rules(definition, call, release)
        if same not in values:
            values[same] = _values(definition, call, steps, release), _values(definition, call, at, release)
        found.setdefault((entry.quantity, *values[same]), []).append(entry.id)
    drawn = [
        {"quantity": quantity, "implementations": names, "at": list(points), "between": list(spans)}
        for (quantity, points, spans), names in found.items()
        if any(value is not None for value in (*points, *spans))
    ]
    return {"at": steps, "curves": drawn} if drawn else None


def _steps(call: Call) -> list[float] | None:
    """Return 0, 1, and the thresholds between them at which somebody may change a decision."""
    scores: set[float] = set()
    for update in call.updates:
        if not is_float(update.y_pred):
            return None
        values = update.y_pred.astype(np.float64)
        scores |= set(values[np.isfinite(values)].tolist())
        if len(scores) > MOST_SCORES:
            return None
    if scores and (min(scores) < 0 or max(scores) > 1):  # taken for logits by some
        scores |= {1 / (1 + math.exp(-score)) for score in scores if abs(score) < 700}
    inside = {score for score in scores if 0 < score < 1}
    return sorted({0.0, 1.0} | inside) if inside else None


def _rules(definition: Definition, call: Call, release: Release) -> frozenset[tuple[str, str]]:
    """Return what decides a curve: definitions with the same rules and departures have the same.

    What raises plays no part: both computed a value for the same data, and every threshold from 0 to 1 is legal.
    """
    resolved = resolve(definition, call, release)
    rules = {
        (axis, rule.behaviour.name) for axis, rule in resolved.rules.by_axis().items() if axis not in _NO_PART
    }
    findings = (*resolved.definition.findings, *resolved.base.findings)
    departures = {("departure", finding.id) for finding in findings}
    return frozenset(rules | departures)


def _values(
    definition: Definition, call: Call, thresholds: list[float], release: Release
) -> tuple[float | None, ...]:
    calls = (replace(call, parameters={**call.parameters, "threshold": each}) for each in thresholds)
    return tuple(
        _number(predict(definition, asked, trace=False, release=release).predicted) for asked in calls
    )


def _number(predicted: Prediction) -> float | None:
    if predicted.kind != "value" or isinstance(predicted.value, list):
        return None
    value = float(predicted.value)
    return round(value, 6) if math.isfinite(value) else None
