"""The files that are committed: what they say, how little a change changes, and that every machine writes the same."""

from __future__ import annotations

import copy
import itertools
import re
from pathlib import Path
from typing import Any

from conformance.report import divergences
from conformance.report.entries import Cell, Implementation
from conformance.report.naming import Naming
from conformance.report.publish import render
from conformance.report.reasons import Reason, lines, set_apart

README, OTHER, LAWS = "README.md", "other.md", "laws.md"


def headings(text: str) -> list[str]:
    return re.findall(r"^#{1,2} (.*)$", text, re.MULTILINE)


def test_there_is_a_file_for_each_family_one_for_laws_and_one_that_explains(results: dict[str, Any]) -> None:
    files = divergences(results)
    assert list(files) == [README, "equality.md", OTHER, "shapes.md", "threshold.md", LAWS] or sorted(files)
    assert headings(files[README]) == [
        "Where implementations diverge",
        "What needs attention",
        "Causes",
        "Findings",
    ]


def test_regression_vectors_have_a_file_of_their_own(results: dict[str, Any]) -> None:
    results["cases"] = [{**results["cases"][0], "family": "ties", "file": "cases/ties/vectors.yaml"}]
    assert "ties-vectors.md" in divergences(results)


def test_a_family_that_is_no_slug_names_no_file(results: dict[str, Any]) -> None:
    for case, family in zip(results["cases"], ["../../x", "A b", "laws", None], strict=False):
        case["family"] = family
    assert all(re.fullmatch(r"[a-zR][a-zDEAM0-9-]*\.md", name) for name in divergences(results))


def test_the_seed_case_reads_like_this(results: dict[str, Any]) -> None:
    results["cases"] = [case for case in results["cases"] if case["id"].startswith("seed-")]
    text = divergences(results)["equality.md"]
    assert text[text.index("## ") :] == (
        "## seed-accuracy-is-not-binary-accuracy\n\n"
        "Accuracy compares values, BinaryAccuracy compares decisions\n\n"
        "- `1`: 9 of keras, torchmetrics, sklearn\n"
        "- `1/2`: keras `Accuracy`\n"
        "- raises `ValueError`: sklearn `accuracy_score`\n"
        "- `1` vs `1/2`: decision-rule (above, equality)\n"
        "- `1` vs raises: refusal (mixed-targets) with ties, or decision-rule\n"
    )


def test_each_rule_is_explained_once(results: dict[str, Any]) -> None:
    text = "".join(divergences(results).values())
    assert text.count("- `above`: A score above the threshold is a positive.") == 1


def test_a_rule_that_says_more_than_another_names_it(results: dict[str, Any]) -> None:
    says = {
        "sums": "The sums of all updates are exact, and divided in float32.",
        "squeezed-sums": "The sums of all updates are exact, and divided in float32. A vector becomes a scalar.",
        "last": "Only the last update counts. The sums of all updates are exact, and divided in float32.",
    }
    (case,) = (case for case in results["cases"] if case["id"].startswith("seed-"))
    first = case["divergences"][0]
    case["divergences"] = [
        {
            **first,
            "causes": [["accumulation"]],
            "rules": {"accumulation": pair},
            "says": {"accumulation": told},
        }
        for pair, told in (
            ([*pair], [says[name] for name in pair]) for pair in itertools.permutations(says, 2)
        )
    ]
    case["causes"] = ["accumulation"]
    text = divergences(results)[README]
    assert "- `sums`: The sums of all updates are exact, and divided in float32.\n" in text
    assert "- `squeezed-sums`: As `sums`. A vector becomes a scalar.\n" in text
    assert "- `last`: Only the last update counts. Otherwise as `sums`.\n" in text


def reason(causes: str, one: str, other: str) -> Reason:
    return Reason(((causes,),), ((one,), (other,)))


