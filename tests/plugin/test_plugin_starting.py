"""The folder of `--conformance-cases DIR` is no test path: it leads nowhere else, and replaces no tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from projects import CASES, Project

from conformance.plugin.options import joined

#: What the session of a user's own test folder consists of, if the suite runs with it.
OWN_AND_SUITE = "5 passed"

INNER = """
def test_inner(pytester):
    pytester.makepyfile(test_mine="def test_mine(): pass")
    result = pytester.inline_run("--conformance-cases", CASES)
    result.assertoutcome(passed=5)
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder of cases inside another project, which has a configuration and tests of its own."""
    other = tmp_path / "other"
    (other / "mine").mkdir(parents=True)
    (other / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    (other / "test_other.py").write_text("def test_other():\n    pass\n")
    (other / "mine" / "one.yaml").write_text(CASES.replace("id: two-classes", "id: elsewhere"))
    return other / "mine"


@pytest.mark.parametrize("has_own_config", [True, False])
@pytest.mark.parametrize("options", [(), ("-n2",), ("-p", "no:cacheprovider")])
def test_a_folder_of_cases_outside_the_project_leads_to_its_suite_alone(
    project: Project, elsewhere: Path, options: tuple[str, ...], has_own_config: bool
) -> None:
    if not has_own_config:
        (elsewhere.parent / "pytest.ini").unlink()
    project.write("pytest.ini", "[pytest]\naddopts = --pyargs\ntestpaths = conformance.suite\n")
    project.write("test_mine.py", "def test_mine():\n    pass\n")
    done = project.pytest("--conformance-cases", str(elsewhere), "-rA", *options)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
    assert "[elsewhere--good_metrics.multiclass_accuracy]" in done.stdout
    assert "configfile: pytest.ini" in done.stdout
    assert done.stdout.count("test session starts") == done.stdout.count("plugins: ") == 1
    assert done.stdout.count("every outcome is as defined") == 1
    assert "warning" not in done.stdout


@pytest.mark.parametrize("options", [(), ("-n2",)])
@pytest.mark.parametrize("configuration", ["[pytest]\n", None])
def test_without_any_test_path_own_tests_and_the_suite_run(
    project: Project, elsewhere: Path, options: tuple[str, ...], configuration: str | None
) -> None:
    (project.folder / "pytest.ini").unlink()
    if configuration:
        project.write("pytest.ini", configuration)
    project.write("test_mine.py", "def test_mine():\n    pass\n")
    done = project.pytest("--conformance-cases", str(elsewhere), "-rA", *options)
    assert done.returncode == 0, done.stdout
    assert OWN_AND_SUITE in done.stdout
    assert "PASSED test_mine.py::test_mine" in done.stdout
    assert "test_other" not in done.stdout


def test_a_report_outside_the_project_gets_the_suite_as_well(project: Project, elsewhere: Path) -> None:
    project.write("pytest.ini", "[pytest]\nconformance-cases = cases\n")
    project.write("test_mine.py", "def test_mine():\n    pass\n")
    done = project.pytest("--conformance-report", str(elsewhere))
    assert done.returncode == 0, done.stdout
    assert OWN_AND_SUITE in done.stdout
    assert (elsewhere / "index.html").is_file()


def test_test_paths_of_the_user_stay_the_only_ones(project: Project, elsewhere: Path) -> None:
    project.write("test_mine.py", "def test_mine():\n    pass\n")
    done = project.pytest("--conformance-cases", str(elsewhere), "--", "test_mine.py")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_exit_codes_stay_those_of_pytest(project: Project, elsewhere: Path) -> None:
    project.write("test_mine.py", "def test_mine():\n    assert False\n")
    cases = ("--conformance-cases", str(elsewhere))
    for arguments, code in [
        (("test_mine.py",), 1),
        (("--no-such-option",), 4),
        (("test_mine.py", "-k", "nothing"), 5),
        (("--help",), 0),
    ]:
        assert project.pytest(*cases, *arguments).returncode == code


def test_help_is_shown_once(project: Project, elsewhere: Path) -> None:
    done = project.pytest("--conformance-cases", str(elsewhere), "--help")
    assert done.stdout.count("--conformance-cases=PATH") == 1


def test_a_pytest_inside_pytest_starts_over_as_well(project: Project, elsewhere: Path) -> None:
    project.write("test_inner.py", f"CASES = {os.fspath(elsewhere)!r}\n{INNER}")
    done = project.pytest("-p", "pytester", "test_inner.py")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["-q", "--conformance-cases", "a b", "-x"], ["-q", "--conformance-cases=a b", "-x"]),
        (
            ["--conformance-case", "a", "--conformance-report", "b"],
            ["--conformance-case=a", "--conformance-report=b"],
        ),
        (["--conformance-cases=a", "--conformance-inline", "b"], None),
        (["--conformance-cases"], None),
        ([], None),
    ],
)
def test_an_option_and_its_value_become_one_word(written: list[str], read: list[str] | None) -> None:
    assert joined(written) == read
