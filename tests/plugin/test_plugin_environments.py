"""One framework in several environments, in one run: own processes, own ids, own record."""

from __future__ import annotations

import subprocess
import sys

import pytest
from projects import SUITE, Project, cells

from conformance.report.document import read

#: The value of twin_metrics is the length of the name of its environment.
TWIN_CASE = """\
format: 1
theme: Twins
cases:
  - id: twins
    title: One call in two environments
    task: binary
    y_true: [1]
    y_pred: [1]
    implementations: [twin_metrics.*, twin_metrics.*@*]
  - id: twins-by-default
    title: A pattern without an environment is about the default one
    task: binary
    y_true: [1]
    y_pred: [1]
    implementations: [twin_metrics.*]
"""


@pytest.fixture
def twins(project: Project) -> Project:
    project.install("twin-metrics")
    project.write("cases/small.yaml", TWIN_CASE)
    return project


def expecting(project: Project, expect: str) -> None:
    project.write("cases/small.yaml", TWIN_CASE.split("  - id: twins-by")[0] + f"    expect: {expect}\n")


def test_two_environments_of_one_framework_answer_in_one_run(twins: Project) -> None:
    done = twins.pytest(*SUITE, "--conformance-report=out")
    assert done.returncode == 0, done.stdout
    results = twins.results("out")
    values = {key: cell["outcome"]["value"] for key, cell in cells(results).items()}
    assert values == {
        ("twins", "twin_metrics.accuracy"): 0.0,
        ("twins", "twin_metrics.accuracy@long"): 4.0,
        ("twins-by-default", "twin_metrics.accuracy"): 0.0,
    }
    entries = {entry["id"]: entry for entry in results["implementations"]}
    entry = entries["twin_metrics.accuracy@long"]
    assert (entry["framework"], entry["environment"]) == ("twin_metrics", "long")
    assert entries["twin_metrics.accuracy"]["environment"] == ""


def test_each_environment_is_recorded_under_its_name(twins: Project) -> None:
    assert twins.pytest(*SUITE, "--conformance-report=out").returncode == 0
    environments = twins.results("out")["environments"]
    assert list(environments) == ["", "long"]
    twin = environments["long"]["settings"]["twin_metrics"]
    assert twin["variables"]["TWIN"] == "4"
    assert environments[""]["settings"]["twin_metrics"]["variables"]["TWIN"] is None


def test_the_reproducer_of_a_named_environment_makes_it_first(twins: Project) -> None:
    assert twins.pytest(*SUITE, "--conformance-report=out").returncode == 0
    found = [(case, cell) for case in read(twins.results("out")).cases for cell in case.cells]
    assert len(found) == 3
    for case, cell in found:
        program = [sys.executable, "-c", case.reproducer(cell)]
        printed = subprocess.run(program, capture_output=True, text=True, check=True).stdout
        assert float(printed) == (4.0 if cell.called.environment == "long" else 0.0)


def test_under_xdist_environments_are_the_same(twins: Project) -> None:
    assert twins.pytest(*SUITE, "-n2", "--conformance-report=out").returncode == 0
    results = twins.results("out")
    assert list(results["environments"]) == ["", "long"]
    assert len(cells(results)) == 3


def test_what_is_missing_in_one_environment_leaves_the_others_alone(twins: Project) -> None:
    done = twins.pytest(*SUITE, "--conformance-report=out")
    assert "not installed: twin_metrics@gone (pip install no-such-distribution)" in done.stdout
    missing = [entry for entry in twins.results("out")["missing"] if entry["framework"] == "twin_metrics"]
    assert missing == [
        {"framework": "twin_metrics", "environment": "gone", "distributions": ["no-such-distribution"]}
    ]


def test_a_framework_is_required_by_environment(twins: Project) -> None:
    assert twins.pytest(*SUITE, "--conformance-require=twin_metrics").returncode == 0
    assert twins.pytest(*SUITE, "--conformance-require=twin_metrics@long").returncode == 0
    done = twins.pytest(*SUITE, "--conformance-require=twin_metrics@gone")
    assert done.returncode == 1
    assert "required, but not installed: twin_metrics@gone (pip install no-such-distr" in done.stdout
    said = twins.pytest(*SUITE, "--conformance-require=twin_metrics@lnog").stderr
    assert "no framework is called 'twin_metrics@lnog' (did you mean 'twin_metrics@long'?)" in said


@pytest.mark.parametrize(
    ("pattern", "chosen"),
    [
        ("twin_metrics.*", {"twin_metrics.accuracy"}),
        ("*@long", {"twin_metrics.accuracy@long"}),
        ("twin_metrics.accuracy", {"twin_metrics.accuracy"}),
        ("twin_metrics.*@*", {"twin_metrics.accuracy@long"}),
    ],
)
def test_an_option_without_an_environment_is_about_the_default_one(
    twins: Project, pattern: str, chosen: set[str]
) -> None:
    done = twins.pytest(*SUITE, f"--conformance-implementations={pattern}", "--conformance-report=out")
    assert done.returncode == 0, done.stdout
    assert {entry["id"] for entry in twins.results("out")["implementations"]} == chosen


def test_an_exact_id_with_an_environment_beats_a_glob(twins: Project) -> None:
    expecting(twins, "{'twin_metrics.*': 0, 'twin_metrics.*@*': 1, twin_metrics.accuracy@long: 4}")
    assert twins.pytest(*SUITE).returncode == 0
    expecting(twins, "{'twin_metrics.*': 0, 'twin_metrics.*@*': 4, twin_metrics.accuracy@long: 1}")
    assert twins.pytest(*SUITE).returncode == 1


def test_inline_leaves_named_environments_out_and_says_so(twins: Project) -> None:
    done = twins.pytest(*SUITE, "--conformance-inline", "--conformance-report=out")
    assert done.returncode == 0, done.stdout
    assert "; skipped inline: " in done.stdout
    assert "twin_metrics@long" in done.stdout
    results = twins.results("out")
    assert set(cells(results)) == {(case, "twin_metrics.accuracy") for case in ("twins", "twins-by-default")}
    assert results["complete"] is False


def test_inline_with_named_environments_only_is_refused(twins: Project) -> None:
    done = twins.pytest(*SUITE, "--conformance-inline", "--conformance-implementations=twin*@long")
    assert done.returncode == 4
    assert "twin_metrics@long cannot be called inline, as one process has one environment" in done.stderr


def test_the_command_line_shows_the_ids_with_their_environment(twins: Project) -> None:
    done = twins.conformance("run", "cases", "--case=twins")
    assert done.returncode == 0, done.stderr
    assert "A  0.0  twin_metrics.accuracy\n" in done.stdout
    assert "B  4.0  twin_metrics.accuracy@long\n" in done.stdout