def test_groups_of_which_any_two_differ_for_the_same_causes_share_a_line() -> None:
    rules = ["last", "mean", "sums"]
    pairs = {
        (a, b): reason("accumulation", rules[a], rules[b]) for a, b in itertools.combinations(range(3), 2)
    }
    assert [*lines(pairs, ["`1`", "`1/2`", "`0`"])] == ["by accumulation (last, mean, sums)"]
    with_another = pairs | {(a, 3): reason("ties", "first", "last") for a in range(3)}
    assert [*lines(with_another, ["`1`", "`1/2`", "`0`", "`NaN`"])] == [
        "`1` vs `1/2` vs `0`: accumulation (last, mean, sums)",
        "`1`, `1/2`, `0` vs `NaN`: ties (first, last)",
    ]


def test_groups_that_differ_from_one_by_rules_of_their_own_share_a_line() -> None:
    pairs = {
        (0, 1): reason("ties", "first", "last"),
        (0, 2): reason("decision-rule", "above", "equality"),
        (1, 2): reason("decision-rule", "labels-or-above", "equality"),
    }
    assert [*lines(pairs, ["a", "b", "c"])] == [
        "a vs b: ties (first, last)",
        "a, b vs c: decision-rule (above, labels-or-above vs equality)",
    ]


def test_rules_with_a_long_beginning_in_common_have_it_once() -> None:
    names = ("sums-in-float32-mean-of-updates", "sums-in-float32", "sums-in-float32-last-update")
    assert [*lines({(0, 1): reason("accumulation", *names[:2])}, ["a", "b"])] == [
        "by accumulation (sums-in-float32{-mean-of-updates,})"
    ]
    assert [*lines({(0, 1): reason("accumulation", *names[::2])}, ["a", "b"])] == [
        "by accumulation (sums-in-float32{-mean-of-updates,-last-update})"
    ]
    named = reason("name-resolution", "a.metrics.Accuracy", "b.metrics.Accuracy[mask=x.y]")
    assert [*lines({(0, 1): named}, ["a", "b"])] == [r"by name-resolution (Accuracy, Accuracy\[mask=x.y\])"]


def test_groups_that_differ_by_other_rules_or_other_causes_have_lines_of_their_own() -> None:
    pairs = {
        (0, 1): reason("accumulation", "last", "mean"),
        (0, 2): reason("accumulation", "last", "sums"),
        (0, 3): reason("ties", "first", "last"),
        (1, 2): reason("accumulation", "forward", "sums"),
    }
    assert [*lines(pairs, ["a", "b", "c", "d"])] == [
        "a vs b: accumulation (last, mean)",
        "a, b vs c: accumulation (last, forward vs sums)",
        "a vs d: ties (first, last)",
    ]


def test_why_a_group_raises_is_said_with_it_where_it_differs_from_all_others_for_that() -> None:
    pairs = {
        (0, 1): reason("ties", "first", "last"),
        (0, 2): reason("refusal", "computes", "mixed-targets"),
        (1, 2): reason("refusal", "computes", "mixed-targets"),
    }
    assert set_apart(pairs, 2) == ("mixed-targets", {(0, 1): pairs[0, 1]})
    pairs[1, 2] = reason("refusal", "computes", "not-2d")
    assert set_apart(pairs, 2) == ("mixed-targets, not-2d", {(0, 1): pairs[0, 1]})
    for also in (pairs | {(1, 2): pairs[0, 1]}, {pair: pairs[pair] for pair in ((0, 1), (0, 2))}):
        assert set_apart(also, 2) == ("", also)


def test_frameworks_with_a_word_in_common_are_named_by_it_where_all_are_meant() -> None:
    ran = [
        Implementation(id=f"{framework}.{name}", name=name, framework=framework)
        for framework in ("keras", "tf_keras", "sklearn")
        for name in ("accuracy", "precision")
    ]
    cells = [
        Cell(implementation=entry.id, called=entry, verdict="as-defined")
        for entry in ran
        if entry.framework == "sklearn" or entry.name == "accuracy"
    ]
    naming = Naming(ran)
    assert naming.named(cells, ran) == "all keras `accuracy`; sklearn"
    assert naming.named(cells[1:], ran) == "tf_keras `accuracy`; sklearn"
    assert naming.counted(cells) == "4 of all keras, sklearn"
    cells[1].verdict = "undefined"
    assert naming.counted(cells) == "4 of keras, sklearn; tf_keras (undefined)"


