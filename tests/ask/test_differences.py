"""Why the groups of a comparison differ, as all outcomes are predicted; no framework is called."""

from __future__ import annotations

from collections import Counter

from made_cases import ADAPTERS, made_case, predicted_cells

from conformance.ask.columns import as_a_column
from conformance.ask.comparison import Cause, Difference
from conformance.ask.differences import Differences
from conformance.cases import Case
from conformance.session.session import Session
from conformance.verdicts.groups import grouped
from conformance.verdicts.verdicts import Cell

#: What a model with one output column returns, after ravel().
FLAT = {"y_true": [1, 1, 0, 0], "y_pred": [0.2, 0.9, 0.4, 0.1]}
EQUALITY = "keras.metrics.Accuracy"
STRING = "keras.Model.compile[accuracy]"


def shown(cell: Cell) -> str:
    return str(cell.outcome.value)


def differences(case: Case, mine: str) -> list[Difference]:
    cells = predicted_cells(case)
    (own,) = (cell for cell in cells if cell.implementation.id == mine)
    call = case.call()
    return [*Differences(Session([case], ADAPTERS), call, shown).between(grouped(cells), own)]


def notes(case: Case) -> list[str]:
    return [*as_a_column(Session([case], ADAPTERS), case.call(), predicted_cells(case), shown)]


def test_what_has_another_reason_for_the_same_value_is_told_with_it() -> None:
    found = differences(made_case(**FLAT), "keras.metrics.BinaryAccuracy")
    reasons = {each: one for one in found for each in (one.implementations[1], *one.also)}
    assert reasons[EQUALITY] is not reasons[STRING]
    assert reasons[EQUALITY].groups == reasons[STRING].groups
    said = {
        name: [text for cause in reasons[name].causes for _, text in cause.says.values()]
        for name in (EQUALITY, STRING)
    }
    assert "The prediction itself is compared with the target." in said[EQUALITY]
    assert "The prediction itself is compared with the target." not in said[STRING]
    assert any("keras-compile-takes-rows-for-classes" in text for text in said[STRING])
    # Which samples decide is listed once in each group.
    first, *others = (one for one in found if one.groups == reasons[STRING].groups)
    assert first.samples is not None
    assert all(one.samples is None for one in others)
    assert f"({reasons[STRING].groups[1]}, {STRING} and {STRING}@torch)" in reasons[STRING].says


def test_where_a_group_has_one_reason_nobody_else_is_named() -> None:
    found = differences(made_case(y_true=[[1], [0]], y_pred=[[0.5], [0.1]]), "keras.metrics.BinaryAccuracy")
    times = Counter(one.groups for one in found)
    assert 1 in times.values()
    assert not any(one.also for one in found if times[one.groups] == 1)


def test_what_evaluates_a_model_is_told_on_the_column_that_a_model_returns() -> None:
    (note,) = notes(made_case(**FLAT))
    assert note.startswith("y_pred has the shape (4,). A model with one output column returns (4, 1), unless")
    assert f"On that {STRING}, " in note
    assert "give 0.75." in note
    assert "binary_accuracy" not in note  # It names the metric: the shape plays no part.


def test_a_column_needs_no_note() -> None:
    column = [[score] for score in FLAT["y_pred"]]
    assert not notes(made_case(y_true=FLAT["y_true"], y_pred=column))


def test_what_two_causes_have_in_common_is_said_once() -> None:
    both = {axis: (f"{axis} of mine", f"{axis} of the other") for axis in ("weights", "unit", "average")}
    causes = tuple(
        Cause(
            (axis, "weights"), {one: both[one] for one in (axis, "weights")}, (f"same {axis}", "same weights")
        )
        for axis in ("unit", "average")
    )
    found = Difference("accuracy", ("A", "B"), ("mine", "other"), ("0.1", "0.2"), causes)
    first, (title, says, instead) = found.parts
    assert first[1][2:] == [("A", "weights of mine"), ("B", "weights of the other")]
    assert title.startswith("Or: ")
    assert "(weights)" in title
    assert (says, instead) == (
        [("A", "average of mine"), ("B", "average of the other")],
        ["same average"],
    )


def test_parameters_have_the_names_that_each_implementation_has_for_them() -> None:
    scores = [[0.1 * ((place + row) % 6) for place in range(6)] for row in range(6)]
    case = made_case(task="multiclass", y_true=[*range(6)], y_pred=scores, dtype={"y_pred": "float32"})
    (found,) = (
        one
        for one in differences(case, "keras.metrics.SparseTopKCategoricalAccuracy")
        if "sklearn.metrics.top_k_accuracy_score" in one.implementations
    )
    said = str(found.causes)
    assert "Pass k=2 to both, or k=5 to both." in said
    assert "top_k" not in said
