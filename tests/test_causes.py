"""Causes: found by exchanging rules, the smallest sets of axes only."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from compared import (
    CATEGORICAL,
    COMPILED,
    EQUALITY,
    FIXED,
    LABELS,
    MACRO,
    MICRO,
    SCORE,
    SPARSE,
    THRESHOLD,
    TORCH,
    UNEQUAL,
)
from made_cases import ENTRIES, SEED, judged, made_case, predicted_cells, predictions
from sampling import Some
from searching_causes import one_way, removes, searched
from shipped_cases import CASES

from conformance.calls.outcome import Outcome
from conformance.cases import Case
from conformance.oracle import Predictions, find, predict
from conformance.oracle.axes import AXES
from conformance.oracle.exchange import LARGEST, Causes, Exchange, causes
from conformance.oracle.model import Behaviour, Incomposable
from conformance.oracle.rules import decision_rule
from conformance.oracle.side import Side, differing
from conformance.verdicts.causes import Divergence, axes_of, divergences, pairs
from conformance.verdicts.groups import grouped
from conformance.verdicts.verdicts import Cell, judge


def side(case: Case, implementation: str) -> Side:
    found = predictions(case, implementation).side
    assert found is not None
    return found


def between(one: str, other: str, task: str = "binary", **inputs: Any) -> set[frozenset[str]]:
    """The causes of one pair, in either order the same."""
    case = made_case(task, **inputs)
    left, right = side(case, one), side(case, other)
    assert not left.predicted.same_as(right.predicted), "these two agree, and nothing parts them"
    found = causes(left, right, case.call())
    assert sets(found) == sets(causes(right, left, case.call()))
    return sets(found)


def sets(found: Iterable[Iterable[str]]) -> set[frozenset[str]]:
    return {frozenset(axes) for axes in found}


def only(*axes: str) -> set[frozenset[str]]:
    return {frozenset((axis,)) for axis in axes}


# Pairs whose cause is known.


def test_accuracy_and_binary_accuracy_part_on_the_seed_rows_by_the_decision_rule_alone() -> None:
    assert between(EQUALITY, THRESHOLD, **SEED) == only("decision-rule")


#: Name -> task, inputs, the pair, and the reason of the one that raises.
RAISING = {
    "scores where labels are wanted": ("binary", SEED, (THRESHOLD, SCORE), "mixed-targets"),
    "targets other than 0 and 1": (
        "binary",
        {"y_true": [1, -1], "y_pred": [0.75, -0.75]},
        (THRESHOLD, TORCH),
        "targets-other-than-0-and-1",
    ),
    "an integer for a threshold": (
        "binary",
        {"y_true": [0], "y_pred": [-1.0], "threshold": 0},
        (THRESHOLD, TORCH),
        "invalid-threshold",
    ),
    "targets of two dimensions": (
        "multiclass",
        {
            "y_true": [[0, 1]],
            "y_pred": [[[0.9, 0.1], [0.2, 0.8]]],
            "top_k": 1,
            "dtype": {"y_pred": "float32"},
        },
        ("keras.metrics.SparseTopKCategoricalAccuracy", "sklearn.metrics.top_k_accuracy_score"),
        "targets-not-1d",
    ),
    "a label that is no class": (
        "multiclass",
        {"y_true": [1, 2], "y_pred": [1, 2], "num_classes": 2},
        (MACRO, SCORE),
        "label-outside-classes",
    ),
    "nothing to count": (
        "binary",
        {"y_true": [[1], [0]], "y_pred": [[1], [1]], "sample_weight": [1, -1]},
        (THRESHOLD, SCORE),
        "weights-sum-to-0",
    ),
}


@pytest.mark.parametrize(("task", "inputs", "pair", "reason"), RAISING.values(), ids=RAISING)
def test_what_one_raises_for_is_the_only_cause(
    task: str, inputs: dict[str, Any], pair: tuple[str, str], reason: str
) -> None:
    assert between(*pair, task, **inputs) == only("refusal")
    found = [side(made_case(task, **inputs), name).predicted.reason for name in pair]
    assert [entry.code for entry in found if entry is not None] == [reason]


def test_macro_and_micro_part_by_a_default_that_nobody_wrote() -> None:
    assert between(MACRO, MICRO, "multiclass", **UNEQUAL) == only("default-parameter")
    assert between(MACRO, "torchmetrics.Accuracy", "multiclass", **UNEQUAL) >= only("default-parameter")


def test_macro_in_torchmetrics_and_rows_in_keras_part_by_the_average() -> None:
    rows = {"y_true": [0, 0, 0, 1], "y_pred": [[0.9, 0.1]] * 4, "dtype": {"y_pred": "float32"}}
    assert frozenset({"average"}) in between(SPARSE, MACRO, "multiclass", **rows)


def test_seven_tenths_in_float64_part_by_a_departure_and_its_precision() -> None:
    tenths = {"y_true": [[1], [0]], "y_pred": [[0.7], [0.2]], "threshold": 0.7}
    assert between(THRESHOLD, TORCH, **tenths) == only("departure", "threshold-precision")


def test_logits_part_by_what_is_done_to_scores() -> None:
    logits = {"y_true": [[0], [0], [1], [1]], "y_pred": [[0.3], [0.4], [0.2], [3.0]]}
    assert between(THRESHOLD, TORCH, **logits) == only("score-transform")


def test_a_score_on_the_threshold_parts_by_the_decision_rule() -> None:
    half = {"y_true": [[1], [0]], "y_pred": [[0.5], [0.2]], "threshold": 0.5}
    assert between(THRESHOLD, FIXED, **half) == only("decision-rule")


def test_a_tie_in_top_k_parts_by_the_rule_for_ties() -> None:
    tie = {"y_true": [1, 2, 0], "y_pred": [[0.5, 0.25, 0.25]] * 3, "top_k": 2, "dtype": {"y_pred": "float32"}}
    found = between(
        "keras.metrics.SparseTopKCategoricalAccuracy",
        "sklearn.metrics.top_k_accuracy_score",
        "multiclass",
        **tie,
    )
    assert found == only("ties")


def test_rows_of_unequal_width_part_by_the_unit() -> None:
    updates = [{"y_true": [[1]], "y_pred": [[0.9]]}, {"y_true": [[1, 1]], "y_pred": [[0.1, 0.1]]}]
    assert frozenset({"unit"}) in between(THRESHOLD, TORCH, updates=updates)


def test_whole_rows_and_elements_part_by_the_unit() -> None:
    rows = {"y_true": [[1, 0, 1], [0, 1, 0]], "y_pred": [[1, 0, 1], [0, 1, 1]]}
    assert frozenset({"unit"}) in between(THRESHOLD, SCORE, "multilabel", **rows)


def test_weights_that_a_compiled_metric_never_sees_part_by_the_weights() -> None:
    rows = {"y_true": [[1], [0], [1]], "y_pred": [[1], [1], [1]], "sample_weight": [1, 0, 1]}
    assert between(THRESHOLD, COMPILED, **rows) == only("weights")


def test_a_name_that_stands_for_another_metric_parts_by_its_resolution() -> None:
    rows = {"y_true": [[0, 1, 1]], "y_pred": [[0.1, 0.8, 0.9]]}
    found = between(THRESHOLD, COMPILED, "multilabel", **rows)
    assert frozenset({"name-resolution"}) in found


def test_nan_among_class_scores_parts_by_special_values() -> None:
    rows = {"y_true": [1, 0], "y_pred": [[0.9, float("nan")], [0.8, 0.1]], "dtype": {"y_pred": "float32"}}
    # Keras leaves its documentation here: with the documented rule they agree as well.
    assert between(SPARSE, MICRO, "multiclass", **rows) == only("special-values", "departure")


def test_a_rule_brings_the_parameters_that_only_its_side_has() -> None:
    """Without the threshold, other axes on which the two differ would be needed to make the rules fit."""
    rows = {"y_true": [[1, 0, 1, 0], [0, 1, 1, 0]], "y_pred": [[0.9, 0.2, 0.8, 0.1], [0.2, 0.3, 0.9, 0.2]]}
    found = between(COMPILED, LABELS, "multilabel", **rows, dtype={"y_pred": "float32"})
    assert found == {frozenset({"label-domain", "decision-rule", "shape"})}


def test_what_explains_by_coincidence_is_no_cause() -> None:
    """An argmax of one column is always 0: here as often as no score is above the threshold and right."""
    rows = {"y_true": [[0], [0], [0], [1]], "y_pred": [[0.6], [0.1], [0.2], [0.9]]}
    batches = "tf_keras.Model.compile[accuracy,dataset]"
    inputs = {**rows, "loss": "binary_crossentropy", "dtype": {"y_pred": "float32"}}
    one, other = (side(made_case(**inputs), name) for name in (COMPILED, batches))
    assert removes(("label-domain",), one, other, made_case(**inputs).call())
    assert between(COMPILED, batches, **inputs) == only("name-resolution", "departure")


def test_what_gives_the_number_by_way_of_another_sample_is_no_cause() -> None:
    """A sigmoid makes the last sample incorrect; `>` would make the first one incorrect, which is on the threshold."""
    rows = {"y_true": [1, 0, 1, 0], "y_pred": [0.5, -1.0, 2.0, 0.3]}
    at_thresholds = "sklearn.metrics.metric_at_thresholds[accuracy_score]"
    case = made_case(**rows)
    assert removes(("decision-rule",), side(case, TORCH), side(case, at_thresholds), case.call())
    assert between(TORCH, at_thresholds, **rows) == only("score-transform")


def test_the_smallest_set_may_explain_by_coincidence() -> None:
    """An argmax of one column is 0 on both sides; one of three targets is 0, and one prediction is correct."""
    rows = {"y_true": [[3], [1], [0]], "y_pred": [[2], [1], [2]]}
    case = made_case("multiclass", **rows)
    assert removes(("label-domain",), side(case, CATEGORICAL), side(case, SCORE), case.call())
    found = between(CATEGORICAL, SCORE, "multiclass", **rows)
    assert found == {frozenset({"label-domain", "decision-rule"})}


# The smallest sets only.


#: Every so many-th case of the corpus; all of them are gone through by the suite itself.
SAMPLE = CASES[::8]


@cache
def cells_of(case: Case) -> list[Cell]:
    return [cell for cell in predicted_cells(case) if cell.predictions]


def differing_cells(cases: Iterable[Case]) -> list[tuple[Case, Cell, Cell]]:
    """All pairs of implementations in different groups."""
    return [
        (case, one, other)
        for case in cases
        for grouping in grouped(cells_of(case)).values()
        for groups in itertools.combinations(grouping.groups.values(), 2)
        for one, other in itertools.product(*groups)
    ]


def some_pairs(step: int) -> list[tuple[str, Side, Side, Case]]:
    """A sample of the pairs of one quantity in the corpus that part."""
    return [
        (f"{case.id}: {one.implementation.id}, {other.implementation.id}", _side(one), _side(other), case)
        for case, one, other in differing_cells(SAMPLE)[::step]
    ]


def _side(cell: Cell) -> Side:
    assert cell.predictions is not None
    return cell.predictions.side


@cache
def kept(case: Case) -> dict[frozenset[str], Causes]:
    """The causes of each two implementations of a case that both give a value."""
    exchange = Exchange(case.call())
    return {
        frozenset((left, right)): found
        for grouping in grouped(cells_of(case)).values()
        for every in (pairs(grouping, exchange),)
        for (one, other), found in every.causes.items()
        for left, right in itertools.product(every.behaviours[one], every.behaviours[other])
    }


def test_what_is_kept_for_two_implementations_is_what_an_exchange_finds_for_these_two(some: Some) -> None:
    every = differing_cells(some(CASES, 8))
    for case, one, other in some(every, max(1, len(every) // 2_000)):
        names, left, right = (one.implementation.id, other.implementation.id), _side(one), _side(other)
        if "raises" in (one.outcome.kind, other.outcome.kind):
            assert frozenset(names) not in kept(case), (case.id, names)
            continue
        found = sets(kept(case)[frozenset(names)])
        if case.call().outputs and (left.departs or right.departs):
            assert found == only("departure"), (case.id, names)
            continue
        wanted = searched(left, right, case.call())
        if any(len(axes) > LARGEST for axes in wanted):
            (axes,) = found
            assert axes <= next(iter(wanted)), (case.id, names)
            assert removes(tuple(axes), left, right, case.call()), (case.id, names)
        else:
            assert found == wanted, (case.id, names)


def test_where_one_of_them_raises_that_is_the_cause_and_no_default() -> None:
    raising = [
        pair for pair in some_pairs(step=17) if "raises" in (pair[1].predicted.kind, pair[2].predicted.kind)
    ]
    for name, left, right, case in raising:
        unspecified = "unspecified" in (left.predicted.kind, right.predicted.kind)
        assert sets(causes(left, right, case.call())) == only("departure" if unspecified else "refusal"), name


def test_only_axes_on_which_two_differ_are_causes() -> None:
    for name, left, right, case in some_pairs(step=23):
        named = {axis for axes in causes(left, right, case.call()) for axis in axes}
        assert named - {"refusal"} <= set(differing(left, right)), name
        assert named <= set(AXES), name


def test_equal_definitions_differ_on_no_axis() -> None:
    case = made_case(**SEED)
    assert list(differing(side(case, COMPILED), side(case, "keras.Model.compile[acc]"))) == []
    assert causes(side(case, TORCH), side(case, TORCH), case.call()) == ()


# Exchanges that cannot work.


def with_rule(found: Predictions, axis: str, says: str, apply: Any, predicted: Predictions) -> Side:
    """The side of a definition with one rule of our own."""
    rule = Behaviour(axis, f"made for a test: {says}", says, apply).source("tests")
    made = replace(found.side.really, rules=found.side.really.rules.changed(rule))
    return Side(made, made, predicted.predicted, departs=False)


def broken(case: Case, failure: Exception) -> tuple[Side, Side]:
    """Two sides, one of which has a decision rule that fails."""

    def fails(*ignored: Any) -> Any:
        raise failure

    equality, threshold = predictions(case, EQUALITY), predictions(case, THRESHOLD)
    return equality.side, with_rule(threshold, "decision-rule", "It fails.", fails, predicted=threshold)


def test_rules_that_cannot_meet_are_no_cause() -> None:
    case = made_case(**SEED)
    equality, other = broken(case, Incomposable("these rules were never meant to meet"))
    found = sets(causes(equality, other, case.call()))
    # From the broken side everything else can still be taken over, in the other direction.
    assert all("decision-rule" in axes for axes in found)
    assert not one_way(("decision-rule",), equality, other, case.call())


@pytest.mark.parametrize("failure", [ValueError("bug"), TypeError("bug"), KeyError("bug")], ids=repr)
def test_a_bug_of_a_rule_is_no_silence(failure: Exception) -> None:
    case = made_case(**SEED)
    equality, other = broken(case, failure)
    with pytest.raises(type(failure), match="bug"):
        causes(equality, other, case.call())


def test_where_nothing_is_specified_the_departure_is_the_cause() -> None:
    scores = {"y_true": [0, 1], "y_pred": [[0.9, 0.1], [0.2, 0.8]], "top_k": 0, "num_classes": 2}
    top = "keras.metrics.SparseTopKCategoricalAccuracy"
    assert between(MACRO, top, "multiclass", **scores) == only("departure")


# Divergences of a whole case.


@cache
def divergences_of(case: Case) -> tuple[Divergence, ...]:
    return divergences(grouped(cells_of(case)), Exchange(case.call()))


def test_every_two_groups_of_the_seed_rows_part_for_a_cause() -> None:
    found = divergences_of(made_case(**SEED))
    accuracy = [divergence for divergence in found if divergence.quantity == "accuracy"]
    assert {divergence.groups for divergence in accuracy} == {("A", "B"), ("A", "C"), ("B", "C")}
    assert {"decision-rule", "refusal"} <= set(axes_of(found))


def test_a_divergence_says_for_every_axis_it_names_two_different_rules() -> None:
    for divergence in (divergence for case in SAMPLE for divergence in divergences_of(case)):
        assert set(divergence.says) == {axis for axes in divergence.causes for axis in axes}
        for axis, (one, other) in divergence.says.items():
            assert one != other, (divergence.implementations, axis)


def test_representatives_are_the_pair_that_differs_least() -> None:
    case = made_case(**SEED)
    cells = {name: judged(case, name) for name in (EQUALITY, TORCH, THRESHOLD)}
    (divergence,) = divergences(grouped(list(cells.values())), Exchange(case.call()))
    assert set(divergence.implementations) == {EQUALITY, THRESHOLD}


def test_an_outcome_that_departs_represents_nothing() -> None:
    case = made_case(**SEED)
    odd = judged(case, TORCH, Outcome("value", value=0.125, dtype="float32"))
    assert divergences(grouped([odd, judged(case, THRESHOLD)]), Exchange(case.call())) == ()
    undefined = judge(case, ENTRIES[TORCH], Outcome("value", value=0.125, dtype="float32"), None, {})
    assert divergences(grouped([undefined, judged(case, THRESHOLD)]), Exchange(case.call())) == ()


def test_axes_are_listed_in_the_order_in_which_rules_apply() -> None:
    for case in CASES[:20]:
        found = axes_of(divergences_of(case))
        assert list(found) == [axis for axis in AXES if axis in found]


def test_a_rule_exchanged_in_a_definition_becomes_the_cause() -> None:
    """At or above instead of above, in a copy of the definition: that axis and no other."""
    case = made_case(y_true=[[1], [0]], y_pred=[[0.5], [0.2]])
    rule = Behaviour("decision-rule", "at-or-above", "p >= t", decision_rule.AT_OR_ABOVE.apply).source(
        "tests"
    )
    mutated = find(THRESHOLD).overlaid("made", "A copy.", rule)
    other = predict(mutated, case.call()).side
    assert other is not None
    assert sets(causes(side(case, THRESHOLD), other, case.call())) == only("decision-rule")
