"""How two implementations come to their outcomes on a case: what is printed is what the definitions do."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from projects import Project

from conformance.adapters.registry import adapters
from conformance.ask.arrays import AskError
from conformance.ask.working import working
from conformance.cases import Case
from conformance.session.corpus import read_cases

BINARY = "keras.metrics.BinaryAccuracy"
AT_OR_ABOVE = "sklearn.metrics.accuracy_score[FixedThresholdClassifier]"


@pytest.fixture(scope="module")
def cases() -> Mapping[str, Case]:
    return {case.id: case for case in read_cases((), adapters())}


def test_samples_that_differ_go_first_with_how_each_counts_them(cases: Mapping[str, Case]) -> None:
    found = working(cases["seed-accuracy-is-not-binary-accuracy"], "keras.metrics.Accuracy", BINARY)
    assert [sample.index for sample in found.samples] == [0, 3, 1, 2]
    assert found.samples[0].ways == ("predicted 0.51, true 1: incorrect", "predicted 1, true 1: correct")
    assert [one.counts for one in found.both] == [("2 of 4 samples correct",), ("4 of 4 samples correct",)]
    assert [one.outcome for one in found.both] == ["1/2 = 0.5", "1.0"]
    assert found.difference is not None
    assert [cause.axes for cause in found.difference.causes] == [("decision-rule",)]


def test_rules_counts_and_the_cause_are_printed(cases: Mapping[str, Case]) -> None:
    said = "\n".join(working(cases["exactly-one-half"], BINARY, AT_OR_ABOVE).lines(200))
    for line in (
        "  [0] y_true [1], y_pred [0.5]",
        "    A: predicted 0, true 1: incorrect",
        "  [1] y_true [0], y_pred [0.2]; both: predicted 0, true 0: correct",
        "  A: A score is positive if it is greater than the threshold (p > t).",
        "  Both: All elements or samples count alike (micro); samplewise gives one value per sample.",
        "  A: 1 of 2 samples correct",
        "  1 sample decides: its score equals the threshold.",
    ):
        assert line in said.splitlines()


def test_classes_are_counted_where_they_are_averaged(cases: Mapping[str, Case]) -> None:
    macro = "torchmetrics.classification.MulticlassAccuracy"
    found = working(cases["macro-and-micro-on-unequal-classes"], macro, f"{macro}[average=micro]")
    assert [line.partition(":")[0] for line in found.both[0].counts[1:]] == ["class 0", "class 1"]
    assert len(found.both[1].counts) == 1, found.both[1].counts


def test_what_raises_says_why(cases: Mapping[str, Case]) -> None:
    found = working(cases["seed-accuracy-is-not-binary-accuracy"], BINARY, "sklearn.metrics.accuracy_score")
    assert (
        found.both[1].outcome
        == "raises ValueError, because targets and predictions are of different types: binary and continuous"
    )
    assert (found.both[1].counts, found.samples) == ((), ())
    assert found.difference is not None
    assert found.difference.causes[0].axes == ("refusal",)


def test_two_that_agree_have_no_difference(cases: Mapping[str, Case]) -> None:
    found = working(cases["exactly-one-half"], BINARY, f"tf_{BINARY}")
    assert found.difference is None
    assert found.lines()[-1] == "Both give the same."
    assert json.loads(json.dumps(found.to_json()))["case"] == "exactly-one-half"


def test_what_is_left_open_is_explained_too(cases: Mapping[str, Case]) -> None:
    names = "keras.metrics.SparseTopKCategoricalAccuracy", "torchmetrics.MetricCollection[MulticlassAccuracy]"
    assert str(working(cases["tie-at-the-boundary-of-top-two"], *names))


def test_an_implementation_that_cannot_be_called_says_why(cases: Mapping[str, Case]) -> None:
    weighted = next(case for case in cases.values() if case.call().updates[0].sample_weight is not None)
    micro = "torchmetrics.classification.MulticlassAccuracy[average=micro]"
    with pytest.raises(AskError, match=f"cannot be called on {weighted.id}: it has no parameter "):
        working(weighted, micro, micro)


def test_the_command_explains_a_case_of_a_file(project: Project) -> None:
    text = (
        "format: 1\ntheme: t\ncases:\n  - {id: one, title: One, task: binary, y_true: [1], y_pred: [0.5]}\n"
    )
    project.write("own.yaml", text)
    done = project.conformance("explain", "one", BINARY, AT_OR_ABOVE, "--cases", "own.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"one: One\n  A: {BINARY}: 0.0\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("exactly-one-hal", BINARY, AT_OR_ABOVE), "did you mean 'exactly-one-half'?"),
        (("exactly-one-half", "BinaryAccuracy", BINARY), "fits 3 implementations"),
        (("exactly-one-half", BINARY), "Give CASE A B"),
    ],
)
def test_bad_input_gets_a_sentence_and_exit_code_2(
    project: Project, arguments: tuple[str, ...], message: str
) -> None:
    done = project.conformance("explain", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
