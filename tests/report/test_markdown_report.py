from __future__ import annotations

import copy
import re
from typing import Any

from conformance.report import markdown, words


def _sections(text: str) -> list[str]:
    return re.findall(r"^#{1,2} (.*)$", text, re.MULTILINE)


def test_its_sections_stand_in_order(results: dict[str, Any]) -> None:
    assert _sections(markdown(results)) == [
        "Where implementations part",
        "What needs a look",
        "Causes",
        "Cases that diverge",
        "Cases that do not diverge",
        "Departures on record",
        "Laws",
    ]


def test_it_names_who_breaks_a_law_and_the_smallest_case(results: dict[str, Any]) -> None:
    text = markdown(results)
    law = text[text.index("## Laws") :]
    assert "1 hold, 1 fail as defined, 1 fail undocumented." in law
    assert (
        "| Splitting into updates does not matter | fails as defined | `logits-in-batches` |"
        " torchmetrics `BinaryAccuracy` |\n"
        "| Splitting into updates does not matter | fails undocumented | `logits-in-batches` |"
        " torchmetrics `Accuracy` |\n"
    ) in law
    assert "- *fails undocumented*: The law fails, and neither" in law


def test_without_laws_it_has_no_section_of_them(results: dict[str, Any]) -> None:
    results["laws"] = []
    assert "## Laws" not in markdown(results)


def test_the_seed_case_reads_like_this(results: dict[str, Any]) -> None:
    results["cases"] = [case for case in results["cases"] if case["id"].startswith("seed-")]
    text = markdown(results)
    assert text[text.index("### Accuracy") : text.index("## Departures")] == (
        "### Accuracy compares values, BinaryAccuracy compares decisions\n\n"
        "`seed-accuracy-is-not-binary-accuracy` · causes: `decision-rule`, `refusal`\n\n"
        "The question that started the project: `compile` shows one number, `Accuracy()` another.\n\n"
        "```yaml\ntask: binary\ny_true: [[1], [1], [0], [0]]\ny_pred: [[0.51], [1], [0], [0.4]]\n```\n\n"
        "|  | Accuracy | Implementations |\n| --- | --- | --- |\n"
        "| A | `1.0` | keras `BinaryAccuracy`, `compile[accuracy]`, `compile[acc]`, `compile[binary_accuracy]`,"
        " `compile[accuracy,dataset]`; torchmetrics `BinaryAccuracy`, `Accuracy`, `binary_accuracy`;"
        " sklearn `accuracy_score[Binarizer]` |\n"
        "| B | `0.5` | keras `Accuracy` |\n"
        "| C | `ValueError` | sklearn `accuracy_score` |\n\n"
        "- A and B part by `decision-rule`.\n"
        "  - A: A score above the threshold is a positive."
        " B: y\\_true and y\\_pred are compared for equality, as they are.\n"
        "- A and C part by `refusal` with `ties`, or by `decision-rule`.\n"
        "  - A: Nothing is refused. C: Continuous scores are refused where labels are meant.\n"
        "  - A: A score above the threshold is a positive."
        " C: y\\_true and y\\_pred are compared for equality, as they are.\n\n"
    )


def test_times_versions_and_the_order_of_the_cases_do_not_change_it(results: dict[str, Any]) -> None:
    other = copy.deepcopy(results)
    other["generated"] = "another day"
    other["environments"] = {"": {"python": "4.0", "packages": {"keras": "99"}}}
    other["cases"].reverse()
    assert markdown(results) == markdown(other)
    assert "3.15.1" not in markdown(results)


def test_a_changed_outcome_changes_it(results: dict[str, Any]) -> None:
    before = markdown(results)
    cell = results["cases"][-1]["cells"][-1]
    cell["outcome"]["value"] = 0.25
    assert markdown(results) != before


def test_text_of_the_results_never_becomes_markup(results: dict[str, Any]) -> None:
    text = markdown(results)
    outside_code = re.sub(r"```.*?```|`[^`]*`|<!--.*?-->", "", text, flags=re.DOTALL)
    assert "<" not in outside_code
    assert "\u202e" not in text
    text.encode()


def test_input_that_holds_a_fence_does_not_end_its_own_block(results: dict[str, Any]) -> None:
    results["cases"][0]["inputs_yaml"] = "title: |\n  ```\n  # not a heading"
    text = markdown(results)
    assert "````yaml\ntitle: |\n  ```\n  # not a heading\n````" in text


def test_every_line_of_a_table_has_as_many_cells_as_its_header(results: dict[str, Any]) -> None:
    results["cases"][0]["cells"][0]["outcome"] = {"kind": "raises", "type": "A|B"}
    for table in re.findall(r"(?:^\|.*\|\n)+", markdown(results), re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_a_status_that_is_shown_is_explained(results: dict[str, Any]) -> None:
    text = markdown(results)
    for verdict in ("documented", "unexplained", "stale", "undefined", "crashed", "timed-out"):
        assert f"- *{words.verdict_words(verdict)}*: {words.CELL[verdict]}" in text


def test_an_empty_document_is_rendered() -> None:
    assert "None: nothing diverges." in markdown({})
