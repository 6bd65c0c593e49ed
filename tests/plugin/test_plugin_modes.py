"""However a run is made - serial, under xdist, inline - the cells are the same."""

from __future__ import annotations

import pytest
from projects import CASES, SUITE, Project, comparable

from conformance.adapters.registry import adapters, installed

MODES = {"serial": (), "xdist": ("-n2",), "inline": ("--conformance-inline",)}

EVERYBODY = """\
format: 1
theme: Everybody
cases:
  - id: column-of-scores
    title: A column of scores, one below the threshold in float32 only
    task: binary
    implementations: ["keras.metrics.*", "torchmetrics.Accuracy", "sklearn.*"]
    threshold: 0.7
    y_true: [[1], [1], [0], [0]]
    y_pred: [[0.7], [0.9], [0.71], [0.1]]
  - id: rows-of-scores
    title: Three classes, with a tie, in two updates
    task: multiclass
    implementations: ["keras.metrics.*", "torchmetrics.Accuracy", "sklearn.*"]
    y_true: [2, 0, 0]
    y_pred: [[0.1, 0.2, 0.7], [0.4, 0.4, 0.2], [0.6, 0.3, 0.1]]
    batches: [2, 1]
  - id: two-labels
    title: Two labels a row
    task: multilabel
    implementations: ["keras.metrics.*", "torchmetrics.Accuracy", "sklearn.*"]
    y_true: [[1, 0], [1, 1]]
    y_pred: [[0.9, 0.2], [0.1, 0.8]]
"""


def test_serial_xdist_and_inline_runs_give_the_same_cells(project: Project) -> None:
    project.write(
        "cases/small.yaml", CASES.replace("[good_metrics.", "[sklearn.metrics.accuracy_score, good_metrics.")
    )
    results = {}
    for mode, options in MODES.items():
        done = project.pytest(*SUITE, *options)
        assert done.returncode == 0, done.stdout
        results[mode] = project.results()
    assert comparable(results["xdist"]) == comparable(results["serial"])
    assert comparable(results["inline"]) == comparable(results["serial"])
    for result in results.values():
        assert result["complete"] is True
        assert result["environments"][""]["packages"].keys() == {"ml_dtypes", "numpy", "scikit-learn"}


@pytest.mark.thorough
@pytest.mark.skipif(
    any(None in installed(adapter).values() for adapter in adapters()), reason="needs all frameworks"
)
def test_the_frameworks_give_the_same_cells_in_every_mode(project: Project) -> None:
    project.write("cases/small.yaml", EVERYBODY)
    results = {}
    for mode, options in MODES.items():
        done = project.pytest(*SUITE, *options)
        assert done.returncode == 0, done.stdout
        results[mode] = project.results()
    assert len(results["serial"]["cases"]) == 3
    assert results["serial"]["summary"]["cells"] > 30
    assert comparable(results["xdist"]) == comparable(results["serial"])
    assert comparable(results["inline"]) == comparable(results["serial"])


def test_under_xdist_a_process_starts_only_the_frameworks_of_its_tests(project: Project) -> None:
    done = project.pytest("-n2", *SUITE)
    assert done.returncode == 0, done.stdout
    assert project.results()["environments"][""]["packages"].keys() == {"numpy"}
