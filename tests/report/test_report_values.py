from __future__ import annotations

import math

import pytest

from conformance.report.values import (
    brief,
    distinguishing_digits,
    full,
    number,
    one_line,
    prediction,
    vector,
    visible,
)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (0.5, "0.5"),
        (1 / 3, "0.3333"),
        (1.0, "1.0"),
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (math.nan, "NaN"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (1e-9, "1e-09"),
        (3, "3"),
        (True, "True"),
        ("cat", "cat"),
        (None, "None"),
    ],
)
def test_a_number_is_shown_in_its_shortest_form(given: object, shown: str) -> None:
    assert number(given) == shown


def test_a_long_vector_is_abbreviated_and_a_short_one_is_not() -> None:
    assert vector([1.0, 0.0, 0.5]) == "[1.0, 0.0, 0.5]"
    assert vector([1.0, 0.0, 0.5, 0.25]) == "[1.0, 0.0, 0.5, …]"
    assert vector([[1.0] * 4, [{"float": "nan"}]]) == "[[1.0, 1.0, 1.0, …], [NaN]]"


def test_all_digits_means_those_of_the_dtype() -> None:
    third_in_float32 = 0.3333333432674408
    assert full(third_in_float32, "float32") == "0.33333334"
    assert full(1 / 3, "float64") == "0.3333333333333333"
    assert full(0.75, "bfloat16") == "0.75"
    assert full(1e300, "float32") == "1e+300"


def test_outcomes_that_differ_in_the_sixth_digit_do_not_look_equal() -> None:
    outcomes = [{"kind": "value", "value": value} for value in (0.75, 0.750001)]
    digits = distinguishing_digits(outcomes)
    assert [brief(outcome, digits) for outcome in outcomes] == ["0.75", "0.750001"]


def test_vectors_that_differ_behind_the_cut_do_not_ask_for_more_digits() -> None:
    outcomes = [{"kind": "value", "value": [1 / 3, 0.0, 0.0, last]} for last in (0.0, 1.0)]
    assert brief(outcomes[0], distinguishing_digits(outcomes)) == "[0.3333, 0.0, 0.0, …]"


@pytest.mark.parametrize(
    ("predicted", "shown"),
    [
        (None, ""),
        ({"kind": "value", "value": 0.5, "exact": "1/2"}, "1/2"),
        ({"kind": "value", "value": {"float": "nan"}, "exact": "nan"}, "NaN"),
        ({"kind": "value", "value": [1.0, 0.5], "exact": ["1", "1/2"]}, "[1, 1/2]"),
        ({"kind": "raises", "type": "ValueError"}, "raises ValueError"),
        ({"kind": "raises", "type": None}, "raises an exception"),
        (
            {"kind": "one-of", "options": [{"kind": "value", "exact": "1/2"}, {"kind": "raises"}]},
            "1/2 or raises an exception",
        ),
        ({"kind": "unheard-of"}, "unheard-of"),
    ],
)
def test_a_prediction_reads_in_words(predicted: dict[str, object] | None, shown: str) -> None:
    assert prediction(predicted) == shown


def test_text_that_acts_is_shown_instead() -> None:
    assert visible("\x1b[31mred\x07 \u202etxt.exe \ud800") == r"\x1b[31mred\x07 \u202etxt.exe \ud800"
    assert visible("שלום\n\tnaïve") == "שלום\n\tnaïve"


def test_one_line_is_cut_at_its_width() -> None:
    assert one_line("a\n b   c", 9) == "a b c"
    assert one_line("abcdefgh", 4) == "abc…"
