"""The view of training logs, in a browser."""

from __future__ import annotations

from conftest import Opened
from playwright.sync_api import expect
from viewing import shown, text_of


def test_a_log_says_why_two_of_its_numbers_differ_and_what_to_do(opened: Opened) -> None:
    said = text_of(opened("#view=logs"))
    assert "0.5 and 1.0 differ. Why: The weights moved Each batch was seen with other weights." in said
    assert "What to do: Call evaluate() after the epoch." in said
    assert "Not in sklearn: has no epochs." in said


def test_both_numbers_say_which_samples_and_weights_went_in(opened: Opened) -> None:
    page = opened("#view=logs")
    sides = page.locator(".versus > div")
    expect(sides.first).to_contain_text("as they were at each batch, before its step")
    expect(sides.last).to_contain_text("those after the epoch")
    expect(page.locator("details table tbody tr").first).to_have_text("010.20.8")


def test_any_two_numbers_of_a_log_can_be_chosen(opened: Opened) -> None:
    page = opened("#view=logs")
    page.get_by_label("My log shows").select_option("Running accuracy, epoch 1, after batch 2: 0.5")
    page.get_by_label("I compare it with").select_option("Training accuracy, epoch 1: 0.5")
    expect(page.locator(".answer")).to_contain_text("Both are 0.5.")


def test_the_picture_has_a_dot_for_each_running_value_and_a_line_for_each_number(opened: Opened) -> None:
    picture = opened("#view=logs").locator("svg.running")
    assert picture.locator("circle").count() == 2
    assert picture.locator(".s1 text").text_content() == "A 0.5"
    assert picture.locator(".s2 text").text_content() == "B 1.0"


def test_a_log_without_numbers_says_what_was_raised(opened: Opened) -> None:
    page = opened("#view=logs")
    assert "ValueError" in text_of(shown(page, "#view=logs&run=moving&log=keras@torch"))


def test_a_question_leads_to_the_two_numbers(opened: Opened) -> None:
    page = opened()
    question = page.locator(".asked details", has_text="Why is my training accuracy lower?")
    question.locator("summary").click()
    question.get_by_role("link").click()
    expect(page.locator(".answer")).to_contain_text("0.5 and 1.0 differ.")
