"""Looking up an implementation by name: what it computes, and which calls of other frameworks equal it."""

from __future__ import annotations

import html
import json
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_cases import ENTRIES, FRAMEWORKS
from sampling import Some
from shipped_cases import CASES

import conformance
from conformance.ask.description import Description, Equal
from conformance.ask.equal_calls import Corpus
from conformance.ask.lookup import EQUAL_CALLS, AmbiguousName, UnknownName
from conformance.cli import main
from conformance.oracle import find

SCORE = "sklearn.metrics.accuracy_score"
MICRO = "torchmetrics.classification.MulticlassAccuracy[average=micro]"


def asked(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(main, ["lookup", *arguments])


def calls(answer: Description, task: str, framework: str) -> list[str]:
    return [one.call for one in answer.equals if (one.task, one.framework) == (task, framework)]


def equal(answer: Description, implementation: str) -> Equal:
    return next(one for one in answer.equals if one.implementation == implementation)


# Names.


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (SCORE, SCORE),
        ("accuracy_score", SCORE),
        ("ACCURACY_SCORE", SCORE),
        ("metrics.balanced_accuracy_score", "sklearn.metrics.balanced_accuracy_score"),
        ("MulticlassAccuracy", "torchmetrics.classification.MulticlassAccuracy"),
        ("MulticlassAccuracy[average=micro]", MICRO),
        ("keras.metrics.BinaryAccuracy@torch", "keras.metrics.BinaryAccuracy@torch"),
        ('"accuracy" in keras.Model.compile', "keras.Model.compile[accuracy]"),
        ("'acc' in tf_keras.Model.compile", "tf_keras.Model.compile[acc]"),
        ("hamming", "sklearn.metrics.hamming_loss[1 - loss]"),
        ("torchmetrics.MulticlassAccuracy", "torchmetrics.classification.MulticlassAccuracy"),
        ('keras.metrics.F1Score(average="macro")', "keras.metrics.F1Score"),
        ("sklearn.metrics.f1_score(average='macro', zero_division=0)", "sklearn.metrics.f1_score"),
    ],
)
def test_a_name_may_be_the_end_of_an_id_or_a_part_of_it_or_a_call(name: str, found: str) -> None:
    assert conformance.lookup(name).implementation == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (
            "BinaryAccuracy",
            {
                "keras.metrics.BinaryAccuracy",
                "tf_keras.metrics.BinaryAccuracy",
                "torchmetrics.classification.BinaryAccuracy",
            },
        ),
        ('"accuracy" in compile', {"keras.Model.compile[accuracy]", "tf_keras.Model.compile[accuracy]"}),
    ],
)
def test_a_name_of_several_lists_them_and_what_they_compute(name: str, found: set[str]) -> None:
    with pytest.raises(AmbiguousName, match=f"fits {len(found)} implementations") as raised:
        conformance.lookup(name)
    assert set(raised.value.matches) == found
    done = asked(name)
    assert done.exit_code == 0
    for match in found:
        assert f"  {match}\n    {find(match).says}\n" in done.stdout
    assert set(json.loads(asked(name, "--json").stdout)["matches"]) == found


def test_the_words_of_a_name_need_no_quotes() -> None:
    assert asked("accuracy", "in", "keras.Model.compile").stdout.startswith("keras.Model.compile[accuracy]\n")


@pytest.mark.parametrize("name", ["BinaryAcuracy", "nothing like it", "", "a" * 1000, "\x1b[31m", "[", "in"])
def test_an_unknown_name_is_bad_input(name: str) -> None:
    with pytest.raises(UnknownName):
        conformance.lookup(f"{name} ?")
    done = asked(f"{name} ?")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no implementation ")
    assert "\x1b" not in done.stderr
    assert len(done.stderr) < 250


def test_the_nearest_name_is_suggested() -> None:
    assert "(did you mean 'BinaryAccuracy'?)" in asked("BinaryAcuracy").stderr
    assert f"(did you mean '{SCORE}'?)" in asked("sklearn.metrics.acuracy_score").stderr
    assert "(did you mean 'compile[accuracy]'?)" in asked('"acuracy" in compile').stderr


# What it computes.


def test_every_implementation_is_answered_with_its_rules_and_findings() -> None:
    for name in ENTRIES:
        _is_answered(name)


def _is_answered(name: str) -> None:
    answer, definition = conformance.lookup(name), find(ENTRIES[name].definition or "")
    assert answer.says == definition.says
    assert {(rule.axis, rule.says, rule.source, rule.releases) for rule in answer.rules} == {
        (rule.axis, rule.behaviour.says, rule.place, rule.releases) for rule in definition.rules
    }
    known = {finding.id for finding in answer.findings}
    assert known == {finding.id for finding in definition.findings if ENTRIES[name].has(finding.needs)}
    assert known.issuperset(name for rule in answer.rules for name in rule.deviations)
    assert all(len(line) <= 79 or " " not in line.strip() for line in answer.lines(79))
    assert json.loads(json.dumps(answer.to_json(), allow_nan=False))["implementation"] == name


