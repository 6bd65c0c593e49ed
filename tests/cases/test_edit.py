"""Case files are changed at recorded marks; nothing else moves."""

from __future__ import annotations

import pytest

from conformance.cases import CaseErrors, parse
from conformance.cases.edit import with_case, with_pins

KNOWN = ("keras.metrics.Accuracy", "keras.Model.compile[accuracy,dataset]")
PIN = {"keras.metrics.Accuracy": "{value: 0.5, because: TODO}"}
BRACKETS = {"keras.Model.compile[accuracy,dataset]": "{raises: ValueError, because: TODO}"}

PLAIN = """\
# top
format: 1
theme: t   # the theme
cases:
  # before one
  - id: one
    title:   One
    task: binary
    y_true: [1,
             0]   # of two rows
    y_pred: [1, 0]
    # after one

  - {id: two, title: Two, task: binary, y_true: [1], y_pred: [1]}
  - id: three
    title: Three
    task: binary
    y_true: [1]
    y_pred: [1]
    because: >-
      # no comment, but text

      of two paragraphs

  # the end
"""


def pinned(text: str, case_id: str, pins: dict[str, str]) -> str:
    new = with_pins(text, {case_id: pins})
    found = {case.id: case for case in parse(new, "f", known=KNOWN)}
    assert {expected.pattern for expected in found[case_id].expect} >= pins.keys()
    return new


def added(old: str, new: str) -> list[str]:
    """The lines of `new` that are not in `old`; all others are there, in their order."""
    rest = iter(old.splitlines(keepends=True))
    waiting = next(rest, None)
    more = []
    for line in new.splitlines(keepends=True):
        if line == waiting:
            waiting = next(rest, None)
        else:
            more.append(line)
    assert waiting is None, f"lost or changed: {waiting!r}"
    return more


def test_a_pin_is_added_behind_the_last_key_of_its_case() -> None:
    new = pinned(PLAIN, "one", PIN)
    assert added(PLAIN, new) == [
        "    expect:\n",
        "      keras.metrics.Accuracy: {value: 0.5, because: TODO}\n",
    ]
    assert "    y_pred: [1, 0]\n    expect:\n" in new


def test_a_pin_behind_a_block_of_text_does_not_become_text() -> None:
    new = pinned(PLAIN, "three", PIN)
    assert "      of two paragraphs\n    expect:\n" in new
    (case,) = (case for case in parse(new, "f", known=KNOWN) if case.id == "three")
    assert case.because == "# no comment, but text\nof two paragraphs"


def test_a_case_in_braces_gets_its_pin_inside_them() -> None:
    new = pinned(PLAIN, "two", {**PIN, **BRACKETS})
    assert (
        "y_pred: [1], expect: {keras.metrics.Accuracy: {value: 0.5, because: TODO}, "
        '"keras.Model.compile[accuracy,dataset]": {raises: ValueError, because: TODO}}}\n' in new
    )


def test_pins_join_those_that_are_there() -> None:
    old = PLAIN.replace(
        "    # after one", "    expect:\n        keras.metrics.Accuracy: 0.5  # as seen\n    # after"
    )
    new = pinned(old, "one", BRACKETS)
    assert added(old, new) == [
        "        keras.Model.compile[accuracy,dataset]: {raises: ValueError, because: TODO}\n"
    ]
    flow = PLAIN.replace("    # after one", "    expect: {keras.metrics.Accuracy: 0.5}\n    # after")
    assert '0.5, "keras.Model.compile[accuracy,dataset]": {raises' in pinned(flow, "one", BRACKETS)


@pytest.mark.parametrize(
    "before",
    [
        "1.0",
        "[1.0, 0.5]",
        "{raises: ValueError}",
        "{value: 1.0,\n         because: it was so}",
        "\n        value: 1.0\n        because: >-\n          it was\n          so\n",
    ],
)
def test_a_pin_of_the_same_implementation_is_replaced(before: str) -> None:
    old = PLAIN.replace(
        "    # after one", f"    expect:\n      keras.metrics.Accuracy: {before}\n    # after"
    )
    new = pinned(old, "one", PIN)
    assert "it was" not in new
    (case,) = (case for case in parse(new, "f", known=KNOWN) if case.id == "one")
    assert [(expected.value, expected.because) for expected in case.expect] == [(0.5, "TODO")]


def test_line_ends_stay_what_they_are() -> None:
    old = PLAIN.replace("\n", "\r\n")
    new = with_pins(old, {"one": PIN})
    assert new.count("\n") == new.count("\r\n") == old.count("\n") + 2


def test_a_last_line_without_an_end_is_ended_first() -> None:
    old = PLAIN[: PLAIN.index("    because: >-")].rstrip("\n")
    assert pinned(old, "three", PIN).endswith(
        "y_pred: [1]\n    expect:\n      keras.metrics.Accuracy: {value: 0.5, because: TODO}"
    )


def test_a_case_is_added_after_the_last_one_and_before_what_follows() -> None:
    new = with_case(
        PLAIN, ["id: four", "title: Four", "task: binary", "y_true: [1]", "y_pred: [1]", "# seen"], "f"
    )
    lines = ["- id: four", "  title: Four", "  task: binary", "  y_true: [1]", "  y_pred: [1]", "  # seen"]
    assert added(PLAIN, new) == [*(f"  {line}\n" for line in lines), "\n"]
    assert "of two paragraphs\n\n  - id: four\n" in new
    assert [case.id for case in parse(new, "f", known=KNOWN)] == ["one", "two", "three", "four"]


def test_comments_below_the_last_case_stay_with_it() -> None:
    lines = ["id: two", "title: Two", "task: binary", "y_true: 1", "y_pred: 1", "# seen", "#   twice"]
    old = "format: 1\ntheme: t\ncases:\n  - id: one\n    title: One\n    task: binary\n    y_true: 1\n    y_pred: 1\n"
    seen = "    # seen\n    #   twice\n"
    for before in (old + seen, old + seen.removesuffix("\n"), old + seen + "  # another\n"):
        new = with_case(before, lines, "f")
        assert new.startswith(old + seen + "\n  - id: two\n")
        assert new.count("# seen") == 2


def test_a_case_takes_the_indentation_of_the_others() -> None:
    old = "format: 1\ntheme: t\ncases:\n-   id: one\n    title: One\n    task: binary\n    y_true: 1\n    y_pred: 1\n"
    new = with_case(old, ["id: two", "title: Two", "task: binary", "y_true: 1", "y_pred: 1"], "f")
    assert "\n-   id: two\n    title: Two\n" in new


def test_cases_in_brackets_are_not_added_to() -> None:
    old = "format: 1\ntheme: t\ncases: [{id: one, title: One, task: binary, y_true: 1, y_pred: 1}]\n"
    with pytest.raises(CaseErrors, match="f:3:8: its cases are in brackets: write each on lines of its own"):
        with_case(old, ["id: two"], "f")
