"""What is returned of several updates: the value of all, a value for each, or a mean of these."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from asking import BINARY, MULTICLASS

from conformance.cases.calls import build
from conformance.oracle import find
from conformance.oracle.evaluate import evaluate
from conformance.oracle.exchange import causes
from conformance.oracle.model import Incomposable, Rule
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import resolve
from conformance.oracle.side import Side

#: 2 of 3 samples are correct, then 0 of 1, then 1 of 2.
SAMPLES: dict[str, Any] = {
    "y_true": [1, 1, 0, 1, 0, 0],
    "y_pred": [0.9, 0.8, 0.7, 0.2, 0.1, 0.6],
    "batches": [3, 1, 2],
}


def side(how: str | None, inputs: dict[str, Any], definition: str = BINARY) -> Side:
    task = "binary" if definition == BINARY else "multiclass"
    call = build(task, inputs)
    plain = resolve(find(definition), call)
    amended: Rule[Any] = plain.rules.accumulation.amended(reported=how)
    rules = plain.rules.changed(amended)
    resolved = replace(plain, rules=rules)
    return Side(resolved, resolved, evaluate(rules, call), departs=False)


def reported(how: str | None, definition: str = BINARY, **changed: Any) -> Prediction:
    return side(how, {**SAMPLES, **changed}, definition).predicted


@pytest.mark.parametrize(
    ("how", "value"),
    [
        (None, Fraction(3, 6)),
        ("running", [Fraction(2, 3), Fraction(2, 4), Fraction(3, 6)]),
        ("each", [Fraction(2, 3), Fraction(0), Fraction(1, 2)]),
        ("mean", (Fraction(2, 3) + 0 + Fraction(1, 2)) / 3),
        ("mean-by-size", Fraction(3, 6)),
    ],
)
def test_values(how: str | None, value: Any) -> None:
    assert reported(how).value == value


def test_sizes_count_ignored_samples() -> None:
    """Of the first update one sample of three is ignored: 1 of 2 are correct, and it weighs 3."""
    ignored = {"y_true": [-1, 1, 0, 1, 0, 0], "ignore_index": -1}
    assert reported("each", **ignored).value == [Fraction(1, 2), 0, Fraction(1, 2)]
    assert reported("mean-by-size", **ignored).value == Fraction(1, 2) * 3 / 6 + Fraction(1, 2) * 2 / 6
    assert reported(None, **ignored).value == Fraction(2, 5)


def test_lists_are_averaged_by_element() -> None:
    inputs: dict[str, Any] = {"y_pred": [1, 0, 1, 1, 0, 0], "average": "none", "num_classes": 2}
    # Class 0: 0 of 1, none, 2 of 2; class 1: 1 of 2, 1 of 1, none.
    assert reported("each", MULTICLASS, **inputs).value == [[0, Fraction(1, 2)], [0, 1], [1, 0]]
    assert reported("mean", MULTICLASS, **inputs).value == [Fraction(1, 3), Fraction(1, 2)]


def test_lists_of_different_lengths_have_no_mean() -> None:
    with pytest.raises(Incomposable):
        reported("mean", multidim_average="samplewise", **_COLUMNS)


_COLUMNS: dict[str, Any] = {"y_true": [[1]] * 6, "y_pred": [[0.9]] * 6}


def test_nothing_has_no_mean() -> None:
    assert reported("running", y_true=[], y_pred=[], batches=[0]).value == [0]
    value = reported("mean-by-size", y_true=[], y_pred=[], batches=[0]).value
    assert value != value


def test_a_mean_is_rounded_once_for_each_value() -> None:
    assert reported(None).additions == reported("running").additions == reported("each").additions == 0
    assert reported("mean").additions == reported("mean-by-size").additions == 3


def test_weights_that_cancel_in_one_update_do_not_loosen_the_others() -> None:
    keras = "keras.metrics.BinaryAccuracy"
    call = build("binary", {**SAMPLES, "sample_weight": [0.1, -0.05, 0.1, 1, 1, 1]})
    plain = resolve(find(keras), call).rules

    def additions(how: str | None) -> int:
        return evaluate(plain.changed(plain.accumulation.amended(reported=how)), call).additions

    # 3 fractional weights of 0.25 in all, whose sum is 0.15: doubled; whole weights are exact.
    assert additions("each") == 2 * 3
    assert additions("mean") == 2 * 3 + 3


@pytest.mark.parametrize(("one", "other"), [(None, "mean"), ("mean-by-size", "mean"), ("running", "each")])
def test_it_is_a_cause_of_its_own(one: str | None, other: str | None) -> None:
    call = build("binary", SAMPLES)
    assert causes(side(one, SAMPLES), side(other, SAMPLES), call) == (("accumulation",),)


def test_each_way_has_a_sentence_and_a_name() -> None:
    ways = [None, "running", "each", "mean", "mean-by-size"]
    behaviours = [side(how, SAMPLES).really.rules.accumulation.behaviour for how in ways]
    assert len({behaviour.name for behaviour in behaviours}) == len(ways)
    assert [behaviour.says for behaviour in behaviours] == [
        f"{start} are exact, and divided in float32."
        for start in (
            "The sums of all updates",
            "There is a value after each update, of all updates so far: their sums",
            "Each update has a value of its own: its sums",
            "The values of all updates are averaged, whatever their sizes: the sums of each",
            "The values of all updates are averaged, each weighted by its number of samples: the sums of each",
        )
    ]
