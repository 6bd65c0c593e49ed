from __future__ import annotations

import math

import pytest

from conformance.cases.scalars import NumberError, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-9", 1e-9),
        ("1E3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("+.5", 0.5),
        ("-0.0", -0.0),
        (".inf", math.inf),
        ("+.Inf", math.inf),
        ("-.INF", -math.inf),
        ("5e-324", 5e-324),
        ("0e999", 0.0),
        ("010", 10),
        ("-7", -7),
        ("+7", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("9007199254740993", 9007199254740993),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_a_plain_scalar_means_what_yaml_1_2_says(text, value):
    found = resolve(text)
    assert repr(found) == repr(value)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_nan_is_written_with_a_point(text):
    assert math.isnan(resolve(text))


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "yes",
        "on",
        "off",
        "y",
        "nan",
        "inf",
        "1_000",
        "0b1",
        "-0x1F",
        "1:30",
        "2001-01-01",
        "1/3",
        ".",
        "-",
        "e5",
        "tRUE",
        "+.nan",
        "0o8",
        "0x",
    ],
)
def test_what_other_yaml_versions_take_for_something_else_is_text(text):
    assert resolve(text) == text


@pytest.mark.parametrize("text", ["1e999", "-1e999", "1" * 400 + ".0", "1e-999", "0.0001e-999", "1" * 5000])
def test_a_number_that_cannot_be_held_is_refused(text):
    with pytest.raises(NumberError):
        resolve(text)
