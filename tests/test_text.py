"""Text from outside the project, made safe and short."""

from __future__ import annotations

import pytest

from conformance.calls.text import one_line, shortened, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07\x00", "\\x1b[31mred\\x07\\x00"),
        ("a\u202eb\ud800", "a\\u202eb\\ud800"),
        ("::error file=x::y", "\\x3a:error file=x::y"),
        ("one\n   ::warning::two", "one\n   \\x3a:warning::two"),
        ("said ##[error]", "said #\\x23[error]"),
        ("x[::2], a::b and ü — 数\n\tkept", "x[::2], a::b and ü — 数\n\tkept"),
    ],
)
def test_what_would_act_is_shown_as_an_escape_and_the_rest_stays(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_line_that_is_wrapped_later_holds_no_command() -> None:
    assert one_line("a title\n::error::x") == "a title \\x3a:error::x"


def test_long_lines_and_many_lines_are_truncated_and_counted() -> None:
    text = "\n".join(["y_pred: [" + "0.5, " * 1000, *["- 1"] * 200])
    first, *rest = shortened(text).splitlines()
    assert first == f"{text[:1000]}… (5,009 characters)"
    assert len(rest) == 100
    assert rest[-1] == "… (201 lines)"
    assert shortened("y_pred: [0.5]\n") == "y_pred: [0.5]\n"
