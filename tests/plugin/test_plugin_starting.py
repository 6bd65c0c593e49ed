"""`--conformance-cases` and `--conformance-report` neither change the configuration nor replace test paths."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import CASES, Project

#: What the session of a user's own test folder consists of, if the suite runs with it.
OWN_AND_SUITE = "5 passed"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder of cases inside another project, which has a configuration and tests of its own."""
    other = tmp_path / "other"
    (other / "mine").mkdir(parents=True)
    (other / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    (other / "test_other.py").write_text("def test_other():\n    pass\n")
    (other / "mine" / "one.yaml").write_text(CASES.replace("id: two-classes", "id: elsewhere"))
    return other / "mine"


@pytest.mark.parametrize(
    ("options", "has_own_config"),
    [((), True), ((), False), (("-n1",), True), (("-p", "no:cacheprovider"), True)],
)
def test_a_folder_of_cases_outside_the_project_leads_to_its_suite_alone(
    project: Project, elsewhere: Path, options: tuple[str, ...], has_own_config: bool
) -> None:
    if not has_own_config:
        (elsewhere.parent / "pytest.ini").unlink()
    project.write("pytest.ini", "[pytest]\naddopts = --pyargs\ntestpaths = conformance.suite\n")
    project.write("test_mine.py", "def test_mine():\n    pass\n")
    done = project.pytest(f"--conformance-cases={elsewhere}", "-rA", *options)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
    assert "[elsewhere--good_metrics.multiclass_accuracy]" in done.stdout
    assert "configfile: pytest.ini" in done.stdout
    assert done.stdout.count("test session starts") == done.stdout.count("plugins: ") == 1
    assert done.stdout.count("every checked outcome is as defined") == 1
    assert "warning" not in done.stdout


@pytest.mark.parametrize(
    ("options", "configuration"), [((), "[pytest]\n"), ((), None), (("-n1",), "[pytest]\n")]
)
def test_without_any_test_path_own_tests_and_the_suite_run(
    project: Project, elsewhere: Path, options: tuple[str, ...], configuration: str | None
) -> None:
    (project.folder / "pytest.ini").unlink()
    if configuration:
        project.write("pytest.ini", configuration)
    project.write("test_mine.py", "def test_mine():\n    pass\n")
    done = project.pytest(f"--conformance-cases={elsewhere}", "-rA", *options)
    assert done.returncode == 0, done.stdout
    assert OWN_AND_SUITE in done.stdout
    assert "PASSED test_mine.py::test_mine" in done.stdout
    assert "test_other" not in done.stdout


def test_a_report_outside_the_project_gets_the_suite_as_well(project: Project, elsewhere: Path) -> None:
    project.write("pytest.ini", "[pytest]\nconformance-cases = cases\n")
    project.write("test_mine.py", "def test_mine():\n    pass\n")
    done = project.pytest(f"--conformance-report={elsewhere}")
    assert done.returncode == 0, done.stdout
    assert OWN_AND_SUITE in done.stdout
    assert (elsewhere / "index.html").is_file()


def test_test_paths_of_the_user_stay_the_only_ones(project: Project, elsewhere: Path) -> None:
    project.write("test_mine.py", "def test_mine():\n    pass\n")
    done = project.pytest(f"--conformance-cases={elsewhere}", "--", "test_mine.py")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_exit_codes_stay_those_of_pytest(project: Project, elsewhere: Path) -> None:
    project.write("test_mine.py", "def test_mine():\n    assert False\n")
    cases = f"--conformance-cases={elsewhere}"
    for arguments, code in [
        (("test_mine.py",), 1),
        (("--no-such-option",), 4),
        (("test_mine.py", "-k", "nothing"), 5),
        (("--help",), 0),
    ]:
        assert project.pytest(cases, *arguments).returncode == code


@pytest.mark.parametrize("has_own_config", [True, False])
def test_a_path_that_hides_the_configuration_is_a_usage_error(
    project: Project, elsewhere: Path, has_own_config: bool
) -> None:
    if not has_own_config:
        (elsewhere.parent / "pytest.ini").unlink()
    done = project.pytest("--conformance-cases", str(elsewhere))
    assert done.returncode == 4
    assert f"write --conformance-cases={elsewhere}" in done.stderr


def test_a_path_inside_the_project_may_follow_its_option(project: Project) -> None:
    (project.folder / "below").mkdir()
    done = project.pytest("--conformance-cases", "cases", "--conformance-report", "below")
    assert done.returncode == 0, done.stdout
