"""Predictions are exact numbers, and how near to them an outcome has to be."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from asking import BINARY, MULTICLASS, predicted, value

from conformance.calls.outcome import Outcome
from conformance.cases.calls import build
from conformance.oracle import find, predict
from conformance.oracle.numbers import summed
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import Reason
from conformance.oracle.rules.average import Classes, pooled
from conformance.oracle.rules.unit import SAMPLE_MEAN, as_means
from conformance.oracle.stages import Counted, Units

_THIRD = {"y_true": [[1], [0], [0]], "y_pred": [[1.0], [1.0], [1.0]]}


def observed(number: Any, dtype: str = "float32") -> Outcome:
    return Outcome("value", value=number, dtype=dtype)


def neighbour(number: float, towards: float, dtype: type[Any] = np.float32) -> float:
    return float(np.nextafter(dtype(number), dtype(towards)))


@pytest.mark.parametrize("definition", ["keras.metrics.BinaryAccuracy", BINARY])
def test_one_of_three_rows_is_one_third_and_no_float(definition: str) -> None:
    share = value(definition, "binary", **_THIRD)
    assert share == Fraction(1, 3)
    assert isinstance(share, Fraction)


def test_a_mean_over_classes_is_exact() -> None:
    samples = {"y_true": [0, 0, 0, 1, 1, 1, 1], "y_pred": [0, 1, 1, 1, 1, 1, 0]}
    assert value(MULTICLASS, "multiclass", **samples) == Fraction(1, 2) * (Fraction(1, 3) + Fraction(3, 4))


def test_weights_are_exact_in_the_dtype_in_which_they_are_kept() -> None:
    weighted = {"y_true": [[1], [0]], "y_pred": [[1.0], [1.0]], "sample_weight": [0.1, 0.2]}
    tenth, fifth = Fraction(float(np.float32(0.1))), Fraction(float(np.float32(0.2)))
    assert value("keras.metrics.BinaryAccuracy", "binary", **weighted) == tenth / (tenth + fifth)
    labels = weighted | {"y_pred": [[1], [1]]}
    tenth, fifth = Fraction(0.1), Fraction(0.2)
    assert value("sklearn.metrics.accuracy_score", "binary", **labels) == tenth / (tenth + fifth)


def test_a_mean_within_rows_is_not_the_mean_over_elements() -> None:
    updates = [
        {"y_true": [[1]], "y_pred": [[0.9]]},
        {"y_true": [[1, 1, 1]], "y_pred": [[0.1, 0.1, 0.1]]},
    ]
    assert value("keras.metrics.BinaryAccuracy", "binary", updates=updates) == Fraction(1, 2)
    assert value(BINARY, "binary", updates=updates) == Fraction(1, 4)


@pytest.mark.parametrize("definition", ["keras.metrics.BinaryAccuracy", BINARY])
@pytest.mark.parametrize("towards", [0.0, 1.0])
def test_one_unit_in_the_last_place_is_accepted(definition: str, towards: float) -> None:
    prediction = predicted(definition, "binary", y_true=[1, 0, 0, 0], y_pred=[1, 0, 0, 1])
    assert prediction.holds_for(observed(neighbour(0.75, towards)))


@pytest.mark.parametrize("towards", [0.0, 1.0])
def test_two_units_in_the_last_place_are_refused_for_counts(towards: float) -> None:
    prediction = predicted("keras.metrics.Accuracy", "binary", y_true=[1, 0, 0, 0], y_pred=[1, 0, 0, 1])
    assert not prediction.holds_for(observed(neighbour(neighbour(0.75, towards), towards)))


@pytest.mark.parametrize("error", [1e-6, -1e-6])
@pytest.mark.parametrize("definition", ["keras.metrics.BinaryAccuracy", BINARY])
def test_an_error_of_a_millionth_is_refused_for_counts(definition: str, error: float) -> None:
    third = predicted(definition, "binary", y_true=[1, 0, 0], y_pred=[1, 1, 1])
    whole = predicted(definition, "binary", y_true=[1, 0, 0], y_pred=[1, 0, 0])
    assert not third.holds_for(observed(float(np.float32(1 / 3 + error))))
    assert not whole.holds_for(observed(float(np.float32(1 + error))))


_FIFTY = {"y_true": [[1]] * 50, "y_pred": [[1.0]] * 49 + [[0.0]]}


@pytest.mark.parametrize(
    ("definition", "task", "inputs"),
    [
        ("keras.metrics.BinaryAccuracy", "binary", _FIFTY),
        ("keras.metrics.Accuracy", "binary", _FIFTY),
        ("keras.Model.compile[accuracy]", "binary", _FIFTY),
        (BINARY, "binary", {"y_true": [[1] * 50], "y_pred": [[1.0] * 49 + [0.0]]}),
        (
            f"{MULTICLASS}[average=micro]",
            "multiclass",
            {"y_true": [1] * 50, "y_pred": [1] * 49 + [0], "num_classes": 100},
        ),
    ],
)
def test_many_counts_are_still_held_to_one_unit_in_the_last_place(
    definition: str, task: str, inputs: dict[str, Any]
) -> None:
    prediction = predicted(definition, task, **inputs)
    assert prediction.value == Fraction(49, 50)
    exact = float(np.float32(0.98))
    assert prediction.holds_for(observed(exact, prediction.dtype))
    assert not prediction.holds_for(observed(exact - 5e-7, prediction.dtype))


def test_an_outcome_of_float64_is_held_to_float64() -> None:
    third = predicted("sklearn.metrics.accuracy_score", "binary", y_true=[1, 0, 0], y_pred=[1, 1, 1])
    assert third.holds_for(observed(1 / 3, "float64"))
    assert third.holds_for(observed(neighbour(1 / 3, 1.0, np.float64), "float64"))
    assert not third.holds_for(observed(float(np.float32(1 / 3)), "float64"))


def test_many_weighted_rows_may_be_off_by_their_rounded_additions_and_not_by_more() -> None:
    samples = 1000
    weights = [0.1 + 0.001 * (index % 7) for index in range(samples)]
    inputs = {"y_true": [[1], [0]] * (samples // 2), "y_pred": [[1.0]] * samples, "sample_weight": weights}
    prediction = predicted("keras.metrics.BinaryAccuracy", "binary", **inputs)
    exact = float(prediction.value)
    assert prediction.holds_for(observed(exact + samples * 2**-24))
    assert not prediction.holds_for(observed(exact + 4 * samples * 2**-24))


@pytest.mark.parametrize(("weight", "error"), [(1e-30, 4e-7), (1e-42, 1e-3)])
def test_sums_of_subnormal_weights_are_held_to_the_digits_that_they_have(weight: float, error: float) -> None:
    inputs = {"y_true": [1, 1, 0], "y_pred": [1, 1, 1], "sample_weight": [weight] * 3}
    prediction = predicted("keras.metrics.Accuracy@torch", "binary", **inputs)
    assert prediction.holds_for(observed(2 / 3 + error / 2))
    assert not prediction.holds_for(observed(2 / 3 + 10 * error))


LARGE = 2**24


def large(definition: str, task: str, samples: int, hits: int, **inputs: Any) -> Prediction:
    """What is predicted for samples of which the first `hits` are correct."""
    inputs["dtype"] = {"y_true": "int8", "y_pred": "float32", **inputs.get("dtype", {})}
    column = {"repeat": [[1]], "times": samples}
    call = build(task, {"y_true": column, "y_pred": column, **inputs})
    y_true = np.zeros((samples, 1), dtype=np.int8)
    y_true[:hits] = 1
    ends = np.cumsum([len(update.y_true) for update in call.updates])
    updates = zip(call.updates, np.split(y_true, ends[:-1]), strict=True)
    call = replace(call, updates=tuple(replace(update, y_true=part) for update, part in updates))
    return predict(find(definition), call).predicted


KERAS = "keras.metrics.BinaryAccuracy"


def test_a_float32_counter_that_is_full_takes_no_single_row() -> None:
    saturated, exact = (
        large(definition, "binary", LARGE + 4, LARGE, batches=[LARGE, 1, 1, 1, 1])
        for definition in (KERAS, BINARY)
    )
    assert (saturated.value, exact.value) == (1, Fraction(LARGE, LARGE + 4))
    assert saturated.holds_for(observed(1.0))
    assert not saturated.holds_for(observed(LARGE / (LARGE + 4)))
    assert not exact.holds_for(observed(1.0))


def test_a_float32_counter_that_is_full_takes_rows_that_come_together() -> None:
    together = large(KERAS, "binary", LARGE + 4, LARGE, batches=[LARGE, 4])
    assert together.value == Fraction(LARGE, LARGE + 4)


def test_sums_are_rounded_to_even_after_each_update() -> None:
    """Three times 2^23 + 1 samples: 2^24 + 2 is even, 25165827 is not and becomes 25165828 above and below."""
    third = LARGE // 2 + 1
    assert large(KERAS, "binary", 3 * third, third, batches=[third] * 3).value == Fraction(third, 25165828)


@pytest.mark.parametrize(("dtype", "full"), [("float16", 2048), ("bfloat16", 256)])
def test_a_narrow_counter_is_full_sooner(dtype: str, full: int) -> None:
    narrow = {"dtype": {"metric": dtype}}
    weights = {"sample_weight": [full, *[1] * 8], "batches": [1] * 9, **narrow}
    weighted = predicted(KERAS, "binary", y_true=[[1], *[[0]] * 8], y_pred=[[1.0]] * 9, **weights)
    counted = large(KERAS, "binary", full + 8, full, batches=[full, *[1] * 8], **narrow)
    for prediction in (weighted, counted):
        assert prediction.value == 1
        assert not prediction.holds_for(observed(full / (full + 8), dtype))


def test_a_float16_counter_overflows_to_infinity_and_the_result_to_nan() -> None:
    def of(samples: int, hits: int) -> Any:
        return large(KERAS, "binary", samples, hits, dtype={"metric": "float16"}).value

    assert of(65519, 65519) == 1
    assert math.isnan(of(65520, 65520))
    assert of(65520, 40000) == 0


def test_many_whole_weights_are_held_to_one_unit_in_the_last_place() -> None:
    weighted = {"y_true": [[1], [0]] * 50, "y_pred": [[1.0]] * 100, "sample_weight": [3, 1] * 50}
    assert predicted(KERAS, "binary", **weighted).additions == 0
    assert predicted(KERAS, "binary", **weighted | {"sample_weight": [3.5, 1] * 50}).additions == 100


@pytest.mark.parametrize(
    ("definition", "task"),
    [
        (KERAS, "binary"),
        ("keras.Model.compile[accuracy,dataset]", "binary"),
        (BINARY, "binary"),
        ("sklearn.metrics.accuracy_score", "binary"),
        (f"{MULTICLASS}[average=micro]", "multiclass"),
    ],
)
def test_many_samples_are_counted_exactly(definition: str, task: str) -> None:
    prediction = large(definition, task, LARGE + 1, LARGE, num_classes=2)
    assert prediction.value in (1, Fraction(LARGE, LARGE + 1))
    assert len(prediction.samples) <= 1000


def test_many_weights_are_added_exactly() -> None:
    weights = {"repeat": [0.1, 0.7], "times": LARGE // 2}
    narrow = {"sample_weight": "float32"}
    share = large(KERAS, "binary", LARGE, LARGE - 1, sample_weight=weights, dtype=narrow).value
    tenth, rest = (Fraction(float(np.float32(weight))) for weight in (0.1, 0.7))
    assert abs(share - (1 - rest / ((tenth + rest) * LARGE / 2))) < Fraction(1, 2**23)


def test_another_dtype_is_another_outcome() -> None:
    half = predicted(BINARY, "binary", y_true=[1, 0], y_pred=[1, 1])
    assert half.holds_for(observed(0.5, "float32"))
    assert not half.holds_for(observed(0.5, "float64"))


def test_a_vector_is_not_the_scalar_it_averages_to() -> None:
    each = predicted(MULTICLASS, "multiclass", y_true=[0, 1], y_pred=[0, 1], average="none")
    assert each.holds_for(observed([1.0, 1.0]))
    assert not each.holds_for(observed(1.0))
    assert not each.holds_for(observed([1.0]))
    assert not each.holds_for(observed([1.0, 1.0, 1.0]))


def test_nan_holds_for_nan_only_and_infinity_for_its_own_sign() -> None:
    nan, infinity = Prediction("value", value=math.nan), Prediction("value", value=-math.inf)
    assert nan.holds_for(observed(math.nan, "float64"))
    assert not nan.holds_for(observed(0.0, "float64"))
    assert infinity.holds_for(observed(-math.inf, "float64"))
    assert not infinity.holds_for(observed(math.inf, "float64"))


def test_a_predicted_exception_holds_for_its_subclasses_and_for_no_other() -> None:
    refusal = Prediction("raises", type="ValueError", reason=Reason("too-long", "it is too long"))
    assert refusal.holds_for(Outcome("raises", type="ValueError"))
    assert refusal.holds_for(
        Outcome("raises", type="InvalidParameterError", bases=("ValueError", "TypeError"))
    )
    assert not refusal.holds_for(Outcome("raises", type="RuntimeError"))
    assert not refusal.holds_for(observed(0.0))


def test_a_refusal_of_the_backend_may_have_any_type_but_is_no_value() -> None:
    refusal = Prediction("raises", reason=Reason("torch-cannot", "torch cannot"))
    assert refusal.holds_for(Outcome("raises", type="NotImplementedError"))
    assert not refusal.holds_for(observed(0.0))
    assert not refusal.holds_for(Outcome("crashed", message="killed"))


def test_the_document_shows_the_fraction_beside_the_rounded_value() -> None:
    assert predicted(BINARY, "binary", **_THIRD).to_json() == {
        "kind": "value",
        "value": float(np.float32(1 / 3)),
        "exact": "1/3",
    }


@pytest.mark.parametrize(
    ("average", "of_ten", "of_many"),
    [
        ("micro", Fraction(1, 3), Fraction(1, 3)),
        ("weighted", Fraction(1, 3), Fraction(1, 3)),
        ("macro", Fraction(1, 20), Fraction(1, 2 * 10**9)),
    ],
)
def test_classes_that_do_not_occur_are_not_counted_one_by_one(
    average: str, of_ten: Fraction, of_many: Fraction
) -> None:
    """A label of 10^9 makes as many classes: nothing but the labels that occur may be as many."""
    definition = replace(find(MULTICLASS), departures=())
    for largest, expected in ((9, of_ten), (10**9 - 1, of_many)):
        inputs = {"y_true": [largest, 3, 3], "y_pred": [0, 0, 3], "average": average}
        prediction = predict(definition, build("multiclass", inputs)).predicted
        assert prediction.value == expected
        assert not prediction.holds_for(observed(1.0))


def test_the_sums_of_an_update_are_those_of_its_labels() -> None:
    labels = np.array([9_999, 3, 3])
    units = Units(np.array([0, 0, 1]), None, np.arange(3), (3,), None, labels, np.array([0, 0, 3]))
    tally = Classes().tally(units, {"num_classes": 10_000}, build("multiclass", {"y_true": 0, "y_pred": 0}))
    assert len(tally) == 4


def test_a_vector_of_a_billion_classes_is_not_predicted() -> None:
    inputs = {"y_true": [10**9, 3], "y_pred": [0, 3], "average": "none"}
    prediction = predicted(MULTICLASS, "multiclass", **inputs)
    assert prediction.says_nothing
    assert "a vector of 1,000,000,001 values is not predicted" in (prediction.why or "")


def test_the_document_names_the_reason_of_an_exception_by_its_code() -> None:
    raises = Prediction("raises", type="ValueError", reason=Reason("too-long", "it is too long"))
    document = {"kind": "raises", "type": "ValueError", "reason": "too-long", "why": "it is too long"}
    assert raises.to_json() == document


def test_an_unspecified_outcome_may_be_any_value_and_any_exception() -> None:
    anything = Prediction("unspecified")
    assert anything.to_json() == {"kind": "unspecified"}
    assert anything.holds_for(observed(0.25))
    assert anything.holds_for(Outcome("raises", type="RuntimeError"))
    assert not anything.holds_for(Outcome("crashed", message="killed"))
    assert not anything.same_as(Prediction("value", value=Fraction(1, 4)))


def test_a_sum_of_floats_is_that_of_their_fractions() -> None:
    random = np.random.default_rng(0)
    wide = random.normal(size=999) * 10.0 ** random.integers(-300, 300, 999)
    narrow = random.random(9).astype("float16")
    for values in (wide, narrow, np.array([5e-324, -1e308, 0.1]), np.zeros((0,))):
        assert summed(values) == sum(map(Fraction, values.astype(float).tolist()), Fraction(0))


@pytest.mark.parametrize("weighted", [True, False])
def test_sums_of_means_are_exact(weighted: bool) -> None:
    random = np.random.default_rng(0)
    hit, weights = random.random((40, 3)) < 0.6, random.random((40, 3))
    counted = Counted(hit, None, hit, hit)
    units = SAMPLE_MEAN.apply(counted, weights if weighted else None, 0, {})
    each = [
        [Fraction(float(weight)) for weight in sample] for sample in (weights if weighted else hit | True)
    ]
    below = [Fraction(sum(sample), 3) for sample in each]
    above = [
        Fraction(sum(weight for weight, correct in zip(*both, strict=True) if correct), 3)
        for both in zip(each, hit.tolist(), strict=True)
    ]
    sums = pooled(units, slice(None))
    assert (sums.correct, sums.weight) == (sum(above), sum(below))
    assert as_means(units).numerator.tolist() == above
