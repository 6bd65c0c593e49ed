"""Mistakes people make on 10,000 samples: the cause is named, and what is written instead gives the number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from made_cases import ADAPTERS
from mistakes import MISTAKES, SCORES
from projects import Project

from conformance.ask.compare import answer, compare
from conformance.ask.comparison import Comparison
from conformance.ask.question import Number, question
from conformance.session.session import Session

IMPLEMENTATIONS = (
    "keras.metrics.BinaryAccuracy",
    "keras.metrics.CategoricalAccuracy",
    "sklearn.metrics.accuracy_score",
    "sklearn.metrics.accuracy_score[FixedThresholdClassifier]",
    "torchmetrics.classification.BinaryAccuracy",
    "torchmetrics.classification.MulticlassAccuracy",
    "torchmetrics.classification.MulticlassAccuracy[average=micro]",
)


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


#: Mistake -> where its answer is found, and what it says to write instead.
FOUND: Mapping[str, tuple[Callable[[Comparison], tuple[tuple[str, ...], str]], str]] = {
    "greater or equal": (
        _different("keras.metrics.BinaryAccuracy"),
        "Write y_pred > threshold where you have y_pred >= threshold",
    ),
    "macro for micro": (
        _different("torchmetrics.classification.MulticlassAccuracy[average=micro]"),
        "Pass average='micro' to both",
    ),
    "logits taken for probabilities": (
        _different("torchmetrics.classification.BinaryAccuracy"),
        "Apply the sigmoid yourself before the metric.",
    ),
    "elements of one-hot vectors compared": (
        _explained,
        MISTAKES["elements of one-hot vectors compared"].instead,
    ),
    "weights dropped": (_explained, MISTAKES["weights dropped"].instead),
    "ignored class counted": (_explained, MISTAKES["ignored class counted"].instead),
    "mean of batch values": (_explained, "compute the metric once"),
    "argmax over a single column": (_explained, MISTAKES["argmax over a single column"].instead),
}


@pytest.fixture(scope="module")
def comparisons() -> Iterator[Callable[[str], Comparison]]:
    asked = {name: question(**MISTAKES[name].given, name=name) for name in FOUND}
    with Session(list(asked.values()), ADAPTERS, implementations=IMPLEMENTATIONS) as session:
        yield lambda name: answer(session, asked[name], MISTAKES[name].value())


@pytest.mark.parametrize("name", FOUND)
def test_the_mistake_is_named_and_what_to_write_instead_gives_the_number(
    comparisons: Callable[[str], Comparison], name: str
) -> None:
    mistake, comparison = MISTAKES[name], comparisons(name)
    found, says = FOUND[name]
    axes, instead = found(comparison)
    assert {*mistake.axes} & {*axes}, comparison
    assert says in instead
    (value,) = (r.value for r in comparison.results if r.implementation == mistake.other)
    assert Number.of(f"{mistake.value(mistake.correct):.6f}").is_near(value)  # type: ignore[union-attr]
    assert not Number.of(mistake.value()).is_exactly(value)  # type: ignore[union-attr]


def test_the_samples_that_decide_are_counted_and_shown(comparisons: Callable[[str], Comparison]) -> None:
    comparison = comparisons("greater or equal")
    at = np.flatnonzero(SCORES == 0.5)
    difference = comparison.differences[0]
    assert difference.samples is not None
    assert difference.samples.number == len(at)
    assert [sample.index for sample in difference.samples.first] == at[:3].tolist()
    assert f"{len(at)} samples decide: the score of each equals the threshold." in str(comparison)


def test_a_macro_average_counts_no_sample_differently(comparisons: Callable[[str], Comparison]) -> None:
    said = str(comparisons("macro for micro"))
    assert "No sample alone decides" in said


def test_a_notebook_shows_the_same_and_markup_in_it_does_nothing(
    comparisons: Callable[[str], Comparison],
) -> None:
    page = comparisons("weights dropped")._repr_html_()
    assert page.count("<tr>") == 1 + len(comparisons("weights dropped").results)
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
