"""Surviving variants are found from predictions alone, and `conformance coverage` fails if one is not listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_cases import ENTRIES, FRAMEWORKS, made_case
from projects import Project

from conformance.cases import Case
from conformance.coverage import Coverage, coverage, survivors
from conformance.oracle import find
from conformance.oracle.variants import variants

BINARY = "torchmetrics.classification.BinaryAccuracy"
KERAS = "keras.metrics.BinaryAccuracy"
EQUALITY = "keras.metrics.Accuracy"

PLAIN = {"y_true": [[1], [0]], "y_pred": [[0.9], [0.2]]}
ON_IT = {"y_true": [[1], [0]], "y_pred": [[0.5], [0.2]]}

UNLISTED = "Variants that no case kills"
STALE = "Listed survivors that do not survive"


def found(cases: Sequence[Case], *names: str, listed: Mapping[str, str] | None = None) -> Coverage:
    return coverage([ENTRIES[name] for name in names], cases, listed or {}, known=[*ENTRIES.values()])


def surviving(result: Coverage) -> set[str]:
    """Axis and name of the variants that survive, without the rule that they replace."""
    split = (name.partition(": ") for name in result.survivors)
    return {f"{axis}: {rest.rpartition(' -> ')[2]}" for axis, _, rest in split}


def test_a_case_on_the_threshold_kills_greater_or_equal() -> None:
    assert "decision-rule: at-or-above" in surviving(found([made_case(**PLAIN)], BINARY))
    assert "decision-rule: at-or-above" not in surviving(found([made_case(**ON_IT)], BINARY))


ROWS_OF_TWO_WIDTHS = {
    "updates": [
        {"y_true": [[1]], "y_pred": [[0.9]]},
        {"y_true": [[1, 1, 1]], "y_pred": [[0.1, 0.1, 0.1]]},
    ]
}


@pytest.mark.parametrize(
    ("name", "variant", "before", "after"),
    [
        (BINARY, "decision-rule: equality", {"y_true": [1], "y_pred": [1.0]}, PLAIN),
        (KERAS, "unit: element", PLAIN, ROWS_OF_TWO_WIDTHS),
        (
            KERAS,
            "weights: magnitudes",
            {**ON_IT, "sample_weight": [3, 1]},
            {**ON_IT, "sample_weight": [1, -3]},
        ),
        (
            KERAS,
            "accumulation: mean-of-updates",
            {**ON_IT, "batches": [1, 1]},
            {"y_true": [1, 1, 1, 0], "y_pred": [1.0] * 4, "batches": [3, 1]},
        ),
        (KERAS, "undefined-value: one", PLAIN, {"updates": []}),
        (KERAS, "refusal: raises-nothing", PLAIN, {"y_true": ["a"], "y_pred": [1.0]}),
        (
            KERAS,
            "departure: without keras-threshold-is-rounded-to-float32",
            PLAIN,
            {"y_true": [1], "y_pred": [0.69999999], "threshold": 0.7},
        ),
        (BINARY, "score-transform: sigmoid-from-the-border", PLAIN, {"y_true": [0, 1], "y_pred": [0.2, 1.0]}),
        (BINARY, "exclusion: nothing", PLAIN, {"y_true": [1, -1], "y_pred": [0.9, 0.9], "ignore_index": -1}),
        (BINARY, "default-parameter: threshold=0.0", {"y_true": [1], "y_pred": [0.9]}, PLAIN),
    ],
)
def test_a_variant_survives_until_a_case_kills_it(name: str, variant: str, before: Any, after: Any) -> None:
    first = made_case(**before)
    assert variant in surviving(found([first], name))
    assert variant not in surviving(found([first, made_case(case_id="more", **after)], name))


def test_tied_scores_kill_variants_of_ties() -> None:
    name = "sklearn.metrics.top_k_accuracy_score"
    scores = {"top_k": 2, "labels": [0, 1, 2], "y_true": [1, 1, 2, 0]}
    plain = made_case("multiclass", y_pred=[[0.5, 0.3, 0.2]] * 4, **scores)
    tied = made_case("multiclass", case_id="tied", y_pred=[[0.6, 0.2, 0.2]] * 4, **scores)
    assert {"ties: first-or-all", "ties: top-k-takes-the-first"} <= surviving(found([plain], name))
    assert not {"ties: first-or-all", "ties: top-k-takes-the-first"} & surviving(found([plain, tied], name))


def test_shapes_kill_what_a_string_always_means() -> None:
    name = "keras.Model.compile[accuracy]"
    column = made_case(y_true=[[1], [0]], y_pred=[[0.9], [0.8]])
    several = made_case("multiclass", case_id="more", y_true=[1, 0], y_pred=[[0.9, 0.1], [0.8, 0.2]])
    always = "name-resolution: always keras.metrics.BinaryAccuracy"
    assert always in surviving(found([column], name))
    assert always not in surviving(found([column, several], name))


def test_rules_that_cannot_work_together_are_no_variants() -> None:
    """Equality has no threshold that `above` could compare with."""
    names = surviving(found([made_case(y_true=[1, 0], y_pred=[1, 1])], EQUALITY))
    assert "decision-rule: above" not in names
    assert "decision-rule: argmax-last" in names


def test_a_rule_that_no_case_uses_survives_and_a_part_that_is_shared_is_no_variant() -> None:
    """Equality ranks nothing; of a precision it uses how two numbers are equal, never a threshold."""
    names = surviving(found([made_case(y_true=[1, 0], y_pred=[1, 1])], EQUALITY))
    assert "ties: first-or-any" in names
    assert "threshold-precision: numpy" in names
    assert "threshold-precision: threshold-in-dtype-of-numpy-scores" not in names


def test_a_variant_killed_for_one_definition_is_killed_for_all_that_follow_the_rule() -> None:
    scores = {"y_true": [[1, 0], [0, 1]], "y_pred": [[0.9, 0.2], [0.9, 0.8]]}
    weighted = made_case(sample_weight=[3, -1], implementations=(KERAS,), **scores)
    plain = made_case(case_id="plain", **scores)
    assert "weights: magnitudes" in surviving(found([plain], EQUALITY))
    assert "weights: magnitudes" not in surviving(found([weighted, plain], KERAS, EQUALITY))


def test_a_survivor_is_a_problem_until_it_is_listed() -> None:
    cases = [made_case(**PLAIN)]
    names = found(cases, BINARY).survivors
    assert found(cases, BINARY).problems[UNLISTED] == names
    listed = dict.fromkeys(names, "For this test.")
    assert UNLISTED not in found(cases, BINARY, listed=listed).problems


def test_a_listed_survivor_that_is_killed_or_gone_is_a_problem() -> None:
    names = found([made_case(**PLAIN)], BINARY).survivors
    (at_or_above,) = (name for name in names if name.endswith("-> at-or-above"))
    listed = {at_or_above: "It was so.", "decision-rule: none -> nothing": "Gone."}
    assert found([made_case(**ON_IT)], BINARY, listed=listed).problems[STALE] == (
        f"{at_or_above}: killed by made",
        "decision-rule: none -> nothing: there is no such variant",
    )


def test_unused_parameters_are_a_problem() -> None:
    unused = found([made_case(**PLAIN)], KERAS).problems["Unused parameters"]
    assert unused == tuple(
        f"{KERAS}: no case uses {name}" for name in ("threshold", "sample_weight", "dtype: metric", "batches")
    )
    more = {
        **PLAIN,
        "threshold": 0.7,
        "sample_weight": [1, 2],
        "batches": [1, 1],
        "dtype": {"metric": "float64"},
    }
    assert "Unused parameters" not in found([made_case(**more)], KERAS).problems


def test_parameters_of_a_way_that_few_cases_ask_are_used_where_it_is_not_the_way() -> None:
    way = f"{KERAS}[mask]"
    case = made_case(threshold=0.7, **PLAIN)
    assert f"{way}: no case uses threshold" in found([case], way).problems["Unused parameters"]
    unused = found([case], KERAS, way).problems["Unused parameters"]
    assert f"{way}: no case uses threshold" not in unused
    assert f"{way}: no case uses mask" in unused


def test_two_cases_that_pin_the_same_outcome_are_a_missing_rule() -> None:
    pinned = {KERAS: {"value": 0.25, "because": "seen"}}
    cases = [made_case(expect=pinned, case_id=name, **PLAIN) for name in ("one", "two")]
    title = "Outcomes that several cases pin"
    assert found(cases, KERAS).problems[title] == (f"{KERAS}: 0.25: one, two: a rule is missing",)
    assert title not in found(cases[:1], KERAS).problems


def test_many_open_predictions_are_a_problem() -> None:
    name = "torchmetrics.classification.MulticlassAccuracy"
    tied = {"top_k": 2, "y_true": [1, 2, 0], "y_pred": [[0.6, 0.2, 0.2]] * 3}
    problems = found([made_case("multiclass", **tied)], name).problems
    assert problems["Open predictions"] == ("1 of 1 cells, more than 3%",)


# The list.


def test_a_list_keeps_its_reasons_and_marks_what_has_none(tmp_path: Path) -> None:
    path = tmp_path / "survivors.yaml"
    survivors.write(["a: b -> c", "a: b -> d"], {"a: b -> c": "Alike.", "gone": "Alike."}, path)
    assert survivors.read(path) == {"a: b -> c": "Alike.", "a: b -> d": survivors.NO_REASON}
    result = found([made_case(**PLAIN)], BINARY, listed=survivors.read(path))
    assert result.problems["Listed survivors without a reason"] == ("a: b -> d",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "expected a mapping"),
        ("Alike.: a\n", "Alike.: expected a list"),
        ("Alike.: [a]\nOr not.: [a]\n", "a is listed twice"),
    ],
)
def test_a_broken_list_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "survivors.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=said):
        survivors.read(path)


def test_the_list_of_the_project_has_a_short_reason_for_each() -> None:
    reasons = survivors.read()
    assert reasons
    assert [why for why in reasons.values() if why == survivors.NO_REASON or len(why) > 120] == []


# The command.


def test_the_command_fails_while_something_is_left_and_writes_a_list(project: Project) -> None:
    arguments = ("coverage", "cases", "--survivors", "survivors.yaml")
    done = project.conformance(*arguments)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"{UNLISTED}: " in done.stdout
    assert done.stdout.splitlines()[-1].endswith(" left")
    done = project.conformance(*arguments, "--write")
    assert done.returncode == 1
    assert set(survivors.read(project.folder / "survivors.yaml").values()) == {survivors.NO_REASON}


def test_bad_input_is_reported_as_everywhere(project: Project) -> None:
    done = project.conformance("coverage", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nowhere: no such file or folder" in done.stderr


def test_the_command_imports_no_framework(project: Project) -> None:
    done = project.python(
        "-c",
        "import sys\n"
        "from conformance.cli import main\n"
        "try:\n    main(['coverage', 'cases'], standalone_mode=False)\n"
        "except SystemExit:\n    pass\n"
        f"print('imported:', sorted(set({FRAMEWORKS}) & set(sys.modules)))",
    )
    assert done.stdout.endswith("imported: []\n"), done.stderr


def test_a_departure_that_the_newest_release_has_not_is_no_variant() -> None:
    metric = find(BINARY)
    ended = replace(metric, departures=tuple(replace(d, releases="<1.9") for d in metric.departures))
    assert metric.departures
    assert {finding.id for finding in ended.findings} == {finding.id for finding in metric.findings}
    assert not [variant for variant in variants(ended, {}) if variant.axis == "departure"]
    assert [variant for variant in variants(metric, {}) if variant.axis == "departure"]
