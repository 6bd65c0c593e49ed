"""Mistakes people make on 10,000 samples: the number alone names the cause, and what to write instead."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from mistakes import CLASS_LOGITS, CLASSES, LABELS, LOGITS, MISTAKES, ONE_HOT, PROBABILITIES, SCORES, WEIGHTS
from projects import Project

from conformance.adapters.base import Call, Update
from conformance.ask.arrays import AskError, read
from conformance.ask.compressed import compressed
from conformance.ask.explain import explain, number_of
from conformance.ask.explained import Explained
from conformance.ask.given import Given
from conformance.ask.written import Written
from conformance.oracle import find, predict

FRAMEWORKS = ("keras", "tensorflow", "tf_keras", "torch", "torchmetrics", "sklearn")


def _asked(value: Any, given: Any) -> Explained:
    parameters = given.get("parameters", {})
    return explain(
        value, **{name: what for name, what in given.items() if name != "parameters"}, **parameters
    )


@pytest.mark.parametrize("name", MISTAKES)
def test_the_mistake_is_named_and_what_to_write_instead_gives_the_number(name: str) -> None:
    mistake = MISTAKES[name]
    found = _asked(f"{mistake.value():.4f}", mistake.given)
    likely = [one for one in found.explanations[:3] if one.axis in mistake.axes]
    one = next(one for one in likely if mistake.instead in one.code)
    assert mistake.instead in mistake.correct
    assert one.without == pytest.approx(mistake.value(mistake.correct), rel=1e-6)
    assert one.gives == pytest.approx(mistake.value(), abs=1e-4)
    _check_advice(found, mistake.given)


MULTIPLE = np.stack([LABELS, LABELS[::-1], CLASSES > 0], axis=1).astype(int)
SCORED = np.clip(MULTIPLE * 0.4 + PROBABILITIES[:, :3], 0, 1)
IN_TOP_2 = (PROBABILITIES.argsort(axis=1)[:, -2:] == CLASSES[:, None]).any(axis=1)
BINARY = {"y_true": LABELS, "y_pred": SCORES}
UNEVEN = {"y_true": LABELS[:9_997], "y_pred": SCORES[:9_997]}
CORRECT = ((SCORES > 0.5) == LABELS)[:9_997]
SEVERAL = {"y_true": CLASSES, "y_pred": PROBABILITIES}


def _check_advice(found: Explained, given: Any) -> None:
    """Evaluate the code that is advised: it gives the number that it is said to give."""
    arrays = {name: given.get(name) for name in ("y_true", "y_pred", "sample_weight")}
    for one in found.explanations:
        words = one.instead.removesuffix(one.code) if one.code else one.instead
        assert not any(code in words for code in ("np.", "==", "axis=")), "code that is not evaluated"
        assert one.gives != one.without
        if one.code:
            assert eval(one.code, {"np": np, **arrays}) == pytest.approx(one.without, rel=1e-6), one


#: Small arrays, and numbers that are not what they should be.
SMALL: dict[str, tuple[Any, str, str, dict[str, Any]]] = {
    "1 added to targets": (0.2, "0 0 1 2 2 3 1 0 3 2", "0 1 1 2 3 3 1 2 3 2", {}),
    "1 added to predictions": (0.3, "0 0 1 2 2 3 1 0 3 2", "0 1 1 1 3 2 0 2 3 2", {}),
    "weighted for macro": (0.75, "0 0 0 0 1 1 2 2", "0 0 0 0 1 2 2 1", {}),
    "elements of two columns": (0.6, "0 1 1 0 1", "[[.1,.9],[.2,.8],[.7,.3],[.6,.4],[.4,.6]]", {}),
    "labels of tokens": ("4/5", "[[1,2,0,0],[2,1,1,0]]", "[[1,2,0,0],[2,1,2,0]]", {"task": "multiclass"}),
    "weights": (0.5, "0 1 1 0 1", ".9 .2 .7 .5 .4", {"sample_weight": np.arange(1, 6)}),
    "an ignored class": (
        0.4,
        "0 1 2 0 1",
        "[[.1,.2,.7],[.6,.2,.2],[.1,.3,.6],[.7,.1,.2],[.1,.2,.7]]",
        {"ignore_index": 0},
    ),
    "targets in a column": (0.4, "[[0],[1],[1],[0],[1]]", ".9 .2 .7 .5 .4", {}),
    "one-hot targets": (
        0.25,
        "[[1,0],[0,1],[0,1],[1,0]]",
        "[[.6,.4],[.6,.4],[.2,.8],[.5,.5]]",
        {"task": "multiclass"},
    ),
    "several labels": (
        0.4,
        "[[1,0],[0,1],[1,1],[0,0],[1,0]]",
        "[[.9,.2],[.8,.9],[.7,.1],[.6,.3],[.2,.7]]",
        {},
    ),
}


@pytest.mark.parametrize("name", SMALL)
def test_code_that_is_advised_gives_the_number_that_it_is_said_to_give(name: str) -> None:
    value, true, pred, more = SMALL[name]
    given = {"y_true": read(true, "y_true"), "y_pred": read(pred, "y_pred"), **more}
    found = explain(value, **given)
    assert found.explanations
    _check_advice(found, given)


def test_code_that_does_not_give_the_number_is_not_shown() -> None:
    written = Written(Given(Call("binary", (Update(LABELS, SCORES),))))
    true = float(np.mean((SCORES > 0.5) == LABELS))
    assert written.advice("a comparison", true, ("y_true", "(y_pred < 0.5)")) == (
        "a comparison: np.mean((y_pred > 0.5) == y_true)",
        "np.mean((y_pred > 0.5) == y_true)",
    )
    assert written.advice("a comparison", 0.123, ("y_true", "1 / 0")) == ("a comparison", "")
    assert written.advice("", 0.123, ("y_true", "unknown(y_pred)")) is None


#: Mistakes other than the usual: what is given, what was computed, and words of the cause.
OTHERS: dict[str, tuple[dict[str, Any], float, str]] = {
    "labels from 1": (
        SEVERAL,
        np.mean(PROBABILITIES.argmax(1) == CLASSES + 1),
        "targets are numbered from 1",
    ),
    "error for accuracy": (BINARY, 1 - np.mean((SCORES > 0.5) == LABELS), "the share of incorrect samples"),
    "percent": (BINARY, 100 * np.mean((SCORES > 0.5) == LABELS), "in percent"),
    "classes swapped": (BINARY, np.mean((SCORES < 0.5) == LABELS), "the classes are swapped"),
    "astype(int)": (BINARY, np.mean(SCORES.astype(int) == LABELS), "truncated"),
    "two sigmoids": (BINARY, np.mean((1 / (1 + np.exp(-SCORES)) > 0.5) == LABELS), "a sigmoid is applied"),
    "a threshold of 0 for scores": (
        {"y_true": LABELS, "y_pred": LOGITS, "threshold": 0.25},
        np.mean((LOGITS > 0) == LABELS),
        "threshold=0.0",
    ),
    "every target with every prediction": (
        BINARY,
        np.mean(LABELS[:2000, None] == (SCORES > 0.5)[None, :2000]),
        "broadcast against each other",
    ),
    "misaligned": (SEVERAL, np.mean(PROBABILITIES.argmax(1)[1:] == CLASSES[:-1]), "of the next sample"),
    "y_true and y_pred swapped": (
        {"y_true": CLASSES, "y_pred": PROBABILITIES.argmax(1)},
        np.mean([np.mean(CLASSES[PROBABILITIES.argmax(1) == k] == k) for k in range(4)]),
        "y_true and y_pred are swapped",
    ),
    "top 2": (
        SEVERAL,
        np.mean([label in row.argsort()[-2:] for label, row in zip(CLASSES, PROBABILITIES, strict=True)]),
        "k=2",
    ),
    "an ignored class masked in the numerator only": (
        {**SEVERAL, "ignore_index": 0},
        np.mean((PROBABILITIES.argmax(1) == CLASSES) & (CLASSES != 0)),
        "samples whose target is 0 are left out of the correct samples, and not of all samples",
    ),
    "an ignored class masked in the denominator only": (
        SEVERAL,
        np.sum(PROBABILITIES.argmax(1) == CLASSES) / np.sum(CLASSES != 3),
        "samples whose target is 3 are left out of all samples, and not of the correct ones",
    ),
    "elements of logits above 0": (
        {"y_true": ONE_HOT, "y_pred": CLASS_LOGITS, "task": "multiclass"},
        np.mean((CLASS_LOGITS > 0) == ONE_HOT),
        "each element counts, where it is greater than 0, not each sample",
    ),
    "a macro average over all classes, also those that do not occur": (
        {
            "y_true": CLASSES[CLASSES != 2],
            "y_pred": PROBABILITIES[CLASSES != 2],
            "average": "macro",
            "top_k": 2,
        },
        np.sum([np.mean(IN_TOP_2[label == CLASSES]) for label in (0, 1, 3)]) / 4,
        "macro averages all 4 classes, of which those that do not occur or are ignored count as 0",
    ),
    "any label among the highest scores": (
        {"y_true": MULTIPLE, "y_pred": SCORED},
        np.mean(np.take_along_axis(MULTIPLE, SCORED.argsort(axis=1)[:, ::-1][:, :1], axis=1)),
        "one of its 1 highest scores is that of a target",
    ),
    "micro recall of several labels": (
        {"y_true": MULTIPLE, "y_pred": SCORED},
        np.sum((SCORED > 0.5) & (MULTIPLE == 1)) / np.sum(MULTIPLE),
        "the recall of all elements (micro)",
    ),
    "targets of 1 and 2": (
        {"y_true": LABELS + 1, "y_pred": SCORES, "task": "binary"},
        np.mean((SCORES > 0.5) == LABELS),
        "the target 2 is the positive class",
    ),
    "a class left out": (
        SEVERAL,
        np.mean((PROBABILITIES.argmax(1) == CLASSES)[CLASSES != 0]),
        "samples whose target is 0 are left out",
    ),
    "scores of NaN left out": (
        {"y_true": LABELS, "y_pred": np.where(np.arange(10_000) % 10, SCORES, np.nan)},
        np.mean(((SCORES > 0.5) == LABELS)[np.arange(10_000) % 10 > 0]),
        "samples with NaN in y_pred are left out",
    ),
    "argmin": (SEVERAL, np.mean(PROBABILITIES.argmin(1) == CLASSES), "the lowest score"),
    "any label": (
        {"y_true": MULTIPLE, "y_pred": SCORED},
        np.mean(((SCORED > 0.5) == MULTIPLE).any(axis=1)),
        "if any of its labels is",
    ),
    "argmax over the samples": (
        {"y_true": ONE_HOT[:200], "y_pred": PROBABILITIES[:200]},
        np.mean(PROBABILITIES[:200].argmax(0) == ONE_HOT[:200].argmax(0)),
        "argmax over the samples (axis 0)",
    ),
    "one-hot targets against labels": (
        {"y_true": ONE_HOT, "y_pred": PROBABILITIES.argmax(1), "task": "multiclass"},
        np.mean(PROBABILITIES.argmax(1)[:, None] == ONE_HOT),
        "one-hot vectors are compared with integer labels",
    ),
    "divided by the number of samples": (
        {**BINARY, "sample_weight": WEIGHTS},
        np.mean(((SCORES > 0.5) == LABELS) * WEIGHTS),
        "divided by the number of samples",
    ),
    "mean of batches of a size that is not named": (
        BINARY,
        np.mean([np.mean((SCORES[i : i + 64] > 0.5) == LABELS[i : i + 64]) for i in range(0, 10_000, 64)]),
        "batches of 64 are averaged",
    ),
    "F1 for accuracy": (
        BINARY,
        2 * np.sum((SCORES > 0.5) & LABELS) / np.sum((SCORES > 0.5).astype(int) + LABELS),
        "the F1 score of class 1",
    ),
    "one class against the rest": (
        SEVERAL,
        np.mean([np.mean((PROBABILITIES.argmax(1) == k) == (k == CLASSES)) for k in range(4)]),
        "the mean one-against-the-rest accuracy of the classes",
    ),
    "one-hot rows compared as a whole": (
        SEVERAL,
        np.mean(((PROBABILITIES > 0.5) == ONE_HOT).all(axis=1)),
        "agrees with the one-hot target in all classes",
    ),
    "another threshold": (BINARY, np.mean((SCORES > 0.3) == LABELS), "y_pred > 0.3, not 0.5"),
    "a threshold that is not usual": (
        BINARY,
        np.mean((SCORES > 0.634) == LABELS),
        "a threshold from 0.63 to below 0.64",
    ),
    "logits > 0.5 for probabilities": (
        {"y_true": LABELS, "y_pred": 1 / (1 + np.exp(-LOGITS))},
        np.mean((LOGITS > 0.5) == LABELS),
        "the sigmoid of 0.5",
    ),
    "always the most frequent class": (SEVERAL, np.mean(CLASSES == 0), "every sample is predicted 0"),
    "two classes exchanged": (
        SEVERAL,
        np.mean(PROBABILITIES[:, [0, 2, 1, 3]].argmax(1) == CLASSES),
        "the classes 1 and 2 of y_pred are exchanged",
    ),
    "classes in reverse order": (
        SEVERAL,
        np.mean(PROBABILITIES[:, ::-1].argmax(1) == CLASSES),
        "in reverse order",
    ),
    "one label of several": (
        {"y_true": MULTIPLE, "y_pred": SCORED},
        np.mean((SCORED[:, 2] > 0.5) == MULTIPLE[:, 2]),
        "only label 2 counts",
    ),
    "the last batch divided by a full one": (
        {**BINARY, "batches": 3_000},
        np.sum((SCORES > 0.5) == LABELS) / 12_000,
        "divided by 4 batches of 3000",
    ),
    "the last of the given batches dropped": (
        {**BINARY, "batches": 3_000},
        np.mean((SCORES[:9_000] > 0.5) == LABELS[:9_000]),
        "the last batch is left out",
    ),
    "class 0 left out of the argmax": (
        SEVERAL,
        np.mean(PROBABILITIES[:, 1:].argmax(1) + 1 == CLASSES),
        "class 0 is never predicted",
    ),
    "predictions left out": (
        SEVERAL,
        np.mean((PROBABILITIES.argmax(1) == CLASSES)[PROBABILITIES.argmax(1) != 0]),
        "samples whose prediction is 0",
    ),
    "the last batch dropped": (
        BINARY,
        np.mean((SCORES[:9_984] > 0.5) == LABELS[:9_984]),
        "the last batch, which is smaller, is left out: batches of 64",
    ),
    "the first samples repeated by a sampler": (
        UNEVEN,
        np.mean(np.concatenate([CORRECT, CORRECT[:3]])),
        "the first 3 samples are counted twice, as by a DistributedSampler of 4 or 8 ranks",
    ),
    "the last sample left out by a sampler": (
        UNEVEN,
        np.mean(CORRECT[:9_996]),
        "the last sample is left out, as by a DistributedSampler of 2 or 3 or 4 ranks with drop_last=True",
    ),
    "a sample left out by a sampler, with batches": (
        {**UNEVEN, "batches": 1_000},
        np.mean(CORRECT[:9_996]),
        "the last sample is left out",
    ),
}
for _name in ("every target with every prediction", "misaligned"):
    _given, _value, _says = OTHERS[_name]
    _some = slice(2000) if _name.startswith("every") else slice(None)
    OTHERS[_name] = ({key: what[_some] for key, what in _given.items()}, _value, _says)


@pytest.mark.parametrize("name", OTHERS)
def test_other_mistakes_are_named_by_their_number(name: str) -> None:
    given, value, says = OTHERS[name]
    if name == "misaligned":
        value = np.mean(np.roll(PROBABILITIES.argmax(1), -1) == CLASSES)
    found = explain(float(value), **given)
    assert any(says in one.says for one in found.explanations[:8]), found
    _check_advice(found, given)


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
