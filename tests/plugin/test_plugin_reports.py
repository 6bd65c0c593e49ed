"""When a report is written, and when the old one stays as it was."""

from __future__ import annotations

import json
import signal
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from projects import CASES, SUITE, Project, cells, comparable

FULL = ["divergences/README.md", "divergences/other.md", "index.html", "results.json"]

#: The first case pins an outcome that it does not have.
STALE = CASES.replace(
    "    implementations: [good_metrics.binary_accuracy]\n",
    "    implementations: [good_metrics.binary_accuracy]\n"
    "    expect: {good_metrics.binary_accuracy: {value: 0.1, because: once}}\n",
)

#: Ends an xdist worker in the middle of a test.
DIES = """
import os
def pytest_runtest_call(item):
    if "two-classes--" in item.name:
        os._exit(9)
"""

#: Writes which tests pytest still has when the report is made, and of which tests it has keywords in the end.
KEEPS = """
import json, weakref
from pathlib import Path
from conformance.plugin import run
there, made = weakref.WeakSet(), run.document
def pytest_collection_finish(session):
    there.update(session.items)
def document(*arguments, **more):
    Path("tests.json").write_text(json.dumps([item.name for item in there]))
    return made(*arguments, **more)
run.document = document
def pytest_terminal_summary(terminalreporter):
    passed = terminalreporter.stats["passed"]
    names = [report.location[2] for report in passed if report.keywords]
    Path("keywords.json").write_text(json.dumps(names))
"""


def test_a_full_run_writes_the_report_and_two_runs_write_the_same(project: Project) -> None:
    first = project.pytest(*SUITE)
    assert first.returncode == 0, first.stdout
    assert "report: reports/index.html" in first.stdout
    assert list(project.written()) == FULL
    results, page = project.results(), project.written()["divergences/other.md"]
    assert results["complete"] is True
    project.pytest(*SUITE)
    assert comparable(project.results()) == comparable(results)
    again = json.dumps(comparable(project.results()))
    assert again == json.dumps(comparable(results))
    assert project.written()["divergences/other.md"] == page


def test_paths_of_the_ini_file_start_at_the_root_wherever_pytest_is_started(project: Project) -> None:
    elsewhere = project.folder / "some" / "folder"
    elsewhere.mkdir(parents=True)
    done = project.pytest("--rootdir", str(project.folder), "-c", "../../pytest.ini", *SUITE, cwd=elsewhere)
    assert done.returncode == 0, done.stdout
    assert list(project.written()) == FULL
    assert project.results()["cases"][0]["file"] == "cases/small.yaml"


def test_a_run_that_is_not_full_leaves_the_report_as_it_was(project: Project) -> None:
    project.pytest(*SUITE)
    old = project.written()
    for filters, why in [
        (("-k", "two-classes"), "1 cell did not run"),
        (("--deselect", "test_conformance.py::test_outcome_is_as_documented"), ""),
        (("--conformance-case", "two*"), "this run was filtered"),
        (("--conformance-implementations", "*.binary*"), "this run was filtered"),
        (("--conformance-cases", "cases/small.yaml"), "the cases are not the configured ones"),
    ]:
        done = project.pytest(*SUITE, *filters)
        assert done.returncode in (0, 5), done.stdout
        if why:
            assert f"the report in reports is unchanged: {why}" in done.stdout
        assert project.written() == old


def test_after_a_failure_x_and_lf_leave_the_report_as_it_was(project: Project) -> None:
    project.pytest(*SUITE)
    old = project.written()
    project.write("cases/small.yaml", STALE)
    stopped = project.pytest("-x", *SUITE)
    assert "1 failed, 2 passed" in stopped.stdout
    assert (stopped.returncode, project.written()) == (1, old)
    again = project.pytest("--lf", *SUITE)
    assert "1 failed, 6 deselected" in again.stdout
    assert (again.returncode, project.written()) == (1, old)


def test_a_folder_named_on_the_command_line_gets_whatever_ran(project: Project) -> None:
    done = project.pytest(*SUITE, "-k", "two-classes", "--conformance-report", "out")
    assert done.returncode == 0, done.stdout
    assert list(project.written("out")) == FULL
    results = project.results("out")
    assert results["complete"] is False
    assert [case["id"] for case in results["cases"]] == ["two-classes"]
    assert project.written() == {}


def test_a_failing_run_is_full_and_writes_its_report(project: Project) -> None:
    project.write("cases/small.yaml", STALE)
    assert project.pytest(*SUITE).returncode == 1
    results = project.results()
    assert results["complete"] is True
    assert results["summary"]["verdicts"] == {"as-defined": 1, "stale": 1}


def test_without_configuration_nothing_is_written(project: Project) -> None:
    (project.folder / "pytest.ini").unlink()
    before = {path for path in project.folder.rglob("*") if "cache" not in str(path)}
    done = project.pytest(*SUITE, "--conformance-cases", "cases")
    assert done.returncode == 0, done.stdout
    assert {path for path in project.folder.rglob("*") if "cache" not in str(path)} == before


