"""The first screen of the page, in a browser: its questions, and the views that answer them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import Opened, choose
from playwright.sync_api import Page, expect
from synthetic_results import DECIDES, EQUALS
from viewing import shown, text_of

from conformance.report import html, words
from conformance.report.document import read
from conformance.report.island import island

#: The page of the suite's last run over the whole corpus; CI has one.
REPORT = Path(__file__).parents[2] / "reports" / "index.html"


def test_the_first_screen_answers_why_two_numbers_differ(opened: Opened) -> None:
    page = opened()
    assert "on 7 they diverge, on 3 they agree, on 1 there is nothing to compare" in text_of(page)
    choose(page, "a", "keras.metrics.BinaryAccuracy")
    choose(page, "b", "keras.metrics.Accuracy")
    answer = page.locator(".answer")
    expect(answer).to_contain_text(
        "keras.metrics.BinaryAccuracy and keras.metrics.Accuracy agree on 1 of 3 cases and differ on 2 of them."
    )
    reason = answer.locator("li").filter(has_text="Decision rule").first
    expect(reason).to_contain_text(DECIDES)
    expect(reason).to_contain_text(EQUALS)
    expect(reason).to_contain_text("y_pred: [[0.51], [1], [0], [0.4]]")
    assert "a=keras.metrics.BinaryAccuracy" in page.url


MACRO = "torchmetrics.classification.MulticlassAccuracy"
RECALLS = "macro accuracy is the mean of the recalls of the classes, as balanced accuracy is"

#: What a view has that answers a question.
ANSWERS = (
    ".answer .reasons li, #match-answer tbody tr, .by-outcome tbody tr, .same li, .failures li, .changed tbody tr,"
    " .case .versus, .case .gives dd"
)


def questions_of(page: Page) -> dict[str, str]:
    """Return each question with the address of the view that answers it."""
    return dict(
        page.eval_on_selector_all(
            ".asked li",
            "items => items.map(item => "
            "[(item.querySelector('summary') ?? item).textContent, item.querySelector('a').hash])",
        )
    )


def test_a_question_opens_to_its_short_answer(opened: Opened) -> None:
    page = opened()
    question = page.locator(".asked details", has_text="Why is it 0.5 and 1.0?")
    assert not question.locator("p").is_visible()
    question.locator("summary").click()
    assert question.locator("p").inner_text().endswith("What was run")
    assert len(question.locator("p").inner_text()) > 40


def test_every_question_leads_to_a_view_that_answers_it(opened: Opened) -> None:
    page = opened()
    places = questions_of(page)
    assert list(places) == [
        "Why do A and B differ?",
        "Which call matches mine?",
        "Is acc the same as accuracy?",
        "Why is it 0.5 and 1.0?",
        "Why is my training accuracy lower?",
        "Which implementations raise on NaN?",
        "What changed since another run?",
    ]
    unanswered = [asks for asks, place in places.items() if not shown(page, place).locator(ANSWERS).count()]
    assert unanswered == []


def test_a_question_about_a_law_is_asked_where_the_law_was_tried(results: dict[str, Any]) -> None:
    def laws() -> list[str]:
        return [each["law"] for each in island(results, read(results))["questions"] if "law" in each]

    assert laws() == []
    results["laws"][0]["law"] = "splitting"
    assert laws() == ["splitting"]


@pytest.mark.skipif(not REPORT.exists(), reason="there is no report yet: run the suite first")
def test_every_question_about_the_corpus_has_an_answer(opened: Opened) -> None:
    page = opened(at=REPORT.as_uri())
    places = {asks: place for asks, place in questions_of(page).items() if place != "#view=changes"}
    assert len(places) >= 6
    assert [asks for asks, place in places.items() if not shown(page, place).locator(ANSWERS).count()] == []


@pytest.mark.skipif(not REPORT.exists(), reason="there is no report yet: run the suite first")
@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "accuracy and binary_accuracy in compile show the same value, why",
            "Why is accuracy equal to binary_accuracy in my model?",
        ),
        (
            "MulticlassAccuracy and accuracy_score differ on class scores",
            "Why does accuracy_score raise ValueError for class scores that MulticlassAccuracy takes?",
        ),
        ("what happens with a score of exactly 0.5", "Is a score of exactly 0.5 positive or negative?"),
        (
            "what do the frameworks return when nothing is predicted positive",
            "What do the frameworks return as precision, recall or F1 if nothing is predicted positive?",
        ),
        (
            "which class set does macro use when a class is absent",
            "Which classes does average='macro' average if one is absent?",
        ),
        (
            "why does torchmetrics' Precision differ from precision_score by default?",
            "Why does Precision of torchmetrics differ from precision_score by default?",
        ),
        (
            "why does torchmetrics' F1 differ from f1_score by default?",
            "Why does F1Score of torchmetrics differ from f1_score by default?",
        ),
        (
            'is Keras\' F1Score equal to f1_score(average="macro")?',
            "Is F1Score of Keras equal to f1_score(average='macro')?",
        ),
        ("does accuracy respect the mask", "Does accuracy respect a mask?"),
    ],
)
def test_a_sentence_finds_the_question_that_it_asks(opened: Opened, sentence: str, question: str) -> None:
    page = opened("#view=cases", at=REPORT.as_uri())
    page.fill("#query", sentence)
    best = page.locator(".apart > div").first
    expect(best.locator("dt")).to_contain_text("Questions")
    expect(best.locator("dd a").first).to_have_text(question)


def test_what_implementations_do_on_some_cases_is_summed_up(opened: Opened) -> None:
    page = opened("#view=cases&q=input:nan&by=implementation")
    expect(page.locator(".by-implementation .lead")).to_contain_text(
        "11 implementations ran on 1 case like this: 1 raise on every one that they ran on, 0 on some, 10 on none."
    )
    lines = page.locator(".by-outcome tbody tr")
    expect(lines).to_have_text(
        [
            "ValueErrorsklearn accuracy_score[Binarizer]",
            re.compile("^0.5keras BinaryAccuracy, compile"),
            "NaNtorchmetrics Accuracy, binary_accuracy",
            "-0.0keras Accuracy",
            "0.0sklearn accuracy_score",
        ]
    )
    expect(page.locator(".matrix")).to_be_hidden()
    lines.nth(3).get_by_role("link", name="-0.0").click()
    expect(page.locator(".matrix")).to_be_visible()
    expect(page.locator("#query")).to_have_value("input:nan implementation:keras.metrics.Accuracy")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("not-finite", "11 implementations ran on 1 case like this: 1 raise on every one"),
        ("shapes-differ", "Not counted: 1 exception for another reason"),
    ],
)
def test_only_what_raises_because_of_nan_counts_as_raising_on_nan(
    opened: Opened, results: dict[str, Any], tmp_path: Path, reason: str, said: str
) -> None:
    case = next(case for case in results["cases"] if case["id"] == "nan-in-a-prediction")
    raising = next(cell for cell in case["cells"] if cell["outcome"]["kind"] == "raises")
    raising["predicted"] = {"kind": "raises", "reason": reason, "why": "a reason"}
    targets = {**case, "id": "nan-in-a-target", "inputs": {"y_true": [{"float": "nan"}], "y_pred": [1]}}
    targets["cells"] = [cell for cell in case["cells"] if cell is not raising]
    results["cases"].append(targets)
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    place = "#view=cases&q=input:nan-target,nan-prediction&by=implementation"
    page = opened(place, at=(tmp_path / "index.html").as_uri())
    expect(page.locator("h3.kind")).to_have_text(
        ["NaN among the targets (y_true)", "NaN among the predictions (y_pred)"]
    )
    sections = page.locator(".by-implementation .lead")
    expect(sections.nth(0)).to_contain_text("10 implementations ran on 1 case like this: 0 raise")
    expect(sections.nth(1)).to_contain_text(said)


def test_a_variant_that_agrees_more_often_is_named(
    opened: Opened, results: dict[str, Any], tmp_path: Path
) -> None:
    case = next(case for case in results["cases"] if case["id"] == "macro-or-micro")
    results["cases"] += [{**case, "id": f"macro-or-micro-{number}"} for number in (2, 3)]
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    one, other = "torchmetrics.classification.MulticlassAccuracy", "sklearn.metrics.accuracy_score[argmax]"
    place = f"#{urlencode({'view': 'start', 'a': one, 'b': other})}"
    page = opened(place, at=(tmp_path / "index.html").as_uri())
    expect(page.locator(".closer li")).to_have_text(
        f"{one}[average=micro] agrees with {other} on 3 of 3 cases on which both give a value, instead of 0 of 3."
    )


def test_two_strings_are_compared_for_all_losses_and_shapes(opened: Opened) -> None:
    page = opened("#view=names&string=acc&with=accuracy")
    expect(page.locator(".same li")).to_have_text(
        [
            "keras: acc and accuracy become the same metric for 0 of 1 combination that was tried with both. "
            "Loss: mse.",
            re.compile("^The logs have different keys, .*: acc, val_acc, accuracy, val_accuracy$"),
        ]
    )


def test_two_strings_that_both_raise_became_no_metric(
    opened: Opened, results: dict[str, Any], tmp_path: Path
) -> None:
    one = results["resolutions"][0]
    raising = {**one, "y_pred": [None, 2], "resolved": None, "raises": "ValueError"}
    results["resolutions"] += [{**one, "string": "acc"}, raising, {**raising, "string": "acc"}]
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    page = opened("#view=names&string=acc&with=accuracy", at=(tmp_path / "index.html").as_uri())
    expect(page.locator("#view")).to_contain_text("Not the same: acc and accuracy.")
    expect(page.locator(".same li").first).to_contain_text(
        "become the same metric for 1 of 3 combinations that were tried with both, and both raise the same for 1."
    )


def test_brackets_in_names_are_explained_where_names_are_chosen(opened: Opened) -> None:
    page = opened()
    assert "brackets say how the call is used: [average=micro] with this parameter" in text_of(page)
    page.fill("#match", "compile[acc]")
    option = page.locator("#match-list [role=option]").first
    expect(option).to_have_attribute("title", re.compile("[a-z]"))


def test_a_pair_of_different_quantities_is_told_that_it_is_not_compared(opened: Opened) -> None:
    page = opened("#view=start&a=keras.metrics.Accuracy&b=sklearn.metrics.balanced_accuracy_score")
    expect(page.locator(".answer")).to_contain_text(
        "are not compared: one computes accuracy, the other balanced accuracy"
    )


def test_a_pair_of_different_quantities_is_related(opened: Opened) -> None:
    answer = opened(f"#view=start&a={MACRO}&b=sklearn.metrics.balanced_accuracy_score").locator(".answer")
    expect(answer).to_contain_text(RECALLS)
    expect(answer).to_contain_text("On ordinary inputs of the task multiclass they give the same (labels)")
    expect(answer).to_contain_text(
        "of 3 cases on which both give a value, on 2. They differ by what is averaged (1 case"
    )


def test_a_call_that_matches_is_named_though_its_quantity_is_another(opened: Opened) -> None:
    line = opened(f"#view=start&match={MACRO}").locator("#match-answer tbody tr").first
    expect(line).to_contain_text("sklearn.metrics.balanced_accuracy_score(...)")
    expect(line).to_contain_text(RECALLS)
    expect(line).to_contain_text("2 of 3")


def test_of_two_that_no_case_compares_the_nearest_that_are_compared_are_named(opened: Opened) -> None:
    page = opened("#view=start&a=keras.metrics.binary_accuracy&b=keras.metrics.Accuracy")
    answer = page.locator(".answer")
    expect(answer.locator(".lead")).to_contain_text("are not compared: one computes per-element accuracy")
    answer.get_by_role("link", name="keras.metrics.BinaryAccuracy and keras.metrics.Accuracy").click()
    expect(answer.locator(".lead")).to_contain_text("agree on 1 of 3 cases")


def test_what_is_chosen_takes_the_place_of_an_example_that_it_cannot_be_compared_with(opened: Opened) -> None:
    page = opened()
    choose(page, "a", "sklearn.metrics.balanced_accuracy_score")
    expect(page.locator(".answer")).to_contain_text("Choose two implementations")
    choose(page, "match", "keras.metrics.BinaryAccuracy")
    expect(page.locator(".answer h3")).to_have_text("Calls that match keras.metrics.BinaryAccuracy")
    assert page.locator(".reasons").count() == 0


def test_on_a_small_screen_the_answer_to_a_question_is_in_view(opened: Opened) -> None:
    page = opened(width=390)
    page.get_by_role("link", name="Why do A and B differ?").click()
    expect(page.locator(".answer .lead")).to_be_in_viewport()


def test_a_reason_leads_to_the_cases_in_which_the_two_part_for_it(opened: Opened) -> None:
    page = opened("#view=start&a=keras.metrics.BinaryAccuracy&b=keras.metrics.Accuracy")
    page.locator(".reasons li").filter(has_text="Decision rule").get_by_role("link", name="1 case").click()
    expect(page.locator(".cases [role=status]")).to_contain_text("1 case: 1 diverge")
    expect(page.locator("#query")).to_have_value(
        "differs:keras.metrics.BinaryAccuracy,keras.metrics.Accuracy cause:decision-rule"
    )


def test_the_first_screen_names_the_calls_that_match(opened: Opened) -> None:
    page = opened()
    choose(page, "match", "keras.metrics.BinaryAccuracy")
    lines = page.locator("#match-answer tbody tr")
    best = lines.filter(has_text="sklearn.metrics.accuracy_score[Binarizer]")
    expect(best).to_contain_text("4 of 6 common cases")
    expect(best).to_contain_text("4 of 5")
    expect(best).to_contain_text("NaN is neither above nor below a threshold; ")
    assert lines.filter(has_text="torchmetrics").count() > 0


def test_what_needs_a_look_stands_on_the_first_screen_with_what_to_do(opened: Opened) -> None:
    said = text_of(opened())
    assert "The value is 0.750001 where the definition says 3/4." in said
    for verdict in ("unexplained", "stale", "crashed", "timed-out"):
        assert f"What to do: {words.advice(words.problem(verdict, None)).replace('`', '')}" in said


def test_the_first_screen_lists_what_needs_a_look_and_leads_there(opened: Opened) -> None:
    page = opened("")
    matters = page.locator(".attention li")
    expect(matters).to_have_count(5)
    law = matters.filter(has_text="fails undocumented")
    expect(law).to_contain_text("What to do: Run both programs.")
    law.get_by_role("link", name="Splitting into updates does not matter").click()
    # The view changes a moment after the click: until then #view has several headings.
    expect(page.locator("#view").get_by_role("heading", name="Laws", exact=True)).to_be_visible()
    expect(page.locator("#view article")).to_contain_text("torchmetrics.Accuracy")
