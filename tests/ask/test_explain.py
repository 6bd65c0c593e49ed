"""What explain says of a number: which calls give it, what else does, and notes on the arrays."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from mistakes import CLASSES, LABELS, PROBABILITIES, SCORES
from projects import Project

from conformance.adapters.base import Call, Update
from conformance.ask.arrays import AskError
from conformance.ask.compressed import compressed
from conformance.ask.explain import explain, number_of
from conformance.oracle import find, predict

FRAMEWORKS = ("keras", "tensorflow", "tf_keras", "torch", "torchmetrics", "sklearn")


def test_notes_say_what_a_missing_column_and_nan_change() -> None:
    batches = range(0, 200, 32)
    scores, labels = SCORES[:200], LABELS[:200]
    mean = np.mean([np.mean((scores[i : i + 32] > 0.5) == labels[i : i + 32]) for i in batches])
    (note,) = explain(float(mean), labels, scores, batches=32).notes
    assert note.endswith("To compare it: y_pred.reshape(-1, 1).")
    found = explain(0.5, [1, 0, 1], [0.9, 0.2, np.nan])
    assert any(
        line.startswith("y_pred has 1 NaN: implementations decide them differently") for line in found.looks
    )


def test_the_shapes_in_a_reason_are_those_of_the_arrays() -> None:
    call = Call("multiclass", (Update(CLASSES, PROBABILITIES),), metric="f1")
    few = compressed(call)
    assert len(few.updates[0].y_true) < len(CLASSES)
    reason = predict(find("torchmetrics.segmentation.DiceScore"), few).predicted.reason
    assert reason is not None
    assert reason.detail == "y_true (10000,), y_pred (10000, 4)"


def test_implementations_that_give_the_number_go_first_and_others_say_why_not() -> None:
    found = explain(0.8, [1, 0, 1, 1, 0], [0.9, 0.4, 0.5, 0.2, 0.1])
    assert found.matches[0].implementation == "sklearn.metrics.accuracy_score[FixedThresholdClassifier]"
    assert all(one.exactly for one in found.matches)
    (difference,) = found.differences
    assert "keras.metrics.BinaryAccuracy" in difference.implementations
    assert ("decision-rule",) in [cause.axes for cause in difference.causes]
    assert "0.8 is what these give:" in found.lines()


def test_a_rounded_number_stands_for_all_that_round_to_it_the_exact_ones_first() -> None:
    found = explain("0.84", LABELS, SCORES)
    assert {round(one.value, 2) for one in found.matches} == {0.84}
    assert not any(one.exactly for one in found.matches)
    exact = explain("0.845", LABELS, SCORES)
    assert [one.exactly for one in exact.matches] == sorted(
        (one.exactly for one in exact.matches), reverse=True
    )
    assert exact.matches[0].value == 0.845
    assert {one.value for one in exact.matches} == {0.845, 0.8445}


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [("1.0", 0.96, 0.94), ("1", 1.0, 0.999), ("0.0", 0.04, 0.06), ("73", 72.5, 72.4), (1.0, 1.0, 0.999)],
)
def test_what_rounds_to_a_whole_number_is_it_if_it_is_written_so(text: Any, near: float, far: float) -> None:
    assert number_of(text).is_near(near)
    assert not number_of(text).is_near(far)


def test_where_nothing_gives_the_number_the_nearest_are_shown() -> None:
    found = explain(0.123, [1, 0, 1, 1], [1, 0, 0, 1])
    assert (found.matches, found.explanations) == ((), ())
    distances = [abs(value - 0.123) for _, value in found.nearest]
    assert distances == sorted(distances)
    said = "\n".join(found.lines(300))
    assert "No call with these parameters gives 0.123. No single change of a call or of a rule does." in said
    assert f"{found.nearest[0][1]:.6g}: {found.nearest[0][0]}" in said


def test_rounding_is_told_apart_at_one_half_whatever_the_threshold_is() -> None:
    y_true, y_pred = np.array([1, 0, 1, 1, 1]), np.array([0.6, 0.2, 0.9, 0.55, 0.1])
    found = explain(np.mean(np.round(y_pred) == y_true), y_true, y_pred, task="binary", threshold=0.7)
    assert any("is rounded half up" in one.says for one in found.explanations)
    assert any("a score of exactly 0.5 and" in one.probe for one in found.apart)


def test_advice_on_few_samples_may_be_a_coincidence() -> None:
    many = np.tile([1, 1, 0, 0, 0], 16), np.tile([1, 0, 1, 0, 0], 16)
    for y_true, y_pred in (many, (many[0][:5], many[1][:5])):
        found = explain("60", y_true, y_pred, task="binary")
        assert len(found.explanations) == 1
        assert not found.matches
        said = [note for note in found.notes if "this may give the number by coincidence" in note]
        assert len(said) == (len(y_true) < 50)


def test_a_sample_that_tells_two_apart_is_found_by_trying_it() -> None:
    found = explain(0.75, [1, 0, 1, 0], [0.9, 0.4, 0.2, 0.1])
    of_both = next(one for one in found.apart if "a score of exactly 0.5" in one.probe)
    assert of_both.values[0] != of_both.values[1]
    weighted = next(one for one in found.apart if one.probe == "Weights of 1, 3, 1, 3 and so on")
    assert weighted.values == (7 / 8, 3 / 4)


@pytest.mark.parametrize(
    ("text", "value"), [("73.4%", 0.734), (" 1/3 ", 1 / 3), (0.5, 0.5), ("nan", float("nan"))]
)
def test_a_number_may_be_in_percent_or_a_fraction(text: Any, value: float) -> None:
    assert number_of("1/2").exactly == number_of("1/2")
    assert number_of(text).value == pytest.approx(value, nan_ok=True)


def test_the_answer_is_json_and_a_table_and_html_in_which_markup_does_nothing() -> None:
    found = explain("1/2", ["<b>", "a"], ["<b>", "<b>"])
    assert json.loads(json.dumps(found.to_json()))["matches"][0]["value"] == 0.5
    assert "sklearn.metrics.accuracy_score" in found._repr_html_()
    assert "<b>" not in found._repr_html_()
    table = pytest.importorskip("pandas") and found.to_pandas()
    assert len(table) == len(found.matches) + len(found.explanations)


def test_labels_of_tokens_are_labels_and_padding_is_found_first() -> None:
    found = explain("4/5", [[1, 2, 0, 0], [2, 1, 1, 0]], [[1, 2, 0, 0], [2, 1, 2, 0]], task="multiclass")
    first = found.explanations[0]
    assert (first.says, first.exactly) == ("samples whose target is 0 are left out", True)
    assert (first.gives, first.without) == (0.8, 0.875)


def test_what_only_rounds_to_the_number_says_so_and_goes_last() -> None:
    found = explain(0.8, [[1, 2, 0, 0], [2, 1, 1, 0]], [[1, 2, 0, 0], [2, 1, 2, 0]], task="multiclass")
    exactly = [one.exactly for one in found.explanations]
    assert exactly == sorted(exactly, reverse=True)
    assert not exactly[-1]
    assert found.explanations[-1].what.endswith(f": {found.explanations[-1].gives:.6g}, rounded")


def test_one_label_alone_is_no_other_average() -> None:
    true, pred = (
        [[1, 0], [0, 1], [1, 1], [0, 0], [1, 0]],
        [[0.9, 0.2], [0.8, 0.9], [0.7, 0.1], [0.6, 0.3], [0.2, 0.7]],
    )
    found = explain(0.4, true, pred).explanations
    assert found[0].says == "only label 0 counts, column 0 of both arrays"
    assert {one.axis for one in found[1:]} <= {"statistic"}


def test_a_sigmoid_and_a_constant_go_before_what_rounds_to_the_same() -> None:
    says = [one.says for one in explain(float(np.mean(LABELS)), LABELS, SCORES * 0.9 + 0.05).explanations]
    assert says.index("a sigmoid is applied to y_pred") < says.index("every sample is predicted 1")
    assert not any("rounded" in one or "truncated" in one for one in says)


def test_few_samples_are_noted_where_several_definitions_give_the_number() -> None:
    few = explain(0.667, [0, 0, 0, 0, 1, 1, 2, 2], [0, 0, 0, 0, 1, 2, 2, 1])
    assert [note for note in few.notes if "of only 8" in note]
    assert not explain(float(np.mean((SCORES > 0.5) == LABELS)), LABELS, SCORES).notes


def test_text_against_integers_is_noted() -> None:
    found = explain(0, ["1", "0", "2", "1"], [1, 0, 2, 1])
    assert (
        found.notes[0] == "y_true is text and y_pred is not: text never equals a number. Give both one type."
    )


def test_a_vector_is_no_number_and_what_makes_one_of_it_is_named() -> None:
    decided = PROBABILITIES.argmax(1)
    found = explain(float(np.mean(decided == CLASSES)), CLASSES, decided, average="none")
    one = next(one for one in found.explanations if one.says == "average='micro'")
    assert one.without is None


@pytest.mark.parametrize("special", [np.nan, np.inf, 1e-310])
def test_special_values_are_no_trouble(special: float) -> None:
    scores = np.where(SCORES > 0.8, special, SCORES)[:50]
    assert explain(0.5, LABELS[:50], scores).lines()
    assert explain(0.5, CLASSES[:50], np.where(PROBABILITIES > 0.8, special, PROBABILITIES)[:50]).lines()


def test_no_framework_is_imported() -> None:
    program = (
        "import sys, conformance\n"
        "found = conformance.explain(0.75, [1, 0, 1, 0], [.9, .4, .5, .1])\n"
        "print(found.matches[0].implementation, file=sys.stderr)\n"
        f"print([name for name in {FRAMEWORKS} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("value", "true", "pred", "message"),
    [
        (0.5, [0, 1], [0, 1, 1], "y_true has 2 samples, y_pred has 3"),
        ("high", [0, 1], [0, 1], "value: 'high' is not a number"),
        ("1/0", [0, 1], [0, 1], "value: '1/0' is not a number"),
        (0.5, [0.0, float("nan")], [0, 1], r"y_true\[1\] is NaN"),
        (0.5, [], [], "y_true is empty"),
    ],
)
def test_bad_input_gets_a_sentence(value: Any, true: Any, pred: Any, message: str) -> None:
    with pytest.raises(AskError, match=message):
        explain(value, true, pred)


def test_bad_input_of_the_command_is_exit_code_2(project: Project) -> None:
    done = project.conformance("explain", "--value", "high", "--y-true", "0 1", "--y-pred", "0 1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "value: 'high' is not a number: give one such as 0.7342, 73.4% or 1/3.\n"


def test_what_depends_on_the_batches_is_told_from_what_does_not() -> None:
    logits = np.concatenate([[1.5], SCORES[:299]])  # one score outside [0, 1], in the first batch
    value = np.mean((1 / (1 + np.exp(-logits)) > 0.5) == LABELS[:300])
    found = explain(float(value), LABELS[:300], logits, batches=100)
    assert "all samples are counted at once" in [one.says for one in found.explanations[:3]]
    assert not any(one.axis == "average" for one in found.explanations)
