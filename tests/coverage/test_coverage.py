"""What a corpus cannot tell apart is found from predictions alone, and a corpus with a hole is red."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from made_cases import ENTRIES, FRAMEWORKS, made_case
from projects import Project

from conformance.cases import Case
from conformance.coverage import Coverage, Lists, coverage
from conformance.coverage.equivalence import Equivalent, EquivalentPair, Unused

BINARY = "torchmetrics.classification.BinaryAccuracy"
FUNCTION = "torchmetrics.functional.classification.binary_accuracy"
KERAS = "keras.metrics.BinaryAccuracy"
EQUALITY = "keras.metrics.Accuracy"
LABELS = "sklearn.metrics.accuracy_score"
BINARIZER = "sklearn.metrics.accuracy_score[Binarizer]"

PLAIN = {"y_true": [[1], [0]], "y_pred": [[0.9], [0.2]]}
ON_IT = {"y_true": [[1], [0]], "y_pred": [[0.5], [0.2]]}


def found(cases: Sequence[Case], *names: str, lists: Lists | None = None) -> Coverage:
    return coverage([ENTRIES[name] for name in names], cases, lists or Lists(), known=[*ENTRIES.values()])


def holes(result: Coverage, kind: str) -> list[str]:
    return [f"{hole.who}: {hole.what}" for hole in result.holes if hole.kind == kind]


def untold(result: Coverage) -> set[str]:
    return {hole.what for hole in result.holes if hole.kind == "variant"}


# Variants.


def test_a_case_on_the_threshold_tells_greater_from_greater_or_equal() -> None:
    assert "decision-rule: at-or-above" in untold(found([made_case(**PLAIN)], BINARY))
    assert "decision-rule: at-or-above" not in untold(found([made_case(**ON_IT)], BINARY))


@pytest.mark.parametrize(
    ("name", "variant", "before", "after"),
    [
        (BINARY, "decision-rule: equality", {"y_true": [1], "y_pred": [1.0]}, PLAIN),
        (KERAS, "unit: element", PLAIN, "rows of different width"),
        (KERAS, "weights: unused", PLAIN, {**ON_IT, "sample_weight": [3, 1]}),
        (
            KERAS,
            "weights: magnitudes",
            {**ON_IT, "sample_weight": [3, 1]},
            {**ON_IT, "sample_weight": [1, -3]},
        ),
        (KERAS, "accumulation: mean-of-updates", {**ON_IT, "batches": [1, 1]}, "uneven batches"),
        (KERAS, "undefined-value: one", PLAIN, {"updates": []}),
        (KERAS, "refusal: nothing-refused", PLAIN, {"y_true": ["a"], "y_pred": [1.0]}),
        (KERAS, "refusal: another-exception", PLAIN, {"y_true": [1], "y_pred": ["a"]}),
        (
            KERAS,
            "departure: without keras-threshold-is-rounded-to-float32",
            PLAIN,
            "between 0.7 and its float32",
        ),
        (
            BINARY,
            "departure: without torchmetrics-nan-makes-logits",
            PLAIN,
            {**PLAIN, "y_pred": [[float("nan")], [0.2]]},
        ),
        (BINARY, "score-transform: sigmoid-from-the-border", PLAIN, {"y_true": [0, 1], "y_pred": [0.2, 1.0]}),
        (BINARY, "exclusion: nothing", PLAIN, {"y_true": [1, -1], "y_pred": [0.9, 0.9], "ignore_index": -1}),
        (BINARY, "default-parameter: threshold=0.0", {"y_true": [1], "y_pred": [0.9]}, PLAIN),
    ],
)
def test_a_variant_is_a_hole_until_a_case_shows_it(name: str, variant: str, before: Any, after: Any) -> None:
    named = {
        "rows of different width": {
            "updates": [
                {"y_true": [[1]], "y_pred": [[0.9]]},
                {"y_true": [[1, 1, 1]], "y_pred": [[0.1, 0.1, 0.1]]},
            ]
        },
        "uneven batches": {"y_true": [1, 1, 1, 0], "y_pred": [1.0] * 4, "batches": [3, 1]},
        "between 0.7 and its float32": {"y_true": [1], "y_pred": [0.69999999], "threshold": 0.7},
    }
    more = named[after] if isinstance(after, str) else after
    first = made_case(**before)
    assert variant in untold(found([first], name))
    assert variant not in untold(found([first, made_case(case_id="more", **more)], name))


def test_ties_of_argmax_and_top_k_are_told_by_tied_scores() -> None:
    name = "sklearn.metrics.top_k_accuracy_score"
    scores = {"top_k": 2, "labels": [0, 1, 2], "y_true": [1, 1, 2, 0]}
    plain = made_case("multiclass", y_pred=[[0.5, 0.3, 0.2]] * 4, **scores)
    tied = made_case("multiclass", case_id="tied", y_pred=[[0.6, 0.2, 0.2]] * 4, **scores)
    assert {"ties: first-or-all", "ties: top-k-takes-the-first"} <= untold(found([plain], name))
    assert not {"ties: first-or-all", "ties: top-k-takes-the-first"} & untold(found([plain, tied], name))


def test_what_a_name_stands_for_is_told_by_shapes() -> None:
    name = "keras.Model.compile[accuracy]"
    column = made_case(y_true=[[1], [0]], y_pred=[[0.9], [0.8]])
    several = made_case("multiclass", case_id="more", y_true=[1, 0], y_pred=[[0.9, 0.1], [0.8, 0.2]])
    always = "name-resolution: always keras.metrics.BinaryAccuracy"
    assert always in untold(found([column], name))
    assert always not in untold(found([column, several], name))


def test_rules_that_cannot_meet_are_listed_and_are_no_holes() -> None:
    result = found([made_case(y_true=[1, 0], y_pred=[1, 1])], EQUALITY)
    unfit = {entry.what for entry in result.unfit if entry.who == EQUALITY}
    assert "decision-rule: above" in unfit
    assert "decision-rule: argmax-last" not in unfit
    assert not unfit & untold(result)


def test_what_stands_in_the_place_of_a_rule_is_claimed_for_the_same_question() -> None:
    tried = untold(found([made_case(**PLAIN)], BINARY))
    assert "decision-rule: at-or-above" in tried
    assert not any(
        what.startswith("decision-rule: ") and ("log-loss" in what or "top-k" in what) for what in tried
    )


def test_a_rule_with_other_parts_than_are_asked_for_is_no_variant() -> None:
    """Numbers are compared as they are; the dtype in which a threshold would be compared is never asked."""
    tried = untold(found([made_case(y_true=[1, 0], y_pred=[1, 1])], EQUALITY))
    assert "threshold-precision: numpy" in tried
    assert "threshold-precision: threshold-in-dtype-of-numpy-scores" not in tried


def test_a_rule_that_several_follow_is_told_once() -> None:
    scores = {"y_true": [[1, 0], [0, 1]], "y_pred": [[0.9, 0.2], [0.9, 0.8]]}
    asked = made_case(sample_weight=[3, 1], implementations=(KERAS,), **scores)
    silent = made_case(case_id="silent", **scores)
    assert "weights: unused" in untold(found([silent], "tf_keras.metrics.Accuracy"))
    assert "weights: unused" not in untold(found([asked, silent], KERAS, EQUALITY))


# Pairs.


def test_two_definitions_are_a_hole_until_a_case_asks_both_and_parts_them() -> None:
    plain = found([made_case(**PLAIN)], KERAS, BINARIZER)
    (said,) = holes(plain, "pair")
    assert said.startswith(f"{KERAS} and {BINARIZER}: told apart by none of 1 cases, though they differ in ")
    rounded = made_case(case_id="more", y_true=[[1]], y_pred=[[0.69999999]], threshold=0.7)
    assert holes(found([made_case(**PLAIN), rounded], KERAS, BINARIZER), "pair") == []


def test_a_case_that_asks_one_of_two_tells_them_apart_if_the_other_could_be_asked() -> None:
    """A way of use that costs much is run where a case names it; that is no reason to run it more often."""
    name = "keras.Model.compile[acc,dataset]"
    on_it = made_case(**ON_IT)
    assert holes(found([made_case(**PLAIN)], name, BINARIZER), "pair") != []
    assert holes(found([on_it], name, "sklearn.metrics.metric_at_thresholds[accuracy_score]"), "pair") == []


def test_definitions_that_follow_the_same_rules_where_they_meet_are_no_pair() -> None:
    assert found([made_case(**PLAIN)], BINARY, "torchmetrics.Accuracy").counts["pairs"] == 0


def test_definitions_of_different_quantities_or_tasks_are_not_compared() -> None:
    names = (KERAS, "sklearn.metrics.balanced_accuracy_score", "keras.metrics.SparseCategoricalAccuracy")
    assert found([made_case(**PLAIN)], *names).counts["pairs"] == 0


# Parameters, rules, open predictions.


def test_a_parameter_that_no_case_names_is_a_hole() -> None:
    named = found([made_case(**PLAIN)], KERAS)
    assert holes(named, "parameter") == [
        f"{KERAS}: no case names {name}"
        for name in ("threshold", "sample_weight", "dtype: metric", "batches")
    ]
    more = {
        **PLAIN,
        "threshold": 0.7,
        "sample_weight": [1, 2],
        "batches": [1, 1],
        "dtype": {"metric": "float64"},
    }
    assert holes(found([made_case(**more)], KERAS), "parameter") == []


def test_two_cases_that_pin_the_same_are_a_missing_rule() -> None:
    pinned = {KERAS: {"value": 0.25, "because": "seen"}}
    cases = [made_case(expect=pinned, case_id=name, **PLAIN) for name in ("one", "two")]
    assert holes(found(cases, KERAS), "expect") == [
        f"{KERAS}: 0.25: is pinned by one, two: a rule is missing"
    ]
    assert holes(found(cases[:1], KERAS), "expect") == []


def test_many_open_predictions_are_a_hole() -> None:
    name = "torchmetrics.classification.MulticlassAccuracy"
    tied = {"top_k": 2, "y_true": [1, 2, 0], "y_pred": [[0.6, 0.2, 0.2]] * 3}
    (said,) = holes(found([made_case("multiclass", **tied)], name), "open")
    assert said == "predictions: 1 of 1, more than 3% of the cells are left open"


# The list of equivalents.


def test_what_is_listed_is_no_hole_and_keeps_its_reason() -> None:
    entry = Equivalent("decision-rule", ("at-or-above",), "For this test.", (BINARY,))
    result = found([made_case(**PLAIN)], BINARY, lists=Lists((entry,)))
    assert "decision-rule: at-or-above" not in untold(result)
    (listed,) = result.equivalent
    assert (listed.who, listed.what, listed.reason) == (
        BINARY,
        "decision-rule: at-or-above",
        "For this test.",
    )


def test_an_entry_that_a_case_proves_wrong_is_a_hole() -> None:
    entry = Equivalent("decision-rule", ("at-or-above",), "It is not so.", (BINARY,))
    (said,) = holes(found([made_case(**ON_IT)], BINARY, lists=Lists((entry,))), "list")
    assert said.endswith("its variant decision-rule: at-or-above (made), but one does")
    pair = EquivalentPair(KERAS, BINARY, "Nor this.")
    rounded = made_case(y_true=[[1]], y_pred=[[0.69999999]], threshold=0.7)
    (said,) = holes(found([rounded], KERAS, BINARY, lists=Lists(pairs=(pair,))), "list")
    assert f"no input is said to tell {KERAS} and {BINARY} apart, but one does" in said


@pytest.mark.parametrize(
    "lists",
    [
        Lists((Equivalent("decision-rule", ("at-or-abov",), "Misspelt."),)),
        Lists((Equivalent("decision-rule", ("*",), "Nobody.", where={"unit": ("nobody",)}),)),
        Lists(pairs=(EquivalentPair(KERAS, "nobody", "Gone."),)),
        Lists(parameters=(Unused(BINARY, "nothing", "Gone."),)),
    ],
)
def test_an_entry_that_speaks_of_nothing_is_a_hole(lists: Lists) -> None:
    (said,) = holes(found([made_case(**PLAIN)], BINARY, lists=lists), "list")
    assert said.endswith(": speaks of nothing that is untold: remove it")


def test_an_entry_holds_where_the_definition_follows_the_rules_it_names() -> None:
    def listed(**where: tuple[str, ...]) -> int:
        names = {axis.replace("_", "-"): names for axis, names in where.items()}
        entry = Equivalent("ties", ("*",), "For this test.", where=names)
        return len(found([made_case(**PLAIN)], BINARY, lists=Lists((entry,))).equivalent)

    assert listed() == listed(decision_rule=("labels-*",)) == listed(decision_rule=("!argmax-*",)) > 0
    assert listed(decision_rule=("argmax-*",)) == listed(decision_rule=("!labels-*",)) == 0
    assert listed(no_axis=("*",)) == 0


# The command.


def test_the_command_is_red_while_something_is_left(project: Project) -> None:
    done = project.conformance("coverage", "cases")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert any(line.startswith("Variants that no case tells from the definition: ") for line in lines)
    assert any(line.startswith(f"  {BINARY}: no case names threshold") for line in lines)
    assert lines[-1].endswith(" left")


def test_the_command_prints_json_and_nothing_else(project: Project) -> None:
    done = project.conformance("coverage", "cases", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["format"], document["counts"]["cases"]) == (1, 1, 2)
    assert {"kind", "who", "what"} == document["holes"][0].keys()
    assert {"who", "what", "reason"} == document["equivalent"][0].keys()


def test_the_command_shows_reasons(project: Project) -> None:
    shown = project.conformance("coverage", "cases", "--reasons").stdout
    assert "\n  Nothing is ranked, so nothing ties.\n" in shown


def test_bad_input_is_said_as_everywhere(project: Project) -> None:
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
