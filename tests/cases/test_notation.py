"""Short notations for long lists: what they expand to, and what is an error."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest

from conformance.cases.calls import build
from conformance.cases.notations import NOTATIONS

SAME = [
    ("{repeat: [0.3], times: 4}", "[0.3, 0.3, 0.3, 0.3]"),
    ("{repeat: [[1], [0]], times: 2}", "[[1], [0], [1], [0]]"),
    ("{repeat: [cat, horse], times: 2}", "[cat, horse, cat, horse]"),
    ("{repeat: {repeat: [1, 0], times: 2}, times: 2}", "[1, 0, 1, 0, 1, 0, 1, 0]"),
    ("{repeat: [.nan, -0.0], times: 2}", "[.nan, -0.0, .nan, -0.0]"),
    ("{one_hot: [0, 2, 1], classes: 3}", "[[1, 0, 0], [0, 0, 1], [0, 1, 0]]"),
    ("{one_hot: {repeat: [1], times: 2}, classes: 2}", "[[0, 1], [0, 1]]"),
    ("[{repeat: [1], times: 2}, [0, 3]]", "[[1, 1], [0, 3]]"),
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


def test_weights_of_updates_may_be_notations_too(case_of: Any) -> None:
    call = case_of("""\
        updates:
          - {y_true: {repeat: [1], times: 2}, y_pred: [1, 0], sample_weight: {repeat: [0.5], times: 2}}
        """).call()
    assert call.updates[0].sample_weight.tolist() == [0.5, 0.5]


def test_batches_and_shapes_count_the_elements_that_are_meant(case_of: Any, case_errors_of: Any) -> None:
    call = case_of(
        "y_true: {repeat: [1], times: 6}\ny_pred: [0, 1, 2, 3, 4, 5]\nbatches: [4, 2]\nshape: {y_true: [6, 1]}"
    ).call()
    assert [update.y_true.shape for update in call.updates] == [(4, 1), (2, 1)]
    assert case_errors_of("y_true: {repeat: [1], times: 3}\ny_pred: [1]\nshape: {y_true: [2]}") == [
        "cases.yaml:9:21: y_true: shape [2] has 2 elements, the data have 3"
    ]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ("{repat: [1], times: 2}", "14: y_true: 'repat' is not a notation for data (did you mean 'repeat'?)"),
        ("{}", "13: y_true: an empty mapping is not data: known are repeat, one_hot"),
        (
            "{repeat: [1], times: 2, one_hot: [1]}",
            "37: y_true: unknown key 'one_hot' with repeat",
        ),
        ("{repeat: [1]}", "13: y_true: repeat needs times: {repeat: LIST, times: N}"),
        ("{repeat: [1], tines: 2}", "27: y_true: unknown key 'tines' with repeat (did you mean 'times'?)"),
        (
            "{repeat: [1], times: 0}",
            "34: y_true: times: expected an integer from 1 to 33554432 (2^25), got 0",
        ),
        (
            "{repeat: [1], times: 2.0}",
            "34: y_true: times: expected an integer from 1 to 33554432 (2^25), got 2.0",
        ),
        (
            "{repeat: [1], times: true}",
            "34: y_true: times: expected an integer from 1 to 33554432 (2^25), got true",
        ),
        ("{repeat: [1], times: 1e999}", "34: 1e999 overflows float64"),
        (
            "{repeat: [[]], times: 99999999999999999999}",
            "35: y_true: times: expected an integer from 1 to 33554432 (2^25), got 99999999999999999999",
        ),
        (
            "{one_hot: [], classes: 99999999999999999999}",
            "36: y_true: classes: expected an integer from 1 to 33554432 (2^25), got 99999999999999999999",
        ),
        (
            "{repeat: {repeat: {repeat: [[]], times: 33554432}, times: 33554432}, times: 33554432}",
            "13: y_true: NumPy has no shape [37778931862957161709568, 0]",
        ),
        ("{repeat: 1, times: 2}", "22: y_true: repeat: expected a list, got 1: write [...] around it"),
        ("{repeat: [[1], [1, 2]], times: 2}", "28: y_true: ragged: 2 values where the first row has 1 value"),
        ("{repeat: [1, a], times: 2}", "26: y_true: 'a' among numbers: one array holds one kind of values"),
        ("{repeat: [1, null], times: 2}", "26: y_true: nothing is written here"),
        ("{one_hot: [0, 3], classes: 3}", "27: y_true: one_hot: 3 is not one of 3 classes"),
        ("{one_hot: [0, -1], classes: 3}", "27: y_true: one_hot: -1 is not one of 3 classes"),
        ("{one_hot: [0, 1.0], classes: 3}", "27: y_true: one_hot: 1.0 is not one of 3 classes"),
        ("{one_hot: [[0]], classes: 3}", "23: y_true: one_hot: expected a flat list of integer labels"),
        (
            "{one_hot: [0], classes: 0}",
            "37: y_true: classes: expected an integer from 1 to 33554432 (2^25), got 0",
        ),
        (
            "{one_hot: [0, 0], classes: 33554432}",
            "13: y_true: shape [2, 33554432] has more than 33554432 elements",
        ),
        ("[{repeat: [1], times: 2}, [0]]", "39: y_true: ragged: 1 value where the first row has 2 values"),
        (
            "{repeat: [1, 1], times: 33554432}",
            "13: y_true: shape [67108864] has more than 33554432 elements (2^25)",
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
    large = "{repeat: [1, 0], times: 16777216}", "{repeat: [0, 1], times: 16777216}"
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


def test_every_notation_is_described_by_an_example_of_itself() -> None:
    assert all(says.startswith(f"{{{name}: ") for name, says in NOTATIONS.items())
    assert json.loads(json.dumps(NOTATIONS)) == dict(NOTATIONS)
