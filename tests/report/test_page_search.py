"""The search of the page: what a query finds, and what it says where it finds nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Opened
from playwright.sync_api import expect
from viewing import CASES, listed, search

from conformance.report import html


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("id:seed*", {"seed-accuracy-is-not-binary-accuracy"}),
        ("id:plain-?", {"plain-1", "plain-2"}),
        ("cause:threshold-precision", {"threshold-in-float64"}),
        ("cause:threshold-precision,average", {"threshold-in-float64", "macro-or-micro"}),
        ("is:unexplained", {"threshold-in-float64"}),
        ("is:crashed", {"killed"}),
        ("is:diverge family:logits", {"logits-in-batches"}),
        ("family:threshold -is:diverge", {"plain-1", "plain-2"}),
        ("task:multiclass framework:torchmetrics -cause:average", {"default-k"}),
        (
            "differs:keras.metrics.BinaryAccuracy,keras.metrics.Accuracy cause:decision-rule",
            {"seed-accuracy-is-not-binary-accuracy"},
        ),
        (
            "differs:keras.Model.compile[accuracy,dataset],torchmetrics.classification.BinaryAccuracy",
            {"threshold-in-float64", "logits-in-batches", "seed-not"} - {"seed-not"},
        ),
        ("agrees:compile[acc],compile[accuracy] id:plain-1", {"plain-1"}),
        ("raises:ValueError", {"seed-accuracy-is-not-binary-accuracy", "nan-in-a-prediction"}),
        ("value:0.75 cause:average", {"macro-or-micro"}),
        ("finding:binarizer-rounds", {"threshold-in-float64"}),
        ("is:changed", {"seed-accuracy-is-not-binary-accuracy"}),
        ("tag:<i>", {"hostile-text"}),
        ("NaN above -wherever", {"nan-in-a-prediction"}),
        ("neither above", {"nan-in-a-prediction"}),
        ("BATCHES:", None),
    ],
)
def test_a_query_finds_the_cases_it_describes(opened: Opened, query: str, ids: set[str] | None) -> None:
    found = search(opened(CASES), query)
    if ids is None:
        assert len(found) > 5, "a key without a value is not finished and hides nothing"
    else:
        assert set(found) == ids


def test_a_search_from_any_view_leads_to_the_cases_and_into_the_address(opened: Opened) -> None:
    page = opened("#view=causes")
    page.keyboard.press("/")
    page.keyboard.type("id:seed*")
    expect(page.locator(".matrix tbody a[data-case]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=id%3Aseed\*"))
    expect(page.locator("#query")).to_be_focused()
    page.reload()
    assert listed(page) == ["seed-accuracy-is-not-binary-accuracy"]
    expect(page.locator("#query")).to_have_value("id:seed*")


def test_words_find_more_than_cases_each_with_its_view(opened: Opened) -> None:
    page = opened("#view=laws")
    page.keyboard.press("/")
    page.keyboard.type("threshold")
    apart = page.locator(".apart > div")
    expect(apart.filter(has_text="Findings (1)")).to_contain_text("Binarizer casts the threshold")
    expect(apart.filter(has_text="Families (1)")).to_contain_text("threshold")
    assert listed(page)[0] == "threshold-in-float64", "its title has the word"
    page.fill("#query", "updates")
    apart.get_by_role("link", name="Splitting into updates does not matter").click()
    expect(page.locator("#view").get_by_role("heading", name="Laws", exact=True)).to_be_visible()
    page.go_back()
    page.fill("#query", "is:diverge")
    expect(apart).to_have_count(0)


def test_a_sentence_finds_the_question_with_its_answer_above_the_matrix(opened: Opened) -> None:
    page = opened()
    page.fill("#query", "why is my training accuracy lower than that of evaluate()?")
    best = page.locator(".apart > div").first
    expect(best).to_have_text(
        "Questions (1)Why is my training accuracy lower?Each batch was seen with other weights."
    )
    expect(page.locator("#view h2")).to_have_text("Found")
    best.get_by_role("link").click()
    expect(page.locator("#view h2")).to_have_text("Training logs")
    page.fill("#query", "where a prediction stands neither above nor below")
    expect(page.locator("[role=status]").last).to_contain_text("No case has all of these words.")
    assert listed(page)[0] == "nan-in-a-prediction"


def test_what_matches_nothing_says_so_and_can_be_cleared(opened: Opened) -> None:
    page = opened(CASES)
    everything = listed(page)
    assert search(page, "nowhere-to-be-found") == []
    expect(page.locator("[role=status]")).to_contain_text("No case matches this search in accuracy.")
    page.get_by_role("button", name="Clear search").click()
    assert listed(page) == everything


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("colour:red", "There is no colour: in a query. Known are framework, implementation, cause, is"),
        ("cause:tie", "cause:tie is unknown. Known are refusal,"),
        ("framework:tensorflow", "framework:tensorflow is unknown."),
        ("differs:keras.metrics.Accuracy", "differs: needs two implementations, separated by a comma."),
        ("differs:a,keras.metrics.Accuracy", "No implementation is called a; * matches anything."),
        ("is:", "is: needs a value, such as is:diverge."),
    ],
)
def test_a_query_that_cannot_be_understood_says_why_and_what_there_is(
    opened: Opened, query: str, said: str
) -> None:
    page = opened(CASES)
    search(page, query)
    expect(page.locator("[role=status]")).to_contain_text(said)


def test_a_search_that_finds_cases_of_another_quantity_says_where(opened: Opened) -> None:
    page = opened(CASES)
    search(page, "id:macro-or-micro")
    page.get_by_role("link", name="balanced accuracy (1)").click()
    expect(page.locator(".tabs [aria-current]").first).to_have_text("Balanced accuracy")
    assert listed(page) == ["macro-or-micro"]


def test_a_search_that_names_a_quantity_shows_the_cases_of_that_quantity(opened: Opened) -> None:
    page = opened("#view=cases&quantity=accuracy")
    tab = page.locator(".tabs [aria-current]").first
    assert search(page, "balanced accuracy") == ["macro-or-micro"]
    expect(tab).to_have_text("Balanced accuracy")
    assert search(page, "threshold")[0] == "threshold-in-float64"
    expect(tab).to_have_text("Accuracy")
    page.goto(page.url.split("#")[0] + "#view=cases&q=balanced+accuracy&quantity=accuracy")
    expect(tab).to_have_text("Accuracy")


def test_a_search_shows_the_quantity_that_the_cases_found_have(
    opened: Opened, tmp_path: Path, results: dict[str, Any]
) -> None:
    case = next(case for case in results["cases"] if case["id"] == "macro-or-micro")
    others = [cell for cell in case["cells"] if "balanced" in cell["implementation"]]
    results["cases"].append({**case, "id": "solitary", "title": "A solitary one", "cells": others})
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    page = opened(CASES, at=(tmp_path / "index.html").as_uri())
    assert search(page, "solitary") == ["solitary"]
    expect(page.locator(".tabs [aria-current]").first).to_have_text("Balanced accuracy")


def test_of_things_of_one_title_the_framework_is_named(
    opened: Opened, tmp_path: Path, results: dict[str, Any]
) -> None:
    (finding,) = results["findings"]
    results["findings"].append({**finding, "id": "another", "implementations": ["keras.metrics.Accuracy"]})
    (tmp_path / "index.html").write_text(html(results), encoding="utf-8")
    page = opened(CASES, at=(tmp_path / "index.html").as_uri())
    search(page, "Binarizer casts")
    said = page.locator(".apart > div", has_text="Findings (2)").locator("li .meta")
    expect(said).to_have_text(["sklearn", "keras"])


def test_an_implementation_whose_name_has_blanks_is_found_by_its_links(
    opened: Opened, tmp_path: Any, results: dict[str, Any]
) -> None:
    text = json.dumps(results).replace("accuracy_score[Binarizer]", "hamming_loss[1 - loss]")
    path = tmp_path / "blanks.html"
    path.write_text(html(json.loads(text)), encoding="utf-8")
    page = opened(
        "#view=start&a=keras.metrics.Accuracy&b=sklearn.metrics.hamming_loss[1 - loss]", at=path.as_uri()
    )
    page.locator(".answer .lead a").last.click()
    expect(page.locator("[role=status]")).not_to_contain_text("No implementation")
    assert listed(page)