def test_the_laws_name_who_breaks_them_and_the_smallest_case(results: dict[str, Any]) -> None:
    law = divergences(results)[LAWS]
    assert "1 not refuted, 1 fail as defined, 1 fail undocumented." in law
    assert "- `logits-in-batches`: torchmetrics `BinaryAccuracy`\n" in law
    assert "- fails undocumented, `logits-in-batches`: torchmetrics `Accuracy`\n" in law
    assert "- *fails undocumented*: The law fails, and neither" in law


def test_without_laws_there_is_no_file_of_them(results: dict[str, Any]) -> None:
    results["laws"] = []
    assert LAWS not in divergences(results)


def test_times_versions_and_the_order_of_the_cases_do_not_change_them(results: dict[str, Any]) -> None:
    other = copy.deepcopy(results)
    other["generated"] = "another day"
    other["environments"] = {"": {"python": "4.0", "packages": {"keras": "99"}}}
    other["cases"].reverse()
    assert divergences(results) == divergences(other)
    assert "3.15.1" not in "".join(divergences(results).values())


def test_an_outcome_that_nothing_predicts_changes_them(results: dict[str, Any]) -> None:
    before = divergences(results)
    cell = results["cases"][-1]["cells"][-1]
    cell |= {"verdict": "unexplained", "outcome": {**cell["outcome"], "kind": "value", "value": 0.25}}
    assert divergences(results) != before


def test_what_a_definition_leaves_open_is_in_no_group(results: dict[str, Any]) -> None:
    (case,) = (case for case in results["cases"] if case["id"].startswith("seed-"))
    (cell,) = (cell for cell in case["cells"] if cell["implementation"] == "keras.metrics.Accuracy")
    options = [
        {"kind": "value", "value": value, "exact": exact} for value, exact in ((0.5, "1/2"), (0.0, "0"))
    ]
    cell["predicted"] = {"kind": "one-of", "options": options}
    before = divergences(results)["equality.md"]
    assert "- open, `1/2 or 0`: keras `Accuracy`" in before
    cell["outcome"]["value"] = 0.0
    assert divergences(results)["equality.md"] == before


def test_text_of_the_results_never_becomes_markup(results: dict[str, Any]) -> None:
    for entry in results["implementations"]:
        entry["quantity"] = "<b>odd</b> `quantity`"
    for text in divergences(results).values():
        outside_code = re.sub(r"`[^`]*`|<!--.*?-->", "", text, flags=re.DOTALL)
        assert "<" not in outside_code
        assert "\u202e" not in text
        text.encode()


def test_an_empty_document_is_rendered() -> None:
    assert "None: nothing diverges." in divergences({})[README]


def test_the_file_of_a_family_that_is_gone_is_removed_and_no_other(
    results: dict[str, Any], tmp_path: Path
) -> None:
    render(tmp_path, results)
    (tmp_path / "divergences" / "notes.md").write_text("mine")
    results["cases"] = [case for case in results["cases"] if case["family"] != "equality"]
    render(tmp_path, results)
    names = {path.name for path in (tmp_path / "divergences").iterdir()}
    assert "notes.md" in names
    assert "equality.md" not in names


def test_a_file_that_another_run_removes_meanwhile_is_no_error(
    tmp_path: Path, results: dict[str, Any]
) -> None:
    folder = tmp_path / "divergences"
    folder.mkdir()
    # Listed, and gone when it is read.
    (folder / "family.md").symlink_to(tmp_path / "gone")
    assert render(tmp_path, results)
