"""Training runs in case files: what they become, and what is wrong with them, with its place."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from conformance.cases import CaseErrors, load, load_all
from conformance.training.run import BatchNormalization, Dense, Dropout, Run

_RUN = """\
format: 1
theme: Small
family: training
runs:
  - id: small
    title: A small run
    task: binary
    x: [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]
    y_true: [[1], [0], [1], [0], [1]]
    model:
      - dropout: {rate: 0.5}
      - batch_normalization: {}
      - dense: {units: 1, activation: sigmoid, kernel: [[0.5], [-0.5]], bias: [0.25]}
    loss: binary_crossentropy
    metrics: [accuracy]
    batch_size: 2
    epochs: 1
"""


@pytest.fixture
def runs_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[Run, ...]]:
    """Load one file, runs.yaml, with the given text."""
    monkeypatch.chdir(tmp_path)

    def runs_of(text: str) -> tuple[Run, ...]:
        (tmp_path / "runs.yaml").write_text(text)
        return load_all([tmp_path / "runs.yaml"], known=[]).runs

    return runs_of


def test_a_run_is_data(runs_of: Callable[[str], tuple[Run, ...]]) -> None:
    (run,) = runs_of(_RUN)
    assert (run.id, run.file, run.line, run.family) == ("small", "runs.yaml", 5, "training")
    dropout, normalization, dense = run.all_layers()
    assert (dropout, normalization) == (Dropout(0.5), BatchNormalization())
    assert isinstance(dense, Dense)
    assert (dense.kernel, dense.bias) == (((0.5,), (-0.5,)), (0.25,))
    assert run.samples.x.dtype == np.float32
    assert run.has_modes
    assert run.validation is None
    assert run.batches(run.training) == ((0, 1), (2, 3), (4,))
    assert run.inputs_yaml.startswith("task: binary\nx: ")
    assert "title" not in run.inputs_yaml


def test_the_last_samples_are_kept_for_validation(runs_of: Callable[[str], tuple[Run, ...]]) -> None:
    (run,) = runs_of(f"{_RUN}    validation_split: 0.4\n")
    assert run.training.x[:, 0].tolist() == [1, 3, 5]
    assert run.validation is not None
    assert run.validation.x[:, 0].tolist() == [7, 9]


def test_the_loader_of_cases_leaves_runs_out(tmp_path: Path) -> None:
    (tmp_path / "runs.yaml").write_text(_RUN)
    assert load([tmp_path / "runs.yaml"], known=[]) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[9, 10]]", "[1, 2]]", "8:8: x: two rows are equal: a sample is known by its row"),
        ("[9, 10]]", "[9]]", "8:41: x: ragged"),
        ("[0], [1]]\n", "[0]]\n", "9:13: y_true has not as many samples as x, 5"),
        ("    y_true: [[1], [0], [1], [0], [1]]\n", "", "missing key 'y_true'"),
        ("[[0.5], [-0.5]]", "[[0.5]]", "kernel: expected shape [2, 1], got [1, 1]"),
        ("kernel: [[0.5], [-0.5]], ", "", "bias: give the kernel, too"),
        ("rate: 0.5", "rate: 1.5", "11:25: rate: expected a number from 0 to 1, got 1.5"),
        (
            "- dropout: {rate: 0.5}",
            "- dropuot: {rate: 0.5}",
            "unknown key 'dropuot' (did you mean 'dropout'?)",
        ),
        ("- batch_normalization: {}", "- {}", "expected one layer in each entry"),
        ("batch_size: 2", "batch_size: 0", "batch_size: must be 1 or more, got 0"),
        ("epochs: 1", "epochs: 1\n    epoch: 1", "unknown key 'epoch' (did you mean 'epochs'?)"),
        (
            "epochs: 1",
            "epochs: 1\n    class_weight: {one: 1}",
            "'one' is not a class: an integer such as 0 or 1",
        ),
        (
            "epochs: 1",
            "epochs: 1\n    validation_split: 0.9",
            "validation_split: 0.9 leaves nothing on one side",
        ),
        ("epochs: 1", "epochs: 1\n    outputs: {a: [], b: []}", "expected the targets of each output: a, b"),
        (
            "epochs: 1",
            "epochs: 1\n    drop_remainder: true\n    validation_split: 0.4",
            "18:21: drop_remainder needs a data set of batches, and validation_split goes with arrays: keep one",
        ),
        (
            "epochs: 1",
            "epochs: 1\n    drop_remainder: true\n    sample_weight: [1, 2, 1, 1, 1]",
            "18:21: drop_remainder needs a data set of batches, and sample_weight goes with arrays: keep one",
        ),
        (
            "batch_size: 2",
            "batch_size: 6\n    drop_remainder: true",
            "drop_remainder: no batch is left; take a smaller batch_size",
        ),
        ("epochs: 1", "epochs: 1\n    replicas: 2", "18:15: replicas: give validation_data"),
        (
            "task: binary",
            "task: multiclass\n    threshold: 0.7",
            ": threshold: classes are decided without one",
        ),
        (
            "[[1], [0], [1], [0], [1]]",
            "[[1, 0], [0, 0], [1, 1], [0, 1], [1, 1]]",
            "9:13: y_true: expected rows of 1, the units of the last layer",
        ),
        (
            "      - dense: {units: 1, activation: sigmoid, kernel: [[0.5], [-0.5]], bias: [0.25]}\n",
            "",
            ": expected a dense layer: without one, nothing is trained",
        ),
        (
            "loss: binary_crossentropy",
            "loss: sparse_categorical_crossentropy",
            "9:13: y_true: expected labels below 1, the units of the last layer",
        ),
        ("runs:\n", "cases: []\nruns:\n", "cases: is empty"),
        ("runs:", "ran:", "missing key 'cases', or 'runs'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    runs_of: Callable[[str], tuple[Run, ...]], old: str, new: str, said: str
) -> None:
    assert old in _RUN
    with pytest.raises(CaseErrors) as caught:
        runs_of(_RUN.replace(old, new, 1))
    assert any(said in str(found) for found in caught.value.diagnostics), str(caught.value)
    assert all(found.file == "runs.yaml" and found.line for found in caught.value.diagnostics)


def test_validation_is_given_once(runs_of: Callable[[str], tuple[Run, ...]]) -> None:
    more = "    validation_split: 0.4\n    validation_data: {x: [[0, 0]], y_true: [[1]]}\n"
    with pytest.raises(CaseErrors, match="exclude each other: keep one"):
        runs_of(_RUN + more)


def test_an_id_is_that_of_one_case_or_run(runs_of: Callable[[str], tuple[Run, ...]]) -> None:
    case = """
        cases:
          - {id: small, title: The same id, task: binary, y_true: [1], y_pred: [1]}
        """
    with pytest.raises(CaseErrors, match=r"duplicate id 'small': runs\.yaml"):
        runs_of(_RUN + textwrap.dedent(case))
