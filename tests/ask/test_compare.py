"""Mistakes people make on 10,000 samples: the cause is named, and what is written instead gives the number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from made_cases import ADAPTERS
from projects import Project

from conformance.ask.compare import answer, compare
from conformance.ask.comparison import Comparison
from conformance.ask.question import Number, question
from conformance.session.session import Session

SAMPLES = 10_000
RANDOM = np.random.default_rng(0)

LABELS = RANDOM.integers(0, 2, SAMPLES)
SCORES = np.clip(LABELS * 0.5 + RANDOM.random(SAMPLES) * 0.5 + RANDOM.normal(0, 0.2, SAMPLES), 0, 1).round(2)
LOGITS = LABELS * 2 - 1 + RANDOM.normal(size=SAMPLES) * 2
WEIGHTS = RANDOM.random(SAMPLES)
CLASSES = RANDOM.choice(4, SAMPLES, p=[0.7, 0.15, 0.1, 0.05])
ONE_HOT = np.eye(4, dtype=int)[CLASSES]
_RAW = RANDOM.normal(size=(SAMPLES, 4)) + 1.2 * ONE_HOT + [1, 0, 0, 0]
PROBABILITIES = np.exp(_RAW) / np.exp(_RAW).sum(axis=1, keepdims=True)
DECIDED = PROBABILITIES.argmax(axis=1)
SIZE = 3_000
BATCHES = [slice(start, start + SIZE) for start in range(0, SAMPLES, SIZE)]

IMPLEMENTATIONS = (
    "keras.metrics.BinaryAccuracy",
    "keras.metrics.CategoricalAccuracy",
    "sklearn.metrics.accuracy_score",
    "sklearn.metrics.accuracy_score[FixedThresholdClassifier]",
    "torchmetrics.classification.BinaryAccuracy",
    "torchmetrics.classification.MulticlassAccuracy",
    "torchmetrics.classification.MulticlassAccuracy[average=micro]",
)


@dataclass(frozen=True)
class Mistake:
    """A script with a mistake in it.

    `mine` is its number, `other` an implementation that has `right`, the number of the script without the mistake.
    """

    asked: Mapping[str, Any]
    mine: float
    axis: str
    instead: str
    other: str
    right: float
    found: Callable[[Comparison], tuple[tuple[str, ...], str]] = field(kw_only=True)


def _different(implementation: str) -> Callable[[Comparison], tuple[tuple[str, ...], str]]:
    """An implementation gives the number: what the difference from the group of another says."""

    def found(comparison: Comparison) -> tuple[tuple[str, ...], str]:
        (group,) = (r.group for r in comparison.results if r.implementation == implementation)
        (difference,) = (
            d for d in comparison.differences if d.groups[1] == group and d.quantity == "accuracy"
        )
        return difference.causes[0].axes, " ".join(difference.causes[0].instead)

    return found


def _explained(comparison: Comparison) -> tuple[tuple[str, ...], str]:
    """No implementation gives the number: what the first explanation says."""
    first = comparison.explanations[0]
    return (first.axis,), first.instead


def _correct(labels: Any, targets: Any) -> float:
    return float(np.mean(labels == targets))


MISTAKES = {
    "greater or equal where a metric takes greater": Mistake(
        {"y_true": LABELS, "y_pred": SCORES, "task": "binary"},
        _correct(SCORES >= 0.5, LABELS),
        "decision-rule",
        "Write y_pred > threshold where you have y_pred >= threshold",
        "keras.metrics.BinaryAccuracy",
        _correct(SCORES > 0.5, LABELS),
        found=_different("keras.metrics.BinaryAccuracy"),
    ),
    "a macro average where a metric has a micro average": Mistake(
        {"y_true": CLASSES, "y_pred": DECIDED, "task": "multiclass"},
        float(np.mean([np.mean(DECIDED[np.equal(CLASSES, label)] == label) for label in range(4)])),
        "default-parameter",
        "Pass average='micro' to both",
        "sklearn.metrics.accuracy_score",
        _correct(DECIDED, CLASSES),
        found=_different("torchmetrics.classification.MulticlassAccuracy[average=micro]"),
    ),
    "logits taken for probabilities": Mistake(
        {"y_true": LABELS, "y_pred": LOGITS, "task": "binary"},
        _correct(LOGITS > 0.5, LABELS),
        "score-transform",
        "Apply the sigmoid yourself before the metric.",
        "torchmetrics.classification.BinaryAccuracy",
        _correct(1 / (1 + np.exp(-LOGITS)) > 0.5, LABELS),
        found=_different("torchmetrics.classification.BinaryAccuracy"),
    ),
    "elements of one-hot vectors compared one by one": Mistake(
        {"y_true": ONE_HOT, "y_pred": PROBABILITIES, "task": "multiclass"},
        _correct(PROBABILITIES > 0.5, ONE_HOT),
        "unit",
        "y_pred.argmax(axis=-1) == y_true.argmax(axis=-1)",
        "keras.metrics.CategoricalAccuracy",
        _correct(PROBABILITIES.argmax(axis=-1), ONE_HOT.argmax(axis=-1)),
        found=_explained,
    ),
    "weights left out": Mistake(
        {"y_true": LABELS, "y_pred": SCORES, "task": "binary", "sample_weight": WEIGHTS},
        _correct(SCORES > 0.5, LABELS),
        "weights",
        "np.average(correct, weights=sample_weight)",
        "keras.metrics.BinaryAccuracy",
        float(np.average((SCORES > 0.5) == LABELS, weights=WEIGHTS)),
        found=_explained,
    ),
    "an ignored class counted": Mistake(
        {
            "y_true": CLASSES,
            "y_pred": PROBABILITIES,
            "task": "multiclass",
            "parameters": {"ignore_index": 0, "average": "micro"},
        },
        _correct(DECIDED, CLASSES),
        "exclusion",
        "keep = y_true != 0",
        "torchmetrics.classification.MulticlassAccuracy",
        _correct(DECIDED[CLASSES != 0], CLASSES[CLASSES != 0]),
        found=_explained,
    ),
    "the mean of the values of batches": Mistake(
        {"y_true": LABELS, "y_pred": SCORES, "task": "binary", "batches": SIZE},
        float(np.mean([_correct(SCORES[batch] > 0.5, LABELS[batch]) for batch in BATCHES])),
        "accumulation",
        "compute the metric once",
        "keras.metrics.BinaryAccuracy",
        _correct(SCORES > 0.5, LABELS),
        found=_explained,
    ),
    "argmax over a single column": Mistake(
        {"y_true": LABELS[:, None], "y_pred": SCORES[:, None], "task": "binary"},
        _correct(SCORES[:, None].argmax(axis=1), LABELS),
        "decision-rule",
        "y_pred > 0.5",
        "torchmetrics.classification.BinaryAccuracy",
        _correct(SCORES > 0.5, LABELS),
        found=_explained,
    ),
}


@pytest.fixture(scope="module")
def comparisons() -> Iterator[Callable[[str], Comparison]]:
    asked = {name: question(**mistake.asked, name=name) for name, mistake in MISTAKES.items()}
    with Session(list(asked.values()), ADAPTERS, implementations=IMPLEMENTATIONS) as session:
        yield lambda name: answer(session, asked[name], MISTAKES[name].mine)


@pytest.mark.parametrize("name", MISTAKES)
def test_the_mistake_is_named_and_what_to_write_instead_gives_the_number(
    comparisons: Callable[[str], Comparison], name: str
) -> None:
    mistake, comparison = MISTAKES[name], comparisons(name)
    axes, instead = mistake.found(comparison)
    assert mistake.axis in axes, comparison
    assert mistake.instead in instead
    (value,) = (r.value for r in comparison.results if r.implementation == mistake.other)
    assert Number.of(f"{mistake.right:.6f}").is_near(value)  # type: ignore[union-attr]
    assert not Number.of(mistake.mine).is_exactly(value)  # type: ignore[union-attr]


def test_the_samples_that_decide_are_counted_and_shown(comparisons: Callable[[str], Comparison]) -> None:
    comparison = comparisons("greater or equal where a metric takes greater")
    at = np.flatnonzero(SCORES == 0.5)
    difference = comparison.differences[0]
    assert difference.samples is not None
    assert difference.samples.number == len(at)
    assert [sample.index for sample in difference.samples.first] == at[:3].tolist()
    assert f"{len(at)} samples decide: the score of each equals the threshold." in str(comparison)


def test_a_macro_average_counts_no_sample_differently(comparisons: Callable[[str], Comparison]) -> None:
    said = str(comparisons("a macro average where a metric has a micro average"))
    assert "No sample alone decides" in said


def test_a_notebook_shows_the_same_and_markup_in_it_does_nothing(
    comparisons: Callable[[str], Comparison],
) -> None:
    page = comparisons("weights left out")._repr_html_()
    assert page.count("<tr>") == 1 + len(comparisons("weights left out").results)
    assert "the weights are left out" in page
    named = compare(["<b>", "a"], ["<b>", "a"], implementations="sklearn.metrics.accuracy_score")
    assert "<b>" not in named._repr_html_()


@pytest.mark.parametrize(
    ("text", "value", "near"),
    [
        ("0.73", 0.7349, True),
        ("0.73", 0.7351, False),
        ("1", 0.9, False),
        (0.0, 0.04, False),
        (0.5, float(np.float32(0.5000001)), True),
        ("0.7342", [0.7342], False),
        ("nan", float("nan"), True),
    ],
)
def test_a_number_stands_for_all_that_round_to_it(text: Any, value: Any, near: bool) -> None:
    number = Number.of(text)
    assert number is not None
    assert number.is_near(value) == near


def test_the_command_compares_an_implementation_with_the_others(project: Project) -> None:
    done = project.conformance(
        *(
            "compare",
            "--y-true",
            "1 0 0 1",
            "--y-pred",
            ".5 .2 .7 .9",
            "--mine",
            "keras.metrics.BinaryAccuracy",
        ),
        *("--implementations", "keras.metrics.*Accuracy"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "No task is named. y_true holds 0 and 1 only" in done.stdout
    assert "Why 0.0 (A, keras.metrics.Accuracy) and not 0.5 (B, keras.metrics.BinaryAccuracy)" in done.stdout
    assert "[0] y_true 1, y_pred 0.5" not in done.stdout  # both count it as incorrect


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--y-true", "0 1", "--y-pred", "0 1 1"), "y_true has 2 samples, y_pred has 3"),
        (("--y-true", "0 1", "--y-pred", "a.npy"), "y_pred: a.npy is no file."),
        (("--y-true", "0 1", "--y-pred", "0 1", "--mine", "keras.metrics.Acuracy"), "did you mean"),
        (
            ("--y-true", "0 1", "--y-pred", "0 1", "--implementations", "nothing*"),
            "No implementation matches",
        ),
        (("--y-true", "0 1", "--y-pred", "0 1", "--batches", "0"), "a batch has at least one sample"),
    ],
)
def test_bad_input_gets_a_sentence_and_exit_code_2(
    project: Project, arguments: tuple[str, ...], message: str
) -> None:
    done = project.conformance("compare", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
