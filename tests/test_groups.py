"""Equal outcomes are one group, and how a processor rounds changes none."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np
from made_cases import judged, made_case

from conformance.calls.outcome import Outcome
from conformance.oracle.prediction import Prediction
from conformance.verdicts.groups import grouped
from conformance.verdicts.verdicts import Cell, judge

KERAS = "keras.metrics.BinaryAccuracy"
TORCH = "torchmetrics.classification.BinaryAccuracy"
SCORE = "sklearn.metrics.accuracy_score"
_THIRD = made_case(y_true=[[1], [0], [0]], y_pred=[[1], [1], [1]])


def predicting(implementation: str, exact: Fraction, outcome: float, precision: str = "float32") -> Cell:
    """A cell of another prediction: that it comes out as `exact`, rounded to `precision`."""
    predicted = Prediction("value", exact, precision, precision)
    return replace_prediction(judged(_THIRD, implementation), predicted, outcome, precision)


def replace_prediction(cell: Cell, predicted: Prediction, outcome: float, dtype: str = "float32") -> Cell:
    """The cell of another prediction and another outcome."""
    assert cell.predictions is not None
    predictions = replace(cell.predictions, predicted=predicted)
    observed = Outcome("value", value=outcome, dtype=dtype)
    return judge(_THIRD, cell.implementation, observed, predictions, {})


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


def test_an_unspecified_outcome_is_in_the_group_of_what_equals_it() -> None:
    cells = [
        replace_prediction(judged(_THIRD, name), Prediction("unspecified"), value)
        for name, value in ((KERAS, 0.5), (TORCH, 0.5), (SCORE, 0.25))
    ]
    assert {cell.verdict for cell in cells} == {"as-defined"}
    assert letters(cells) == {KERAS: "A", TORCH: "A", SCORE: "B"}


def test_strings_that_are_only_looked_up_have_no_value_and_are_one_group() -> None:
    names = ("tf_keras.Model.compile[ce]", "tf_keras.Model.compile[CE]")
    outcome = Outcome("value", resolved="binary_crossentropy")
    cells = [judged(_THIRD, name, outcome) for name in names]
    assert letters(cells) == dict.fromkeys(names, "A")


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
