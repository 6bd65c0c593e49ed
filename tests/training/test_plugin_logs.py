"""Training runs in a project of somebody else: chosen, reported, in parts, and where they fail."""

from __future__ import annotations

import json

import pytest
from projects import SUITE, Project

_RUN = """\
  - id: {name}
    title: A small run
    task: binary
    x: [[1, 2], [-3, -4], [5, 6], [-7, -8], [9, 10]]
    y_true: [[1], [0], [1], [0], [0]]
    model:
      - dense: {{units: 1, activation: sigmoid, kernel: [[0.5], [0.5]], bias: [0.25]}}
    loss: binary_crossentropy
    metrics: [accuracy]
    batch_size: 2
    epochs: 1
"""
_FILE = "format: 1\ntheme: Small\nruns:\n" + _RUN.format(name="first") + _RUN.format(name="second")
_SKLEARN = ("--conformance-implementations=sklearn.training", "--conformance-report=out")


@pytest.fixture
def training(project: Project) -> Project:
    project.write("cases/runs.yaml", _FILE)
    return project


def test_a_run_is_a_test_and_its_numbers_are_reported(training: Project) -> None:
    done = training.pytest(*SUITE, *_SKLEARN, "--conformance-case=first", "-v")
    assert done.returncode == 0, done.stdout
    assert "first--sklearn" in done.stdout
    assert "second--sklearn" not in done.stdout
    assert "training: 1 run, 1 log, 4 numbers" in done.stdout
    (run,) = training.results("out")["runs"]
    assert (run["id"], run["file"]) == ("first", "cases/runs.yaml")
    (log,) = run["logs"]
    assert (log["framework"], log["verdict"], len(log["numbers"])) == ("sklearn", "as-defined", 4)
    assert "record" not in log["code"]
    assert "record" in log["program"]
    (last,) = (number for number in log["numbers"] if number["kind"] == "evaluate")
    assert last["implementation"] == "sklearn.base.ClassifierMixin.score"
    assert last["went_in"]["batches"] == [[0, 1, 2, 3, 4]]


def test_shards_have_each_run_once_and_are_merged_in_order(training: Project) -> None:
    for index in (1, 2):
        done = training.pytest(
            *SUITE, _SKLEARN[0], f"--conformance-shard={index}/2", f"--conformance-report=part{index}"
        )
        assert done.returncode == 0, done.stdout
        assert len(training.results(f"part{index}")["runs"]) == 1
    done = training.conformance(
        "merge", "part2/results.json", "part1/results.json", "--output", "merged.json"
    )
    assert done.returncode == 0, done.stderr
    done = training.pytest(*SUITE, *_SKLEARN)
    assert done.returncode == 0, done.stdout
    whole = training.results("out")["runs"]
    assert [run["id"] for run in whole] == ["first", "second"]
    assert json.loads((training.folder / "merged.json").read_text())["runs"] == whole
