"""What a user's data become, and what is said of bad ones; nothing is unpickled or executed."""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from forked import importing

from conformance.ask.arrays import AskError, array_of, read
from conformance.ask.shapes import check, doubtful, task_of, unfit


class Code:
    """Runs when it is unpickled."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return exec, ("raise SystemExit('code from a file was run')",)


@pytest.mark.parametrize(
    ("text", "array"),
    [
        ("0 1 1", [0, 1, 1]),
        ("0,1, 1", [0, 1, 1]),
        (".5 -1e-3", [0.5, -1e-3]),
        ("[[.1, .9], [.8, .2]]", [[0.1, 0.9], [0.8, 0.2]]),
        ("[cat, dog]", ["cat", "dog"]),
        ("[1 0 1]", [1, 0, 1]),
        ("[0.  0.5 1. ]", [0.0, 0.5, 1.0]),
        ("[[0.1 0.9]\n [0.8 0.2]]", [[0.1, 0.9], [0.8, 0.2]]),
    ],
)
def test_text_on_the_command_line_is_an_array(text: str, array: Any) -> None:
    expected = np.asarray(array)
    found = read(text, "y_true")
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("lines", "dtype", "shape"),
    [("1\n0\n", "int64", (2,)), ("0.5\n1\n", "float64", (2,)), ("1,0\n", "int64", (1, 2))],
)
def test_a_csv_file_holds_a_sample_in_each_line(
    tmp_path: Path, lines: str, dtype: str, shape: tuple[int, ...]
) -> None:
    (tmp_path / "a.csv").write_text(lines)
    found = read(str(tmp_path / "a.csv"), "y_true")
    assert (found.dtype, found.shape) == (np.dtype(dtype), shape)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"y\n1\n0\n", "a.csv, line 1: 'y' is not a number: a header? Remove the line."),
        ("a.csv", b"1\n\ncat\n", "a.csv, line 3: 'cat' is not a number: give numbers."),
        ("a.csv", b"1\n1,5\n", "a.csv, line 2: 2 columns, and the lines before have 1."),
        ("a.csv", b"1;0.5\n0;1\n", "a.csv, line 1: fields are separated by semicolons: write commas."),
        ("a.csv", b"1;0,5\n", "a.csv, line 1: fields are separated by semicolons: write commas."),
        ("a.csv", b"1\t0\n", "a.csv, line 1: fields are separated by tabs: write commas."),
        ("a.csv", b"1 0\n", "a.csv, line 1: fields are separated by spaces: write commas."),
        ("a.csv", b"y;p\n1;0\n", "a.csv, line 1: 'y;p' is not a number: a header? Remove the line."),
        ("a.csv", b"1\n1,\n", "a.csv, line 2: '' is not a number: give numbers."),
        ("a.csv", b"\n\n", "a.csv has no line with numbers."),
        ("a.csv", b"", "a.csv is an empty file."),
        ("a.csv", b"1\n\xff\n", "a.csv, line 2: '\ufffd' is not a number: give numbers."),
        ("a.npy", b"", "a.npy is an empty file."),
        ("a.npy", b"PK\3\4rest", "a.npy is no .npy file, but something else: write it with numpy.save."),
        (
            "a.npy",
            pickle.dumps(Code()),
            "a.npy is no .npy file, but a pickle, which would run code and is not loaded",
        ),
        ("a.txt", b"1\n", "a.txt ends in .txt. Files that can be read: .npy, .csv, .parquet"),
    ],
)
def test_a_bad_file_gets_a_sentence_with_what_and_where(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AskError) as raised:
        read(str(tmp_path / name), "y_true")
    assert message in str(raised.value)


@pytest.mark.parametrize("text", ["[1, 0", "[[1, 0], [0, 1]", "1, 0]"])
def test_a_bracket_that_is_not_closed_is_said_to_be_that(text: str) -> None:
    with pytest.raises(AskError, match=r"y_true: '.*' has \d \[ and \d \]: close each\."):
        read(text, "y_true")


def test_a_pickle_inside_npy_is_not_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([Code()], dtype=object), allow_pickle=True)
    with pytest.raises(AskError, match=r"a\.npy holds Python objects, a pickle, which would run code"):
        read(str(tmp_path / "a.npy"), "y_true")


def test_a_tensor_file_is_read_and_code_in_one_is_not_run(tmp_path: Path) -> None:
    program = """
import numpy, torch
from conformance.ask.arrays import AskError, array_of, read
class Code:
    def __reduce__(self):
        return exec, ("raise SystemExit('code from a file was run')",)
scores = torch.tensor([0.5, 0.25], requires_grad=True)
torch.save(scores, "a.pt")
for given in (read("a.pt", "y_pred"), array_of(scores, "y_pred")):
    assert given.dtype == "float32" and given.tolist() == [0.5, 0.25]
for name, content in (("code.pt", Code()), ("dict.pt", {"a": scores})):
    torch.save(content, name)
    try:
        read(name, "y_pred")
    except AskError as error:
        print(error)
