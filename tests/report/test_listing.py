"""The cases on a terminal: what `conformance run` prints, every prediction holding, without a framework."""

from __future__ import annotations

from typing import Any

from made_cases import ADAPTERS, made_case

from conformance.report import alike, listing
from conformance.results.build import document
from conformance.session.judging import case_result
from conformance.session.session import Session


def listed(task: str = "binary", implementations: tuple[str, ...] = (), **inputs: Any) -> str:
    """The lines of a case, joined to one without breaks."""
    case = made_case(task, **inputs)
    session = Session([case], ADAPTERS, implementations=implementations)
    result = case_result(session, case, session.predicted_cells(case))
    shown = document([result], session, {}, complete=False)
    return " ".join(line.strip() for line in listing(shown, width=200))


def test_an_exception_of_a_single_implementation_comes_with_its_reason() -> None:
    text = listed(implementations=("sklearn.metrics.accuracy_score",), y_true=["0"], y_pred=[0])
    assert "because strings cannot be compared with numbers (strings-and-numbers)" in text


def test_exceptions_of_one_group_have_each_their_own_reason() -> None:
    text = listed(y_true=[[0], [1]], y_pred=[[float("nan")], [0.9]])
    keras, _, sklearn = text.partition("because binary crossentropy takes no NaN as a prediction")
    assert "sklearn" not in keras.partition("RuntimeError")[2]
    assert "sklearn.metrics.accuracy_score" in sklearn.partition("because there is NaN or infinity")[0]


def test_an_exception_that_nothing_predicts_comes_with_its_message(results: dict[str, Any]) -> None:
    text = " ".join(line.strip() for line in listing(results, width=200))
    messages = {
        cell["outcome"]["message"]
        for case in results["cases"]
        for cell in case["cells"]
        if cell["outcome"]["kind"] == "raises" and "<" not in cell["outcome"]["message"]
    }
    assert messages
    for message in messages:
        assert f"because {' '.join(message.split())[:60]}" in text


def test_a_parameter_without_effect_is_named_with_those_that_take_it() -> None:
    text = listed(y_true=[0, 1], y_pred=[0, 0], average="weighted")
    assert "average has no effect here in torchmetrics.Accuracy, torchmetrics.functional.accuracy" in text


def test_every_axis_of_a_cause_has_its_sentence(results: dict[str, Any]) -> None:
    case = next(case for case in results["cases"] if case["id"].startswith("seed-"))
    divergence = next(each for each in case["divergences"] if each["groups"] == ["A", "C"])
    lines = [line.strip() for line in listing({**results, "cases": [case]}, width=400)]
    for axis, (one, other) in divergence["says"].items():
        assert f"{axis}: A: {one} C: {other}" in lines


def compared(mine: str | None = None, *, all_pairs: bool = False) -> list[str]:
    """The lines on the accuracy of a case with four groups, of which B raises, and what is said at the end."""
    case = made_case(y_true=[[1], [0], [1]], y_pred=[[0.5], [0.2], [1.5]])
    session = Session([case], ADAPTERS)
    result = case_result(session, case, session.predicted_cells(case), mine)
    shown = document([result], session, {}, complete=False)
    lines = [line.strip() for line in listing(shown, width=999, mine=mine, all_pairs=all_pairs)]
    return [*lines[: lines.index("balanced accuracy")], *(line for line in lines if "--pairs" in line)]


def pairs_of(lines: list[str]) -> list[str]:
    return [line.partition(" differ ")[0] for line in lines if " differ " in line]


def test_groups_are_compared_with_the_largest_value_unless_each_two_are_asked_for() -> None:
    few, every = compared(), compared(all_pairs=True)
    assert pairs_of(few) == ["A and B", "A and C", "A and D"]
    assert few[-1].startswith("Groups are compared with the largest that gives a value. --pairs compares")
    assert pairs_of(every) == ["A and B", "A and C", "A and D", "B and C", "B and D", "C and D"]
    assert "--pairs" not in every[-1]


def test_groups_are_compared_with_that_of_an_implementation_for_which_causes_are_computed() -> None:
    lines = compared("keras.metrics.Accuracy@torch")
    assert pairs_of(lines) == ["A and C", "B and C", "C and D"]
    assert "with that of keras.metrics.Accuracy@torch. " in lines[-1]
    by_default = "(Computed for keras.metrics.BinaryAccuracy and keras.metrics.Accuracy.)"
    assert any(by_default in line for line in compared())
    assert not any(by_default in line for line in lines)
    assert sum("keras.metrics.Accuracy@torch.)" in line for line in lines) == 1


def test_the_first_line_names_the_axes_that_are_explained_and_the_last_one_the_others() -> None:
    text = listed(y_true=[[1], [0], [1]], y_pred=[[0.5], [0.2], [1.5]])
    first, _, rest = text.partition(" Made for a test ")
    explained, _, others = rest.partition("Other pairs of implementations differ by ")
    _, _, named = first.partition("diverge: ")
    assert named == "refusal, decision-rule, unit"
    assert others.startswith("name-resolution, score-transform and departure: --mine ID shows those of ID.")
    assert "differ because" in explained
    for axis in ("decision-rule", "unit"):
        assert f"differ by {axis}. " in explained


def test_what_raises_is_said_once_with_its_reason() -> None:
    lines = compared()
    assert "A and B differ because B raises." in lines
    assert [line for line in lines if "different types" in line] == [
        "because targets and predictions are of different types: binary and continuous (mixed-targets)"
    ]


def said_of_alike(task: str, **inputs: Any) -> list[str]:
    case = made_case(task, **inputs)
    session = Session([case], ADAPTERS)
    result = case_result(session, case, session.predicted_cells(case))
    return [
        line.partition(":")[0] for line in alike(document([result], session, {}, complete=False), width=999)
    ]


def test_quantities_that_share_a_word_are_told_apart_where_a_case_has_both() -> None:
    labels = {"y_true": [0, 1, 1], "y_pred": [0, 1, 0]}
    assert "Accuracy and balanced accuracy" in said_of_alike("binary", **labels)
    only = said_of_alike("multilabel", y_true=[[0, 1]], y_pred=[[0, 1]], average="macro", num_labels=2)
    assert "Accuracy and balanced accuracy" not in only
    assert "Accuracy by class, of integer labels and of columns" in only
    for average in ({}, {"average": "macro"}):
        assert not any("by class" in title for title in said_of_alike("binary", **labels, **average))


def test_a_training_run_comes_with_its_numbers_and_why_they_differ(results: dict[str, Any]) -> None:
    text = " ".join(line.strip() for line in listing({**results, "cases": []}, width=200))
    assert "1  0.5       Training accuracy, epoch 1 2  1.0       evaluate() on the training data" in text
    assert "1 and 2 differ by moving-weights. moving-weights: Each batch was seen with other weights." in text
    assert "keras@torch ! as defined." in text
