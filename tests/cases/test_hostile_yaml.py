"""Text that is not YAML, or more YAML than a case file may use."""

from __future__ import annotations

import pytest

from conformance.cases.nodes import MAX_DEPTH

DATA = "y_true: [1]\ny_pred: [1]\n"


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ("y_true: *x\ny_pred: 1", "7:13: aliases are not accepted: write out the value of *x"),
        ("y_true: [1, *x]\ny_pred: [1, 1]", "7:17: aliases are not accepted: write out the value of *x"),
        ("y_true: &x 1\ny_pred: 1", "7:13: anchors are not accepted: remove &x"),
        ("y_true: &x [1]\ny_pred: [1]", "7:13: anchors are not accepted: remove &x"),
        ("y_true: !!int '1'\ny_pred: 1", "7:13: tags are not accepted: remove '!!int'"),
        ("y_true: !!python/object:os.system {}\ny_pred: 1", "7:13: tags are not accepted: remove '!!python/"),
        ("y_true: ! 1\ny_pred: 1", "7:13: tags are not accepted: remove '!'"),
        (DATA + "<<: {threshold: 1}", "9:5: merge keys are not accepted: write out what is merged"),
        (DATA + "y_true: [2]", "9:5: duplicate key 'y_true': it is already on line 7"),
        (
            DATA + "dtype: {y_true: int8, y_true: int8}",
            "9:27: duplicate key 'y_true': it is already on line 9",
        ),
        (DATA + "1: 2", "9:5: unknown key '1'"),
        (DATA + "1.5: 2", "9:5: a key must be text, got 1.5: quote it if it is one"),
        (DATA + "class_weight: {0: 1, '0': 2}", "9:26: duplicate key '0': it is already on line 9"),
        (DATA + "class_weight: {a: 1}", "9:20: 'a' is not a class: an integer such as 0 or 1"),
        (DATA + "class_weight: {0: much}", "9:23: 0: expected a number, got 'much'"),
        (DATA + "class_weight: {}", "9:19: class_weight: is empty: write something or remove the key"),
        (DATA + "mask: [1]", "9:11: mask: expected a list of true and false"),
        (DATA + "mask: true", "9:11: mask: expected a list of true and false"),
        (
            DATA + "mask: [true, false]",
            "9:11: mask: shape [2] is not that of the leading dimensions of y_pred, [1]",
        ),
        (
            "outputs: {a: {y_true: [1], y_pred: [[1], 3]}, b: {y_true: [1], y_pred: [0]}}",
            "7:46: y_pred: ragged: a single value where the first row has 1 value",
        ),
        (
            "outputs: {a: {y_true: [1], y_pred: [1]}}",
            "7:14: outputs: needs at least 2 entries, got 1",
        ),
        (
            "outputs: {a b: {y_true: [1], y_pred: [1]}, c: {y_true: [1], y_pred: [1]}}",
            "7:15: 'a b' is not the name of an output: letters, digits and underscores",
        ),
        (
            "y_true: [1]\noutputs: {a: {y_true: [1], y_pred: [1]}, b: {y_true: [1], y_pred: [1]}}",
            "7:5: y_true and outputs exclude each other: keep one",
        ),
        (DATA + "~: 2", "9:5: a key must be text, got nothing: quote it if it is one"),
        (DATA + "? [a, b]\n: 2", "9:7: a key must be text, got a list: quote it if it is one"),
        (DATA + "? {a: b}\n: 2", "9:7: a key must be text, got a mapping: quote it if it is one"),
        (
            "y_true: 1e999\ny_pred: 1",
            "7:13: 1e999 overflows float64: write .inf or -.inf if infinity is meant",
        ),
        ("y_true: 1e-999\ny_pred: 1", "7:13: 1e-999 underflows float64 to zero: write 0.0 if zero is meant"),
        (f"y_true: {'9' * 5000}\ny_pred: 1", "7:13: the integer overflows: it has 5000 digits"),
        (DATA + r'because: "a\e[2J"', r"9:14: control character U+001B in 'a\x1b[2J': remove it"),
    ],
)
def test_what_case_files_do_without_is_refused_once_and_where_it_stands(case_errors_of, lines, error):
    (said,) = case_errors_of(lines)
    assert said.startswith(f"cases.yaml:{error}")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"format: 1\ntheme: \xff\n", "2:8: not UTF-8: byte 0xff does not belong here"),
        ("format: 1\ntheme: ü".encode() + b"\xfc", "2:9: not UTF-8: byte 0xfc does not belong here"),
        (
            b"\xef\xbb\xbfformat: 1\n",
            "1:1: the file starts with a byte order mark: save it as UTF-8 without one",
        ),
        ("format: 1\n".encode("utf-16"), "1:1: the file starts with a byte order mark"),
        (b"format: 1\ntheme: a\0b\n", "2:9: control character U+0000: remove it"),
        (b"format: 1\ntheme: a\x1bb\n", "2:9: control character U+001B: remove it"),
        ("format: 1\ntheme: a\u2028b\n".encode(), "2:9: control character U+2028: remove it"),
        (b"format: 1\r\ntheme: a\r\n\tcases: 1\n", "3:1: a tab in the indentation: use spaces"),
        (b"format: 1\ncases:\n  \t- a\n", "3:3: a tab in the indentation: use spaces"),
        (b"format: 1\n---\nformat: 1\n", "2:1: a second document: one file holds one"),
        (
            b"%YAML 1.1\n---\nformat: 1\n",
            "1:1: directives are not accepted: remove the line that starts with %",
        ),
        (
            b"format: [1\ntheme: t\n",
            "1:9: not valid YAML: this [ is not closed, or a comma is missing below it",
        ),
        (b"format: {a: 1\ntheme: t\n", "1:9: not valid YAML: this { is not closed"),
        (b"format: ['1' '2']\n", "1:14: not valid YAML: while parsing a flow sequence"),
        (b"format: 'a\n", "2:1: not valid YAML: while scanning a quoted scalar"),
        ("theme: 'ü😀': 2\n".encode(), "1:12: not valid YAML: mapping values are not allowed"),
    ],
)
def test_text_that_cannot_be_read_is_refused_where_it_stops(errors_of, data, error):
    assert errors_of(data)[0].startswith(f"cases.yaml:{error}")