"""
    done = importing("torchmetrics").run(program, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "y_pred: code.pt holds something else than a tensor, which might run code and is not loaded: "
        "save the tensor alone.",
        "y_pred: dict.pt holds a dict, not a tensor: save the tensor alone.",
    ]


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) for name in ("pyarrow", "pandas")), reason="something reads the file"
)
def test_without_a_reader_for_parquet_it_is_said_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    with pytest.raises(AskError, match="neither is installed: pip install pyarrow"):
        read(str(tmp_path / "a.parquet"), "y_true")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1, [2]], "y_true is no array"),
        ([1, None], "y_true[1] is missing: remove this sample, or give it a value."),
        ([[1, 0], [1, {}]], "y_true[1, 1] is of the type dict: give numbers, truth values or text."),
        (np.array(["2020-01-01"], "datetime64[D]"), "y_true has the dtype datetime64[D]: give numbers"),
        ([1, "cat"], "y_true[1]: 'cat' among numbers"),
        ([1j], "y_true has the dtype complex128"),
        ([], "y_true is empty"),
        (1, "y_true is the single value 1"),
        (np.ma.array([1, 0], mask=[True, False]), "y_true has masked values"),
    ],
)
def test_an_object_that_is_no_data_gets_a_sentence(value: Any, message: str) -> None:
    with pytest.raises(AskError) as raised:
        array_of(value, "y_true")
    assert message in str(raised.value)


def test_arrays_have_to_belong_together() -> None:
    ones = np.ones(4)
    with pytest.raises(AskError, match="y_true has 4 samples, y_pred has 3"):
        check(ones, ones[:3], None)
    missing = np.array([0, np.nan, np.nan, 1])
    with pytest.raises(AskError, match=r"y_true\[1\] is NaN, as are 1 others: remove these samples"):
        check(missing, ones, None)
    check(ones, missing, None)  # a score may be NaN: implementations differ in what they do with it


@pytest.mark.parametrize(
    ("y_true", "y_pred", "task"),
    [
        ([0, 1], [0.2, 0.7], "binary"),
        ([[0], [1]], [[0.2], [0.7]], "binary"),
        ([0, 2], [1, 2], "multiclass"),
        ([0, 1], [[0.2, 0.8], [0.7, 0.3]], "multiclass"),
        ([[0, 1], [1, 0]], [[0.2, 0.8], [0.7, 0.3]], "multiclass"),
        ([[1, 1], [1, 0]], [[0.2, 0.8], [0.7, 0.3]], "multilabel"),
        (["cat", "dog"], ["cat", "cat"], "multiclass"),
    ],
)
def test_arrays_look_like_a_task(y_true: Any, y_pred: Any, task: str) -> None:
    assert task_of(np.asarray(y_true), np.asarray(y_pred))[0] == task


@pytest.mark.parametrize(
    ("y_true", "y_pred", "said"),
    [
        ([1, 2, 3, 1], np.eye(3)[[0, 1, 2, 0]], ["Labels are 1 to 3, and the columns of y_pred 0 to 2"]),
        (
            [0, 2, 3, 1],
            np.eye(3)[[0, 1, 2, 0]],
            ["y_true has the label 3, and the columns of y_pred are 0 to 2."],
        ),
        ([0, 1, 1, 0], np.eye(3)[[0, 1, 2, 0]], ["y_true holds 0 and 1 only, and y_pred has 3 columns"]),
        ([0, 1, 0], [[0, 0.5], [1, 0.2], [2, 0.9]], ["The first column of y_pred counts the samples"]),
        ([0, 1, 0], [[1, 0.5], [2, 0.2], [3, 0.9]], ["The first column of y_pred counts the samples"]),
        ([0, 2, 1], np.eye(3), []),
        ([0, 1, 1, 0], np.eye(2)[[0, 1, 1, 0]], []),
        (np.eye(3), np.eye(3), []),
        ([0, 1], [0.5, 0.7], []),
        (["a", "b"], [["a", "b"], ["a", "b"]], []),
    ],
)
def test_what_arrays_most_likely_do_not_mean_is_said(y_true: Any, y_pred: Any, said: list[str]) -> None:
    found = [*doubtful(np.asarray(y_true), np.asarray(y_pred))]
    assert len(found) == len(said)
    assert all(one.startswith(text) for one, text in zip(found, said, strict=True))


@pytest.mark.parametrize(
    ("parameters", "y_pred", "said"),
    [
        ({"threshold": 50.0}, [0.2, 0.9, 0.5], ["All scores are below threshold=50.0."]),
        ({"threshold": 0.1}, [0.2, 0.9, float("nan")], ["All scores are above threshold=0.1."]),
        ({"threshold": 0.9}, [0.2, 0.9, 0.5], []),
        ({"threshold": 50.0}, [0, 1, 1], []),
        ({"top_k": 0}, np.eye(3), ["top_k=0 is less than 1."]),
        ({"top_k": 3}, np.eye(3), ["top_k=3 takes all 3 columns of y_pred."]),
        ({"top_k": 2, "num_classes": 3}, np.eye(3), []),
        ({"num_classes": 1}, [0, 1, 2], ["num_classes=1 is less than the 3 classes of the data."]),
        ({"threshold": "0.5"}, [0.2, 0.9, 0.5], []),
        ({}, [0.2, 0.9, 0.5], []),
    ],
)
def test_parameters_that_do_not_fit_the_arrays_are_said_to_be_that(
    parameters: dict[str, Any], y_pred: Any, said: list[str]
) -> None:
    assert [*unfit(np.array([0, 2, 1]), np.asarray(y_pred), parameters)] == said


def test_arrays_that_look_like_no_task_need_one() -> None:
    with pytest.raises(
        AskError, match=r"The task is not clear: .* Name it: binary, multiclass or multilabel"
    ):
        task_of(np.array([0.5, 1.2]), np.array([1.0, 0.0]))


def test_importing_the_package_imports_nothing_of_it() -> None:
    program = (
        "import sys, conformance; print([m for m in sys.modules if m.startswith(('conformance.', 'numpy'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
