"""Observed departures are pinned in the case files: shown, red until explained, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project

import conformance

CASES = """\
# Kept by hand.
format: 1
theme: Small
cases:
  - id: on-the-threshold   # the sharp one
    title: A score on the threshold is not above it
    task: binary
    y_true: [1,   0, 1, 1]
    y_pred: [0.5, 0.2, 0.9, 0.8]
    implementations: [bad_metrics.at_or_above]

  # A case in braces.
  - {id: in-braces, title: Braces, task: binary, y_true: [1], y_pred: [0.5], implementations: [bad_metrics.raises]}
"""

PINNED = CASES.replace(
    "at_or_above]\n",
    "at_or_above]\n    expect:\n      bad_metrics.at_or_above: {value: 1.0, because: TODO}\n",
).replace(
    "[bad_metrics.raises]}",
    "[bad_metrics.raises], expect: {bad_metrics.raises: {raises: RuntimeError, because: TODO}}}",
)


@pytest.fixture
def project(project: Project) -> Project:
    project.install("bad-metrics")
    project.write("cases/small.yaml", CASES)
    project.environment["CI"] = ""
    return project


def text(project: Project) -> str:
    return (project.folder / "cases" / "small.yaml").read_text()


def test_departures_are_pinned_and_red_until_their_reason_is_written(project: Project) -> None:
    done = project.conformance("accept", "cases")
    assert (done.returncode, done.stderr) == (0, "")
    assert text(project) == PINNED
    shown = done.stdout.splitlines()
    assert shown[:2] == ["--- cases/small.yaml", "+++ cases/small.yaml"]
    assert "+      bad_metrics.at_or_above: {value: 1.0, because: TODO}" in shown
    assert shown[-1] == "2 outcomes in 1 file pinned; write the reason where it says TODO."

    red = project.conformance("run", "cases")
    assert red.returncode == 1
    assert red.stdout.count("unexplained. Its expect says because: TODO - write the reason.") == 2

    again = project.conformance("accept", "cases")
    assert (again.returncode, text(project)) == (1, PINNED)
    assert "cases/small.yaml:5: on-the-threshold, bad_metrics.at_or_above: Its expect says" in again.stderr
    assert again.stdout == "2 failures cannot be accepted.\n"

    project.write("cases/small.yaml", PINNED.replace("TODO", "It decides by >=."))
    assert project.conformance("run", "cases").returncode == 0
    nothing = project.conformance("accept", "cases")
    assert nothing.returncode == 0
    assert nothing.stdout == "Every checked outcome is as defined or a known deviation: nothing to accept.\n"


def test_a_dry_run_shows_the_changes_and_writes_nothing(project: Project) -> None:
    done = project.conformance("accept", "cases", "--dry-run")
    assert done.returncode == 1
    assert text(project) == CASES
    assert "+      bad_metrics.at_or_above: {value: 1.0, because: TODO}" in done.stdout
    assert done.stdout.endswith("2 outcomes in 1 file would be pinned.\n")


def test_only_what_is_chosen_is_pinned(project: Project) -> None:
    assert project.conformance("accept", "cases", "--case", "on-*").returncode == 0
    assert "{value: 1.0, because: TODO}" in text(project)
    assert "RuntimeError" not in text(project)


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_where_ci_is_set_it_is_refused(project: Project, arguments: tuple[str, ...]) -> None:
    project.environment["CI"] = "true"
    done = project.conformance("accept", "cases", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "not where CI is set" in done.stderr
    assert text(project) == CASES


def test_a_pin_that_no_longer_holds_is_replaced_and_keeps_its_old_reason(project: Project) -> None:
    old = CASES.replace(
        "above]\n",
        "above]\n    expect:\n      bad_metrics.at_or_above: {value: 0.25, because: 'a \"slip\"'}\n",
    )
    project.write("cases/small.yaml", old)
    assert project.conformance("accept", "cases", "--case", "on-*").returncode == 0
    assert text(project) == old.replace(
        "{value: 0.25, because: 'a \"slip\"'}", '{value: 1.0, because: "TODO - it was: a \\"slip\\""}'
    )
    assert "Its expect says because: TODO" in project.conformance("run", "cases", "--case", "on-*").stdout


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("kills_its_process", "The worker process died"),
        ("changes_its_input", "It changed its input in place: y_pred."),
        ("false_version", "It reports a false version"),
    ],
)
def test_what_no_expect_excuses_is_left_and_said(project: Project, name: str, why: str) -> None:
    cases = CASES.replace("bad_metrics.raises", f"bad_metrics.{name}")
    project.write("cases/small.yaml", cases)
    done = project.conformance("accept", "cases", "--case", "in-braces")
    assert done.returncode == 1
    assert f"cases/small.yaml:13: in-braces, bad_metrics.{name}: {why}" in done.stderr
    assert text(project) == cases


def test_a_stale_pin_is_left_and_said(project: Project) -> None:
    stale = CASES.replace(
        "[bad_metrics.at_or_above]\n", "[good_metrics.binary_accuracy]\n    expect: {good_metrics.*: 0.5}\n"
    )
    project.write("cases/small.yaml", stale)
    done = project.conformance("accept", "cases", "--case", "on-*")
    assert done.returncode == 1
    assert "The expected value on line 11 does not match: it is " in done.stderr
    assert text(project) == stale


def test_a_file_that_cannot_be_spliced_is_left_as_it_is(project: Project) -> None:
    odd = CASES.replace("[bad_metrics.raises]}", "[bad_metrics.raises] # see above\n    }")
    project.write("cases/small.yaml", odd)
    done = project.conformance("accept", "cases")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be added to as it is written" in done.stderr
    assert "Traceback" not in done.stderr
    assert text(project) == odd


def test_the_cases_of_the_installed_package_are_not_edited(project: Project) -> None:
    without = project.conformance("accept", "--implementation", "bad_metrics.*")
    assert without.returncode == 2
    assert "name the files or folders of your own as PATH" in without.stderr
    shipped = str(Path(conformance.__file__).parent / "suite")
    inside = project.conformance("accept", shipped)
    assert inside.returncode == 2
    assert inside.stderr.startswith(f"{shipped} belongs to the installed package")


def test_a_folder_that_cannot_be_written_to_loses_nothing(project: Project) -> None:
    done = project.python(
        "-c",
        "import pathlib\n"
        "def fails(self, target):\n"
        "    raise OSError(28, 'No space left on device', str(target))\n"
        "pathlib.Path.replace = fails\n"
        "from conformance.cli import main; main()",
        "accept",
        "cases",
    )
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert text(project) == CASES
    assert [path.name for path in (project.folder / "cases").iterdir()] == ["small.yaml"]
