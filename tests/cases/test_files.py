"""Arrays in files of their own: `{file: y_pred.npy}`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from conformance.adapters.base import Implementation, Recipe
from conformance.adapters.reproducer import data_lines, reproducer
from conformance.cases import Case, CaseErrors, load

SCORES = np.array([[0.25, 0.75], [0.5, 0.5], [1.0, 0.0]], dtype="float32")


def case_in(folder: Path, data: str) -> Case:
    lines = f"  - {{id: a, title: A, task: multiclass, {data}}}\n"
    (folder / "cases.yaml").write_text(f"format: 1\ntheme: t\ncases:\n{lines}")
    (case,) = load([folder], known=())
    return case


def error_in(folder: Path, data: str) -> str:
    with pytest.raises(CaseErrors) as caught:
        case_in(folder, data)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic.message


@pytest.mark.parametrize(
    "array",
    [
        SCORES,
        np.asfortranarray(SCORES),
        SCORES.astype(">f8"),
        SCORES.astype("float16"),
        np.array([[np.nan, -0.0], [np.inf, 1e-320], [0.1, 0.2]]),
        np.array([2**64 - 1, 0, 1], dtype="uint64"),
        np.array([True, False, True]),
        np.array(["cat", "horse", ""]),
        np.zeros((0, 3), dtype="int8"),
        np.array(0.5),
    ],
    ids=str,
)
def test_a_file_gives_the_array_that_was_saved_bit_for_bit(tmp_path: Path, array: Any) -> None:
    (tmp_path / "data").mkdir()
    np.save(tmp_path / "data" / "p.npy", array)
    (update,) = case_in(tmp_path, "y_true: [1], y_pred: {file: data/p.npy}").call().updates
    assert update.y_pred.dtype == array.dtype.newbyteorder("=")
    assert update.y_pred.shape == array.shape
    assert update.y_pred.tobytes() == array.astype(array.dtype.newbyteorder("=")).tobytes()
    assert not update.y_pred.flags.writeable


@pytest.mark.parametrize("form", ["each", "joined", "list"])
def test_batches_shapes_and_updates_apply_to_files_and_the_reproducer_loads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Literal["each", "joined", "list"]
) -> None:
    entry = Implementation("a", "accuracy", frozenset(), Recipe((), "0", data=form))
    np.save(tmp_path / "p.npy", np.arange(6) / 8)
    monkeypatch.chdir(tmp_path)
    for data in (
        "y_true: [0, 1, 0, 1, 0, 1], y_pred: {file: p.npy}",
        "y_true: [0, 1, 0, 1, 0, 1], y_pred: {file: p.npy}, batches: [4, 2]",
        "y_true: [[1, 0], [0, 1], [1, 1]], y_pred: {file: p.npy}, shape: {y_pred: [3, 2]}, batches: [1, 2]",
        "updates: [{y_true: [0, 1, 0, 1, 0, 1], y_pred: {file: p.npy}}]",
    ):
        call = case_in(tmp_path, data).call()
        lines = data_lines(entry, call)
        assert "np.load('p.npy')" in lines
        names: dict[str, Any] = {"np": np}
        exec(lines, names)
        found = names["updates"] if "updates" in names else [(names["y_true"], names["y_pred"])]
        for index, name in enumerate(("y_true", "y_pred")):
            loaded = np.concatenate([update[index] for update in found])
            assert np.array_equal(loaded, np.concatenate([getattr(update, name) for update in call.updates]))
        assert reproducer(entry, call, "HERE").count("HERE") == 1


def test_inputs_keep_the_name_of_the_file(tmp_path: Path) -> None:
    np.save(tmp_path / "p.npy", SCORES)
    case = case_in(tmp_path, "y_true: [0, 1, 0], y_pred: {file: p.npy}")
    assert case.inputs["y_pred"] == {"file": "p.npy"}
    assert "{file: p.npy}" in case.inputs_yaml


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("{file: gone.npy}", "y_pred: file: 'gone.npy' cannot be read: no such file"),
        ("{file: .}", "y_pred: file: '.' cannot be read: no such file"),
        (
            "{file: ../p.npy}",
            "y_pred: file: '../p.npy' has to be in the folder of the case file, or below it",
        ),
        ("{file: /etc/passwd}", "y_pred: file: '/etc/passwd' has to be in the folder of the case file"),
        ("{file: 3}", "y_pred: file: expected the name of a .npy file, got 3"),
        ("{file: text.npy}", "y_pred: file: 'text.npy' is not a .npy file: "),
        ("{file: empty.npy}", "y_pred: file: 'empty.npy' is not a .npy file: "),
        (
            "{file: short.npy}",
            "y_pred: file: 'short.npy' is not a .npy file: mmap length is greater than file size",
        ),
        ("{file: huge.npy}", "y_pred: file: 'huge.npy' is not a .npy file: "),
        (
            "{file: pickled.npy}",
            "y_pred: file: 'pickled.npy' is not a .npy file: Array can't be memory-mapped",
        ),
        ("{file: complex.npy}", "y_pred: file: 'complex.npy' has dtype complex128: save numbers"),
        ("{file: record.npy}", "y_pred: file: 'record.npy' has dtype [('a', '<i8')]: save numbers"),
        ("{file: good.npy, times: 2}", "y_pred: unknown key 'times' with file"),
        ("{repeat: {file: good.npy}, times: 2}", "y_pred: file stands for all of an array"),
        ("[{file: good.npy}]", "y_pred: file stands for all of an array"),
        (
            "{file: good.npy}, dtype: {y_pred: float16}",
            "y_pred: a file has a dtype of its own: remove float16",
        ),
        ("{file: good.npy}, shape: {y_pred: [7]}", "y_pred: shape [7] has 7 elements, the data have 6"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error_at_its_place(
    tmp_path: Path, written: str, error: str
) -> None:
    for name, array in {
        "good": SCORES,
        "complex": np.array([1j]),
        "record": np.zeros(1, dtype=[("a", "<i8")]),
        "pickled": np.array([{}], dtype=object),
    }.items():
        np.save(tmp_path / f"{name}.npy", array, allow_pickle=True)
    (tmp_path / "text.npy").write_text("0.5\n")
    (tmp_path / "empty.npy").write_bytes(b"")
    (tmp_path / "short.npy").write_bytes((tmp_path / "good.npy").read_bytes()[:-1])
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (2**60,)})
    (tmp_path / "huge.npy").write_bytes(header.getvalue())
    assert error_in(tmp_path, f"y_true: [0, 1, 0], y_pred: {written}").startswith(error)
