"""From the lists of a case to arrays and updates."""

from __future__ import annotations

import math

import numpy as np
import pytest


@pytest.mark.parametrize(
    ("data", "dtype", "shape"),
    [
        ("[1, 0]", "int64", (2,)),
        ("[1, 0.5]", "float64", (2,)),
        ("[[true], [false]]", "bool", (2, 1)),
        ("[cat, horse]", "<U5", (2,)),
        ("[]", "float64", (0,)),
        ("[[], []]", "float64", (2, 0)),
        ("0.5", "float64", ()),
        ("[18446744073709551615]", "uint64", (1,)),
        ("[.nan, -0.0, -.inf]", "float64", (3,)),
    ],
)
def test_the_dtype_is_what_numpy_infers(case_of, data, dtype, shape):
    array = case_of(f"y_true: {data}\ny_pred: 1").call().updates[0].y_true
    assert (array.dtype, array.shape) == (np.dtype(dtype), shape)


def test_special_values_arrive_as_written(case_of):
    nan, zero, infinity = case_of("y_true: [.nan, -0.0, -.inf]\ny_pred: 1").call().updates[0].y_true
    assert math.isnan(nan)
    assert math.copysign(1, zero) == -1
    assert infinity == -math.inf


@pytest.mark.parametrize(
    ("data", "dtype", "values"),
    [
        ("[0.7]", "float32", [0.699999988079071]),
        ("[0.7]", "bfloat16", [0.69921875]),
        ("[0.7]", "float16", [0.7001953125]),
        ("[16777217]", "float32", [16777216.0]),
        ("[.inf, 65504]", "float16", [math.inf, 65504.0]),
        ("[255, 0]", "uint8", [255, 0]),
        ("[1.0, 0.0]", "int8", [1, 0]),
        ("[1, 0]", "bool", [True, False]),
        ("[true, false]", "float32", [1.0, 0.0]),
        ("[9223372036854775807]", "int64", [2**63 - 1]),
        ("[]", "int64", []),
    ],
)
def test_a_named_dtype_is_taken(case_of, data, dtype, values):
    case = case_of(f"y_true: 1\ny_pred: {data}\ndtype: {{y_pred: {dtype}}}")
    array = case.call().updates[0].y_pred
    assert array.dtype.name == dtype
    assert array.tolist() == values


@pytest.mark.parametrize(
    ("data", "dtype", "error"),
    [
        ("[[1], [1, 2], 3]", "", "19: y_true: ragged: 2 values where the first row has 1 value"),
        ("[1, [2]]", "", "17: y_true: ragged: 1 value where the first row has a single value"),
        ("[[[1]], [[1], [1]]]", "", "21: y_true: ragged: shape [2, 1] where the first row has shape [1, 1]"),
        ("[[[1], [1, 2]]]", "", "20: y_true: ragged: 2 values where the first row has 1 value"),
        ("[1, a]", "", "17: y_true: 'a' among numbers: one array holds one kind of values"),
        (
            "[1, nan]",
            "",
            "17: y_true: 'nan' among numbers: one array holds one kind of values (did you mean .nan?)",
        ),
        ("[[a], [1]]", "", "20: y_true: 1 among text: one array holds one kind of values"),
        ("[1, true]", "", "17: y_true: true among numbers: one array holds one kind of values"),
        ("[true, 0.5]", "", "20: y_true: 0.5 among true or false: one array holds one kind of values"),
        ("[1, ]", "int9", None),
        ("[1, null]", "", "17: y_true: nothing is written here: write a value, or .nan for a missing one"),
        ("", "", "12: y_true: nothing is written here: write a value, or .nan for a missing one"),
        (
            "[1, {a: 1}]",
            "",
            "18: y_true: 'a' is not a notation for data: known are repeat, one_hot",
        ),
        (
            "[9007199254740993, 0.5]",
            "",
            "14: y_true: 9007199254740993 among floats would become 9007199254740992.0",
        ),
        ("[18446744073709551616]", "", "14: y_true: 18446744073709551616 overflows 64-bit integers"),
        (
            "[-1, 9223372036854775808]",
            "",
            "18: y_true: 9223372036854775808 overflows int64, and with the other",
        ),
        ("[18446744073709551616]", "float32", "14: y_true: 18446744073709551616 overflows 64-bit integers"),
        ("[1, 300]", "int8", "17: y_true: 300 does not fit int8"),
        ("[-1]", "uint8", "14: y_true: -1 does not fit uint8"),
        ("[0.5]", "int64", "14: y_true: 0.5 does not fit int64"),
        ("[.nan]", "int64", "14: y_true: nan does not fit int64"),
        ("[-0.0]", "int64", "14: y_true: -0.0 does not fit int64"),
        ("[2]", "bool", "14: y_true: 2 does not fit bool"),
        ("[1, 70000]", "float16", "17: y_true: 70000 overflows float16: write .inf or -.inf"),
        ("[1.0e+39]", "bfloat16", "14: y_true: 1e+39 overflows bfloat16: write .inf or -.inf"),
        ("[a]", "int8", "13: y_true: text has no dtype int8: remove the dtype, or write numbers"),
    ],
)
def test_data_that_would_change_or_have_no_shape_are_refused(case_errors_of, data, dtype, error):
    lines = f"y_true: {data}\ny_pred: 1\n" + (f"dtype: {{y_true: {dtype}}}" if dtype else "")
    (said,) = case_errors_of(lines)
    expected = f"7:{error}" if error else "9:21: y_true: expected one of bool, int8"
    assert said.startswith(f"cases.yaml:{expected}")


