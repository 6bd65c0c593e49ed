"""Mistakes people make: the number alone names the cause, and what to write instead gives the other number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mistakes import CLASS_LOGITS, CLASSES, LABELS, LOGITS, MISTAKES, ONE_HOT, PROBABILITIES, SCORES, WEIGHTS

from conformance.adapters.base import Call, Update
from conformance.ask.arrays import read
from conformance.ask.explain import explain
from conformance.ask.explained import Explained
from conformance.ask.given import Given
from conformance.ask.written import Written


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