def test_a_syntax_error_keeps_what_was_found_before_it(errors_of):
    said = errors_of("theme: *x\nformat: 1\nformat: 1\ncases: ]\n")
    assert [line.split(":")[1] for line in said] == ["1", "3", "4"]


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_without_exhausting_the_stack(errors_of, depth, opening):
    (said,) = errors_of(opening * depth)
    # libyaml 0.2.6 meets its own limit of a thousand first where it reads ahead.
    places = {f"1:{levels * len(opening) + 1}" for levels in (MAX_DEPTH, 1000)}
    assert said in {
        f"cases.yaml:{place}: nested too deeply: at most {MAX_DEPTH} levels are read" for place in places
    }


def test_data_as_deep_as_is_read_become_an_array(case_of):
    depth = MAX_DEPTH - 3
    case = case_of(f"y_true: {'[' * depth}1{']' * depth}\ny_pred: 1")
    assert case.call().updates[0].y_true.ndim == depth


def test_a_billion_laughs_stay_unexpanded(errors_of):
    lines = ["a0: &a0 lol"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    said = errors_of("\n".join(lines))
    assert sum("aliases are not accepted" in line for line in said) == 90


def test_an_anchor_is_no_reason_to_doubt_the_value(case_errors_of):
    assert len(case_errors_of("y_true: &x [1]\ny_pred: &y [1]")) == 2


def test_nothing_in_a_file_is_executed(case_errors_of, tmp_path):
    target = tmp_path / "made"
    case_errors_of(f"y_true: !!python/object/apply:os.mkdir ['{target.as_posix()}']\ny_pred: 1")
    assert not target.exists()


def test_a_tab_that_is_not_indentation_is_left_alone(case_of):
    assert case_of("y_true: [1]\ny_pred: [1]\nbecause: 'a\tb'").because == "a\tb"


def test_columns_count_characters(case_errors_of):
    (said,) = case_errors_of(DATA + "dtype: {'😀é': int8}")
    assert said.startswith("cases.yaml:9:13: unknown key '😀é'")


def test_unicode_reaches_the_case(case_of):
    case = case_of("y_true: ['ж', '😀']\ny_pred: ['ж', 'x']\nbecause: |\n  ünïcode\n")
    assert case.because == "ünïcode\n"
    assert case.call().updates[0].y_true.tolist() == ["ж", "😀"]