def test_it_says_what_a_call_takes_and_its_defaults_under_the_frameworks_own_names() -> None:
    answer = conformance.lookup("sklearn.metrics.top_k_accuracy_score")
    assert answer.parameters["top_k"] == "k"
    assert answer.defaults == {"k": 2, "normalize": True, "labels": None}
    assert (answer.weights, answer.tasks) == (True, ("binary", "multiclass"))
    assert answer.releases.startswith("scikit-learn>=1.5,<=")


def test_what_the_way_of_use_gives_is_no_default() -> None:
    answer = conformance.lookup(MICRO)
    assert answer.given == {"average": "micro"}
    assert "average" not in answer.defaults
    assert next(rule.says for rule in answer.rules if rule.axis == "default-parameter").startswith(
        "Given: average='micro'. Defaults: top_k=1, "
    )
    assert conformance.lookup("torchmetrics.classification.MulticlassAccuracy").given == {}


@pytest.mark.parametrize("metric", ["Accuracy", "Precision", "Recall"])
def test_which_classes_macro_averages_is_said_once_and_where_the_documentation_says_otherwise(
    metric: str,
) -> None:
    name = f"torchmetrics.classification.Multiclass{metric}"
    absent = "torchmetrics-macro-leaves-absent-classes-out"
    answer = conformance.lookup(name)
    assert "averaged over the classes that occur among targets or predictions" in answer.says
    assert absent in next(rule.deviations for rule in answer.rules if rule.axis == "average")
    assert f"{absent}\n" in str(answer)
    micro = conformance.lookup(f"{name}[average=micro]")
    assert not any("-macro-" in finding.id for finding in micro.findings)


def test_of_a_string_or_a_task_it_says_what_it_becomes_for_which_shapes() -> None:
    becomes = conformance.lookup("keras.Model.compile[accuracy]").becomes
    assert becomes["binary, y_true (N, 1), y_pred (N, 1)"] == "BinaryAccuracy"
    assert becomes["binary, y_true (N,), y_pred (N,)"] == "CategoricalAccuracy"  # a known deviation
    assert becomes["multiclass, y_true (N,), y_pred (N, C)"] == "SparseCategoricalAccuracy"
    assert becomes["multiclass, y_true (N, C), y_pred (N, C)"] == "CategoricalAccuracy"
    shown = str(conformance.lookup("torchmetrics.Accuracy"))
    assert "\n  becomes: BinaryAccuracy for binary, y_true (N, 1), y_pred (N, 1)\n" in shown
    assert not conformance.lookup(SCORE).becomes


def test_rules_and_findings_of_some_releases_say_of_which() -> None:
    ranges = [rule.releases for rule in conformance.lookup(SCORE).rules if rule.axis == "refusal"]
    assert ranges == [">=1.9", ">=1.8,<1.9", ">=1.7,<1.8", "<1.7"]
    shown = str(conformance.lookup(SCORE))
    for each in ranges:
        assert f"\n  refusal ({each}): " in shown


def test_an_answer_cannot_be_changed_and_shows_itself_in_a_notebook() -> None:
    answer = conformance.lookup(SCORE)
    with pytest.raises(FrozenInstanceError):
        answer.says = "else"  # type: ignore[misc]
    hostile = replace(answer, says="<script>alert(1)</script>\x1b")
    assert "&lt;script&gt;" in hostile._repr_html_()
    shown = hostile._repr_html_()
    assert not any(text in shown for text in ("<script>", "\x1b"))
    assert all(f"<code>{one.call}</code>" in html.unescape(shown) for one in answer.equals)
    assert all(rule.says in html.unescape(shown) for rule in answer.rules)


# What equals it.


def test_the_parameter_that_makes_them_equal_is_named() -> None:
    score = conformance.lookup(SCORE)
    micro = "torchmetrics.classification.MulticlassAccuracy(average='micro', num_classes=...)"
    assert calls(score, "multiclass", "torchmetrics") == [micro]
    assert calls(score, "multilabel", "torchmetrics") == [
        "torchmetrics.classification.MultilabelExactMatch(num_labels=...)"
    ]
    top = conformance.lookup("keras.metrics.SparseTopKCategoricalAccuracy")
    assert calls(top, "multiclass", "sklearn") == ["sklearn.metrics.top_k_accuracy_score(..., k=5)"]
    assert calls(top, "multiclass", "torchmetrics") == [
        "torchmetrics.classification.MulticlassAccuracy(average='micro', top_k=5, num_classes=...)"
    ]


