"""What is said about keys and values that a case file does not have."""

from __future__ import annotations

import pytest

from conformance.adapters.base import METRICS

DATA = "y_true: [1]\ny_pred: [1]\n"


def test_all_errors_of_a_file_are_told_at_once_in_the_order_of_the_file(errors_of):
    text = """\
        format: 1
        theme: 5
        familly: ties
        cases:
          - id: One
            title: [a]
            task: binari
            y_true: [[1], [1, 2]]
            threshold: true
          - foo
        """
    assert errors_of(text) == [
        "cases.yaml:2:8: theme: expected text, got 5: quote it if it is text",
        "cases.yaml:3:1: unknown key 'familly' (did you mean 'family'?)",
        "cases.yaml:5:5: missing key 'y_pred'",
        "cases.yaml:5:9: id: 'One' is not a slug: lower-case letters and digits, with single hyphens "
        "between them",
        "cases.yaml:6:12: title: expected text, got a list",
        "cases.yaml:7:11: task: expected one of binary, multiclass, multilabel, got 'binari' "
        "(did you mean 'binary'?)",
        "cases.yaml:8:19: y_true: ragged: 2 values where the first row has 1 value",
        "cases.yaml:9:16: threshold: expected a number or a list, got true",
        "cases.yaml:10:5: cases: expected a mapping, got 'foo'",
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("treshold: 1", "7:5: unknown key 'treshold' (did you mean 'threshold'?)"),
        ("zzz: 1", "7:5: unknown key 'zzz'"),
        (
            "metric: acuracy",
            f"7:13: metric: expected one of {', '.join(METRICS)}, got 'acuracy' (did you mean 'accuracy'?)",
        ),
        ("threshold: '0.5'", "7:16: threshold: expected a number or a list, got '0.5': remove the quotes"),
        ("threshold:", "7:15: threshold: nothing is written here: give a value or remove the key"),
        ("top_k: 1.0", "7:12: top_k: expected an integer, got 1.0"),
        ("top_k: true", "7:12: top_k: expected an integer, got true"),
        ("normalize: 1", "7:16: normalize: expected true or false or text, got 1: quote it if it is text"),
        ("adjusted: no", "7:15: adjusted: expected true or false, got 'no'"),
        ("average: 3", "7:14: average: expected text, got 3: quote it if it is text"),
        ("labels: 3", "7:13: labels: expected a list, got 3"),
        ("labels: [1, [2]]", "7:17: labels: expected a number, text or true or false, got a list"),
        ("batches: [1, -1]", "7:18: batches: must be 0 or more, got -1"),
        ("shape: {y_tru: [1]}", "7:13: unknown key 'y_tru' (did you mean 'y_true'?)"),
        ("dtype: float32", "7:12: dtype: expected a mapping, got 'float32'"),
        (
            "dtype: {metric: int8}",
            "7:21: metric: expected one of float16, bfloat16, float32, float64, got 'int8'",
        ),
        ("implementations: []", "7:22: implementations: is empty: write something or remove the key"),
        (
            "tags: [ok, A b]",
            "7:16: tags: 'A b' is not a slug: lower-case letters and digits, with single hyphens",
        ),
        ("see: ftp://x", "7:10: see: 'ftp://x' is not a link that starts with http:// or https://"),
        ("see: [https://x.org, x]", "7:26: see: 'x' is not a link that starts with http:// or https://"),
        ("because: ''", "7:14: because: is empty: write something or remove the key"),
        ("updates: []", "8:5: y_true and updates exclude each other: keep one"),
    ],
)
def test_a_wrong_key_or_value_is_refused_where_it_stands(case_errors_of, line, error):
    assert case_errors_of(f"{line}\n{DATA}")[0].startswith(f"cases.yaml:{error}")


def test_each_update_needs_targets_and_predictions(case_errors_of):
    assert case_errors_of("updates: [{y_true: 1}, 3, {y_true: 1, y_pred: 1, x: 1}]") == [
        "cases.yaml:7:15: missing key 'y_pred'",
        "cases.yaml:7:28: updates: expected a mapping, got 3",
        "cases.yaml:7:54: unknown key 'x'",
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "1:1: the file is empty: a case file starts with format: 1"),
        ("# only a comment\n", "1:1: the file is empty: a case file starts with format: 1"),
        ("[1]", "1:1: expected a mapping with format, theme and cases, got a list"),
        ("a word", "1:1: expected a mapping with format, theme and cases, got 'a word'"),
        ("format: 2\nunheard: of", "1:9: format 2 is not known here: write format: 1"),
        ("format: true", "1:9: format true is not known here: write format: 1"),
        ("theme: t\ncases: []", "1:1: missing key 'format'"),
        ("format: 1\ntheme: t\ncases: []", "3:8: cases: is empty: write something or remove the key"),
        (
            "format: 1\ntheme: t\ncases:",
            "3:7: cases: nothing is written here: give a value or remove the key",
        ),
        ("format: 1\ntheme: t\nfamily: tie\ncases: {}", "3:9: family: expected one of threshold, equality"),
    ],
)
def test_a_file_that_is_no_case_file_is_told_so(errors_of, text, error):
    assert errors_of(text)[0].startswith(f"cases.yaml:{error}")


def test_an_id_that_is_a_number_is_to_be_quoted(errors_of):
    text = "format: 1\ntheme: t\ncases:\n  - {id: 5, title: T, task: binary, y_true: 1, y_pred: 1}\n"
    assert errors_of(text) == ["cases.yaml:4:10: id: expected text, got 5: quote it if it is text"]


def test_an_id_that_the_same_file_has_already_is_refused(errors_of):
    case = "  - {id: a, title: T, task: binary, y_true: 1, y_pred: 1}\n"
    text = "format: 1\ntheme: t\ncases:\n" + case + case
    assert errors_of(text) == ["cases.yaml:5:10: duplicate id 'a': cases.yaml:4 has it already"]


def test_what_is_no_case_has_no_id(errors_of):
    assert errors_of("format: 1\ntheme: t\ncases: [foo, foo]\n") == [
        "cases.yaml:3:9: cases: expected a mapping, got 'foo'",
        "cases.yaml:3:14: cases: expected a mapping, got 'foo'",
    ]


def test_a_value_in_a_message_is_cut_short(case_errors_of):
    (error,) = case_errors_of(f"metric: {'x' * 10_000_000}\n{DATA}")
    assert error.endswith("... (10000000 characters)")
    assert error.count("x") < 100
