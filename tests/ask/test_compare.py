"""Mistakes people make on 10,000 samples: the cause is named, and what is written instead gives the number."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from made_cases import ADAPTERS
from mistakes import MISTAKES, SCORES

import conformance
from conformance.adapters.base import CHOICES
from conformance.ask.arrays import AskError
from conformance.ask.compare import answer
from conformance.ask.comparison import Comparison
from conformance.ask.question import Number, question
from conformance.cases.validate import schema
from conformance.cli import main
from conformance.session.session import Session

IMPLEMENTATIONS = (
    "keras.metrics.BinaryAccuracy",
    "keras.metrics.CategoricalAccuracy",
    "keras.metrics.SparseCategoricalAccuracy",
    "sklearn.metrics.accuracy_score",
    "sklearn.metrics.accuracy_score[FixedThresholdClassifier]",
    "sklearn.metrics.accuracy_score[argmax]",
    "torchmetrics.Accuracy",
    "torchmetrics.classification.BinaryAccuracy",
    "torchmetrics.classification.MulticlassAccuracy",
    "torchmetrics.classification.MulticlassAccuracy[average=micro]",
)


@pytest.fixture(scope="module")
def comparisons() -> Iterator[Callable[..., Comparison]]:
    """Compares what a mistake gives, or an implementation, with the others."""
    asked = {name: question(**mistake.given, name=name) for name, mistake in MISTAKES.items()}
    with Session(list(asked.values()), ADAPTERS, implementations=IMPLEMENTATIONS) as session:
        yield lambda name, mine=None: answer(session, asked[name], mine or MISTAKES[name].value())


@pytest.mark.parametrize("name", MISTAKES)
def test_the_mistake_is_named_and_what_to_write_instead_gives_the_number(
    comparisons: Callable[..., Comparison], name: str
) -> None:
    mistake, comparison = MISTAKES[name], comparisons(name)
    told = [one for one in comparison.explanations if mistake.instead in one.instead]
    assert {one.axis for one in told} & {*mistake.axes}, comparison
    (value,) = (r.value for r in comparison.results if r.implementation == mistake.other)
    assert Number.of(f"{mistake.value(mistake.correct):.6f}").is_near(value)  # type: ignore[union-attr]
    assert not Number.of(mistake.value()).exactly.is_near(value)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "mine", "axes", "instead"),
    [
        (
            "greater or equal",
            "sklearn.metrics.accuracy_score[FixedThresholdClassifier]",
            ("decision-rule",),
            "Write y_pred > threshold where you have y_pred >= threshold",
        ),
        (
            "macro for micro",
            "torchmetrics.classification.MulticlassAccuracy",
            ("default-parameter",),
            "Pass average='micro' to both",
        ),
        (
            "logits taken for probabilities",
            "keras.metrics.BinaryAccuracy",
            ("score-transform",),
            "Apply the sigmoid yourself before the metric.",
        ),
    ],
)
def test_the_mistake_is_named_where_it_is_a_call(
    comparisons: Callable[..., Comparison], name: str, mine: str, axes: tuple[str, ...], instead: str
) -> None:
    comparison, other = comparisons(name, mine), MISTAKES[name].other
    assert comparison.given_by == (mine,)
    (group,) = (r.group for r in comparison.results if r.implementation == other)
    found, *_ = (d for d in comparison.differences if d.groups[1] == group and d.quantity == "accuracy")
    assert axes in [cause.axes for cause in found.causes]
    assert any(instead in sentence for cause in found.causes for sentence in cause.instead)


@pytest.mark.parametrize("number", ["0.843912345", 0.123456])
def test_of_a_number_that_nothing_gives_the_nearest_is_named(
    comparisons: Callable[..., Comparison], number: str | float
) -> None:
    comparison = comparisons("greater or equal", number)
    said = str(comparison)
    assert not comparison.explanations, said
    assert (
        f"No call with these parameters gives {number}. No single change of a call or of a rule does." in said
    )
    assert "The nearest is 0." in said


def test_the_samples_that_decide_are_counted_and_shown(comparisons: Callable[..., Comparison]) -> None:
    comparison = comparisons("greater or equal")
    at = np.flatnonzero(SCORES == 0.5)
    difference = comparison.differences[0]
    assert difference.samples is not None
    assert difference.samples.number == len(at)
    assert [sample.index for sample in difference.samples.first] == at[:3].tolist()
    assert f"{len(at)} samples decide: the score of each equals the threshold." in str(comparison)


def test_a_macro_average_counts_no_sample_differently(comparisons: Callable[..., Comparison]) -> None:
    said = str(comparisons("macro for micro"))
    assert "No sample alone decides" in said


def test_a_notebook_and_a_page_show_the_same_and_markup_in_it_does_nothing(
    comparisons: Callable[..., Comparison],
) -> None:
    comparison = comparisons("weights dropped")
    shown = comparison._repr_html_()
    assert shown in comparison.page()
    assert "the weights are left out" in shown
    assert "== y_true, weights=sample_weight)" in shown
    assert all(f"<code>{result.implementation}</code>" in shown for result in comparison.results)
    decided = comparisons("greater or equal")._repr_html_()
    assert '<tr><td class="value">40</td><td class="value">0</td><td class="value">0.5</td>' in decided
    marked = replace(comparison, mine="<b>", notes=("<script>alert(1)</script>\x1b",))
    assert "<b>" not in marked.page()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\x1b" in marked.page()


def test_programs_get_every_attribute_as_strict_json(comparisons: Callable[..., Comparison]) -> None:
    comparison = comparisons("greater or equal")
    document = json.loads(json.dumps(comparison.to_json(), allow_nan=False))
    assert document["format"] == 1
    assert [result["group"] for result in document["results"]] == [r.group for r in comparison.results]
    first = document["differences"][0]
    assert first["causes"][0]["axes"] == ["decision-rule"]
    assert first["samples"]["first"][0] == {
        "index": 40,
        "y_true": 0,
        "y_pred": 0.5,
        "mine": [0],
        "other": [1],
    }


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
        ("73.4%", 0.7344, True),
        ("73.4%", 0.7346, False),
        ("1/3", 1 / 3, True),
    ],
)
def test_a_number_stands_for_all_that_round_to_it(text: Any, value: Any, near: bool) -> None:
    number = Number.of(text)
    assert number is not None
    assert number.is_near(value) == near


def compared(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["compare", *arguments])


@pytest.mark.parametrize("text", ["", "a/b", "1/0", "%", "keras.metrics.BinaryAccuracy"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert Number.of(text) is None


def test_the_command_writes_a_page_and_prints_json(tmp_path: Path) -> None:
    mine = "sklearn.metrics.accuracy_score[FixedThresholdClassifier]"
    done = compared(
        *("--y-true", "1 0 0 1", "--y-pred", ".5 .2 .7 .9", "--mine", mine, "--json"),
        *("--implementations", "sklearn.metrics.accuracy_score", "--html", str(tmp_path / "new" / "a.html")),
    )
    assert (done.exit_code, done.stderr) == (0, "")
    (difference,) = json.loads(done.stdout)["differences"]
    assert difference["implementations"] == [mine, "sklearn.metrics.accuracy_score"]
    page = (tmp_path / "new" / "a.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "y_true holds 0 and 1 only" in page


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
        (("--y-true", "0 1", "--y-pred", "0 1", "--html", "."), "'.' is a directory"),
    ],
)
def test_bad_input_gets_a_sentence_and_exit_code_2(arguments: tuple[str, ...], message: str) -> None:
    done = compared(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("treshold", 0.5, "There is no parameter treshold (did you mean 'threshold'?)"),
        (
            "average",
            "marco",
            "average: 'marco' is none of micro, macro, weighted, binary, samples, none (did you mean 'macro'?).",
        ),
        ("multidim_average", "globl", "none of global, samplewise (did you mean 'global'?)."),
    ],
)
def test_a_parameter_and_its_named_value_are_known(parameter: str, value: Any, message: str) -> None:
    with pytest.raises(AskError, match=re.escape(message)):
        question([0, 1, 1], [0, 1, 1], parameters={parameter: value})


@pytest.mark.parametrize("value", ["none", None])
def test_no_average_is_known_by_both_names(value: str | None) -> None:
    assert question([0, 1], [0, 1], parameters={"average": value}).call().parameters == {"average": value}


def test_every_named_value_is_in_the_schema_of_cases() -> None:
    keys = schema()["$defs"]["Case"]["properties"]
    for parameter, choices in CHOICES.items():
        assert all(choice in keys[parameter]["description"] for choice in choices)


def test_batches_are_one_size_or_those_of_all_samples() -> None:
    assert question([0, 1, 1], [0, 1, 1], batches=np.int64(2)).call().batches == (2, 1)
    assert question([0, 1, 1], [0, 1, 1], batches=np.array([1, 2])).call().batches == (1, 2)


@pytest.mark.parametrize("batches", [1.5, [2, "1"], [2, 2], 0])
def test_other_batches_get_a_sentence(batches: Any) -> None:
    with pytest.raises(AskError, match="batches: "):
        question([0, 1, 1], [0, 1, 1], batches=batches)


def test_a_page_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = compared(
        *("--y-true", "0 1", "--y-pred", "0 1", "--implementations", "sklearn.metrics.accuracy_score"),
        *("--html", str(tmp_path / "file" / "a.html")),
    )
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{tmp_path / 'file'}: File exists: ")


def test_implementations_that_are_named_and_cannot_be_called_are_told() -> None:
    named = ["torchmetrics.classification.BinaryAccuracy", "sklearn.metrics.metric_at_thresholds*"]
    answer = conformance.compare([0, 1, 1], [0.2, 0.8, 0.5], sample_weight=[1, 2, 1], implementations=named)
    assert any(
        note.startswith("Not called: torchmetrics.classification.BinaryAccuracy ") and "weight" in note
        for note in answer.notes
    )