def test_a_run_that_the_user_breaks_off_writes_what_ran_beside_the_old_report(project: Project) -> None:
    project.pytest(*SUITE)
    old = project.written()
    project.install("bad-metrics")
    project.write(
        "cases/small.yaml",
        CASES + "  - {id: hangs, title: Hangs, task: binary, y_true: [1], y_pred: [1],"
        " implementations: [bad_metrics.sleeps_for_ever]}\n",
    )
    with subprocess.Popen(
        [project.interpreter, "-u", "-m", "pytest", "-v", *SUITE],
        cwd=project.folder,
        env=project.variables(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Whoever runs tests in the background has them ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if "two-classes--good_metrics.multiclass_accuracy] PASSED" in line:
                run.send_signal(signal.SIGINT)
                break
        said = run.stdout.read()
    assert run.returncode == 2, said
    assert "interrupted: partial results are in reports/results.partial.json" in said
    new = project.written()
    partial = json.loads(new.pop("results.partial.json"))
    assert new == old
    assert partial["complete"] is False
    assert len(partial["cases"]) == 2


#: Every file that is opened by its handle is the device that is always full.
FULL_DISK = """\
import os
fdopen = os.fdopen
os.fdopen = lambda handle, mode, **options: (os.close(handle), open("/dev/full", mode, **options))[1]
"""

#: Interrupts after the first outcome, and again while pytest answers that.
INTERRUPTS_TWICE = """\
import pytest

@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish(nodeid):
    if "--good_metrics" in nodeid:
        raise KeyboardInterrupt

@pytest.hookimpl(tryfirst=True)
def pytest_keyboard_interrupt():
    raise KeyboardInterrupt
"""


def test_two_interrupts_at_once_leave_the_report_as_it_was(project: Project) -> None:
    project.pytest(*SUITE, "--conformance-report=reports")
    old = project.written()
    (project.site / "interrupts.py").write_text(INTERRUPTS_TWICE)
    done = project.pytest("-p", "interrupts", *SUITE, "--conformance-report=reports")
    new = project.written()
    partial = json.loads(new.pop("results.partial.json"))
    assert new == old, done.stdout
    assert len(partial["cases"]) == 1


def test_a_worker_of_xdist_that_dies_leaves_the_report_as_it_was(project: Project) -> None:
    project.pytest(*SUITE)
    old = project.written()
    (project.site / "dies.py").write_text(DIES)
    done = project.pytest("-p", "dies", "-n1", "--max-worker-restart=0", *SUITE)
    assert done.returncode == 1, done.stdout
    assert "the report in reports is unchanged: 1 cell did not run" in done.stdout
    assert project.written() == old


def test_a_report_that_cannot_be_written_is_said_and_fails(project: Project) -> None:
    project.write("reports", "a file, not a folder")
    done = project.pytest(*SUITE)
    assert done.returncode == 1, done.stdout
    assert "the report could not be written" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("options", [(), ("-n1",)])
def test_junit_output_has_a_test_case_for_every_cell_and_no_json(
    project: Project, options: tuple[str, ...]
) -> None:
    project.pytest("--junit-xml=junit.xml", *options, *SUITE)
    assert "<property" not in (project.folder / "junit.xml").read_text()
    names = [case.get("name") for case in ElementTree.parse(project.folder / "junit.xml").iter("testcase")]
    assert "test_outcome_is_as_documented[two-classes--good_metrics.multiclass_accuracy]" in names
    assert len(names) == 4


@pytest.mark.parametrize("report", ["out", None])
def test_collecting_only_writes_nothing(project: Project, report: str | None) -> None:
    asked = ("--conformance-report", report) if report else ()
    assert project.pytest("--collect-only", *asked, *SUITE).returncode == 0
    assert project.written(report or "reports") == {}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_named_with_the_file_that_could_not_be_written(project: Project) -> None:
    (project.site / "full.py").write_text(FULL_DISK)
    done = project.pytest("-p", "full", *SUITE)
    assert done.returncode == 1, done.stdout
    said = "the report could not be written: reports/results.json: No space left on device"
    assert said in done.stdout.replace(f"{project.folder}/", "")


#: What JSON or UTF-8 has no word for, wherever an adapter says something of itself.
ODD_ADAPTER = """
import enum
from dataclasses import replace

class Mode(enum.Enum):
    FAST = np.int64(1)

_ODD = {"a": float("nan"), "b": np.float32(0.5), "c": Mode.FAST, "d": {2, 1}, "e": float("inf"), "f": 1j}
_ODD["g"] = "\\udc80"
ADAPTER = replace(
    ADAPTER,
    settings=lambda: _ODD,
    implementations=tuple(
        replace(entry, defaults=dict.fromkeys(entry.defaults, _ODD)) for entry in ADAPTER.implementations
    ),
)

def binary_accuracy(y_true, y_pred, threshold=0.5):
    raise ValueError("\\udc80 is no character")
"""


def test_what_json_has_no_word_for_does_not_cost_the_report(project: Project) -> None:
    module = project.site / "good_metrics.py"
    module.write_text(module.read_text() + ODD_ADAPTER)
    done = project.pytest(*SUITE)
    assert "Traceback" not in done.stdout + done.stderr
    results = project.results()
    said = {
        "a": {"float": "nan"},
        "b": 0.5,
        "c": 1,
        "d": [1, 2],
        "e": {"float": "inf"},
        "f": "1j",
        "g": "\udc80",
    }
    entries = {entry["id"]: entry for entry in results["implementations"]}
    assert entries["good_metrics.binary_accuracy"]["parameters"] == {"threshold": said}
    assert said.items() <= results["environments"][""]["settings"]["good_metrics"].items()
    odd = cells(results)["on-the-threshold", "good_metrics.binary_accuracy"]["outcome"]
    assert odd["message"] == "\udc80 is no character"
    assert (project.folder / "reports/index.html").exists()


def test_pytest_forgets_the_tests_of_the_suite_and_no_others(project: Project) -> None:
    project.write("conftest.py", KEEPS)
    project.write("test_own.py", "def test_own(): pass\n")
    done = project.pytest(*SUITE, "test_own.py")
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout
    for name in ("tests.json", "keywords.json"):
        assert json.loads((project.folder / name).read_text()) == ["test_own"], name
