"""Equal outcomes are one group, and how a processor rounds changes none."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from made_cases import ENTRIES, foreseen_cells, judged, made_case
from shipped_cases import CASES

from conformance.calls.outcome import Outcome
from conformance.cases import Case
from conformance.oracle.numbers import cast
from conformance.oracle.prediction import Prediction
from conformance.verdicts.groups import grouped
from conformance.verdicts.verdicts import Cell, judge

KERAS = "keras.metrics.BinaryAccuracy"
TORCH = "torchmetrics.classification.BinaryAccuracy"
SCORE = "sklearn.metrics.accuracy_score"
_THIRD = made_case(y_true=[[1], [0], [0]], y_pred=[[1], [1], [1]])


def predicting(implementation: str, exact: Fraction, outcome: float, precision: str = "float32") -> Cell:
    """A cell of another prediction: that it comes out as `exact`, rounded to `precision`."""
    cell = judged(_THIRD, implementation)
    assert cell.forecast is not None
    forecast = replace(cell.forecast, predicted=Prediction("value", exact, precision, precision))
    return judge(
        _THIRD, ENTRIES[implementation], Outcome("value", value=outcome, dtype=precision), forecast, {}
    )


def letters(cells: list[Cell]) -> Mapping[str, str | None]:
    """The group of each implementation, by id."""
    groupings = grouped(cells)
    return {
        cell.implementation.id: groupings[cell.implementation.quantity].letter(cell)
        for cell in cells
        if cell.implementation.quantity in groupings
    }


def test_equal_outcomes_are_one_group_whatever_was_predicted() -> None:
    below, above = Fraction(1, 2) - Fraction(1, 2**25), Fraction(1, 2) + Fraction(1, 2**25)
    cells = [predicting(KERAS, below, 0.5), predicting(TORCH, above, 0.5)]
    assert {cell.verdict for cell in cells} == {"as-defined"}, "both predictions hold"
    assert grouped(cells)["accuracy"].verdict == "agree"


def test_outcomes_that_are_predicted_apart_and_are_apart_are_two_groups() -> None:
    last = float(np.nextafter(np.float16(1), np.float16(0)))
    cells = [
        predicting(KERAS, Fraction(1), 1.0, "float16"),
        predicting(TORCH, Fraction(1024, 1025), last, "float16"),
    ]
    assert grouped(cells)["accuracy"].verdict == "diverge"


def test_a_chain_of_equal_outcomes_is_one_group_in_any_order() -> None:
    # Equal outcomes join the first two, the same exact value the last two.
    low, half = Fraction(1, 2) - Fraction(1, 2**25), Fraction(1, 2)
    chain = [
        predicting(KERAS, low, float(low)),
        predicting(TORCH, half, float(low)),
        predicting(SCORE, half, 0.5),
    ]
    for order in itertools.permutations(chain):
        assert set(letters(list(order)).values()) == {"A"}
    assert set(letters([chain[0], chain[2]]).values()) == {"A", "B"}


def neighbour(value: Any, dtype: str, towards: float) -> Any:
    """A value, or nested lists of values, one unit in the last place up or down; zero and what is not finite stay."""
    if isinstance(value, list):
        return [neighbour(item, dtype, towards) for item in value]
    if value == 0 or not math.isfinite(value):
        return value
    rounded = cast(np.asarray(value), dtype)
    return float(np.nextafter(rounded, cast(np.asarray(towards), dtype)))


def moved(case: Case, cell: Cell, towards: float) -> Cell:
    """The cell, judged again on an outcome that is one unit in the last place off."""
    outcome = cell.outcome
    if outcome.kind == "value" and cell.forecast is not None:
        predicted = cell.forecast.predicted
        precision = (predicted.options or (predicted,))[0].precision
        outcome = replace(outcome, value=neighbour(outcome.value, precision, towards))
    return judge(case, cell.implementation, outcome, cell.forecast, {})


def up(_: Cell) -> float:
    return math.inf


def down(_: Cell) -> float:
    return -math.inf


def up_or_down(cell: Cell) -> float:
    """Keras rounds up, the others down."""
    return math.inf if "keras" in cell.implementation.id else -math.inf


@pytest.mark.parametrize("direction", [up, down, up_or_down])
def test_a_unit_in_the_last_place_changes_no_verdict_and_no_group(
    direction: Callable[[Cell], float],
) -> None:
    for case in CASES:
        cells = cells_of(case)
        off = [moved(case, cell, direction(cell)) for cell in cells]
        assert verdicts(off) == verdicts(cells), case.id
        assert letters(off) == letters(cells), case.id


@cache
def cells_of(case: Case) -> list[Cell]:
    return [
        judge(case, cell.implementation, cell.outcome, cell.forecast, {}) for cell in foreseen_cells(case)
    ]


def verdicts(cells: list[Cell]) -> Mapping[str, str]:
    return {cell.implementation.id: cell.verdict for cell in cells}