def test_the_average_that_makes_precisions_equal_is_named_from_both_sides() -> None:
    precision = conformance.lookup("MulticlassPrecision")
    (call,) = (one for one in precision.equals if not one.given)
    assert call.call == "sklearn.metrics.precision_score(..., average='macro')"
    assert call.parameters == {"average": "macro"}  # zero_division changes nothing
    assert [one.axes for one in call.differences if one.why == "axes"] == [("average",)]
    score = conformance.lookup("sklearn.metrics.precision_score")
    of_classes = {
        one.given["average"]: one.call
        for one in score.equals
        if (one.task, one.framework) == ("multiclass", "torchmetrics")
    }
    name = "torchmetrics.classification.MulticlassPrecision"
    assert of_classes == {
        "macro": f"{name}(num_classes=...)",
        "micro": f"{name}(average='micro', num_classes=...)",
        "weighted": f"{name}(average='weighted', num_classes=...)",
    }
    binary = calls(score, "binary", "torchmetrics")
    assert binary == ["torchmetrics.functional.classification.binary_precision(...)"]


def test_what_equals_it_only_with_a_parameter_comes_after_what_does_as_it_is() -> None:
    answer = conformance.lookup("torchmetrics.classification.MulticlassAccuracy")
    shown = " ".join(str(answer).split())
    none = shown.index("none: Keras; tf_keras")
    assert shown.index("multiclass: sklearn.metrics.balanced_accuracy_score(...)") < none
    assert none < shown.index("multiclass, with average='micro': sklearn.metrics.accuracy_score(...)")
    page = html.unescape(answer._repr_html_())
    assert page.index("None: Keras; tf_keras") < page.index("multiclass, with average='micro': <code>")


def test_macro_is_the_balanced_accuracy_where_every_class_occurs() -> None:
    answer = conformance.lookup("torchmetrics.classification.MulticlassAccuracy")
    found = equal(answer, "sklearn.metrics.balanced_accuracy_score")
    assert [one.axes for one in found.differences if one.why == "axes"] == [("average",)]
    assert {"Keras", "tf_keras"} <= set(answer.without)
    assert found.quantity == "balanced-accuracy"
    assert next(found.sentences()) == f"another quantity, balanced-accuracy: {found.says}"
    assert not any(one.quantity for one in conformance.lookup(SCORE).equals if one.task != "multilabel")


def test_where_they_differ_is_said_by_cause_with_a_case() -> None:
    found = equal(
        conformance.lookup("keras.metrics.BinaryAccuracy"), "torchmetrics.classification.BinaryAccuracy"
    )
    by = {one.axes: one for one in found.differences if one.why == "axes"}
    assert {("threshold-precision",), ("score-transform",)} <= set(by)
    assert found.of - found.equal == sum(one.cases for one in by.values())
    assert {one.case for one in found.differences} <= {case.id for case in CASES}
    targets = next(one for one in found.differences if one.why == "other-raises")
    assert targets.reason.startswith("targets hold values other than 0 and 1")


def test_of_one_that_no_call_equals_it_is_said() -> None:
    answer = conformance.lookup("keras.metrics.binary_accuracy")
    assert not answer.equals
    assert "\n  none: " in str(answer)


@cache
def corpus() -> Corpus:
    return Corpus()


def test_the_comparisons_are_those_of_the_cases_and_definitions(some: Some) -> None:
    written = json.loads(EQUAL_CALLS.read_text(encoding="utf-8"))
    listed = list(corpus().implementations())
    again = "run `python -m conformance.ask.equal_calls`"
    assert list(written) == [entry.id for _, entry in listed], again
    for adapter, entry in some(listed, 31):
        found = json.loads(json.dumps(corpus().equal_calls(adapter, entry)))
        assert found == written[entry.id], f"{entry.id}: {again}"


# Without a framework.


@pytest.mark.parametrize(
    "program",
    [
        f"import conformance; print(conformance.lookup({SCORE!r}))",
        f"from conformance.cli import main; main(['lookup', {SCORE!r}], standalone_mode=False)",
    ],
)
def test_no_framework_is_imported_and_no_case_read(program: str) -> None:
    program += f"\nimport sys\nprint(sorted({{*{FRAMEWORKS}, 'conformance.cases.load'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{SCORE}\n")
    assert done.stdout.endswith("\n[]\n")


def test_the_package_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lokup'"):
        conformance.lokup  # noqa: B018


def test_the_comparisons_are_in_the_package() -> None:
    assert EQUAL_CALLS.is_relative_to(Path(conformance.__file__).parent)
