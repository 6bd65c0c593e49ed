"""Where documentation or rounding leaves several results open, all of them are predicted and no other."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from asking import BINARY, MULTICLASS, predicted

from conformance.calls.outcome import Outcome
from conformance.oracle.prediction import Prediction

_TIE = {"y_true": [1, 2, 0], "y_pred": [[0.5, 0.25, 0.25]] * 3, "top_k": 2}
_MICRO = f"{MULTICLASS}[average=micro]"


def options(prediction: Prediction) -> set[Any]:
    assert prediction.kind == "one-of", prediction
    return {option.value for option in prediction.options}


def score_with_sigmoid_near(threshold: float, dtype: str) -> float:
    return float(np.asarray(np.log(threshold / (1 - threshold))).astype(dtype))


def test_a_tie_at_the_boundary_of_top_k_is_open_in_torch() -> None:
    prediction = predicted(_MICRO, "multiclass", **_TIE)
    assert options(prediction) == {Fraction(1, 3), Fraction(2, 3), Fraction(1)}


def test_each_open_result_is_accepted_and_any_other_refused() -> None:
    prediction = predicted(_MICRO, "multiclass", **_TIE)
    for share in (1 / 3, 2 / 3, 1.0):
        assert prediction.holds_for(Outcome("value", value=float(np.float32(share)), dtype="float32"))
    assert not prediction.holds_for(Outcome("value", value=0.0, dtype="float32"))
    assert not prediction.holds_for(Outcome("raises", type="ValueError"))


def test_a_tie_inside_the_top_k_is_not_open() -> None:
    inside = {"y_true": [0, 1], "y_pred": [[0.4, 0.4, 0.2]] * 2, "top_k": 2}
    assert predicted(_MICRO, "multiclass", **inside).value == 1


def test_the_same_tie_is_settled_by_keras_and_by_scikit_learn() -> None:
    tie = _TIE | {"dtype": {"y_pred": "float32"}}
    # Keras counts all that tie with the k-th, scikit-learn the last of them: class 2, and not class 1.
    assert predicted("keras.metrics.SparseTopKCategoricalAccuracy", "multiclass", **tie).value == 1
    assert predicted("sklearn.metrics.top_k_accuracy_score", "multiclass", **tie).value == Fraction(2, 3)


def test_a_tie_of_argmax_is_not_open() -> None:
    assert predicted(_MICRO, "multiclass", y_true=[0, 1], y_pred=[[0.5, 0.5]] * 2).value == Fraction(1, 2)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_rounded_sigmoid_on_the_threshold_is_open(dtype: str) -> None:
    score = score_with_sigmoid_near(0.7, dtype)
    prediction = predicted(
        BINARY, "binary", y_true=[1, 1], y_pred=[score, 5.0], threshold=0.7, dtype={"y_pred": dtype}
    )
    assert options(prediction) == {Fraction(1, 2), Fraction(1)}


def test_a_sigmoid_away_from_the_threshold_is_not_open() -> None:
    score = score_with_sigmoid_near(0.7, "float32")
    for away, share in ((score - 0.001, Fraction(1, 2)), (score + 0.001, Fraction(1))):
        inputs = {"y_true": [1, 1], "y_pred": [away, 5.0], "threshold": 0.7}
        assert predicted(BINARY, "binary", **inputs, dtype={"y_pred": "float32"}).value == share


def test_the_sigmoid_of_zero_is_one_half_exactly_and_not_above_it() -> None:
    prediction = predicted(BINARY, "binary", y_true=[1, 1], y_pred=[0.0, 5.0])
    assert prediction.value == Fraction(1, 2)


def test_a_probability_on_the_threshold_is_not_open_because_nothing_was_rounded() -> None:
    prediction = predicted(BINARY, "binary", y_true=[1, 1], y_pred=[0.7, 0.9], threshold=0.7)
    assert prediction.value == Fraction(1, 2)


def test_of_many_open_positions_the_two_ends_are_predicted() -> None:
    many = {"y_true": [1] * 20, "y_pred": [[0.5, 0.25, 0.25]] * 20, "top_k": 2}
    assert options(predicted(_MICRO, "multiclass", **many)) == {Fraction(0), Fraction(1)}


def test_two_open_predictions_are_the_same_if_their_options_are() -> None:
    one = predicted(_MICRO, "multiclass", **_TIE)
    other = predicted(MULTICLASS, "multiclass", **_TIE, average="micro")
    fewer = predicted(_MICRO, "multiclass", **_TIE | {"y_true": [1, 0, 0]})
    assert one.same_as(other)
    assert not one.same_as(fewer)
    assert not fewer.same_as(one)
