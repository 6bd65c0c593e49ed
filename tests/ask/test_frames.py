"""Series, tables and Parquet files. Needs pandas and pyarrow, and no framework."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conformance.ask.arrays import AskError, array_of, read
from conformance.ask.comparison import Comparison, Result

pandas = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")

#: dtype of a Series, its values, what they become; None where the missing value is an error.
SERIES = [
    ("int64", [1, 0], [1, 0]),
    ("float32", [0.5, None], [0.5, np.nan]),
    ("bool", [True, False], [True, False]),
    ("object", [True, False], [True, False]),
    ("object", [1, 0], [1, 0]),
    ("object", [1, None], None),
    ("Int64", [1, 0], [1, 0]),
    ("boolean", [True, False], [True, False]),
    ("boolean", [True, None], None),
    ("Float64", [0.5, None], [0.5, np.nan]),
    ("string", ["cat", "dog"], ["cat", "dog"]),
    ("string", ["cat", None], None),
    ("category", ["cat", "dog"], ["cat", "dog"]),
    ("category", ["cat", None, "dog"], None),
    ("category", [3, 1], [3, 1]),
    ("int64[pyarrow]", [1, 0], [1, 0]),
]


@pytest.mark.parametrize(("dtype", "values", "expected"), SERIES)
def test_a_series_is_an_array_in_memory_and_in_a_file(
    tmp_path: Path, dtype: str, values: list[Any], expected: list[Any] | None
) -> None:
    # An index is no data, whatever it is.
    series = pandas.Series(values, dtype=dtype, index=[f"row {place}" for place in range(len(values))])
    series.to_frame("label").to_parquet(tmp_path / "a.parquet")
    for given in (lambda: array_of(series, "y_true"), lambda: read(str(tmp_path / "a.parquet"), "y_true")):
        if expected is None:
            with pytest.raises(AskError, match=r"\[1\] is missing: remove this sample, or give it a value\."):
                given()
        else:
            found = given()
            assert found.dtype == np.array(expected, "float32" if dtype == "float32" else None).dtype
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("dtype", ["int64", "Int64", "float64", "bool", "int64[pyarrow]"])
def test_the_columns_of_a_table_are_those_of_an_array(tmp_path: Path, dtype: str) -> None:
    frame = pandas.DataFrame({"a": [1, 0], "b": [0, 1]}, dtype=dtype)
    frame.to_parquet(tmp_path / "a.parquet")
    for found in (array_of(frame, "y_true"), read(str(tmp_path / "a.parquet"), "y_true")):
        assert found.tolist() == [[1, 0], [0, 1]]
        assert found.dtype.kind == dtype[0].lower()


def test_columns_of_arrow_are_arrays() -> None:
    assert array_of(pyarrow.array(["cat", "dog"]), "y_true").tolist() == ["cat", "dog"]
    assert array_of(pyarrow.chunked_array([[1], [0]]), "y_true").tolist() == [1, 0]
    with pytest.raises(AskError, match=r"y_true\[1\] is missing"):
        array_of(pyarrow.array([1, None]), "y_true")


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"a": [1, 0], "b": ["cat", "dog"]}, "has columns of numbers and columns of text"),
        (
            {"a": pandas.to_datetime(["2020-01-01"])},
            r"column 'a' has the dtype datetime64\[.*\]: give numbers",
        ),
        ({"a": [[1, 0], [0, 1]]}, r"column 'a'\[0\] is of the type ndarray"),
        ({}, "has no columns"),
    ],
)
def test_a_table_that_is_no_data_gets_a_sentence(tmp_path: Path, frame: dict[str, Any], message: str) -> None:
    pandas.DataFrame(frame).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(AskError, match=message):
        read(str(tmp_path / "a.parquet"), "y_true")


def test_a_broken_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and something else")
    with pytest.raises(AskError, match=r"y_true: .*a\.parquet cannot be read: .*[^.]\.$"):
        read(str(tmp_path / "a.parquet"), "y_true")


def test_a_comparison_is_a_table() -> None:
    results = (Result("a.B", "accuracy", "A", 0.5, "0.5"), Result("c.D", "accuracy", "B", None, "ValueError"))
    table = Comparison("binary", (), results, ()).to_pandas()
    assert list(table.columns) == ["implementation", "quantity", "group", "value", "shown", "problem"]
    assert table["implementation"].tolist() == ["a.B", "c.D"]
