from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from synthetic_results import DECIDES

from conformance.report import html, words

VOID = {"meta", "link", "wbr", "br"}


class Page(HTMLParser):
    """Collects elements and text, and notices a tag that is closed out of turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()} closes something else"

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]


@pytest.fixture
def page(results: dict[str, Any]) -> Page:
    return Page(html(results))


def _text(page: Page) -> str:
    return re.sub(r"\s+", " ", " ".join(page.text))


def _case(results: dict[str, Any], identifier: str) -> dict[str, Any]:
    return next(case for case in results["cases"] if case["id"] == identifier)


def test_every_element_is_closed_in_turn(page: Page) -> None:
    assert page.open == []


def test_text_of_the_results_never_becomes_markup(page: Page) -> None:
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "iframe", "img", "object", "embed", "form", "base", "svg"})
    assert [tag for tag, _ in page.elements].count("style") == 1
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert "alert(1)" in _text(page)
    assert "{{ 7*7 }}" in _text(page)


def test_a_direction_override_is_shown_and_does_not_act(results: dict[str, Any]) -> None:
    text = html(results)
    assert "\u202e" not in text
    assert r"\u202egnp.exe" in text
    text.encode()  # a lone surrogate would not


def test_nothing_is_requested_from_anywhere(page: Page) -> None:
    for tag, attributes in page.elements:
        assert "src" not in attributes
        address = attributes.get("href") or ""
        if tag == "a" and not address.startswith("#"):
            assert re.match(r"https?://", address)
            assert "noopener" in (attributes.get("rel") or "")
        elif tag != "a":
            assert address in ("", "data:,")


def test_the_style_sheet_refers_to_nothing_and_is_the_one_the_policy_admits(results: dict[str, Any]) -> None:
    text = html(results)
    found = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert found
    style = found[1]
    assert "url(" not in style
    assert "@import" not in style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(value for value in Page(text).attributes("content") if "default-src" in value)
    assert policy.startswith("default-src 'none'")
    assert f"'sha256-{digest}'" in policy


def test_no_element_has_a_style_of_its_own_that_the_policy_would_refuse(page: Page) -> None:
    assert page.attributes("style") == []


def test_an_address_that_is_not_on_the_web_is_no_link(page: Page) -> None:
    assert "javascript:alert(1)" in _text(page)
    assert not any(address.startswith("javascript") for address in page.attributes("href"))


def test_the_same_document_gives_the_same_bytes(results: dict[str, Any]) -> None:
    assert html(results) == html(results)


def test_every_link_within_the_page_has_a_target(page: Page) -> None:
    targets = page.attributes("id")
    assert len(targets) == len(set(targets))
    for address in page.attributes("href"):
        if address.startswith("#"):
            assert unquote(address[1:]) in targets


def test_a_case_is_found_under_its_id(page: Page, results: dict[str, Any]) -> None:
    assert {case["id"] for case in results["cases"]} <= set(page.attributes("id"))


@pytest.mark.parametrize("verdict", words.CELL)
def test_every_status_word_is_explained(page: Page, verdict: str) -> None:
    text = _text(page)
    assert words.verdict_words(verdict) in text
    assert words.CELL[verdict] in text


@pytest.mark.parametrize("verdict", words.CASE)
def test_every_verdict_of_a_case_is_explained(page: Page, verdict: str) -> None:
    assert words.CASE[verdict] in _text(page)


def test_what_turns_a_run_red_comes_with_what_to_do(page: Page) -> None:
    text = _text(page)
    for verdict in ("unexplained", "stale", "crashed", "timed-out"):
        assert f"What to do: {words.advice(verdict, '').split('`')[0].strip()}" in text


def test_cells_of_one_status_stand_under_the_advice_for_their_reason(results: dict[str, Any]) -> None:
    threshold = _case(results, "threshold-in-float64")
    threshold["cells"][0] |= {
        "verdict": "unexplained",
        "explanation": "It changed its input in place: y_pred.",
    }
    text = html(results)
    attention = text[text.index('id="part:attention"') : text.index('id="part:matrix"')]
    assert attention.count("What to do: Run the reproducer") >= 2
    advised = attention.split("What to do: ")
    changed = next(part for part in advised if part.startswith("Run the reproducer and look at the inputs"))
    assert "It changed its input in place: y_pred." in changed
    assert "torchmetrics.Accuracy" not in changed


def test_what_is_not_installed_comes_with_the_command_that_installs_it(page: Page) -> None:
    assert "tf_keras ( pip install tf-keras tf-nightly )" in re.sub(r"\s+", " ", " ".join(page.text))


def test_values_by_position_are_called_so(page: Page) -> None:
    assert "One value a position" in _text(page)


def test_nobody_is_graded(page: Page) -> None:
    assert not set("✓✔✗✘❌✅☑☒") & set("".join(page.text))
    assert not re.search(r"\b(winner|passed|failed|grade [A-F])\b", _text(page))


def test_disagreements_stand_before_agreements(results: dict[str, Any]) -> None:
    text = html(results)
    matrix = text[text.index('id="quantity:accuracy"') : text.index('id="quantity:balanced-accuracy"')]
    positions = [
        matrix.index(f'href="#{name}"') for name in ("hostile-text", "nan-in-a-prediction", "plain-1")
    ]
    assert positions == sorted(positions)


def test_a_matrix_cell_shows_letter_value_and_on_hover_the_definition(results: dict[str, Any]) -> None:
    results["cases"] = [_case(results, "seed-accuracy-is-not-binary-accuracy")]
    text = html(results)
    assert re.search(r'<td class="gB[^"]*" title="keras.metrics.Accuracy: 0\.5\n', text)
    assert "Definition: How often predictions equal labels." in text
    assert "<i>B</i> <span>0.5</span>" in text
    assert "<i>C</i> <span>Value<wbr>Error</span>" in text


def test_a_cell_that_is_not_applicable_is_blank_and_says_why(results: dict[str, Any]) -> None:
    assert re.search(
        r'<td class="[^"]*" title="Not applicable to CategoricalAccuracy: task binary is[^"]*"></td>',
        html(results),
    )


def test_the_groups_of_one_quantity_are_not_those_of_another(results: dict[str, Any]) -> None:
    results["cases"] = [_case(results, "default-k")]
    text = html(results)
    accuracy = text[text.index('id="quantity:accuracy"') : text.index('id="quantity:balanced-accuracy"')]
    top_k = text[text.index('id="quantity:top-k-accuracy"') : text.index('id="part:causes"')]
    assert 'class="gA' not in accuracy
    assert 'class="gA' in top_k
    assert 'class="gB' in top_k


def test_a_case_says_why_its_groups_part(results: dict[str, Any]) -> None:
    results["cases"] = [_case(results, "seed-accuracy-is-not-binary-accuracy")]
    text = _text(Page(html(results)))
    assert "A and B part by decision-rule" in text
    assert "A and C part by refusal together with ties ; as well by decision-rule" in text
    assert "y_true and y_pred are compared for equality, as they are." in text


def test_a_case_shows_how_each_row_counted(results: dict[str, Any]) -> None:
    results["cases"] = [_case(results, "seed-accuracy-is-not-binary-accuracy")]
    text = _text(Page(html(results)))
    assert "1 [1] [0.51] decided 1, truth 1: hit decided 0.51, truth 1: miss" in text
    assert f"BinaryAccuracy , compile[accuracy] , compile[acc] and 6 more {DECIDES}" in text


def test_a_row_that_is_left_out_or_weighted_says_so(results: dict[str, Any]) -> None:
    case = _case(results, "seed-accuracy-is-not-binary-accuracy")
    case["cells"][0]["rows"] = [
        {"row": 0, "decided": 1, "truth": 1, "hit": True, "kept": False},
        {"row": 1, "decided": True, "truth": False, "hit": False, "weight": {"float": "nan"}},
    ]
    text = _text(Page(html(results)))
    assert "decided 1, truth 1: left out" in text
    assert "decided true, truth false: miss, weight NaN" in text


def test_a_row_of_a_batched_case_shows_its_update(results: dict[str, Any]) -> None:
    results["cases"] = [_case(results, "logits-in-batches")]
    assert re.search(
        r"Row Update y_true y_pred 1 1 0 0\.3 2 1 0 0\.4 3 1 1 0\.2 4 2 1 3", _text(Page(html(results)))
    )


def test_the_reproducer_stands_in_the_page_as_it_is_run(page: Page) -> None:
    assert any(
        "metric = keras.metrics.BinaryAccuracy()\nmetric.update_state(y_true, y_pred)" in text
        for text in page.text
    )


def test_findings_and_axes_are_told_in_prose(page: Page) -> None:
    text = _text(page)
    assert "The threshold is rounded to the dtype of the scores." in text
    assert "To make two agree, turn scores into labels before the metric, with > or >= on purpose." in text


def test_a_divergence_without_a_cause_is_counted_in_the_headline(results: dict[str, Any]) -> None:
    results["cases"] = [_case(results, "seed-accuracy-is-not-binary-accuracy")]
    assert "Every divergence has a named cause." in html(results)
    results["cases"][0]["causes"] = []
    assert "1 divergence without a cause." in html(results)


def test_a_document_of_a_filtered_run_says_so(results: dict[str, Any]) -> None:
    assert "Not the whole run." not in html(results)
    assert "Not the whole run." in html(results | {"complete": False})


def test_a_document_with_hardly_anything_in_it_is_rendered(results: dict[str, Any]) -> None:
    assert "Nothing ran" in html({})
    bare = {
        "implementations": [{"id": "a.B"}],
        "cases": [
            {"id": "x", "cells": [{"implementation": "a.B"}, {"implementation": "not.Listed"}]},
            {"id": "y", "inputs": {"y_true": 3, "batches": "all", "updates": {"no": "list"}}},
        ],
    }
    Page(html(bare))


def test_unknown_keys_change_nothing(results: dict[str, Any]) -> None:
    before = html(results)
    results["novelty"] = [1]
    results["cases"][0]["novelty"] = {"a": 1}
    results["cases"][0]["cells"][0]["novelty"] = "x"
    assert html(results) == before


def test_inputs_are_shown_with_every_digit_and_long_ones_are_cut(results: dict[str, Any]) -> None:
    case = _case(results, "macro-or-micro")
    results["cases"] = [case]
    case["inputs"] = {"y_true": [0] * 60, "y_pred": [0.7000001] * 60}
    text = _text(Page(html(results)))
    assert "50 0 0.7000001 10 more rows in the results document." in text
