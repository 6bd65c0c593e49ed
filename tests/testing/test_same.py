"""Two metrics are compared on one input, and a failure says why they differ and on which samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import own_metrics
import pytest

from conformance import assert_same_metric
from conformance.ask.arrays import AskError
from conformance.testing.reduction import smallest

_RANDOM = np.random.default_rng(0)
_TRUE = _RANDOM.integers(0, 2, 1000)
_PRED = _RANDOM.random(1000).round(2)
_LABELS = _RANDOM.integers(0, 3, 1000)


def _failure(*arguments: Any, **parameters: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        assert_same_metric(*arguments, **parameters)
    return str(caught.value)


def test_equal_metrics_pass_whatever_the_data_are() -> None:
    assert_same_metric(own_metrics.above, "keras.metrics.BinaryAccuracy", _TRUE, _PRED)
    assert_same_metric(own_metrics.above, own_metrics.above, _TRUE, _PRED, threshold=0.3)

    def of_lists(y_true: list[int], y_pred: list[float]) -> float:
        return sum((score > 0.5) == target for target, score in zip(y_true, y_pred, strict=True)) / len(
            y_true
        )

    assert_same_metric(of_lists, "keras.metrics.BinaryAccuracy", _TRUE.tolist(), _PRED.tolist())
    assert_same_metric(
        own_metrics.accuracy, "sklearn.metrics.accuracy_score", _TRUE, _LABELS % 2, sample_weight=_PRED
    )


def test_the_metric_follows_from_the_claim() -> None:
    def precision(y_true: Any, y_pred: Any, threshold: float = 0.5) -> float:
        return float(np.mean(y_true[y_pred > threshold]))

    def at_least(y_true: Any, y_pred: Any) -> float:
        return float(np.mean(y_true[y_pred >= 0.5]))

    assert_same_metric(precision, "keras.metrics.Precision", _TRUE, _PRED, threshold=0.3)
    told = _failure(at_least, "keras.metrics.Precision", _TRUE, _PRED)
    assert "Like keras.metrics.Precision, but a score is positive where y_pred >= 0.5" in told
    assert (
        "Write instead: y_pred > 0.5, or a threshold that no score equals: sklearn.metrics.precision_score("
        in told
    )
    assert f"{np.sum(_PRED == 0.5)} samples decide: the score of each equals the threshold." in told

    def micro(y_true: Any, y_pred: Any, average: str) -> float:
        return float(np.mean(y_true == y_pred))

    labels = (_PRED * 2.99).astype(int)
    told = _failure(micro, "sklearn.metrics.recall_score", _LABELS, labels, average="macro")
    assert "Like sklearn.metrics.recall_score, but average='micro' (average)." in told


def test_a_failure_says_why_and_on_which_sample() -> None:
    told = _failure(own_metrics.at_least, "keras.metrics.BinaryAccuracy", _TRUE, _PRED)
    first = int(np.flatnonzero(_PRED == 0.5)[0])
    assert "at_least gives 0.471, keras.metrics.BinaryAccuracy gives 0.468 (117/250)." in told
    assert "but a score is positive where y_pred >= 0.5 (decision-rule)." in told
    assert f"{np.sum(_PRED == 0.5)} samples decide: the score of each equals the threshold." in told
    assert "1 sample of 1,000 is enough to differ:" in told
    assert f"[{first}] y_true {_TRUE[first]}, y_pred 0.5" in told or "y_pred 0.5" in told


def test_two_functions_of_which_nothing_is_known_are_told_apart() -> None:
    told = _failure(own_metrics.at_least, own_metrics.above, _TRUE, _PRED)
    assert "Like keras.metrics.BinaryAccuracy, but a score is positive where y_pred >= 0.5" in told
    assert "1 sample of 1,000 is enough to differ:" in told
    told = _failure(own_metrics.macro, own_metrics.unweighted, _TRUE, _LABELS % 2)
    assert "They differ by average." in told
    assert "sklearn.metrics.balanced_accuracy_score: The classes that occur among the targets" in told


def test_mistakes_that_change_the_form_of_the_call_are_named() -> None:
    one_hot, scores = np.eye(3)[_LABELS], _RANDOM.random((1000, 3))
    told = _failure(own_metrics.above, "keras.metrics.CategoricalAccuracy", one_hot, scores)
    assert "each element counts, where it is greater than 0.5, not each sample (unit)." in told

    def of_batches(y_true: Any, y_pred: Any) -> float:
        starts = range(0, len(y_true), 96)
        return np.mean([own_metrics.above(y_true[i : i + 96], y_pred[i : i + 96]) for i in starts])

    told = _failure(of_batches, "keras.metrics.BinaryAccuracy", _TRUE, _PRED)
    assert "96" in told
    assert "(accumulation)." in told


def test_few_samples_show_the_same_difference_and_no_nan() -> None:
    def macro_of_three(y_true: Any, y_pred: Any) -> float:
        return float(np.mean([np.mean(y_pred[y_true == label] == label) for label in range(3)]))

    told = _failure(macro_of_three, "sklearn.metrics.accuracy_score", _LABELS, (_PRED * 3).astype(int))
    assert "nan" not in told


def test_a_value_near_that_of_float32_is_not_taken_for_it() -> None:
    told = _failure(lambda y_true, y_pred: 1 - 1e-9, "sklearn.metrics.accuracy_score", _TRUE, _TRUE)
    assert "gives 0.999999999, sklearn.metrics.accuracy_score gives 1.0." in told
    assert "float32" not in told


def test_a_minimal_sample_is_found_for_what_no_definition_gives() -> None:
    def odd(y_true: Any, y_pred: Any) -> float:
        """Counts a sample as incorrect if its target is 1 and its score lies in a narrow range."""
        return float(np.mean(((y_pred > 0.5) & ~((y_pred > 0.7) & (y_pred < 0.72))) == y_true))

    told = _failure(odd, own_metrics.above, _TRUE, _PRED)
    assert "1 sample of 1,000 is enough to differ:" in told
    assert "y_pred 0.71" in told
    assert "differ by" not in told


def test_an_exception_is_shown_with_what_should_have_come() -> None:
    def failing(y_true: Any, y_pred: Any) -> None:
        raise KeyError("classes")

    told = _failure(failing, "keras.metrics.BinaryAccuracy", _TRUE, _PRED)
    assert "failing raises KeyError: 'classes'. keras.metrics.BinaryAccuracy gives 0.468 (117/250)." in told
    assert "Neither gives a value." in _failure(failing, failing, _TRUE, _PRED)


def test_what_a_definition_does_not_take_is_bad_input() -> None:
    with pytest.raises(AskError, match="supports only binary"):
        assert_same_metric(own_metrics.above, "keras.metrics.BinaryAccuracy", _LABELS, _LABELS)
    with pytest.raises(AskError, match="did you mean 'threshold'"):
        assert_same_metric(own_metrics.above, "keras.metrics.BinaryAccuracy", _TRUE, _PRED, treshold=1)


@pytest.mark.parametrize("needed", [{3}, {0, 99}, {10, 11, 95}])
def test_reduction_finds_a_minimal_set(needed: set[int]) -> None:
    found = smallest(100, lambda where: needed <= set(where.tolist()))
    assert set(found.tolist()) == needed


def test_reduction_ends_where_no_part_differs() -> None:
    tried = 0

    def differ(where: Any) -> bool:
        nonlocal tried
        tried += len(where)
        return len(where) == 100_000

    assert len(smallest(100_000, differ)) == 100_000
    assert tried <= 20_000 + 20 * 100_000


def test_another_threshold_is_named() -> None:
    told = _failure(_above_three_fifths, "keras.metrics.BinaryAccuracy", _TRUE, _PRED)
    assert "a score is positive where y_pred > 0.6, not 0.5" in told


def _above_three_fifths(y_true: Any, y_pred: Any) -> float:
    return float(np.mean((np.asarray(y_pred) > 0.6) == y_true))


def rounded(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Any:
    return np.mean(np.floor(y_pred + 0.5) == y_true)


@pytest.mark.parametrize("threshold", [0.75, 1.0])
def test_of_reasons_that_fit_the_input_the_one_that_fits_others_is_given(threshold: float) -> None:
    scores = np.array([threshold, 0.2, 0.6, 0.1])
    message = _failure(
        rounded, "keras.metrics.BinaryAccuracy", np.array([1, 0, 1, 0]), scores, threshold=threshold
    )
    assert message.count("Like ") == 1
    assert "y_pred is rounded half up" in message
