"""Large data by rule: what stands for what, exactly, and what is refused."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import numpy as np
import pytest

from conformance.cases.calls import build
from conformance.cases.notation import MOST_ELEMENTS, NOTATIONS

SAME = [
    ("{repeat: [0.3], times: 4}", "[0.3, 0.3, 0.3, 0.3]"),
    ("{repeat: [[1], [0]], times: 2}", "[[1], [0], [1], [0]]"),
    ("{repeat: [cat, horse], times: 2}", "[cat, horse, cat, horse]"),
    ("{repeat: {repeat: [1, 0], times: 2}, times: 2}", "[1, 0, 1, 0, 1, 0, 1, 0]"),
    ("{repeat: [.nan, -0.0], times: 2}", "[.nan, -0.0, .nan, -0.0]"),
    ("{range: [0, 4, 1]}", "[0, 1, 2, 3]"),
    ("{range: [0, 5, 2]}", "[0, 2, 4]"),
    ("{range: [3, 0, -1]}", "[3, 2, 1]"),
    ("{range: [7, 8, 5]}", "[7]"),
    ("{range: [0, 1, 0.1]}", "[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]"),
    ("{range: [0.7, 0.1, -0.2]}", "[0.7, 0.5, 0.3]"),
    ("{range: [1e-9, 4e-9, 1e-9]}", "[1e-9, 2e-9, 3e-9]"),
    ("{one_hot: [0, 2, 1], classes: 3}", "[[1, 0, 0], [0, 0, 1], [0, 1, 0]]"),
    ("{one_hot: {repeat: [1], times: 2}, classes: 2}", "[[0, 1], [0, 1]]"),
    ("{one_hot: {range: [0, 2, 1]}, classes: 2}", "[[1, 0], [0, 1]]"),
    ("{join: [[1, 2], [3]]}", "[1, 2, 3]"),
    ("{join: [{repeat: [[0.5]], times: 2}, [[1]]]}", "[[0.5], [0.5], [1]]"),
    ("{join: [{range: [0, 2, 1]}, [0.5]]}", "[0, 1, 0.5]"),
    ("[{repeat: [1], times: 2}, [0, 3]]", "[[1, 1], [0, 3]]"),
    ("[[1, 2], {range: [3, 5, 1]}]", "[[1, 2], [3, 4]]"),
]


@pytest.mark.parametrize(("rule", "written"), SAME)
@pytest.mark.parametrize("dtype", [None, "float32", "bfloat16"])
def test_a_notation_is_what_it_is_written_out(
    case_of: Any, rule: str, written: str, dtype: str | None
) -> None:
    dtype = None if "cat" in rule else dtype  # text has none
    more = f"\ndtype: {{y_true: {dtype}}}" if dtype else ""
    short, long = (
        case_of(f"y_true: {data}\ny_pred: 1{more}").call().updates[0].y_true for data in (rule, written)
    )
    assert (short.dtype, short.shape) == (long.dtype, long.shape)
    assert short.tobytes() == long.tobytes()
    assert not short.flags.writeable


def test_every_value_of_a_range_is_rounded_once(case_of: Any) -> None:
    array = case_of("y_true: {range: [0, 100, 0.001]}\ny_pred: 1").call().updates[0].y_true
    assert array.tolist() == [float(f"{number // 1000}.{number % 1000:03}") for number in range(100_000)]


def test_weights_of_updates_may_be_notations_too(case_of: Any) -> None:
    call = case_of("""\
        updates:
          - {y_true: {repeat: [1], times: 2}, y_pred: [1, 0], sample_weight: {repeat: [0.5], times: 2}}
        """).call()
    assert call.updates[0].sample_weight.tolist() == [0.5, 0.5]


def test_batches_and_shapes_count_the_elements_that_are_meant(case_of: Any, case_errors_of: Any) -> None:
    call = case_of(
        "y_true: {repeat: [1], times: 6}\ny_pred: {range: [0, 6, 1]}\nbatches: [4, 2]\nshape: {y_true: [6, 1]}"
    ).call()
    assert [update.y_true.shape for update in call.updates] == [(4, 1), (2, 1)]
    assert case_errors_of("y_true: {repeat: [1], times: 3}\ny_pred: [1]\nshape: {y_true: [2]}") == [
        "cases.yaml:9:21: y_true: shape [2] has 2 elements, the data have 3"
    ]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ("{repat: [1], times: 2}", "14: y_true: 'repat' is no notation for data (did you mean 'repeat'?)"),
        ("{}", "13: y_true: an empty mapping is no data: known are repeat, range, one_hot, join"),
        ("{repeat: [1], times: 2, join: [[1]]}", "37: y_true: repeat and join exclude each other: keep one"),
        ("{repeat: [1]}", "13: y_true: repeat needs times: {repeat: LIST, times: N}"),
        ("{repeat: [1], tines: 2}", "27: y_true: unknown key 'tines' beside repeat (did you mean 'times'?)"),
        ("{repeat: [1], times: 0}", "34: y_true: times: expected a whole number, 1 or more, got 0"),
        ("{repeat: [1], times: 2.0}", "34: y_true: times: expected a whole number, 1 or more, got 2.0"),
        ("{repeat: [1], times: true}", "34: y_true: times: expected a whole number, 1 or more, got true"),
        ("{repeat: [1], times: 1e999}", "34: 1e999 overflows float64"),
        ("{repeat: 1, times: 2}", "22: y_true: repeat: expected a list, got 1: write [...] around it"),
        ("{repeat: [[1], [1, 2]], times: 2}", "28: y_true: ragged: 2 values where the first row has 1 value"),
        ("{repeat: [1, a], times: 2}", "26: y_true: 'a' among numbers: one array holds one kind of values"),
        ("{repeat: [1, null], times: 2}", "26: y_true: nothing is written here"),
        ("{range: 3}", "21: y_true: range: expected [start, stop, step], got 3"),
        ("{range: [0, 1]}", "21: y_true: range: expected [start, stop, step], got a list"),
        ("{range: [0, a, 1]}", "25: y_true: range: expected a number, got 'a'"),
        ("{range: [0, .inf, 1]}", "25: y_true: range: expected a number, got inf"),
        ("{range: [0, true, 1]}", "25: y_true: range: expected a number, got true"),
        ("{range: [0, 1, 0]}", "28: y_true: range: the step must not be 0"),
        ("{range: [0, 1, -1]}", "25: y_true: range: [0, 1, -1] has no value: the stop is left out"),
        ("{range: [0, 1, 1e-30]}", "21: y_true: range: 30 decimal places cannot be kept exact"),
        ("{range: [1e20, 2e20, 1e20]}", "21: y_true: range: so large numbers cannot be kept exact"),
        ("{range: [0, 1e15, 1]}", f"13: y_true: shape [{10**15}] has more than {MOST_ELEMENTS} elements"),
        ("{one_hot: [0, 3], classes: 3}", "27: y_true: one_hot: 3 is none of 3 classes"),
        ("{one_hot: [0, -1], classes: 3}", "27: y_true: one_hot: -1 is none of 3 classes"),
        ("{one_hot: [0, 1.0], classes: 3}", "27: y_true: one_hot: 1.0 is none of 3 classes"),
        ("{one_hot: [[0]], classes: 3}", "23: y_true: one_hot: expected one list of class numbers"),
        ("{one_hot: [0], classes: 0}", "37: y_true: classes: expected a whole number, 1 or more, got 0"),
        (
            "{one_hot: [0], classes: 33554433}",
            "13: y_true: shape [1, 33554433] has more than 33554432 elements",
        ),
        ("{join: []}", "20: y_true: join: expected a list of lists, got a list"),
        ("{join: [1]}", "21: y_true: join: expected lists, got 1: write [...] around it"),
        ("{join: [[1], [[1]]]}", "26: y_true: ragged: 1 value where the first row has a single value"),
        ("{join: [[1], [a]]}", "27: y_true: 'a' among numbers: one array holds one kind of values"),
        ("[{repeat: [1], times: 2}, [0]]", "39: y_true: ragged: 1 value where the first row has 2 values"),
        (
            "{repeat: [1], times: 33554433}",
            "13: y_true: shape [33554433] has more than 33554432 elements (2^25)",
        ),
        ("{repeat: [abc, b], times: 9000000}", "13: y_true: 18000000 texts as long as the longest have more"),
    ],
)
def test_what_is_no_notation_or_too_large_is_said_where_it_stands(
    case_errors_of: Any, data: str, error: str
) -> None:
    (said,) = case_errors_of(f"y_true: {data}\ny_pred: [1]")
    assert said.startswith(f"cases.yaml:7:{error}")


def test_a_case_may_not_be_larger_than_two_of_the_largest_arrays(case_errors_of: Any) -> None:
    half = "{repeat: [1], times: 33554432}"
    (said,) = case_errors_of(f"y_true: {half}\ny_pred: {half}\nsample_weight: [1]")
    assert said == (
        "cases.yaml:4:5: the data of the case have 67108865 elements in all: at most 67108864 are taken"
    )


def test_checking_a_file_builds_no_array(cases_of: Any) -> None:
    case = "  - {{id: large-{}, title: Large, task: binary, y_true: {}, y_pred: {}}}\n"
    large = "{repeat: [1, 0], times: 16777216}", "{range: [0, 33554432, 1]}"
    text = "format: 1\ntheme: t\ncases:\n" + "".join(case.format(i, *large) for i in range(10))
    tracemalloc.start()
    try:
        cases_of(text)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_equal_rows_share_their_memory() -> None:
    call = build("binary", {"y_true": {"repeat": [[1]], "times": 2**25}, "y_pred": [1]})
    assert call.updates[0].y_true.strides[0] == 0


def test_integers_of_a_range_fit_the_dtype_or_are_refused(case_of: Any, case_errors_of: Any) -> None:
    lines = "y_true: {{range: [{}]}}\ny_pred: 1\ndtype: {{y_true: int8}}"
    assert case_of(lines.format("0, 2, 0.5e1")).call().updates[0].y_true.tolist() == [0]
    assert np.array_equal(case_of(lines.format("-128, 128, 1")).call().updates[0].y_true, range(-128, 128))
    assert case_errors_of(lines.format("0, 129, 1"))[0].endswith("128 does not fit int8")
    assert case_errors_of(lines.format("0, 1, 0.5"))[0].endswith("0.5 does not fit int8")


def test_every_notation_is_described_by_an_example_of_itself() -> None:
    assert all(says.startswith(f"{{{name}: ") for name, says in NOTATIONS.items())
    assert json.loads(json.dumps(NOTATIONS)) == dict(NOTATIONS)
