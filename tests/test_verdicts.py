"""Outcome against prediction and expectation; outcomes of a case against each other."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_cases import ENTRIES, SEED, as_predicted, judged, made_case, predicted_cells, predictions
from packaging.version import Version

from conformance.calls.outcome import Outcome
from conformance.oracle import find, predict
from conformance.oracle.model import Behaviour
from conformance.oracle.prediction import Prediction
from conformance.verdicts.groups import Grouping, grouped, letter_of
from conformance.verdicts.verdicts import FAILING, Cell, judge, not_applicable

KERAS = "keras.metrics.BinaryAccuracy"
EQUALITY = "keras.metrics.Accuracy"
TORCH = "torchmetrics.classification.BinaryAccuracy"
MULTICLASS = "torchmetrics.classification.MulticlassAccuracy"
SCORE = "sklearn.metrics.accuracy_score"
BINARIZER = "sklearn.metrics.accuracy_score[Binarizer]"

#: Keras rounds the threshold: 1/2 is claimed, 1 is predicted.
_DEPARTING = {"y_true": [[1], [0]], "y_pred": [[0.7], [0.2]], "threshold": 0.7}
#: The check of top_k lets 0 through.
_TOP_NONE = {"y_true": [0, 1], "y_pred": [[0.9, 0.1], [0.2, 0.8]], "top_k": 0, "num_classes": 2}
#: A release that does.
_LETS_THROUGH = Version("1.9.0")
_TOP_NONE_FINDING = "torchmetrics-top-k-below-one-is-let-through"
_THIRD = {"y_true": [[1], [0], [0]], "y_pred": [[1], [1], [1]]}


def observed(value: Any, dtype: str = "float32", **more: Any) -> Outcome:
    return Outcome("value", value=value, dtype=dtype, **more)


def raising(name: str = "ValueError", message: str = "no", bases: tuple[str, ...] = ()) -> Outcome:
    return Outcome("raises", type=name, message=message, bases=bases)


# Each verdict, from an outcome and the prediction for it.


def test_an_outcome_as_predicted_is_as_defined() -> None:
    cell = judged(made_case(**SEED), KERAS, observed(1.0))
    assert (cell.verdict, cell.fails, cell.explanation) == ("as-defined", False, None)


def test_a_predicted_refusal_is_as_defined() -> None:
    assert judged(made_case(**SEED), SCORE, raising()).verdict == "as-defined"


def test_what_a_departure_predicts_is_documented() -> None:
    cell = judged(made_case(**_DEPARTING), KERAS, observed(1.0))
    assert (cell.verdict, cell.fails) == ("documented", False)
    assert cell.predictions is not None
    assert cell.predictions.departures == ("keras-threshold-is-rounded-to-float32",)


def test_what_is_claimed_is_stale_where_a_departure_says_otherwise() -> None:
    cell = judged(made_case(**_DEPARTING), KERAS, observed(0.5))
    assert (cell.verdict, cell.fails) == ("stale", True)
    assert "keras-threshold-is-rounded-to-float32" in (cell.explanation or "")


@pytest.mark.parametrize(
    "outcome",
    [observed(1 / 3), observed([0.5, 0.5]), raising("RuntimeError"), raising("ValueError")],
    ids=["value", "vector", "exception", "the documented exception"],
)
def test_where_nothing_is_specified_any_outcome_is_documented(outcome: Outcome) -> None:
    cell = judged(made_case("multiclass", **_TOP_NONE), MULTICLASS, outcome, release=_LETS_THROUGH)
    assert (cell.verdict, cell.departures) == ("documented", (_TOP_NONE_FINDING,))


def test_where_nothing_is_specified_a_crash_still_fails() -> None:
    cell = judged(
        made_case("multiclass", **_TOP_NONE),
        MULTICLASS,
        Outcome("crashed", message="killed"),
        release=_LETS_THROUGH,
    )
    assert cell.verdict == "crashed"


def test_where_nothing_is_specified_another_check_still_raises_its_exception() -> None:
    case = made_case("multiclass", **_TOP_NONE | {"average": "nothing of the kind"})
    assert judged(case, MULTICLASS, raising("ValueError"), release=_LETS_THROUGH).verdict == "as-defined"
    assert judged(case, MULTICLASS, observed(1.0), release=_LETS_THROUGH).verdict == "unexplained"


def test_where_nothing_is_specified_an_expectation_that_fails_is_unexplained_and_never_stale() -> None:
    case = made_case("multiclass", expect={MULTICLASS: 0.25}, **_TOP_NONE)
    assert judged(case, MULTICLASS, observed(0.5), release=_LETS_THROUGH).verdict == "unexplained"
    assert judged(case, MULTICLASS, observed(0.25), release=_LETS_THROUGH).verdict == "documented"


def test_who_claims_the_definition_of_another_framework_may_share_its_departures_or_not() -> None:
    case, ours = made_case(**_DEPARTING), replace(ENTRIES[KERAS], id="ours.metric", claims_departures=False)
    predicted = predictions(case, KERAS)
    verdicts = {
        value: judge(case, ours, observed(value), predicted, {}).verdict for value in (0.5, 1.0, 0.25)
    }
    assert verdicts == {0.5: "as-defined", 1.0: "documented", 0.25: "unexplained"}
    without = judge(case, ours, observed(0.5), predicted, {})
    assert without.departures == ()
    assert without.predictions is not None
    assert without.predictions.side.really == predicted.side.claims != predicted.side.really
    calling_it = replace(ours, claims_departures=True)
    assert judge(case, calling_it, observed(0.5), predicted, {}).verdict == "stale"


def test_a_right_value_of_another_dtype_is_said_to_be_that() -> None:
    cell = judged(made_case(**SEED), KERAS, observed(1.0, "float64"))
    assert cell.verdict == "unexplained"
    assert (cell.explanation or "").endswith("predicted 1 (float32): the value is correct, its dtype is not.")


def test_what_neither_claims_nor_departs_to_is_unexplained() -> None:
    cell = judged(made_case(**_DEPARTING), KERAS, observed(0.25))
    assert (cell.verdict, cell.fails) == ("unexplained", True)


def test_an_unexplained_outcome_says_what_was_observed_and_what_was_predicted() -> None:
    cell = judged(made_case(**SEED), KERAS, observed(0.5))
    assert cell.explanation == "Observed 0.5 (float32), predicted 1 (float32)."


def test_a_value_where_a_refusal_is_predicted_is_unexplained() -> None:
    cell = judged(made_case(**SEED), SCORE, observed(1.0, "float64"))
    assert cell.verdict == "unexplained"
    assert "ValueError" in (cell.explanation or "")


def test_a_refusal_where_a_value_is_predicted_is_unexplained() -> None:
    cell = judged(made_case(**SEED), KERAS, raising("TypeError", "unhashable"))
    assert cell.verdict == "unexplained"
    assert "TypeError: unhashable" in (cell.explanation or "")


def test_a_definition_that_fails_makes_the_cell_red_whatever_is_observed_or_expected() -> None:
    def fails(*ignored: Any) -> Any:
        raise IndexError("a bug")

    bug = Behaviour("decision-rule", "a-bug", "It fails.", fails).source("tests")
    definition = find(KERAS).overlaid("made.for.a.test", "It fails.", bug)
    case = made_case(expect={KERAS: 1.0}, **SEED)
    for outcome in (observed(1.0), raising("IndexError")):
        cell = judge(case, ENTRIES[KERAS], outcome, predict(definition, case.call()), {})
        assert (cell.verdict, cell.problem) == ("unexplained", "not-evaluated")
        assert "IndexError: a bug" in (cell.explanation or "")


def test_an_exception_of_another_type_is_unexplained() -> None:
    assert judged(made_case(**SEED), SCORE, raising("KeyError")).verdict == "unexplained"


def test_an_exception_that_inherits_from_the_predicted_one_is_as_defined() -> None:
    assert judged(made_case(**SEED), SCORE, raising("Special", bases=("ValueError",))).verdict == "as-defined"


def test_a_millionth_off_is_unexplained() -> None:
    cell = judged(made_case(**_THIRD), KERAS, observed(float(np.float32(1 / 3 + 1e-6))))
    assert cell.verdict == "unexplained"


def test_without_a_definition_an_outcome_is_only_observed() -> None:
    case = made_case(**SEED)
    cell = judge(case, ENTRIES[KERAS], observed(0.123), None, {})
    assert (cell.verdict, cell.fails) == ("undefined", False)


def test_a_dead_worker_and_an_exceeded_time_fail_and_say_so() -> None:
    crashed = judged(made_case(**SEED), KERAS, Outcome("crashed", message="killed by signal 9"))
    late = judged(made_case(**SEED), KERAS, Outcome("timed-out", message="no answer within 60 s"))
    assert (crashed.verdict, crashed.fails) == ("crashed", True)
    assert "killed by signal 9" in (crashed.explanation or "")
    assert (late.verdict, late.fails) == ("timed-out", True)
    assert "60 s" in (late.explanation or "")


def test_what_cannot_be_asked_is_not_applicable_and_does_not_fail() -> None:
    cell = not_applicable(ENTRIES[SCORE], "has no parameter threshold")
    assert (cell.verdict, cell.fails) == ("not-applicable", False)
    assert cell.outcome.reason == "has no parameter threshold"


def test_the_failing_verdicts_are_the_four_of_the_contract() -> None:
    assert sorted(FAILING) == ["crashed", "stale", "timed-out", "unexplained"]


@pytest.mark.parametrize("expect", [None, {KERAS: 1.0}])
def test_a_changed_input_is_unexplained_though_the_value_is_right(expect: dict[str, Any] | None) -> None:
    outcome = observed(1.0, changed_inputs=("y_true",))
    cell = judged(made_case(**SEED, expect=expect), KERAS, outcome)
    assert cell.verdict == "unexplained"
    assert "y_true" in (cell.explanation or "")


def test_nothing_from_a_distrusted_environment_passes() -> None:
    case = made_case(**SEED, expect={KERAS: 1.0})
    cell = judged(case, KERAS, observed(1.0), distrust="It reports a false version.")
    assert (cell.verdict, cell.explanation) == ("unexplained", "It reports a false version.")


def test_a_crash_stays_a_crash_in_a_distrusted_environment() -> None:
    cell = judged(made_case(**SEED), KERAS, Outcome("crashed", message="gone"), distrust="False version.")
    assert cell.verdict == "crashed"


# What `expect` does.


def expecting(written: Any, outcome: Outcome, implementation: str = KERAS, **more: Any) -> Cell:
    return judged(made_case(**SEED, expect={implementation: written}), implementation, outcome, **more)


@pytest.mark.parametrize("written", [0.25, "1/4", {"value": 0.25}, {"value": "1/4", "because": "known"}])
def test_an_expected_value_that_departs_is_documented(written: Any) -> None:
    assert expecting(written, observed(0.25)).verdict == "documented"


def test_an_expected_value_that_the_definition_predicts_too_is_as_defined() -> None:
    assert expecting(1.0, observed(1.0)).verdict == "as-defined"


def test_the_reason_of_an_expect_stands_in_the_cell() -> None:
    cell = expecting({"value": 0.25, "because": "measured on a Tuesday"}, observed(0.25))
    assert cell.because == "measured on a Tuesday"


def test_an_expected_fraction_is_compared_after_rounding() -> None:
    assert expecting("1/3", observed(float(np.float32(1 / 3)))).verdict == "documented"
    assert expecting("1/3", observed(float(np.float32(1 / 3 + 1e-6)))).verdict == "unexplained"


def test_a_python_float_of_a_float32_computation_is_compared_as_float32() -> None:
    rounded = float(np.float32(1 / 3))
    assert expecting("1/3", observed(rounded, "float64")).verdict == "documented"
    assert expecting("1/3", observed(1 / 3 + 1e-9, "float64")).verdict == "unexplained"


def test_an_expected_list_is_compared_entry_by_entry() -> None:
    assert expecting([0.5, "1/4"], observed([0.5, 0.25])).verdict == "documented"
    assert expecting([0.5, "1/4"], observed([0.5, 0.5])).verdict == "unexplained"
    assert expecting([0.5, "1/4"], observed(0.5)).verdict == "unexplained"


def test_an_expected_nan_is_a_value() -> None:
    assert expecting(math.nan, observed(math.nan)).verdict == "documented"
    assert expecting(math.nan, observed(0.0)).verdict == "unexplained"


def test_an_expected_exception_is_met_by_its_type_or_a_base_of_it() -> None:
    assert expecting({"raises": "ValueError"}, raising()).verdict == "documented"
    assert expecting({"raises": "ValueError"}, raising("Odd", bases=("ValueError",))).verdict == "documented"
    assert expecting({"raises": "ValueError"}, raising("TypeError")).verdict == "unexplained"
    assert expecting({"raises": "ValueError"}, observed(0.5)).verdict == "unexplained"


def test_an_expected_message_is_searched_for() -> None:
    written = {"raises": "ValueError", "match": "no .* weights"}
    assert expecting(written, raising(message="there are no such weights")).verdict == "documented"
    assert expecting(written, raising(message="there are no rows")).verdict == "unexplained"


def test_a_failed_expectation_says_what_was_expected_and_what_came() -> None:
    cell = expecting({"raises": "ValueError", "match": "weights"}, observed(0.25))
    assert cell.explanation == (
        "The expected value on line 1 does not match: it is ValueError matching 'weights', observed is 0.25 (float32)."
    )


def test_an_expectation_back_at_the_definition_is_stale() -> None:
    cell = expecting(0.25, observed(1.0))
    assert (cell.verdict, cell.fails) == ("stale", True)
    assert cell.explanation == (
        "The expected value on line 1 does not match: it is 0.25, observed and predicted is 1.0 (float32)."
    )


@pytest.mark.parametrize("because", ["TODO", "todo: say why", " TODO later"])
def test_an_expectation_without_its_reason_yet_fails(because: str) -> None:
    cell = expecting({"value": 0.25, "because": because}, observed(0.25))
    assert (cell.verdict, cell.fails) == ("unexplained", True)
    assert "TODO" in (cell.explanation or "")


def test_an_expectation_holds_only_for_the_versions_it_names() -> None:
    written = {"value": 0.25, "when": {"keras": "<3.10"}}
    old, new = {"keras": "3.9.2"}, {"keras": "3.15.1"}
    assert expecting(written, observed(0.25), versions=old).verdict == "documented"
    assert expecting(written, observed(0.25), versions=new).verdict == "unexplained"
    assert expecting(written, observed(1.0), versions=old).verdict == "stale"
    assert expecting(written, observed(1.0), versions=new).verdict == "as-defined"


def test_an_expectation_for_another_implementation_changes_nothing() -> None:
    case = made_case(**SEED, expect={EQUALITY: 0.25})
    assert judged(case, KERAS, observed(1.0)).verdict == "as-defined"


def test_an_expectation_gives_a_verdict_where_no_definition_is_claimed() -> None:
    case = made_case(**SEED, expect={KERAS: 0.25})
    assert judge(case, ENTRIES[KERAS], observed(0.25), None, {}).verdict == "documented"
    assert judge(case, ENTRIES[KERAS], observed(1.0), None, {}).verdict == "unexplained"


# How outcomes fall into groups.


def grouping(*cells: Cell) -> Grouping:
    return grouped(cells)["accuracy"]


def members(found: Grouping) -> dict[str, set[str]]:
    return {letter: {cell.implementation.id for cell in cells} for letter, cells in found.groups.items()}


def test_the_largest_group_is_a_and_the_seed_rows_diverge() -> None:
    found = grouped(predicted_cells(made_case(**SEED)))["accuracy"]
    assert found.verdict == "diverge"
    sizes = [len(cells) for cells in found.groups.values()]
    assert list(found.groups) == ["A", "B", "C"]
    assert sizes == sorted(sizes, reverse=True)
    assert {KERAS, TORCH, BINARIZER, "keras.Model.compile[accuracy]"} <= members(found)["A"]


def test_equal_outcomes_agree() -> None:
    case = made_case(y_true=[[1], [0]], y_pred=[[1], [1]])
    cells = [judged(case, name) for name in (KERAS, EQUALITY, TORCH, SCORE)]
    found = grouping(*cells)
    assert (found.verdict, list(found.groups)) == ("agree", ["A"])
    assert {found.letter(cell) for cell in cells} == {"A"}


def test_refusals_of_any_type_form_one_group() -> None:
    case = made_case(y_true=[[2], [0]], y_pred=[[0.9], [0.2]])
    found = grouping(*(judged(case, name) for name in (SCORE, TORCH, EQUALITY, KERAS)))
    kinds = {cell.outcome.type for cell in found.groups["A"]}
    assert kinds == {"ValueError", "RuntimeError"}
    assert members(found)["A"] == {SCORE, TORCH}


def test_one_third_is_one_group_in_whatever_dtype_it_was_rounded() -> None:
    case = made_case(**_THIRD)
    cells = [judged(case, name) for name in (KERAS, TORCH, SCORE, "keras.Model.compile[accuracy]")]
    assert len({cell.outcome.value for cell in cells}) > 1, "the rounded numbers differ"
    assert grouping(*cells).verdict == "agree"


def test_one_third_is_one_group_where_nothing_was_predicted_either() -> None:
    def undefined(implementation: str, outcome: Outcome) -> Cell:
        return judge(made_case(**_THIRD), ENTRIES[implementation], outcome, None, {})

    narrow, wide = observed(float(np.float32(1 / 3))), observed(1 / 3, "float64")
    assert grouping(undefined(KERAS, narrow), undefined(SCORE, wide)).verdict == "agree"
    assert grouping(undefined(SCORE, wide), undefined(KERAS, narrow)).verdict == "agree"


@pytest.mark.parametrize("odd_one_first", [True, False])
def test_a_millionth_apart_is_another_group(odd_one_first: bool) -> None:
    case = made_case(**_THIRD)
    off = judged(case, KERAS, observed(float(np.float32(1 / 3 + 1e-6))))
    right = [judged(case, name) for name in (TORCH, SCORE)]
    found = grouping(off, *right) if odd_one_first else grouping(*right, off)
    assert found.verdict == "diverge"
    assert members(found) == {"A": {TORCH, SCORE}, "B": {KERAS}}


def test_a_vector_and_the_number_it_repeats_are_two_groups() -> None:
    case = made_case(**_THIRD)
    vector = judged(case, KERAS, observed([float(np.float32(1 / 3))]))
    assert grouping(vector, judged(case, TORCH)).verdict == "diverge"


def test_nan_equals_nan_and_no_number() -> None:
    case = made_case(**_THIRD)
    nans = [judged(case, name, observed(math.nan)) for name in (KERAS, TORCH)]
    assert grouping(*nans).verdict == "agree"
    assert grouping(*nans, judged(case, SCORE)).verdict == "diverge"


def test_fewer_than_two_outcomes_have_no_verdict() -> None:
    case = made_case(**SEED)
    alone = grouping(judged(case, KERAS))
    assert (alone.verdict, list(alone.groups)) == (None, ["A"])
    assert grouped([]) == {}


def test_crashes_timeouts_and_what_is_not_applicable_are_in_no_group() -> None:
    case = made_case(**SEED)
    lost = judged(case, KERAS, Outcome("crashed", message="gone"))
    late = judged(case, TORCH, Outcome("timed-out", message="late"))
    found = grouping(lost, late, not_applicable(ENTRIES[SCORE], "no"), judged(case, EQUALITY))
    assert members(found) == {"A": {EQUALITY}}
    assert found.letter(lost) is None
    assert found.verdict is None


def test_quantities_are_not_compared_with_each_other() -> None:
    case = made_case(y_true=[0, 0, 0, 1], y_pred=[0, 0, 0, 0])
    cells = [judged(case, name) for name in (SCORE, "sklearn.metrics.balanced_accuracy_score")]
    found = grouped(cells)
    assert {quantity: one.verdict for quantity, one in found.items()} == {
        "accuracy": None,
        "balanced-accuracy": None,
    }


def test_an_open_outcome_is_grouped_by_what_came_back() -> None:
    tie = {"y_true": [1, 2, 0], "y_pred": [[0.5, 0.25, 0.25]] * 3, "top_k": 2}
    case = made_case("multiclass", **tie)
    micro, whole = "torchmetrics.classification.MulticlassAccuracy[average=micro]", "torchmetrics.Accuracy"
    assert predictions(case, micro).predicted.kind == "one-of"
    third, two_thirds = observed(float(np.float32(1 / 3))), observed(float(np.float32(2 / 3)))
    assert judged(case, micro, third).verdict == judged(case, whole, two_thirds).verdict == "as-defined"
    assert grouping(judged(case, micro, third), judged(case, whole, third)).verdict == "agree"
    assert grouping(judged(case, micro, third), judged(case, whole, two_thirds)).verdict == "diverge"


COMPILED = "keras.Model.compile[accuracy]"


def test_a_name_that_became_something_else_is_unexplained_whatever_the_value() -> None:
    case = made_case(**SEED)
    right = as_predicted(case, COMPILED)
    assert (right.value, right.resolved) == (1.0, "BinaryAccuracy")
    assert judged(case, COMPILED, right).verdict == "as-defined"
    cell = judged(case, COMPILED, replace(right, resolved="CategoricalAccuracy"))
    assert (cell.verdict, cell.fails) == ("unexplained", True)
    assert cell.explanation == (
        "The string became CategoricalAccuracy, predicted was BinaryAccuracy; value 1.0 (float64)."
    )


def test_an_expected_value_does_not_excuse_a_name_that_became_something_else() -> None:
    case = made_case(**SEED, expect={COMPILED: {"value": 1.0, "because": "a test"}})
    outcome = replace(as_predicted(case, COMPILED), resolved="Accuracy")
    assert judged(case, COMPILED, outcome).verdict == "unexplained"


def test_letters_go_on_behind_z() -> None:
    assert [letter_of(index) for index in (0, 1, 25, 26, 27, 51, 52, 701, 702)] == [
        "A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_a_predicted_cell_is_judged_as_its_verdict_says() -> None:
    for inputs in (SEED, _DEPARTING, _THIRD):
        case = made_case(**inputs)
        for cell in predicted_cells(case):
            again = judged(case, cell.implementation.id, cell.outcome)
            assert again.verdict == cell.verdict, cell.implementation.id


def test_an_outcome_keeps_everything_on_its_way_through_json() -> None:
    outcome = replace(
        as_predicted(made_case(**SEED), KERAS),
        value=[math.inf, -0.0, [0.5]],
        warnings=("A: b",),
        resolved="BinaryAccuracy",
    )
    back = Outcome.from_json(outcome.to_json())
    assert back == outcome
    assert math.copysign(1, back.value[1]) == -1
    assert Prediction("value", value=[math.inf, 0, [0.5]], dtype="float32").holds_for(back)
