from __future__ import annotations

import math
from fractions import Fraction

import pytest

from conformance.cases import matches

DATA = "y_true: [1]\ny_pred: [1]\n"
ID = "keras.metrics.BinaryAccuracy"
UNKNOWN = "is no known implementation"


def expecting(*lines: str) -> str:
    return DATA + "expect:\n" + "".join(f"  {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.0", 1.0),
        ("1", 1.0),
        ("1/3", Fraction(1, 3)),
        ("-2/6", Fraction(-1, 3)),
        ("[0.5, [1/2]]", None),
        ("[[0.5, 1/2], [1, 0]]", ((0.5, Fraction(1, 2)), (1.0, 0.0))),
        ("{value: 0.25}", 0.25),
        ("-0.0", -0.0),
        (".inf", math.inf),
    ],
)
def test_a_value_is_pinned_in_its_short_or_long_form(case_of, case_errors_of, written, value):
    if value is None:
        assert "ragged" in case_errors_of(expecting(f"{ID}: {written}"))[0]
        return
    (expectation,) = case_of(expecting(f"{ID}: {written}")).expect
    assert (expectation.kind, repr(expectation.value)) == ("value", repr(value))
    assert (expectation.line, expectation.column) == (10, 7)


def test_nan_can_be_pinned(case_of):
    assert math.isnan(case_of(expecting(f"{ID}: .nan")).expect[0].value)


def test_an_exception_is_pinned_with_all_that_goes_with_it(case_of):
    long = '{raises: ValueError, match: "a|b", because: why, see: https://x.org, when: {Keras: ">=3"}}'
    (expectation,) = case_of(expecting(f"{ID}: {long}")).expect
    assert (expectation.kind, expectation.raises, expectation.match) == ("raises", "ValueError", "a|b")
    assert (expectation.because, expectation.see) == ("why", ("https://x.org",))
    assert expectation.when == {"Keras": ">=3"}
    assert expectation.value is None


@pytest.mark.parametrize(
    ("line", "errors"),
    [
        (f"{ID}: true", ["37: expected a number, a fraction such as 1/3, .nan or a list of them, got true"]),
        (f"{ID}: almost 1", ["37: expected a number, a fraction"]),
        (f"{ID}:", ["36: expected a number, a fraction"]),
        (f"{ID}: [1, x]", ["41: expected a number, a fraction"]),
        (f"{ID}: 1/0", ["37: 1/0 divides by zero"]),
        (f"{ID}: 9007199254740993", ["37: 9007199254740993 is more than float64 counts exactly"]),
        (f"{ID}: {{because: x}}", ["37: has no outcome: add value or raises"]),
        (f"{ID}: {{value: 1, raises: E}}", ["48: raises and value exclude each other: keep one"]),
        (f"{ID}: {{value: 1, match: x}}", ["48: match is about the message of raises: add raises"]),
        (f"{ID}: {{value: 1, becuse: x}}", ["48: unknown key 'becuse' (did you mean 'because'?)"]),
        (f"{ID}: {{raises: a.B}}", ["46: raises: 'a.B' is not the bare class name of an exception"]),
        (f"{ID}: {{raises: E, match: '('}}", ["56: '(' is no regular expression"]),
        (f"{ID}: {{raises: E, match: '[[a]'}}", ["56: '[[a]' is no regular expression"]),
        (f"{ID}: {{value: 1, when: {{keras: 3}}}}", ["62: keras: expected text, got 3: quote it"]),
        (f"{ID}: {{value: 1, when: {{keras: new}}}}", ["62: 'new' is no version specifier: "]),
        (
            "keras.metrics.BinaryAcuracy: 1",
            [f"7: 'keras.metrics.BinaryAcuracy' {UNKNOWN} (did you mean {ID!r}?)"],
        ),
        ("torch*: 1", ["7: 'torch*' matches no known implementation of the default environment"]),
        ('"*@jax": 1', ["7: '*@jax' matches no known implementation"]),
        ('"": 1', ["7: an empty key: write a pattern or a name"]),
    ],
)
def test_an_expectation_that_says_nothing_is_refused_where_it_stands(case_errors_of, line, errors):
    said = case_errors_of(expecting(line))
    assert len(said) == len(errors)
    for found, error in zip(said, errors, strict=True):
        assert found.startswith(f"cases.yaml:10:{error}")


def test_an_unknown_implementation_to_run_is_refused(case_errors_of):
    said = case_errors_of(DATA + "implementations: ['keras.*', sklearn.metrics.acuracy_score, [1]]")
    assert said == [
        "cases.yaml:9:34: 'sklearn.metrics.acuracy_score' is no known implementation "
        "(did you mean 'sklearn.metrics.accuracy_score'?)",
        "cases.yaml:9:65: implementations: expected text, got a list",
    ]


def test_an_exact_id_beats_a_glob_that_stands_before_it(case_of):
    case = case_of(expecting('"*": 0', f"{ID}: 1"))
    assert case.expectation_for(ID, {}).value == 1
    assert case.expectation_for("keras.metrics.Accuracy", {}).value == 0


def test_the_first_of_several_globs_holds(case_of):
    case = case_of(expecting('"keras.*": 0', '"*": 1'))
    assert case.expectation_for(ID, {}).value == 0
    assert case.expectation_for("sklearn.metrics.accuracy_score", {}).value == 1


def test_nothing_is_expected_where_no_pattern_fits(case_of):
    case = case_of(expecting('"keras.*": 0'))
    assert case.expectation_for("sklearn.metrics.accuracy_score", {}) is None
    assert case.expectation_for(f"{ID}@torch", {}) is None


@pytest.mark.parametrize(
    ("versions", "value"),
    [
        ({"keras": "3.15.1"}, 1),
        ({"Keras": "4.0.0"}, 0),
        ({"keras": "3.16rc1"}, 1),
        ({}, 0),
        ({"keras": "unknown"}, 0),
    ],
)
def test_an_expectation_holds_for_the_versions_it_names(case_of, versions, value):
    case = case_of(expecting('"*": 0', f'{ID}: {{value: 1, when: {{keras: "<4,!=3.0"}}}}'))
    assert case.expectation_for(ID, versions).value == value


@pytest.mark.parametrize(
    ("pattern", "implementation", "expected"),
    [
        ("a.B", "a.B", True),
        ("a.B", "a.Bc", False),
        ("a.B", "aXB", False),
        ("a.*", "a.B[x=y]", True),
        ("a.?", "a.B", True),
        ("a.?", "a.BC", False),
        ("a.B[x]", "a.B[x]", True),
        ("a.B[xy]", "a.Bx", False),
        ("a.B[*]", "a.B[x]", True),
        ("a.B", "a.B@e", False),
        ("*", "a.B@e", False),
        ("*@*", "a.B@e", True),
        ("*@*", "a.B", False),
        ("a.*@e", "a.B@e", True),
        ("A.b", "a.B", False),
        ("*a*[*]@?", "a.b[c]@d", True),
        ("*ab*b", "aab", False),
        ("*ab*b", "aabb", True),
        ("*a" * 50 + "x", "a" * 200, False),
    ],
)
def test_only_stars_and_question_marks_are_special_in_patterns(pattern, implementation, expected):
    assert matches(pattern, implementation) is expected