def test_weights_that_are_text_are_refused(case_errors_of):
    (said,) = case_errors_of('y_true: [1]\ny_pred: [1]\nsample_weight: ["1"]')
    assert said.endswith("sample_weight: weights are numbers, and these are text")


def test_the_errors_of_all_arrays_are_told_at_once(case_errors_of):
    said = case_errors_of("y_true: [1, a]\ny_pred: [[1], 1]\nsample_weight: [true, 1]")
    assert [line.split(":")[1] for line in said] == ["7", "8", "9"]


def test_a_shape_says_what_lists_cannot(case_of):
    update = case_of("y_true: []\ny_pred: []\nshape: {y_pred: [0, 3]}").call().updates[0]
    assert (update.y_true.shape, update.y_pred.shape) == ((0,), (0, 3))


@pytest.mark.parametrize(
    ("shape", "error"),
    [
        ("{y_pred: [2, 3]}", "9:21: y_pred: shape [2, 3] has 6 elements, the data have 0"),
        (
            "{y_pred: [0, 9000000000000000000, 9]}",
            "9:21: y_pred: NumPy has no shape [0, 9000000000000000000, 9]",
        ),
        ("{sample_weight: [0]}", "9:13: the case has no sample_weight"),
    ],
)
def test_a_shape_that_does_not_fit_the_data_is_refused(case_errors_of, shape, error):
    (said,) = case_errors_of(f"y_true: []\ny_pred: []\nshape: {shape}")
    assert said.startswith(f"cases.yaml:{error}")


def test_batches_split_the_rows_of_all_arrays(case_of):
    call = case_of("""\
        y_true: [1, 0, 1]
        y_pred: [[0.1], [0.2], [0.3]]
        sample_weight: [1, 2, 3]
        batches: [2, 0, 1]
        """).call()
    assert call.batches == (2, 0, 1)
    assert [update.y_true.tolist() for update in call.updates] == [[1, 0], [], [1]]
    assert [update.y_pred.shape for update in call.updates] == [(2, 1), (0, 1), (1, 1)]
    assert [update.sample_weight.tolist() for update in call.updates] == [[1, 2], [], [3]]


def test_a_scalar_weight_goes_to_every_batch(case_of):
    call = case_of("y_true: [1, 0]\ny_pred: [1, 1]\nsample_weight: 2.5\nbatches: [1, 1]").call()
    assert [update.sample_weight.tolist() for update in call.updates] == [2.5, 2.5]


def test_batches_of_an_empty_list_are_no_update(case_of):
    call = case_of("y_true: []\ny_pred: []\nbatches: []").call()
    assert (call.updates, call.batches) == ((), ())


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        (
            "y_true: [1, 0]\ny_pred: [1, 0]\nbatches: [3, 1]",
            "9:14: batches add up to 4, but y_true has 2 samples",
        ),
        ("y_true: [1, 0]\ny_pred: [1]\nbatches: [2]", "9:14: batches add up to 2, but y_pred has 1 sample"),
        (
            "y_true: 1\ny_pred: [1]\nbatches: [1]",
            "7:13: y_true is a single value: batches are made of samples",
        ),
        (
            "y_true: [1, 0]\ny_pred: [1, 0]\nbatches: [1, 1]\nsample_weight: [1]",
            "9:14: batches add up to 2, but sample_weight has 1 sample",
        ),
    ],
)
def test_batches_that_do_not_add_up_are_refused_with_both_numbers(case_errors_of, lines, error):
    assert case_errors_of(lines)[0] == f"cases.yaml:{error}"


def test_rows_of_different_number_are_no_error_of_the_case(case_of):
    update = case_of("y_true: [1, 0]\ny_pred: [1]").call().updates[0]
    assert (update.y_true.shape, update.y_pred.shape) == ((2,), (1,))


def test_updates_may_differ_in_shape(case_of):
    call = case_of("""\
        updates:
          - {y_true: [1, 0], y_pred: [[0.1, 0.9], [0.2, 0.8]]}
          - {y_true: 1, y_pred: [0.5], sample_weight: 3}
        dtype: {y_pred: float32}
        """).call()
    assert call.batches == (2, 0)
    assert [update.y_pred.shape for update in call.updates] == [(2, 2), (1,)]
    assert {update.y_pred.dtype.name for update in call.updates} == {"float32"}
    assert call.updates[0].sample_weight is None
    assert call.updates[1].sample_weight.tolist() == 3


def test_no_updates_at_all_can_be_said(case_of):
    call = case_of("updates: []").call()
    assert (call.updates, call.batches) == ((), ())


def test_an_error_in_an_update_is_told_where_it_stands(case_errors_of):
    assert case_errors_of("updates:\n  - {y_true: 1, y_pred: [1, a]}") == [
        "cases.yaml:8:33: y_pred: 'a' among numbers: one array holds one kind of values"
    ]
