"""Red works: metrics that are known to be bad go the whole way, and nobody else notices them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from projects import CASES, SUITE, Project, cells, small_project

#: The cases of the small project, and one more; placeholders stand for the bad metrics that take them.
BAD_CASES = (
    CASES.replace("binary_accuracy]", "binary_accuracy, sklearn.metrics.accuracy_score BAD]").replace(
        "multiclass_accuracy]", "multiclass_accuracy, sklearn.metrics.accuracy_score MACRO]"
    )
    + """\
  - id: threshold-that-float32-rounds
    title: A float64 score on a threshold that float32 rounds down
    task: binary
    threshold: 0.7
    y_true: [1, 0, 1, 1]
    y_pred: [0.7, 0.2, 0.9, 0.8]
    implementations: [good_metrics.binary_accuracy EXACT]
  - id: name-of-one-column
    title: A name that becomes BinaryAccuracy
    task: binary
    y_true: [[1], [0]]
    y_pred: [[0.9], [0.2]]
    implementations: [good_metrics.binary_accuracy NAMED]
"""
)

ON_THE_THRESHOLD = (
    "at_or_above",
    "off_by_a_millionth",
    "raises",
    "changes_its_input",
    "false_version",
    "kills_its_process",
    "sleeps_for_ever",
)

#: Implementation -> its verdict, and what is said about it.
EXPECTED: Mapping[str, tuple[str, str]] = {
    "at_or_above": (
        "unexplained",
        "It is what another decision-rule predicts: A score is positive if it is greater than or equal to the"
        " threshold (p >= t).",
    ),
    "off_by_a_millionth": ("unexplained", "Observed 0.7500010132789612 (float32), predicted 3/4 (float32)."),
    "raises": (
        "unexplained",
        "Observed RuntimeError: no kernel image is available, predicted 3/4 (float32).",
    ),
    "changes_its_input": ("unexplained", "It changed its input in place: y_pred."),
    "false_version": ("unexplained", "It reports a false version (bad-metrics says 2.0, installed is 1.0)"),
    "kills_its_process": ("crashed", "The worker process died: the process was killed by SIGKILL"),
    "sleeps_for_ever": ("timed-out", "No outcome in time: no answer within 5 s"),
    "macro_for_micro": (
        "unexplained",
        "It is what another default-parameter predicts: average is 'macro' if none is given.",
    ),
    "exact_threshold": ("stale", "keras-threshold-is-rounded-to-float32 says that it deviates"),
    "misnamed": (
        "unexplained",
        "The string became CategoricalAccuracy, predicted was BinaryAccuracy; value 1.0 (float64).",
    ),
}

#: Implementation -> what is wrong, in few words.
SHORT: Mapping[str, str] = {
    "at_or_above": "1.0, not 3/4",
    "off_by_a_millionth": "0.750001, not 3/4",
    "raises": "RuntimeError, not 3/4",
    "changes_its_input": "changed inputs",
    "false_version": "false version",
    "kills_its_process": "crashed",
    "sleeps_for_ever": "timed out",
    "macro_for_micro": "0.8333333, not 3/4",
    "exact_threshold": "departure outdated",
    "misnamed": "CategoricalAccuracy, not BinaryAccuracy",
}

REPORT = ("--conformance-report", "reports", "--conformance-timeout", "5")


def red_project(folder: Path, *, bad: bool) -> Project:
    made = small_project(folder)
    text = BAD_CASES
    for place, names in (
        ("BAD", ON_THE_THRESHOLD),
        ("EXACT", ("exact_threshold",)),
        ("MACRO", ("macro_for_micro",)),
        ("NAMED", ("misnamed",)),
    ):
        text = text.replace(f" {place}", "".join(f", bad_metrics.{name}" for name in names if bad))
    if bad:
        made.install("bad-metrics")
    made.write("cases/small.yaml", text)
    return made


@pytest.fixture(scope="module")
def all_at_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """The results document and the output of one run with all bad metrics."""
    project = red_project(tmp_path_factory.mktemp("bad"), bad=True)
    done = project.pytest(*SUITE, *REPORT)
    assert done.returncode == 1, done.stdout
    return project.results(), done.stdout


def bad_cell(results: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next(cell for (_, who), cell in cells(results).items() if who == f"bad_metrics.{name}")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_metric_gets_its_verdict_and_the_reason(
    all_at_once: tuple[dict[str, Any], str], name: str
) -> None:
    results, output = all_at_once
    verdict, explanation = EXPECTED[name]
    cell = bad_cell(results, name)
    assert cell["verdict"] == verdict
    assert explanation in cell["explanation"]
    assert f"{verdict.replace('-', ' ')}: bad_metrics.{name}: {cell['explanation']}" in output
    (line,) = (line for line in output.splitlines() if line.startswith("FAILED") and f".{name}]" in line)
    assert line.startswith(f"FAILED ({SHORT[name]}) test_conformance.py::"), line


@pytest.mark.parametrize(
    "name",
    [
        name
        if name in ("at_or_above", "kills_its_process")
        else pytest.param(name, marks=pytest.mark.thorough)
        for name in EXPECTED
    ],
)
def test_each_bad_metric_alone_makes_the_run_fail(tmp_path: Path, name: str) -> None:
    project = red_project(tmp_path, bad=True)
    # Under xdist what is wrong comes from another process.
    done = project.pytest(*SUITE, *REPORT, "-n1", "--conformance-implementations", f"bad_metrics.{name}")
    assert done.returncode == 1, done.stdout
    assert f"FAILED ({SHORT[name]}) " in done.stdout
    assert "1 failed" in done.stdout.splitlines()[-1]
    assert bad_cell(project.results(), name)["verdict"] == EXPECTED[name][0]


def test_the_cells_of_the_others_are_untouched(
    all_at_once: tuple[dict[str, Any], str], tmp_path: Path
) -> None:
    project = red_project(tmp_path, bad=False)
    done = project.pytest(*SUITE, *REPORT)
    assert done.returncode == 0, done.stdout

    def others(results: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
        # The letter says which group is the largest, and bad metrics have company in theirs.
        return {
            key: {name: value for name, value in cell.items() if name != "group"}
            for key, cell in cells(results).items()
            if not key[1].startswith("bad_metrics")
        }

    assert others(all_at_once[0]) == others(project.results())
    assert len(others(project.results())) == 6


def test_a_failure_says_all_that_is_needed(all_at_once: tuple[dict[str, Any], str]) -> None:
    section = all_at_once[1].split("[on-the-threshold--bad_metrics.at_or_above] ___")[1].split("\n____")[0]
    for part in (
        "unexplained: bad_metrics.at_or_above: Observed 1.0 (float32), predicted 3/4 (float32). It is what another "
        "decision-rule predicts: A score is positive if it is greater than or equal to the threshold (p >= t). 1 other"
        " rule predicts it, too.\n"
        "cases/small.yaml:4: on-the-threshold: A score on the threshold is not above it\n",
        "Input:\n    task: binary\n    y_true: [1, 0, 1, 1]\n    y_pred: [0.5, 0.2, 0.9, 0.8]\n",
        "Observed: 1.0 (float32)\n",
        "Predicted: 3/4\nDefinition keras.metrics.BinaryAccuracy: ",
        "    decision-rule: A score is positive if it is greater than the threshold (p > t).\n        source: ",
        "What to do: ",
        "    y_pred = np.array([0.5, 0.2, 0.9, 0.8])\n\n    print(bad_metrics.at_or_above(y_true, y_pred))",
    ):
        assert part in section
    assert "Traceback" not in section


@pytest.mark.parametrize(
    ("expect", "verdict", "said"),
    [
        (
            "good_metrics.binary_accuracy: {value: 0.25, because: once it was}",
            "stale",
            "The expected value on line 10 does not match: it is 0.25, observed and predicted is 0.75",
        ),
        ("bad_metrics.at_or_above: {value: 1.0, because: TODO}", "unexplained", "write the reason."),
        (
            "bad_metrics.at_or_above: {value: 0.25, because: it was}",
            "unexplained",
            "The expected value on line 10 does not match: it is 0.25, observed is 1.0",
        ),
        ("bad_metrics.at_or_above: {value: 1.0, because: it takes >=}", "documented", ""),
    ],
)
def test_a_pinned_outcome_is_held_to_its_word(project: Project, expect: str, verdict: str, said: str) -> None:
    project.install("bad-metrics")
    who = expect.partition(":")[0]
    project.write(
        "cases/small.yaml",
        "format: 1\ntheme: Pinned\ncases:\n"
        "  - id: pinned\n    title: Pinned\n    task: binary\n    y_true: [1, 0, 1, 1]\n"
        f"    y_pred: [0.5, 0.2, 0.9, 0.8]\n    implementations: [{who}]\n    expect: {{{expect}}}\n",
    )
    done = project.pytest(*SUITE)
    cell = cells(project.results())["pinned", who]
    assert (cell["verdict"], done.returncode) == (verdict, 0 if verdict == "documented" else 1)
    assert said in (cell.get("explanation") or "")
    assert said in done.stdout
